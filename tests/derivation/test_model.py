"""Derivations: declaring, looking up, sections, printed numbers, and their variants."""

from fractions import Fraction
from typing import Any

import pytest

from dlhand import Derivation, Printed, UnknownName, relu, sigmoid
from dlhand.derivation.entries import Given, Gradient, Local, Step
from dlhand.derivation.model import Derivation as Engine
from dlhand.numbers.exact import nested


def neuron() -> Derivation:
    d = Derivation("One neuron", document="002", about="How a neuron learns.")
    x, w, b, t = d.givens(x="0.1", w="0.15", b="0.35", t="0.01")
    d.section("Forward")
    z = d.step("z", w * x + b, say="weighted sum")
    a = d.step("a", sigmoid(z), say="activation", printed="0.5884")
    E = d.step("E", (a - t) ** 2 / 2)
    d.section("Backward")
    d.backward(E, [w, b])
    return d


def test_entries_stand_in_the_order_of_their_declaration() -> None:
    d = neuron()
    assert [e.name for e in d.entries] == [
        "x", "w", "b", "t", "z", "a", "E", "dE/da", "dE/dz", "dE/dw", "dE/db",
    ]  # fmt: skip
    assert [e.index for e in d.entries] == list(range(11))
    assert [e.kind for e in d.entries] == ["given"] * 4 + ["step"] * 3 + ["gradient"] * 4
    assert [e.name for e in d.given_entries] == ["x", "w", "b", "t"]
    assert [e.name for e in d.steps][:3] == ["z", "a", "E"]
    assert [type(e) for e in (d["x"], d["z"], d["dE/dz"])] == [Given, Step, Gradient]
    assert repr(d) == "<Derivation 'One neuron': 4 givens, 7 steps>"
    assert repr(d["dE/dz"]) == "<dE/dz>"


def test_sections_come_in_order_with_what_stands_in_them() -> None:
    d = neuron()
    parts = [(title, [e.name for e in entries]) for title, entries in d.sections()]
    assert parts == [
        ("", ["x", "w", "b", "t"]),
        ("Forward", ["z", "a", "E"]),
        ("Backward", ["dE/da", "dE/dz", "dE/dw", "dE/db"]),
    ]
    assert list(Derivation("Empty").sections()) == []


def test_a_derivation_keeps_what_it_was_told() -> None:
    d = neuron()
    assert (d.title, d.document, d.about) == ("One neuron", "002", "How a neuron learns.")
    assert d["z"].say == "weighted sum"
    assert d.prints("a") == (Printed("0.5884"),)
    assert d.prints("z") == ()


def test_entries_are_found_by_name_by_themselves_and_in_another_spelling() -> None:
    d = neuron()
    assert d["z"] is d[d["z"]]
    assert d["∂E/∂w"] is d["dE/dw"]
    assert "z" in d
    assert "y" not in d


@pytest.mark.parametrize(
    "name",
    [
        "w",
        "w1",
        "z_o1",
        "W_xh",
        "alpha",
        "y_hat",
        "w1'",
        "w1''",
        "ŷ",
        "δ",
        "h_-1",
        "a_1,2",
        "dE/dw",
        "dE1/dz_o1",
    ],
)
def test_names_as_the_field_writes_them_are_taken(name: str) -> None:
    d = Derivation("Names")
    assert d.given(name, 1).name == name
    assert d.value(name).exact == 1


def test_values_are_numbers_or_nested_lists_of_them() -> None:
    d = Derivation("Values")
    A, v = d.givens(A=[[1, 2], [3, 4]], v=["1/2", "0.5"])
    d.step("u", A @ v)
    d.step("T", A * 2)
    assert [r.exact for r in d.value("u")] == [Fraction(3, 2), Fraction(7, 2)]
    assert [[r.exact for r in row] for row in d.value("T")] == [[2, 4], [6, 8]]
    assert {name: str(value) for name, value in neuron().values().items()}["z"] == "0.365"
    assert d.given_value("A") == [[1, 2], [3, 4]]
    assert d.given_value(v) == [Fraction(1, 2)] * 2
    assert neuron().given_value("x") == Fraction(1, 10)


