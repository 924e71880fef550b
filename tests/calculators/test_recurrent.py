"""Recurrent networks with an output layer and any loss, against NumPy and central differences."""

import re
from fractions import Fraction

import numpy as np
import pytest

from dlhand import (
    Derivation,
    FormulaError,
    GivenError,
    NoDependence,
    ShapeError,
    UnknownName,
    total,
)
from dlhand.calculators.recurrent import H_AND_C, gru, lstm, rnn, rnn_step

GATES = {"rnn": ["h"], "lstm": list("aifo"), "gru": list("rzh")}
CALCULATORS = {"rnn": rnn, "lstm": lstm, "gru": gru}


def sigma(z):
    return 1 / (1 + np.exp(-z))


def softmax(y):
    grown = np.exp(y - np.max(y))
    return grown / np.sum(grown)


def times(w, x):
    return w @ x if np.ndim(x) else w * x


LOSSES = {
    "half_squared_error": lambda y, t: np.sum((y - t) ** 2) / 2,
    "mean_squared_error": lambda y, t: np.mean((y - t) ** 2),
    "binary_cross_entropy": lambda y, t: -np.mean(t * np.log(y) + (1 - t) * np.log(1 - y)),
    "cross_entropy": lambda y, t: -np.sum(t * np.log(y)),
    "softmax_cross_entropy": lambda y, t: -np.sum(t * np.log(y)),
}
ACTIVATIONS = {
    "linear": lambda z: z,
    "sigmoid": sigma,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "softmax": softmax,
}


def names(kind, gate):
    """What our calculators call the weights of a gate."""
    return ("W_xh", "W_hh", "b_h") if kind == "rnn" else [f"{q}_{gate}" for q in "WUb"]


def one_step(kind, p, x, state, activation, z_weighs):
    """The new states of one layer."""
    h = state[0]
    z = {}
    for gate in GATES[kind]:
        w, u, b = names(kind, gate)
        z[gate] = times(p[w], x) + times(p[u], h) + p.get(b, 0)
    if kind == "rnn":
        return [ACTIVATIONS[activation](z["h"])]
    if kind == "lstm":
        c = sigma(z["f"]) * state[1] + sigma(z["i"]) * np.tanh(z["a"])
        return [sigma(z["o"]) * np.tanh(c), c]
    r, g = sigma(z["r"]), sigma(z["z"])
    new = np.tanh(times(p["W_h"], x) + times(p["U_h"], r * h) + p.get("b_h", 0))
    return [(1 - g) * h + g * new if z_weighs == "new" else g * h + (1 - g) * new]


def run(kind, p, xs, ts, states, output="linear", loss="half_squared_error", **how):
    """The loss over time."""
    activation, z_weighs = how.get("activation", "tanh"), how.get("z_weighs", "new")
    whole = 0.0
    for x, t in zip(xs, ts, strict=True):
        states = one_step(kind, p, x, states, activation, z_weighs)
        h = states[0]
        y = times(p["W_hy"], h) + p.get("b_y", 0) if "W_hy" in p else h
        whole += 0 if t is None else LOSSES[loss](ACTIVATIONS[output](y), t)
    return whole


def slope(loss, at, step=1e-5):
    """The gradient of ``loss`` at an array, by central differences."""
    at = np.asarray(at, float)
    found = np.empty(at.shape)
    for k in np.ndindex(at.shape):
        change = np.zeros(at.shape)
        change[k] = step
        found[k] = (loss(at + change) - loss(at - change)) / (2 * step)
    return found


def number(d, name):
    return np.vectorize(float)(np.array(d.value(name), dtype=object))


def plain(a):
    return None if a is None else np.asarray(a).tolist()


def array(rng, shape):
    return np.round(rng.uniform(-1, 1, shape), 2)


def parameters(rng, kind, inputs, units, bias):
    p = {}
    for gate in GATES[kind]:
        w, u, b = names(kind, gate)
        p |= {w: array(rng, units + inputs), u: array(rng, units + units)}
        p |= {b: array(rng, units)} if bias else {}
    return p


def shares(rng, shape):
    t = rng.integers(1, 5, shape)
    return t / t.sum()


def gradient(kind, name):
    return f"δ{name}" if kind == "lstm" else f"dE/d{name}"


OUTPUTS = [
    ("linear", "half_squared_error", ()),
    ("linear", "mean_squared_error", ()),
    ("linear", "mean_squared_error", (3,)),
    ("sigmoid", "binary_cross_entropy", ()),
    ("sigmoid", "binary_cross_entropy", (2,)),
    ("tanh", "half_squared_error", (2,)),
    ("softmax", "half_squared_error", (2,)),
    ("softmax", "cross_entropy", (3,)),
    ("softmax", "softmax_cross_entropy", (3,)),
]


