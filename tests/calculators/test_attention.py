"""Attention, multi-head attention and layer normalisation at random sizes, against NumPy."""

import numpy as np
import pytest

from dlhand import Derivation, GivenError, ShapeError, UndefinedValue
from dlhand.calculators.attention import (
    additive_attention,
    attend,
    attention,
    causal_mask,
    feed_forward,
    layer_norm,
    multi_head_attention,
    normalise,
    project,
)

SEEDS = range(6)


def array(d, name):
    return np.array(d.value(name), dtype=float)


def numbers(rng, *shape):
    """Numbers with two decimals, which are given as they are."""
    return np.round(rng.uniform(-2, 2, shape), 2)


def softmax(z):
    grown = np.exp(z)
    return grown / grown.sum(axis=-1, keepdims=True)


def weigh(q, k, mask=None):
    """The textbook formula, masked with minus infinity."""
    scores = q @ k.T / np.sqrt(q.shape[1])
    if mask is not None:
        scores = np.where(np.array(mask) == 1, scores, -np.inf)
    return softmax(scores)


def slopes(f, a, h=1e-6):
    """The gradient of a function of one array, by central differences."""
    g = np.zeros(a.shape)
    for place in np.ndindex(a.shape):
        up, down = a.copy(), a.copy()
        up[place] += h
        down[place] -= h
        g[place] = (f(up) - f(down)) / (2 * h)
    return g


def sizes(rng):
    tokens, width, d_k, d_v = (int(n) for n in rng.integers(1, 5, 4))
    return tokens, width, d_k, d_v