def test_a_value_is_there_as_soon_as_the_step_is() -> None:
    """Steps may be declared after values have been asked for."""
    d = Derivation("Later")
    x = d.given("x", 2)
    assert d.value("x").exact == 2
    y = d.step("y", x * x)
    assert d.value(y).exact == 4
    w = d.given("w", 10)
    assert d.value(d.step("z", y + w)).exact == 14


def test_what_a_document_prints_is_kept_as_characters() -> None:
    d = neuron()
    d.printed({"dE/dw": "0.0135", "∂E/∂b": ("0.1", "0.14"), "z": Printed("0.3 5", "0.35", "a gap")})
    assert [p.text for p in d.prints("dE/db")] == ["0.1", "0.14"]
    assert d.prints("z")[0].judged == "0.35"
    assert d.prints("dE/dw")[0].judged == "0.0135"
    d.printed({"dE/dw": "0.014"})
    assert [p.text for p in d.prints("dE/dw")] == ["0.0135", "0.014"]
    v = d.given("v", [1, 2], printed=["1", None])
    assert d.prints(v) == (Printed(["1", None]),)


def values_of(d: Engine) -> dict[str, Any]:
    return {e.name: d.evaluation.exact(e.index) for e in d.entries}


def shown_of(d: Engine) -> dict[str, str]:
    return {e.name: d.value(e).digits(30) for e in d.entries}


def test_what_if_follows_through_every_later_step_and_leaves_the_original_be() -> None:
    d = neuron()
    before, printed = shown_of(d), d.prints("a")
    other = d.what_if(w="0.2", x=1)
    fresh = Derivation("The same by hand")
    x, w, b, t = fresh.givens(x="1", w="0.2", b="0.35", t="0.01")
    z = fresh.step("z", w * x + b)
    a = fresh.step("a", sigmoid(z))
    E = fresh.step("E", (a - t) ** 2 / 2)
    fresh.backward(E, [w, b])
    assert shown_of(other) == shown_of(fresh)
    assert shown_of(d) == before
    assert d.prints("a") == printed
    assert d.given_value("w") == Fraction(15, 100)
    assert other.given_value("w") == Fraction(1, 5)
    assert type(other) is type(d)
    assert [e.name for e in other.entries] == [e.name for e in d.entries]


def test_what_if_of_what_if_keeps_both_changes() -> None:
    d = neuron().what_if(w="0.2").what_if(x="1")
    assert (d.given_value("w"), d.given_value("x")) == (Fraction(1, 5), 1)
    assert d.value("z").exact == Fraction(55, 100)
    assert d.with_values({"w": 0, "b": 0}).value("z").exact == 0


def test_replaced_steps_stand_for_the_true_ones_and_leave_the_original_be() -> None:
    d = neuron()
    before = shown_of(d)
    other = d.with_steps({"a": "0.5884", "dE/dz": "0.14"})
    assert other.value("a").exact == Fraction("0.5884")
    assert other.value("E").exact == (Fraction("0.5884") - Fraction("0.01")) ** 2 / 2
    assert other.value("dE/dw").exact == Fraction("0.014")
    assert other.value("z").exact == Fraction("0.365")
    assert shown_of(d) == before
    assert d.evaluation.exact(d["a"].index) is None


def test_what_if_keeps_the_steps_that_were_replaced() -> None:
    d = neuron().with_steps({"a": "0.6"}).what_if(t="0.1")
    assert d.value("E").exact == Fraction("0.125")


