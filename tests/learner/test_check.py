"""A learner's answers and the verdicts on them, on the network that the notes work by hand."""

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlhand import Derivation, cos, exp, log, outer, relu, sigmoid, sin, tanh
from dlhand.derivation.evaluate import ByHand
from dlhand.examples import load
from dlhand.learner.asked import A_NUMBER, MOST_WORK
from dlhand.learner.check import check, wrong_value
from dlhand.numbers.digits import Digits


def net() -> Derivation:
    d = Derivation("A network")
    x1, x2, b1, b2 = d.givens(x1="0.1", x2="0.5", b1="0.25", b2="0.35")
    w1, w2, w3, w4 = d.givens(w1="0.1", w2="0.2", w3="0.3", w4="0.4")
    w5, w6, t1 = d.givens(w5="0.5", w6="0.6", t1="0.05")
    h1 = d.step("h1", sigmoid(d.step("z_h1", w1 * x1 + w3 * x2 + b1)))
    h2 = d.step("h2", sigmoid(d.step("z_h2", w2 * x1 + w4 * x2 + b1)))
    o1 = d.step("o1", sigmoid(d.step("z_o1", w5 * h1 + w6 * h2 + b2)))
    d.backward(d.step("E", (o1 - t1) ** 2 / 2), [w1, w5])
    return d


def layer() -> Derivation:
    d = Derivation("A layer")
    x, W, b = d.givens(x=["0.1", "0.5"], W=[["0.1", "0.3"], ["0.2", "0.4"]], b=["0.25", "-0.3"])
    d.step("h", sigmoid(d.step("z", W @ x + b)))
    column, one, third = d.givens(column=[["0.5"], ["0.25"]], one=["0.5"], third="1/3")
    d.step("c", column * 2)
    d.step("o", one * 2)
    d.step("t", third * 2)
    d.step("zero", third - third)
    shift = d.given("shift", [0, "0.9"])
    d.step("tiny", x * "0.001" + shift)
    d.step("wide", d.given("V", [[1, 2, 3], [4, 5, 6]]) * 1)
    return d


NET, LAYER = net(), layer()
COMES_OUT = "this is what comes out when"
TWO = "every step, this one too, is rounded to 2 places"
TRUE = {"h1": 0.601087879, "o1": 0.734928613, "z_o1": 1.019774193, "E": 0.234563602}


def judged(name, text, d=NET, digits=None, places=None, **options):
    return check(d, d[name], text, digits=Digits(digits, places), **options)


def test_the_values_that_these_tests_are_about() -> None:
    h1, h2 = (1 / (1 + math.exp(-z)) for z in (0.41, 0.47))
    z = 0.5 * h1 + 0.6 * h2 + 0.35
    o1 = 1 / (1 + math.exp(-z))
    by_floats = {"h1": h1, "z_o1": z, "o1": o1, "E": (o1 - 0.05) ** 2 / 2}
    assert {name: round(value, 9) for name, value in by_floats.items()} == TRUE


RIGHT = [
    ("z_h1", "0.41", "right, and exact"),
    ("z_h1", "41/100", "right, and exact"),
    ("z_h1", "0.1·0.1 + 0.3·0.5 + 0.25", "right, and exact"),
    ("z_h1", "0.4100000000", "right, and exact"),
    ("z_h1", "0.41" + "0" * 400, "right, and exact"),
    ("z_h1", "z_h1 = 41 %", "right, and exact"),
    ("o1", "0.73", "right"),
    ("o1", "0.735", "right"),
    ("o1", "0.7349", "right"),
    ("o1", "0.734928613", "right"),
    ("o1", "7.3493e-1", "right"),
    ("o1", "0,73493", "right"),
    ("o1", "73493/100000", "right"),  # an exact answer counts at the digits asked for
    ("o1", "73492861/10^8", "right"),
    ("o1", "0.734", "right, but cut off, not rounded: rounded it is 0.735"),
    ("E", "0.2345", "right, but cut off, not rounded: rounded it is 0.2346"),
    ("dE/dw1", "0.0016", "right"),
    ("dE/dw1", "1.6e-3", "right"),
]


@pytest.mark.parametrize(("name", "text", "message"), RIGHT)
def test_right(name, text, message) -> None:
    assert judged(name, text)[:2] == ("right", message)


EARLY = [
    # h1 = 0.60, h2 = 0.62: z_o1 = 1.022
    ("z_o1", "1.022", "every step before is rounded to 2 places"),
    ("z_o1", "1.0220", "every step before is rounded to 2 places"),
    # h1 = 0.60, h2 = 0.61 when cut off: z_o1 = 1.016
    ("z_o1", "1.016", "every step before is cut off after 2 places"),
    # z_o1 = 1.02
    ("o1", "0.73497", "every step before is rounded to 3 places"),
    ("o1", "0.74", "every step, this one too, is rounded to 3 places"),
    ("o1", "147/200", "every step, this one too, is rounded to 3 places"),
]


