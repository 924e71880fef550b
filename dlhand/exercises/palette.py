"""Which numbers may stand in the place of a given: of its own kind, and kind to pencil and paper.

The kind is seen from the numbers that are declared. A mask or one-hot list is shuffled within its
rows, shares stay shares, a whole number stays whole; any other number gets no more digits than it
has, its sign and about its size; zeros stay zeros, for that is what makes a matrix easy. What is
no number to play with stays: the zeros with which a state begins, the places 0, 1, 2 ..., an
epsilon, a number that was itself worked out to many digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from random import Random
from typing import Any

from dlhand.numbers.exact import Shape, read_number

MOST_DIGITS = 3
"""A declared number with more was worked out or measured; it stays."""
SMALLEST = Fraction(1, 1000)
"""What is smaller, such as an epsilon, stays."""
POWERS_OF_TEN = (100, 1000, 10000)
"""One of these is drawn for another: such a number is a scale."""

Flat = tuple[Fraction, ...]
_Change = Callable[[Random, list[Fraction]], list[Fraction]]


class Palette:
    """The numbers of one given, and how others are drawn for it.

    ``is_count`` says that whole numbers are meant that count something; with ``in_place`` zeros and
    signs stay where they are; ``among`` has the numbers from which each is drawn, if that is known.

    >>> mask = Palette((Fraction(1), Fraction(0), Fraction(1)), (3,))
    >>> sorted(map(int, mask.redrawn(Random(1), mask.declared)))
    [0, 1, 1]
    >>> Palette((Fraction("0.05"),), ()).options(Fraction("0.05"))[:3]
    [Fraction(1, 100), Fraction(1, 50), Fraction(3, 100)]
    """

    def __init__(
        self,
        declared: Flat,
        shape: Shape,
        *,
        is_count: bool = False,
        in_place: bool = False,
        among: Sequence[Any] = (),
    ) -> None:
        self.declared = declared
        self.shape = shape
        self.is_count = is_count
        self.in_place = in_place
        self.among = [read_number(number, "a number to draw from") for number in among]
        self.is_bits = {*declared, *self.among} == {0, 1}
        """Whether it is a mask, or one-hot: nothing but zeros and ones, and both."""
        self.lines = _lines(shape)
        self.is_shares = not (self.is_bits or among or in_place) and self._adds_up()

    @property
    def stays(self) -> bool:
        """Whether no other numbers may stand in its place."""
        numbers = {*self.declared}
        if self.among:
            return len({*self.among}) == 1
        if self.is_bits or self.is_shares:
            return False
        if len(self.declared) > 1 and (len(numbers) == 1 or self._counts_up()):
            return True
        return all(self.options(number) == [number] for number in numbers)

    def redrawn(self, rng: Random, now: Flat) -> Flat:
        """All numbers drawn anew."""
        if self.is_shares:
            return self._with_lines(rng, now, self.lines, self._shares)
        shuffled = now if self.in_place else self._with_lines(rng, now, self.lines, _shuffled)
        if self.is_bits and not self.among:
            return shuffled
        return tuple([self._another(rng, number) for number in shuffled])

    def nudged(self, rng: Random, now: Flat) -> Flat:
        """One number drawn anew, or two in a line exchanged."""
        if (self.is_shares or self.is_bits) and not self.among:
            change = self._shares if self.is_shares else _shuffled
            return self._with_lines(rng, now, [rng.choice(self.lines)], change)
        other = list(now)
        if len(now) > 1 and not self.in_place and rng.random() < 0.3:
            line = rng.choice(self.lines)
            a, b = rng.choice(line), rng.choice(line)
            other[a], other[b] = other[b], other[a]
        else:
            at = rng.choice([k for k, number in enumerate(now) if number or self.among])
            other[at] = self._another(rng, other[at])
        return tuple(other)

    def options(self, number: Fraction) -> list[Fraction]:
        """The numbers among which one is drawn in the place of a number."""
        if self.among:
            return self.among
        size, places = abs(number), _places(number)
        if not number or size < SMALLEST or places is None:
            return [number]
        digits = size * 10**places
        unit = Fraction(1 if number > 0 else -1, 10**places)
        if not places and size in POWERS_OF_TEN:
            return [unit * one for one in POWERS_OF_TEN]
        if places and len(str(digits)) > MOST_DIGITS:
            return [number]
        if self.is_count:
            drawn = _counts(int(size))
        elif len(self.declared) > 1 and size < 4 and not places:
            drawn = [*range(1, 4 if size == 1 else 5)]
        else:
            drawn = _mantissas(int(digits), places)
        return [unit * one for one in drawn]

    def _another(self, rng: Random, number: Fraction) -> Fraction:
        return rng.choice(self.options(number))

    def _adds_up(self) -> bool:
        """Whether each line adds up to 1, so that its numbers are shares of a whole."""
        if not self.shape or min(self.declared) < 0:
            return False
        for lines in (_lines(self.shape), _columns(self.shape)):
            if all(sum(self.declared[k] for k in line) == 1 for line in lines):
                self.lines = lines
                return all(_places(number) is not None for number in self.declared)
        return False

    def _counts_up(self) -> bool:
        return list(self.declared) == [Fraction(k) for k in range(len(self.declared))]

    def _shares(self, rng: Random, line: list[Fraction]) -> list[Fraction]:
        """Other shares of the same places, with as many that are not zero."""
        places = max(_places(number) or 0 for number in line)
        whole = 10**places
        count = sum(1 for number in line if number)
        if count > 1 and whole > count:
            cuts = sorted(rng.sample(range(1, whole), count - 1))
            parts = [b - a for a, b in zip([0, *cuts], [*cuts, whole], strict=True)]
            line = [Fraction(part, whole) for part in parts] + [Fraction(0)] * (len(line) - count)
        return _shuffled(rng, line)

    def _with_lines(
        self, rng: Random, now: Flat, lines: Sequence[Sequence[int]], change: _Change
    ) -> Flat:
        other = list(now)
        for line in lines:
            changed = change(rng, [now[k] for k in line])
            for k, number in zip(line, changed, strict=True):
                other[k] = number
        return tuple(other)


def _shuffled(rng: Random, line: list[Fraction]) -> list[Fraction]:
    return rng.sample(line, len(line))


def _lines(shape: Shape) -> list[list[int]]:
    """The flat places of each row of an array; a column of one is a row."""
    length = next((n for n in reversed(shape) if n > 1), 1)
    return [[*range(k, k + length)] for k in range(0, prod(shape), length)]


def _columns(shape: Shape) -> list[list[int]]:
    if len(shape) != 2:
        return _lines(shape)
    rows, columns = shape
    return [[*range(k, rows * columns, columns)] for k in range(columns)]


def _places(number: Fraction) -> int | None:
    """The decimal places of a number that ends; None for any other."""
    return next((p for p in range(9) if (number * 10**p).denominator == 1), None)


def _mantissas(digits: int, places: int) -> list[int]:
    """Numbers like one, as whole numbers: with as many digits, and of about its size."""
    if places == 0 and digits < 10:
        # not 1, which hides whether it was multiplied by
        return [*range(2, 6 if digits < 4 else 10)]
    if digits < 10:
        return [*range(1, 10)]
    zeros = len(str(digits)) - len(str(digits).rstrip("0"))
    if zeros:
        return [k * 10**zeros for k in _mantissas(digits // 10**zeros, 0)]
    if places == 0 and digits & (digits - 1) == 0:
        return [digits // 2, digits, 2 * digits]
    most = 10 ** len(str(digits)) - 1
    return [k for k in range(-(-digits // 2), min(2 * digits, most) + 1) if k % 10]


def _counts(count: int) -> list[int]:
    """Counts like one: powers of two for such a power, and for tens tens; 1 stays."""
    if count < 2:
        return [count]
    least, most = max(2, count // 2), 2 * count
    if count >= 8 and count & (count - 1) == 0:
        return [count // 4, count // 2, count, 2 * count]
    if count >= 10**4:
        return [count]
    step = 10 ** (len(str(count)) - len(str(count).rstrip("0")))
    return [k for k in range(least, most + 1) if k % step == 0]
