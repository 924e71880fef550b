"""Against overfitting: batch norm, dropout, early stopping, with numbers of our own (002, 004)."""

from __future__ import annotations

from dlhand import Derivation, mean, sqrt, total
from dlhand.calculators.normalisation import batch_norm
from dlhand.calculators.regularisation import dropout, early_stopping
from dlhand.examples import Vary, example


@example("002-regularisation", "07_regularisation")
def batch_normalisation() -> Derivation:
    """Batch norm of four numbers."""
    d = Derivation(
        "Batch norm of four numbers",
        about="How does a batch get mean 0 and standard deviation 1? We do it with one feature "
        "of four samples, numbers of our own, and with nothing added to the variance.",
    )
    d.section("Given")
    x = d.given("x", [1, 2, 3, 4], say="one feature of four samples")
    d.section("Batch norm")
    norm = batch_norm(d, x)
    d.section("Check")
    d.step("mu'", mean(norm.x_hat), say="the new mean")
    v = d.step("v'", mean(norm.x_hat**2), say="the new variance, since the mean is 0")
    d.step("s'", sqrt(v), say="the new standard deviation")
    return d


@example("002-regularisation-batchnorm", "07_regularisation")
def batch_norm_backward() -> Derivation:
    """Batch norm forward and backward."""
    d = Derivation(
        "Batch norm, forward and backward",
        about="Mean and variance depend on all samples of a batch. How does the loss change with "
        "each sample, with the scale and with the shift? The numbers are ours.",
    )
    d.section("Given")
    x = d.given("x", [1, 2, 3, 4], say="one feature of four samples")
    gamma = d.given("gamma", 2, say="the scale")
    beta = d.given("beta", "0.5", say="the shift")
    eps = d.given("epsilon", "0.00001", say="keeps the root away from 0")
    t = d.given("t", [-2, 0, 1, 4], say="the targets")
    d.section("Forward")
    y = batch_norm(d, x, gamma, beta, eps).y
    loss = d.step("L", total((y - t) ** 2) / 2, say="half the squared distance from the targets")
    d.section("Backward")
    g = d.backward(loss, [gamma, beta, x])
    d.section("Check")
    d.step("k", total(g[x]), say="nothing changes when all samples move together: the sum is 0")
    return d


@example("002-regularisation-dropout", "07_regularisation")
def inverted_dropout() -> Derivation:
    """Inverted dropout with a mask, and its expected value."""
    d = _dropout(
        "Dropout by hand",
        "Half of the units are switched off at random, and the others grow to make up for it. Does "
        "a unit then give the same as before on average? We check it for the third. The mask and "
        "the numbers are ours.",
    )
    y, q = d["y"], d["q"]
    d.section("On average")
    x = d["x"][2]
    off = d.step("u_off", 0 * x, say="what the third unit gives when it is off")
    on = d.step("u_on", x / q, say="and when it is on")
    d.step("u", d["r"] * off + q * on, say="each weighed by its chance: the unit's own value")
    d.section("Backward")
    loss = d.step("L", total(y**2) / 2, say="a loss to pass back: half the sum of squares")
    d.backward(loss, [d["x"]])
    return d


@example("004-dropout", "07_regularisation", Vary(stays="r"))
def dropout_layer() -> Derivation:
    """The dropout layer of the code, with a mask."""
    d = _dropout(
        "A dropout layer with rate 0.5",
        "What does a dropout layer do in training? The rate is that of the code; the four units "
        "and the mask are ours.",
    )
    d.section("When it is used")
    d.step("y'", d["x"], say="in use no unit is switched off and none has to grow")
    return d


def _dropout(title: str, about: str) -> Derivation:
    """Four units and a mask with one zero."""
    d = Derivation(title, about=about)
    d.section("Given")
    x = d.given("x", [1, 2, 3, 4], say="what four units put out")
    mask = d.given("m", [1, 0, 1, 1], say="the mask: the second unit is off")
    rate = d.given("r", "0.5", say="the chance that a unit is switched off")
    d.section("Training")
    dropout(d, x, mask, rate)
    return d


ERRORS = [9, 7, 6, "6.5", "6.2", "6.4"]


@example("002-regularisation-earlystop", "07_regularisation")
def early_stop() -> Derivation:
    """Early stopping with a patience of three epochs."""
    d = Derivation(
        "When to stop",
        about="The error on data that is not trained on first falls, then rises. We stop when it "
        "has not fallen for three epochs, and go back to the best one. Entries are counted from 0, "
        "so E[1] is the error of epoch 2. The errors are ours.",
    )
    d.section("Given")
    errors = d.given("E", ERRORS, say="the validation error after each epoch")
    patience = d.given("P", 3, say="how many epochs we wait for a smaller error")
    early_stopping(d, errors, patience)
    return d
