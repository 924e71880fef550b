"""What the tests of the vision examples share: reading values, NumPy convolution, slopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dlhand import Derivation

Array = np.ndarray[Any, np.dtype[np.float64]]


def value(d: Derivation, name: Any) -> Array:
    """A given or step in floating point."""
    return np.array(_floats(d.value(name)), dtype=float)


def _floats(nest: Any) -> Any:
    return [_floats(item) for item in nest] if isinstance(nest, list) else float(nest)


def assert_values(d: Derivation, wanted: dict[str, Any], tolerance: float = 1e-12) -> None:
    for name, numbers in wanted.items():
        found = value(d, name)
        assert found.shape == np.shape(numbers), name
        np.testing.assert_allclose(found, numbers, rtol=tolerance, atol=tolerance, err_msg=name)


def assert_completes(d: Derivation, wanted: dict[str, Any]) -> None:
    """Completion values, which are known to six decimals."""
    for name, numbers in wanted.items():
        np.testing.assert_allclose(value(d, name), numbers, rtol=0, atol=5.1e-7, err_msg=name)


def convolve(image: Any, kernel: Any, stride: int = 1, padding: int = 0) -> Array:
    """Cross-correlation by its definition: (c, h, w) with (c, h, w), or (h, w) with (h, w)."""
    image, kernel = np.array(image, dtype=float), np.array(kernel, dtype=float)
    if image.ndim == 2:
        image, kernel = image[None], kernel[None]
    image = np.pad(image, [(0, 0), (padding, padding), (padding, padding)])
    rows, columns = kernel.shape[1:]
    high = (image.shape[1] - rows) // stride + 1
    wide = (image.shape[2] - columns) // stride + 1
    out = np.zeros((high, wide))
    for i in range(high):
        for j in range(wide):
            top, left = i * stride, j * stride
            out[i, j] = np.sum(image[:, top : top + rows, left : left + columns] * kernel)
    return out


def slopes(loss: Callable[..., float], arrays: Sequence[Any], step: float = 1e-5) -> list[Array]:
    """The gradient of a loss with respect to each of its arguments, by central differences."""
    points = [np.array(a, dtype=float) for a in arrays]
    found = []
    for k, point in enumerate(points):
        slope = np.zeros_like(point)
        for where in np.ndindex(point.shape):
            ends = []
            for sign in (1, -1):
                moved = [p.copy() for p in points]
                moved[k][where] += sign * step
                ends.append(loss(*moved))
            slope[where] = (ends[0] - ends[1]) / (2 * step)
        found.append(slope)
    return found


def assert_slopes(
    d: Derivation, loss: Callable[..., float], names: Sequence[str], top: str = "L"
) -> None:
    """The gradients of a derivation, against differences of a loss written in NumPy."""
    wanted = slopes(loss, [value(d, name) for name in names])
    for name, slope in zip(names, wanted, strict=True):
        found = value(d, f"d{top}/d{name}")
        np.testing.assert_allclose(found, slope, rtol=1e-6, atol=1e-8, err_msg=name)
