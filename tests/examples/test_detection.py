"""The detection examples and calculators, against NumPy and pixel counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlhand import Derivation, GivenError, ShapeError, load
from dlhand.calculators.decoding import anchors, decode_anchor, decode_cell
from dlhand.calculators.detection import area, iou, suppress
from tests.examples.vision import assert_completes, assert_slopes, assert_values, convolve, value


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(z)))


def covered(box: Any) -> set[tuple[int, int]]:
    """The unit squares that a box of whole numbers covers."""
    x1, y1, x2, y2 = box
    return {(x, y) for x in range(x1, x2) for y in range(y1, y2)}


def overlap(a: Any, b: Any) -> float:
    return len(covered(a) & covered(b)) / len(covered(a) | covered(b))


def kept(boxes: list[Any], scores: list[float], threshold: float) -> list[int]:
    """Non-maximum suppression as a loop over the boxes in the order of their scores."""
    chosen: list[int] = []
    for k in sorted(range(len(boxes)), key=lambda k: -scores[k]):
        if all(overlap(boxes[k], boxes[j]) <= threshold for j in chosen):
            chosen.append(k)
    return [int(k in chosen) for k in range(len(boxes))]


def random_boxes(rng: Any, n: int) -> list[list[int]]:
    corners = rng.integers(0, 6, (n, 2))
    return np.hstack([corners, corners + rng.integers(1, 6, (n, 2))]).tolist()  # type: ignore[no-any-return]


def test_iou_example() -> None:
    d = load("002-yolo-iou")
    assert_completes(d, {"I": 6, "U": 26, "IoU": 0.230769})
    assert_values(d, {"IoU": overlap([1, 1, 5, 5], [3, 2, 7, 6])})


def test_iou_of_any_boxes() -> None:
    rng = np.random.default_rng(3)
    for _ in range(40):
        a, b = random_boxes(rng, 2)
        d = Derivation("Two boxes")
        one, two = d.givens(A=a, B=b)
        both = iou(d, one, two, (area(d, one, "S_A"), area(d, two, "S_B")), "AB")
        assert value(d, both.intersection) == len(covered(a) & covered(b))
        assert value(d, both.union) == len(covered(a) | covered(b))
        np.testing.assert_allclose(value(d, "IoU_AB"), overlap(a, b))


def test_suppression_example() -> None:
    d = load("002-yolo-nms")
    assert_completes(d, {"IoU_AB": 0.6, "IoU_AC": 0, "keep": [1, 0, 1]})


def test_suppression_follows_other_scores() -> None:
    d = load("002-yolo-nms").what_if(s=["0.7", "0.8", "0.9"])
    assert value(d, "keep").tolist() == [0, 1, 1]


@pytest.mark.parametrize("seed", range(12))
def test_suppression_of_any_boxes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 7))
    boxes = random_boxes(rng, n)
    scores = (rng.permutation(n) + 1).tolist()
    threshold = float(rng.choice([0, 0.2, 0.5, 1]))
    d = Derivation("Boxes")
    named = {f"B{k}": d.given(f"B{k}", box) for k, box in enumerate(boxes)}
    suppress(d, named, d.given("s", scores), d.given("t", threshold))
    assert value(d, "keep").tolist() == kept(boxes, scores, threshold)


def test_of_equal_scores_the_first_stays() -> None:
    d = Derivation("Boxes")
    a, b = d.givens(A=[0, 0, 2, 2], B=[0, 0, 2, 2])
    suppress(d, {"A": a, "B": b}, d.given("s", [1, 1]), d.given("t", "0.5"))
    assert value(d, "keep").tolist() == [1, 0]


def test_what_is_no_box_is_refused() -> None:
    d = Derivation("Boxes")
    a, short, turned = d.givens(A=[0, 0, 2, 2], B=[0, 0, 1], C=[2, 0, 1, 1])
    with pytest.raises(ShapeError, match=r"box has shape \(3,\); wanted \(4,\)"):
        area(d, short, "the box")
    with pytest.raises(GivenError, match=r"box B is .*; wanted x1 < x2 and y1 < y2"):
        iou(d, a, turned, (d.given("S", 4), d.given("T", 1)))
    with pytest.raises(
        ShapeError, match=r"scores has shape \(2,\); wanted one score for each of 1"
    ):
        suppress(d, {"A": a}, d.given("s", [1, 1]), d.given("t", 1))
    with pytest.raises(GivenError, match=r"scores is .*; wanted positive numbers"):
        suppress(d, {"A": a}, d.given("z", [0]), d["t"])


def test_decoding_a_cell() -> None:
    d = load("002-yolo")
    p, bx, by, bh, bw, *classes = value(d, "y")
    x, y, h, w = (1 + bx) * 100, (2 + by) * 100, bh * 100, bw * 100
    edges = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
    assert_values(
        d,
        {"N": 72, "box": edges, "q": p * np.array(classes), "s": max(p * c for c in classes)},
    )


def test_decoding_from_an_anchor() -> None:
    d = load("002-yolo-anchor")
    tx, ty, tw, th, to = value(d, "t")
    x, y = (sigmoid(tx) + 4) * 32, (sigmoid(ty) + 6) * 32
    w, h = 3 * np.exp(tw) * 32, 2 * np.exp(th) * 32
    edges = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
    assert_values(d, {"box": edges, "q": sigmoid(to)})


def test_decoding_refuses_other_shapes() -> None:
    d = Derivation("A cell")
    one, two, five = d.givens(g=1, c=[1, 1], t=[1, 2, 3, 4, 5])
    with pytest.raises(ShapeError, match=r"y has shape \(5,\); wanted a vector of 5 numbers and"):
        decode_cell(d, five, one, one, one)
    with pytest.raises(ShapeError, match=r"t has shape \(2,\); wanted \(5,\)"):
        decode_anchor(d, two, two, two, one)
    with pytest.raises(ShapeError, match=r"corner has shape \(\); wanted \(2,\)"):
        decode_anchor(d, five, one, two, one)


def test_output_sizes_of_the_versions() -> None:
    d = load("002-yolo-tensors")
    assert_values(d, {"N1": np.zeros((7, 7, 2 * 5 + 20)).size})
    assert_values(d, {"N2": np.zeros((13, 13, 5, 5 + 20)).size})
    assert_values(d, {"N1": 1470, "N2": 21125})


def test_grids_of_the_versions() -> None:
    d = load("002-yolo-grids")
    assert_values(d, {"S3": [13, 26, 52], "S8": [20, 40, 80], "m_page": [512] * 3})
    assert_values(d, {"N3": 3 * (13**2 + 26**2 + 52**2)})


def test_loss_of_a_cell() -> None:
    d = load("002-yolo-loss")
    t = value(d, "t")
    assert_slopes(d, lambda y: float(np.sum((y - t) ** 2)), ["y"])


def test_spatial_attention() -> None:
    d = load("002-cbam")
    f, k = value(d, "F"), value(d, "K")
    maps = np.stack([f.mean(axis=0), f.max(axis=0)])
    weights = sigmoid(convolve(maps, k, padding=3))
    assert_values(d, {"M_s": weights, "F'": f * weights})
    assert_completes(
        d,
        {
            "F_avg": [[2, 1], [2, 3]],
            "F_max": [[3, 2], [3, 4]],
            "M_s": [[0.851953, 0.731059], [0.851953, 0.924142]],
        },
    )


def test_spatial_attention_with_a_full_filter() -> None:
    rng = np.random.default_rng(5)
    k = rng.integers(-3, 4, (2, 7, 7))
    d = load("002-cbam").what_if(K=k.tolist())
    f = value(d, "F")
    maps = np.stack([f.mean(axis=0), f.max(axis=0)])
    assert_values(d, {"M_s": sigmoid(convolve(maps, k, padding=3))})


def test_channel_attention() -> None:
    d = load("002-cbam-channel")
    f, w0, w1 = value(d, "F"), value(d, "W0"), value(d, "W1")
    average, top = f.mean(axis=(1, 2)), f.max(axis=(1, 2))
    weights = sigmoid(sum(w1 @ np.maximum(w0 @ s, 0) for s in (average, top)))
    assert_values(d, {"M_c": weights, "F'": f * weights[:, None, None]})


def test_nine_anchors() -> None:
    d = load("002-rcnn")
    assert_completes(d, {"w_1": [181.019336, 128, 90.509668], "h_1": [90.509668, 128, 181.019336]})
    for k, side in ((1, 128), (2, 256), (3, 512)):
        w, h = value(d, f"w_{k}"), value(d, f"h_{k}")
        np.testing.assert_allclose(w * h, side**2)
        np.testing.assert_allclose(h / w, [0.5, 1, 2])
    assert_values(d, {"k": 9, "N": [9 * 80**2, 9 * 40**2, 9 * 20**2]})


def test_anchors_refuse_other_shapes() -> None:
    d = Derivation("Anchors")
    with pytest.raises(ShapeError, match=r"anchors got shapes \(\) and \(\)"):
        anchors(d, d.given("s", 1), d.given("r", 2))
