"""A product of matrices or vectors, in which the row and the column in use are lit.

The second operand stands above the result and the first to the left of it, so that an entry of the
result stands where its row and its column meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.numbers.digits import AnyDigits, Digits, Shown
from dlhand.operations.matrix import DOT, MATMUL, MATVEC, OUTER, VECMAT
from dlhand.operations.quantity import Head
from dlhand.pictures import spelling
from dlhand.pictures.canvas import LINE, SMALL, Canvas, wrapped
from dlhand.pictures.grids import (
    TITLE,
    Grid,
    Place,
    Places,
    draw,
    grid,
    place_in_words,
    products,
    result,
    sum_of_products,
    write_out,
)
from dlhand.pictures.operands import Operand, entries, find, rows
from dlhand.render import text
from dlhand.render.parts import prose
from dlhand.render.picture import Moment, Picture

KINDS = (MATMUL, MATVEC, VECMAT, DOT, OUTER)
_GAP = 18.0
_WIDEST_LINE = 420.0

Matrix = list[tuple[Shown, ...]]


def matrix_product(
    d: Derivation,
    step: str,
    row: int | None = None,
    column: int | None = None,
    *,
    so_far: bool = False,
    digits: AnyDigits = None,
) -> Picture:
    """The product in the formula of a step as grids; entries of the result can be lit.

    They are lit with what they come of: all entries of a ``row``, of a ``column``, or the one in
    both, whose sum of products is then written out. Rows and columns are counted from 0, as in
    x[0]; a vector is one column, and one row before a matrix. With ``so_far``, entries of the
    result after those that are lit are left out.

    Raises `FormulaError` for a step without a product of named quantities, `ShapeError` for a row
    or column that does not exist, and for a matrix that is too large to draw.

    >>> d = Derivation("A matrix and a vector")
    >>> W, x = d.givens(W=[[1, 2], [3, 4]], x=[5, -6])
    >>> z = d.step("z", W @ x)
    >>> print(matrix_product(d, "z", 1, 0))
    Product: A matrix and a vector. z = W x = [[1, 2], [3, 4]] [5, −6] = [−7, −9]. \
Row 2, column 1: 3 · 5 + 4 · (−6) = −9.
    """
    return _Product(d, d[step], Digits.of(digits)).picture(row, column, so_far)


class _Shapes(NamedTuple):
    """Rows and columns of the two operands, as matrices."""

    left: tuple[int, int]
    right: tuple[int, int]


def _shapes(op: Head, left: tuple[int, ...], right: tuple[int, ...]) -> _Shapes:
    if op is OUTER:
        return _Shapes((left[0], 1), (1, right[0]))
    first = (left[0], left[1]) if len(left) == 2 else (1, left[0])
    second = (right[0], right[1]) if len(right) == 2 else (right[0], 1)
    return _Shapes(first, second)


class _Product:
    """A product, to be drawn with any row and column lit."""

    def __init__(self, d: Derivation, step: Entry, digits: Digits) -> None:
        self.d = d
        self.step = step
        self.digits = digits
        found = find(d, step, KINDS, digits)
        self.is_whole = found.is_whole
        left, right = found.operands
        shapes = _shapes(found.op, left.shape, right.shape)
        shown = entries(d.evaluation.shown(step.index, digits), step.shape)
        self.left, self.right = left, right
        self.out = Operand(spelling.symbol(step.name), step.shape, shown, step.name)
        self.rows = rows(left.entries, shapes.left[1])
        self.columns = [*zip(*rows(right.entries, shapes.right[1]), strict=True)]
        self.places = Places(len(self.rows), len(self.columns), step.name)
        self.results = dict(zip(self.places.names, shown, strict=True))

    def picture(self, row: int | None, column: int | None, so_far: bool) -> Picture:
        """The product with a row, a column or an entry of its result lit."""
        chosen = self.places.chosen(row, column)
        lines = wrapped(self._pieces(*chosen), _WIDEST_LINE, SMALL) if len(chosen) == 1 else []
        canvas = Canvas(self.places.now(chosen, so_far))
        before, above, out = self._grids()
        cell = max(above.cell, out.cell)
        left, top = -before.wide() - _GAP, above.high + _GAP
        draw(canvas, before, left, top)
        draw(canvas, above, 0, 0, cell=cell)
        draw(canvas, out, 0, top, cell=cell, below=True)
        write_out(canvas, left, top + out.high + TITLE + LINE, lines)
        facts = [text.line(self.d, self.step, digits=self.digits) + "."]
        if lines:
            facts.append(f"{place_in_words(*chosen)}: {' '.join(lines)}.")
        elif chosen:
            facts.append(f"{_in_words(row, column)} is lit.")
        return canvas.picture(f"Product: {prose(self.d, self.d.title)}", facts, self.moments)

    def _grids(self) -> tuple[Grid, Grid, Grid]:
        """The first operand, the second, and the result."""
        name = f"an operand or the result of {self.step.name}"
        names = self.places.names
        by_row = [[n for (i, _), n in names.items() if i == row] for row in range(self.places.rows)]
        by_column = [
            [n for (_, j), n in names.items() if j == column]
            for column in range(self.places.columns)
        ]
        inner = range(len(self.rows[0]))
        return (
            grid(name, self.left, len(inner))._replace(
                lit={(i, k): found for i, found in enumerate(by_row) for k in inner}
            ),
            grid(name, self.right, self.places.columns)._replace(
                lit={(k, j): found for j, found in enumerate(by_column) for k in inner}
            ),
            grid(name, self.out, self.places.columns)._replace(
                lit={place: [n] for place, n in names.items()}, since=names
            ),
        )

    def _pieces(self, place: Place) -> list[str]:
        """What is calculated at a place: pieces between which a line may break."""
        left, right = self.rows[place[0]], self.columns[place[1]]
        terms = products(left, right)
        if self.is_whole:
            return [*terms, result(self.results[place], sum_of_products(left, right))]
        return [f"{self.left.title} {self.right.title}: ", *terms]

    def moments(self) -> Iterator[Moment]:
        """The entries of the result, row by row."""
        for place, name in self.places.names.items():
            line = spelling.plain("".join(self._pieces(place)))
            yield Moment(name, place_in_words(place), line)


def _in_words(row: int | None, column: int | None) -> str:
    return ", ".join(
        f"{kind} {k + 1}" for kind, k in (("Row", row), ("Column", column)) if k is not None
    )
