"""Matching and average precision, against loops written from the definitions, and a published run.

The run is the illustrated example of R. Padilla's "Metrics for object detection" (the README of
github.com/rafaelpadilla/Object-Detection-Metrics): 24 detections of 15 objects in 7 images.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlhand import (
    Derivation,
    GivenError,
    Ranking,
    ShapeError,
    average_precision,
    concatenate,
    match_boxes,
    mean_average_precision,
)

# Detections A to Y (there is no W): confidence in per cent, and whether it is a true positive.
PADILLA = {
    "A": "88-", "B": "70+", "C": "80-", "D": "71-", "E": "54+", "F": "74-", "G": "18+",
    "H": "67-", "I": "38-", "J": "91+", "K": "44-", "L": "35-", "M": "78-", "N": "45-",
    "O": "14-", "P": "62+", "Q": "44-", "R": "95+", "S": "23-", "T": "45-", "U": "84-",
    "V": "43-", "X": "48+", "Y": "95-",
}  # fmt: skip
OBJECTS = 15


def of_class(hits, scores, truths, points=None):
    d = Derivation("One class")
    return d, average_precision(d, hits, scores, truths, points)


def curve(hits, scores, truths):
    """Recall and precision of the detections in the order of scores, equal ones as they come."""
    order = np.argsort(-np.array(scores, dtype=float), kind="stable")
    right = np.cumsum(np.array(hits, dtype=float)[order])
    return right / truths, right / np.arange(1, len(hits) + 1)


def voc_area(hits, scores, truths):
    """As the development kit of Pascal VOC 2010 has it: with sentinels, where recall changes."""
    recall, precision = curve(hits, scores, truths)
    recall = np.concatenate([[0], recall, [1]])
    precision = np.concatenate([[0], precision, [0]])
    for k in range(len(precision) - 2, -1, -1):
        precision[k] = max(precision[k], precision[k + 1])
    (changes,) = np.nonzero(recall[1:] != recall[:-1])
    return sum((recall[k + 1] - recall[k]) * precision[k + 1] for k in changes)


def at_levels(hits, scores, truths, points):
    recall, precision = curve(hits, scores, truths)
    best = []
    for k in range(points):
        # hits / truths >= k / (points - 1), in whole numbers
        reached = np.round(recall * truths) * (points - 1) >= k * truths
        best.append(precision[reached].max() if reached.any() else 0)
    return np.mean(best)


def test_the_published_example() -> None:
    # Of R and Y, with 95 % both, the page counts R first, as given.
    hits = [int(row[2] == "+") for row in PADILLA.values()]
    scores = [f"0.{row[:2]}" for row in PADILLA.values()]
    d, area = of_class(hits, scores, OBJECTS)
    assert (
        str(float(d.value(area)))[:6] == "0.2456"
    )  # 24.56 %: the page adds numbers cut off to four places
    assert [float(d.value(f"P_{k}")) for k in (1, 2, 3, 10, 23)] == pytest.approx(
        [1, 1 / 2, 2 / 3, 3 / 10, 7 / 23]
    )
    assert float(d.value("R_24")) == pytest.approx(7 / 15)
    eleven, mean = of_class(hits, scores, OBJECTS, 11)
    assert f"{float(eleven.value(mean)):.4f}" == "0.2684"


RANKINGS = st.integers(1, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.integers(0, 1), min_size=n, max_size=n),
        st.lists(st.integers(1, 6), min_size=n, max_size=n),
        st.integers(0, 4),
    )
)


@settings(max_examples=60)
@given(RANKINGS, st.sampled_from([None, 2, 5, 11, 101]))
def test_any_ranking(ranking, points) -> None:
    """With ties in the scores, and with objects that nobody has found."""
    hits, scores, missed = ranking
    truths = max(sum(hits) + missed, 1)
    d, found = of_class(hits, scores, truths, points)
    right = (
        voc_area(hits, scores, truths)
        if points is None
        else at_levels(hits, scores, truths, points)
    )
    assert float(d.value(found)) == pytest.approx(right, rel=1e-12)


def test_the_derivation_goes_as_one_does_it_by_hand() -> None:
    d, _ = of_class([1, 0], [2, 1], 1)
    assert [(title, [e.name for e in entries]) for title, entries in d.sections()] == [
        ("", ["n", "hit", "s"]),
        ("In the order of scores", ["l_0"]),
        ("The 1 best", ["b_1", "y_1", "TP_1", "P_1", "R_1", "l_1"]),
        ("The 2 best", ["b_2", "y_2", "TP_2", "P_2", "R_2"]),
        ("The curve that only falls, from its end", ["M_2", "M_1"]),
        ("The area below it", ["w", "H", "AP"]),
    ]


def test_the_precisions_as_they_are_give_less() -> None:
    """scikit-learn's average_precision_score, from its definition, on hits 0 1 1."""
    d, area = of_class([0, 1, 1], [3, 2, 1], 2)
    recall, precision = curve([0, 1, 1], [3, 2, 1], 2)
    plain = sum(np.diff(recall, prepend=0) * precision)
    assert plain == pytest.approx(7 / 12)
    assert float(d.value(area)) == pytest.approx(2 / 3)


