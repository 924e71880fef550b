"""A convolution or pooling as grids, in which the window in use and what comes of it are lit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.numbers.digits import Shown
from dlhand.pictures import spelling
from dlhand.pictures.canvas import LINE, SIZE, SMALL, Canvas, wrapped
from dlhand.pictures.grids import (
    Place,
    check_place,
    draw,
    grid,
    products,
    result,
    sum_of_products,
    write_out,
)
from dlhand.pictures.operands import Operand, entries, find, plane, rows
from dlhand.render import text
from dlhand.render.names import AFTER
from dlhand.render.parts import prose
from dlhand.render.picture import Picture

KINDS = ("correlate", "max_pool", "average_pool")
_GAP = 44.0
_WIDEST_LINE = 320.0
"""Or as wide as the picture, where that is wider."""
_BETWEEN = 34.0
"""Between the channels, which stand below each other."""
_ZERO = Shown("0", True)


def convolution(
    d: Derivation,
    step: str,
    row: int | None = None,
    column: int | None = None,
    *,
    filter: int = 0,
    so_far: bool = False,
    digits: int | None = None,
) -> Picture:
    """The convolution (or pooling) in the formula of a step, with one window lit.

    ``row`` and ``column`` are the place in the result, ``filter`` which of several filters (or
    which channel is pooled), all counted from 0, as in x[0]. Padding is seen as a frame of zeros.
    With ``so_far``, entries of the result after the one that is lit are left out.

    Raises `FormulaError` for a step without such an operation on named quantities, `ShapeError`
    for a place that does not exist, and for an array that is too large to draw.

    >>> from dlhand import correlate
    >>> d = Derivation("A difference")
    >>> X, K = d.givens(X=[[1, 2, 4]], K=[[1, -1]])
    >>> Y = d.step("Y", correlate(X, K))
    >>> print(convolution(d, "Y", 0, 1))
    Convolution: A difference. Y = X ⋆ K = [[1, 2, 4]] ⋆ [[1, −1]] = [[−1, −2]]. \
Row 1, column 2: 2 · 1 + 4 · (−1) = −2.
    """
    return _Convolution(d, d[step], filter, digits).picture(row, column, so_far)


def frames(
    d: Derivation, step: str, *, filter: int = 0, digits: int | None = None
) -> list[Picture]:
    """The convolution at every place of one filter's result, row by row."""
    drawn = _Convolution(d, d[step], filter, digits)
    return [drawn.picture(i, j, so_far=True) for i, j in drawn.places]


