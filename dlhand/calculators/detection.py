"""Object detection: overlap of boxes, suppression, and matching with the true ones.

A box is a vector (x1, y1, x2, y2): its left, top, right and bottom edge. Where boxes come from is
in `dlhand.calculators.decoding`, how good they are in `dlhand.calculators.precision`.

Source: M. Everingham et al., "The Pascal Visual Object Classes Challenge" (2010) for the overlap;
T.-Y. Lin et al., "Microsoft COCO" (2014) for the matching.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial, reduce
from operator import add
from typing import Any, NamedTuple

from dlhand import (
    Derivation,
    ShapeError,
    at_least,
    greater,
    is_largest,
    maximum,
    minimum,
    relu,
    stack,
    total,
)
from dlhand.calculators.composing import as_quantity, free_mark, ones
from dlhand.calculators.wanted import each, want_mapping, want_shape
from dlhand.derivation.ledger import check_name
from dlhand.operations.quantity import Quantity, constant


class Overlap(NamedTuple):
    """How two boxes overlap."""

    intersection: Quantity
    union: Quantity
    iou: Quantity


def area(d: Derivation, box: Any, name: str) -> Quantity:
    """Append the area of a box (a quantity, or four numbers): width times height.

    Raises `ShapeError` for anything that is no box, `GivenError` for edges in the wrong order.

    >>> d = Derivation("A box")
    >>> d.value(area(d, d.given("A", [1, 1, 5, 4]), "S_A"))
    12
    """
    box = _given_box(d, "", box)
    check_name(name)
    name += free_mark(d, [name])
    size = (box[2] - box[0]) * (box[3] - box[1])
    return d.step(name, size, say="the area of the box: width times height")


def iou(
    d: Derivation,
    a: Any,
    b: Any,
    areas: tuple[Quantity, Quantity] | None = None,
    name: str = "",
) -> Overlap:
    """Append intersection, union and IoU of two boxes, each a quantity or four numbers.

    ``areas`` are those of the boxes, where they are steps already; else they come first. ``name``
    is added to the names w, h, I, U and IoU: with "AB" they are w_AB, h_AB and so on; what is
    taken is marked further. Raises `ShapeError` for anything that is no box, `GivenError` for
    edges in the wrong order.

    >>> d = Derivation("Two boxes")
    >>> d.value(iou(d, [1, 1, 5, 5], [3, 2, 7, 6]).iou)
    3/13
    """
    a, b = _given_box(d, "A", a), _given_box(d, "B", b)
    if areas is None:
        areas = (area(d, a, "S_A"), area(d, b, "S_B"))
    tail = free_mark(d, ("w", "h", "I", "U", "IoU"), f"_{name}" if name else "")
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


def suppress(d: Derivation, boxes: Mapping[str, Any], scores: Any, threshold: Any) -> Quantity:
    """Append non-maximum suppression; return the vector of boxes kept (1) and dropped (0).

    ``boxes`` maps names such as "A" to boxes; ``scores`` is a vector, one positive score for each
    box; each may be a quantity or numbers. Each round keeps the box with the highest score among
    those still in the race (the first of several equal ones) and drops all whose IoU with it is
    above ``threshold``. There are as many rounds as boxes; those that find no box left change
    nothing.

    Raises `ShapeError` for other shapes or no box, `GivenError` for a score that is not positive.

    >>> d = Derivation("Two boxes")
    >>> a, b, s, t = d.givens(A=[0, 0, 2, 2], B=[0, 0, 2, 3], s=["0.6", "0.9"], t="0.5")
    >>> d.value(suppress(d, {"A": a, "B": b}, s, t))
    [0, 1]
    """
    want_mapping("boxes", boxes, "boxes by name")
    end = free_mark(d, ("M", "r0", "keep"))
    scores = as_quantity(d, f"s{end}", scores)
    threshold = as_quantity(d, f"t{end}", threshold)
    want_shape("threshold", threshold, ())
    want_scores(d, scores, len(boxes))
    overlap = _overlaps(d, {name: _given_box(d, name, box) for name, box in boxes.items()}, end)
    left: Quantity = d.step(f"r0{end}", ones(len(boxes)), say="all are in the race")
    kept: Quantity | None = None
    for k in range(1, len(boxes) + 1):
        d.section(f"Round {k}")
        running = d.step(
            f"s{k}{end}", scores * left, say="the scores of the boxes still in the race"
        )
        say = "the best of them (none: all zero)"
        best = d.step(f"b{k}{end}", is_largest(running) * left, say=say)
        near = d.step(f"o{k}{end}", overlap @ best, say="how far each box overlaps it")
        left = d.step(
            f"r{k}{end}",
            (left - best) * (1 - greater(near, threshold)),
            say="out of the race: the best itself, which is kept, and all that overlap it too much",
        )
        kept = best if kept is None else kept + best
    assert kept is not None
    d.section("Result")
    return d.step(f"keep{end}", kept, say="the boxes that were the best of a round")


def _overlaps(d: Derivation, boxes: Mapping[str, Quantity], end: str) -> Quantity:
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
    return d.step(
        f"M{end}", stack(*rows), say="all of them in a table; a box overlaps itself wholly"
    )


def match_boxes(
    d: Derivation,
    boxes: Mapping[str, Any],
    scores: Any,
    truths: Mapping[str, Any],
    threshold: Any,
    name: str = "",
) -> Quantity:
    """Append the matching of found boxes with true ones; return the hits (1) and misses (0).

    ``boxes`` are the boxes found in one image for one class, ``truths`` the true ones, each with a
    name of its own such as "A"; ``scores`` is a vector, one positive score for each box. In the
    order of their scores (the first of several equal ones first) each box takes the true one that
    it overlaps most among those not taken yet, if their IoU is at least ``threshold``: it is a hit.
    So does COCO; Pascal VOC takes the most overlapped of all true ones, and a miss where another
    has it already. ``name`` is added to the names of the steps.

    The hits are in the order of ``boxes``, and those of several images, one after the other, make
    up those of a class: `average_precision` takes them on.

    Raises `ShapeError` for other shapes or no box, `GivenError` for a score or threshold that is
    not positive. Without a true box every box is a miss.

    >>> d = Derivation("Two boxes, one object")
    >>> a, b, t, s, least = d.givens(
    ...     A=[0, 0, 2, 2], B=[0, 0, 2, 3], T=[0, 0, 2, 3], s=["0.6", "0.9"], t="0.5"
    ... )
    >>> d.value(match_boxes(d, {"A": a, "B": b}, s, {"T": t}, least))
    [0, 1]
    """
    want_mapping("boxes", boxes, "boxes by name")
    want_mapping("truths", truths, "boxes by name")
    tail = free_mark(d, ("hit", "turn_1", "left_0", "IoU"), f"_{name}" if name else "")
    scores = as_quantity(d, f"s{tail}", scores)
    threshold = as_quantity(d, f"t{tail}", threshold)
    want_shape("threshold", threshold, ())
    want_scores(d, scores, len(boxes))
    d.require(threshold, each("threshold", lambda x: x > 0, "a positive number"))
    boxes = {key: _given_box(d, key, box) for key, box in boxes.items()}
    truths = {key: _given_box(d, key, box) for key, box in truths.items()}
    if not truths:
        return d.step(f"hit{tail}", 0 * ones(len(boxes)), say="no object is there to be found")
    overlap = _cross_overlaps(d, boxes, truths, tail)
    hits = [*_turns(d, overlap, scores, threshold, tail)]
    d.section("Hits")
    return d.step(f"hit{tail}", reduce(add, hits), say="1 for a hit, 0 for a miss")


def _turns(
    d: Derivation, overlap: Quantity, scores: Quantity, threshold: Quantity, tail: str
) -> Iterator[Quantity]:
    """Each box in the order of scores takes a true one, if it can: its place in the list of hits.

    ``overlap`` has a row for each box and a column for each true one.
    """
    boxes, truths = overlap.shape
    left: Quantity = d.step(f"left_0{tail}", ones(boxes), say="no box has had its turn")
    free: Quantity = d.step(f"free_0{tail}", ones(truths), say="no true box is taken")
    for k in range(1, boxes + 1):
        mark = f"_{k}{tail}"
        d.section(f"Box {k} in the order of scores")
        turn = d.step(f"turn{mark}", is_largest(scores * left), say="the best of the boxes left")
        near = d.step(
            f"near{mark}", (turn @ overlap) * free, say="its overlap with each true box still free"
        )
        taken = d.step(
            f"take{mark}",
            is_largest(near) * at_least(near, threshold),
            say="the one it overlaps most, if that is enough (else all zero)",
        )
        yield d.step(f"hit{mark}", turn * total(taken), say="a hit if it has taken one")
        if k < boxes:
            left = d.step(f"left{mark}", left - turn, say="the boxes that have not had their turn")
            free = d.step(f"free{mark}", free - taken, say="the true boxes that are still free")


def _cross_overlaps(
    d: Derivation, boxes: Mapping[str, Quantity], truths: Mapping[str, Quantity], tail: str
) -> Quantity:
    """The matrix of IoU of each box, a row, with each true box, a column."""
    d.section("Overlap of each box with each true one")
    areas = {key: area(d, box, f"S_{key}{tail}") for key, box in [*boxes.items(), *truths.items()]}
    rows = [
        stack(
            *(
                iou(d, box, truth, (areas[a], areas[t]), f"{a}{t}{tail}").iou
                for t, truth in truths.items()
            )
        )
        for a, box in boxes.items()
    ]
    say = "all of them in a table: a row for each box, a column for each true one"
    return d.step(f"IoU{tail}", stack(*rows), say=say)


def want_scores(d: Derivation, scores: Quantity, count: int) -> None:
    """Refuse anything but a positive score for each of so many boxes, at least one."""
    if count == 0 or scores.shape != (count,):
        raise ShapeError(
            f"scores has shape {scores.shape}; wanted one score for each of {count} boxes, "
            "at least one"
        )
    d.require(scores, each("scores", lambda x: x > 0, "positive numbers"))


def _given_box(d: Derivation, name: str, box: Any) -> Quantity:
    """A box as a quantity; its edges stay in order."""
    found = as_quantity(d, name or "b", box)
    label = f"box {name}".rstrip()
    if found.shape != (4,):
        raise ShapeError(f"{label} has shape {found.shape}; wanted (4,): x1, y1, x2, y2")
    d.require(found, partial(_in_order, label))
    return found


def _in_order(label: str, box: Any) -> str:
    x1, y1, x2, y2 = map(float, box)
    return "" if x1 < x2 and y1 < y2 else f"{label} is {box}; wanted x1 < x2 and y1 < y2"
