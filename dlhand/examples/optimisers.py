"""Gradient descent and its kin, each for three steps on J = Q² (documents 001, 002, 004)."""

from __future__ import annotations

from typing import cast

from dlhand import Derivation, floor, heaviside, sqrt
from dlhand.calculators.descent import optimise
from dlhand.calculators.wanted import require_counts
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example
from dlhand.operations.quantity import Quantity

OURS = "The function Q² and all numbers are ours."
ETA = {"alpha": "eta"}


def _square(q: Quantity) -> Quantity:
    return q**2


@example("001-gd", "06_optimisers")
def gradient_descent() -> Derivation:
    """Gradient descent on W²: three steps."""
    return optimise(
        _square, {"W": 1}, rename=ETA,
        title="Gradient descent on W²",
        about="W² is smallest at 0. We start at 1, in place of a random number, and go against the "
        "slope, a tenth of it each time: how fast do we come down? The document has the rule; the "
        "numbers are ours.",
    )  # fmt: skip


@example("001-gd-large", "06_optimisers", Vary(stays="eta"))
def too_large() -> Derivation:
    """Gradient descent with a learning rate that is too large."""
    return optimise(
        _square, {"W": 1}, rename=ETA, alpha="1.1",
        title="A learning rate that is too large",
        about="With a learning rate of 1.1 each step goes past the lowest point. Does it come "
        "nearer all the same? The numbers are ours.",
    )  # fmt: skip


@example("001-gd-small", "06_optimisers", Vary(stays="eta"))
def too_small() -> Derivation:
    """Gradient descent with a learning rate that is too small."""
    return optimise(
        _square, {"W": 1}, rename=ETA, alpha="0.001",
        title="A learning rate that is too small",
        about="With a learning rate of a thousandth, how far have we come after three steps? The "
        "numbers are ours.",
    )  # fmt: skip


@example(
    "001-gd-stop",
    "06_optimisers",
    Vary(stays="eta", keeps="stop_1 stop_2 stop_3 stop_4 stop_5 stop_6"),
)
def until_convergence() -> Derivation:
    """Gradient descent until the slope is small."""
    return optimise(
        _square, {"W": 1}, steps=20, until="0.1", rename=ETA, alpha="0.25",
        title="Going on until the slope is small",
        about="The document says: loop until convergence. When is that? We stop as soon as the "
        "gradient is shorter than 0.1. The numbers are ours.",
    )  # fmt: skip


@erratum("001-gd-sign", example="001-gd", line=59)
def missing_minus() -> tuple[Derivation, Step, Step]:
    """The minus sign is missing: as printed, W is multiplied by the step instead of reduced."""
    d = optimise(_square, {"W": 1}, steps=1, rename=ETA)
    d.section("As printed")
    wrong = d.step("W_printed", d["W_0"] * d["eta"] * d["dJ_0/dW_0"], say="with no minus sign")
    return d, wrong, cast("Step", d["W_1"])


def _rate(alpha: str, title: str, about: str) -> Derivation:
    return optimise(_square, {"Q": 1}, alpha=alpha, title=title, about=f"{about} {OURS}")


@example("002-hyper-good", "06_optimisers", Vary(stays="alpha"))
def good_rate() -> Derivation:
    """Three learning rates on one function: 0.1."""
    return _rate("0.1", "Learning rate 0.1", "A small learning rate: how does the loss change?")


@example("002-hyper-swing", "06_optimisers", Vary(stays="alpha"))
def swinging_rate() -> Derivation:
    """Three learning rates on one function: 1."""
    return _rate("1", "Learning rate 1", "A large learning rate: do we ever get to 0?")


@example("002-hyper-diverge", "06_optimisers", Vary(stays="alpha"))
def diverging_rate() -> Derivation:
    """Three learning rates on one function: 1.1."""
    return _rate("1.1", "Learning rate 1.1", "A still larger learning rate: where does it lead?")


@example("002-hyper-batches", "06_optimisers")
def steps_per_epoch() -> Derivation:
    """How many steps an epoch has."""
    d = Derivation(
        "How many steps an epoch has",
        about="Each step takes one minibatch; an epoch is one pass over all data. How many steps "
        "is that, when the last minibatch may be smaller? The numbers are ours.",
    )
    d.section("Given")
    n, batch = d.given("n", 10, say="samples"), d.given("B", 4, say="samples in a minibatch")
    d.section("Steps")
    full = d.step("k", floor(n / batch), say="how many minibatches are full")
    rest = d.step("r", n - full * batch, say="how many samples are left over")
    d.step("s", full + heaviside(rest), say="one step more, if any are left over")
    require_counts(d, "n", "B")
    return d


@example("002-optim-sgd", "06_optimisers")
def sgd() -> Derivation:
    """SGD: three steps on Q²."""
    return optimise(
        _square, {"Q": 1}, "sgd",
        title="Three steps of SGD",
        about=f"Each step goes against the gradient. {OURS}",
    )  # fmt: skip


