"""Verdicts, on numbers whose relation to the true value is known by hand."""

import re
from collections import Counter
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import dlhand
from dlhand import Derivation, FormulaError, GivenError, Printed, ShapeError, sigmoid
from dlhand.examples.pages import items, read
from dlhand.numbers.printed import compare, read_printed
from dlhand.verdicts.findings import ROLES
from dlhand.verdicts.table import tally


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
        ("-0.333", "slip"),
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
    verdicts = {(f.step, f.printed, f.role): f.verdict for f in d.verdicts()}
    assert verdicts["z_h1", "0.41", "step"] == "exact"
    assert verdicts["h1", "0.60", "step"] == "rounded"
    assert verdicts["h2", "0.61", "step"] == "truncated"
    assert verdicts["w3'", "0.29607", "step"] == "unexplained"
    assert verdicts["b2", "0.25", "given"] == "unexplained"


def test_what_the_page_puts_in_explains_a_result_before_anything_else():
    d = Derivation("t")
    a, b = d.givens(a="1/3", b="1/7")
    x = d.step("x", a * 1, printed="0.3")
    y = d.step("y", b * 1, printed=("0.1", "0.14"))
    d.step("s", x + y, printed="0.44")
    assert d.verdicts()[-1].explanation == "exact from the printed x = 0.3, y = 0.14"
    d.put_in("s", {"x": "0.34", "y": "0.1"})
    assert d.verdicts()[-1].explanation == "exact from what is put in: x = 0.34, y = 0.1"


def test_what_is_put_into_a_step_left_out_counts_and_what_lies_behind_it_does_not():
    d = Derivation("t")
    (a,) = d.givens(a=2)
    b = d.step("b", a * a)
    c = d.step("c", b + 1)
    d.step("e", c * 10, printed="60")
    d.put_in("b", {"a": "3"})
    d.put_in("c", {"b": "5"})
    (a_put_in, b_put_in, result) = d.verdicts()
    assert (a_put_in.into, b_put_in.into) == ("b", "c")
    assert result.explanation == "exact from what is put in: b = 5"


def test_of_numbers_put_in_several_times_those_above_the_result_count():
    d = Derivation("t")
    (a,) = d.givens(a=1)
    d.step("b", a * 10, printed=(Printed("30", line=5), Printed("40", line=8)))
    d.put_in("b", {"a": (Printed("3", line=5), Printed("4", line=8))})
    assert [(f.printed, f.explanation) for f in d.verdicts() if f.role == "step"] == [
        ("30", "exact from what is put in: a = 3"),
        ("40", "exact from what is put in: a = 4"),
    ]


def test_a_number_put_in_is_the_true_one_or_repeats_a_printed_one_or_neither():
    d = Derivation("t")
    (a,) = d.givens(a="2/3")
    x = d.step("x", a * 1, printed="0.705")
    d.step("y", x * x)
    d.put_in("y", {"x": ("0.667", "0.66", "0.705", "0.70", "0.8")})
    found = [(f.verdict, f.explanation) for f in d.verdicts() if f.role == "put in"]
    assert found == [
        ("rounded", ""),
        ("truncated", ""),
        ("carried", "exact from the printed x = 0.705"),
        ("carried", "truncated from the printed x = 0.705"),
        ("unexplained", ""),
    ]


def test_only_what_stands_in_a_formula_can_be_put_into_it():
    d = Derivation("t")
    a, _ = d.givens(a=1, b=2)
    d.step("c", a * 2)
    with pytest.raises(FormulaError, match=r"'b' is put in for 'c'; wanted .* of its formula: a"):
        d.put_in("c", {"b": "2"})
    with pytest.raises(FormulaError, match="wanted a quantity of its formula: none"):
        d.put_in("a", {"b": "2"})
    with pytest.raises(ShapeError, match="what is printed for a has shape"):
        d.put_in("c", {"a": ["1", "2"]})


def test_exact_ways_come_before_rounded_and_rounded_before_truncated():
    """0.91151 / 2 is 0.455755: cut off it gives 0.4557, and no tie is in it."""
    found = {(f.line, f.step): f for f in dlhand.load("003-playing").verdicts() if f.line == 711}
    assert found[711, "y11"].explanation == "truncated from what is put in: s11 = 0.91151"


@pytest.mark.parametrize(
    ("example", "line", "step", "explanation"),
    [
        # 0.57 + 0.2; 0.1612 + 0.1488; 0.904 - 1.105: what the page itself adds and takes off
        ("003-attention", 664, "c",
         "exact from what is put in: alpha1 = 0.57, alpha2 = 0.2, alpha3 = 0.2"),
        ("003-playing", 784, "z2",
         ("exact from what is put in: m21 = [0.1612, 0.1872, 0.0988, 0.3744], "
          "m22 = [0.1488, 0.1728, 0.0912, 0.3456]")),
        ("003-rnn-scratch", 508, "n_a", "exact from the printed p_a = 0.904, q_a = 1.105"),
    ],
)  # fmt: skip
def test_carried_numbers_follow_from_the_operands_of_the_page(example, line, step, explanation):
    found = [f for f in dlhand.load(example).verdicts() if (f.line, f.step) == (line, step)]
    assert found[0].verdict == "carried" and found[0].explanation == explanation


