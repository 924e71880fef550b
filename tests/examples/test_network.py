"""Units, layers and chains of documents 000 to 004, against textbook formulas in NumPy."""

import numpy as np
import pytest

import dlhand
from dlhand.examples import catalogue, errata

TOPICS = {"neurons", "feedforward", "gradient_flow"}
X, W, Y = np.array([2.0, 1, 3]), np.array([1.0, -1, 1]), 7.0
LAYERS = [
    (np.array([[0.0, 1, 1], [1, 1, 0]]), np.array([1.0, 0])),
    (np.array([[1.0, -1], [0, 1]]), np.array([1.0, 0])),
    (np.array([[2.0, 0], [0, 2], [1, 1]]), np.array([0.0, 0, -10])),
]
TARGET = np.array([0.0, 1, 0])


def floats(value):
    if isinstance(value, list):
        return np.array([floats(item) for item in value])
    return float(value)


def relu(z):
    return np.maximum(z, 0)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    grown = np.exp(z - z.max())
    return grown / grown.sum()


def slopes(f, arrays, h=1e-6):
    """The gradient of f with respect to each array, by central differences."""
    found = []
    for array in arrays:
        gradient = np.zeros_like(array)
        for k in np.ndindex(array.shape):
            old = array[k]
            array[k] = old + h
            up = f()
            array[k] = old - h
            gradient[k] = (up - f()) / (2 * h)
            array[k] = old
        found.append(gradient)
    return found


def neuron(b, f, slope, rate):
    z = W @ X + b
    g = (f(z) - Y) * slope(z)
    new_w, new_b = W - rate * g * X, b - rate * g
    again = f(new_w @ X + new_b)
    return {
        "z": z, "y_hat": f(z), "C": (f(z) - Y) ** 2 / 2, "dC/db": g,
        **{f"dC/dw{k + 1}": g * X[k] for k in range(3)},
        **{f"w{k + 1}'": new_w[k] for k in range(3)},
        "b'": new_b, "z'": new_w @ X + new_b, "C'": (again - Y) ** 2 / 2,
    }  # fmt: skip


def checked_neuron():
    cost = lambda w1: (relu(w1 * 2 - 1 + 3 + 1) - 7) ** 2 / 2  # noqa: E731
    return {"C_up": cost(1.01), "C_down": cost(0.99), "q": -4, "r": 0, "dC/dw1": -4}


W1 = np.array([[1.0, -1, 1], [1, 1, 0], [0, 1, 1], [1, 0, 1]])
B1 = np.array([-5.0, 0, 1, -2])
W2 = np.array([[1.0, 1, -1, 0], [0, 0, 1, -1]])
B2 = np.array([0.0, 1])


def ex4_forward(layers=LAYERS):
    values, a = {}, X
    for k, (w, b) in enumerate(layers, 1):
        z = w @ a + b
        a = softmax(z) if k == 3 else relu(z)
        values |= {f"z{k}": z, f"a{k}": a}
    return values


def ex4(layers=LAYERS, y_hat=None, loss="E"):
    """The textbook's backpropagation: deltas from the last layer to the first."""
    values = ex4_forward(layers)
    delta = (values["a3"] if y_hat is None else y_hat) - TARGET
    before = {1: X, 2: values["a1"], 3: values["a2"]}
    for k in (3, 2, 1):
        if k < 3:
            delta = (layers[k][0].T @ delta) * (values[f"z{k}"] > 0)
        values |= {f"d{loss}/dW{k}": np.outer(delta, before[k]), f"d{loss}/db{k}": delta}
    return values


def ex4_updated(values, loss, rate=0.1):
    new = []
    for k, (w, b) in enumerate(LAYERS, 1):
        new.append((w - rate * values[f"d{loss}/dW{k}"], b - rate * values[f"d{loss}/db{k}"]))
    named = {f"W{k}'": w for k, (w, _) in enumerate(new, 1)}
    return new, named | {f"b{k}'": b for k, (_, b) in enumerate(new, 1)}


def ex4_rounded():
    values = ex4(y_hat=np.array([0.5, 0.5, 0]), loss="L")
    return values | ex4_updated(values, "L")[1]


def ex4_exact():
    values = ex4()
    new, named = ex4_updated(values, "E")
    loss = -np.log(values["a3"][1])
    z3 = ex4_forward(new)["z3"]
    after = np.log1p(np.exp(z3[[0, 2]] - z3[1]).sum())  # -ln softmax, with no digits lost
    return values | named | {"E": loss, "z3'": z3, "E'": after}


