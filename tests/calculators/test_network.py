"""The network calculators at random sizes, against NumPy and central differences."""

from itertools import pairwise

import numpy as np
import pytest

from dlhand import FormulaError, GivenError, ShapeError, UnknownName, sin, tanh, total
from dlhand.calculators.network import Layer, chain, count_parameters, interpolate, mlp, train

SIZES = [(1, 1), (3, 2), (2, 4, 3), (4, 1, 3, 2)]


def floats(value):
    if isinstance(value, list):
        return np.array([floats(item) for item in value])
    return float(value)


def softmax(z):
    grown = np.exp(z - z.max(axis=-1, keepdims=True))
    return grown / grown.sum(axis=-1, keepdims=True)


ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "softmax": softmax,
}


def log_loss(a, t):
    return -np.mean(np.sum(t * np.log(a), axis=-1))


LOSSES = {
    "half_squared_error": lambda a, t: np.mean(np.sum((a - t) ** 2, axis=-1)) / 2,
    "mean_squared_error": lambda a, t: np.mean((a - t) ** 2),
    "binary_cross_entropy": lambda a, t: -np.mean(t * np.log(a) + (1 - t) * np.log(1 - a)),
    "cross_entropy": log_loss,
    "softmax_cross_entropy": log_loss,
}


def problem(sizes, hidden, last, batch, seed, biases=True):
    """Random inputs, layers and a target of shares, in floats with few digits."""
    random = np.random.default_rng(seed)
    draw = lambda *shape: np.round(random.uniform(-1, 1, shape), 3)  # noqa: E731
    x = draw(batch, sizes[0]) if batch else draw(sizes[0])
    layers = [Layer(draw(m, n), draw(m) if biases else None, hidden) for n, m in pairwise(sizes)]
    layers[-1] = layers[-1]._replace(activation=last)
    t = random.integers(1, 5, (batch, sizes[-1]) if batch else sizes[-1])
    return x, layers, t / t.sum(axis=-1, keepdims=True)


def forward(x, layers):
    for w, b, activation in layers:
        x = ACTIVATIONS[activation](x @ w.T + (0 if b is None else b))
    return x


def slopes(f, arrays, h=1e-6):
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


