"""What an answer is compared with: a step, its true value, and what correct work can reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dlhand.check.words import listed, places_words
from dlhand.derivation.evaluate import ByHand, Evaluation
from dlhand.derivation.model import nested
from dlhand.errors import UndefinedValue
from dlhand.numbers.answers import Answer
from dlhand.numbers.digits import Decimal10, chop, magnitude, round_half_up, write

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.numbers.exact import Shape
    from dlhand.numbers.real import Real

SIGNIFICANT = 2
"""Fewer significant digits than these say too little, unless the value has no more."""
MOST_PLACES = 200
"""Nobody writes more decimal places by hand; an answer with more is compared at these."""

Number = tuple[Fraction, int | None]
"""A number of an answer, and the decimal places with which it was typed, if it was a decimal."""


def fitted(answer: Answer, shape: Shape) -> list[Number] | None:
    """The numbers of an answer in flat order, with their places; None for another shape.

    A column or row matrix, and a list of one, may be typed as a plain list or number.
    """
    if answer.shape not in (shape, tuple(n for n in shape if n != 1)):
        return None
    return list(_flat(answer.value, answer.places))


def _flat(value: Any, places: Any) -> Iterator[Number]:
    if isinstance(value, Fraction):
        yield value, places
        return
    for one, its_places in zip(value, places or [None] * len(value), strict=True):
        yield from _flat(one, its_places)


class Typed:
    """One number of an answer, at the decimal places where it is compared."""

    __slots__ = ("exactly", "is_decimal", "places", "value")

    def __init__(self, value: Fraction, places: int | None, asked: int) -> None:
        self.exactly = value
        self.is_decimal = places is not None
        # An exact expression, such as 1/3, has no places of its own: those asked for.
        self.places = asked if places is None else min(places, MOST_PLACES)
        self.value = value if places is not None else round_half_up(value, asked).fraction


class Asked:
    """A step that is asked for, with so many significant ``digits`` or decimal ``places``.

    Raises `UndefinedValue` where it has no value.
    """

    def __init__(self, d: Derivation, entry: Entry, digits: int | None, places: int | None) -> None:
        self.derivation = d
        self.entry = entry
        self.digits = digits
        self.places = places
        self.reals = d.evaluation.reals(entry.index)
        self.at = [self._at(real) for real in self.reals]
        """For each number the decimal places at which it shows the digits asked for."""

    def _at(self, real: Real) -> int:
        if self.places is not None:
            return self.places
        assert self.digits is not None
        rounded = real.rounded(digits=self.digits)
        return self.digits if rounded is None else rounded.places

    def from_other(self, values: Mapping[str, Any]) -> Asked:
        """The same step from other values of steps before it."""
        return Asked(self.derivation.carried(values), self.entry, self.digits, self.places)

    def typed(self, numbers: Sequence[Number]) -> list[Typed]:
        """The numbers of an answer, at the places where they are compared with this step."""
        return [
            Typed(value, places, asked)
            for (value, places), asked in zip(numbers, self.at, strict=True)
        ]

    @property
    def work(self) -> str:
        """The digits asked for, in words."""
        if self.places is not None:
            return places_words(self.places)
        return f"{self.digits} significant digit{'s' * (self.digits != 1)}"

    def true(self, typed: Sequence[Typed]) -> str:
        """The true value, written as the answer is: to its places, or exactly."""
        texts = []
        for real, t in zip(self.reals, typed, strict=True):
            shown = real.shown(self.digits, self.places)
            as_fraction = shown.exact and not t.is_decimal
            texts.append(shown.text if as_fraction else real.places(t.places))
        return listed(nested(texts, self.entry.shape))

    @cached_property
    def reach(self) -> list[tuple[Fraction, Fraction]]:
        """For each number the least and the greatest that correct work can reach."""
        found = [real.enclosure() for real in self.reals]
        for chopped in (False, True):
            try:
                reals = self._work(chopped).reals(self.entry.index)
            except UndefinedValue:  # so few digits that a later step divides by zero
                continue
            bounds = [real.enclosure() for real in reals]
            found = [
                (min(low, a), max(high, b))
                for (low, high), (a, b) in zip(found, bounds, strict=True)
            ]
        return found

    def _work(self, chopped: bool) -> Evaluation:
        d = self.derivation
        if self.places is not None:
            return d.by_hand(self.places, chopped=chopped).evaluation
        assert self.digits is not None
        return _ToDigits(d.entries, d.evaluation.fixed, self.digits, chopped)

    def interval(self, n: int, places: int) -> tuple[Decimal10, Decimal10]:
        """The least and greatest accepted decimal for the number ``n``."""
        # Rounding is right and so is cutting off, at either end.
        ends = [end(bound, places) for bound in self.reach[n] for end in (round_half_up, chop)]
        return min(ends, key=_fraction), max(ends, key=_fraction)

    def accepted(self, typed: Sequence[Typed] | None = None) -> str:
        """All accepted intervals as text: at the places typed where these say enough."""
        places = self.at
        if typed is not None:
            places = [
                t.places if t.places < at and has_digits(real.enclosure()[0], t.places) else at
                for real, t, at in zip(self.reals, typed, self.at, strict=True)
            ]
        texts = [self._accepted(n, at) for n, at in enumerate(places)]
        return listed(nested(texts, self.entry.shape))

    def _accepted(self, n: int, places: int) -> str:
        least, most = self.interval(n, places)
        if least != most:
            return f"{write(least)} to {write(most)}"
        shown = self.reals[n].shown(self.digits, self.places)
        is_exact = shown.exact and least.fraction == self.reals[n].exact
        return shown.text if is_exact else write(least)


class _ToDigits(ByHand):
    """Every step rounded (or chopped) to significant digits before it is used again."""

    def _written(self, real: Real) -> Fraction:
        low, high = real.enclosure()
        middle = (low + high) / 2
        if middle == 0:
            return middle
        places = self.places - 1 - magnitude(middle)
        return (chop if self.chopped else round_half_up)(middle, places).fraction


def has_digits(value: Fraction, places: int) -> bool:
    """Whether a number at decimal places has significant digits enough to be told by."""
    return len(str(abs(round_half_up(value, places).mantissa))) >= SIGNIFICANT


def _fraction(number: Decimal10) -> Fraction:
    return number.fraction
