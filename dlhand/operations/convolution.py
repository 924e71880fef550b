"""Cross-correlation (what networks call convolution) and pooling.

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
from dlhand.operations.notation import PRODUCT, Call, Infix
from dlhand.operations.python import Python
from dlhand.operations.quantity import Form, Quantity, apply, shape_of
from dlhand.operations.reduction import _first_largest, _largest, _mean
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


def _gathered(ar: Any, size: Any, terms: Any) -> Any:
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
    return _gathered(ar, _count(image), terms)


def _to_kernel(ar: Any, form: Form, g: Any, image: Any) -> Any:
    kernel, stride, padding = form.params
    terms: dict[int, list[Any]] = {}
    for window in _taps(_layout(form.args[1].shape, kernel, (stride, padding))):
        for p, q, o in window:
            terms.setdefault(q, []).append((g[o], image[p]))
    return _gathered(ar, _count(kernel), terms)


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
        yield Instead(_corner(whole, q.shape))
        yield Instead(whole)


def _no_padding(q: Quantity) -> Iterator[Instead]:
    """No frame around the image: a smaller result, or one whose windows begin at the corner."""
    *shapes, stride, padding = q.form.params
    if padding and not shapes:
        image, kernel = operands(q)
        yield Instead(apply(q.form.op, image, kernel, params=(stride, 0)))
        below = pad(image, ((0, 2 * padding), (0, 2 * padding)))
        yield Instead(apply(q.form.op, below, kernel, params=(stride, 0)))


def _corner(q: Quantity, shape: Shape) -> Quantity:
    return index(q, tuple(slice(None, n) for n in shape))


def _pool_by_one(q: Quantity) -> Iterator[Instead]:
    """A pooling window moved by one each time."""
    size, stride = q.form.params
    if stride > 1:
        whole = apply(q.form.op, *operands(q), params=(size, 1))
        yield Instead(_corner(whole, q.shape))
        yield Instead(whole)


def _other_pool(row: Any) -> Any:
    return lambda q: [Instead(apply(row(), *operands(q), params=q.form.params))]


_FLIPPED = Slip("kernel flipped", _turned_kernel, PLAIN, "with {part} turned by half a turn")
_STRIDE = Slip("stride ignored", _no_stride, PLAIN, "with a stride of 1 in {was}")
_PADDING = Slip("padding ignored", _no_padding, PLAIN, "without the padding in {was}")
_POOL_STRIDE = Slip("stride ignored", _pool_by_one, PLAIN, "with a stride of 1 in {was}")


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


@lru_cache(maxsize=256)
def _pools(image: Shape, size: int, stride: int) -> tuple[tuple[int, ...], ...]:
    """The flat positions of each pooling window."""
    c, h, w = image if len(image) == 3 else (1, *image)
    return tuple(
        tuple((channel * h + y) * w + x for y in range(i, i + size) for x in range(j, j + size))
        for channel in range(c)
        for i in range(0, h - size + 1, stride)
        for j in range(0, w - size + 1, stride)
    )


def _pooled_shape(shapes: Sequence[Shape], params: tuple[int, int]) -> Shape:
    (image,), (size, stride) = shapes, params
    if len(image) not in (2, 3) or min(image[-2:]) < size:
        raise ShapeError(
            f"pooling got an image of shape {image} and a window of {size}; wanted (h, w) or "
            "(c, h, w) with sides no smaller than the window"
        )
    return (*image[:-2], *((n - size) // stride + 1 for n in image[-2:]))


def _max_pool(ar: Any, form: Form, image: Any) -> Any:
    windows = _pools(form.args[0].shape, *form.params)
    return tuple(_largest(ar, [image[p] for p in window]) for window in windows)


def _average_pool(ar: Any, form: Form, image: Any) -> Any:
    windows = _pools(form.args[0].shape, *form.params)
    return tuple(_mean(ar, [image[p] for p in window]) for window in windows)


def _max_unpool(ar: Any, form: Form, g: Any, image: Any) -> Any:
    terms: dict[int, list[Any]] = {}
    for o, window in enumerate(_pools(form.shape, *form.params)):
        for p, mark in zip(window, _first_largest(ar, [image[p] for p in window]), strict=True):
            terms.setdefault(p, []).append((g[o], mark))
    return _gathered(ar, len(image), terms)


def _max_pick(ar: Any, form: Form, a: Any, image: Any) -> Any:
    """Of each window the entry of ``a`` at the place where the image is largest."""
    return tuple(
        ar.dot([a[p] for p in window], _first_largest(ar, [image[p] for p in window]))
        for window in _pools(form.args[1].shape, *form.params)
    )


def _average_unpool(ar: Any, form: Form, g: Any) -> Any:
    image, size, stride = form.params
    share = ar.number(Fraction(1, size * size))
    terms: dict[int, list[Any]] = {}
    for o, window in enumerate(_pools(image, size, stride)):
        for p in window:
            terms.setdefault(p, []).append((g[o], share))
    return _gathered(ar, _count(image), terms)


def _pooling(form: Form) -> str:
    """The parameters of a pooling in Python, one after the other."""
    return "".join(f", {number}" for number in form.params)


MAX_POOL = Operation(
    "max_pool",
    shape=_pooled_shape,
    value=_max_pool,
    python=Python(
        '''
        def max_pool(image, size, stride):
            """The largest entry of each window."""
            high, wide = ((n - size) // stride + 1 for n in image.shape[-2:])
            result = np.zeros((*image.shape[:-2], high, wide))
            for i, j in np.ndindex(high, wide):
                y, x = i * stride, j * stride
                result[..., i, j] = image[..., y : y + size, x : x + size].max(axis=(-2, -1))
            return result
        ''',
        parameters=_pooling,
    ),
    gradient=lambda g, args, out, params: (apply(MAX_UNPOOL, g, args[0], params=params),),
    notation=Call(r"\operatorname{maxpool}", "maxpool", "max_pool"),
    slips=(Slip("mean for largest", _other_pool(lambda: AVERAGE_POOL), PLAIN), _POOL_STRIDE),
)
MAX_UNPOOL: Operation = Operation(
    "max_unpool",
    shape=lambda shapes, params: shapes[1],
    value=_max_unpool,
    python=Python(
        '''
        def max_unpool(g, image, size, stride):
            """Each entry of g goes to the first of the largest entries of its window."""
            result = np.zeros(image.shape)
            for *channel, i, j in np.ndindex(g.shape):
                y, x = i * stride, j * stride
                window = image[(*channel, slice(y, y + size), slice(x, x + size))]
                row, column = divmod(window.argmax(), size)
                result[(*channel, y + row, x + column)] += g[(*channel, i, j)]
            return result
        ''',
        parameters=_pooling,
    ),
    gradient=lambda g, args, out, params: (apply(MAX_PICK, g, args[1], params=params), None),
    notation=Call(r"\operatorname{route}", "route", "max_unpool"),
)
MAX_PICK: Operation = Operation(
    "max_pick",
    shape=lambda shapes, params: _pooled_shape(shapes[1:], params),
    value=_max_pick,
    python=Python(
        '''
        def max_pick(a, image, size, stride):
            """Of each window the entry of a at the first of the largest entries of the image."""
            high, wide = ((n - size) // stride + 1 for n in image.shape[-2:])
            result = np.zeros((*image.shape[:-2], high, wide))
            for *channel, i, j in np.ndindex(result.shape):
                y, x = i * stride, j * stride
                window = (*channel, slice(y, y + size), slice(x, x + size))
                result[(*channel, i, j)] = a[window].flat[image[window].argmax()]
            return result
        ''',
        parameters=_pooling,
    ),
    gradient=lambda g, args, out, params: (apply(MAX_UNPOOL, g, args[1], params=params), None),
    notation=Call(r"\operatorname{pick}", "pick", "max_pick"),
)
AVERAGE_POOL: Operation = Operation(
    "average_pool",
    shape=_pooled_shape,
    value=_average_pool,
    python=Python(
        '''
        def average_pool(image, size, stride):
            """The mean of each window."""
            high, wide = ((n - size) // stride + 1 for n in image.shape[-2:])
            result = np.zeros((*image.shape[:-2], high, wide))
            for i, j in np.ndindex(high, wide):
                y, x = i * stride, j * stride
                result[..., i, j] = image[..., y : y + size, x : x + size].mean(axis=(-2, -1))
            return result
        ''',
        parameters=_pooling,
    ),
    gradient=lambda g, args, out, params: (
        apply(AVERAGE_UNPOOL, g, params=(args[0].shape, *params)),
    ),
    notation=Call(r"\operatorname{avgpool}", "avgpool", "average_pool"),
    slips=(Slip("largest for mean", _other_pool(lambda: MAX_POOL), PLAIN), _POOL_STRIDE),
)
AVERAGE_UNPOOL: Operation = Operation(
    "average_unpool",
    shape=lambda shapes, params: params[0],
    value=_average_unpool,
    python=Python(
        '''
        def average_unpool(g, shape, size, stride):
            """Each entry of g is shared out equally over its window."""
            result = np.zeros(shape)
            for *channel, i, j in np.ndindex(g.shape):
                y, x = i * stride, j * stride
                window = (*channel, slice(y, y + size), slice(x, x + size))
                result[window] += g[(*channel, i, j)] / size**2
            return result
        ''',
        parameters=_pooling,
    ),
    gradient=lambda g, args, out, params: (apply(AVERAGE_POOL, g, params=params[1:]),),
    notation=Call(r"\operatorname{share}", "share", "average_unpool"),
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
    _want_whole("stride", stride, 1)
    if padding == "same":
        _want_sides(image, kernel)
        image, padding = pad(image, same_frame(image.shape, kernel.shape, stride)), 0
    _want_whole("padding", padding, 0)
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
    _want_whole("stride", stride, 1)
    _want_whole("padding", padding, 0)
    _want_whole("extra", extra, 0)
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


def max_pool(image: Quantity, size: int = 2, stride: int | None = None) -> Quantity:
    """The largest entry of each ``size`` x ``size`` window (stride: the size if not given).

    >>> from dlhand import Derivation
    >>> d = Derivation("max_pool")
    >>> image = d.given("image", [["1", "2"], ["4", "3"]])
    >>> d.value(d.step("y", max_pool(image, 2)))
    [[4]]
    """
    _want_whole("size", size, 1)
    _want_whole("stride", size if stride is None else stride, 1)
    return apply(MAX_POOL, image, params=(size, stride or size))


def average_pool(image: Quantity, size: int = 2, stride: int | None = None) -> Quantity:
    """The mean of each ``size`` x ``size`` window (stride: the size if not given).

    >>> from dlhand import Derivation
    >>> d = Derivation("average_pool")
    >>> image = d.given("image", [["1", "2"], ["4", "3"]])
    >>> d.value(d.step("y", average_pool(image, 2)))
    [[2.5]]
    """
    _want_whole("size", size, 1)
    _want_whole("stride", size if stride is None else stride, 1)
    return apply(AVERAGE_POOL, image, params=(size, stride or size))


def _want_whole(name: str, value: Any, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise GivenError(f"{name} is {value!r:.60}; wanted a whole number of at least {least}")
