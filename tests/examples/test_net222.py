"""The 2-2-2 network and the computational graphs, against numpy and the values of examples.md."""

import numpy as np
import pytest

import dlhand

X, T, ALPHA = np.array([0.1, 0.5]), np.array([0.05, 0.95]), 0.6
W1, W2 = np.array([[0.1, 0.3], [0.2, 0.4]]), np.array([[0.5, 0.6], [0.7, 0.8]])
B1, B2 = 0.25, 0.35


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(w1, w2, b1, b2):
    h = sigmoid(w1 @ X + b1)
    o = sigmoid(w2 @ h + b2)
    return h, o, ((o - T) ** 2).sum() / 2


def backward(w1, w2, b1, b2):
    h, o, _ = forward(w1, w2, b1, b2)
    delta_o = (o - T) * o * (1 - o)
    delta_h = (w2.T @ delta_o) * h * (1 - h)
    return np.outer(delta_h, X), np.outer(delta_o, h), delta_h.sum(), delta_o.sum()


@pytest.fixture(scope="module")
def d():
    return dlhand.load("002-net222")


def values(d, *names):
    return [float(d.value(name)) for name in names]


def test_forward(d):
    h, o, error = forward(W1, W2, B1, B2)
    np.testing.assert_allclose(values(d, "h1", "h2"), h, rtol=1e-14)
    np.testing.assert_allclose(values(d, "o1", "o2", "E"), [*o, error], rtol=1e-14)
    names = ("z_h1", "z_h2", "h1", "h2", "z_o1", "z_o2", "o1", "o2", "E1", "E2", "E")
    completion = (0.41, 0.47, 0.601088, 0.615384, 1.019774, 1.263069, 0.734929, 0.779554,
                  0.234564, 0.014526, 0.249090)  # fmt: skip
    np.testing.assert_allclose(values(d, *names), completion, atol=5e-7)


def test_gradients_and_updates(d):
    dw1, dw2, db1, db2 = backward(W1, W2, B1, B2)
    # w1, w3 lead to h1; w2, w4 to h2; w5, w6 to o1; w7, w8 to o2
    wanted = [dw1[0, 0], dw1[1, 0], dw1[0, 1], dw1[1, 1], *dw2.ravel(), db1, db2]
    parameters = [f"w{k}" for k in range(1, 9)] + ["b1", "b2"]
    np.testing.assert_allclose(values(d, *(f"dE/d{p}" for p in parameters)), wanted, rtol=1e-12)
    start = [W1[0, 0], W1[1, 0], W1[0, 1], W1[1, 1], *W2.ravel(), B1, B2]
    new = np.array(start) - ALPHA * np.array(wanted)
    np.testing.assert_allclose(values(d, *(f"{p}'" for p in parameters)), new, rtol=1e-12)
    completion = (0.099335, 0.199196, 0.296676, 0.395979, 0.451878, 0.550734, 0.710564, 0.810815,
                  0.235310, 0.287517)  # fmt: skip
    np.testing.assert_allclose(new, completion, atol=5e-7)


def test_the_second_pass(d):
    again = dlhand.load("002-net222-again")
    dw1, dw2, db1, db2 = backward(W1, W2, B1, B2)
    new = W1 - ALPHA * dw1, W2 - ALPHA * dw2, B1 - ALPHA * db1, B2 - ALPHA * db2
    _, o, error = forward(*new)
    np.testing.assert_allclose(values(again, "o1'", "o2'", "E'"), [*o, error], rtol=1e-12)
    np.testing.assert_allclose([*o, error], (0.709730, 0.769867, 0.233846), atol=5e-7)
    weights_only = again.with_steps({"b1'": "0.25", "b2'": "0.35"})
    assert float(weights_only.value("E'")) == pytest.approx(0.240725, abs=5e-7)


def test_the_two_paths():
    d = dlhand.load("002-net222-paths")
    parts = ((0.001600, -0.000492), (0.001895, -0.000555), (0.007998, -0.002458),
             (0.009474, -0.002773))  # fmt: skip
    for k, (first, second) in enumerate(parts, 1):
        assert values(d, f"dE1/dw{k}", f"dE2/dw{k}") == pytest.approx((first, second), abs=5e-7)
        total = values(d, f"dE/dw{k}")[0]
        assert total == pytest.approx(sum(values(d, f"dE1/dw{k}", f"dE2/dw{k}")), rel=1e-12)


def test_the_bias_that_the_page_used(d):
    low, high = values(dlhand.load("002-net222-b2"), "b_low", "b_high")
    assert (low, high) == pytest.approx((0.349956, 0.350007), abs=5e-7)
    h, _, _ = forward(W1, W2, B1, B2)
    for o, b in ((0.73492, low), (0.73493, high)):
        assert b == pytest.approx(np.log(o / (1 - o)) - W2[0] @ h, rel=1e-12)
    wrong = d.what_if(b2="0.25")
    assert values(wrong, "o1", "o2") == pytest.approx((0.714996, 0.761890), abs=5e-7)


def test_the_sigmoid_graph():
    d = dlhand.load("003-sigmoid-graph")
    w, x = np.array([2.0, -3.0]), np.array([-1.0, -2.0])
    f = sigmoid(w @ x - 3)
    slope = f * (1 - f)
    assert values(d, "f7") == pytest.approx([f])
    assert values(d, "df7/dw0", "df7/dw1", "df7/dx0", "df7/dx1", "df7/dw2") == pytest.approx(
        [*(slope * x), *(slope * w), slope]
    )
    assert values(d, "df7/df6", "df5/df4") == pytest.approx((-0.534447, 0.367879), abs=5e-7)


def test_the_max_graph():
    d = dlhand.load("003-max-graph")
    assert values(d, "b1", "b2", "b3", "b4") == [-12, 2, -10, -20]
    assert values(d, "db4/dx", "db4/dy", "db4/dz", "db4/dw") == [-8, 6, 2, 0]
    tie = d.what_if(w=2)  # by convention nothing flows at a tie
    assert values(tie, "db4/dz", "db4/dw") == [0, 0]
