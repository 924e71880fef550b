"""The rows of the operations table.

A row is all that is known of an operation: its shape rule, its value over any arithmetic, its
derivative rule in terms of quantities, its notation on paper, what a program needs for it, and the
slips that people make at it.
`TABLE` has every row by name; nothing else in dlhand knows what a sigmoid is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any

from dlhand.errors import ShapeError
from dlhand.numbers.exact import Shape
from dlhand.operations.notation import Notation
from dlhand.operations.python import Python
from dlhand.operations.quantity import Form, Head, Quantity

if TYPE_CHECKING:
    from dlhand.operations.slips import Slip

Gradients = Sequence[Quantity | None]
ShapeRule = Callable[[Sequence[Shape], Any], Shape]
ValueRule = Callable[..., Any]
GradientRule = Callable[[Quantity, Sequence[Quantity], Quantity, Any], Gradients]


class Operation(Head):
    """One row: ``name``, shape rule, value, derivative rule, notation and slips.

    ``value(arithmetic, params, *elements)`` gives one entry of an elementwise operation;
    ``value(arithmetic, form, *arrays)`` the flat entries of any other (an element where the
    result is a single number). ``gradient(g, args, out, params)`` gives, for each argument, the
    gradient of a loss with respect to it, where ``g`` is that with respect to ``out``; None
    where nothing flows. A row that ``moves`` computes nothing: each entry is one of an
    argument or 0; one that ``picks`` leaves some out.
    ``means(form)`` says in words what the notation means, where a learner cannot know it.
    ``python`` is what a program needs beside the name in the notation. ``slips`` are the plausible
    mistakes at the operation; see `dlhand.operations.slips`.
    """

    __slots__ = ("gradient", "means", "python", "shape_rule", "slips", "value")

    def __init__(
        self,
        name: str,
        *,
        value: ValueRule,
        gradient: GradientRule,
        notation: Notation,
        python: Python = Python(),  # noqa: B008 (it cannot be changed)
        shape: ShapeRule | None = None,
        associative: bool = False,
        moves: bool = False,
        picks: bool = False,
        means: Callable[[Form], str] = lambda form: "",
        slips: Sequence[Slip] = (),
    ) -> None:
        super().__init__(name, associative, moves, picks)
        self.slips = tuple(slips)
        self.means = means
        self.value = value
        self.gradient = gradient
        self.notation = notation
        self.python = python
        self.elementwise = shape is None
        self.shape_rule: ShapeRule = shape or (lambda shapes, params: broadcast(name, shapes))
        if name in TABLE:
            raise ValueError(f"operation {name!r} has two rows")
        TABLE[name] = self

    def __repr__(self) -> str:
        return f"<operation {self.name}>"

    def infer(self, args: Sequence[Form], params: Any) -> Shape:
        """See `Head`; a shape rule gets the shapes of the arguments."""
        return self.shape_rule([arg.shape for arg in args], params)

    def evaluate(self, arithmetic: Any, form: Form, values: list[Any]) -> Any:
        """See `Head`; a rule for entries gets them one by one, broadcast to one shape."""
        if not self.elementwise:
            return self.value(arithmetic, form, *values)
        if form.shape == ():
            return self.value(arithmetic, form.params, *values)
        columns = [
            spread(value, arg.shape, form.shape)
            for value, arg in zip(values, form.args, strict=True)
        ]
        return tuple(
            [self.value(arithmetic, form.params, *row) for row in zip(*columns, strict=True)]
        )


TABLE: dict[str, Operation] = {}


def size(shape: Shape) -> int:
    """How many entries an array of this shape has.

    >>> size((2, 3)), size(())
    (6, 1)
    """
    return prod(shape)


def broadcast(name: str, shapes: Sequence[Shape]) -> Shape:
    """The common shape of arrays combined entry by entry, as in NumPy.

    >>> broadcast("add", [(3, 1), (4,), ()])
    (3, 4)
    """
    result = shapes[0]
    for shape in shapes[1:]:
        if shape == result or shape == ():
            continue
        rank = max(len(result), len(shape))
        a, b = (1,) * (rank - len(result)) + result, (1,) * (rank - len(shape)) + shape
        if any(x != y and 1 not in (x, y) for x, y in zip(a, b, strict=True)):
            raise ShapeError(f"{name} got shapes {result} and {shape}; wanted shapes that match")
        result = tuple(y if x == 1 else x for x, y in zip(a, b, strict=True))
    return result


def spread(value: Any, shape: Shape, target: Shape) -> Sequence[Any]:
    """The entries of an array broadcast to the shape ``target``."""
    if shape == target:
        return value  # type: ignore[no-any-return]
    if shape == ():
        return [value] * size(target)
    return [value[i] for i in broadcast_indices(shape, target)]


@lru_cache(maxsize=4096)
def broadcast_indices(shape: Shape, target: Shape) -> tuple[int, ...]:
    """For each entry of ``target``, the flat index of the entry of ``shape`` that it repeats."""
    padded = (1,) * (len(target) - len(shape)) + shape
    indices = [0]
    for length, wanted in zip(padded, target, strict=True):
        steps = range(length) if length == wanted else [0] * wanted
        indices = [i * length + step for i in indices for step in steps]
    return tuple(indices)
