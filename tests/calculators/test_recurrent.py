"""Recurrent networks with an output layer and any loss, against NumPy and central differences."""

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from dlhand import (
    Derivation,
    FormulaError,
    GivenError,
    InvalidName,
    NoDependence,
    Recurrent,
    ShapeError,
    UnknownName,
    count,
    relu,
    sequence,
    total,
)
from dlhand.calculators.cells import Sum
from dlhand.calculators.recurrent import (
    H_AND_C,
    gru,
    gru_cell,
    lstm,
    lstm_cell,
    rnn,
    rnn_cell,
    split_joined,
)
from dlhand.calculators.unrolling import At, Cell, Plan, unroll
from dlhand.examples.lstm import CARRYING
from dlhand.examples.lstm import apart as lstm_apart
from dlhand.examples.rnn import APART as RNN_APART
from dlhand.pictures.unrolled import unrolled

GATES = {"rnn": ["h"], "lstm": list("aifo"), "gru": list("rzh")}
STATES = {"rnn": ["h"], "lstm": ["out", "state"], "gru": ["h"]}
FIRST = {"rnn": 1, "lstm": 0, "gru": 1}
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
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "softplus": lambda z: np.log1p(np.exp(z)),
    "silu": lambda z: z * sigma(z),
    "softmax": softmax,
}


def names(kind, gate):
    """What our calculators call the weights of a gate."""
    return ["W_xh", "W_hh", "b_h"] if kind == "rnn" else [f"{q}_{gate}" for q in "WUb"]


def numbered(name, layer):
    head, bar, rest = name.partition("_")
    return f"{head}{layer}{bar}{rest}"


def one_step(kind, p, x, state, activation, z_weighs, reset):
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
    seen = times(p["U_h"], r * h)
    if reset == "after":
        seen = r * (times(p["U_h"], h) + p.get("c_h", 0))
    new = np.tanh(times(p["W_h"], x) + seen + p.get("b_h", 0))
    return [(1 - g) * h + g * new if z_weighs == "new" else g * h + (1 - g) * new]


def run(kind, p, ts, output="linear", loss="half_squared_error", layers=1, **how):
    """The loss over time of what has the names that our calculators have for it."""
    how = {"activation": "tanh", "z_weighs": "new", "reset": "before"} | how
    numbers = [str(k + 1) if layers > 1 else "" for k in range(layers)]
    own = [
        {name: p[numbered(name, n)] for gate in GATES[kind] for name in (*names(kind, gate), "c_h")
         if numbered(name, n) in p}
        for n in numbers
    ]  # fmt: skip
    first = FIRST[kind]
    states = [[p[f"{numbered(q, n)}_{first - 1}"] for q in STATES[kind]] for n in numbers]
    whole = 0.0
    for t, target in enumerate(ts, first):
        x = p[f"x_{t}"]
        for k in range(layers):
            states[k] = one_step(kind, own[k], x, states[k], **how)
            x = states[k][0]
        y = times(p["W_hy"], x) + p.get("b_y", 0) if "W_hy" in p else x
        whole += 0 if target is None else LOSSES[loss](ACTIVATIONS[output](y), target)
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


def problem(rng, kind, length, inputs, units, bias, outputs=None):
    """Random inputs, starts and weights, by the names that our calculators have for them.

    ``units`` has the shape of the states of each layer.
    """
    first, reaching = FIRST[kind], inputs
    p = {f"x_{t}": array(rng, inputs) for t in range(first, first + length)}
    for k, size in enumerate(units, 1):
        number = k if len(units) > 1 else ""
        for gate in GATES[kind]:
            shapes = (size + reaching, size + size, size)[: 3 if bias else 2]
            for name, shape in zip(names(kind, gate), shapes, strict=False):
                p[numbered(name, number)] = array(rng, shape)
        p |= {f"{numbered(q, number)}_{first - 1}": array(rng, size) for q in STATES[kind]}
        reaching = size
    if outputs is not None:
        p |= {"W_hy": array(rng, outputs + reaching)}
        p |= {"b_y": array(rng, outputs)} if bias else {}
    return p


def call(kind, p, ts, layers=1, cell=None, **how):
    """One of our calculators on such a problem, or a cell of its kind."""
    first = FIRST[kind]
    numbers = [str(k + 1) if layers > 1 else "" for k in range(layers)]
    xs = [plain(p[f"x_{t}"]) for t in range(first, first + len(ts))]
    weights = [
        {name: plain(p[numbered(name, n)]) for gate in GATES[kind]
         for name in (*names(kind, gate), "c_h") if numbered(name, n) in p}
        for n in numbers
    ]  # fmt: skip
    weights[-1] |= {name: plain(p[name]) for name in ("W_hy", "b_y") if name in p}
    starts = {q: [plain(p[f"{numbered(q, n)}_{first - 1}"]) for n in numbers] for q in STATES[kind]}
    if layers == 1:
        weights, starts = weights[0], {q: values[0] for q, values in starts.items()}
    ts = [plain(t) for t in ts]
    if cell is not None:
        return unroll(cell, xs, weights, starts, Plan(ts, first=first, **how), title="A cell")
    return CALCULATORS[kind](xs, weights, targets=ts, **starts, **how)


