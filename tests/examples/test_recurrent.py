"""Recurrent networks against NumPy code written here from the textbook, and central differences."""

import re
import sys

import numpy as np
import pytest

from dlhand import ShapeError, UnknownName
from dlhand.calculators.recurrent import H_AND_C, gru, lstm, lstm_cell, rnn, rnn_cell
from dlhand.calculators.unrolling import Plan, unroll
from dlhand.examples import errata, load
from dlhand.examples.lstm import CARRYING, apart

SIZES = [(1, (), ()), (3, (), ()), (2, (3,), ()), (3, (), (2,)), (3, (3,), (2,)), (4, (1,), (4,))]
"""Lengths with the shapes of an input and of a state; () is a single number."""


def sigma(z):
    return 1 / (1 + np.exp(-z))


def times(w, x):
    return w @ x if np.ndim(x) else w * x


def rnn_loss(p, xs, ts, h):
    loss = 0.0
    for x, t in zip(xs, ts, strict=True):
        h = np.tanh(times(p["W_hh"], h) + times(p["W_xh"], x) + p.get("b_h", 0))
        y = times(p["W_hy"], h) + p.get("b_y", 0) if "W_hy" in p else h
        loss += 0 if t is None else np.sum((y - t) ** 2) / 2
    return loss


def lstm_loss(p, xs, ts, h, c):
    loss = 0.0
    for x, t in zip(xs, ts, strict=True):
        z = {k: times(p[f"W_{k}"], x) + times(p[f"U_{k}"], h) + p.get(f"b_{k}", 0) for k in "aifo"}
        c = sigma(z["f"]) * c + sigma(z["i"]) * np.tanh(z["a"])
        h = sigma(z["o"]) * np.tanh(c)
        loss += 0 if t is None else np.sum((h - t) ** 2) / 2
    return loss


def gru_loss(p, xs, ts, h, z_weighs):
    loss = 0.0
    for x, t in zip(xs, ts, strict=True):
        r, z = (
            sigma(times(p[f"W_{k}"], x) + times(p[f"U_{k}"], h) + p.get(f"b_{k}", 0)) for k in "rz"
        )
        new = np.tanh(times(p["W_h"], x) + times(p["U_h"], r * h) + p.get("b_h", 0))
        h = (1 - z) * h + z * new if z_weighs == "new" else z * h + (1 - z) * new
        loss += 0 if t is None else np.sum((h - t) ** 2) / 2
    return loss


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


def array(rng, shape):
    """Numbers with two decimals, so that what is given is what NumPy gets."""
    return np.round(rng.uniform(-1, 1, shape), 2)


def plain(a):
    return np.asarray(a).tolist()


def check(d, loss, p, prefix, xs, starts):
    """Value and gradients of a derivation, by weight, input and start, against ``loss``."""
    assert float(d.value("E")) == pytest.approx(loss(p, xs, *starts.values()), rel=1e-12)
    for name in p:
        expected = slope(lambda a, name=name: loss(p | {name: a}, xs, *starts.values()), p[name])
        np.testing.assert_allclose(number(d, prefix + name), expected, rtol=1e-6, atol=1e-9)
    for name in starts:
        expected = slope(
            lambda a, name=name: loss(p, xs, *(starts | {name: a}).values()), starts[name]
        )
        gradient = f"dE/d{name}" if prefix == "dE/d" else f"Δ{name}"
        np.testing.assert_allclose(number(d, gradient), expected, rtol=1e-6, atol=1e-9)
    for k in range(len(xs)):
        expected = slope(
            lambda a, k=k: loss(p, [*xs[:k], a, *xs[k + 1 :]], *starts.values()), xs[k]
        )
        time = k if "x_0" in d else k + 1
        gradient = f"{prefix}x_{time}"
        np.testing.assert_allclose(number(d, gradient), expected, rtol=1e-6, atol=1e-9)


def sequence(rng, length, shape, outputs, last):
    xs = [array(rng, shape) for _ in range(length)]
    ts = [array(rng, outputs) for _ in range(length)]
    return xs, [None] * (length - 1) + [ts[-1]] if last else ts


