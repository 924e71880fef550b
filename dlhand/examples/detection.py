"""Finding objects: grid cells, overlap, non-maximum suppression, anchors, attention maps (002)."""

from __future__ import annotations

from typing import cast

from dlhand import (
    Derivation,
    average_pool,
    correlate,
    largest,
    max_pool,
    mean,
    relu,
    reshape,
    sigmoid,
    stack,
    total,
)
from dlhand.calculators.decoding import anchors, decode_anchor, decode_cell
from dlhand.calculators.detection import area, iou, suppress
from dlhand.calculators.wanted import require_counts
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example

CELL = ["0.9", "0.5", "0.4", "0.8", "1.2", "0.1", "0.7", "0.2"]


@example("002-yolo", "09_object_detection")
def yolo() -> Derivation:
    """Decoding one cell of a grid."""
    d = Derivation(
        "What one cell of the grid says",
        about="The image is cut into a grid, and each cell puts out 8 numbers: is there an object, "
        "where is its centre, how high and wide is it, and which of three classes is it? We turn "
        "the 8 numbers of one cell into a box in pixels. The numbers are ours.",
    )
    d.section("Given")
    n = d.given("n", 3, say="cells along each side")
    m = d.given("m", 300, say="the side of the image in pixels")
    y = d.given("y", CELL, say="object, centre x and y in the cell, height, width, three classes")
    i, j = d.given("i", 1, say="the column of the cell"), d.given("j", 2, say="its row, from 0")
    d.section("Sizes")
    k = d.given("k", 8, say="how many numbers a cell puts out")
    d.step("N", n * n * k, say="how many numbers the whole grid puts out")
    g = d.step("g", m / n, say="the side of a cell in pixels")
    d.section("The box")
    box = decode_cell(d, y, g, i, j)
    d.step("s", largest(box.score), say="its best class is the answer of this cell")
    require_counts(d, "n", "m", "k")
    require_counts(d, "i", "j", least=0)
    return d


@example("002-yolo-anchor", "09_object_detection")
def yolo_anchor() -> Derivation:
    """Decoding a box from an anchor box."""
    d = Derivation(
        "From an anchor box to a box",
        about="Later versions start from anchor boxes: the network says how to shift and stretch "
        "one. We decode one prediction in a grid of cells of 32 pixels. The numbers are ours.",
    )
    d.section("Given")
    t = d.given("t", ["0.2", "-0.4", "0.1", "-0.3", "2"], say="what the network puts out")
    corner = d.given("c", [4, 6], say="the column and row of the cell")
    prior = d.given("p", [3, 2], say="the width and height of the anchor, in cells")
    cell = d.given("g", 32, say="the side of a cell in pixels")
    d.section("The box")
    decode_anchor(d, t, corner, prior, cell)
    require_counts(d, "g")
    return d


@example("002-yolo-iou", "09_object_detection")
def yolo_iou() -> Derivation:
    """Intersection over union of two boxes."""
    d = Derivation(
        "How well do two boxes agree?",
        about="The area that two boxes share, divided by the area that they cover together. The "
        "boxes are ours: left, top, right and bottom edge.",
    )
    d.section("Given")
    a = d.given("A", [1, 1, 5, 5], say="the true box")
    b = d.given("B", [3, 2, 7, 6], say="the predicted box")
    d.section("Areas")
    areas = area(d, a, "S_A"), area(d, b, "S_B")
    d.section("Overlap")
    iou(d, a, b, areas)
    return d


BOXES = {"A": [1, 1, 5, 5], "B": [2, 1, 6, 5], "C": [7, 7, 9, 9]}


@example("002-yolo-nms", "09_object_detection")
def yolo_nms() -> Derivation:
    """Non-maximum suppression of three boxes."""
    d = Derivation(
        "Which boxes stay?",
        about="Several boxes may stand for one object. We keep the box that is most sure, drop "
        "those that overlap it by more than one half, and repeat. The boxes are ours.",
    )
    d.section("Given")
    boxes = {
        name: d.given(name, edges, say=f"box {name}: left, top, right and bottom edge")
        for name, edges in BOXES.items()
    }
    scores = d.given("s", ["0.9", "0.8", "0.7"], say="how sure each box is")
    threshold = d.given("t", "0.5", say="more overlap than this is too much")
    suppress(d, boxes, scores, threshold)
    return d


