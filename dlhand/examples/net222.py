"""The 2-2-2 sigmoid network: forward, error, backward, update (document 002).

w1 and w3 lead to h1, w2 and w4 to h2; w5 and w6 to o1, w7 and w8 to o2. The page gives both
biases as 0.25, but its outputs need b2 = 0.35: see `find_b2`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from dlhand import Derivation, log, sigmoid
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example
from dlhand.operations.quantity import Quantity

Named = Mapping[str, Quantity]


GIVENS = {
    "x1": "0.1", "x2": "0.5", "t1": "0.05", "t2": "0.95", "b1": "0.25", "b2": "0.35",
    "alpha": "0.6", "w1": "0.1", "w2": "0.2", "w3": "0.3", "w4": "0.4", "w5": "0.5",
    "w6": "0.6", "w7": "0.7", "w8": "0.8",
}  # fmt: skip


def _givens(d: Derivation, left_out: Sequence[str] = ()) -> dict[str, Quantity]:
    d.section("Given")
    return {name: d.given(name, value) for name, value in GIVENS.items() if name not in left_out}


def _hidden(d: Derivation, g: Named, mark: str = "") -> tuple[Quantity, Quantity]:
    """The hidden layer; ``mark`` is added to every name, for a second pass."""
    d.section("Forward" + (" again" if mark else ""))
    z1 = d.step(
        "z_h1" + mark,
        g["w1"] * g["x1"] + g["w3"] * g["x2"] + g["b1"],
        say="what the first hidden unit receives: its inputs, weighted, and its bias",
    )
    z2 = d.step(
        "z_h2" + mark,
        g["w2"] * g["x1"] + g["w4"] * g["x2"] + g["b1"],
        say="what the second hidden unit receives",
    )
    h1 = d.step("h1" + mark, sigmoid(z1), say="what the first hidden unit puts out")
    h2 = d.step("h2" + mark, sigmoid(z2), say="what the second hidden unit puts out")
    return h1, h2  # fmt: skip


def _forward(d: Derivation, g: Named, mark: str = "") -> tuple[Quantity, Quantity]:
    """Both layers."""
    h1, h2 = _hidden(d, g, mark)
    y1 = d.step(
        "z_o1" + mark,
        g["w5"] * h1 + g["w6"] * h2 + g["b2"],
        say="what the first output unit receives",
    )
    y2 = d.step(
        "z_o2" + mark,
        g["w7"] * h1 + g["w8"] * h2 + g["b2"],
        say="what the second output unit receives",
    )
    o1 = d.step("o1" + mark, sigmoid(y1), say="the first output")
    o2 = d.step("o2" + mark, sigmoid(y2), say="the second output")
    return o1, o2  # fmt: skip


def _error(d: Derivation, g: Named, outputs: Sequence[Quantity], mark: str = "") -> list[Quantity]:
    d.section("Error" + (" again" if mark else ""))
    e1 = d.step("E1" + mark, (outputs[0] - g["t1"]) ** 2 / 2, say="how far o1 is from its target")
    e2 = d.step("E2" + mark, (outputs[1] - g["t2"]) ** 2 / 2, say="how far o2 is from its target")
    return [e1, e2, d.step("E" + mark, e1 + e2, say="the whole error")]


WEIGHTS = [f"w{k}" for k in range(1, 9)]
BIASES = ["b1", "b2"]
UNITS = ("o1", "o2", "h1", "h2")


def _one_step() -> tuple[Derivation, dict[str, Quantity]]:
    """Forward, error, backward and the update of all weights and biases."""
    d = Derivation(
        "The 2-2-2 sigmoid network",
        about="How does the error of a small network change with each of its weights, and what "
        "does one step of gradient descent make of them?",
    )
    g = _givens(d)
    error = _error(d, g, _forward(d, g))[-1]
    d.section("Backward")
    parameters = [g[name] for name in WEIGHTS + BIASES]
    gradient = d.backward(error, parameters, local=UNITS)
    d.section("Update")
    for w in parameters:
        d.step(f"{d[w].name}'", w - g["alpha"] * gradient[w], say="one step against the gradient")
    return d, g


@example("002-net222", "05_backpropagation")
def net222() -> Derivation:
    """The 2-2-2 sigmoid network, forward and backward."""
    d, _ = _one_step()
    return d


@example("002-net222-paths", "05_backpropagation")
def paths() -> Derivation:
    """The 2-2-2 network: how each output's error reaches the first layer."""
    d = Derivation(
        "Two paths from the error to the first layer",
        about="A hidden unit feeds both outputs. What part of a gradient comes through each?",
    )
    g = _givens(d)
    e1, e2, error = _error(d, g, _forward(d, g))
    first = [g[name] for name in WEIGHTS[:4]]
    d.section("Backward from the first output's error")
    d.backward(e1, first, local=UNITS)
    d.section("Backward from the second output's error")
    d.backward(e2, first, local=UNITS)
    d.section("Both together")
    d.backward(error, first, local=UNITS)
    return d


@example("002-net222-b2", "05_backpropagation", Vary(title="A bias found from the output"))
def find_b2() -> Derivation:
    """The 2-2-2 network: which second bias gives the printed outputs."""
    d = Derivation(
        "Which bias did the page use?",
        about="The page says b2 = 0.25, but its outputs are larger than that allows. We read the "
        "bias back from the printed output: the inverse of the sigmoid gives what the unit "
        "received, and taking off its weighted inputs leaves the bias.",
    )
    g = _givens(d, left_out=("b2", "w7", "w8", "t1", "t2", "alpha"))
    low, high = d.givens(o_low="0.73492", o_high="0.73493")
    h1, h2 = _hidden(d, g)
    d.section("Backwards from the printed output, 0.73492 and some unknown digits")
    for end, o in (("low", low), ("high", high)):
        z = d.step(f"z_{end}", log(o / (1 - o)), say="the input at which the sigmoid gives this")
        d.step(f"b_{end}", z - g["w5"] * h1 - g["w6"] * h2, say="what is left: the bias")
    return d


@example("002-net222-again", "05_backpropagation")
def second_pass() -> Derivation:
    """The 2-2-2 network: a second pass with the new weights and biases."""
    d, g = _one_step()
    d.title = "The 2-2-2 network, one step later"
    d.about = "Did the step help? We run the network again, with the new weights and biases."
    g |= {name: d[f"{name}'"] for name in WEIGHTS + BIASES}
    again = _error(d, g, _forward(d, g, mark="'"), mark="'")[-1]
    d.section("Gain")
    d.step("G", d["E"] - again, say="how much smaller the error has become")
    return d


@erratum("002-net222-slope", example="002-net222-paths", line=313)
def slope_left_out() -> tuple[Derivation, Step, Step]:
    """The slope of the output unit, o1 (1 - o1), is left out on the way to w1."""
    d = paths()
    d.section("As printed")
    o, t, w, h, x = (d[name] for name in ("o1", "t1", "w5", "h1", "x1"))
    wrong = d.step("q_printed", (o - t) * w * h * (1 - h) * x, say="with no slope of o1")
    return d, wrong, cast("Step", d["dE1/dw1"])
