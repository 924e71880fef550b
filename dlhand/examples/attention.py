"""Attention over the states of a recurrent encoder (003), and in rows and heads (002, 004).

One row is a token, X W_Q = Q, as `dlhand.calculators.attention` has it. Document 000 has columns:
see `dlhand.examples.attention_columns`.
"""

from __future__ import annotations

from dlhand import Derivation, exp
from dlhand.calculators.attention import (
    additive_attention,
    attend,
    attention,
    multi_head_attention,
)
from dlhand.calculators.wanted import require_counts
from dlhand.examples import example

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
    d.givens(s=[1, 0, 1], h1=[1, 0, 1], h2=[0, 1, 1], h3=[1, 1, 0])
    d.section("Scores")
    for j in (1, 2, 3):
        d.step(f"e{j}", d["s"] @ d[f"h{j}"], say="how alike the decoder's state and this one are")
    d.section("Weights")
    for j in (1, 2, 3):
        d.step(f"g{j}", exp(d[f"e{j}"]), say="its exponential, which is positive")
    d.step("N", d["g1"] + d["g2"] + d["g3"], say="their sum")
    for j in (1, 2, 3):
        d.step(f"alpha{j}", d[f"g{j}"] / d["N"], say="the share of this state in the whole")
    d.section("Context")
    for j in (1, 2, 3):
        say = "this state, as much as its weight lets through"
        d.step(f"m{j}", d[f"alpha{j}"] * d[f"h{j}"], say=say)
    d.step("c", d["m1"] + d["m2"] + d["m3"], say="the context: all of them together")
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


# Documents 002 and 004: rows and heads


@example("002-attention", "14_attention")
def two_words() -> Derivation:
    """Self-attention of two words, a row each."""
    return attention(
        x=[[1, 0, 1, 0], [0, 1, 1, 1]],
        w_q=[[1, 0, 1], [0, 1, 0], [1, 0, 0], [0, 1, 1]],
        w_k=[[1, 1, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]],
        w_v=[[2, 0, 0], [0, 3, 0], [1, 0, 0], [0, 0, 4]],
        title="Self-attention of two words",
        about="Two words with four numbers each look at one another through queries, keys and "
        "values of three, the sizes that the page draws. What does each put out? The numbers are "
        "ours.",
    )


def _digits(matrix: str) -> list[list[str]]:
    return [list(row) for row in matrix.split()]


HEADS = [
    ["10 00 01 00", "00 10 00 01", "10 01 00 00"],
    ["00 10 01 00", "10 00 01 00", "00 00 10 01"],
    ["01 00 00 10", "00 01 10 00", "10 01 01 10"],
]
"""For each of three heads W_Q, W_K and W_V, each row written out as a word."""
W_O = "1000 0100 0010 0001 1000 0100"


@example("002-attention-heads", "14_attention")
def three_heads() -> Derivation:
    """Multi-head attention of two words with three heads."""
    return multi_head_attention(
        x=[[1, 0, 2, 0], [0, 1, 1, 2]],
        heads=[[_digits(matrix) for matrix in head] for head in HEADS],
        w_o=_digits(W_O),
        title="Two words, three heads",
        about="Three heads look at the same two words, each through its own weights. What does "
        "each find, and how do the three findings become one row a word again? The numbers are "
        "ours.",
    )


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
    return attention(
        x=[[1, 0], [0, 1], [1, 1]],
        w_q=[[2, 0, 0, 0], [0, 2, 0, 0]],
        w_k=[[0, 2, 0, 0], [2, 0, 0, 0]],
        w_v=[[1, 0], [0, "0.5"]],
        target=[[1, 0], [0, 1], [1, 1]],
        title="Self-attention of three tokens, forward and backward",
        about="The page writes softmax(Q Kᵀ / scaling) V. The scaling is the root of a key's "
        "length, here of 4. How does an error change with each weight? The numbers are ours.",
    )


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
