"""Average precision: how good a detector's ranking of what it found is, and its mean over classes.

Source: M. Everingham et al., "The Pascal Visual Object Classes Challenge" (2010), and its
development kits; T.-Y. Lin et al., "Microsoft COCO" (2014).
"""

from __future__ import annotations

from collections.abc import Mapping, Sized
from fractions import Fraction
from typing import Any, NamedTuple

from dlhand import (
    Derivation,
    GivenError,
    ShapeError,
    at_least,
    dot,
    is_largest,
    largest,
    maximum,
    mean,
    reshape,
    stack,
    total,
)
from dlhand.calculators.composing import as_quantity, free_mark, ones
from dlhand.calculators.detection import want_scores
from dlhand.calculators.wanted import (
    each,
    want_count,
    want_list,
    want_mapping,
    want_shape,
    whole_number,
)
from dlhand.numbers.exact import read_array
from dlhand.operations.quantity import Quantity, constant

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
    d.require(n, whole_number("truths", why=": where no object is, there is no recall"))
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
    left: Quantity = d.step(f"l_0{mark}", ones(count), say="no detection is counted yet")
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


def _amount(d: Derivation, value: Any) -> float:
    if isinstance(value, Quantity):
        return float(d.value(value))
    (flat, _) = read_array(value, "truths")
    return float(flat[0])


def _is_empty(value: Any) -> bool:
    return isinstance(value, Sized) and not isinstance(value, Quantity) and len(value) == 0


def _want_hits(d: Derivation, hits: Quantity, scores: Quantity, truths: Quantity) -> None:
    if len(hits.shape) != 1 or scores.shape != hits.shape:
        raise ShapeError(
            f"hits and scores have shapes {hits.shape} and {scores.shape}; wanted two vectors, one "
            "entry for each detection"
        )
    want_scores(d, scores, hits.shape[0])
    d.require(hits, each("hits", lambda x: x in (0, 1), "1 for a hit, 0 for a miss"))
    d.require(truths - total(hits), _enough)


def _enough(left: Any) -> str:
    if float(left) >= 0:
        return ""
    return f"hits has {-float(left):g} more than there are objects; wanted at most one for each"
