"""The table of what people type and how it is judged; tests/site/test_judge.py reads it, too.

Of each case: the given ``x``, the function ``of`` it that the step is, what is typed, the verdict,
and words that stand in the message.
"""

import json
import math
import sys
from pathlib import Path

import pytest

from dlhand import Derivation, exp, log, sigmoid, sqrt, tanh
from dlhand.learner.attempts import Attempts
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


MOST_CALLS = 3_000_000
"""Of functions, Python's and C's, for one answer: as many on every machine."""


def counted(act):
    """What a call comes to, and how many functions were called on the way."""
    calls = 0

    def count(frame, event, argument) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        result = act()
    finally:
        sys.setprofile(before)
    return result, calls


def named(case) -> str:
    return f"{case['of']} {case['x']}: {case['typed']}"


@pytest.mark.parametrize("case", CASES, ids=named)
def test_case(case) -> None:
    d = Derivation("One step")
    d.step("y", FUNCTIONS[case["of"]](d.given("x", case["x"])))
    found, calls = counted(lambda: check(d, d["y"], case["typed"]))
    assert calls < MOST_CALLS
    assert found.verdict == case["verdict"], found.message
    assert case["says"] in found.message
    assert (found.answer == "") == (found.verdict == "unreadable")
    if found.verdict != "unreadable":  # the answer in canonical form is judged alike
        assert check(d, d["y"], found.answer).verdict == found.verdict


@pytest.mark.parametrize("text", ["1,234", "1 234", "", "0.5 +", "half"])
def test_what_could_be_two_things_or_nothing_is_no_attempt(text, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path / "attempts.jsonl"))
    d = Derivation("A sum that is asked for")
    s = d.step("s", d.given("x", "1233") + 1)
    attempts = Attempts(d)
    assert attempts.add(d, s, text, check(d, s, text)) == ""
    assert (attempts.at(d), attempts.right(d), attempts.wrong(d)) == ({}, {}, {})
    for typed in ("1234", "1235"):
        attempts.add(d, s, typed, check(d, s, typed))
        assert attempts.right(d) == ({"s": "1234"} if typed == "1234" else {})
    assert attempts.wrong(d) == {"s": 1235}


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


@pytest.mark.parametrize("text", ["0.1234", "0.56", "√2/3", "0.5671432904097838"])
@pytest.mark.parametrize("length", [300, 1000, 5000])
def test_a_long_way_with_many_own_answers_is_judged_in_time(length, text) -> None:
    d = Derivation("A chain of units")
    w, a = d.givens(w="0.9", a0="0.5")
    for k in range(1, length + 1):
        a = d.step(f"a{k}", sigmoid(w * a))
    own = {f"a{k}": "0.60" for k in range(1, length)}
    earlier = {own.popitem()[0]: "0.1", "a5": "0.2"}
    _, calls = counted(lambda: check(d, a, text, written=own, earlier=earlier))
    assert calls < MOST_CALLS


@pytest.mark.parametrize("wrong", ["order", "sign", "transposed", "padded"])
def test_slips_of_many_numbers_are_looked_for_in_time(wrong) -> None:
    d = Derivation("A product")
    A = d.given("A", [[f"0.{7 * i + 3 * j + 11}" for i in range(20)] for j in range(20)])
    d.step("B", exp(d.step("C", A @ A)))
    rows = [[f"{math.exp(float(x)):.4f}" for x in row] for row in _product(A, d)]
    change = {
        "order": lambda: rows[::-1],
        "sign": lambda: [[f"-{x}" for x in row] for row in rows],
        "transposed": lambda: [*zip(*rows, strict=True)],
        "padded": lambda: [[f"{float(x):.1f}000" for x in row] for row in rows],
    }
    text = "; ".join(" ".join(row) for row in change[wrong]())
    found, calls = counted(lambda: check(d, d["B"], text))
    assert calls < MOST_CALLS
    assert found.verdict == "not yet"
    said = {"sign": "only signs are wrong", "transposed": "rows and columns are swapped"}
    assert said.get(wrong, "not yet") in found.message


def _product(A, d):
    value = [[float(x) for x in row] for row in d.value(A)]
    return [
        [
            sum(a * b for a, b in zip(row, column, strict=True))
            for column in zip(*value, strict=True)
        ]
        for row in value
    ]