def shares(rng, shape):
    t = rng.integers(1, 5, shape)
    return t / t.sum()


def gradient(kind, name):
    if kind != "lstm":
        return f"dE/d{name}"
    return f"Δ{name}" if name.endswith("_-1") else f"δ{name}"


def check(kind, d, p, loss):
    """The loss and every gradient of a derivation: of weights, inputs and starts."""
    assert float(d.value("E")) == pytest.approx(loss(p), rel=1e-11)
    for name in p:
        expected = slope(lambda a, name=name: loss(p | {name: a}), p[name])
        found = number(d, gradient(kind, name))
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9, err_msg=name)


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


@pytest.mark.parametrize(("output", "loss", "outputs"), OUTPUTS)
@pytest.mark.parametrize("units", [(), (2,)])
@pytest.mark.parametrize("kind", CALCULATORS)
def test_an_output_layer_with_any_loss_behind_any_cell(kind, units, output, loss, outputs):
    rng = np.random.default_rng([len(kind), len(units), len(output), len(loss), len(outputs)])
    for bias in (False, True):
        p = problem(rng, kind, 3, (2,), [units], bias, outputs)
        ts = [shares(rng, outputs) * (0.9 if outputs == () else 1) for _ in range(3)]
        ts[0] = None if bias else ts[0]
        d = call(kind, p, ts, output_activation=output, loss=loss)
        check(kind, d, p, lambda p, ts=ts: run(kind, p, ts, output, loss))


@pytest.mark.parametrize("loss", ["cross_entropy", "softmax_cross_entropy"])
@pytest.mark.parametrize("kind", CALCULATORS)
def test_a_state_that_is_the_output_can_be_put_through_a_softmax(kind, loss):
    rng = np.random.default_rng(len(kind))
    p = problem(rng, kind, 2, (), [(3,)], True)
    ts = [None, shares(rng, 3)]
    d = call(kind, p, ts, output_activation="softmax", loss=loss)
    check(kind, d, p, lambda p: run(kind, p, ts, "softmax", loss))
    assert "y_1" not in d and sum(number(d, "y_hat_1")) == pytest.approx(1)


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


def test_a_target_stays_what_its_loss_can_mean_through_a_what_if():
    d = rnn([0, 1], TWO, targets=[[1, 0], [0, 1]], **SOFTMAX)
    other = d.what_if(label_2=["0.5", "0.5"])
    assert float(other.value("E_2")) != pytest.approx(float(d.value("E_2")))
    with pytest.raises(GivenError, match="label_2 adds up to 3; wanted shares that add up to 1"):
        d.what_if(label_2=[1, 2])


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
    cell = lstm_cell()._replace(step=CARRYING.step, naming=CARRYING.naming)
    targets, activation, loss = how.values()
    plan = Plan(targets, first=0, activation=activation, loss=loss)
    plainly, shown = lstm([1, 2], w, **how), unroll(cell, [1, 2], w, how=plan, title="An LSTM")
    for name in ("E", "δW_hy", "δU_f", "Δ_0", "δy_1", "δx_0"):
        np.testing.assert_allclose(number(plainly, name), number(shown, name), rtol=1e-12)
    assert shown["δy_1"].say and shown["Δ_1"].say
    other = {n.replace("W_", "W_x_").replace("U_", "W_h_").replace("_a", "_g"): v
             for n, v in w.items() if n != "W_hy"} | {"W_hy": [1, -1]}  # fmt: skip
    named = lstm([1, 2], other, **how, names=H_AND_C)
    np.testing.assert_allclose(number(named, "δW_hy"), number(shown, "δW_hy"), rtol=1e-14)


def test_a_cell_says_what_its_output_is():
    rng = np.random.default_rng(11)
    p = problem(rng, "lstm", 2, (2,), [(2,)], True)
    ts = [array(rng, 2) for _ in range(2)]
    d = call("lstm", p, ts, cell=CARRYING)
    check("lstm", d, p, lambda p: run("lstm", p, ts))
    assert "y_hat_1" in d and d["Δ_1"].say


