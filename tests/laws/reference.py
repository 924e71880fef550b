"""Every operation a second time: what the rows of the table are checked against.

Nothing here uses dlhand's own arithmetic. An operation is written in NumPy object arrays, over
numbers of mpmath or symbols of sympy; NumPy itself does the broadcasting, slicing and products.
`CASES` has a strategy for each row: random shapes, parameters and values that stay clear of the
points where a derivative jumps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import sympy
from hypothesis import strategies as st
from mpmath import mp

import dlhand.operations  # noqa: F401 (fills the table)
from dlhand import (
    at_least,
    average_pool,
    concatenate,
    correlate,
    cos,
    dot,
    elu,
    exp,
    floor,
    gelu,
    greater,
    heaviside,
    is_largest,
    largest,
    leaky_relu,
    log,
    log_sum_exp,
    masked_softmax,
    max_pool,
    maximum,
    mean,
    minimum,
    normal,
    outer,
    relu,
    reshape,
    sigmoid,
    sign,
    silu,
    sin,
    softmax,
    softplus,
    sqrt,
    stack,
    tanh,
    total,
    transpose,
    variance,
)  # fmt: skip
from dlhand.operations.quantity import Quantity, apply
from dlhand.operations.table import TABLE

Array = Any  # a NumPy array of objects
Shape = tuple[int, ...]


class Mp:
    """Numbers of mpmath, at the precision that is set."""

    exp, log, sqrt, sin, cos = mp.exp, mp.log, mp.sqrt, mp.sin, mp.cos
    erfc, pi = mp.erfc, mp.pi

    @staticmethod
    def number(value: Fraction | int) -> Any:
        value = Fraction(value)
        return mp.mpf(value.numerator) / value.denominator

    @staticmethod
    def larger(a: Any, b: Any) -> Any:
        return a if a > b else b

    @staticmethod
    def positive(a: Any) -> Any:
        return mp.mpf(1 if a > 0 else 0)

    floor = mp.floor


class Sym:
    """Symbols of sympy."""

    exp, log, sqrt, sin, cos = sympy.exp, sympy.log, sympy.sqrt, sympy.sin, sympy.cos
    erfc, pi = sympy.erfc, sympy.pi
    larger, floor = sympy.Max, sympy.floor

    @staticmethod
    def number(value: Fraction | int) -> Any:
        value = Fraction(value)
        return sympy.Rational(value.numerator, value.denominator)

    @staticmethod
    def positive(a: Any) -> Any:
        return sympy.Heaviside(a, 0)


Numbers = type[Mp] | type[Sym]


@dataclass(frozen=True)
class Case:
    """One use of a row: what goes in, how it is built, and what must come out."""

    shapes: tuple[Shape, ...]
    values: tuple[tuple[Fraction, ...], ...]
    build: Callable[..., Quantity]
    reference: Callable[..., Array]
    """Takes the numbers (`Mp` or `Sym`) and the arrays."""
    params: str = ""
    flat: tuple[int, ...] = ()
    """The operands to which no gradient flows."""

    def result(self, numbers: Numbers, arrays: Sequence[Array]) -> Array:
        # NumPy hands out what is inside an array of no dimensions
        return np.asarray(self.reference(numbers, *arrays), dtype=object)

    def arrays(self, numbers: Numbers) -> list[Array]:
        return [
            array([numbers.number(v) for v in values], shape)
            for values, shape in zip(self.values, self.shapes, strict=True)
        ]


def array(entries: Sequence[Any], shape: Shape) -> Array:
    result = np.empty(len(entries), dtype=object)
    result[:] = entries
    return result.reshape(shape)


def nested(entries: Sequence[Any], shape: Shape) -> Any:
    return array(entries, shape).tolist() if shape else entries[0]


def each(function: Callable[..., Any], *arrays: Array) -> Array:
    """A function entry by entry, broadcast."""
    spread = np.broadcast_arrays(*[np.asarray(a, dtype=object) for a in arrays])
    flat = [function(*row) for row in zip(*[a.ravel() for a in spread], strict=True)]
    return array(flat, spread[0].shape)


# Values

SIXTEENTHS = st.integers(-40, 40).map(lambda k: Fraction(k, 16))
POSITIVE = st.integers(1, 40).map(lambda k: Fraction(k, 16))
ODD = st.integers(-20, 20).map(lambda k: Fraction(2 * k + 1, 16))  # no whole number, nor 3/2 of it
NONZERO = st.integers(4, 40).flatmap(lambda k: st.sampled_from([Fraction(k, 16), Fraction(-k, 16)]))


def size(shape: Shape) -> int:
    return int(np.prod(shape, dtype=int))


def entries(draw: st.DrawFn, shape: Shape, of: Any = SIXTEENTHS) -> tuple[Fraction, ...]:
    return tuple(draw(st.lists(of, min_size=size(shape), max_size=size(shape))))


def distinct(draw: st.DrawFn, *shapes: Shape) -> tuple[tuple[Fraction, ...], ...]:
    """Values of which no two are equal, in any of the arrays."""
    count = sum(map(size, shapes))
    pool = draw(st.permutations(range(-40, 41)))[:count]
    rest = iter([Fraction(k, 16) for k in pool])
    return tuple(tuple(next(rest) for _ in range(size(shape))) for shape in shapes)


SHAPES = st.sampled_from([(), (1,), (2,), (3,), (2, 3), (3, 1), (2, 1, 2)])
VECTORS = st.integers(1, 4).map(lambda n: (n,))
MATRICES = st.tuples(st.integers(1, 3), st.integers(1, 3))
ARRAYS = st.sampled_from([(1,), (4,), (2, 3), (3, 1), (2, 2, 2)])


@st.composite
def broadcast_shapes(draw: st.DrawFn, count: int) -> tuple[Shape, ...]:
    """Shapes that broadcast together: axes left out at the front, or of length 1."""
    full = draw(st.sampled_from([(), (2,), (3,), (2, 3), (2, 1, 3), (1, 2)]))
    shapes = []
    for _ in range(count):
        kept = full[draw(st.integers(0, len(full))) :]
        shapes.append(tuple(1 if n > 1 and draw(st.booleans()) else n for n in kept))
    return tuple(shapes)


# Rows that work entry by entry


def one(
    build: Callable[[Quantity], Quantity],
    reference: Callable[[Any, Any], Any],
    of: Any = SIXTEENTHS,
    flat: tuple[int, ...] = (),
) -> st.SearchStrategy[Case]:
    """A function of one number."""

    @st.composite
    def case(draw: st.DrawFn) -> Case:
        shape = draw(SHAPES)
        return Case(
            (shape,), (entries(draw, shape, of),), build,
            lambda n, a: each(lambda x: reference(n, x), a), flat=flat,
        )  # fmt: skip

    return case()


def several(
    build: Callable[..., Quantity],
    reference: Callable[..., Array],
    counts: Sequence[int] = (2,),
    last: Any = SIXTEENTHS,
) -> st.SearchStrategy[Case]:
    """An operation on several arrays that broadcast."""

    @st.composite
    def case(draw: st.DrawFn) -> Case:
        shapes = draw(broadcast_shapes(draw(st.sampled_from(counts))))
        kinds = [SIXTEENTHS] * (len(shapes) - 1) + [last]
        values = tuple(entries(draw, s, of) for s, of in zip(shapes, kinds, strict=True))
        return Case(shapes, values, build, lambda n, *arrays: reference(*arrays))

    return case()


def compared(
    build: Callable[..., Quantity], reference: Callable[[Any, Any, Any], Any], flat: Any = ()
) -> st.SearchStrategy[Case]:
    """An operation that compares two arrays, no two entries of which are equal."""

    @st.composite
    def case(draw: st.DrawFn) -> Case:
        shapes = draw(broadcast_shapes(2))
        return Case(
            shapes, distinct(draw, *shapes), build,
            lambda n, a, b: each(lambda x, y: reference(n, x, y), a, b), flat=flat,
        )  # fmt: skip

    return case()


def add_all(*terms: Any) -> Any:
    result = terms[0]
    for term in terms[1:]:
        result = result + term
    return result


def multiply_all(*factors: Any) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result


def ref_sigmoid(n: Any, x: Any) -> Any:
    return 1 / (1 + n.exp(-x))


def ref_tanh(n: Any, x: Any) -> Any:
    return (n.exp(x) - n.exp(-x)) / (n.exp(x) + n.exp(-x))


def ref_normal(n: Any, x: Any) -> Any:
    return n.erfc(-x / n.sqrt(n.number(2))) / 2


def ref_bell(n: Any, x: Any) -> Any:
    return n.exp(-(x**2) / 2) / n.sqrt(2 * n.pi)


@st.composite
def elu_case(draw: st.DrawFn) -> Case:
    alpha = Fraction(draw(st.sampled_from(["0", "1/10", "1", "3/2"])))

    def reference(n: Any, x: Any) -> Any:
        on = n.positive(x)
        return on * x + (1 - on) * n.number(alpha) * (n.exp(x) - 1)

    shape = draw(SHAPES)
    return Case(
        (shape,), (entries(draw, shape, NONZERO),), lambda a: elu(a, alpha),
        lambda n, a: each(lambda x: reference(n, x), a), params=f"alpha {alpha}",
    )  # fmt: skip


@st.composite
def power_case(draw: st.DrawFn) -> Case:
    exponent = Fraction(
        draw(st.sampled_from(["0", "1", "2", "3", "5", "-1", "-2", "1/2", "-3/2", "7/3"]))
    )
    of = SIXTEENTHS if exponent >= 0 and exponent.denominator == 1 else NONZERO
    of = POSITIVE if exponent.denominator > 1 else of
    shape = draw(SHAPES)
    return Case(
        (shape,), (entries(draw, shape, of),), lambda a: a**exponent,
        lambda n, a: each(lambda x: x ** n.number(exponent), a), params=str(exponent),
        flat=(0,) if exponent == 0 else (),
    )  # fmt: skip


SLOPES = st.sampled_from([Fraction(0), Fraction(1, 100), Fraction(1, 5), Fraction(1)])


@st.composite
def leaky_case(draw: st.DrawFn) -> Case:
    slope, shape = draw(SLOPES), draw(SHAPES)
    return Case(
        (shape,), (entries(draw, shape, NONZERO),), lambda a: leaky_relu(a, slope),
        lambda n, a: each(
            lambda x: n.positive(x) * x + n.number(slope) * n.positive(-x) * x, a
        ),
        params=str(slope),
    )  # fmt: skip


@st.composite
def leaky_slope_case(draw: st.DrawFn) -> Case:
    slope, shape = draw(SLOPES), draw(SHAPES)
    return Case(
        (shape,), (entries(draw, shape, NONZERO),),
        lambda a: apply(TABLE["leaky_slope"], a, params=slope),
        lambda n, a: each(lambda x: n.positive(x) + n.number(slope) * n.positive(-x), a),
        params=str(slope), flat=(0,),
    )  # fmt: skip


# Products


def product_case(
    build: Callable[..., Quantity], left: Any, right: Callable[[Shape, st.DrawFn], Shape],
    reference: Callable[..., Array],
) -> st.SearchStrategy[Case]:  # fmt: skip
    @st.composite
    def case(draw: st.DrawFn) -> Case:
        a = draw(left)
        shapes = (a, right(a, draw))
        values = tuple(entries(draw, s) for s in shapes)
        return Case(shapes, values, build, lambda n, *arrays: reference(*arrays))

    return case()


def columns(draw: st.DrawFn) -> int:
    return draw(st.integers(1, 3))


# Reductions


@st.composite
def reduction_case(
    draw: st.DrawFn,
    build: Callable[..., Quantity],
    reference: Callable[[Any, list[Any]], Any],
    is_compared: bool = False,
) -> Case:
    """``reference`` makes one number of a list."""
    shape = draw(ARRAYS)
    axis = draw(st.sampled_from([None, *range(-len(shape), len(shape))]))
    values = distinct(draw, shape) if is_compared else (entries(draw, shape),)

    def reduced(n: Any, a: Array) -> Array:
        if axis is None:
            return array([reference(n, list(a.ravel()))], ())
        lines = np.moveaxis(a, axis, -1)
        flat = [reference(n, list(line)) for line in lines.reshape(-1, lines.shape[-1])]
        return array(flat, lines.shape[:-1])

    return Case((shape,), values, lambda a: build(a, axis), reduced, params=f"axis {axis}")


@st.composite
def lines_case(
    draw: st.DrawFn,
    build: Callable[..., Quantity],
    reference: Callable[[Any, list[Any]], list[Any]],
    is_flat: bool = False,
) -> Case:
    """``reference`` makes as many numbers of a list along an axis."""
    shape = draw(ARRAYS)
    axis = draw(st.integers(-len(shape), len(shape) - 1))

    def changed(n: Any, a: Array) -> Array:
        lines = np.moveaxis(a, axis, -1)
        flat = [x for line in lines.reshape(-1, lines.shape[-1]) for x in reference(n, list(line))]
        return np.moveaxis(array(flat, lines.shape), -1, axis)

    return Case(
        (shape,), distinct(draw, shape), lambda a: build(a, axis), changed,
        params=f"axis {axis}", flat=(0,) if is_flat else (),
    )  # fmt: skip


def ref_mean(n: Any, items: list[Any]) -> Any:
    return add_all(*items) / n.number(len(items))


def ref_variance(n: Any, items: list[Any]) -> Any:
    # the mean of the squares less the square of the mean: another formula than the row's
    return ref_mean(n, [x * x for x in items]) - ref_mean(n, items) ** 2


def ref_largest(n: Any, items: list[Any]) -> Any:
    result = items[0]
    for item in items[1:]:
        result = n.larger(result, item)
    return result


def ref_is_largest(n: Any, items: list[Any]) -> list[Any]:
    return [n.number(int(k == items.index(max(items)))) for k in range(len(items))]


def ref_softmax(n: Any, items: list[Any]) -> list[Any]:
    return [1 / add_all(*[n.exp(other - item) for other in items]) for item in items]


@st.composite
def masked_case(draw: st.DrawFn) -> Case:
    shape = draw(ARRAYS)
    axis = draw(st.integers(-len(shape), len(shape) - 1))
    marks = np.array(draw(st.lists(st.integers(0, 1), min_size=size(shape), max_size=size(shape))))
    marks = np.moveaxis(marks.reshape(shape), axis, -1)
    marks[marks.sum(axis=-1) == 0, 0] = 1  # of each line something is left
    mask = tuple(Fraction(int(mark)) for mark in np.moveaxis(marks, -1, axis).ravel())

    def masked(n: Any, a: Array, weights: Array) -> Array:
        grown = each(n.exp, a) * weights
        return grown / np.expand_dims(grown.sum(axis=axis), axis)

    return Case(
        (shape, shape), (entries(draw, shape), mask), lambda a, m: masked_softmax(a, m, axis),
        masked, params=f"axis {axis}", flat=(1,),
    )  # fmt: skip


# Structure


@st.composite
def keys(draw: st.DrawFn, shape: Shape) -> Any:
    """Whole numbers and slices, for the first few axes."""
    chosen = []
    for n in shape[: draw(st.integers(1, len(shape)))]:
        first = draw(st.integers(0, n - 1))
        last = draw(st.integers(first + 1, n))
        chosen.append(
            draw(
                st.sampled_from(
                    [first, first - n, slice(first, last), slice(None), slice(None, None, -1),
                     slice(first, None, 2)]
                )
            )
        )  # fmt: skip
    return chosen[0] if len(chosen) == 1 else tuple(chosen)


@st.composite
def index_case(draw: st.DrawFn) -> Case:
    shape = draw(ARRAYS)
    key = draw(keys(shape))
    return Case(
        (shape,), (entries(draw, shape),), lambda a: a[key],
        lambda n, a: a[key], params=f"{key}",
    )  # fmt: skip


@st.composite
def place_case(draw: st.DrawFn) -> Case:
    whole = draw(ARRAYS)
    key = draw(keys(whole))
    part = np.zeros(whole)[key]
    shape = part.shape if isinstance(part, np.ndarray) else ()

    def build(a: Quantity) -> Quantity:
        from dlhand.operations.structure import _select

        return apply(TABLE["place"], a, params=(_select(whole, key), whole))

    def placed(n: Any, a: Array) -> Array:
        result = array([n.number(0)] * size(whole), whole)
        result[key] = a if shape else a.item()
        return result

    return Case((shape,), (entries(draw, shape),), build, placed, params=f"{key} of {whole}")


@st.composite
def concatenate_case(draw: st.DrawFn) -> Case:
    first = draw(st.sampled_from([(1,), (3,), (2, 2), (1, 3), (2, 1, 2)]))
    axis = draw(st.integers(-len(first), len(first) - 1))
    lengths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    shapes = [list(first) for _ in lengths]
    for shape, length in zip(shapes, lengths, strict=True):
        shape[axis] = length
    return Case(
        tuple(map(tuple, shapes)), tuple(entries(draw, tuple(s)) for s in shapes),
        lambda *arrays: concatenate(*arrays, axis=axis),
        lambda n, *arrays: np.concatenate(arrays, axis=axis), params=f"axis {axis}",
    )  # fmt: skip


@st.composite
def stack_case(draw: st.DrawFn) -> Case:
    shape = draw(SHAPES)
    count = draw(st.integers(1, 3))
    return Case(
        (shape,) * count, tuple(entries(draw, shape) for _ in range(count)), stack,
        lambda n, *arrays: np.stack(arrays),
    )  # fmt: skip


@st.composite
def reshape_case(draw: st.DrawFn) -> Case:
    before, after = draw(
        st.sampled_from(
            [((6,), (2, 3)), ((2, 3), (6,)), ((2, 3), (3, 1, 2)), ((1,), ()), ((), (1, 1)),
             ((2, 2, 2), (4, 2)), ((), ()), ((1, 1), (1,))]
        )
    )  # fmt: skip
    return Case(
        (before,), (entries(draw, before),), lambda a: reshape(a, after),
        lambda n, a: a.reshape(after), params=f"{after}",
    )  # fmt: skip


@st.composite
def fill_case(draw: st.DrawFn) -> Case:
    before, after = draw(
        st.sampled_from(
            [((), (3,)), ((), (2, 2)), ((3,), (2, 3)), ((2, 1), (2, 3)), ((1,), (4,)),
             ((1, 2), (3, 2, 2))]
        )
    )  # fmt: skip
    return Case(
        (before,), (entries(draw, before),),
        lambda a: apply(TABLE["fill"], a, params=after),
        lambda n, a: np.broadcast_to(a, after), params=f"{after}",
    )  # fmt: skip


# Images


@dataclass(frozen=True)
class Sliding:
    """Sizes of a correlation, drawn so that the filter fits."""

    image: Shape
    kernel: Shape
    stride: int
    padding: int

    @property
    def out(self) -> Shape:
        sides = tuple(
            (n + 2 * self.padding - f) // self.stride + 1
            for n, f in zip(self.image[-2:], self.kernel[-2:], strict=True)
        )
        return (self.kernel[0], *sides) if len(self.kernel) == 4 else sides

    def windows(self) -> Any:
        """(output place, window of the padded image, filter number) one after the other."""
        filters = self.kernel[0] if len(self.kernel) == 4 else 1
        rows, cols = self.kernel[-2:]
        for f, i, j in product(range(filters), range(self.out[-2]), range(self.out[-1])):
            top, left = i * self.stride, j * self.stride
            yield (f, i, j), (slice(top, top + rows), slice(left, left + cols)), f

    def padded(self, n: Any, image: Array) -> Array:
        p = self.padding
        image = image.reshape((-1, *self.image[-2:]))
        c, h, w = image.shape
        result = array([n.number(0)] * (c * (h + 2 * p) * (w + 2 * p)), (c, h + 2 * p, w + 2 * p))
        result[:, p : p + h, p : p + w] = image
        return result

    def filters(self, kernel: Array) -> Array:
        return kernel.reshape(
            (self.kernel[0] if len(self.kernel) == 4 else 1, -1, *self.kernel[-2:])
        )

    def correlate(self, n: Any, image: Array, kernel: Array) -> Array:
        padded, filters = self.padded(n, image), self.filters(kernel)
        found = [
            add_all(*(padded[:, rows, cols] * filters[f]).ravel())
            for _, (rows, cols), f in self.windows()
        ]
        return array(found, self.out)

    def to_image(self, n: Any, g: Array, kernel: Array) -> Array:
        result = self.padded(n, array([n.number(0)] * size(self.image), self.image))
        filters, g = self.filters(kernel), g.reshape((-1, *self.out[-2:]))
        for place, (rows, cols), f in self.windows():
            result[:, rows, cols] = result[:, rows, cols] + g[place] * filters[f]
        p = self.padding
        h, w = self.image[-2:]
        return result[:, p : p + h, p : p + w].reshape(self.image)

    def to_kernel(self, n: Any, g: Array, image: Array) -> Array:
        result = self.filters(array([n.number(0)] * size(self.kernel), self.kernel))
        padded, g = self.padded(n, image), g.reshape((-1, *self.out[-2:]))
        for place, (rows, cols), f in self.windows():
            result[f] = result[f] + g[place] * padded[:, rows, cols]
        return result.reshape(self.kernel)


@st.composite
def slidings(draw: st.DrawFn) -> Sliding:
    padding = draw(st.integers(0, 2))
    stride = draw(st.integers(1, 3))
    h, w = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    rows = draw(st.integers(1, min(3, h + 2 * padding)))
    cols = draw(st.integers(1, min(3, w + 2 * padding)))
    rank = draw(st.integers(0, 2))
    if rank == 0:
        return Sliding((h, w), (rows, cols), stride, padding)
    c = draw(st.integers(1, 2))
    lead = (c,) if rank == 1 else (draw(st.integers(1, 2)), c)
    return Sliding((c, h, w), (*lead, rows, cols), stride, padding)


@st.composite
def correlate_case(draw: st.DrawFn, which: str) -> Case:
    s = draw(slidings())
    shapes = {
        "correlate": (s.image, s.kernel),
        "correlate_to_image": (s.out, s.kernel),
        "correlate_to_kernel": (s.out, s.image),
    }[which]
    params = {"correlate_to_image": s.image, "correlate_to_kernel": s.kernel}.get(which)

    def build(a: Quantity, b: Quantity) -> Quantity:
        if which == "correlate":
            return correlate(a, b, stride=s.stride, padding=s.padding)
        return apply(TABLE[which], a, b, params=(params, s.stride, s.padding))

    reference = {
        "correlate": s.correlate,
        "correlate_to_image": s.to_image,
        "correlate_to_kernel": s.to_kernel,
    }[which]
    return Case(
        shapes, tuple(entries(draw, shape) for shape in shapes), build, reference, params=f"{s}"
    )


@dataclass(frozen=True)
class Pooling:
    """Sizes of a pooling."""

    image: Shape
    size: int
    stride: int

    @property
    def out(self) -> Shape:
        sides = tuple((n - self.size) // self.stride + 1 for n in self.image[-2:])
        return (*self.image[:-2], *sides)

    def windows(self, image: Array) -> Any:
        """(output place, window) one after the other; a window is a view of the image."""
        layers = image.reshape((-1, *self.image[-2:]))
        for c, i, j in product(range(len(layers)), range(self.out[-2]), range(self.out[-1])):
            top, left = i * self.stride, j * self.stride
            yield (c, i, j), layers[c, top : top + self.size, left : left + self.size]

    def reduce(self, image: Array, rule: Callable[[list[Any]], Any]) -> Array:
        return array([rule(list(w.ravel())) for _, w in self.windows(image)], self.out)

    def pick(self, a: Array, image: Array) -> Array:
        """The entry of ``a`` where the image is largest in each window."""
        pairs = zip(self.windows(a), self.windows(image), strict=True)
        found = [w.ravel()[list(seen.ravel()).index(seen.max())] for (_, w), (_, seen) in pairs]
        return array(found, self.out)

    def spread(self, n: Any, g: Array, image: Array, shares: Callable[[list[Any]], Any]) -> Array:
        """The entries of ``g``, each shared out over its window."""
        result = array([n.number(0)] * size(self.image), self.image)
        g = g.reshape((-1, *self.out[-2:]))
        for (place, window), (_, seen) in zip(
            self.windows(result), self.windows(image), strict=True
        ):
            share = array(shares(list(seen.ravel())), seen.shape)
            window[...] = window + g[place] * share
        return result


@st.composite
def poolings(draw: st.DrawFn) -> Pooling:
    k = draw(st.integers(1, 3))
    sides = (draw(st.integers(k, 4)), draw(st.integers(k, 4)))
    lead = draw(st.sampled_from([(), (1,), (2,)]))
    return Pooling((*lead, *sides), k, draw(st.integers(1, 3)))


@st.composite
def pool_case(draw: st.DrawFn, which: str) -> Case:
    s = draw(poolings())
    parameters: dict[str, Any] = {"params": f"{s}"}
    if which == "max_pool":
        return Case(
            (s.image,), distinct(draw, s.image), lambda a: max_pool(a, s.size, s.stride),
            lambda n, a: s.reduce(a, lambda items: ref_largest(n, items)), **parameters,
        )  # fmt: skip
    if which == "average_pool":
        return Case(
            (s.image,), (entries(draw, s.image),), lambda a: average_pool(a, s.size, s.stride),
            lambda n, a: s.reduce(a, lambda items: ref_mean(n, items)), **parameters,
        )  # fmt: skip
    if which == "average_unpool":
        return Case(
            (s.out,), (entries(draw, s.out),),
            lambda g: apply(TABLE[which], g, params=(s.image, s.size, s.stride)),
            lambda n, g: s.spread(
                n, g, array([n.number(0)] * size(s.image), s.image),
                lambda items: [n.number(Fraction(1, len(items)))] * len(items),
            ),
            **parameters,
        )  # fmt: skip
    if which == "max_pick":
        return Case(
            (s.image, s.image), (entries(draw, s.image), *distinct(draw, s.image)),
            lambda g, a: apply(TABLE[which], g, a, params=(s.size, s.stride)),
            lambda n, g, a: s.pick(g, a), flat=(1,), **parameters,
        )  # fmt: skip
    return Case(
        (s.out, s.image), (entries(draw, s.out), *distinct(draw, s.image)),
        lambda g, a: apply(TABLE["max_unpool"], g, a, params=(s.size, s.stride)),
        lambda n, g, a: s.spread(n, g, a, lambda items: ref_is_largest(n, items)),
        flat=(1,), **parameters,
    )  # fmt: skip


CASES: dict[str, st.SearchStrategy[Case]] = {
    "add": several(add_all, add_all, (2, 3, 4)),
    "sub": several(lambda a, b: a - b, lambda a, b: a - b),
    "mul": several(multiply_all, multiply_all, (2, 3, 4)),
    "div": several(lambda a, b: a / b, lambda a, b: a / b, last=NONZERO),
    "neg": one(lambda a: -a, lambda n, x: -x),
    "power": power_case(),
    "exp": one(exp, lambda n, x: n.exp(x)),
    "log": one(log, lambda n, x: n.log(x), POSITIVE),
    "sqrt": one(sqrt, lambda n, x: n.sqrt(x), POSITIVE),
    "sin": one(sin, lambda n, x: n.sin(x)),
    "cos": one(cos, lambda n, x: n.cos(x)),
    "sigmoid": one(sigmoid, ref_sigmoid),
    "tanh": one(tanh, ref_tanh),
    "relu": one(relu, lambda n, x: x * n.positive(x), NONZERO),
    "leaky_relu": leaky_case(),
    "leaky_slope": leaky_slope_case(),
    "normal": one(normal, ref_normal),
    "bell": one(lambda a: apply(TABLE["bell"], a), ref_bell),
    "gelu": one(gelu, lambda n, x: x * ref_normal(n, x)),
    "silu": one(silu, lambda n, x: x * ref_sigmoid(n, x)),
    "softplus": one(softplus, lambda n, x: n.log(1 + n.exp(x))),
    "elu": elu_case(),
    "absolute": one(abs, lambda n, x: n.larger(x, -x), NONZERO),
    "sign": one(sign, lambda n, x: n.positive(x) - n.positive(-x), NONZERO, flat=(0,)),
    "heaviside": one(heaviside, lambda n, x: n.positive(x), NONZERO, flat=(0,)),
    "greater": compared(greater, lambda n, x, y: n.positive(x - y), flat=(0, 1)),
    "at_least": compared(at_least, lambda n, x, y: 1 - n.positive(y - x), flat=(0, 1)),
    "maximum": compared(maximum, lambda n, x, y: n.larger(x, y)),
    "minimum": compared(minimum, lambda n, x, y: x + y - n.larger(x, y)),
    "floor": one(floor, lambda n, x: n.floor(x), ODD, flat=(0,)),
    "dot": product_case(dot, VECTORS, lambda a, draw: a, lambda a, b: a @ b),
    "matvec": product_case(lambda a, x: a @ x, MATRICES, lambda a, draw: a[1:], lambda a, b: a @ b),
    "vecmat": product_case(
        lambda x, b: x @ b, VECTORS, lambda a, draw: (a[0], columns(draw)), lambda a, b: a @ b
    ),
    "matmul": product_case(
        lambda a, b: a @ b, MATRICES, lambda a, draw: (a[1], columns(draw)), lambda a, b: a @ b
    ),
    "outer": product_case(
        outer, VECTORS, lambda a, draw: (columns(draw),), lambda a, b: np.multiply.outer(a, b)
    ),
    "transpose": MATRICES.flatmap(
        lambda shape: st.lists(SIXTEENTHS, min_size=size(shape), max_size=size(shape)).map(
            lambda v: Case((shape,), (tuple(v),), transpose, lambda n, a: a.T)
        )
    ),
    "sum": reduction_case(total, lambda n, items: add_all(*items)),
    "mean": reduction_case(mean, ref_mean),
    "variance": reduction_case(variance, ref_variance),
    "largest": reduction_case(largest, ref_largest, is_compared=True),
    "is_largest": lines_case(
        is_largest,
        ref_is_largest,
        is_flat=True,
    ),
    "log_sum_exp": reduction_case(
        log_sum_exp, lambda n, items: n.log(add_all(*[n.exp(x) for x in items]))
    ),
    "masked_softmax": masked_case(),
    "softmax": lines_case(softmax, ref_softmax),
    "index": index_case(),
    "place": place_case(),
    "concatenate": concatenate_case(),
    "stack": stack_case(),
    "reshape": reshape_case(),
    "fill": fill_case(),
    "correlate": correlate_case("correlate"),
    "correlate_to_image": correlate_case("correlate_to_image"),
    "correlate_to_kernel": correlate_case("correlate_to_kernel"),
    "max_pool": pool_case("max_pool"),
    "max_unpool": pool_case("max_unpool"),
    "max_pick": pool_case("max_pick"),
    "average_pool": pool_case("average_pool"),
    "average_unpool": pool_case("average_unpool"),
}
"""For each row of the table, the uses of it that are tested."""
