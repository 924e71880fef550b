"""Slips planted by hand in NumPy, outside of our own rewriting, and found from the answer alone."""

import numpy as np
import pytest

import dlhand
from dlhand import Derivation
from dlhand.diagnosis import diagnose
from dlhand.diagnosis.search import Search
from dlhand.diagnosis.sought import Sought
from dlhand.errors import AnswerError, ShapeError, UnknownName


def _neuron() -> Derivation:
    d = Derivation("A neuron")
    x1, x2, w1, w2, b, t, r = d.givens(
        x1="0.62", x2="-1.37", w1="0.83", w2="0.291", b="0.47", t="0.9", r="0.3"
    )
    z = d.step("z", w1 * x1 + w2 * x2 + b)
    a = d.step("a", dlhand.sigmoid(z))
    E = d.step("E", (a - t) ** 2 / 2)
    g = d.backward(E, [w1, w2])
    d.step("w1'", w1 - r * g[w1])
    return d


def sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


x1, x2, w1, w2, b, t, r = 0.62, -1.37, 0.83, 0.291, 0.47, 0.9, 0.3
z = w1 * x1 + w2 * x2 + b
a = sigmoid(z)
slope = a * (1 - a)


@pytest.mark.parametrize(
    ("step", "wrong", "name", "where"),
    [
        ("z", w1 * x1 + w2 * x2, "term left out", "z"),
        ("z", w1 * x1 + w1 * x2 + b, "neighbour used", "z"),
        ("a", np.tanh(z), "another activation", "a"),
        ("E", (a - t) ** 2, "divisor left out", "E"),
        ("E", (a - t) / 2, "power forgotten", "E"),
        ("E", (z - t) ** 2 / 2, "activation forgotten", "E"),
        ("dE/da", t - a, "sides of a difference exchanged", "dE/da"),
        ("dE/dz", (a - t) * (1 - a), "factor left out", "dE/dz"),
        ("dE/dz", (a - t) * z * (1 - z), "activation forgotten", "dE/dz"),
        ("dE/dw1", (a - t) * x1, "derivative forgotten", "dE/dw1"),
        ("w1'", w1 + r * (a - t) * slope * x1, "sign turned", "w1'"),
        ("w1'", w1 - (a - t) * slope * x1, "factor left out", "w1'"),
    ],
)
def test_a_slip_planted_by_hand_is_found(step: str, wrong: float, name: str, where: str) -> None:
    found = diagnose(_neuron(), step, f"{wrong:.5f}")
    assert found.explanations, "nothing explains it"
    near = [found.explanations[0], *found.alike]
    assert (name, where) in [(one.names[0], one.where.name) for one in near], str(found)


@pytest.mark.parametrize(
    ("step", "wrong", "names"),
    [
        ("z", -w1 * x1 + w2 * x2, ["sign misread", "term left out"]),
        ("z", w1 * x2 + w2 * x2, ["term left out", "neighbour used"]),
        ("E", (sigmoid(w1 * x1 + w2 * x2) - t) ** 2, ["term left out", "divisor left out"]),
        ("dE/dz", (t - a) * (1 - a), ["sides of a difference exchanged", "factor left out"]),
        ("w1'", w1 + (a - t) * slope * x1, ["factor left out", "sign turned"]),
        ("w1'", w1 - 0.8 * (a - t) * slope * x2, ["neighbour used", "digit misread"]),
    ],
)
def test_two_slips_planted_by_hand_are_found(step: str, wrong: float, names: list[str]) -> None:
    found = diagnose(_neuron(), step, f"{wrong:.6f}")
    assert found.explanations, "nothing explains it"
    near = [found.explanations[0], *found.alike]
    assert sorted(names) in [sorted(one.names) for one in near], str(found)


def test_two_parts_left_out_are_the_two_that_are_told() -> None:
    d = Derivation("A sum of four")
    a, b, c, e = d.givens(a="0.217", b="1.631", c="2.904", e="5.178")
    d.step("s", a + b + c + e)
    found = diagnose(d, "s", f"{0.217 + 5.178:.3f}").explanations[0]
    assert found.sentence == "This is what you get without b, and without c."


def test_a_right_answer_needs_no_explanation() -> None:
    found = diagnose(_neuron(), "a", f"{a:.5f}")
    assert found.is_right
    assert str(found) == "The answer is right."


def test_of_a_number_from_nowhere_nothing_is_claimed() -> None:
    found = diagnose(_neuron(), "a", "0.35")
    assert found.best is None


def test_what_follows_from_the_learners_own_values_is_right() -> None:
    d = _neuron()
    assert diagnose(d, "a", f"{sigmoid(0.5):.5f}", earlier={"z": "0.5"}).is_right
    found = diagnose(d, "E", f"{(sigmoid(0.5) - t) ** 2:.5f}", earlier={"z": "0.5"})
    assert found.explanations[0].names == ("divisor left out",)


def test_what_cannot_be_read_is_refused() -> None:
    d = _neuron()
    with pytest.raises(UnknownName):
        diagnose(d, "q", "1")
    with pytest.raises(AnswerError):
        diagnose(d, "z", "one half")
    with pytest.raises(ShapeError):
        diagnose(d, "z", [[1, 2], [3]])


def test_without_pairs_in_doubt_the_same_explanations_are_sure():
    d = _neuron()
    right = (a - t) * slope * x1
    twice = [-(a - t) * slope * x2, (t - a) * a * x1]  # two slips each
    off = [f"{right + k / 977:.{k % 4 + 3}f}" for k in range(-12, 12)]  # most come from nothing
    sure = 0
    for answer in (*off, *(f"{number:.10f}" for number in twice)):
        sought = Sought.read(answer, ())
        every, some = (
            Search(d, d.evaluation, d["dE/dw1"], sought).run(doubtful) for doubtful in (True, False)
        )
        told = [
            [(one.sentence, one.chance, one.cost) for one in each.explanations if one.is_sure]
            for each in (every, some)
        ]
        assert told[0] == told[1]
        sure += bool(told[0])
    assert sure >= 2
