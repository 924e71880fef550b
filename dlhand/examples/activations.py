"""Activations with their derivatives, and softmax (documents 000, 001, 002, 004)."""

from __future__ import annotations

from dlhand import (
    Derivation,
    exp,
    heaviside,
    leaky_relu,
    log,
    relu,
    sigmoid,
    softmax,
    tanh,
    total,
)
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example
from dlhand.operations.quantity import Quantity


@example("000-softmax", "03_activations_and_losses")
def shares() -> Derivation:
    """The softmax explanation of the notes: parts of a sum."""
    d = Derivation(
        "Parts of a sum",
        about="The notes explain softmax by the numbers 2 and 4: what part of their sum is each? "
        "(Softmax itself takes powers of e first; see the next example.)",
    )
    d.section("Given")
    x1, x2 = d.givens(x1=2, x2=4)
    d.section("Parts")
    s = d.step("s", x1 + x2, say="the sum")
    p1 = d.step("p1", x1 / s, say="the part of the first")
    p2 = d.step("p2", x2 / s, say="the part of the second")
    d.step("q", p1 + p2, say="together they are the whole")
    return d


def _softmax(d: Derivation, x1: Quantity, x2: Quantity, mark: str = "") -> list[Quantity]:
    """Softmax of two numbers, taken apart: powers of e, their sum, the quotients."""
    e1 = d.step(f"e1{mark}", exp(x1), say="e to the first number")
    e2 = d.step(f"e2{mark}", exp(x2), say="e to the second number")
    s = d.step(f"s{mark}", e1 + e2, say="their sum")
    p1 = d.step(f"p1{mark}", e1 / s, say="the share of the first")
    p2 = d.step(f"p2{mark}", e2 / s, say="the share of the second")
    return [p1, p2]


@example("000-softmax-exp", "03_activations_and_losses", Vary(title="Softmax of two numbers"))
def softmax_of_two() -> Derivation:
    """Softmax of 2 and 4, taken apart."""
    d = Derivation(
        "Softmax of 2 and 4",
        about="What does softmax really give for the numbers of the notes? Each is put into the "
        "exponent of e before its part of the sum is taken.",
    )
    d.section("Given")
    x1, x2 = d.givens(x1=2, x2=4)
    d.section("Softmax")
    p1, p2 = _softmax(d, x1, x2)
    d.step("q", p1 + p2, say="together they are the whole")
    return d


@example("000-softmax-shift", "03_activations_and_losses")
def shifted_softmax() -> Derivation:
    """Softmax does not change when the same number is added to all inputs."""
    d = Derivation(
        "Softmax after a shift",
        about="What becomes of the shares when 100 is taken off both numbers? Programs do this, "
        "so that no power of e becomes too large. The shift is ours.",
    )
    d.section("Given")
    x1, x2, c = d.givens(x1=2, x2=4, c=-100)
    d.section("Before")
    _softmax(d, x1, x2)
    d.section("After")
    y1 = d.step("x1'", x1 + c, say="the first number, shifted")
    y2 = d.step("x2'", x2 + c, say="the second number, shifted")
    _softmax(d, y1, y2, mark="'")
    return d


@example("000-softmax-logs", "03_activations_and_losses")
def softmax_of_logarithms() -> Derivation:
    """Which inputs have the shares 1/3 and 2/3."""
    d = Derivation(
        "Softmax of logarithms",
        about="The notes arrive at 1/3 and 2/3. Which inputs would give these shares in a softmax? "
        "The logarithms of 2 and 4, since e to the logarithm of a number is the number.",
    )
    d.section("Given")
    n1, n2 = d.givens(n1=2, n2=4)
    d.section("Logarithms")
    x1 = d.step("x1", log(n1), say="the first input")
    x2 = d.step("x2", log(n2), say="the second input")
    d.section("Softmax")
    _softmax(d, x1, x2)
    return d