@example("002-yolo-tensors", "09_object_detection")
def yolo_tensors() -> Derivation:
    """How many numbers the first two versions of YOLO put out."""
    d = Derivation(
        "How much comes out for an image",
        about="A box is 5 numbers: four for its place and one for being sure of it. How many "
        "numbers do the first two versions put out for one image, with 20 classes?",
    )
    d.section("Version 1: a cell has one set of classes for all its boxes")
    s1 = d.given("S1", 7, say="cells along each side")
    b1 = d.given("B1", 2, say="boxes for each cell")
    c = d.given("C", 20, say="classes")
    d.step("N1", s1 * s1 * (b1 * 5 + c), say="cells times numbers for each cell")
    d.section("Version 2: each box has its own classes")
    s2 = d.given("S2", 13, say="cells along each side")
    b2 = d.given("B2", 5, say="anchor boxes for each cell")
    d.step("N2", s2 * s2 * b2 * (5 + c), say="cells times boxes times numbers for each box")
    require_counts(d, "S1", "B1", "C", "S2", "B2")
    return d


@example("002-yolo-grids", "09_object_detection")
def yolo_grids() -> Derivation:
    """The grids of the later versions of YOLO."""
    d = Derivation(
        "How fine are the grids?",
        about="Later versions look at three scales: a cell stands for 32, 16 or 8 pixels. How many "
        "cells are there along a side? The sides of the images are the usual ones.",
    )
    d.section("Versions 2 and 3")
    m = d.given("m", 416, say="the side of the image in pixels")
    s = d.given("s", [32, 16, 8], say="pixels for each cell, at three scales")
    boxes = d.given("B3", 3, say="anchor boxes for each cell at each scale")
    grids = d.step("S3", m / s, say="cells along a side; version 2 has the first grid alone")
    d.step("N3", total(boxes * grids**2), say="how many boxes the three grids have together")
    d.section("Version 8")
    d.step("S8", d.given("m8", 640, say="the side of the image") / s, say="the three grids")
    d.section("Which image has the grids that the page names?")
    page = d.given("S_page", [16, 32, 64], say="the grids of the page")
    d.step("m_page", page * s, say="cells times pixels: the same side at all three scales")
    require_counts(d, "m", "B3", "m8", "S3", "S8", "s", "S_page")
    return d


@example("002-yolo-loss", "09_object_detection", Vary(stays="t"))
def yolo_loss() -> Derivation:
    """The loss of one cell, and how it changes with each output."""
    d = Derivation(
        "How far is a cell from the truth?",
        about="We compare the 8 numbers of a cell with the true ones. Differences of both signs "
        "must not cancel, so they are squared. The numbers are ours.",
    )
    d.section("Given")
    y = d.given("y", CELL, say="predicted")
    t = d.given("t", [1, "0.6", "0.4", 1, 1, 0, 1, 0], say="true")
    d.section("Loss")
    e = d.step("e", y - t, say="the difference of each number")
    loss = d.step("L", total(e**2), say="all squares added up")
    d.section("Backward")
    d.backward(loss, [y])
    return d


@erratum("002-yolo-loss-difference", example="002-yolo", line=524)
def plain_difference() -> tuple[Derivation, Step, Step]:
    """The loss is a plain difference, in which errors of opposite signs cancel, not a square."""
    d = Derivation("A loss, as printed and right")
    t, y = d.givens(t=[1, "0.5"], y=["0.5", 1])
    wrong = d.step("L_printed", total(t - y), say="as printed")
    right = d.step("L_right", total((t - y) ** 2), say="squares cannot cancel")
    return d, wrong, right


MAPS = [[[1, 2], [3, 4]], [[3, 0], [1, 2]]]


def _centred(weight: str) -> list[list[str]]:
    """A 7x7 filter that is zero but for its centre."""
    return [[weight if i == j == 3 else "0" for j in range(7)] for i in range(7)]