def lists(items):
    return [None if item is None else plain(item) for item in items]


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(("length", "inputs", "units"), SIZES)
def test_an_rnn_of_any_size(length, inputs, units, last):
    rng = np.random.default_rng([length, len(inputs), len(units), last])
    for bias in (False, True):
        p = {"W_xh": array(rng, units + inputs), "W_hh": array(rng, units + units)}
        p |= {"b_h": array(rng, units)} if bias else {}
        for outputs in (None, (), (2,)):
            q = p | ({} if outputs is None else {"W_hy": array(rng, outputs + units)})
            q |= {"b_y": array(rng, outputs)} if bias and outputs is not None else {}
            xs, ts = sequence(rng, length, inputs, units if outputs is None else outputs, last)
            h = array(rng, units)
            weights = {name: plain(w) for name, w in q.items()}
            d = rnn(lists(xs), weights, h=plain(h), targets=lists(ts))
            check(d, lambda p, xs, h, ts=ts: rnn_loss(p, xs, ts, h), q, "dE/d", xs, {"h_0": h})


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(("length", "inputs", "units"), SIZES)
def test_an_lstm_of_any_size(length, inputs, units, last):
    rng = np.random.default_rng([length, len(inputs), len(units), last])
    for bias in (False, True):
        shapes = {"W": units + inputs, "U": units + units} | ({"b": units} if bias else {})
        p = {f"{k}_{gate}": array(rng, shape) for gate in "aifo" for k, shape in shapes.items()}
        xs, ts = sequence(rng, length, inputs, units, last)
        starts = {"out_-1": array(rng, units), "state_-1": array(rng, units)}
        begin = {"out": plain(starts["out_-1"]), "state": plain(starts["state_-1"])}
        for cell in (lstm_cell(), CARRYING, apart()):
            d = unroll(
                cell, lists(xs), {name: plain(w) for name, w in p.items()}, begin,
                Plan(lists(ts), first=0), title="An LSTM",
            )  # fmt: skip
            check(d, lambda p, xs, h, c, ts=ts: lstm_loss(p, xs, ts, h, c), p, "δ", xs, starts)


@pytest.mark.parametrize("z_weighs", ["new", "old"])
@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize(("length", "inputs", "units"), SIZES)
def test_a_gru_of_any_size(length, inputs, units, last, z_weighs):
    rng = np.random.default_rng([length, len(inputs), len(units), last])
    for bias in (False, True):
        shapes = {"W": units + inputs, "U": units + units} | ({"b": units} if bias else {})
        p = {f"{k}_{gate}": array(rng, shape) for gate in "rzh" for k, shape in shapes.items()}
        xs, ts = sequence(rng, length, inputs, units, last)
        h = array(rng, units)
        weights = {name: plain(w) for name, w in p.items()}
        d = gru(lists(xs), weights, h=plain(h), targets=lists(ts), z_weighs=z_weighs)
        loss = lambda p, xs, h, ts=ts: gru_loss(p, xs, ts, h, z_weighs)  # noqa: E731
        check(d, loss, p, "dE/d", xs, {"h_0": h})


# The examples


def close(d, values, places=6):
    """The values of a derivation agree with independent ones to some decimal places."""
    for name, expected in values.items():
        np.testing.assert_allclose(number(d, name), expected, rtol=0, atol=0.51 * 10.0**-places)


def weights_of(d, names):
    return {name: number(d, name) for name in names}


def sequence_of(d, name, first, length):
    return [number(d, f"{name}_{t}") for t in range(first, first + length)]


LSTM = [f"{kind}_{gate}" for gate in "aifo" for kind in "WUb"]


def test_the_forward_pass_of_the_lstm_of_document_002():
    d = load("002-lstm")
    close(
        d,
        {
            "z_a_0": 1.15,
            "z_i_0": 3.2,
            "z_f_0": 1.75,
            "z_o_0": 1.5,
            "z_a_1": 1.255447,
            "z_i_1": 3.954051,
            "z_f_1": 1.903631,
            "z_o_1": 1.734078,
        },
    )
    expected = {
        0: (0.817754, 0.960834, 0.851953, 0.817574, 0.785726, 0.536313),
        1: (0.849804, 0.981184, 0.870302, 0.849933, 1.517633, 0.771981),
    }
    for t, values in expected.items():
        for name, value in zip(("a", "i", "f", "o", "state", "out"), values, strict=True):
            close(d, {f"{name}_{t}": value})


