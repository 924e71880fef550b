"""Pooling: the largest or the mean of each window of an image.

Images are (height, width) or (channels, height, width).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from dlhand.errors import ShapeError
from dlhand.numbers.exact import Shape
from dlhand.operations.convolution import corner, gathered, want_whole
from dlhand.operations.gradient import operands
from dlhand.operations.notation import Call
from dlhand.operations.python import Python
from dlhand.operations.quantity import Form, Quantity, apply
from dlhand.operations.reduction import first_of_largest, largest_of, mean_of
from dlhand.operations.slips import PLAIN, Instead, Slip
from dlhand.operations.table import Operation
from dlhand.operations.table import size as _count


def _pool_by_one(q: Quantity) -> Iterator[Instead]:
    """A pooling window moved by one each time."""
    size, stride = q.form.params
    if stride > 1:
        whole = apply(q.form.op, *operands(q), params=(size, 1))
        yield Instead(corner(whole, q.shape))
        yield Instead(whole)


def _other_pool(row: Any) -> Any:
    return lambda q: [Instead(apply(row(), *operands(q), params=q.form.params))]


_POOL_STRIDE = Slip("stride ignored", _pool_by_one, PLAIN, "with a stride of 1 in {was}")


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
    return tuple(largest_of(ar, [image[p] for p in window]) for window in windows)


def _average_pool(ar: Any, form: Form, image: Any) -> Any:
    windows = _pools(form.args[0].shape, *form.params)
    return tuple(mean_of(ar, [image[p] for p in window]) for window in windows)


def _max_unpool(ar: Any, form: Form, g: Any, image: Any) -> Any:
    terms: dict[int, list[Any]] = {}
    for o, window in enumerate(_pools(form.shape, *form.params)):
        for p, mark in zip(window, first_of_largest(ar, [image[p] for p in window]), strict=True):
            terms.setdefault(p, []).append((g[o], mark))
    return gathered(ar, len(image), terms)


def _max_pick(ar: Any, form: Form, a: Any, image: Any) -> Any:
    """Of each window the entry of ``a`` at the place where the image is largest."""
    return tuple(
        ar.dot([a[p] for p in window], first_of_largest(ar, [image[p] for p in window]))
        for window in _pools(form.args[1].shape, *form.params)
    )


def _average_unpool(ar: Any, form: Form, g: Any) -> Any:
    image, size, stride = form.params
    share = ar.number(Fraction(1, size * size))
    terms: dict[int, list[Any]] = {}
    for o, window in enumerate(_pools(image, size, stride)):
        for p in window:
            terms.setdefault(p, []).append((g[o], share))
    return gathered(ar, _count(image), terms)


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


def max_pool(image: Quantity, size: int = 2, stride: int | None = None) -> Quantity:
    """The largest entry of each ``size`` x ``size`` window (stride: the size if not given).

    >>> from dlhand import Derivation
    >>> d = Derivation("max_pool")
    >>> image = d.given("image", [["1", "2"], ["4", "3"]])
    >>> d.value(d.step("y", max_pool(image, 2)))
    [[4]]
    """
    want_whole("size", size, 1)
    want_whole("stride", size if stride is None else stride, 1)
    return apply(MAX_POOL, image, params=(size, stride or size))


def average_pool(image: Quantity, size: int = 2, stride: int | None = None) -> Quantity:
    """The mean of each ``size`` x ``size`` window (stride: the size if not given).

    >>> from dlhand import Derivation
    >>> d = Derivation("average_pool")
    >>> image = d.given("image", [["1", "2"], ["4", "3"]])
    >>> d.value(d.step("y", average_pool(image, 2)))
    [[2.5]]
    """
    want_whole("size", size, 1)
    want_whole("stride", size if stride is None else stride, 1)
    return apply(AVERAGE_POOL, image, params=(size, stride or size))


def max_pick(a: Quantity, image: Quantity, size: int = 2, stride: int | None = None) -> Quantity:
    """Of each window the entry of ``a`` where the image is largest; at the first of equal ones.

    If ``a`` has what each pixel moves by, it is what the maxima of `max_pool` move by. Raises
    `ShapeError` unless both are of one shape.

    >>> from dlhand import Derivation
    >>> d = Derivation("max_pick")
    >>> a, image = d.givens(a=[[5, 6], [7, 8]], image=[[1, 2], [4, 3]])
    >>> d.value(d.step("y", max_pick(a, image)))
    [[7]]
    """
    want_whole("size", size, 1)
    want_whole("stride", size if stride is None else stride, 1)
    if a.shape != image.shape:
        raise ShapeError(f"max_pick got shapes {a.shape} and {image.shape}; wanted the same")
    return apply(MAX_PICK, a, image, params=(size, stride or size))