def test_a_cell_of_ones_own():
    """h_t = h_t-1 + relu(W x_t + U h_t-1 + c), a residual cell with names of its own."""

    def step(d, at, x, before, w):
        z = d.step(at("k"), w["W"] @ x + w["U"] @ before[0] + w["c"], say="the sum")
        return (d.step(at("s"), before[0] + relu(z), say="added to what was"),)

    rng = np.random.default_rng(5)
    p = {"W": array(rng, (2, 3)), "U": array(rng, (2, 2)), "c": array(rng, 2)}
    xs, ts, s = array(rng, (3, 3)), array(rng, (3, 2)), array(rng, 2)
    d = unroll(
        Cell([Sum("W", "U", ("c",))], ["s"], step), plain(xs), {k: plain(q) for k, q in p.items()},
        {"s": plain(s)}, Plan(plain(ts), rate="0.1", again=True), title="A residual cell",
    )  # fmt: skip

    def loss(p):
        h, whole = s, 0
        for x, t in zip(xs, ts, strict=True):
            h = h + np.maximum(p["W"] @ x + p["U"] @ h + p["c"], 0)
            whole += np.sum((h - t) ** 2) / 2
        return whole

    new = {}
    for name, q in p.items():
        g = slope(lambda a, name=name: loss(p | {name: a}), q)
        np.testing.assert_allclose(number(d, f"dE/d{name}"), g, rtol=1e-6, atol=1e-9)
        new[name] = q - 0.1 * g
    assert float(d.value("E'")) == pytest.approx(loss(new), rel=1e-6)


def test_a_loss_and_an_output_activation_of_ones_own():
    w = {"W_xh": 1, "W_hh": 1, "W_hy": [1, -1]}
    d = rnn([0], w, h="0.5", targets=[[1, 2]], output_activation=lambda y: 2 * y,
            loss=lambda y, t: total((y - t) ** 2) * 3)  # fmt: skip
    h = np.tanh(0.5)
    assert float(d.value("E")) == pytest.approx(3 * ((2 * h - 1) ** 2 + (-2 * h - 2) ** 2))


def test_a_cell_names_its_steps_by_their_time_and_gives_all_its_states():
    def nameless(d, at, x, before, w):
        return (d.step("h", w["W"] * x + w["U"] * before[0], say="no time in its name"),)

    def forgetful(d, at, x, before, w):
        return ()

    for step, error, words in (
        (nameless, InvalidName, r"the cell has a step 'h'; wanted a name as at\(\) gives"),
        (forgetful, ShapeError, "the cell gives 0 states; wanted 1: h"),
    ):
        with pytest.raises(error, match=words):
            unroll(Cell([Sum("W", "U", ())], ["h"], step), [1, 2], {"W": 1, "U": 1}, title="A cell")
    with pytest.raises(ShapeError, match="starts has length 1; wanted 2 states: out, state"):
        unroll(CARRYING, [1], {}, {"out": 1}, title="A cell")


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("outputs", [None, (), (3,)])
def test_an_rnn_with_any_activation(activation, outputs):
    rng = np.random.default_rng([len(activation), 3 if outputs is None else 4 + len(outputs)])
    p = problem(rng, "rnn", 3, (2,), [(3,)], True, outputs)
    ts = [array(rng, (3,) if outputs is None else outputs) for _ in range(3)]
    d = call("rnn", p, ts, activation=activation)
    check("rnn", d, p, lambda p: run("rnn", p, ts, activation=activation))
    if activation == "relu":  # both of its pieces are seen
        values = [z for t in (1, 2, 3) for z in number(d, f"z_{t}")]
        assert min(values) < 0 < max(values)


def test_one_step_of_an_rnn_has_any_activation_too():
    d = Derivation("One step")
    x, h = d.givens(x=1, h=2)
    w = dict(zip(("W_xh", "W_hh"), d.givens(W_xh=-2, W_hh="0.5"), strict=True))
    (new,) = rnn_cell("leaky_relu").step(d, At(1), x, (h,), w)
    assert d.value(new).exact == Fraction(-1, 100) and d[new].name == "h_1"


def test_an_activation_without_a_slope_cannot_be_trained():
    assert rnn([1], TWO, activation="heaviside").value("h_1").exact == 1
    with pytest.raises(NoDependence, match="E does not depend on x_1 in a way that has a slope"):
        rnn([1], TWO, activation="heaviside", targets=[[0, 0]])


