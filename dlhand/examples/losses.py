"""Losses on numbers: binary cross-entropy, mean squared error (documents 001 and 004)."""

from __future__ import annotations

from dlhand import Derivation, exp, log, mean, sigmoid, softmax
from dlhand.derivation.entries import Step
from dlhand.examples import erratum, example
from dlhand.operations.quantity import Quantity


def _surprise(f: Quantity, y: Quantity) -> Quantity:
    """The binary cross-entropy of each output f with its target y, 0 or 1."""
    return -(y * log(f) + (1 - y) * log(1 - f))


@example("001-loss-bce", "03_activations_and_losses")
def binary_cross_entropy() -> Derivation:
    """Binary cross-entropy of two outputs, with its gradient."""
    d = Derivation(
        "Binary cross-entropy",
        about="Two outputs say how likely a 1 is. How wrong are they, and in which direction must "
        "each go? The document has the formula; the numbers are ours.",
    )
    d.section("Given")
    f, y = d.givens(f=["0.9", "0.2"], y=[1, 0])
    d.section("Loss")
    each = d.step("L", _surprise(f, y), say="each output: minus the logarithm of what it gave the "
                  "answer that was right")  # fmt: skip
    loss = d.step("J", mean(each), say="the mean of both")
    d.section("Backward")
    d.backward(loss, [f])
    return d


@example("001-loss-mse", "03_activations_and_losses")
def mean_squared_error() -> Derivation:
    """Mean squared error of two outputs, with its gradient."""
    d = Derivation(
        "Mean squared error",
        about="The same outputs and targets with squared errors. The numbers are ours.",
    )
    d.section("Given")
    f, y = d.givens(f=["0.9", "0.2"], y=[1, 0])
    d.section("Loss")
    each = d.step("L", (f - y) ** 2, say="each output: its squared error")
    loss = d.step("J", mean(each), say="the mean of both")
    d.section("Backward")
    d.backward(loss, [f])
    return d


@example("001-loss-sigmoid", "03_activations_and_losses")
def cross_entropy_of_a_sigmoid() -> Derivation:
    """Why sigmoid and binary cross-entropy together have the gradient f - y."""
    d = Derivation(
        "Cross-entropy behind a sigmoid",
        about="The outputs come from a sigmoid. What is the gradient of the loss with respect to "
        "what goes into it? Two fractions cancel. The numbers are ours.",
    )
    d.section("Given")
    z, y = d.givens(z=[2, -1], y=[1, 0])
    d.section("Loss")
    f = d.step("f", sigmoid(z), say="the outputs")
    each = d.step("L", _surprise(f, y), say="the loss of each output")
    loss = d.step("J", mean(each), say="the mean of both")
    d.section("Backward")
    d.backward(loss, [z])
    d.section("In short")
    d.step("q", (f - y) / 2, say="output less target, shared among two: the same gradient")
    return d


def _without_brackets() -> tuple[Derivation, Step, Step]:
    d = Derivation("Binary cross-entropy with and without brackets")
    f, y = d.givens(f="0.2", y=0)
    wrong = d.step("J_printed", -y * log(f) + (1 - y) * log(1 - f), say="as printed, one sample")
    return d, wrong, d.step("J", _surprise(f, y), say="the minus belongs to both products")


@erratum("001-bce-brackets", example="001-loss-bce", line=41, contestable=True)
def brackets_in_001() -> tuple[Derivation, Step, Step]:
    """Without brackets minus and mean belong to the first product; a sum may also reach further."""
    return _without_brackets()


@erratum("004-bce-brackets", example="004-losses-bce", line=95, contestable=True)
def brackets_in_004() -> tuple[Derivation, Step, Step]:
    """Without brackets minus and mean belong to the first product; a sum may also reach further."""
    return _without_brackets()


@example("004-losses-bce", "03_activations_and_losses")
def loss_from_scores() -> Derivation:
    """Sigmoid and binary cross-entropy in one, from the scores."""
    d = Derivation(
        "Binary cross-entropy from scores",
        about="Programs take the scores before the sigmoid and do both at once. Is it the same? "
        "The numbers are ours.",
    )
    d.section("Given")
    z, y = d.givens(z=[2, -1], y=[1, 0])
    d.section("In two steps")
    f = d.step("f", sigmoid(z), say="the outputs")
    d.step("J", mean(_surprise(f, y)), say="their mean cross-entropy")
    d.section("At once")
    each = d.step("L", log(1 + exp(z)) - y * z, say="the loss of each score, with no sigmoid")
    loss = d.step("J'", mean(each), say="the same mean")
    d.section("Backward")
    d.backward(loss, [z])
    return d


@example("004-losses-mse", "03_activations_and_losses")
def two_spellings() -> Derivation:
    """Mean squared error in the two spellings of the code."""
    d = Derivation(
        "Mean squared error in two spellings",
        about="One line of the code takes the mean of all squares; the other, a ready function, "
        "the mean of each sample. Do they agree? The numbers are ours.",
    )
    d.section("Given")
    y, predicted = d.givens(y=[[1, 0], [2, 1], [0, 1]], predicted=[[2, 0], [2, 3], [1, 0]])
    d.section("All squares at once")
    squares = d.step("S", (y - predicted) ** 2, say="the squared errors, a row for each sample")
    d.step("J", mean(squares), say="one number: their mean")
    d.section("Sample by sample")
    each = d.step("L", mean(squares, axis=1), say="one number for each sample: what MSE gives")
    d.step("J'", mean(each), say="their mean is the same")
    return d


@example("004-losses-softmax", "03_activations_and_losses")
def softmax_of_one_output() -> Derivation:
    """The loss of the code for one output is always zero."""
    d = Derivation(
        "Softmax of a single output",
        about="For the binary loss the code uses a softmax. With one output its share is the "
        "whole, whatever the score: what is the loss then? The score is ours, and quite wrong.",
    )
    d.section("Given")
    z, y = d.givens(z=[-3], y=[1])
    d.section("As in the code: softmax")
    p = d.step("p", softmax(z), say="the share of the only output")
    d.step("J_softmax", mean(-y * log(p)), say="no loss: nothing would ever be learned")
    d.section("As it should be: sigmoid")
    f = d.step("f", sigmoid(z), say="how likely a 1 is")
    d.step("J", mean(_surprise(f, y)), say="a large loss, as the wrong score deserves")
    return d
