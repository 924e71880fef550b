"""What a person gets wrong gets one clear error that names it, and changes nothing."""

import re
from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import dlhand
from dlhand import (
    Derivation,
    DlhandError,
    DuplicateName,
    FormulaError,
    GivenError,
    InvalidName,
    NoDependence,
    ShapeError,
    UndefinedValue,
    UnknownName,
    greater,
    heaviside,
    log,
    sigmoid,
    sqrt,
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
    refused(d, GivenError, r"^a_1 is ", lambda: d.with_steps({"a_1": value}))


@pytest.mark.parametrize("value", [[], [[1, 2], [3]], [[]], [1, [2]], np.zeros((0,))])
def test_a_given_that_is_no_array(d: Derivation, value: Any) -> None:
    refused(d, ShapeError, r"^rate.* is (empty|ragged)", lambda: d.given("rate", value))
    refused(d, ShapeError, r"^v.* is (empty|ragged)", lambda: d.what_if(v=value))


def test_a_quantity_is_no_given(d: Derivation) -> None:
    for q in (d["x"], d["v"], d["x"] * 2):
        refused(
            d,
            GivenError,
            r"^rate is given <.*with a formula in it; wanted numbers",
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
        lambda: d.with_steps({name: 1}), lambda: d.printed({name: "1"}),
        lambda: d.given_value(name),
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
    "name",
    [
        "",
        " ",
        "1x",
        "a b",
        "x+y",
        "_",
        "w'x",
        "x\n",
        "d/dx",
        "$x",
        "a.b",
        "(x)",
        "dE/dx_$",
        "dE/dx\x00",
    ],
)
def test_what_cannot_be_a_name(d: Derivation, name: str) -> None:
    message = re.escape(f"{name!r} cannot be a name; wanted letters, digits and underscores")
    refused(d, InvalidName, message, lambda: d.given(name, 1))
    refused(d, InvalidName, message, lambda: d.step(name, d["x"] * 2))


def test_a_shape_that_is_another(d: Derivation) -> None:
    refused(d, ShapeError, r"^v has shape \(3,\); wanted \(2,\)", lambda: d.what_if(v=[1, 2, 3]))
    refused(d, ShapeError, r"^v has shape \(\); wanted \(2,\)", lambda: d.what_if(v=1))
    refused(d, ShapeError, r"^x has shape \(1,\); wanted \(\)", lambda: d.what_if(x=[1]))
    refused(
        d, ShapeError, r"^a_1 has shape \(2,\); wanted \(\)", lambda: d.with_steps({"a_1": [1, 2]})
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
    "flat", [lambda x: heaviside(x) * 2, lambda x: greater(x, 0) + 1, lambda x: x**0 * 3]
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
        ("z_1", 0.5, GivenError, "^a printed number is 0.5; wanted its characters as a string"),
        ("z_1", ("1", 2), GivenError, "^a printed number is 2; wanted its characters"),
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
    assert d.prints(name) == ()
    message = message.replace(f"for {name} ", "for y ")
    refused(d, kind, message, lambda: d.step("y", d[name] * 1, printed=printed))
    refused(d, kind, message, lambda: d.given("y", [1, 2] if name == "v" else 1, printed=printed))
    # what was refused can be declared again, put right
    assert d.step("y", d[name] * 1).name == "y"


def test_every_error_is_of_dlhand_and_of_a_built_in_kind() -> None:
    kinds = [
        (GivenError, ValueError), (ShapeError, ValueError), (FormulaError, ValueError),
        (UnknownName, LookupError), (DuplicateName, ValueError), (InvalidName, ValueError),
        (UndefinedValue, ArithmeticError),
        (NoDependence, ValueError), (dlhand.AnswerError, ValueError),
    ]  # fmt: skip
    for kind, built_in in kinds:
        assert issubclass(kind, DlhandError)
        assert issubclass(kind, built_in)


@pytest.mark.parametrize("name", ["dE/dx_$", "dE/dx\0", "d<b>/dx", "dx/d1", "ddE/dx/dy$"])
def test_a_name_like_that_of_a_gradient_is_looked_at_part_by_part(d: Derivation, name: str) -> None:
    for act in (lambda: d.given(name, 1), lambda: d.step(name, d["x"] * 2)):
        refused(d, InvalidName, "cannot be a name", act)


def test_names_for_gradients_are_looked_at_too(d: Derivation) -> None:
    E = d.step("E2", d["x"] ** 2)
    refused(d, InvalidName, "cannot be a name", lambda: d.backward(E, [d["x"]], names={"x": "<g>"}))
    refused(
        d, DuplicateName, "the name of a step", lambda: d.backward(E, [d["x"]], names={"x": "E2"})
    )


DIGITS = [{"digits": n} for n in (0, -3, 2.5, 10**9, True, "5")] + [
    {"places": n} for n in (-1, 2.5, 10**9, False, "5")
]


@pytest.mark.parametrize("wish", DIGITS, ids=str)
@pytest.mark.parametrize("way", ["text", "latex", "html", "lines", "compare", "player"])
def test_digits_that_cannot_be_shown(d: Derivation, way: str, wish: dict) -> None:
    d.step("y", d["x"] / 3)
    arguments = {"lines": ["y"], "compare": [d]}.get(way, [])
    with pytest.raises((GivenError, traitlets.TraitError), match=r"digits|places"):
        str(getattr(d, way)(*arguments, **wish))


@pytest.mark.parametrize("places", [-1, 2.5, 10**9, True, "2"])
def test_places_to_which_nobody_rounds(d: Derivation, places: object) -> None:
    with pytest.raises(GivenError, match=r"places is .*; wanted a whole number from 0 to 1000"):
        d.by_hand(places)


def test_the_most_digits_and_places_are_shown(d: Derivation) -> None:
    d.step("y", d["x"] / 7)
    assert len(d.text("y", digits=1000)) > 1000
    assert len(d.by_hand(1000).text("y", places=1000)) > 1000


class Table:
    """What a table of pandas has of its own: a long name in many lines, and its numbers."""

    def to_numpy(self):
        return np.array([[1, 2], [3, 4]])

    def __repr__(self):
        return "   a  b\n0  1  2\n1  3  4"


def itself() -> list:
    nest: list = []
    nest.append(nest)
    return nest


def deep() -> list:
    nest: list = [1]
    for _ in range(500):
        nest = [nest]
    return nest


@pytest.mark.parametrize("value", [itself(), deep()], ids=["itself", "deep"])
def test_a_list_that_is_no_array(value: list) -> None:
    d = Derivation("Deep")
    with pytest.raises(ShapeError, match="nested deeper than 16; wanted an array of numbers"):
        d.given("x", value)
    with pytest.raises(ShapeError, match="nested deeper than 16"):
        d.check(d.step("y", d.given("x", [1]) * 2).name, value)


def test_a_table_is_taken_by_its_numbers_and_a_refusal_is_one_line() -> None:
    d = Derivation("A table")
    assert d.given("x", Table()).shape == (2, 2)
    with pytest.raises(GivenError) as refusal:
        d.given("y", type("Other", (), {"__repr__": Table.__repr__})())
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [(2.0, "right"), (2, "right"), (Fraction(2), "right"), (np.float64(2), "right"),
     (2.5, "not yet"), ("2", "right"), (np.array(2), "right")],
)  # fmt: skip
def test_an_answer_may_be_a_number(answer: object, verdict: str) -> None:
    d = Derivation("A number")
    d.step("y", d.given("x", 1) * 2)
    assert d.check("y", answer).verdict == verdict
    with pytest.raises(GivenError, match="wanted a finite number"):
        d.check("y", None)


def test_an_answer_may_be_an_array() -> None:
    d = Derivation("An array")
    d.step("y", d.given("x", [["0.5", 1], [2, "1/3"]]) * 1)
    for answer in ([[0.5, 1], [2, "1/3"]], [[0.5, 1.0], [2, Fraction(1, 3)]]):
        assert d.check("y", answer).verdict == "right"
    assert d.check("y", np.array([[0.5, 1], [2, 0.33333]])).verdict == "right"


WORDS = st.text(max_size=30) | st.sampled_from(
    [
        "\0",
        "\ud800",
        "a\x1b[31mb",
        "$x",
        "\\frac",
        "]]>",
        "<script>",
        "%",
        "#",
        "'" * 3,
        '"""',
        "\u2028",
    ]
)


@settings(deadline=None, max_examples=60)
@given(WORDS, WORDS, WORDS, WORDS)
def test_any_words_make_good_python_and_good_markup(title: str, about: str, say: str, part: str):
    d = Derivation(title, about=about)
    d.section(part)
    x = d.given("x", 2, say=say)
    d.step("y", x * x, say=say)
    compile(d.to_python(), "<program>", "exec")
    for page in (d.to_python(), d.text(), d.latex(), d.html(), d.graph().svg):
        page.encode("utf-8")
        assert "\0" not in page and "\x1b" not in page
    ElementTree.fromstring(d.html())
    ElementTree.fromstring(d.graph().svg)
