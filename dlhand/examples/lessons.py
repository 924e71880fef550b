"""Small derivations of our own, made for explaining and not from any document."""

from __future__ import annotations

from dlhand import (
    Derivation,
    at_least,
    average_pool,
    correlate,
    elu,
    floor,
    gelu,
    greater,
    heaviside,
    is_largest,
    largest,
    leaky_relu,
    masked_softmax,
    max_pool,
    maximum,
    minimum,
    normal,
    pad,
    relu,
    reshape,
    sigmoid,
    sign,
    silu,
    softplus,
    stack,
    total,
    variance,
)
from dlhand.operations.pooling import max_pick


def one_neuron() -> Derivation:
    """One sigmoid neuron with its error and gradients, to show how a step is read.

    >>> one_neuron().value("z")
    -0.75
    """
    d = Derivation(
        "One neuron",
        about="What does the neuron put out, and how does its error change with the weight?",
    )
    d.section("Given")
    x, w, b, t = d.givens(x="0.5", w="-2", b="0.25", t=1)
    d.section("Forward", tells="The output is far below its target.")
    z = d.step("z", w * x + b, say="the input, weighted, and the bias")
    a = d.step("a", sigmoid(z), say="squeezed into the range from 0 to 1")
    error = d.step("E", (a - t) ** 2 / 2, say="half the squared distance from the target")
    d.section(
        "Backward", tells="Both slopes are negative: a larger w or b makes the error smaller."
    )
    d.backward(error, [w, b])
    return d


def one_row() -> Derivation:
    """A filter of three weights on the first row of document 003's image.

    >>> one_row().value("y")
    [[2, -2, -6, -2]]
    """
    d = Derivation(
        "A filter on one row of pixels", about="What does the filter answer at each of its places?"
    )
    d.section("Given")
    a = d.given("a", [[3, 0, 1, 2, 7, 4]], say="a row of pixels")
    k = d.given("k", [[1, 0, -1]], say="the filter")
    d.section("Output")
    d.step("y", correlate(a, k), say="at each place: the pixel on the left minus that on the right")
    return d


def flat_steps() -> Derivation:
    """A sum of two weights and of what only jumps: nothing comes back but through the weights.

    >>> flat_steps().value("dJ/dw"), flat_steps().value("dJ/dv")
    (3, 2)
    """
    d = Derivation(
        "Which of these has a slope?", about="What comes back to the weights through each term?"
    )
    d.section("Given")
    w, v = d.givens(w="1.5", v="0.5")
    u = d.given("u", [1, 0], say="two scores")
    d.section("Terms")
    leak = d.step("y", leaky_relu(w), say="a Leaky ReLU of the weight")
    slope = d.backward(leak, [w])[w]
    step = d.step("a", heaviside(w), say="is it above 0?")
    more = d.step("f", greater(w, v), say="is it more than the other?")
    others = [
        d.step("b", sign(w), say="its sign"),
        d.step("c", floor(w), say="the whole number below it"),
        d.step("e", at_least(w, v), say="is it at least the other?"),
        d.step("h", total(is_largest(stack(w, v))), say="how many of the two are the larger one"),
        d.step("m", masked_softmax(u, stack(w - v, more))[0], say="a share, masked by w - v and f"),
    ]
    d.section("Together")
    d.step("J", 3 * w + 2 * v + slope + sum(others, step + more), say="the weights, and the rest")
    d.section("Backward")
    d.backward(d["J"], [w, v])
    return d


def later_bends() -> Derivation:
    """Softplus, ELU, SiLU and GELU below 0, with their slopes.

    >>> later_bends().value("dg/dz").digits(4)
    '-0.08332'
    """
    d = Derivation(
        "Four bends without a kink", about="What do they make of a number, and how steep are they?"
    )
    d.section("Given")
    z = d.given("z", -1, say="what the unit receives")
    d.section("Softplus, ELU, SiLU")
    p = d.step("p", softplus(z), say="softplus: ln(1 + e^z)")
    e = d.step("u", elu(z), say="ELU: z above 0, e^z - 1 below")
    s = d.step("s", silu(z), say="SiLU: z times its sigmoid")
    for step in (p, e, s):
        d.backward(step, [z])
    d.section("GELU")
    q = d.step("q", normal(z), say="the share of a normal distribution below z")
    g = d.step("g", z * q, say="GELU: z times this share")
    d.backward(g, [z])
    d.section("GELU in one step")
    h = d.step("h", gelu(z), say="the same as one operation")
    d.backward(h, [z])
    d.section("How the slope changes")
    d.backward(d["dh/dz"], [z])
    return d


def largest_of_many() -> Derivation:
    """The largest of four numbers, and which of them gets the gradient.

    >>> largest_of_many().value("dJ/dx")
    [0, 6, 0, 0]
    """
    d = Derivation("The largest of four", about="Which of the four does the result depend on?")
    d.section("Given")
    x = d.given("x", [2, 3, -1, 0])
    d.section("Forward")
    m = d.step("m", largest(x), say="the largest")
    loss = d.step("J", m**2, say="its square")
    d.section("Backward")
    d.backward(loss, [x])
    return d


def linear_layer() -> Derivation:
    """Two linear units, one sample, and half the squared distance from the target.

    >>> linear_layer().value("dJ/dW")
    [[2, 4], [1, 2]]
    """
    d = Derivation("Two linear units", about="How does the loss change with the weights?")
    d.section("Given")
    x, t = d.givens(x=[1, 2], t=[1, 2])
    W = d.given("W", [[3, 0], [1, 1]])
    d.section("Forward")
    e = d.step("e", W @ x - t, say="how far the outputs are off")
    loss = d.step("J", total(e**2) / 2, say="half the squared distance")
    d.section("Backward")
    d.backward(loss, [W])
    return d


