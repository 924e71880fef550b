"""Reverse differentiation of one formula, in the form a person would write it.

`pullbacks` walks a form from its result down to its slots and applies each row's derivative
rule. It is done once for a form and cached: a formula's gradients are then these forms with its
own leaves put in. Trivial factors vanish (·1, ½·2, two minus signs); nothing else is simplified,
since the reader must recognise each factor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from operator import itemgetter
from typing import Any, NamedTuple

from dlhand.numbers.exact import Shape
from dlhand.operations.quantity import (
    CONSTANT,
    SLOT,
    Form,
    Leaf,
    Quantity,
    apply,
    combined,
    constant,
    operators,
)
from dlhand.operations.table import Operation

ONE = constant(1)
_MOST_SIGNED = 8
UPSTREAM, OUTPUT, FIRST_SLOT = 0, 1, 2


class Pullback(NamedTuple):
    """How the gradient at a formula's result reaches one of its slots.

    ``form`` is the gradient's form; ``pick`` takes its leaves out of the sequence (upstream
    gradient, result of the formula, first slot, second slot, ...).
    """

    slot: int
    form: Form
    pick: Callable[[Sequence[Any]], tuple[Any, ...]]


class _Place(Leaf):
    """Stands for the upstream gradient (0), the formula's own result (1) or a slot (2, 3 ...)."""

    __slots__ = ("index",)

    def __init__(self, index: int, shape: Shape) -> None:
        super().__init__(shape)
        self.index = index


def pullbacks(form: Form, unit: bool) -> tuple[Pullback, ...]:
    """How the gradient at the result of a form reaches its slots, where it does.

    With ``unit`` the upstream gradient is the number 1, as at the loss itself and for local
    derivatives.
    """
    known = form.pull_unit if unit else form.pull
    if known is None:
        known = _derive(form, unit)
        if unit:
            form.pull_unit = known
        else:
            form.pull = known
    return known  # type: ignore[no-any-return]


def _derive(form: Form, unit: bool) -> tuple[Pullback, ...]:
    upstream = ONE if unit else _Place(UPSTREAM, form.shape)
    slots: list[_Place] = []
    whole = _rebuild(form, slots)
    found: list[Quantity | None] = [None] * len(slots)
    # a node, its quantity, the name its result goes by, and the gradient that arrives there
    result = _Place(OUTPUT, form.shape)
    pending: list[tuple[Form, Quantity, Quantity, Quantity]] = [(form, whole, result, upstream)]
    while pending:
        node, here, out, g = pending.pop()
        if node.op is SLOT:
            place = here.leaves[0]
            found[place.index - FIRST_SLOT] = fill(g, node.shape)
        elif isinstance(node.op, Operation):
            parts = operands(here)
            if not node.op.elementwise or any(p.shape != node.shape for p in parts):
                g = fill(g, node.shape)
            gradients = node.op.gradient(g, parts, out, node.params)
            for arg, part, gradient in zip(node.args, parts, gradients, strict=True):
                if gradient is not None and arg.arity:
                    pending.append((arg, part, part, sum_to(gradient, arg.shape)))
    return tuple(_as_pullback(k, q) for k, q in enumerate(found) if q is not None)


def _as_pullback(slot: int, q: Quantity) -> Pullback:
    return Pullback(slot, q.form, picker([leaf.index for leaf in q.leaves]))


