"""Counting a network: output sizes, activation sizes, parameters and multiplications of layers.

A network is a list of layers (`Conv`, `Depthwise`, `Pool`, `Dense`) behind an input. `count`
declares each number of each layer as a step of its own, with the names n (side), c (channels),
f (filter side), s (stride), p (padding), K (filters), u (units), A (activation size),
P (parameters) and M (multiplications), each followed by the name of its layer.

Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016);
A. Howard et al., "MobileNets" (2017) for the depthwise layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dlhand import Derivation, ShapeError, floor
from dlhand.operations.quantity import Quantity, constant

Side = int | tuple[int, int]
"""One number for a square, (height, width) for anything else."""


class Conv(NamedTuple):
    """A convolution: ``filters`` filters of side ``size`` over all channels."""

    name: str
    filters: int
    size: Side
    stride: int = 1
    padding: int = 0
    bias: bool = True


class Depthwise(NamedTuple):
    """One filter for each channel, on that channel alone: as many channels come out as go in."""

    name: str
    size: Side
    stride: int = 1
    padding: int = 0
    bias: bool = True


class Pool(NamedTuple):
    """Pooling over windows of side ``size``; the stride is the size if not given."""

    name: str
    size: Side
    stride: int | None = None


class Dense(NamedTuple):
    """A layer in which each of ``units`` units sees every number that comes in."""

    name: str
    units: int
    bias: bool = True


Layer = Conv | Depthwise | Pool | Dense


class Volume(NamedTuple):
    """What one layer hands to the next, and what was counted of that layer."""

    name: str
    sides: tuple[Quantity, ...]
    """The side of a square, or height and width; nothing behind a dense layer."""
    channels: Quantity
    """The number of channels; behind a dense layer, of units."""
    activations: Quantity
    parameters: Quantity
    multiplications: Quantity


def image(d: Derivation, size: Side, channels: int, name: str = "") -> Volume:
    """Declare the input: its side n (or height h and width w) and its channels c.

    ``name`` is added to these names, as in n_in, where there is more than one input. Raises
    `ShapeError` for sizes that are no positive whole numbers.

    >>> d = Derivation("An image")
    >>> d.value(image(d, 32, 3).activations)
    3072
    """
    _want(size, "size of the input", 1, pair=True)
    _want(channels, "channels", 1)
    words = {"n": "the side of the input", "h": "the height of the input", "w": "and its width"}
    lengths = {"n": size} if isinstance(size, int) else dict(zip("hw", size, strict=True))
    tail = f"_{name}" if name else ""
    sides = tuple([d.given(k + tail, length, say=words[k]) for k, length in lengths.items()])
    c = d.given(f"c{tail}", channels, say="its channels")
    a = d.step(f"A{tail}", sides[0] * sides[-1] * c, say="how many numbers the input has")
    return Volume(name, sides, c, a, constant(0), constant(0))


def count(d: Derivation, source: Volume, layers: Sequence[Layer]) -> list[Volume]:
    """Append the sizes and counts of ``layers``, one after the other, behind ``source``.

    Returns one `Volume` for each layer. Multiplications are counted without biases; those of
    pooling are 0. Raises `ShapeError` for a size that is no positive whole number, a filter that
    does not fit into what reaches it, or a layer that needs an image behind a dense one.

    >>> d = Derivation("A small network")
    >>> conv, dense = count(d, image(d, 6, 3), [Conv("conv", 5, 3), Dense("out", 10)])
    >>> d.value(conv.sides[0]), d.value(conv.parameters), d.value(conv.multiplications)
    (4, 140, 2160)
    >>> d.value(dense.parameters)
    810
    """
    if not layers:
        raise ShapeError("layers is empty; wanted at least one layer")
    volumes = []
    for layer in layers:
        _check(d, layer, source)
        d.section(f"Layer {layer.name}")
        source = _append(d, source, layer)
        volumes.append(source)
    return volumes


def _append(d: Derivation, source: Volume, layer: Layer) -> Volume:
    if isinstance(layer, Dense):
        return _dense(d, source, layer)
    return _pool(d, source, layer) if isinstance(layer, Pool) else _conv(d, source, layer)


def side(n: Quantity, f: Quantity, s: Quantity, p: Quantity | None = None) -> Quantity:
    """The side of what a window of side f leaves of a side n: floor((n + 2p - f) / s) + 1.

    >>> d = Derivation("A side")
    >>> d.value(d.step("m", side(*d.givens(n=7, f=3, s=2, p=0))))
    3
    """
    return floor(((n if p is None else n + 2 * p) - f) / s) + 1


class _Window(NamedTuple):
    """How a layer's window slides over an image."""

    area: Quantity
    """How many entries of a channel it covers."""
    sides: tuple[Quantity, ...]
    places: Quantity
    """How many positions it takes."""


