"""The layout of graphs in columns: few crossings, straight lines, the same on every run."""

import os
import subprocess
import sys
from itertools import combinations, pairwise, permutations, product
from math import comb
from pathlib import Path
from random import Random

import pytest

from dlhand.pictures.layout import BETWEEN, Edge, Layout, lay_out

ROOT = Path(__file__).resolve().parents[2]


def crossings(placed: Layout, edges: tuple[Edge, ...]) -> int:
    """Pairs of lines that change sides between two columns."""
    pieces = []
    for source, user in edges:
        ys = [placed.heights[source], *placed.lanes.get((source, user), ()), placed.heights[user]]
        first = placed.columns[source]
        pieces += [(first + k, *ends) for k, ends in enumerate(pairwise(ys))]
    return sum(
        column == other and (y0 - z0) * (y1 - z1) < 0
        for (column, y0, y1), (other, z0, z1) in combinations(pieces, 2)
    )


@pytest.mark.parametrize(("left", "right"), [(2, 2), (2, 3), (3, 3), (4, 3), (5, 5)])
def test_a_complete_bipartite_graph_crosses_as_often_as_it_must(left: int, right: int) -> None:
    """Two columns, all joined: any two on the left and two on the right cross once."""
    edges = tuple((i, left + k) for i in range(left) for k in range(right))
    placed = lay_out((20.0,) * (left + right), edges)
    assert crossings(placed, edges) == comb(left, 2) * comb(right, 2)


def least(edges: tuple[Edge, ...]) -> int:
    """The crossings of two columns in the best of all orders, tried one by one."""
    lefts, rights = (sorted({edge[side] for edge in edges}) for side in (0, 1))
    return min(
        sum(
            (a.index(i) - a.index(m)) * (b.index(k) - b.index(n)) < 0
            for (i, k), (m, n) in combinations(edges, 2)
        )
        for a, b in product(permutations(lefts), permutations(rights))
    )


def test_two_columns_cross_little_more_than_in_the_best_of_all_orders() -> None:
    random = Random(1)
    every = [*product(range(4), range(4, 8))]
    graphs = [tuple(sorted(random.sample(every, random.randint(5, 9)))) for _ in range(40)]
    graphs = [edges for edges in graphs if len({k for edge in edges for k in edge}) == 8]
    found = [crossings(lay_out((20.0,) * 8, edges), edges) for edges in graphs]
    best = [least(edges) for edges in graphs]
    assert len(graphs) > 10
    assert all(a >= b for a, b in zip(found, best, strict=True))
    assert sum(best) <= sum(found) <= 1.1 * sum(best)


def test_a_tree_has_no_crossing_and_a_chain_is_straight() -> None:
    tree = tuple((k, 8 + k // 2) for k in range(14))  # 8 leaves, then 4, 2, 1
    assert crossings(lay_out((20.0,) * 15, tree), tree) == 0
    chain = tuple((k, k + 1) for k in range(9))
    assert set(lay_out((20.0,) * 10, chain).heights) == {10.0}


def test_a_long_line_is_straight_beside_what_it_passes() -> None:
    edges = (*((k, k + 1) for k in range(6)), (0, 6))
    placed = lay_out((20.0,) * 7, edges)
    assert len(set(placed.lanes[0, 6])) == 1
    assert len(set(placed.heights[1:6])) == 1


def test_parts_that_do_not_hang_together_stand_below_each_other() -> None:
    edges = ((0, 1), (2, 3), (4, 5))
    heights = lay_out((20.0,) * 6, edges).heights
    assert heights[0] < heights[2] < heights[4]
    assert heights[2] - heights[0] == 20 + 2 * BETWEEN


def test_a_graph_is_the_same_to_the_byte_on_every_run() -> None:
    code = (
        "import hashlib, dlhand\n"
        "names = '002-lstm', '002-conv-params', '004-lstm', '002-yolo-nms'\n"
        "svg = ''.join(dlhand.load(name).graph().svg for name in names)\n"
        "print(hashlib.sha256(svg.encode()).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(3)
    }
    assert len(runs) == 1