def test_the_numbers_in_the_second_place_of_a_wrong_unit_are_found():
    """In line 299 the output of the first hidden unit stands where that of the second belongs."""
    found = [
        f for f in dlhand.load("002-net222").verdicts() if f.line == 299 and f.into == "dE/dw8"
    ]
    assert [(f.step, f.printed, f.verdict) for f in found] == [("h2", "0.60108", "slip")]


def test_a_file_of_pages_is_read():
    found = list(read(
        "002-x\n7 z < w [1 -2; @8 _ 0.5~5], x \"1 2\"~12 | z 3 -- why\n\naside\n9 1.5, 2 -- no"
    ))  # fmt: skip
    assert [(item.example, item.into, item.name) for item in found] == [
        ("002-x", "z", "w"), ("002-x", "z", "x"), ("002-x", None, "z"), ("aside", None, ""),
        ("aside", None, ""),
    ]  # fmt: skip
    assert found[0].printed == Printed(
        [["1", "-2"], [None, "0.5"]], [["1", "-2"], [None, "5"]], "why", [[7, 7], [8, 8]]
    )
    assert found[1].printed == Printed("1 2", "12", "why", 8)
    assert found[2].printed == Printed("3", line=8)
    assert [item.printed.line for item in found[3:]] == [9, 9]


@pytest.mark.parametrize("row", ["7 z <", "7 z [1 2", "7 z 1 2", "7 z"])
def test_a_line_of_pages_that_cannot_be_read_is_shown(row):
    with pytest.raises(ValueError, match=f"cannot read {re.escape(repr(row))}"):
        list(read(f"002-x\n{row}"))


def test_every_number_of_the_pages_belongs_to_an_example_and_has_its_line():
    noted = [item for k in range(5) for item in items(f"00{k}")]
    assert {item.example for item in noted} - {"aside"} <= set(dlhand.names())
    found = [finding for name in dlhand.names() for finding in dlhand.load(name).verdicts()]
    assert all(finding.line for finding in found)
    cells = [text for item in noted if item.name for text in np.ravel(_as_array(item.printed.text))]
    assert len(found) == sum(text is not None for text in cells)


def test_a_reading_has_a_reason_and_differs_from_what_is_printed():
    for name in dlhand.names():
        for finding in dlhand.load(name).verdicts():
            if finding.reading is not None:
                assert finding.explanation and finding.reading != finding.printed


def _as_array(text):
    return np.array(text, dtype=object)


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


@pytest.mark.parametrize(
    ("given", "printed", "verdict", "explanation"),
    [
        ("3/10", repr(0.1 + 0.2), "rounded", "as floating point has it"),
        ("403.208", "403.2079999999", "rounded", "as floating point has it"),
        ("3/10", "0.3000001", "unexplained", ""),
        ("219695.98872", "219700", "rounded", ""),
        ("219695.98872", "219600", "truncated", ""),
        ("219695.98872", "219700.0", "unexplained", ""),
        ("219695.98872", "200000", "unexplained", ""),  # one digit says too little
    ],
)
def test_digits_of_machines_and_zeros_at_the_end(given, printed, verdict, explanation):
    d = Derivation("t")
    d.step("y", d.given("x", given) * 1, printed=printed)
    (finding,) = [one for one in d.verdicts() if one.step == "y"]
    assert (finding.verdict, finding.explanation) == (verdict, explanation)


def test_the_readme_counts_what_verify_counts():
    """Givens are compared with themselves: they are no findings, and are counted apart."""
    found = [finding for name in dlhand.names() for finding in dlhand.load(name).verdicts()]
    roles = Counter(finding.role for finding in found)
    by_hand = Counter()
    for d in map(dlhand.load, dlhand.names()):
        numbers = [
            ("step" if entry.formula is not None else "given", one)
            for entry in d.entries
            for one in d.prints(entry)
        ]
        numbers += [("put in", one.printed) for one in d.puts_in]
        for role, one in numbers:
            by_hand[role] += sum(text is not None for text in np.ravel(_as_array(one.text)))
    assert roles == by_hand and set(roles) == {*ROLES}
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert f"{roles['step']} are results" in readme
    assert f"{roles['put in']} more are put into formulas" in readme
    assert f"{roles['given']} more are givens" in readme
    results, given, put_in, read = tally(found).split("; ")
    assert results.startswith(f"{roles['step']} printed numbers: ")
    assert given.startswith(f"{roles['given']} more are given (")
    assert put_in.startswith(f"{roles['put in']} more are put in: ")
    for part, role in ((results, "step"), (put_in, "put in")):
        counts = [int(count) for count in re.findall(r"(\d+) (?!more|printed)", part)]
        assert sum(counts) == roles[role]
    assert read == f"{sum(f.reading is not None for f in found)} are read as another"


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


