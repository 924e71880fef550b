"""Arrays as grids of cells, in which what is in use is lit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from dlhand.errors import ShapeError
from dlhand.numbers.digits import Shown, round_half_up
from dlhand.pictures import spelling
from dlhand.pictures.canvas import (
    FAINT,
    FORWARD,
    INK,
    LINE,
    LIT,
    PAPER,
    RULE,
    SHADE,
    SMALL,
    Canvas,
    width,
)
from dlhand.render.names import AFTER

HIGH = 26.0
"""The height of a cell."""
TITLE = 22.0
"""The height of a title over a grid."""
MOST = 16
"""Rows and columns of a grid; more cannot be read."""
_NARROWEST = 30.0

Place = tuple[int, int]


class Grid(NamedTuple):
    """A matrix of numbers as they are written."""

    title: str
    cells: Sequence[Sequence[str]]
    lit: frozenset[Place] = frozenset()
    """In use now."""
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


def grid(name: str, title: str, matrix: Sequence[Sequence[Shown]]) -> Grid:
    """A grid of numbers; ``name`` is what an error says of one that is too large to draw."""
    if not 0 < len(matrix) <= MOST or not 0 < len(matrix[0]) <= MOST:
        raise ShapeError(
            f"{name} has {len(matrix)} rows of {len(matrix[0]) if matrix else 0} numbers; wanted "
            f"1 to {MOST} of each to draw"
        )
    return Grid(title, [[spelling.number(shown) for shown in row] for row in matrix])


def draw(
    canvas: Canvas,
    grid: Grid,
    x: float,
    y: float,
    *,
    cell: float = 0,
    known: int | None = None,
    below: bool = False,
) -> None:
    """Draw a grid with its upper left corner at (x, y); its title stands above it, or below.

    Only the first ``known`` numbers, row by row, are shown. ``cell`` is the width of a cell, where
    it is not to follow from the numbers.
    """
    wide = cell or grid.cell
    columns = len(grid.cells[0])
    middle = x + wide * columns / 2
    canvas.text(middle, y + grid.high + TITLE / 2 if below else y - TITLE / 2, grid.title)
    places = [(i, j) for i in range(len(grid.cells)) for j in range(columns)]
    for place in sorted(places, key=lambda place: place in grid.lit):
        i, j = place
        is_lit, is_faint = place in grid.lit, place in grid.faint
        canvas.box(
            x + j * wide, y + i * HIGH, wide, HIGH,
            fill=LIT if is_lit else SHADE if is_faint else PAPER,
            stroke=FORWARD if is_lit else RULE, weight=1.8 if is_lit else 1,
        )  # fmt: skip
        canvas.text(
            x + (j + 0.5) * wide, y + (i + 0.5) * HIGH, grid.cells[i][j],
            size=SMALL, colour=FAINT if is_faint else INK,
            shown=known is None or i * columns + j < known,
        )  # fmt: skip


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


def write_out(
    canvas: Canvas, x: float, y: float, lines: Sequence[str], others: Iterable[Sequence[str]]
) -> None:
    """Write lines below each other, with room for those of ``others``, one after the other."""
    for k, line in enumerate(lines):
        canvas.text(x, y + LINE * k, line, size=SMALL, anchor="start")
    for other in others:
        for k, line in enumerate(other):
            canvas.text(x, y + LINE * k, line, size=SMALL, anchor="start", shown=False)


def check_place(name: str, k: int | None, length: int) -> None:
    """Refuse a row, column or filter that does not exist."""
    if k is not None and not 0 <= k < length:
        raise ShapeError(f"{name} is {k}; wanted a whole number from 0 to {length - 1}")
