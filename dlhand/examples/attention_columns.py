"""Attention by hand, a column a token, as document 000 has it: W_Q X = Q.

Documents 002 and 004 have one row a token, as `dlhand.calculators.attention` does. `attn_rows`
shows that they are transposes. There are six features of four tokens.
"""

from __future__ import annotations

from typing import cast

from dlhand import Derivation, mean, relu, softmax, sqrt, total
from dlhand.calculators.attention import attention, causal_mask
from dlhand.derivation.entries import Step
from dlhand.examples import erratum, example
from dlhand.operations.quantity import Quantity

Rows = list[list[str]]


def _matrix(rows: str) -> Rows:
    return [row.split() for row in rows.split(";")]


X = _matrix("2 0 0 2; 0 1 0 0; 0 2 1 0; 0 0 1 1; 2 0 0 0; 1 0 1 1")
W_Q = _matrix("1 1 0 0 0 0; 0 1 0 1 0 0; 0 0 1 0 1 1")
W_K = _matrix("0 0 0 1 0 0; 1 0 0 0 0 0; 0 0 1 0 0 0")
W_V = _matrix("10 0 0 0 0 0; 0 0 0 10 0 0; 0 10 0 0 0 0")


def _rows(columns: Rows) -> Rows:
    return [list(row) for row in zip(*columns, strict=True)]


def _given(d: Derivation, w_k: Rows = W_K) -> None:
    """The tokens and the three weight matrices."""
    d.section("Given")
    d.given("X", X, say="a column for each of the four tokens")
    d.given("W_Q", W_Q, say="what a token asks for")
    d.given("W_K", w_k, say="what a token can be found by")
    d.given("W_V", W_V, say="what a token hands on; our choice")


def _scores(d: Derivation) -> Quantity:
    """Queries, keys, and the scores: a row for each key, a column for each query."""
    d.section("Queries and keys")
    q = d.step("Q", d["W_Q"] @ d["X"], say="the query of each token, in its column")
    k = d.step("K", d["W_K"] @ d["X"], say="the key of each token, in its column")
    d.section("Scores")
    return d.step("S", k.T @ q, say="each key (row) times each query (column)")


def _scaled(d: Derivation, scores: Quantity) -> Quantity:
    return d.step("S_scaled", scores / sqrt(3), say="over the root of a key's length, 3")


def _attended(d: Derivation, w_k: Rows = W_K) -> Quantity:
    """Attention from the tokens to its output: weights that add up to 1 in each column mix values.

    The weights are those of the page unless others are given for the keys.
    """
    _given(d, w_k)
    scaled = _scaled(d, _scores(d))
    d.section("Weights and output")
    weights = d.step("A", softmax(scaled, axis=0), say="each column becomes weights")
    v = d.step("V", d["W_V"] @ d["X"], say="the value of each token, in its column")
    return d.step("Z", v @ weights, say="for each token a mixture of all values")


@example("000-attn", "14_attention")
def attn() -> Derivation:
    """Attention by hand: queries, keys, scores, weights, output."""
    d = Derivation(
        "Attention of four tokens",
        about="How much does each of four tokens take over from each other one? The page stops at "
        "the softmax; the values are our choice, and the output is added. The key matrix is "
        "damaged in the scan: we take the reading in which each row has a single 1.",
    )
    _attended(d)
    d.section("Check")
    d.step("c", total(d["A"], axis=0), say="the weights of each column add up to 1")
    return d


@example("000-attn-rows", "14_attention")
def attn_rows() -> Derivation:
    """Attention by hand, transposed: one row a token, and Q Kᵀ."""
    return attention(
        _rows(X), _rows(W_Q), _rows(W_K), _rows(W_V),
        title="The same attention with a row for each token",
        about="Some pages write a token as a column, others as a row. What changes? Every matrix "
        "is transposed, the softmax goes along the rows, and Kᵀ Q becomes Q Kᵀ. The values are our "
        "choice.",
    )  # fmt: skip


@example("000-attn-mask", "14_attention")
def attn_mask() -> Derivation:
    """Attention by hand with a mask: no token looks ahead."""
    return attention(
        _rows(X), _rows(W_Q), _rows(W_K), _rows(W_V), mask=causal_mask(4),
        title="The same attention with a mask",
        about="When a text is written word by word, a word must not look at later ones. The mask, "
        "which is added here, closes these off before the weights are made. A row is a token.",
    )  # fmt: skip


@example("000-attn-scaling", "14_attention")
def attn_scaling() -> Derivation:
    """Attention by hand: no scaling, the root, and the z-score compared."""
    d = Derivation(
        "Three ways to scale the scores",
        about="What does the scaling do to the weights? We compare none at all, the root of the "
        "key length, and the z-score of the page, taken down each column of scores.",
    )
    _given(d)
    scores = _scores(d)
    d.section("No scaling")
    d.step("A_raw", softmax(scores, axis=0), say="weights from the scores as they are")
    d.section("Divide by the root of the key length")
    d.step(
        "A",
        softmax(_scaled(d, scores), axis=0),
        say="the weights of attention: more even than those above",
    )
    d.section("The z-score of the page")
    mu = d.step("mu", mean(scores, axis=0), say="the mean of each column")
    c = d.step("c", scores - mu, say="each score, measured from it")
    sigma = d.step("sigma", sqrt(mean(c**2, axis=0)), say="the deviation, dividing by n")
    z = d.step("z", c / sigma, say="mean 0 and deviation 1, however large the scores were")
    d.step("A_z", softmax(z, axis=0), say="weights that no longer know how large the scores were")
    return d


