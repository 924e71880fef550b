"""Normalisation: batch norm of any batch, step by step, so that its backward pass follows.

Source: S. Ioffe, C. Szegedy, "Batch Normalization" (2015).
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from dlhand import Derivation, ShapeError, mean, reshape, sqrt
from dlhand.calculators.composing import as_quantity, free_mark
from dlhand.calculators.wanted import number_from, want_shape
from dlhand.operations.quantity import Quantity


class Normalised(NamedTuple):
    """The steps of a batch norm that later steps may want."""

    mean: Quantity
    variance: Quantity
    x_hat: Quantity
    y: Quantity


def batch_norm(
    d: Derivation, x: Any, gamma: Any = None, beta: Any = None, eps: Any = None
) -> Normalised:
    """Append the steps of batch norm: mean, variance, normalised values, scale and shift.

    ``x`` has shape (samples,) for one feature, (samples, features), or (samples, channels,
    height, width) for images: mean and variance are taken over the samples, and of images over
    their height and width as well. ``gamma`` (scale) and ``beta`` (shift) are single numbers, or
    have one for each feature or channel; left out, they are 1 and 0. ``eps`` is added to the
    variance. Without it, the value is undefined where all samples of a feature are equal. Each is a
    quantity, or becomes a given of its name. Where a name is taken, all steps get a mark: mu_2,
    v_2 ... at the second use.

    Raises `ShapeError` for other shapes, `GivenError` for an ``eps`` below 0.

    >>> d = Derivation("Two samples")
    >>> out = batch_norm(d, [1, 3], gamma=2)
    >>> d.value("mu"), d.value("v"), d.value("y")
    (2, 1, [-2, 2])
    """
    end = free_mark(d, ("mu", "c", "v", "s", "x_hat", "y"))
    x = as_quantity(d, f"x{end}", x)
    rank, features = len(x.shape), x.shape[1:2]
    if rank not in (1, 2, 4):
        raise ShapeError(
            f"x has shape {x.shape}; wanted (samples,), (samples, features) or (samples, channels, "
            "height, width)"
        )
    learned: dict[str, Quantity | None] = {"gamma": gamma, "beta": beta}
    for name, value in learned.items():
        if value is not None:
            q = as_quantity(d, f"{name}{end}", value)
            want_shape(name, q, (), features)
            # one for each channel stands above its rows and columns
            learned[name] = reshape(q, (*features, 1, 1)) if rank == 4 and q.shape else q
    if eps is not None:
        eps = as_quantity(d, f"eps{end}", eps)
        want_shape("eps", eps, (), *([features] if rank == 2 else []))
        d.require(eps, number_from("eps", 0))
    over = partial(mean, axis=(0, 2, 3), keep=True) if rank == 4 else partial(mean, axis=0)
    each_one = "pixel" if rank == 4 else "sample"
    mu = d.step(f"mu{end}", over(x), say="the mean of the batch")
    c = d.step(f"c{end}", x - mu, say=f"each {each_one}, measured from the mean")
    v = d.step(f"v{end}", over(c**2), say="the variance: the mean of the squared distances")
    s = d.step(f"s{end}", sqrt(v if eps is None else v + eps), say="the standard deviation")
    x_hat = d.step(f"x_hat{end}", c / s, say="divided by it, the batch has mean 0 and deviation 1")
    scale, shift = learned.values()
    y: Quantity = x_hat
    if scale is not None or shift is not None:
        scaled = x_hat if scale is None else scale * x_hat
        shifted = scaled if shift is None else scaled + shift
        y = d.step(f"y{end}", shifted, say="a scale and a shift that are learned")
    return Normalised(mu, v, x_hat, y)
