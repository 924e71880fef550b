"""A small convolutional network counted; dense layers as convolutions; sliding windows (002)."""

from __future__ import annotations

from functools import reduce
from operator import add

from dlhand import Derivation, correlate, relu, reshape, total
from dlhand.calculators.counting import Conv, Dense, Layer, Pool, count, image
from dlhand.calculators.wanted import require_counts
from dlhand.derivation.entries import Step
from dlhand.examples import erratum, example

LAYERS: list[Layer] = [
    Conv("conv1", 8, 5),
    Pool("pool1", 2),
    Conv("conv2", 16, 5),
    Pool("pool2", 2),
    Dense("fc3", 120),
    Dense("fc4", 84),
    Dense("softmax", 10),
]


@example("002-cnn", "08_convolution")
def cnn() -> Derivation:
    """Sizes and parameters of a small convolutional network."""
    d = Derivation(
        "The parameter table of a small network",
        about="How many numbers does each layer put out, how many parameters does it learn, and "
        "which layers hold most of them?",
    )
    d.section("Input")
    volumes = count(d, image(d, 32, 3), LAYERS)
    d.section("All layers")
    parameters = [volume.parameters for volume in volumes]
    all_of_them = d.step("P", reduce(add, parameters), say="the parameters of all layers")
    dense = d.step("P_dense", reduce(add, parameters[4:]), say="those of the three dense layers")
    d.step("r", dense / all_of_them, say="the share of the dense layers: nearly all")
    return d


FEATURES = [[[1, 0], [2, 1]], [[0, 3], [1, 1]]]
WEIGHTS = [
    [1, 0, -1, 2, 0, 1, 1, 0],
    [0, 2, 1, 0, -1, 0, 1, 3],
    [2, 1, 0, -1, 1, 1, 0, 0],
]


@example("002-sliding", "09_object_detection")
def dense_as_convolution() -> Derivation:
    """A dense layer as a convolution with the same numbers."""
    d = Derivation(
        "A dense layer is a convolution",
        about="A dense layer multiplies every number of its input by a weight. A filter as large "
        "as the input does the same at its only place. The small numbers are ours.",
    )
    d.section("Given")
    x = d.given("X", FEATURES, say="two maps of 2 by 2")
    w = d.given("W", WEIGHTS, say="the weights of three units, a row for each")
    b = d.given("b", [1, 0, -1], say="their biases")
    d.section("As a dense layer")
    flat = d.step("x", reshape(x, (8,)), say="the maps in one long vector")
    d.step("z", w @ flat + b, say="each unit weighs all eight numbers")
    d.section("As a convolution")
    k = d.step("K", reshape(w, (3, 2, 2, 2)), say="each row of weights cut into two maps: a filter")
    y = correlate(x, k) + reshape(b, (3, 1, 1))
    d.step("Y", y, say="each filter has one place; the three numbers are those of the dense layer")
    return d


@example("002-sliding-count", "09_object_detection")
def dense_as_convolution_count() -> Derivation:
    """The first dense layer of the small network as a convolution."""
    d = Derivation(
        "As many weights as before",
        about="The small network has a dense layer of 120 units behind maps of 5 by 5 with 16 "
        "channels. As a convolution it has 120 filters of 5 by 5. Does it learn as many "
        "parameters?",
    )
    d.section("Given")
    source = image(d, 5, 16)
    (dense,) = count(d, source, [Dense("fc3", 120)])
    (conv,) = count(d, source, [Conv("conv3", 120, 5)])
    d.section("Comparison")
    d.step("D", dense.parameters - conv.parameters, say="no difference")
    return d


PICTURE = [[1, 0, 2, 1], [0, 3, 1, 0], [2, 1, 0, 1], [1, 0, 1, 2]]


@example("002-sliding-window", "09_object_detection")
def sliding_window() -> Derivation:
    """A sliding window, computed window by window and all at once."""
    d = Derivation(
        "A sliding window without doing work twice",
        about="A detector for 3 by 3 pixels looks at all four windows of an image of 4 by 4. It "
        "has a filter of 2 by 2 and then weighs the 2 by 2 map that this gives. Windows overlap, "
        "so what they share can be computed once. The numbers are ours.",
    )
    d.section("Given")
    x, k = d.given("X", PICTURE, say="the image"), d.given("K", [[1, 0], [-1, 1]], say="the filter")
    v = d.given("V", [[1, 2], [0, -1]], say="the weights of the last layer")
    d.section("Each window by itself")
    for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
        window = d.step(f"X_{i}{j}", x[i : i + 3, j : j + 3], say="what the window shows")
        h = d.step(f"H_{i}{j}", relu(correlate(window, k)), say="its map")
        d.step(f"z_{i}{j}", total(h * v), say="its score")
    d.section("All at once")
    h = d.step("H", relu(correlate(x, k)), say="one map for the whole image")
    d.step("Z", correlate(h, v), say="the last layer slides over it: the same four scores")
    return d


@example("002-sliding-window-cost", "09_object_detection")
def sliding_window_cost() -> Derivation:
    """The cost of a sliding window, both ways."""
    d = Derivation(
        "What the sliding window costs both ways",
        about="How many multiplications do the four windows take one by one, and how many at once?",
    )
    d.section("One window of 3 by 3")
    layers: list[Layer] = [Conv("map", 1, 2, bias=False), Conv("score", 1, 2, bias=False)]
    one = count(d, image(d, 3, 1), layers)
    d.section("The whole image of 4 by 4")
    layers = [Conv("map'", 1, 2, bias=False), Conv("score'", 1, 2, bias=False)]
    whole = count(d, image(d, 4, 1, name="all"), layers)
    d.section("Comparison")
    each = one[0].multiplications + one[1].multiplications
    m = d.step("M", d.given("k", 4, say="windows") * each, say="the windows one by one")
    at_once = whole[0].multiplications + whole[1].multiplications
    at_once = d.step("M'", at_once, say="the whole image at once")
    d.step("r", at_once / m, say="the share of the work that is left")
    require_counts(d, "k")
    return d


@erratum("002-sliding-line", example="002-sliding", line=502)
def line_without_input() -> tuple[Derivation, Step, Step]:
    """The equation of a linear unit adds the weight itself: its input is missing."""
    d = Derivation("A linear unit, as printed and right")
    m, x, b = d.givens(m=2, x=3, b=1)
    wrong = d.step("y_printed", m + b, say="as printed")
    right = d.step("y_right", m * x + b, say="the weight times the input, and the bias")
    return d, wrong, right
