"""A control of a given: its range, its grid, what it reads, what it refuses."""

from fractions import Fraction

import pytest

from dlhand import Derivation, GivenError, UnknownName, load, sigmoid
from dlhand.widgets.slide import Slide, slide, wide_enough, widened
from dlhand.widgets.what_if import explore


def neuron() -> Derivation:
    d = Derivation("One neuron")
    x, w, b = d.givens(x="0.1", w="-37", b="1/3")
    d.step("a", sigmoid(d.step("z", w * x + b)))
    return d


def layer() -> Derivation:
    d = Derivation("A layer")
    x, W, b = d.givens(x=["0.1", "0.5"], W=[["0.1", "-0.3"], ["1/3", "0.4"]], b=[["2"]])
    T = d.given("T", [[[1, 2]], [["1/3", -4]]])
    d.step("z", W @ x)
    d.step("c", b * 2)
    d.step("t", T * 2)
    return d


def ends(found: Slide) -> tuple[Fraction, Fraction]:
    return found.at(found.low), found.at(found.high)


def is_any(value: Fraction) -> bool:
    return True


# ---- Where a slider goes


@pytest.mark.parametrize(
    "value", ["0", "0.1", "0.15", "-0.35", "1", "1/3", "-37", "0.00001", "512", "-1e-30", "1e390"]
)
def test_a_range_goes_through_zero_with_room_around_the_value(value: str) -> None:
    number = Fraction(value)
    found = slide(number, wide_enough(number), is_any)
    low, high = ends(found)
    assert low < 0 < high
    assert low < number < high
    assert abs(number) * 2 <= high
    assert 100 <= found.high - found.low <= 4000
    assert any(found.at(notch) == 0 for notch in range(found.low, found.high + 1))


@pytest.mark.parametrize("value", ["0.1", "0.15", "-37", "0.123", "512", "0.0005"])
def test_a_short_decimal_lies_on_the_grid(value: str) -> None:
    number = Fraction(value)
    found = slide(number, wide_enough(number), is_any)
    assert found.at(found.notch(number)) == number


def test_a_range_of_the_author_is_kept_to_its_ends() -> None:
    for low, high in ((0, 20), ("0.001", 1), (-3, "-0.5"), (0, "0.3")):
        wanted = Fraction(low), Fraction(high)
        assert ends(slide(wanted[0], wanted, is_any)) == wanted


def test_a_range_grows_to_a_round_number_when_a_value_beyond_is_typed() -> None:
    what_if = explore(neuron(), "x", ranges={"x": (0, 20)})
    control = what_if.controls["x"]
    assert ends(control.slide) == (0, 20)
    what_if.set("x", "30")
    assert ends(control.slide) == (0, 50)
    assert control.slide.at(control.state()["notch"]) == 30
    what_if.set("x", "-3")
    assert ends(control.slide) == (-5, 50)
    what_if.reset()
    assert ends(control.slide) == (0, 20)
    assert widened(Fraction(-1), (Fraction(-5), Fraction(-2))) == (-5, 0)


def test_what_can_only_be_whole_moves_in_whole_steps_and_stays_allowed() -> None:
    d = load("002-cnn")
    what_if = explore(d)
    for name, control in what_if.controls.items():
        found = control.slide
        assert found.step.denominator == 1, name
        for notch in (found.low, found.high):
            what_if.slide(name, notch)
            assert control.error == "", name
            what_if.reset()


def test_a_slider_does_not_reach_what_the_derivation_refuses() -> None:
    what_if = explore(load("004-dropout"), "r")
    rate = what_if.controls["r"].slide
    assert ends(rate)[0] == 0
    assert Fraction("0.9") < ends(rate)[1] < 1  # a dropout rate is from 0 up to but not 1


@pytest.mark.parametrize(
    "ranges", [{"x": (2, 1)}, {"x": (1, 1)}, {"x": 3}, {"x": (1,)}, {"x": ("a", 2)}]
)
def test_a_range_that_is_none_is_refused(ranges) -> None:
    with pytest.raises(GivenError, match="x is "):
        explore(neuron(), ranges=ranges)


