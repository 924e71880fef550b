"""A control of a given: what it reads, what it refuses, and that nothing is set back."""

from fractions import Fraction

import pytest

from dlhand import Derivation, sigmoid
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


def test_each_scalar_has_a_slider_around_its_value_and_a_box() -> None:
    what_if = explore(neuron())
    assert list(what_if.controls) == ["x", "w", "b"]
    x, w = what_if.controls["x"], what_if.controls["w"]
    assert (x.slider.min, x.slider.max, x.slider.step) == (-0.9, 1.1, 0.01)
    assert (w.slider.min, w.slider.max, w.slider.step) == (-74, 0, 0.2)
    assert [c.text.value for c in what_if.controls.values()] == ["0.1", "-37", "1/3"]


def test_a_slider_moves_exactly_and_the_box_follows() -> None:
    what_if = explore(neuron())
    control = what_if.controls["x"]
    control.slider.value = 0.30000000000000004  # as the page counts
    assert control.value == Fraction(3, 10)
    assert control.text.value == "0.3"
    assert what_if.derivation.value("z").exact == Fraction(-37 * 3, 10) + Fraction(1, 3)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("x", "2/7", Fraction(2, 7)),
        ("x", "3e1", Fraction(30)),  # further than the slider goes
        ("w", "-1/3 + 1", Fraction(2, 3)),
    ],
)
def test_typed_numbers_are_read_exactly(name, text, value) -> None:
    what_if = explore(neuron())
    control = what_if.controls[name]
    control.text.value = text
    assert (control.value, control.error, control.text.value) == (value, "", text)
    assert what_if.derivation.given_value(name) == value
    assert control.slider.min <= control.slider.value <= control.slider.max


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the answer is empty"),
        ("two", "only numbers and"),
        ("1, 2", "What was typed is a list of 2; one number was wanted."),
        ("<script>", "HTML is not read"),
        ("1/0", "division by zero"),
        ("1e4000", "At character"),
        ("10^999 * 10^999", "thousands of digits"),
    ],
)
def test_bad_text_is_told_beside_the_box_and_the_last_good_value_stays(text, message) -> None:
    what_if = explore(neuron())
    control = what_if.controls["x"]
    control.text.value = "0.7"
    before = what_if.player.numbers
    control.text.value = text
    assert message in control.error
    assert control.error.endswith("Still used: 0.7")
    assert control.value == Fraction(7, 10)
    assert what_if.player.numbers is before
    control.text.value = "0.8"
    assert control.error == ""


def test_what_was_typed_is_shown_as_text_in_the_message() -> None:
    control = explore(neuron()).controls["x"]
    control.text.value = "<img src=x>"
    shown = control.box.children[1]
    assert "&lt;img" in shown.value
    assert "<img" not in shown.value
    assert shown.layout.display is None
    control.text.value = "1"
    assert (shown.value, shown.layout.display) == ("", "none")


def test_numbers_that_no_float_can_be_are_typed() -> None:
    d = Derivation("Far out")
    x, far = d.givens(x=2, far="1e390")
    d.step("y", x - far)
    what_if = explore(d)
    control = what_if.controls["x"]
    assert what_if.controls["far"].slider is None
    what_if.controls["far"].text.value = "1e391"
    control.text.value = "1e391"
    assert what_if.derivation.value("y").exact == 0
    assert control.slider.value == control.slider.max


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
    assert control.slider is None
    assert control.text.value == written
    declared = control.value
    control.text.value = text
    assert (control.value, control.error) == (value, "")
    assert what_if.derivation.given_value(name) == value
    control.text.value = written  # what we write is what we read
    assert control.value == declared
    control.text.value = "1, 2, 3"
    assert "was wanted" in control.error


def test_a_widget_that_is_used_is_not_set_back(wire) -> None:
    control = explore(neuron()).controls["x"]
    sent = wire(control.slider, control.text)
    control.slider.value = 0.30000000000000004
    control.slider.value = 0.31000000000000005
    assert [data["state"] for data in sent if "min" not in data["state"]] == [
        {"value": 0.30000000000000004},
        {"value": "0.3"},
        {"value": 0.31000000000000005},
        {"value": "0.31"},
    ]
    del sent[:]
    control.text.value = "2/6"
    assert [data["state"] for data in sent] == [{"value": "2/6"}, {"value": 0.33}]
    control.slider.value = 0.33000000000000007  # the page says the same in other floats
    assert control.value == Fraction(1, 3)
    control.slider.value = 0.34
    assert control.value == Fraction(34, 100)