@pytest.mark.parametrize(("name", "text", "how"), EARLY)
def test_rounded_early_says_where_and_how(name, text, how) -> None:
    found = judged(name, text)
    said = f"right, but rounded early: {COMES_OUT} {how}"
    assert found[:2] == ("rounded early", said)
    places = len(text.partition(".")[2]) or 5
    digits = str(Decimal(TRUE[name]).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    assert digits not in found.message  # the true value is told only on demand
    assert judged(name, text, reveal=True).message == (
        f"{said}; carried with all digits it is {digits}"
    )


NOT_YET = [
    ("z_h1", "0.42", "not yet"),
    ("o1", "-0.73", "not yet: only the sign is wrong"),
    # h1 = h2 = 0.6 and z_o1 = 1.01, rounded to 1.0: nobody rounds so far who types four places
    ("o1", "0.7311", "not yet"),
    ("o1", "0.72", "not yet"),
    ("o1", "0.7360", "not yet"),
    ("o1", "73.493", "not yet"),
    ("o1", "3/4", "not yet"),
    ("o1", "0.73" + "9" * 300, "not yet"),
    ("o1", "1e-400", "not yet"),
    ("o1", "1", "not yet: too few digits to tell; type at least 2 significant digits"),
    ("o1", "0.7", "not yet: too few digits to tell; type at least 2 significant digits"),
    # Cut off after 1 place all along, z_o1 is 0.9: too far off.
    ("z_o1", "0.9", "not yet"),
    ("dE/dw1", "0.00", "not yet: too few digits to tell; type at least 2 significant digits"),
    ("dE/dw1", "0.002", "not yet: too few digits to tell; type at least 2 significant digits"),
    (
        "dE/dw1",
        "0.0000",
        f"not yet: nothing is left of the number; {COMES_OUT} {TWO}",
    ),
    ("o1", "0.73, 0.73", "not yet: this step is one number, and what was typed is a list of 2"),
    (
        "o1",
        "[[1, 2, 3], [4, 5, 6]]",
        "not yet: this step is one number, and what was typed is a 2×3 matrix",
    ),
]


@pytest.mark.parametrize(("name", "text", "message"), NOT_YET)
def test_not_yet(name, text, message) -> None:
    assert judged(name, text)[:2] == ("not yet", message)


@pytest.mark.parametrize(
    "text",
    ["a half", "__import__('os')", "1/0", "\\frac{1}{2}", "<b>0.73</b>", "0.7.3", "NaN",
     "∞", "3 +", "9" * 10_001, "9**9**9", "[[1, 2], [3]]", "\x00", "\ud800", "(" * 5000],
)  # fmt: skip
def test_what_cannot_be_read_says_what_was_wanted(text) -> None:
    found = judged("o1", text)
    assert (found.verdict, found.accepted, found.answer) == ("unreadable", "", "")
    assert found.message.startswith(("At character ", "At the end: "))


@pytest.mark.parametrize("text", ["", "   ", "z =", "\u200e"])
def test_an_empty_answer_is_told_in_one_sentence(text) -> None:
    said = "Nothing was typed: type a number such as 0.5, or a list such as [1, 2]."
    assert judged("o1", text)[:2] == ("unreadable", said)


OTHER_SHAPE = "this step is a 2×3 matrix, and what was typed is a 3×2 matrix"
ARRAYS = [
    ("z", "0.41, -0.08", "right", "right, and exact"),
    ("z", "[0.41; -0.08]", "right", "right, and exact"),
    ("h", "0.60, 0.48", "right", "right"),
    ("h", "0.6010 0.4800", "right",
     "right, but cut off, not rounded: rounded it is [0.6011, 0.4800]"),
    ("h", "0.60, 0.49", "not yet", "not yet: 1 of 2 entries is right"),
    ("h", "0.40, 0.49", "not yet", "not yet"),
    ("h", "0.6, 0.5", "not yet",
     "not yet: too few digits to tell; type at least 2 significant digits"),
    ("h", "0.60", "not yet", "not yet: this step is a list of 2, and what was typed is one number"),
    ("W", "0.1 0.3; 0.2 0.4", "right", "right, and exact"),
    ("W", "0.1 0.2; 0.3 0.4", "not yet", "not yet: rows and columns are swapped"),
    ("W", "0.3 0.1; 0.2 0.4", "not yet", "not yet: the numbers are right, but in another order"),
    ("W", "0.1 -0.3; 0.2 0.4", "not yet", "not yet: only the sign of row 1, column 2 is wrong"),
    ("W", "0.1 0.3; 0.2 0.5", "not yet", "not yet: 3 of 4 entries are right"),
    ("c", "[[1], [0.5]]", "right", "right, and exact"),
    ("c", "1, 0.5", "right", "right, and exact"),  # a column may be typed as a list
    ("c", "[[1, 0.5]]", "right", "right, and exact"),  # or as a row
    ("z", "[[0.41], [-0.08]]", "right", "right, and exact"),
    ("z", "[[0.41, -0.08]]", "right", "right, and exact"),
    ("z", "-0.08, 0.41", "not yet", "not yet: the numbers are right, but in another order"),
    ("z", "-0.41, 0.08", "not yet", "not yet: only signs are wrong"),
    ("z", "0.41, 0.08", "not yet", "not yet: only the sign of entry 2 is wrong"),
    ("wide", "1 4; 2 5; 3 6", "not yet", f"not yet: rows and columns are swapped; {OTHER_SHAPE}"),
    ("wide", "1 4; 2 5; 3 7", "not yet",
     f"not yet: {OTHER_SHAPE}"),
    ("o", "1", "right", "right, and exact"),
    ("t", "2/3", "right", "right, and exact"),
    ("t", "0.67", "right", "right"),
    ("t", "0.666", "right", "right, but cut off, not rounded: rounded it is 0.667"),
    ("t", "67/100", "rounded early",
     f"right, but rounded early: {COMES_OUT} {TWO}"),
    ("zero", "0", "right", "right, and exact"),
    ("zero", "0.01", "not yet", "not yet"),
    # Beside a number with digits enough, one that is small may be written to the same places.
    ("tiny", "0.00, 0.90", "right", "right"),
    ("tiny", "0.000, 0.90", "right", "right"),
    ("tiny", "0.0, 0.90", "not yet",
     "not yet: too few digits to tell; type at least 2 significant digits"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "verdict", "message"), ARRAYS)
def test_lists_matrices_and_fractions(name, text, verdict, message) -> None:
    assert judged(name, text, LAYER)[:2] == (verdict, message)


def by_hand(places: int | None, rounding: str) -> Decimal:
    """z_o1 with every step rounded on paper; in 40 digits without places. Knows no dlhand."""

    def write(value: Decimal) -> Decimal:
        return value if places is None else value.quantize(Decimal(1).scaleb(-places), rounding)

    h1, h2 = (write(1 / (1 + (-Decimal(z)).exp())) for z in ("0.41", "0.47"))
    return Decimal("0.5") * h1 + Decimal("0.6") * h2 + Decimal("0.35")


@settings(deadline=None)
@given(st.integers(10_050, 10_350))
def test_every_answer_of_four_places_gets_the_verdict_that_paper_gives(n) -> None:
    text, unit = f"{n // 10_000}.{n % 10_000:04}", Decimal("0.0001")
    verdict = judged("z_o1", text).verdict

    def is_padded(places: int) -> bool:  # 1.0190 is typed to 4 places, but 1.019 has only 3
        return places < 4 and Decimal(text) == Decimal(text).quantize(Decimal(1).scaleb(-places))

    roundings = (ROUND_HALF_UP, ROUND_DOWN)
    right = {by_hand(None, ROUND_DOWN).quantize(unit, rounding) for rounding in roundings}
    early = {
        value.quantize(unit, rounding)
        for rounding in roundings
        for places in range(2, 7)  # nobody rounds to 1 place who types 4
        if not is_padded(places)
        for value in (
            by_hand(places, rounding),
            by_hand(places, rounding).quantize(Decimal(1).scaleb(-places), rounding),
        )
    }
    wanted = "right" if Decimal(text) in right else "not yet"
    assert verdict == ("rounded early" if Decimal(text) in early - right else wanted)


@settings(deadline=None)
@given(st.text(max_size=40) | st.text("0123456789.,-+*/^()[]; e%=", max_size=25))
def test_no_text_raises(text) -> None:
    for d, name in ((NET, "o1"), (LAYER, "h"), (LAYER, "t")):
        found = judged(name, text, d)
        assert found.verdict in ("right", "rounded early", "not yet", "unreadable")
        assert found.message


@pytest.mark.parametrize(
    ("name", "text", "options", "accepted"),
    [
        ("o1", "0.73", {}, "0.73"),
        ("o1", "0.735", {}, "0.734 to 0.735"),
        ("o1", "0.73493", {}, "0.73491 to 0.73493"),
        ("o1", "0.7349286", {}, "0.73491 to 0.73493"),  # no finer than what is asked for
        ("o1", "0.1", {}, "0.73491 to 0.73493"),
        ("o1", "1, 2", {}, "0.73491 to 0.73493"),
        ("o1", "0.1", {"digits": 2}, "0.73"),
        ("o1", "0.1", {"places": 3}, "0.734 to 0.735"),
        ("z_h1", "0.1", {}, "0.41"),
        ("z_h1", "0.41", {}, "0.41"),
    ],
)
def test_the_accepted_interval_follows_from_the_digits_asked_for(
    name, text, options, accepted
) -> None:
    assert judged(name, text, **options).accepted == accepted


def test_the_accepted_interval_is_what_rounding_and_cutting_off_on_paper_reach() -> None:
    unit = Decimal("0.001")
    reached = [by_hand(3, rounding) for rounding in (ROUND_HALF_UP, ROUND_DOWN)]
    reached.append(by_hand(None, ROUND_DOWN))
    ends = [value.quantize(unit, r) for value in reached for r in (ROUND_HALF_UP, ROUND_DOWN)]
    accepted = judged("z_o1", "9.000", places=3).accepted
    assert accepted == f"{min(ends)} to {max(ends)}" == "1.019 to 1.020"


def chain() -> Derivation:
    d = Derivation("A seventh, six times 1.7")
    x = d.given("x", "1/7")
    for n in range(6):
        x = d.step(f"x{n}", x * "1.7")
    return d


def test_the_interval_is_wider_the_longer_the_chain_of_steps() -> None:
    assert judged("x0", "9", chain(), places=3).accepted == "0.242 to 0.243"
    assert judged("x5", "9", chain(), places=3).accepted == "3.427 to 3.448"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("3.426", "not yet"), ("3.440", "rounded early"), ("3.447", "rounded early"),
     ("3.448", "right"), ("3.449", "not yet")],
)  # fmt: skip
def test_what_work_with_the_digits_asked_for_can_reach_is_accepted(text, verdict) -> None:
    found = judged("x5", text, chain(), places=3)
    assert found.verdict == verdict
    if verdict == "rounded early":
        said = {
            "3.440": "work with 3 places can end up here",
            "3.447": "this is what comes out from the numbers shown, with 3 places",
        }
        assert found.message == f"right, but rounded early: {said[text]}"


