"""Evaluation of the steps of a derivation: exactly, with proven enclosures, or as by hand.

An evaluation goes through the entries in order, with no recursion over their number. Each value
is kept in two ways: exact fractions where the formula stays rational, and float enclosures.
Intervals of more digits are computed for a step and its ancestors when some digit needs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from dlhand.derivation.entries import Entry, Given, Step
from dlhand.errors import UndefinedValue
from dlhand.numbers.balls import UNIT, Ball
from dlhand.numbers.balls import number as ball_of
from dlhand.numbers.digits import DEFAULT_DIGITS, Shown, chop, round_half_up, write_ball
from dlhand.numbers.exact import Fractions
from dlhand.numbers.intervals import Intervals, Unsettled
from dlhand.numbers.real import Bounds, Real
from dlhand.operations.quantity import Quantity
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
        self._intervals: dict[int, tuple[Intervals, dict[int, Any]]] = {}
        self._shown: dict[tuple[int, int | None, int | None], Any] = {}
        self._written_balls: dict[tuple[int, int | None, int | None], tuple[bool, Any]] = {}

    def exact(self, position: int) -> Any:
        """The exact value of an entry; None where it is not known to be rational."""
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
                raise UndefinedValue(f"step {entry.name} has no value: {error}") from None
            self._exact.append(exact)
            self._balls.append(ball)

    def _values(self, k: int, entry: Entry) -> tuple[Any, Any]:
        fixed = self.fixed.get(k)
        if fixed is not None:
            return fixed, _balls_of(fixed)
        formula = entry.formula
        assert formula is not None
        form, leaves = formula.form, formula.leaves
        exact = _exact_value(form, [self._exact[leaf.index] for leaf in leaves], leaves)
        if exact is not None and not (exact.__class__ is tuple and None in exact):
            return exact, _balls_of(exact)
        balls = self._balls
        ball = form.balls()(*[balls[leaf.index] for leaf in leaves])
        if exact is not None:
            ball = tuple(
                ball_of(q) if q is not None else b for q, b in zip(exact, ball, strict=True)
            )
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

    def shown(self, position: int, digits: int | None = None, places: int | None = None) -> Any:
        """The value as it is written: a `Shown`, or a flat tuple of them for an array."""
        key = (position, digits, places)
        found = self._shown.get(key)
        if found is None:
            self._shown[key] = found = self._written_down(position, digits, places)
        return found

    def _written_down(self, position: int, digits: int | None, places: int | None) -> Any:
        exact, ball = self.exact(position), self._balls[position]
        scalar = self.entries[position].form.shape == ()
        if scalar and exact is None and places is None:  # most numbers; no detour over `Real`
            text = _text(ball, digits)
            if text is not None:
                return Shown(text, False)
        shown = tuple([real.shown(digits, places) for real in self.reals(position)])
        return shown[0] if scalar else shown

    def written(self, position: int, digits: int | None, places: int | None) -> tuple[bool, Any]:
        """Whether the shown number is the exact value, and its enclosure as a decimal."""
        key = (position, digits, places)
        found = self._written_balls.get(key)
        if found is None:
            shown = self.shown(position, digits, places)
            if shown.__class__ is tuple:
                found = all([s.exact for s in shown]), tuple(map(_decimal_ball, shown))
            else:
                found = shown.exact, _decimal_ball(shown)
            self._written_balls[key] = found
        return found

    def _bounds(self, position: int, n: int, precision: int) -> Bounds:
        value = self._interval(position, precision)
        if self.entries[position].shape != ():
            value = value[n]
        return Intervals.bounds(value)

    def _interval(self, position: int, precision: int) -> Any:
        """The interval value at a precision, with that of all ancestors computed before it."""
        if precision not in self._intervals:
            self._intervals[precision] = Intervals(precision), {}
        arithmetic, known = self._intervals[precision]
        for k in self._ancestors(position, known):
            entry = self.entries[k]
            exact = self._exact[k]
            if exact is not None and not (exact.__class__ is tuple and None in exact):
                known[k] = (
                    tuple(map(arithmetic.number, exact))
                    if exact.__class__ is tuple
                    else arithmetic.number(exact)
                )
                continue
            assert entry.formula is not None
            slots = [known[leaf.index] for leaf in entry.formula.leaves]
            try:
                known[k] = entry.formula.form.run(arithmetic, slots)
            except UndefinedValue as error:
                raise UndefinedValue(f"step {entry.name} has no value: {error}") from None
            except Unsettled:
                if precision >= 5120:
                    raise UndefinedValue(
                        f"step {entry.name} has no value that can be decided: a number in it is "
                        "within 10^-1500 of the point where the value jumps"
                    ) from None
                raise
        return known[position]

    def _ancestors(self, position: int, known: Mapping[int, Any]) -> list[int]:
        self._extend(position)
        wanted, pending = set(), [position]
        while pending:
            k = pending.pop()
            if k in wanted or k in known:
                continue
            wanted.add(k)
            formula = self.entries[k].formula
            if formula is not None and k not in self.fixed and _open(self._exact[k]):
                pending.extend(leaf.index for leaf in formula.leaves)
        return sorted(wanted)


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

    def _values(self, k: int, entry: Entry) -> tuple[Any, Any]:
        if k in self.fixed:
            return super()._values(k, entry)
        one = _OneStep(entry, dict(enumerate(self._exact)))
        written = tuple(self._written(real) for real in one.reals(len(one.entries) - 1))
        exact = written[0] if entry.shape == () else written
        return exact, _balls_of(exact)

    def _written(self, real: Real) -> Fraction:
        if self.chopped:
            if real.exact is not None:
                return chop(real.exact, self.places).fraction
            low, _ = real.enclosure(Fraction(1, 10 ** (self.places + 30)))
            return chop(low, self.places).fraction
        rounded = real.rounded(places=self.places)
        if rounded is None:  # indistinguishable from a tie: up, as ties go
            low, high = real.enclosure(Fraction(1, 10 ** (self.places + 30)))
            rounded = round_half_up(high if high > 0 else low, self.places)
        return rounded.fraction


class _OneStep(Evaluation):
    """One step on exact inputs, as a small evaluation of its own."""

    def __init__(self, entry: Entry, values: Mapping[int, Any]) -> None:
        assert entry.formula is not None
        inputs = [
            Given(f"x{n}", n, leaf.form, None, "", "")
            for n, leaf in enumerate(entry.formula.leaves)
        ]
        formula = Quantity(entry.formula.form, tuple(inputs))
        last = Step(entry.name, len(inputs), formula.form.as_leaf, formula, "", "")
        fixed = {n: values[leaf.index] for n, leaf in enumerate(entry.formula.leaves)}
        super().__init__([*inputs, last], fixed)


def _decimal_ball(shown: Shown) -> Ball:
    """The enclosure of a written number, which is a decimal and so not always a float."""
    value = float(Fraction(shown.text)) if "/" in shown.text else float(shown.text)
    return value, abs(value) * UNIT


def _open(exact: Any) -> bool:
    """Whether an exact value is missing, wholly or in some entry."""
    return exact is None or (exact.__class__ is tuple and None in exact)


def _balls_of(exact: Any) -> Any:
    return tuple(map(ball_of, exact)) if exact.__class__ is tuple else ball_of(exact)


def _exact_value(form: Any, slots: list[Any], leaves: Sequence[Any]) -> Any:
    """The exact value, None where no entry of it can be known to be rational.

    With an unknown operand only a factor zero, or a known entry of an array, still gives
    something exact.
    """
    if None in slots:
        if not any(s is not None and (s.__class__ is tuple or not s) for s in slots):
            return None
        slots = [
            (None,) * size(leaf.shape) if s is None and leaf.shape else s
            for s, leaf in zip(slots, leaves, strict=True)
        ]
    value = form.run(_FRACTIONS, slots)
    if value.__class__ is tuple and all(entry is None for entry in value):
        return None
    return value


def agrees(evaluation: Evaluation, position: int, digits: int | None, places: int | None) -> bool:
    """Whether the shown numbers put into the formula give the shown result.

    Where they do not, the reader is told that the result comes from more digits.
    """
    entry = evaluation.entries[position]
    formula = entry.formula
    if formula is None or position in evaluation.fixed:
        return True
    balls, all_exact = [], True
    for leaf in formula._leaves or formula.leaves:
        exact, ball = evaluation.written(leaf.index, digits, places)
        balls.append(ball)
        all_exact = all_exact and exact
    if all_exact:
        return True
    result = evaluation.shown(position, digits, places)
    again = formula.form.balls()(*balls)
    if result.__class__ is not tuple:
        result, again = (result,), (again,)
    for shown, ball in zip(result, again, strict=True):
        text = None if shown.exact or places is not None else _text(ball, digits)
        if text is None:
            return _agrees_exactly(evaluation, entry, result, digits, places)
        if text != shown.text:
            return False
    return True


def _text(ball: Any, digits: int | None) -> str | None:
    return write_ball(ball[0], ball[1], digits or DEFAULT_DIGITS)


def _agrees_exactly(
    evaluation: Evaluation,
    entry: Entry,
    results: tuple[Any, ...],
    digits: int | None,
    places: int | None,
) -> bool:
    """The same question by exact arithmetic, for what a float enclosure leaves open."""
    assert entry.formula is not None
    values = {}
    for leaf in entry.formula.leaves:
        shown = evaluation.shown(leaf.index, digits, places)
        values[leaf.index] = (
            tuple(Fraction(s.text) for s in shown)
            if shown.__class__ is tuple
            else Fraction(shown.text)
        )
    one = _OneStep(entry, values)
    try:
        again = one.reals(len(one.entries) - 1)
        for shown, real in zip(results, again, strict=True):
            decimal = shown.decimal
            if decimal is None:
                if real.exact is None or real.exact != Fraction(shown.text):
                    return False
            elif real.rounded(places=decimal.places) != decimal:
                return False
    except UndefinedValue:  # what is shown as 0 may be divided by
        return False
    return True
