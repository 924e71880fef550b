"""Single layers beside PyTorch and Keras: outputs and slopes, as tests/frameworks keeps them."""

import json
from ast import literal_eval
from pathlib import Path

import numpy as np
import pytest

import dlhand
from dlhand import Derivation, GivenError, ShapeError, correlate, total, transposed_correlate
from dlhand.calculators.attention import attend
from dlhand.calculators.convolution import windows
from dlhand.calculators.regularisation import penalty

KEPT = Path(__file__).parent.parent / "frameworks" / "layers.json"
CASES = json.loads(KEPT.read_text(encoding="utf-8"))["cases"]
ACTIVATIONS = ("elu", "gelu", "silu", "softplus", "leaky_relu", "relu")


def of_kind(kind):
    return [name for name in CASES if name.startswith(f"{kind} ")]


def floats(d, quantity):
    return np.array(d.value(quantity), dtype=float)


def beside(name, build):
    """A layer built on the inputs of a case, compared with what the framework gave."""
    case = CASES[name]
    d = Derivation(name)
    given = d.givens(**case["inputs"])
    y = build(d, *given)
    np.testing.assert_allclose(
        floats(d, y).reshape(np.shape(case["y"])), case["y"], rtol=1e-11, atol=1e-12
    )
    if "gradients" in case:
        slopes = d.backward(d.step("half", total(y**2) / 2), given)
        for q in given:
            wanted = np.array(case["gradients"][q.name])
            np.testing.assert_allclose(floats(d, slopes[q]), wanted, rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(name):
    beside(name, lambda d, z: d.step("y", getattr(dlhand, name)(z)))


@pytest.mark.parametrize("name", of_kind("transposed"))
def test_transposed_convolutions(name):
    *_, stride, padding, extra = literal_eval(name.partition(" ")[2])
    beside(name, lambda d, x, f: d.step("y", transposed_correlate(x[0], f, stride, padding, extra)))


@pytest.mark.parametrize("name", of_kind("same"))
def test_convolutions_with_the_same_frame(name):
    stride = literal_eval(name.partition(" ")[2])[-1]
    beside(name, lambda d, x, f: d.step("y", correlate(x, f, stride, "same")))
    beside(name, lambda d, x, f: windows(d, x, f, stride=stride, padding="same"))


@pytest.mark.parametrize("name", of_kind("batch norm"))
def test_batch_norm_over_samples_and_over_space(name):
    beside(name, lambda d, x, gamma, beta: dlhand.batch_norm(d, x, gamma, beta, "0.01").y)


def test_a_bias_of_minus_a_billion_shuts_a_key():
    beside(
        "attention with a bias", lambda d, q, k, v, b: attend(d, q, k, v, bias=b, mark="'").output
    )


@pytest.mark.parametrize("name", of_kind("penalty"))
def test_penalties(name):
    l1, l2 = name.split()[1:]
    rates = {key: rate for key, rate in (("l1", l1), ("l2", l2)) if float(rate)}
    beside(name, lambda d, w: penalty(d, [w], **rates))


def test_the_slope_of_a_penalty_by_hand():
    d = Derivation("Two weights")
    w = d.given("w", [3, -4])
    slopes = d.backward(penalty(d, w, l1="0.1", l2="0.01"), [w])
    assert floats(d, slopes[w]).tolist() == pytest.approx([0.1 + 0.06, -0.1 - 0.08])


def test_what_cannot_be_a_layer():
    d = Derivation("Layers")
    x, f = d.givens(x=[[1, 2], [3, 4]], f=[[1]])
    with pytest.raises(GivenError, match="neither l1 nor l2; wanted one of them"):
        penalty(d, x)
    with pytest.raises(GivenError, match="l1 is -1; wanted a number from 0 on"):
        penalty(d, x, l1=-1)
    with pytest.raises(ShapeError, match="leaves something"):
        transposed_correlate(x, f, padding=1)
    with pytest.raises(ShapeError, match="less extra rows than the stride 2"):
        transposed_correlate(x, f, 2, extra=2)
    with pytest.raises(ShapeError, match="wanted \\(h, w\\) with"):
        transposed_correlate(x, d.given("k", [[[[1]]]]))
    with pytest.raises(GivenError, match="padding is 'valid'; wanted a whole number"):
        correlate(x, f, padding="valid")
    with pytest.raises(GivenError, match="eps is -1; wanted a number from 0 on"):
        dlhand.batch_norm(d, x, eps=-1)
    with pytest.raises(ShapeError, match=r"x has shape .*; wanted \(samples,\)"):
        dlhand.batch_norm(d, [[[1]]])
