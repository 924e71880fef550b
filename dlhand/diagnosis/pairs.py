"""Two slips at once: both at the step asked for, or one there and one before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.diagnosis.downstream import FAILS, Downstream, Values
from dlhand.operations.quantity import Leaf
from dlhand.operations.slips import rewritings

if TYPE_CHECKING:
    from dlhand.diagnosis.single import Change, Slipped
    from dlhand.operations.quantity import Quantity

NO_END = 10**9
APART = 2.0
"""What a second slip adds to the cost of both: it seldom happens."""
EACH = 40
"""What it takes to look at a pair at all, in products worked out: far more than a short formula."""

Value = tuple[float, ...]
IsWanted = Callable[[Value, float], bool]
"""Told the value and the cost of each pair: whether it is one of those that are wanted."""


class Pair(NamedTuple):
    """Two slips, what changes by them, and the value of the step asked for."""

    slips: tuple[Slipped, Slipped]
    changes: tuple[Change, ...]
    value: Value
    cost: float


def pairs(
    down: Downstream, singles: Sequence[Slipped], effort: int, is_wanted: IsWanted
) -> Iterator[Pair]:
    """Those pairs of single slips that are wanted, the plainest first, for so much effort.

    It is counted in products worked out. ``is_wanted`` hears of every pair, of infinite ones too.
    """
    return _Pairs(down, singles).run(effort, is_wanted)


def both(down: Downstream, first: Slipped, second: Slipped) -> Iterator[Pair]:
    """Two slips at once: where they are of one formula, perhaps in several ways, or in none."""
    return pairs(down, (first, second), NO_END, lambda value, cost: all(map(isfinite, value)))


def _cost(one: Slipped) -> float:
    return one.cost


class _Pairs:
    """The pairs of some single slips, the plainest of which come first."""

    def __init__(self, down: Downstream, singles: Sequence[Slipped]) -> None:
        self.down = down
        fit = [one for one in singles if one.shape == down.target.shape]
        self.singles = _distinct(down, sorted(fit, key=_cost))
        self._swaps = [_swap(one.change) for one in self.singles]
        self._carried: dict[int, Values | None] = {}
        self._again: dict[int, dict[str, list[tuple[Any, Change]]]] = {}

    def run(self, effort: int, is_wanted: IsWanted) -> Iterator[Pair]:
        """The pairs that are wanted, for so many products worked out."""
        down, singles = self.down, self.singles
        most = down.effort + effort
        for i, j in self._in_order():
            if down.effort > most:
                return
            down.effort += EACH
            cost = singles[i].cost + singles[j].cost + APART
            for changes, value in self._both(i, j):
                if is_wanted(value, cost):
                    yield Pair((singles[i], singles[j]), changes, value, cost)

    def _in_order(self) -> Iterator[tuple[int, int]]:
        """The pairs by cost, the slip that happened first before the other one."""
        here: dict[float, list[int]] = defaultdict(list)
        every: dict[float, list[tuple[int, bool]]] = defaultdict(list)
        for k, one in enumerate(self.singles):
            is_here = one.where is self.down.target
            every[one.cost].append((k, is_here))
            if is_here:
                here[one.cost].append(k)
        for _, a, b in sorted((a + b, a, b) for a in here for b in every):
            for i in here[a]:
                for j, is_here in every[b]:
                    if not is_here:
                        yield j, i
                    elif i < j:
                        yield i, j

    def _both(self, i: int, j: int) -> list[tuple[tuple[Change, ...], Value]]:
        """What changes by two slips, the second of which is at the step; and the value."""
        down = self.down
        first, second = self.singles[i].change, self.singles[j].change
        ways: Sequence[tuple[Change, ...]]
        if first.where is down.target:
            ways, values = [(change,) for change in self._merged(i, j)], down.values
        else:
            if i not in self._carried:
                self._carried[i] = _changed(down, first)
            before = self._carried[i]
            if before is None:
                return []
            ways, values = ((first, second),), before
        found = []
        for changes in ways:
            try:
                value = own_value(down, changes[-1], values)
            except FAILS:
                continue
            found.append((changes, value if value.__class__ is tuple else (value,)))
        return found

    def _merged(self, i: int, j: int) -> Iterator[Change]:
        """Both changes of the step's formula: one rewriting on top of the other, other leaves."""
        a, b = self.singles[i].change, self.singles[j].change
        ours, theirs = self._swaps[i], self._swaps[j]
        if a.form is None or b.form is None:
            return
        if ours is None and theirs is None:
            yield from self._rewritten_twice(i, j)
            return
        if theirs is None:  # other leaves in the rewritten formula
            a, theirs = b, ours
        assert theirs is not None
        leaves: tuple[Leaf, ...] = tuple([theirs.get(leaf, leaf) for leaf in a.leaves])
        if leaves != a.leaves:
            yield a._replace(leaves=leaves)

    def _rewritten_twice(self, i: int, j: int) -> list[Change]:
        """The rewritings of a rewritten formula that do to it what the second does to the first.

        They have its name, and leave out the same part of the formula where it leaves out one.
        """
        again = self._again.get(i)
        if again is None:
            again = self._again[i] = defaultdict(list)
            change = self.singles[i].change
            assert change.form is not None
            for one in rewritings(change.form):
                form, pick = one.whole
                if form.shape == self.down.target.shape:
                    part = None if one.part is None else one.filled(one.part, change.leaves)
                    now = change._replace(form=form, leaves=pick(change.leaves))
                    again[one.slip.name].append((_as_key(part), now))
        second = self.singles[j]
        part_there = _as_key(second.terms[2])
        return [now for part, now in again.get(second.name, ()) if part == part_there]


def _as_key(q: Quantity | None) -> Any:
    """What two formulas over the same leaves have in common."""
    return None if q is None else (q.form, tuple(q.leaves))


def _distinct(down: Downstream, singles: Sequence[Slipped]) -> list[Slipped]:
    """Of slips before the step that lead to one value there only the first, the plainest."""
    seen = set[tuple[str, ...]]()
    found = []
    for one in singles:
        if one.where is not down.target:
            key = tuple([f"{v:.12g}" for v in one.value])
            if key in seen:
                continue
            seen.add(key)
        found.append(one)
    return found


def _swap(change: Change) -> dict[Leaf, Leaf] | None:
    """What stands for what in a formula that is not changed otherwise; None where it is."""
    where = change.where
    if change.form is None or change.form is not where.rule:
        return None
    return {u: leaf for u, leaf in zip(where.uses, change.leaves, strict=True) if u is not leaf}


def _changed(down: Downstream, change: Change) -> Values | None:
    """All values with one entry changed; None where a step has none then."""
    try:
        return down.carried(change.where.index, own_value(down, change, down.values), down.values)
    except FAILS:
        return None


def own_value(down: Downstream, change: Change, values: Values) -> Any:
    """The value of an entry that a slip has changed. Raises one of `FAILS` where it has none."""
    if change.form is None:
        exact = change.exact
        return tuple(map(float, exact)) if exact.__class__ is tuple else float(exact)
    return down.evaluate(change.form, change.leaves, values)
