"""The 2-2-2 network as the peers have it: micrograd, and floats by hand."""

import math
from typing import Any

GIVENS = {
    "x1": 0.1, "x2": 0.5, "t1": 0.05, "t2": 0.95, "b1": 0.25, "b2": 0.35,
    "w1": 0.1, "w2": 0.2, "w3": 0.3, "w4": 0.4, "w5": 0.5, "w6": 0.6, "w7": 0.7, "w8": 0.8,
}  # fmt: skip


def _exp(v: Any) -> Any:
    """The node that micrograd lacks, made by its own constructor."""
    out = v.__class__(math.exp(v.data), (v,), "exp")

    def backward() -> None:
        v.grad += out.data * out.grad

    out._backward = backward
    return out


def _sigmoid(z: Any) -> Any:
    return (_exp(-z) + 1) ** -1


def micrograd_network() -> Any:
    """Forward and backward in micrograd."""
    from micrograd.engine import Value

    x1, x2, t1, t2, b1, b2, w1, w2, w3, w4, w5, w6, w7, w8 = map(Value, GIVENS.values())
    h1 = _sigmoid(w1 * x1 + w3 * x2 + b1)
    h2 = _sigmoid(w2 * x1 + w4 * x2 + b1)
    o1 = _sigmoid(w5 * h1 + w6 * h2 + b2)
    o2 = _sigmoid(w7 * h1 + w8 * h2 + b2)
    error = (o1 - t1) ** 2 * 0.5 + (o2 - t2) ** 2 * 0.5
    error.backward()
    return error


def float_network(
    x1: float, x2: float, t1: float, t2: float, b1: float, b2: float,
    w1: float, w2: float, w3: float, w4: float, w5: float, w6: float, w7: float, w8: float,
) -> tuple[float, ...]:  # fmt: skip
    """Every value and every gradient, coded by hand in floats."""
    exp = math.exp
    z_h1 = w1 * x1 + w3 * x2 + b1
    z_h2 = w2 * x1 + w4 * x2 + b1
    h1 = 1 / (1 + exp(-z_h1))
    h2 = 1 / (1 + exp(-z_h2))
    z_o1 = w5 * h1 + w6 * h2 + b2
    z_o2 = w7 * h1 + w8 * h2 + b2
    o1 = 1 / (1 + exp(-z_o1))
    o2 = 1 / (1 + exp(-z_o2))
    e1 = (o1 - t1) ** 2 / 2
    e2 = (o2 - t2) ** 2 / 2
    e = e1 + e2
    d_o1 = o1 - t1
    d_o2 = o2 - t2
    d_z_o1 = d_o1 * o1 * (1 - o1)
    d_z_o2 = d_o2 * o2 * (1 - o2)
    d_w5, d_w6, d_w7, d_w8 = d_z_o1 * h1, d_z_o1 * h2, d_z_o2 * h1, d_z_o2 * h2
    d_b2 = d_z_o1 + d_z_o2
    d_h1 = d_z_o1 * w5 + d_z_o2 * w7
    d_h2 = d_z_o1 * w6 + d_z_o2 * w8
    d_z_h1 = d_h1 * h1 * (1 - h1)
    d_z_h2 = d_h2 * h2 * (1 - h2)
    d_w1, d_w2, d_w3, d_w4 = d_z_h1 * x1, d_z_h2 * x1, d_z_h1 * x2, d_z_h2 * x2
    d_b1 = d_z_h1 + d_z_h2
    return (
        z_h1, z_h2, h1, h2, z_o1, z_o2, o1, o2, e1, e2, e, d_o1, d_o2, d_z_o1, d_z_o2,
        d_w5, d_w6, d_w7, d_w8, d_b2, d_h1, d_h2, d_z_h1, d_z_h2, d_w1, d_w2, d_w3, d_w4, d_b1,
    )  # fmt: skip
