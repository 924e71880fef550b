"""Decoding: the boxes that an object detector's numbers stand for, of a grid cell or an anchor.

Source: J. Redmon et al., "You Only Look Once" (2016); J. Redmon, A. Farhadi, "YOLO9000" (2017);
S. Ren et al., "Faster R-CNN" (2015) for anchors of several ratios.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from dlhand import Derivation, ShapeError, exp, sigmoid, sqrt, stack
from dlhand.calculators.composing import as_quantity, free_mark
from dlhand.calculators.wanted import want_shape
from dlhand.operations.quantity import Quantity


class Box(NamedTuple):
    """The four edges of a decoded box, as one vector (x1, y1, x2, y2), and its score."""

    edges: Quantity
    score: Quantity


def decode_cell(d: Derivation, y: Any, cell: Any, column: Any, row: Any) -> Box:
    """Append the box that a grid cell predicts, in pixels.

    ``y`` is (p, bx, by, bh, bw, c1, ..., ck): the chance of an object, the centre inside the cell
    (0 to 1), height and width in cells, and the chance of each class. ``cell`` is the side of a
    cell in pixels; ``column`` and ``row`` count the cells from 0.

    Raises `ShapeError` for a vector that is too short.

    >>> d = Derivation("One cell")
    >>> y = d.given("y", [1, "0.5", "0.5", 1, 2, 1])
    >>> d.value(decode_cell(d, y, *d.givens(g=100, i=1, j=0)).edges)
    [50, 0, 250, 100]
    """
    end = free_mark(d, ("x", "v", "h", "w", "box", "q"))
    y = as_quantity(d, f"y{end}", y)
    sizes = {"g": cell, "i": column, "j": row}
    cell, column, row = (as_quantity(d, f"{key}{end}", q) for key, q in sizes.items())
    if len(y.shape) != 1 or y.shape[0] < 6:
        raise ShapeError(f"y has shape {y.shape}; wanted a vector of 5 numbers and the classes")
    for name, q in (("cell", cell), ("column", column), ("row", row)):
        want_shape(name, q, ())
    x_centre = d.step(
        f"x{end}", (column + y[1]) * cell, say="the centre, counted from the left edge"
    )
    y_centre = d.step(f"v{end}", (row + y[2]) * cell, say="the centre, counted from the top edge")
    h = d.step(f"h{end}", y[3] * cell, say="the height of the box in pixels")
    w = d.step(f"w{end}", y[4] * cell, say="the width of the box in pixels")
    edges = d.step(
        f"box{end}",
        stack(x_centre - w / 2, y_centre - h / 2, x_centre + w / 2, y_centre + h / 2),
        say="left, top, right and bottom edge: half the size on each side of the centre",
    )
    scores = d.step(
        f"q{end}", y[0] * y[5:], say="how sure it is of each class, if there is an object"
    )
    return Box(edges, scores)


def decode_anchor(d: Derivation, t: Any, corner: Any, prior: Any, cell: Any) -> Box:
    """Append the box that a network predicts from an anchor box, in pixels.

    ``t`` is the raw output (tx, ty, tw, th, to); ``corner`` is (column, row) of the cell and
    ``prior`` is (width, height) of the anchor, both in cells; ``cell`` is the side of a cell.

    Raises `ShapeError` for other shapes.

    >>> d = Derivation("An anchor")
    >>> t, c, p, g = d.givens(t=[0, 0, 0, 0, 0], c=[1, 1], p=[2, 1], g=10)
    >>> d.value(decode_anchor(d, t, c, p, g).edges)
    [5, 10, 25, 20]
    """
    end = free_mark(d, ("b", "e", "box", "q"))
    t, cell = as_quantity(d, f"t{end}", t), as_quantity(d, f"g{end}", cell)
    corner, prior = as_quantity(d, f"c{end}", corner), as_quantity(d, f"p{end}", prior)
    for name, q, shape in (("t", t, (5,)), ("corner", corner, (2,)), ("prior", prior, (2,))):
        want_shape(name, q, shape)
    want_shape("cell", cell, ())
    centre = d.step(
        f"b{end}", sigmoid(t[:2]) + corner, say="the centre: the sigmoid keeps it inside its cell"
    )
    size = d.step(f"e{end}", prior * exp(t[2:4]), say="the anchor's size, stretched or shrunk")
    edges = d.step(
        f"box{end}",
        stack(
            (centre[0] - size[0] / 2) * cell,
            (centre[1] - size[1] / 2) * cell,
            (centre[0] + size[0] / 2) * cell,
            (centre[1] + size[1] / 2) * cell,
        ),
        say="left, top, right and bottom edge in pixels",
    )
    return Box(
        edges, d.step(f"q{end}", sigmoid(t[4]), say="how sure it is that there is an object")
    )


class Anchors(NamedTuple):
    """Widths and heights of anchors of one size: vectors, one entry for each ratio."""

    widths: Quantity
    heights: Quantity


def anchors(d: Derivation, side: Any, ratios: Any, name: str = "") -> Anchors:
    """Append the anchors that all have the area side², one for each ratio height : width.

    >>> d = Derivation("Anchors")
    >>> found = anchors(d, *d.givens(s=8, r=[1, 4]))
    >>> d.value(found.widths), d.value(found.heights)
    ([8, 4], [8, 16])
    """
    tail = free_mark(d, ("w", "h"), f"_{name}" if name else "")
    side, ratios = as_quantity(d, f"s{tail}", side), as_quantity(d, f"r{tail}", ratios)
    if len(ratios.shape) != 1 or side.shape != ():
        raise ShapeError(
            f"anchors got shapes {side.shape} and {ratios.shape}; wanted a number and a vector"
        )
    root = sqrt(ratios)
    w = d.step(f"w{tail}", side / root, say="the widths: narrower for taller anchors")
    h = d.step(f"h{tail}", side * root, say="the heights; width times height is always the same")
    return Anchors(w, h)
