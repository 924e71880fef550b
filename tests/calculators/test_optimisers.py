"""The optimisers on losses, sizes and hyperparameters of one's own, against NumPy."""

import numpy as np
import pytest

from dlhand import GivenError, NoDependence, ShapeError, UnknownName, dot, exp, total
from dlhand.calculators.optimisers import RULES, Rule, optimise

STEPS = 4


def floats(value):
    if isinstance(value, list):
        return np.array([floats(item) for item in value])
    return float(value)


class Reference:
    """One parameter's optimiser, as the papers have it."""

    def __init__(self, rule, **h):
        self.rule, self.h, self.t = rule, h, 0
        self.first = self.second = 0.0

    def update(self, q, g):
        h, self.t = self.h, self.t + 1
        if self.rule == "sgd":
            return q - h["alpha"] * g
        if self.rule == "momentum":
            self.first = h["beta"] * self.first + g
            return q - h["alpha"] * self.first
        if self.rule == "adam":
            self.first = h["beta1"] * self.first + (1 - h["beta1"]) * g
            self.second = h["beta2"] * self.second + (1 - h["beta2"]) * g**2
            root = np.sqrt(self.second / (1 - h["beta2"] ** self.t)) + h["epsilon"]
            return q - h["alpha"] * self.first / (1 - h["beta1"] ** self.t) / root
        if self.rule == "adagrad":
            self.second = self.second + g**2
        else:
            self.second = h["rho"] * self.second + (1 - h["rho"]) * g**2
        if self.rule == "adadelta":
            move = np.sqrt(self.first + h["epsilon"]) / np.sqrt(self.second + h["epsilon"]) * g
            self.first = h["rho"] * self.first + (1 - h["rho"]) * move**2
            return q - h["alpha"] * move
        return q - h["alpha"] * g / (np.sqrt(self.second) + h["epsilon"])


HYPER = {
    "sgd": {"alpha": 0.05},
    "momentum": {"alpha": 0.02, "beta": 0.7},
    "adagrad": {"alpha": 0.3, "epsilon": 0.001},
    "rmsprop": {"alpha": 0.05, "rho": 0.8, "epsilon": 0.001},
    "adadelta": {"alpha": 1.0, "rho": 0.9, "epsilon": 0.001},
    "adam": {"alpha": 0.2, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.001},
}


def test_every_rule_is_tried():
    assert set(HYPER) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_one_number(rule):
    """J = q^4 - 3 q, whose gradient is 4 q³ - 3."""
    d = optimise(lambda q: q**4 - 3 * q, {"q": "0.5"}, rule, STEPS, **HYPER[rule])
    q, reference = 0.5, Reference(rule, **HYPER[rule])
    for t in range(1, STEPS + 1):
        q = reference.update(q, 4 * q**3 - 3)
        assert float(d.value(f"q_{t}")) == pytest.approx(q, rel=1e-11)
        assert float(d.value(f"J_{t}")) == pytest.approx(q**4 - 3 * q, rel=1e-11)


@pytest.mark.parametrize("rule", RULES)
def test_a_vector_and_a_matrix_at_once(rule):
    """J = sum(exp(A v)) + v·c, whose gradients are worked out by hand here."""
    random = np.random.default_rng(3)
    a, v = np.round(random.uniform(-1, 1, (2, 3)), 2), np.round(random.uniform(-1, 1, 3), 2)
    d = optimise(
        lambda a, v: total(exp(a @ v)) + dot(v, v), {"A": a, "v": v}, rule, STEPS, **HYPER[rule]
    )
    first, second = Reference(rule, **HYPER[rule]), Reference(rule, **HYPER[rule])
    for t in range(1, STEPS + 1):
        e = np.exp(a @ v)
        a, v = first.update(a, np.outer(e, v)), second.update(v, a.T @ e + 2 * v)
        np.testing.assert_allclose(floats(d.value(f"A_{t}")), a, rtol=1e-10)
        np.testing.assert_allclose(floats(d.value(f"v_{t}")), v, rtol=1e-10)


def test_the_gradients_by_differences():
    loss = lambda u, v: (u - 2 * v) ** 2 + exp(u * v)  # noqa: E731
    d = optimise(loss, {"u": "0.3", "v": "-0.8"}, "adam", 3)
    plain = lambda u, v: (u - 2 * v) ** 2 + np.exp(u * v)  # noqa: E731
    for t in range(3):
        u, v, h = float(d.value(f"u_{t}")), float(d.value(f"v_{t}")), 1e-6
        du = (plain(u + h, v) - plain(u - h, v)) / (2 * h)
        dv = (plain(u, v + h) - plain(u, v - h)) / (2 * h)
        assert float(d.value(f"dJ_{t}/du_{t}")) == pytest.approx(du, rel=1e-7)
        assert float(d.value(f"dJ_{t}/dv_{t}")) == pytest.approx(dv, rel=1e-7)


def test_a_rule_of_ones_own():
    signs = Rule({"alpha": "0.5"}, lambda u: u.q - u.h["alpha"] * u.g / 2)
    d = optimise(lambda q: q**2, {"Q": 1}, signs, 2)
    assert [d.value(f"Q_{t}").exact for t in (1, 2)] == [0.5, 0.25]


def test_another_start_and_rate_give_another_run():
    d = optimise(lambda q: q**2, {"Q": 1}).with_values({"Q_0": 2, "alpha": "0.25"})
    assert [d.value(f"Q_{t}").exact for t in (1, 2, 3)] == [1, 0.5, 0.25]


def test_it_stops_when_the_gradient_is_short():
    d = optimise(lambda u, v: u**2 + v**2, {"u": 3, "v": 4}, steps=99, until="1", alpha="0.25")
    assert float(d.value("n_1")) == 10 and float(d.value("n_5")) == 0.625
    assert float(d.value("stop_4")) == 0 and float(d.value("stop_5")) == 1
    assert "u_4" in d and "u_5" not in d
    assert d.entries[-1].name == "stop_5"


def test_a_thousand_steps():
    d = optimise(lambda q: q**2, {"Q": 1}, "adam", 1000, alpha="0.01")
    q, reference = 1.0, Reference("adam", alpha=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8)
    for _ in range(1000):
        q = reference.update(q, 2 * q)
    assert float(d.value("Q_1000")) == pytest.approx(q, abs=1e-12)


@pytest.mark.parametrize(
    "arguments, hyper, error, message",
    [
        (({},), {}, ShapeError, "start is empty; wanted at least one parameter"),
        (({"Q": 1}, "adma"), {}, UnknownName, "rule is 'adma'.*did you mean 'adam'"),
        (({"Q": 1}, "sgd", 0), {}, ShapeError, "steps is 0; wanted at least 1"),
        (({"Q": 1}, "sgd"), {"beta": 1}, UnknownName, "'beta' is no hyperparameter.*some of alpha"),
        (({"Q": "one"},), {}, GivenError, "Q is 'one'; wanted a finite number"),
        (
            ({"Q": [1, 2]},),
            {},
            ShapeError,
            r"the loss J_0 has shape \(2,\); wanted a single number",
        ),
        (({"Q": 1, "P": 2},), {}, NoDependence, "J_0 does not depend on P_0"),
    ],
)
def test_what_cannot_be_optimised(arguments, hyper, error, message):
    with pytest.raises(error, match=message):
        optimise(lambda q, *rest: q**2, *arguments, **hyper)
