"""Losses from step to step and ways over the loss, against the rules written out in floats."""

import numpy as np
import pytest

import dlhand
from dlhand import (
    Derivation,
    GivenError,
    ShapeError,
    dot,
    loss_over_steps,
    optimise,
    optimiser_paths,
)
from dlhand.plots.descent import _around


def bowl(x, y):
    return x**2 / 2 + 5 * y**2


def gradient(p):
    return p * np.array([1.0, 10.0])


def sgd(p, steps, alpha):
    for _ in range(steps):
        yield p
        p = p - alpha * gradient(p)
    yield p


def momentum(p, steps, alpha):
    v = np.zeros(2)
    for _ in range(steps):
        yield p
        v = 0.9 * v + gradient(p)
        p = p - alpha * v
    yield p


def adam(p, steps, alpha):
    m, v = np.zeros(2), np.zeros(2)
    for t in range(1, steps + 1):
        yield p
        g = gradient(p)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        p = p - alpha * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    yield p


RULES = {"sgd": (sgd, "0.15"), "momentum": (momentum, "0.03"), "adam": (adam, "0.5")}
START = {"x": -4, "y": 1}
RUNS = {rule: optimise(bowl, START, rule, 8, alpha=alpha) for rule, (_, alpha) in RULES.items()}


def places(rule: str) -> np.ndarray:
    run, alpha = RULES[rule]
    return np.array(list(run(np.array([-4.0, 1.0]), 8, float(alpha))))


def line(axes, label: str) -> np.ndarray:
    [found] = [one for one in axes.lines if one.get_label() == label]
    return np.asarray(found.get_xydata(), float)


@pytest.mark.parametrize("rule", RULES)
def test_ways_go_where_the_rules_lead(axes_of, rule: str) -> None:
    [axes] = axes_of(lambda: optimiser_paths(**RUNS))
    assert line(axes, rule) == pytest.approx(places(rule), abs=1e-9)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x", "y")


@pytest.mark.parametrize("rule", RULES)
def test_losses_are_those_of_the_places(axes_of, rule: str) -> None:
    [axes] = axes_of(lambda: loss_over_steps(**RUNS))
    steps, losses = line(axes, rule).T
    assert list(steps) == list(range(9))
    assert losses == pytest.approx(bowl(*places(rule).T))
    assert axes.get_yscale() == "linear"
    assert axes_of(lambda: loss_over_steps(logarithmic=True, **RUNS))[0].get_yscale() == "log"


def test_the_lines_of_equal_loss_are_those_of_the_loss(axes_of) -> None:
    [axes] = axes_of(lambda: optimiser_paths(RUNS["sgd"]))
    [contours] = axes.collections
    count = 0
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        for x, y in path.vertices:
            assert bowl(x, y) == pytest.approx(level, rel=0.05, abs=0.1)
            count += 1
    assert count > 200 and len(set(contours.levels)) == len(contours.levels) > 5
    assert min(contours.levels) >= 0


def test_one_vector_of_two_parameters_is_as_good(axes_of) -> None:
    run = optimise(lambda q: dot(q, q), {"Q": [3, -1]}, steps=3, alpha="0.25")
    [axes] = axes_of(lambda: optimiser_paths(run))
    assert line(axes, run.title) == pytest.approx(np.outer(0.5 ** np.arange(4), [3, -1]))
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("Q₁", "Q₂")


@pytest.mark.parametrize(
    ("name", "losses"),
    [
        ("001-gd", [1, 0.64, 0.4096, 0.262144]),  # W is 0.8 of what it was
        ("002-hyper-diverge", [1, 1.44, 2.0736, 2.985984]),  # Q is -1.2 times what it was
    ],
)
def test_the_losses_of_examples_are_found(axes_of, name: str, losses: list[float]) -> None:
    [axes] = axes_of(lambda: loss_over_steps(run=dlhand.load(name)))
    assert line(axes, "run")[:, 1] == pytest.approx(losses)


def test_losses_with_primes_are_found(axes_of) -> None:
    d = dlhand.load("002-net222-again")
    [axes] = axes_of(lambda: loss_over_steps(d))
    wanted = [float(d.value("E")), float(d.value("E'"))]
    assert list(line(axes, d.title)[:, 1]) == wanted
    layers = [dlhand.Layer([[1, -1]], [0], "linear")]
    for steps in (2, 5):
        trained = dlhand.train([1, 2], layers, [3], steps=steps, alpha="0.01")
        [axes] = axes_of(lambda trained=trained: loss_over_steps(trained))
        # the error is multiplied by 1 - 0.01 (1 + 4 + 1) at each step
        assert line(axes, trained.title)[:, 1] == pytest.approx(
            8 * 0.94 ** (2 * np.arange(steps + 1))
        )


def test_the_words_say_where_each_way_leads() -> None:
    picture = optimiser_paths(one=RUNS["sgd"], two=RUNS["adam"])
    end, start = places("sgd")[-1], "from (−4, 1) to "
    assert picture.alternative.count(start) == 2
    assert f"one: {start}(−1.09, 0.00391) in 8 steps" in picture.alternative
    assert end == pytest.approx([-1.09, 0.00391], rel=0.01)
    assert loss_over_steps(one=dlhand.load("001-gd")).alternative == (
        "The loss from step to step. one: J is 1, 0.64, 0.41, 0.262 after 0 to 3 steps."
    )


def test_what_is_no_run_is_refused() -> None:
    d = Derivation("Nothing to learn")
    d.given("x", 1)
    for draw in (loss_over_steps, optimiser_paths):
        with pytest.raises(GivenError, match="wanted at least one derivation"):
            draw()
        with pytest.raises(GivenError, match="'Nothing to learn' has no gradients"):
            draw(d)
    with pytest.raises(ShapeError, match=r"has parameters of shapes \[\(\)\]; wanted two numbers"):
        optimiser_paths(dlhand.load("001-gd"))


@pytest.mark.parametrize("numbers", [[-4.0, -1.0], [1.0, 5.0, 2.0], [-3.0, 3.0], [2.0], [0.0, 0.0]])
def test_the_loss_is_drawn_a_little_further_than_the_ways_go(numbers: list[float]) -> None:
    points = np.array(_around(numbers))
    assert points[0] < min(numbers) and max(numbers) < points[-1]
    assert min(numbers) - points[0] == pytest.approx(points[-1] - max(numbers))
    assert np.diff(points) == pytest.approx((points[-1] - points[0]) / (len(points) - 1))
