"""The last hint before an answer: true, and not the answer itself."""

import math
import re

import pytest

from dlhand import (
    Derivation,
    correlate,
    dot,
    heaviside,
    leaky_relu,
    load,
    log,
    masked_softmax,
    max_pool,
    mean,
    relu,
    reshape,
    sigmoid,
    softmax,
    sqrt,
    tanh,
    total,
    variance,
)
from dlhand.examples import names
from dlhand.learner.hints import first_sub_result
from dlhand.numbers.digits import Digits
from dlhand.render.text import result

X, Y = "0.5", "-0.25"
V, W = [1, "0.5", -2], [["0.1", "0.2", "0.3"], [0, 3, "0.5"]]
IMAGE = [[1, 0, 2], [3, 1, 0], [0, "0.5", 1]]

FORMULAS = {
    # Numbers: with names, and with numbers put in.
    "weighted sum": (lambda x, y: x * y + y * 3, X, Y, "x · y = 0.5 · (−0.25) = −0.125"),
    "slope": (lambda x, y: x * (1 - x), X, Y, "1 − x = 1 − 0.5 = 0.5"),
    "error": (lambda x, y: (x - y) ** 2 / 2, X, Y, "x − y = 0.5 − (−0.25) = 0.75"),
    "update": (lambda x, y: x - "0.6" * y, X, Y, "0.6 · y = 0.6 · (−0.25) = −0.15"),
    "fraction": (lambda x, y: (x + "1/3") * y, X, Y, "x + 1/3 = 0.5 + 1/3 = 5/6 ≈ 0.83333"),
    "many terms": (lambda x, y: x + y + x, X, Y, "x + y = 0.5 + (−0.25) = 0.25"),
    "many factors": (lambda x, y: x * y * y, X, Y, "x · y = 0.5 · (−0.25) = −0.125"),
    "the result": (lambda x, y: x * 1 + y * 0, X, Y, "y · 0 = −0.25 · 0 = 0"),
    "sigmoid": (lambda x, y: sigmoid(x), X, Y, "e^(−x) = e^(−0.5) ≈ 0.60653"),
    "tanh": (lambda x, y: tanh(x), X, Y, "e^(2 · x) = e^(2 · 0.5) ≈ 2.7183"),
    "leaky": (lambda x, y: leaky_relu(x), X, Y, "0.01 · x = 0.01 · 0.5 = 0.005"),
    "mask": (lambda x, y: y * heaviside(x), X, Y, "[x > 0] = [0.5 > 0] = 1"),
    # Arrays: with numbers alone; which entry it is, where it is one.
    "dot": (dot, V, V, "1 · 1 = 1"),
    "sum": (lambda x, y: total(x) * 2, V, V, "1 + 0.5 + (−2) = −0.5"),
    "row": (lambda x, y: x @ y, W, V, "entry 1: 0.1 · 1 + 0.2 · 0.5 + 0.3 · (−2) = −0.4"),
    "row of a longer formula": (lambda x, y: relu(x @ y + 1), W, V,
                                "0.1 · 1 + 0.2 · 0.5 + 0.3 · (−2) = −0.4"),
    "product": (lambda x, y: x @ y.T, W, W,
                "row 1, column 1: 0.1 · 0.1 + 0.2 · 0.2 + 0.3 · 0.3 = 0.14"),
    "entry by entry": (lambda x, y: x + y, V, V, "entry 1: 1 + 1 = 2"),
    "sigmoid of a list": (lambda x, y: sigmoid(x), V, V, "e^(−1) ≈ 0.36788"),
    "softmax": (lambda x, y: softmax(x), V, V, "e^(1) ≈ 2.7183"),
    "masked": (masked_softmax, V, [0, 1, 1], "e^(0.5) ≈ 1.6487"),
    "mean": (lambda x, y: mean(x), V, V, "1 + 0.5 + (−2) = −0.5"),
    "variance": (lambda x, y: variance(x), V, V, "1 + 0.5 + (−2) = −0.5"),
    "window": (correlate, IMAGE, [[1, 2], [0, -1]],
               "row 1, column 1: 1 · 1 + 0 · 2 + 3 · 0 + 1 · (−1) = 0"),
    "pool": (lambda x, y: max_pool(x, 2, 1), IMAGE, IMAGE, "max(1, 0) = 1"),
    "long sum": (lambda x, y: total(x), list(range(7, 27)), V, "7 + 8 = 15"),
    "long product": (dot, list(range(7, 27)), [2] * 20, "7 · 2 = 14"),
    "moved": (lambda x, y: reshape(x, (3, 1)), V, V, "row 1, column 1: 1"),
    # Nothing comes before the result.
    "two factors": (lambda x, y: x * y, X, Y, "it begins with −0.1…"),
    "two terms": (lambda x, y: x - y, "5.25", Y, "it begins with 5.…"),
    "one digit": (lambda x, y: x - y, 3, -4, "it lies between 6 and 9"),
    "great": (lambda x, y: x * y, 73, 10, "it lies between 700 and 800"),
    "below zero": (lambda x, y: x * y, -73, 10, "it lies between −800 and −700"),
    "tiny": (lambda x, y: x * y, "0.00025", "0.05", "it lies between 10⁻⁵ and 2·10⁻⁵"),
    "zero": (lambda x, y: x * y, 73, 0, "it lies between −1 and 2"),
    "root": (lambda x, y: sqrt(x), 2, Y, "it begins with 1.…"),
    "an alias": (lambda x, y: x, "0.75", Y, "it begins with 0.7…"),
    "one entry": (lambda x, y: reshape(x * y, (1,)), X, Y, "it begins with −0.1…"),
}  # fmt: skip


