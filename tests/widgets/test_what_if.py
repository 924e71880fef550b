"""What if: all steps follow the controls at once, and so do the comparison and the code."""

from fractions import Fraction

import ipywidgets
import pytest
import traitlets

from dlhand import Derivation, UnknownName, load, log, sigmoid
from dlhand.render.comparison import Comparison
from dlhand.widgets.stored import stored
from dlhand.widgets.what_if import explore


def neuron() -> Derivation:
    d = Derivation("One neuron")
    x, w, b = d.givens(x="0.1", w="-37", b="1/3")
    d.step("a", sigmoid(d.step("z", w * x + b)))
    return d


def test_only_the_givens_that_are_named_get_controls() -> None:
    assert list(explore(neuron(), "b", "x").controls) == ["b", "x"]
    with pytest.raises(UnknownName, match="'z' is a step, not a given"):
        explore(neuron(), "z")
    with pytest.raises(UnknownName, match="no step is called 'w1'"):
        explore(neuron(), "w1")


def labels(what_if) -> list[str]:
    return [label for _, _, label, _ in what_if.player.numbers["steps"]]


def test_one_change_of_a_given_is_one_change_of_the_numbers(wire) -> None:
    what_if = explore(neuron())
    sent = wire(what_if.player)
    what_if.controls["x"].slider.value = 0.5
    what_if.controls["w"].text.value = "2"
    assert [list(data["state"]) for data in sent] == [["numbers"]] * 2
    assert labels(what_if)[0].endswith("= 4/3 ≈ 1.3333")


def test_reset_puts_all_back_as_one_change(wire) -> None:
    what_if = explore(neuron(), digits=3)
    before = what_if.player.numbers
    what_if.controls["x"].slider.value = 0.5
    what_if.controls["w"].text.value = "2"
    what_if.controls["b"].text.value = "nonsense"
    sent = wire(what_if.player)
    press(what_if, "reset")
    assert [list(data["state"]) for data in sent] == [["numbers"]]
    assert what_if.player.numbers == before
    assert [c.text.value for c in what_if.controls.values()] == ["0.1", "-37", "1/3"]
    assert [c.error for c in what_if.controls.values()] == ["", "", ""]
    assert what_if.controls["x"].slider.value == 0.1


def press(what_if, button: str) -> None:
    """Press a button of the panel, as the page does."""
    what_if.panel._handle_custom_msg({"type": button}, [])


def test_givens_that_leave_a_step_without_value_are_told_and_the_last_steps_stay() -> None:
    d = Derivation("A logarithm")
    d.step("y", log(d.given("x", 2)))
    what_if = explore(d)
    before = what_if.player.numbers
    what_if.controls["x"].text.value = "-1"
    assert "step y has no value" in what_if.panel.trouble
    assert what_if.player.numbers is before
    what_if.controls["x"].text.value = "1"
    assert what_if.panel.trouble == ""
    assert what_if.derivation.value("y").exact == 0


def test_what_a_front_end_should_not_send_changes_nothing() -> None:
    what_if = explore(neuron())
    before = what_if.player.numbers
    slider = what_if.controls["x"].slider
    slider.set_state({"value": float("nan")})
    for value in ("far", None, [1], {"a": 1}):
        with pytest.raises(traitlets.TraitError):
            slider.set_state({"value": value})
    what_if.controls["x"].text.value = "1" * 10_000
    what_if.controls["w"].text.value = "<img src=x onerror=alert(1)>" * 400
    assert what_if.player.numbers is before
    assert all(control.error for control in (what_if.controls["x"], what_if.controls["w"]))


def test_sliders_compose_with_widgets_of_ones_own() -> None:
    what_if = explore(neuron())
    own = ipywidgets.FloatSlider(value=0.1, min=-5, max=5, step=0.01)
    ipywidgets.link((own, "value"), (what_if.controls["x"].slider, "value"))
    own.value = 0.4
    assert what_if.derivation.value("z").exact == Fraction(-37 * 4, 10) + Fraction(1, 3)


@pytest.mark.parametrize(("b2", "verdict"), [("0.25", "unexplained"), ("0.35", "truncated")])
def test_verdicts_follow_the_givens(b2: str, verdict: str) -> None:
    # The page says b2 = 0.25; with that nobody gets its outputs.
    what_if = explore(load("002-net222"), "b2")
    what_if.controls["b2"].text.value = b2
    what_if.player.settle()
    printed = what_if.player.settled["printed"]
    assert f"1.01 ({verdict})" in printed["z_o1"][0]
    assert f"0.77 ({verdict})" in printed["o2"][0]


# ---- As code