def check(kind, d, p, loss):
    """The loss and every gradient of a derivation."""
    assert float(d.value("E")) == pytest.approx(loss(p), rel=1e-11)
    for name in p:
        expected = slope(lambda a, name=name: loss(p | {name: a}), p[name])
        found = number(d, gradient(kind, name))
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9, err_msg=name)


@pytest.mark.parametrize(("output", "loss", "outputs"), OUTPUTS)
@pytest.mark.parametrize("units", [(), (2,)])
@pytest.mark.parametrize("kind", CALCULATORS)
def test_an_output_layer_with_any_loss_behind_any_cell(kind, units, output, loss, outputs):
    rng = np.random.default_rng([len(kind), len(units), len(output), len(loss), len(outputs)])
    zeros = [np.zeros(units)] * 2
    for bias in (False, True):
        p = parameters(rng, kind, (2,), units, bias) | {"W_hy": array(rng, outputs + units)}
        p |= {"b_y": array(rng, outputs)} if bias else {}
        xs = [array(rng, 2) for _ in range(3)]
        ts = [shares(rng, outputs) * (0.9 if outputs == () else 1) for _ in range(3)]
        ts[1] = None if bias else ts[1]
        d = CALCULATORS[kind](
            plain(xs), {name: plain(w) for name, w in p.items()},
            targets=[plain(t) for t in ts], output_activation=output, loss=loss,
        )  # fmt: skip
        check(kind, d, p, lambda p, xs=xs, ts=ts: run(kind, p, xs, ts, zeros, output, loss))


@pytest.mark.parametrize("kind", CALCULATORS)
def test_a_state_that_is_the_output_can_be_put_through_a_softmax(kind):
    rng = np.random.default_rng(len(kind))
    p = parameters(rng, kind, (), (3,), True)
    xs, ts = [array(rng, ()) for _ in range(2)], [None, shares(rng, 3)]
    zeros = [np.zeros(3)] * 2
    for loss in ("cross_entropy", "softmax_cross_entropy"):
        d = CALCULATORS[kind](
            plain(xs), {name: plain(w) for name, w in p.items()}, targets=[None, plain(ts[1])],
            output_activation="softmax", loss=loss,
        )  # fmt: skip
        check(kind, d, p, lambda p, loss=loss: run(kind, p, xs, ts, zeros, "softmax", loss))
        assert "y_1" not in d and sum(number(d, f"y_hat_{1 + (kind != 'lstm')}")) == 1


def test_the_cross_entropy_from_the_scores_has_the_same_gradients():
    w = {"W_xh": [1, "0.5"], "W_hh": [["0.2", "0.1"], [0, "0.3"]], "W_hy": [[1, 2], [0, 1]]}
    xs, ts = ["0.5", "-1"], [[1, 0], [0, 1]]
    d, e = (
        rnn(xs, w, targets=ts, output_activation="softmax", loss=loss, rate="0.1", again=True)
        for loss in ("cross_entropy", "softmax_cross_entropy")
    )
    for name in ("E", "E_1", "dE/dy_1", "dE/dW_hy", "dE/dx_1", "W_hy'", "E'", "G"):
        np.testing.assert_allclose(number(d, name), number(e, name), rtol=1e-12)
    assert "dE/dy_hat_1" in d and "dE/dy_hat_1" not in e
    np.testing.assert_allclose(number(e, "dE/dy_1"), number(e, "y_hat_1") - [1, 0], atol=1e-15)


def test_the_steps_of_an_output_layer_are_told_in_words():
    w = {"W_xh": 1, "W_hh": 1, "W_hy": [1, -1]}
    d = rnn([1], w, targets=[[1, 0]], output_activation="softmax", loss="cross_entropy")
    assert d["y_1"].say == "the scores, read off the state"
    assert d["y_hat_1"].say == "the prediction: shares that add up to 1"
    assert d["E"].say.startswith("the cross-entropy of target and shares")
    sections = [title for title, _ in d.sections()]
    assert sections[2:4] == ["Backward from the loss to the outputs", "Backward @ t=1"]


def test_an_output_layer_behind_an_lstm_that_shows_what_it_carries():
    w = {f"{kind}_{gate}": "0.5" for gate in "aifo" for kind in "WU"} | {"W_hy": [1, -1]}
    how = {"targets": [[1, 0], [0, 1]], "output_activation": "softmax", "loss": "cross_entropy"}
    plainly, shown = lstm([1, 2], w, **how), lstm([1, 2], w, **how, carry=True)
    for name in ("E", "δW_hy", "δU_f", "Δ_0", "δy_1", "δx_0"):
        np.testing.assert_allclose(number(plainly, name), number(shown, name), rtol=1e-12)
    assert shown["δy_1"].say and shown["Δ_1"].say
    other = {n.replace("W_", "W_x_").replace("U_", "W_h_").replace("_a", "_g"): v
             for n, v in w.items() if n != "W_hy"} | {"W_hy": [1, -1]}  # fmt: skip
    named = lstm([1, 2], other, **how, names=H_AND_C)
    np.testing.assert_allclose(number(named, "δW_hy"), number(shown, "δW_hy"), rtol=1e-14)


