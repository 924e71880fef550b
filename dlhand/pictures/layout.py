"""Where the nodes of a graph stand: columns from left to right (K. Sugiyama et al., 1981).

Each node stands in the column before the first one that uses it. Every edge that passes a column
gets a lane there, so that no edge runs through a node. In each column nodes and lanes are ordered
by the mean place of their neighbours in the column beside it, to and fro, and exchanged where that
takes crossings away. Then, to and fro again, each is drawn to the median height of its neighbours,
as far as the order and the least space between two things allow: so most lines run straight.

The layout is our own: grandalf, which drew it before, is alpha, under the GPL version 2 or the EPL
version 1 beside our BSD licence, and gave another picture from one run to the next.
"""

from __future__ import annotations

from bisect import bisect, bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

LANE = 12.0
"""The height that an edge takes up where it passes a column."""
BETWEEN = 14.0
"""The least space between two things in a column."""

MOST_NODES = 400
MOST_LANES = 4000
"""Up to these a layout takes about a second; nobody could read a larger picture."""
ROUNDS = 8
"""So often the order, and then the heights, are gone over to the right and back."""
PULLS = (1.0, 2.0, 8.0)
"""How much an edge, or a part of one, pulls straight that joins no lane, one, or two of them."""

Edge = tuple[int, int]


def count_lanes(nodes: int, edges: Sequence[Edge]) -> int:
    """How many lanes the edges take up: one in each column that an edge passes.

    Every edge leads from a lower number to a higher one.

    >>> count_lanes(4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    2
    """
    column = _columns(nodes, edges)
    return sum(column[user] - column[source] - 1 for source, user in edges)


def _columns(nodes: int, edges: Sequence[Edge]) -> list[int]:
    """By node its column, counted from the left: each right before the first that uses it."""
    back = [0] * nodes  # counted from the right
    for source, user in sorted(edges, reverse=True):
        back[source] = max(back[source], back[user] + 1)
    return [max(back, default=0) - k for k in back]


class Layout(NamedTuple):
    """The place of each node, and the lanes of each edge."""

    columns: Sequence[int]
    """By node, its column, counted from the left."""
    heights: Sequence[float]
    """By node, the height of its middle."""
    lanes: Mapping[Edge, Sequence[float]]
    """By edge, its height in each column that it passes, from left to right."""


@lru_cache(maxsize=32)
def lay_out(heights: tuple[float, ...], edges: tuple[Edge, ...]) -> Layout:
    """Lay out a graph without cycles; ``heights`` has how high each node is, by its number.

    Layouts are kept, for one stays the same while the numbers in a graph change.

    >>> placed = lay_out((20, 20, 30), ((0, 1), (1, 2), (0, 2)))
    >>> placed.columns, list(placed.lanes)
    ([0, 1, 2], [(0, 2)])
    """
    layers = _Layers(heights, edges)
    middles = [0.0] * len(layers.column)
    top = 0.0
    for part in layers.parts():
        order = layers.ordered(part)
        found = layers.placed(order)
        shift = top - min(y - layers.high[k] / 2 for k, y in found.items())
        for k, y in found.items():
            middles[k] = y + shift
        top = max(middles[k] + layers.high[k] / 2 for k in found) + 2 * BETWEEN
    n = len(heights)
    lanes = {edge: [middles[k] for k in way] for edge, way in layers.ways.items() if way}
    return Layout(layers.column[:n], middles[:n], lanes)


Order = list[list[int]]
"""The things in each column, from above."""
Pull = tuple[float, float]
"""Where something is drawn to, and how much."""
FREE = 0.01
"""How much a thing without neighbours is drawn to where it is."""