def test_the_backward_pass_of_the_lstm_of_document_002():
    d = load("002-lstm")
    close(
        d,
        {
            "δout_1": -0.478019,
            "δstate_1": -0.071108,
            "δgates_1": (-0.019384, -0.001116, -0.006307, -0.055378),
            "δx_1": (-0.047424, -0.030728),
            "Δout_0": -0.018275,
            "δout_0": 0.018038,
            "δstate_0": -0.053484,
            "δgates_0": (-0.017024, -0.001646, 0, 0.001765),
            "δx_0": (-0.008166, -0.004867),
            "Δout_-1": -0.003429,
        },
    )
    W = (
        (-0.026716, -0.092201),
        (-0.002204, -0.006639),
        (-0.003153, -0.018920),
        (-0.025924, -0.162604),
    )
    U = (-0.010396, -0.000598, -0.003382, -0.029700)
    b = (-0.036408, -0.002761, -0.006307, -0.053613)
    close(d, {"δW": W, "δU": U, "δb": b})


def test_the_matrix_form_of_what_the_lstm_passes_back():
    d = load("002-lstm")
    W, U = (np.array([number(d, f"{kind}_{gate}") for gate in "aifo"]) for kind in "WU")
    for t in (0, 1):
        np.testing.assert_allclose(number(d, f"δx_{t}"), W.T @ number(d, f"δgates_{t}"), atol=1e-15)
        back = U @ number(d, f"δgates_{t}")
        np.testing.assert_allclose(number(d, f"Δout_{t - 1}"), back, atol=1e-15)
    carried = number(d, "δstate_1") * number(d, "f_1")
    np.testing.assert_allclose(number(d, "Δstate_0"), carried, atol=1e-15)


def test_the_gradients_of_all_sixteen_parameters_of_the_lstm():
    d = load("002-lstm")
    p = weights_of(d, LSTM)
    xs, ts = sequence_of(d, "x", 0, 2), sequence_of(d, "label", 0, 2)
    assert sum(np.size(w) for w in p.values()) == 16
    check(d, lambda p, xs, h, c: lstm_loss(p, xs, ts, h, c), p, "δ", xs,
          {"out_-1": np.zeros(()), "state_-1": np.zeros(())})  # fmt: skip


def test_the_update_of_the_lstm_and_the_loss_after_it():
    d = load("002-lstm")
    expected = {
        "a": (0.452672, 0.259220, 0.151040, 0.203641),
        "i": (0.950220, 0.800664, 0.800060, 0.650276),
        "f": (0.700315, 0.451892, 0.100338, 0.150631),
        "o": (0.602592, 0.416260, 0.252970, 0.105361),
    }
    for gate, (w0, w1, u, b) in expected.items():
        close(d, {f"W_{gate}'": (w0, w1)}), close(d, {f"U_{gate}'": u}), close(d, {f"b_{gate}'": b})
    again = load("002-lstm-again")
    close(again, {"E": 0.114910, "E'": 0.110881})
    p = weights_of(again, [f"{name}'" for name in LSTM])
    p = {name.rstrip("'"): w for name, w in p.items()}
    xs, ts = sequence_of(again, "x", 0, 2), sequence_of(again, "label", 0, 2)
    assert float(again.value("E'")) == pytest.approx(lstm_loss(p, xs, ts, 0, 0), rel=1e-12)


def test_no_printed_number_of_the_lstm_of_document_002_is_unexplained():
    findings = load("002-lstm").verdicts()
    assert len(findings) == 266
    assert {f.verdict for f in findings} == {"exact", "rounded", "truncated", "carried"}


