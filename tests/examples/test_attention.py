"""The attention examples against NumPy code written from the textbook formulas."""

import numpy as np
import pytest

import dlhand
from dlhand.examples import errata

X = np.array(
    [[2, 0, 0, 2], [0, 1, 0, 0], [0, 2, 1, 0], [0, 0, 1, 1], [2, 0, 0, 0], [1, 0, 1, 1]], float
)
W_Q = np.array([[1, 1, 0, 0, 0, 0], [0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 1, 1]], float)
UNIT = np.eye(6)
W_K = {
    "000-attn": UNIT[[3, 0, 2]],
    "000-attn-drop-last": np.array([[1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, 0], [3, 0, 0, 1, 0, 0]]),
    "000-attn-value-matrix": 10 * UNIT[[0, 1, 3]],
    "000-attn-published": np.array([UNIT[2], UNIT[1], UNIT[0] - UNIT[5]]),
}
W_V = 10 * UNIT[[0, 3, 1]]


def array(d, name):
    return np.array(d.value(name), dtype=float)


def softmax(z, axis=-1):
    grown = np.exp(z - z.max(axis=axis, keepdims=True))
    return grown / grown.sum(axis=axis, keepdims=True)


def slopes(f, a, h=1e-6):
    """The gradient of a function of one array, by central differences."""
    g = np.zeros(a.shape)
    for place in np.ndindex(a.shape):
        up, down = a.copy(), a.copy()
        up[place] += h
        down[place] -= h
        g[place] = (f(up) - f(down)) / (2 * h)
    return g


def close(found, wanted, atol=1e-6):
    np.testing.assert_allclose(found, wanted, atol=atol, rtol=0)


# Document 000


@pytest.mark.parametrize("name", W_K)
def test_attention_in_columns_for_each_reading_of_the_keys(name):
    d = dlhand.load(name)
    q, k = W_Q @ X, W_K[name] @ X
    weights = softmax(k.T @ q / np.sqrt(3), axis=0)
    close(array(d, "Q"), q, 0)
    close(array(d, "K"), k, 0)
    close(array(d, "A"), weights, 1e-12)
    close(array(d, "Z"), W_V @ X @ weights, 1e-12)


def test_attention_in_columns_has_the_known_values():
    d = dlhand.load("000-attn")
    close(array(d, "K"), [[0, 0, 1, 1], [2, 0, 0, 2], [0, 2, 1, 0]])
    close(array(d, "S"), [[0, 2, 2, 2], [6, 4, 4, 2], [5, 3, 2, 3], [2, 3, 2, 4]])
    close(array(d, "S_scaled")[:, 0], [0, 3.464102, 2.886751, 1.154701])
    close(array(d, "A")[:, 0], [0.018499, 0.591015, 0.331786, 0.058700])
    close(array(d, "A")[:, 3], [0.143794, 0.143794, 0.256142, 0.456269])
    close(array(d, "V"), [[20, 0, 0, 20], [0, 0, 10, 10], [0, 10, 0, 0]])
    close(array(d, "Z")[0], [1.543988, 7.190850, 6.479755, 12.001271])
    close(array(d, "Z")[2], [5.910145, 4.101858, 5.140184, 1.437942])
    close(array(d, "c"), np.ones(4), 1e-12)


@pytest.mark.parametrize(
    ("reading", "keys"),
    [
        ("drop-last", [[4, 0, 0, 2], [0, 1, 0, 0], [6, 0, 1, 7]]),
        ("value-matrix", [[20, 0, 0, 20], [0, 10, 0, 0], [0, 0, 10, 10]]),
        ("published", [[0, 2, 1, 0], [0, 1, 0, 0], [1, 0, -1, 1]]),
    ],
)
def test_other_readings_have_the_known_keys(reading, keys):
    close(array(dlhand.load(f"000-attn-{reading}"), "K"), keys, 0)


def test_the_row_form_is_the_transpose():
    columns, rows = dlhand.load("000-attn"), dlhand.load("000-attn-rows")
    for name in ("Q", "K", "V", "S", "S_scaled", "A", "Z"):
        close(array(rows, name), array(columns, name).T, 1e-12)


def test_the_mask_lets_no_token_look_ahead():
    d = dlhand.load("000-attn-mask")
    q, k, v = (X.T @ w.T for w in (W_Q, W_K["000-attn"], W_V))
    scores = np.where(np.tri(4) == 1, q @ k.T / np.sqrt(3), -np.inf)
    close(array(d, "A"), softmax(scores), 1e-12)
    close(array(d, "Z"), softmax(scores) @ v, 1e-12)


