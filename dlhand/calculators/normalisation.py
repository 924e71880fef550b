"""Normalisation: batch norm of any batch, step by step, so that its backward pass follows.

Source: S. Ioffe, C. Szegedy, "Batch Normalization" (2015).
"""

from __future__ import annotations

from typing import NamedTuple

from dlhand import Derivation, ShapeError, mean, sqrt
from dlhand.calculators.composing import free_mark
from dlhand.operations.quantity import Quantity


class Normalised(NamedTuple):
    """The steps of a batch norm that later steps may want."""

    mean: Quantity
    variance: Quantity
    x_hat: Quantity
    y: Quantity


def batch_norm(
    d: Derivation,
    x: Quantity,
    gamma: Quantity | None = None,
    beta: Quantity | None = None,
    eps: Quantity | None = None,
) -> Normalised:
    """Append the steps of batch norm: mean, variance, normalised values, scale and shift.

    ``x`` has shape (samples,) for one feature, or (samples, features); mean and variance are
    taken over the samples. ``gamma`` (scale) and ``beta`` (shift) are single numbers, or have
    one for each feature; left out, they are 1 and 0. ``eps`` is added to the variance. Without
    it, the value is undefined where all samples of a feature are equal. Where a name is taken, all
    get a mark: mu_2, v_2 ... at the second use.

    Raises `ShapeError` for other shapes.

    >>> d = Derivation("Two samples")
    >>> out = batch_norm(d, d.given("x", [1, 3]), gamma=d.given("gamma", 2))
    >>> d.value("mu"), d.value("v"), d.value("y")
    (2, 1, [-2, 2])
    """
    if len(x.shape) not in (1, 2):
        raise ShapeError(f"x has shape {x.shape}; wanted (samples,) or (samples, features)")
    for name, q in (("gamma", gamma), ("beta", beta), ("eps", eps)):
        if q is not None and q.shape not in ((), x.shape[1:]):
            raise ShapeError(f"{name} has shape {q.shape}; wanted () or {x.shape[1:]}")
    end = free_mark(d, ("mu", "c", "v", "s", "x_hat", "y"))
    mu = d.step(f"mu{end}", mean(x, 0), say="the mean of the batch")
    c = d.step(f"c{end}", x - mu, say="each sample, measured from the mean")
    v = d.step(f"v{end}", mean(c**2, 0), say="the variance: the mean of the squared distances")
    s = d.step(f"s{end}", sqrt(v if eps is None else v + eps), say="the standard deviation")
    x_hat = d.step(f"x_hat{end}", c / s, say="divided by it, the batch has mean 0 and deviation 1")
    y: Quantity = x_hat
    if gamma is not None or beta is not None:
        scaled = x_hat if gamma is None else gamma * x_hat
        shifted = scaled if beta is None else scaled + beta
        y = d.step(f"y{end}", shifted, say="a scale and a shift that are learned")
    return Normalised(mu, v, x_hat, y)
