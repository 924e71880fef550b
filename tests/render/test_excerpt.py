"""Some lines of a derivation alone."""

import pytest

import dlhand
from dlhand import UnknownName


def test_an_excerpt_has_the_lines_named_in_the_order_named():
    d = dlhand.load("002-net222")
    found = d.lines("o1", "h1", digits=3)
    assert repr(found).splitlines() == [
        "the first output",
        "o₁ = σ(z_o1) = σ(1.02) ≈ 0.735",
        "what the first hidden unit puts out",
        "h₁ = σ(z_h1) = σ(0.41) ≈ 0.601",
    ]


def test_a_notebook_typesets_it_in_one_block():
    d = dlhand.load("002-net222")
    shown = d.lines("h1", "h2")._repr_mimebundle_()
    assert shown["text/plain"] == repr(d.lines("h1", "h2"))
    assert shown["text/latex"].count(r"\begin{aligned}") == 1
    for name in ("h1", "h2"):
        sides = d.latex(name).split(" = ", 1)
        assert f"{sides[0]} &= {sides[1]}" in shown["text/latex"]


def test_an_excerpt_of_nothing_or_of_what_is_not_there_is_refused():
    d = dlhand.load("002-net222")
    with pytest.raises(UnknownName, match="no step is called 'h3'"):
        d.lines("h3")
    with pytest.raises(UnknownName, match="no name is given"):
        d.lines()


def test_formulas_stand_without_numbers_and_results():
    d = dlhand.load("002-net222")
    found = d.formulas("z_h1", "h1", "o1")
    assert repr(found).splitlines() == [
        "z_h1 = w₁ · x₁ + w₃ · x₂ + b₁",
        "h₁ = σ(z_h1)",
        "o₁ = σ(z_o1)",
    ]
    shown = found._repr_mimebundle_()
    assert shown["text/plain"] == repr(found)
    rows = shown["text/latex"].splitlines()[2:5]
    for row, name in zip(rows, ("z_h1", "h1", "o1"), strict=True):
        symbol, formula, *_ = d.latex(name).split(" = ")
        assert row.removesuffix(r" \\[4pt]") == f"{symbol} &= {formula}"


def test_formulas_are_those_of_steps():
    d = dlhand.load("002-net222")
    with pytest.raises(dlhand.FormulaError, match="w1 is given and has no formula"):
        d.formulas("h1", "w1")
    with pytest.raises(UnknownName, match="no name is given"):
        d.formulas()


def test_every_formula_of_every_example_is_one_that_a_step_shows():
    for name in ("002-lstm", "000-attn", "003-conv-backward"):
        d = dlhand.load(name)
        for step in d.steps:
            symbol, _, formula = repr(d.formulas(step.name)).partition(" = ")
            assert d.text(step.name).startswith((f"{symbol} = {formula}", f"{symbol} ≈ {formula}"))