def test_three_scalings_of_the_scores():
    d = dlhand.load("000-attn-scaling")
    s = (W_K["000-attn"] @ X).T @ (W_Q @ X)
    close(array(d, "A_raw"), softmax(s, axis=0), 1e-12)
    close(array(d, "A"), softmax(s / np.sqrt(3), axis=0), 1e-12)
    close(array(d, "A_z"), softmax((s - s.mean(0)) / s.std(0), axis=0), 1e-12)
    close(array(d, "A_z")[:, 0], [0.041966, 0.519433, 0.341526, 0.097075])


def test_the_feed_forward_layer_and_all_gradients():
    forward, d = dlhand.load("000-attn-ffn"), dlhand.load("000-attn-backward")
    w1, b1 = np.array([[1, 0, -1], [0, 1, 0.0]]), np.array([[0], [-4.0]])
    w2, b2 = np.array([[1, 0], [0, 2], [1, 1.0]]), np.array([[0], [1], [-2.0]])
    target = np.array([[0, 1, 2, 10], [0, 1, 0, 5], [0, 0, 0, 12]])
    given = {"X": X, "W_Q": W_Q, "W_K": W_K["000-attn"], "W_V": W_V,
             "W_1": w1, "b_1": b1, "W_2": w2, "b_2": b2}  # fmt: skip

    def output(g):
        weights = softmax((g["W_K"] @ g["X"]).T @ (g["W_Q"] @ g["X"]) / np.sqrt(3), axis=0)
        hidden = np.maximum(g["W_1"] @ (g["W_V"] @ g["X"] @ weights) + g["b_1"], 0)
        return g["W_2"] @ hidden + g["b_2"]

    close(array(forward, "F"), output(given), 1e-12)
    assert (array(forward, "H") == 0).sum() == 3  # some units are off
    for name, a in given.items():

        def loss(changed, name=name):
            return np.sum((output(given | {name: changed}) - target) ** 2) / 2

        np.testing.assert_allclose(
            array(d, f"dE/d{name}"), slopes(loss, a), rtol=1e-5, atol=1e-5, err_msg=name
        )
    for name in ("W_Q", "W_K", "W_V"):
        close(array(d, f"{name}'"), given[name] - 0.001 * array(d, f"dE/d{name}"), 1e-12)


# Document 003


def test_dot_product_attention_has_the_known_values():
    d = dlhand.load("003-attention")
    h = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0]])
    alpha = softmax(h @ [1, 0, 1.0])
    assert [float(d.value(f"e{j}")) for j in (1, 2, 3)] == [2, 1, 1]
    close([float(d.value(f"alpha{j}")) for j in (1, 2, 3)], alpha, 1e-12)
    close(alpha, [0.576117, 0.211942, 0.211942])
    close(array(d, "c"), alpha @ h, 1e-12)
    close(array(d, "c"), [0.788058, 0.423883, 0.788058])


def test_additive_attention():
    d = dlhand.load("003-attention-additive")
    s, h, u = np.array([0.5, -0.5]), np.array([[1, 0], [0, 1], [1, 1]]), [[1, 0], [-0.5, 1]]
    scores = [np.array([1, 2]) @ np.tanh(s + np.array(u) @ row) for row in h]
    close(array(d, "e"), scores, 1e-12)
    close(array(d, "c"), softmax(np.array(scores)) @ h, 1e-12)


Q = np.array([[0.212, 0.04, 0.63, 0.36], [0.1, 0.14, 0.86, 0.77]])
K = np.array([[0.31, 0.84, 0.963, 0.57], [0.45, 0.94, 0.73, 0.58]])
V = np.array([[0.36, 0.83, 0.1, 0.36], [0.31, 0.36, 0.19, 0.72]])


def test_playing_outside_has_the_known_values():
    d = dlhand.load("003-playing")
    weights = softmax(Q @ K.T / 2)
    scores = [float(d.value(f"s{i}{j}")) for i in (1, 2) for j in (1, 2)]
    close(scores, [0.91121, 0.8017, 1.41568, 1.251], 1e-12)
    grown = [float(d.value(f"g{i}{j}")) for i in (1, 2) for j in (1, 2)]
    close(grown, [1.577127, 1.493093, 2.029603, 1.86918])
    close(array(d, "A"), weights, 1e-12)
    close(array(d, "A"), [[0.513685, 0.486315], [0.520573, 0.479427]])
    for i in (1, 2):
        close(array(d, f"z{i}"), weights[i - 1] @ V, 1e-12)
    close(array(d, "z1"), [0.335684, 0.601432, 0.143768, 0.535073])
    close(array(d, "z2"), [0.336029, 0.604669, 0.143148, 0.532594])
    assert float(d.value("top")) / float(d.value("bottom")) == pytest.approx(np.tanh(0.455605))


def test_playing_outside_follows_from_the_page_s_own_weights():
    d = dlhand.load("003-playing")
    first = d.with_steps({"a11": "0.514", "a12": "0.486"})
    close(array(first, "z1"), [0.3357, 0.60158, 0.14374, 0.53496], 1e-12)
    second = d.with_steps({"a21": "0.52", "a22": "0.48"})
    close(array(second, "z2"), [0.336, 0.6044, 0.1432, 0.5328], 1e-12)


