"""Numbers side by side as bars, such as the parameters of each layer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.errors import ShapeError
from dlhand.numbers.digits import AnyDigits, Digits
from dlhand.pictures import flow, spelling
from dlhand.pictures.canvas import (
    BACKWARD,
    CLEAR,
    FORWARD,
    INK,
    SMALL,
    Canvas,
    Now,
    clean,
    width,
)
from dlhand.render import text
from dlhand.render.names import text as in_words
from dlhand.render.parts import prose
from dlhand.render.picture import Moment, Picture

_LENGTH = 320.0
_HIGH, _PITCH = 20.0, 30.0
_GAP = 8.0


def bars(
    d: Derivation,
    names: Sequence[str],
    *,
    words: Sequence[str] | None = None,
    current: str | None = None,
    so_far: bool = False,
    digits: AnyDigits = None,
) -> Picture:
    """A bar for each of some numbers, all to one scale; a negative one goes to the left.

    ``words`` has what stands beside each bar, where that is not to be its name. The step
    ``current`` is lit; with ``so_far``, bars that come after it are left out.

    Raises `ShapeError` for a value that is no single number, for no name at all, and for words
    that are not one for each; `UnknownName` for a name that does not exist.

    >>> d = Derivation("Parameters")
    >>> a, b = d.givens(P_1=608, P_2=3216)
    >>> print(bars(d, ["P_1", "P_2"], words=["first layer", "second layer"]))
    Bars: Parameters. first layer: P₁ = 608. second layer: P₂ = 3216.
    """
    return _Bars(d, names, words, Digits.of(digits)).picture(flow.now(d, current, so_far))


class _Bars:
    """Bars to one scale, to be drawn at any moment."""

    def __init__(
        self, d: Derivation, names: Sequence[str], words: Sequence[str] | None, digits: Digits
    ) -> None:
        if not names:
            raise ShapeError("names is empty; wanted at least one")
        self.d = d
        self.digits = digits
        self.entries = [d[name] for name in names]
        for entry in self.entries:
            if entry.shape != ():
                raise ShapeError(f"{entry.name} has shape {entry.shape}; wanted a single number")
        if words is not None and (isinstance(words, str) or len(words) != len(names)):
            raise ShapeError(f"words is {words!r:.60}; wanted a list of {len(names)} words")
        self.words = [clean(word) for word in words or [""] * len(names)]
        self.labels = [
            word or spelling.symbol(entry.name)
            for word, entry in zip(self.words, self.entries, strict=True)
        ]
        self.values = [float(d.value(entry)) for entry in self.entries]

    def picture(self, now: Now) -> Picture:
        """The bars at a moment."""
        least, most = min(0.0, *self.values), max(0.0, *self.values)
        scale = _LENGTH / ((most - least) or 1.0)
        numbers = max(width(self._number(entry), SMALL) for entry in self.entries) + 2 * _GAP
        room = numbers if least < 0 else 0.0
        canvas = Canvas(now)
        for k, value in enumerate(self.values):
            self._draw_row(canvas, k, least * scale - room - _GAP, most * scale + numbers)
            self._draw_bar(canvas, k, value * scale)
        bottom = _PITCH * len(self.entries)
        canvas.line([(0, -4), (0, bottom - _PITCH + _HIGH + 4)], colour=INK)
        title = f"Bars: {prose(self.d, self.d.title)}"
        return canvas.picture(title, self._facts(now), self.moments)

    def moments(self) -> Iterator[Moment]:
        """The bars as they come, one after the other."""
        return flow.moments(self.d, set(self.entries), self.digits)

    def _number(self, entry: Entry) -> str:
        return spelling.number(self.d.evaluation.shown(entry.index, self.digits))

    def _draw_row(self, canvas: Canvas, k: int, left: float, right: float) -> None:
        """What is said of a bar, up to ``left``, on a row that is lit up to ``right``."""
        y = _PITCH * k + _HIGH / 2
        start = left - max(map(width, self.labels)) - _GAP
        with canvas.part(lit=[self.entries[k].name]):
            canvas.box(start, y - 14, right - start, 28, fill=CLEAR, stroke="none")
            canvas.text(left, y, self.labels[k], anchor="end")

    def _draw_bar(self, canvas: Canvas, k: int, length: float) -> None:
        """A bar with its number."""
        entry, y = self.entries[k], _PITCH * k + _HIGH / 2
        with canvas.part(step="" if entry.formula is None else entry.name):
            canvas.box(
                min(length, 0), y - _HIGH / 2, max(abs(length), 0.5), _HIGH,
                fill=FORWARD if length >= 0 else BACKWARD,
            )  # fmt: skip
            canvas.text(
                length + (_GAP if length >= 0 else -_GAP), y, self._number(entry),
                size=SMALL, anchor="start" if length >= 0 else "end",
            )  # fmt: skip

    def _facts(self, now: Now) -> list[str]:
        return [self._in_words(k, entry, now) for k, entry in enumerate(self.entries)]

    def _in_words(self, k: int, entry: Entry, now: Now) -> str:
        said = f"{in_words(entry.name)} is still to come"
        if now.has(entry.name):
            said = text.line(self.d, entry, digits=self.digits)
        return f"{self.words[k]}: {said}." if self.words[k] else f"{said}."
