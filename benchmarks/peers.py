"""The 2-2-2 network as the peers have it: micrograd, and floats by hand."""

import math
from typing import Any

GIVENS = {
    "x1": 0.1, "x2": 0.5, "t1": 0.05, "t2": 0.95, "b1": 0.25, "b2": 0.35,
    "w1": 0.1, "w2": 0.2, "w3": 0.3, "w4": 0.4, "w5": 0.5, "w6": 0.6, "w7": 0.7, "w8": 0.8,
}  # fmt: skip


def micrograd_network() -> Any:
    """Forward and backward in micrograd, with an exp node made by its own constructor."""
    from micrograd.engine import Value

    def exp(v: Any) -> Any:
        out = Value(math.exp(v.data), (v,), "exp")

        def backward() -> None:
            v.grad += out.data * out.grad

        out._backward = backward
        return out

    def sigmoid(z: Any) -> Any:
        return (exp(-z) + 1) ** -1

    g = {name: Value(value) for name, value in GIVENS.items()}
    h1 = sigmoid(g["w1"] * g["x1"] + g["w3"] * g["x2"] + g["b1"])
    h2 = sigmoid(g["w2"] * g["x1"] + g["w4"] * g["x2"] + g["b1"])
    o1 = sigmoid(g["w5"] * h1 + g["w6"] * h2 + g["b2"])
    o2 = sigmoid(g["w7"] * h1 + g["w8"] * h2 + g["b2"])
    error = (o1 - g["t1"]) ** 2 * 0.5 + (o2 - g["t2"]) ** 2 * 0.5
    error.backward()
    return error.data, {name: value.grad for name, value in g.items()}


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