def parameters(layers):
    return {
        f"{kind}{k}": array
        for k, (w, b, _) in enumerate(layers, 1)
        for kind, array in (("W", w), ("b", b))
        if array is not None
    }


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("batch", [0, 1, 3])
@pytest.mark.parametrize("sizes", SIZES)
def test_a_network_of_any_size_with_its_gradients(sizes, batch, loss):
    last = "softmax" if loss in ("cross_entropy", "softmax_cross_entropy") else "sigmoid"
    seed = [*sizes, batch, len(loss)]
    x, layers, t = problem(sizes, "tanh", last, batch, seed)
    d = mlp(x, layers, t, loss)
    np.testing.assert_allclose(floats(d.value(f"a{len(layers)}")), forward(x, layers), rtol=1e-12)
    value = lambda: LOSSES[loss](forward(x, layers), t)  # noqa: E731
    assert float(d.value("E")) == pytest.approx(value(), rel=1e-11)
    named = parameters(layers)
    for (name, _), slope in zip(named.items(), slopes(value, named.values()), strict=True):
        np.testing.assert_allclose(floats(d.value(f"dE/d{name}")), slope, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_in_a_hidden_layer(activation):
    x, layers, t = problem((3, 4, 2), activation, "linear", 2, len(activation), biases=False)
    d = mlp(x, layers, t)
    value = lambda: LOSSES["half_squared_error"](forward(x, layers), t)  # noqa: E731
    assert float(d.value("E")) == pytest.approx(value(), rel=1e-12)
    named = parameters(layers)
    assert list(named) == ["W1", "W2"] and "b1" not in d
    for (name, _), slope in zip(named.items(), slopes(value, named.values()), strict=True):
        np.testing.assert_allclose(floats(d.value(f"dE/d{name}")), slope, atol=1e-8)


def test_an_activation_and_a_loss_of_ones_own():
    x, layers, t = problem((2, 3, 1), "tanh", "linear", 0, 5)
    own = [layers[0]._replace(activation=lambda z: sin(z) * 2), layers[1]]
    d = mlp(x, own, t, lambda a, t: total((a - t) ** 2 * 5))
    (w1, b1, _), (w2, b2, _) = layers
    value = lambda: 5 * np.sum((w2 @ (2 * np.sin(w1 @ x + b1)) + b2 - t) ** 2)  # noqa: E731
    assert float(d.value("E")) == pytest.approx(value(), rel=1e-12)
    np.testing.assert_allclose(floats(d.value("dE/dW1")), slopes(value, [w1])[0], atol=1e-7)


def test_gradients_can_have_the_names_of_the_page():
    d = mlp([1], [Layer([[2]], [0], "tanh")], [1], names={"z1": "delta"})
    assert "delta" in d and "dE/dz1" not in d


@pytest.mark.parametrize("rule", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("batch, steps", [(0, 1), (2, 3), (3, 4)])
def test_training_with_any_optimiser(rule, batch, steps):
    x, layers, t = problem((2, 3, 2), "tanh", "softmax", batch, [batch, steps])
    d = train(x, layers, t, "softmax_cross_entropy", rule, steps, alpha="0.05")
    named = parameters(layers)
    value = lambda: log_loss(forward(x, layers), t)  # noqa: E731
    mark = (lambda n: "'" * n) if steps <= 3 else (lambda n: f"_{n}" if n else "")
    m = {name: np.zeros_like(array) for name, array in named.items()}
    v = {name: np.zeros_like(array) for name, array in named.items()}
    for k in range(steps):
        assert float(d.value(f"E{mark(k)}")) == pytest.approx(value(), rel=1e-7)
        for (name, array), g in zip(
            named.items(), slopes(value, named.values(), h=1e-5), strict=True
        ):
            if rule == "adam":
                m[name] = 0.9 * m[name] + 0.1 * g
                v[name] = 0.999 * v[name] + 0.001 * g**2
                root = np.sqrt(v[name] / (1 - 0.999 ** (k + 1))) + 1e-8
                array -= 0.05 * m[name] / (1 - 0.9 ** (k + 1)) / root
            else:
                m[name] = (0.9 if rule == "momentum" else 0) * m[name] + g
                array -= 0.05 * m[name]
            np.testing.assert_allclose(
                floats(d.value(name + mark(k + 1))), array, atol=1e-5, err_msg=name
            )
    assert float(d.value(f"E{mark(steps)}")) == pytest.approx(value(), abs=1e-5)


@pytest.mark.parametrize(
    "x, layers, target, message",
    [
        ([1], [], None, "layers is empty"),
        (1, [Layer([[1]])], None, r"x has shape \(\); wanted a vector, or a row a sample"),
        ([1, 2], [Layer([[1]])], None, r"weights of layer 1 have shape \(1, 1\).*\(units, 2\)"),
        ([1, 2], [Layer([1, 2])], None, r"weights of layer 1 have shape \(2,\).*\(units, 2\)"),
        ([1], [Layer([[1], [2]]), Layer([[1]])], None, r"layer 2 have shape \(1, 1\).*units, 2"),
        ([1], [Layer([[1]], [1, 2])], None, r"bias of layer 1 has shape \(2,\); wanted \(1,\)"),
        ([1], [Layer([[1]])], [1, 2], r"target has shape \(2,\); wanted \(1,\), as the output"),
        ([[1]], [Layer([[1]])], [1], r"target has shape \(1,\); wanted \(1, 1\)"),
    ],
)
def test_sizes_that_do_not_fit(x, layers, target, message):
    with pytest.raises(ShapeError, match=message):
        mlp(x, layers, target)
    with pytest.raises(ShapeError, match=message):
        train(x, layers, [1] if target is None else target)


def test_a_loss_of_scores_needs_a_softmax_and_a_loss_its_name():
    with pytest.raises(FormulaError, match="softmax_cross_entropy got no softmax"):
        mlp([1], [Layer([[1]], None, "linear")], [1], "softmax_cross_entropy")
    with pytest.raises(UnknownName, match="loss is 'mse'; wanted a function, or one of half_sq"):
        mlp([1], [Layer([[1]])], [1], "mse")
    with pytest.raises(UnknownName, match="activation is 'swish'"):
        mlp([1], [Layer([[1]], None, "swish")])


@pytest.mark.parametrize("n", [1, 2, 6])
def test_a_chain_of_any_depth(n):
    random = np.random.default_rng(n)
    w = np.round(random.uniform(-2, 2, n), 2)
    d = chain("0.7", w, "tanh", target="0.3")

    def loss():
        a = 0.7
        for weight in w:
            a = np.tanh(weight * a)
        return (a - 0.3) ** 2 / 2

    assert float(d.value("L")) == pytest.approx(loss(), rel=1e-12)
    (slope,) = slopes(loss, [w])
    assert [float(d.value(f"dL/dw{k + 1}")) for k in range(n)] == pytest.approx(slope, abs=1e-8)
    with pytest.raises(ShapeError, match="weights is empty"):
        chain(1, [])


@pytest.mark.parametrize("widths", [(1, 1), (3, 4, 2), (5, 7, 1, 2)])
def test_counting_parameters(widths):
    layers = [np.zeros((m, n)).size + m for n, m in pairwise(widths)]
    d = count_parameters(widths)
    assert d.value("P").exact == sum(layers)
    with pytest.raises(ShapeError, match=r"widths is .*; wanted two or more whole numbers"):
        count_parameters((3,))
    with pytest.raises(GivenError, match=r"widths\[1\] is 0; wanted a whole number from 1 on"):
        count_parameters((3, 0))


@pytest.mark.parametrize("units", [2, 3, 8])
def test_interpolation_by_relu_units(units):
    knots = np.linspace(-1, 2, units + 1)
    for at in (-1, -0.4, 0.35, 1.2, 2):
        d = interpolate(tanh, -1, 2, units, str(at))
        assert float(d.value("g")) == pytest.approx(np.interp(at, knots, np.tanh(knots)), abs=1e-13)
        assert float(d.value("err")) == pytest.approx(
            np.interp(at, knots, np.tanh(knots)) - np.tanh(at), abs=1e-13
        )
    with pytest.raises(GivenError, match="units is 1; wanted a whole number from 2 on"):
        interpolate(tanh, 0, 1, 1, 0)