def test_more_digits_asked_for_reach_less_far() -> None:
    assert judged("x5", "3.440", chain(), places=3).verdict == "rounded early"
    assert judged("x5", "3.440", chain()).verdict == "not yet"


def test_one_digit_is_enough_where_one_is_asked_for() -> None:
    assert judged("o1", "0.7", places=1).verdict == "right"
    assert judged("o1", "0.7", digits=1).verdict == "right"
    assert judged("o1", "1", places=1).verdict == "not yet"


def test_other_givens_change_what_is_right() -> None:
    other = NET.what_if(x1=1)
    assert judged("z_h1", "0.50", other).verdict == "right"
    assert judged("z_h1", "0.41", other).verdict == "not yet"


def test_a_step_that_has_no_value_says_so() -> None:
    d = Derivation("A logarithm")
    x = d.given("x", 2)
    d.step("y", log(x))
    found = judged("y", "0.69", d.what_if(x=0))
    assert found.verdict == "not yet"
    assert found.message.startswith("there is no right answer here: step y has no value")


def test_a_rounding_that_makes_a_step_undefined_is_nobodys_answer() -> None:
    d = Derivation("Division by what rounds to zero")
    x, y = d.givens(x="0.04", y="0.2")
    d.step("q", y / d.step("small", x * y))
    assert judged("q", "25", d).verdict == "right"
    assert judged("q", "24", d).verdict == "not yet"