@example("000-softmax-negative", "03_activations_and_losses")
def softmax_of_a_negative_number() -> Derivation:
    """A negative input: plain parts of a sum fail, softmax does not."""
    d = Derivation(
        "A negative number among the inputs",
        about="Why the powers of e? Look at the numbers -1 and 3, which are ours: what are their "
        "parts of the sum, and what their shares?",
    )
    d.section("Given")
    x1, x2 = d.givens(x1=-1, x2=3)
    d.section("Parts of the sum")
    d.step("r1", x1 / (x1 + x2), say="a negative part: this is no share")
    d.step("r2", x2 / (x1 + x2), say="more than the whole")
    d.section("Softmax")
    _softmax(d, x1, x2)
    return d


@example("000-softmax-jacobian", "03_activations_and_losses")
def softmax_derivatives() -> Derivation:
    """The four derivatives of a softmax of two numbers."""
    d = Derivation(
        "The derivatives of softmax",
        about="How does each share change with each input? Every share depends on all inputs, "
        "since they share one sum. The numbers are those of the notes.",
    )
    d.section("Given")
    x1, x2 = d.givens(x1=2, x2=4)
    d.section("Softmax")
    p1, p2 = _softmax(d, x1, x2)
    d.section("Backward from the first share")
    d.backward(p1, [x1, x2])
    d.section("Backward from the second share")
    d.backward(p2, [x1, x2])
    d.section("The same in short")
    d.step("D11", p1 * (1 - p1), say="a share with its own input")
    d.step("D12", -p1 * p2, say="a share with the other input, both ways")
    d.step("D22", p2 * (1 - p2), say="the second share with its own input")
    return d


@erratum("000-softmax-without-e", example="000-softmax", line=122)
def softmax_without_exponential() -> tuple[Derivation, Step, Step]:
    """What is called softmax divides the numbers by their sum; the powers of e are left out."""
    d = Derivation("Softmax with and without powers of e")
    (x,) = d.givens(x=[2, 4])
    wrong = d.step("p_printed", x / total(x), say="as printed: parts of the sum")
    return d, wrong, d.step("p", softmax(x), say="shares by powers of e")


@example("001-activations-sigmoid", "03_activations_and_losses")
def sigmoid_slope() -> Derivation:
    """The sigmoid and its derivative, from the definition."""
    d = Derivation(
        "The slope of the sigmoid",
        about="Is g' = g (1 - g)? We take g = 1 / (1 + e^-z) apart, pass the derivative back, and "
        "compare; at z = 0 the slope is largest. The numbers are ours.",
    )
    d.section("Given")
    z, z0 = d.givens(z=2, z0=0)
    d.section("Forward")
    e = d.step("e", exp(-z), say="e to minus z")
    s = d.step("s", 1 + e, say="one more")
    g = d.step("g", 1 / s, say="the sigmoid: the reciprocal")
    d.section("Backward, link by link")
    d.backward(g, [z], local=True)
    d.section("By the formula")
    d.step("g'", g * (1 - g), say="the same slope from the value alone")
    d.section("At z = 0")
    g0 = d.step("g0", sigmoid(z0), say="the sigmoid in the middle")
    d.step("g0'", g0 * (1 - g0), say="the largest slope there is")
    return d


@example("001-activations-tanh", "03_activations_and_losses")
def tanh_slope() -> Derivation:
    """The hyperbolic tangent and its derivative, from the definition."""
    d = Derivation(
        "The slope of the hyperbolic tangent",
        about="Is g' = 1 - g²? We take g apart into powers of e and compare. And what has tanh to "
        "do with the sigmoid? The numbers are ours.",
    )
    d.section("Given")
    (z,) = d.givens(z="0.5")
    d.section("Forward")
    u = d.step("u", exp(z), say="e to z")
    v = d.step("v", exp(-z), say="e to minus z")
    g = d.step("g", (u - v) / (u + v), say="their difference over their sum")
    d.section("Backward")
    d.backward(g, [z])
    d.section("By the formula")
    d.step("g'", 1 - g**2, say="the same slope from the value alone; 1 at most, at z = 0")
    d.section("From the sigmoid")
    d.step("q", 2 * sigmoid(2 * z) - 1, say="a sigmoid, stretched and shifted: the same value")
    return d


