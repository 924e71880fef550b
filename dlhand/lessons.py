"""Small derivations of our own, made for explaining and not from any document."""

from __future__ import annotations

from dlhand import Derivation, sigmoid


def one_neuron() -> Derivation:
    """One sigmoid neuron with its error and gradients, to show how a step is read.

    >>> one_neuron().value("z")
    -0.75
    """
    d = Derivation(
        "One neuron",
        about="What does the neuron put out, and how does its error change with the weight?",
    )
    d.section("Given")
    x, w, b, t = d.givens(x="0.5", w="-2", b="0.25", t=1)
    d.section("Forward")
    z = d.step("z", w * x + b, say="the input, weighted, and the bias")
    a = d.step("a", sigmoid(z), say="squeezed into the range from 0 to 1")
    error = d.step("E", (a - t) ** 2 / 2, say="half the squared distance from the target")
    d.section("Backward")
    d.backward(error, [w, b])
    return d
