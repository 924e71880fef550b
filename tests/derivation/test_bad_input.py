"""What a person gets wrong gets one clear error that names it, and changes nothing."""

import re
from typing import Any

import numpy as np
import pytest

import dlhand
from dlhand import (
    Derivation,
    DlhandError,
    DuplicateName,
    FormulaError,
    GivenError,
    NoDependence,
    ShapeError,
    UndefinedValue,
    UnknownName,
    greater,
    log,
    sigmoid,
    sqrt,
    step,
    total,
)  # fmt: skip


@pytest.fixture
def d() -> Derivation:
    d = Derivation("Mistakes")
    x, w, v, _ = d.givens(x="0.5", w="2", v=[1, 2], alone="3")
    z = d.step("z_1", w * x)
    a = d.step("a_1", sigmoid(z))
    d.step("E", (a - 1) ** 2 + total(v))
    return d


def refused(d: Derivation, kind: type[DlhandError], message: str, act: Any) -> None:
    before = [e.name for e in d.entries]
    with pytest.raises(kind, match=message) as raised:
        act()
    assert "\n" not in str(raised.value)
    assert [e.name for e in d.entries] == before, "a refused declaration leaves nothing behind"


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), None, "", "abc", True, "1e999", "1/0", np.nan, object()]
)
def test_a_given_that_is_no_number(d: Derivation, value: Any) -> None:
    refused(d, GivenError, r"^rate is .*; (wanted|a fraction)", lambda: d.given("rate", value))
    refused(d, GivenError, r"^rate\[1\] is ", lambda: d.given("rate", [1, value]))
    refused(d, GivenError, r"^rate is ", lambda: Derivation("Other").givens(x=1, rate=value))
    refused(d, GivenError, r"^x is ", lambda: d.what_if(x=value))
    refused(d, GivenError, r"^a_1 is ", lambda: d.carried({"a_1": value}))


@pytest.mark.parametrize("value", [[], [[1, 2], [3]], [[]], [1, [2]], np.zeros((0,))])
def test_a_given_that_is_no_array(d: Derivation, value: Any) -> None:
    refused(d, ShapeError, r"^rate.* is (empty|ragged)", lambda: d.given("rate", value))
    refused(d, ShapeError, r"^v.* is (empty|ragged)", lambda: d.what_if(v=value))


def test_a_quantity_is_no_given(d: Derivation) -> None:
    for q in (d["x"], d["v"], d["x"] * 2):
        refused(
            d,
            GivenError,
            r"^rate(\[0\])? is <.*wanted a finite number",
            lambda q=q: d.given("rate", q),
        )


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("z_2", "'z_1'"),
        ("e", None),
        ("alon", "'alone'"),
        ("dE/dw", None),
        ("zzzzzz", None),
        ("", None),
    ],
)
def test_an_unknown_name_gets_the_nearest_ones(d: Derivation, name: str, near: str | None) -> None:
    message = re.escape(f"no step is called {name!r}")
    for act in (
        lambda: d[name], lambda: d.value(name), lambda: d.with_values({name: 1}),
        lambda: d.carried({name: 1}), lambda: d.printed({name: "1"}), lambda: d.given_value(name),
    ):  # fmt: skip
        refused(d, UnknownName, message, act)
    if near:
        refused(d, UnknownName, f"did you mean .*{near}", lambda: d[name])
    with pytest.raises(LookupError):
        d[name]


def test_a_step_is_not_changed_by_what_if(d: Derivation) -> None:
    refused(d, UnknownName, "'z_1' is a step, not a given", lambda: d.what_if(z_1=1))


@pytest.mark.parametrize("name", ["x", "z_1", "E"])
def test_a_name_is_used_once(d: Derivation, name: str) -> None:
    message = f"^the name '{name}' is taken; wanted one not used before"
    refused(d, DuplicateName, message, lambda: d.given(name, 1))
    refused(d, DuplicateName, message, lambda: d.step(name, d["x"] * 2))


