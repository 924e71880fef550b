"""Computational graphs: every operation a node, with its local and its global gradient (003)."""

from __future__ import annotations

from dlhand import Derivation, Printed, exp, maximum
from dlhand.examples import example

GRAPH_PRINTED = {
    "w0": "2", "x0": "-1", "w1": "-3", "x1": "-2", "w2": "-3",
    "f1": "-2", "f2": "6", "f3": "1",
    "f4": Printed("e^1", "2.718", "the next line puts 2.718 in for it"),
    "f5": "14.778",
    "f6": ("15.778", Printed("2.36", "1.36", "the square of 1.36, its exponent run into it")),
    "f7": "0.064",
    "df7/df7": "1", "df1/dw0": "-1", "df2/dx1": "-3", "df3/df1": "1", "df1/dx0": "2",
    "df5/df4": "14.778",
    "df2/dw1": "-2", "df3/df2": "1", "df4/df3": "-1",
    "df7/df6": "-0.54", "df7/df5": "-0.54", "df7/df4": "-0.19", "df7/df3": "0.19",
    "df7/df2": ("0.19", "0.19"), "df7/dw2": "0.19", "df7/df1": "0.19", "df7/dw0": "-0.19",
    "df7/dx0": "0.38", "df7/dx1": "-0.57", "df7/dw1": "-0.38",
}  # fmt: skip


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
    d.printed(GRAPH_PRINTED)
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
    d.printed({
        "x": ("3", "3"), "y": Printed("4", "-4", "the sign is lost in the scan; -4 stands below"),
        "db4/db4": "1", "db1/dy": "3",
        "db1/dx": Printed("4", "-4", "y itself, whose sign the scan lost"),
        "db3/db1": "1", "db3/db2": "1", "db4/db3": ("2", "2"), "db2/dz": "1", "db2/dw": "0",
        "db4/db1": "2", "db4/db2": "2", "db4/dx": ("-8", "-8"), "db4/dy": "6", "db4/dz": "2",
        "db4/dw": "0",
    })  # fmt: skip
    return d