def test_the_lstm_of_document_003():
    d = load("003-lstm")
    p = {name.replace("W_x", "W").replace("W_h", "U").replace("_g", "_a"): number(d, name)
         for gate in "gifo" for name in (f"W_x_{gate}", f"W_h_{gate}")}  # fmt: skip
    x, h, c = number(d, "x_1"), number(d, "h_0"), number(d, "c_0")
    z = {k: p[f"W_{k}"] @ x + p[f"U_{k}"] @ h for k in "aifo"}
    state = sigma(z["f"]) * c + sigma(z["i"]) * np.tanh(z["a"])
    np.testing.assert_allclose(number(d, "c_1"), state, atol=1e-15)
    np.testing.assert_allclose(number(d, "h_1"), sigma(z["o"]) * np.tanh(state), atol=1e-15)
    close(
        d,
        {
            "z_i_1": (0.3, 0.195),
            "i_1": (0.574443, 0.548596),
            "z_o_1": (0.13, -0.14),
            "o_1": (0.532454, 0.465057),
            "z_g_1": (-0.28, 0.135),
            "g_1": (-0.272905, 0.134186),
            "z_f_1": (-0.23, 0.13),
            "f_1": (0.442752, 0.532454),
            "kept_1": (0.08855, -0.106491),
            "stored_1": (-0.156768, 0.073614),
            "c_1": (-0.068218, -0.032877),
            "squashed_1": (-0.068112, -0.032865),
            "h_1": (-0.036267, -0.015284),
        },
    )


def test_the_scratch_work_is_tanh():
    rnn_scratch, lstm_scratch = load("003-rnn-scratch"), load("003-lstm-scratch")
    for d, z, y in [(rnn_scratch, "z_a", "y_a"), (rnn_scratch, "z_b", "y_b"),
                    (rnn_scratch, "z_c", "y_c"), (lstm_scratch, "z_g", "y_g"),
                    (lstm_scratch, "c_1", "y_1"), (lstm_scratch, "c_2", "y_2")]:  # fmt: skip
        np.testing.assert_allclose(number(d, y), np.tanh(number(d, z)), rtol=1e-14)


def test_the_words_of_document_004_are_the_steps_of_document_002():
    d, whole = load("004-lstm"), load("002-lstm")
    for name in ("a_1", "i_1", "f_1", "o_1", "state_1", "out_1"):
        close(d, {name: number(whole, name)}, places=4)
    kept, stored = number(d, "f_1") * number(d, "state_0"), number(d, "i_1") * number(d, "a_1")
    np.testing.assert_allclose(number(d, "kept_1"), kept, rtol=1e-14)
    np.testing.assert_allclose(number(d, "stored_1"), stored, rtol=1e-14)


def test_the_rnn_of_document_003():
    d = load("003-rnn")
    close(
        d,
        {
            "h_1": (-0.099668, 0.833655, 0.716298),
            "y_1": (-0.575174, 0.008844),
            "s_2": (0.323495, 0.41329, 0.054911),
            "z_2": (-0.476505, -0.18671, 0.354911),
            "h_2": (-0.44344, -0.184571, 0.340723),
            "y_2": (-0.088508, -0.484367),
        },
    )
    by_hand = load("003-rnn-by-hand")
    close(
        by_hand,
        {
            "s_2": (0.322, 0.4122, 0.0552),
            "u_2": (-0.8, -0.6, 0.3),
            "z_2": (-0.478, -0.1878, 0.3552),
            "h_2": (-0.44464, -0.185623, 0.340979),
            "y_2": (-0.088528, -0.485621),
        },
    )


@pytest.mark.parametrize(
    ("name", "transposed"),
    [
        ("001-rnn", True), ("003-rnn-bptt", False), ("001-rnn-vanishing", False),
        ("003-rnn-types-one-to-one", False), ("003-rnn-types-many-to-one", False),
        ("003-rnn-types-many-to-many", False),
    ],
)  # fmt: skip
def test_the_gradients_of_the_rnn_examples(name, transposed):
    d = load(name)
    names = [w for w in ("W_xh", "W_hh", "W_hy") if w in d]
    assert names[:2] == ["W_xh", "W_hh"]
    length = max(t for t in range(9) if f"x_{t}" in d)
    xs = sequence_of(d, "x", 1, length)
    ts = [number(d, f"label_{t}") if f"label_{t}" in d else None for t in range(1, length + 1)]

    def loss(p, xs, h):
        if transposed:
            p = {name: w.T for name, w in p.items()}
        return rnn_loss(p, xs, ts, h)

    check(d, loss, weights_of(d, names), "dE/d", xs, {"h_0": number(d, "h_0")})


