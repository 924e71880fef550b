"""The 2-2-2 network of document 002 in plain floats: its error after one step of descent."""

from math import exp

X, T = (0.1, 0.5), (0.05, 0.95)
W, V = ((0.1, 0.3), (0.2, 0.4)), ((0.5, 0.6), (0.7, 0.8))
"""The weights of each hidden and of each output unit."""
B1, B2 = 0.25, 0.35


def layer(inputs, weights, bias):
    sums = [sum(w * x for w, x in zip(row, inputs, strict=True)) + bias for row in weights]
    return [1 / (1 + exp(-z)) for z in sums]


def error_after_a_step(alpha: float) -> float:
    """Half the sum of the squared errors, when all weights and both biases have gone downhill."""
    h = layer(X, W, B1)
    o = layer(h, V, B2)
    outer = [(a - t) * a * (1 - a) for a, t in zip(o, T, strict=True)]
    inner = [sum(outer[j] * V[j][k] for j in range(2)) * h[k] * (1 - h[k]) for k in range(2)]
    v = [[V[j][k] - alpha * outer[j] * h[k] for k in range(2)] for j in range(2)]
    w = [[W[k][i] - alpha * inner[k] * X[i] for i in range(2)] for k in range(2)]
    b1, b2 = B1 - alpha * sum(inner), B2 - alpha * sum(outer)
    ends = layer(layer(X, w, b1), v, b2)
    return sum((a - t) ** 2 for a, t in zip(ends, T, strict=True)) / 2
