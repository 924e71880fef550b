"""Derivations in which every operation occurs: one network in numbers, one in arrays, and formulas.

Each formula has the gradients of a loss with it, so that the operations of the backward pass
occur, too. What is derived from a derivation, its program or its closed form, is tested on all.
"""

from fractions import Fraction

import numpy as np

from dlhand.derivation.model import Derivation
from dlhand.operations.activations import (
    elu,
    gelu,
    leaky_relu,
    normal,
    relu,
    sigmoid,
    silu,
    softplus,
    tanh,
)
from dlhand.operations.comparison import at_least, floor, greater, heaviside, maximum, minimum
from dlhand.operations.convolution import correlate
from dlhand.operations.elementary import cos, exp, log, sin, sqrt
from dlhand.operations.matrix import dot, outer
from dlhand.operations.pooling import average_pool, max_pool
from dlhand.operations.reduction import (
    largest,
    log_sum_exp,
    masked_softmax,
    mean,
    softmax,
    total,
    variance,
)
from dlhand.operations.structure import concatenate, fill, reshape, stack


def network():
    d = Derivation("A 2-2-2 network", about="What each weight has to do with the error.")
    x1, x2, b1, b2, t1, t2 = d.givens(x1="0.1", x2="0.5", b1="0.25", b2="0.35", t1="0.05", t2="1")
    weights = d.givens(**{f"w{k}": f"0.{k}" for k in range(1, 9)})
    w1, w2, w3, w4, w5, w6, w7, w8 = weights
    d.section("Forward")
    h1 = d.step("h1", sigmoid(d.step("z_h1", w1 * x1 + w3 * x2 + b1, say="weighted sum")))
    h2 = d.step("h2", sigmoid(d.step("z_h2", w2 * x1 + w4 * x2 + b1)))
    o1 = d.step("o1", sigmoid(d.step("z_o1", w5 * h1 + w6 * h2 + b2)))
    o2 = d.step("o2", sigmoid(d.step("z_o2", w7 * h1 + w8 * h2 + b2)))
    E = d.step("E", (o1 - t1) ** 2 / 2 + (o2 - t2) ** 2 / 2, say="error")
    d.section("Backward")
    gradients = d.backward(E, [*weights, b1, b2])
    d.section("Update")
    for weight in weights:
        d.step(f"{weight.name}'", weight - "0.5" * gradients[weight])
    return d


def network_of_arrays():
    d = Derivation("A 2-2-2 network")
    x, t = d.givens(x=["0.1", "0.5"], t=["0.05", "0.95"])
    W1, W2 = d.givens(W1=[["0.1", "0.3"], ["0.2", "0.4"]], W2=[["0.5", "0.6"], ["0.7", "0.8"]])
    b1, b2 = d.givens(b1=["0.25", "1/3"], b2=[0, 1])
    h = d.step("h", tanh(W1 @ x + b1))
    o = d.step("o", softmax(W2 @ h + b2))
    E = d.step("E", -total(t * log(o)))
    d.backward(E, [W1, b1, W2, b2])
    return d


SHAPES = {
    (): ["0.7"],
    (3,): ["0.7", "1.5", "2.25"],
    (2, 3): ["0.7", "1.5", "2.25", "3", "0.1", "1"],
}

ENTRY_BY_ENTRY = {
    "add": lambda x, y: x + y + 1,
    "sub": lambda x, y: x - (y - x) - (x + 2),
    "mul": lambda x, y: x * (y + 1) * (-x),
    "div": lambda x, y: x / y / (x * y) + x / (y / x) - (x + 1) * (x / y),
    "neg": lambda x, y: -(x * y) + -x - (-y) * -(x + y) + (-x) ** 2 - -(x**2),
    "power": lambda x, y: (x**2) ** 3 + y**-2 + (x + y) ** "1/3" + x ** "0.5" - (x * y) ** "-3/2",
    "constants": lambda x, y: "-0.5" * x - Fraction(1, 3) * y + x * "-2" - x / "-4" + "1e-7" - y,
    "exp": lambda x, y: exp(x - y) ** 2,
    "log": lambda x, y: log(x) * y,
    "sqrt": lambda x, y: sqrt(x + y),
    "sin": lambda x, y: sin(x * y),
    "cos": lambda x, y: cos(x) - y,
    "sigmoid": lambda x, y: sigmoid(x - 1) + sigmoid(1 - y),
    "tanh": lambda x, y: tanh(x - y),
    "relu": lambda x, y: relu(x - 1) * relu(1 - y),
    "leaky": lambda x, y: leaky_relu(x - y) + leaky_relu(y - 1, "1/3"),
    "heaviside": lambda x, y: heaviside(x - 1) * y + heaviside(x - x) * x,
    "greater": lambda x, y: greater(x, 1) * y + x,
    "at least": lambda x, y: at_least(x, 1) * y + at_least(x, x) * x,
    "maximum": lambda x, y: maximum(x, y) + maximum(1, x * y),
    "minimum": lambda x, y: minimum(x, y) + minimum(1, x * y),
    "floor": lambda x, y: floor(7 * x) * y + floor(-y) * x,
}

