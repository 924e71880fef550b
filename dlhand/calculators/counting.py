"""Counting a network: output sizes, activation sizes, parameters and multiplications of layers.

A network is a list of layers (`Conv`, `Depthwise`, `Pool`, `Dense`, `Recurrent`) behind an input,
an `image` or a `sequence`. `count` declares each number of each layer as a step of its own, with
the names n (side), c (channels), f (filter side), s (stride), p (padding), K (filters), u (units),
A (activation size), P (parameters) and M (multiplications), each followed by the name of its layer.

Source: V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning" (2016);
A. Howard et al., "MobileNets" (2017) for the depthwise layer; K. Greff et al., "LSTM: a search
space odyssey" (2017) for the recurrent ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from dlhand import Derivation, ShapeError, floor
from dlhand.calculators.composing import free_mark
from dlhand.calculators.wanted import each, want_count, want_known, whole_number
from dlhand.operations.quantity import Quantity, constant

Side = int | tuple[int, int]
"""One number for a square, (height, width) for anything else."""


Padding = int | Literal["same"]
"""How many zeros go around the edge; "same" for so many that only the stride makes a side smaller,
as in Keras."""


class Conv(NamedTuple):
    """A convolution: ``filters`` filters of side ``size`` over all channels."""

    name: str
    filters: int
    size: Side
    stride: int = 1
    padding: Padding = 0
    bias: bool = True


class Depthwise(NamedTuple):
    """One filter for each channel, on that channel alone: as many channels come out as go in."""

    name: str
    size: Side
    stride: int = 1
    padding: Padding = 0
    bias: bool = True


class Pool(NamedTuple):
    """Pooling over windows of side ``size``; the stride is the size if not given."""

    name: str
    size: Side
    stride: int | None = None
    padding: Padding = 0


class Dense(NamedTuple):
    """A layer in which each of ``units`` units sees every number that comes in.

    Behind a sequence it serves at each time step, and sees the numbers of that one.
    """

    name: str
    units: int
    bias: bool = True


class Recurrent(NamedTuple):
    """A recurrent layer, as `rnn`, `lstm` or `gru` have it: ``cell`` is the name of one of these.

    A unit has ``biases`` in each weighted sum: 1 in textbooks, and in Keras but for its GRU; 2 in
    PyTorch, and in the GRU of Keras as it is by default (reset_after); 0 for none.
    """

    name: str
    units: int
    cell: Literal["rnn", "lstm", "gru"] = "rnn"
    biases: int = 1
    whole: bool = True
    """Whether the states of all time steps go on, or that of the last one alone."""


Layer = Conv | Depthwise | Pool | Dense | Recurrent
_SUMS = {
    "rnn": (1, ""),
    "lstm": (4, "four times, for three gates and a candidate: "),
    "gru": (3, "three times, for two gates and a candidate: "),
}
"""How many weighted sums a recurrent cell has, and what they are for."""


class Volume(NamedTuple):
    """What one layer hands to the next, and what was counted of that layer."""

    name: str
    sides: tuple[Quantity, ...]
    """The side of a square, or height and width; nothing behind a dense layer."""
    channels: Quantity
    """The number of channels; behind a dense or recurrent layer, of units."""
    activations: Quantity
    parameters: Quantity
    multiplications: Quantity
    steps: Quantity | None = None
    """The number of time steps of a sequence, each with as many numbers as there are channels."""


def image(d: Derivation, size: Side, channels: int, name: str = "") -> Volume:
    """Declare the input: its side n (or height h and width w) and its channels c.

    ``name`` is added to these names, as in n_in, where there is more than one input; what is taken
    is marked further. Raises `GivenError` for sizes that are no positive whole numbers.

    >>> d = Derivation("An image")
    >>> d.value(image(d, 32, 3).activations)
    3072
    """
    _want(size, "size of the input", 1, pair=True)
    _want(channels, "channels", 1)
    words = {"n": "the side of the input", "h": "the height of the input", "w": "and its width"}
    lengths = {"n": size} if isinstance(size, int) else dict(zip("hw", size, strict=True))
    tail = free_mark(d, [*lengths, "c", "A"], f"_{name}" if name else "")
    sides = tuple([_given(d, k + tail, length, words[k]) for k, length in lengths.items()])
    c = _given(d, f"c{tail}", channels, "its channels")
    a = d.step(f"A{tail}", sides[0] * sides[-1] * c, say="how many numbers the input has")
    return Volume(name, sides, c, a, constant(0), constant(0))


def sequence(d: Derivation, length: int, features: int, name: str = "") -> Volume:
    """Declare an input over time: T time steps with d numbers each.

    ``name`` is added to these names, as in T_in, where there is more than one input; what is taken
    is marked further. Raises `GivenError` for sizes that are no positive whole numbers.

    >>> d = Derivation("A sentence")
    >>> (layer,) = count(d, sequence(d, 7, 3), [Recurrent("lstm", 4, "lstm")])
    >>> d.value(layer.parameters), d.value(layer.activations)
    (128, 28)
    """
    _want(length, "length", 1)
    _want(features, "features", 1)
    tail = free_mark(d, ["T", "d", "A"], f"_{name}" if name else "")
    steps = _given(d, f"T{tail}", length, "how many time steps the input has")
    c = _given(d, f"d{tail}", features, "how many numbers each of them has")
    a = d.step(f"A{tail}", steps * c, say="how many numbers the input has")
    return Volume(name, (), c, a, constant(0), constant(0), steps)


def count(d: Derivation, source: Volume, layers: Sequence[Layer]) -> list[Volume]:
    """Append the sizes and counts of ``layers``, one after the other, behind ``source``.

    Returns one `Volume` for each layer. Multiplications are counted without biases; those of
    pooling are 0, and where gates are multiplied with states is not counted. A name that is taken
    gets a mark: conv_2. Raises `GivenError` for a size that is no positive whole number,
    `ShapeError` for a filter that does not fit into what reaches it or a layer that needs an image
    or a sequence behind one that gives none, and `UnknownName` for a cell that there is not.

    >>> d = Derivation("A small network")
    >>> conv, dense = count(d, image(d, 6, 3), [Conv("conv", 5, 3), Dense("out", 10)])
    >>> d.value(conv.sides[0]), d.value(conv.parameters), d.value(conv.multiplications)
    (4, 140, 2160)
    >>> d.value(dense.parameters)
    810
    """
    if not isinstance(layers, (list, tuple)) or isinstance(layers, Layer):
        raise ShapeError(f"layers is {layers!r:.60}; wanted a list of layers")
    if not layers:
        raise ShapeError("layers is empty; wanted at least one layer")
    volumes = []
    for layer in layers:
        _check(d, layer, source)
        layer = layer._replace(name=layer.name + free_mark(d, [f"A_{layer.name}"]))
        d.section(f"Layer {layer.name}")
        source = _append(d, source, layer)
        volumes.append(source)
    return volumes


def _append(d: Derivation, source: Volume, layer: Layer) -> Volume:
    if isinstance(layer, Dense):
        return _dense(d, source, layer)
    if isinstance(layer, Recurrent):
        return _recurrent(d, source, layer)
    return _pool(d, source, layer) if isinstance(layer, Pool) else _conv(d, source, layer)


def side(n: Quantity, f: Quantity, s: Quantity, p: Quantity | None = None) -> Quantity:
    """The side of what a window of side f leaves of a side n: floor((n + 2p - f) / s) + 1.

    >>> d = Derivation("A side")
    >>> d.value(d.step("m", side(*d.givens(n=7, f=3, s=2, p=0))))
    3
    """
    return floor(((n if p is None else n + 2 * p) - f) / s) + 1


def same_side(n: Quantity, s: Quantity) -> Quantity:
    """The side that padding "same" leaves of a side n: n / s, rounded up.

    >>> d = Derivation("A side")
    >>> d.value(d.step("m", same_side(*d.givens(n=7, s=2))))
    4
    """
    return floor((n + s - 1) / s)


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
        _given(d, f"{label}_{name}", length, "the side of its window")
        for label, length in zip(labels, lengths, strict=True)
    ]
    stride = layer.size if layer.stride is None else layer.stride
    s = _given(d, f"s_{name}", stride, "the stride: how far the window moves at a time")
    p = None
    if layer.padding != "same" and not (isinstance(layer, Pool) and layer.padding == 0):
        p = _given(d, f"p_{name}", layer.padding, "how many zeros go around the edge", least=0)
    is_square = len(f) == len(source.sides) == 1
    outs = {"n": "side"} if is_square else {"h": "height", "w": "width"}
    sides = []
    for (label, what), n, window in zip(
        outs.items(), [source.sides[0], source.sides[-1]], [f[0], f[-1]], strict=False
    ):
        say = f"the {what} of what comes out"
        if layer.padding == "same":
            left, say = same_side(n, s), f"{say}: the zeros around the edge leave it to the stride"
        else:
            left = side(n, window, s, p)
        sides.append(d.step(f"{label}_{name}", left, say=say))
        d.require(sides[-1], each(f"the {what} of {name}", lambda x: x >= 1, "at least 1"))
    return _Window(f[0] * f[-1], tuple(sides), sides[0] * sides[-1])


def _given(d: Derivation, name: str, value: Any, say: str, least: int = 1) -> Quantity:
    """Declare a whole number that stays one of at least ``least``."""
    found = d.given(name, value, say=say)
    d.require(found, whole_number(name, least))
    return found


def _pool(d: Derivation, source: Volume, layer: Pool) -> Volume:
    window = _slide(d, source, layer)
    a = d.step(f"A_{layer.name}", window.places * source.channels, say=_ACTIVATIONS)
    p = d.step(f"P_{layer.name}", constant(0), say="pooling has nothing to learn")
    return Volume(layer.name, window.sides, source.channels, a, p, constant(0))


def _conv(d: Derivation, source: Volume, layer: Conv | Depthwise) -> Volume:
    window = _slide(d, source, layer)
    channels, weights = source.channels, window.area
    if isinstance(layer, Conv):
        channels = _given(d, f"K_{layer.name}", layer.filters, "how many filters it has")
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
    u = _given(d, f"u_{layer.name}", layer.units, "how many units it has")
    steps = source.steps
    a = _put_out(d, layer.name, u, steps)
    incoming = source.activations if steps is None else source.channels
    p = d.step(
        f"P_{layer.name}",
        (incoming + 1 if layer.bias else incoming) * u,
        say="parameters: a unit has a weight for each number that comes in"
        + (", and a bias" if layer.bias else ""),
    )
    m = _multiplied(d, layer.name, incoming * u, steps)
    return Volume(layer.name, (), u, a, p, m, steps)


def _recurrent(d: Derivation, source: Volume, layer: Recurrent) -> Volume:
    u = _given(d, f"u_{layer.name}", layer.units, "how many units it has")
    steps = source.steps
    assert steps is not None
    shown = steps if layer.whole else None
    a = _put_out(d, layer.name, u, shown, ", at the last time step")
    sums, often = _SUMS[layer.cell]
    own = source.channels + u
    say = f"parameters: {often}a unit has a weight for each number and each unit"
    say += ("", ", and a bias", ", and two biases")[layer.biases]
    each = own + layer.biases if layer.biases else own
    p = d.step(f"P_{layer.name}", _times(sums, each * u), say=say)
    m = _multiplied(d, layer.name, _times(sums, own * u), steps)
    return Volume(layer.name, (), u, a, p, m, shown)


def _times(many: int, q: Quantity) -> Quantity:
    return q if many == 1 else many * q


def _put_out(
    d: Derivation, name: str, u: Quantity, steps: Quantity | None, otherwise: str = ""
) -> Quantity:
    """Append the activation size: a number for each unit, at each time step if there are any."""
    say = "activation size: each unit puts out one number"
    if steps is None:
        return d.step(f"A_{name}", u * 1, say=say + otherwise)
    return d.step(f"A_{name}", steps * u, say=f"{say} at each time step")


def _multiplied(d: Derivation, name: str, weights: Quantity, steps: Quantity | None) -> Quantity:
    """Append the multiplications: one for each weight, at each time step if there are any."""
    say = "multiplications: one for each weight"
    if steps is None:
        return d.step(f"M_{name}", weights, say=say)
    return d.step(f"M_{name}", weights * steps, say=f"{say} at each time step")


_ACTIVATIONS = "activation size: how many numbers come out"


def _pair(size: Side) -> tuple[int, ...]:
    return (size,) if isinstance(size, int) else size


def _check(d: Derivation, layer: Layer, source: Volume) -> None:
    """One clear error for a layer that cannot be."""
    if not isinstance(layer, (Conv, Depthwise, Pool, Dense, Recurrent)):
        raise ShapeError(f"layers has {layer!r}; wanted Conv, Depthwise, Pool, Dense or Recurrent")
    for field, value in layer._asdict().items():
        is_open = isinstance(layer, Pool) and field == "stride" and value is None
        is_open |= field == "padding" and value == "same"
        if field not in ("name", "bias", "cell", "whole") and not is_open:
            least = 0 if field in ("padding", "biases") else 1
            _want(value, f"{field} of {layer.name}", least, pair=field == "size")
    if isinstance(layer, Dense):
        return
    if isinstance(layer, Recurrent):
        _check_recurrent(layer, source)
        return
    if not source.sides:
        behind = "a dense layer" if source.steps is None else "a sequence"
        raise ShapeError(f"{layer.name} stands behind {behind}; wanted one that has sides")
    if isinstance(layer, Pool) and layer.stride is None and not isinstance(layer.size, int):
        raise ShapeError(f"stride of {layer.name} is not given; wanted one for {layer.size}")
    if layer.padding == "same":
        return
    padding = layer.padding
    have = [int(float(d.value(n))) for n in source.sides]
    lengths = _pair(layer.size)
    room = (have[0] + 2 * padding, have[-1] + 2 * padding)
    if lengths[0] > room[0] or lengths[-1] > room[1]:
        raise ShapeError(
            f"size of {layer.name} is {layer.size}; wanted at most {room[0]} by {room[1]}, "
            "what reaches it with its padding"
        )


def _check_recurrent(layer: Recurrent, source: Volume) -> None:
    want_known(f"cell of {layer.name}", layer.cell, _SUMS)
    want_count(f"biases of {layer.name}", layer.biases, 0, 2)
    if source.steps is None:
        raise ShapeError(f"{layer.name} stands behind no sequence; wanted one, with its time steps")


def _want(value: Any, name: str, least: int, pair: bool = False) -> None:
    """Refuse what is no whole number (or, with ``pair``, no pair of them) of at least ``least``."""
    numbers = value if pair and isinstance(value, tuple) and len(value) == 2 else (value,)
    for number in numbers:
        want_count(name, number, least)
