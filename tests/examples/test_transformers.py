"""The transformer around attention, against NumPy code written from the textbook formulas."""

import numpy as np
import pytest

import dlhand


def array(d, name):
    return np.array(d.value(name), dtype=float)


def given(d, *names):
    return [np.array(d.given_value(name), dtype=float) for name in names]


def close(found, wanted, atol=1e-12):
    np.testing.assert_allclose(found, wanted, atol=atol, rtol=0)


def softmax(z):
    grown = np.exp(z)
    return grown / grown.sum(axis=-1, keepdims=True)


def normal(x):
    return (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)


def test_attention_mixes_positions_and_the_layer_mixes_features():
    d = dlhand.load("000-transformer-text")
    x, a, w1, b1, w2, b2 = given(d, "X", "A", "W_1", "b_1", "W_2", "b_2")
    close(array(d, "c"), np.ones(3), 0)
    y = w2 @ np.maximum(w1 @ (x @ a) + b1, 0) + b2
    close(array(d, "Y"), y)
    close(array(d, "y_2"), y[:, 1:2])


def test_one_encoder_layer():
    d = dlhand.load("004-attention-encoder")
    x, w_q, w_k, w_v = given(d, "X", "W_Q", "W_K", "W_V")
    w1, b1, w2, b2 = given(d, "W_1", "b_1", "W_2", "b_2")
    z = softmax((x @ w_q) @ (x @ w_k).T) @ (x @ w_v)
    middle = normal(x + z)
    close(array(d, "x_hat_1"), middle)
    close(array(d, "x_hat_2"), normal(middle + np.maximum(middle @ w1 + b1, 0) @ w2 + b2))


def test_the_sizes_of_a_vision_transformer():
    d = dlhand.load("004-attention-vit")
    assert [int(d.value(n).exact) for n in ("n", "t", "w")] == [196, 197, 768]
    assert d.value("W").exact == 768**2 and d.value("P").exact == 197 * 768


def test_a_small_vision_transformer():
    d = dlhand.load("004-attention-patches")
    image, embed, first, pos, out = given(d, "I", "W_E", "x_c", "P", "W_C")
    corners = [(0, 0), (0, 2), (2, 0), (2, 2)]
    cut = np.array([image[r : r + 2, c : c + 2].ravel() for r, c in corners])
    x = np.vstack([first, cut @ embed]) + pos
    assert x.shape == (5, 2)
    z = softmax(x @ x.T / np.sqrt(2)) @ x
    close(array(d, "y_hat"), softmax(z[0] @ out))


def test_label_smoothing_and_its_gradient():
    d = dlhand.load("004-attention-label-smoothing")
    z, target = np.array([1, 3, 0, 0.0]), np.array([0.025, 0.925, 0.025, 0.025])

    def loss(z):
        return -np.sum(target * (z - np.log(np.exp(z).sum())))

    close(array(d, "y_s"), target, 0)
    assert float(d.value("L")) == pytest.approx(loss(z), rel=1e-12)
    slopes = [(loss(z + e) - loss(z - e)) / 2e-6 for e in 1e-6 * np.eye(4)]
    close(array(d, "dL/dz"), slopes, 1e-8)
    close(array(d, "g"), array(d, "dL/dz"))
    close(array(d, "g_hard"), softmax(z) - [0, 1, 0, 0])


@pytest.mark.parametrize(
    ("mark", "width", "warm", "steps"),
    [("", 64, 100, (25, 100, 400)), ("_p", 512, 4000, (1000, 4000, 16000))],
)
def test_the_learning_rate_rises_to_its_peak_and_falls(mark, width, warm, steps):
    d = dlhand.load("004-attention-warmup")
    rates = [float(d.value(f"eta{mark}_{k}")) for k in (1, 2, 3)]
    assert rates == pytest.approx([width**-0.5 * min(n**-0.5, n * warm**-1.5) for n in steps])
    assert rates[0] < rates[1] > rates[2]