def test_the_gradient_fades_in_the_rnn_and_lasts_in_the_lstm():
    plain_network, gated = load("001-rnn-vanishing"), load("001-rnn-gates")
    slopes = [1 - number(plain_network, f"h_{t}") ** 2 for t in (2, 3, 4)]
    assert float(plain_network.value("r")) == pytest.approx(np.prod(slopes) / 8, rel=1e-12)
    assert float(gated.value("r")) == pytest.approx(sigma(3.0) ** 3, rel=1e-12)


def test_an_output_that_is_the_next_input():
    d = load("003-rnn-types-one-to-many")
    h, x = 0.0, 0.8
    for t in (1, 2, 3):
        h = np.tanh(0.5 * x + 0.4 * h)
        x = 2 * h
        assert float(d.value(f"y_{t}")) == pytest.approx(x, rel=1e-12)


def test_reading_all_before_writing():
    d = load("003-rnn-types-translation")
    h = np.tanh(0.5 * -0.5 + 0.4 * np.tanh(0.5 * 0.8))
    x = 1.0
    for t in (3, 4):
        h = np.tanh(0.3 * x + 0.6 * h)
        x = 1.5 * h
        assert float(d.value(f"y_{t}")) == pytest.approx(x, rel=1e-12)


def test_the_shapes_and_the_count_of_the_weights():
    d, counted = load("003-rnn-formula"), load("003-rnn-formula-count")
    shapes = {name: d[name].shape for name in ("W_hh", "W_xh", "W_hy", "h_2", "y_2")}
    assert shapes == {"W_hh": (4, 4), "W_xh": (4, 3), "W_hy": (2, 4), "h_2": (4,), "y_2": (2,)}
    weights = sum(number(d, w).size for w in ("W_hh", "W_xh", "W_hy"))
    assert counted.value("N").exact == weights == 36
    p = weights_of(d, ["W_hh", "W_xh", "W_hy"])
    h = np.tanh(p["W_hh"] @ np.tanh(p["W_xh"] @ [1, 0, 2]) + p["W_xh"] @ [0, 1, -1])
    np.testing.assert_allclose(number(d, "y_2"), p["W_hy"] @ h, rtol=1e-13)
    n, k = 4, 3
    gates = load("002-gru-count")
    rnn_count = n * (n + k) + n
    assert [gates.value(f"N_{kind}").exact for kind in ("RNN", "GRU", "LSTM")] == [
        rnn_count, 3 * rnn_count, 4 * rnn_count,
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "z_weighs"), [("002-gru", "new"), ("002-gru-other", "old")])
def test_the_gru_of_document_002(name, z_weighs):
    d = load(name)
    close(d, {"r_1": 0.668188, "z_1": 0.622459, "h_tilde_1": 0.682546})
    p = weights_of(d, [f"{kind}_{gate}" for gate in "rzh" for kind in "WUb"])
    ts = [number(d, "label_1")]
    loss = lambda p, xs, h: gru_loss(p, xs, ts, h, z_weighs)  # noqa: E731
    check(d, loss, p, "dE/d", [number(d, "x_1")], {"h_0": number(d, "h_0")})
    new = {key: number(d, f"{key}'") for key in p}
    assert float(d.value("E'")) == pytest.approx(loss(new, [1.0], 0.5), rel=1e-12)
    assert float(d.value("E'")) < float(d.value("E"))


def test_the_two_conventions_of_the_gru_agree_when_signs_are_turned():
    close(load("002-gru"), {"h_1": 0.613628})
    assert float(load("002-gru-same").value("h_1")) == pytest.approx(
        float(load("002-gru").value("h_1")), rel=1e-15
    )


def test_the_recurrent_cell_of_document_004_and_what_its_code_does():
    d = load("004-rnn")
    W_xh, W_hh, W_hy = (number(d, name) for name in ("W_xh", "W_hh", "W_hy"))
    h, x = np.array([[0.5], [-0.5]]), np.array([[1.0], [2.0]])
    right = np.tanh(W_hh @ h + W_xh @ x)
    np.testing.assert_allclose(number(d, "h_1"), right[:, 0], rtol=1e-14)
    np.testing.assert_allclose(number(d, "y_1"), (W_hy @ right)[:, 0], rtol=1e-14)
    code = load("004-rnn-broadcast")
    state = np.tanh(W_hh + h + W_xh * x)  # broadcast by NumPy as by TensorFlow
    np.testing.assert_allclose(number(code, "h'"), state, rtol=1e-14)
    np.testing.assert_allclose(number(code, "y"), W_hy * state, rtol=1e-14)
    np.testing.assert_allclose(number(code, "y_right"), W_hy @ right, rtol=1e-14)


