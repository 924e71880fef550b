"""The cost examples and the layer counter, against loops that count one by one."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from dlhand import Derivation, GivenError, ShapeError, load
from dlhand.calculators.counting import Conv, Dense, Depthwise, Layer, Pool, count, image
from tests.examples.vision import assert_completes, assert_values, convolve, value


def starts(length: int, window: int, stride: int, padding: int) -> int:
    """How many places a window has along a side, by trying them all."""
    room = length + 2 * padding
    return sum(first % stride == 0 and first + window <= room for first in range(room))


def counted(size: tuple[int, int], channels: int, layers: list[Layer]) -> list[dict[str, int]]:
    """Activations, parameters and multiplications of each layer, from arrays of its weights."""
    rows = []
    height, width = size
    for layer in layers:
        if isinstance(layer, Dense):
            weights, biases = np.ones((layer.units, height * width * channels)), layer.units
            height, width, channels = 1, 1, layer.units
        else:
            fh, fw = (layer.size,) * 2 if isinstance(layer.size, int) else layer.size
            padding = 0 if isinstance(layer, Pool) else layer.padding
            stride = fh if layer.stride is None else layer.stride
            height, width = starts(height, fh, stride, padding), starts(width, fw, stride, padding)
            if isinstance(layer, Conv):
                weights, biases = np.ones((layer.filters, channels, fh, fw)), layer.filters
                channels = layer.filters
            else:
                kept = 0 if isinstance(layer, Pool) else 1
                weights, biases = np.ones((kept * channels, fh, fw)), channels
        has_bias = not isinstance(layer, Pool) and layer.bias
        m = weights.size * height * width
        p = weights.size + has_bias * biases
        rows.append({"A": height * width * channels, "P": p, "M": m})
    return rows


NETWORKS: list[tuple[Any, int, list[Layer]]] = [
    (6, 3, [Conv("a", 5, 3, bias=False)]),
    (6, 3, [Depthwise("a", 3), Conv("b", 5, 1)]),
    (9, 2, [Conv("a", 4, 3, 2, 1), Pool("b", 2), Dense("c", 7), Dense("d", 2, bias=False)]),
    ((7, 10), 1, [Conv("a", 3, (2, 5), 2), Pool("b", 3, 1), Depthwise("c", 1, padding=1)]),
    (8, 4, [Pool("a", (2, 4), 2), Conv("b", 2, (1, 3), 1, 1)]),
    (11, 3, [Pool("a", 3, 2), Conv("b", 6, 5, 3, 2, bias=False), Dense("out", 10)]),
]


@pytest.mark.parametrize(("size", "channels", "layers"), NETWORKS)
def test_any_network_is_counted(size: Any, channels: int, layers: list[Layer]) -> None:
    d = Derivation("A network")
    volumes = count(d, image(d, size, channels), layers)
    pair = (size, size) if isinstance(size, int) else size
    for layer, volume, row in zip(layers, volumes, counted(pair, channels, layers), strict=True):
        assert_values(d, {f"A_{layer.name}": row["A"], f"P_{layer.name}": row["P"]})
        assert value(d, volume.activations) == row["A"]
        if isinstance(layer, Pool):
            assert f"M_{layer.name}" not in d
        else:
            assert value(d, volume.multiplications) == row["M"]


def test_another_input_size_follows() -> None:
    d = load("002-cnn").what_if(n=28, c=1)
    layers: list[Layer] = [
        Conv("conv1", 8, 5), Pool("pool1", 2), Conv("conv2", 16, 5), Pool("pool2", 2),
        Dense("fc3", 120), Dense("fc4", 84), Dense("softmax", 10),
    ]  # fmt: skip
    rows = counted((28, 28), 1, layers)
    assert_values(d, {"P": sum(row["P"] for row in rows)})


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "layers is empty"),
        ([Conv("a", 0, 3)], "filters of a is 0; wanted a whole number from 1 on"),
        ([Conv("a", 1, 3, stride=0)], "stride of a is 0"),
        ([Conv("a", 1, 3, padding=-1)], "padding of a is -1; wanted a whole number from 0 on"),
        ([Conv("a", 1, True)], "size of a is True"),
        ([Conv("a", 1, 5, padding=0)], "size of a is 5; wanted at most 4 by 4"),
        ([Pool("a", (5, 1), 1)], r"size of a is \(5, 1\); wanted at most 4 by 4"),
        ([Pool("a", (2, 1))], "stride of a is not given"),
        ([Dense("a", 3), Conv("b", 1, 1)], "b stands behind a dense layer"),
        (["conv"], "layers has 'conv'; wanted Conv, Depthwise, Pool, Dense or Rec"),
    ],
)
def test_impossible_layers_are_refused(layers: Any, message: str) -> None:
    d = Derivation("A network")
    with pytest.raises((ShapeError, GivenError), match=message):
        count(d, image(d, 4, 2), layers)


def test_impossible_images_are_refused() -> None:
    with pytest.raises(GivenError, match="size of the input is 0"):
        image(Derivation("An image"), 0, 3)
    with pytest.raises(GivenError, match="channels is -1"):
        image(Derivation("An image"), 4, -1)


def test_cost_of_a_convolution_and_its_separable_form() -> None:
    d = load("002-conv")
    assert_values(d, {"M_full": 2160, "M_depth": 432, "M_point": 240, "M_both": 672})
    assert_completes(d, {"r": 0.311111, "r'": 0.311111})
    assert_values(d, {"r": 14 / 45, "r'": 1 / 5 + 1 / 9})


def test_weights_of_a_convolution_and_its_separable_form() -> None:
    d = load("002-conv-params")
    wanted = {"P_full": 135, "P_depth": 27, "P_point": 15, "P_both": 42, "B_full": 140}
    assert_values(d, {**wanted, "B_both": 50})


def test_sizes_for_other_strides_and_paddings() -> None:
    d = load("002-conv-sizes")
    for s, p in product((1, 2), (0, 1)):
        assert value(d, f"m_{s}{p}") == starts(6, 3, s, p)


def test_convolution_over_two_channels() -> None:
    d = load("002-conv-numbers")
    assert_values(d, {"Y": convolve(value(d, "X"), value(d, "K")) + 1})


def test_depthwise_then_pointwise() -> None:
    d = load("002-conv-separable")
    x, k, v = (value(d, name) for name in "XKV")
    deep = np.stack([convolve(x[c], k[c]) for c in range(2)])
    mixed = np.einsum("oc,cij->oij", v[:, :, 0, 0], deep)
    assert_values(d, {"Y": deep, "Z": mixed, "H": np.maximum(mixed, 0)})


def test_bottleneck() -> None:
    d = load("003-conv-1x1")
    assert_values(
        d,
        {
            "M_direct": 120422400, "M_narrow": 2408448, "M_wide": 10035200, "M": 12443648,
            "P_direct": 153600, "P": 15872,
        },
    )  # fmt: skip
    np.testing.assert_allclose(value(d, "r"), 9.6774, atol=5e-5)


def test_side_and_small_count() -> None:
    assert_values(load("003-conv-1x1-side"), {"n": starts(28, 5, 1, 0), "p": 2, "n_p": 28})
    assert_values(load("003-conv-1x1-small"), {"A": 16, "A_conv": 9, "M_conv": 36})


def test_which_layer_changes_which_size() -> None:
    d = load("003-shape-control")
    sides = {"plain": 6, "padded": 8, "strided": 4, "pooled": 4, "more": 8, "fewer": 8}
    assert_values(d, {f"n_{name}": side for name, side in sides.items()})
    assert_values(d, {"A_more": 8 * 8 * 16, "A_fewer": 8 * 8 * 2, "A_pooled": 4 * 4 * 4})
