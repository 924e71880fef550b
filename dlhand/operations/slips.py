"""Slips: the plausible mistakes at an operation, as rewritings of the formula there.

A row of the operations table lists its slips. Each takes the formula at that place, a quantity of
which `operands` gives the parts, and yields what a learner may have worked out instead;
`rewritings` puts these back into the formula around it. Nobody else knows what can go wrong with a
sum.

The rewritings below are those that several rows share. They are named by what happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from dlhand.errors import DlhandError, ShapeError
from dlhand.operations.gradient import (
    FIRST_SLOT,
    number_of,
    operands,
    over_places,
    picker,
)
from dlhand.operations.quantity import (
    CONSTANT,
    SLOT,
    Form,
    Quantity,
    apply,
    constant,
    operators,
)
from dlhand.operations.table import Operation

PLAIN, USUAL, SELDOM, RARE = 1, 2, 3, 5
"""How plain a slip is: what a teacher sees every week counts less than what is thought up."""


class Instead(NamedTuple):
    """What a slip makes of a formula, and the part that its sentence names."""

    now: Quantity
    part: Quantity | None = None


Rewrite = Callable[[Quantity], Iterable[Instead]]


class Slip(NamedTuple):
    """One plausible mistake at an operation.

    Attributes:
        name: what it is called in tables, the same wherever the same thing happens
        rewrite: from the formula at the operation to what may stand there instead
        cost: from `PLAIN` to `RARE`; of two slips that explain an answer alike, the plainer counts
        say: how "This is what you get …" goes on; {was}, {now} and {part} are formulas
    """

    name: str
    rewrite: Rewrite
    cost: float = USUAL
    say: str = "with {now} for {was}"


WITHOUT = "without {part}"


def becomes(make: Callable[..., Quantity]) -> Rewrite:
    """The slip by which something else is made of the operands.

    >>> from dlhand.operations.elementary import cos, sin
    >>> swap = becomes(cos)
    >>> [one.now for one in swap(sin(1))]
    [<cos of shape ()>]
    """
    return lambda q: [Instead(make(*operands(q)))]


def left_out(q: Quantity) -> Iterator[Instead]:
    """Each operand left out of a sum or a product in turn."""
    parts = operands(q)
    for k, part in enumerate(parts):
        rest = [*parts[:k], *parts[k + 1 :]]
        if rest:
            yield Instead(_joined(q, rest), part)


def pair_left_out(q: Quantity) -> Iterator[Instead]:
    """Two neighbours left out of a product of three or more, such as a derivative a (1 - a)."""
    parts = operands(q)
    for k in range(len(parts) - 1):
        rest = [*parts[:k], *parts[k + 2 :]]
        if rest:
            yield Instead(_joined(q, rest), _joined(q, parts[k : k + 2]))


def one_left(q: Quantity) -> Iterator[Instead]:
    """All but one operand left out, of three or more."""
    parts = operands(q)
    if len(parts) > 3:
        yield from (Instead(part, None) for part in parts)


def other_sign(q: Quantity) -> Iterator[Instead]:
    """Minus for plus before each later term of a sum in turn."""
    parts = operands(q)
    for k in range(1, len(parts)):
        yield Instead(_joined(q, [*parts[:k], *parts[k + 1 :]]) - parts[k], parts[k])


def operand(k: int) -> Rewrite:
    """The operand ``k`` alone, all that is done with it forgotten."""

    def rewrite(q: Quantity) -> Iterator[Instead]:
        parts = operands(q)
        yield Instead(parts[k], parts[1 - k] if len(parts) == 2 else None)

    return rewrite


def exchanged(q: Quantity) -> Iterator[Instead]:
    """The two operands exchanged."""
    a, b = operands(q)
    yield Instead(apply(q.form.op, b, a, params=q.form.params))


def with_params(others: Callable[[Form], Iterable[Any]]) -> Rewrite:
    """The same operation with other parameters: another axis, stride or place."""

    def rewrite(q: Quantity) -> Iterator[Instead]:
        for params in others(q.form):
            if params != q.form.params:
                yield Instead(apply(q.form.op, *operands(q), params=params))

    return rewrite


def halved_twice(q: Quantity) -> Iterator[Instead]:
    """A divisor that is a number applied twice, or multiplied by."""
    a, b = operands(q)
    if (value := number_of(b)) is not None and value != 0:
        yield Instead(a / constant(value * value))
        yield Instead(a * b)


def _joined(q: Quantity, parts: Sequence[Quantity]) -> Quantity:
    """Some operands of a sum or product, combined as before."""
    result = parts[0]
    for part in parts[1:]:
        result = apply(q.form.op, result, part, params=q.form.params)
    return result


def filled(value: int) -> Rewrite:
    """A number in place of every entry."""

    def rewrite(q: Quantity) -> Iterator[Instead]:
        number = constant(Fraction(value)) if q.shape else constant(value)
        yield Instead(apply(operators.fill, number, params=q.shape) if q.shape else number)

    return rewrite


FORGOTTEN = "activation forgotten"
OTHER = "another activation"
TURNED = "sign of the argument turned"


def not_applied(cost: float = PLAIN) -> Slip:
    """The slip by which a function is not applied at all."""
    return Slip(FORGOTTEN, operand(0), cost)


def mistaken_for(*others: Callable[[Any], Quantity], cost: float = USUAL) -> Slip:
    """The slip by which another function is taken."""
    return Slip(OTHER, lambda q: [Instead(f(*operands(q))) for f in others], cost)


def _of_the_negative(q: Quantity) -> list[Instead]:
    return [Instead(apply(q.form.op, -operands(q)[0], params=q.form.params))]


NEGATED = Slip(TURNED, _of_the_negative, SELDOM)
MASK = Slip("mask forgotten", filled(1), PLAIN)


# ---- Rewritings of a whole formula


Picked = tuple[Form, Callable[[Sequence[Any]], tuple[Any, ...]]]
"""A formula without its leaves: its form, and what takes its leaves out of those of the whole."""


class Rewriting(NamedTuple):
    """A slip somewhere in a formula: the whole formula as it then is, and what was exchanged.

    ``whole``, ``was``, ``now`` and ``part`` are formulas without leaves; `Rewriting.filled` puts
    those of a step in.
    """

    slip: Slip
    whole: Picked
    was: Picked
    now: Picked
    part: Picked | None

    def filled(self, which: Picked, leaves: Sequence[Any]) -> Quantity:
        """One of its formulas over the leaves of a step."""
        form, pick = which
        picked = pick(leaves)
        return picked[0] if form.op is SLOT else Quantity(form, picked)


def rewritings(form: Form) -> tuple[Rewriting, ...]:
    """All formulas that one slip at one operation makes of a formula, worked out once for a form.

    >>> from dlhand.operations.quantity import Leaf
    >>> o, t = Leaf(()), Leaf(())
    >>> [one.slip.name for one in rewritings((o - t).form)]  # doctest: +NORMALIZE_WHITESPACE
    ['sides of a difference exchanged', 'sign turned', 'term left out', 'term left out',
     'borrow forgotten', 'borrow forgotten', 'borrow forgotten']
    """
    found = form.cache.get("slips")
    if found is None:
        found = form.cache["slips"] = tuple(_rewritten(form))
    return found


def _rewritten(form: Form) -> Iterator[Rewriting]:
    whole = over_places(form)
    seen = {form: {tuple(range(form.arity))}}
    for path, node in _nodes(whole, ()):
        if not isinstance(node.form.op, Operation):
            continue
        for slip in node.form.op.slips:
            for one in _possible(slip, node):
                try:
                    changed = _put_back(whole, path, one.now)
                except DlhandError:  # it does not fit into what is around it
                    continue
                places = tuple(_slots(changed))
                if places in seen.setdefault(changed.form, set()):
                    continue
                seen[changed.form].add(places)
                part = None if one.part is None else _picked(one.part)
                yield Rewriting(slip, _picked(changed), _picked(node), _picked(one.now), part)


def _possible(slip: Slip, node: Quantity) -> list[Instead]:
    try:
        return list(slip.rewrite(node))
    except DlhandError:  # matrices that cannot be exchanged, say
        return []


def _nodes(q: Quantity, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Quantity]]:
    """Every operation of a formula with the way to it, the outermost first."""
    if q.form.op is SLOT or q.form.op is CONSTANT:
        return
    yield path, q
    for k, part in enumerate(operands(q)):
        yield from _nodes(part, (*path, k))


def _put_back(q: Quantity, path: tuple[int, ...], new: Quantity) -> Quantity:
    if not path:
        return new
    parts, k = operands(q), path[0]
    shape = parts[k].shape
    parts[k] = _put_back(parts[k], path[1:], new)
    if parts[k].shape != shape and not q.form.op.elementwise:  # not every row asks for shapes
        raise ShapeError(f"{q.form.op.name} was to have an operand of shape {shape}")
    if q.form.op.associative:
        return _joined(q, parts)
    return apply(q.form.op, *parts, params=q.form.params)


def _slots(q: Quantity) -> list[int]:
    return [leaf.index - FIRST_SLOT for leaf in q.leaves]


def _picked(q: Quantity) -> Picked:
    return q.form, picker(_slots(q))