@example("001-activations-relu", "03_activations_and_losses")
def relu_slope() -> Derivation:
    """ReLU and Leaky ReLU with their slopes, on both sides of 0."""
    d = Derivation(
        "The slopes of ReLU and Leaky ReLU",
        about="What do ReLU and Leaky ReLU make of a positive and of a negative number, and what "
        "are their slopes there? The numbers are ours.",
    )
    d.section("Given")
    u, v = d.givens(u=3, v=-2)
    for z, side in ((u, "positive"), (v, "negative")):
        d.section(f"A {side} number")
        name = d[z].name
        r = d.step(f"r_{name}", relu(z), say=f"ReLU of the {side} number")
        d.backward(r, [z])
        leaky = d.step(f"l_{name}", leaky_relu(z), say=f"Leaky ReLU of the {side} number")
        d.backward(leaky, [z])
    return d


@example("001-activations-saturation", "03_activations_and_losses")
def saturation() -> Derivation:
    """How sigmoid and tanh flatten out."""
    d = Derivation(
        "Saturation",
        about="How fast do the slopes of sigmoid and tanh fall as z grows? We take four numbers at "
        "once; the slope of a sum with respect to each of them is the slope there.",
    )
    d.section("Given")
    (z,) = d.givens(z=[0, 2, 5, 10])
    d.section("Sigmoid")
    g = d.step("g", sigmoid(z), say="the sigmoid of each")
    d.backward(d.step("S", total(g), say="their sum"), [z])
    d.section("Hyperbolic tangent")
    t = d.step("t", tanh(z), say="the hyperbolic tangent of each")
    d.backward(d.step("T", total(t), say="their sum"), [z])
    return d


@example("002-activations", "03_activations_and_losses")
def three_functions() -> Derivation:
    """Step, ReLU and sigmoid side by side."""
    d = Derivation(
        "Step, ReLU and sigmoid side by side",
        about="The document calls a step ReLU. How do the two differ, and what has the one to do "
        "with the other? The numbers are ours.",
    )
    d.section("Given")
    (y,) = d.givens(y=[-2, -1, 1, 2])
    d.section("Side by side")
    d.step("s", heaviside(y), say="the step: 1 where y is above 0")
    r = d.step("r", relu(y), say="ReLU: y where it is above 0")
    d.step("g", sigmoid(y), say="the sigmoid, a smooth step")
    d.section("The slope of ReLU is the step")
    d.backward(d.step("R", total(r), say="the sum, whose slope for each y is that of ReLU"), [y])
    return d


@erratum("002-step-called-relu", example="002-activations", line=63)
def step_called_relu() -> tuple[Derivation, Step, Step]:
    """What is called ReLU is the step: ReLU gives y, not 1, where y is above 0."""
    d = Derivation("The step and ReLU")
    (y,) = d.givens(y=2)
    wrong = d.step("o_printed", heaviside(y), say="as printed: 1 where y is above 0")
    return d, wrong, d.step("o", relu(y), say="ReLU: y where it is above 0")


@example("004-activations", "03_activations_and_losses")
def activations_at_once() -> Derivation:
    """Sigmoid, tanh and ReLU with their slopes, on four numbers at once."""
    d = Derivation(
        "Three activations on four numbers",
        about="What do the three functions of the code give for several numbers at once, and what "
        "are their slopes? The numbers are ours.",
    )
    d.section("Given")
    (z,) = d.givens(z=[-2, -1, 1, 3])
    for name, f, words in (
        ("S", sigmoid, "sigmoid"),
        ("T", tanh, "hyperbolic tangent"),
        ("R", relu, "ReLU"),
    ):
        d.section(words[0].upper() + words[1:])
        g = d.step(f"g_{name}", f(z), say=f"the {words} of each number")
        whole = d.step(name, total(g), say=f"their sum: its slopes are those of the {words}")
        d.backward(whole, [z])
    return d
