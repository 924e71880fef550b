"""Marks: one slip costs one step, its name is found, and a class of 200 is told of its slips.

Slips are planted by hand, in NumPy code of a network, not by our own rewriting.
"""

import csv
import random
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from dlhand.cli import main
from dlhand.exercises.course import Workers
from dlhand.exercises.grading import grade
from dlhand.exercises.marking import MISSING, mark
from dlhand.exercises.roster import Learner
from dlhand.exercises.sheets import Sheet, class_key
from dlhand.exercises.tables import written
from dlhand.exercises.tally import UNKNOWN, picture, tally

SHEET = Sheet(("002-net222",), "7")
SLIPS = {
    "activation": ("h1", "activation forgotten"),
    "exchanged": ("dE/do1", "sides of a difference exchanged"),
    "sign": ("w5'", "sign turned"),
    "half": ("E1", "divisor left out"),
}
"""By what is planted: the step where it happens, and what the slip is called."""


def sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


def network(g: dict[str, float], slip: str = "") -> dict[str, float]:
    """The 2-2-2 network by hand, with all that it needs up to w5', and one slip in it."""
    z1 = g["w1"] * g["x1"] + g["w3"] * g["x2"] + g["b1"]
    z2 = g["w2"] * g["x1"] + g["w4"] * g["x2"] + g["b1"]
    h1, h2 = z1 if slip == "activation" else sigmoid(z1), sigmoid(z2)
    zo1 = g["w5"] * h1 + g["w6"] * h2 + g["b2"]
    zo2 = g["w7"] * h1 + g["w8"] * h2 + g["b2"]
    o1, o2 = sigmoid(zo1), sigmoid(zo2)
    e1 = (o1 - g["t1"]) ** 2 / (1 if slip == "half" else 2)
    e2 = (o2 - g["t2"]) ** 2 / 2
    do1 = g["t1"] - o1 if slip == "exchanged" else o1 - g["t1"]
    dw5 = do1 * o1 * (1 - o1) * h1
    new = g["w5"] + g["alpha"] * dw5 if slip == "sign" else g["w5"] - g["alpha"] * dw5
    return {
        "z_h1": z1, "z_h2": z2, "h1": h1, "h2": h2, "z_o1": zo1, "z_o2": zo2, "o1": o1, "o2": o2,
        "E1": e1, "E2": e2, "E": e1 + e2, "dE/do1": do1, "dE/dz_o1": do1 * o1 * (1 - o1),
        "dE/dw5": dw5, "w5'": new,
    }  # fmt: skip


def givens(learner: Learner | None = None) -> tuple[Any, dict[str, float]]:
    d = SHEET.problems(learner)[0].derivation
    return d, {one.name: float(d.given_value(one.name)) for one in d.given_entries}


def answers(slip: str, learner: Learner | None = None) -> dict[str, str]:
    _, numbers = givens(learner)
    return {name: f"{value:.5g}" for name, value in network(numbers, slip).items()}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_costs_one_step_and_is_named(slip: str) -> None:
    d, _ = givens()
    marks = {one.step: one for one in mark(d, answers(slip), 5)}
    given = [one for one in marks.values() if one.verdict != MISSING]
    assert [one.step for one in given if not one.points] == [SLIPS[slip][0]]
    assert marks[SLIPS[slip][0]].slip == SLIPS[slip][1]
    assert len(given) == 15 and marks["dE/dw8"].verdict == MISSING
    right = d.evaluation.reals(d[SLIPS[slip][0]].index)[0]
    assert f"{float(right):.5g}" not in marks[SLIPS[slip][0]].told


def test_right_answers_get_all_points_and_empty_ones_none() -> None:
    d, _ = givens()
    marks = mark(d, answers(""), 5)
    assert sum(one.points for one in marks) == 15
    assert {one.verdict for one in marks} <= {"right", MISSING}
    assert all(not one.points for one in mark(d, {}, 5))


