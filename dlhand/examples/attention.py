"""Attention by hand: in columns (000), with recurrent states (003), in rows and heads (002, 004).

Document 000 has one column a token, W_Q X = Q; documents 002 and 004 have one row a token,
X W_Q = Q, as `dlhand.calculators.attention` does. `attn_rows` shows that they are transposes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from dlhand import (
    Derivation,
    exp,
    mean,
    relu,
    softmax,
    sqrt,
    stack,
    total,
)
from dlhand.calculators.attention import (
    additive_attention,
    attend,
    attention,
    causal_mask,
    multi_head_attention,
)
from dlhand.calculators.wanted import require_counts
from dlhand.derivation.entries import Step
from dlhand.examples import erratum, example
from dlhand.operations.quantity import Quantity

Rows = list[list[str]]

# Document 000: six features of four tokens, a column each

X: Rows = [
    ["2", "0", "0", "2"],
    ["0", "1", "0", "0"],
    ["0", "2", "1", "0"],
    ["0", "0", "1", "1"],
    ["2", "0", "0", "0"],
    ["1", "0", "1", "1"],
]
W_Q: Rows = [
    ["1", "1", "0", "0", "0", "0"],
    ["0", "1", "0", "1", "0", "0"],
    ["0", "0", "1", "0", "1", "1"],
]
W_K: Rows = [
    ["0", "0", "0", "1", "0", "0"],
    ["1", "0", "0", "0", "0", "0"],
    ["0", "0", "1", "0", "0", "0"],
]
W_V: Rows = [
    ["10", "0", "0", "0", "0", "0"],
    ["0", "0", "0", "10", "0", "0"],
    ["0", "10", "0", "0", "0", "0"],
]


def _rows(columns: Rows) -> Rows:
    return [list(row) for row in zip(*columns, strict=True)]


def _given(d: Derivation, w_k: Rows = W_K) -> dict[str, Quantity]:
    """The tokens and the three weight matrices."""
    d.section("Given")
    return {
        "X": d.given("X", X, say="a column for each of the four tokens"),
        "W_Q": d.given("W_Q", W_Q, say="what a token asks for"),
        "W_K": d.given("W_K", w_k, say="what a token can be found by"),
        "W_V": d.given("W_V", W_V, say="what a token hands on; our choice"),
    }


def _scores(d: Derivation, g: Mapping[str, Quantity]) -> Quantity:
    """Queries, keys, and the scores: a row for each key, a column for each query."""
    d.section("Queries and keys")
    q = d.step("Q", g["W_Q"] @ g["X"], say="the query of each token, in its column")
    k = d.step("K", g["W_K"] @ g["X"], say="the key of each token, in its column")
    d.section("Scores")
    return d.step("S", k.T @ q, say="each key (row) times each query (column)")


def _scaled(d: Derivation, scores: Quantity) -> Quantity:
    return d.step("S_scaled", scores / sqrt(3), say="over the root of a key's length, 3")


def _mixed(d: Derivation, g: Mapping[str, Quantity], scaled: Quantity) -> Quantity:
    """Weights that add up to 1 in each column, and the values mixed with them."""
    d.section("Weights and output")
    weights = d.step("A", softmax(scaled, axis=0), say="each column becomes weights")
    v = d.step("V", g["W_V"] @ g["X"], say="the value of each token, in its column")
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
    g = _given(d)
    _mixed(d, g, _scaled(d, _scores(d, g)))
    d.section("Check")
    d.step("c", total(d["A"], axis=0), say="the weights of each column add up to 1")
    return d


@example("000-attn-rows", "14_attention")
def attn_rows() -> Derivation:
    """Attention by hand, transposed: one row a token, and Q Kᵀ."""
    d = attention(_rows(X), _rows(W_Q), _rows(W_K), _rows(W_V))
    d.title = "The same attention with a row for each token"
    d.about = (
        "Some pages write a token as a column, others as a row. What changes? Every matrix is "
        "transposed, the softmax goes along the rows, and Kᵀ Q becomes Q Kᵀ. The values are our "
        "choice."
    )
    return d


@example("000-attn-mask", "14_attention")
def attn_mask() -> Derivation:
    """Attention by hand with a mask: no token looks ahead."""
    d = attention(_rows(X), _rows(W_Q), _rows(W_K), _rows(W_V), mask=causal_mask(4))
    d.title = "The same attention with a mask"
    d.about = (
        "When a text is written word by word, a word must not look at later ones. The mask, which "
        "is added here, closes these off before the weights are made. A row is a token."
    )
    return d


@example("000-attn-scaling", "14_attention")
def attn_scaling() -> Derivation:
    """Attention by hand: no scaling, the root, and the z-score compared."""
    d = Derivation(
        "Three ways to scale the scores",
        about="What does the scaling do to the weights? We compare none at all, the root of the "
        "key length, and the z-score of the page, taken down each column of scores.",
    )
    scores = _scores(d, _given(d))
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
    g = _given(d, w_k)
    _mixed(d, g, _scaled(d, _scores(d, g)))
    return d


@example("000-attn-drop-last", "14_attention")
def attn_drop_last() -> Derivation:
    """Attention by hand, other key matrix: the last column of the scan dropped."""
    rows = ["100010", "010000", "300100"]
    about = "The scan of the key matrix has one column too many. Here we drop the last one."
    return _reading("Keys without the scan's last column", about, [list(row) for row in rows])


@example("000-attn-value-matrix", "14_attention")
def attn_value_matrix() -> Derivation:
    """Attention by hand, other key matrix: every '1 0' of the scan read as 10."""
    w_k = [[f"{c}0" if c == "1" else c for c in row] for row in ("100000", "010000", "000100")]
    about = "Perhaps the scan split each 10 into 1 and 0, and it is the value matrix that we see."
    return _reading("Keys if the scan split its tens", about, w_k)


@example("000-attn-published", "14_attention")
def attn_published() -> Derivation:
    """Attention by hand, other key matrix: that of the published exercise."""
    w_k = [[*"001000"], [*"010000"], ["1", "0", "0", "0", "0", "-1"]]
    about = "Tokens and queries are those of a published exercise, which has these keys."
    return _reading("Keys of the published exercise", about, w_k)


FFN: dict[str, object] = {
    "W_1": [["1", "0", "-1"], ["0", "1", "0"]],
    "b_1": [["0"], ["-4"]],
    "W_2": [["1", "0"], ["0", "2"], ["1", "1"]],
    "b_2": [["0"], ["1"], ["-2"]],
}


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
    g = _given(d)
    _feed_forward(d, _mixed(d, g, _scaled(d, _scores(d, g))))
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
    g = _given(d)
    out = _feed_forward(d, _mixed(d, g, _scaled(d, _scores(d, g))))
    d.section("Error")
    t = d.given("T", [[0, 1, 2, 10], [0, 1, 0, 5], [0, 0, 0, 12]], say="what should come out")
    error = d.step("E", total((out - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    gradient = d.backward(error, [d[name] for name in ("W_1", "b_1", "W_2", "b_2", *g)])
    d.section("Update")
    eta = d.given("eta", "0.001", say="a small learning rate; our choice")
    for name in ("W_Q", "W_K", "W_V"):
        d.step(f"{name}'", g[name] - eta * gradient[g[name]], say="one step against the gradient")
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


# Document 003: attention over the states of a recurrent encoder


@example("003-attention", "14_attention")
def dot_score() -> Derivation:
    """Attention of a decoder to three encoder states, with the dot product as score."""
    d = Derivation(
        "Which encoder state matters now?",
        about="A decoder in state s looks back at three encoder states. The more one of them "
        "resembles s, the more of it goes into the context c.",
    )
    d.section("Given")
    s, *states = d.givens(s=[1, 0, 1], h1=[1, 0, 1], h2=[0, 1, 1], h3=[1, 1, 0])
    d.section("Scores")
    scores = [d.step(f"e{j}", s @ h, say="how alike the decoder's state and this one are")
              for j, h in enumerate(states, 1)]  # fmt: skip
    d.section("Weights")
    grown = [d.step(f"g{j}", exp(e), say="its exponential, which is positive")
             for j, e in enumerate(scores, 1)]  # fmt: skip
    n = d.step("N", grown[0] + grown[1] + grown[2], say="their sum")
    alphas = [d.step(f"alpha{j}", g / n, say="the share of this state in the whole")
              for j, g in enumerate(grown, 1)]  # fmt: skip
    d.section("Context")
    parts = [d.step(f"m{j}", a * h, say="this state, as much as its weight lets through")
             for j, (a, h) in enumerate(zip(alphas, states, strict=True), 1)]  # fmt: skip
    d.step("c", parts[0] + parts[1] + parts[2], say="the context: all of them together")
    return d


@example("003-attention-additive", "14_attention")
def additive_score() -> Derivation:
    """Attention of a decoder to three encoder states, with the additive score."""
    d = additive_attention(
        s=["0.5", "-0.5"],
        h=[[1, 0], [0, 1], [1, 1]],
        w=[[1, 0], [0, 1]],
        u=[[1, 0], ["-0.5", 1]],
        v=[1, 2],
    )
    d.about += " This is the score of the first such network; the numbers are ours."
    return d


# Document 003: "Playing Outside"

PLAYING: dict[str, list[str]] = {
    "q1": ["0.212", "0.04", "0.63", "0.36"],
    "k1": ["0.31", "0.84", "0.963", "0.57"],
    "v1": ["0.36", "0.83", "0.1", "0.36"],
    "q2": ["0.1", "0.14", "0.86", "0.77"],
    "k2": ["0.45", "0.94", "0.73", "0.58"],
    "v2": ["0.31", "0.36", "0.19", "0.72"],
}


def _score(d: Derivation, i: int, j: int, root: Quantity) -> Quantity:
    """The scaled score of query i with key j."""
    p = d.step(f"p{i}{j}", d[f"q{i}"] * d[f"k{j}"], say="entry times entry")
    s = d.step(f"s{i}{j}", total(p), say="added up: the dot product of the two")
    return d.step(f"y{i}{j}", s / root, say="scaled")


def _output(d: Derivation, i: int, root: Quantity) -> Quantity:
    """The output for word i, from scores to the mixture of both values."""
    d.section(f"Scores of word {i}")
    y = [_score(d, i, j, root) for j in (1, 2)]
    d.section(f"Weights and output of word {i}")
    grown = [
        d.step(f"g{i}{j}", exp(s), say="its exponential, which is positive")
        for j, s in enumerate(y, 1)
    ]
    n = d.step(f"N{i}", grown[0] + grown[1], say="their sum")
    parts = []
    for j, g in enumerate(grown, 1):
        a = d.step(f"a{i}{j}", g / n, say=f"how much word {i} looks at word {j}")
        parts.append(d.step(f"m{i}{j}", a * d[f"v{j}"], say="so much of its value"))
    return d.step(f"z{i}", parts[0] + parts[1], say=f"the output for word {i}")


@example("003-playing", "14_attention")
def playing() -> Derivation:
    """Scaled dot-product attention of two words, "Playing Outside"."""
    d = Derivation(
        "Playing Outside",
        about="Word 1 is 'Playing', word 2 is 'Outside'. What does attention make of each?",
    )
    d.section("Given")
    d.givens(**PLAYING, d_k=4)
    root = d.step("r", sqrt(d["d_k"]), say="the root of a key's length")
    _output(d, 1, root)
    _output(d, 2, root)
    d.section("The weights as a matrix")
    rows = [stack(d[f"a{i}1"], d[f"a{i}2"]) for i in (1, 2)]
    d.step("A", stack(*rows), say="a row for each word that looks, a column for each looked at")
    d.section("Scratch on the page: the parts of a hyperbolic tangent, which are not needed")
    u = d.step("u", exp(-d["y11"]), say="the exponential of the score with its sign turned")
    d.step("top", d["g11"] - u, say="above the bar of the tanh")
    d.step("bottom", d["g11"] + u, say="below the bar")
    require_counts(d, "d_k")
    return d


@example("003-playing-slips", "14_attention")
def playing_slips() -> Derivation:
    """Playing Outside: two slips of the page, followed."""
    d = Derivation(
        "Two slips, followed",
        about="The page gives both weights of word 2 the same value, v₂. What comes out? And which "
        "weight did it really use for the second part of word 1?",
    )
    d.section("Given")
    a1, a2 = d.givens(a21="0.52", a22="0.48")
    v1, v2 = d.givens(v1=PLAYING["v1"], v2=PLAYING["v2"])
    d.section("The output of word 2")
    z = d.step("z2", a1 * v2 + a2 * v2, say="as on the page: one value for both weights")
    right = d.step("z2'", a1 * v1 + a2 * v2, say="to each weight its own value")
    d.step("gap", z - right, say="how far off the page is")
    d.section("The second part of word 1")
    m = d.given("m", "0.1746", say="its second entry on the page, cut off")
    v = d.given("v", PLAYING["v2"][1], say="the second entry of v₂")
    low = d.step("low", m / v, say="the weight was no smaller than this")
    d.step("high", (m + "0.0001") / v, say="and smaller than this, so it was not 0.486")
    d.step("m12", low * v2, say="cut off, these are all four entries of the page")
    return d


@example("003-playing-matrix", "14_attention")
def playing_matrix() -> Derivation:
    """Scaled dot-product attention of "Playing Outside" with matrices, forward and backward."""
    d = Derivation(
        "Playing Outside with matrices",
        about="The same attention, both words at once, a row each. How would the output change "
        "with each query, key and value? The target is our choice.",
    )
    d.section("Given")
    q, k, v = d.givens(
        **{name.upper(): [PLAYING[f"{name}1"], PLAYING[f"{name}2"]] for name in "qkv"}
    )
    d.section("Attention")
    z = attend(d, q, k, v).output
    d.section("Error")
    t = d.given("T", [["0.5", "0.5", 0, "0.5"], [0, 1, 0, "0.5"]], say="what should come out")
    error = d.step("E", total((z - t) ** 2) / 2, say="half the squared distance from the target")
    d.section("Backward")
    d.backward(error, [q, k, v])
    return d


@erratum("003-playing-softmax", example="003-playing", line=713)
def softmax_of_one() -> tuple[Derivation, Step, Step]:
    """The softmax of a single score is 1, whatever it is: all scores of a query go in together."""
    d = Derivation("The weight of the first word", about="What goes into a softmax?")
    y1, y2 = d.givens(y11="0.4557", y12="0.40085")
    one = d.step("a", softmax(stack(y1))[0], say="as printed")
    return d, one, d.step("a'", softmax(stack(y1, y2))[0], say="right")


@erratum("003-playing-label", example="003-playing", line=739)
def value_for_query() -> tuple[Derivation, Step, Step]:
    """The score is named v2 · k1, a value times a key; it is the query q2 that meets the key."""
    d = Derivation("The score of the second word with the first", about="What is multiplied?")
    q2, k1, v2 = d.givens(q2=PLAYING["q2"], k1=PLAYING["k1"], v2=PLAYING["v2"])
    printed = d.step("s", v2 @ k1, say="as printed")
    return d, printed, d.step("s'", q2 @ k1, say="right")


@erratum("003-playing-value", example="003-playing", line=767)
def same_value_twice() -> tuple[Derivation, Step, Step]:
    """Both weights of the second word multiply v2; the first belongs to v1."""
    d = Derivation("The output of the second word", about="Which value belongs to which weight?")
    a1, a2 = d.givens(a21="0.52", a22="0.48")
    v1, v2 = d.givens(v1=PLAYING["v1"], v2=PLAYING["v2"])
    printed = d.step("z", a1 * v2 + a2 * v2, say="as printed")
    return d, printed, d.step("z'", a1 * v1 + a2 * v2, say="right")


# Documents 002 and 004: rows and heads


@example("002-attention", "14_attention")
def two_words() -> Derivation:
    """Self-attention of two words, a row each."""
    d = attention(
        x=[[1, 0, 1, 0], [0, 1, 1, 1]],
        w_q=[[1, 0, 1], [0, 1, 0], [1, 0, 0], [0, 1, 1]],
        w_k=[[1, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]],
        w_v=[[2, 0, 0], [0, 3, 0], [1, 0, 0], [0, 0, 4]],
    )
    d.title = "Self-attention of two words"
    d.about = (
        "Two words with four numbers each look at one another through queries, keys and values of "
        "three, the sizes that the page draws. What does each put out? The numbers are ours."
    )
    return d


HEADS = [
    [["1000", "0010"], ["0100", "0001"], ["1000", "0100"]],
    [["0100", "0010"], ["1000", "0010"], ["0010", "0001"]],
    [["0001", "1000"], ["0010", "0100"], ["1001", "0110"]],
]
"""For each of three heads W_Q, W_K and W_V, each column written out as a word."""
W_O = ["100010", "010001", "001000", "000100"]


@example("002-attention-heads", "14_attention")
def three_heads() -> Derivation:
    """Multi-head attention of two words with three heads."""
    heads = [
        [[list(row) for row in zip(*columns, strict=True)] for columns in head] for head in HEADS
    ]
    d = multi_head_attention(
        x=[[1, 0, 2, 0], [0, 1, 1, 2]],
        heads=heads,
        w_o=[list(row) for row in zip(*W_O, strict=True)],
    )
    d.title = "Two words, three heads"
    d.about = (
        "Three heads look at the same two words, each through its own weights. What does each "
        "find, and how do the three findings become one row a word again? The numbers are ours."
    )
    return d


@example("002-attention-count", "14_attention")
def count() -> Derivation:
    """Multi-head attention: how many weights it has."""
    d = Derivation(
        "The weights of multi-head attention",
        about="Are eight heads eight times as dear as one? We count the weights, without biases, "
        "at the sizes of the page.",
    )
    d.section("Given")
    width = d.given("d_model", 512, say="numbers a word")
    h = d.given("h", 8, say="heads")
    boxes, small = d.given("d_fig", 4), d.given("k_fig", 3)
    d.section("Count")
    d_k = d.step("d_k", width / h, say="numbers a query, key or value")
    d.step("w", h * d_k, say="the heads' outputs side by side are as wide as a word")
    one = d.step("n_1", 3 * width * d_k, say="W_Q, W_K and W_V of one head")
    every = d.step("n_h", h * one, say="of all heads")
    out = d.step("n_O", width * width, say="W_O, which mixes them")
    d.step("n", every + out, say="all weights of the layer")
    d.step("n_full", 4 * width**2, say="as many as one head of full width has, with its W_O")
    d.step("n_fig", boxes * small, say="one weight matrix of the page's small drawing")
    require_counts(d, "d_model", "h", "d_fig", "k_fig", "d_k")
    return d


@example("004-attention", "14_attention")
def three_tokens() -> Derivation:
    """Self-attention as a function of query, key and value, with its backward pass."""
    d = attention(
        x=[[1, 0], [0, 1], [1, 1]],
        w_q=[[2, 0, 0, 0], [0, 2, 0, 0]],
        w_k=[[0, 2, 0, 0], [2, 0, 0, 0]],
        w_v=[[1, 0], [0, "0.5"]],
        target=[[1, 0], [0, 1], [1, 1]],
    )
    d.title = "Self-attention of three tokens, forward and backward"
    d.about = (
        "The page writes softmax(Q Kᵀ / scaling) V. The scaling is the root of a key's length, "
        "here of 4. How does an error change with each weight? The numbers are ours."
    )
    return d


@example("004-attention-cross", "14_attention")
def cross() -> Derivation:
    """Attention from one sequence to another."""
    d = Derivation(
        "Two words ask, three words answer",
        about="A decoder's words ask an encoder's words: queries and keys come from different "
        "sequences, so the scores need not be square. The numbers are ours.",
    )
    d.section("Given")
    q = d.given("Q", [[2, 0, 0, 0], [0, 1, 1, 0]], say="the queries of the decoder")
    k = d.given("K", [[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0]], say="the keys of the encoder")
    v = d.given("V", [[4, 0], [0, 4], [2, 2]], say="the values of the encoder")
    m = d.given("M", [[1, 1, 0], [1, 1, 0]], say="1 for a word, 0 where the sequence is filled up")
    d.section("Attention to all three")
    attend(d, q, k, v)
    d.section("The third is only filling")
    attend(d, q, k, v, mask=m, mark="_m")
    return d
