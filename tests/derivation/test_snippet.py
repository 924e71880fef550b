"""Code that gives a derivation again: run, it gives the same values."""

from fractions import Fraction
from typing import Any

import pytest

import dlhand
from dlhand import Derivation, load, names
from dlhand.derivation.snippet import snippet


def run(code: str, d: Derivation) -> Any:
    """What a learner gets who runs code, with a derivation as ``d``."""
    *before, last = code.split("\n\n")
    scope: dict[str, Any] = {"d": d}
    exec("\n".join(before), scope)
    return eval(last, scope)


def odd() -> Derivation:
    d = Derivation("Odd names")
    for name in ("w1'", "lambda", "self", "out_-1", "µ", "x"):
        d.given(name, 1)
    d.given("W", [["0.1", "-1/3"], [2, "1e-20"]])
    d.given("T", [[[1, 2]], [["1/3", -4]]])
    d.step("s", d["x"] + d["µ"])
    return d


def test_a_registered_derivation_is_loaded() -> None:
    d = load("002-net222")
    assert snippet(d) == 'import dlhand\n\ndlhand.load("002-net222")'
    code = snippet(d.what_if(b2="0.25", alpha="1/3"))
    assert code.endswith('dlhand.load("002-net222").what_if(b2="0.25", alpha="1/3")')
    assert run(code, d).evaluation.fixed == d.what_if(b2="0.25", alpha="1/3").evaluation.fixed


def test_changes_are_told_from_the_registered_one_whatever_was_explored() -> None:
    explored = load("002-net222").what_if(x1="0.7")
    now = explored.what_if(b2="0.25")
    code = snippet(now, explored)
    assert run(code, explored).evaluation.fixed == now.evaluation.fixed


def test_one_that_only_bears_a_registered_name_is_not_loaded() -> None:
    d = odd()
    d.name = "002-net222"
    assert snippet(d.what_if(x=2), d) == 'd.what_if(x="2")'
    hand = load("002-net222").by_hand(2)
    assert snippet(hand.what_if(b2=1), hand) == 'd.what_if(b2="1")'


@pytest.mark.parametrize("name", ["w1'", "lambda", "self", "out_-1", "µ"])
def test_names_that_are_no_arguments_go_into_a_dictionary(name: str) -> None:
    d = odd()
    code = snippet(d.with_values({name: "2.5", "x": "-1/3"}), d)
    assert code.startswith("d.with_values({")
    again = run(code, d)
    assert again.given_value(name) == Fraction(5, 2)
    assert again.given_value("x") == Fraction(-1, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("W", [["-0.5", "1/7"], ["1e-300", "12345678901234567890.5"]]),
        ("T", [[[0, "0.25"]], [[1, 3]]]),
        ("x", "1e300"),
        ("x", "-123456789/1000000007"),
        ("x", "0.1234567890123456789"),
    ],
)
def test_every_value_comes_back_exactly(name: str, value: Any) -> None:
    d = odd()
    now = d.with_values({name: value})
    assert run(snippet(now, d), d).evaluation.fixed == now.evaluation.fixed


def test_nothing_changed_is_the_derivation_itself() -> None:
    d = odd()
    assert snippet(d, d) == "d"
    assert snippet(d.what_if(x=1), d) == "d"


def test_many_changes_stand_below_each_other() -> None:
    d = load("002-lstm")
    now = d.with_values({"W_a": ["0.123456", "2"], "W_i": ["1/3", "2/3"], "W_f": ["1/7", "2/7"]})
    code = snippet(now)
    assert code.splitlines()[2:] == [
        'dlhand.load("002-lstm").what_if(',
        '    W_a=["0.123456", "2"],',
        '    W_i=["1/3", "2/3"],',
        '    W_f=["1/7", "2/7"],',
        ")",
    ]
    assert run(code, d).evaluation.fixed == now.evaluation.fixed


@pytest.mark.parametrize("name", names()[::25])
def test_every_example_knows_itself(name: str) -> None:
    d = dlhand.load(name)
    assert snippet(d) == f'import dlhand\n\ndlhand.load("{name}")'
