"""The gates of documents 002 and 003, against truth tables worked out in numpy."""

import numpy as np
import pytest

import dlhand

ROWS = np.array([(0, 0), (0, 1), (1, 0), (1, 1)])
NAMES = ("00", "01", "10", "11")


def column(d, name, mark=""):
    return [float(d.value(f"{name}_{row}{mark}")) for row in NAMES]


@pytest.mark.parametrize(
    ("name", "bias", "activation", "wanted"),
    [
        ("003-and-gate", -1, lambda z: np.maximum(z, 0), [0, 0, 0, 1]),
        ("003-or-gate", 0, lambda z: (z > 0) * 1, [0, 1, 1, 1]),
        ("003-xor-fail", 0, lambda z: np.maximum(z, 0), [0, 1, 1, 2]),
    ],
)
def test_a_unit_with_weights_one(name, bias, activation, wanted):
    d = dlhand.load(name)
    z = ROWS.sum(axis=1) + bias
    assert column(d, "z") == z.tolist()
    assert column(d, "a") == activation(z).tolist() == wanted


def test_or_by_trial_ends_with_a_unit_that_is_right_on_every_row():
    d = dlhand.load("002-or")
    nets = [float(d.value(f"y_{k}")) for k in range(1, 8)]
    assert nets == [1, -1, 0, 1, 0, 1, 3]  # examples.md: the trial rows, and the last row 3
    final = np.array([float(d.value(w)) for w in ("w0'", "w1'", "w2'")])
    net = final[0] + ROWS @ final[1:]
    assert net.tolist() == [-1, 1, 1, 3]
    assert (net > 0).tolist() == [False, True, True, True]


def test_the_perceptron_rule_needs_one_correction_for_or():
    d = dlhand.load("002-or-rule")
    weights = np.array([1.0, 1.0, 1.0])
    x = np.array([1, 0, 0])
    weights += 1 * (0 - float(weights @ x > 0)) * x
    assert [float(d.value(w)) for w in ("w0'", "w1'", "w2'")] == weights.tolist() == [0, 1, 1]
    assert column(d, "o", "'") == [0, 1, 1, 1]


def test_xor_from_two_trained_units():
    d = dlhand.load("002-xor")
    units = {"1": (np.array([1.0, 1.0]), ROWS[1]), "2": (np.array([1.0, 1.0]), ROWS[2])}
    fired = []
    for unit, (weights, wrong) in units.items():
        weights = weights + 1.5 * (0 - 1) * wrong
        assert [float(d.value(f"w{k}{unit}'")) for k in (1, 2)] == weights.tolist()
        net = ROWS @ weights
        assert column(d, f"y{unit}", "'") == net.tolist()
        fired.append((net >= 1) * 1)
        assert column(d, f"z{unit}", "'") == fired[-1].tolist()
    assert column(d, "y") == (fired[0] + fired[1]).tolist()
    assert column(d, "o") == [0, 1, 1, 0]


def test_xor_with_a_hidden_layer():
    d = dlhand.load("003-xor-relu")
    z = ROWS @ np.ones((2, 2)) + [0, -1]
    a = np.maximum(z, 0)
    z3 = a @ [1, -2]
    for k, unit in enumerate(("1", "2")):
        assert column(d, f"z{unit}") == z[:, k].tolist()
        assert column(d, f"a{unit}") == a[:, k].tolist()
    assert column(d, "z3") == z3.tolist()
    assert column(d, "a3") == np.maximum(z3, 0).tolist() == [0, 1, 1, 0]


def test_the_threshold_of_the_page_would_not_do():
    """With threshold 0, as printed, the units fire on sums of 0 and of 0.5."""
    d = dlhand.load("002-xor").what_if(theta=0)
    assert column(d, "z1", "'") != [0, 0, 1, 0]
