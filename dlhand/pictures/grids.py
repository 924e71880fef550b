"""Arrays as grids of cells, in which what is in use is lit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from dlhand.errors import ShapeError
from dlhand.numbers.digits import Shown, round_half_up
from dlhand.pictures import spelling
from dlhand.pictures.canvas import (
    CLEAR,
    FAINT,
    INK,
    LINE,
    PAPER,
    SHADE,
    SMALL,
    Canvas,
    Now,
    width,
)
from dlhand.pictures.operands import Operand, rows
from dlhand.render.names import AFTER

HIGH = 26.0
"""The height of a cell."""
TITLE = 22.0
"""The height of a title over a grid."""
MOST = 16
"""Rows and columns of a grid; more cannot be read."""
_NARROWEST = 30.0
_APART = 1.0
"""From a cell to the edge of its place, so that the outlines of neighbours keep apart."""

Place = tuple[int, int]


class Grid(NamedTuple):
    """A matrix of numbers as they are written."""

    title: str
    cells: Sequence[Sequence[str]]
    step: str = ""
    """The step that it is the result of; its numbers are there from then on."""
    lit: Mapping[Place, Sequence[str]] = {}
    """By place, the moments at which it is in use."""
    since: Mapping[Place, str] = {}
    """By place, the moment from which on its number is there."""
    faint: frozenset[Place] = frozenset()
    """Not part of the array itself, such as padding."""

    @property
    def cell(self) -> float:
        """The width of a cell: that of the longest number."""
        texts = [text for row in self.cells for text in row]
        return max(_NARROWEST, *(width(text, SMALL) + 10 for text in texts))

    @property
    def high(self) -> float:
        """The height of all cells."""
        return HIGH * len(self.cells)

    def wide(self, cell: float = 0) -> float:
        """The width of all cells, or of the title where that is wider."""
        return max((cell or self.cell) * len(self.cells[0]), width(self.title))


def grid(name: str, array: Operand, columns: int) -> Grid:
    """A matrix of so many columns as a grid; ``name`` is what an error says of one too large."""
    matrix = rows(array.entries, columns)
    if not 0 < len(matrix) <= MOST or not 0 < columns <= MOST:
        raise ShapeError(
            f"{name} has {len(matrix)} rows of {columns} numbers; wanted 1 to {MOST} of each to "
            "draw"
        )
    cells = [[spelling.number(shown) for shown in row] for row in matrix]
    return Grid(array.title, cells, array.step)


def draw(
    canvas: Canvas, grid: Grid, x: float, y: float, *, cell: float = 0, below: bool = False
) -> None:
    """Draw a grid with its upper left corner at (x, y); its title stands above it, or below.

    ``cell`` is the width of a cell, where it is not to follow from the numbers.
    """
    wide = cell or grid.cell
    columns = len(grid.cells[0])
    middle = x + wide * columns / 2
    with canvas.part(lit=[grid.step]):
        at = y + grid.high + TITLE / 2 if below else y - TITLE / 2
        canvas.text(middle, at, grid.title, ground=CLEAR if grid.step else "")
    places = [(i, j) for i in range(len(grid.cells)) for j in range(columns)]
    for names, together in _by_moments(grid, places).items():
        with canvas.part(lit=names):
            for i, j in together:
                canvas.box(
                    x + j * wide + _APART, y + i * HIGH + _APART, wide - 2 * _APART,
                    HIGH - 2 * _APART, fill=SHADE if (i, j) in grid.faint else PAPER,
                )  # fmt: skip
    with canvas.part(step=grid.step):
        for i, j in places:
            with canvas.part(step=grid.since.get((i, j), "")):
                canvas.text(
                    x + (j + 0.5) * wide, y + (i + 0.5) * HIGH, grid.cells[i][j],
                    size=SMALL, colour=FAINT if (i, j) in grid.faint else INK,
                )  # fmt: skip


def _by_moments(grid: Grid, places: Sequence[Place]) -> dict[tuple[str, ...], list[Place]]:
    """Places that are lit at the same moments together."""
    found: dict[tuple[str, ...], list[Place]] = {}
    for place in places:
        found.setdefault(tuple(grid.lit.get(place, ())), []).append(place)
    return found


class Places:
    """The places of a result as the moments of a picture: row by row, each with a name."""

    def __init__(self, rows: int, columns: int, step: str, *above: int) -> None:
        """``step`` is whose result it is, and ``above`` where the matrix stands in it."""
        self.rows, self.columns = rows, columns
        self.names = {
            (i, j): f"{step}[{','.join(map(str, (*above, i, j)))}]"
            for i in range(rows)
            for j in range(columns)
        }

    def chosen(self, row: int | None, column: int | None) -> list[Place]:
        """The places in a row, in a column, or where both meet; none where neither is named.

        Raises `ShapeError` for a row or column that does not exist.
        """
        check_place("row", row, self.rows)
        check_place("column", column, self.columns)
        if row is None and column is None:
            return []
        return [(i, j) for i, j in self.names if row in (i, None) and column in (j, None)]

    def now(self, chosen: Sequence[Place], so_far: bool) -> Now:
        """The moment at which places are lit; with ``so_far``, later ones are still to come."""
        later = [place for place in self.names if so_far and chosen and place > chosen[-1]]
        return Now(*(frozenset(self.names[place] for place in some) for some in (chosen, later)))


def place_in_words(place: Place) -> str:
    """A place, counted from 1.

    >>> place_in_words((1, 2))
    'Row 2, column 3'
    """
    return f"Row {place[0] + 1}, column {place[1] + 1}"


def products(left: Sequence[Shown], right: Sequence[Shown]) -> list[str]:
    """A sum of products, written out term by term.

    >>> products([Shown("1", True), Shown("-2", True)], [Shown("-3", True), Shown("4", True)])
    ['1 · (−3)', ' + (−2) · 4']
    """
    found = []
    for k, (a, b) in enumerate(zip(left, right, strict=True)):
        first = spelling.number(a, AFTER if k else 0)
        found.append(f"{' + ' if k else ''}{first} · {spelling.number(b, AFTER)}")
    return found


def result(shown: Shown, by_hand: Fraction) -> str:
    """The end of a line: what comes out, and a remark where the numbers shown do not give it.

    ``by_hand`` is what they give.

    >>> result(Shown("0.33", False), Fraction("0.3333")), result(Shown("2", True), Fraction(2))
    (' ≈ 0.33', ' = 2')
    >>> result(Shown("0.33", False), Fraction("0.34"))
    ' ≈ 0.33 (from more digits than shown)'
    """
    decimal = shown.decimal
    if decimal is None:
        agrees = by_hand == Fraction(shown.text)
    else:
        agrees = round_half_up(by_hand, decimal.places) == decimal
    note = "" if agrees else " (from more digits than shown)"
    return f" {'=' if shown.exact else '≈'} {spelling.number(shown)}{note}"


def sum_of_products(left: Sequence[Shown], right: Sequence[Shown]) -> Fraction:
    """What a sum of products of numbers gives, as they are shown."""
    pairs = zip(left, right, strict=True)
    return sum((Fraction(a.text) * Fraction(b.text) for a, b in pairs), Fraction(0))


def write_out(canvas: Canvas, x: float, y: float, lines: Sequence[str]) -> None:
    """Write lines below each other."""
    for k, line in enumerate(lines):
        canvas.text(x, y + LINE * k, line, size=SMALL, anchor="start")


def check_place(name: str, k: int | None, length: int) -> None:
    """Refuse a row, column or filter that does not exist."""
    if k is not None and not 0 <= k < length:
        raise ShapeError(f"{name} is {k}; wanted a whole number from 0 to {length - 1}")
