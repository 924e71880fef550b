"""Two slips at once: at the step asked for, at it and before it, or both before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.diagnosis.downstream import FAILS, Downstream, Values, flat
from dlhand.operations.quantity import Leaf
from dlhand.operations.slips import rewritings
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.diagnosis.single import Change, Slipped

APART = 2.0
"""What a second slip adds to the cost of both: it seldom happens."""


class Pair(NamedTuple):
    """Two slips, what changes by them, and the value of the step asked for."""

    slips: tuple[Slipped, Slipped]
    changes: tuple[Change, ...]
    value: tuple[float, ...]
    cost: float


def pairs(down: Downstream, singles: Sequence[Slipped], effort: int) -> Iterator[Pair]:
    """Pairs of single slips, the plainest first, for so many products worked out."""
    singles = sorted((one for one in singles if one.shape == down.target.shape), key=_cost)
    queue: list[tuple[float, int, int]] = []
    if len(singles) > 1:
        heappush(queue, (singles[0].cost + singles[1].cost, 0, 1))
    most, wanted = down.effort + effort, size(down.target.shape)
    while queue and down.effort < most:
        cost, i, j = heappop(queue)
        if j + 1 < len(singles):
            heappush(queue, (singles[i].cost + singles[j + 1].cost, i, j + 1))
        if j == i + 1 and j + 1 < len(singles):
            heappush(queue, (singles[j].cost + singles[j + 1].cost, j, j + 1))
        first, second = sorted((singles[i], singles[j]), key=lambda one: one.where.index)
        for changes, value in _both(down, first, second):
            if len(value) == wanted and all(map(isfinite, value)):
                yield Pair((first, second), changes, value, cost + APART)


def _cost(one: Slipped) -> float:
    return one.cost


def _both(
    down: Downstream, first: Slipped, second: Slipped
) -> Iterator[tuple[tuple[Change, ...], tuple[float, ...]]]:
    target = down.target.index
    if first.where is second.where:
        for change in _merged(first.change, second.change):
            if change.form is None or change.form.shape != first.where.shape:
                continue
            try:
                own = own_value(down, change, down.values)
            except FAILS:
                continue
            changed = down.carried(first.where.index, own, down.values)
            if changed is not None:
                yield (change,), flat(changed[target])
        return
    try:
        own = own_value(down, first.change, down.values)
        changed = down.carried(first.where.index, own, down.values)
        if changed is not None:
            own = own_value(down, second.change, changed)
            changed = down.carried(second.where.index, own, changed)
    except FAILS:
        return
    if changed is not None:
        yield (first.change, second.change), flat(changed[target])


def own_value(down: Downstream, change: Change, values: Values) -> Any:
    """The value of an entry that a slip has changed. Raises one of `FAILS` where it has none."""
    if change.form is None:
        exact = change.exact
        return tuple(map(float, exact)) if exact.__class__ is tuple else float(exact)
    return down.evaluate(change.form, change.leaves, values)


def _merged(a: Change, b: Change) -> Iterator[Change]:
    """Both changes of one formula: the second rewriting on top of the first, other leaves in it."""
    if a.form is None or b.form is None:
        return
    rule = a.where.rule
    if rule is None:
        return
    if a.form is not rule and b.form is not rule:
        yield from _rewritten_twice(a, b)
        return
    if a.form is rule:  # other leaves, and then perhaps another form
        a, b = b, a
    swap = {u: leaf for u, leaf in zip(b.where.uses, b.leaves, strict=True) if u is not leaf}
    leaves: tuple[Leaf, ...] = tuple([swap.get(leaf, leaf) for leaf in a.leaves])
    if leaves != a.leaves:
        yield a._replace(leaves=leaves)


def _rewritten_twice(a: Change, b: Change) -> Iterator[Change]:
    """The rewritings of a rewritten formula that do to it what the second does to the first."""
    assert a.form is not None and b.form is not None and a.where.rule is not None
    name = next(
        (
            one.slip.name
            for one in rewritings(a.where.rule)
            if one.whole[0] is b.form and one.whole[1](a.where.uses) == b.leaves
        ),
        None,
    )
    for one in rewritings(a.form):
        if one.slip.name == name:
            form, pick = one.whole
            yield a._replace(form=form, leaves=pick(a.leaves))