MATRIX = [["0.5", "-1", "2"], ["3", "0.25", "-0.5"]]
SQUARE = [["0.5", "-1"], ["3", "0.25"]]
IMAGE = [
    ["1", "0.5", "-2", "3"],
    ["0", "2", "0.25", "1"],
    ["4", "-1", "1", "0"],
    ["2", "2", "1", "5"],
]
COLOURS = [IMAGE, [[str(k + 4 * j) for k in range(4)] for j in range(4)]]

FORMULAS = {
    "arithmetic": (lambda x, y: -x * y / (x - y) + x**3 + y**-2 + y ** "1/3", "0.5", "2"),
    "functions": (lambda x, y: exp(-x) + log(y) * sqrt(x) - sin(x) * cos(y), "0.5", "2"),
    "activations": (lambda x, y: sigmoid(x) * tanh(y) + relu(x) + relu(-y), "0.5", "2"),
    "smooth activations": (
        lambda x, y: gelu(x) * silu(y) + softplus(x) * elu(-y, "0.5") + normal(x) * abs(y),
        "0.5",
        "2",
    ),
    "leaky product": (lambda x, y: leaky_relu(x) * leaky_relu(-y, "1/3"), "0.5", "2"),
    "dot": (lambda x, y: dot(x, y), ["0.5", "2"], ["-1", "3"]),
    "matvec": (lambda x, y: x @ y * (x @ y), MATRIX, ["1", "2", "-1"]),
    "vecmat": (lambda x, y: x @ y + x @ (2 * y), ["0.5", "-2"], MATRIX),
    "matmul": (lambda x, y: (x @ y) @ (x @ y), SQUARE, SQUARE),
    "outer": (lambda x, y: outer(x, y) * outer(x, 2 * y), ["0.5", "2"], ["1", "2", "-1"]),
    "products": (lambda x, y: (x @ y.T) @ (x[0] @ x.T) + y @ x[1] * (x[0] @ y[1]), MATRIX, MATRIX),
    "transpose": (lambda x, y: x.T @ (y.T).T + (x + y).T.T[0, 1], SQUARE, SQUARE),
    "broadcast": (lambda x, y: x * y + x / (y + 4) + 1, MATRIX, ["1", "2", "-1"]),
    "number and array": (lambda x, y: x * y - y / x, "0.5", MATRIX),
    "sum": (lambda x, y: total(x, 0) * y + total(x * x), MATRIX, ["1", "2", "3"]),
    "sums": (lambda x, y: mean(x, 0) * y + total(x, 0) + variance(x, 0), MATRIX, ["1", "2", "3"]),
    "mean": (lambda x, y: mean(x, 1) * y + mean(x), MATRIX, ["1", "2"]),
    "variance": (lambda x, y: variance(x, 1) * y + variance(x * x), MATRIX, ["1", "2"]),
    "largest": (lambda x, y: largest(x, 1) * y + largest(x), MATRIX, ["1", "2"]),
    "largest along columns": (lambda x, y: largest(x, 0) * y, MATRIX, ["1", "2", "1"]),
    "softmax": (lambda x, y: softmax(x) @ y, MATRIX, ["1", "2", "3"]),
    "masked_softmax": (
        lambda x, y: masked_softmax(x, heaviside(y)) * y,
        MATRIX,
        [[1, -1, 1], [1, 1, 1]],
    ),
    "softmax of columns": (lambda x, y: softmax(x, 0) * y, MATRIX, ["1", "2", "3"]),
    "softmax of a vector": (lambda x, y: softmax(x) * softmax(x * y), ["1", "-1"], ["1", "2"]),
    "log sum exp": (lambda x, y: log_sum_exp(x, 0) * y + log_sum_exp(y), MATRIX, ["1", "2", "3"]),
    "entries": (lambda x, y: (x + y)[1] * x[0] - y[-1], ["1", "2"], ["3", "-4"]),
    "slices": (lambda x, y: x[0, 1:] * y[:2] + x[:, 1] + x[1][::2], MATRIX, ["1", "2", "3"]),
    "concatenate": (lambda x, y: concatenate(x, y, x) ** 2, ["1", "2"], ["3"]),
    "columns": (lambda x, y: concatenate(x, y, axis=1) ** 2, SQUARE, MATRIX),
    "stack": (lambda x, y: stack(x, y, x * y) ** 2, ["1", "2"], ["3", "-1"]),
    "stack of numbers": (lambda x, y: stack(x, y * y, x + 1) ** 2, "0.5", "3"),
    "reshape": (
        lambda x, y: reshape(x, (6,)) * y + reshape(y, (3, 2))[0, 0],
        MATRIX,
        list("123456"),
    ),
    "fill": (lambda x, y: fill(x, (2, 3)) * fill(total(y), (2, 3)), ["1", "2", "4"], ["3"]),
    "structure": (
        lambda x, y: concatenate(x, fill(y, (1, 3))) * reshape(stack(*x, y), (3, 3))[2, 1:2],
        MATRIX,
        ["1", "2", "3"],
    ),
    "correlate": (lambda x, y: correlate(x, y) ** 2, IMAGE, SQUARE),
    "padded": (lambda x, y: correlate(x, y, stride=2, padding=1) ** 2, IMAGE, SQUARE),
    "colours": (lambda x, y: correlate(x, y, padding=1) ** 2, COLOURS, [SQUARE, SQUARE]),
    "filters": (
        lambda x, y: correlate(x, y, stride=2, padding=1) ** 2,
        COLOURS,
        [[SQUARE, SQUARE], [SQUARE, [["1", "2"], ["3", "4"]]]],
    ),
    "pools": (lambda x, y: max_pool(x) * average_pool(x * x) + y, COLOURS, "2"),
    "overlapping pools": (lambda x, y: max_pool(x, 3, 1) * average_pool(y, 3, 1), IMAGE, IMAGE),
}