def nudged_pooling() -> Derivation:
    """What a nudge of an image does to its maxima, and what an error sends back to its pixels.

    >>> nudged_pooling().value("s"), nudged_pooling().value("s_p")
    (-8, -8)
    """
    d = Derivation(
        "A nudge through a max-pooling", about="By how much does the loss move with the pixels?"
    )
    d.section("Given")
    X = d.given("X", [[1, 5, 2, 0], [3, 4, 1, 6], [7, 2, 3, 1], [0, 6, 8, 5]], say="the image")
    N = d.given("N", [[1, 2, 0, 1], [0, 1, 3, -1], [2, 0, 1, 0], [1, 4, -5, 2]], say="the nudges")
    U = d.given("U", [[2, -1], [1, 3]], say="how fast the loss rises with each maximum")
    d.section("Forward")
    M = d.step("M", max_pool(X), say="the largest pixel of each window")
    m = d.step("m", max_pick(N, X), say="each maximum moves as the largest pixel of its window")
    s = d.step("s", total(U * m), say="so the loss moves by each slope times its move")
    L = d.step("L", total(U * M) + s, say="a loss with these slopes, after the nudge")
    d.section("Backward")
    at_pixels = d.backward(L, [X, N])[X]
    d.step("s_p", total(at_pixels * N), say="from the pixels: the slope at each, times its nudge")
    return d


def pooled_network() -> Derivation:
    """A filter, a frame, a second filter, and three readings of its map.

    >>> pooled_network().value("dL/dm")
    [[5/9]]
    """
    d = Derivation("Two filters and a unit", about="What are the weights told?")
    d.section("Given")
    X = d.given("X", [[1, 0, 2], [0, 1, 1], [2, 1, 0]], say="the image")
    K, F, V = d.givens(K=[[1, 0], [0, 1]], F=[[1, -1], [0, 1]], V=[[1, 0, 1, 2]])
    t_y, t_m, t_c = d.givens(t_y=3, t_m=2, t_c=[1, 2, 2])
    d.section("Forward")
    Y = d.step("Y", pad(correlate(X, K), 1), say="the first map, in a frame of zeros")
    Z = d.step("Z", correlate(Y, F), say="the second map")
    y = d.step("y", V @ reshape(Z[:2, :2], (4,)), say="a unit that sees four of its places")
    m = d.step("m", max_pool(Z, 3) + average_pool(Z, 3), say="its largest number and its mean")
    c = d.step("c", total(Z, axis=0), say="the sums of its columns")
    squares = [total((found - t) ** 2) for found, t in ((y, t_y), (m, t_m), (c, t_c))]
    loss = d.step("L", sum(squares[1:], squares[0]) / 2, say="the loss of all three")
    d.section("Backward")
    d.backward(loss, [K, F, V])
    return d


def with_best_rate(d: Derivation, loss: str, *weights: str) -> Derivation:
    """The derivation, and how far to go against its gradient, judged by how the slope changes.

    Half the squared length of the gradient g has itself the gradient H g, where H says how the
    slope changes. So g · H g is how fast the slope falls on the way, and g · g is how steep it is
    at first. The rate is the best one where the loss is a square of the weights.

    >>> with_best_rate(linear_layer(), "J", "W").value("best")
    0.2
    """
    d = d.what_if()
    gradients = [d[f"d{loss}/d{name}"] for name in weights]
    d.section("How the gradient changes")
    lengths = [total(g**2) for g in gradients]
    G = d.step("G", sum(lengths[1:], lengths[0]) / 2, say="half the squared length of the gradient")
    changes = d.backward(G, [d[name] for name in weights])
    d.section("The best rate")
    falls = [total(g * changes[d[name]]) for g, name in zip(gradients, weights, strict=True)]
    k = d.step("k", sum(falls[1:], falls[0]), say="how fast the slope falls on the way")
    d.step("best", 2 * G / k, say="the slope at the beginning, over how fast it falls")
    return d


def spread() -> Derivation:
    """The variance of four numbers as one operation, with its slope.

    >>> spread().value("dv/dx")
    [-0.75, -0.25, 0.25, 0.75]
    """
    d = Derivation("The variance in one step", about="How does the spread change with a sample?")
    d.section("Given")
    x = d.given("x", [1, 2, 3, 4])
    d.section("Forward")
    v = d.step("v", variance(x), say="the mean squared distance from the mean")
    d.section("Backward")
    d.backward(v, [x])
    return d


def two_strips() -> Derivation:
    """Two strips on a line: their overlap, and how it changes with each edge.

    >>> two_strips().value("dIoU/dl_B"), two_strips().value("dIoU/dr_B")
    (-1/6, -1/18)
    """
    d = Derivation(
        "Two strips on a line", about="Which edge should move, so that they agree better?"
    )
    d.section("Given")
    l_A, r_A = d.givens(l_A=1, r_A=5)
    l_B, r_B = d.givens(l_B=3, r_B=7)
    d.section("Overlap")
    shared = d.step("I", relu(minimum(r_A, r_B) - maximum(l_A, l_B)), say="what they share")
    both = d.step("U", (r_A - l_A) + (r_B - l_B) - shared, say="what they cover together")
    ratio = d.step("IoU", shared / both, say="their ratio")
    d.section("Backward")
    d.backward(ratio, [r_A, l_B, r_B])
    return d