def ex4_check():
    def loss(w):
        return -np.log(ex4_forward([LAYERS[0], (w, LAYERS[1][1]), LAYERS[2]])["a3"][1])

    w, move = LAYERS[1][0], np.array([[0, 0.001], [0, 0]])
    up, down = loss(w + move), loss(w - move)
    return {"E": loss(w), "E_up": up, "E_down": down, "dE/dW2": ex4()["dE/dW2"]}


def masked_layers():
    (w1, _), (w2, _), last = LAYERS
    return [(w1, np.array([1.0, -4])), (w2, np.array([-8.0, 2])), last]


def mlp_001():
    w1 = np.array([[1.0, 0, -1, 2], [0, 1, 1, -1], [1, 1, 0, 1]])
    w2 = np.array([[1.0, 0], [0, 1], [1, 1], [-1, 2]])
    z = np.array([1, 2, 1]) @ w1 + [0, -1, -2, 1]
    y = relu(z) @ w2 + [1, 0]
    return {"z": z, "a": relu(z), "y": y, "z_c": z, "y_c": y}


def linear_matrices():
    from dlhand.examples.feedforward import MATRICES

    a = np.array([1.0, -1])
    for w, b in MATRICES:
        a = np.array(w) @ a + b
    return {"a3": a, "y": a}


def interpolant(units, x):
    """Straight lines between the knots, the last one going on beyond its end."""
    knots = np.arange(units + 1) / units
    if x <= 1:
        return np.interp(x, knots, knots**2)
    return 1 + (1 - knots[-2] ** 2) * units * (x - 1)


def dense():
    z = np.array([[1.0, 2], [0, -1]]) @ np.array([[1.0, 0, -2], [-1, 1, 1]]) + [[0, 1, -1]]
    return {"z": z, "output": sigmoid(z)}


def multi_output():
    h = np.array([[1.0, 2], [0, -1]]) @ np.array([[1.0, 0, -2], [-1, 1, 1]]) + [0, 1, -1]
    y = h @ np.array([[1.0, 1], [0, 2], [-1, 0]]) + [1, 0]
    return {"h": h, "y": y, "y'": y}


def training_loop():
    x, t = np.array([[1.0, 2], [3, 0]]), np.array([1.0, 2])
    w, b, values = np.array([0.5, -0.5]), 0.0, {}
    for mark in ("", "'", "''"):
        error = x @ w + b - t
        values |= {f"W1{mark}": [w], f"b1{mark}": [b], f"E{mark}": np.mean(error**2)}
        w, b = w - 0.1 * 2 * error @ x / 2, b - 0.1 * 2 * error.mean()
    return values


def sigmoid_chain():
    w = np.array([0.5, 0.5, 0.5])

    def forward():
        a = [1.0]
        for weight in w:
            a.append(sigmoid(weight * a[-1]))
        return a

    (gradient,) = slopes(lambda: (forward()[-1] - 1) ** 2 / 2, [w], h=1e-5)
    a = forward()
    values = {f"a{k}": a[k] for k in (1, 2, 3)} | {"L": (a[3] - 1) ** 2 / 2, "dL/da3": a[3] - 1}
    return values | {f"dL/dw{k + 1}": gradient[k] for k in range(3)}, a, gradient


def sigmoid_factors():
    values, a, gradient = sigmoid_chain()
    values |= {f"f{k}": 0.5 * a[k] * (1 - a[k]) for k in (1, 2, 3)}
    values |= {f"m{k}": 0.125 for k in (1, 2, 3)}
    return values | {"r2": gradient[2] / gradient[1], "r1": gradient[1] / gradient[0]}