@pytest.mark.parametrize("z_weighs", ["new", "old"])
@pytest.mark.parametrize(("inputs", "units"), [((), [()]), ((3,), [(2,)]), ((2,), [(2,), (3,)])])
def test_a_gru_that_resets_after_the_weights(inputs, units, z_weighs):
    rng = np.random.default_rng([len(inputs), len(units), len(z_weighs)])
    how = {"z_weighs": z_weighs, "reset": "after"}
    for bias in (False, True):
        p = problem(rng, "gru", 3, inputs, units, bias, (2,))
        if bias:
            p |= {numbered("c_h", k if len(units) > 1 else ""): array(rng, size)
                  for k, size in enumerate(units, 1)}  # fmt: skip
        ts = [array(rng, 2) for _ in range(3)]
        d = call("gru", p, ts, len(units), **how)
        check("gru", d, p, lambda p, ts=ts: run("gru", p, ts, layers=len(units), **how))


def test_where_the_reset_gate_is_does_not_matter_to_a_single_unit_without_a_second_bias():
    w = {f"{kind}_{gate}": "0.5" for gate in "rzh" for kind in "WU"}
    d, e = (gru([1, 2], w, h="0.3", targets=[1, 0], reset=reset) for reset in ("before", "after"))
    for name in ("h_2", "dE/dU_h", "dE/dW_r"):
        np.testing.assert_allclose(number(d, name), number(e, name), rtol=1e-14)
    assert "v_1" in e and "v_1" not in d


def test_one_step_of_a_gru_that_resets_after_the_weights():
    d = Derivation("One step")
    x, h = d.givens(x=0, h=2)
    w = {name: d.given(name, 0) for name in ("W_r", "U_r", "W_z", "U_z", "W_h")}
    w |= {"U_h": d.given("U_h", 1), "c_h": d.given("c_h", -2)}
    # the second bias takes away what the state brings
    (new,) = gru_cell(reset="after").step(d, At(1), x, (h,), w)
    assert d.value("v_1").exact == 0 and d.value(new).exact == 1


def joined(p, kind, n=""):
    """The weights of a layer, those on the state behind those on the input."""
    found = {}
    for gate in GATES[kind]:
        w, u, b = (numbered(name, n) for name in names(kind, gate))
        units = np.atleast_1d(p[b]).size
        both = np.hstack([np.reshape(p[w], (units, -1)), np.reshape(p[u], (units, units))])
        both = both[0] if np.ndim(p[b]) == 0 else both
        found |= {names(kind, gate)[0]: plain(both), names(kind, gate)[2]: plain(p[b])}
    return found


@pytest.mark.parametrize("units", [(), (1,), (3,)])
@pytest.mark.parametrize("inputs", [(), (1,), (2,)])
@pytest.mark.parametrize("kind", CALCULATORS)
def test_weights_on_input_and_state_joined(kind, inputs, units):
    rng = np.random.default_rng([len(kind), sum(inputs), sum(units)])
    p = problem(rng, kind, 2, inputs, [units], True, (2,))
    ts = [array(rng, 2) for _ in range(2)]
    d = call(kind, p, ts)
    xs = [plain(p[f"x_{t}"]) for t in range(FIRST[kind], FIRST[kind] + 2)]
    starts = {q: plain(p[f"{q}_{FIRST[kind] - 1}"]) for q in STATES[kind]}
    readout = {name: plain(p[name]) for name in ("W_hy", "b_y")}
    how = {"targets": [plain(t) for t in ts], **starts}
    e = CALCULATORS[kind](xs, joined(p, kind) | readout, **how)
    for name in p:
        found, wanted = number(e, gradient(kind, name)), number(d, gradient(kind, name))
        np.testing.assert_allclose(found, wanted, rtol=1e-13)


def test_joined_weights_of_stacked_layers_and_of_the_other_notation():
    rng = np.random.default_rng(5)
    p = problem(rng, "lstm", 2, (2,), [(3,), (2,)], True)
    ts = [array(rng, 2) for _ in range(2)]
    d = call("lstm", p, ts, 2)
    xs, stack = [plain(p["x_0"]), plain(p["x_1"])], [joined(p, "lstm", k) for k in (1, 2)]
    starts = {q: [plain(p[f"{q}{k}_-1"]) for k in (1, 2)] for q in ("out", "state")}
    how = {"targets": [plain(t) for t in ts], **starts}
    e = lstm(xs, stack, **how)
    other = [{name.replace("W_", "W_x_").replace("_a", "_g"): v for name, v in layer.items()}
             for layer in stack]  # fmt: skip
    f = lstm(xs, other, **how, names=H_AND_C)
    for ours, theirs in (("U1_f", "W1_h_f"), ("W2_a", "W2_x_g")):
        np.testing.assert_allclose(number(e, f"δ{ours}"), number(d, f"δ{ours}"), rtol=1e-13)
        np.testing.assert_allclose(number(f, f"δ{theirs}"), number(d, f"δ{ours}"), rtol=1e-13)


