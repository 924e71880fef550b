"""Slips of a number: a digit or the sign misread, the point shifted, rounded too early.

They happen to givens when these are copied, to earlier results when these are put in, and to a
result when it is written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from dlhand.numbers.digits import Decimal10, chop, magnitude, round_half_up, terminates
from dlhand.operations.slips import RARE, SELDOM, USUAL

MOST_DIGITS = 12
"""In a decimal of more digits none is misread: nobody copies it out."""
MIXED_UP = frozenset(map(frozenset, ("17", "38", "56", "06", "49", "35", "27", "14", "69", "08")))
"""Digits that look alike in handwriting."""


class Misread(NamedTuple):
    """A number that was taken for another one: the other one, what happened, and how plain it is.

    ``say`` goes on after "This is what you get"; {was} is the name of the quantity.
    """

    name: str
    value: Fraction
    cost: float
    say: str


SIGN = "sign misread"
SHIFTED = "place value shifted"
EXCHANGED = "digits exchanged"
DIGIT = "digit misread"
ROUNDED, CHOPPED = "rounded early", "chopped early"


def misread(
    value: Fraction, decimal: Decimal10 | None = None, most: float = RARE
) -> Iterator[Misread]:
    """What a number may be taken for, the plainest first, up to a cost of ``most``.

    ``decimal`` is how it was written; without it, it is the number itself, if that is a decimal.

    >>> [(one.name, str(one.value)) for one in misread(Fraction("0.35"))][:3]
    [('sign misread', '-7/20'), ('place value shifted', '7/2'), ('place value shifted', '7/200')]
    """
    if not value:
        return
    yield Misread(SIGN, -value, USUAL, "with the other sign of {was}")
    yield Misread(SHIFTED, value * 10, USUAL, "with the point of {was} one place too far right")
    yield Misread(SHIFTED, value / 10, USUAL, "with the point of {was} one place too far left")
    if decimal is None and most >= SELDOM:
        decimal = terminates(value, MOST_DIGITS)
    if decimal is None or most < SELDOM:
        return
    digits = str(abs(decimal.mantissa))
    if len(digits) > MOST_DIGITS:
        return
    for k in range(len(digits) - 1):
        if digits[k] != digits[k + 1]:
            turned = digits[:k] + digits[k + 1] + digits[k] + digits[k + 2 :]
            number = _like(decimal, turned)
            yield Misread(EXCHANGED, number, USUAL, "with two digits of {was} exchanged")
    for k, digit in enumerate(digits):
        for other in "0123456789":
            if other == digit:
                continue
            cost = SELDOM if frozenset((digit, other)) in MIXED_UP else RARE
            if cost <= most:
                number = _like(decimal, digits[:k] + other + digits[k + 1 :])
                yield Misread(DIGIT, number, cost, "with one digit of {was} misread")


def rounded_early(value: Fraction | float) -> Iterator[Misread]:
    """A number rounded, or cut off, to few places: 2 and 3, or 1 where a digit is left.

    >>> [(one.name, str(one.value)) for one in rounded_early(Fraction("0.5678"))][:2]
    [('rounded early', '57/100'), ('chopped early', '14/25')]
    """
    exactly = Fraction(value)
    if not exactly:
        return
    for places in (2, 3, 1, 4):
        if magnitude(exactly) + places < 0:  # no digit is left
            continue
        cost = USUAL + 0.5 * (magnitude(exactly) + places < 1)
        seen = set[Fraction]()
        words = f"{places} place" + "s" * (places != 1)
        for name, cut, how in (
            (ROUNDED, round_half_up, "rounded to"),
            (CHOPPED, chop, "cut off after"),
        ):
            number = cut(exactly, places).fraction
            if number != exactly and number not in seen:
                seen.add(number)
                yield Misread(name, number, cost, f"when {{was}} is {how} {words} first")
            cost += 0.5


def _like(decimal: Decimal10, digits: str) -> Fraction:
    sign = -1 if decimal.mantissa < 0 else 1
    return sign * Decimal10(int(digits), decimal.places).fraction
