"""Computational graphs: every operation a node, with its local and its global gradient (003)."""

from __future__ import annotations

from typing import cast

from dlhand import Derivation, exp, maximum
from dlhand.derivation.entries import Step
from dlhand.examples import erratum, example


@example("003-sigmoid-graph", "04_computational_graphs")
def sigmoid_graph() -> Derivation:
    """The computational graph of a sigmoid neuron."""
    d = Derivation(
        "A sigmoid neuron, operation by operation",
        about="What does each weight and input contribute to f = 1 / (1 + e^-(w0 x0 + w1 x1 + "
        "w2))? We take the function apart into its operations and pass the gradient back through "
        "each.",
    )
    d.section("Given")
    w0, x0, w1, x1, w2 = d.givens(w0=2, x0=-1, w1=-3, x1=-2, w2=-3)
    d.section("Forward")
    f1 = d.step("f1", w0 * x0, say="the first product")
    f2 = d.step("f2", w1 * x1, say="the second product")
    f3 = d.step("f3", f1 + f2 + w2, say="their sum and the bias w2")
    f4 = d.step("f4", -f3, say="turn the sign")
    f5 = d.step("f5", exp(f4), say="the exponential")
    f6 = d.step("f6", 1 + f5, say="add one")
    f7 = d.step("f7", 1 / f6, say="take the reciprocal: the value of f")
    d.section("Backward: local gradient times the gradient that arrives")
    d.backward(f7, [w0, x0, w1, x1, w2], local=True)
    return d


@example("003-max-graph", "04_computational_graphs")
def max_graph() -> Derivation:
    """The computational graph of (x·y + max(z, w))·2."""
    d = Derivation(
        "A product, a maximum, a sum",
        about="How do a product, a maximum and a sum pass a gradient back?",
    )
    d.section("Given")
    x, y, z, w = d.givens(x=3, y=-4, z=2, w=-1)
    d.section("Forward")
    b1 = d.step("b1", x * y, say="the product")
    b2 = d.step("b2", maximum(z, w), say="the larger of z and w")
    b3 = d.step("b3", b1 + b2, say="their sum")
    b4 = d.step("b4", b3 * 2, say="doubled: the value of the function")
    d.section("Backward: local gradient times the gradient that arrives")
    d.backward(b4, [x, y, z, w], local=True)
    return d


@erratum("003-sigmoid-graph-reciprocal", example="003-sigmoid-graph", line=152)
def reciprocal_without_square() -> tuple[Derivation, Step, Step]:
    """The derivative of 1/b is -1 over the square of b; the square is left out."""
    d = sigmoid_graph()
    d.section("As printed")
    wrong = d.step("q_printed", -1 / d["f6"], say="with no square")
    return d, wrong, cast("Step", d["df7/df6"])
