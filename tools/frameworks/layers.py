"""Single layers of PyTorch and Keras: what they put out, and the slopes of half its squares."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

Arrays = Mapping[str, Any]
ACTIVATIONS = ("elu", "gelu", "silu", "softplus", "leaky_relu", "relu")
FRAMES = ((1, 4, 4, 2, 2, 1), (2, 5, 4, 3, 2, 2), (1, 5, 5, 3, 3, 2), (2, 3, 6, 1, 2, 3))
"""Of a convolution with padding "same": channels, height, width, rows, columns, stride."""
STAMPS = ((1, 1, 2, 3, 2, 2, 1, 0, 0), (2, 3, 3, 2, 3, 2, 2, 1, 1), (2, 1, 2, 2, 2, 3, 3, 0, 2))
"""Of a transposed one: channels, channels out, height, width, rows, columns, stride, padding, extra
rows."""


def cases() -> dict[str, Any]:
    import torch

    torch.set_default_dtype(torch.float64)
    functional = torch.nn.functional
    found = {}
    for name in ACTIVATIONS:
        numbers: dict[str, Any] = {"z": [-3.0, -1.25, -0.1, 0.0, 0.4, 2.5, 12.0]}
        found[name] = _slopes(
            numbers, partial(_called, getattr(functional, name)), f"functional.{name}"
        )
    for sizes in STAMPS:
        c, k, h, w, rows, columns, stride, padding, extra = sizes
        numbers = _numbers("stamp", x=(1, c, h, w), f=(c, k, rows, columns))
        found[f"transposed {sizes}"] = _slopes(
            numbers,
            partial(_stamped, functional.conv_transpose2d, (stride, padding, extra)),
            "functional.conv_transpose2d",
        )
    for shape in ((3, 2), (2, 2, 2, 3)):
        numbers = _numbers("batch", x=shape, gamma=(2,), beta=(2,))
        found[f"batch norm {shape}"] = _slopes(
            numbers,
            lambda t: functional.batch_norm(
                t["x"], None, None, t["gamma"], t["beta"], training=True, eps=0.01
            ),
            "functional.batch_norm, training=True, eps=0.01",
        )
    numbers = _numbers("bias", q=(2, 3), k=(4, 3), v=(4, 2))
    numbers["b"] = [[0.5, -1e9, 0.0, 1.25], [-0.75, 2.0, -1e9, -1e9]]
    found["attention with a bias"] = _slopes(
        numbers,
        lambda t: functional.scaled_dot_product_attention(t["q"], t["k"], t["v"], t["b"]),
        "functional.scaled_dot_product_attention, attn_mask of floats",
    )
    return found | _same_frames() | _penalties()


def _called(function: Callable[[Any], Any], t: Arrays) -> Any:
    return function(t["z"])


def _stamped(function: Callable[..., Any], options: tuple[int, int, int], t: Arrays) -> Any:
    return function(t["x"], t["f"], None, *options)


def _slopes(numbers: Arrays, call: Callable[[Arrays], Any], name: str) -> dict[str, Any]:
    import torch

    t = {key: torch.tensor(value, requires_grad=True) for key, value in numbers.items()}
    y = call(t)
    ((y**2).sum() / 2).backward()
    slopes = {key: tensor.grad.tolist() for key, tensor in t.items()}
    return {"inputs": numbers, "call": name, "y": y.tolist(), "gradients": slopes}


def _same_frames() -> dict[str, Any]:
    """Keras has the channels last, and computes in 32 bits here: exactly, with whole numbers."""
    import keras
    import numpy as np

    found = {}
    for sizes in FRAMES:
        c, h, w, rows, columns, stride = sizes
        numbers = _numbers("frame", x=(c, h, w), f=(2, c, rows, columns), of=int)
        x = np.moveaxis(np.array(numbers["x"], dtype=float), 0, -1)[None]
        f = np.transpose(np.array(numbers["f"], dtype=float), (2, 3, 1, 0))
        y = keras.ops.conv(x, f, strides=stride, padding="same")
        found[f"same {sizes}"] = {
            "inputs": numbers, "call": 'keras.ops.conv, padding="same"',
            "y": np.moveaxis(np.asarray(y)[0], -1, 0).tolist(),
        }  # fmt: skip
    return found


def _penalties() -> dict[str, Any]:
    import keras
    import numpy as np

    numbers = {"w": [[1.5, -2.0], [0.25, -0.5]]}
    return {
        f"penalty {l1} {l2}": {
            "inputs": numbers, "call": "keras.regularizers.L1L2",
            "y": float(keras.regularizers.L1L2(l1, l2)(np.array(numbers["w"]))),
        }
        for l1, l2 in ((0.5, 0.0), (0.0, 0.25), (0.5, 0.125))
    }  # fmt: skip


def _numbers(seed: str, of: type = float, **shapes: tuple[int, ...]) -> dict[str, Any]:
    rng = random.Random(seed)
    return {name: _random(rng, shape, of) for name, shape in shapes.items()}


def _random(rng: random.Random, shape: tuple[int, ...], of: type) -> Any:
    if not shape:
        return rng.randint(-9, 9) if of is int else rng.randint(-20, 20) / 10
    return [_random(rng, shape[1:], of) for _ in range(shape[0])]
