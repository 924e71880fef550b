"""Verdicts, on numbers whose relation to the true value is known by hand."""

from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import dlhand
from dlhand import Derivation, GivenError, Printed, ShapeError, sigmoid
from dlhand.examples.net222 import PRINTED
from dlhand.render.verdicts import tally
from dlhand.verify import compare, read_printed


def third_and_friends(printed):
    d = Derivation("t")
    a, b = d.givens(a=1, b=3)
    d.step("x", a / b, printed=printed)
    return [(f.verdict, f.printed) for f in d.verdicts()]


@pytest.mark.parametrize(
    ("text", "value", "places"),
    [
        ("0.41", Fraction(41, 100), 2),
        ("-0.250", Fraction(-1, 4), 3),
        ("01", Fraction(1), 0),
        (".5", Fraction(1, 2), 1),
        ("2.", Fraction(2), 0),
        ("1.5e-3", Fraction(3, 2000), 4),
        ("\N{MINUS SIGN}7", Fraction(-7), 0),
        ("+6", Fraction(6), 0),
    ],
)
def test_the_characters_of_a_page_are_read_exactly(text, value, places):
    assert read_printed(text) == (value, places)


@pytest.mark.parametrize("text", ["", "e^1", "1.2.3", "-", ".", "x", "1 / 0"])
def test_what_is_no_number_needs_a_reading(text):
    with pytest.raises(GivenError, match="wanted a number"):
        read_printed(text)


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [
        ("1/3", "exact"),
        ("0.333", "rounded"),
        ("0.3333333333333333333333", "rounded"),
        ("0.334", "unexplained"),
        ("0.33334", "unexplained"),
        ("0", "rounded"),
        ("-0.333", "unexplained"),
    ],
)
def test_a_third(printed, verdict):
    assert third_and_friends(printed) == [(verdict, printed)]


@pytest.mark.parametrize(
    ("printed", "verdict"),
    [("0.6667", "rounded"), ("0.6666", "truncated"), ("0.6668", "unexplained"), ("1", "rounded")],
)
def test_two_thirds(printed, verdict):
    d = Derivation("t")
    a, b = d.givens(a=2, b=3)
    d.step("x", a / b, printed=printed)
    assert [f.verdict for f in d.verdicts()] == [verdict]


@pytest.mark.parametrize(("printed", "verdict"), [("0.12", "truncated"), ("0.13", "rounded")])
@pytest.mark.parametrize("sign", ["", "-"])
def test_a_tie_is_rounded_half_up_as_in_school(sign, printed, verdict):
    d = Derivation("t")
    (a,) = d.givens(a=f"{sign}0.125")
    d.step("x", a * 1, printed=sign + printed)
    assert [f.verdict for f in d.verdicts()] == [verdict]


def test_a_later_number_may_follow_from_an_earlier_one_that_is_rounded_or_wrong():
    d = Derivation("t")
    (z,) = d.givens(z=1)
    a = d.step("a", sigmoid(z), printed="0.70")  # 0.7310...
    b = d.step("b", a * a)  # not printed: followed through
    d.step("c", 1 - b, printed=("0.51", "0.52"))  # 1 - 0.49; the true one is 0.4655...
    wrong, carried, not_carried = d.verdicts()
    assert wrong.verdict == "unexplained"
    assert (carried.verdict, carried.explanation) == ("carried", "exact from the printed a = 0.70")
    assert not_carried.verdict == "unexplained"


def test_true_values_come_before_carried_ones():
    d = dlhand.load("002-net222")
    verdicts = {(f.step, f.printed): f.verdict for f in d.verdicts()}
    assert verdicts["z_h1", "0.41"] == "exact"
    assert verdicts["h1", "0.60"] == "rounded"
    assert verdicts["h2", "0.61"] == "truncated"
    assert verdicts["w6'", "0.555073"] == "unexplained"
    assert verdicts["b2", "0.25"] == "unexplained"
    printed = [x for text in PRINTED.values() for x in (text if type(text) is tuple else (text,))]
    assert len(d.verdicts()) == len(printed)


def test_arrays_are_judged_entry_by_entry_and_gaps_are_left_out():
    d = Derivation("t")
    (x,) = d.givens(x=["0.5", "-0.25", 2])
    d.step("y", x * 2, printed=["1", "0.5", None])
    assert [(f.entry, f.verdict) for f in d.verdicts()] == [
        ((0,), "exact"),
        ((1,), "unexplained"),
    ]


def test_a_reading_is_judged_and_both_are_kept():
    d = Derivation("t")
    (x,) = d.givens(x="-4")
    d.step("y", x * 1, printed=Printed("4", "-4", "the sign is lost"))
    (finding,) = d.verdicts()
    assert (finding.printed, finding.reading, finding.verdict) == ("4", "-4", "exact")
    assert finding.explanation == "the sign is lost"


def test_what_is_printed_must_have_the_shape_of_the_step():
    d = Derivation("t")
    (x,) = d.givens(x=[1, 2])
    with pytest.raises(ShapeError, match=r"printed for y has shape \(3,\); wanted \(2,\)"):
        d.step("y", x * 2, printed=["2", "4", "6"])


def test_a_transcendental_value_is_compared_with_proof():
    d = Derivation("t")
    (z,) = d.givens(z=1)
    d.step("a", sigmoid(z))
    (real,) = d.evaluation.reals(d["a"].index)
    digits = "0.7310585786300048792511592418218362743651446401650565192763659079"
    assert compare(read_printed(digits), real) == "rounded"
    assert compare(read_printed(digits[:-1]), real) == "truncated"


def test_the_readme_counts_what_verify_counts():
    """Givens are compared with themselves: they are no findings, and are counted apart."""
    found = [finding for name in dlhand.names() for finding in dlhand.load(name).verdicts()]
    roles = Counter(finding.role for finding in found)
    by_hand = Counter(
        "step" if entry.formula is not None else "given"
        for d in map(dlhand.load, dlhand.names())
        for entry in d.entries
        for one in d.prints(entry)
        for text in np.ravel(np.array(one.text, dtype=object))
        if text is not None
    )
    assert roles == by_hand
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert f"{roles['step']} are results" in readme
    assert f"{roles['given']} more are givens" in readme
    last = tally(found)
    assert last.startswith(f"{roles['step']} printed numbers: ")
    assert f"; {roles['given']} more are given (" in last


@pytest.mark.parametrize(
    "text", ["1 2", "0. 5", "9" * 5000, "1e999999999", "1e", "", "-", "1//2", "1 /"], ids=range(9)
)
def test_what_is_no_printed_number_is_refused_at_once(text):
    d = Derivation("Printed")
    d.step("y", d.given("x", 1) * 2, printed=text)
    with pytest.raises(GivenError, match="is printed; wanted a number") as refusal:
        d.verdicts()
    assert len(str(refusal.value)) < 150


@pytest.mark.parametrize(
    ("text", "value"),
    [("- 0.5", "-1/2"), ("1 / 3", "1/3"), ("−2", "-2"), (" 7 ", "7"), ("1e-3", "1/1000")],
)
def test_a_sign_or_a_stroke_may_stand_apart(text, value):
    assert read_printed(text).value == Fraction(value)
