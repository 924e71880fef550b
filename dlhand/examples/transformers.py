"""The transformer around attention: layers, patches, labels, learning rate (000 and 004)."""

from __future__ import annotations

from dlhand import Derivation, concatenate, minimum, relu, softmax, total
from dlhand.calculators.attention import attend, feed_forward, normalise, project
from dlhand.calculators.encoding import label_smoothing, patches
from dlhand.calculators.wanted import require_counts
from dlhand.examples import Vary, example


@example("000-transformer-text", "16_transformers")
def two_mixers() -> Derivation:
    """A transformer's two halves: attention mixes positions, the layer mixes features."""
    d = Derivation(
        "Attention mixes positions, the layer mixes features",
        about="A transformer layer has two halves. What does each of them mix? Two features of "
        "three positions, a column each; the numbers are ours.",
    )
    d.section("Given")
    x = d.given("X", [[2, 0, 4], [0, 6, 2]], say="a row for each feature, a column each position")
    a = d.given("A", [["0.5", 0, "0.25"], ["0.5", 1, "0.25"], [0, 0, "0.5"]],
                say="attention weights: how much each column takes from each position")  # fmt: skip
    w1, b1 = d.givens(W_1=[[1, -1], [1, 1], [0, 1]], b_1=[[0], [-5], [0]])
    w2, b2 = d.givens(W_2=[[1, 0, 2], [0, 1, -1]], b_2=[[0], [1]])
    d.section("Attention: the positions are mixed, each feature by itself")
    d.step("c", total(a, axis=0), say="the weights of each column add up to 1")
    z = d.step("Z", x @ a, say="each column is now a mixture of positions")
    d.section("Feed-forward: the features are mixed, each position by itself")
    u = d.step("U", w1 @ z + b1, say="three hidden units for each position")
    h = d.step("H", relu(u), say="what is below 0 is cut off")
    d.step("Y", w2 @ h + b2, say="two features for each position again")
    d.section("The second position alone")
    alone = d.step("h_2", relu(w1 @ z[:, 1:2] + b1), say="the same layer on its column")
    d.step("y_2", w2 @ alone + b2, say="its column of Y: the others had no part in it")
    return d


@example("004-attention-encoder", "16_transformers")
def encoder_layer() -> Derivation:
    """A whole encoder layer: attention, feed-forward, and a normalised sum after each."""
    d = Derivation(
        "One encoder layer",
        about="Two tokens go through attention and a feed-forward layer; after each, the input is "
        "added back and the rows are normalised. What comes out? The numbers are ours.",
    )
    d.section("Given")
    x = d.given("X", [[1, 0, 2], [0, 2, 1]], say="a row for each token")
    weights = d.givens(W_Q=[[1], [0], [0]], W_K=[[0], [1], [1]],
                       W_V=[[1, 0, 0], [0, 2, 0], [0, 0, 1]])  # fmt: skip
    w1, b1 = d.givens(W_1=[[1, 0], [0, 1], [1, 1]], b_1=[0, 1])
    w2, b2 = d.givens(W_2=[[1, 0, 0], [0, 1, -1]], b_2=[0, 0, 1])
    d.section("Attention")
    z = attend(d, *project(d, x, weights)).output
    d.section("Add and normalise")
    a = normalise(d, d.step("R_1", x + z, say="the input is added back"), mark="_1")
    d.section("Feed-forward")
    f = feed_forward(d, a, w1, b1, w2, b2)
    d.section("Add and normalise again")
    normalise(d, d.step("R_2", a + f, say="what went in is added back"), mark="_2")
    return d


