"""The optimisers on losses, sizes and hyperparameters of one's own, against NumPy."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlhand import (
    RULES,
    Derivation,
    GivenError,
    Layer,
    NoDependence,
    Rule,
    ShapeError,
    UnknownName,
    descend,
    dot,
    exp,
    maximum,
    optimise,
    sqrt,
    stack,
    total,
    train,
)
from dlhand.calculators.optimisers import given_rule

STEPS = 4
FRAMEWORKS = json.loads(
    (Path(__file__).parent.parent / "frameworks" / "optimisers.json").read_text("utf-8")
)["cases"]


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
        if self.rule == "nesterov":
            self.first = h["beta"] * self.first + g
            return q - h["alpha"] * (g + h["beta"] * self.first)
        if self.rule.startswith("keras"):
            self.first = h["beta"] * self.first - h["alpha"] * g
            ahead = h["beta"] * self.first - h["alpha"] * g
            return q + (self.first if self.rule == "keras_momentum" else ahead)
        if self.rule == "adamax":
            self.first = h["beta1"] * self.first + (1 - h["beta1"]) * g
            self.second = np.maximum(h["beta2"] * self.second, np.abs(g))
            rate = h["alpha"] / (1 - h["beta1"] ** self.t)
            return q - rate * self.first / (self.second + h["epsilon"])
        if self.rule == "adamw":
            q = q * (1 - h["alpha"] * h["decay"])
        if self.rule in ("adam", "adamw"):
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
        if self.rule == "rmsprop_momentum":
            self.first = h["beta"] * self.first + g / (np.sqrt(self.second) + h["epsilon"])
            return q - h["alpha"] * self.first
        return q - h["alpha"] * g / (np.sqrt(self.second) + h["epsilon"])


HYPER = {
    "sgd": {"alpha": 0.05},
    "momentum": {"alpha": 0.02, "beta": 0.7},
    "nesterov": {"alpha": 0.02, "beta": 0.7},
    "keras_momentum": {"alpha": 0.02, "beta": 0.7},
    "keras_nesterov": {"alpha": 0.02, "beta": 0.7},
    "adagrad": {"alpha": 0.3, "epsilon": 0.001},
    "rmsprop": {"alpha": 0.05, "rho": 0.8, "epsilon": 0.001},
    "rmsprop_momentum": {"alpha": 0.05, "rho": 0.8, "epsilon": 0.001, "beta": 0.6},
    "adadelta": {"alpha": 1.0, "rho": 0.9, "epsilon": 0.001},
    "adam": {"alpha": 0.2, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.001},
    "adamw": {"alpha": 0.2, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.001, "decay": 0.3},
    "adamax": {"alpha": 0.2, "beta1": 0.8, "beta2": 0.6, "epsilon": 0.001},
}


def test_every_rule_is_tried():
    assert set(HYPER) == set(RULES)


def keras_adam(u):
    """Keras's Adam: the ε is added before the mean of the squares is corrected."""
    b1, b2 = u.h["beta1"], u.h["beta2"]
    m = u.running("m", b1 * u.before("m") + (1 - b1) * u.g, "")
    v = u.running("v", b2 * u.before("v") + (1 - b2) * u.g**2, "")
    rate = u.h["alpha"] * sqrt(1 - b2**u.t) / (1 - b1**u.t)
    return u.q * (1 - u.h["alpha"] * u.h["decay"]) - rate * m / (sqrt(v) + u.h["epsilon"])


def keras_mean_square(u):
    rho = u.h["rho"]
    s = u.running("s", rho * u.before("s") + (1 - rho) * u.g**2, "")
    return u.h["alpha"] * u.g / sqrt(s + u.h["epsilon"])


def keras_adagrad(u):
    s = u.running("s", u.before("s") + u.g**2, "")
    return u.q - u.h["alpha"] * u.g / sqrt(s + u.h["epsilon"])


def pytorch_adamax(u):
    m = u.running("m", u.h["beta1"] * u.before("m") + (1 - u.h["beta1"]) * u.g, "")
    size = maximum(u.g, -u.g) + u.h["epsilon"]
    most = u.running("u", maximum(u.h["beta2"] * u.before("u"), size), "")
    return u.q - u.h["alpha"] / (1 - u.h["beta1"] ** u.t) * m / most


