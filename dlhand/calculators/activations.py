"""Activations and losses by name, for the calculators; a function of quantities does as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from dlhand import (
    Derivation,
    FormulaError,
    dot,
    elu,
    exp,
    gelu,
    heaviside,
    leaky_relu,
    log,
    log_sum_exp,
    mean,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
    total,
)
from dlhand.calculators.composing import sum_of
from dlhand.calculators.wanted import rows, want_known
from dlhand.operations.quantity import Quantity

Activation = str | Callable[[Quantity], Quantity]
Loss = str | Callable[[Quantity, Quantity], Quantity]


class NamedActivation(NamedTuple):
    """An activation and what it does, in words."""

    function: Callable[[Quantity], Quantity]
    words: str


class NamedLoss(NamedTuple):
    """A loss of outputs (or of scores before a softmax) and targets, and what it is, in words."""

    function: Callable[[Quantity, Quantity], Quantity]
    words: str
    after: str = ""
    """The activation that it goes with, if it goes with one only."""
    of_scores: bool = False
    targets: Callable[[Sequence[float]], str] | None = None
    """What is wrong with the target of a sample, in words; "" where nothing is. None for a loss
    that takes any numbers."""


ROUNDED = 1e-6
"""Shares worked out in floating point may miss 1 by so much."""


def _shares(row: Sequence[float]) -> str:
    """Whether a target is what a softmax can come to: shares that add up to 1."""
    if min(row) < 0:
        return f"has {min(row):g}; wanted shares from 0 on"
    whole = sum(row)
    if abs(whole - 1) <= ROUNDED:
        return ""
    return f"adds up to {whole:g}; wanted shares that add up to 1"


def _between_0_and_1(row: Sequence[float]) -> str:
    odd = [x for x in row if not 0 <= x <= 1]
    return f"has {odd[0]:g}; wanted numbers from 0 to 1" if odd else ""


def _identity(z: Quantity) -> Quantity:
    return z


ACTIVATIONS: Mapping[str, NamedActivation] = {
    "linear": NamedActivation(_identity, "the sum itself"),
    "heaviside": NamedActivation(heaviside, "1 where the sum is above 0, else 0"),
    "sigmoid": NamedActivation(sigmoid, "the sum squeezed between 0 and 1"),
    "tanh": NamedActivation(tanh, "the sum squeezed between -1 and 1"),
    "relu": NamedActivation(relu, "the sum where it is above 0, else 0"),
    "leaky_relu": NamedActivation(leaky_relu, "the sum, but a hundredth of it where it is below 0"),
    "elu": NamedActivation(elu, "the sum, but bending down to -1 where it is below 0"),
    "softplus": NamedActivation(softplus, "a ReLU with its corner rounded off"),
    "silu": NamedActivation(silu, "the sum times its own sigmoid"),
    "gelu": NamedActivation(gelu, "the sum times the share of a normal distribution below it"),
    "softmax": NamedActivation(softmax, "shares that add up to 1"),
}


def _mean(a: Quantity) -> Quantity:
    return mean(a) if a.shape else a


def _samples(a: Quantity) -> int:
    """How many samples a batch has; a vector or a single number is one."""
    return a.shape[0] if len(a.shape) == 2 else 1


def _per_sample(whole: Quantity, a: Quantity) -> Quantity:
    return whole / _samples(a) if _samples(a) > 1 else whole


def _half_squares(a: Quantity, t: Quantity) -> Quantity:
    return _per_sample(sum_of([(a - t) ** 2]) / 2, a)


def _mean_squares(a: Quantity, t: Quantity) -> Quantity:
    return _mean((a - t) ** 2)


def _binary_cross_entropy(a: Quantity, t: Quantity) -> Quantity:
    return -_mean(t * log(a) + (1 - t) * log(1 - a))


def _cross_entropy(a: Quantity, t: Quantity) -> Quantity:
    return _per_sample(-sum_of([t * log(a)]), a)


def _softmax_cross_entropy(z: Quantity, t: Quantity) -> Quantity:
    if len(z.shape) == 1:
        return log_sum_exp(z) - dot(t, z)
    return _per_sample(total(log_sum_exp(z, axis=1)) - total(t * z), z)


LOSSES: Mapping[str, NamedLoss] = {
    "half_squared_error": NamedLoss(_half_squares, "half the squared distance from the target"),
    "mean_squared_error": NamedLoss(_mean_squares, "the mean squared distance from the target"),
    "binary_cross_entropy": NamedLoss(
        _binary_cross_entropy,
        "the cross-entropy of outputs and targets, small where they agree",
        targets=_between_0_and_1,
    ),
    "cross_entropy": NamedLoss(
        _cross_entropy,
        "the cross-entropy of target and shares, small where they agree",
        after="softmax",
        targets=_shares,
    ),
    "softmax_cross_entropy": NamedLoss(
        _softmax_cross_entropy,
        "the cross-entropy of target and shares, from the sums before the softmax",
        after="softmax",
        of_scores=True,
        targets=_shares,
    ),
}
"""Losses of one sample are numbers; of a batch (one sample a row) the mean over the samples."""


def activation_of(choice: Activation, argument: str = "activation") -> NamedActivation:
    """The activation of a name, or a function as it is. Raises `UnknownName` for the argument.

    >>> activation_of("tanh").words
    'the sum squeezed between -1 and 1'
    """
    if callable(choice):
        return NamedActivation(choice, "what the activation makes of the sum")
    return want_known(argument, choice, ACTIVATIONS, "a function, or ")


def loss_of(choice: Loss) -> NamedLoss:
    """The loss of a name, or a function of outputs and targets as it is. Raises `UnknownName`."""
    if callable(choice):
        return NamedLoss(choice, "how far the outputs are from the targets")
    return want_known("loss", choice, LOSSES, "a function, or ")


def loss_behind(choice: Loss, activation: Activation, where: str) -> NamedLoss:
    """The loss of a name, if it goes with the activation of the outputs.

    ``where`` says where the one that it goes with would have to stand. Raises `UnknownName`, and
    `FormulaError` for a cross-entropy of shares behind anything but a softmax.
    """
    found = loss_of(choice)
    is_own = callable(activation) and not found.of_scores  # it may well come to shares
    if found.after and activation != found.after and not is_own:
        raise FormulaError(f"{choice} got no {found.after}; wanted it as {where}")
    return found


def want_targets(d: Derivation, loss: Loss, name: str, t: Quantity, several: bool) -> None:
    """Refuse a target, or one of its ``several`` rows, that its loss cannot mean.

    Raises `GivenError`, now and whenever it is changed.

    >>> d = Derivation("Shares that are none")
    >>> want_targets(d, "cross_entropy", "t", d.given("t", [2, -1]), several=False)
    Traceback (most recent call last):
        ...
    dlhand.errors.GivenError: t has -1; wanted shares from 0 on, as cross_entropy takes them
    """
    wrong = loss_of(loss).targets
    if wrong is not None:
        words = partial(_with_the_loss, wrong, f", as {loss} takes them")
        d.require(t, rows(name, words, several))


def _with_the_loss(wrong: Callable[[Sequence[float]], str], end: str, row: Sequence[float]) -> str:
    words = wrong(row)
    return words and words + end


def tanh_by_hand(d: Derivation, x: Quantity, end: str) -> Quantity:
    """Append tanh(x) as it is worked out with a table of the exponential, and return it.

    The names are p = e^x, q = e^-x, n = p - q, m = p + q and y = n / m, each followed by ``end``.
    ``x`` is a single number or an array.

    >>> d = Derivation("tanh of a half")
    >>> d.value(tanh_by_hand(d, d.given("x", "0.5"), "")).digits(5)
    '0.46212'
    """
    p = d.step("p" + end, exp(x), say="e to the number")
    q = d.step("q" + end, exp(-x), say="e to minus the number")
    n = d.step("n" + end, p - q, say="the numerator: their difference")
    m = d.step("m" + end, p + q, say="the denominator: their sum")
    return d.step("y" + end, n / m, say="the quotient is tanh")
