"""Two slips at once: both at the step asked for, or one there and one before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heapreplace
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.diagnosis.downstream import FAILS, Downstream, Values, flat
from dlhand.operations.quantity import Leaf
from dlhand.operations.slips import rewritings
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.diagnosis.single import Change, Slipped

NO_END = 10**9
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
    return _Pairs(down, singles).run(effort)


def both(down: Downstream, first: Slipped, second: Slipped) -> Iterator[Pair]:
    """Two slips at once: where they are of one formula, perhaps in several ways, or in none."""
    return _Pairs(down, (first, second)).run(NO_END)


def _cost(one: Slipped) -> float:
    return one.cost


class _Pairs:
    """The pairs of some single slips, the plainest of which come first."""

    def __init__(self, down: Downstream, singles: Sequence[Slipped]) -> None:
        self.down = down
        fit = [one for one in singles if one.shape == down.target.shape]
        self.singles = sorted(fit, key=_cost)
        self._carried: dict[int, Values | None] = {}

    def run(self, effort: int) -> Iterator[Pair]:
        """The pairs, for so many products worked out."""
        down, singles = self.down, self.singles
        here = [one.where is down.target for one in singles]
        # each slip at the step with the plainest other one; then with the next, and so on
        queue = [
            (singles[i].cost + singles[0].cost, i, 0) for i, is_here in enumerate(here) if is_here
        ]
        heapify(queue)
        most, wanted = down.effort + effort, size(down.target.shape)
        while queue and down.effort < most:
            cost, i, j = queue[0]
            if j + 1 < len(singles):
                heapreplace(queue, (singles[i].cost + singles[j + 1].cost, i, j + 1))
            else:
                heappop(queue)
            if i == j or (here[j] and j < i):  # no pair, or one that has been
                continue
            if singles[i].where.index > singles[j].where.index:
                i, j = j, i
            for changes, value in self._both(i, j):
                if len(value) == wanted and all(map(isfinite, value)):
                    yield Pair((singles[i], singles[j]), changes, value, cost + APART)

    def _both(self, i: int, j: int) -> Iterator[tuple[tuple[Change, ...], tuple[float, ...]]]:
        """What changes by two slips, the first of which is not after the second; and the value."""
        down = self.down
        first, second = self.singles[i], self.singles[j]
        if first.where is second.where:
            for change in _merged(first.change, second.change):
                if change.form is not None and change.form.shape == first.where.shape:
                    yield from self._value((change,), down.values)
            return
        if i not in self._carried:
            self._carried[i] = _changed(down, first.change, down.values)
        before = self._carried[i]
        if before is not None:
            yield from self._value((first.change, second.change), before)

    def _value(
        self, changes: tuple[Change, ...], values: Values
    ) -> Iterator[tuple[tuple[Change, ...], tuple[float, ...]]]:
        """The value of the target with the last of the changes on top of other values."""
        down, last = self.down, changes[-1]
        try:
            own = own_value(down, last, values)
            if last.where is not down.target:
                changed = down.carried(last.where.index, own, values)
                own = None if changed is None else changed[down.target.index]
        except FAILS:
            return
        if own is not None:
            yield changes, flat(own)


def _changed(down: Downstream, change: Change, values: Values) -> Values | None:
    """All values with one entry changed; None where a step has none then."""
    try:
        return down.carried(change.where.index, own_value(down, change, values), values)
    except FAILS:
        return None


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
