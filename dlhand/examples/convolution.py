"""Convolution by hand: a 6x6 image and 3x3 filters, sizes, coverage, pooling, backward (003)."""

from __future__ import annotations

from dlhand import (
    Derivation,
    average_pool,
    correlate,
    max_pool,
    pad,
    sqrt,
    total,
)
from dlhand.calculators.convolution import coverage, windows
from dlhand.calculators.counting import side
from dlhand.calculators.wanted import require_counts, require_fit
from dlhand.derivation.entries import Given, Step
from dlhand.examples import Vary, erratum, example

IMAGE = [
    [3, 0, 1, 2, 7, 4],
    [1, 5, 8, 9, 3, 1],
    [2, 7, 2, 5, 1, 3],
    [0, 1, 3, 1, 7, 8],
    [4, 2, 1, 6, 2, 8],
    [2, 4, 5, 2, 3, 9],
]
VERTICAL = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]
HORIZONTAL = [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
SOBEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
LAPLACE = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


@example("003-conv", "08_convolution", Vary(places="K"))
def conv() -> Derivation:
    """A 6x6 image and a vertical 3x3 filter: all 16 windows."""
    d = Derivation(
        "Sixteen windows of a convolution",
        about="A filter of 3 by 3 slides over an image of 6 by 6. What comes out at each of its "
        "places? This filter takes the right column of a window from the left one, so it answers "
        "to vertical edges.",
    )
    d.section("Given")
    image = d.given("A", IMAGE, say="the image")
    kernel = d.given("K", VERTICAL, say="the filter for vertical edges")
    d.section("Window by window")
    windows(d, image, kernel)
    return d


@example("003-conv-columns", "08_convolution")
def columns() -> Derivation:
    """The same convolution by column sums."""
    d = Derivation(
        "The vertical filter by column sums",
        about="Each column of this filter holds one number three times. Can that save work? We add "
        "up the columns once, and each output is then a single difference.",
    )
    d.section("Given")
    image = d.given("A", IMAGE, say="the image")
    ones = d.given("u", [[1], [1], [1]], say="a column of ones")
    d.section("Output")
    c = d.step("C", correlate(image, ones), say="the sums of three entries below each other")
    d.step("Y", c[:, :4] - c[:, 2:], say="the sum on the left minus the sum two columns on")
    return d


@example("003-conv-filters", "08_convolution", Vary(places="K_h K_s"))
def filters() -> Derivation:
    """The 6x6 image with the horizontal filter and with a Sobel filter."""
    d = Derivation(
        "Other filters on the same image",
        about="What do the filter for horizontal edges and a Sobel filter give? The Sobel filter "
        "counts the middle row twice, so the nearest pixels weigh most.",
    )
    d.section("Given")
    image = d.given("A", IMAGE, say="the image")
    across = d.given("K_h", HORIZONTAL, say="the filter for horizontal edges")
    sobel = d.given("K_s", SOBEL, say="a Sobel filter for vertical edges")
    d.section("Output")
    d.step("Y_h", correlate(image, across), say="the horizontal filter at all its places")
    d.step("Y_s", correlate(image, sobel), say="the Sobel filter at all its places")
    return d


@example("003-conv-flip", "08_convolution", Vary(places="K"))
def flip() -> Derivation:
    """Cross-correlation and true convolution."""
    d = Derivation(
        "Is it a convolution?",
        about="Networks slide the filter as it stands, which is called cross-correlation. A "
        "convolution in mathematics turns the filter by half a turn first. What changes here?",
    )
    d.section("Given")
    image = d.given("A", IMAGE, say="the image")
    kernel = d.given("K", VERTICAL, say="the filter")
    d.section("As networks do it")
    y = d.step("Y", correlate(image, kernel), say="the filter as it stands")
    d.section("As mathematics does it")
    turned = d.step("R", kernel[::-1, ::-1], say="the filter, rows and columns in reverse")
    true = d.step("Y_R", correlate(image, turned), say="the turned filter at all its places")
    d.step("D", y + true, say="their sum: zero where only the sign has changed")
    return d


@example("003-conv-padding", "08_convolution", Vary(places="K"))
def padding() -> Derivation:
    """The 6x6 image with a frame of zeros: the output keeps its size."""
    d = Derivation(
        "Zeros around the edge",
        about="How does the output keep the size of the image? A frame of zeros around the image "
        "gives the filter as many places as there are pixels.",
    )
    d.section("Given")
    image = d.given("A", IMAGE, say="the image")
    kernel = d.given("K", VERTICAL, say="the filter for vertical edges")
    d.section("Output")
    framed = d.step("P", pad(image, 1), say="the image with one row or column of zeros all around")
    d.step("Y", correlate(framed, kernel), say="the filter at all its places: 6 by 6 again")
    return d


def _small(d: Derivation) -> tuple[Given, Given, Given, Given]:
    """A small image, a filter, a bias and a target."""
    return (
        d.given("X", [[1, 0, 2], [3, 1, 0], [0, 2, 1]], say="the image"),
        d.given("K", [[1, -1], [0, 2]], say="the filter"),
        d.given("b", 1, say="the bias, the same at all places"),
        d.given("T", [[3, 0], [4, 5]], say="the target"),
    )


@example("003-conv-backward", "08_convolution")
def backward() -> Derivation:
    """Convolution backward: gradients of image, filter and bias."""
    d = Derivation(
        "A convolution, backward",
        about="How does the loss change with each weight and each pixel? The numbers are our own.",
    )
    d.section("Given")
    x, k, b, t = _small(d)
    d.section("Forward")
    y = d.step("Y", correlate(x, k) + b, say="the filter at its four places, and the bias")
    loss = d.step("L", total((y - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    g = d.backward(loss, [k, b, x])
    d.section("The same as two convolutions")
    d.step("U", correlate(x, g[y]), say="filter: slide the output's gradient over the image")
    r = d.step("R", k[::-1, ::-1], say="the filter turned by half a turn")
    p = d.step("P", pad(g[y], 1), say="the output's gradient with zeros around it")
    d.step("V", correlate(p, r), say="image: slide the turned filter over that")
    d.section("Update")
    alpha = d.given("alpha", "0.1", say="the learning rate")
    k_new = d.step("K'", k - alpha * g[k], say="one step against the gradient")
    b_new = d.step("b'", b - alpha * g[b], say="the bias takes the same step")
    y = d.step("Y'", correlate(x, k_new) + b_new, say="the outputs with the new filter")
    d.step("L'", total((y - t) ** 2) / 2, say="the loss after the step")
    return d


@example("003-conv-backward-windows", "08_convolution")
def backward_windows() -> Derivation:
    """Convolution backward, window by window."""
    d = Derivation(
        "A convolution backward, one window at a time",
        about="Each output is a sum of products, so its gradient flows to its own window and to "
        "the shared filter. A pixel collects from all windows that see it. The numbers are those "
        "of the example before, and ours.",
    )
    d.section("Given")
    x, k, b, t = _small(d)
    d.section("Forward")
    y = windows(d, x, k, b)
    loss = d.step("L", total((y - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    d.backward(loss, [k, b, x])
    return d


POOL_IMAGE = [[1, 3, 2, 0], [4, 2, 1, 5], [0, 1, 2, 2], [6, 3, 0, 1]]


@example("003-conv-maxpool", "08_convolution")
def max_pooling() -> Derivation:
    """Max-pooling forward and backward."""
    d = Derivation(
        "Max-pooling, forward and backward",
        about="Which pixels learn from a max-pooling layer? Only the largest of each window, "
        "since the others did not change the output; of equal ones the first. The numbers are "
        "our own.",
    )
    d.section("Given")
    x = d.given("X", POOL_IMAGE, say="the image")
    t = d.given("T", [[3, 4], [6, 0]], say="the target")
    d.section("Forward")
    m = d.step("M", max_pool(x, 2), say="the largest of each window of 2 by 2")
    loss = d.step("L", total((m - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    d.backward(loss, [x])
    return d


@example("003-conv-avgpool", "08_convolution")
def average_pooling() -> Derivation:
    """Average-pooling forward and backward."""
    d = Derivation(
        "Average-pooling, forward and backward",
        about="Which pixels learn from an average-pooling layer? All of a window alike: each gets "
        "a quarter of what arrives. The numbers are our own.",
    )
    d.section("Given")
    x = d.given("X", POOL_IMAGE, say="the image")
    t = d.given("T", [[2, 1], [2, "0.25"]], say="the target")
    d.section("Forward")
    m = d.step("M", average_pool(x, 2), say="the mean of each window of 2 by 2")
    loss = d.step("L", total((m - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    d.backward(loss, [x])
    return d


CORNER = [[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 4, 4, 4], [0, 0, 4, 4, 4], [0, 0, 4, 4, 4]]


@example("003-edge-detectors", "08_convolution", Vary(stays="K_p K_s K_z"))
def edge_detectors() -> Derivation:
    """Prewitt, Sobel and Laplace filters on the corner of a bright square."""
    d = Derivation(
        "Filters that find edges",
        about="What do the usual edge filters answer at the corner of a bright square? The "
        "picture is our own. The Canny detector is no single filter but a procedure: smooth, "
        "take the Sobel strength below, keep only its ridges, and join strong to weak ones.",
    )
    d.section("Given")
    image = d.given("A", CORNER, say="a bright square that begins in the third row and column")
    p, s = d.given("K_p", VERTICAL, say="Prewitt"), d.given("K_s", SOBEL, say="Sobel")
    z = d.given("K_z", LAPLACE, say="Laplace: four times the middle against its neighbours")
    for letter, kernel, name in (("p", p, "Prewitt"), ("s", s, "Sobel")):
        d.section(name)
        down = d.step(f"Y_{letter}", correlate(image, kernel), say="finds vertical edges")
        turned = d.step(f"K_{letter}'", kernel.T, say="its transpose")
        across = d.step(f"Y_{letter}'", correlate(image, turned), say="finds horizontal edges")
        strength = sqrt(down**2 + across**2)
        d.step(f"G_{letter}", strength, say="the strength of the edge in any direction")
    d.section("Laplace")
    d.step("Y_z", correlate(image, z), say="changes its sign where brightness jumps")
    return d


@example("003-conv-size", "08_convolution")
def conv_size() -> Derivation:
    """The size of the output, with padding and stride."""
    d = Derivation(
        "How large is the output?",
        about="How many places does a filter find along a side? First without padding, then with "
        "padding and a stride.",
    )
    d.section("Given")
    m, f = d.given("m", 6, say="the side of the image"), d.given("f", 3, say="that of the filter")
    s1, s2 = d.given("s1", 1, say="a stride"), d.given("s2", 2, say="another stride")
    d.section("Without padding, one step at a time")
    n = d.step("n", m - f + 1, say="the filter cannot start in the last f - 1 columns")
    d.step("n'", n - f + 1, say="a second layer shrinks it again")
    d.section("With padding")
    p = d.step("p", (f - 1) / 2, say="the padding that keeps the size")
    d.step("n_p", side(m, f, s1, p), say="with it, the output is as large as the image")
    d.section("With a stride of two")
    d.step("n_s", side(m, f, s2), say="a place that does not fit wholly does not count")
    d.step("n_sp", side(m, f, s2, p), say="and with padding")
    require_counts(d, "m", "f", "s1", "s2")
    require_fit(d, "f", "m")
    require_fit(d, "f", "n")
    return d


@example("003-conv-size-coverage", "08_convolution", Vary(among={"J": [0, 1]}))
def coverage_plain() -> Derivation:
    """How often each pixel of a 6x6 image is seen by a 3x3 filter."""
    d = Derivation(
        "Does the filter see all pixels equally often?",
        about="A corner pixel lies in one window only, one in the middle in nine. We count.",
    )
    coverage(d, (6, 6), 3)
    return d


@example("003-conv-size-coverage-padded", "08_convolution", Vary(among={"J": [0, 1]}))
def coverage_padded() -> Derivation:
    """How often each pixel is seen when there is a frame of zeros."""
    d = Derivation(
        "Coverage with padding",
        about="A frame of zeros lets the filter go over the edge. Are all pixels then seen "
        "equally often? More equally, but not quite.",
    )
    coverage(d, (6, 6), 3, padding=1)
    return d


@erratum("002-conv-size-divisor", example="002-conv", line=354)
def size_divisor() -> tuple[Derivation, Step, Step]:
    """The output size is divided by the padding, with the 1 inside, instead of by the stride."""
    d = Derivation("The size of an output, as printed and right")
    n, f, s, p = d.givens(n=6, f=3, s=2, p=1)
    wrong = d.step("n_printed", (n + 2 * p - f + 1) / p, say="as printed")
    right = d.step("n_right", side(n, f, s, p), say="divided by the stride, then one more")
    return d, wrong, right