def test_a_loss_and_an_output_activation_of_ones_own():
    w = {"W_xh": 1, "W_hh": 1, "W_hy": [1, -1]}
    d = rnn([0], w, h="0.5", targets=[[1, 2]], output_activation=lambda y: 2 * y,
            loss=lambda y, t: total((y - t) ** 2) * 3)  # fmt: skip
    h = np.tanh(0.5)
    assert float(d.value("E")) == pytest.approx(3 * ((2 * h - 1) ** 2 + (-2 * h - 2) ** 2))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("outputs", [None, (), (3,)])
def test_an_rnn_with_any_activation(activation, outputs):
    rng = np.random.default_rng([len(activation), 0 if outputs is None else 1 + len(outputs)])
    p = parameters(rng, "rnn", (2,), (3,), True)
    p |= {} if outputs is None else {"W_hy": array(rng, (*outputs, 3))}
    xs = [array(rng, 2) for _ in range(3)]
    ts = [array(rng, (3,) if outputs is None else outputs) for _ in range(3)]
    h = array(rng, 3)
    d = rnn(plain(xs), {name: plain(w) for name, w in p.items()}, h=plain(h), targets=plain(ts),
            activation=activation)  # fmt: skip
    check("rnn", d, p, lambda p: run("rnn", p, xs, ts, [h], activation=activation))
    if activation == "relu":  # both of its pieces are seen
        values = [z for t in (1, 2, 3) for z in number(d, f"z_{t}")]
        assert min(values) < 0 < max(values)


def test_one_step_of_an_rnn_has_any_activation_too():
    d = Derivation("One step")
    x, h = d.givens(x=1, h=2)
    w = dict(zip(("W_xh", "W_hh"), d.givens(W_xh=-2, W_hh="0.5"), strict=True))
    new, output = rnn_step(d, 1, x, h, w, activation="leaky_relu")
    assert new is output and d.value(new).exact == Fraction(-1, 100)


def test_an_activation_without_a_slope_cannot_be_trained():
    assert rnn([1], TWO, activation="step").value("h_1").exact == 1
    with pytest.raises(NoDependence, match="E does not depend on x_1 in a way that has a slope"):
        rnn([1], TWO, activation="step", targets=[[0, 0]])


TWO = {"W_xh": 1, "W_hh": 1, "W_hy": [1, -1]}
SOFTMAX = {"output_activation": "softmax", "loss": "cross_entropy"}
RESETS = {f"{kind}_{gate}": 1 for gate in "rzh" for kind in "WU"}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rnn([1], TWO, targets=[[1, 1]], **SOFTMAX), GivenError,
         "label_1 adds up to 2; wanted shares that add up to 1, as cross_entropy takes them"),
        (lambda: rnn([1, 1], TWO, targets=[[1, 0], [2, -1]], **SOFTMAX), GivenError,
         "label_2 has -1; wanted shares from 0 on, as cross_entropy takes them"),
        (lambda: gru([1], RESETS, targets=[2], loss="binary_cross_entropy"), GivenError,
         "label_1 has 2; wanted numbers from 0 to 1, as binary_cross_entropy takes them"),
        (lambda: rnn([1], TWO, targets=[[1, 0]], loss="softmax_cross_entropy"), FormulaError,
         "softmax_cross_entropy got no softmax; wanted it as output_activation"),
        (lambda: rnn([1], TWO, targets=[[1, 0]], loss="crossentropy"), UnknownName,
         "loss is 'crossentropy'; wanted a function, or one of half_squared_error"),
        (lambda: rnn([1], TWO, output_activation="soft"), UnknownName,
         "activation is 'soft'; wanted a function, or one of linear"),
        (lambda: rnn([1], TWO, activation="softplus"), UnknownName, "activation is 'softplus'"),
        (lambda: rnn([1], TWO, output_activation=None), UnknownName, "activation is None"),
        (lambda: rnn([1], TWO, loss=[]), UnknownName, "loss is []; wanted a function"),
        (lambda: rnn([1], TWO, targets=[1], **SOFTMAX), ShapeError,
         "label_1 has shape (); wanted (2,)"),
        (lambda: gru([1], RESETS, targets=[1], **SOFTMAX), ShapeError,
         "softmax got a single number; wanted an array"),
        (lambda: gru([1], RESETS | {"b_y": 1}), UnknownName, "'b_y' but no 'W_hy'"),
        (lambda: gru([1], RESETS | {"W_hy": [[1, 2]]}), ShapeError,
         "W_hy has shape (1, 2); wanted (1,)"),
    ],
)  # fmt: skip
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