def test_the_wrong_formulas_differ_from_the_right_ones():
    mine = [e for e in errata() if e.example in ("002-lstm", "004-rnn")]
    assert [(e.name, e.line) for e in mine] == [
        ("002-lstm-passed-back", 829), ("002-lstm-bias", 840),
        ("004-rnn-state", 181), ("004-rnn-output", 184),
    ]  # fmt: skip
    for erratum in mine:
        d, printed, right = erratum.build()
        assert plain(number(d, printed.name)) != plain(number(d, right.name))
    d, _, right = next(e for e in mine if e.name == "002-lstm-passed-back").build()
    assert float(d.value(right)) == pytest.approx(float(d.value("Δout_-1")), rel=1e-14)
    d, _, right = next(e for e in mine if e.name == "002-lstm-bias").build()
    np.testing.assert_allclose(number(d, right.name), number(d, "δb"), rtol=1e-14)


# The calculators


def a_long_lstm(length):
    weights = {f"{kind}_{gate}": "0.5" for gate in "aifo" for kind in "WU"}
    xs = [f"0.{t % 10}" for t in range(length)]
    return lstm(xs, weights, targets=[f"0.{t % 7}" for t in range(length)])


def test_a_thousand_time_steps_at_the_default_recursion_limit():
    assert sys.getrecursionlimit() <= 1000
    d = a_long_lstm(1000)
    assert len(d.steps) <= 100 * 1000
    p = weights_of(d, [f"{kind}_{gate}" for gate in "aifo" for kind in "WU"])
    xs, ts = sequence_of(d, "x", 0, 1000), sequence_of(d, "label", 0, 1000)
    for name in ("W_f", "U_o"):
        expected = slope(lambda a, name=name: lstm_loss(p | {name: a}, xs, ts, 0.0, 0.0), p[name])
        assert float(d.value(f"δ{name}")) == pytest.approx(float(expected), rel=1e-5)


def test_the_steps_grow_with_the_length_and_no_faster():
    ten, twenty, thirty = (len(a_long_lstm(length).steps) for length in (10, 20, 30))
    assert twenty - ten == thirty - twenty <= 100 * 10


def test_both_notations_of_the_lstm_give_the_same():
    rng = np.random.default_rng(3)
    ours = {f"{kind}_{gate}": plain(array(rng, (2, 2))) for gate in "aifo" for kind in "WU"}
    other = {name.replace("W_", "W_x_").replace("U_", "W_h_").replace("_a", "_g"): value
             for name, value in ours.items()}  # fmt: skip
    xs, ts = [[1, 0], [0, 1]], [[0, 1], [1, 0]]
    d, e = lstm(xs, ours, targets=ts), lstm(xs, other, targets=ts, names=H_AND_C)
    assert plain(number(d, "out_1")) == plain(number(e, "h_1"))
    assert plain(number(d, "δW_a")) == plain(number(e, "δW_x_g"))


def test_a_cell_whose_weights_are_stored_the_other_way_round_gives_the_same():
    weights = {"W_xh": [[1, 2], [4, 5]], "W_hh": [["0.1", "0.2"], ["0.3", "0.4"]], "b_h": [0, 1]}
    turned = {k: plain(np.transpose(v)) if np.ndim(v) == 2 else v for k, v in weights.items()}
    cell = rnn_cell()

    def step(d, at, x, before, w):
        return cell.step(d, at, x, before, {k: q.T if len(q.shape) == 2 else q
                                            for k, q in w.items()})  # fmt: skip

    xs, ts = [["0.1", "-0.3"]] * 2, [[0, 1], [1, 0]]
    d = rnn(xs, weights, targets=ts, rate="0.1", again=True)
    how = Plan(ts, rate="0.1", again=True)
    e = unroll(cell._replace(step=step), xs, turned, how=how, title="Turned")
    assert float(d.value("E'")) == pytest.approx(float(e.value("E'")), rel=1e-14)
    np.testing.assert_allclose(number(d, "dE/dW_xh").T, number(e, "dE/dW_xh"), rtol=1e-13)


