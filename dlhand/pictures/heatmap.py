"""A matrix of numbers as a heat map, such as the weights of attention: the darker, the larger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dlhand.derivation.model import Derivation
from dlhand.errors import ShapeError
from dlhand.numbers.digits import AnyDigits, Digits
from dlhand.pictures import operands, spelling
from dlhand.pictures.canvas import (
    BACKWARD,
    CLEAR,
    FAINT,
    FORWARD,
    INK,
    LINE,
    LIT_WEIGHT,
    PAPER,
    SMALL,
    Canvas,
    Now,
    clean,
    width,
)
from dlhand.pictures.grids import check_place, grid
from dlhand.render import text
from dlhand.render.parts import prose
from dlhand.render.picture import Moment, Picture

_HIGH = 34.0
_NARROWEST = 48.0
_GAP = 10.0
_APART = 1.5
"""From a cell to the edge of its place: half of the gap in which a frame is drawn."""


def heatmap(
    d: Derivation,
    step: str,
    row: int | None = None,
    column: int | None = None,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    digits: AnyDigits = None,
) -> Picture:
    """A matrix, or a vector as one row, with each cell coloured by its number.

    White is 0; the darkest blue is 1, or the largest size where that is more; negative numbers are
    brown. ``rows`` and ``columns`` are what stands beside and above, such as the words of a
    sentence. One row, column or cell can be framed; they are counted from 0, as in x[0].

    Raises `ShapeError` for a value that is neither matrix nor vector, or too large to draw, and
    for words that are not one for each row or column.

    >>> d = Derivation("Attention")
    >>> A = d.given("A", [["0.25", "0.75"], [1, 0]])
    >>> print(heatmap(d, "A", rows=["Playing", "outside"]))
    Heat map: Attention. A = [[0.25, 0.75], [1, 0]]. Rows: Playing, outside.
    """
    return _HeatMap(d, step, rows, columns, Digits.of(digits)).picture(row, column)


class _HeatMap:
    """A heat map, to be drawn with any row or column framed."""

    def __init__(
        self,
        d: Derivation,
        name: str,
        row_words: Sequence[str] | None,
        column_words: Sequence[str] | None,
        digits: Digits,
    ) -> None:
        entry = d[name]
        if len(entry.shape) not in (1, 2):
            raise ShapeError(f"{name} has shape {entry.shape}; wanted a matrix or a vector")
        self.d = d
        self.entry = entry
        self.digits = digits
        columns = entry.shape[-1]
        shown = operands.entries(d.evaluation.shown(entry.index, digits), entry.shape)
        since = "" if entry.formula is None else entry.name
        array = operands.Operand(spelling.symbol(entry.name), entry.shape, shown, since)
        self.shown = grid(entry.name, array, columns)
        self.names = [f"{entry.name}[{i}]" for i in range(len(self.shown.cells))]
        numbers = [float(real) for real in d.evaluation.reals(entry.index)]
        largest = max(1.0, *map(abs, numbers))
        self.parts = [x / largest for x in numbers]
        self.rows = _words("rows", row_words, len(self.shown.cells))
        self.columns = _words("columns", column_words, columns)

    def picture(self, row: int | None, column: int | None) -> Picture:
        """The heat map with a row, a column or a cell framed."""
        cells = self.shown.cells
        check_place("row", row, len(cells))
        check_place("column", column, len(cells[0]))
        whole_row = row is not None and column is None
        canvas = Canvas(Now(frozenset(self.names[k] for k in [row] if k is not None and whole_row)))
        wide = max(_NARROWEST, self.shown.cell, *(width(word) + _GAP for word in self.columns))
        high, whole = _HIGH * len(cells), wide * len(cells[0])
        for i, word in enumerate(self.rows):
            canvas.text(-_GAP, (i + 0.5) * _HIGH, word, anchor="end")
        for j, word in enumerate(self.columns):
            canvas.text((j + 0.5) * wide, -_GAP - 2, word)
        with canvas.part(step=self.shown.step):
            self._draw_cells(canvas, wide)
        for i, name in enumerate(self.names):
            with canvas.part(lit=[name]):
                canvas.box(0, i * _HIGH, whole, _HIGH, fill=CLEAR, stroke="none", hollow=True)
        if column is not None:
            y, tall = (0, high) if row is None else (row * _HIGH, _HIGH)
            canvas.box(column * wide, y, wide, tall, fill=CLEAR, stroke=INK, weight=LIT_WEIGHT)
        with canvas.part(lit=[self.shown.step]):
            at = (whole / 2, high + LINE)
            canvas.text(*at, self.shown.title, colour=FAINT, ground=CLEAR)
        title = f"Heat map: {prose(self.d, self.d.title)}"
        return canvas.picture(title, self._facts(row, column), self.moments)

    def _draw_cells(self, canvas: Canvas, wide: float) -> None:
        for i, line in enumerate(self.shown.cells):
            for j, number in enumerate(line):
                fill, ink = _colours(self.parts[i * len(line) + j])
                canvas.box(
                    j * wide + _APART, i * _HIGH + _APART, wide - 2 * _APART, _HIGH - 2 * _APART,
                    fill=fill,
                )  # fmt: skip
                canvas.text((j + 0.5) * wide, (i + 0.5) * _HIGH, number, size=SMALL, colour=ink)

    def moments(self) -> Iterator[Moment]:
        """The rows, one after the other."""
        for i, (name, line) in enumerate(zip(self.names, self.shown.cells, strict=True)):
            said = [
                f"{word} {number}".strip() for word, number in zip(self.columns, line, strict=True)
            ]
            yield Moment(name, _in_words("Row", i, self.rows), ", ".join(said))

    def _facts(self, row: int | None, column: int | None) -> list[str]:
        facts = [text.line(self.d, self.entry, digits=self.digits) + "."]
        for kind, words in (("Rows", self.rows), ("Columns", self.columns)):
            if any(words):
                facts.append(f"{kind}: {', '.join(words)}.")
        framed = [("row", row, self.rows), ("column", column, self.columns)]
        said = [_in_words(kind, k, words) for kind, k, words in framed if k is not None]
        return [*facts, f"Framed: {', '.join(said)}."] if said else facts


def _in_words(kind: str, k: int, words: Sequence[str]) -> str:
    return f"{kind} {k + 1} ({words[k]})" if words[k] else f"{kind} {k + 1}"


def _words(name: str, words: Sequence[str] | None, count: int) -> list[str]:
    """What stands at each row or column."""
    if words is None:
        return [""] * count
    if isinstance(words, str) or len(words) != count:
        raise ShapeError(f"{name} is {words!r:.60}; wanted a list of {count} words")
    return [clean(word) for word in words]


def _colours(part: float) -> tuple[str, str]:
    """The colour of a cell, from white at 0 to the full one at 1 and at -1, and of its number."""
    full = FORWARD if part >= 0 else BACKWARD
    mixed = [round(255 + (int(full[k : k + 2], 16) - 255) * min(abs(part), 1.0)) for k in (1, 3, 5)]
    red, green, blue = mixed
    is_dark = 0.299 * red + 0.587 * green + 0.114 * blue < 150
    return f"#{red:02x}{green:02x}{blue:02x}", PAPER if is_dark else INK
