"""Each slip that dlhand knows, planted by hand in NumPy, and found from the answer alone.

What is planted is no rewriting of ours: it is worked out beside it. A table of cases covers every
slip of every row, and those of numbers and names.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import dlhand as dl
from dlhand import Derivation
from dlhand.diagnosis import diagnose, misread, nearby, written
from dlhand.operations.table import TABLE

X = np.array([0.62, -1.37, 0.291])
Y = np.array([1.13, 0.47, -0.853])
A = np.array([[0.83, -0.21], [0.47, 1.19]])
B = np.array([[0.31, 0.72], [-0.64, 0.55]])
M = np.array([[0.83, -0.21, 0.4], [0.47, 1.19, -0.7]])
IMAGE = np.array(
    [[1.3, 0.2, -0.4, 0.9], [0.7, 2.1, 0.3, -1.1], [0.6, -0.8, 1.7, 0.5], [0.1, 1.2, 0.8, 2.3]]
)
KERNEL = np.array([[0.5, -1.2], [0.3, 0.8]])


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def softmax(z: Any, axis: int = -1) -> Any:
    return np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)


def slid(image: Any, kernel: Any, stride: int = 1, padding: int = 0) -> Any:
    image = np.pad(image, padding)
    high, wide = kernel.shape
    rows = (image.shape[0] - high) // stride + 1
    columns = (image.shape[1] - wide) // stride + 1
    starts = [(y * stride, x * stride) for y in range(rows) for x in range(columns)]
    entries = [(image[y : y + high, x : x + wide] * kernel).sum() for y, x in starts]
    return np.array(entries).reshape(rows, columns)


def windows(image: Any, combine: Callable[[Any], Any], stride: int = 2) -> Any:
    return np.array(
        [
            [combine(image[i : i + 2, j : j + 2]) for j in range(0, image.shape[1] - 1, stride)]
            for i in range(0, image.shape[0] - 1, stride)
        ]
    )


class Case(NamedTuple):
    """A formula over x, y (vectors), A, B (2 by 2), M (2 by 3) and numbers; what was worked out."""

    name: str
    formula: Callable[..., Any]
    wrong: Any


# numbers: a, b, c
a, b, c = 0.62, 1.37, 0.291
CASES = [
    Case("term left out", lambda a, b, c: a + b + c, a + b),
    Case("sign turned", lambda a, b, c: a * b - c, a * b + c),
    Case("all terms but one left out", lambda a, b, c: a * b + b * c + a * c + c * c, b * c),
    Case("root taken", lambda a, b, c: (a**2 + b**2) * c, np.sqrt(a**2 + b**2) * c),
    Case("sides of a difference exchanged", lambda a, b, c: (a - b) * c, (b - a) * c),
    Case("factor left out", lambda a, b, c: a * b * c, a * c),
    Case("borrow forgotten", lambda a, b, c: a * (1 - c), 0.62 * 0.719),  # 1 − 0.291 = 0.709
    Case("carry forgotten", lambda a, b, c: (a + c) * b, 0.811 * 1.37),  # 0.62 + 0.291 = 0.911
    Case("taken for shares", lambda x, y: dl.sigmoid(x[:2]) * y[:2],
         [sigmoid(X[0]), 1 - sigmoid(X[0])] * Y[:2]),
    Case("zero left out", lambda a, b, c: a * 0 + b * c, a + b * c),
    Case("two factors left out", lambda a, b, c: (a - b) * c * (1 - c), a - b),
    Case("added for multiplied", lambda a, b, c: a * b, a + b),
    Case("divisor left out", lambda a, b, c: (a - b) ** 2 / 2, (a - b) ** 2),
    Case("divisor twice, or multiplied by", lambda a, b, c: (a - b) ** 2 / 2, (a - b) ** 2 / 4),
    Case("quotient turned over", lambda a, b, c: (a + b) / c, c / (a + b)),
    Case("multiplied for divided", lambda a, b, c: (a + b) / c, (a + b) * c),
    Case("minus forgotten", lambda a, b, c: 1 / (1 + dl.exp(-a)), 1 / (1 + np.exp(a))),
    Case("power forgotten", lambda a, b, c: (a - b) ** 2 / 2, (a - b) / 2),
    Case("another power", lambda a, b, c: (a + b) ** 2 * c, np.sqrt(a + b) * c),
    Case("bars forgotten", lambda a, b, c: abs(a - b) * c, (a - b) * c),
    Case("sign forgotten", lambda a, b, c: dl.sign(a - b) * c, (a - b) * c),
    Case("mask forgotten", lambda a, b, c: dl.heaviside(a - b) * c + a, c + a),
    Case("sign of the argument turned", lambda a, b, c: dl.sigmoid(a + b), sigmoid(-a - b)),
    Case("comparison turned round", lambda x, y: dl.greater(x, y) * x, (Y > X) * X),
    Case("smaller for larger", lambda a, b, c: dl.maximum(a, b) * c, a * c),
    Case("one side taken", lambda x, y: dl.maximum(x, y) * 3, X * 3),
    Case("larger for smaller", lambda a, b, c: dl.minimum(a, b) + c, b + c),
    Case("not rounded down", lambda a, b, c: dl.floor(a + b) + c, a + b + c),
    Case("rounded up", lambda a, b, c: dl.floor(a + b) * c, 2 * c),
    Case("exponential forgotten", lambda a, b, c: dl.exp(a) / b, a / b),
    Case("logarithm forgotten", lambda a, b, c: -c * dl.log(a), -c * a),
    Case("another base", lambda a, b, c: dl.log(a) * c, np.log2(a) * c),
    Case("root forgotten", lambda a, b, c: a / dl.sqrt(b), a / b),
    Case("sine and cosine exchanged", lambda a, b, c: dl.sin(a / b), np.cos(a / b)),
    Case("degrees for radians", lambda a, b, c: dl.cos(a + b), np.cos(np.radians(a + b))),
    Case("activation forgotten", lambda a, b, c: dl.sigmoid(a * b + c), a * b + c),
    Case("another activation", lambda a, b, c: dl.sigmoid(a * b + c), np.tanh(a * b + c)),
    Case("neighbour used", lambda x, y: x[0] * y[1], X[1] * Y[1]),
    Case("column for row", lambda A, B: A[0, 1] * B[0, 0], A[1, 0] * B[0, 0]),
    Case("another order", lambda x, y: dl.concatenate(x, y), np.concatenate([Y, X])),
    Case("kernel flipped", lambda image, kernel: dl.correlate(image, kernel),
         slid(IMAGE, KERNEL[::-1, ::-1])),
    Case("stride ignored", lambda image, kernel: dl.correlate(image, kernel, stride=2),
         slid(IMAGE, KERNEL)),
    Case("stride ignored", lambda image, kernel: dl.max_pool(image, 2), windows(IMAGE, np.max, 1)),
    Case("padding ignored", lambda image, kernel: dl.correlate(image, kernel, padding=1),
         slid(IMAGE, KERNEL)),
    Case("mean for largest", lambda image, kernel: dl.max_pool(image, 2), windows(IMAGE, np.mean)),
    Case("largest for mean", lambda image, kernel: dl.average_pool(image, 2),
         windows(IMAGE, np.max)),
    Case("products not added up", lambda x, y: dl.dot(x, y), X * Y),
    Case("product left out of a row by column", lambda A, B: A @ B, A[:, :1] @ B[:1]),
    Case("matrix transposed", lambda A, B: A @ B, A.T @ B),
    Case("matrix transposed", lambda x, y: dl.outer(x, y), np.outer(Y, X)),
    Case("elementwise for matrix product", lambda A, B: A @ B, A * B),
    Case("matrices exchanged", lambda A, B: A @ B, B @ A),
    Case("wrong axis", lambda M: dl.softmax(M), softmax(M, axis=0)),
    Case("wrong axis", lambda M: dl.total(M, axis=0), M.sum(axis=1)),
    Case("mean for sum", lambda x, y: dl.total(x * y), (X * Y).mean()),
    Case("sum for mean", lambda x, y: dl.mean(x * y), (X * Y).sum()),
    Case("n − 1 for n", lambda x, y: dl.variance(x), X.var(ddof=1)),
    Case("softmax not normalised", lambda x, y: dl.softmax(x), np.exp(X)),
    Case("softmax forgotten", lambda x, y: dl.softmax(x), X),
    Case("exponential forgotten", lambda x, y: dl.softmax(x), X / X.sum()),
    Case("masked after the softmax", lambda x, mask: dl.masked_softmax(x, mask),
         softmax(X) * [1, 1, 0]),
    Case("mask forgotten", lambda x, mask: dl.masked_softmax(x, mask), softmax(X)),
    Case("logarithm of the plain sum", lambda A: dl.log_sum_exp(A), np.log(A.sum())),
    Case("quantity used twice", lambda x, mask: x * mask + x / 3, X * X + X / 3),
    Case("sign misread", lambda a, b, c: a * b + c / a, a * -b + c / a),
    Case("place value shifted", lambda a, b, c: a * b + c, a * b / 10 + c),
    Case("digits exchanged", lambda a, b, c: a * b + c, 0.62 * 1.73 + 0.291),
    Case("digit misread", lambda a, b, c: a * b + c, 0.62 * 7.37 + 0.291),
]  # fmt: skip
GIVENS = {
    "a": a, "b": b, "c": c, "x": X, "y": Y, "A": A, "B": B, "M": M, "image": IMAGE,
    "kernel": KERNEL, "mask": np.array([1, 1, 0]),
}  # fmt: skip


def typed(value: Any) -> str:
    """An answer as a learner types it, to seven places."""
    if np.ndim(value) == 0:
        return f"{value:.7f}"
    return f"[{', '.join(map(typed, value))}]"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_slip_at_an_operation_is_found(case: Case) -> None:
    d = Derivation("A formula")
    names = case.formula.__code__.co_varnames[: case.formula.__code__.co_argcount]
    y = d.step("result", case.formula(*[d.given(name, GIVENS[name].tolist() if
        hasattr(GIVENS[name], "tolist") else GIVENS[name]) for name in names]))  # fmt: skip
    found = diagnose(d, y, typed(case.wrong))
    assert found.explanations, "nothing explains it"
    near = [found.explanations[0], *found.alike]
    assert case.name in [one.names[0] for one in near if len(one.names) == 1], str(found)


def _unit() -> Derivation:
    """A unit with a rounded chain before it, its gradients and an update."""
    d = Derivation("A unit")
    w, x, t, r = d.givens(w="0.83", x="0.62", t="0.9", r="0.3")
    z = d.step("z", w * x)
    h = d.step("h", dl.sigmoid(z))
    E = d.step("E", (h - t) ** 2 / 2)
    g = d.backward(E, [w, x])
    d.step("w'", w - r * g[w])
    d.step("k", 3 * h + z)
    d.step("q", dl.log(h))
    n = d.step("n", -h)
    d.step("p", dl.exp(n))
    return d


W, XX, T, R = 0.83, 0.62, 0.9, 0.3
H = sigmoid(W * XX)
G = (H - T) * H * (1 - H)


@pytest.mark.parametrize(
    ("name", "step", "wrong", "where"),
    [
        ("rounded early", "k", 3 * round(H, 2) + W * XX, "k"),
        ("chopped early", "k", 3 * np.floor(H * 1000) / 1000 + W * XX, "k"),
        ("derivative forgotten", "dE/dw", (H - T) * XX, "dE/dw"),
        ("updated weight used", "dE/dx", G * (W - R * G * XX), "dE/dx"),
        ("activation forgotten", "dE/dz", (H - T) * W * XX * (1 - W * XX), "dE/dz"),
        ("step taken twice", "k", 3 * sigmoid(W * XX) + H, "k"),
        ("factor left out", "w'", W - G * XX, "w'"),  # the rate
        ("sign turned", "w'", W + R * G * XX, "w'"),  # added, not subtracted
        ("factor left out", "dE/dz", (H - T) * (1 - H), "dE/dz"),
        ("sides of a difference exchanged", "dE/dh", T - H, "dE/dh"),
        ("a step too far", "z", H, "z"),
        ("the next step done", "n", np.exp(H), "n"),  # e^h for −h
    ],
)  # fmt: skip
def test_a_slip_on_the_way_is_found(name: str, step: str, wrong: float, where: str) -> None:
    found = diagnose(_unit(), step, f"{wrong:.8f}")
    assert found.explanations, "nothing explains it"
    near = [found.explanations[0], *found.alike]
    assert (name, where) in [(one.names[0], one.where.name) for one in near], str(found)


def test_every_slip_has_a_case() -> None:
    known = {slip.name for row in TABLE.values() for slip in row.slips}
    known |= {misread.SIGN, misread.SHIFTED, misread.EXCHANGED, misread.DIGIT}
    known |= {misread.ROUNDED, misread.CHOPPED, nearby.NEIGHBOUR, nearby.FORGOTTEN, nearby.TWICE}
    known |= {nearby.NO_SLOPE, nearby.UPDATED, nearby.SAME}
    known |= {written.AHEAD, written.NEXT_DONE}
    here = {"rounded early", "chopped early", "derivative forgotten", "updated weight used"}
    here |= {"a step too far", "the next step done"}
    assert known - {case.name for case in CASES} - here == {"step taken twice"}


# ---- Slips of a result as it is written down


def _plainest(d: Derivation, step: str, wrong: str) -> str:
    return str(diagnose(d, step, wrong).explanations[0].names[0])


def test_right_numbers_in_other_places_are_found() -> None:
    d = Derivation("A product of each kind")
    left, right, x, y = d.givens(A=A.tolist(), B=B.tolist(), x=X.tolist(), y=Y.tolist())
    d.step("S", left @ right)
    d.step("v", x * y)
    assert _plainest(d, "S", typed((A @ B).T)) == written.SWAPPED
    assert _plainest(d, "S", typed(np.roll(A @ B, 1))) == written.ORDER
    assert _plainest(d, "v", typed((X * Y)[::-1])) == written.ORDER


def test_the_next_step_is_not_done_with_what_it_cannot_take() -> None:
    d = Derivation("The root of a sum")
    s = d.step("s", dl.total(d.given("x", [1, 4, 9])))
    d.step("r", dl.sqrt(s))
    assert _plainest(d, "s", "3.741657") == written.AHEAD  # the root of 14
    assert not diagnose(d, "s", "2.71828").explanations


def test_the_row_below_is_found() -> None:
    d = Derivation("Two rows of a table")
    u, v = d.givens(u="0.62", v="-1.37")
    d.step("y_10", u * 1 + v * 0)
    d.step("y_11", u * 1 + v * 1)
    assert diagnose(d, "y_10", "-0.75").explanations[0].sentence == (
        "This is what you get with y₁₁ for y₁₀."
    )


def test_a_number_rounded_the_wrong_way_may_be_that_and_is_never_sure() -> None:
    d = Derivation("A quotient")
    numerator, divisor = d.givens(a="0.62", b="1.37")  # 0.45255
    d.step("q", numerator / divisor)
    found = diagnose(d, "q", "0.46")
    assert found.explanations[0].names == (written.WRONG_WAY,)
    assert found.best is None


# ---- Slips of an LSTM and of counts, by what they are called there


def test_gates_and_states_that_are_exchanged_are_found() -> None:
    d = dl.load("002-lstm")
    value = {name: np.array(d.evaluation.ball(d[name].index))[..., 0] for name in (
        "a_1", "i_1", "f_1", "o_1", "state_0", "out_0", "state_1")}  # fmt: skip
    wrong = value["a_1"] * value["f_1"] + value["f_1"] * value["state_0"]  # i_1 and f_1 are gates
    found = diagnose(d, "state_1", f"{float(wrong):.6f}")
    assert found.explanations[0].names == ("neighbour used",)
    told = {one.sentence for one in (found.explanations[0], *found.alike)}
    assert "This is what you get with f₁ for i₁." in told


def test_a_bias_that_is_not_counted_is_found() -> None:
    d = Derivation("How many parameters")
    f, depth, count = d.givens(f=5, depth=3, count=7)
    n = d.step("n", (f * f * depth + 1) * count)
    assert diagnose(d, n, "525").explanations[0].sentence == "This is what you get without 1."
    assert "depth" in diagnose(d, n, "182").explanations[0].sentence
