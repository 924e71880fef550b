"""The parameter table, dense layers as convolutions and sliding windows, against NumPy."""

from __future__ import annotations

import numpy as np

from dlhand import load
from tests.examples.vision import assert_completes, assert_values, convolve, value

TABLE = {
    "": (3072, 0),
    "_conv1": (6272, 608),
    "_pool1": (1568, 0),
    "_conv2": (1600, 3216),
    "_pool2": (400, 0),
    "_fc3": (120, 48120),
    "_fc4": (84, 10164),
    "_softmax": (10, 850),
}


def test_the_whole_table() -> None:
    d = load("002-cnn")
    for name, (activations, parameters) in TABLE.items():
        assert value(d, "A" + name) == activations
        if name:
            assert value(d, "P" + name) == parameters
    assert_values(d, {"P": sum(p for _, p in TABLE.values())})
    assert_completes(d, {"P": 62958, "r": 0.939261})


def test_the_table_by_building_the_arrays() -> None:
    arrays = [
        np.zeros((8, 3, 5, 5)), np.zeros(8), np.zeros((16, 8, 5, 5)), np.zeros(16),
        np.zeros((120, 400)), np.zeros(120), np.zeros((84, 120)), np.zeros(84),
        np.zeros((10, 84)), np.zeros(10),
    ]  # fmt: skip
    assert value(load("002-cnn"), "P") == sum(a.size for a in arrays)


def test_a_dense_layer_is_a_convolution() -> None:
    d = load("002-sliding")
    x, w, b = (value(d, name) for name in "XWb")
    dense = w @ x.ravel() + b
    assert_values(d, {"z": dense, "Y": dense.reshape(3, 1, 1)})
    for row, bias, out in zip(w, b, dense, strict=True):
        assert convolve(x, row.reshape(x.shape)) + bias == out


def test_it_learns_as_many_parameters() -> None:
    assert_values(load("002-sliding-count"), {"P_fc3": 48120, "P_conv3": 48120, "D": 0})


def test_a_sliding_window_all_at_once() -> None:
    d = load("002-sliding-window")
    x, k, v = (value(d, name) for name in "XKV")
    for i in (0, 1):
        for j in (0, 1):
            h = np.maximum(convolve(x[i : i + 3, j : j + 3], k), 0)
            score = np.sum(h * v)
            assert_values(d, {f"H_{i}{j}": h, f"z_{i}{j}": score})
            assert value(d, "Z")[i, j] == score


def test_its_cost() -> None:
    # a window: 4 places of 4 weights, then 4 weights; the image: 9 places, then 4 places
    d = load("002-sliding-window-cost")
    assert_values(d, {"M": 4 * (4 * 4 + 4), "M'": 9 * 4 + 4 * 4, "r": 52 / 80})