def test_equal_scores_keep_their_order() -> None:
    for hits, right in (([1, 0], 1.0), ([0, 1], 0.5)):
        d, area = of_class(hits, ["0.5", "0.5"], 1)
        assert float(d.value(area)) == right


def test_other_scores_give_another_order() -> None:
    d, area = of_class([1, 0, 1], ["0.9", "0.8", "0.7"], 2)
    other = d.with_values({"s": ["0.1", "0.8", "0.7"]})
    assert float(other.value(area.name)) == pytest.approx(voc_area([1, 0, 1], [0.1, 0.8, 0.7], 2))


def test_nothing_detected() -> None:
    d, area = of_class([], [], 3)
    assert float(d.value(area)) == 0


@pytest.mark.parametrize(
    "hits, scores, truths, points, error, message",
    [
        ([1], [1], 0, None, GivenError, "truths is 0; wanted a whole number from 1 on"),
        ([1], [1], "1.5", None, GivenError, "truths is 1.5; wanted a whole number"),
        (
            [1, 1],
            [1, 2],
            1,
            None,
            GivenError,
            "hits has 1 more than there are objects; wanted at most",
        ),
        (["0.5"], [1], 1, None, GivenError, r"hits is \[0.5\]; wanted 1 for a hit"),
        ([1], [0], 1, None, GivenError, r"scores is \[0\]; wanted positive numbers"),
        ([1, 0], [1], 1, None, ShapeError, r"have shapes \(2,\) and \(1,\); wanted two vectors"),
        ([1], [1], 1, 1, GivenError, "points is 1; wanted a whole number from 2 on"),
        (1, 1, 1, None, ShapeError, r"have shapes \(\) and \(\); wanted two vectors"),
        ([], [1], 1, None, ShapeError, "hit is empty"),
        ([1], [], 1, None, ShapeError, "s is empty"),
    ],
)
def test_what_is_no_ranking(hits, scores, truths, points, error, message) -> None:
    with pytest.raises(error, match=message):
        of_class(hits, scores, truths, points)


def test_the_mean_over_classes() -> None:
    classes = {
        "cat": Ranking([1, 0, 1], ["0.9", "0.8", "0.7"], 3),
        "dog": Ranking([0, 1], ["0.6", "0.7"], 1),
        "cow": Ranking([], [], 2),
        "owl": Ranking([0], ["0.4"], 0),
    }
    d = Derivation("Four classes")
    mean = mean_average_precision(d, classes)
    right = [voc_area([1, 0, 1], [9, 8, 7], 3), voc_area([0, 1], [6, 7], 1), 0]
    assert [float(d.value(f"AP_{name}")) for name in ("cat", "dog", "cow")] == pytest.approx(right)
    assert float(d.value(mean)) == pytest.approx(sum(right) / 3)
    assert d[mean].say.endswith("(no owl there)") and "AP_owl" not in d


def test_no_class_with_an_object() -> None:
    with pytest.raises(GivenError, match="no class has an object: owl; wanted at least one"):
        mean_average_precision(Derivation("None"), {"owl": Ranking([0], [1], 0)})
    with pytest.raises(GivenError, match="no class has an object: classes is empty"):
        mean_average_precision(Derivation("None"), {})


def squares(box):
    """The unit squares that a box of whole numbers covers."""
    return {(x, y) for x in range(box[0], box[2]) for y in range(box[1], box[3])}


def overlap(a, b):
    return len(squares(a) & squares(b)) / len(squares(a) | squares(b))


def matched(boxes, scores, truths, threshold):
    """Which boxes are hits: a loop over them, each true box taken once."""
    hits, free = [0] * len(boxes), set(range(len(truths)))
    for k in sorted(range(len(boxes)), key=lambda k: -scores[k]):
        best = max(sorted(free), key=lambda t: overlap(boxes[k], truths[t]), default=None)
        if best is not None and overlap(boxes[k], truths[best]) >= threshold:
            hits[k] = 1
            free.remove(best)
    return hits


