"""Where the nodes of a graph stand: columns from left to right, laid out by grandalf.

grandalf orders the nodes of each column so that few edges cross, and gives each its height (the
method of K. Sugiyama et al., 1981, with the coordinates of U. Brandes and B. Köpf, 2001). Every
edge that passes a column gets a lane there, so that no edge runs through a node. The graph is
handed over from its ends, so that each node stands close before the first one that uses it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

LANE = 12.0
"""The height that an edge takes up where it passes a column."""
BETWEEN = 14.0
"""The least space between two things in a column."""

MOST_NODES = 400
MOST_LANES = 4000
"""Up to these a layout takes less than a second; nobody could read a larger picture."""

Edge = tuple[int, int]


def count_lanes(nodes: int, edges: Sequence[Edge]) -> int:
    """How many lanes the edges take up: one in each column that an edge passes.

    Every edge leads from a lower number to a higher one.

    >>> count_lanes(4, [(0, 1), (1, 2), (2, 3), (0, 3)])
    2
    """
    column = [0] * nodes  # counted from the right, where each node stands before those that use it
    for source, user in sorted(edges, reverse=True):
        column[source] = max(column[source], column[user] + 1)
    return sum(column[source] - column[user] - 1 for source, user in edges)


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
    from grandalf.graphs import Edge as Link
    from grandalf.graphs import Graph, Vertex
    from grandalf.layouts import SugiyamaLayout, VertexViewer

    nodes = [Vertex(k) for k in range(len(heights))]
    for node, high in zip(nodes, heights, strict=True):
        node.view = VertexViewer(w=high, h=1)  # its layers are our columns
    links = {edge: Link(nodes[edge[1]], nodes[edge[0]]) for edge in edges}
    components = Graph(nodes, list(links.values())).C
    columns, middles = [0] * len(nodes), [0.0] * len(nodes)
    lanes: dict[Edge, Sequence[float]] = {}
    top = 0.0
    for component in sorted(components, key=lambda part: min(v.data for v in part.sV)):
        sugiyama = SugiyamaLayout(component)
        sugiyama.dw, sugiyama.xspace = LANE, BETWEEN
        ends = [v for v in component.sV if not v.e_in()]
        sugiyama.init_all(roots=ends, inverted_edges=[])
        sugiyama.draw(8)
        at = _heights(sugiyama)
        shift = top - min(y - v.view.w / 2 for v, y in at.items())
        for v, y in at.items():
            at[v] = y + shift
        for v in component.sV:
            columns[v.data] = -sugiyama.grx[v].rank
            middles[v.data] = at[v]
        for edge, link in links.items():
            if link in sugiyama.ctrls:
                control = sugiyama.ctrls[link]
                inner = sorted(control, reverse=True)[1:-1]
                lanes[edge] = [at[control[rank]] for rank in inner]
        top = max(y + v.view.w / 2 for v, y in at.items()) + 2 * BETWEEN
    first = min(columns, default=0)
    return Layout([column - first for column in columns], middles, lanes)


def _heights(sugiyama: Any) -> dict[Any, float]:
    """The height of each node and lane, with the least space between them made sure of."""
    found: dict[Any, float] = {}
    for layer in sugiyama.layers:
        end = float("-inf")
        for v in layer:
            half = v.view.w / 2
            found[v] = max(round(v.view.xy[0], 3), end + half)
            end = found[v] + half + BETWEEN
    return found