@example("002-cbam", "09_object_detection")
def spatial_attention() -> Derivation:
    """Spatial attention on a map of 2x2."""
    d = Derivation(
        "Where to look: spatial attention",
        about="Which places of a feature map matter? Mean and maximum over the channels go through "
        "one filter of 7 by 7 and a sigmoid, which gives each place a weight. The numbers are "
        "ours; the filter has weights at its centre only, so that it can be done by hand.",
    )
    d.section("Given")
    f = d.given("F", MAPS, say="two channels of 2 by 2")
    k = d.given("K", [_centred("0.5"), _centred("0.25")], say="the filter, one part for each map")
    side = d.given("f", 7, say="its side")
    d.step("p", (side - 1) / 2, say="the padding that keeps the size")
    d.section("Attention")
    average = d.step("F_avg", mean(f, 0), say="the mean of the channels at each place")
    top = d.step("F_max", largest(f, 0), say="the largest of the channels at each place")
    both = d.step("D", stack(average, top), say="the two maps, one behind the other")
    z = d.step("z", correlate(both, k, padding=3), say="the filter over zeros around the maps")
    m = d.step("M_s", sigmoid(z), say="a weight between 0 and 1 for each place")
    d.section("Result")
    d.step("F'", f * m, say="each channel is weighed, place by place")
    require_counts(d, "f", "p")
    return d


@example("002-cbam-channel", "09_object_detection")
def channel_attention() -> Derivation:
    """Channel attention on the same map."""
    d = Derivation(
        "What to look at: channel attention",
        about="Which channels matter? Mean and maximum over the places go through the same small "
        "network; the sum goes through a sigmoid. This half comes before the spatial one. The "
        "numbers are ours.",
    )
    d.section("Given")
    f = d.given("F", MAPS, say="two channels of 2 by 2")
    w0 = d.given("W0", [["0.5", "-0.25"]], say="from two channels down to one hidden unit")
    w1 = d.given("W1", [[1], [-2]], say="and back to two")
    d.section("Attention")
    average = d.step("a", reshape(average_pool(f, 2), (2,)), say="the mean of each channel")
    top = d.step("m", reshape(max_pool(f, 2), (2,)), say="the largest entry of each channel")
    h1 = d.step("h_avg", relu(w0 @ average), say="the hidden unit for the means")
    h2 = d.step("h_max", relu(w0 @ top), say="the same network for the maxima")
    z = d.step("z", w1 @ h1 + w1 @ h2, say="both ways back to the channels, added up")
    m = d.step("M_c", sigmoid(z), say="a weight between 0 and 1 for each channel")
    d.section("Result")
    d.step("F'", f * reshape(m, (2, 1, 1)), say="each channel times its weight")
    return d


@example("002-rcnn", "09_object_detection", Vary(stays="q r"))
def rcnn() -> Derivation:
    """Nine anchor boxes: three sizes, three shapes."""
    d = Derivation(
        "Nine anchors",
        about="At each place of its map, the region proposal network looks at nine boxes: three "
        "areas, each in three shapes. How wide and high are they? The sizes are the usual ones, "
        "chosen by us; the page names three scales of the map.",
    )
    d.section("Given")
    ratios = d.given("r", ["1/2", 1, 2], say="height to width: flat, square, tall")
    for k, length in enumerate((128, 256, 512), start=1):
        d.section(f"Size {k}")
        s = d.given(f"s{k}", length, say="the side of its square")
        anchors(d, s, ratios, str(k))
    d.section("How many are there?")
    a, b = d.given("a", 3, say="sizes"), d.given("b", 3, say="shapes")
    kinds = d.step("k", a * b, say="boxes at each place")
    m = d.given("m", 640, say="the side of the image in pixels")
    scales = d.given("q", ["1/8", "1/16", "1/32"], say="the scales of the map")
    n = d.step("n", m * scales, say="the side of the map at each scale")
    d.step("N", kinds * n**2, say="anchors on each map")
    require_counts(d, "s1", "s2", "s3", "a", "b", "m")
    return d


@erratum("002-yolo-no-grid", example="002-yolo-tensors", line=534)
def no_grid() -> tuple[Derivation, Step, Step]:
    """Version 1 has a grid, too: 7 by 7 cells, each with its boxes and classes."""
    d = yolo_tensors()
    d.section("As printed")
    wrong = d.step("N_printed", d["B1"] * 5 + d["C"], say="with no grid: one cell for all")
    return d, wrong, cast("Step", d["N1"])
