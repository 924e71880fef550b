"""Regularisation: penalties on weights, dropout with a given mask, early stopping with patience.

Source: A. Hoerl, R. Kennard, "Ridge Regression" (1970) for L2; R. Tibshirani, "Regression Shrinkage
and Selection via the Lasso" (1996) for L1; H. Zou, T. Hastie, "Regularization and Variable
Selection via the Elastic Net" (2005); N. Srivastava et al., "Dropout" (2014); L. Prechelt, "Early
stopping, but when?" (1998).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from dlhand import Derivation, GivenError, ShapeError, absolute, greater, minimum
from dlhand.calculators.composing import as_quantity, free_mark, sum_of
from dlhand.calculators.wanted import each, number_from, want_shape, whole_number
from dlhand.operations.quantity import Quantity, constant


def penalty(d: Derivation, weights: Any, *, l1: Any = None, l2: Any = None) -> Quantity:
    """Append a penalty on large weights, R = λ₁ Σ|w| + λ₂ Σw²; return it, to be added to a loss.

    ``weights`` is an array, or a list of quantities, whose entries count together; ``l1`` and
    ``l2`` are λ₁ and λ₂: one alone is the lasso or ridge penalty, both the elastic net. Each may
    be a quantity, or becomes a given. It is the penalty of Keras; PyTorch's ``weight_decay`` is
    2 λ₂. Steps are N_1 and N_2, the sums, and R, with a mark where these are taken.

    Raises `GivenError` where both are left out or one is below 0.

    >>> d = Derivation("Two weights")
    >>> d.value(penalty(d, [3, -4], l1="0.1", l2="0.01"))
    0.95
    """
    if l1 is None and l2 is None:
        raise GivenError("penalty got neither l1 nor l2; wanted one of them, or both")
    end = free_mark(d, ("N_1", "N_2", "R"))
    terms = []
    if isinstance(weights, Sequence) and any(isinstance(w, Quantity) for w in weights):
        parts = [as_quantity(d, "w", w) for w in weights]
    else:
        parts = [as_quantity(d, f"w{end}", weights)]
    kinds = (
        ("1", l1, absolute, "how far all weights are from 0, together"),
        ("2", l2, lambda w: w**2, "the same with squares: large weights count more"),
    )
    for kind, rate, size, say in kinds:
        if rate is not None:
            factor = as_quantity(d, f"lambda_{kind}{end}", rate)
            want_shape(f"l{kind}", factor, ())
            d.require(factor, number_from(f"l{kind}", 0))
            norm = d.step(f"N_{kind}{end}", sum_of(map(size, parts)), say=say)
            terms.append(factor * norm)
    return d.step(f"R{end}", reduce(add, terms), say="the penalty, to be added to the loss")


def dropout(d: Derivation, a: Any, mask: Any, rate: Any) -> Quantity:
    """Append inverted dropout: units with mask 0 are off, the others grow by 1 / (1 - rate).

    ``a`` and ``mask`` have one shape; ``rate`` is the share of units that are switched off, from
    0 up to but not 1. Each is a quantity, or becomes a given a, m or r. Steps are q and y, with a
    mark where these are taken. Raises `ShapeError` where the shapes differ, `GivenError` for
    another rate, or a mask of other numbers than 0 and 1.

    >>> d = Derivation("Three units")
    >>> d.value(dropout(d, [1, 2, 3], [1, 0, 1], "0.5"))
    [2, 0, 6]
    """
    end = free_mark(d, ("q", "y"))
    a, mask = as_quantity(d, f"a{end}", a), as_quantity(d, f"m{end}", mask)
    rate = as_quantity(d, f"r{end}", rate)
    if a.shape != mask.shape or rate.shape != ():
        raise ShapeError(
            f"dropout got shapes {a.shape}, {mask.shape} and {rate.shape}; wanted units and a "
            "mask of one shape, and a rate that is a single number"
        )
    d.require(rate, each("rate", lambda x: 0 <= x < 1, "a number from 0 up to but not 1"))
    d.require(mask, each("mask", lambda x: x in (0, 1), "1 for on, 0 for off"))
    q = d.step(f"q{end}", 1 - rate, say="the chance that a unit stays on")
    return d.step(
        f"y{end}",
        mask * a / q,
        say="units that are off give 0; the others grow to make up for them",
    )


class Stopped(NamedTuple):
    """When the training was best, and how long it went on."""

    best_epoch: Quantity
    last_epoch: Quantity


def early_stopping(d: Derivation, errors: Any, patience: Any) -> Stopped:
    """Append early stopping: end when the error has not fallen for ``patience`` epochs.

    ``errors`` is a vector, the validation error of each epoch (the first is epoch 1). Each epoch
    t has steps: r_t (1 while the training runs), e_t (the smallest error so far), k_t (the epoch
    that had it) and w_t (how many epochs ago that was). Then follow S, the last epoch that is
    run (that of the last error, where patience does not run out), and B, the one to go back to.

    Each argument is a quantity, or becomes a given E or P. Raises `ShapeError` where ``errors`` is
    no vector, `GivenError` where patience is below 1.

    >>> d = Derivation("Four epochs")
    >>> end = early_stopping(d, *d.givens(E=[3, 2, 4, 5], P=2))
    >>> d.value(end.best_epoch), d.value(end.last_epoch)
    (2, 4)
    """
    end = free_mark(d, ("r1", "e1", "k1", "w1", "S", "B"))
    errors, patience = as_quantity(d, f"E{end}", errors), as_quantity(d, f"P{end}", patience)
    if len(errors.shape) != 1:
        raise ShapeError(f"errors has shape {errors.shape}; wanted a vector, one for each epoch")
    want_shape("patience", patience, ())
    d.require(patience, whole_number("patience"))
    d.section("Epoch 1")
    run = d.step(f"r1{end}", constant(1), say="the training runs")
    best = d.step(f"e1{end}", errors[0], say="the first error is the smallest so far")
    epoch = d.step(f"k1{end}", constant(1), say="the epoch that had it")
    waited = d.step(f"w1{end}", constant(0), say="no epoch has passed since")
    running: list[Quantity] = [run]
    for t, error in enumerate(list(errors)[1:], start=2):
        d.section(f"Epoch {t}")
        run = d.step(
            f"r{t}{end}", run * greater(patience, waited), say="1 if patience is not used up"
        )
        is_better = greater(best, error) * run
        epoch = d.step(
            f"k{t}{end}",
            epoch + is_better * (t - epoch),
            say="this epoch, if its error is the smallest so far",
        )
        best = d.step(f"e{t}{end}", minimum(best, error), say="the smallest error so far")
        waited = d.step(f"w{t}{end}", t - epoch, say="how many epochs without a smaller error")
        running.append(run)
    d.section("The end")
    last = d.step(f"S{end}", reduce(add, running), say="the last epoch that is run")
    return Stopped(d.step(f"B{end}", epoch, say="the epoch whose weights are kept"), last)
