"""The perceptron: one unit on numbers of your own, and its training by the perceptron rule.

Products are written out one by one, as on paper: z = w1 x1 + w2 x2 + b. For layers of many units
in matrix form see `dlhand.calculators.network`.

Source: F. Rosenblatt, "The perceptron" (1958), for the rule and its convergence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dlhand import Derivation, GivenError, heaviside
from dlhand.calculators.activations import Activation, activation_of
from dlhand.calculators.composing import sum_of
from dlhand.calculators.wanted import want_count, want_list, want_shape
from dlhand.derivation.entries import Given
from dlhand.operations.quantity import Quantity

Unit = tuple[list[Given], list[Given], Given]


def given_unit(d: Derivation, x: Sequence[Any], w: Sequence[Any], b: Any) -> Unit:
    """Declare the inputs x1, x2, ..., the weights w1, w2, ... and the bias b of one unit.

    Raises `ShapeError` where there are not as many weights as inputs, or none.
    """
    want_list("x", x, "numbers")
    want_list("w", w, "numbers, one for each input in x", len(x))
    inputs = [d.given(f"x{k}", value) for k, value in enumerate(x, 1)]
    weights = [d.given(f"w{k}", value) for k, value in enumerate(w, 1)]
    return inputs, weights, d.given("b", b)


def weighted_sum(x: Sequence[Quantity], w: Sequence[Quantity], b: Quantity) -> Quantity:
    """w1 x1 + w2 x2 + ... + b, product by product, as one formula.

    >>> d = Derivation("A sum")
    >>> d.value(d.step("z", weighted_sum(*given_unit(d, [2, 1, 3], [1, -1, 1], -5))))
    -1
    """
    return sum_of(weight * value for weight, value in zip(w, x, strict=True)) + b


def perceptron(
    x: Sequence[Any],
    w: Sequence[Any],
    b: Any,
    activation: Activation = "sigmoid",
    *,
    target: Any = None,
    alpha: Any = None,
    title: str = "One unit",
    about: str = "What does the unit put out for these inputs?",
) -> Derivation:
    """One unit: its weighted sum z and its output y_hat, for ``n`` inputs and ``n`` weights.

    With a ``target`` also the cost C = (y_hat - y)²/2 and its gradients; with a learning rate
    ``alpha`` also one step of gradient descent, and the cost after it. ``activation`` is a name in
    `ACTIVATIONS` or a function of a quantity. Raises `ShapeError` where x and w differ in length,
    `GivenError` for ``alpha`` without a target.

    >>> d = perceptron([2, 1, 3], [1, -1, 1], 1, "relu", target=7, alpha="0.01")
    >>> d.value("y_hat"), d.value("C"), d.value("dC/dw3"), d.value("C'")
    (5, 2, -6, 1.445)
    """
    if alpha is not None and target is None:
        raise GivenError("alpha is given without a target; wanted both, or no alpha")
    d = Derivation(title, about=about)
    d.section("Given")
    inputs, weights, bias = given_unit(d, x, w, b)
    y = None if target is None else d.given("y", target)
    rate = None if alpha is None else d.given("alpha", alpha)
    cost = _forward(d, inputs, weights, bias, activation, y)
    if y is None:
        return d
    d.section("Backward")
    gradient = d.backward(cost, [*weights, bias])
    if rate is not None:
        d.section("Update")
        say = "one small step against its gradient"
        new = [d.step(f"{d[q].name}'", q - rate * gradient[q], say=say) for q in (*weights, bias)]
        _forward(d, inputs, new[:-1], new[-1], activation, y, mark="'")
    return d


def _forward(
    d: Derivation,
    x: Sequence[Quantity],
    w: Sequence[Quantity],
    b: Quantity,
    activation: Activation,
    y: Quantity | None,
    mark: str = "",
) -> Quantity:
    """One pass; the cost where there is a target ``y``, else the output."""
    d.section("Forward" + " with the new weights" * bool(mark))
    z = d.step("z" + mark, weighted_sum(x, w, b), say="the inputs, weighted, and the bias")
    f, words = activation_of(activation)
    y_hat = d.step("y_hat" + mark, f(z), say=f"the output: {words}")
    if y is None:
        return y_hat
    return d.step("C" + mark, (y_hat - y) ** 2 / 2, say="the cost: half the squared error")


def train_perceptron(
    inputs: Sequence[Sequence[Any]],
    targets: Sequence[Any],
    w: Sequence[Any],
    b: Any = 0,
    *,
    alpha: Any = 1,
    epochs: int = 20,
    fire: Callable[[Quantity], Quantity] = heaviside,
    title: str = "Training a unit by the perceptron rule",
    about: str = "Which weights make the unit answer every row as wanted?",
) -> Derivation:
    """Present the rows one after the other and correct the weights by the perceptron rule.

    ``inputs`` has a row of n numbers for each of the ``targets`` 0 or 1; ``w`` is n start weights.
    After row number k the weights are w_k = w_(k-1) + alpha (t - o_k) x, the bias b_k likewise with
    the input 1: nothing changes where the output o_k was right. It ends with the first epoch (a
    pass over all rows) without an error, or after ``epochs`` of them; rows that no line separates
    (XOR) never end by themselves. ``fire`` turns a sum into 0 or 1.

    Raises `ShapeError` where lengths differ, `GivenError` for ``epochs`` below 1.

    >>> rows = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> d = train_perceptron(rows, [0, 1, 1, 1], [1, 1], 1)
    >>> d.value("w_1"), d.value("b_1"), d.entries[-1].name
    ([1, 1], 0, 'b_8')
    """
    _check(inputs, targets, w, epochs)
    d = Derivation(title, about=about)
    d.section("Given")
    rate = d.given("alpha", alpha)
    rows = _given_rows(d, inputs, targets, len(w))
    weights: Quantity = d.given("w_0", w)
    bias: Quantity = d.given("b_0", b)
    want_shape("w", weights, (len(w),))
    want_shape("b", bias, ())
    k = 0
    for epoch in range(1, epochs + 1):
        is_right = True
        for r, (x, t) in enumerate(rows, 1):
            k += 1
            d.section(f"Epoch {epoch}, row {r}")
            z = d.step(f"z_{k}", weights @ x + bias, say="what the unit receives")
            o = d.step(f"o_{k}", fire(z), say="what it puts out")
            wrong = d.value(o).exact != d.given_value(t)
            is_right = is_right and not wrong
            say = "the output is wrong: a correction" if wrong else "the output is right: no change"
            weights = d.step(f"w_{k}", weights + rate * (t - o) * x, say=say)
            bias = d.step(f"b_{k}", bias + rate * (t - o), say="the bias likewise, its input is 1")
        if is_right:
            break
    return d


def _given_rows(
    d: Derivation, inputs: Sequence[Any], targets: Sequence[Any], width: int
) -> list[tuple[Given, Given]]:
    """The rows of a table as givens: numbers, and the target for them."""
    rows = []
    for r, (x, t) in enumerate(zip(inputs, targets, strict=True), 1):
        row, target = d.given(f"x_{r}", x), d.given(f"t_{r}", t)
        want_shape(f"inputs[{r - 1}]", row, (width,))
        want_shape(f"targets[{r - 1}]", target, ())
        rows.append((row, target))
    return rows


def _check(
    inputs: Sequence[Sequence[Any]], targets: Sequence[Any], w: Sequence[Any], epochs: int
) -> None:
    want_list("inputs", inputs, "rows of numbers")
    want_list("targets", targets, "numbers, one for each row of inputs", len(inputs))
    want_list("w", w, "numbers")
    for r, row in enumerate(inputs):
        want_list(f"inputs[{r}]", row, "numbers, one for each weight in w", len(w))
    want_count("epochs", epochs)
