"""What an answer is compared with: a step, its true value, and what correct work can reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

from dlhand.derivation.evaluate import ByHand, Evaluation, OneStep
from dlhand.diagnosis.downstream import products
from dlhand.errors import UndefinedValue
from dlhand.learner.words import listed
from dlhand.numbers.answers import Answer
from dlhand.numbers.closed import Closed, nearly
from dlhand.numbers.digits import (
    Decimal10,
    Digits,
    chop,
    magnitude,
    round_half_up,
    write,
)
from dlhand.numbers.exact import nested
from dlhand.numbers.printed import scales
from dlhand.numbers.real import nearest_float
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.numbers.exact import Shape
    from dlhand.numbers.real import Real

SIGNIFICANT = 2
"""Fewer significant digits than these say too little, unless the value has no more."""
MOST_PLACES = 200
"""Nobody writes more decimal places by hand; an answer with more is compared at these."""

MOST_WORK = 250_000
"""What a judgement may cost, in units of about a microsecond: a page waits for it."""
A_NUMBER, A_PRODUCT = 50, 5
"""What it costs to round one number by hand, and to work out one product in it."""

Rounding = tuple[int, bool]
"""To how many places every step is rounded, and whether it is cut off instead."""
LIKELY: tuple[Rounding, ...] = (
    (2, False), (3, False), (4, False), (1, False), (2, True), (3, True),
    (4, True), (5, False), (6, False), (1, True), (5, True), (6, True),
)  # fmt: skip
"""The ways of rounding early that are looked for, the likeliest first."""

Number = tuple[Fraction | Closed, int | None]
"""A number of an answer, and the decimal places with which it was typed, if it was a decimal."""


def fitted(answer: Answer, shape: Shape) -> list[Number] | None:
    """The numbers of an answer in flat order, with their places; None for another shape.

    A column, a row and a list may be typed for each other, and a number for a list of one.
    """
    if answer.shape != shape and _without_ones(answer.shape) != _without_ones(shape):
        return None
    return list(_flat(answer.value, answer.places))


def _without_ones(shape: Shape) -> Shape:
    return tuple(n for n in shape if n != 1)


def _flat(value: Any, places: Any) -> Iterator[Number]:
    if not isinstance(value, tuple):
        yield value, places
        return
    for one, its_places in zip(value, places or [None] * len(value), strict=True):
        yield from _flat(one, its_places)


class Typed:
    """One number of an answer, at the decimal places where it is compared."""

    __slots__ = ("closed", "exactly", "is_decimal", "number", "places", "scales", "value")

    def __init__(self, value: Fraction | Closed, places: int | None, asked: int) -> None:
        self.number: Number = value, places
        self.closed = value if isinstance(value, Closed) else None
        self.exactly = nearly(value)
        self.is_decimal = places is not None
        # An exact expression, such as 1/3, has no places of its own: those asked for.
        self.places = asked if places is None else min(places, MOST_PLACES)
        if places is None:
            self.value = round_half_up(self.exactly, asked).fraction
            self.scales = range(asked, asked - 1, -1)
        else:
            self.value = self.exactly
            self.scales = scales(self.exactly, self.places)

    def __neg__(self) -> Typed:
        value, places = self.number
        turned = Closed("neg", (value,)) if isinstance(value, Closed) else -value
        return Typed(turned, places, self.places)

    def is_padded(self, places: int) -> bool:
        """Whether zeros were typed after a number of so few decimal places: 0.5000 for 0.5."""
        is_longer = self.is_decimal and self.value != 0 and self.places > places
        return is_longer and (self.value * Fraction(10) ** places).denominator == 1

    def without_zeros(self) -> Typed:
        """The same number typed to its last digit that is not 0, where that is a decimal place."""
        places = self.places
        while places > 0 and self.is_padded(places - 1):
            places -= 1
        return Typed(self.exactly, places, places) if self.is_decimal else self


class Asked:
    """A step that is asked for, with so many ``digits``.

    ``effort`` is what the search for what an answer comes from may cost; see `MOST_WORK`. It is
    counted, not timed, so that an answer is judged alike on every machine. Raises `UndefinedValue`
    where the step has no value.
    """

    def __init__(
        self,
        d: Derivation,
        entry: Entry,
        digits: Digits,
        effort: int = MOST_WORK,
    ) -> None:
        self.derivation = d
        self.entry = entry
        self.digits = digits
        self.effort = effort
        self.reals = d.evaluation.reals(entry.index)
        self.at = [self._at(real) for real in self.reals]
        """For each number the decimal places at which it shows the digits asked for."""

    def _at(self, real: Real) -> int:
        if self.digits.places is not None:
            return self.digits.places
        rounded = real.rounded(self.digits)
        return self.digits.many if rounded is None else rounded.places

    def from_other(self, values: Mapping[str, Any]) -> Asked:
        """The same step from other values of steps before it, with a part of the effort."""
        d, effort = self.derivation.with_steps(values), self.effort // 4
        return Asked(d, self.entry, self.digits, effort)

    @cached_property
    def cost(self) -> int:
        """What it costs to work the derivation out by hand, up to this step."""
        steps = self.derivation.entries[: self.entry.index + 1]
        return sum(
            A_NUMBER * size(step.shape) + A_PRODUCT * products(step.rule)
            for step in steps
            if step.rule is not None
        )

    def equals(self, n: int, typed: Typed) -> bool:
        """Whether the number ``n`` is proven to be what was typed."""
        if typed.closed is None:
            return self.reals[n].equals(typed.exactly)
        value = nearest_float(typed.exactly)
        is_near = abs(float(self.reals[n]) - value) <= 1e-9 * abs(value)
        return is_near and self.derivation.evaluation.equals(self.entry.index, n, typed.closed)

    @cached_property
    def largest(self) -> float:
        """The size of the numbers from which the step is worked out."""
        evaluation, sizes = self.derivation.evaluation, [0.0]
        for leaf in self.entry.uses:
            ball = evaluation.ball(leaf.index)
            sizes += [abs(v) for v, _ in (ball if leaf.shape else (ball,))]
        return max(filter(isfinite, sizes))

    def from_shown(self) -> Sequence[Real] | None:
        """The step from the results before it as they are shown; None where these are exact."""
        evaluation, values, is_short = self.derivation.evaluation, {}, False
        for leaf in self.entry.uses:
            shown = evaluation.shown(leaf.index, self.digits)
            many = shown if leaf.shape else (shown,)
            is_short = is_short or not all(one.exact for one in many)
            flat = tuple(Fraction(one.text) for one in many)
            values[leaf.index] = flat if leaf.shape else flat[0]
        if not is_short:
            return None
        one = OneStep(self.entry, values)
        return one.reals(len(one.entries) - 1)

    @property
    def affords_reach(self) -> bool:
        """Whether the two ways of working with the digits asked for can be looked at."""
        return 2 * self.cost <= self.effort

    @cached_property
    def roundings(self) -> list[Rounding]:
        """The ways of rounding early that can be looked at, the finest first."""
        affordable = self.effort // max(self.cost, 1) - 2
        chosen = LIKELY[: max(affordable, 0)]
        return sorted(chosen, key=lambda way: (-way[0], way[1]))

    @property
    def affords_others(self) -> bool:
        """Whether it can be looked for what follows from other values."""
        return 4 * self.cost <= self.effort

    def typed(self, numbers: Sequence[Number]) -> list[Typed]:
        """The numbers of an answer, at the places where they are compared with this step."""
        return [
            Typed(value, places, asked)
            for (value, places), asked in zip(numbers, self.at, strict=True)
        ]

    @property
    def work(self) -> str:
        """The digits asked for, in words."""
        return self.digits.words

    def true(self, typed: Sequence[Typed], at: Sequence[int] | None = None) -> str:
        """The true value, written as the answer is: to its places (or those ``at``), or exactly."""
        texts = []
        at = [t.places for t in typed] if at is None else at
        for real, t, places in zip(self.reals, typed, at, strict=True):
            shown = real.shown(self.digits)
            as_fraction = shown.exact and not t.is_decimal
            texts.append(shown.text if as_fraction else real.places(places))
        return listed(nested(texts, self.entry.shape))

    @cached_property
    def reach(self) -> list[tuple[Fraction, Fraction]]:
        """For each number the least and the greatest that correct work can reach."""
        found = [real.enclosure() for real in self.reals]
        for chopped in (False, True) if self.affords_reach else ():
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
        if self.digits.places is not None:
            return d.by_hand(self.digits.places, chopped=chopped).evaluation
        return _ToDigits(d.entries, d.evaluation.fixed, self.digits.many, chopped)

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
        shown = self.reals[n].shown(self.digits)
        is_exact = shown.exact and least.fraction == self.reals[n].exact
        return shown.text if is_exact else write(least)


class _ToDigits(ByHand):
    """Every step rounded (or chopped) to significant digits before it is used again."""

    def _written(self, real: Real) -> Fraction:
        near: float | Fraction = float(
            real
        )  # tells the magnitude, at far less cost than an enclosure
        if near == 0 or not isfinite(near):
            low, high = real.enclosure()
            near = (low + high) / 2
        if not near:
            return Fraction(0)
        places = self.places - 1 - magnitude(Fraction(near))
        if self.chopped:
            return real.chopped(places).fraction
        rounded = real.rounded(Digits(places=places))
        return (rounded or round_half_up(real.enclosure()[0], places)).fraction


def has_digits(value: Fraction, places: int) -> bool:
    """Whether a number at decimal places has significant digits enough to be told by."""
    return len(str(abs(round_half_up(value, places).mantissa))) >= SIGNIFICANT


def _fraction(number: Decimal10) -> Fraction:
    return number.fraction
