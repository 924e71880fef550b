"""Object detection: overlap of boxes, non-maximum suppression, decoding, anchors.

A box is a vector (x1, y1, x2, y2): its left, top, right and bottom edge.

Source: J. Redmon et al., "You Only Look Once" (2016); J. Redmon, A. Farhadi, "YOLO9000" (2017);
S. Ren et al., "Faster R-CNN" (2015).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from dlhand import (
    Derivation,
    GivenError,
    ShapeError,
    exp,
    greater,
    is_largest,
    maximum,
    minimum,
    relu,
    sigmoid,
    sqrt,
    stack,
)
from dlhand.operations.quantity import Quantity, constant


class Overlap(NamedTuple):
    """How two boxes overlap."""

    intersection: Quantity
    union: Quantity
    iou: Quantity


def area(d: Derivation, box: Quantity, name: str) -> Quantity:
    """Append the area of a box: width times height.

    Raises `ShapeError` for anything that is no box.

    >>> d = Derivation("A box")
    >>> d.value(area(d, d.given("A", [1, 1, 5, 4]), "S_A"))
    12
    """
    _want_box(d, name, box)
    size = (box[2] - box[0]) * (box[3] - box[1])
    return d.step(name, size, say="the area of the box: width times height")


def iou(
    d: Derivation, a: Quantity, b: Quantity, areas: tuple[Quantity, Quantity], name: str = ""
) -> Overlap:
    """Append intersection, union and IoU of two boxes whose areas are steps already.

    ``name`` is added to the names I, U and IoU: with "AB" they are I_AB, U_AB, IoU_AB. Raises
    `ShapeError` for anything that is no box.

    >>> d = Derivation("Two boxes")
    >>> a, b = d.givens(A=[1, 1, 5, 5], B=[3, 2, 7, 6])
    >>> both = iou(d, a, b, (area(d, a, "S_A"), area(d, b, "S_B")))
    >>> d.value(both.iou)
    3/13
    """
    _want_box(d, "the first box", a)
    _want_box(d, "the second box", b)
    tail = f"_{name}" if name else ""
    w = d.step(
        f"w{tail}",
        relu(minimum(a[2], b[2]) - maximum(a[0], b[0])),
        say="the width they share: from the later left edge to the earlier right edge, or 0",
    )
    h = d.step(
        f"h{tail}",
        relu(minimum(a[3], b[3]) - maximum(a[1], b[1])),
        say="the height they share, or 0",
    )
    shared = d.step(f"I{tail}", w * h, say="the area they share: the intersection")
    union = d.step(
        f"U{tail}",
        areas[0] + areas[1] - shared,
        say="the area of both together: the shared part is counted once",
    )
    return Overlap(shared, union, d.step(f"IoU{tail}", shared / union, say="their ratio"))


def suppress(
    d: Derivation, boxes: Mapping[str, Quantity], scores: Quantity, threshold: Quantity
) -> Quantity:
    """Append non-maximum suppression; return the vector of boxes kept (1) and dropped (0).

    ``boxes`` maps names such as "A" to boxes; ``scores`` is a vector, one positive score for each
    box. Each round keeps the box with the highest score among those still in the race (the first
    of several equal ones) and drops all whose IoU with it is above ``threshold``. There are as
    many rounds as boxes; those that find no box left change nothing.

    Raises `ShapeError` for other shapes or no box, `GivenError` for a score that is not positive.

    >>> d = Derivation("Two boxes")
    >>> a, b, s, t = d.givens(A=[0, 0, 2, 2], B=[0, 0, 2, 3], s=["0.6", "0.9"], t="0.5")
    >>> d.value(suppress(d, {"A": a, "B": b}, s, t))
    [0, 1]
    """
    if not boxes or scores.shape != (len(boxes),):
        raise ShapeError(
            f"scores has shape {scores.shape}; wanted one score for each of {len(boxes)} boxes, "
            "at least one"
        )
    if any(float(score) <= 0 for score in d.value(scores)):
        raise GivenError(f"scores are {d.value(scores)}; wanted positive numbers")
    overlap = _overlaps(d, boxes)
    left: Quantity = d.step("r0", stack(*[constant(1)] * len(boxes)), say="all are in the race")
    kept: Quantity | None = None
    for k in range(1, len(boxes) + 1):
        d.section(f"Round {k}")
        running = d.step(f"s{k}", scores * left, say="the scores of the boxes still in the race")
        best = d.step(f"b{k}", is_largest(running) * left, say="the best of them (none: all zero)")
        near = d.step(f"o{k}", overlap @ best, say="how far each box overlaps it")
        left = d.step(
            f"r{k}",
            (left - best) * (1 - greater(near, threshold)),
            say="out of the race: the best itself, which is kept, and all that overlap it too much",
        )
        kept = best if kept is None else kept + best
    assert kept is not None
    d.section("Result")
    return d.step("keep", kept, say="the boxes that were the best of a round")


def _overlaps(d: Derivation, boxes: Mapping[str, Quantity]) -> Quantity:
    """The matrix of IoU of every two boxes."""
    d.section("Overlap of every two boxes")
    names = list(boxes)
    areas = {name: area(d, box, f"S_{name}") for name, box in boxes.items()}
    found = {}
    for k, a in enumerate(names):
        for b in names[k + 1 :]:
            pair = iou(d, boxes[a], boxes[b], (areas[a], areas[b]), f"{a}{b}")
            found[a, b] = found[b, a] = pair.iou
    rows = [stack(*[found[a, b] if a != b else constant(1) for b in names]) for a in names]
    return d.step("M", stack(*rows), say="all of them in a table; a box overlaps itself wholly")


class Box(NamedTuple):
    """The four edges of a decoded box, as one vector (x1, y1, x2, y2), and its score."""

    edges: Quantity
    score: Quantity


def decode_cell(d: Derivation, y: Quantity, cell: Quantity, column: Quantity, row: Quantity) -> Box:
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
    if len(y.shape) != 1 or y.shape[0] < 6:
        raise ShapeError(f"y has shape {y.shape}; wanted a vector of 5 numbers and the classes")
    x_centre = d.step("x", (column + y[1]) * cell, say="the centre, counted from the left edge")
    y_centre = d.step("v", (row + y[2]) * cell, say="the centre, counted from the top edge")
    h = d.step("h", y[3] * cell, say="the height of the box in pixels")
    w = d.step("w", y[4] * cell, say="the width of the box in pixels")
    edges = d.step(
        "box",
        stack(x_centre - w / 2, y_centre - h / 2, x_centre + w / 2, y_centre + h / 2),
        say="left, top, right and bottom edge: half the size on each side of the centre",
    )
    scores = d.step("q", y[0] * y[5:], say="how sure it is of each class, if there is an object")
    return Box(edges, scores)


def decode_anchor(
    d: Derivation, t: Quantity, corner: Quantity, prior: Quantity, cell: Quantity
) -> Box:
    """Append the box that a network predicts from an anchor box, in pixels.

    ``t`` is the raw output (tx, ty, tw, th, to); ``corner`` is (column, row) of the cell and
    ``prior`` is (width, height) of the anchor, both in cells; ``cell`` is the side of a cell.

    Raises `ShapeError` for other shapes.

    >>> d = Derivation("An anchor")
    >>> t, c, p, g = d.givens(t=[0, 0, 0, 0, 0], c=[1, 1], p=[2, 1], g=10)
    >>> d.value(decode_anchor(d, t, c, p, g).edges)
    [5, 10, 25, 20]
    """
    for name, q, shape in (("t", t, (5,)), ("corner", corner, (2,)), ("prior", prior, (2,))):
        if q.shape != shape:
            raise ShapeError(f"{name} has shape {q.shape}; wanted {shape}")
    centre = d.step(
        "b", sigmoid(t[:2]) + corner, say="the centre: the sigmoid keeps it inside its cell"
    )
    size = d.step("e", prior * exp(t[2:4]), say="the anchor's size, stretched or shrunk")
    edges = d.step(
        "box",
        stack(
            (centre[0] - size[0] / 2) * cell,
            (centre[1] - size[1] / 2) * cell,
            (centre[0] + size[0] / 2) * cell,
            (centre[1] + size[1] / 2) * cell,
        ),
        say="left, top, right and bottom edge in pixels",
    )
    return Box(edges, d.step("q", sigmoid(t[4]), say="how sure it is that there is an object"))


class Anchors(NamedTuple):
    """Widths and heights of anchors of one size: vectors, one entry for each ratio."""

    widths: Quantity
    heights: Quantity


def anchors(d: Derivation, side: Quantity, ratios: Quantity, name: str = "") -> Anchors:
    """Append the anchors that all have the area side², one for each ratio height : width.

    >>> d = Derivation("Anchors")
    >>> found = anchors(d, *d.givens(s=8, r=[1, 4]))
    >>> d.value(found.widths), d.value(found.heights)
    ([8, 4], [8, 16])
    """
    if len(ratios.shape) != 1 or side.shape != ():
        raise ShapeError(
            f"anchors got shapes {side.shape} and {ratios.shape}; wanted a number and a vector"
        )
    root = sqrt(ratios)
    tail = f"_{name}" if name else ""
    w = d.step(f"w{tail}", side / root, say="the widths: narrower for taller anchors")
    h = d.step(f"h{tail}", side * root, say="the heights; width times height is always the same")
    return Anchors(w, h)


def _want_box(d: Derivation, name: str, box: Quantity) -> None:
    if box.shape != (4,):
        raise ShapeError(f"{name} has shape {box.shape}; wanted (4,): x1, y1, x2, y2")
    x1, y1, x2, y2 = map(float, d.value(box))
    if not (x1 < x2 and y1 < y2):
        raise GivenError(f"{name} is {d.value(box)}; wanted x1 < x2 and y1 < y2")