EXPECTED = {
    "000-neuron": lambda: neuron(1, relu, lambda z: float(z > 0), 0.01),
    "000-neuron-inactive": lambda: neuron(-5, relu, lambda z: float(z > 0), 0.01),
    "000-neuron-check": checked_neuron,
    "000-ex1": lambda: {"z": W @ X - 5, "y_hat": 0},
    "000-ex1-active": lambda: {"z": W @ X + 1, "y_hat": 5},
    "000-ex2": lambda: {f"z{k + 1}": (W1 @ X + B1)[k] for k in range(4)},
    "000-ex2-matrix": lambda: {"z1": W1 @ X + B1, "a1": relu(W1 @ X + B1)},
    "000-ex2-decimals": lambda: {"z": [2.1 - 1.1 + 1.3 - 5, 3.5, 2 + 1.1 + 1.3 + 1, 1.5]},
    "000-ex3": lambda: {"a1": [0, 3, 5, 3], "z2": W2 @ relu(W1 @ X + B1) + B2, "a2": [0, 3]},
    "000-ex3-count": lambda: {"P": W1.size + B1.size + W2.size + B2.size},
    "000-ex4": ex4_rounded,
    "000-ex4-exact": ex4_exact,
    "000-ex4-check": ex4_check,
    "000-ex4-mask": lambda: ex4(masked_layers()),
    "001-perceptron": lambda: {"z": 1 + 1 - 2 - 1.5, "y_hat": sigmoid(-1.5)},
    "001-mlp": mlp_001,
    "001-mlp-count": lambda: {"P_1": (3 + 1) * 4, "P_2": (4 + 1) * 2, "P": 26},
    "001-backprop": lambda: {"J": 16, "dJ/dy_hat": -8, "dJ/dw2": -8 * 3, "dJ/dw1": -8 * -1 * 2},
    "002-ann-bias": lambda: {"y": 4.5, "y'": 4.5},
    "002-ann-linear": lambda: {"C": 0.125, "dC/dw1": 1.5, "dC/dw2": -1, "dC/db": 0.5},
    "002-ann-leaky": lambda: neuron(
        -5, lambda z: np.where(z > 0, z, z / 100), lambda z: 1 if z > 0 else 0.01, 0.1
    ),
    "003-linear-collapse": lambda: {
        "z1": 6, "z2": 20, "y_hat": 43, "y_2": 43, "y_1": 43, "W": 30, "b": 13, "y": 43
    },
    "003-linear-collapse-matrix": linear_matrices,
    "003-universal-approx": lambda: {
        "g": interpolant(8, 1 / 16), "err": 1 / 256, "bound": 2 / (8 * 8**2)
    },
    "003-universal-approx-finer": lambda: {"g": interpolant(16, 1 / 32), "err": 1 / 1024},
    "003-universal-approx-outside": lambda: {
        "g": interpolant(8, 100), "err": interpolant(8, 100) - 100**2
    },
    "003-gates": lambda: {
        "dJ_s/dz": 2, "dJ_s/dw": 2, "dJ_m/dz": 2, "dJ_m/dw": 0, "dJ_p/dx": -8, "dJ_p/dy": 6
    },
    # f = (x + y) x y at x = 3, y = -4
    "003-gates-branch": lambda: {"df/dx": 2 * 3 * -4 + 16, "df/dy": 9 + 2 * 3 * -4},
    "003-vanish": lambda: sigmoid_chain()[0],
    "003-vanish-factors": sigmoid_factors,
    "003-vanish-facts-bound": lambda: {f"B_{n}": 0.25**n for n in (1, 3, 10)},
    "003-vanish-facts-explode": lambda: {"a3": 8, "L": 32, "dL/da3": 8, "dL/dw1": 8 * 4},
    "003-vanish-facts-clip": lambda: {"n_g": 10, "g'": [3, -4], "h'": [0.6, -0.8]},
    "004-dense": dense,
    "004-multi-output": multi_output,
    "004-train-loop": training_loop,
    "004-train-loop-outside": lambda: {"J": 2.25, "dJ/dp": 2 * (-0.5 - 1)},
}  # fmt: skip
BY_DIFFERENCES = {"003-vanish", "003-vanish-factors"}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_example_is_what_the_textbook_says(name):
    d = dlhand.load(name)
    tolerance = 1e-7 if name in BY_DIFFERENCES else 1e-13
    for step, value in EXPECTED[name]().items():
        np.testing.assert_allclose(
            floats(d.value(step)), value, rtol=tolerance, atol=1e-14, err_msg=step
        )


def test_every_example_of_these_files_is_compared():
    ours = {name for name, example in catalogue().items() if example.topic in TOPICS}
    assert ours == set(EXPECTED)


@pytest.mark.parametrize("name, layers", [("000-ex4-exact", LAYERS), ("000-ex4-mask", None)])
def test_all_parameters_of_example_4_by_differences(name, layers):
    layers = [(w.copy(), b.copy()) for w, b in layers or masked_layers()]
    arrays = [array for pair in layers for array in pair]
    assert sum(array.size for array in arrays) == 23
    found = slopes(lambda: -np.log(ex4_forward(layers)["a3"] @ TARGET), arrays)
    d = dlhand.load(name)
    for k in range(3):
        for kind, slope in (("W", found[2 * k]), ("b", found[2 * k + 1])):
            np.testing.assert_allclose(floats(d.value(f"dE/d{kind}{k + 1}")), slope, atol=1e-8)


