"""What a page needs to judge an answer to a step by itself.

An answer is compared with the value of its step, with what comes out where steps are rounded on the
way, and with the least and the greatest that correct work can reach. None of these depends on the
answer: they are worked out here, and the page compares (`page/judge.js`). Only what follows from a
learner's own earlier answers cannot be known beforehand, and slips on the way are not searched for.

Numbers travel as texts: "-1/3" is exact, and "≈60108788e-8" is right up to one of its last digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.errors import UndefinedValue
from dlhand.learner.asked import Asked
from dlhand.learner.early import by_hand, keeps_digits
from dlhand.learner.rules import not_looked_at
from dlhand.numbers.digits import USUAL, Digits, magnitude, round_half_up

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.numbers.real import Real

__all__ = ["asked_facts", "step_facts"]

DIGITS = 50
"""Significant digits of a value: more than anyone types, so that they tell √2 from what is not."""
FEWER = 30
"""Those of what comes of rounding."""
LONGEST_EXACT = 400
"""An exact value of more characters travels like one that is not rational."""
LARGEST_PROVEN = 10**6
"""Whether a value is a fraction with a denominator up to this is looked into."""


def step_facts(d: Derivation, entry: Entry) -> dict[str, Any]:
    """What does not depend on the digits asked for.

    >>> from dlhand.operations.activations import sigmoid
    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("One neuron")
    >>> w, x = d.givens(w="0.37", x="0.43")
    >>> a = d.step("a", sigmoid(d.step("z", w * x)))
    >>> facts = step_facts(d, d["a"])
    >>> facts["values"]
    ['≈53969131041732278495158019901780199624861596166534e-50']
    >>> places, is_cut_off, keeps_digits, found = facts["rounded"][0]
    >>> places, [which for which, numbers in found]
    (6, ['every step before', 'every step, this one too,'])
    """
    step = Asked(d, entry, USUAL)
    return {
        "values": [_value(real) for real in step.reals],
        "scale": step.largest,
        "rounded": [*_rounded(step)],
        "looked": not_looked_at(step),
    }


def asked_facts(d: Derivation, entry: Entry, digits: Digits) -> dict[str, Any]:
    """What depends on the digits asked for."""
    step = Asked(d, entry, digits)
    shown = [real.shown(digits) for real in step.reals]
    return {
        "work": step.work,
        "at": step.at,
        "reach": [[_end(end) for end in ends] for ends in step.reach]
        if step.affords_reach
        else None,
        "shown": _from_shown(step),
        "texts": [one.text if one.exact else None for one in shown],
        "whole": [
            None if real.exact is None else real.shown(Digits(None, digits.places)).text
            for real in step.reals
        ],
    }


def _rounded(step: Asked) -> Iterator[list[Any]]:
    """What comes out by hand, the finest rounding first: places, cut off, digits left, numbers."""
    for places, chopped in step.roundings:
        found: list[list[Any]] = []
        keeps = False
        for which, reals, hand in by_hand(step, (places, chopped)):
            found.append([which, [sent(real, FEWER) for real in reals]])
            keeps = keeps_digits(step, hand, places)
        if found:
            yield [places, int(chopped), int(keeps), found]


def _from_shown(step: Asked) -> list[str] | None:
    """The step from the results before it as they are shown, where these are not exact."""
    if step.entry.formula is None:
        return None
    try:
        reals: Sequence[Real] | None = step.from_shown()
        return None if reals is None else [sent(real, FEWER) for real in reals]
    except UndefinedValue:  # what is shown as 0 may be divided by
        return None


def _value(real: Real) -> str:
    """A value; one that is rational by its formula is proven to be."""
    if real.exact is None:
        low, high = real.enclosure()
        near = ((low + high) / 2).limit_denominator(LARGEST_PROVEN)
        if low <= near <= high:
            real.equals(near)  # which takes the exact value up
    return sent(real, DIGITS)


def _end(end: Fraction) -> str:
    text = str(end)
    return text if len(text) <= LONGEST_EXACT else _near(end, FEWER)


def sent(real: Real, digits: int) -> str:
    """A number as it travels; one that is not rational with so many significant digits.

    >>> from dlhand.numbers.real import Real
    >>> sent(Real(Fraction(-1, 3), (-1 / 3, 1e-16), lambda bits: None), 50)
    '-1/3'
    """
    if real.exact is not None:
        return _end(real.exact)
    size = abs(float(real))
    try:
        width = Fraction(size) / 10 ** (digits + 2) if size else Fraction(1, 10 ** (2 * digits))
        low, high = real.enclosure(width)
    except UndefinedValue:  # it cannot be told from 0
        low, high = real.enclosure()
    return "≈0e-30" if low <= 0 <= high else _near((low + high) / 2, digits)


def _near(value: Fraction, digits: int) -> str:
    places = digits - 1 - magnitude(value)
    return f"≈{round_half_up(value, places).mantissa}e{-places}"