def test_joined_weights_taken_apart_in_either_order():
    assert split_joined({"W_xh": [[1, 2, 3], [4, 5, 6]], "b_h": [7, 8], "W_hy": [[1, 2]]}) == {
        "W_xh": [[1], [4]], "W_hh": [[2, 3], [5, 6]], "b_h": [7, 8], "W_hy": [[1, 2]],
    }  # fmt: skip
    assert split_joined({"W_x_g": [["0.5", 2]]}, "hx") == {"W_x_g": [[2]], "W_h_g": [[0.5]]}
    assert split_joined({"W_z": np.array([1, 2, 3])}) == {"W_z": [1, 2], "U_z": 3}
    assert split_joined({"W_z": [1, 2, 3]}, "hx") == {"W_z": [2, 3], "U_z": 1}
    d = gru([["0.5", 1]], split_joined({f"W_{k}": [1, 2, 3] for k in "rzh"}, "hx"), h=2)
    assert d.value("s_r_1").exact == 2 * 1 + Fraction(1, 2) * 2 + 3


STACKS = [((), [(), ()]), ((2,), [(3,), (2,)]), ((), [(2,), (), (3,)]), ((3,), [(), (2,)])]
"""The shape of an input, and of the states of each layer."""


@pytest.mark.parametrize(("inputs", "units"), STACKS)
@pytest.mark.parametrize("kind", CALCULATORS)
def test_stacked_layers_of_any_sizes(kind, inputs, units):
    rng = np.random.default_rng([len(kind), len(inputs), len(units)])
    for bias, outputs in ((True, None), (False, (2,)), (True, ())):
        p = problem(rng, kind, 3, inputs, units, bias, outputs)
        ts = [array(rng, units[-1] if outputs is None else outputs) for _ in range(3)]
        ts[1 if bias else 0] = None
        for cell in {"rnn": [None, RNN_APART], "lstm": [None, lstm_apart()], "gru": [None]}[kind]:
            d = call(kind, p, ts, len(units), cell)
            check(kind, d, p, lambda p, ts=ts: run(kind, p, ts, layers=len(units)))


def test_stacked_lstms_show_what_they_carry():
    rng = np.random.default_rng(8)
    p = problem(rng, "lstm", 3, (2,), [(2,), (3,)], True)
    ts = [array(rng, 3) for _ in range(3)]
    d = call("lstm", p, ts, 2, CARRYING)
    check("lstm", d, p, lambda p: run("lstm", p, ts, layers=2))
    back = sum(number(d, f"δ{gate}1_2") @ p[f"U1_{gate}"] for gate in "aifo")
    np.testing.assert_allclose(number(d, "Δout1_1"), back, rtol=1e-12)
    unsaid = {e.name.rpartition("_")[0] for e in d.steps
              if e.section.startswith("Backward") and not e.say}  # fmt: skip
    assert not unsaid
    other = [{name.replace("W_", "W_x_").replace("U_", "W_h_").replace("_a", "_g"):
              plain(p[numbered(name, k)]) for gate in "aifo" for name in names("lstm", gate)}
             for k in (1, 2)]  # fmt: skip
    xs, starts = ([plain(p[f"{q}_{t}"]) for q, t in pairs] for pairs in (
        [("x", 0), ("x", 1), ("x", 2)], [("out1", -1), ("out2", -1)]))  # fmt: skip
    states = [plain(p[f"state{k}_-1"]) for k in (1, 2)]
    e = lstm(xs, other, out=starts, state=states, targets=[plain(t) for t in ts], names=H_AND_C)
    np.testing.assert_allclose(number(e, "δW1_x_g"), number(d, "δW1_a"), rtol=1e-12)
    assert e["δg2_1"].say == "how the loss changes with the weighted sum of the candidate"


def test_stacked_layers_are_gone_through_time_by_time():
    w = {"W_xh": "0.5", "W_hh": "0.4"}
    d = rnn([1, 2, 3], [w, w, w | {"W_hy": 2}], targets=[1, 0, 1], rate="0.1", again=True)
    assert [title for title, _ in d.sections()] == [
        "Given", "Forward @ t=1", "Forward @ t=2", "Forward @ t=3", "Loss",
        "Backward @ t=3", "Backward @ t=2", "Backward @ t=1",
        "Gradients of the weights, summed over time", "Update",
        "Forward @ t=1 with the new weights", "Forward @ t=2 with the new weights",
        "Forward @ t=3 with the new weights", "Loss with the new weights",
    ]  # fmt: skip
    parts = dict(d.sections())
    assert [e.name for e in parts["Forward @ t=2"]] == [
        "z1_2", "h1_2", "z2_2", "h2_2", "z3_2", "h3_2", "y_2", "E_2",
    ]  # fmt: skip
    assert [e.name for e in parts["Backward @ t=2"]] == [
        f"dE/d{name}" for name in ("y_2", "h3_2", "z3_2", "h2_2", "z2_2", "h1_2", "z1_2", "x_2")
    ]
    assert [e.name for e in parts["Update"]] == [
        f"{name}'" for name in ("W1_xh", "W1_hh", "W2_xh", "W2_hh", "W3_xh", "W3_hh", "W_hy")
    ]
    assert float(d.value("G")) > 0


