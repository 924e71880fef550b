"""Brackets are right: numbers put into formulas, read back and worked out, give the value."""

import re
from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, neg, sub, truediv
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlhand import Derivation, UndefinedValue, outer
from dlhand.numbers.digits import Digits
from dlhand.numbers.typed import MAX_BITS, parse_answer
from dlhand.operations.quantity import Quantity
from dlhand.render.parts import FORMATS, line

NUMBERS = st.one_of(
    st.integers(-20, 20).map(str),
    st.integers(-200, 200).map(lambda n: str(Fraction(n, 10))),
    st.builds(lambda n, m: f"{n}/{m}", st.integers(-9, 9), st.sampled_from([3, 7, 9])),
    st.sampled_from(["1.5e-8", "-2e-7", "-1e-9", "3e20"]),
)
Operator = Callable[..., Quantity]
TWO: list[Operator] = [add, sub, mul, truediv]
ONE: list[Operator] = [
    neg,
    lambda q: q**2,
    lambda q: q**3,
    lambda q: q**-1,
    lambda q: "-1/2" * q,
    lambda q: q - "-1.5e-8",
]


def formulas(leaves: list[Quantity]) -> st.SearchStrategy[Quantity]:
    """Random rational formulas over some leaves."""
    return st.recursive(
        st.sampled_from(leaves),
        lambda inner: st.one_of(
            st.builds(lambda f, a, b: f(a, b), st.sampled_from(TWO), inner, inner),
            st.builds(lambda f, a: f(a), st.sampled_from(ONE), inner),
        ),
        max_leaves=8,
    )


@st.composite
def steps(draw: st.DrawFn) -> tuple[Derivation, Fraction]:
    """A step with a random formula, and its exact value."""
    d = Derivation("Random")
    leaves: list[Quantity] = [d.given(f"x{k}", draw(NUMBERS)) for k in range(4)]
    y = d.step("y", draw(formulas(leaves)))
    try:
        exact = d.evaluation.exact(y.index)
    except UndefinedValue:
        exact = None
    assume(exact is not None)
    assume(exact.numerator.bit_length() + exact.denominator.bit_length() < MAX_BITS // 8)
    return d, exact


def read_back(d: Derivation, target: str) -> Any:
    """The value of the numbers put in; of the result, where the line says nothing more."""
    found = line(d, d["y"], target, digits=Digits(40))
    source = found.numbers or found.result.split(FORMATS[target].about)[0]
    if target == "text":
        assert not re.search(r"[-+−·/] [-−]", source)
        return parse_answer(source).value
    if target == "latex":
        assert not re.search(r"([-+]|\\cdot) -", source)
        return worked_out(from_latex(source))
    return worked_out(from_mathml(ElementTree.fromstring(f"<math>{source}</math>")))


TARGETS = pytest.mark.parametrize("target", ["text", "latex", "mathml"])


@TARGETS
@settings(deadline=None, max_examples=150)
@given(steps())
def test_brackets_of_random_formulas(target: str, step: tuple[Derivation, Fraction]) -> None:
    d, exact = step
    assert read_back(d, target) == exact


@TARGETS
def test_brackets_of_every_operation_inside_every_other(target: str) -> None:
    values = {"a": -2, "b": "3/7", "c": "0.5", "e": "-2.5e-8"}

    def parts(x: Quantity, y: Quantity) -> list[Quantity]:
        return [x, *(f(x, y) for f in TWO), *(f(y) for f in ONE)]

    def wholes(a: Quantity, b: Quantity, c: Quantity, e: Quantity) -> list[Quantity]:
        two = [f(p, q) for f in TWO for p in parts(a, b) for q in parts(c, e)]
        return two + [f(p) for f in ONE for p in parts(a, b) + parts(c, e)]

    for k in range(len(wholes(*Derivation("Pairs").givens(**values)))):
        d = Derivation("Pairs")
        y = d.step("y", wholes(*d.givens(**values))[k])
        assert read_back(d, target) == d.evaluation.exact(y.index)


# What is read back groups nothing that is not grouped on paper: a fraction or a base in no
# brackets becomes bare text, so that a missing bracket changes the value.


def worked_out(arithmetic: str) -> Any:
    exactly = re.sub(r"\d+(\.\d+)?", lambda m: f"Fraction('{m[0]}')", arithmetic)
    return eval(exactly, {"Fraction": Fraction, "__builtins__": {}})


INNERMOST = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}|\^\{([^{}]*)\}")


def from_latex(source: str) -> str:
    while INNERMOST.search(source):
        source = INNERMOST.sub(
            lambda m: f"**({m[3]})" if m[3] is not None else f"({m[1]})/({m[2]})", source
        )
    for command, sign in ((r"\left(", "("), (r"\right)", ")"), (r"\cdot", "*")):
        source = source.replace(command, sign)
    assert "\\" not in source
    return source


def from_mathml(node: ElementTree.Element) -> str:
    parts = [from_mathml(child) for child in node]
    if node.tag == "mfrac":
        return f"({parts[0]})/({parts[1]})"
    if node.tag == "msup":
        return f"{parts[0]}**({parts[1]})"
    return "".join(parts) or (node.text or "").translate(str.maketrans("·−", "*-"))


def test_a_product_beside_a_raised_t_stands_in_brackets() -> None:
    d = Derivation("t")
    a, b, x = d.givens(a=[1, 2], b=[3, 4], x=[5, 6, 7])
    d.step("y", outer(a * b, x))
    assert d.text("y").startswith("y = (a ⊙ b) xᵀ = ([1, 2] ⊙ [3, 4]) [5, 6, 7]ᵀ")
    assert d.latex("y").startswith(r"y = \left(a \odot b\right)\,{x}^{\top}")
