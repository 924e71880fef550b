"""The perceptron calculators on numbers of any size, against NumPy and Python."""

from fractions import Fraction
from random import Random

import numpy as np
import pytest

from dlhand import Derivation, GivenError, ShapeError, UnknownName, at_least
from dlhand.calculators.perceptron import given_unit, perceptron, train_perceptron, weighted_sum

ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: max(z, 0),
    "leaky_relu": lambda z: max(z, z / 100),
}


def numbers(random, n):
    return [Fraction(random.randint(-30, 30) or 1, 10) for _ in range(n)]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_unit_of_any_size_and_its_gradients(activation, n):
    random = Random(f"{activation} {n}")
    x, w = numbers(random, n), numbers(random, n)
    b, t = numbers(random, 2)
    d = perceptron(x, w, b, activation, target=t, alpha="0.01")
    f = ACTIVATIONS[activation]

    def cost(weights, bias):
        return (f(np.dot(weights, np.array(x, float)) + bias) - float(t)) ** 2 / 2

    w, b, h = np.array(w, float), float(b), 1e-5
    assert float(d.value("C")) == pytest.approx(cost(w, b), rel=1e-12)
    slopes = [(cost(w + e * h, b) - cost(w - e * h, b)) / (2 * h) for e in np.eye(n)]
    slopes.append((cost(w, b + h) - cost(w, b - h)) / (2 * h))
    found = [float(d.value(f"dC/dw{k + 1}")) for k in range(n)] + [float(d.value("dC/db"))]
    assert found == pytest.approx(slopes, rel=1e-6, abs=1e-9)
    new = cost(w - 0.01 * np.array(found[:-1]), b - 0.01 * found[-1])
    assert float(d.value("C'")) == pytest.approx(new, rel=1e-10, abs=1e-15)


def rule(rows, targets, w, b, alpha, fires, epochs):
    """The perceptron rule as in a textbook; the weights after each row."""
    history = []
    for _ in range(epochs):
        errors = 0
        for x, t in zip(rows, targets, strict=True):
            o = int(fires(sum(p * q for p, q in zip(w, x, strict=True)) + b))
            errors += o != t
            w = [p + alpha * (t - o) * q for p, q in zip(w, x, strict=True)]
            b += alpha * (t - o)
            history.append((w, b))
        if not errors:
            break
    return history


@pytest.mark.parametrize("seed", range(6))
def test_training_on_rows_of_any_length(seed):
    random = Random(seed)
    n = 1 + seed % 4
    rows = [[random.randint(-3, 3) for _ in range(n)] for _ in range(5)]
    line = numbers(random, n + 1)
    targets = [int(np.dot(x, line[:-1]) + line[-1] > 0) for x in rows]  # separable, so it ends
    w, b = [random.randint(-2, 2) for _ in range(n)], 1
    d = train_perceptron(rows, targets, w, b, alpha="0.5", epochs=8)
    history = rule(rows, targets, w, b, Fraction(1, 2), lambda z: z > 0, 8)
    for k, (weights, bias) in enumerate(history, 1):
        assert [x.exact for x in d.value(f"w_{k}")] == weights
        assert d.value(f"b_{k}").exact == bias
    assert f"w_{len(history) + 1}" not in d


def test_or_by_the_rule_needs_one_correction():
    d = train_perceptron([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1], [1, 1], 1)
    assert [[x.exact for x in d.value(f"w_{k}")] for k in (1, 8)] == [[1, 1], [1, 1]]
    assert [d.value(f"b_{k}").exact for k in (1, 8)] == [0, 0]
    assert "b_9" not in d


def test_xor_never_ends_by_itself():
    d = train_perceptron([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], [1, 1], 1, epochs=9)
    assert d.entries[-1].name == "b_36"


def test_another_start_shows_the_corrections_of_that_start():
    """Every row has its correction, also one of nothing: so other givens are right as well."""
    rows, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]
    d = train_perceptron(rows, targets, [1, 1], -1, epochs=1)
    other = d.with_values({"w_0": [0, 0], "b_0": 1})
    history = rule(rows, targets, [0, 0], 1, 1, lambda z: z > 0, 1)
    assert [x.exact for x in other.value("w_4")] == history[-1][0]


def test_a_threshold_of_ones_own():
    fire = lambda z: at_least(z, 1)  # noqa: E731
    d = train_perceptron([[0, 1], [1, 0]], [0, 1], [1, 1], alpha="1.5", fire=fire)
    history = rule([[0, 1], [1, 0]], [0, 1], [1, 1], 0, Fraction(3, 2), lambda z: z >= 1, 20)
    assert [x.exact for x in d.value(f"w_{len(history)}")] == history[-1][0]


def test_the_sum_is_written_product_by_product():
    d = Derivation("A sum")
    d.step("z", weighted_sum(*given_unit(d, [2, 1], [1, -1], -5)))
    assert d.text("z") == "z = w₁ · x₁ + w₂ · x₂ + b = 1 · 2 + (−1) · 1 + (−5) = −4"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([], [], 0), "x is empty"),
        (([1, 2], [1], 0), "w has length 1; wanted 2 numbers, one for each input in x"),
    ],
)
def test_sizes_that_do_not_fit_a_unit(arguments, message):
    with pytest.raises(ShapeError, match=message):
        perceptron(*arguments)


def test_a_learning_rate_needs_a_target():
    with pytest.raises(GivenError, match="alpha is given without a target"):
        perceptron([1], [1], 0, alpha=1)


def test_an_unknown_activation_names_the_nearest():
    with pytest.raises(UnknownName, match=r"activation is 'sigmiod'.*did you mean 'sigmoid'"):
        perceptron([1], [1], 0, "sigmiod")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (([[1]], [1, 0], [1]), "targets has length 2; wanted 1 numbers, one for each row"),
        (([], [], [1]), "inputs is empty; wanted a list of rows"),
        (([[1, 2], [3]], [0, 1], [1, 1]), r"inputs\[1\] has length 1; wanted 2"),
    ],
)
def test_sizes_that_do_not_fit_the_training(arguments, message):
    with pytest.raises(ShapeError, match=message):
        train_perceptron(*arguments)


def test_no_epochs():
    with pytest.raises(GivenError, match="epochs is 0; wanted a whole number from 1 on"):
        train_perceptron([[1]], [1], [1], epochs=0)
