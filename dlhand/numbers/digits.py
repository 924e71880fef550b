"""Proven digits: how a number is rounded and written.

Two ways to ask, in one value (`Digits`): so many significant digits, or so many places after the
decimal point. Ties go away from zero, as in school. A function that is given an enclosure answers
only if every number inside rounds to the same digits; else it returns None and the caller refines.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from dlhand.errors import GivenError
from dlhand.numbers.balls import UNIT

DEFAULT_DIGITS = 5
_LOG10_2 = math.log10(2)
_PLAIN = 15  # the longest whole number that is written with no power of ten
_POWERS = [10.0**k for k in range(23)]  # exact in floating point
_FORMATS = [f"%.{places}f" for places in range(16)]
_ALL_NINES = [10.0**k - 1.0 for k in range(23)]  # from here on a carry adds a digit


MOST_DIGITS = 1000
"""More digits, or decimal places, nobody reads; about 1500 can be proven."""


class Digits(NamedTuple):
    """How many digits a number is written with; with neither, as many as is usual (five).

    Attributes:
        significant: so many significant digits, 1 to 1000
        places: so many decimal places, 0 to 1000; where there are both, these count

    >>> Digits(3), Digits(places=2)
    (Digits(significant=3, places=None), Digits(significant=None, places=2))
    """

    significant: int | None = None
    places: int | None = None

    @classmethod
    def of(cls, digits: AnyDigits, places: int | None = None) -> Digits:
        """The digits that somebody asks for: significant ones, or places, or what is usual.

        Raises `GivenError` for anything but a whole number from 1 (digits) or 0 (places) on.

        >>> Digits.of(5) == Digits.of(Digits(5))
        True
        >>> Digits.of(None, -1)
        Traceback (most recent call last):
            ...
        dlhand.errors.GivenError: places is -1; wanted a whole number from 0 to 1000
        """
        if digits is None and places is None:  # as mostly
            return USUAL
        found = digits if digits.__class__ is cls else cls(digits, places)  # type: ignore[arg-type]
        found.check()
        return found

    def check(self, most: int = MOST_DIGITS) -> None:
        """Refuse digits that cannot be shown, by a `GivenError`."""
        for name, number, least in (("digits", self.significant, 1), ("places", self.places, 0)):
            if number is not None and not (number.__class__ is int and least <= number <= most):
                raise GivenError(
                    f"{name} is {number!r:.40}; wanted a whole number from {least} to {most}"
                )

    @property
    def many(self) -> int:
        """The significant digits of a number that is written to no certain places."""
        return self.significant or DEFAULT_DIGITS

    @property
    def whole(self) -> int:
        """How many digits an exact decimal may have to be written whole.

        So many as are asked for; where nothing is asked for, a few more than the others get.

        >>> Digits(3).whole, USUAL.whole
        (3, 7)
        """
        return DEFAULT_DIGITS + 2 if self.significant is None else self.significant

    @property
    def words(self) -> str:
        """The digits in words.

        >>> Digits(places=2).words, USUAL.words
        ('2 places', '5 significant digits')
        """
        if self.places is not None:
            return places_words(self.places)
        return f"{self.many} significant digit{'s' * (self.many != 1)}"

    def one_more(self) -> Digits:
        """One digit, or place, more."""
        if self.places is not None:
            return Digits(places=self.places + 1)
        return Digits(self.many + 1)


USUAL = Digits()
"""Five significant digits; of an exact decimal up to seven, the whole of it."""

AnyDigits = Digits | int | None
"""Digits as somebody may ask for them: see `Digits.of`."""


def places_words(places: int) -> str:
    """So many decimal places, in words.

    >>> places_words(1), places_words(2)
    ('1 place', '2 places')
    """
    return f"{places} place{'s' * (places != 1)}"


class Decimal10(NamedTuple):
    """The number ``mantissa * 10**-places``.

    >>> Decimal10(125, 3).fraction
    Fraction(1, 8)
    """

    mantissa: int
    places: int

    @property
    def fraction(self) -> Fraction:
        """The number itself."""
        if self.places >= 0:
            return Fraction(self.mantissa, _ten(self.places))
        return Fraction(self.mantissa * _ten(-self.places))


class Shown(NamedTuple):
    """A number as it is written: the characters, and whether they are the whole value."""

    text: str
    exact: bool

    @property
    def decimal(self) -> Decimal10 | None:
        """The decimal that the characters stand for; None for a fraction."""
        if "/" in self.text:
            return None
        body, _, exponent = self.text.partition("e")
        whole, _, decimals = body.partition(".")
        return Decimal10(int(whole + decimals), len(decimals) - int(exponent or 0))


def round_half_up(value: Fraction, places: int) -> Decimal10:
    """Round to ``places`` decimal places (negative: to tens, hundreds ...), ties away from zero.

    >>> from fractions import Fraction
    >>> round_half_up(Fraction("-0.125"), 2)
    Decimal10(mantissa=-13, places=2)
    """
    top, bottom = _scaled(value, places)
    whole = (2 * top + bottom) // (2 * bottom)
    return Decimal10(-whole if value < 0 else whole, places)


def chop(value: Fraction, places: int) -> Decimal10:
    """Cut off after ``places`` decimal places.

    >>> from fractions import Fraction
    >>> chop(Fraction("-0.129"), 2)
    Decimal10(mantissa=-12, places=2)
    """
    top, bottom = _scaled(value, places)
    whole = top // bottom
    return Decimal10(-whole if value < 0 else whole, places)


def _scaled(value: Fraction, places: int) -> tuple[int, int]:
    """The size of a number times a power of ten, not in lowest terms: that would take longer."""
    top, bottom = abs(value.numerator), value.denominator
    return (top * _ten(places), bottom) if places >= 0 else (top, bottom * _ten(-places))


@lru_cache(maxsize=1024)
def _ten(power: int) -> int:
    return int(10**power)


def magnitude(value: Fraction) -> int:
    """The exponent of ten of the leading digit of a number other than zero.

    >>> from fractions import Fraction
    >>> magnitude(Fraction(1, 30)), magnitude(Fraction(1000))
    (-2, 3)
    """
    top, bottom = abs(value.numerator), value.denominator
    # from the lengths in bits, never too low: Python does not write out thousands of digits
    guess = math.floor((top.bit_length() - bottom.bit_length() + 1) * _LOG10_2 + 1e-6)
    while not (top >= bottom * _ten(guess) if guess >= 0 else top * _ten(-guess) >= bottom):
        guess -= 1
    return guess


def round_significant(value: Fraction, digits: int) -> Decimal10:
    """Round to ``digits`` significant digits, ties away from zero.

    >>> from fractions import Fraction
    >>> round_significant(Fraction("0.0001234"), 3)
    Decimal10(mantissa=123, places=6)
    """
    if value == 0:
        return Decimal10(0, digits - 1)
    rounded = round_half_up(value, digits - 1 - magnitude(value))
    return _normalised(rounded, digits)


def _normalised(rounded: Decimal10, digits: int) -> Decimal10:
    """9.996 to three digits is 10.0, not 10.00: one place fewer after a carry."""
    if abs(rounded.mantissa) == 10**digits:
        return Decimal10(rounded.mantissa // 10, rounded.places - 1)
    return rounded


def round_bounds(low: Fraction, high: Fraction, to: Digits) -> Decimal10 | None:
    """The rounding of every number from ``low`` to ``high``, or None where they differ.

    >>> from fractions import Fraction
    >>> round_bounds(Fraction("0.12341"), Fraction("0.12344"), Digits(4))
    Decimal10(mantissa=1234, places=4)
    >>> round_bounds(Fraction("0.12344"), Fraction("0.12346"), Digits(4)) is None
    True
    """
    if to.places is not None:
        first, last = round_half_up(low, to.places), round_half_up(high, to.places)
    elif low * high > 0 or low == high:
        first, last = round_significant(low, to.many), round_significant(high, to.many)
    else:
        return None
    return first if first == last else None


def round_ball(v: float, e: float, digits: int) -> Decimal10 | None:
    """Round a float enclosure to significant digits, or None if it leaves them open.

    >>> round_ball(0.601087879, 1e-12, 5)
    Decimal10(mantissa=60109, places=5)
    >>> round_ball(0.5, 0.1, 5) is None
    True
    """
    size = abs(v)
    if not e < size < 1e300 or size < 1e-300:
        return None
    places = digits - 1 - math.floor(math.log10(size))
    if not -22 <= places <= 22:
        return None
    scale = _POWERS[places] if places >= 0 else 1.0 / _POWERS[-places]
    scaled = size * scale
    slack = e * scale * 1.001 + scaled * (4 * UNIT)
    whole = math.floor(scaled)
    if abs(scaled - whole - 0.5) <= slack or scaled > 1e15:
        return None
    if scaled - slack <= 10 ** (digits - 1) - 0.05:  # below a power of ten ties lie closer
        return None
    mantissa = whole + 1 if scaled - whole > 0.5 else whole
    rounded = Decimal10(-mantissa if v < 0 else mantissa, places)
    return rounded if mantissa < 10**digits else _normalised(rounded, digits)


def write_ball(v: float, e: float, digits: int) -> str | None:
    """`round_ball` and `write` in one, for the sizes that most numbers have; None for others.

    The proof is the same: the enclosure, scaled, keeps clear of every tie. What lies clear of
    ties is rounded right by any means, so the characters come from Python's own formatting.

    >>> write_ball(0.601087879, 1e-12, 5)
    '0.60109'
    """
    size = abs(v)
    if not (e < size and 1e-4 <= size < 1e5) or digits > 15:
        return None
    places = digits - 1 - math.floor(math.log10(size))
    if not 0 <= places <= 15:
        return None
    scaled = size * _POWERS[places]
    slack = e * _POWERS[places] * 1.001 + scaled * (4 * UNIT)
    if abs(scaled % 1.0 - 0.5) <= slack or scaled >= _ALL_NINES[digits]:
        return None
    if scaled - slack <= _POWERS[digits - 1] - 0.05:  # below a power of ten ties lie closer
        return None
    return "%.*f" % (places, v)  # noqa: UP031 (twice as fast as an f-string here)


def terminates(value: Fraction, most: int) -> Decimal10 | None:
    """The number as an exact decimal of at most ``most`` significant digits, else None.

    A whole number may also have as many digits as are written with no power of ten.

    >>> from fractions import Fraction
    >>> terminates(Fraction(1, 8), 5), terminates(Fraction(1, 3), 5)
    (Decimal10(mantissa=125, places=3), None)
    >>> terminates(Fraction(10**300), 5), terminates(Fraction(3**300), 5)
    (Decimal10(mantissa=1, places=-300), None)
    """
    bottom, places = value.denominator, 0
    while bottom % 10 == 0:
        bottom, places = bottom // 10, places + 1
    twos = (bottom & -bottom).bit_length() - 1
    bottom >>= twos
    fives = 0
    while bottom % 5 == 0:
        bottom, fives = bottom // 5, fives + 1
    if bottom != 1:
        return None
    places += max(twos, fives)
    mantissa = value.numerator * 10**places // value.denominator
    length = len(str(abs(mantissa)))
    if length <= most or (places == 0 and length <= _PLAIN):
        return Decimal10(mantissa, places)
    if places == 0:
        body = str(mantissa).rstrip("0")
        if len(body.lstrip("-")) <= most:
            return Decimal10(int(body), len(body) - len(str(mantissa)))
    return None


@lru_cache(maxsize=4096)
def short_decimal(top: int, bottom: int, most: int) -> str | None:
    """The fraction ``top / bottom`` written as an exact decimal, if `terminates` gives one.

    >>> short_decimal(-1, 8, 5)
    '-0.125'
    """
    number = terminates(Fraction(top, bottom), most)
    return None if number is None else write(number)


def write(number: Decimal10) -> str:
    """Write a decimal: plain from 0.0001 to 10 digits, else with a power of ten.

    >>> write(Decimal10(60109, 5)), write(Decimal10(-1234, 7)), write(Decimal10(22699, 12))
    ('0.60109', '-0.0001234', '2.2699e-8')
    """
    mantissa, places = number
    sign, body = ("-", str(-mantissa)) if mantissa < 0 else ("", str(mantissa))
    if places <= 0:
        if len(body) - places <= _PLAIN:
            return sign + body + "0" * -places
    elif len(body) > places:
        return f"{sign}{body[:-places]}.{body[-places:]}"
    elif places - len(body) <= 3 or mantissa == 0:
        return f"{sign}0.{body.rjust(places, '0')}"
    exponent = len(body) - 1 - places
    point = "." if len(body) > 1 else ""
    return f"{sign}{body[0]}{point}{body[1:]}e{exponent}"
