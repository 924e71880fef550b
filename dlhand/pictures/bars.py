"""Numbers side by side as bars, such as the parameters of each layer."""

from __future__ import annotations

from collections.abc import Sequence

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.errors import ShapeError
from dlhand.pictures import flow, spelling
from dlhand.pictures.canvas import (
    BACKWARD,
    FORWARD,
    INK,
    LIT,
    RULE,
    SMALL,
    Canvas,
    clean,
    width,
)
from dlhand.pictures.flow import Moment
from dlhand.render import text
from dlhand.render.names import text as in_words
from dlhand.render.parts import prose
from dlhand.render.picture import Picture

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
    digits: int | None = None,
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
    return _Bars(d, names, words, digits).picture(flow.moment(d, current, so_far))


def frames(
    d: Derivation,
    names: Sequence[str],
    *,
    words: Sequence[str] | None = None,
    digits: int | None = None,
) -> list[Picture]:
    """The bars as they come, one after the other."""
    drawn = _Bars(d, names, words, digits)
    entries = sorted(drawn.entries, key=lambda entry: entry.index)
    return [drawn.picture(Moment(entry, True)) for entry in entries]


class _Bars:
    """Bars to one scale, to be drawn at any moment."""

    def __init__(
        self, d: Derivation, names: Sequence[str], words: Sequence[str] | None, digits: int | None
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
        self.values = [float(d.value(entry)) for entry in self.entries]

    def picture(self, now: Moment) -> Picture:
        """The bars at a moment."""
        least, most = min(0.0, *self.values), max(0.0, *self.values)
        scale = _LENGTH / ((most - least) or 1.0)
        numbers = [width(self._number(entry), SMALL) for entry in self.entries]
        room = max(numbers) + _GAP if least < 0 else 0.0
        canvas = Canvas()
        for k, value in enumerate(self.values):
            self._draw_bar(canvas, k, least * scale - room, value * scale, now)
        bottom = _PITCH * len(self.entries)
        canvas.line([(0, -4), (0, bottom - _PITCH + _HIGH + 4)], colour=INK)
        return canvas.picture(f"Bars: {prose(self.d, self.d.title)}", self._facts(now))

    def _number(self, entry: Entry) -> str:
        return spelling.number(self.d.evaluation.shown(entry.index, self.digits))

    def _draw_bar(self, canvas: Canvas, k: int, left: float, length: float, now: Moment) -> None:
        entry, y = self.entries[k], _PITCH * k + _HIGH / 2
        is_current, is_known = entry is now.current, now.has(entry)
        number = self._number(entry)
        canvas.begin(entry.name, "bar")
        if is_known:
            canvas.box(
                min(length, 0), y - _HIGH / 2, max(abs(length), 0.5), _HIGH,
                fill=FORWARD if length >= 0 else BACKWARD,
                stroke=INK if is_current else RULE, weight=2.6 if is_current else 1,
            )  # fmt: skip
        canvas.text(
            length + (_GAP if length >= 0 else -_GAP), y, number,
            size=SMALL, anchor="start" if length >= 0 else "end", shown=is_known,
            ground=LIT if is_current else "",
        )  # fmt: skip
        label = self.words[k] or spelling.symbol(entry.name)
        canvas.text(left - _GAP, y, label, anchor="end")
        canvas.end()

    def _facts(self, now: Moment) -> list[str]:
        return [self._in_words(k, entry, now) for k, entry in enumerate(self.entries)]

    def _in_words(self, k: int, entry: Entry, now: Moment) -> str:
        said = f"{in_words(entry.name)} is still to come"
        if now.has(entry):
            said = text.line(self.d, entry, digits=self.digits)
        return f"{self.words[k]}: {said}." if self.words[k] else f"{said}."
