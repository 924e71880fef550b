"""Small derivations of our own, made for explaining and not from any document."""

from __future__ import annotations

from dlhand import Derivation, correlate, sigmoid


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


def one_row() -> Derivation:
    """A filter of three weights on the first row of document 003's image.

    >>> one_row().value("y")
    [[2, -2, -6, -2]]
    """
    d = Derivation(
        "A filter on one row of pixels", about="What does the filter answer at each of its places?"
    )
    d.section("Given")
    a = d.given("a", [[3, 0, 1, 2, 7, 4]], say="a row of pixels")
    k = d.given("k", [[1, 0, -1]], say="the filter")
    d.section("Output")
    d.step("y", correlate(a, k), say="at each place: the pixel on the left minus that on the right")
    return d