class _Layers:
    """Nodes and lanes in columns, each joined to its neighbours in the two columns beside it."""

    def __init__(self, heights: Sequence[float], edges: Sequence[Edge]) -> None:
        n = len(heights)
        self.nodes = n
        self.column = _columns(n, edges)
        self.high = list(heights)
        self.ways: dict[Edge, list[int]] = {}
        """By edge its lanes."""
        for source, user in edges:
            between = range(self.column[source] + 1, self.column[user])
            start = len(self.column)
            self.ways[source, user] = list(range(start, start + len(between)))
            self.column += between
            self.high += [LANE] * len(between)
        self.left: list[list[int]] = [[] for _ in self.column]
        self.right: list[list[int]] = [[] for _ in self.column]
        for (source, user), way in self.ways.items():
            for one, next_ in pairwise([source, *way, user]):
                self.right[one].append(next_)
                self.left[next_].append(one)

    def parts(self) -> Iterator[list[int]]:
        """What hangs together, each part from its ends back, in the order of its formulas."""
        left_over = dict.fromkeys(range(len(self.column)))
        for first in range(self.nodes):
            if first in left_over:
                part = set(_reached([first], [self.left, self.right]))
                ends = [k for k in sorted(part) if not self.right[k]]
                yield list(_reached(ends, [self.left]))
                for k in part:
                    del left_over[k]

    # The order in each column

    def ordered(self, part: Sequence[int]) -> Order:
        """The order with the fewest crossings that is found."""
        return min(map(self._improved, (part, part[::-1])), key=self.crossings)

    def _improved(self, start: Sequence[int]) -> Order:
        """The best order that comes of one to start with."""
        order: Order = [[] for _ in range(max(self.column) + 1)]
        for k in start:
            order[self.column[k]].append(k)
        best, least = [list(column) for column in order], self.crossings(order)
        for _ in range(ROUNDS):
            for beside, columns in ((self.left, order), (self.right, order[::-1])):
                self._sweep(columns, beside)
                self._exchange(order, 0)  # what saves nothing now may let another save
                while self._exchange(order, 1):
                    pass
                if (now := self.crossings(order)) < least:
                    best, least = [list(column) for column in order], now
        return best

    @staticmethod
    def _sweep(columns: Order, beside: Sequence[Sequence[int]]) -> None:
        """Order each column by the mean place of its neighbours in the one before."""
        place: dict[int, int] = {}
        for column in columns:
            at = {k: i for i, k in enumerate(column)}
            mean = {
                k: sum(place[j] for j in beside[k]) / len(beside[k]) if beside[k] else at[k]
                for k in column
            }
            column.sort(key=lambda k: mean[k])
            place.update((k, i) for i, k in enumerate(column))

    def _exchange(self, order: Order, least: int) -> bool:
        """Exchange two side by side where that saves so many crossings; whether any were."""
        has_changed = False
        place = {k: i for column in order for i, k in enumerate(column)}
        for column in order:
            for i in range(len(column) - 1):
                upper, lower = column[i], column[i + 1]
                saved = 0
                for beside in (self.left, self.right):
                    a = sorted(place[k] for k in beside[upper])
                    b = sorted(place[k] for k in beside[lower])
                    saved += _crossed(a, b) - _crossed(b, a)
                if saved >= least:
                    column[i], column[i + 1] = lower, upper
                    place[lower], place[upper] = i, i + 1
                    has_changed = True
        return has_changed

    def crossings(self, order: Order) -> int:
        """How often two edges cross."""
        count = 0
        for column, following in pairwise(order):
            place = {k: i for i, k in enumerate(following)}
            ends: list[int] = []
            for one in column:
                found = sorted(place[k] for k in self.right[one])
                count += sum(len(ends) - bisect(ends, end) for end in found)
                for end in found:
                    insort(ends, end)
        return count

    # The heights

    def placed(self, order: Order) -> dict[int, float]:
        """The height of each thing in its column, so that edges climb little and bend seldom."""
        at = dict.fromkeys(chain(*order), 0.0)
        to_and_fro = [(order, self.left), (order[::-1], self.right)] * ROUNDS
        for columns, beside in (*to_and_fro, (order, self.left)):
            for column in columns:
                at.update(self._apart(column, beside, at))
        return at

    def _apart(
        self, column: Sequence[int], beside: Sequence[Sequence[int]], at: Mapping[int, float]
    ) -> dict[int, float]:
        """The heights in a column that are nearest to those of the neighbours beside it.

        Where things would come too close they are put together, and drawn as one by all that draws
        at any of them (isotonic regression, by pooling adjacent violators).
        """
        offsets: list[float] = []
        pools: list[tuple[float, list[Pull], int]] = []  # where it begins, and how many are in it
        end = 0.0
        for one in column:
            offset = end + self.high[one] / 2
            offsets.append(offset)
            end += self.high[one] + BETWEEN
            pulls = [(at[other] - offset, self._pull(one, other)) for other in beside[one]]
            pulls = pulls or [(at[one] - offset, FREE)]
            start, count = _median(pulls), 1
            while pools and pools[-1][0] >= start:
                _, others, more = pools.pop()
                pulls = others + pulls
                start, count = _median(pulls), count + more
            pools.append((start, pulls, count))
        starts = [start for start, _, count in pools for _ in range(count)]
        return {
            one: start + offset for one, start, offset in zip(column, starts, offsets, strict=True)
        }

    def _pull(self, one: int, other: int) -> float:
        return PULLS[(one >= self.nodes) + (other >= self.nodes)]


def _median(pulls: Sequence[Pull]) -> float:
    """Where what pulls up and what pulls down are equal; in the middle of such places, to halves.

    >>> _median([(1.0, 1.0), (9.0, 1.0)]), _median([(1.0, 1.0), (9.0, 2.0)])
    (5.0, 9.0)
    """
    half = sum(weight for _, weight in pulls) / 2
    places = sorted(pulls)
    reached = list(accumulate(weight for _, weight in places))
    low, high = (places[find(reached, half)][0] for find in (bisect_left, bisect))
    return round(low + high) / 2


def _reached(starts: Sequence[int], ways: Sequence[Sequence[Sequence[int]]]) -> dict[int, None]:
    """What can be reached from some things, in the order in which a search in depth finds it."""
    found: dict[int, None] = {}
    pending = list(reversed(starts))
    while pending:
        one = pending.pop()
        if one not in found:
            found[one] = None
            pending += [k for way in ways for k in reversed(way[one])]
    return found


def _crossed(upper: Sequence[int], lower: Sequence[int]) -> int:
    """How often the edges of one thing cross those of the next below, both with ends in order."""
    return sum(bisect(lower, end - 1) for end in upper)
