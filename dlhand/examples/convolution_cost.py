"""What a convolution costs: standard, depthwise separable, with a 1x1 bottleneck (002, 003)."""

from __future__ import annotations

from dlhand import Derivation, correlate, relu, stack
from dlhand.calculators.convolution import windows
from dlhand.calculators.counting import Conv, Depthwise, Layer, Pool, Volume, count, image, side
from dlhand.calculators.wanted import require_counts, require_fit
from dlhand.derivation.entries import Step
from dlhand.examples import erratum, example


def _both_ways(d: Derivation) -> tuple[Volume, Volume, Volume, Volume]:
    """The image, its convolution, and the same in two parts: depthwise, then pointwise."""
    d.section("Given")
    source = image(d, 6, 3)
    (standard,) = count(d, source, [Conv("full", 5, 3, bias=False)])
    parts: list[Layer] = [Depthwise("depth", 3, bias=False), Conv("point", 5, 1, bias=False)]
    deep, point = count(d, source, parts)
    d.section("Comparison")
    return source, standard, deep, point


@example("002-conv", "08_convolution")
def cost() -> Derivation:
    """The cost of a convolution, and of its depthwise separable form."""
    d = Derivation(
        "What does a convolution cost?",
        about="An image of 6 by 6 with 3 channels, 5 filters of 3 by 3. How many multiplications "
        "does the convolution take, and how many when it is done in two parts: each channel by "
        "itself, then a mixture of the channels?",
    )
    _, standard, deep, point = _both_ways(d)
    both = d.step("M_both", deep.multiplications + point.multiplications, say="both parts together")
    d.step("r", both / standard.multiplications, say="the share of the cost that is left")
    r = 1 / standard.channels + 1 / (d["f_full"] * d["f_full"])
    d.step("r'", r, say="the same from the sizes alone: one over filters, plus one over area")
    return d


@example("002-conv-params", "08_convolution")
def parameters() -> Derivation:
    """The weights of a convolution, and of its depthwise separable form."""
    d = Derivation(
        "How many weights does it learn?",
        about="The same two ways to convolve. How many weights do they have, without biases and "
        "with one bias for each filter?",
    )
    source, standard, deep, point = _both_ways(d)
    weights = deep.parameters + point.parameters
    d.step("P_both", weights, say="weights of both parts, without biases")
    b = standard.parameters + standard.channels
    d.step("B_full", b, say="the standard convolution with one bias for each filter")
    b = weights + source.channels + point.channels
    d.step(
        "B_both", b, say="both parts with their biases: one for each channel, one for each filter"
    )
    return d


@example("002-conv-sizes", "08_convolution")
def sizes() -> Derivation:
    """The output side for other paddings and strides."""
    d = Derivation(
        "Other paddings and strides",
        about="The image has side 6 and the filter side 3. What comes out with padding 1, with "
        "stride 2, and with both? The variants are ours.",
    )
    d.section("Given")
    n, f = d.given("n", 6, say="the image"), d.given("f", 3, say="the filter")
    d.section("Output")
    for s in (1, 2):
        for p in (0, 1):
            stride = d.given(f"s_{s}{p}", s, say="stride")
            frame = d.given(f"p_{s}{p}", p, say="padding")
            words = f"the side of the output with stride {s} and padding {p}"
            d.step(f"m_{s}{p}", side(n, f, stride, frame), say=words)
    require_counts(d, "n", "f", "s_10", "s_11", "s_20", "s_21")
    require_counts(d, "p_10", "p_11", "p_20", "p_21", least=0)
    require_fit(d, "f", "n")
    return d


COLOURS = [[[1, 2, 0], [0, 1, 3], [2, 1, 1]], [[0, 1, 1], [2, 0, 1], [1, 3, 0]]]
FILTER = [[[1, 0], [0, -1]], [[0, 1], [2, 0]]]


@example("002-conv-numbers", "08_convolution")
def numbers() -> Derivation:
    """A convolution over two channels, with numbers."""
    d = Derivation(
        "A convolution over two channels",
        about="How does one filter see several channels at once? Each channel has its own part "
        "of the filter, and all products go into one sum. The numbers are ours.",
    )
    d.section("Given")
    x = d.given("X", COLOURS, say="an image of 3 by 3 with two channels")
    k = d.given("K", FILTER, say="one filter: a matrix of 2 by 2 for each channel")
    d.section("Window by window")
    windows(d, x, k, d.given("b", 1, say="the bias"))
    return d


