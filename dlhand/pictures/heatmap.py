"""A matrix of numbers as a heat map, such as the weights of attention: the darker, the larger."""

from __future__ import annotations

from collections.abc import Sequence

from dlhand.derivation.model import Derivation
from dlhand.errors import ShapeError
from dlhand.pictures import operands, spelling
from dlhand.pictures.canvas import (
    BACKWARD,
    FAINT,
    FORWARD,
    INK,
    LINE,
    PAPER,
    SMALL,
    Canvas,
    clean,
    width,
)
from dlhand.pictures.grids import check_place, grid
from dlhand.render import text
from dlhand.render.parts import prose
from dlhand.render.picture import Picture

_HIGH = 34.0
_NARROWEST = 48.0
_GAP = 10.0


def heatmap(
    d: Derivation,
    step: str,
    row: int | None = None,
    column: int | None = None,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    digits: int | None = None,
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
    return _HeatMap(d, step, rows, columns, digits).picture(row, column)


def frames(
    d: Derivation,
    step: str,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    digits: int | None = None,
) -> list[Picture]:
    """The heat map with each row framed, one after the other."""
    drawn = _HeatMap(d, step, rows, columns, digits)
    return [drawn.picture(k, None) for k in range(len(drawn.shown.cells))]


class _HeatMap:
    """A heat map, to be drawn with any row or column framed."""

    def __init__(
        self,
        d: Derivation,
        name: str,
        row_words: Sequence[str] | None,
        column_words: Sequence[str] | None,
        digits: int | None,
    ) -> None:
        entry = d[name]
        if len(entry.shape) not in (1, 2):
            raise ShapeError(f"{name} has shape {entry.shape}; wanted a matrix or a vector")
        self.d = d
        self.entry = entry
        self.digits = digits
        columns = entry.shape[-1]
        shown = operands.entries(d.evaluation.shown(entry.index, digits), entry.shape)
        self.shown = grid(name, spelling.symbol(name), operands.rows(shown, columns))
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
        wide = max(_NARROWEST, self.shown.cell, *(width(word) + _GAP for word in self.columns))
        high, whole = _HIGH * len(cells), wide * len(cells[0])
        canvas = Canvas()
        canvas.begin(self.entry.name, "heatmap")
        for i, line in enumerate(cells):
            canvas.text(-_GAP, (i + 0.5) * _HIGH, self.rows[i], anchor="end")
            for j, number in enumerate(line):
                fill, ink = _colours(self.parts[i * len(line) + j])
                canvas.box(j * wide, i * _HIGH, wide, _HIGH, fill=fill)
                canvas.text((j + 0.5) * wide, (i + 0.5) * _HIGH, number, size=SMALL, colour=ink)
        for j, word in enumerate(self.columns):
            canvas.text((j + 0.5) * wide, -_GAP - 2, word)
        if row is not None or column is not None:
            canvas.box(
                0 if column is None else column * wide, 0 if row is None else row * _HIGH,
                whole if column is None else wide, high if row is None else _HIGH,
                fill="none", stroke=INK, weight=3.5,
            )  # fmt: skip
        canvas.text(whole / 2, high + LINE, self.shown.title, colour=FAINT)
        canvas.end()
        return canvas.picture(f"Heat map: {prose(self.d, self.d.title)}", self._facts(row, column))

    def _facts(self, row: int | None, column: int | None) -> list[str]:
        facts = [text.line(self.d, self.entry, digits=self.digits) + "."]
        for kind, words in (("Rows", self.rows), ("Columns", self.columns)):
            if any(words):
                facts.append(f"{kind}: {', '.join(words)}.")
        framed = [("row", row, self.rows), ("column", column, self.columns)]
        said = [
            f"{kind} {k + 1}{f' ({words[k]})' if words[k] else ''}"
            for kind, k, words in framed
            if k is not None
        ]
        return [*facts, f"Framed: {', '.join(said)}."] if said else facts


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
