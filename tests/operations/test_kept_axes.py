"""Sums, means and variances that keep the axis they work along, against NumPy."""

import numpy as np
import pytest

from dlhand import Derivation, mean, total, variance

A = np.array([[1, 2, 4], [0, -3, 5.0]])
RULES = {
    "total": (total, np.sum, lambda a, axis: np.ones(a.shape)),
    "mean": (mean, np.mean, lambda a, axis: np.ones(a.shape) / a.shape[axis]),
    "variance": (
        variance,
        np.var,
        lambda a, axis: 2 * (a - a.mean(axis, keepdims=True)) / a.shape[axis],
    ),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("axis", [0, 1])
def test_a_kept_axis_has_length_one_and_the_same_gradient(name, axis):
    rule, reference, slope = RULES[name]
    d = Derivation(name)
    a = d.given("a", A.tolist())
    kept = d.step("k", rule(a, axis, keep=True))
    weights = d.given("w", [[2], [3]] if axis else [[1, 2, 3]])
    loss = d.step("E", total(kept * weights))
    d.backward(loss, [a])
    assert kept.shape == ((2, 1) if axis else (1, 3))
    found = np.array(d.value(kept), dtype=float)
    np.testing.assert_allclose(found, reference(A, axis=axis, keepdims=True), rtol=1e-14)
    gradient = np.array(d.value("dE/da"), dtype=float)
    wanted = slope(A, axis) * np.array(d.given_value("w"), dtype=float)
    np.testing.assert_allclose(gradient, wanted, rtol=1e-14)
    assert "reshape" not in d.text("dE/da")
