"""The optimisers' examples against the rules of the papers, in NumPy floats."""

import numpy as np
import pytest

import dlhand
from dlhand.examples import catalogue, errata

A = 0.1


def sgd(alpha, steps=3):
    q = [1.0]
    for _ in range(steps):
        q.append(q[-1] - alpha * 2 * q[-1])
    return q


def momentum():
    q, v = [1.0], 0.0
    for _ in range(3):
        v = 0.9 * v + 2 * q[-1]
        q.append(q[-1] - A * v)
    return q


def adagrad():
    q, s = [1.0], 0.0
    for _ in range(3):
        g = 2 * q[-1]
        s += g**2
        q.append(q[-1] - A * g / (np.sqrt(s) + 1e-8))
    return q


def rmsprop():
    q, s = [1.0], 0.0
    for _ in range(3):
        g = 2 * q[-1]
        s = 0.9 * s + 0.1 * g**2
        q.append(q[-1] - A * g / (np.sqrt(s) + 1e-8))
    return q


def adadelta():
    q, s, moves = [1.0], 0.0, 0.0
    for _ in range(3):
        g = 2 * q[-1]
        s = 0.95 * s + 0.05 * g**2
        move = np.sqrt(moves + 1e-6) / np.sqrt(s + 1e-6) * g
        moves = 0.95 * moves + 0.05 * move**2
        q.append(q[-1] - move)
    return q


def adam(steps=3):
    q, m, v = [1.0], 0.0, 0.0
    for t in range(1, steps + 1):
        g = 2 * q[-1]
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        q.append(q[-1] - A * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8))
    return q


RUNS = {
    "001-gd": ("W", "J", lambda: sgd(0.1)),
    "001-gd-large": ("W", "J", lambda: sgd(1.1)),
    "001-gd-small": ("W", "J", lambda: sgd(0.001)),
    "001-gd-stop": ("W", "J", lambda: sgd(0.25, 5)),
    "002-hyper-good": ("Q", "J", lambda: sgd(0.1)),
    "002-hyper-swing": ("Q", "J", lambda: sgd(1.0)),
    "002-hyper-diverge": ("Q", "J", lambda: sgd(1.1)),
    "002-optim-sgd": ("Q", "J", lambda: sgd(0.1)),
    "002-optim-momentum": ("Q", "J", momentum),
    "002-optim-adam": ("Q", "J", adam),
    "002-optim-bias-correction": ("Q", "J", lambda: adam(1)),
    "004-gd": ("weights", "loss", lambda: sgd(0.1)),
    "004-optimisers-adagrad": ("Q", "J", adagrad),
    "004-optimisers-rmsprop": ("Q", "J", rmsprop),
    "004-optimisers-adadelta": ("Q", "J", adadelta),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_run_is_what_the_rule_says(name):
    parameter, loss, run = RUNS[name]
    d, expected = dlhand.load(name), run()
    assert f"{parameter}_{len(expected)}" not in d
    for t, q in enumerate(expected):
        assert float(d.value(f"{parameter}_{t}")) == pytest.approx(q, rel=1e-13)
        assert float(d.value(f"{loss}_{t}")) == pytest.approx(q**2, rel=1e-13)


def test_every_example_of_the_file_is_compared():
    ours = {name for name, example in catalogue().items() if example.topic == "optimisers"}
    assert ours == {*RUNS, "002-hyper-batches"}


@pytest.mark.parametrize(
    "name, values",
    [
        ("001-gd", [0.8, 0.64, 0.512]),
        ("002-optim-sgd", [0.8, 0.64, 0.512]),
        ("002-optim-adam", [0.900000, 0.800412, 0.701586]),
        ("004-optimisers-adagrad", [0.900000, 0.833104, 0.780456]),
        ("004-optimisers-rmsprop", [0.683772, 0.498871, 0.369181]),
        ("004-optimisers-adadelta", [0.995528, 0.991009, 0.986464]),
    ],
)
def test_the_values_given_for_three_steps(name, values):
    d, parameter = dlhand.load(name), RUNS[name][0]
    assert [round(float(d.value(f"{parameter}_{t}")), 6) for t in (1, 2, 3)] == values


def test_the_means_of_adam():
    d = dlhand.load("002-optim-adam")
    rows = [[round(float(d.value(f"{kind}_{t}")), 6) for kind in ("m", "v", "m_hat", "v_hat")]
            for t in (1, 2, 3)]  # fmt: skip
    assert rows == [
        [0.2, 0.004, 2, 4],
        [0.360000, 0.007236, 1.894737, 3.619810],
        [0.484082, 0.009791, 1.786282, 3.267067],
    ]


def test_adam_without_correction_steps_about_three_times_too_far():
    d = dlhand.load("002-optim-bias-correction")
    assert float(d.value("Q_u")) == pytest.approx(1 - 0.1 * 0.2 / (np.sqrt(0.004) + 1e-8))


def test_the_descent_stops_at_the_first_short_gradient():
    d = dlhand.load("001-gd-stop")
    lengths = [float(d.value(f"n_{t}")) for t in range(1, 7)]
    assert lengths == [2, 1, 0.5, 0.25, 0.125, 0.0625]
    assert [float(d.value(f"stop_{t}")) for t in range(1, 7)] == [0] * 5 + [1]


@pytest.mark.parametrize("n, batch", [(10, 4), (12, 4), (1, 4), (1000, 32)])
def test_steps_of_an_epoch(n, batch):
    d = dlhand.load("002-hyper-batches").what_if(n=n, B=batch)
    assert d.value("s").exact == -(-n // batch)


@pytest.mark.parametrize(
    "name, printed, right",
    [
        ("001-gd-sign", 1 * 0.1 * 2, 0.8),
        ("002-adam-square", 0.001 * 2, 0.001 * 4),
        ("002-adam-quotient", 1 - 0.1 * np.sqrt(4 + 1e-8) * 2, 1 - 0.1 * 2 / (2 + 1e-8)),
    ],
)
def test_wrong_formulas_differ_from_the_right_ones(name, printed, right):
    (found,) = [e for e in errata() if e.name == name]
    d, wrong, correct = found.build()
    assert float(d.value(wrong)) == pytest.approx(printed, rel=1e-13)
    assert float(d.value(correct)) == pytest.approx(right, rel=1e-13)