# What the module says of the frameworks where they have another rule than RULES, as rules.
DIFFERENT = {
    "keras-adam": Rule({**RULES["adam"].hyperparameters, "decay": "0"}, keras_adam, ("m", "v")),
    "keras-adamw": Rule(RULES["adamw"].hyperparameters, keras_adam, ("m", "v")),
    "keras-adagrad": Rule(RULES["adagrad"].hyperparameters, keras_adagrad, ("s",)),
    "keras-rmsprop": Rule(
        RULES["rmsprop"].hyperparameters, lambda u: u.q - keras_mean_square(u), ("s",)
    ),
    "keras-rmsprop_momentum": Rule(
        RULES["rmsprop_momentum"].hyperparameters,
        lambda u: u.q - u.running("v", u.h["beta"] * u.before("v") + keras_mean_square(u), ""),
        ("s", "v"),
    ),
    "pytorch-adamax": Rule(RULES["adamax"].hyperparameters, pytorch_adamax, ("m", "u")),
}
KERAS_ADAGRAD_START = {"s_u": "0.1", "s_w": "0.1"}


def run_of(rule, case):
    """What u and w are after each step of a framework's case."""
    moments = (
        KERAS_ADAGRAD_START if (case["framework"], case["rule"]) == ("keras", "adagrad") else {}
    )
    d = optimise(
        lambda u, w: (2 * u - w) ** 2 + u**4 + u * w,
        case["start"],
        rule,
        len(case["after"]),
        moments=moments,
        **case["hyperparameters"],
    )
    return [[float(d.value(f"{q}_{t + 1}")) for q in "uw"] for t in range(len(case["after"]))]


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_the_frameworks(name):
    """To the letter where a rule is said to be the framework's, else as the module says."""
    case = FRAMEWORKS[name]
    right = pytest.approx(np.array(case["after"]), rel=1e-11, abs=1e-12)
    assert (np.array(run_of(case["rule"], case)) == right) is (name not in DIFFERENT)
    assert np.array(run_of(DIFFERENT.get(name, case["rule"]), case)) == right


def test_every_rule_is_one_of_a_framework():
    assert {case["rule"] for name, case in FRAMEWORKS.items() if name not in DIFFERENT} == {*RULES}
    assert len(FRAMEWORKS) == 20 and DIFFERENT.keys() <= FRAMEWORKS.keys()
    assert all(len(case["after"]) == 5 for case in FRAMEWORKS.values())


@pytest.mark.parametrize("rule", ["momentum", "nesterov"])
def test_kerass_velocity_is_the_other_times_the_rate(rule):
    ours, keras = (
        optimise(lambda q: q**4 - q, {"q": "0.5"}, name, 4, alpha="0.05", moments={"v": start})
        for name, start in ((rule, 2), (f"keras_{rule}", "-0.1"))
    )
    for t in range(1, 5):
        assert keras.value(f"q_{t}").exact == ours.value(f"q_{t}").exact
        assert keras.value(f"v_{t}").exact == -Fraction(1, 20) * ours.value(f"v_{t}").exact


def test_nesterov_looks_ahead():
    """The paper's form takes the gradient at q + β v; here q stands for that place."""
    d = optimise(lambda q: q**4 - q, {"q": "0.5"}, "keras_nesterov", 4, alpha="0.05", beta="0.5")
    here, v = Fraction(1, 2), Fraction(0)
    for t in range(1, 5):
        ahead = here + v / 2
        v = v / 2 - Fraction(1, 20) * (4 * ahead**3 - 1)
        here += v
        assert d.value(f"q_{t}").exact == here + v / 2


@pytest.mark.parametrize("rule", RULES)
@given(cut=st.integers(1, 3), start=st.sampled_from([-1, Fraction(1, 2), 3]))
def test_a_run_goes_on_from_its_moments(rule, cut, start):
    """Four steps are ``cut`` steps, and the others with the moments that these have left."""

    def run(at, steps, **more):
        return optimise(lambda p, q: (p - q) ** 2 + q**2, at, rule, steps, **HYPER[rule], **more)

    whole, first = run({"p": start, "q": 2}, 4), run({"p": start, "q": 2}, cut)
    moments = {
        f"{kind}_{q}": whole.value(f"{kind}_{q}_{cut}") for kind in RULES[rule].keeps for q in "pq"
    }
    exact = {name: Fraction(float(value)) for name, value in moments.items()}
    at = {q: Fraction(float(first.value(f"{q}_{cut}"))) for q in "pq"}
    rest = run(at, 4 - cut, moments=exact, updates=cut)
    for q in "pq":
        assert float(rest.value(f"{q}_{4 - cut}")) == pytest.approx(
            float(whole.value(f"{q}_4")), rel=1e-9
        )


