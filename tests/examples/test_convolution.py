"""The convolution examples and the window calculators, against NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dlhand import Derivation, ShapeError, load, total
from dlhand.calculators.convolution import coverage, windows
from dlhand.examples import errata
from tests.examples.vision import assert_slopes, assert_values, convolve, value

IMAGE = np.array(
    [
        [3, 0, 1, 2, 7, 4],
        [1, 5, 8, 9, 3, 1],
        [2, 7, 2, 5, 1, 3],
        [0, 1, 3, 1, 7, 8],
        [4, 2, 1, 6, 2, 8],
        [2, 4, 5, 2, 3, 9],
    ]
)
VERTICAL = np.array([[1, 0, -1]] * 3)
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


def test_all_sixteen_windows() -> None:
    d = load("003-conv")
    wanted = convolve(IMAGE, VERTICAL)
    assert_values(d, {"Y": wanted})
    assert wanted.tolist() == [[-5, -4, 0, 8], [-10, -2, 2, 3], [0, -2, -4, -7], [-3, -2, -3, -16]]
    for i in range(4):
        for j in range(4):
            assert_values(
                d,
                {
                    f"W_{i + 1}{j + 1}": IMAGE[i : i + 3, j : j + 3],
                    f"y_{i + 1}{j + 1}": wanted[i, j],
                },
            )


def test_column_sums_give_the_same() -> None:
    assert_values(load("003-conv-columns"), {"Y": convolve(IMAGE, VERTICAL)})


def test_horizontal_and_sobel_filter() -> None:
    d = load("003-conv-filters")
    assert_values(d, {"Y_h": convolve(IMAGE, VERTICAL.T), "Y_s": convolve(IMAGE, SOBEL)})
    assert value(d, "Y_h").tolist() == [
        [-7, -11, 2, 4], [10, 17, 9, -3], [4, 5, -1, -7], [-7, -6, 1, 2],
    ]  # fmt: skip
    assert value(d, "Y_s").tolist() == [
        [-12, -8, 5, 16], [-10, 0, 3, 5], [-3, -2, -8, -14], [0, -6, -4, -18],
    ]  # fmt: skip


def test_true_convolution_turns_the_filter() -> None:
    d = load("003-conv-flip")
    turned = np.rot90(VERTICAL, 2)
    assert_values(d, {"R": turned, "Y_R": convolve(IMAGE, turned), "D": np.zeros((4, 4))})


def test_padding_keeps_the_size() -> None:
    d = load("003-conv-padding")
    assert_values(d, {"Y": convolve(IMAGE, VERTICAL, padding=1)})
    assert value(d, "Y").tolist() == [
        [-5, -5, -6, -1, 6, 10], [-12, -5, -4, 0, 8, 11], [-13, -10, -2, 2, 3, 11],
        [-10, 0, -2, -4, -7, 10], [-7, -3, -2, -3, -16, 12], [-6, 0, -2, 1, -9, 5],
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["003-conv-backward", "003-conv-backward-windows"])
def test_convolution_backward(name: str) -> None:
    d = load(name)
    target = value(d, "T")

    def loss(x: Any, k: Any, b: Any) -> float:
        return float(np.sum((convolve(x, k) + b - target) ** 2) / 2)

    assert value(d, "L") == loss(value(d, "X"), value(d, "K"), value(d, "b"))
    assert_slopes(d, loss, ["X", "K", "b"])


def test_the_gradients_are_convolutions_and_a_step_helps() -> None:
    d = load("003-conv-backward")
    assert_values(d, {"U": value(d, "dL/dK"), "V": value(d, "dL/dX")})
    assert value(d, "L'") < value(d, "L")


def pooled(image: Any, rule: Any) -> Any:
    return np.array(
        [[rule(image[i : i + 2, j : j + 2]) for j in (0, 2)] for i in (0, 2)], dtype=float
    )


@pytest.mark.parametrize(
    ("name", "rule"), [("003-conv-maxpool", np.max), ("003-conv-avgpool", np.mean)]
)
def test_pooling_backward(name: str, rule: Any) -> None:
    # the last window holds its largest number twice: a little more makes the first one larger
    d = load(name).what_if(X=[[1, 3, 2, 0], [4, 2, 1, 5], [0, 1, "2.01", 2], [6, 3, 0, 1]])
    target = value(d, "T")
    assert_values(d, {"M": pooled(value(d, "X"), rule)})
    assert_slopes(d, lambda x: float(np.sum((pooled(x, rule) - target) ** 2) / 2), ["X"])


def test_of_equal_pixels_the_first_learns() -> None:
    d = load("003-conv-maxpool")
    assert value(d, "dL/dX").tolist() == [[0, 0, 0, 0], [1, 0, 0, 1], [0, 0, 2, 0], [0, 0, 0, 0]]


def test_edge_detectors() -> None:
    d = load("003-edge-detectors")
    image = value(d, "A")
    for letter, kernel in (("p", VERTICAL), ("s", SOBEL)):
        down, across = convolve(image, kernel), convolve(image, kernel.T)
        assert_values(
            d,
            {
                f"Y_{letter}": down,
                f"Y_{letter}'": across,
                f"G_{letter}": np.hypot(down, across),
            },
        )
    assert_values(d, {"Y_z": convolve(image, [[0, 1, 0], [1, -4, 1], [0, 1, 0]])})


def test_output_sizes() -> None:
    d = load("003-conv-size")
    blank = np.zeros((6, 6))
    for name, stride, padding in (("n", 1, 0), ("n_p", 1, 1), ("n_s", 2, 0), ("n_sp", 2, 1)):
        assert value(d, name) == len(convolve(blank, VERTICAL, stride, padding))
    assert value(d, "n'") == len(convolve(np.zeros((4, 4)), VERTICAL))


def seen(size: tuple[int, int], window: int, stride: int, padding: int) -> Any:
    """How often each pixel is seen, counted one by one."""
    height, width = size
    counts = np.zeros((height + 2 * padding, width + 2 * padding))
    for top in range(0, counts.shape[0] - window + 1, stride):
        for left in range(0, counts.shape[1] - window + 1, stride):
            counts[top : top + window, left : left + window] += 1
    return counts[padding : padding + height, padding : padding + width]


def test_coverage_examples() -> None:
    plain, padded = load("003-conv-size-coverage"), load("003-conv-size-coverage-padded")
    assert_values(plain, {"C": seen((6, 6), 3, 1, 0)})
    assert_values(padded, {"C": seen((6, 6), 3, 1, 1)})
    assert value(plain, "C")[2].tolist() == [3, 6, 9, 9, 6, 3]
    assert value(padded, "C")[0].tolist() == [4, 6, 6, 6, 6, 4]


@pytest.mark.parametrize(
    ("size", "window", "stride", "padding"),
    [((5, 7), 3, 2, 1), ((4, 4), 2, 1, 0), ((6, 3), 3, 3, 2), ((1, 9), 1, 4, 0)],
)
def test_coverage_of_any_size(
    size: tuple[int, int], window: int, stride: int, padding: int
) -> None:
    d = Derivation("Coverage")
    c = coverage(d, size, window, stride=stride, padding=padding)
    assert_values(d, {"C": seen(size, window, stride, padding)})
    assert c is d["C"]


SIZES = [
    ((4, 5), (2, 3), 1, 0),
    ((5, 5), (3, 3), 2, 1),
    ((2, 4, 3), (2, 2, 2), 1, 1),
    ((3, 5, 6), (3, 3, 2), 3, 0),
    ((12, 3), (2, 2), 1, 0),
]


@pytest.mark.parametrize(("image", "kernel", "stride", "padding"), SIZES)
def test_windows_of_any_size(
    image: tuple[int, ...], kernel: tuple[int, ...], stride: int, padding: int
) -> None:
    rng = np.random.default_rng(7)
    x, k = rng.integers(-9, 10, image), rng.integers(-9, 10, kernel)
    d = Derivation("Windows")
    given = d.givens(X=x.tolist(), K=k.tolist(), b="0.5")
    y = windows(d, *given, stride=stride, padding=padding)
    assert_values(d, {"Y": convolve(x, k, stride, padding) + 0.5})
    loss = d.step("L", total(y**2) / 2)
    d.backward(loss, given)

    def energy(x: Any, k: Any, b: Any) -> float:
        return float(np.sum((convolve(x, k, stride, padding) + b) ** 2) / 2)

    assert_slopes(d, energy, ["X", "K", "b"])


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1)])
def test_windows_of_several_filters(stride: int, padding: int) -> None:
    rng = np.random.default_rng(11)
    x, k, b = rng.integers(-5, 6, (2, 4, 4)), rng.integers(-5, 6, (3, 2, 3, 2)), [1, 0, -2]
    d = Derivation("Several filters")
    given = d.givens(X=x.tolist(), K=k.tolist(), b=b)
    y = windows(d, *given, stride=stride, padding=padding)

    def maps(x: Any, k: Any, b: Any) -> Any:
        return np.stack(
            [convolve(x, one, stride, padding) + c for one, c in zip(k, b, strict=True)]
        )

    assert_values(d, {"Y": maps(x, k, b), "Y2": maps(x, k, b)[1], "F3": k[2]})
    d.backward(d.step("L", total(y**2) / 2), given)
    assert_slopes(d, lambda x, k, b: float(np.sum(maps(x, k, b) ** 2) / 2), ["X", "K", "b"])


@pytest.mark.parametrize(
    ("image", "kernel", "bias", "message"),
    [
        ((2, 2), (3, 3), (), r"filter \(3, 3\) larger"),
        ((2, 3, 3), (1, 2, 2), (), r"image of shape \(2, 3, 3\) and a filter of shape \(1, 2, 2\)"),
        ((1, 3, 3), (2, 1, 2, 2), (), r"bias has shape \(\); wanted \(2,\)"),
        ((3, 3), (2, 2), (1,), r"bias has shape \(1,\); wanted \(\)"),
    ],
)
def test_windows_refuse_what_does_not_fit(image: Any, kernel: Any, bias: Any, message: str) -> None:
    d = Derivation("Windows")
    given = [
        d.given(name, np.ones(shape).tolist())
        for name, shape in (("X", image), ("K", kernel), ("b", bias))
    ]
    with pytest.raises(ShapeError, match=message):
        windows(d, *given)


def test_coverage_refuses_a_window_that_is_too_large() -> None:
    with pytest.raises(ShapeError, match="larger than the padded image"):
        coverage(Derivation("Coverage"), (2, 2), 3)


def test_the_printed_size_formula_differs_from_the_right_one() -> None:
    found = {e.name: e for e in errata()}["002-conv-size-divisor"]
    d, printed, right = found.build()
    n, f, s, p = (value(d, name) for name in "nfsp")
    assert value(d, printed) == (n + 2 * p - f + 1) / p
    assert value(d, right) == len(convolve(np.zeros((int(n), int(n))), np.ones((3, 3)), int(s), 1))
    assert value(d, printed) != value(d, right)
