"""One picture of every kind, by name: what all pictures must hold is tested on these."""

from collections.abc import Callable

import dlhand
from dlhand import Derivation, correlate
from dlhand.calculators.network import Layer, mlp
from dlhand.pictures.bars import bars
from dlhand.pictures.convolution import convolution
from dlhand.pictures.curve import curve
from dlhand.pictures.graph import graph
from dlhand.pictures.heatmap import heatmap
from dlhand.pictures.network import network
from dlhand.pictures.product import matrix_product
from dlhand.pictures.unrolled import unrolled
from dlhand.pictures.windows import windows
from dlhand.render.picture import Picture

NET222 = [["x1", "x2"], ["h1", "h2"], ["o1", "o2"]]


def dense() -> Derivation:
    return mlp(
        [1, 2, "0.5"],
        [
            Layer([["0.1", "-0.2", "0.3"]] * 4, [0, 1, 2, 3], "relu"),
            Layer([["2", "1", "0.3333", "-1.25"]] * 2, [0, 1], "softmax"),
        ],
        [0, 1],
        "softmax_cross_entropy",
    )


def channels() -> Derivation:
    d = Derivation("Two channels")
    x = d.given("X", [[[1, 2, 3, 4, 5]] * 5] * 2)
    k = d.given("K", [[[[1, 0, -1]] * 3, [["0.5", 0, "-0.5"]] * 3]] * 3)
    d.step("Y", correlate(x, k, stride=2, padding=1))
    return d


def reciprocal() -> Derivation:
    d = Derivation("A reciprocal")
    x = d.given("x", "-1/3")
    d.step("y", 1 / x)
    return d


GALLERY: dict[str, Callable[[], Picture]] = {
    "graph": lambda: graph(dlhand.load("003-sigmoid-graph")),
    "graph lit": lambda: graph(dlhand.load("002-net222"), current="dE/dh1", so_far=True),
    "graph of arrays": lambda: graph(dlhand.load("000-attn-backward")),
    "network": lambda: network(dlhand.load("002-net222"), NET222, current="dE/dw5"),
    "network of vectors": lambda: network(dense(), ["x", "a1", "a2"], current="z2"),
    "unrolled rnn": lambda: unrolled(dlhand.load("003-rnn-bptt")),
    "unrolled lstm": lambda: unrolled(dlhand.load("002-lstm"), current="δout_0", so_far=True),
    "unrolled gru": lambda: unrolled(dlhand.load("002-gru")),
    "product": lambda: matrix_product(dlhand.load("000-attn"), "Z", 1, 2, so_far=True),
    "product in a sum": lambda: matrix_product(dlhand.load("000-ex3"), "z1", 1, 0),
    "convolution": lambda: convolution(dlhand.load("003-conv-filters"), "Y_h", 1, 2),
    "convolution of channels": lambda: convolution(channels(), "Y", 0, 1, filter=2),
    "pooling": lambda: convolution(dlhand.load("003-conv-maxpool"), "M", 1, 0),
    "windows": lambda: windows(dlhand.load("003-conv-backward-windows"), "Y", current="dL/dK"),
    "curve": lambda: curve(dlhand.load("002-net222-again"), "E'", "alpha", -5, 20),
    "curve with a gap": lambda: curve(reciprocal(), "y", "x", -1000000, "1/3"),
    "heat map": lambda: heatmap(
        dlhand.load("003-playing-matrix"), "A", 0, rows=["Playing", "outside"]
    ),
    "bars": lambda: bars(
        dlhand.load("002-cnn"), ["P_conv1", "P_conv2", "P_fc3", "P_fc4"], current="P_fc3"
    ),
}