def parts(rng):
    tokens, width, d_k, d_v = sizes(rng)
    return [numbers(rng, *s) for s in ((tokens, width), (width, d_k), (width, d_k), (width, d_v))]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_the_textbook_formula_at_any_size(seed, masked):
    x, w_q, w_k, w_v = parts(np.random.default_rng(seed))
    mask = causal_mask(len(x)) if masked else None
    d = attention(x, w_q, w_k, w_v, mask=mask)
    weights = weigh(x @ w_q, x @ w_k, mask)
    np.testing.assert_allclose(array(d, "A"), weights, atol=1e-12)
    np.testing.assert_allclose(array(d, "Z"), weights @ (x @ w_v), atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("masked", [False, True])
def test_attention_gradients_are_slopes(seed, masked):
    rng = np.random.default_rng(seed)
    given = parts(rng)
    mask = causal_mask(len(given[0])) if masked else None
    target = numbers(rng, len(given[0]), given[3].shape[1])
    d = attention(*given, mask=mask, target=target)

    def loss(x, w_q, w_k, w_v):
        z = weigh(x @ w_q, x @ w_k, mask) @ (x @ w_v)
        return np.sum((z - target) ** 2) / 2

    assert float(d.value("E")) == pytest.approx(loss(*given), rel=1e-12)
    for k, name in enumerate(("X", "W_Q", "W_K", "W_V")):

        def of_one(a, k=k):
            return loss(*[a if j == k else b for j, b in enumerate(given)])

        np.testing.assert_allclose(
            array(d, f"dE/d{name}"), slopes(of_one, given[k]), rtol=1e-6, atol=1e-7
        )


def test_a_mask_of_any_pattern_closes_exactly_its_zeros():
    rng = np.random.default_rng(7)
    x, w = numbers(rng, 3, 2), numbers(rng, 2, 2)
    mask = [[1, 0, 1], [0, 1, 0], [1, 1, 1]]
    d = attention(x, w, w, w, mask=mask)
    np.testing.assert_allclose(array(d, "A"), weigh(x @ w, x @ w, mask), atol=1e-12)
    assert [entry.exact for row in d.value("A") for entry in row].count(0) == 3
    assert d.value("A")[1][1].exact == 1


def test_a_huge_masked_score_does_no_harm():
    d = attention([[1], [900]], [[1]], [[1]], [[1]], mask=causal_mask(2))
    assert d.value("A")[0][0].exact == 1
    replayed = d.replay()(**{n: d.given_value(n) for n in ("X", "W_Q", "W_K", "W_V", "M")})
    assert np.isfinite(np.array(replayed["A"], dtype=float)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_heads_of_any_number_and_width(seed):
    rng = np.random.default_rng(seed)
    tokens, width, d_k, _ = sizes(rng)
    values = [int(n) for n in rng.integers(1, 4, seed % 3 + 1)]  # the heads may differ
    heads = [[numbers(rng, width, n) for n in (d_k, d_k, d_v)] for d_v in values]
    x, w_o = numbers(rng, tokens, width), numbers(rng, sum(values), width)
    target = numbers(rng, tokens, width)
    d = multi_head_attention(x, heads, w_o, mask=causal_mask(tokens), target=target)

    def output(x, heads, w_o):
        mask = causal_mask(tokens)
        z = [weigh(x @ q, x @ k, mask) @ (x @ v) for q, k, v in heads]
        return np.concatenate(z, axis=1) @ w_o

    np.testing.assert_allclose(array(d, "Y"), output(x, heads, w_o), atol=1e-12)

    def of_w_o(a):
        return np.sum((output(x, heads, a) - target) ** 2) / 2

    def of_first_query(a):
        return np.sum((output(x, [[a, *heads[0][1:]], *heads[1:]], w_o) - target) ** 2) / 2

    np.testing.assert_allclose(array(d, "dE/dW_O"), slopes(of_w_o, w_o), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        array(d, "dE/dW_Q_1"), slopes(of_first_query, heads[0][0]), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_additive_attention_is_the_textbook_formula(seed):
    rng = np.random.default_rng(seed)
    state, states, width, hidden = (int(n) for n in rng.integers(1, 5, 4))
    shapes = ((state,), (states, width), (hidden, state), (hidden, width), (hidden,))
    s, h, w, u, v = (numbers(rng, *shape) for shape in shapes)
    d = additive_attention(s, h, w, u, v)
    scores = np.array([v @ np.tanh(w @ s + u @ row) for row in h])
    alpha = np.exp(scores) / np.exp(scores).sum()
    np.testing.assert_allclose(array(d, "alpha"), alpha, atol=1e-12)
    np.testing.assert_allclose(
        array(d, "c"), sum(a * row for a, row in zip(alpha, h, strict=True)), atol=1e-12
    )


def layer_norm_formula(x, gain, shift, epsilon):
    mean = x.mean(axis=-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(axis=-1, keepdims=True)
    return gain * (x - mean) / np.sqrt(variance + epsilon) + shift


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rank", [1, 2])
def test_layer_norm_forward_and_backward(seed, rank):
    rng = np.random.default_rng(seed)
    shape = tuple(int(n) for n in rng.integers(2, 5, rank))
    x, target = numbers(rng, *shape), numbers(rng, *shape)
    gain, shift = numbers(rng, shape[-1]), numbers(rng, shape[-1])
    d = layer_norm(x, gain=gain, shift=shift, epsilon="0.01", target=target)
    np.testing.assert_allclose(array(d, "y"), layer_norm_formula(x, gain, shift, 0.01), atol=1e-12)

    def loss(x, gain, shift):
        return np.sum((layer_norm_formula(x, gain, shift, 0.01) - target) ** 2) / 2

    for name, a, f in (
        ("x", x, lambda a: loss(a, gain, shift)),
        ("gain", gain, lambda a: loss(x, a, shift)),
        ("shift", shift, lambda a: loss(x, gain, a)),
    ):
        np.testing.assert_allclose(array(d, f"dE/d{name}"), slopes(f, a), rtol=1e-5, atol=1e-6)


def test_layer_norm_without_epsilon_has_no_value_for_equal_features():
    with pytest.raises(UndefinedValue, match="step x_hat has no value"):
        layer_norm([2, 2]).value("x_hat")
    assert float(layer_norm([2, 2], epsilon=1).value("x_hat")[0]) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_feed_forward_is_two_layers_for_each_row(seed):
    rng = np.random.default_rng(seed)
    tokens, width, hidden, out = (int(n) for n in rng.integers(1, 5, 4))
    x, w1, b1 = numbers(rng, tokens, width), numbers(rng, width, hidden), numbers(rng, hidden)
    w2, b2 = numbers(rng, hidden, out), numbers(rng, out)
    d = Derivation("")
    feed_forward(d, *d.givens(x=x, w1=w1, b1=b1, w2=w2, b2=b2))
    for row, found in zip(x, array(d, "F"), strict=True):
        np.testing.assert_allclose(found, np.maximum(row @ w1 + b1, 0) @ w2 + b2, atol=1e-12)


# Errors: each names the argument, what came and what was wanted

X, W = [[1, 2], [3, 4], [5, 6]], [[1, 0], [0, 1]]
BAD_ATTENTION = [
    (([1, 2], W, W, W), {}, r"x has shape \(2,\); wanted a matrix, a row for each token"),
    ((X, [[1]], W, W), {}, r"W_Q has shape \(1, 1\); wanted a matrix of 2 rows"),
    ((X, W, [[1], [2]], W), {}, r"W_K has shape \(2, 1\); wanted a matrix of 2 columns"),
    ((X, W, W, [[1, 2]]), {}, r"W_V has shape \(1, 2\); wanted a matrix of 2 rows"),
    ((X, W, W, W), {"mask": W}, r"mask has shape \(2, 2\); wanted a matrix of 3 rows and 3 col"),
    ((X, W, W, W), {"target": W}, r"target has shape \(2, 2\); wanted \(3, 2\)"),
]


@pytest.mark.parametrize(("arrays", "options", "message"), BAD_ATTENTION)
def test_bad_sizes_of_attention_get_one_clear_error(arrays, options, message):
    with pytest.raises(ShapeError, match=message):
        attention(*arrays, **options)


@pytest.mark.parametrize("bad", [[1, 0, 2], [0, 0, 0]])
def test_a_mask_has_zeros_and_ones_and_leaves_something_open(bad):
    with pytest.raises(GivenError, match=r"mask\[1\] is .*; wanted 0 and 1, not all 0"):
        attention(X, W, W, W, mask=[[1, 1, 1], bad, [1, 1, 1]])


def test_bad_heads_get_one_clear_error():
    with pytest.raises(ShapeError, match="heads"):
        multi_head_attention(X, [], W)
    with pytest.raises(ShapeError, match="heads"):
        multi_head_attention(X, [[W, W]], W)
    with pytest.raises(ShapeError, match=r"W_O has shape \(2, 2\); wanted a matrix of 4 rows"):
        multi_head_attention(X, [[W, W, W]] * 2, W)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"s": [1, 2, 3]}, r"s has shape \(3,\); wanted \(2,\)"),
        ({"h": [1, 2]}, r"h has shape \(2,\); wanted a matrix"),
        ({"w": [1, 2]}, r"w has shape \(2,\); wanted a matrix"),
        ({"u": [[1]]}, r"u has shape \(1, 1\); wanted a matrix of 2 rows and 2 columns"),
        ({"v": [1]}, r"v has shape \(1,\); wanted \(2,\)"),
    ],
)
def test_bad_sizes_of_additive_attention_get_one_clear_error(change, message):
    good = {"s": [1, 2], "h": W, "w": W, "u": W, "v": [1, 1]}
    with pytest.raises(ShapeError, match=message):
        additive_attention(**(good | change))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"gain": [1]}, ShapeError, r"gain has shape \(1,\); wanted \(3,\)"),
        ({"shift": 2}, ShapeError, r"shift has shape \(\); wanted \(3,\)"),
        ({"epsilon": [1]}, ShapeError, r"epsilon has shape \(1,\); wanted \(\)"),
        ({"epsilon": -1}, GivenError, "epsilon is -1; wanted a number from 0 on"),
        ({"target": [1]}, ShapeError, r"target has shape \(1,\); wanted \(3,\)"),
    ],
)
def test_bad_options_of_layer_norm_get_one_clear_error(options, error, message):
    with pytest.raises(error, match=message):
        layer_norm([1, 2, 4], **options)


def test_the_building_blocks_check_their_sizes_too():
    d = Derivation("")
    x, w, b, cube = d.givens(x=X, w=W, b=[1, 2], cube=[[[1]]])
    with pytest.raises(ShapeError, match=r"k has shape \(2,\)"):
        attend(d, x, b, x)
    with pytest.raises(ShapeError, match=r"v has shape \(2, 2\); wanted a matrix of 3 rows"):
        attend(d, x, x, w)
    with pytest.raises(ShapeError, match=r"mask has shape \(3, 2\)"):
        attend(d, x, x, x, mask=x)
    with pytest.raises(ShapeError, match=r"W_Q has shape \(3, 2\)"):
        project(d, x, [x, w, w])
    with pytest.raises(ShapeError, match=r"b1 has shape \(2, 2\); wanted \(2,\)"):
        feed_forward(d, x, w, w, w, b)
    with pytest.raises(ShapeError, match=r"x has shape \(1, 1, 1\)"):
        normalise(d, cube)
    for bad in (0, "3", 2.0):
        with pytest.raises(GivenError, match=r"tokens is .*; wanted a whole number from 1 on"):
            causal_mask(bad)