def test_a_range_of_no_given_or_of_an_array_is_refused() -> None:
    with pytest.raises(UnknownName, match="'z' is a step"):
        explore(neuron(), ranges={"z": (0, 1)})
    with pytest.raises(GivenError, match="for a single number"):
        explore(layer(), ranges={"x": (0, 1)})


# ---- What is done with it


def test_a_slider_moves_exactly_and_the_box_follows() -> None:
    what_if = explore(neuron())
    control = what_if.controls["x"]
    what_if.slide("x", 30)
    assert control.value == Fraction(3, 10)
    assert control.text == "0.3"
    assert what_if.derivation.value("z").exact == Fraction(-37 * 3, 10) + Fraction(1, 3)
    what_if.slide("x", 10_000)  # no page sends this
    assert control.value == ends(control.slide)[1]
    with pytest.raises(UnknownName, match="no slider"):
        explore(layer()).slide("x", 1)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("x", "2/7", Fraction(2, 7)),
        ("x", "3e1", Fraction(30)),
        ("w", "-1/3 + 1", Fraction(2, 3)),
        ("x", "1e391", Fraction(10) ** 391),
    ],
)
def test_typed_numbers_are_read_exactly(name, text, value) -> None:
    what_if = explore(neuron())
    control = what_if.controls[name]
    what_if.set(name, text)
    assert (control.value, control.error, control.text) == (value, "", text)
    assert what_if.derivation.given_value(name) == value
    assert control.slide.low <= control.state()["notch"] <= control.slide.high


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Nothing was typed"),
        ("two", "only numbers"),
        ("1, 2", "What was typed is a list of 2; one number was wanted."),
        ("<script>", "HTML is not read"),
        ("1/0", "division by zero"),
        ("1e4000", "At character"),
        ("10^999 * 10^999", "thousands of digits"),
        ("1" * 10_000, "at most 5000 characters"),
    ],
)
def test_bad_text_is_told_beside_the_box_and_the_last_good_value_stays(text, message) -> None:
    what_if = explore(neuron())
    control = what_if.controls["x"]
    what_if.set("x", "0.7")
    before = what_if.result
    what_if.set("x", text)
    assert message in control.error
    assert control.error.endswith("Still used: 0.7")
    assert control.value == Fraction(7, 10)
    assert what_if.result == before
    what_if.set("x", "0.8")
    assert control.error == ""


ARRAYS = {
    "x": ("0.1, 0.5", "1 2", [1, 2]),
    "W": ("0.1, -0.3\n1/3, 0.4", "1, 2\n3, -4", [[1, 2], [3, -4]]),
    "b": ("2", "5", [[5]]),
    "T": ("[[[1, 2]], [[1/3, -4]]]", "[[[5, 6]], [[7, 8]]]", [[[5, 6]], [[7, 8]]]),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_has_a_box_with_its_rows(name) -> None:
    written, text, value = ARRAYS[name]
    what_if = explore(layer())
    control = what_if.controls[name]
    assert control.slide is None
    assert control.text == written
    declared = control.value
    what_if.set(name, text)
    assert (control.value, control.error) == (value, "")
    assert what_if.derivation.given_value(name) == value
    what_if.set(name, written)  # what we write is what we read
    assert control.value == declared
    what_if.set(name, "1, 2, 3")
    assert "was wanted" in control.error


def test_a_side_that_patches_must_fill_moves_in_whole_steps() -> None:
    """16 divides 224 and neither 15 nor 17 does: it is a whole number all the same."""
    what_if = explore(load("004-attention-vit"), "p", ranges={"p": (4, 32)})
    fills = [n for n in range(4, 33) if 224 % n == 0]
    found = slide(Fraction(16), (Fraction(4), Fraction(32)), lambda n: n in fills)
    assert (found.step, found.at(found.low), found.at(found.high)) == (1, 4, 32)
    what_if.set("p", "8")
    assert what_if.derivation.value("r").exact == 28