@pytest.mark.parametrize(
    ("name", "text", "true"),
    [("z", "0.42, 0.5", "[0.41, -0.1]"), ("t", "1/2", "2/3"), ("t", "0.50", "0.67")],
)
def test_who_has_seen_the_result_is_not_told_it_again(name, text, true) -> None:
    told = judged(name, text, LAYER, reveal=True)
    assert told == judged(name, text, LAYER)
    assert told.message.startswith("not yet") and true not in told.message


# From a learner's own wrong answers


def logistic(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def z_o1(h1: float, h2: float) -> float:
    return 0.5 * h1 + 0.6 * h2 + 0.35


H2 = logistic(0.47)
OWN = logistic(0.42)
"""What h1 is for who has 0.42 for z_h1."""

FOLLOWS = [
    ("h1", f"{OWN:.5f}", {"z_h1": "0.42"}, "z_h1 = 0.42, which is"),
    ("h1", f"{OWN:.2f}9", {"z_h1": "0.42"}, None),
    # The value used comes first, whatever lies before it.
    ("z_o1", f"{z_o1(0.7, H2):.5f}", {"z_h1": "0.42", "h1": "0.7"}, "h1 = 0.7, which is"),
    ("z_o1", f"{z_o1(0.7, 0.65):.4f}", {"h2": "0.65", "h1": "7/10"},
     "h1 = 0.7 and h2 = 0.65, which are"),
    # Steps between that have no answer yet are worked out from what was answered before them.
    ("o1", f"{logistic(z_o1(OWN, H2)):.5f}", {"z_h1": "0.42"}, "z_h1 = 0.42, which is"),
    ("z_o1", f"{z_o1(0.7, logistic(0.5)):.5f}", {"h1": "0.7", "z_h2": "1/2"},
     "h1 = 0.7 and z_h2 = 0.5, which are"),
    ("z_o1", f"{z_o1(0.7, logistic(0.5)):.5f}", {"h1": "0.7", "z_h1": "0.42", "z_h2": "1/2"},
     "h1 = 0.7 and z_h2 = 0.5, which are"),
    # Who writes 0.60 and goes on with all digits rests on the mistake before that.
    ("z_o1", f"{z_o1(OWN, H2):.5f}", {"z_h1": "0.42", "h1": "0.60"}, "z_h1 = 0.42, which is"),
    # What is no value of a step before this one is passed by.
    ("h1", f"{OWN:.5f}", {"z_h1": "0.42", "o1": "7", "x1": "2", "nobody": "1", "h2": "[1, 2]"},
     "z_h1 = 0.42, which is"),
    ("h1", f"{OWN:.5f}", {"z_h1": "nothing"}, None),
    ("h1", f"{OWN:.5f}", {"z_h1": ["0.42", "0.42"]}, None),
    ("h1", f"{OWN:.5f}", {"z_h1": Fraction(1, 3**9000)}, None),
    ("h1", "0.6", {"z_h1": "0.42"}, None),  # too few digits to tell from what it rests on
    ("z_h1", "0.42", {"h1": "0.7"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "earlier", "named"), FOLLOWS)
def test_an_answer_may_follow_from_wrong_ones_before_it(name, text, earlier, named) -> None:
    assert judged(name, text).verdict == "not yet"
    found = judged(name, text, earlier=earlier)
    if named is None:
        assert found == judged(name, text)
    else:
        assert found[:2] == ("follows", f"it follows from your {named} not right yet")


def test_a_wrong_value_that_makes_no_difference_is_not_named() -> None:
    d = Derivation("A sum with a unit that is off")
    x, y = d.givens(x="0.5", y="0.25")
    p = d.step("p", x + y)
    d.step("r", p + d.step("off", relu(d.step("n", -x))))
    assert check(d, d["r"], "2", earlier={"p": 2, "n": -2}).message == (
        "it follows from your p = 2, which is not right yet"
    )
    assert check(d, d["r"], "0.75", earlier={"n": -2}).verdict == "right"


WRITTEN = [
    # h1 is 0.60109 and h2 0.61538
    ("1.022", {"h1": "0.60", "h2": "0.62"}, "h1 = 0.60 and h2 = 0.62, rounded to 2 places"),
    ("1.016", {"h1": "0.60", "h2": "0.61"},
     "h1 = 0.60 (rounded to 2 places) and h2 = 0.61 (cut off after 2 places)"),
    ("1.0195", {"h1": "0.601", "h2": "61.5 %"}, "h1 = 0.601 and h2 = 0.615, rounded to 3 places"),
    ("1.0225", {"h1": "0.601", "h2": "0.62", "z_h1": "0.41"},
     "h1 = 0.601 (rounded to 3 places) and h2 = 0.62 (rounded to 2 places)"),
    # One of them was not asked for: it has all its digits.
    ("1.01923", {"h1": "0.60"}, "h1 = 0.60, rounded to 2 places"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written", "named"), WRITTEN)
def test_rounding_is_judged_from_the_own_answers_first(text, written, named) -> None:
    h1 = float(written["h1"])
    h2 = {"0.62": 0.62, "0.61": 0.61, "61.5 %": 0.615, None: H2}[written.get("h2")]
    assert math.isclose(z_o1(h1, h2), float(text), abs_tol=6e-6)
    said = f"right, but rounded early: this is what comes out from your {named}"
    assert judged("z_o1", text, written=written)[:2] == ("rounded early", said)


def test_of_own_answers_too_little_may_be_left() -> None:
    d = Derivation("A small difference")
    x, y = d.givens(x="0.41", y="0.36")
    d.step("c", d.step("a", sigmoid(x)) - d.step("b", sigmoid(y)))  # 0.60109 - 0.58904
    found = judged("c", "0.010", d, written={"a": "0.60", "b": "0.59"})
    own = "this is what comes out from your a = 0.60 and b = 0.59, rounded to 2 places"
    assert found[:2] == ("not yet", f"not yet: too little is left of the number; {own}")
    assert judged("c", "0.010", d)[:2] == ("not yet", "not yet")


def test_what_follows_may_rest_on_right_answers_beside_the_wrong_one() -> None:
    text = f"{z_o1(0.7, 0.615):.4f}"
    assert judged("z_o1", text, earlier={"h1": "0.7"}).verdict == "not yet"
    assert judged("z_o1", text, earlier={"h1": "0.7"}, written={"h2": "0.615"})[:2] == (
        "follows",
        "it follows from your h1 = 0.7, which is not right yet",
    )


def test_what_follows_may_be_rounded_early() -> None:
    text = f"{z_o1(round(logistic(0.9), 2), round(H2, 2)):.4f}"
    found = judged("z_o1", text, earlier={"z_h1": "0.9"})
    said = (
        "it follows from your z_h1 = 0.9, which is not right yet; it is rounded early: "
        f"{COMES_OUT} every step before is rounded to 2 places"
    )
    assert found[:2] == ("follows", said)


def test_the_interval_of_what_follows_is_that_of_the_own_values() -> None:
    accepted = judged("h1", f"{OWN:.4f}", earlier={"z_h1": "0.42"}).accepted
    cut_off = math.floor(OWN * 10_000) / 10_000
    assert accepted == f"{cut_off:.4f} to {OWN:.4f}" == "0.6034 to 0.6035"


def test_the_true_value_of_what_follows_is_told_only_on_demand() -> None:
    told = judged("h1", f"{OWN:.4f}", earlier={"z_h1": "0.42"}, reveal=True).message
    assert told.endswith("not right yet; from the true values it is 0.6011")


def test_lists_follow_from_lists() -> None:
    text = f"{logistic(0.5):.4f}, {logistic(-1):.4f}"
    found = judged("h", text, LAYER, earlier={"z": [Fraction(1, 2), -1]})
    assert found.message == "it follows from your z = [0.5, -1], which is not right yet"


def test_a_long_value_is_named_and_not_told_again() -> None:
    d = Derivation("Many numbers")
    x = d.given("x", list(range(20)))
    d.step("z", d.step("y", x + 1) * 2)
    own = [n + 2 for n in range(20)]
    text = ", ".join(str(2 * n) for n in own)
    found = check(d, d["z"], text, earlier={"y": own})
    assert found.message == "it follows from your y, which is not right yet"


def test_own_values_by_which_nothing_can_be_divided_explain_nothing() -> None:
    d = Derivation("A quotient")
    x, y = d.givens(x="0.5", y="0.25")
    d.step("q", y / d.step("half", x * y * 4))
    assert check(d, d["q"], "7", earlier={"half": 0}).verdict == "not yet"


@pytest.mark.parametrize("text", ["0.420", "42 %", "21/50", "z_h1 = 0.42"])
def test_an_answer_is_kept_as_its_exact_value(text) -> None:
    value = wrong_value(text, NET["z_h1"])
    assert value == Fraction(42, 100)
    assert wrong_value(judged("z_h1", text).answer, NET["z_h1"]) == value


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("c", "1, 1/3", [[1], [Fraction(1, 3)]]),  # a column that was typed as a list
        ("W", "1 2; 3 4", [[1, 2], [3, 4]]),
        ("o", "1", [1]),
        ("W", "1 2 3 4", None),
        ("z", "two", None),
    ],
)
def test_the_value_of_an_answer_has_the_shape_of_the_step(name, text, value) -> None:
    assert wrong_value(text, LAYER[name]) == value


hundredths = st.integers(50, 200).map(lambda n: Fraction(n, 100))
lines = st.lists(st.tuples(hundredths, hundredths), min_size=2, max_size=5)


@settings(deadline=None)
@given(lines, st.data())
def test_what_is_worked_out_from_a_wrong_value_follows(lines, data) -> None:
    d = Derivation("Lines after one another")
    x = d.given("x_0", 1)
    for n, (slope, shift) in enumerate(lines, 1):
        x = d.step(f"x_{n}", str(float(slope)) * x + str(float(shift)))
    last = data.draw(st.integers(2, len(lines)))
    first = data.draw(st.integers(1, last - 1))
    # So far off that no rounding gets there from the true value.
    own = data.draw(st.integers(10_000, 99_999).map(lambda n: Fraction(n, 10)))
    value = own
    for slope, shift in lines[first:last]:
        value = slope * value + shift
    name, text = f"x_{last}", data.draw(st.sampled_from([str(value), f"{float(value):.2f}"]))
    assert check(d, d[name], text).verdict == "not yet"
    found = check(d, d[name], text, earlier={f"x_{first}": own})
    said = f"it follows from your x_{first} = {float(own):g}, which is not right yet"
    assert found[:2] == ("follows", said)  # so it has no digit of the true value


RIGHTLY = [("z_h1", "0.41"), ("o1", "0.7349"), ("z_o1", "1.022"), ("E", "0.2345"), ("h2", "0.6154")]


@settings(deadline=None)
@given(
    st.sampled_from(RIGHTLY),
    st.dictionaries(
        st.sampled_from([entry.name for entry in NET.entries]) | st.text(max_size=3),
        st.fractions() | st.lists(st.integers(), max_size=3) | st.text(max_size=3) | st.floats(),
        max_size=4,
    ),
)
def test_no_answer_is_judged_worse_for_what_was_answered_before(answer, earlier) -> None:
    assert judged(*answer, earlier=earlier) == judged(*answer)


def test_the_answer_comes_back_in_canonical_form() -> None:
    assert judged("h", "= 0.60  12/25", LAYER).answer == "[0.60, 12/25]"


def test_the_facade_has_the_same_check() -> None:
    assert NET.check("o1", "0.73") == judged("o1", "0.73")


def one(value: str, formula=lambda x: x * 1) -> Derivation:
    d = Derivation("One step")
    d.step("y", formula(d.given("x", value)))
    return d


@pytest.mark.parametrize(
    ("value", "text", "message"),
    [
        ("0.485", "0.50", "not yet"),  # one digit says too little even at its own place
        ("0.485", "0.5000", "not yet"),
        ("7/6", "1.2000", "not yet: it was typed to 4 places, and is right to 1 place only"),
        ("-0.0514", "-0.1000", "not yet"),
        ("2/3", "0.6700", "not yet: it was typed to 4 places, and is right to 2 places only"),
    ],
)
def test_what_is_typed_to_four_places_is_judged_at_four(value, text, message) -> None:
    assert judged("y", text, one(value))[:2] == ("not yet", message)


@settings(deadline=None)
@given(st.fractions(Fraction(-9), Fraction(9), max_denominator=500), st.integers(2, 6))
def test_no_answer_padded_from_one_place_is_taken_unless_it_is_right(value, places) -> None:
    short = Decimal(value.numerator) / Decimal(value.denominator)
    text = str(short.quantize(Decimal("0.1"), ROUND_HALF_UP)) + "0" * (places - 1)
    steps = one(str(value), lambda x: x * 1 + 0)
    steps.step("again", steps["y"] + 0)
    unit = Decimal(1).scaleb(-places)
    twice = {  # 0.2947 is 0.295, and that 0.30: rounded early, with digits worked out
        short.quantize(Decimal(1).scaleb(-p), first).quantize(unit, then)
        for p in range(places, 7)
        for first in (ROUND_HALF_UP, ROUND_DOWN)
        for then in (ROUND_HALF_UP, ROUND_DOWN)
    }
    is_right = Decimal(text) in {short.quantize(unit, r) for r in (ROUND_HALF_UP, ROUND_DOWN)}
    for name in ("y", "again"):
        verdict = judged(name, text, steps).verdict
        enough = value == 0 or len(text.strip("-0.")) + places - 1 >= 2  # digits that say something
        if is_right or Decimal(text) not in twice:
            assert verdict == ("right" if is_right and enough else "not yet"), text


def there_and_back() -> Derivation:
    """Steps that come to a short decimal by way of irrational numbers."""
    d = Derivation("There and back")
    four, half, two = d.givens(four=4, half="0.5", two=2)
    d.step("back", exp(log(four)))
    d.step("turned", four * (sin(half) ** 2 + cos(half) ** 2))
    d.step("cosh", exp(half + log(two)) / exp(half))
    d.step("whole", (exp(two) + exp(-two)) ** 2 - (exp(two) - exp(-two)) ** 2)
    return d


@pytest.mark.parametrize("name", ["back", "turned", "cosh", "whole"])
def test_a_short_decimal_inside_every_enclosure_is_right_and_others_are_not(name) -> None:
    d = there_and_back()
    value = {"back": 4, "turned": 4, "cosh": 2, "whole": 4}[name]  # cosh² − sinh² = 1, four times
    for text in (str(value), f"{value}.0", f"{value}.0000"):
        assert judged(name, text, d).verdict == "right", text
        assert "cut off" not in judged(name, text, d).message
    for text in (f"{value - 1}.99", f"{value - 1}.9999", f"{value}.01"):
        assert judged(name, text, d).verdict != "right", text


LARGE = 120571.71498645052  # e^11.7, by the C library


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("120570", "right"),
        ("1.2057e5", "right"),
        ("1.2057·10^5", "right"),
        ("1.21e5", "right"),
        ("1.2e5", "right"),
        ("120000", "right"),  # zeros that end a whole number may be no digits
        ("121000", "right"),
        ("120572", "right"),
        ("120571.7", "right"),
        ("120571", "right"),  # cut off
        ("1e5", "not yet"),  # one digit
        ("100000", "not yet"),
        ("1.20e5", "right"),  # cut off
        ("1.22e5", "not yet"),
        ("1.2058e5", "not yet"),
        ("120580", "not yet"),
        ("120570.0", "not yet"),
    ],
)
def test_a_large_number_is_judged_at_its_digits(text, verdict) -> None:
    assert math.isclose(LARGE, math.exp(11.7), rel_tol=1e-14)
    assert judged("y", text, one("11.7", exp)).verdict == verdict