def run(code: str, d: Derivation | None = None):
    """What a learner gets who runs code, with a derivation as ``d``."""
    *before, last = code.split("\n\n")
    scope = {"d": d}
    exec("\n".join(before), scope)
    return eval(last, scope)


def test_the_code_gives_the_same_values_again() -> None:
    what_if = load("002-net222").explore()
    what_if.panel.coding = True
    what_if.controls["b2"].text.value = "0.25"
    what_if.controls["w1"].slider.value = 0.37
    code = what_if.code()
    assert code == 'import dlhand\n\ndlhand.load("002-net222").what_if(b2="0.25", w1="0.37")'
    assert run(code).evaluation.fixed == what_if.derivation.evaluation.fixed
    what_if.reset()
    assert what_if.code() == 'import dlhand\n\ndlhand.load("002-net222")'


def test_the_code_follows_while_it_is_open_and_costs_nothing_before(wire) -> None:
    what_if = explore(neuron())
    sent = wire(what_if.panel)
    what_if.controls["x"].slider.value = 0.5
    assert sent == []
    what_if.panel.coding = True
    assert what_if.panel.code == 'd.what_if(x="0.5")'
    what_if.controls["x"].text.value = "1/3"
    assert what_if.panel.code == 'd.what_if(x="1/3")'


# ---- Compared


def compared(one: Derivation, two: Derivation, **options) -> str:
    return Comparison(one, two, labels=("kept", "now"), **options).table()


def test_the_comparison_follows_the_givens_from_what_is_declared() -> None:
    what_if = explore(neuron())
    d = neuron()
    what_if.panel.comparing = True
    assert what_if.panel.table == compared(d, d)
    what_if.controls["x"].slider.value = 0.5
    assert what_if.panel.table == compared(d, d.what_if(x="0.5"))
    what_if.player.digits = 8
    assert what_if.panel.table == compared(d, d.what_if(x="0.5"), digits=8)


def test_another_setting_can_be_kept() -> None:
    what_if = explore(neuron())
    what_if.panel.comparing = True
    assert what_if.panel.kept == "kept: the numbers as declared"
    what_if.controls["x"].text.value = "0.2"
    press(what_if, "keep")
    assert what_if.panel.kept == "kept: your setting of x"
    what_if.controls["b"].text.value = "0"
    d = neuron()
    assert what_if.panel.table == compared(d.what_if(x="0.2"), d.what_if(x="0.2", b=0))
    what_if.reset()
    press(what_if, "keep")
    assert what_if.panel.kept == "kept: the numbers as declared"
    assert what_if.kept.evaluation.fixed == d.evaluation.fixed


def test_the_comparison_gives_no_hidden_number_away() -> None:
    what_if = explore(neuron(), predict=True)
    what_if.panel.comparing = True
    what_if.controls["x"].slider.value = 0.5
    d, now = neuron(), neuron().what_if(x="0.5")
    assert what_if.panel.table == compared(d, now, steps=[])
    what_if.player.opened = ["a", "<what the page has made up>"]
    assert what_if.panel.table == compared(d, now, steps=["a"])
    what_if.player.predict = False
    assert what_if.panel.table == compared(d, now)


def test_the_comparison_and_the_code_arrive_as_one_change(wire) -> None:
    what_if = explore(neuron())
    what_if.panel.comparing = what_if.panel.coding = True
    sent = wire(what_if.panel)
    what_if.controls["x"].slider.value = 0.5
    assert [set(data["state"]) for data in sent] == [{"table", "code"}]


@pytest.mark.parametrize(
    "content", [None, [], {}, {"type": 7}, {"type": "delete"}, {"typ": "keep"}]
)
def test_messages_that_are_none_are_passed_by(content) -> None:
    what_if = explore(neuron())
    what_if.controls["x"].slider.value = 0.5
    before = what_if.player.numbers
    what_if.panel._handle_custom_msg(content, [])
    assert what_if.player.numbers is before
    assert what_if.kept.given_value("x") == Fraction(1, 10)


# ---- Without a kernel


def test_the_bundle_is_deterministic_and_readable_without_a_kernel() -> None:
    first, second = (explore(neuron(), "x", "w") for _ in range(2))
    data, _ = first._repr_mimebundle_()
    other, _ = second._repr_mimebundle_()
    assert data["text/plain"] == repr(first) == "WhatIf('One neuron': x, w)"
    assert data["text/html"] == other["text/html"] == stored(neuron())
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == first.model_id


def test_the_facade_gives_the_same() -> None:
    what_if = neuron().explore("x", digits=3)
    assert list(what_if.controls) == ["x"]
    assert labels(what_if)[1].endswith("0.0334")