def test_playing_outside_s_slips_give_what_the_page_prints():
    d = dlhand.load("003-playing-slips")
    close(array(d, "z2"), V[1], 1e-15)
    close(array(d, "z2'"), [0.336, 0.6044, 0.1432, 0.5328], 1e-15)
    close(array(d, "gap"), 0.52 * (V[1] - V[0]), 1e-15)
    assert float(d.value("low")) <= 0.485 < float(d.value("high")) < 0.486
    places = np.array([1e3, 1e4, 1e4, 1e3])
    cut = np.floor(array(d, "m12") * places + 1e-9) / places
    close(cut, [0.150, 0.1746, 0.0921, 0.349], 1e-15)


def test_playing_outside_as_matrices_forward_and_backward():
    d = dlhand.load("003-playing-matrix")
    target = np.array([[0.5, 0.5, 0, 0.5], [0, 1, 0, 0.5]])
    given = {"Q": Q, "K": K, "V": V}

    def loss(g):
        z = softmax(g["Q"] @ g["K"].T / 2) @ g["V"]
        return np.sum((z - target) ** 2) / 2

    assert float(d.value("E")) == pytest.approx(loss(given), rel=1e-12)
    for name, a in given.items():
        wanted = slopes(lambda changed, name=name: loss(given | {name: changed}), a)
        close(array(d, f"dE/d{name}"), wanted, 1e-8)


# Documents 002 and 004


def rowwise(x, w_q, w_k, w_v):
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    return softmax(q @ k.T / np.sqrt(k.shape[1])) @ v


def given(d, *names):
    return [np.array(d.given_value(name), dtype=float) for name in names]


def test_two_words():
    d = dlhand.load("002-attention")
    close(array(d, "Z"), rowwise(*given(d, "X", "W_Q", "W_K", "W_V")), 1e-12)


def test_three_heads_side_by_side_then_mixed():
    d = dlhand.load("002-attention-heads")
    x, w_o = given(d, "X", "W_O")
    heads = [given(d, f"W_Q_{k}", f"W_K_{k}", f"W_V_{k}") for k in (1, 2, 3)]
    joined = np.hstack([rowwise(x, *head) for head in heads])
    assert joined.shape == (2, 6)
    close(array(d, "Z"), joined, 1e-12)
    close(array(d, "Y"), joined @ w_o, 1e-12)


def test_the_count_of_multi_head_attention():
    d = dlhand.load("002-attention-count")
    assert [int(d.value(n).exact) for n in ("h", "d_k", "w", "n")] == [8, 64, 512, 1048576]
    assert d.value("n").exact == d.value("n_full").exact == 4 * 512**2


def test_three_tokens_and_their_gradients():
    d = dlhand.load("004-attention")
    names = ("X", "W_Q", "W_K", "W_V")
    arrays = dict(zip(names, given(d, *names), strict=True))
    target = np.array([[1, 0], [0, 1], [1, 1]])
    close(array(d, "Z"), rowwise(*arrays.values()), 1e-12)
    for name, a in arrays.items():

        def loss(changed, name=name):
            return np.sum((rowwise(*(arrays | {name: changed}).values()) - target) ** 2) / 2

        close(array(d, f"dE/d{name}"), slopes(loss, a), 1e-7)


def test_attention_to_another_sequence_with_and_without_its_filling():
    d = dlhand.load("004-attention-cross")
    q, k, v = given(d, "Q", "K", "V")
    close(array(d, "Z"), softmax(q @ k.T / 2) @ v, 1e-12)
    close(array(d, "Z_m"), softmax(q @ k[:2].T / 2) @ v[:2], 1e-12)


# Formulas that the documents have wrong: right is the textbook's, printed is not


def value_of(d, step):
    return np.array(d.value(step), dtype=float)


ERRATA = {
    "000-attn-zscore": (
        (np.array([0, 6, 5, 2]) - 3.25) / np.std([0, 6, 5, 2]),
        np.array([0, 6, 5, 2]) / np.sqrt(3),
    ),
    "003-playing-softmax": (1, softmax(np.array([0.4557, 0.40085]))[0]),
    "003-playing-label": (V[1] @ K[0], Q[1] @ K[0]),
    "003-playing-value": (V[1], 0.52 * V[0] + 0.48 * V[1]),
}


@pytest.mark.parametrize("name", ERRATA)
def test_a_wrong_formula_differs_from_the_right_one(name):
    (erratum,) = [e for e in errata() if e.name == name]
    d, printed, right = erratum.build()
    close(value_of(d, printed), ERRATA[name][0], 1e-12)
    close(value_of(d, right), ERRATA[name][1], 1e-12)
    assert not np.allclose(value_of(d, printed), value_of(d, right))
