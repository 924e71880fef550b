"""Steps declared again with other quantities put in."""

import pytest

from dlhand import Derivation, DuplicateName, FormulaError, InvalidName, ShapeError, tanh
from dlhand.derivation.pattern import Pattern


def chain():
    """Two steps that use two inputs, a weight, and one another."""
    d = Derivation("A chain")
    w, h_0, x_1, x_2 = d.givens(w="0.5", h_0="0.25", x_1=1, x_2=-2)
    d.section("first")
    z = d.step("z_1", w * h_0 + x_1, say="the weighted sum", printed="1.125")
    h = d.step("h_1", tanh(z), say="the state")
    return d, Pattern(d, [z, h], [h_0, x_1]), h, x_2


def renamed(name):
    return name.replace("1", "2")


def test_a_copy_is_what_would_have_been_declared():
    d, pattern, h, x_2 = chain()
    d.section("second")
    z, h_2 = pattern.again([h, x_2], renamed)

    by_hand, _, h, x_2 = chain()
    by_hand.section("second")
    z_2 = by_hand.step("z_2", by_hand["w"] * h + x_2, say="the weighted sum")
    by_hand.step("h_2", tanh(z_2), say="the state")

    assert d.text() == by_hand.text()
    assert [entry.name for entry in d.entries] == [entry.name for entry in by_hand.entries]
    assert d["h_2"] is h_2 and d["z_2"] is z
    assert z.rule is d["z_1"].rule  # the same form: nothing is worked out again


def test_what_a_document_prints_is_not_copied():
    d, pattern, h, x_2 = chain()
    z, _ = pattern.again([h, x_2], renamed)
    assert d.prints("z_1") and not d.prints(z)


def test_a_given_may_take_the_place_of_a_step_and_a_step_that_of_a_given():
    d, pattern, _, x_2 = chain()
    z, _ = pattern.again([x_2, x_2], renamed)
    assert d.value(z).exact == -3  # 0.5 · (-2) + (-2)


def test_the_backward_pass_goes_through_copies():
    d, pattern, h, x_2 = chain()
    _, h_2 = pattern.again([h, x_2], renamed)
    gradient = d.backward(h_2, [d["w"]])[d["w"]]

    def f(w):
        from math import tanh

        return tanh(w * tanh(w * 0.25 + 1) - 2)

    slope = (f(0.5 + 1e-6) - f(0.5 - 1e-6)) / 2e-6
    assert float(d.value(gradient)) == pytest.approx(slope, rel=1e-8)


def test_what_does_not_fit_is_refused():
    d, pattern, h, x_2 = chain()
    other, _, strange, _ = chain()
    v = d.given("v", [1, 2])
    with pytest.raises(ShapeError, match=r"<v> has shape \(2,\); wanted \(\), as <x_1>"):
        pattern.again([h, v], renamed)
    with pytest.raises(FormulaError, match="<h_1> belongs to another derivation"):
        pattern.again([strange, x_2], renamed)
    with pytest.raises(FormulaError, match="belongs to another derivation"):
        Pattern(other, [h], [])
    with pytest.raises(DuplicateName, match="'z_1' is taken"):
        pattern.again([h, x_2], lambda name: name)
    with pytest.raises(InvalidName, match="cannot be a name"):
        pattern.again([h, x_2], lambda name: f"{name} again")
    with pytest.raises(FormulaError, match="<x_2> is a given; wanted steps"):
        Pattern(d, [x_2], [])
