"""The quiz widget: what it sends, and the judging that its page does."""

import json
import shutil
import subprocess

import pytest

from dlhand import Quiz
from dlhand.examples.quizzes import read
from dlhand.widgets.page import script
from dlhand.widgets.quiz import SCRIPTS, QuizView

TEXT = """
? Which? [002:1]
+ a -- first
- b -- second

? Which ones? [002:2]
+ a -- first
+ b -- second
- c -- third
"""
ONE = {"several": False, "choices": [{"right": True}, {"right": False}, {"right": False}]}
TWO = {"several": True, "choices": [{"right": True}, {"right": True}, {"right": False}]}
JUDGED = [
    (ONE, [0], "Right."),
    (ONE, [1], "Not yet."),
    (TWO, [0, 1], "Right."),
    (TWO, [1], "Not yet: all you chose is right, but something is missing."),
    (TWO, [0, 1, 2], "Not yet: wrong among what you chose: 1 of 3."),
    (TWO, [2], "Not yet: wrong among what you chose: 1 of 1."),
]


@pytest.fixture
def run(module):
    """Give a function that runs JavaScript with what judge.js has, and reads the JSON printed."""
    return module("judge.js", "isRight", "scoreOf", "verdictOf")


def test_a_try_is_judged_and_the_verdict_is_said_in_words(run):
    found = run(
        "tries.map((it) => [isRight(...it), verdictOf(...it)])",
        tries=[case[:2] for case in JUDGED],
    )
    assert found == [[words == "Right.", words] for _, _, words in JUDGED]


@pytest.mark.parametrize(
    ("tries", "score"),
    [
        ([[[0]], [[0, 1]]], 2),
        ([[[1], [0]], [[0, 1]]], 1),  # found at the second try
        ([[[0]], []], 1),  # passed by
        ([], 0),
        ([[[2]], [[0], [0, 1]]], 0),
    ],
)
def test_the_score_counts_first_tries(run, tries, score):
    assert run("scoreOf(questions, tries)", questions=[ONE, TWO], tries=tries) == score


def test_all_questions_travel_once_and_going_on_sends_the_place_alone(wire):
    view = Quiz("00", read(TEXT)).widget
    assert repr(view) == "QuizView(2 questions)"
    state = view.get_state(["questions", "position", "tries"])
    assert json.loads(json.dumps(state)) == state
    sent = wire(view)
    view.position = 1
    assert [list(data["state"]) for data in sent] == [["position"]]


def test_the_joined_module_is_one_that_an_engine_reads(tmp_path):
    module = tmp_path / "quiz.mjs"
    module.write_text(QuizView._esm, encoding="utf-8")
    subprocess.run([shutil.which("node"), "--check", module], check=True, capture_output=True)
    assert QuizView._esm == script(*SCRIPTS) and len(QuizView._esm.encode()) < 8 * 1024
    assert "http" not in QuizView._esm + QuizView._css
