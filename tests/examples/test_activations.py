"""Activations, softmax and losses of documents 000 to 004, against textbook formulas in NumPy."""

import numpy as np
import pytest

import dlhand
from dlhand.examples import catalogue, errata

TOPICS = {"activations", "losses"}


def floats(value):
    if isinstance(value, list):
        return np.array([floats(item) for item in value])
    return float(value)


def sigmoid(z):
    return 1 / (1 + np.exp(-np.asarray(z, float)))


def softmax(x):
    grown = np.exp(np.asarray(x, float))
    return grown / grown.sum()


def slope(f, x, h=1e-6):
    """The gradient of f at a vector, or its slope at each number, by central differences."""
    x = np.asarray(x, float)
    if not x.shape:
        return (f(x + h) - f(x - h)) / (2 * h)
    ends = [[f(x + s * h * e) for e in np.eye(x.size)] for s in (1, -1)]
    return (np.array(ends[0]) - np.array(ends[1])) / (2 * h)


def shares(*x, mark=""):
    e = np.exp(x)
    return {
        f"e1{mark}": e[0], f"e2{mark}": e[1], f"s{mark}": e.sum(),
        f"p1{mark}": softmax(x)[0], f"p2{mark}": softmax(x)[1],
    }  # fmt: skip


def jacobian():
    p = softmax([2, 4])
    full = np.diag(p) - np.outer(p, p)
    table = {f"dp{i + 1}/dx{j + 1}": full[i, j] for i in (0, 1) for j in (0, 1)}
    return table | {"D11": full[0, 0], "D12": full[0, 1], "D22": full[1, 1]}


def bce(f, y):
    f, y = np.asarray(f, float), np.asarray(y, float)
    return -(y * np.log(f) + (1 - y) * np.log(1 - f))


F, T = np.array([0.9, 0.2]), np.array([1.0, 0])
Z = np.array([2.0, -1])
SLOPE_OF_SIGMOID = [np.exp(-z) / (1 + np.exp(-z)) ** 2 for z in (0.0, 2.0, 5.0, 10.0)]

EXPECTED = {
    "000-softmax": lambda: {"s": 6, "p1": 1 / 3, "p2": 2 / 3, "q": 1},
    "000-softmax-exp": lambda: shares(2, 4) | {"q": 1},
    "000-softmax-shift": lambda: shares(2, 4) | shares(-98, -96, mark="'"),
    "000-softmax-logs": lambda: {"p1": 1 / 3, "p2": 2 / 3, "s": 6},
    "000-softmax-negative": lambda: {"r1": -0.5, "r2": 1.5} | shares(-1, 3),
    "000-softmax-jacobian": jacobian,
    "001-activations-sigmoid": lambda: {
        "g": sigmoid(2), "dg/dz": SLOPE_OF_SIGMOID[1], "g'": SLOPE_OF_SIGMOID[1], "g0'": 0.25
    },
    "001-activations-tanh": lambda: {
        "g": np.tanh(0.5), "q": np.tanh(0.5), "dg/dz": np.cosh(0.5) ** -2, "g'": np.cosh(0.5) ** -2
    },
    "001-activations-relu": lambda: {
        "r_u": 3, "dr_u/du": 1, "l_u": 3, "dl_u/du": 1,
        "r_v": 0, "dr_v/dv": 0, "l_v": -0.02, "dl_v/dv": 0.01,
    },
    "001-activations-saturation": lambda: {
        "dS/dz": SLOPE_OF_SIGMOID, "dT/dz": np.cosh([0, 2, 5, 10]) ** -2.0
    },
    "002-activations": lambda: {
        "s": [0, 0, 1, 1], "r": [0, 0, 1, 2], "g": sigmoid([-2, -1, 1, 2]), "dR/dy": [0, 0, 1, 1]
    },
    "004-activations": lambda: {
        "g_S": sigmoid([-2, -1, 1, 3]), "g_T": np.tanh([-2, -1, 1, 3]), "g_R": [0, 0, 1, 3],
        "dS/dz": sigmoid([-2, -1, 1, 3]) * sigmoid([2, 1, -1, -3]),
        "dT/dz": np.cosh([-2, -1, 1, 3]) ** -2.0, "dR/dz": [0, 0, 1, 1],
    },
    "001-loss-bce": lambda: {"L": bce(F, T), "J": bce(F, T).mean(), "dJ/df": [-5 / 9, 0.625]},
    "001-loss-mse": lambda: {"L": [0.01, 0.04], "J": 0.025, "dJ/df": [-0.1, 0.2]},
    "001-loss-sigmoid": lambda: {
        "J": bce(sigmoid(Z), T).mean(), "dJ/dz": (sigmoid(Z) - T) / 2, "q": (sigmoid(Z) - T) / 2
    },
    "004-losses-bce": lambda: {
        "J": bce(sigmoid(Z), T).mean(), "J'": bce(sigmoid(Z), T).mean(),
        "dJ'/dz": (sigmoid(Z) - T) / 2,
    },
    "004-losses-mse": lambda: {"S": [[1, 0], [0, 4], [1, 1]], "L": [0.5, 2, 1], "J": 7 / 6,
                               "J'": 7 / 6},
    "004-losses-softmax": lambda: {"p": [1], "J_softmax": 0, "J": np.log1p(np.exp(3))},
}  # fmt: skip


@pytest.mark.parametrize("name", EXPECTED)
def test_the_example_is_what_the_textbook_says(name):
    d = dlhand.load(name)
    for step, value in EXPECTED[name]().items():
        np.testing.assert_allclose(
            floats(d.value(step)), value, rtol=1e-12, atol=1e-15, err_msg=step
        )


def test_every_example_of_these_files_is_compared():
    ours = {name for name, example in catalogue().items() if example.topic in TOPICS}
    assert ours == set(EXPECTED)


def test_the_formulas_for_slopes_by_differences():
    for name, step, f, at in (
        ("001-activations-sigmoid", "g'", sigmoid, 2.0),
        ("001-activations-tanh", "g'", np.tanh, 0.5),
        ("001-loss-bce", "dJ/df", lambda f: bce(f, T).mean(), F),
        ("001-loss-mse", "dJ/df", lambda f: ((f - T) ** 2).mean(), F),
        ("001-loss-sigmoid", "dJ/dz", lambda z: bce(sigmoid(z), T).mean(), Z),
    ):
        value = floats(dlhand.load(name).value(step))
        np.testing.assert_allclose(value, slope(f, at), rtol=1e-7)


def test_the_values_given_for_softmax_and_losses():
    d = dlhand.load("000-softmax-exp")
    assert [round(float(d.value(p)), 6) for p in ("p1", "p2")] == [0.119203, 0.880797]
    d = dlhand.load("001-loss-bce")
    assert round(float(d.value("J")), 6) == 0.164252
    assert [round(float(x), 6) for x in d.value("dJ/df")] == [-0.555556, 0.625]


@pytest.mark.parametrize(
    "name, printed, right",
    [
        ("000-softmax-without-e", [1 / 3, 2 / 3], softmax([2, 4])),
        ("002-step-called-relu", 1, 2),
        ("001-bce-brackets", np.log(0.8), -np.log(0.8)),
        ("004-bce-brackets", np.log(0.8), -np.log(0.8)),
    ],
)
def test_wrong_formulas_differ_from_the_right_ones(name, printed, right):
    (found,) = [e for e in errata() if e.name == name]
    d, wrong, correct = found.build()
    np.testing.assert_allclose(floats(d.value(wrong)), printed, rtol=1e-12)
    np.testing.assert_allclose(floats(d.value(correct)), right, rtol=1e-12)