def test_a_list_of_one_layer_is_that_layer():
    w = {f"{kind}_{gate}": "0.5" for gate in "aifo" for kind in "WUb"}
    how = {"targets": [0, 1], "rate": "0.1", "again": True}
    d, e = lstm([1, 2], w, out="0.1", **how), lstm([1, 2], [w], out=["0.1"], **how)
    assert [(q.name, q.section, q.say, d.text(q.name)) for q in d.entries] == [
        (q.name, q.section, q.say, e.text(q.name)) for q in e.entries
    ]


def test_a_stacked_network_is_drawn_with_its_states_between_the_time_steps():
    w = {f"{kind}_{gate}": "0.5" for gate in "aifo" for kind in "WU"}
    said = str(unrolled(lstm([1, 2], [w, w], targets=[0, 1])))
    for state in ("out₁_−1", "state₁_−1", "out₂_−1", "state₂_−1"):
        assert f"{state} = 0, gradient" in said.partition("Time 0:")[0]
    assert "x₀ = 1" in said and "Shared by the time steps: W₁_a = 0.5" in said


# Beside PyTorch and Keras

KEPT = Path(__file__).parent.parent / "frameworks" / "recurrent.json"
CASES = json.loads(KEPT.read_text(encoding="utf-8"))["cases"]
COUNTS = CASES.pop("counts")
ORDER = {
    "pytorch": {"rnn": "h", "lstm": "ifao", "gru": "rzh"},
    "keras": {"rnn": "h", "lstm": "ifao", "gru": "zrh"},
}
"""The gates as they stand in the rows or columns of a framework's matrices."""


def translated(case, layer):
    """The weights of a layer of a framework, as ours."""
    w = {key: np.array(value) for key, value in layer.items()}
    if case["framework"] == "pytorch":
        on_input, on_state = w["weight_ih_l0"], w["weight_hh_l0"]
        biases = [w["bias_ih_l0"], w["bias_hh_l0"]]
    else:
        on_input, on_state = w["kernel"].T, w["recurrent_kernel"].T
        biases = np.atleast_2d(w["bias"])
    n = on_state.shape[1]
    found = {}
    for k, gate in enumerate(ORDER[case["framework"]][case["cell"]]):
        part = slice(k * n, (k + 1) * n)
        own = [b[part] for b in biases]
        if gate == "h" and case["options"].get("reset") == "after":
            found["c_h"] = own.pop()
        values = (on_input[part], on_state[part], sum(own))
        found |= dict(zip(names(case["cell"], gate), values, strict=True))
    return {name: plain(value) for name, value in found.items()}


def in_their_layout(case, layer, ours):
    """The gradients of a layer as the framework has them; ``ours`` gives those of our weights."""
    gates = ORDER[case["framework"]][case["cell"]]
    on_input, on_state, bias = (
        np.concatenate([ours(names(case["cell"], gate)[k]) for gate in gates]) for k in range(3)
    )
    second = bias.copy()
    if case["options"].get("reset") == "after":
        n = on_state.shape[1]
        second[-n:] = ours("c_h")  # the candidate is last in both frameworks
    if case["framework"] == "pytorch":
        return {"weight_ih_l0": on_input, "weight_hh_l0": on_state,
                "bias_ih_l0": bias, "bias_hh_l0": second}  # fmt: skip
    both = np.ndim(layer["bias"]) == 2
    return {"kernel": on_input.T, "recurrent_kernel": on_state.T,
            "bias": np.stack([bias, second]) if both else bias}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_frameworks(name):
    case = CASES[name]
    kind, given, slopes = case["cell"], case["inputs"], case["gradients"]
    first = FIRST[kind]
    weights = [translated(case, layer) for layer in given["layers"]]
    weights[-1] |= {key: given[key] for key in ("W_hy", "b_y")}
    starts = {q: [start[key] for start in given["starts"]]
              for q, key in zip(STATES[kind], "hc", strict=False)}  # fmt: skip
    d = CALCULATORS[kind](
        given["x"], weights, **starts, targets=given["targets"], output_activation="softmax",
        loss="softmax_cross_entropy", **case["options"],
    )  # fmt: skip

    def same(ours, theirs, what):
        theirs = np.array(theirs)
        assert ours.shape == theirs.shape, what
        within = case["tolerance"] * max(1, np.abs(theirs).max())
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=within, err_msg=what)

    same(number(d, "E"), case["loss"], "loss")
    for k in range(len(given["x"])):
        same(number(d, f"y_{first + k}"), case["scores"][k], "scores")
        same(number(d, gradient(kind, f"x_{first + k}")), slopes["x"][k], "x")
    for key in ("W_hy", "b_y"):
        same(number(d, gradient(kind, key)), slopes[key], key)
    for k, layer in enumerate(given["layers"]):
        n = str(k + 1) if len(weights) > 1 else ""
        ours = in_their_layout(
            case, layer, lambda q, n=n: number(d, gradient(kind, numbered(q, n)))
        )
        assert ours.keys() == slopes["layers"][k].keys()
        for key, value in ours.items():
            same(value, slopes["layers"][k][key], key)
        for q, key in zip(STATES[kind], "hc", strict=False):
            start = f"{numbered(q, n)}_{first - 1}"
            slope = number(d, f"Δ{start}" if kind == "lstm" else f"dE/d{start}")
            same(slope, slopes["starts"][k][key], start)


