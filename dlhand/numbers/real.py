"""One number of a derivation, known as exactly as anyone asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from math import inf, nextafter

from dlhand.errors import UndefinedValue
from dlhand.numbers.balls import UNIT, Ball, Balls
from dlhand.numbers.digits import (
    DEFAULT_DIGITS,
    USUAL,
    Decimal10,
    Digits,
    Shown,
    chop,
    round_ball,
    round_bounds,
    terminates,
    write,
    write_ball,
)
from dlhand.numbers.intervals import NEAR_ZERO, Unsettled

Bounds = tuple[Fraction, Fraction]
PRECISIONS = (80, 160, 320, 640, 1280, 2560, 5120)
PROVING = 320
"""From this precision on normal forms are worked out beside the intervals: see `terms`."""
_MOST = 100_000
LONGEST_FRACTION = 1000
"""The largest denominator of a fraction that is written as one."""


def _is_short_fraction(value: Fraction) -> bool:
    """Whether a number that is no decimal is short enough to be written as a fraction."""
    short = value.denominator <= LONGEST_FRACTION and abs(value.numerator) < 10**15
    return short and terminates(value, 40) is None


_PLAIN = frozenset((None, *range(1, 16)))
"""Significant digits that need no second look."""


def is_suspect(text: str, ball: Ball) -> bool:
    """Whether a number that is written 1.0000 may be 1, for all that floating point tells."""
    return text[-1] == "0" and abs(float(text) - ball[0]) <= ball[1]


def nearest_float(value: Fraction) -> float:
    """The nearest float; infinite beyond the largest.

    >>> nearest_float(Fraction(1, 2)), nearest_float(Fraction(-(10**400)))
    (0.5, -inf)
    """
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


class Real:
    """A number with an exact value, where it is rational, and enclosures as tight as wanted.

    >>> from fractions import Fraction
    >>> third = Real(Fraction(1, 3), (1 / 3, 1e-16), lambda bits: None)
    >>> third.shown().text, third.digits(3)
    ('1/3', '0.333')
    """

    __slots__ = ("_refine", "ball", "exact")

    def __init__(
        self, exact: Fraction | None, ball: Ball, refine: Callable[[int], Bounds | None]
    ) -> None:
        self.exact = exact
        self.ball = ball
        self._refine = refine

    def __float__(self) -> float:
        """The nearest float, or one next to it; infinite beyond the largest."""
        if self.exact is not None:
            return nearest_float(self.exact)
        v, e = self.ball
        if e <= abs(v) * UNIT:
            return v
        for low, high in self._refined():
            first, last = nearest_float(low), nearest_float(high)
            if last <= nextafter(first, inf):
                return last + 0.0  # not -0.0
        raise UndefinedValue("no float of that value within 5000 bits")

    def __repr__(self) -> str:
        return self.shown().text

    def __sub__(self, other: Real) -> Real:
        """The difference, to be known as exactly as the two numbers are.

        >>> from fractions import Fraction
        >>> half, third = (Real(Fraction(1, n), (1 / n, 1e-16), lambda bits: None) for n in (2, 3))
        >>> half - third
        1/6
        """
        exact = None
        if self.exact is not None and other.exact is not None:
            exact = self.exact - other.exact

        def refine(precision: int) -> Bounds | None:
            mine, its = self._bounds(precision), other._bounds(precision)
            return None if mine is None or its is None else (mine[0] - its[1], mine[1] - its[0])

        return Real(exact, Balls.sub(self.ball, other.ball), refine)

    def equals(self, value: Fraction) -> bool:
        """Whether the number is proven to be ``value``."""
        if self.exact is None and self._may_be(value):
            self._prove()
        return self.exact == value

    def _may_be(self, value: Fraction) -> bool:
        """Whether neither floating point nor the first interval tells the number from ``value``."""
        v, e = self.ball
        if not e < inf or abs(Fraction(v) - value) > Fraction(e):
            return False
        try:
            bounds = self._refine(PRECISIONS[0])
        except (Unsettled, UndefinedValue):
            return True
        if bounds is None or -NEAR_ZERO in bounds or NEAR_ZERO in bounds:
            return False  # it has its side of zero, though no digits worth showing
        return bounds[0] <= value <= bounds[1]

    def _prove(self) -> None:
        """Look for the exact value of a number that is not rational by its formula."""
        try:
            bounds = self._refine(PROVING)
        except (Unsettled, UndefinedValue):
            return
        if bounds is not None and bounds[0] == bounds[1]:
            self.exact = bounds[0]

    def enclosure(self, width: Fraction = Fraction(1, 10**30)) -> Bounds:
        """Two fractions that provably contain the number, at most ``width`` apart.

        Raises `UndefinedValue` where no precision within reach gives that.
        """
        if self.exact is not None:
            return self.exact, self.exact
        for low, high in self._refined():
            if high - low <= width:
                return low, high
        raise UndefinedValue("no enclosure of that width within 5000 bits")

    def rounded(self, to: Digits = USUAL) -> Decimal10 | None:
        """The number rounded to significant digits or decimal places, ties up; proven.

        None where no precision within reach decides: the number then sits, as far as anyone can
        tell, exactly on the boundary between two roundings.
        """
        if self.exact is not None:
            return round_bounds(self.exact, self.exact, to)
        if to.places is None:
            quick = round_ball(*self.ball, to.many)
            if quick is not None:
                return quick
        for low, high in self._refined():
            found = round_bounds(low, high, to)
            if found is not None:
                return found
        return None

    def chopped(self, places: int) -> Decimal10:
        """The number cut off after ``places`` decimals; proven, unless it ends there itself.

        Where no precision within reach tells the number from a decimal of so many places, it is
        taken to be that decimal.

        >>> from fractions import Fraction
        >>> Real(Fraction(2, 3), (2 / 3, 1e-16), lambda bits: None).chopped(2)
        Decimal10(mantissa=66, places=2)
        """
        if self.exact is not None:
            return chop(self.exact, places)
        ends: list[Decimal10] = []
        for low, high in self._refined():
            ends = [chop(low, places), chop(high, places)]
            if ends[0] == ends[1]:
                return ends[0]
        if not ends:
            raise UndefinedValue("no precision within reach tells where the number lies")
        return max(ends, key=lambda end: abs(end.mantissa))

    def digits(self, digits: int = DEFAULT_DIGITS) -> str:
        """The proven decimal digits, ``digits`` of them significant.

        Raises `UndefinedValue` for more than can be proven, `GivenError` for what is no number of
        digits.
        """
        to = Digits(digits)
        to.check(_MOST)
        return self.decimal(to)

    def places(self, places: int) -> str:
        """The proven decimal digits, ``places`` of them after the point.

        Raises `UndefinedValue` for more than can be proven, which is about 1500.
        """
        return self.decimal(Digits(places=places))

    def decimal(self, to: Digits) -> str:
        """The number as a decimal, never as a fraction: see `digits` and `places`."""
        return write(self._settled(to))

    def _settled(self, to: Digits) -> Decimal10:
        """The rounding asked for, or one with more digits where that one is left open."""
        found = self.rounded(to)
        if found is None and to.places is None and not self._has_sign():
            # nothing tells it from zero; to these places it is
            found = self.rounded(Digits(places=to.many))
        if found is None:  # one more digit settles what a tie leaves open
            found = self.rounded(to.one_more())
        if found is None:
            raise UndefinedValue("so many digits cannot be proven; of most numbers about 1500 can")
        return found

    def shown(self, to: Digits = USUAL) -> Shown:
        """The number as a page writes it: exactly where that is short, else rounded."""
        if self.exact is None and to.places is None and to.significant in _PLAIN:  # most numbers
            v, e = self.ball
            quick = write_ball(v, e, to.many)
            if quick is not None and not is_suspect(quick, self.ball):
                return Shown(quick, False)
        to.check()
        if self.exact is None:
            written = self._settled(to)
            if written.mantissa % 10 or not self.equals(written.fraction):
                return Shown(write(written), False)
        assert self.exact is not None
        short = terminates(self.exact, to.whole)
        if short is not None:
            return Shown(write(short), True)
        if _is_short_fraction(self.exact):
            return Shown(str(self.exact), True)
        return Shown(write(self._settled(to)), False)

    def _has_sign(self) -> bool:
        return any(low > 0 or high < 0 for low, high in self._refined())

    def _bounds(self, precision: int) -> Bounds | None:
        return self._refine(precision) if self.exact is None else (self.exact, self.exact)

    def _refined(self) -> Iterator[Bounds]:
        """Ever narrower bounds: those in floating point first, which cost nothing more."""
        v, e = self.ball
        if 0.0 < e < inf:  # without a width it would be exact
            yield Fraction(v) - Fraction(e), Fraction(v) + Fraction(e)
        for precision in PRECISIONS:
            try:
                bounds = self._refine(precision)
            except Unsettled:
                continue
            if bounds is None:
                continue
            yield bounds
            if bounds[0] == bounds[1]:
                self.exact = bounds[0]
                return
            if -NEAR_ZERO <= bounds[0] <= 0 <= bounds[1] <= NEAR_ZERO:
                return