def test_a_power_of_two_may_be_written_with_a_power_of_ten() -> None:
    d = one("262144", lambda x: x + 0)
    for text in ("262144", "2.6e5", "2.62e5", "260000", "2.6214e5"):
        assert judged("y", text, d).verdict == "right", text
    assert judged("y", "2.7e5", d).verdict == "not yet"


def recurrent(length: int) -> Derivation:
    d = Derivation("A chain of units")
    w, a = d.givens(w="0.9", a0="0.5")
    for k in range(1, length + 1):
        a = d.step(f"a{k}", sigmoid(w * a))
    return d


def rounded_numbers(monkeypatch, d: Derivation, name: str, text: str, **options) -> tuple[int, str]:
    """How many numbers are rounded by hand while an answer is judged, and what is said of it."""
    count = 0
    work = ByHand._values

    def counted(self, k, entry):
        nonlocal count
        count += k not in self.fixed
        return work(self, k, entry)

    monkeypatch.setattr(ByHand, "_values", counted)
    message = judged(name, text, d, **options).message
    return count, message


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (20, "not yet"),
        (
            1000,
            "not yet (the way here is long: not every rounding on it was looked for)",
        ),
        (5000, "not yet (the way here is too long to look for what was rounded on it)"),
    ],
)
def test_the_search_for_reasons_is_cut_off_and_says_so(monkeypatch, length, said) -> None:
    d = recurrent(length)
    name = f"a{length}"
    count, message = rounded_numbers(
        monkeypatch, d, name, "0.1234", earlier={"a3": "0.4", f"a{length - 1}": "0.3"}
    )
    assert message == said
    assert count <= 2 * MOST_WORK / A_NUMBER