def picker(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """What takes the items at some places out of a sequence, as a tuple.

    >>> picker([2, 0])("abc"), picker([1])("abc")
    (('c', 'a'), ('b',))
    """
    if len(places) == 1:  # of one place, itemgetter takes the item itself
        place = places[0]
        return lambda items: (items[place],)
    return itemgetter(*places) if places else lambda items: ()


def over_places(form: Form) -> Quantity:
    """The form as a quantity over places, which are numbered from `FIRST_SLOT` on."""
    return _rebuild(form, [])


def _rebuild(form: Form, slots: list[_Place]) -> Quantity:
    """The form as a quantity over fresh places."""
    if form.op is SLOT:
        slots.append(_Place(FIRST_SLOT + len(slots), form.shape))
        return slots[-1]
    first = len(slots)
    for arg in form.args:
        _rebuild(arg, slots)
    return Quantity(form, tuple(slots[first:]))


def operands(q: Quantity) -> list[Quantity]:
    """The quantities that the outermost operation of ``q`` combines."""
    parts, start = [], 0
    for arg in q.form.args:
        leaves = q.leaves[start : start + arg.arity]
        parts.append(leaves[0] if arg.op is SLOT else Quantity(arg, leaves))
        start += arg.arity
    return parts


def number_of(q: Quantity) -> Fraction | None:
    """The value of a constant, None for anything else."""
    return q.form.params[0] if q.form.op is CONSTANT else None


def times(*factors: Quantity) -> Quantity:
    """A product in which factors 1 vanish, as do constants that cancel; signs come first.

    Shapes broadcast, so that a number may stand for an array of equal entries.
    """
    sign, constants, rest = 1, [], []
    pending = list(reversed(factors))
    while pending:
        q = pending.pop()
        value = number_of(q)
        if q.form.op is operators.neg:
            sign = -sign
            pending.append(operands(q)[0])
        elif q.form.op is operators.mul:
            pending.extend(reversed(operands(q)))
        elif value is not None and value < 0:
            sign = -sign
            constants.append(_positive(q))
        elif value is not None:
            constants.append(q)
        else:
            rest.append(q)
    kept = _cancelled(constants)
    product: Quantity | None = None
    for q in kept + rest:
        product = q if product is None else product * q
    product = ONE if product is None else product
    return -product if sign < 0 else product


def _positive(q: Quantity) -> Quantity:
    value, as_fraction = q.form.params
    return constant(-value if as_fraction else str(-value))


def _cancelled(constants: list[Quantity]) -> list[Quantity]:
    """The constants without ones, and without those that multiply to one."""
    kept: list[Quantity] = []
    for q in constants:
        value = number_of(q)
        match = [k for k in kept if value is not None and value * (number_of(k) or 0) == 1]
        if match:
            kept.remove(match[0])
        elif value != 1:
            kept.append(q)
    return kept


def over(g: Quantity, divisor: Quantity) -> Quantity:
    """``g`` divided; by a constant, it becomes a constant factor, which may cancel."""
    value = number_of(divisor)
    if value is not None and value != 0:
        return times(constant(1 / value), g)
    return -(operands(g)[0] / divisor) if g.form.op is operators.neg else g / divisor


def minus(g: Quantity) -> Quantity:
    """``-g``, in which two signs cancel."""
    return times(constant(-1), g)


def plus(terms: tuple[Form, ...]) -> Form:
    """The form of a sum, from those of its terms; its leaves are theirs, one after the other.

    With a sign before a term it becomes a difference. Many terms are added at once, which takes
    no longer for a thousand than for each alone.
    """
    if len(terms) > _MOST_SIGNED:
        return combined(operators.add, terms)
    known = _sums.get(terms)
    if known is None:
        result = terms[0]
        for term in terms[1:]:
            if term.op is operators.neg:
                result = combined(operators.sub, (result, term.args[0]))
            else:
                result = combined(operators.add, (result, term))
        known = _sums[terms] = result
    return known


_sums: dict[tuple[Form, ...], Form] = {}


def fill(q: Quantity, shape: Shape) -> Quantity:
    """``q`` broadcast to a shape, where it has another."""
    return q if q.shape == shape else apply(operators.fill, q, params=shape)


def sum_to(q: Quantity, shape: Shape) -> Quantity:
    """The gradient of a broadcast: entries that were repeated add up."""
    if q.shape in ((), shape):
        return q  # a number still stands for equal entries
    lead = len(q.shape) - len(shape)
    axes = tuple(range(lead)) + tuple(
        lead + k for k, n in enumerate(shape) if n == 1 and q.shape[lead + k] != 1
    )
    summed = apply(operators.sum, q, params=(axes, False))
    return summed if summed.shape == shape else apply(operators.reshape, summed, params=shape)
