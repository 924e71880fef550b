"""The table of what people type and how it is judged; the page's own judge is to read it, too.

Of each case: the given ``x``, the function ``of`` it that the step is, what is typed, the verdict,
and words that stand in the message.
"""

import json
import math
import time
from pathlib import Path

import pytest

from dlhand import Derivation, exp, log, sigmoid, sqrt, tanh
from dlhand.learner.check import check
from dlhand.numbers.closed import Closed, nearly
from dlhand.numbers.typed import parse_answer

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))
FUNCTIONS = {
    "same": lambda x: x * 1,
    "exp": exp,
    "log": log,
    "sigmoid": sigmoid,
    "sqrt": sqrt,
    "tanh": tanh,
}


def named(case) -> str:
    return f"{case['of']} {case['x']}: {case['typed']}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_case(case) -> None:
    d = Derivation("One step")
    d.step("y", FUNCTIONS[case["of"]](d.given("x", case["x"])))
    began = time.process_time()
    found = check(d, d["y"], case["typed"])
    assert time.process_time() - began < 0.5
    assert found.verdict == case["verdict"], found.message
    assert case["says"] in found.message
    assert (found.answer == "") == (found.verdict == "unreadable")
    if found.verdict != "unreadable":  # the answer in canonical form is judged alike
        assert check(d, d["y"], found.answer).verdict == found.verdict


BY_C = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
}


EXACT = [c for c in CASES if c["says"] == "right, and exact" and c["of"] in BY_C]


@pytest.mark.parametrize("case", EXACT, ids=lambda case: case["typed"])
def test_what_is_called_exact_is_the_value_that_the_c_library_has(case) -> None:
    typed = parse_answer(case["typed"]).value
    assert isinstance(typed, Closed)
    assert math.isclose(float(nearly(typed)), BY_C[case["of"]](float(case["x"])), rel_tol=1e-14)


def test_every_verdict_of_one_answer_is_in_the_table() -> None:
    assert {case["verdict"] for case in CASES} == {"right", "not yet", "unreadable"}
    assert len(CASES) == len({(str(c["x"]), c["of"], c["typed"]) for c in CASES})
