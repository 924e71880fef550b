"""How gradients flow back: through gates, and down a deep chain (document 003)."""

from __future__ import annotations

from typing import cast

from dlhand import Derivation, maximum, minimum, sqrt, total
from dlhand.calculators.network import chain
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example


@example("003-gates", "04_computational_graphs")
def gates() -> Derivation:
    """How a sum, a maximum and a product pass a gradient back."""
    d = Derivation(
        "Three gates",
        about="The same gradient, 2, arrives at a sum, a maximum and a product, since each is "
        "doubled. What does each gate pass on to its two inputs? The numbers are those of the "
        "graph before.",
    )
    d.section("Given")
    x, y, z, w = d.givens(x=3, y=-4, z=2, w=-1)
    for name, formula, inputs, words in (
        ("s", z + w, (z, w), "the sum"),
        ("m", maximum(z, w), (z, w), "the maximum"),
        ("p", x * y, (x, y), "the product"),
    ):
        d.section(f"Through {words}")
        gate = d.step(name, formula, say=words)
        d.backward(d.step(f"J_{name}", gate * 2, say="doubled"), inputs, local=True)
    return d


@example("003-gates-branch", "04_computational_graphs")
def branch() -> Derivation:
    """Where a value is used twice, the gradients that come back are added."""
    d = Derivation(
        "A branch",
        about="The notes leave one rule out: x is used twice here. What comes back to it? The "
        "numbers are ours.",
    )
    d.section("Given")
    x, y = d.givens(x=3, y=-4)
    d.section("Forward")
    a = d.step("a", x + y, say="x used once")
    b = d.step("b", x * y, say="x used again")
    f = d.step("f", a * b, say="both meet")
    d.section("Backward")
    d.backward(f, [x, y], local=True)
    return d


HALVES = ["0.5", "0.5", "0.5"]


@example("003-vanish", "17_vanishing_gradients")
def vanishing() -> Derivation:
    """Three sigmoid units in a chain: the gradient shrinks on its way back."""
    return chain(
        1, HALVES, target=1, title="A gradient that shrinks",
        about="Three sigmoid units, one after the other. How much of the error's gradient reaches "
        "the first weight? The notes stop at the third; we go on. The weights are read off the "
        "printed products.",
    )  # fmt: skip


@example("003-vanish-factors", "17_vanishing_gradients")
def vanishing_factors() -> Derivation:
    """The factor by which each layer shrinks the gradient."""
    d = chain(
        1, HALVES, target=1, title="By how much each layer shrinks the gradient",
        about="Each layer multiplies the gradient by its weight and the slope of its sigmoid. How "
        "large is that factor, how large can it be, and how do the three gradients compare?",
    )  # fmt: skip
    d.section("The factor of each layer")
    for k in (3, 2, 1):
        d.step(f"f{k}", d[f"w{k}"] * d[f"da{k}/dz{k}"], say=f"weight times slope of layer {k}")
    d.section("How large it can be")
    for k in (3, 2, 1):
        d.step(f"m{k}", d[f"w{k}"] / 4, say="the slope of a sigmoid is a quarter at most")
    d.section("The gradients side by side")
    for k in (2, 1):
        ratio = d[f"dL/dw{k + 1}"] / d[f"dL/dw{k}"]
        d.step(f"r{k}", ratio, say=f"how many times smaller that of w{k} is than that of w{k + 1}")
    return d


@erratum("003-vanish-slope", example="003-vanish", line=286)
def slope_from_the_sum() -> tuple[Derivation, Step, Step]:
    """The slope of the sigmoid is a (1 - a); the page puts the sum z into it instead of a."""
    d = chain(1, HALVES, target=1)
    d.section("As printed")
    z3 = d["z3"]
    wrong = d.step("q_printed", z3 * (1 - z3), say="with the sum instead of the output")
    return d, wrong, cast("Step", d["da3/dz3"])


@example("003-vanish-facts-bound", "17_vanishing_gradients", Vary(stays="q"))
def vanishing_bound() -> Derivation:
    """What is left of a gradient at most, after many sigmoid layers."""
    d = Derivation(
        "What is left at most",
        about="A sigmoid's slope is a quarter at most. What is left of a gradient after 1, 3 or 10 "
        "layers, when every weight is 1? The numbers are ours.",
    )
    d.section("Given")
    w, q = d.given("w", 1), d.given("q", "1/4", say="the largest slope of a sigmoid")
    d.section("After n layers")
    for n in (1, 3, 10):
        d.step(f"B_{n}", (w * q) ** n, say=f"the factor after {n} layer{'s' * (n > 1)}, at most")
    return d


@example("003-vanish-facts-explode", "17_vanishing_gradients")
def exploding() -> Derivation:
    """Three ReLU units with weight 2: the gradient grows on its way back."""
    return chain(
        1, [2, 2, 2], "relu", target=0,
        title="A gradient that grows",
        about="The slope of an active ReLU is 1, so nothing is lost there. What do weights above 1 "
        "do to the gradient? (It is they that let it grow, not the ReLU.) The numbers are ours.",
    )  # fmt: skip


@example("003-vanish-facts-clip", "17_vanishing_gradients")
def clipping() -> Derivation:
    """Clipping: a gradient that is too long is shortened."""
    d = Derivation(
        "Clipping a gradient",
        about="When a gradient is longer than a limit c, it is shortened to that length and keeps "
        "its direction; a shorter one stays as it is. The numbers are ours.",
    )
    d.section("Given")
    c, g, h = d.givens(c=5, g=[6, -8], h=["0.6", "-0.8"])
    for name, gradient, words in (("g", g, "long"), ("h", h, "short")):
        d.section(f"A {words} gradient")
        n = d.step(f"n_{name}", sqrt(total(gradient**2)), say="its length")
        s = d.step(f"s_{name}", minimum(1, c / n), say="the factor: 1 where it is short enough")
        d.step(f"{name}'", s * gradient, say="what is used for the step")
    return d