@example("002-optim-momentum", "06_optimisers")
def momentum() -> Derivation:
    """SGD with momentum: three steps on Q²."""
    return optimise(
        _square, {"Q": 1}, "momentum",
        title="Three steps with momentum",
        about="A ball that rolls downhill keeps part of its speed: what does that change? It is "
        f"the part of Adam that takes a mean of gradients. {OURS}",
    )  # fmt: skip


@example("002-optim-adam", "06_optimisers")
def adam() -> Derivation:
    """Adam: three steps on Q²."""
    return optimise(
        _square, {"Q": 1}, "adam",
        title="Three steps of Adam",
        about="Adam divides a mean of the gradients by the root of a mean of their squares, so "
        f"that each step is about as long as the learning rate. {OURS}",
    )  # fmt: skip


@example("002-optim-bias-correction", "06_optimisers")
def bias_correction() -> Derivation:
    """Adam's first step with and without the correction of its means."""
    d = optimise(
        _square, {"Q": 1}, "adam", 1,
        title="What Adam's correction is for",
        about="The running means start at zero and are too small at first. What would the first "
        f"step be without the correction? {OURS}",
    )  # fmt: skip
    d.section("The first step without the correction")
    ratio = d.step("u", d["m_1"] / (sqrt(d["v_1"]) + d["epsilon"]), say="both means too small: v "
                   "more so than m, and the quotient is too large")  # fmt: skip
    d.step("Q_u", d["Q_0"] - d["alpha"] * ratio, say="where that step would lead: about three "
           "times as far as it should")  # fmt: skip
    return d


@erratum("002-adam-square", example="002-optim-adam", line=228)
def adam_without_square() -> tuple[Derivation, Step, Step]:
    """The square of the gradient is missing in v (and its index should be t + 1, not t + 2)."""
    d = optimise(_square, {"Q": 1}, "adam", 1)
    d.section("As printed")
    beta2 = d["beta2"]
    wrong = d.step("v_printed", beta2 * d["v_0"] + (1 - beta2) * d["dJ_0/dQ_0"], say="no square")
    return d, wrong, cast("Step", d["v_1"])


@erratum("002-adam-hat", example="002-optim-adam", line=230)
def adam_without_hat() -> tuple[Derivation, Step, Step]:
    """The hat is missing on the corrected v, which is then taken for the running mean itself."""
    d = optimise(_square, {"Q": 1}, "adam", 2)
    d.section("As printed")
    beta2, slope = d["beta2"], d["dJ_1/dQ_1"]
    formula = beta2 * d["v_hat_1"] + (1 - beta2) * slope**2
    wrong = d.step("v_printed", formula, say="goes on from the corrected mean")
    return d, wrong, cast("Step", d["v_2"])


@erratum("002-adam-quotient", example="002-optim-adam", line=232)
def adam_times_root() -> tuple[Derivation, Step, Step]:
    """The mean gradient is multiplied by the root of v (and ε stands inside) instead of divided."""
    d = optimise(_square, {"Q": 1}, "adam", 1)
    d.section("As printed")
    root = sqrt(d["v_hat_1"] + d["epsilon"])
    wrong = d.step("Q_printed", d["Q_0"] - d["alpha"] * root * d["m_hat_1"], say="a product")
    return d, wrong, cast("Step", d["Q_1"])


@example("004-gd", "06_optimisers")
def descent_in_code() -> Derivation:
    """The loop of the code by hand: three rounds."""
    return optimise(
        _square, {"weights": 1}, rename={"alpha": "lr", "J": "loss"},
        title="Three rounds of the loop",
        about="Loss, gradient, new weights: what does each round of the loop compute? The code has "
        "no numbers; we take those of our run of document 001's rule.",
    )  # fmt: skip


@example("004-optimisers-adagrad", "06_optimisers")
def adagrad() -> Derivation:
    """Adagrad: three steps on Q²."""
    return optimise(
        _square, {"Q": 1}, "adagrad",
        title="Three steps of Adagrad",
        about="Adagrad divides by the root of all squared gradients so far: the steps become "
        f"shorter and shorter. {OURS}",
    )  # fmt: skip


@example("004-optimisers-rmsprop", "06_optimisers")
def rmsprop() -> Derivation:
    """RMSprop: three steps on Q²."""
    return optimise(
        _square, {"Q": 1}, "rmsprop",
        title="Three steps of RMSprop",
        about="RMSprop takes a running mean of the squared gradients, which forgets: the steps "
        f"stay long. {OURS}",
    )  # fmt: skip


@example("004-optimisers-adadelta", "06_optimisers")
def adadelta() -> Derivation:
    """Adadelta: three steps on Q²."""
    return optimise(
        _square, {"Q": 1}, "adadelta",
        title="Three steps of Adadelta",
        about="Adadelta needs no learning rate: it measures its steps by those before, and begins "
        f"very carefully. {OURS}",
    )  # fmt: skip