@example("004-attention-vit", "18_vision_transformers")
def vit_sizes() -> Derivation:
    """A vision transformer's tokens: how many, and how long."""
    d = Derivation(
        "An image as a sentence",
        about="A vision transformer cuts an image into patches and reads them as words. How many "
        "words does an image have, and how many numbers has each?",
    )
    d.section("Given")
    side = d.given("side", 224, say="pixels along each side of the image")
    size = d.given("p", 16, say="pixels along each side of a patch")
    channels = d.given("c", 3, say="red, green and blue")
    d.section("Count")
    row = d.step("r", side / size, say="patches in a row")
    n = d.step("n", row**2, say="patches in the image")
    tokens = d.step("t", n + 1, say="with one more token, from which the class is read")
    width = d.step("w", size**2 * channels, say="numbers in a patch")
    d.step("W", width * width, say="weights that take a patch to a token of the same length")
    d.step("P", tokens * width, say="numbers that tell the positions, if they are learnt")
    d.step("A", tokens**2, say="attention weights in one head")
    require_counts(d, "side", "p", "c", "r")
    return d


@example("004-attention-patches", "18_vision_transformers")
def vit() -> Derivation:
    """A vision transformer on an image of four by four pixels."""
    d = Derivation(
        "From pixels to a class",
        about="A very small image goes through a very small vision transformer: patches, a class "
        "token, positions, attention, class. Which class comes out? The numbers are ours.",
    )
    d.section("Given")
    rows = [[0, 1, 2, 0], [1, 0, 0, 2], [1, 1, 0, 0], [1, 1, 0, 4]]
    image = d.given("I", rows, say="the pixels")
    embed = d.given("W_E", [[1, 0], [0, 1], [0, 1], [1, 0]], say="takes a patch to a token")
    first = d.given("x_c", [[1, 1]], say="the class token, which is learnt")
    pos = d.given("P", [[0, 0], [1, 0], [0, 1], [-1, 1], [0, -1]], say="positions, learnt too")
    out = d.given("W_C", [[1, 0], [0, 1]], say="reads the class from the first token")
    d.section("Tokens")
    words = d.step("X_e", patches(d, image, 2) @ embed, say="a token of two numbers each")
    x = d.step("X", concatenate(first, words) + pos, say="the class token first; positions added")
    d.section("Attention of the tokens to one another; queries, keys and values are the tokens")
    z = attend(d, x, x, x).output
    d.section("Class")
    logits = d.step("z", z[0] @ out, say="only the first row of the output is used")
    d.step("y_hat", softmax(logits), say="the probability of each class")
    return d


@example("004-attention-label-smoothing", "16_transformers")
def smooth_labels() -> Derivation:
    """Label smoothing, with the loss and its gradient."""
    d = label_smoothing(1, 4, "0.1", logits=[1, 3, 0, 0])
    d.about += " Four classes, of which the second is right; a tenth is shared out. Our numbers."
    d.section("For comparison")
    d.step("g", d["p"] - d["y_s"], say="probabilities minus label: the same gradient")
    d.step("g_hard", d["p"] - d["y"], say="the gradient with the label as it was")
    return d


@example(
    "004-attention-warmup", "16_transformers", Vary(stays="w n_1 n_2 n_3 w_p n_p_1 n_p_2 n_p_3")
)
def warm_up() -> Derivation:
    """The learning rate that first rises, then falls."""
    d = Derivation(
        "A learning rate that warms up",
        about="The rate rises in a line for w steps and then falls like one over the root of the "
        "step. How large is it before, at and after the peak? Our sizes, then those of the paper.",
    )
    sizes = {"": (64, 100, (25, 100, 400)), "_p": (512, 4000, (1000, 4000, 16000))}
    for mark, (width, steps, times) in sizes.items():
        d.section("Small sizes" if not mark else "The sizes of the paper")
        w_d = d.given(f"d{mark}", width, say="numbers a token")
        warm = d.given(f"w{mark}", steps, say="steps of warming up")
        for k, time in enumerate(times, 1):
            n = d.given(f"n{mark}_{k}", time, say="the step we look at")
            rise = d.step(f"rise{mark}_{k}", n * warm ** "-3/2", say="the rising line")
            fall = d.step(f"fall{mark}_{k}", n ** "-1/2", say="the falling curve")
            d.step(f"eta{mark}_{k}", w_d ** "-1/2" * minimum(rise, fall),
                   say="the smaller of the two, over the root of the width")  # fmt: skip
    require_counts(d, *[given.name for given in d.given_entries])
    return d
