"""Taking arrays apart and putting them together: entries, slices, concatenation, reshaping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any

from dlhand.errors import ShapeError
from dlhand.numbers.exact import Shape
from dlhand.operations.gradient import fill, operands, sum_to
from dlhand.operations.notation import (
    LOOSE,
    PRODUCT,
    ROUND,
    Argument,
    Assembled,
    Fenced,
    Parameters,
    Pattern,
    Places,
    Script,
    Space,
    Word,
    Words,
    row,
)
from dlhand.operations.python import Python, in_python
from dlhand.operations.quantity import Form, Quantity, apply, operators, shape_of
from dlhand.operations.slips import PLAIN, Instead, Slip
from dlhand.operations.table import Gradients, Operation, broadcast_indices, size, spread


class Selection(tuple[Any, ...]):
    """What an index picks: flat positions, the shape of the result, the index, its places.

    A form is interned by it, and slices cannot be hashed: of one its three numbers are kept.
    """

    __slots__ = ()

    @property
    def positions(self) -> tuple[int, ...]:
        return self[0]  # type: ignore[no-any-return]

    @property
    def shape(self) -> Shape:
        return self[1]  # type: ignore[no-any-return]

    @property
    def keys(self) -> tuple[int | slice | None, ...]:
        """The parts of the index from which others can be made; None for a slice with ends."""
        return tuple(
            slice(None) if part == (None, None, None) else part if _is_place(part) else None
            for part in self[2]
        )

    @property
    def places(self) -> tuple[int | range, ...]:
        """What it picks along each axis of the array, counted from 0."""
        return self[3]  # type: ignore[no-any-return]

    @property
    def written(self) -> Places:
        """The places as they are written below a letter, counted from 1: 23 or 2..4, 1..3."""
        axes = [_counted(place) for place in self.places]
        if all(len(place) == 1 for axis in axes for place in axis) and len(axes[0]) == 1:
            return Places(("".join(place for axis in axes for place in axis),))
        return Places(tuple(sign for axis in axes for sign in (", ", *axis))[1:])

    def within(self, first: Selection) -> Selection:
        """What two indices pick, the other one first."""
        keys = iter(self.places)
        places = tuple(p if isinstance(p, int) else _part(p, next(keys)) for p in first.places)
        positions = tuple(first.positions[p] for p in self.positions)
        return Selection((positions, self.shape, (), places))

    def __str__(self) -> str:
        return ", ".join(map(_written, self[2]))


def _is_place(part: Any) -> bool:
    return isinstance(part, int) and part >= 0


def _select(shape: Shape, index: Any) -> Selection:
    """Resolve ``x[index]`` with integers and slices."""
    keys = index if isinstance(index, tuple) else (index,)
    if len(keys) > len(shape):
        raise ShapeError(f"index {index!r} has {len(keys)} parts; the array has shape {shape}")
    positions, result = [0], []
    places: list[int | range] = []
    for axis, length in enumerate(shape):
        key = keys[axis] if axis < len(keys) else slice(None)
        if isinstance(key, slice):
            chosen = range(*key.indices(length))
            if not chosen:
                raise ShapeError(f"index {index!r} picks nothing from an array of shape {shape}")
            result.append(len(chosen))
            places.append(chosen)
        elif isinstance(key, int) and -length <= key < length:
            chosen = range(key % length, key % length + 1)
            places.append(chosen.start)
        else:
            raise ShapeError(
                f"index {index!r} does not fit shape {shape}; wanted whole numbers from 0 to "
                f"{length - 1}, or slices, at axis {axis}"
            )
        positions = [p * length + c for p in positions for c in chosen]
    parts = [key if isinstance(key, int) else (key.start, key.stop, key.step) for key in keys]
    return Selection((tuple(positions), tuple(result), tuple(parts), tuple(places)))


def _part(places: range, key: int | range) -> int | range:
    if isinstance(key, int):
        return places[key]
    step = places.step * key.step
    return range(places[key[0]], places[key[-1]] + (1 if step > 0 else -1), step)


def _counted(place: int | range) -> tuple[str, ...]:
    """One place, from one to another, or each of them."""
    if isinstance(place, int) or len(place) == 1:
        return (str(place + 1 if isinstance(place, int) else place[0] + 1),)
    if abs(place.step) == 1:
        return str(place[0] + 1), "..", str(place[-1] + 1)
    listed = [sign for k in place for sign in (", ", str(k + 1))]
    return "{", *listed[1:], "}"


def _written(part: Any) -> str:
    if isinstance(part, int):
        return str(part)
    *ends, step = part
    written = ["" if end is None else str(end) for end in ends]
    return ":".join([*written, str(step)] if step else written)


def _picked(ar: Any, form: Form, a: Any) -> Any:
    chosen = form.params
    return a[chosen.positions[0]] if chosen.shape == () else tuple(a[p] for p in chosen.positions)


def _placed(ar: Any, form: Form, a: Any) -> Any:
    chosen, shape = form.params
    entries = [ar.number(Fraction(0))] * size(shape)
    for p, entry in zip(chosen.positions, (a,) if chosen.shape == () else a, strict=True):
        entries[p] = entry
    return tuple(entries)


def _place_in_python(form: Form) -> str:
    chosen, shape = form.params
    return f"np.s_[{chosen}], {in_python(shape)}"


def _in_words(form: Form) -> str:
    """How a range of places is read; a single place needs no words."""
    ranges = [p for p in form.params.places if isinstance(p, range) and abs(p.step) == 1]
    longest = max(ranges, key=lambda places: (places.step < 0, len(places)), default=range(0))
    if len(longest) < 2:
        return ""
    first, last = longest[0] + 1, longest[-1] + 1
    if first > last:
        return f"{first}..{last} means from {first} down to {last}: the order is turned round"
    return f"{first}..{last} means {_from_to(longest)}, counted from 1"


def _from_to(places: range) -> str:
    return f"{places[0] + 1} to {places[-1] + 1}"


def _where_in_words(form: Form) -> str:
    """What it means to stand in a place among zeros."""
    places = form.params[0].places
    kinds = [("row", "rows"), ("column", "columns")] if len(places) > 1 else [("entry", "entries")]
    told = [
        f"{one} {where + 1}" if isinstance(where, int) else f"{many} {_from_to(where)}"
        for (one, many), where in zip(kinds, places[-2:], strict=True)
    ]
    return f"at: put into {' and '.join(told)}, with zeros everywhere else"


INDEX: Operation = Operation(
    "index",
    moves=True,
    picks=True,
    shape=lambda shapes, chosen: chosen.shape,
    value=_picked,
    python=Python(parameters=lambda form: str(form.params)),
    gradient=lambda g, args, out, chosen: (apply(PLACE, g, params=(chosen, args[0].shape)),),
    notation=Pattern(
        Script(Argument(0), low=Parameters(lambda form: form.params.written)), "{0}[{p}]"
    ),
    means=_in_words,
    slips=(
        Slip("column for row", lambda q: _mirrored(q), PLAIN),
        Slip("neighbour used", lambda q: _beside(q), PLAIN),
    ),
)
PLACE: Operation = Operation(
    "place",
    moves=True,
    shape=lambda shapes, params: params[1],
    value=_placed,
    python=Python(
        '''
        def place(entries, where, shape):
            """An array of zeros with some entries put in."""
            result = np.zeros(shape)
            result[where] = entries
            return result
        ''',
        parameters=_place_in_python,
    ),
    gradient=lambda g, args, out, params: (apply(INDEX, g, params=params[0]),),
    notation=Pattern(
        row(
            Argument(0),
            Words(" at "),
            Fenced(ROUND, Parameters(lambda form: form.params[0].written)),
        ),
        "place({0}, {p})",
        PRODUCT,
    ),
    means=_where_in_words,
)


def _mirrored(q: Quantity) -> Iterator[Instead]:
    """An entry or a line of a matrix taken with rows and columns exchanged."""
    (a,), keys = operands(q), q.form.params.keys
    if len(a.shape) == 2 and None not in keys:
        turned = (slice(None), keys[0]) if len(keys) == 1 else (keys[1], keys[0])
        yield Instead(index(a, turned))


def _beside(q: Quantity) -> Iterator[Instead]:
    """The entries beside the one that is meant, along each axis."""
    (a,), keys = operands(q), q.form.params.keys
    for axis, key in enumerate(keys):
        for other in (key + 1, key - 1) if isinstance(key, int) else ():
            if 0 <= other < a.shape[axis]:
                near = tuple(other if k == axis else one for k, one in enumerate(keys))
                if None not in near:
                    yield Instead(index(a, near))


def index(a: Quantity, key: Any) -> Quantity:
    """``a[key]`` for whole numbers and slices. Raises `ShapeError` outside the array."""
    return apply(INDEX, a, params=_select(a.shape, key))


def _concatenated_shape(shapes: Sequence[Shape], axis: int) -> Shape:
    first = shapes[0]
    for shape in shapes:
        if (
            len(shape) <= axis
            or shape[:axis] + shape[axis + 1 :] != first[:axis] + first[axis + 1 :]
        ):
            raise ShapeError(
                f"concatenate got shapes {shapes}; wanted equal ones but at axis {axis}"
            )
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def _concatenated(ar: Any, form: Form, *arrays: Any) -> Any:
    axis = form.params
    blocks = [size(arg.shape[axis:]) for arg in form.args]
    return tuple(
        entry
        for row in range(size(form.shape[:axis]))
        for array, block in zip(arrays, blocks, strict=True)
        for entry in array[row * block : (row + 1) * block]
    )


def _concatenate_gradient(
    g: Quantity, args: Sequence[Quantity], out: Quantity, axis: Any
) -> Gradients:
    ends = list(accumulate(arg.shape[axis] for arg in args))
    starts = [0, *ends[:-1]]
    before = (slice(None),) * axis
    return [index(g, (*before, slice(a, b))) for a, b in zip(starts, ends, strict=True)]


def _in_another_order(q: Quantity) -> Iterator[Instead]:
    """Two neighbours exchanged."""
    parts = operands(q)
    for k in range(len(parts) - 1):
        turned = [*parts[:k], parts[k + 1], parts[k], *parts[k + 2 :]]
        yield Instead(apply(q.form.op, *turned, params=q.form.params))


_ORDER = Slip("another order", _in_another_order)

CONCATENATE = Operation(
    "concatenate",
    moves=True,
    shape=_concatenated_shape,
    value=_concatenated,
    python=Python(
        parameters=lambda form: f", axis={form.params}" * (form.params != 0),
        one_list=True,
    ),
    gradient=_concatenate_gradient,
    notation=Assembled("concatenate", "np.concatenate"),
    means=lambda form: f"in brackets: one {'beside' if is_across(form) else 'below'} the other",
    slips=(_ORDER,),
)
STACK = Operation(
    "stack",
    moves=True,
    shape=lambda shapes, params: _stacked_shape(shapes),
    value=lambda ar, form, *items: tuple(
        entry for item, arg in zip(items, form.args, strict=True)
        for entry in ((item,) if arg.shape == () else item)
    ),
    python=Python(one_list=True),
    gradient=lambda g, args, out, params: [index(g, k) for k in range(len(args))],
    notation=Assembled("stack", "np.stack"),
    means=lambda form: (
        "in brackets: each is a row" if len(form.shape) == 2 and not is_spelled_out(form) else ""
    ),
    slips=(_ORDER,),
)  # fmt: skip


def is_across(form: Form) -> bool:
    """Whether the parts of a concatenation stand beside each other, not below each other."""
    return bool(form.params == len(form.shape) - 1 > 0)


def is_spelled_out(form: Form) -> bool:
    """Whether each entry of a stack has a formula of its own, so that it is a table of them."""
    return all(arg.shape == () or (arg.op is STACK and is_spelled_out(arg)) for arg in form.args)


def _stacked_shape(shapes: Sequence[Shape]) -> Shape:
    if any(shape != shapes[0] for shape in shapes):
        raise ShapeError(f"stack got shapes {shapes}; wanted equal ones")
    return (len(shapes), *shapes[0])


def _reshaped(ar: Any, form: Form, a: Any) -> Any:
    single = form.args[0].shape == ()
    if form.shape == ():
        return a if single else a[0]
    return (a,) if single else a


RESHAPE: Operation = Operation(
    "reshape",
    moves=True,
    shape=lambda shapes, shape: shape,
    value=_reshaped,
    python=Python(parameters=lambda form: f", {in_python(form.shape)}"),
    gradient=lambda g, args, out, params: (apply(RESHAPE, g, params=args[0].shape),),
    notation=Pattern(
        row(Argument(0), Words(" as "), Parameters(lambda form: Words(_of_shape(form.shape)))),
        "np.reshape({0}{p})",
        LOOSE,
    ),
    means=lambda form: "as: the same numbers in another shape, row after row",
)


def _of_shape(shape: Shape) -> str:
    """A shape in words."""
    return f"{size(shape)} numbers" if len(shape) < 2 else " × ".join(map(str, shape))


FILL = Operation(
    "fill",
    moves=True,
    shape=lambda shapes, shape: shape,
    value=lambda ar, form, a: tuple(spread(a, form.args[0].shape, form.shape)),
    python=Python(parameters=lambda form: in_python(form.shape)),
    gradient=lambda g, args, out, params: (sum_to(g, args[0].shape),),
    notation=Pattern(
        row(Argument(0), Space(), Word(r"\mathbf{1}", "(everywhere)", "1")), "np.full({p}, {0})"
    ),
)


def concatenate(*arrays: Quantity, axis: int = 0) -> Quantity:
    """Arrays one after the other along an axis; their other lengths must agree.

    >>> from dlhand import Derivation
    >>> d = Derivation("concatenate")
    >>> a, b = d.givens(a=["1", "2"], b=["3"])
    >>> d.value(d.step("y", concatenate(a, b)))
    [1, 2, 3]
    """
    if not arrays:
        raise ShapeError("concatenate got no array; wanted at least one")
    rank = len(shape_of(arrays[0]))
    if axis.__class__ is not int or not -rank <= axis < rank:
        raise ShapeError(
            f"concatenate got axis {axis!r:.40} and an array of shape {shape_of(arrays[0])}; "
            "wanted an axis that it has"
        )
    axis %= rank
    return apply(CONCATENATE, *arrays, params=axis)


def stack(*items: Quantity) -> Quantity:
    """Numbers into a vector, vectors into the rows of a matrix: all of one shape.

    >>> from dlhand import Derivation
    >>> d = Derivation("stack")
    >>> a, b = d.givens(a=["1", "2"], b=["3", "4"])
    >>> d.value(d.step("y", stack(a, b)))
    [[1, 2], [3, 4]]
    """
    if not items:
        raise ShapeError("stack got nothing; wanted at least one number or array")
    return apply(STACK, *items)


def reshape(a: Quantity, shape: Shape) -> Quantity:
    """The same entries, row after row, in another shape of equal size.

    >>> from dlhand import Derivation
    >>> d = Derivation("reshape")
    >>> a = d.given("a", ["1", "2", "3", "4"])
    >>> d.value(d.step("y", reshape(a, (2, 2))))
    [[1, 2], [3, 4]]
    """
    old = shape_of(a)
    if not _is_shape(shape) or size(shape) != size(old):
        raise ShapeError(f"shape is {shape!r:.40}; wanted one of {size(old)} entries, as {old}")
    return apply(RESHAPE, a, params=tuple(shape))


Frame = tuple[tuple[int, int], tuple[int, int]]
"""How many rows come above and below, and how many columns at the left and right."""


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, Iterable) and all(n.__class__ is int and n > 0 for n in shape)


def pad(a: Quantity, padding: int | Frame) -> Quantity:
    """A matrix, or a stack of matrices, with a frame of zeros around each.

    ``padding`` is how wide the frame is, or ((above, below), (left, right)).

    >>> from dlhand import Derivation
    >>> d = Derivation("pad")
    >>> a = d.given("a", [["1", "2"]])
    >>> d.value(d.step("y", pad(a, ((0, 1), (0, 2)))))
    [[1, 2, 0, 0], [0, 0, 0, 0]]
    """
    sides = _frame(padding)
    if len(shape_of(a)) < 2 or sides is None:
        raise ShapeError(
            f"pad got shape {a.shape} and padding {padding}; wanted a matrix, or a stack of "
            "them, and a whole number that is not negative, or ((above, below), (left, right))"
        )
    if not any(map(any, sides)):
        return a
    *lead, height, width = a.shape
    shape = (*lead, height + sum(sides[0]), width + sum(sides[1]))
    inside = [
        slice(before, -after or before + length)
        for (before, after), length in zip(sides, (height, width), strict=True)
    ]
    key = (*[slice(None)] * len(lead), *inside)
    return apply(PLACE, a, params=(_select(shape, key), shape))


def _frame(padding: Any) -> Frame | None:
    """The widths of a frame's four sides; None for what is no frame."""
    sides = padding if isinstance(padding, tuple) else ((padding, padding),) * 2
    pairs = [tuple(pair) if isinstance(pair, tuple | list) else () for pair in sides]
    widths = [width for pair in pairs for width in pair]
    if [len(pair) for pair in pairs] != [2, 2] or any(
        width.__class__ is not int or width < 0 for width in widths
    ):
        return None
    return (widths[0], widths[1]), (widths[2], widths[3])


operators.index, operators.fill, operators.reshape = index, FILL, RESHAPE

__all__ = ["broadcast_indices", "concatenate", "fill", "index", "pad", "reshape", "stack"]