def _slide(d: Derivation, source: Volume, layer: Conv | Depthwise | Pool) -> _Window:
    """The window's side, stride and padding, and how many places it takes."""
    name, lengths = layer.name, _pair(layer.size)
    labels = ("f",) if len(lengths) == 1 else ("fh", "fw")
    f = [
        d.given(f"{label}_{name}", length, say="the side of its window")
        for label, length in zip(labels, lengths, strict=True)
    ]
    stride = layer.size if layer.stride is None else layer.stride
    s = d.given(f"s_{name}", stride, say="the stride: how far the window moves at a time")
    p = None
    if not isinstance(layer, Pool):
        p = d.given(f"p_{name}", layer.padding, say="how many zeros go around the edge")
    is_square = len(f) == len(source.sides) == 1
    outs = {"n": "side"} if is_square else {"h": "height", "w": "width"}
    sides = tuple(
        d.step(f"{label}_{name}", side(n, window, s, p), say=f"the {what} of what comes out")
        for (label, what), n, window in zip(
            outs.items(), [source.sides[0], source.sides[-1]], [f[0], f[-1]], strict=False
        )
    )
    return _Window(f[0] * f[-1], sides, sides[0] * sides[-1])


def _pool(d: Derivation, source: Volume, layer: Pool) -> Volume:
    window = _slide(d, source, layer)
    a = d.step(f"A_{layer.name}", window.places * source.channels, say=_ACTIVATIONS)
    p = d.step(f"P_{layer.name}", constant(0), say="pooling has nothing to learn")
    return Volume(layer.name, window.sides, source.channels, a, p, constant(0))


def _conv(d: Derivation, source: Volume, layer: Conv | Depthwise) -> Volume:
    window = _slide(d, source, layer)
    channels, weights = source.channels, window.area
    if isinstance(layer, Conv):
        channels = d.given(f"K_{layer.name}", layer.filters, say="how many filters it has")
        weights = weights * source.channels
    a = d.step(f"A_{layer.name}", window.places * channels, say=_ACTIVATIONS)
    each = "the weights of a filter and its bias" if layer.bias else "the weights of a filter"
    many = "filters" if isinstance(layer, Conv) else "channels, each with its own filter"
    p = d.step(
        f"P_{layer.name}",
        (weights + 1 if layer.bias else weights) * channels,
        say=f"parameters: {each}, times the number of {many}",
    )
    m = d.step(
        f"M_{layer.name}",
        weights * window.places * channels,
        say=f"multiplications: the weights of a filter, times its places, times the {many}",
    )
    return Volume(layer.name, window.sides, channels, a, p, m)


def _dense(d: Derivation, source: Volume, layer: Dense) -> Volume:
    u = d.given(f"u_{layer.name}", layer.units, say="how many units it has")
    a = d.step(f"A_{layer.name}", u * 1, say="activation size: each unit puts out one number")
    incoming = source.activations
    p = d.step(
        f"P_{layer.name}",
        (incoming + 1 if layer.bias else incoming) * u,
        say="parameters: a unit has a weight for each number that comes in"
        + (", and a bias" if layer.bias else ""),
    )
    m = d.step(f"M_{layer.name}", incoming * u, say="multiplications: one for each weight")
    return Volume(layer.name, (), u, a, p, m)


_ACTIVATIONS = "activation size: how many numbers come out"


def _pair(size: Side) -> tuple[int, ...]:
    return (size,) if isinstance(size, int) else size


def _check(d: Derivation, layer: Layer, source: Volume) -> None:
    """One clear error for a layer that cannot be."""
    if not isinstance(layer, (Conv, Depthwise, Pool, Dense)):
        raise ShapeError(f"layers has {layer!r}; wanted Conv, Depthwise, Pool or Dense")
    for field, value in layer._asdict().items():
        if field not in ("name", "bias") and value is not None:
            pair = field == "size"
            _want(value, f"{field} of {layer.name}", 0 if field == "padding" else 1, pair)
    if isinstance(layer, Dense):
        return
    if not source.sides:
        raise ShapeError(f"{layer.name} stands behind a dense layer; wanted one that has sides")
    if isinstance(layer, Pool) and layer.stride is None and not isinstance(layer.size, int):
        raise ShapeError(f"stride of {layer.name} is not given; wanted one for {layer.size}")
    padding = 0 if isinstance(layer, Pool) else layer.padding
    have = [int(float(d.value(n))) for n in source.sides]
    lengths = _pair(layer.size)
    room = (have[0] + 2 * padding, have[-1] + 2 * padding)
    if lengths[0] > room[0] or lengths[-1] > room[1]:
        raise ShapeError(
            f"size of {layer.name} is {layer.size}; wanted at most {room[0]} by {room[1]}, "
            "what reaches it with its padding"
        )


def _want(value: Any, name: str, least: int, pair: bool = False) -> None:
    """Refuse what is no whole number (or, with ``pair``, no pair of them) of at least ``least``."""
    numbers = value if pair and isinstance(value, tuple) and len(value) == 2 else (value,)
    for number in numbers:
        if not isinstance(number, int) or isinstance(number, bool) or number < least:
            raise ShapeError(f"{name} is {value!r}; wanted a whole number of at least {least}")