def test_the_frameworks_have_every_kind_of_cell_with_one_layer_and_with_two():
    found = {(c["framework"], c["cell"], *c["options"].values(), len(c["inputs"]["layers"]))
             for c in CASES.values()}  # fmt: skip
    for framework in ("pytorch", "keras"):
        for layers in (1, 2):
            assert (framework, "lstm", layers) in found
            assert (framework, "gru", "old", "after", layers) in found
            assert {(framework, "rnn", f, layers) for f in ("tanh", "relu")} <= found
    assert all(c["tolerance"] <= 1e-11 for c in CASES.values() if c["framework"] == "pytorch")


@pytest.mark.parametrize(
    "case", COUNTS["layers"], ids=lambda case: "-".join(map(str, case.values()))
)
def test_the_parameters_of_the_frameworks(case):
    d = Derivation("A layer")
    layer = Recurrent("a", COUNTS["units"], case["cell"], case["biases"])
    (found,) = count(d, sequence(d, 5, COUNTS["features"]), [layer])
    assert d.value(found.parameters).exact == d.value("P_a").exact == case["parameters"]


PLAIN = {"W_xh": 1, "W_hh": 1}
TWO = PLAIN | {"W_hy": [1, -1]}
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
        (lambda: rnn([1], TWO, targets=[[1, 0]], output_activation="sigmoid", loss="cross_entropy"),
         FormulaError, "cross_entropy got no softmax; wanted it as output_activation"),
        (lambda: rnn([1], TWO, targets=[[1, 0]], loss="crossentropy"), UnknownName,
         "loss is 'crossentropy'; wanted a function, or one of half_squared_error"),
        (lambda: rnn([1], TWO, output_activation="soft"), UnknownName,
         "output_activation is 'soft'; wanted a function, or one of linear"),
        (lambda: rnn([1], TWO, activation="softmaxx"), UnknownName,
         "activation is 'softmaxx'; wanted a function"),
        (lambda: rnn([1], TWO, output_activation=None), UnknownName,
         "output_activation is None; wanted a function"),
        (lambda: rnn([1], TWO, loss=[]), UnknownName, "loss is []; wanted a function"),
        (lambda: rnn([1], TWO, targets=[1], **SOFTMAX), ShapeError,
         "label_1 has shape (); wanted (2,)"),
        (lambda: gru([1], RESETS, targets=[1], **SOFTMAX), ShapeError,
         "softmax got a single number; wanted an array"),
        (lambda: rnn([1], None), ShapeError,
         "weights is None; wanted a mapping of weights by name, or a list of them"),
        (lambda: gru([1], []), ShapeError, "weights is empty; wanted a list of mappings"),
        (lambda: lstm([1], "abc"), ShapeError, "weights is 'abc'; wanted a mapping"),
        (lambda: rnn([1], [PLAIN, 3]), ShapeError,
         "weights[1] is 3; wanted a mapping of weights by name"),
        (lambda: rnn([1], [PLAIN, {"W_hh": 1}]), UnknownName, "weights[1] has no 'W_xh'; wanted"),
        (lambda: rnn([1], [PLAIN, {"W_xh": 1}]), UnknownName, "weights[1] has no 'W_hh'; wanted"),
        (lambda: rnn([1], [TWO, PLAIN]), UnknownName,
         "weights[0] has 'W_hy'; wanted only W_xh, W_hh, b_h"),
        (lambda: rnn([1], [PLAIN, PLAIN | {"b_y": 1}]), UnknownName,
         "weights[1] has 'b_y' but no 'W_hy'"),
        (lambda: rnn([1], [PLAIN, {"W_xh": [[1]], "W_hh": [[1]]}]), ShapeError,
         "W2_xh has shape (1, 1); wanted (1,)"),
        (lambda: rnn([1], [PLAIN, {"W_xh": 1, "W_hh": [1]}]), ShapeError,
         "W2_hh has shape (1,); wanted a square matrix"),
        (lambda: rnn([1], [PLAIN, PLAIN], h=1), ShapeError,
         "h is 1; wanted a list of starts, one for each layer"),
        (lambda: rnn([1], [PLAIN, PLAIN], h=[1]), ShapeError,
         "h has length 1; wanted 2 starts, one for each layer"),
        (lambda: rnn([1], [PLAIN, PLAIN], h=[1, [1]]), ShapeError,
         "h2_0 has shape (1,); wanted ()"),
        (lambda: rnn(None, PLAIN), ShapeError, "inputs is None; wanted a list"),
        (lambda: rnn({1: 2}, PLAIN), ShapeError, "inputs is {1: 2}; wanted a list"),
        (lambda: rnn({1, 2}, PLAIN), ShapeError, "inputs is {1, 2}; wanted a list"),
        (lambda: rnn(np.array(1), PLAIN), ShapeError, "inputs is array(1); wanted a list"),
        (lambda: rnn([1], PLAIN, targets=5), ShapeError,
         "targets is 5; wanted a list of targets, one for each input"),
        (lambda: rnn([1], PLAIN, targets="1"), ShapeError, "targets is '1'; wanted a list of"),
        (lambda: rnn([1], PLAIN, first="a"), GivenError, "first is 'a'; wanted a whole number"),
        (lambda: gru([1], RESETS, first=None), GivenError, "first is None; wanted a whole number"),
        (lambda: rnn([1], PLAIN, targets=[1], rate=[1, 2]), ShapeError,
         "rate has shape (2,); wanted a single number"),
        (lambda: lstm([1], {}, names="hc"), GivenError,
         "names is 'hc'; wanted OUT_AND_STATE, H_AND_C or another LstmNames"),
        (lambda: rnn([1], {"W_hh": None}), GivenError, "W_hh is None"),
        (lambda: gru([1], RESETS, reset="never"), GivenError,
         "reset is 'never'; wanted 'before' or 'after'"),
        (lambda: gru([1], RESETS | {"b_r": 1, "b_z": 1, "b_h": 1}, reset="after"), UnknownName,
         "weights has no 'c_h'; wanted W_r, U_r, b_r, W_z, U_z, b_z, W_h, U_h, b_h, c_h"),
        (lambda: gru([1], RESETS | {"c_h": 1}), UnknownName, "weights has 'c_h'; wanted only W_r"),
        (lambda: split_joined({"W_f": [[1], [2]]}), ShapeError,
         "W_f has shape (2, 1); wanted n rows of more than n numbers"),
        (lambda: rnn([1], {"W_xh": [1, 1], "W_hh": [[1, 0], [0, 1]]}, activation=total),
         ShapeError, "h_1 has shape (); wanted (2,)"),
        (lambda: rnn([1], TWO, output_activation=total), ShapeError,
         "y_hat_1 has shape (); wanted (2,)"),
        (lambda: split_joined(None), ShapeError,
         "weights is None; wanted a mapping of weights by name"),
        (lambda: split_joined({"W_f": 1}), ShapeError, "W_f has shape (); wanted n rows"),
        (lambda: split_joined({"W_f": [[[1, 2]]]}), ShapeError, "W_f has shape (1, 1, 2); wanted"),
        (lambda: split_joined({"W_f": [[1, 2]]}, "h"), GivenError,
         "order is 'h'; wanted 'xh' or 'hx'"),
        (lambda: gru([1], {f"W_{k}": [1, 2, 3] for k in "rzh"}), UnknownName,
         "weights has no 'U_r'; wanted the weights on the state before, or 'W_r' joined with them"),
        (lambda: gru([1], {"W_r": [1, 2], "W_z": [1, 2]}), UnknownName, "weights has no 'U_r'"),
        (lambda: gru([1], RESETS | {"b_y": 1}), UnknownName, "'b_y' but no 'W_hy'"),
        (lambda: gru([1], RESETS | {"W_hy": [[1, 2]]}), ShapeError,
         "W_hy has shape (1, 2); wanted (1,)"),
    ],
)  # fmt: skip
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
