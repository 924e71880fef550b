"""Operations that make one number of many: sum, mean, variance, largest, softmax."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from dlhand.errors import ShapeError, UndefinedValue
from dlhand.numbers.exact import Shape
from dlhand.operations.gradient import fill, operands, over, times
from dlhand.operations.notation import (
    SQUARE,
    Argument,
    Call,
    Fenced,
    Parameters,
    Pattern,
    Script,
    Sign,
    Word,
    row,
)
from dlhand.operations.python import Python, in_python
from dlhand.operations.quantity import Form, Quantity, apply, constant, operators, shape_of
from dlhand.operations.scalar import ROOT_TAKEN
from dlhand.operations.slips import (
    PLAIN,
    RARE,
    SELDOM,
    USUAL,
    Instead,
    Slip,
    becomes,
    operand,
    with_params,
)
from dlhand.operations.structure import reshape
from dlhand.operations.table import Gradients, Operation, size

Axes = tuple[tuple[int, ...], bool]


def _reduced(shapes: Sequence[Shape], params: Axes) -> Shape:
    axes, keep = params
    shape = shapes[0]
    if keep:
        return tuple(1 if k in axes else n for k, n in enumerate(shape))
    return tuple(n for k, n in enumerate(shape) if k not in axes)


@lru_cache(maxsize=1024)
def _groups(shape: Shape, axes: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """The flat positions that are combined into each entry of the result."""
    kept: dict[tuple[int, ...], list[int]] = {}
    for position in range(size(shape)):
        key, rest = [], position
        for k in range(len(shape) - 1, -1, -1):
            rest, coordinate = divmod(rest, shape[k])
            if k not in axes:
                key.append(coordinate)
        kept.setdefault(tuple(reversed(key)), []).append(position)
    return tuple(tuple(group) for group in kept.values())


def _over_groups(form: Any, a: Any, combine: Any) -> Any:
    groups = _groups(form.args[0].shape, form.params[0])
    result = tuple(combine([a[p] for p in group]) for group in groups)
    return result[0] if form.shape == () else result


def mean_of(ar: Any, items: Any) -> Any:
    """The mean of some numbers, in an arithmetic."""
    return ar.div(ar.total(items), ar.number(Fraction(len(items))))


def _variance(ar: Any, items: Any) -> Any:
    centre = mean_of(ar, items)
    return mean_of(ar, [ar.power(ar.sub(x, centre), Fraction(2)) for x in items])


def largest_of(ar: Any, items: Any) -> Any:
    """The largest of some numbers, in an arithmetic."""
    result = items[0]
    for item in items[1:]:
        result = ar.maximum(result, item)
    return result


def first_of_largest(ar: Any, items: Any) -> Any:
    """1 at the first of the largest items, 0 elsewhere."""
    one = ar.number(Fraction(1))
    marks = []
    for k, item in enumerate(items):
        mark = one
        for j, other in enumerate(items):
            if j < k:
                mark = ar.mul(mark, ar.heaviside(ar.sub(item, other)))
            elif j > k:
                mark = ar.mul(mark, ar.sub(one, ar.heaviside(ar.sub(other, item))))
        marks.append(mark)
    return marks


def _softmax(ar: Any, items: Any) -> Any:
    peak = ar.peak(items)  # softmax does not change when one number is taken off all entries
    grown = [ar.exp(ar.sub(item, peak)) for item in items]
    whole = ar.total(grown)
    return [ar.div(item, whole) for item in grown]


def _masked_softmax(ar: Any, items: Any, marks: Any) -> Any:
    """Entries marked 0 are left out before anything grows, so that they cannot overflow."""
    zero, one = ar.number(Fraction(0)), ar.number(Fraction(1))
    kept = [k for k, mark in enumerate(marks) if not ar.is_zero(mark)]
    if not kept:
        raise UndefinedValue("a softmax of which every entry is masked")
    entries = [zero] * len(items)
    if len(kept) == 1:
        entries[kept[0]] = one
        return entries
    peak = ar.peak([items[k] for k in kept])
    grown = [ar.mul(marks[k], ar.exp(ar.sub(items[k], peak))) for k in kept]
    whole = ar.total(grown)
    for k, part in zip(kept, grown, strict=True):
        entries[k] = ar.div(part, whole)
    return entries


def _scattered_pairs(form: Any, a: Any, b: Any, spread_out: Any) -> Any:
    """As `_scattered`, for a rule on the entries of two arrays of one shape."""
    return _scattered(
        form,
        list(zip(a, b, strict=True)),
        lambda pairs: spread_out([x for x, _ in pairs], [y for _, y in pairs]),
    )


def _log_sum_exp(ar: Any, items: Any) -> Any:
    peak = ar.peak(items)
    return ar.add(peak, ar.log(ar.total([ar.exp(ar.sub(item, peak)) for item in items])))


def _scattered(form: Any, a: Any, spread_out: Any) -> Any:
    """Apply a rule that gives as many entries as it takes, group by group."""
    groups = _groups(form.args[0].shape, form.params[0])
    entries: list[Any] = [None] * len(a)
    for group in groups:
        for p, entry in zip(group, spread_out([a[p] for p in group]), strict=True):
            entries[p] = entry
    return tuple(entries)


def _back(g: Quantity, a: Quantity, params: Axes) -> Quantity:
    """A gradient of the reduced shape, ready to broadcast to the shape of ``a``."""
    if g.form.op is operators.fill and not operands(g)[0].shape:
        return operands(g)[0]  # one number stands for equal entries
    kept = _reduced([a.shape], (params[0], True))
    return g if g.shape in ((), kept) else reshape(g, kept)


def _count(a: Quantity, params: Axes) -> Quantity:
    return constant(size(tuple(a.shape[k] for k in params[0])))


def _softmax_gradient(
    g: Quantity, args: Sequence[Quantity], out: Quantity, params: Any
) -> Gradients:
    weighted = apply(SUM, fill(times(g, out), out.shape), params=(params[0], len(out.shape) > 1))
    return (times(out, g - weighted),)


def _mean_gradient(g: Quantity, args: Sequence[Quantity], out: Quantity, params: Any) -> Gradients:
    share = over(_back(g, args[0], params), _count(args[0], params))
    return (fill(share, args[0].shape) if share.shape else share,)


def _other_axes(form: Form) -> Iterator[Axes]:
    """The other axes along which a matrix can be combined."""
    (axes, keep), rank = form.params, len(form.args[0].shape)
    if rank > 1 and len(axes) == 1:
        yield from (((k,), keep) for k in range(rank) if (k,) != axes)


def _along(row: Callable[[], Operation]) -> Callable[[Quantity], list[Instead]]:
    """Another row over the same axes; it may stand below in the table."""
    return lambda q: [Instead(apply(row(), *operands(q)[:1], params=q.form.params))]


def _by_one_less(q: Quantity) -> Iterator[Instead]:
    """N - 1 where n is divided by."""
    (a,) = operands(q)
    n = size(tuple(a.shape[k] for k in q.form.params[0]))
    if n > 1:
        yield Instead(q * constant(Fraction(n, n - 1)))


def _shares(q: Quantity) -> list[Instead]:
    """Entries divided by their sum, none of them grown."""
    a = operands(q)[0]
    return [Instead(a / apply(SUM, a, params=(q.form.params[0], True)))]


def _grown(q: Quantity) -> list[Instead]:
    return [Instead(apply(operators.exp, operands(q)[0]))]


def _log_of_sum(q: Quantity) -> list[Instead]:
    return [Instead(apply(operators.log, apply(SUM, *operands(q), params=q.form.params)))]


def _masked_after(q: Quantity) -> list[Instead]:
    a, mask = operands(q)
    return [Instead(apply(SOFTMAX, a, params=q.form.params) * mask)]


_AXIS = Slip("wrong axis", with_params(_other_axes), PLAIN)
_LESS = Slip(
    "n \N{MINUS SIGN} 1 for n", _by_one_less, USUAL, "with n \N{MINUS SIGN} 1 for n in {was}"
)
_NOT_NORMALISED = Slip(
    "softmax not normalised", _grown, PLAIN, "when {was} is not divided by the sum"
)


def _axis_in_python(form: Form) -> str:
    """The axes that become one number; none where these are all."""
    axes, _ = form.params
    return "" if len(axes) == len(form.args[0].shape) else f", axis={in_python(axes)}"


def _in_python(form: Form) -> str:
    _, keep = form.params
    return _axis_in_python(form) + (", keepdims=True" if keep else "")


def _line_in_python(form: Form) -> str:
    """The axes of a softmax, which is along the last one if none is named."""
    axes, _ = form.params
    return "" if axes == (len(form.shape) - 1,) else f", axis={in_python(axes)}"


SUM = Operation(
    "sum",
    shape=_reduced,
    value=lambda ar, form, a: _over_groups(form, a, ar.total),
    # a number stands for equal entries, so that ½·2 can still vanish further on
    python=Python(parameters=_in_python),
    gradient=lambda g, args, out, params: (
        g if g.shape == () else fill(_back(g, args[0], params), args[0].shape),
    ),
    notation=Call(r"\operatorname{sum}", "sum", "sum", "np.sum"),
    slips=(_AXIS, Slip("mean for sum", _along(lambda: MEAN), USUAL), ROOT_TAKEN),
)
MEAN: Operation = Operation(
    "mean",
    shape=_reduced,
    value=lambda ar, form, a: _over_groups(form, a, lambda items: mean_of(ar, items)),
    python=Python(parameters=_in_python),
    gradient=_mean_gradient,
    notation=Call(r"\operatorname{mean}", "mean", "mean", "np.mean"),
    slips=(_AXIS, Slip("sum for mean", _along(lambda: SUM), PLAIN), _LESS),
)
VARIANCE = Operation(
    "variance",
    shape=_reduced,
    value=lambda ar, form, a: _over_groups(form, a, lambda items: _variance(ar, items)),
    python=Python(parameters=_in_python),
    gradient=lambda g, args, out, params: (
        times(
            _back(g, args[0], params),
            over(constant(2), _count(args[0], params)),
            args[0] - apply(MEAN, args[0], params=(params[0], len(args[0].shape) > 1)),
        ),
    ),
    notation=Call(r"\operatorname{var}", "var", "var", "np.var"),
    slips=(
        _LESS._replace(cost=PLAIN),
        _AXIS,
        Slip(
            "root taken", becomes(lambda a: apply(operators.power, a, params=Fraction(1, 2))), RARE
        ),
    ),
)
LARGEST = Operation(
    "largest",
    shape=_reduced,
    value=lambda ar, form, a: _over_groups(form, a, lambda items: largest_of(ar, items)),
    python=Python(parameters=_in_python),
    gradient=lambda g, args, out, params: (
        times(_back(g, args[0], params), apply(IS_LARGEST, args[0], params=params)),
    ),
    notation=Call(r"\max", "max", "max", "np.max"),
    slips=(_AXIS, Slip("mean for largest", _along(lambda: MEAN), SELDOM)),
)
IS_LARGEST: Operation = Operation(
    "is_largest",
    shape=lambda shapes, params: shapes[0],
    value=lambda ar, form, a: _scattered(form, a, lambda items: first_of_largest(ar, items)),
    python=Python(
        '''
        def is_largest(a, axis=None):
            """1 at the first of the largest entries, else 0."""
            axes = range(a.ndim) if axis is None else np.atleast_1d(axis)
            lines = np.moveaxis(a, axes, range(-len(axes), 0))
            flat = lines.reshape(*lines.shape[: -len(axes)], -1)
            first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
            return np.moveaxis(1.0 * first.reshape(lines.shape), range(-len(axes), 0), axes)
        ''',
        parameters=_axis_in_python,
    ),
    gradient=lambda g, args, out, params: (None,),
    notation=Pattern(
        Fenced(
            SQUARE,
            row(Argument(0), Sign("=", "="), Script(Word(r"\max", "max"), low=Parameters())),
        ),
        "is_largest({0}{p})",
    ),
    means=lambda form: "this is 1 at the largest entry, the first of them, and 0 elsewhere",
)
SOFTMAX = Operation(
    "softmax",
    shape=lambda shapes, params: shapes[0],
    value=lambda ar, form, a: _scattered(form, a, lambda items: _softmax(ar, items)),
    python=Python(
        '''
        def softmax(z, axis=-1):
            """e^z divided by its sum; the largest z is taken off first, so nothing overflows."""
            grown = np.exp(z - z.max(axis=axis, keepdims=True))
            return grown / grown.sum(axis=axis, keepdims=True)
        ''',
        parameters=_line_in_python,
    ),
    gradient=_softmax_gradient,
    notation=Call(r"\operatorname{softmax}", "softmax", "softmax"),
    slips=(
        _NOT_NORMALISED,
        _AXIS,
        Slip("exponential forgotten", _shares, USUAL),
        Slip("softmax forgotten", operand(0), USUAL),
    ),
)

MASKED_SOFTMAX = Operation(
    "masked_softmax",
    shape=lambda shapes, params: _masked_shape(shapes),
    value=lambda ar, form, a, mask: _scattered_pairs(
        form, a, mask, lambda items, marks: _masked_softmax(ar, items, marks)
    ),
    python=Python(
        '''
        def masked_softmax(z, mask, axis=-1):
            """The softmax of the entries that the mask marks with 1; the others get 0."""
            grown = np.where(mask == 0, -np.inf, z)
            grown = mask * np.exp(grown - grown.max(axis=axis, keepdims=True))
            return grown / grown.sum(axis=axis, keepdims=True)
        ''',
        parameters=_line_in_python,
    ),
    gradient=lambda g, args, out, params: (*_softmax_gradient(g, args[:1], out, params), None),
    notation=Call(r"\operatorname{softmax}", "softmax", "masked_softmax"),
    slips=(
        Slip("masked after the softmax", _masked_after, PLAIN),
        Slip("mask forgotten", _along(lambda: SOFTMAX), PLAIN),
        _AXIS,
    ),
)


def _masked_shape(shapes: Sequence[Shape]) -> Shape:
    if shapes[1] != shapes[0]:
        raise ShapeError(f"mask has shape {shapes[1]}; wanted {shapes[0]}, as what it masks")
    return shapes[0]


LOG_SUM_EXP = Operation(
    "log_sum_exp",
    shape=_reduced,
    value=lambda ar, form, a: _over_groups(form, a, lambda items: _log_sum_exp(ar, items)),
    python=Python(
        '''
        def log_sum_exp(z, axis=None):
            """ln of the sum of e^z; the largest z is taken off first, so nothing overflows."""
            peak = z.max(axis=axis, keepdims=True)
            return np.squeeze(peak, axis) + np.log(np.exp(z - peak).sum(axis=axis))
        ''',
        parameters=_axis_in_python,
    ),
    gradient=lambda g, args, out, params: (
        times(_back(g, args[0], params), apply(SOFTMAX, args[0], params=(params[0], True))),
    ),
    notation=Call(r"\ln\sum\exp", "ln Σ exp", "log_sum_exp"),
    slips=(Slip("logarithm of the plain sum", lambda q: _log_of_sum(q), SELDOM), _AXIS),
)


operators.sum = SUM

Axis = int | tuple[int, ...] | None
"""One axis, several, or all."""


def _axes(name: str, a: Quantity, axis: Axis) -> tuple[int, ...]:
    rank = len(shape_of(a))
    if not rank:
        raise ShapeError(f"{name} got a single number; wanted an array")
    if axis is None:
        return tuple(range(rank))
    chosen = axis if isinstance(axis, tuple) else (axis,)
    if not chosen or not all(k.__class__ is int and -rank <= k < rank for k in chosen):
        raise ShapeError(f"axis is {axis!r:.40}; wanted one from {-rank} to {rank - 1}, or several")
    axes = tuple(sorted({k % rank for k in chosen}))
    if len(axes) < len(chosen):
        raise ShapeError(f"axis is {axis}; wanted each axis once")
    return axes


def total(a: Quantity, axis: Axis = None, *, keep: bool = False) -> Quantity:
    """The sum of all entries, or along one axis or several.

    With ``keep`` these axes stay, of length 1.

    >>> from dlhand import Derivation
    >>> d = Derivation("total")
    >>> A = d.given("A", [["1", "2"], ["3", "4"]])
    >>> d.value(d.step("y", total(A, axis=0)))
    [4, 6]
    """
    return apply(SUM, a, params=(_axes("total", a, axis), keep))


def mean(a: Quantity, axis: Axis = None, *, keep: bool = False) -> Quantity:
    """The mean of all entries, or along one axis or several.

    With ``keep`` these axes stay, of length 1.

    >>> from dlhand import Derivation
    >>> d = Derivation("mean")
    >>> v = d.given("v", ["1", "2", "6"])
    >>> d.value(d.step("y", mean(v)))
    3
    """
    return apply(MEAN, a, params=(_axes("mean", a, axis), keep))


def variance(a: Quantity, axis: Axis = None, *, keep: bool = False) -> Quantity:
    """The mean squared distance from the mean (divided by n, not n - 1).

    With ``keep`` the axis stays, of length 1.

    >>> from dlhand import Derivation
    >>> d = Derivation("variance")
    >>> v = d.given("v", ["1", "2", "6"])
    >>> d.value(d.step("y", variance(v)))
    14/3
    """
    return apply(VARIANCE, a, params=(_axes("variance", a, axis), keep))


def largest(a: Quantity, axis: Axis = None) -> Quantity:
    """The largest entry. Its gradient goes to the first of the largest ones.

    >>> from dlhand import Derivation
    >>> d = Derivation("largest")
    >>> A = d.given("A", [["1", "2"], ["5", "4"]])
    >>> d.value(d.step("y", largest(A, axis=1)))
    [2, 5]
    """
    return apply(LARGEST, a, params=(_axes("largest", a, axis), False))


def is_largest(a: Quantity, axis: Axis = None) -> Quantity:
    """1 at the first of the largest entries, 0 elsewhere. It is flat: no gradient flows.

    >>> from dlhand import Derivation
    >>> d = Derivation("is_largest")
    >>> v = d.given("v", ["1", "5", "5"])
    >>> d.value(d.step("y", is_largest(v)))
    [0, 1, 0]
    """
    return apply(IS_LARGEST, a, params=(_axes("is_largest", a, axis), False))


def softmax(a: Quantity, axis: Axis = -1) -> Quantity:
    """e^x divided by the sum of the e^x along an axis: positive weights that add up to 1.

    >>> from dlhand import Derivation
    >>> d = Derivation("softmax")
    >>> v = d.given("v", ["1", "2"])
    >>> d.value(d.step("y", softmax(v)))
    [0.26894, 0.73106]
    """
    return apply(SOFTMAX, a, params=(_axes("softmax", a, axis), True))


def masked_softmax(a: Quantity, mask: Quantity, axis: Axis = -1) -> Quantity:
    """The softmax of the entries that ``mask`` marks with 1; those marked 0 get the weight 0.

    Undefined where all entries are masked. No gradient flows to the mask.

    >>> from dlhand import Derivation
    >>> d = Derivation("masked_softmax")
    >>> v, m = d.givens(v=["1", "2", "9"], m=["1", "1", "0"])
    >>> d.value(d.step("y", masked_softmax(v, m)))
    [0.26894, 0.73106, 0]
    """
    return apply(MASKED_SOFTMAX, a, mask, params=(_axes("masked_softmax", a, axis), True))


def log_sum_exp(a: Quantity, axis: Axis = None) -> Quantity:
    """The logarithm of the sum of the e^x, of all entries, or along one axis or several.

    Its derivative is the softmax. A cross-entropy is best written with it: for scores z and
    targets t that add up to 1, ``log_sum_exp(z) - dot(t, z)`` is -Σ t ln softmax(z).

    >>> from dlhand import Derivation
    >>> d = Derivation("log_sum_exp")
    >>> v = d.given("v", ["1", "2"])
    >>> d.value(d.step("y", log_sum_exp(v)))
    2.3133
    """
    return apply(LOG_SUM_EXP, a, params=(_axes("log_sum_exp", a, axis), False))
