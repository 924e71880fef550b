"""How a number that somebody printed or typed may be a value: at which digits, by which machine."""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING

from dlhand.numbers.digits import chop, magnitude, round_half_up

if TYPE_CHECKING:
    from dlhand.numbers.real import Real

__all__ = ["is_as_computed", "scales"]

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