class _Convolution:
    """A convolution or pooling, to be drawn with any window lit."""

    def __init__(self, d: Derivation, step: Entry, filter: int, digits: int | None) -> None:
        self.d = d
        self.step = step
        self.digits = digits
        found = find(d, step, KINDS, digits)
        self.kind, self.is_whole = found.name, found.is_whole
        image = found.operands[0]
        out = Operand(
            spelling.symbol(step.name),
            step.shape,
            entries(d.evaluation.shown(step.index, digits), step.shape),
        )
        check_place("filter", filter, out.shape[0] if len(out.shape) == 3 else 1)
        if len(out.shape) == 3:
            out = plane(out, filter)._replace(title=spelling.entry_symbol(step.name, filter))
        self.kernels: list[Operand] = []
        if self.kind == "correlate":
            self.stride, self.padding = found.params
            kernel = found.operands[1]
            self.size = (kernel.shape[-2], kernel.shape[-1])
            self.kernels = _planes(plane(kernel, filter) if len(kernel.shape) == 4 else kernel)
            self.images = _planes(image)
        else:
            side, self.stride = found.params
            self.size, self.padding = (side, side), 0
            self.images = [_planes(image)[filter]]
        self.out, self.title = rows(out.entries, out.shape[1]), out.title
        self.places = [(i, j) for i in range(out.shape[0]) for j in range(out.shape[1])]
        self.padded = [self._padded(channel) for channel in self.images]

    def _padded(self, image: Operand) -> list[Sequence[Shown]]:
        p, wide = self.padding, image.shape[1]
        frame: list[Sequence[Shown]] = [[_ZERO] * (wide + 2 * p)] * p
        inside = [[_ZERO] * p + list(row) + [_ZERO] * p for row in rows(image.entries, wide)]
        return [*frame, *inside, *frame]

    def _window(self, place: Place | None) -> list[Place]:
        """The places of the padded image that go into a place of the result."""
        if place is None:
            return []
        top, left = place[0] * self.stride, place[1] * self.stride
        high, wide = self.size
        return [(i, j) for i in range(top, top + high) for j in range(left, left + wide)]

    def picture(self, row: int | None, column: int | None, so_far: bool) -> Picture:
        """The convolution with the window of one place lit."""
        check_place("row", row, len(self.out))
        check_place("column", column, len(self.out[0]))
        place = None if row is None or column is None else (row, column)
        canvas = Canvas()
        canvas.begin(self.step.name, "convolution")
        bottom, right = self._draw_operands(canvas, place)
        out = grid(self.step.name, self.title, self.out)
        out = out._replace(lit=frozenset([] if place is None else [place]))
        known = None
        if so_far and place is not None:
            known = place[0] * len(self.out[0]) + place[1] + 1
        y = max((bottom - out.high) / 2, 0)
        sign = "=" if self.kind == "correlate" and self.is_whole else "→"
        canvas.text(right + _GAP / 2, y + out.high / 2, sign, size=SIZE + 3)
        draw(canvas, out, right + _GAP, y, known=known)
        most = max(canvas.right, _WIDEST_LINE)
        lines = self._written_out(place, most)
        others = [self._written_out(other, most) for other in self.places] if so_far else []
        write_out(canvas, 0, max(bottom, y + out.high) + LINE, lines, others)
        canvas.end()
        facts = [text.line(self.d, self.step, digits=self.digits) + "."]
        if place is not None:
            facts.append(f"Row {place[0] + 1}, column {place[1] + 1}: {' '.join(lines)}.")
        what = "Convolution" if self.kind == "correlate" else "Pooling"
        return canvas.picture(f"{what}: {prose(self.d, self.d.title)}", facts)

    def _draw_operands(self, canvas: Canvas, place: Place | None) -> tuple[float, float]:
        """Draw every channel of the image with that of the filter beside it.

        Returns the lower and the right edge.
        """
        name = f"an operand of {self.step.name}"
        lit = frozenset(self._window(place))
        images = [
            grid(name, self._channel(image, k), padded)._replace(lit=lit, faint=self._frame(image))
            for k, (image, padded) in enumerate(zip(self.images, self.padded, strict=True))
        ]
        kernels = [
            grid(name, self._channel(kernel, k), rows(kernel.entries, self.size[1]))
            for k, kernel in enumerate(self.kernels)
        ]
        cell = max(image.cell for image in images)
        wide = max(image.wide(cell) for image in images)
        y, right = 0.0, wide
        for k, image in enumerate(images):
            draw(canvas, image, 0, y, cell=cell)
            if kernels:
                right = wide + _GAP + max(kernel.wide() for kernel in kernels)
                beside = y + (image.high - kernels[k].high) / 2
                canvas.text(wide + _GAP / 2, y + image.high / 2, "⋆", size=SIZE + 7)
                draw(canvas, kernels[k], wide + _GAP, beside)
            y += image.high + _BETWEEN
        return y - _BETWEEN, right

    def _channel(self, operand: Operand, k: int) -> str:
        """The title of one channel."""
        return f"{operand.title}, channel {k + 1}" if len(self.images) > 1 else operand.title

    def _frame(self, image: Operand) -> frozenset[Place]:
        p, (high, wide) = self.padding, image.shape
        return frozenset(
            (i, j)
            for i in range(high + 2 * p)
            for j in range(wide + 2 * p)
            if not (p <= i < high + p and p <= j < wide + p)
        )

    def _written_out(self, place: Place | None, most: float) -> list[str]:
        """What is calculated at a place."""
        if place is None:
            return []
        numbers = [padded[i][j] for padded in self.padded for i, j in self._window(place)]
        if self.kind == "correlate":
            weights = [shown for kernel in self.kernels for shown in kernel.entries]
            pieces, by_hand = products(numbers, weights), sum_of_products(numbers, weights)
        else:
            pieces, by_hand = _pooled(self.kind, numbers)
        if self.is_whole:
            pieces.append(result(self.out[place[0]][place[1]], by_hand))
        else:
            signs = " ⋆ ".join([self.images[0].title, *(k.title for k in self.kernels[:1])])
            pieces.insert(0, f"{signs}: ")
        return wrapped(pieces, most, SMALL)


def _pooled(kind: str, numbers: list[Shown]) -> tuple[list[str], Fraction]:
    """What pooling makes of a window: pieces between which a line may break, and the value."""
    values = [Fraction(shown.text) for shown in numbers]
    if kind == "max_pool":
        written = [spelling.number(shown) for shown in numbers]
        return [f"max({', '.join(written)})"], max(values)
    first, *rest = numbers
    pieces = [f"({spelling.number(first)}", *(f" + {spelling.number(n, AFTER)}" for n in rest)]
    return [*pieces, f") / {len(numbers)}"], sum(values, Fraction(0)) / len(numbers)


def _planes(operand: Operand) -> list[Operand]:
    """The channels of an image or a filter; one without channels is one."""
    if len(operand.shape) == 2:
        return [operand]
    return [plane(operand, k) for k in range(operand.shape[0])]
