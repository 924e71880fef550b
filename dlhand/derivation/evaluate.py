"""Evaluation of the steps of a derivation: exactly, with proven enclosures, or as by hand.

An evaluation goes through the entries in order, with no recursion over their number. Each value
is kept in two ways: exact fractions where the formula stays rational, and float enclosures.
Intervals of more digits are computed for a step and its ancestors when some digit needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from dlhand.derivation.entries import Entry, Given, Step
from dlhand.derivation.walk import ancestors
from dlhand.errors import UndefinedValue
from dlhand.numbers.balls import UNIT, Ball
from dlhand.numbers.balls import number as ball_of
from dlhand.numbers.closed import Closed
from dlhand.numbers.digits import (
    USUAL,
    Digits,
    Shown,
    places_words,
    round_half_up,
    short_decimal,
    write_ball,
)
from dlhand.numbers.exact import Fractions
from dlhand.numbers.intervals import Intervals, Unsettled
from dlhand.numbers.real import PROVING, Bounds, Real, is_suspect
from dlhand.numbers.terms import Terms
from dlhand.operations.quantity import Form, Leaf
from dlhand.operations.table import size

_FRACTIONS = Fractions()
Flat = tuple[Any, ...]


class Evaluation:
    """The values of the entries of a derivation.

    ``fixed`` holds exact values by position: those of the givens, and of any steps that are to
    be replaced (by what a document prints, say). Every value is an element for a single number,
    or the flat tuple of an array's elements.
    """

    def __init__(self, entries: Sequence[Entry], fixed: Mapping[int, Any]) -> None:
        self.entries = entries
        self.fixed = fixed
        self._exact: list[Any] = []
        self._balls: list[Any] = []
        self._intervals: dict[int, tuple[Intervals | Terms, dict[int, Any]]] = {}
        self._pages: dict[Digits, Page] = {}

    def anew(self, fixed: Mapping[int, Any], entries: Sequence[Entry] | None = None) -> Evaluation:
        """The same kind of evaluation with other exact values, or of other entries."""
        return Evaluation(self.entries if entries is None else entries, fixed)

    def exact(self, position: int) -> Any:
        """The exact value of an entry; None where it is not known to be rational."""
        if position >= len(self._exact):
            self._extend(position)
        return self._exact[position]

    def ball(self, position: int) -> Any:
        """The float enclosure of an entry."""
        self._extend(position)
        return self._balls[position]

    def _extend(self, position: int) -> None:
        for k in range(len(self._exact), position + 1):
            entry = self.entries[k]
            try:
                exact, ball = self._values(k, entry)
            except UndefinedValue as error:
                raise _named(entry, error) from None
            self._exact.append(exact)
            self._balls.append(ball)

    def _values(self, k: int, entry: Entry) -> tuple[Any, Any]:
        fixed = self.fixed.get(k)
        if fixed is not None:
            return fixed, _balls_of(fixed)
        form, leaves = entry.rule, entry.uses
        assert form is not None
        exact = _exact_value(form, leaves, self._exact)
        if not _open(exact):
            return exact, _balls_of(exact)
        balls = self._balls
        ball = form.balls()(*[balls[leaf.index] for leaf in leaves])
        if form.shape == ():
            return (Fraction(ball[0]) if ball[1] == 0.0 else exact), ball
        if exact is not None or any([b[1] == 0.0 for b in ball]):
            entries = _with_points(exact or (None,) * len(ball), ball)
            ball = tuple(b if q is None else ball_of(q) for q, b in zip(entries, ball, strict=True))
            exact = entries if any(q is not None for q in entries) else None
        return exact, ball

    def reals(self, position: int) -> tuple[Real, ...]:
        """The entries of a value as numbers that can be refined, in flat order."""
        exact, ball = self.exact(position), self.ball(position)
        refine = self._bounds
        if self.entries[position].shape == ():
            return (Real(exact, ball, partial(refine, position, 0)),)
        known = exact if exact is not None else (None,) * len(ball)
        return tuple(
            Real(q, b, partial(refine, position, n))
            for n, (q, b) in enumerate(zip(known, ball, strict=True))
        )

    def equals(self, position: int, n: int, number: Closed) -> bool:
        """Whether the entry ``n`` of a value is proven to be a number that is not rational."""
        try:
            value = self._interval(position, PROVING)
            forms: Any = self._intervals[PROVING][0]
            one = value if self.entries[position].shape == () else value[n]
            return bool(forms.is_zero(forms.sub(one, number.worked_out(forms))))
        except (Unsettled, UndefinedValue):
            return False

    def page(self, digits: Digits = USUAL) -> Page:
        """The values as they are written with these digits."""
        found = self._pages.get(digits)
        if found is None:
            digits.check()
            found = self._pages[digits] = Page(self, digits)
        return found

    def shown(self, position: int, digits: Digits = USUAL) -> Any:
        """The value as it is written: a `Shown`, or a flat tuple of them for an array."""
        return self.page(digits)[position]

    def _bounds(self, position: int, n: int, precision: int) -> Bounds:
        value = self._interval(position, precision)
        if self.entries[position].shape != ():
            value = value[n]
        try:
            return self._intervals[precision][0].bounds(value)
        except UndefinedValue as error:
            raise _named(self.entries[position], error) from None

    def _interval(self, position: int, precision: int) -> Any:
        """The interval value at a precision, with that of all ancestors computed before it."""
        if precision not in self._intervals:
            kind = Intervals if precision < PROVING else Terms
            self._intervals[precision] = kind(precision), {}
        arithmetic, known = self._intervals[precision]
        for entry in self._unknown(position, known):
            k = entry.index
            exact = self._exact[k]
            if not _open(exact):
                known[k] = (
                    tuple(map(arithmetic.number, exact))
                    if exact.__class__ is tuple
                    else arithmetic.number(exact)
                )
                continue
            assert entry.rule is not None
            slots = [known[leaf.index] for leaf in entry.uses]
            try:
                known[k] = entry.rule.run(arithmetic, slots)
            except UndefinedValue as error:
                raise _named(entry, error) from None
            except Unsettled:
                if precision >= 5120:
                    raise UndefinedValue(
                        f"step {entry.name} has no value that can be decided: a number in it is "
                        "within 10^-1500 of the point where the value jumps"
                    ) from None
                raise
        return known[position]

    def _unknown(self, position: int, known: Mapping[int, Any]) -> list[Entry]:
        """What is to be worked out for an entry, itself last, in order."""
        if position in known:
            return []
        self._extend(position)

        def before(entry: Entry) -> Iterable[Leaf]:
            if entry.index in self.fixed or not _open(self._exact[entry.index]):
                return ()
            return [leaf for leaf in entry.uses if leaf.index not in known]

        return ancestors(self.entries, position, before)


class Page:
    """The values of an evaluation, each written with so many digits."""

    def __init__(self, evaluation: Evaluation, digits: Digits) -> None:
        self.evaluation = evaluation
        self.digits = digits
        self.known: dict[int, Any] = {}
        """What has been written so far, by position."""
        self._balls: dict[int, Any] = {}
        self._agreed: dict[int, bool] = {}

    def __getitem__(self, position: int) -> Any:
        """A value as it is written: a `Shown`, or a flat tuple of them for an array."""
        found = self.known.get(position)
        if found is None:
            found = self.known[position] = self._write(position)
        return found

    def ball(self, position: int) -> Any:
        """The enclosure of the characters shown: these are decimals, and so not always floats."""
        found = self._balls.get(position)
        if found is None:
            shown = self[position]
            many = shown.__class__ is tuple
            found = tuple(map(_decimal_ball, shown)) if many else _decimal_ball(shown)
            self._balls[position] = found
        return found

    def _write(self, position: int) -> Any:
        evaluation = self.evaluation
        exact, ball = evaluation.exact(position), evaluation._balls[position]
        scalar = evaluation.entries[position].form.shape == ()
        if scalar and exact is not None:
            text = short_decimal(exact.numerator, exact.denominator, self.digits.whole)
        elif scalar and self.digits.places is None:
            text = write_ball(ball[0], ball[1], self.digits.many)
            if text is not None and is_suspect(text, ball):
                text = None
        else:
            text = None
        if text is not None:  # most numbers: no detour by `Real`
            return Shown(text, exact is not None)
        reals = evaluation.reals(position)
        shown = tuple([real.shown(self.digits) for real in reals])
        return shown[0] if scalar else shown

    def agrees(self, entry: Entry) -> bool:
        """Whether the numbers put into a step's formula give the result that is shown.

        Where they do not, the reader is told that the result comes from more digits.
        """
        found = self._agreed.get(entry.index)
        if found is None:
            found = self._agreed[entry.index] = self._agrees(entry)
        return found

    def _agrees(self, entry: Entry) -> bool:
        assert entry.rule is not None
        known, ball = self._balls, self.ball
        balls = [known.get(leaf.index) or ball(leaf.index) for leaf in entry.uses]
        result, again = self[entry.index], entry.rule.balls()(*balls)
        if result.__class__ is not tuple:
            result, again = (result,), (again,)
        for shown, ball in zip(result, again, strict=True):
            text = None
            if not shown.exact and self.digits.places is None:
                text = write_ball(ball[0], ball[1], self.digits.many)
            if text is None:
                return self._agrees_exactly(entry, result)
            if text != shown.text:
                return False
        return True

    def _agrees_exactly(self, entry: Entry, result: tuple[Shown, ...]) -> bool:
        """The same question by exact arithmetic, for what a float enclosure leaves open."""
        values = {}
        for leaf in entry.uses:
            shown = self[leaf.index]
            values[leaf.index] = (
                tuple(Fraction(s.text) for s in shown)
                if shown.__class__ is tuple
                else Fraction(shown.text)
            )
        one = OneStep(entry, values)
        try:
            again = one.reals(len(one.entries) - 1)
            for shown, real in zip(result, again, strict=True):
                decimal = shown.decimal
                if shown.exact or decimal is None:
                    if not real.equals(Fraction(shown.text)):
                        return False
                elif real.rounded(Digits(places=decimal.places)) != decimal:
                    return False
        except UndefinedValue:  # what is shown as 0 may be divided by
            return False
        return True


def _decimal_ball(shown: Shown) -> Ball:
    value = float(Fraction(shown.text)) if "/" in shown.text else float(shown.text)
    return value, abs(value) * UNIT


def _named(entry: Entry, error: UndefinedValue) -> UndefinedValue:
    """The error with the name of the step that it is about, once."""
    about = f"step {entry.name} has no value: "
    return error if str(error).startswith(about) else UndefinedValue(f"{about}{error}")


def rounding_words(places: int, chopped: bool) -> str:
    """What rounding by hand does to a step, in words.

    >>> rounding_words(2, False), rounding_words(1, True)
    ('rounded to 2 places', 'cut off after 1 place')
    """
    return f"{'cut off after' if chopped else 'rounded to'} {places_words(places)}"


class ByHand(Evaluation):
    """Every step rounded to ``places`` before it is used again, half up, or chopped.

    The value of a step is then the exact decimal that a person would have written down.
    """

    def __init__(
        self, entries: Sequence[Entry], fixed: Mapping[int, Any], places: int, chopped: bool
    ) -> None:
        super().__init__(entries, fixed)
        self.places = places
        self.chopped = chopped

    @property
    def how(self) -> str:
        """In words, what is done to every step."""
        return rounding_words(self.places, self.chopped)

    def anew(self, fixed: Mapping[int, Any], entries: Sequence[Entry] | None = None) -> ByHand:
        """The same rounding on other exact values, or of other entries."""
        chosen = self.entries if entries is None else entries
        return ByHand(chosen, fixed, self.places, self.chopped)

    def _values(self, k: int, entry: Entry) -> tuple[Any, Any]:
        if k in self.fixed:
            return super()._values(k, entry)
        one = OneStep(entry, {leaf.index: self._exact[leaf.index] for leaf in entry.uses})
        written = tuple(self._written(real) for real in one.reals(len(one.entries) - 1))
        exact = written[0] if entry.shape == () else written
        return exact, _balls_of(exact)

    def _written(self, real: Real) -> Fraction:
        if self.chopped:
            return real.chopped(self.places).fraction
        rounded = real.rounded(Digits(places=self.places))
        if rounded is None:  # indistinguishable from a tie: up, as ties go
            low, high = real.enclosure(Fraction(1, 10 ** (self.places + 30)))
            rounded = round_half_up(high if high > 0 else low, self.places)
        return rounded.fraction


class OneStep(Evaluation):
    """One step on exact inputs, by the position of their entries, as an evaluation of its own."""

    def __init__(self, entry: Entry, values: Mapping[int, Any]) -> None:
        assert entry.rule is not None
        inputs = tuple(
            [Given(f"x{n}", n, leaf.form, None, (), "", "") for n, leaf in enumerate(entry.uses)]
        )
        last = Step(entry.name, len(inputs), entry.form, entry.rule, inputs, "", "")
        fixed = {n: values[leaf.index] for n, leaf in enumerate(entry.uses)}
        super().__init__([*inputs, last], fixed)


def _open(exact: Any) -> bool:
    """Whether an exact value is missing, wholly or in some entry."""
    return exact is None or (exact.__class__ is tuple and None in exact)


def _balls_of(exact: Any) -> Any:
    return tuple(map(ball_of, exact)) if exact.__class__ is tuple else ball_of(exact)


def _exact_value(form: Form, leaves: Sequence[Leaf], known: Sequence[Any]) -> Any:
    """The exact value, None where no entry of it can be known to be rational.

    With an unknown operand only a factor zero, or a known entry of an array, still gives
    something exact.
    """
    slots, is_open, may_be_zero = [], False, False
    for leaf in leaves:
        value = known[leaf.index]
        slots.append(value)
        if value is None:
            is_open = True
        elif value.__class__ is tuple or not value:
            may_be_zero = True
    if is_open:
        if not may_be_zero:
            return None
        slots = [
            (None,) * size(leaf.shape) if s is None and leaf.shape else s
            for s, leaf in zip(slots, leaves, strict=True)
        ]
    value = form.run(_FRACTIONS, slots)
    if value.__class__ is tuple and all(entry is None for entry in value):
        return None
    return value


def _with_points(exact: tuple[Any, ...], ball: tuple[Ball, ...]) -> tuple[Any, ...]:
    """The exact entries, and those whose enclosure has no width."""
    return tuple(
        Fraction(b[0]) if q is None and b[1] == 0.0 else q for q, b in zip(exact, ball, strict=True)
    )