def entry_by_entry(name, shape):
    """An elementwise formula, and the gradient of the sum of its squares."""
    x_entries = SHAPES[shape]
    y_entries = [*reversed(x_entries[:-1]), "0.3"]
    return with_gradients(
        ENTRY_BY_ENTRY[name],
        np.reshape(np.array(x_entries, dtype=object), shape).tolist(),
        np.reshape(np.array(y_entries, dtype=object), shape).tolist(),
    )


def with_gradients(formula, x_value, y_value):
    d = Derivation("An operation")
    x, y = d.givens(x=x_value, y=y_value)
    r = d.step("r", formula(x, y))
    E = d.step("E", sum_of(r * r) + sum_of(x) + sum_of(y))  # x and y alone: a slope is certain
    d.backward(E, [x, y])
    return d


def twice():
    """The slope of a slope: what a max pooling routes back is picked up again."""
    d = Derivation("A second derivative")
    (x,) = d.givens(x=IMAGE)
    slope = d.backward(d.step("E", total(max_pool(x) ** 4)), [x])[x]
    d.backward(d.step("P", total(slope**2)), [x])
    return d


def sum_of(x):
    return total(x) if x.shape else x


EXAMPLES = {
    "network": network,
    "network of arrays": network_of_arrays,
    **{
        f"{name} {shape}": lambda name=name, shape=shape: entry_by_entry(name, shape)
        for name in ENTRY_BY_ENTRY
        for shape in SHAPES
    },
    "twice": twice,
    **{name: lambda case=case: with_gradients(*case) for name, case in FORMULAS.items()},
}