def test_a_value_beyond_all_sizes_is_not_followed() -> None:
    d = Derivation("A slip of a key")
    x = d.given("x", 1)
    d.step("y", tanh(d.step("z", x + 1)))
    assert judged("y", "0.77", d, earlier={"z": Fraction(10) ** 400}).verdict == "not yet"
    assert judged("y", "1.0000", d, earlier={"z": Fraction(10)}).verdict == "follows"


# ---- Slips


def test_a_plainer_slip_is_told_than_that_numbers_stand_in_other_places() -> None:
    d = Derivation("An outer product, and two lists of the same numbers")
    g, x, k1, k2 = d.givens(
        g=["0.31", "-0.72"], x=["0.62", "1.37"], k1=["0.317", "0.842"], k2=["0.842", "0.317"]
    )
    W, y = d.step("W", outer(g, x)), d.step("y", 2 * k1)
    d.step("y'", 2 * k2)
    exchanged = [[round(a * b, 4) for b in (0.31, -0.72)] for a in (0.62, 1.37)]
    assert check(d, W, str(exchanged)).message == "not yet: this is what you get with x gᵀ for g xᵀ"
    assert check(d, y, "1.684, 0.634").message == "not yet: this is what you get with k₂ for k₁"


def test_a_slip_is_named_with_the_step_where_it_happened() -> None:
    """The network of document 002, worked out with math.exp alone."""
    h1 = 1 / (1 + math.exp(-0.41))
    h2 = 1 / (1 + math.exp(-0.47))
    o1 = 1 / (1 + math.exp(-(0.5 * h1 + 0.6 * h2 + 0.35)))
    d = load("002-net222")
    told = check(d, d["dE/do1"], f"{0.05 - o1:.4f}")
    assert told.message == "not yet: this is what you get with t₁ − o₁ for o₁ − t₁"
    assert told.where == "dE/do1"
    slope = o1 * (1 - o1)
    told = check(d, d["dE/dw5"], f"{(0.05 - o1) * slope * h1 * 2:.5f}")
    assert (told.message, told.where) == ("not yet", "")
    told = check(d, d["dE/dw5"], f"{(o1 - 0.05) * slope * h2:.5f}")
    assert told.message == (
        "not yet: this is what you get with h₂ for h₁, or with ∂E/∂w₆ for ∂E/∂w₅; "
        "the answer cannot say which"
    )
    told = check(d, d["dE/dw5"], f"{(o1 - 0.05) * (1 - o1) * h1:.5f}")
    assert told.where == "do1/dz_o1"
    assert "1334" not in told.message + told.where


def test_a_slip_on_top_of_the_learners_own_wrong_value_is_found() -> None:
    d = load("002-net222")
    a = 1 / (1 + math.exp(-0.5))
    told = check(d, d["do1/dz_o1"], f"{a * a:.5f}", earlier={"o1": Fraction(f"{a:.5f}")})
    assert "from your o1" in told.message and told.verdict == "not yet"
    follows = check(d, d["do1/dz_o1"], f"{a * (1 - a):.5f}", earlier={"o1": Fraction(f"{a:.5f}")})
    assert follows.verdict == "follows"
