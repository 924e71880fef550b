"""How one step changes with one given while all others keep their values: a small curve."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from dlhand.derivation.entries import Given
from dlhand.derivation.model import Derivation
from dlhand.derivation.replay import Replay
from dlhand.errors import GivenError, ShapeError, UndefinedValue, UnknownName
from dlhand.numbers.digits import USUAL, AnyDigits, Digits, short_decimal
from dlhand.pictures import spelling
from dlhand.pictures.canvas import BACKWARD, FORWARD, RULE, SMALL, Canvas
from dlhand.render import text
from dlhand.render.names import text as in_words
from dlhand.render.picture import Picture
from dlhand.render.writers import TEXT

__all__ = ["Curve", "curve"]

WIDE, HIGH = 170.0, 96.0
"""Of the plot inside its labels: with them it is no wider than a phone."""
SAMPLES = 201
LARGE = 15
"""Of symbols: what is low in them is then no smaller than 11."""
_DOT = 4.0
_GAP = 6.0


def curve(
    d: Derivation,
    step: str,
    along: str,
    low: Any,
    high: Any,
    *,
    digits: AnyDigits = None,
) -> Picture:
    """The curve of ``step`` while the given ``along`` goes from ``low`` to ``high``.

    The line is worked out in 64-bit floats, by the same steps; it has a gap where a step has no
    value. The point on it is where the derivation is, with its proven digits.

    Raises `ShapeError` where step or given is an array, `GivenError` for a range that has no
    length, `UnknownName` for a name that does not exist, or is no given.

    >>> d = Derivation("A square")
    >>> (x,) = d.givens(x=1)
    >>> y = d.step("y", (x - 3) ** 2)
    >>> curve(d, "y", "x", 0, 10)
    Curve: y for x from 0 to 10. At the left end y is 9, at the right end 49. It is least, 0, at \
