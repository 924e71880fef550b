"""The places that a slider has: whole multiples of a round step, through zero, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import count
from typing import NamedTuple

__all__ = ["Slide", "slide", "wide_enough", "widened"]

TO_A_SIDE = 100
"""At least about so many steps a range through zero has to each side."""
FINER = 10
"""So many times as fine the step may be where that puts a value, or an end, onto the grid."""
MOST_SAMPLES = 201

Ends = tuple[Fraction, Fraction]
Allows = Callable[[Fraction], bool]


class Slide(NamedTuple):
    """A slider: its notches from ``low`` to ``high``, and what one of them is worth.

    Notches are whole numbers, which a page counts without an error; the numbers stay exact.
    """

    low: int
    high: int
    step: Fraction

    def at(self, notch: int) -> Fraction:
        """The number at a notch."""
        return notch * self.step

    def notch(self, value: Fraction) -> int:
        """The notch nearest to a number, within the range."""
        return min(max(round(value / self.step), self.low), self.high)

    def reaches(self, value: Fraction) -> bool:
        """Whether a number lies within the range."""
        return self.at(self.low) <= value <= self.at(self.high)

    def places(self) -> list[Fraction]:
        """Some of its numbers from end to end, for a curve."""
        every = -(-(self.high - self.low) // (MOST_SAMPLES - 1)) or 1
        notches = [*range(self.low, self.high, every), self.high]
        return [self.at(notch) for notch in notches]


def slide(value: Fraction, ends: Ends, allows: Allows) -> Slide:
    """A slider over a range, which is made shorter where it would leave what is allowed.

    Its step is 1, 2 or 5 times a power of ten, fine enough to hold the value and the ends where
    it can. Where only whole numbers are allowed it moves in whole steps.

    >>> slide(Fraction("0.5"), (Fraction(0), Fraction(20)), lambda x: True)
    Slide(low=0, high=200, step=Fraction(1, 10))
    >>> slide(Fraction(3), wide_enough(Fraction(3)), lambda x: x >= 1 and x % 1 == 0)
    Slide(low=1, high=10, step=Fraction(1, 1))
    """
    low, high = ends
    least = Fraction(1) if _is_count(value, allows) else Fraction(0)
    span = (high - low) / (2 * TO_A_SIDE)
    steps = [max(step, least) for step in _rounder(span, span / FINER)]
    grids = [
        [step for step in steps if all((number / step).denominator == 1 for number in wanted)]
        for wanted in ((value, low, high), (low, high))
    ]
    step = next(iter([*grids[0], *grids[1], *steps]))
    found = Slide(-int(-low // step), int(high // step), step)
    start = found.notch(value)
    if not allows(found.at(start)):
        return found
    return Slide(
        _furthest(start, found.low, lambda notch: allows(found.at(notch))),
        _furthest(start, found.high, lambda notch: allows(found.at(notch))),
        step,
    )


def wide_enough(value: Fraction) -> Ends:
    """A range through zero with room around a value.

    >>> wide_enough(Fraction("0.35")), wide_enough(Fraction(-37)), wide_enough(Fraction("0.001"))
    ((Fraction(-1, 1), Fraction(1, 1)), (Fraction(-100, 1), Fraction(100, 1)), \
(Fraction(-1, 50), Fraction(1, 50)))
    """
    size = abs(value)
    is_tiny = 0 < size < Fraction(1, TO_A_SIDE)
    end = _round_up(20 * size if is_tiny else max(Fraction(1), 2 * size))
    return -end, end


def widened(value: Fraction, ends: Ends) -> Ends:
    """A range made wider, to a round number, so that it holds a value.

    >>> widened(Fraction(30), (Fraction(0), Fraction(20)))
    (Fraction(0, 1), Fraction(50, 1))
    """
    low, high = ends
    if value < low:
        low = -_round_up(-value) if value < 0 else Fraction(0)
    if value > high:
        high = _round_up(value) if value > 0 else Fraction(0)
    return low, high


def _is_count(value: Fraction, allows: Allows) -> bool:
    """Whether a number can only be whole."""
    if value.denominator != 1 or allows(value + Fraction(1, 2)):
        return False
    # a side that others must divide has neighbours that are refused
    others = (value + 1, value - 1, 2 * value, Fraction(value // 2))
    return any(allows(other) for other in others)


def _furthest(start: int, end: int, allows: Callable[[int], bool]) -> int:
    """The last notch from an allowed one towards the end of the range that is allowed."""
    if allows(end):
        return end
    good, bad = start, end
    while abs(bad - good) > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if allows(middle) else (good, middle)
    return good


def _rounder(most: Fraction, least: Fraction) -> Iterator[Fraction]:
    """The round numbers from one down to another, largest first; at least one."""
    power = _power(most)
    for down in count():
        for factor in (5, 2, 1):
            number = factor * Fraction(10) ** (power - down)
            if number < least:
                return
            if number <= most:
                yield number


def _round_up(number: Fraction) -> Fraction:
    """The least of 1, 2, 5, 10, 20, 50 … and of 0.5, 0.2, … that is no less than a number."""
    base = Fraction(10) ** _power(number)
    return next(factor * base for factor in (1, 2, 5, 10) if factor * base >= number)


def _power(number: Fraction) -> int:
    """The power of ten that a positive number has in scientific notation, however far out it is."""
    power = len(str(number.numerator)) - len(str(number.denominator))
    return power if Fraction(10) ** power <= number else power - 1
