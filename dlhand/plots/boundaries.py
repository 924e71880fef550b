"""Decision boundaries: what a unit with two inputs tells apart."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from dlhand.derivation.model import Derivation
from dlhand.errors import GivenError
from dlhand.plots.figure import COLOURS, DASHES, number, picture
from dlhand.render.picture import Picture

_MARGIN = 0.5


class Line(NamedTuple):
    """The line w1·x1 + w2·x2 + b = 0, on whose far side a unit fires."""

    label: str
    w1: float
    w2: float
    b: float


class Panel(NamedTuple):
    """The corners of the unit square with what is wanted there, and the lines of some units."""

    title: str
    wanted: str
    lines: tuple[Line, ...]


def unit_line(d: Derivation, label: str, w1: str, w2: str, b: str) -> Line:
    """The boundary of a unit, from the names of its weights and bias in a derivation.

    A threshold θ is a bias -θ, written "-theta".
    """
    sign, name = (-1, b[1:]) if b.startswith("-") else (1, b)
    return Line(label, float(d.value(w1)), float(d.value(w2)), sign * float(d.value(name)))


def boundaries(*panels: Panel) -> Picture:
    """Decision boundaries in the plane of two binary inputs, side by side.

    Each panel's ``wanted`` has what a gate gives for 00, 01, 10, 11, such as "0110" for XOR.
    Raises `GivenError` for anything else.

    >>> boundaries(Panel("AND", "0001", (Line("a unit", 1, 1, -1.5),)))
    Decision boundaries. AND: wanted at (0, 0): 0, (0, 1): 0, (1, 0): 0, (1, 1): 1. Lines: \
a unit fires where 1 · x₁ + 1 · x₂ − 1.5 > 0.
    """
    for panel in panels:
        if not re.fullmatch("[01]{4}", panel.wanted):
            raise GivenError(f"wanted is {panel.wanted!r}; wanted four digits such as '0110'")

    def draw(axes: list[Any]) -> None:
        for one, panel in zip(axes, panels, strict=True):
            _draw_panel(one, panel)

    return picture("Decision boundaries", " ".join(map(_in_words, panels)), len(panels), draw)


def _draw_panel(axes: Any, panel: Panel) -> None:
    low, high = -_MARGIN, 1 + _MARGIN
    for colour, dash, line in zip(COLOURS, DASHES, panel.lines, strict=False):
        look = {"color": colour, "ls": dash, "linewidth": 2}
        ends = _clipped(line, low, high)
        if len(ends) == 2:
            axes.plot(*zip(*ends, strict=True), label=line.label, **look)
    for k, fires in enumerate(panel.wanted):
        axes.plot(
            [k // 2], [k % 2], ls="none", marker="o", markersize=11, markeredgewidth=2, zorder=3,
            markeredgecolor="black", markerfacecolor="black" if fires == "1" else "white",
        )  # fmt: skip
    axes.set(
        title=panel.title, xlabel="$x_1$", ylabel="$x_2$", xlim=(low, high), ylim=(low, high),
        xticks=(0, 1), yticks=(0, 1), aspect="equal",
    )  # fmt: skip
    if panel.lines:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize=9)


def _clipped(line: Line, low: float, high: float) -> list[tuple[float, float]]:
    """Where the line enters and leaves the square from ``low`` to ``high``."""
    points = []
    for edge in (low, high):
        if line.w2:
            points.append((edge, -(line.b + line.w1 * edge) / line.w2))
        if line.w1:
            points.append((-(line.b + line.w2 * edge) / line.w1, edge))
    inside = {(x, y) for x, y in points if low <= x <= high and low <= y <= high}
    return sorted(inside)[:: max(1, len(inside) - 1)]


def _in_words(panel: Panel) -> str:
    corners = ", ".join(f"({k // 2}, {k % 2}): {fires}" for k, fires in enumerate(panel.wanted))
    lines = ", ".join(f"{line.label} fires where {_sum(line)} > 0" for line in panel.lines)
    return f"{panel.title}: wanted at {corners}." + (f" Lines: {lines}." if lines else "")


def _sum(line: Line) -> str:
    signed = [f" {'+' if x >= 0 else '−'} {number(abs(x))}" for x in (line.w2, line.b)]
    return f"{number(line.w1)} · x₁{signed[0]} · x₂{signed[1]}"