x = 3, and greatest, 49, at x = 10. Now x = 1 and y = 4.
    """
    ends = Fraction(low), Fraction(high)
    if ends[0] >= ends[1]:
        raise GivenError(f"the range of {along} is {low} to {high}; wanted a lower end first")
    span = (ends[1] - ends[0]) / (SAMPLES - 1)
    return Curve(d, step, along, [ends[0] + k * span for k in range(SAMPLES)]).picture(
        d, Digits.of(digits)
    )


class Curve:
    """The line of a curve, and its picture with a point for where a derivation is.

    ``places`` are those of the given at which the step is worked out, in order, at least two. A
    ``replay`` that ends at the step can be given, so that it is not compiled again.
    """

    def __init__(
        self,
        d: Derivation,
        step: str,
        along: str,
        places: Sequence[Fraction],
        replay: Replay | None = None,
    ) -> None:
        self.step, self.along = d[step], d[along]
        for entry in (self.step, self.along):
            if entry.shape != ():
                raise ShapeError(f"{entry.name} has shape {entry.shape}; wanted a single number")
        if not isinstance(self.along, Given):
            raise UnknownName(f"{along!r} is a step; wanted a given")
        self._places = places
        self._xs = [float(place) for place in places]
        values = {given.name: d.given_value(given) for given in d.given_entries}
        replay = replay or Replay(d, self.step.name)
        self._ys = replay.sweep(self.along.name, self._xs, values)
        known = [y for y in self._ys if y is not None]
        if not known:
            raise UndefinedValue(f"{step} has no value for any {along} in the range")
        least, most = min(known), max(known)
        room = (most - least) * 0.06 or max(abs(most), 1.0) * 0.5
        self._low, self._high = least - room, most + room
        self._least, self._most = least, most

    def _at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the plane is on the sheet."""
        width = self._xs[-1] - self._xs[0] or 1.0  # a given that can have one value only
        share = (x - self._xs[0]) / width
        height = (y - self._low) / (self._high - self._low)
        return share * WIDE, (1 - height) * HIGH

    def picture(self, d: Derivation, digits: Digits = USUAL) -> Picture:
        """The curve with the point where ``d`` is, which has the other givens as the line has."""
        canvas = Canvas()
        self._draw_axes(canvas)
        for stretch in self._stretches():
            points = [self._at(x, y) for x, y in stretch]
            if len(points) == 1:  # a value between two gaps
                points *= 2
            canvas.line(points, colour=FORWARD, weight=2.2)
        here = float(d.given_value(self.along)), float(d.value(self.step))
        self._draw_point(canvas, *here)
        spelled = [in_words(entry.name) for entry in (self.step, self.along)]
        ends = [_exact(self._places[k]) for k in (0, -1)]
        title = f"Curve: {spelled[0]} for {spelled[1]} from {ends[0]} to {ends[1]}"
        return canvas.picture(title, self._facts(d, digits))

    def _stretches(self) -> Iterator[list[tuple[float, float]]]:
        """The points of the line, without the gaps where there is no value."""
        points = zip(self._xs, self._ys, strict=True)
        for is_known, stretch in groupby(points, lambda point: point[1] is not None):
            if is_known:
                yield list(stretch)

    def _draw_axes(self, canvas: Canvas) -> None:
        """A frame with the ends of both axes, and lines through zero."""
        canvas.line([(0, 0), (0, HIGH), (WIDE, HIGH)])
        if self._low < 0 < self._high:
            canvas.line([self._at(self._xs[0], 0), self._at(self._xs[-1], 0)], weight=0.6)
        if self._xs[0] < 0 < self._xs[-1]:
            x = self._at(0, self._low)[0]
            canvas.line([(x, 0), (x, HIGH)], weight=0.6)
            if WIDE * 0.15 < x < WIDE * 0.85:
                canvas.text(x, HIGH + 12, "0", size=SMALL)
        canvas.text(0, HIGH + 12, _exact(self._places[0]), size=SMALL)
        canvas.text(WIDE, HIGH + 12, _exact(self._places[-1]), size=SMALL)
        name = spelling.symbol(self.along.name)
        canvas.text(WIDE * 0.75, HIGH + 14, name, size=LARGE)
        numbers = {self._at(0, y)[1]: _short(y) for y in (self._least, self._most)}
        for y, number in numbers.items():
            canvas.text(-_GAP, y, number, size=SMALL, anchor="end")
        symbol = spelling.symbol(self.step.name)
        middle = HIGH / 2 if len(numbers) > 1 else HIGH / 6  # free of numbers
        canvas.text(-_GAP, middle, symbol, size=LARGE, anchor="end")
        canvas.reserve(-58, -_GAP, WIDE + 58 + 16, HIGH)  # one size, whatever the numbers are

    def _draw_point(self, canvas: Canvas, x: float, y: float) -> None:
        """Where we are: a point, and a line down to its place."""
        if not self._xs[0] <= x <= self._xs[-1] or not self._low <= y <= self._high:
            return
        left, top = self._at(x, y)
        canvas.line([(left, HIGH), (left, top)], colour=RULE, weight=1)
        canvas.box(
            left - _DOT, top - _DOT, 2 * _DOT, 2 * _DOT, fill=BACKWARD, stroke="none", round=_DOT
        )

    def _facts(self, d: Derivation, digits: Digits) -> Iterator[str]:
        step, along = in_words(self.step.name), in_words(self.along.name)
        ends = [
            "has no value" if y is None else f"is {_short(y)}" for y in (self._ys[0], self._ys[-1])
        ]
        yield f"At the left end {step} {ends[0]}, at the right end {ends[1].removeprefix('is ')}."
        if self._least == self._most:
            yield f"It does not change with {along}."
        else:
            where = [_short(self._xs[self._ys.index(y)]) for y in (self._least, self._most)]
            yield (
                f"It is least, {_short(self._least)}, at {along} = {where[0]}, "
                f"and greatest, {_short(self._most)}, at {along} = {where[1]}."
            )
        now = " and ".join(
            text.line(d, entry, digits=digits) if entry is self.along else self._result(d, digits)
            for entry in (self.along, self.step)
        )
        yield f"Now {now}."

    def _result(self, d: Derivation, digits: Digits) -> str:
        shown = d.evaluation.shown(self.step.index, digits)
        sign = TEXT.equal if shown.exact else TEXT.about
        return f"{in_words(self.step.name)}{sign}{TEXT.number(shown.text, 0)}"


def _short(number: float) -> str:
    """A number of an axis, in three digits.

    >>> _short(0.24909), _short(-1234567.0), _short(1e13)
    ('0.249', '−1.23·10⁶', '10¹³')
    """
    mantissa, _, power = f"{number:.2e}".partition("e")
    if -4 <= int(power) < 6:
        return _exact(Fraction(f"{mantissa}e{power}"))
    return TEXT.number(f"{_decimal(Fraction(mantissa))}e{int(power)}", 0)


def _exact(number: Fraction) -> str:
    """An end of the range."""
    return TEXT.number(_decimal(number), 0)


def _decimal(number: Fraction) -> str:
    """A number as a decimal, or as the fraction that it is."""
    return short_decimal(number.numerator, number.denominator, 400) or str(number)