def test_the_values_given_for_example_4():
    d = dlhand.load("000-ex4")
    assert [str(x) for x in d.value("a3")] == ["0.49999", "0.49999", "2.2699e-5"]
    assert floats(d.value("dL/dW1")).tolist() == [[2, 1, 3], [-4, -2, -6]]
    assert floats(d.value("dL/dW3")).tolist() == [[1.5, 1.5], [-1.5, -1.5], [0, 0]]
    assert floats(d.value("W1'")).tolist() == [[-0.2, 0.9, 0.7], [1.4, 1.2, 0.6]]
    assert floats(d.value("b3'")).tolist() == [-0.05, 0.05, -10]
    exact = dlhand.load("000-ex4-exact")
    assert exact.value("dE/dW3")[0][0].digits(7) == "1.499966"
    assert exact.value("dE/dW3")[2][0].digits(5) == "6.8098e-5"


def test_the_finite_difference_of_example_4_is_near_the_derivative():
    d = dlhand.load("000-ex4-check")
    assert float(d.value("q")) == pytest.approx(float(d.value("dE/dW2")[0][1]), rel=1e-5)


def test_the_values_given_for_the_sigmoid_chain():
    d = dlhand.load("003-vanish")
    steps = ["z1", "a1", "z2", "a2", "z3", "a3", "L", "dL/da3", "da3/dz3", "da2/dz2", "da1/dz1",
             "dL/dw1", "dL/dw2", "dL/dw3"]  # fmt: skip
    printed = [0.5, 0.622459, 0.31123, 0.577185, 0.288593, 0.571652, 0.091741, -0.428348, 0.244866,
               0.244042, 0.235004, -0.001504, -0.007967, -0.06054]  # fmt: skip
    assert [round(float(d.value(step)), 6) for step in steps] == printed


def test_the_gradient_does_not_reach_weights_outside_the_tape():
    d = dlhand.load("004-train-loop-outside")
    with pytest.raises(dlhand.NoDependence, match="J does not depend on W"):
        d.backward(d["J"], [d["W"]])


@pytest.mark.parametrize(
    "name, printed, right",
    [
        ("000-cost-without-activation", 32, 24.5),
        ("000-gradient-without-bias", -(7 - 4) * 2, -(7 - 5) * 2),
        ("000-no-mask", [1, -2], [0, -1]),
        ("003-collapse-inner-bias", 6 * 6 + 2 + 3, 43),
        ("003-collapse-bias", 30 + 1 + 2 + 3, 43),
        ("003-approximation-everywhere", 1 / 256, 100**2 - interpolant(8, 100)),
        ("003-sigmoid-graph-reciprocal", -1 / (1 + np.exp(-1)), -1 / (1 + np.exp(-1)) ** 2),
        # o1, w5, h1 and x1 of the page, in plain decimals
        (
            "002-net222-slope",
            0.684928612717 * 0.5 * 0.239781240750 * 0.1,
            0.684928612717 * 0.194808546927 * 0.5 * 0.239781240750 * 0.1,
        ),
        ("002-xor-limit", [1, 1, 1], [0, 0, 1]),
        ("002-yolo-no-grid", 2 * 5 + 20, 7 * 7 * 30),
        # the slopes of Q² at 1 and, after a first step of 0.1, at 0.9
        ("002-adam-hat", 0.999 * 4 + 0.001 * 1.8**2, 0.999 * 0.001 * 4 + 0.001 * 1.8**2),
        ("003-vanish-slope", 0.2885926901 * (1 - 0.2885926901), 0.5716515653 * 0.4283484347),
    ],
)
def test_wrong_formulas_differ_from_the_right_ones(name, printed, right):
    (found,) = [e for e in errata() if e.name == name]
    d, wrong, correct = found.build()
    np.testing.assert_allclose(floats(d.value(wrong)), printed, rtol=1e-9)
    np.testing.assert_allclose(floats(d.value(correct)), right, rtol=1e-9)


def test_the_errors_in_code_are_in_order_and_what_is_right_is_python():
    import ast

    from dlhand.examples.code_errors import CODE_ERRORS

    lines = [(error.document, error.line) for error in CODE_ERRORS]
    assert lines == sorted(lines) and {document for document, _ in lines} == {"002", "004"}
    assert len({(error.line, error.code) for error in CODE_ERRORS}) == len(CODE_ERRORS)
    for error in CODE_ERRORS:
        assert ast.parse(error.right).body and error.right != error.code, error
        assert error.reason and error.right not in error.code
    named = " ".join(error.reason for error in CODE_ERRORS)
    for example in ("004-multi-output", "004-losses-softmax", "004-train-loop-outside"):
        assert example in named and example in catalogue()