def test_a_decimal_comma_is_a_decimal_point_and_what_cannot_be_read_is_told() -> None:
    d, _ = givens()
    comma = {name: text.replace(".", ",") for name, text in answers("").items()}
    assert sum(one.points for one in mark(d, comma, 5)) == 15
    (first, *_) = mark(d, {"z_h1": "=cmd()"}, 5)
    assert (first.points, first.verdict) == (0, "unreadable")


def test_a_class_of_200_with_planted_slips(tmp_path: Path) -> None:
    rng = random.Random(7)
    learners = [Learner(f"u{k:03}", "=HYPERLINK()" if k == 3 else "") for k in range(200)]
    planted = {one.id: plant(rng, one) for one in learners}
    rows = [
        (one.id, 1, step, text)
        for one in learners
        for step, text in answers(planted[one.id], one).items()
    ]
    (tmp_path / "answers.csv").write_text(written(("id", "problem", "step", "answer"), rows))
    (tmp_path / "key.html").write_text(class_key(SHEET, learners, []))
    marks = grade(tmp_path / "answers.csv", tmp_path / "key.html", tmp_path / "marks", Workers(2))
    table = {row["id"]: row for row in rows_of(marks / "marks.csv")}
    assert len(table) == 200 and table["u003"]["name"] == "'=HYPERLINK()"
    for one in learners:
        assert int(table[one.id]["points"]) == 15 - (planted[one.id] != ""), planted[one.id]
    wrong = {
        row["id"]: row["slip"]
        for row in rows_of(marks / "steps.csv")
        if row["verdict"] == "not yet"
    }
    names = {slip: name for slip, (_, name) in SLIPS.items()}
    found = sum(wrong[one] == names[slip] for one, slip in planted.items() if slip)
    assert found >= 0.9 * len(wrong), "at five digits slips are told apart"
    counted = {row["slip"]: int(row["times"]) for row in rows_of(marks / "slips.csv")}
    assert sum(counted.values()) == len(wrong)
    svg = ElementTree.fromstring((marks / "slips.svg").read_text())
    drawn = "".join(svg.itertext())
    assert all(slip in drawn for slip in counted)
    page = (marks / "learners" / "u003.html").read_text()
    advice = "Look at step <b>" if planted["u003"] else "Go on at step"
    assert advice in page and "<script" not in page
    assert len(list((marks / "learners").iterdir())) == 200


def plant(rng: random.Random, learner: Learner) -> str:
    """A slip, or none; the activation is forgotten only where that is no matter of rounding."""
    slip = rng.choice(["", *SLIPS])
    z = network(givens(learner)[1])["z_h1"]
    return "half" if slip == "activation" and abs(z - sigmoid(z)) < 0.05 else slip


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open() as file:
        return list(csv.DictReader(file))


def test_marks_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("class.csv").write_text("id;name\nann;Ann\n")
    assert main(["sheet", "000-softmax", "--roster", "class.csv", "-o", "out", "--jobs", "1"]) == 0
    text = (
        Path("out/answers.csv")
        .read_text()
        .replace(",s,", ",s,1")
        .replace("ann,1,p1,", "ann,1,p1,2")
    )
    Path("out/answers.csv").write_text(text)
    assert main(["grade", "out/answers.csv", "-o", "marks", "--jobs", "1"]) == 0
    assert capsys.readouterr().out.split() == ["out", "marks"]
    assert Path("marks/class.html").read_text().count("<h2>") == 2
    assert main(["grade", "out/answers.csv", "-o", "marks", "--jobs", "1"]) == 2
    assert "dlhand: marks is there already; wanted another name" in capsys.readouterr().err


def test_slips_are_counted_and_what_none_explains_comes_last() -> None:
    d, _ = givens()
    wrong = {**answers("half"), "E2": "123.45"}
    counted = tally(mark(d, wrong, 5))
    assert counted[-1].slip == UNKNOWN and counted[0].slip == "divisor left out"
    assert "divisor left out" in picture(counted).svg
    assert "no slip at all" in picture([]).alternative
