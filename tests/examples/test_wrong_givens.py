"""No example takes, in silence, a given that its steps cannot mean.

What kind of number a given is, is read off what the example says of it in words: a box, a mask, a
rate of dropout, a count.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from dlhand import Derivation, GivenError, load
from dlhand.derivation.entries import Given
from dlhand.examples import names

COUNTED = re.compile(
    r"\b(how many|cells|classes|heads|samples|units|inputs|outputs|windows|epochs|pixels|patch"
    r"|stride|padding|(the|that of the) filter|side of|its side|the side|boxes for"
    r"|numbers a (word|token)|steps of|sizes|shapes|the step we look at)\b"
)
COUNTS = re.compile(r"-(count|sizes?|side)$")
"""Names of examples in which every single number is a count."""


def wrong(name: str, d: Derivation, given: Given) -> Iterator[tuple[str, Any]]:
    """Values that a given cannot have, each with what is wrong with it."""
    value = d.given_value(given)
    if re.search(r"\bbox\b", given.say) and given.shape == (4,):
        left, top, right, bottom = value
        yield "left and right are swapped", [right, top, left, bottom]
        yield "top and bottom are swapped", [left, bottom, right, top]
    if re.search(r"\bmask\b|^1 for a word", given.say):
        yield "a mask of 2", filled(value, 2)
        yield "a mask of -1", filled(value, -1)
    if "switched off" in given.say:
        yield "a rate of 2", 2
        yield "a rate of -1", -1
    if is_count(name, given, value):
        yield "half a one too many", value + Fraction(1, 2)
        yield "less than none", -value - 1


def is_count(name: str, given: Given, value: Any) -> bool:
    if given.shape or value.denominator != 1:
        return False
    return bool(COUNTED.search(given.say) or COUNTS.search(name))


def filled(value: Any, number: int) -> Any:
    return [filled(item, number) for item in value] if isinstance(value, list) else number


CASES = [
    pytest.param(name, given.name, value, id=f"{name}: {given.name}: {what}")
    for name in names()
    for d in [load(name)]
    for given in d.given_entries
    for what, value in wrong(name, d, given)
]


def test_there_are_cases_of_every_kind() -> None:
    said = " ".join(str(case.id) for case in CASES)
    for what in ("swapped", "a mask of 2", "a rate of 2", "half a one"):
        assert said.count(what) >= 2
    assert len(CASES) > 150


@pytest.mark.parametrize(("name", "given", "value"), CASES)
def test_a_wrong_given_is_refused_in_a_sentence(name: str, given: str, value: Any) -> None:
    with pytest.raises(GivenError, match="; wanted "):
        load(name).with_values({given: value})


@pytest.mark.parametrize(
    ("name", "filter", "image"),
    [("003-conv-size", "f", "m"), ("002-conv-sizes", "f", "n"), ("003-conv-1x1-side", "f", "m")],
)
def test_a_filter_larger_than_its_image_is_refused(name: str, filter: str, image: str) -> None:
    d = load(name)
    with pytest.raises(GivenError, match=f"{filter} is larger than {image}"):
        d.with_values({filter: d.given_value(image) + 1})
