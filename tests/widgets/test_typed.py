"""The table of what people type, for the other half: what the page makes of it in a box."""

import pytest

from dlhand import Derivation
from dlhand.learner.check import check
from tests.learner.test_cases import CASES, FUNCTIONS

SINGLE = [case for case in CASES if isinstance(case["x"], str)]


@pytest.fixture
def boxes(module):
    """What the page says of each text in a box, and what it makes of it."""
    evaluate = module("typed.js", "complaint", "entryOf")
    return evaluate(
        "texts.map((text) => [complaint(text), entryOf(text)])",
        texts=[case["typed"] for case in SINGLE],
    )


def test_in_a_box_a_number_is_judged_as_it_is_by_itself(boxes) -> None:
    judged = 0
    for case, (complaint, entry) in zip(SINGLE, boxes, strict=True):
        if complaint:
            assert case["verdict"] == "unreadable", (case, complaint)
            continue
        d = Derivation("A list of two")
        d.step("y", FUNCTIONS[case["of"]](d.given("x", [case["x"], case["x"]])))
        found = check(d, d["y"], f"[{entry}, {entry}]")
        assert found.verdict == case["verdict"], (case, found)
        judged += 1
    assert judged > 40


def test_what_could_be_two_things_is_said_in_the_same_words(boxes) -> None:
    unclear = [case for case in SINGLE if "could be" in case["says"]]
    assert len(unclear) == 3
    for case, (complaint, _) in zip(SINGLE, boxes, strict=True):
        assert (case["says"] in complaint) == (case in unclear), (case, complaint)


@pytest.mark.parametrize(
    ("typed", "says", "entry"),
    [
        ("0,5", "", "0.5"),
        ("−0,5", "", "−0.5"),
        ("１，２３４", "1,234 could be 1234 or 1.234", "1.234"),
        ("0,234", "", "0.234"),
        ("12 345.6", "12 345.6 could be 12345.6, or the 2 numbers 12, 345.6", "(12 345.6)"),
        ("1 + 2", "", "(1 + 2)"),
        ("z = 2", "", "2"),
        ("1, 2", "one number goes here", "(1, 2)"),
        ("[1]", "one number goes here", "[1]"),
        (" \u200e", "nothing was typed here", ""),
    ],
)
def test_one_box(module, typed, says, entry) -> None:
    evaluate = module("typed.js", "complaint", "entryOf")
    said, made = evaluate("[complaint(text), entryOf(text)]", text=typed)
    assert said.startswith(says) and bool(said) == bool(says)
    assert made == entry