def test_training_goes_on_from_its_moments():
    def run(weights, steps, **more):
        layers = [Layer(weights, None, "linear")]
        return train([1, 2], layers, [3], "half_squared_error", "momentum", steps, **more)

    def row(d, name):
        return [x.exact for x in d.value(name)[0]]

    whole = run([["0.5", -1]], 3)
    moments = {"v": [row(whole, "v_1")]}
    rest = run([row(whole, "W1'")], 2, moments=moments, updates=1)
    assert row(rest, "W1''") == row(whole, "W1'''")


def test_a_velocity_may_be_a_step():
    d = Derivation("Pushed")
    q, push = d.given("q", 1), d.given("p", 3)
    v = d.step("v", 2 * push)
    rule, h = given_rule(d, "momentum", {"alpha": "0.5", "beta": "0.5"}, {})
    loss = lambda now, t: d.step(f"J_{t}", now["q"] ** 2)  # noqa: E731
    descend(d, {"q": q}, loss, rule, h, 1, name=lambda q, t: f"{q}_{t}", moments={"v": v})
    assert d.value("q_1").exact == 1 - Fraction(1, 2) * (Fraction(1, 2) * 6 + 2)
    assert "v_0" not in d


@pytest.mark.parametrize("rule", RULES)
def test_parameters_may_be_called_as_moments_are(rule):
    names = ["v", "m", "s", "u", "D", "d", "a", "n", "m_hat", "v_u"]
    loss = lambda *q: dot(stack(*q), stack(*q))  # noqa: E731
    d = optimise(loss, dict.fromkeys(names, "0.5"), rule, 2)
    plain = optimise(loss, {f"q{k}": "0.5" for k in range(len(names))}, rule, 2)
    assert [float(d.value(f"{q}_2")) for q in names] == [
        float(plain.value(f"q{k}_2")) for k in range(len(names))
    ]
    for q in names:
        alone = optimise(lambda q: q**2, {q: "0.5"}, rule, 2)
        assert float(alone.value(f"{q}_2")) == float(plain.value("q0_2"))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_stops_when_the_gradient_is_short(rule):
    d = optimise(lambda q: q**2, {"q": 1}, rule, 3, until="0.001", **HYPER[rule])
    plain = optimise(lambda q: q**2, {"q": 1}, rule, 3, **HYPER[rule])
    assert d.value("stop_3").exact == 0 and float(d.value("n_1")) == 2
    assert float(d.value("q_3")) == float(plain.value("q_3"))


def test_two_descents_in_one_derivation():
    d = Derivation("Twice")
    rule, h = given_rule(d, "momentum", {}, {})
    until = d.given("tol", "0.001")
    for q in "ab":
        loss = lambda now, t, q=q: d.step(f"J{q}_{t}", now[q] ** 2)  # noqa: E731
        start = {q: d.given(q, 1)}
        descend(d, start, loss, rule, h, 2, name=lambda q, t: f"{q}_{t}", until=until)
    assert d.value("a_2").exact == d.value("b_2").exact
    assert d.value("n_2_2").exact == d.value("n_2").exact


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


def test_the_losses_are_said_in_words():
    d = optimise(lambda q: q**2, {"Q": 1}, steps=2)
    assert [title for title, _ in d.sections()] == [
        "Given",
        "Step 1: loss and gradient", "Step 1: update",
        "Step 2: loss and gradient", "Step 2: update",
        "After the last step",
    ]  # fmt: skip
    assert [d[f"J_{t}"].say for t in range(3)] == [
        "the loss at the start", "the loss after 1 step", "the loss after 2 steps",
    ]  # fmt: skip


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
        (({"Q": 1}, "adma"), {}, UnknownName, "rule is 'adma'.*did you mean .*'adam'"),
        (({"Q": 1}, "sgd", 0), {}, GivenError, "steps is 0; wanted a whole number from 1 on"),
        (({"Q": 1}, "sgd"), {"beta": 1}, UnknownName, "'beta' is no hyperparameter.*some of alpha"),
        (({"Q": "one"},), {}, GivenError, "Q is 'one'; wanted a finite number"),
        (
            ({"Q": 1}, "adam"),
            {"moments": {"vv": 1}},
            UnknownName,
            "'vv' is no moment of this rule; wanted some of m, v; did you mean 'v'",
        ),
        (
            ({"Q": 1}, "sgd"),
            {"moments": {"v": 1}},
            UnknownName,
            "'v' is no moment of this rule; wanted some of none",
        ),
        (
            ({"Q": 1}, "momentum"),
            {"moments": {"v": [1, 2]}},
            ShapeError,
            r"the moment v has shape \(2,\); wanted \(\), as Q",
        ),
        (
            ({"Q": 1}, "adam"),
            {"updates": -1},
            GivenError,
            "updates is -1; wanted a whole number from 0 on",
        ),
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
