"""A convolution or pooling as grids, in which the window in use and what comes of it are lit."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.numbers.digits import AnyDigits, Digits, Shown
from dlhand.operations.convolution import CORRELATE
from dlhand.operations.pooling import AVERAGE_POOL, MAX_POOL
from dlhand.operations.quantity import Head
from dlhand.pictures import spelling
from dlhand.pictures.canvas import LINE, SIZE, SMALL, Canvas, wrapped
from dlhand.pictures.grids import (
    Place,
    Places,
    check_place,
    draw,
    grid,
    place_in_words,
    products,
    result,
    sum_of_products,
    write_out,
)
from dlhand.pictures.operands import Operand, entries, find, plane, rows
from dlhand.render import text
from dlhand.render.names import AFTER
from dlhand.render.parts import prose
from dlhand.render.picture import Moment, Picture

KINDS = (CORRELATE, MAX_POOL, AVERAGE_POOL)
_GAP = 32.0
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
    digits: AnyDigits = None,
) -> Picture:
    """The convolution (or pooling) in the formula of a step, in which windows can be lit.

    ``row`` and ``column`` are the place in the result; what is calculated there is written out.
    ``filter`` is which of several filters (or which channel is pooled). All are counted from 0, as
    in x[0]. Padding is seen as a frame of zeros. With ``so_far``, entries of the result after
    those that are lit are left out.

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
    return _Convolution(d, d[step], filter, Digits.of(digits)).picture(row, column, so_far)


class _Convolution:
    """A convolution or pooling, to be drawn with any window lit."""

    def __init__(self, d: Derivation, step: Entry, filter: int, digits: Digits) -> None:
        self.d = d
        self.step = step
        self.digits = digits
        found = find(d, step, KINDS, digits)
        self.op, self.is_whole = found.op, found.is_whole
        image = found.operands[0]
        out = Operand(
            spelling.symbol(step.name),
            step.shape,
            entries(d.evaluation.shown(step.index, digits), step.shape),
            step.name,
        )
        check_place("filter", filter, out.shape[0] if len(out.shape) == 3 else 1)
        if len(out.shape) == 3:
            out = plane(out, filter)._replace(title=spelling.entry_symbol(step.name, filter))
        self.kernels: list[Operand] = []
        if self.op is CORRELATE:
            self.stride, self.padding = found.params
            kernel = found.operands[1]
            self.size = (kernel.shape[-2], kernel.shape[-1])
            self.kernels = _planes(plane(kernel, filter) if len(kernel.shape) == 4 else kernel)
            self.images = _planes(image)
        else:
            side, self.stride = found.params
            self.size, self.padding = (side, side), 0
            self.images = [_planes(image)[filter]]
        self.out = out
        self.images = [self._padded(channel) for channel in self.images]
        above = (filter,) if len(step.shape) == 3 else ()
        self.places = Places(out.shape[0], out.shape[1], step.name, *above)
        self.results = dict(zip(self.places.names, out.entries, strict=True))

    def _padded(self, image: Operand) -> Operand:
        p, (high, wide) = self.padding, image.shape
        inside = [[_ZERO] * p + list(row) + [_ZERO] * p for row in rows(image.entries, wide)]
        flat = [shown for row in inside for shown in row]
        frame = [_ZERO] * (p * (wide + 2 * p))
        return image._replace(shape=(high + 2 * p, wide + 2 * p), entries=[*frame, *flat, *frame])

    def _window(self, place: Place) -> list[Place]:
        """The places of the padded image that go into a place of the result."""
        top, left = place[0] * self.stride, place[1] * self.stride
        high, wide = self.size
        return [(i, j) for i in range(top, top + high) for j in range(left, left + wide)]

    def picture(self, row: int | None, column: int | None, so_far: bool) -> Picture:
        """The convolution with the windows of a row, of a column or of one place lit."""
        chosen = self.places.chosen(row, column)
        canvas = Canvas(self.places.now(chosen, so_far))
        bottom, right = self._draw_operands(canvas)
        names = self.places.names
        out = grid(self.step.name, self.out, self.places.columns)._replace(
            lit={place: [name] for place, name in names.items()}, since=names
        )
        y = max((bottom - out.high) / 2, 0)
        sign = "=" if self.kernels and self.is_whole else "→"
        canvas.text(right + _GAP / 2, y + out.high / 2, sign, size=SIZE + 3)
        draw(canvas, out, right + _GAP, y)
        facts = [text.line(self.d, self.step, digits=self.digits) + "."]
        if len(chosen) == 1:
            lines = wrapped(self._pieces(*chosen), max(canvas.right, _WIDEST_LINE), SMALL)
            write_out(canvas, 0, max(bottom, y + out.high) + LINE, lines)
            facts.append(f"{place_in_words(*chosen)}: {' '.join(lines)}.")
        what = "Convolution" if self.kernels else "Pooling"
        return canvas.picture(f"{what}: {prose(self.d, self.d.title)}", facts, self.moments)

    def _draw_operands(self, canvas: Canvas) -> tuple[float, float]:
        """Draw every channel of the image with that of the filter beside it.

        Returns the lower and the right edge.
        """
        name = f"an operand of {self.step.name}"
        lit: dict[Place, list[str]] = {}
        for place, moment in self.places.names.items():
            for used in self._window(place):
                lit.setdefault(used, []).append(moment)
        images = [
            grid(name, self._channel(image, k), image.shape[1])._replace(
                lit=lit, faint=self._frame(image)
            )
            for k, image in enumerate(self.images)
        ]
        kernels = [
            grid(name, self._channel(kernel, k), self.size[1])
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

    def _channel(self, operand: Operand, k: int) -> Operand:
        """One channel with a title that says which."""
        if len(self.images) == 1:
            return operand
        return operand._replace(title=f"{operand.title}, channel {k + 1}")

    def _frame(self, image: Operand) -> frozenset[Place]:
        """The places of a padded image that are padding."""
        p, (high, wide) = self.padding, image.shape
        return frozenset(
            (i, j)
            for i in range(high)
            for j in range(wide)
            if not (p <= i < high - p and p <= j < wide - p)
        )

    def _pieces(self, place: Place) -> list[str]:
        """What is calculated at a place: pieces between which a line may break."""
        numbers = [
            image.entries[i * image.shape[1] + j]
            for image in self.images
            for i, j in self._window(place)
        ]
        if self.kernels:
            weights = [shown for kernel in self.kernels for shown in kernel.entries]
            pieces, by_hand = products(numbers, weights), sum_of_products(numbers, weights)
        else:
            pieces, by_hand = _pooled(self.op, numbers)
        if self.is_whole:
            return [*pieces, result(self.results[place], by_hand)]
        signs = " ⋆ ".join([self.images[0].title, *(k.title for k in self.kernels[:1])])
        return [f"{signs}: ", *pieces]

    def moments(self) -> Iterator[Moment]:
        """The windows, row by row."""
        for place, name in self.places.names.items():
            line = spelling.plain("".join(self._pieces(place)))
            yield Moment(name, place_in_words(place), line)


def _pooled(op: Head, numbers: list[Shown]) -> tuple[list[str], Fraction]:
    """What pooling makes of a window: pieces between which a line may break, and the value."""
    values = [Fraction(shown.text) for shown in numbers]
    if op is MAX_POOL:
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
