"""The two halves of a player's page: one has nothing of the numbers, the other all of them."""

import random
from fractions import Fraction

import pytest

from dlhand import Derivation, UndefinedValue, load, log, relu, sigmoid
from dlhand.numbers.digits import Digits
from dlhand.render import text
from dlhand.render.html import math_line
from dlhand.widgets.view import View

EXAMPLES = (
    "000-softmax-jacobian", "002-net222", "002-lstm", "003-conv-maxpool", "003-xor-relu",
    "004-losses-softmax",
)  # fmt: skip


def neuron() -> Derivation:
    d = Derivation("One neuron")
    x, w, b = d.givens(x="0.1", w="-37", b="1/3")
    d.section("Forward")
    z = d.step("z", w * x + b, say="weighted sum")
    d.step("a", sigmoid(z))
    d.step("f", d["b"] * 2)
    return d


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_numbers_are_those_of_the_lines_and_the_labels_those_of_the_text(name: str) -> None:
    d = load(name)
    three = Digits(places=3)
    view = View(d, three)
    fixed, numbers = view.fixed(), view.numbers(d)
    assert numbers["givens"] == [math_line(d, e, digits=three).result for e in d.given_entries]
    for step, shown, (put_in, result, label, note) in zip(
        d.steps, fixed["steps"], numbers["steps"], strict=True
    ):
        pieces = math_line(d, step, digits=three)
        assert (put_in, result, note) == (pieces.numbers, pieces.result, pieces.note)
        assert shown["asks"] + label == text.line(d, step, digits=three)


def test_what_is_fixed_is_the_same_for_every_setting() -> None:
    d = neuron()
    other = d.what_if(x=2, b=7)
    assert View(d).fixed() == View(other, digits=Digits(9)).fixed()
    assert View(d).fits(other)
    assert View(d).fits(d.by_hand(2))
    assert not View(d).fits(neuron())  # the like, but not the same
    assert not View(d).fits(d.with_steps({"z": 0}))  # z has no formula there


def test_shapes_are_told() -> None:
    d = Derivation("A layer")
    x, W = d.givens(x=[1, 2], W=[[1, 2], [3, 4], [5, 6]])
    d.step("z", W @ x)
    d.step("n", d["z"][0])
    assert [step["shape"] for step in View(d).fixed()["steps"]] == [[3], []]


@pytest.mark.parametrize("name", EXAMPLES)
def test_after_any_ticks_the_numbers_are_those_of_a_fresh_start(name: str) -> None:
    chance = random.Random(name)
    d = load(name)
    view = View(d)
    values = {given.name: d.given_value(given.name) for given in d.given_entries}
    for _ in range(12):
        changed = chance.choice(list(values))
        values[changed] = _nudged(values[changed], chance)
        try:
            fresh = View(load(name)).numbers(load(name).with_values(values))
        except UndefinedValue:
            with pytest.raises(UndefinedValue):
                view.numbers(d.with_values(values))
            values[changed] = d.given_value(changed)
            continue
        assert view.numbers(d.with_values(values)) == fresh
    assert view.numbers(d.by_hand(2)) == View(load(name)).numbers(load(name).by_hand(2))
    assert view.numbers(d) == View(load(name)).numbers(load(name))


def _nudged(value, chance: random.Random):
    if isinstance(value, list):
        return [_nudged(inner, chance) for inner in value]
    return value + chance.choice([Fraction(0), Fraction(1, 7), Fraction(-1, 4), Fraction(1, 10)])


def test_a_change_that_no_float_has_is_seen() -> None:
    d = Derivation("Very near")
    (x,) = d.givens(x="0.5")
    d.step("a", sigmoid(x))
    view = View(d, digits=Digits(45))
    near = d.what_if(x=Fraction(1, 2) + Fraction(1, 10**40))
    assert view.numbers(d)["steps"] != view.numbers(near)["steps"]
    assert view.numbers(near) == View(d, digits=Digits(45)).numbers(near)


def test_steps_that_a_tick_does_not_touch_are_not_made_anew() -> None:
    d = neuron()
    view = View(d)
    before = view.numbers(d)["steps"]
    after = view.numbers(d.what_if(x=1))["steps"]
    assert [one is other for one, other in zip(before, after, strict=True)] == [False, False, True]


def test_a_setting_without_a_value_leaves_no_trace() -> None:
    d = Derivation("A logarithm")
    x, y = d.givens(x=2, y=3)
    d.step("r", relu(x))
    d.step("l", log(x * y))
    view = View(d)
    before = view.numbers(d)
    with pytest.raises(UndefinedValue, match="step l"):
        view.numbers(d.what_if(x=5, y=-1))
    assert view.numbers(d) == before
    assert view.numbers(d.what_if(x=5))["steps"][0][2] == " = ReLU(5) = 5"


def test_remarks_are_plain_text() -> None:
    d = neuron()
    view = View(d.with_steps({"z": "1.5"}))
    assert view.numbers(d.with_steps({"z": "1.5"}))["steps"][0][1:] == [
        '<math><mo form="infix">=</mo><mn>1.5</mn></math>',
        " = 1.5 (taken as given here)",
        "(taken as given here)",
    ]
