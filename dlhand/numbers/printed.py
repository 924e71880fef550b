"""How a number that somebody printed or typed may be a value: at which digits, by which machine."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from dlhand.errors import GivenError
from dlhand.numbers.digits import Decimal10, Digits, chop, magnitude, round_half_up
from dlhand.numbers.exact import read_number
from dlhand.numbers.real import nearest_float

if TYPE_CHECKING:
    from dlhand.numbers.real import Real

__all__ = ["Number", "compare", "is_as_computed", "read_printed", "relation", "scales"]

EXACT, ROUNDED, TRUNCATED, UNEXPLAINED = "exact", "rounded", "truncated", "unexplained"
"""How a printed number relates to a value, when nothing else is looked at."""

SLACK = Fraction(8, 2**52)
"""What a few steps in double precision change, as a part of the largest number in them."""
CALCULATOR, DOUBLE = 10, 13
"""So many significant digits no person writes; a row of nines for an exact value, or any value."""


def scales(value: Fraction, places: int) -> range:
    """The decimal places to which a decimal may have been written, the finest first.

    Zeros that end a whole number say nothing: 120570 may be written to ones or to tens.

    >>> list(scales(Fraction(120570), 0)), list(scales(Fraction("0.50"), 2))
    ([0, -1], [2])
    """
    if places != 0 or not value:
        return range(places, places - 1, -1)
    text = str(value.numerator)
    zeros = len(text) - len(text.rstrip("0"))
    return range(0, -zeros - 1, -1)


def is_as_computed(real: Real, value: Fraction, places: int, largest: float = 0.0) -> bool:
    """Whether a decimal is the value as floating point has it: 0.30000000000000004 for 3/10.

    It has the many digits that only a machine prints, and is the value, off by what a few steps in
    double precision change, rounded or cut off there. ``largest`` is the size of the numbers that
    the value is worked out from. The standard is IEEE 754.

    >>> from dlhand.numbers.real import Real
    >>> third = Real(Fraction(3, 10), (0.3, 1e-16), lambda bits: None)
    >>> is_as_computed(third, Fraction("0.30000000000000004"), 17)
    True
    >>> is_as_computed(third, Fraction("0.3000001"), 7)
    False
    """
    digits = magnitude(value) + places + 1 if value else 0
    if digits < (DOUBLE if real.exact is None else CALCULATOR) or not isfinite(float(real)):
        return False
    off = SLACK * max(abs(Fraction(float(real))), Fraction(largest))
    if not off or abs(Fraction(float(real)) - value) > 2 * off + 2 / Fraction(10) ** places:
        return False
    low, high = real.enclosure(off / 8)
    ends = [f(x, places).fraction for x in (low - off, high + off) for f in (round_half_up, chop)]
    return min(ends) <= value <= max(ends)


class Number(NamedTuple):
    """A printed number: its value and how many decimal places it shows."""

    value: Fraction
    places: int


def read_printed(text: str) -> Number:
    """Read the characters of a page as a number.

    Raises `GivenError` for characters that are no number: these need a `Printed.reading`.

    >>> read_printed("-0.250")
    Number(value=Fraction(-1, 4), places=3)
    """
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    plain = re.sub(r"(?<=^[+-]) +| *(/) *", r"\1", plain)  # a sign or a stroke may stand apart
    try:
        value = read_number(plain)
    except GivenError:
        wanted = f"{text!r:.60} is printed; wanted a number, or a reading that is one"
        raise GivenError(wanted) from None
    if "/" in plain:
        return Number(value, 400)  # a fraction is meant exactly
    mantissa, _, exponent = plain.lower().partition("e")
    return Number(value, len(mantissa.partition(".")[2]) - int(exponent or 0))


def compare(number: Number, real: Real) -> str:
    """The plain relation of a printed number to a value: exact, rounded, truncated or none.

    >>> from dlhand.numbers.real import Real
    >>> third = Real(Fraction(200000, 3), (200000 / 3, 1e-10), lambda bits: None)
    >>> [compare(read_printed(text), third) for text in ("66666", "66700", "66600", "66000.0")]
    ['truncated', 'rounded', 'truncated', 'unexplained']
    """
    found = (
        _relation_at(Number(number.value, places), real)
        for places in scales(number.value, number.places)
        if places == number.places or abs(number.value) * Fraction(10) ** places >= 10
    )
    return next((verdict for verdict in found if verdict != UNEXPLAINED), UNEXPLAINED)


def _relation_at(number: Number, real: Real) -> str:
    if real.exact is not None:
        return relation(number, real.exact)
    if real.equals(number.value):
        return EXACT
    off = nearest_float(Fraction(11, 10) / Fraction(10) ** number.places)
    near = abs(nearest_float(number.value) - float(real)) <= off
    if number.places > 300 or not near:
        return UNEXPLAINED
    if (rounded := real.rounded(Digits(places=number.places))) and rounded.fraction == number.value:
        return ROUNDED
    low, high = real.enclosure(1 / Fraction(10) ** (number.places + 20))
    cut = chop(low, number.places) == chop(high, number.places) == _decimal(number)
    return TRUNCATED if cut else UNEXPLAINED


def relation(number: Number, value: Fraction) -> str:
    """The same for a value that is rational, at the places printed."""
    if number.value == value:
        return EXACT
    if _is_rounded(value, number):
        return ROUNDED
    return TRUNCATED if chop(value, number.places) == _decimal(number) else UNEXPLAINED


def _is_rounded(value: Fraction, number: Number) -> bool:
    return number.places <= 300 and number.value == round_half_up(value, number.places).fraction


def _decimal(number: Number) -> Decimal10:
    return Decimal10(int(number.value * Fraction(10) ** number.places), number.places)
