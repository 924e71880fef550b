"""Batch norm, dropout and early stopping, against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlhand import Derivation, GivenError, ShapeError, load, total
from dlhand.calculators.normalisation import batch_norm
from dlhand.calculators.regularisation import dropout, early_stopping
from tests.examples.vision import assert_completes, assert_slopes, assert_values, value


def normalised(x: Any, gamma: Any = 1.0, beta: Any = 0.0, eps: float = 0.0) -> Any:
    x = np.asarray(x, dtype=float)
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta


def test_batch_norm_of_four_numbers() -> None:
    d = load("002-regularisation")
    assert_values(d, {"x_hat": normalised([1, 2, 3, 4]), "mu'": 0, "v'": 1, "s'": 1})
    wanted = [-1.341641, -0.447214, 0.447214, 1.341641]
    assert_completes(d, {"mu": 2.5, "v": 1.25, "x_hat": wanted})


def test_batch_norm_backward() -> None:
    d = load("002-regularisation-batchnorm")
    t = value(d, "t")

    def loss(x: Any, gamma: Any, beta: Any) -> float:
        return float(np.sum((normalised(x, gamma, beta, 1e-5) - t) ** 2) / 2)

    assert_slopes(d, loss, ["x", "gamma", "beta"])
    assert abs(value(d, "k")) < 1e-12


@pytest.mark.parametrize(("samples", "features"), [(3, 2), (5, 1), (6, 4)])
def test_batch_norm_of_any_batch(samples: int, features: int) -> None:
    rng = np.random.default_rng(samples)
    x, r = rng.integers(-9, 10, (2, samples, features)).tolist()
    gamma, beta = rng.integers(1, 5, (2, features)).tolist()
    d = Derivation("A batch")
    given = d.givens(x=x, gamma=gamma, beta=beta, eps="0.01")
    y = batch_norm(d, *given).y
    assert_values(d, {"y": normalised(x, np.array(gamma), np.array(beta), 0.01)})
    d.backward(d.step("L", total(d.given("r", r) * y)), given[:3])

    def loss(x: Any, gamma: Any, beta: Any) -> float:
        return float(np.sum(np.array(r) * normalised(x, gamma, beta, 0.01)))

    assert_slopes(d, loss, ["x", "gamma", "beta"])


def test_batch_norm_with_a_scale_or_a_shift_alone() -> None:
    for changes in ({"gamma": 3.0}, {"beta": -2.0}):
        d = Derivation("A batch")
        x = d.given("x", [1, 5, 6])
        batch_norm(d, x, **{name: d.given(name, number) for name, number in changes.items()})
        assert_values(d, {"y": normalised([1, 5, 6], **changes)})


def test_batch_norm_refuses_other_shapes() -> None:
    d = Derivation("A batch")
    x, one, gamma = d.givens(x=[[1, 2], [3, 5]], c=1, gamma=[1, 2, 3])
    with pytest.raises(ShapeError, match=r"x has shape \(\); wanted \(samples,\)"):
        batch_norm(d, one)
    with pytest.raises(ShapeError, match=r"gamma has shape \(3,\); wanted \(\) or \(2,\)"):
        batch_norm(d, x, gamma)


@pytest.mark.parametrize("name", ["002-regularisation-dropout", "004-dropout"])
def test_dropout_with_a_mask(name: str) -> None:
    assert_completes(load(name), {"y": [2, 0, 6, 8]})


def test_dropout_keeps_the_expected_value() -> None:
    d = load("002-regularisation-dropout")
    assert_completes(d, {"u": 3})
    assert_slopes(d, lambda x: float(np.sum((x * [1, 0, 1, 1] / 0.5) ** 2) / 2), ["x"])
    every_mask = np.array(np.meshgrid(*[[0, 1]] * 4)).reshape(4, -1).T
    np.testing.assert_allclose((every_mask * [1, 2, 3, 4] / 0.5).mean(axis=0), [1, 2, 3, 4])


def test_dropout_in_use_changes_nothing() -> None:
    assert_values(load("004-dropout"), {"y'": [1, 2, 3, 4]})


def test_dropout_of_any_size() -> None:
    rng = np.random.default_rng(2)
    x, mask = rng.integers(-9, 10, (3, 4)), rng.integers(0, 2, (3, 4))
    d = Derivation("Units")
    dropout(d, *d.givens(x=x.tolist(), m=mask.tolist(), r="0.2"))
    assert_values(d, {"y": x * mask / 0.8})


def test_dropout_refuses_what_does_not_fit() -> None:
    d = Derivation("Units")
    x, m, r, one = d.givens(x=[1, 2], m=[1, 0, 1], r="0.5", one=1)
    with pytest.raises(ShapeError, match=r"dropout got shapes \(2,\), \(3,\) and \(\)"):
        dropout(d, x, m, r)
    with pytest.raises(GivenError, match="rate is 1; wanted a number from 0 up to but not 1"):
        dropout(d, x, x, one)


def stopped(errors: list[float], patience: int) -> tuple[int, int]:
    """The loop of a training with early stopping: best epoch, last epoch."""
    best, best_epoch, waited = errors[0], 1, 0
    for epoch, error in enumerate(errors[1:], start=2):
        waited += 1
        if error < best:
            best, best_epoch, waited = error, epoch, 0
        if waited >= patience:
            return best_epoch, epoch
    return best_epoch, len(errors)


def test_early_stopping_example() -> None:
    assert_completes(load("002-regularisation-earlystop"), {"B": 3, "S": 6})


@pytest.mark.parametrize("seed", range(20))
def test_early_stopping_of_any_errors(seed: int) -> None:
    rng = np.random.default_rng(seed)
    errors = rng.integers(0, 9, int(rng.integers(1, 12))).tolist()
    patience = int(rng.integers(1, 4))
    d = Derivation("Epochs")
    end = early_stopping(d, *d.givens(E=errors, P=patience))
    found = (int(value(d, end.best_epoch)), int(value(d, end.last_epoch)))
    assert found == stopped(errors, patience)


def test_early_stopping_refuses_what_it_cannot_use() -> None:
    d = Derivation("Epochs")
    e, p = d.givens(E=[1, 2], P=0)
    with pytest.raises(GivenError, match="patience is 0; wanted a whole number from 1 on"):
        early_stopping(d, e, p)
    with pytest.raises(ShapeError, match=r"errors has shape \(\); wanted a vector"):
        early_stopping(d, p, p)