@pytest.mark.parametrize(
    "variant",
    [
        lambda d: d.what_if(x=5), lambda d: d.with_steps({"y": 7}), lambda d: d.with_steps({}),
        lambda d: d.by_hand(2), lambda d: d.by_hand(2, chopped=True),
    ],
)  # fmt: skip
def test_what_is_declared_in_a_variant_is_not_in_the_original(variant: Any) -> None:
    d = Derivation("Original")
    x = d.given("x", 3)
    y = d.step("y", x * 2)
    d.value("y")
    other = variant(d)
    q = other.given("q", 100)
    s = other.step("s", q * x + y)
    assert other.value(s).exact == 100 * other.value("x").exact + other.value("y").exact
    assert [e.name for e in d.entries] == ["x", "y"]
    assert "q" not in d
    # the same places in the original are free for something else
    d.given("p", 1)
    r = d.step("r", x * x)
    assert d.value("p").exact == 1
    assert d.value(r).exact == 9
    assert other.value("q").exact == 100


def test_by_hand_is_a_variant_too() -> None:
    d = neuron()
    before = shown_of(d)
    hand = d.by_hand(2)
    assert hand.value("z").exact == Fraction("0.37")
    assert hand.value("a").exact == Fraction("0.59")
    assert d.by_hand(2, chopped=True).value("z").exact == Fraction("0.36")
    assert shown_of(d) == before


def test_local_derivatives_are_entries_of_their_own_kind() -> None:
    d = Derivation("Local")
    x, w = d.givens(x=2, w=3)
    z = d.step("z", w * x)
    E = d.step("E", relu(z) * 5)
    d.backward(E, [w], local=True)
    assert type(d["dz/dw"]) is Local
    assert d["dz/dw"].kind == "local"


def test_nesting() -> None:
    assert nested([7], ()) == 7
    assert nested((1, 2, 3), (3,)) == [1, 2, 3]
    assert nested(range(8), (2, 2, 2)) == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]


def test_an_unknown_name_is_no_given_of_what_if() -> None:
    with pytest.raises(UnknownName, match="'z' is a step, not a given"):
        neuron().what_if(z=1)


def test_a_change_keeps_the_rounding_by_hand_and_what_was_replaced():
    d = Derivation("t")
    (x,) = d.givens(x=1)
    y = d.step("y", x / 3)
    d.step("z", y * 3)
    assert d.by_hand(2).what_if(x=2).value("z").exact == Fraction("2.01")  # 0.67 · 3
    assert d.with_steps({"y": "0.5"}).what_if(x=2).value("z").exact == Fraction("1.5")


def test_a_formula_without_a_name_has_a_value():
    d = Derivation("t")
    x, w = d.givens(x=[1, 2], w=[3, 4])
    assert d.value(w @ x).exact == 11
    assert len(d.entries) == 2
    grad = d.backward(d.step("E", w @ x), [w])
    assert d.value(grad[d["E"]]).exact == 1


def test_what_is_done_to_a_variant_leaves_the_original_alone() -> None:
    """Whatever can be done to a derivation: attach, declare, go back, on each kind of variant."""
    for vary in (
        lambda d: d.what_if(x=2),
        lambda d: d.by_hand(2),
        lambda d: d.with_steps({"y": 3}),
        lambda d: d.with_values({}),
    ):
        d = Derivation("Original")
        x = d.given("x", 1)
        y = d.step("y", x * x, printed="1")
        before = d.text(), d.latex(), d.to_python(), len(d.entries), d.verdicts()
        variant = vary(d)
        variant.printed({"y": "7", "x": "8"})
        variant.section("Later")
        variant.step("z", y * 2, say="another", printed="9")
        variant.backward(variant["z"], [x])
        variant.title = "Variant"
        assert (d.text(), d.latex(), d.to_python(), len(d.entries), d.verdicts()) == before
        assert [p.text for p in variant.prints("y")] == ["1", "7"]
        assert "z" not in d and "dz/dx" not in d
        d.step("z", y * 3)
        assert variant.text("z") != d.text("z")