def _reading(title: str, about: str, w_k: Rows) -> Derivation:
    """The attention with another reading of the damaged key matrix."""
    d = Derivation(title, about=f"{about} How do the keys and the weights change?")
    _attended(d, w_k)
    return d


@example("000-attn-drop-last", "14_attention")
def attn_drop_last() -> Derivation:
    """Attention by hand, other key matrix: the last column of the scan dropped."""
    w_k = _matrix("1 0 0 0 1 0; 0 1 0 0 0 0; 3 0 0 1 0 0")
    about = "The scan of the key matrix has one column too many. Here we drop the last one."
    return _reading("Keys without the scan's last column", about, w_k)


@example("000-attn-value-matrix", "14_attention")
def attn_value_matrix() -> Derivation:
    """Attention by hand, other key matrix: every '1 0' of the scan read as 10."""
    w_k = _matrix("10 0 0 0 0 0; 0 10 0 0 0 0; 0 0 0 10 0 0")
    about = "Perhaps the scan split each 10 into 1 and 0, and it is the value matrix that we see."
    return _reading("Keys if the scan split its tens", about, w_k)


@example("000-attn-published", "14_attention")
def attn_published() -> Derivation:
    """Attention by hand, other key matrix: that of the published exercise."""
    w_k = _matrix("0 0 1 0 0 0; 0 1 0 0 0 0; 1 0 0 0 0 -1")
    about = "Tokens and queries are those of a published exercise, which has these keys."
    return _reading("Keys of the published exercise", about, w_k)


FFN = {
    "W_1": _matrix("1 0 -1; 0 1 0"), "b_1": _matrix("0; -4"),
    "W_2": _matrix("1 0; 0 2; 1 1"), "b_2": _matrix("0; 1; -2"),
}  # fmt: skip


def _feed_forward(d: Derivation, z: Quantity) -> Quantity:
    """A hidden layer and an output layer, the same for each column of z."""
    d.section("Feed-forward")
    w1, b1, w2, b2 = (d.given(name, value) for name, value in FFN.items())
    u = d.step("U", w1 @ z + b1, say="two hidden units; the bias is added to each column")
    h = d.step("H", relu(u), say="what is below 0 is cut off")
    return d.step("F", w2 @ h + b2, say="back to three features for each token")


@example("000-attn-ffn", "14_attention")
def attn_ffn() -> Derivation:
    """Attention by hand, then the feed-forward layer."""
    d = Derivation(
        "Attention, then a feed-forward layer",
        about="Attention mixes the tokens; the layer after it mixes the features of each token. "
        "What does it put out? Its weights and the values are our choice.",
    )
    _feed_forward(d, _attended(d))
    return d


@example("000-attn-backward", "14_attention")
def attn_backward() -> Derivation:
    """Attention by hand: backward through the layer, the softmax, keys and queries."""
    d = Derivation(
        "Attention, backward",
        about="How does an error at the output change with each weight of attention? The page "
        "only says that this goes as in any network. The layer, the values and the target are "
        "our choice.",
    )
    out = _feed_forward(d, _attended(d))
    d.section("Error")
    t = d.given("T", [[0, 1, 2, 10], [0, 1, 0, 5], [0, 0, 0, 12]], say="what should come out")
    error = d.step("E", total((out - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    names = ("W_1", "b_1", "W_2", "b_2", "X", "W_Q", "W_K", "W_V")
    gradient = d.backward(error, [d[name] for name in names])
    d.section("Update")
    eta = d.given("eta", "0.001", say="a small learning rate; our choice")
    for name in ("W_Q", "W_K", "W_V"):
        new = d[name] - eta * gradient[d[name]]
        d.step(f"{name}'", new, say="one step against the gradient")
    return d


@erratum("000-attn-zscore", example="000-attn", line=200)
def zscore() -> tuple[Derivation, Step, Step]:
    """The z-score is no scaling of scores: they are divided by the root of the key length."""
    d = Derivation("Scaling one column of scores", about="Which scaling leaves 0 at 0?")
    s, d_k = d.givens(s=[0, 6, 5, 2], d_k=3)
    mu = d.step("mu", mean(s), say="the mean")
    sigma = d.step("sigma", sqrt(mean((s - mu) ** 2)), say="the standard deviation")
    printed = d.step("z", (s - mu) / sigma, say="as printed")
    return d, printed, d.step("z'", s / sqrt(d_k), say="right")


@erratum("000-attn-values", example="000-attn", line=202)
def weights_for_output() -> tuple[Derivation, Step, Step]:
    """The softmax gives weights, no prediction: the output is the values mixed with them."""
    d = attn()
    return d, cast("Step", d["A"]), cast("Step", d["Z"])