def test_a_number_that_follows_from_one_of_sixteen_printed_ones_is_found():
    """Which of them it is makes no difference, though all their combinations are too many."""
    for which in (1, 8, 16):
        d = Derivation("A sum of sixteen")
        (x,) = d.givens(x=1)
        parts = [d.step(f"a{k}", x * k / 37, printed=f"{k / 37:.1f}") for k in range(1, 17)]
        whole = sum(k / 37 for k in range(1, 17))
        followed = whole - which / 37 + round(which / 37, 1)
        s = d.step("s", sum(parts[1:], parts[0]), printed=f"{followed:.6f}")
        found = next(f for f in d.verdicts() if f.step == s.name)
        assert (found.verdict, found.explanation) == (
            "carried",
            f"rounded from the printed a{which} = {which / 37:.1f}",
        )


def test_slips_of_the_documents_are_explained():
    """Three that the pages themselves show: beside the wrong number stands the right one."""
    told = {
        (f.step, f.printed, f.role): (f.verdict, f.explanation)
        for name in ("002-net222", "003-vanish", "003-playing")
        for f in dlhand.load(name).verdicts()
    }
    assert told["h2", "0.60108", "put in"] == ("slip", "what one gets with h₁ for h₂")
    assert told["a3", "0.288", "put in"] == ("slip", "what one gets with z₃ for a₃")
    assert told["v1", "0.72", "put in"] == ("slip", "what one gets with v₂ for v₁")
    assert told["b2", "0.25", "given"][0] == "unexplained"  # one digit is not enough
    assert told["b2", "0.25", "given"][1].startswith("perhaps what one gets with b₁ for b₂")


@pytest.mark.parametrize(
    ("example", "step", "printed", "verdict", "told"),
    [
        # chapter 20: the page does two steps at once and loses the minus
        ("003-sigmoid-graph", "f4", "e^1", "slip", "what one gets with e^(f₃) for −f₃"),
        # line 135 puts 1 in for x₂ = 0, as in the row below
        ("002-xor", "y1_10'", "0.5", "unexplained", "perhaps what one gets with y₁_11′ for y₁_10′"),
        # 1 / 15.778 is 0.06338
        ("003-sigmoid-graph", "f7", "0.064", "unexplained",
         "perhaps what one gets when f₇ is rounded the wrong way"),
        # chapter 11: the denominator is the numerator of another row, 2.05
        ("003-rnn-scratch", "m_a", "2.05", "unexplained",
         "perhaps what one gets with the 2.05 of line 506 for m_a"),
        # 0.19880 stands 20 lines above, in another example
        ("002-net222-paths", "do1/dz_o1", "0.198", "unexplained",
         "perhaps what one gets with the 0.19880 of line 295 for ∂o₁/∂z_o1"),
        # 0.288 · 0.722 is 0.2079, and 1 − 0.288 is 0.712
        ("003-vanish", "da3/dz3", "0.208", "unexplained",
         "perhaps what one gets when a borrow is forgotten in 1 − a₃"),
        # 0.532 is the entry beside it, and 0.532 + 0.468 is 1
        ("003-lstm", "o_1", "0.468", "unexplained",
         "perhaps what one gets when the two are taken to add up to 1"),
    ],
)  # fmt: skip
def test_the_likeliest_slip_is_told(example, step, printed, verdict, told):
    found = [f for f in dlhand.load(example).verdicts() if (f.step, f.printed) == (step, printed)]
    assert {(f.verdict, f.explanation.startswith(told)) for f in found} == {(verdict, True)}


def test_a_slip_at_a_step_is_found_on_top_of_what_the_page_puts_in():
    """The page puts 0.5 in for a, which is 0.6, and forgets the half."""
    d = Derivation("An error")
    a, t = d.givens(a="0.6", t="0.1213")
    b = d.step("b", a * 1, printed="0.5")
    d.step("E", (b - t) ** 2 / 2, printed=f"{(0.5 - 0.1213) ** 2:.5f}")
    d.put_in("E", {"b": "0.5", "t": "0.1213"})
    found = next(f for f in d.verdicts() if f.step == "E")
    assert (found.verdict, found.explanation) == (
        "slip",
        "what one gets when it is not divided by 2",
    )


def test_what_a_page_has_wrong_is_not_copied_as_it_should_be():
    """u₂ is 2.34 and printed as 3.1: nobody can have copied 2.34 from there for u₁."""
    d = Derivation("Two sums")
    x, y = d.givens(x="1.17", y="0.4")
    d.step("u1", x + y, printed="2.34")
    d.step("u2", x + x, printed="3.1")
    found = next(f for f in d.verdicts() if f.step == "u1")
    assert "u₂" not in found.explanation


def test_what_is_printed_later_is_judged_too():
    d = Derivation("A third")
    (x,) = d.givens(x=1)
    y = d.step("y", x / 3, printed="0.33")
    assert [one.verdict for one in d.verdicts()] == ["rounded"]
    d.printed({"y": "0.34"})
    d.put_in(y, {"x": "2"})
    assert [one.verdict for one in d.verdicts()] == ["unexplained", "rounded", "unexplained"]
