"""The rooms of the package, as a picture and as a table: both from the table that is checked.

A room stands above all that it may import. An arrow leads up to it from each room below that no
other arrow implies.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from html import escape
from pathlib import Path

from dlhand.pictures.canvas import width
from dlhand.pictures.layout import lay_out
from tools.check_layers import PACKAGE, TABLE, Room

ROOT = Path(__file__).resolve().parents[2]
SIZE, HIGH, PAD = 15, 30, 12
LEVEL = 62
"""From one row of rooms to the next."""
APART = 30.0


def order(table: Mapping[str, Room] = TABLE) -> list[str]:
    """The rooms, each after all that it may import."""
    below = {own: row.allowed - row.above for own, row in table.items()}
    return [
        *TopologicalSorter({own: sorted(below[own] & {*table}) for own in table}).static_order()
    ]


def edges(table: Mapping[str, Room] = TABLE) -> list[tuple[str, str]]:
    """From a room to one that may import it; not where a way over other rooms says it already.

    >>> rooms = {"a": Room(), "b": Room(frozenset("a")), "c": Room(frozenset("ab"))}
    >>> edges(rooms)
    [('a', 'b'), ('b', 'c')]
    """
    reached: dict[str, set[str]] = {}
    found = []
    for own in order(table):
        below = {*((table[own].allowed - table[own].above) & {*table})}
        implied = {two for one in below for two in reached[one]}
        reached[own] = below | implied
        found += [(one, own) for one in sorted(below - implied)]
    return found


def picture(table: Mapping[str, Room] = TABLE) -> str:
    """The rooms as SVG, in the colours of the page that it stands in."""
    names = order(table)
    number = {name: k for k, name in enumerate(names)}
    wide = [width(name, SIZE) + 2 * PAD for name in names]
    joined = [(number[low], number[high]) for low, high in edges(table)]
    # A layout goes from left to right; here that is upwards.
    placed = lay_out(tuple(one + APART for one in wide), tuple(joined))
    top = max(placed.columns)
    left = min(x - w / 2 for x, w in zip(placed.heights, wide, strict=True))
    right = max(x + w / 2 for x, w in zip(placed.heights, wide, strict=True))
    lanes = [x for lane in placed.lanes.values() for x in lane]
    left, right = min([left, *lanes]) - 4, max([right, *lanes]) + 4

    def x(place: float) -> float:
        return place - left

    def y(column: int) -> float:
        return (top - column) * LEVEL + HIGH / 2 + 4

    parts = []
    for low, high in joined:
        columns = range(placed.columns[low], placed.columns[high] + 1)
        places = [placed.heights[low], *placed.lanes.get((low, high), ()), placed.heights[high]]
        points = [(x(p), y(c)) for p, c in zip(places, columns, strict=True)]
        parts.append(
            f'<path class="room-edge" data-edge="{names[low]} {names[high]}" d="{_curve(points)}"/>'
        )
    for name, place, column, room in zip(names, placed.heights, placed.columns, wide, strict=True):
        corner = f'x="{x(place) - room / 2:.1f}" y="{y(column) - HIGH / 2:.1f}"'
        parts.append(
            f'<g data-room="{name}"><rect {corner} width="{room:.1f}" height="{HIGH}" rx="5"/>'
            f'<text x="{x(place):.1f}" y="{y(column) + 5:.1f}">{name}</text></g>'
        )
    size = f"0 0 {right - left:.1f} {top * LEVEL + HIGH + 8:.1f}"
    words = "; ".join(
        f"{name} builds on {', '.join(low for low, high in edges(table) if high == name)}"
        for name in names
        if any(high == name for _, high in edges(table))
    )
    return (
        f'<svg class="rooms" viewBox="{size}" role="img" aria-label="{escape(words)}">'
        f"{''.join(parts)}</svg>"
    )


def _curve(points: list[tuple[float, float]]) -> str:
    """A line upwards, from the top of a room to the bottom of another, by way of its lanes."""
    (x, y), *others = points
    y -= HIGH / 2
    drawn = f"M{x:.1f} {y:.1f}"
    for k, (right, up) in enumerate(others):
        end = up + HIGH / 2
        half = (y + end) / 2
        drawn += f"C{x:.1f} {half:.1f} {right:.1f} {half:.1f} {right:.1f} {end:.1f}"
        x, y = right, end
        if k < len(others) - 1:  # past the row of a lane
            y = up - HIGH / 2
            drawn += f"V{y:.1f}"
    return drawn


def table_of_rooms(table: Mapping[str, Room] = TABLE) -> str:
    """A row of Markdown for each room, lowest first: what it is, and the packages it may import."""
    rows = ["| room | what it is | packages |", "| --- | --- | --- |"]
    for name in order(table):
        packages = ", ".join(sorted(table[name].allowed - {*table}))
        rows.append(f"| `{name}` | {summary(name)} | {packages} |")
    return "\n".join(rows)


def summary(room: str) -> str:
    """The first sentence of the docstring of a room."""
    tree = ast.parse(module(room).read_text(encoding="utf-8"))
    return (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ").split("\n")[0]


def module(room: str) -> Path:
    """The file that has the docstring of a room.

    >>> module("numbers").name, module("worked").name
    ('__init__.py', 'worked.py')
    """
    package = ROOT / PACKAGE
    if room == PACKAGE:
        return package / "__init__.py"
    folder = package / room / "__init__.py"
    return folder if folder.exists() else package / f"{room}.py"


def modules(room: str) -> Iterator[str]:
    """The dotted names of the modules of a room, itself first."""
    first = module(room)
    own = PACKAGE if room == PACKAGE else f"{PACKAGE}.{room}"
    yield own
    if room != PACKAGE and first.name == "__init__.py":
        for path in sorted(first.parent.rglob("*.py")):
            inner = path.relative_to(first.parent).with_suffix("").parts
            if inner[-1] != "__init__":
                yield ".".join([own, *inner])
            elif len(inner) > 1:
                yield ".".join([own, *inner[:-1]])
