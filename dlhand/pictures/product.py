"""A product of matrices or vectors, in which the row and the column in use are lit.

The second operand stands above the result and the first to the left of it, so that an entry of the
result stands where its row and its column meet.
"""

from __future__ import annotations

from typing import NamedTuple

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.numbers.digits import Shown
from dlhand.pictures import spelling
from dlhand.pictures.canvas import LINE, SMALL, Canvas, wrapped
from dlhand.pictures.grids import (
    TITLE,
    Grid,
    check_place,
    draw,
    grid,
    products,
    result,
    sum_of_products,
    write_out,
)
from dlhand.pictures.operands import entries, find, rows
from dlhand.render import text
from dlhand.render.parts import prose
from dlhand.render.picture import Picture

KINDS = ("matmul", "matvec", "vecmat", "dot", "outer")
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
    digits: int | None = None,
) -> Picture:
    """The product in the formula of a step as grids; a row, a column, or both are lit.

    With both, the sum of products that meet there is written out. Rows and columns are counted
    from 0, as in x[0]; a vector is one column, and one row before a matrix. With ``so_far``,
    entries of the result after the one that is lit are left out.

    Raises `FormulaError` for a step without a product of named quantities, `ShapeError` for a row
    or column that does not exist, and for a matrix that is too large to draw.

    >>> d = Derivation("A matrix and a vector")
    >>> W, x = d.givens(W=[[1, 2], [3, 4]], x=[5, -6])
    >>> z = d.step("z", W @ x)
    >>> print(matrix_product(d, "z", 1, 0))
    Product: A matrix and a vector. z = W x = [[1, 2], [3, 4]] [5, −6] = [−7, −9]. \
Row 2, column 1: 3 · 5 + 4 · (−6) = −9.
    """
    return _Product(d, d[step], digits).picture(row, column, so_far)


def frames(d: Derivation, step: str, *, digits: int | None = None) -> list[Picture]:
    """The product at every entry of its result, row by row."""
    product = _Product(d, d[step], digits)
    return [product.picture(i, j, so_far=True) for i, j in product.places]


class _Shapes(NamedTuple):
    """Rows and columns of the two operands, as matrices."""

    left: tuple[int, int]
    right: tuple[int, int]


def _shapes(kind: str, left: tuple[int, ...], right: tuple[int, ...]) -> _Shapes:
    if kind == "outer":
        return _Shapes((left[0], 1), (1, right[0]))
    first = (left[0], left[1]) if len(left) == 2 else (1, left[0])
    second = (right[0], right[1]) if len(right) == 2 else (right[0], 1)
    return _Shapes(first, second)


class _Product:
    """A product, to be drawn with any row and column lit."""

    def __init__(self, d: Derivation, step: Entry, digits: int | None) -> None:
        self.d = d
        self.step = step
        self.digits = digits
        found = find(d, step, KINDS, digits)
        self.is_whole = found.is_whole
        left, right = found.operands
        shapes = _shapes(found.name, left.shape, right.shape)
        shown = entries(d.evaluation.shown(step.index, digits), step.shape)
        self.titles = [left.title, right.title, spelling.symbol(step.name)]
        self.left = rows(left.entries, shapes.left[1])
        self.right = rows(right.entries, shapes.right[1])
        self.out = rows(shown, shapes.right[1])
        self.places = [(i, j) for i in range(len(self.out)) for j in range(len(self.out[0]))]

    def picture(self, row: int | None, column: int | None, so_far: bool) -> Picture:
        """The product with a row and a column lit."""
        check_place("row", row, len(self.out))
        check_place("column", column, len(self.out[0]))
        above, before, out = self._grids(row, column)
        known = None
        if so_far and row is not None and column is not None:
            known = row * len(self.out[0]) + column + 1
        canvas = Canvas()
        canvas.begin(self.step.name, "product")
        cell = max(above.cell, out.cell)
        draw(canvas, before, -before.wide() - _GAP, above.high + _GAP)
        draw(canvas, above, 0, 0, cell=cell)
        draw(canvas, out, 0, above.high + _GAP, cell=cell, known=known, below=True)
        lines = self._written_out(row, column)
        others = [self._written_out(i, j) for i, j in self.places] if so_far else []
        y = above.high + _GAP + out.high + TITLE + LINE
        write_out(canvas, -before.wide() - _GAP, y, lines, others)
        canvas.end()
        facts = [text.line(self.d, self.step, digits=self.digits) + "."]
        if lines:
            facts.append(f"{_at(row, column)}: {' '.join(lines)}.")
        elif row is not None or column is not None:
            facts.append(f"{_at(row, column)} is lit.")
        return canvas.picture(f"Product: {prose(self.d, self.d.title)}", facts)

    def _grids(self, row: int | None, column: int | None) -> tuple[Grid, Grid, Grid]:
        """The second operand, the first, and the result."""
        name = self.step.name
        before, above, out = (
            grid(f"an operand or the result of {name}", title, matrix)
            for title, matrix in zip(self.titles, (self.left, self.right, self.out), strict=True)
        )
        inner = range(len(self.right))
        all_rows, all_columns = range(len(self.out)), range(len(self.out[0]))
        lit = set()
        if row is not None or column is not None:
            lit = {
                (i, j)
                for i in (all_rows if row is None else [row])
                for j in (all_columns if column is None else [column])
            }
        return (
            above._replace(lit=frozenset((k, column) for k in inner if column is not None)),
            before._replace(lit=frozenset((row, k) for k in inner if row is not None)),
            out._replace(lit=frozenset(lit)),
        )

    def _written_out(self, row: int | None, column: int | None) -> list[str]:
        if row is None or column is None:
            return []
        left, right = self.left[row], [line[column] for line in self.right]
        terms = products(left, right)
        if self.is_whole:
            terms.append(result(self.out[row][column], sum_of_products(left, right)))
        else:
            terms.insert(0, f"{self.titles[0]} {self.titles[1]}: ")
        return wrapped(terms, _WIDEST_LINE, SMALL)


def _at(row: int | None, column: int | None) -> str:
    words = [] if row is None else [f"row {row + 1}"]
    words += [] if column is None else [f"column {column + 1}"]
    return ", ".join(words).capitalize()
