"""Intervals of as many digits as are asked for, by mpmath.

Endpoints are mpmath's raw floats, read as exact fractions: converting them at a working
precision would silently break the proof.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from dlhand.errors import UndefinedValue
from dlhand.numbers.arithmetic import Arithmetic

Interval = tuple[Any, Any]
_LONGEST_ARGUMENT = 4096  # bits of what e is raised to; beyond them memory would not suffice
_RESERVE = 20  # bits that functions are worked out to beyond those that are kept
_MAX_EXPONENT = 40_000
"""Bits: a value beyond 10**12000 has no digits worth showing, one below its inverse is near 0."""


class Intervals(Arithmetic[Interval]):
    """Interval arithmetic at ``precision`` bits, rounded outwards.

    >>> arithmetic = Intervals(80)
    >>> low, high = arithmetic.bounds(arithmetic.sqrt(arithmetic.number(Fraction(2))))
    >>> low**2 < 2 < high**2, float(high - low) < 1e-23
    (True, True)
    """

    def __init__(self, precision: int) -> None:
        from mpmath import libmp

        self._mp: Any = libmp
        self._prec = precision
        self._one: Interval = self.number(Fraction(1))
        self._zero: Interval = self.number(Fraction(0))

    def number(self, value: Fraction) -> Interval:
        mp, prec = self._mp, self._prec
        low = mp.from_rational(value.numerator, value.denominator, prec, "f")
        high = mp.from_rational(value.numerator, value.denominator, prec, "c")
        return low, high

    def add(self, a: Interval, b: Interval) -> Interval:
        return self._mp.mpi_add(a, b, self._prec)  # type: ignore[no-any-return]

    def sub(self, a: Interval, b: Interval) -> Interval:
        return self._mp.mpi_sub(a, b, self._prec)  # type: ignore[no-any-return]

    def neg(self, a: Interval) -> Interval:
        return self._mp.mpf_neg(a[1]), self._mp.mpf_neg(a[0])

    def mul(self, a: Interval, b: Interval) -> Interval:
        return self._mp.mpi_mul(a, b, self._prec)  # type: ignore[no-any-return]

    def div(self, a: Interval, b: Interval) -> Interval:
        if self._sign(b) is None:
            raise Unsettled("a divisor")
        return self._mp.mpi_div(a, b, self._prec)  # type: ignore[no-any-return]

    def power(self, a: Interval, exponent: Fraction) -> Interval:
        if exponent.denominator == 1:
            n = exponent.numerator
            if n < 0:
                return self.div(self._one, self.power(a, Fraction(-n)))
            return self._mp.mpi_pow_int(a, n, self._prec)  # type: ignore[no-any-return]
        if exponent == Fraction(1, 2):
            return self.sqrt(a)
        return self.exp(self.mul(self.number(exponent), self.log(a)))

    def exp(self, a: Interval) -> Interval:
        if _length(a) > _LONGEST_ARGUMENT:
            if self._sign(a) != -1:
                raise UndefinedValue("a value too large or too small to be written down")
            return self._zero[0], self._mp.from_man_exp(1, -(10**9))
        return self._one if a == self._zero else self._enclosed(self._mp.mpi_exp, a)

    def log(self, a: Interval) -> Interval:
        if self._sign(a) is None:
            raise Unsettled("the argument of a logarithm")
        if self._sign(a) == -1:
            raise UndefinedValue("the logarithm of a number that is not positive")
        return self._enclosed(self._mp.mpi_log, a)

    def sqrt(self, a: Interval) -> Interval:
        if self._sign(a) == -1:
            raise UndefinedValue("the square root of a negative number")
        if self._sign(a) is None:
            if self._mp.mpf_sign(a[0]) < 0:
                raise Unsettled("the argument of a square root")
            return a[0], self._mp.mpf_sqrt(a[1], self._prec, "c")
        return self._mp.mpi_sqrt(a, self._prec)  # type: ignore[no-any-return]

    def sin(self, a: Interval) -> Interval:
        if _length(a) > self._prec:  # not one digit is known of where in its turn the angle is
            return self.neg(self._one)[0], self._one[1]
        return self._enclosed(self._mp.mpi_sin, a)

    def cos(self, a: Interval) -> Interval:
        if _length(a) > self._prec:
            return self.neg(self._one)[0], self._one[1]
        return self._one if a == self._zero else self._enclosed(self._mp.mpi_cos, a)

    def sigmoid(self, a: Interval) -> Interval:
        if self._sign(a) == -1 and _length(a) > _LONGEST_ARGUMENT:
            return self.exp(a)[0], self.exp(a)[1]  # less than e^a, and above 0
        return self.div(self._one, self.add(self._one, self.exp(self.neg(a))))

    def tanh(self, a: Interval) -> Interval:
        if self._sign(a) == 1:
            return self.neg(self.tanh(self.neg(a)))
        # 1 - 2 / (e^2a + 1): the argument stands once, so the interval stays tight; near 0 the
        # difference loses as many bits as a has zeros after the point: they are worked out on top
        lost = max(0, -_length(a))
        if self._sign(a) is not None and 0 < lost <= _MAX_EXPONENT:
            return Intervals(self._prec + lost)._tanh(a)
        return self._tanh(a)

    def _tanh(self, a: Interval) -> Interval:
        two = self.number(Fraction(2))
        return self.sub(self._one, self.div(two, self.add(self.exp(self.mul(two, a)), self._one)))

    def normal(self, a: Interval) -> Interval:
        # it only rises, so that its ends are its values at the ends
        return self._normal(a[0], "f"), self._normal(a[1], "c")

    def _normal(self, end: Any, rounding: str) -> Any:
        """The normal distribution at ``end``, rounded down ("f") or up ("c")."""
        mp = self._mp
        if mp.mpf_sign(end) > 0:
            below = self._normal(mp.mpf_neg(end), "c" if rounding == "f" else "f")
            return mp.mpf_sub(mp.fone, below, self._prec, rounding)
        if end == mp.fninf or _length((end, end)) > _LONGEST_ARGUMENT // 2:
            return self._zero[0] if rounding == "f" else mp.from_man_exp(1, -(10**9))
        # erfc(x) / 2 at x = -end / √2; a larger x gives less
        digits = self._prec + 40 + 2 * max(0, _length((end, end)))
        root = mp.mpf_sqrt(mp.from_int(2), digits, "f" if rounding == "f" else "c")
        x = mp.mpf_div(mp.mpf_neg(end), root, digits, "c" if rounding == "f" else "f")
        value = mp.mpf_shift(mp.mpf_erfc(x, _bits_for_erfc(mp.to_float(x), digits)), -1)
        return self._outwards(value, rounding)

    def bell(self, a: Interval) -> Interval:
        mp, prec = self._mp, self._prec
        pi = mp.mpf_pi(prec, "f"), mp.mpf_pi(prec, "c")
        two = self.number(Fraction(2))
        grown = self.exp(self.neg(self.div(self.power(a, Fraction(2)), two)))
        return self.div(grown, self.sqrt(self.mul(two, pi)))

    def maximum(self, a: Interval, b: Interval) -> Interval:
        return self._larger(a[0], b[0]), self._larger(a[1], b[1])

    def heaviside(self, a: Interval) -> Interval:
        sign = self._sign(a)
        if sign is None and a[0] == a[1]:
            sign = 0
        if sign is None:
            raise Unsettled("whether a value is above 0")
        return self._one if sign > 0 else self._zero

    def floor(self, a: Interval) -> Interval:
        low = self._mp.mpf_floor(a[0])
        if low != self._mp.mpf_floor(a[1]):
            raise Unsettled("between which whole numbers a value lies")
        return low, low

    def _enclosed(self, function: Any, a: Interval) -> Interval:
        """A function of mpmath over an interval, with what it leaves out of its promise.

        Its results are right to the bits asked for, but their last one may lie on either side of
        the true value, whichever way it was to be rounded (e^x is 1 for a small x above 0, rounded
        up). So more bits are asked for, and the ends moved outwards by less than these say.
        """
        low, high = function(a, self._prec + _RESERVE)
        return self._outwards(low, "f"), self._outwards(high, "c")

    def _outwards(self, end: Any, rounding: str) -> Any:
        """An end that is known to a few more bits, moved down ("f") or up ("c") by these."""
        mp = self._mp
        slack = mp.mpf_shift(mp.mpf_abs(end), -self._prec - _RESERVE // 2)
        moved = mp.mpf_sub if rounding == "f" else mp.mpf_add
        return moved(end, slack, self._prec, rounding)

    def _larger(self, a: Any, b: Any) -> Any:
        return a if self._mp.mpf_ge(a, b) else b

    def _sign(self, a: Interval) -> int | None:
        """1 or -1 where the whole interval lies on one side of zero, else None."""
        if self._mp.mpf_sign(a[0]) > 0:
            return 1
        if self._mp.mpf_sign(a[1]) < 0:
            return -1
        return None

    @staticmethod
    def bounds(a: Interval) -> tuple[Fraction, Fraction]:
        """The endpoints as exact fractions; those too near to zero are moved outwards.

        A saturated softmax has entries such as e^(-10^9): what is told of them is an upper bound.
        """
        return _fraction(a[0], -1), _fraction(a[1], 1)


def _bits_for_erfc(x: float, wanted: int) -> int:
    """The bits to work with for ``wanted`` ones of erfc(x), x not below 0.

    From where its asymptotic series does, mpmath needs no more. Before, its power series loses as
    many as the largest term has, e^(x²), and as many again since erfc is 1 - erf.
    """
    lost = 1.4427 * x * x
    return wanted if lost > 2 * wanted else wanted + int(2 * lost) + 20


class Unsettled(Exception):
    """This precision does not tell on which side of zero a number lies; more may."""


def _length(a: Interval) -> int:
    """How many bits the whole part of the larger end has; not above 0 for what is below 1."""
    return int(max(end[2] + end[3] for end in a))


NEAR_ZERO = Fraction(1, 1 << _MAX_EXPONENT)
"""Nearer to zero no number is told from it."""


def _fraction(raw: Any, outwards: int) -> Fraction:
    sign, man, exponent, bits = raw
    if not man and exponent:
        raise Unsettled("the size of a value")  # an infinite endpoint
    if exponent + bits > _MAX_EXPONENT:  # of the leading bit, at every precision the same
        raise UndefinedValue("a value too large to be written down")
    if man and exponent + bits < -_MAX_EXPONENT:
        return outwards * NEAR_ZERO if (outwards < 0) == bool(sign) else Fraction(0)
    man = -int(man) if sign else int(man)
    return Fraction(man << exponent) if exponent >= 0 else Fraction(man, 1 << -exponent)