@example("002-conv-separable", "08_convolution")
def separable() -> Derivation:
    """A depthwise separable convolution, with numbers."""
    d = Derivation(
        "Depthwise, then pointwise",
        about="The depthwise part filters each channel by itself, so the channels cannot learn "
        "of each other. The pointwise part mixes them, pixel by pixel. The numbers are ours.",
    )
    d.section("Given")
    x = d.given("X", COLOURS, say="an image of 3 by 3 with two channels")
    k = d.given("K", FILTER, say="one filter of 2 by 2 for each channel")
    v = d.given("V", [[[[1]], [[-1]]], [[[2]], [[1]]]], say="two pointwise filters")
    d.section("Depthwise")
    y1 = d.step("y1", correlate(x[0], k[0]), say="the first channel with its filter")
    y2 = d.step("y2", correlate(x[1], k[1]), say="the second channel with its own")
    d.section("Pointwise")
    y = d.step("Y", stack(y1, y2), say="the two maps, one behind the other")
    z = d.step("Z", correlate(y, v), say="each pixel of each output mixes the two maps")
    d.step("H", relu(z), say="an activation after it makes the mixture more than linear")
    return d


@example("003-conv-1x1", "08_convolution")
def bottleneck() -> Derivation:
    """A 5x5 convolution with and without a 1x1 bottleneck."""
    d = Derivation(
        "From 120 to 12 million",
        about="32 filters of 5 by 5 on 28 by 28 with 192 channels are dear. What do they cost "
        "when a 1 by 1 convolution first brings the channels down to 16?",
    )
    d.section("Given")
    source = image(d, 28, 192)
    (direct,) = count(d, source, [Conv("direct", 32, 5, padding=2, bias=False)])
    narrow = Conv("narrow", 16, 1, bias=False)
    parts = count(d, source, [narrow, Conv("wide", 32, 5, padding=2, bias=False)])
    d.section("Comparison")
    m = d.step("M", parts[0].multiplications + parts[1].multiplications, say="both together")
    d.step("r", direct.multiplications / m, say="how many times cheaper that is")
    p = parts[0].parameters + parts[1].parameters
    d.step("P", p, say="the weights of both, where the direct way has P_direct")
    return d


@example("003-conv-1x1-side", "08_convolution")
def side_without_padding() -> Derivation:
    """A 5x5 filter on a side of 28 without padding."""
    d = Derivation(
        "Why the 5 by 5 filter needs padding",
        about="What is left of a side of 28 without padding, and which padding keeps it?",
    )
    d.section("Given")
    m, f = d.given("m", 28, say="the side"), d.given("f", 5, say="the filter")
    d.section("Output")
    d.step("n", m - f + 1, say="the places along a side without padding")
    p = d.step("p", (f - 1) / 2, say="the padding that keeps the size")
    d.step("n_p", m + 2 * p - f + 1, say="the places along a side with it")
    require_counts(d, "m", "f")
    require_fit(d, "f", "m")
    return d


@example("003-conv-1x1-small", "08_convolution")
def small_count() -> Derivation:
    """Counting the multiplications of a 2x2 filter on 4x4 pixels."""
    d = Derivation(
        "A count small enough to draw",
        about="A filter of 2 by 2 on 4 by 4 pixels: how many places, how many multiplications?",
    )
    d.section("Given")
    count(d, image(d, 4, 1), [Conv("conv", 1, 2, bias=False)])
    return d


@example("003-shape-control", "08_convolution")
def shape_control() -> Derivation:
    """What changes height and width, and what changes the channels."""
    d = Derivation(
        "Which layer changes which size?",
        about="Padding, stride and pooling set height and width; the number of filters sets the "
        "channels, and a 1 by 1 convolution does nothing else. One layer of each kind behind the "
        "same image of our own, 8 by 8 with 4 channels.",
    )
    d.section("Given")
    source = image(d, 8, 4)
    for layer in (
        Conv("plain", 4, 3),
        Conv("padded", 4, 3, padding=1),
        Conv("strided", 4, 3, stride=2, padding=1),
        Pool("pooled", 2),
        Conv("more", 16, 3, padding=1),
        Conv("fewer", 2, 1),
    ):
        count(d, source, [layer])
    return d


@erratum("003-conv-1x1-product", example="003-conv-1x1-side", line=368)
def product_for_difference() -> tuple[Derivation, Step, Step]:
    """The side of the output multiplies by the side of the filter instead of taking it off."""
    d = Derivation("The places along a side, as printed and right")
    m, f = d.givens(m=28, f=5)
    wrong = d.step("n_printed", m * f + 1, say="as printed")
    right = d.step("n_right", m - f + 1, say="the filter's side is taken off")
    return d, wrong, right