@pytest.mark.parametrize(("formula", "x", "y", "hint"), FORMULAS.values(), ids=FORMULAS)
def test_what_is_worked_out_first(formula, x, y, hint) -> None:
    d = Derivation("A formula")
    d.step("r", formula(*d.givens(x=x, y=y)))
    assert first_sub_result(d, d["r"]) == hint


def test_numbers_have_the_digits_asked_for() -> None:
    d = Derivation("A neuron")
    d.step("a", sigmoid(d.given("z", "0.41")))
    assert first_sub_result(d, d["a"], Digits(2)) == "e^(−z) = e^(−0.41) ≈ 0.66"
    assert first_sub_result(d, d["a"], Digits(places=3)) == "e^(−z) = e^(−0.41) ≈ 0.664"
    # 0.6011 is shown as 0.6, and so that is no beginning.
    d.step("b", d["a"] * 1)
    assert first_sub_result(d, d["b"], Digits(1)) == "it lies between 0.5 and 0.8"


def test_a_hint_follows_what_was_changed() -> None:
    d = Derivation("A sum of products")
    x, y = d.givens(x="1/3", y=2)
    p = d.step("p", x * y)
    d.step("s", p * 2 + 1)
    assert first_sub_result(d, d["s"]) == "p · 2 = 2/3 · 2 = 4/3 ≈ 1.3333"
    assert first_sub_result(d.by_hand(2), d["s"]) == "p · 2 = 0.67 · 2 = 1.34"
    assert first_sub_result(d.what_if(x=1), d["s"]) == "p · 2 = 2 · 2 = 4"
    assert first_sub_result(d.with_steps({"s": "0.25"}), d["s"]) == "it begins with 0.2…"


def test_a_step_without_a_value_says_so() -> None:
    d = Derivation("A logarithm")
    x, y = d.givens(x=2, y=3)
    d.step("p", x * y + 1)
    d.step("l", log(x) * y)
    d.given("late", 7)
    nowhere = d.what_if(x=0)
    assert first_sub_result(nowhere, d["l"]).startswith("there is no value here: step l has no")
    # A step that is fine has its hint, whatever comes after it.
    assert first_sub_result(nowhere, d["p"]) == "x · y = 0 · 3 = 0"


@pytest.fixture(scope="module")
def all_hints():
    derivations = [load(name) for name in names()]
    return [(d, each, first_sub_result(d, each)) for d in derivations for each in d.steps]


def test_every_step_of_every_example_has_a_hint_that_is_not_the_answer(all_hints) -> None:
    for d, each, hint in all_hints:
        assert hint.strip() and "\n" not in hint and "?" not in hint, (d.name, each, hint)
        if each.shape == ():
            # The last number, or what it begins with or lies between, is not the value.
            told = re.split(" = | ≈ |with | and |between ", hint.partition(" (from")[0])
            assert d.evaluation.shown(each.index).text not in told[-2:], (d.name, each, hint)
        else:
            assert result(d, each) not in hint, (d.name, each, hint)


SIGNS = {"−": "-", "·": "*", "^": "**", "√(": "sqrt(", "[": "(", "]": ")"}
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def computed(piece: str) -> float | None:
    """The value of a piece of a hint that has numbers only, by Python's own arithmetic."""
    piece = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda match: f"**{match[0].translate(RAISED)}", piece)
    for sign, plain in SIGNS.items():
        piece = piece.replace(sign, plain)
    try:
        return float(eval(piece, {"__builtins__": {}, "e": math.e, "sqrt": math.sqrt, "max": max}))
    except (NameError, SyntaxError, TypeError):
        return None


def test_the_numbers_of_a_hint_are_true(all_hints) -> None:
    compared = 0
    for d, each, hint in all_hints:
        line = re.sub(r"^(row|entry) [^:]*: ", "", hint.partition(" (from")[0])
        *before, last = (computed(piece) for piece in re.split(" = | ≈ ", line))
        numbers = [float(number) for number in re.findall(r"\d+\.?\d*", line)]
        for value in before:
            if value is not None:
                # What is put in has five digits, or more.
                slack = 1e-3 * max(abs(last), *(numbers if "+" in line or "−" in line else [0]))
                assert abs(value - last) <= slack, (d.name, each, hint)
                compared += 1
    assert compared > 1500