@pytest.mark.parametrize(
    "name", ["", " ", "1x", "a b", "x+y", "_", "w'x", "x\n", "d/dx", "$x", "a.b", "(x)"]
)
def test_what_cannot_be_a_name(d: Derivation, name: str) -> None:
    message = re.escape(f"{name!r} cannot be a name; wanted letters, digits and underscores")
    refused(d, DuplicateName, message, lambda: d.given(name, 1))
    refused(d, DuplicateName, message, lambda: d.step(name, d["x"] * 2))


def test_a_shape_that_is_another(d: Derivation) -> None:
    refused(d, ShapeError, r"^v has shape \(3,\); wanted \(2,\)", lambda: d.what_if(v=[1, 2, 3]))
    refused(d, ShapeError, r"^v has shape \(\); wanted \(2,\)", lambda: d.what_if(v=1))
    refused(d, ShapeError, r"^x has shape \(1,\); wanted \(\)", lambda: d.what_if(x=[1]))
    refused(
        d, ShapeError, r"^a_1 has shape \(2,\); wanted \(\)", lambda: d.carried({"a_1": [1, 2]})
    )
    u = d.given("u", [1, 2, 3])
    refused(d, ShapeError, r"^add got shapes \(2,\) and \(3,\)", lambda: d.step("s", d["v"] + u))


@pytest.mark.parametrize("formula", [1, "x + 1", None, [1, 2], 0.5, np.array([1.0])])
def test_a_step_wants_a_formula(d: Derivation, formula: Any) -> None:
    message = "^step 'y' got .*; wanted a formula over givens and steps"
    refused(d, FormulaError, message, lambda: d.step("y", formula))


def test_a_quantity_of_another_derivation(d: Derivation) -> None:
    other = Derivation("Other")
    stranger, same = other.givens(stranger=1, x="0.5")
    message = "^the formula of 'y' uses <{}>, which belongs to another derivation"
    refused(d, FormulaError, message.format("stranger"), lambda: d.step("y", d["x"] + stranger))
    refused(d, FormulaError, message.format("x"), lambda: d.step("y", d["w"] * same))
    refused(d, FormulaError, message.format("x"), lambda: d.step("y", same))
    refused(d, UnknownName, "no step is called <stranger>", lambda: d.value(stranger))
    refused(d, UnknownName, "no step is called <x>", lambda: d.backward(d["E"], [same]))
    refused(d, UnknownName, "no step is called <x>", lambda: d.backward(same, [d["x"]]))


def test_a_bare_list_in_a_formula(d: Derivation) -> None:
    message = "^a formula has a bare array in it; name it with given"
    refused(d, FormulaError, message, lambda: d.step("y", d["v"] * [1, 2]))
    refused(d, FormulaError, message, lambda: d.step("y", d["v"] + np.array([1, 2])))
    refused(d, FormulaError, message, lambda: d.step("y", np.array([1, 2]) - d["v"]))


def test_a_formula_too_deep(d: Derivation) -> None:
    def build() -> None:
        q = d["x"]
        for _ in range(200):
            q = sigmoid(q)
        d.step("y", q)

    refused(d, FormulaError, "nested 101 deep; wanted at most 100: give its parts names", build)


@pytest.mark.parametrize(
    ("formula", "cause"),
    [
        (lambda x: 1 / (x * 2 - 1), "division by zero"),
        (lambda x: x / (x - "1/2"), "division by zero"),
        (lambda x: (x - "0.5") ** -2, "division by zero"),
        (lambda x: log(x - 1), "the logarithm of -1/2, which is not positive"),
        (lambda x: log(x - x), "the logarithm of 0, which is not positive"),
        (lambda x: sqrt(x - 1), "the square root of -1/2, which is negative"),
    ],
)
def test_a_step_without_a_value(d: Derivation, formula: Any, cause: str) -> None:
    y = d.step("y_7", formula(d["x"]))
    refused(d, UndefinedValue, f"^step y_7 has no value: {cause}", lambda: d.value(y))
    with pytest.raises(ArithmeticError):
        d.value("y_7")


