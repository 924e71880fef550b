"""Object detection: overlap of boxes, suppression, average precision, decoding, anchors.

A box is a vector (x1, y1, x2, y2): its left, top, right and bottom edge.

Source: J. Redmon et al., "You Only Look Once" (2016); J. Redmon, A. Farhadi, "YOLO9000" (2017);
S. Ren et al., "Faster R-CNN" (2015); M. Everingham et al., "The Pascal Visual Object Classes
Challenge" (2010), and its development kits, for average precision; T.-Y. Lin et al., "Microsoft
COCO" (2014).
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from fractions import Fraction
from functools import partial, reduce
from operator import add
from typing import Any, NamedTuple

from dlhand import (
    Derivation,
    GivenError,
    ShapeError,
    at_least,
    dot,
    exp,
    greater,
    is_largest,
    largest,
    maximum,
    mean,
    minimum,
    relu,
    reshape,
    sigmoid,
    sqrt,
    stack,
    total,
)
from dlhand.calculators.composing import as_quantity, free_mark
from dlhand.calculators.wanted import each, want_count, want_list, want_mapping, want_shape
from dlhand.derivation.model import check_name
from dlhand.numbers.exact import read_array
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
    _want_scores(d, scores, len(boxes))
    overlap = _overlaps(d, {name: _given_box(d, name, box) for name, box in boxes.items()}, end)
    left: Quantity = d.step(f"r0{end}", _ones(len(boxes)), say="all are in the race")
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
    _want_scores(d, scores, len(boxes))
    d.require(threshold, each("threshold", lambda x: x > 0, "a positive number"))
    boxes = {key: _given_box(d, key, box) for key, box in boxes.items()}
    truths = {key: _given_box(d, key, box) for key, box in truths.items()}
    if not truths:
        return d.step(f"hit{tail}", 0 * _ones(len(boxes)), say="no object is there to be found")
    overlap = _cross_overlaps(d, boxes, truths, tail)
    left: Quantity = d.step(f"left_0{tail}", _ones(len(boxes)), say="no box has had its turn")
    free: Quantity = d.step(f"free_0{tail}", _ones(len(truths)), say="no true box is taken")
    hits = []
    for k in range(1, len(boxes) + 1):
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
        hits.append(d.step(f"hit{mark}", turn * total(taken), say="a hit if it has taken one"))
        if k < len(boxes):
            left = d.step(f"left{mark}", left - turn, say="the boxes that have not had their turn")
            free = d.step(f"free{mark}", free - taken, say="the true boxes that are still free")
    d.section("Hits")
    return d.step(f"hit{tail}", reduce(add, hits), say="1 for a hit, 0 for a miss")


_RANKED = ["AP", "H", "w", "r", "B", "Ps", "Rs", "l_0", "b_1", "y_1", "TP_1", "P_1", "R_1", "M_1"]
"""Names that `average_precision` gives."""


def average_precision(
    d: Derivation,
    hits: Any,
    scores: Any,
    truths: Any,
    points: int | None = None,
    name: str = "",
) -> Quantity:
    """Append the average precision of one class; return it.

    ``hits`` is a vector, 1 for each detection that found an object and 0 for the others (see
    `match_boxes`), ``scores`` one positive score for each, ``truths`` the number of objects that
    were there to be found; each a quantity or what a given can be. In the order of the scores
    follow precision (hits so far / detections so far) and recall (hits so far / objects). Equal
    scores keep the order in which they are given, as in COCO.

    Precision is made to fall only: at each recall it is the largest one at that recall or beyond.
    The average precision is the area below it (Pascal VOC since 2010), or with ``points`` its mean
    at so many recalls from 0 to 1: 11 (Pascal VOC until 2009), 101 (COCO). scikit-learn's
    ``average_precision_score`` is smaller: it takes the precisions as they are.

    ``name`` is added to the names of the steps; what is taken is marked further. Without a
    detection the average precision is 0. Raises `ShapeError` where hits and scores are no vectors
    of one length; `GivenError` for less than two ``points``, hits other than 0 and 1, a score that
    is not positive, no truths, or less than hits.

    >>> d = Derivation("Four detections")
    >>> AP = average_precision(d, [1, 0, 1, 0], ["0.9", "0.8", "0.7", "0.6"], 2)
    >>> d.value("P_3"), d.value("R_3"), d.value(AP)
    (2/3, 1, 5/6)
    """
    if points is not None:
        want_count("points", points, 2)
    arguments = {"n": truths, "hit": hits, "s": scores}
    given = [key for key, value in arguments.items() if not isinstance(value, Quantity)]
    mark = free_mark(d, [*_RANKED, *given], f"_{name}" if name else "")
    n = as_quantity(d, f"n{mark}", truths, "how many objects there are")
    want_shape("truths", n, ())
    d.require(n, each("truths", _is_count, _COUNT))
    if _is_empty(hits) and _is_empty(scores):
        return d.step(f"AP{mark}", constant(0), say="nothing was detected: no recall")
    found = as_quantity(d, f"hit{mark}", hits, "which detections are hits")
    s = as_quantity(d, f"s{mark}", scores, "how sure each detection is")
    _want_hits(d, found, s, n)
    gained, precision, recall = _running(d, found, s, n, mark)
    if points is None:
        return _area_below(d, gained, precision, n, mark)
    return _mean_at_levels(d, precision, recall, points, mark)


def _running(
    d: Derivation, hits: Quantity, scores: Quantity, n: Quantity, mark: str
) -> tuple[list[Quantity], list[Quantity], list[Quantity]]:
    """Whether it is a hit, precision and recall, for each detection in the order of scores."""
    gained: list[Quantity] = []
    precision: list[Quantity] = []
    recall: list[Quantity] = []
    count = hits.shape[0]
    d.section("In the order of scores")
    left: Quantity = d.step(f"l_0{mark}", _ones(count), say="no detection is counted yet")
    so_far: Quantity | None = None
    for k in range(1, count + 1):
        d.section(f"The {k} best")
        best = d.step(f"b_{k}{mark}", is_largest(scores * left), say="the best that is left")
        hit = d.step(f"y_{k}{mark}", dot(best, hits), say="1 if it is a hit")
        so_far = d.step(f"TP_{k}{mark}", hit if so_far is None else so_far + hit, say="hits so far")
        gained.append(hit)
        say = "precision: the share of hits in the detections so far"
        precision.append(d.step(f"P_{k}{mark}", so_far / k, say=say))
        say = "recall: the share of the objects that are found"
        recall.append(d.step(f"R_{k}{mark}", so_far / n, say=say))
        if k < count:
            left = d.step(f"l_{k}{mark}", left - best, say="the detections not counted yet")
    return gained, precision, recall


def _area_below(
    d: Derivation, gained: list[Quantity], precision: list[Quantity], n: Quantity, mark: str
) -> Quantity:
    """The area below the curve of precision over recall, the precision made to fall only."""
    d.section("The curve that only falls, from its end")
    heights: list[Quantity] = []
    for k in range(len(precision), 0, -1):
        here = precision[k - 1]
        say = "the precision here or later, whichever is larger"
        highest = maximum(here, heights[-1]) if heights else here
        heights.append(d.step(f"M_{k}{mark}", highest, say=say))
    d.section("The area below it")
    widths = d.step(
        f"w{mark}", stack(*gained) / n, say="how much recall each detection adds: its hit over all"
    )
    height = d.step(f"H{mark}", stack(*reversed(heights)), say="how high the curve is there")
    return d.step(f"AP{mark}", dot(widths, height), say="average precision: the area, in strips")


def _mean_at_levels(
    d: Derivation, precision: list[Quantity], recall: list[Quantity], points: int, mark: str
) -> Quantity:
    """The mean of the largest precision at so many levels of recall or beyond."""
    d.section(f"The precision at {points} levels of recall")
    steps = [Fraction(k, points - 1) for k in range(points)]
    level = d.given(f"r{mark}", steps, say="levels of recall from 0 to 1")
    p = d.step(f"Ps{mark}", stack(*precision), say="all precisions")
    r = d.step(f"Rs{mark}", stack(*recall), say="all recalls")
    beyond = d.step(
        f"B{mark}",
        at_least(r, reshape(level, (points, 1))),
        say="a row for each level: 1 where a detection comes up to it",
    )
    highest = d.step(
        f"M{mark}", largest(beyond * p, axis=1), say="the largest precision at that level or beyond"
    )
    return d.step(f"AP{mark}", mean(highest), say="average precision: their mean")


class Ranking(NamedTuple):
    """What `average_precision` takes for one class: hits, scores and the number of objects."""

    hits: Any
    scores: Any
    truths: Any


def mean_average_precision(
    d: Derivation, classes: Mapping[str, Ranking], points: int | None = None
) -> Quantity:
    """Append mAP, the mean of the average precisions of all classes; return it.

    ``classes`` has a `Ranking` for each class by name, ``points`` is as for `average_precision`.
    Classes without an object are left out, as Pascal VOC and COCO leave them out. Raises
    `GivenError` where no class has one, else as `average_precision`.

    >>> d = Derivation("Two classes")
    >>> cat, dog = Ranking([1, 0], ["0.9", "0.5"], 1), Ranking([0, 1], ["0.8", "0.6"], 2)
    >>> d.value(mean_average_precision(d, {"cat": cat, "dog": dog, "cow": Ranking([], [], 0)}))
    0.625
    """
    want_mapping("classes", classes, "a Ranking(hits, scores, truths) by class")
    found, without = [], []
    for name, ranking in classes.items():
        want_list(f"class {name}", ranking, "parts: hits, scores and truths", 3)
        ranking = Ranking(*ranking)
        if _amount(d, ranking.truths) == 0:
            without.append(name)
            continue
        d.section(f"Class {name}")
        found.append(average_precision(d, *ranking, points, name))
    if not found:
        raise GivenError(
            f"no class has an object: {', '.join(without) or 'classes is empty'}; wanted at least "
            "one that has"
        )
    d.section("All classes")
    say = "mAP: the mean over the classes" + f" (no {', '.join(without)} there)" * bool(without)
    mark = free_mark(d, ["mAP"])
    return d.step(f"mAP{mark}", mean(stack(*found)), say=say)


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


def _amount(d: Derivation, value: Any) -> float:
    if isinstance(value, Quantity):
        return float(d.value(value))
    (flat, _) = read_array(value, "truths")
    return float(flat[0])


def _is_empty(value: Any) -> bool:
    return isinstance(value, Sized) and not isinstance(value, Quantity) and len(value) == 0


def _ones(count: int) -> Quantity:
    return stack(*[constant(1)] * count)


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


def _is_count(x: float) -> bool:
    return x >= 1 and x % 1 == 0


_COUNT = "a whole number of at least 1: where no object is, there is no recall"


def _want_scores(d: Derivation, scores: Quantity, count: int) -> None:
    if count == 0 or scores.shape != (count,):
        raise ShapeError(
            f"scores has shape {scores.shape}; wanted one score for each of {count} boxes, "
            "at least one"
        )
    d.require(scores, each("scores", lambda x: x > 0, "positive numbers"))


def _want_hits(d: Derivation, hits: Quantity, scores: Quantity, truths: Quantity) -> None:
    if len(hits.shape) != 1 or scores.shape != hits.shape:
        raise ShapeError(
            f"hits and scores have shapes {hits.shape} and {scores.shape}; wanted two vectors, one "
            "entry for each detection"
        )
    _want_scores(d, scores, hits.shape[0])
    d.require(hits, each("hits", lambda x: x in (0, 1), "1 for a hit, 0 for a miss"))
    d.require(truths - total(hits), _enough)


def _enough(left: Any) -> str:
    if float(left) >= 0:
        return ""
    return f"hits has {-float(left):g} more than there are objects; wanted at most one for each"


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
