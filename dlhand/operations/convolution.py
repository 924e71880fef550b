"""Cross-correlation, which is what networks call convolution.

Images are (height, width) or (channels, height, width); filters are (height, width),
(channels, height, width) or (filters, channels, height, width).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from dlhand.errors import GivenError, ShapeError
from dlhand.numbers.exact import Shape
from dlhand.operations.gradient import operands
from dlhand.operations.notation import PRODUCT, Infix
from dlhand.operations.python import Python
from dlhand.operations.quantity import Form, Quantity, apply, shape_of
from dlhand.operations.slips import PLAIN, Instead, Slip
from dlhand.operations.structure import Frame, index, pad
from dlhand.operations.table import Operation
from dlhand.operations.table import size as _count


class Layout(NamedTuple):
    """The sizes of a correlation, with the missing axes filled in by 1."""

    channels: int
    height: int
    width: int
    filters: int
    rows: int
    columns: int
    stride: int
    padding: int

    @property
    def out(self) -> tuple[int, int]:
        """Height and width of the result."""
        return (
            (self.height + 2 * self.padding - self.rows) // self.stride + 1,
            (self.width + 2 * self.padding - self.columns) // self.stride + 1,
        )


def _layout(image: Shape, kernel: Shape, params: tuple[int, int]) -> Layout:
    c, h, w = image if len(image) == 3 else (1, *image)
    filters = kernel[0] if len(kernel) == 4 else 1
    rows, columns = kernel[-2:]
    return Layout(c, h, w, filters, rows, columns, *params)


@lru_cache(maxsize=256)
def _taps(layout: Layout) -> tuple[tuple[tuple[int, int, int], ...], ...]:
    """For each output entry of each filter, what it sums: (image, kernel, output) positions.

    Entries of the padding are left out, since they are zero.
    """
    high, wide = layout.out
    c, h, w, filters, rows, columns, stride, padding = layout
    windows = []
    for f in range(filters):
        for i in range(high):
            for j in range(wide):
                here = (f * high + i) * wide + j
                windows.append(
                    tuple(
                        (
                            (channel * h + y) * w + x,
                            ((f * c + channel) * rows + r) * columns + s,
                            here,
                        )
                        for channel in range(c)
                        for r in range(rows)
                        for s in range(columns)
                        if 0 <= (y := i * stride + r - padding) < h
                        and 0 <= (x := j * stride + s - padding) < w
                    )
                )
    return tuple(windows)


def _correlated_shape(shapes: Sequence[Shape], params: tuple[int, int]) -> Shape:
    image, kernel = shapes
    fits = len(image) in (2, 3) and len(kernel) in (len(image), 4 if len(image) == 3 else 2)
    if not fits or (len(image) == 3 and kernel[-3] != image[0]):
        raise ShapeError(
            f"correlate got an image of shape {image} and a filter of shape {kernel}; wanted "
            "(h, w) with (h, w), or (c, h, w) with (c, h, w) or (filters, c, h, w)"
        )
    layout = _layout(image, kernel, params)
    if min(layout.out) < 1:
        raise ShapeError(f"correlate got a filter {kernel} larger than the padded image {image}")
    return (layout.filters, *layout.out) if len(kernel) == 4 else layout.out


def gathered(ar: Any, size: Any, terms: Any) -> Any:
    """Sums of products: ``terms[k]`` has the pairs of entry k."""
    zero = ar.number(Fraction(0))
    return tuple(
        ar.dot([a for a, _ in pairs], [b for _, b in pairs]) if pairs else zero
        for pairs in (terms.get(k, []) for k in range(size))
    )


def _correlate(ar: Any, form: Form, image: Any, kernel: Any) -> Any:
    taps = _taps(_layout(form.args[0].shape, form.args[1].shape, form.params))
    zero = ar.number(Fraction(0))
    return tuple(
        ar.dot([image[p] for p, _, _ in window], [kernel[q] for _, q, _ in window])
        if window
        else zero
        for window in taps
    )


def _to_image(ar: Any, form: Form, g: Any, kernel: Any) -> Any:
    image, stride, padding = form.params
    terms: dict[int, list[Any]] = {}
    for window in _taps(_layout(image, form.args[1].shape, (stride, padding))):
        for p, q, o in window:
            terms.setdefault(p, []).append((g[o], kernel[q]))
    return gathered(ar, _count(image), terms)


def _to_kernel(ar: Any, form: Form, g: Any, image: Any) -> Any:
    kernel, stride, padding = form.params
    terms: dict[int, list[Any]] = {}
    for window in _taps(_layout(form.args[1].shape, kernel, (stride, padding))):
        for p, q, o in window:
            terms.setdefault(q, []).append((g[o], image[p]))
    return gathered(ar, _count(kernel), terms)


def _turned_kernel(q: Quantity) -> Iterator[Instead]:
    """The filter turned by half a turn, which makes a convolution of a cross-correlation."""
    image, kernel = operands(q)
    back = slice(None, None, -1)
    turned = index(kernel, (*[slice(None)] * (len(kernel.shape) - 2), back, back))
    yield Instead(apply(q.form.op, image, turned, params=q.form.params), kernel)


def _no_stride(q: Quantity) -> Iterator[Instead]:
    """The window moved by one each time: the whole, or as much of it as is asked for."""
    *shapes, stride, padding = q.form.params
    if stride > 1 and not shapes:
        whole = apply(q.form.op, *operands(q), params=(1, padding))
        yield Instead(corner(whole, q.shape))
        yield Instead(whole)


def _no_padding(q: Quantity) -> Iterator[Instead]:
    """No frame around the image: a smaller result, or one whose windows begin at the corner."""
    *shapes, stride, padding = q.form.params
    if padding and not shapes:
        image, kernel = operands(q)
        yield Instead(apply(q.form.op, image, kernel, params=(stride, 0)))
        below = pad(image, ((0, 2 * padding), (0, 2 * padding)))
        yield Instead(apply(q.form.op, below, kernel, params=(stride, 0)))


def corner(q: Quantity, shape: Shape) -> Quantity:
    """The first entries along each axis, so many as a smaller shape has."""
    return index(q, tuple(slice(None, n) for n in shape))


_FLIPPED = Slip("kernel flipped", _turned_kernel, PLAIN, "with {part} turned by half a turn")
_STRIDE = Slip("stride ignored", _no_stride, PLAIN, "with a stride of 1 in {was}")
_PADDING = Slip("padding ignored", _no_padding, PLAIN, "without the padding in {was}")


def _sliding(form: Form) -> str:
    """The parameters of a correlation in Python: shapes, stride and padding, where they matter."""
    *shapes, stride, padding = form.params
    text = "".join(f", {shape}" for shape in shapes)
    text += f", stride={stride}" if stride != 1 else ""
    return text + f", padding={padding}" if padding else text


CORRELATE = Operation(
    "correlate",
    shape=_correlated_shape,
    value=_correlate,
    python=Python(
        '''
        def correlate(image, kernel, stride=1, padding=0):
            """Slide a filter over an image: each output is the sum of window times filter."""
            if kernel.ndim == 4:
                return np.stack([correlate(image, one, stride, padding) for one in kernel])
            around = [(0, 0)] * (image.ndim - 2) + [(padding, padding)] * 2
            image = np.pad(image, around)
            rows, columns = kernel.shape[-2:]
            high = (image.shape[-2] - rows) // stride + 1
            wide = (image.shape[-1] - columns) // stride + 1
            result = np.zeros((high, wide))
            for i, j in np.ndindex(high, wide):
                y, x = i * stride, j * stride
                result[i, j] = np.sum(image[..., y : y + rows, x : x + columns] * kernel)
            return result
        ''',
        parameters=_sliding,
    ),
    gradient=lambda g, args, out, params: (
        apply(TO_IMAGE, g, args[1], params=(args[0].shape, *params)),
        apply(TO_KERNEL, g, args[0], params=(args[1].shape, *params)),
    ),
    notation=Infix(PRODUCT, r"\star", "⋆", "correlate", right=True),
    slips=(_FLIPPED, _STRIDE, _PADDING),
)
TO_IMAGE: Operation = Operation(
    "correlate_to_image",
    shape=lambda shapes, params: params[0],
    value=_to_image,
    python=Python(
        '''
        def correlate_to_image(g, kernel, shape, stride=1, padding=0):
            """What each entry of the image had to do with g: the way back of correlate."""
            if kernel.ndim == 4:
                return sum(
                    correlate_to_image(one, k, shape, stride, padding) for one, k in zip(g, kernel)
                )
            height, width = shape[-2:]
            rows, columns = kernel.shape[-2:]
            result = np.zeros((*shape[:-2], height + 2 * padding, width + 2 * padding))
            for i, j in np.ndindex(g.shape):
                y, x = i * stride, j * stride
                result[..., y : y + rows, x : x + columns] += g[i, j] * kernel
            return result[..., padding : padding + height, padding : padding + width]
        ''',
        parameters=_sliding,
    ),
    gradient=lambda g, args, out, params: (
        apply(CORRELATE, g, args[1], params=params[1:]),
        apply(TO_KERNEL, args[0], g, params=(args[1].shape, *params[1:])),
    ),
    notation=Infix(PRODUCT, r"\ast", "∗", "correlate_to_image", right=True),
    slips=(_FLIPPED,),
)
TO_KERNEL: Operation = Operation(
    "correlate_to_kernel",
    shape=lambda shapes, params: params[0],
    value=_to_kernel,
    python=Python(
        '''
        def correlate_to_kernel(g, image, shape, stride=1, padding=0):
            """What each entry of the filter had to do with g: the way back of correlate."""
            if len(shape) == 4:
                return np.stack(
                    [correlate_to_kernel(one, image, shape[1:], stride, padding) for one in g]
                )
            around = [(0, 0)] * (image.ndim - 2) + [(padding, padding)] * 2
            image = np.pad(image, around)
            rows, columns = shape[-2:]
            result = np.zeros(shape)
            for i, j in np.ndindex(g.shape):
                y, x = i * stride, j * stride
                result += g[i, j] * image[..., y : y + rows, x : x + columns]
            return result
        ''',
        parameters=_sliding,
    ),
    gradient=lambda g, args, out, params: (
        apply(CORRELATE, args[1], g, params=params[1:]),
        apply(TO_IMAGE, args[0], g, params=(args[1].shape, *params[1:])),
    ),
    notation=Infix(PRODUCT, r"\star", "⋆", "correlate_to_kernel", right=True),
)


def correlate(
    image: Quantity, kernel: Quantity, stride: int = 1, padding: int | Literal["same"] = 0
) -> Quantity:
    """Slide a filter over an image: each output is the sum of window times filter.

    The output has side floor((n + 2·padding - f) / stride) + 1. With ``padding="same"`` it has
    side ceil(n / stride), and the image gets a frame of zeros first, as `same_frame` has it. Raises
    `ShapeError` where the channels differ or the filter does not fit, `GivenError` for another
    stride or padding. (Networks call this convolution; a mathematical convolution turns the filter
    by half a turn first.)

    >>> from dlhand import Derivation
    >>> d = Derivation("correlate")
    >>> image, f = d.givens(image=[["1", "2", "3"], ["4", "5", "6"]], f=[["1", "-1"]])
    >>> d.value(d.step("y", correlate(image, f)))
    [[-1, -1], [-1, -1]]
    """
    want_whole("stride", stride, 1)
    if padding == "same":
        _want_sides(image, kernel)
        image, padding = pad(image, same_frame(image.shape, kernel.shape, stride)), 0
    want_whole("padding", padding, 0)
    return apply(CORRELATE, image, kernel, params=(stride, padding))


def same_frame(image: Shape, kernel: Shape, stride: int = 1) -> Frame:
    """The frame of zeros with which a filter gives ceil(n / stride) outputs on a side of n.

    As in Keras and TensorFlow, what is left over of an odd frame comes below and at the right.

    >>> same_frame((4, 5), (2, 3)), same_frame((4, 4), (3, 3), 2)
    (((0, 1), (1, 1)), ((0, 1), (0, 1)))
    """
    height, width = (
        max((-(-n // stride) - 1) * stride + f - n, 0)
        for n, f in zip(image[-2:], kernel[-2:], strict=True)
    )
    return (height // 2, height - height // 2), (width // 2, width - width // 2)


def transposed_correlate(
    image: Quantity, kernel: Quantity, stride: int = 1, padding: int = 0, extra: int = 0
) -> Quantity:
    """Transposed convolution: each entry stamps the filter, times itself, onto a larger image.

    It is the way back of `correlate`: an image of side n becomes one of side
    (n - 1)·stride + f - 2·padding + ``extra``; ``padding`` cuts off what falls onto the frame, and
    ``extra`` (less than the stride) adds rows below and columns at the right. ``image`` is (h, w),
    or (channels, h, w); ``kernel`` is (h, w) or (channels out, h, w) for the one, (channels,
    channels out, h, w) for the other. Raises `ShapeError` where these do not fit or nothing is
    left, `GivenError` for another stride, padding or extra.

    Source: M. Zeiler et al., "Deconvolutional Networks" (2010); V. Dumoulin, F. Visin (2016).

    >>> from dlhand import Derivation
    >>> d = Derivation("transposed")
    >>> image, f = d.givens(image=[["1", "2"]], f=[["1", "10"]])
    >>> d.value(d.step("y", transposed_correlate(image, f, stride=2)))
    [[1, 10, 2, 20]]
    """
    want_whole("stride", stride, 1)
    want_whole("padding", padding, 0)
    want_whole("extra", extra, 0)
    _want_sides(image, kernel)
    several = len(image.shape) == 3
    if several != (len(kernel.shape) == 4) or (several and kernel.shape[0] != image.shape[0]):
        raise ShapeError(
            f"transposed_correlate got an image of shape {image.shape} and a filter of shape "
            f"{kernel.shape}; wanted (h, w) with (h, w) or (channels, h, w), or (c, h, w) with "
            "(c, channels, h, w)"
        )
    sides = [
        (n - 1) * stride + f - 2 * padding + extra
        for n, f in zip(image.shape[-2:], kernel.shape[-2:], strict=True)
    ]
    if min(sides) < 1 or extra >= stride:
        raise ShapeError(
            f"padding is {padding} and extra {extra}; wanted a frame that leaves something of the "
            f"image, and less extra rows than the stride {stride}"
        )
    channels = kernel.shape[1:2] if several else kernel.shape[:-2]
    return apply(TO_IMAGE, image, kernel, params=((*channels, *sides), stride, padding))


def _want_sides(image: Quantity, kernel: Quantity) -> None:
    if min(len(shape_of(image)), len(shape_of(kernel))) < 2:
        raise ShapeError(
            f"the image has shape {shape_of(image)} and the filter {shape_of(kernel)}; wanted rows "
            "and columns in both"
        )


def want_whole(name: str, value: Any, least: int) -> None:
    """Refuse what is no whole number of at least ``least``. Raises `GivenError`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise GivenError(f"{name} is {value!r:.60}; wanted a whole number of at least {least}")