BOX = st.tuples(*[st.integers(0, 2)] * 2, *[st.integers(1, 3)] * 2).map(
    lambda b: [b[0], b[1], b[0] + b[2], b[1] + b[3]]
)
THRESHOLDS = {"0.5": 0.5, "0.25": 0.25, "1": 1.0}


def match(boxes, scores, truths, threshold):
    d = Derivation("Some boxes")
    quantities = [
        {f"{kind}{k}": d.given(f"{kind}{k}", box) for k, box in enumerate(some)}
        for kind, some in (("A", boxes), ("T", truths))
    ]
    s, least = d.given("s", scores), d.given("t", threshold)
    return d, match_boxes(d, quantities[0], s, quantities[1], least)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(BOX, st.integers(1, 4)), min_size=1, max_size=4),
    st.lists(BOX, max_size=3),
    st.sampled_from(sorted(THRESHOLDS)),
)
def test_any_boxes(found, truths, threshold) -> None:
    boxes, scores = [box for box, _ in found], [score for _, score in found]
    d, hits = match(boxes, scores, truths, threshold)
    right = matched(boxes, scores, truths, THRESHOLDS[threshold])
    assert [float(hit) for hit in d.value(hits)] == right


def test_a_true_box_is_taken_once_and_a_second_choice_counts() -> None:
    """B overlaps the first true box most, but A has it; the second is enough (in COCO)."""
    truths = [[0, 0, 4, 4], [2, 0, 6, 4]]
    boxes = [[0, 0, 4, 4], [1, 0, 4, 4]]
    assert overlap(boxes[1], truths[0]) > overlap(boxes[1], truths[1]) >= 0.25
    for least, right in (("0.25", [1, 1]), ("0.5", [1, 0])):
        d, hits = match(boxes, [2, 1], truths, least)
        assert [float(hit) for hit in d.value(hits)] == right


def test_from_the_boxes_of_two_images_to_the_average_precision() -> None:
    d = Derivation("Two images")
    t = d.given("t", "0.5")
    hits, scores = [], []
    for k, truth in (("x", [0, 0, 2, 2]), ("y", [5, 5, 7, 7])):
        box, other = d.given(f"A{k}", [0, 0, 2, 2]), d.given(f"B{k}", [5, 5, 7, 7])
        scores.append(d.given(f"s{k}", ["0.9", "0.6"] if k == "x" else ["0.8", "0.7"]))
        true = d.given(f"T{k}", truth)
        found = match_boxes(d, {f"A{k}": box, f"B{k}": other}, scores[-1], {f"T{k}": true}, t, k)
        hits.append(found)
    hit, score = d.step("hits", concatenate(*hits)), d.step("scores", concatenate(*scores))
    area = average_precision(d, hit, score, 2)
    assert [float(x) for x in d.value("hits")] == [1, 0, 0, 1]
    # in the order of scores: hit, miss, hit, miss
    assert float(d.value(area)) == pytest.approx(voc_area([1, 0, 1, 0], [4, 3, 2, 1], 2))


@pytest.mark.parametrize("points", [None, 2])
def test_used_twice_without_a_name(points) -> None:
    d = Derivation("Twice")
    first = average_precision(d, [1, 0], [2, 1], 1, points)
    second = average_precision(d, [0, 1], [2, 1], 1, points)
    assert (first.name, second.name) == ("AP", "AP_2")
    other = Derivation("With names of its own")
    other.givens(s=1, n=2)
    third = average_precision(other, [1, 0], [2, 1], 1, points)
    assert third.name == "AP_2" and other.value("s").exact == 1
    assert [float(d.value(one)) for one in (first, second)] == [1, 0.5]


@pytest.mark.parametrize(
    "scores, truths, threshold, error, message",
    [
        ([1, 2], [[0, 0, 1, 1]], "0.5", ShapeError, r"scores has shape \(2,\)"),
        ([0], [[0, 0, 1, 1]], "0.5", GivenError, r"scores is \[0\]; wanted positive"),
        ([1], [[0, 0, 1, 1]], 0, GivenError, "threshold is 0; wanted a positive number"),
        ([1], [[1, 0, 1, 1]], "0.5", GivenError, "wanted x1 < x2 and y1 < y2"),
    ],
)
def test_what_cannot_be_matched(scores, truths, threshold, error, message) -> None:
    with pytest.raises(error, match=message):
        match([[0, 0, 2, 2]], scores, truths, threshold)