def test_a_gradient_of_what_does_not_depend(d: Derivation) -> None:
    message = "^E does not depend on {} in a way that has a slope; wanted quantities that change it"
    refused(d, NoDependence, message.format("alone"), lambda: d.backward(d["E"], [d["alone"]]))
    refused(
        d, NoDependence, message.format("alone"), lambda: d.backward(d["E"], [d["w"], d["alone"]])
    )
    later = d.step("later", d["E"] * 2)
    refused(d, NoDependence, message.format("later"), lambda: d.backward(d["E"], [later]))


@pytest.mark.parametrize(
    "flat", [lambda x: step(x) * 2, lambda x: greater(x, 0) + 1, lambda x: x**0 * 3]
)
def test_a_gradient_through_what_is_flat(d: Derivation, flat: Any) -> None:
    F = d.step("F", flat(d["x"]))
    refused(
        d, NoDependence, "^F does not depend on x in a way that", lambda: d.backward(F, [d["x"]])
    )


def test_a_loss_that_is_no_single_number(d: Derivation) -> None:
    u = d.step("u", d["v"] * d["w"])
    message = r"^the loss u has shape \(2,\); wanted a single number"
    refused(d, ShapeError, message, lambda: d.backward(u, [d["w"]]))


def test_a_gradient_named_like_a_step(d: Derivation) -> None:
    message = "^the gradient of w would be called 'x', which is .*; give it another by names="
    act = lambda: d.backward(d["E"], [d["w"]], names={"w": "x"})  # noqa: E731
    refused(d, DuplicateName, message, act)
    assert d.backward(d["E"], [d["w"]])[d["w"]] is d["dE/dw"]


@pytest.mark.parametrize(
    ("name", "printed", "kind", "message"),
    [
        ("z_1", ["1", "2"], ShapeError, r"^what is printed for z_1 has shape \(2,\); wanted \(\)"),
        ("v", "1", ShapeError, r"^what is printed for v has shape \(\); wanted \(2,\)"),
        ("v", ["1", "2", "3"], ShapeError, r"^what is printed for v has shape \(3,\); wanted"),
        ("v", [["1"], ["2", "3"]], ShapeError, "^what is printed is ragged: "),
        ("v", [], ShapeError, "^what is printed is ragged: "),
        ("z_1", 0.5, FormulaError, "^a printed number is 0.5; wanted its characters as a string"),
        ("z_1", ("1", 2), FormulaError, "^a printed number is 2; wanted its characters"),
        (
            "z_1",
            dlhand.Printed("1", ["1"]),
            ShapeError,
            r"^what is printed for z_1 has shape \(1,\)",
        ),
    ],
)
def test_printed_numbers_of_the_wrong_shape_or_kind(
    d: Derivation, name: str, printed: Any, kind: type[DlhandError], message: str
) -> None:
    refused(d, kind, message, lambda: d.printed({name: printed}))
    assert d[name].printed == ()
    message = message.replace(f"for {name} ", "for y ")
    refused(d, kind, message, lambda: d.step("y", d[name] * 1, printed=printed))
    refused(d, kind, message, lambda: d.given("y", [1, 2] if name == "v" else 1, printed=printed))
    # what was refused can be declared again, put right
    assert d.step("y", d[name] * 1).name == "y"


def test_every_error_is_of_dlhand_and_of_a_built_in_kind() -> None:
    kinds = [
        (GivenError, ValueError), (ShapeError, ValueError), (FormulaError, ValueError),
        (UnknownName, LookupError), (DuplicateName, ValueError), (UndefinedValue, ArithmeticError),
        (NoDependence, ValueError), (dlhand.AnswerError, ValueError),
    ]  # fmt: skip
    for kind, built_in in kinds:
        assert issubclass(kind, DlhandError)
        assert issubclass(kind, built_in)