GATES = {f"{kind}_{gate}": [[1, 0], [0, 1]] for gate in "aifo" for kind in "WU"}
RESETS = {f"{kind}_{gate}": 1 for gate in "rzh" for kind in "WU"}


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: rnn([], {}), ShapeError, "inputs is empty; wanted a list of inputs, at least one"),
        (lambda: rnn("12", {}), ShapeError, "inputs is '12'; wanted a list of inputs"),
        (lambda: rnn([[1, 2], [1]], {}), ShapeError, "x_2 has shape (1,); wanted (2,)"),
        (lambda: rnn([[[1]]], {}), ShapeError, "x_1 has shape (1, 1); wanted a vector or"),
        (lambda: rnn([1], {"W_xh": 1}), UnknownName, "weights has no 'W_hh'"),
        (lambda: rnn([1], {"W_hh": 1}), UnknownName, "weights has no 'W_xh'"),
        (lambda: rnn([1], {"W_hh": [[1, 2]]}), ShapeError,
         "W_hh has shape (1, 2); wanted a square matrix"),
        (lambda: rnn([[1, 2]], {"W_xh": [[1]], "W_hh": [[1]]}), ShapeError,
         "W_xh has shape (1, 1); wanted (1, 2)"),
        (lambda: rnn([1], {"W_xh": 1, "W_hh": 1, "W_c": 1}), UnknownName, "weights has 'W_c'"),
        (lambda: rnn([1], {"W_xh": 1, "W_hh": 1, "b_y": 1}), UnknownName, "'b_y' but no 'W_hy'"),
        (lambda: rnn([1], {"W_xh": [1, 1], "W_hh": [[1, 0], [0, 1]], "W_hy": [1, 1, 1]}),
         ShapeError, "W_hy has shape (3,); wanted (2,)"),
        (lambda: rnn([1], {"W_xh": 1, "W_hh": 1}, h=[1]), ShapeError,
         "h_0 has shape (1,); wanted ()"),
        (lambda: rnn([1, 2], {"W_xh": 1, "W_hh": 1}, targets=[1]), ShapeError,
         "targets has length 1; wanted 2 targets, one for each input"),
        (lambda: rnn([1], {"W_xh": 1, "W_hh": 1}, targets=[None]), ShapeError, "only None"),
        (lambda: rnn([1], {"W_xh": 1, "W_hh": 1}, targets=[[1, 2]]), ShapeError,
         "label_1 has shape (2,); wanted ()"),
        (lambda: rnn([1], {"W_xh": 1, "W_hh": 1}, rate=1), ValueError,
         "rate is given but no targets"),
        (lambda: rnn([1], {"W_xh": 1, "W_hh": 1}, targets=[1], again=True), ValueError,
         "again is true but there is no rate"),
        (lambda: lstm([[1, 2, 3]], GATES), ShapeError, "W_a has shape (2, 2); wanted (2, 3)"),
        (lambda: lstm([[1, 2]], GATES | {"U_o": [[1]]}), ShapeError,
         "U_o has shape (1, 1); wanted (2, 2)"),
        (lambda: lstm([[1, 2]], GATES | {"b_f": [1, 1]}), UnknownName, "weights has no 'b_a'"),
        (lambda: lstm([[1, 2]], GATES, state=[1]), ShapeError,
         "state_-1 has shape (1,); wanted (2,)"),
        (lambda: lstm([[1, 2]], GATES, names=H_AND_C), UnknownName, "weights has no 'W_h_g'"),
        (lambda: gru([1], RESETS | {"W_z": [1]}), ShapeError, "W_z has shape (1,); wanted ()"),
        (lambda: gru([1], RESETS, z_weighs="both"), ValueError, "z_weighs is 'both'; wanted 'new'"),
    ],
)  # fmt: skip
def test_bad_sizes_get_one_clear_error(call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()
