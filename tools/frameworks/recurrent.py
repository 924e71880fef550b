"""Recurrent networks of PyTorch and Keras, with softmax and cross-entropy at each time step.

Three time steps, a batch of one, one and two layers: the scores, the loss, and all its gradients,
in the layout that the framework has for weights. And how many parameters their layers have.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import count, pairwise
from typing import Any

import keras
import torch

STEPS, INPUTS, CLASSES = 3, 2, 3
TARGETS = [[1.0, 0.0, 0.0], [0.25, 0.5, 0.25], [0.0, 0.0, 1.0]]
UNITS = {"pytorch": (3, 3), "keras": (3, 2)}
"""Of the first layer and the second; PyTorch stacks layers of one size only."""
GATES = {"rnn": 1, "lstm": 4, "gru": 3}
STATES = {"rnn": ("h",), "lstm": ("h", "c"), "gru": ("h",)}
TORCH: dict[str, Any] = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
KERAS: dict[str, Any] = {
    "rnn": keras.layers.SimpleRNN,
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
}
PRECISE, SINGLE = 1e-11, 1e-6
"""What values may differ by, beside the largest. Keras multiplies matrices in 32 bits on PyTorch,
even in layers of 64, where it does not leave the whole layer to PyTorch."""

Shapes = Callable[[int, int], dict[str, tuple[int, ...]]]
"""From the numbers that reach a layer and its units to the shapes of its weights."""
Run = Callable[[dict[str, Any]], torch.Tensor]
"""From inputs, starts and weights to the states of the last layer, a row for each time step."""


def _random(rng: random.Random, *shape: int) -> Any:
    if not shape:
        return rng.randint(-12, 12) / 10
    return [_random(rng, *shape[1:]) for _ in range(shape[0])]


def _numbers(rng: random.Random, cell: str, units: tuple[int, ...], shapes: Shapes) -> Any:
    return {
        "x": _random(rng, STEPS, INPUTS),
        "layers": [
            {key: _random(rng, *shape) for key, shape in shapes(d, n).items()}
            for d, n in pairwise((INPUTS, *units))
        ],
        "starts": [{key: _random(rng, n) for key in STATES[cell]} for n in units],
        "W_hy": _random(rng, CLASSES, units[-1]),
        "b_y": _random(rng, CLASSES),
    }


def _each(numbers: Any, f: Callable[[Any], Any]) -> Any:
    """The same mappings, and lists of mappings, with f of every array in them."""
    if isinstance(numbers, dict):
        return {name: _each(value, f) for name, value in numbers.items()}
    if isinstance(numbers, list) and isinstance(numbers[0], dict):
        return [_each(layer, f) for layer in numbers]
    return f(numbers)


def _arrays(numbers: Any) -> Iterator[Any]:
    if isinstance(numbers, dict):
        numbers = list(numbers.values())
    for value in numbers:
        if isinstance(value, torch.Tensor):
            yield value
        else:
            yield from _arrays(value)


def _solved(name: str, cell: str, units: tuple[int, ...], shapes: Shapes, run: Run) -> Any:
    """A random problem on which every array has a gradient, a relu not being 0 throughout."""
    for attempt in count():
        numbers = _numbers(random.Random(f"{name} {attempt}"), cell, units, shapes)
        t = _each(numbers, lambda a: torch.tensor(a, dtype=torch.float64, requires_grad=True))
        scores = run(t) @ t["W_hy"].T + t["b_y"]
        targets = torch.tensor(TARGETS, dtype=torch.float64)
        loss = torch.nn.functional.cross_entropy(scores, targets, reduction="sum")
        torch.autograd.backward(loss)
        if all(a.grad.count_nonzero() for a in _arrays(t)):
            break
    return {
        "inputs": numbers | {"targets": TARGETS},
        "scores": scores.tolist(),
        "loss": loss.item(),
        "gradients": _each(t, lambda a: a.grad.tolist()),
    }


def pytorch(name: str, cell: str, layers: int, **options: Any) -> Any:
    """One module with all layers; the names of its weights are those of its first layer."""

    def shapes(d: int, n: int) -> dict[str, tuple[int, ...]]:
        rows = GATES[cell] * n
        return {
            "weight_ih_l0": (rows, d),
            "weight_hh_l0": (rows, n),
            "bias_ih_l0": (rows,),
            "bias_hh_l0": (rows,),
        }

    def run(t: dict[str, Any]) -> torch.Tensor:
        weights = {
            f"{key[:-1]}{k}": value
            for k, layer in enumerate(t["layers"])
            for key, value in layer.items()
        }
        before = [torch.stack([start[key] for start in t["starts"]]) for key in STATES[cell]]
        given = (t["x"], tuple(before) if cell == "lstm" else before[0])
        n = UNITS["pytorch"][0]
        module = TORCH[cell](INPUTS, n, num_layers=layers, dtype=torch.float64, **options)
        states: torch.Tensor = torch.func.functional_call(module, weights, given)[0]
        return states

    return _solved(name, cell, UNITS["pytorch"][:layers], shapes, run)


def in_keras(name: str, cell: str, layers: int, **options: Any) -> Any:
    """Layers one above the other, their variables taken from the problem."""
    has_two_biases = cell == "gru" and options.get("reset_after", True)

    def shapes(d: int, n: int) -> dict[str, tuple[int, ...]]:
        columns = GATES[cell] * n
        bias = (2, columns) if has_two_biases else (columns,)
        return {"kernel": (d, columns), "recurrent_kernel": (n, columns), "bias": bias}

    def run(t: dict[str, Any]) -> torch.Tensor:
        states = t["x"][None]
        for weights, start in zip(t["layers"], t["starts"], strict=True):
            n = weights["recurrent_kernel"].shape[0]
            layer = KERAS[cell](n, return_sequences=True, dtype="float64", **options)
            layer.build(states.shape)
            variables = {variable.name: variable for variable in layer.variables}
            before = [start[key][None] for key in STATES[cell]]
            with keras.StatelessScope([(variables[key], value) for key, value in weights.items()]):
                states = layer(states, initial_state=before if cell == "lstm" else before[0])
        found: torch.Tensor = states[0]
        return found

    return _solved(name, cell, UNITS["keras"][:layers], shapes, run)


def _count_pytorch(cell: str, bias: bool) -> int:
    layer = TORCH[cell](INPUTS, UNITS["pytorch"][0], bias=bias)
    return sum(q.numel() for q in layer.parameters())


def _count_keras(cell: str, **options: Any) -> int:
    layer = KERAS[cell](UNITS["keras"][0], **options)
    layer.build((1, STEPS, INPUTS))
    return int(layer.count_params())


def counts() -> dict[str, Any]:
    """The parameters of a layer, with how many biases a unit has in each weighted sum."""
    found = []
    for cell in GATES:
        found += [
            ("pytorch", cell, 2, _count_pytorch(cell, True)),
            ("pytorch", cell, 0, _count_pytorch(cell, False)),
            ("keras", cell, 0, _count_keras(cell, use_bias=False)),
        ]
    found += [("keras", cell, 1, _count_keras(cell)) for cell in ("rnn", "lstm")]
    found += [
        ("keras", "gru", 2, _count_keras("gru")),
        ("keras", "gru", 1, _count_keras("gru", reset_after=False)),
    ]
    keys = ("framework", "cell", "biases", "parameters")
    layers = [dict(zip(keys, row, strict=True)) for row in found]
    return {"features": INPUTS, "units": UNITS["keras"][0], "layers": layers}


AFTER = {"z_weighs": "old", "reset": "after"}
BEFORE = {"z_weighs": "old", "reset": "before"}
KINDS: list[tuple[str, str, dict[str, str], dict[str, Any], float]] = [
    ("pytorch", "rnn", {"activation": "tanh"}, {"nonlinearity": "tanh"}, PRECISE),
    ("pytorch", "rnn", {"activation": "relu"}, {"nonlinearity": "relu"}, PRECISE),
    ("pytorch", "lstm", {}, {}, PRECISE),
    ("pytorch", "gru", AFTER, {}, PRECISE),
    ("keras", "rnn", {"activation": "tanh"}, {"activation": "tanh"}, SINGLE),
    ("keras", "rnn", {"activation": "relu"}, {"activation": "relu"}, SINGLE),
    ("keras", "lstm", {}, {}, PRECISE),
    ("keras", "gru", AFTER, {}, PRECISE),
    ("keras", "gru", BEFORE, {"reset_after": False}, SINGLE),
]
"""Framework, cell, our options for it and theirs, and how near the values are."""


def cases() -> dict[str, Any]:
    """By name: the cell and our options, the problem in the framework's layout, its results."""
    keras.config.set_floatx("float64")
    found: dict[str, Any] = {"counts": counts()}
    for framework, cell, ours, theirs, tolerance in KINDS:
        for layers in (1, 2):
            name = " ".join([framework, cell, *ours.values(), str(layers)])
            solve = pytorch if framework == "pytorch" else in_keras
            found[name] = {
                "framework": framework,
                "cell": cell,
                "options": ours,
                "call": f"{'torch.nn' if framework == 'pytorch' else 'keras.layers'}, {theirs}",
                "tolerance": tolerance,
                **solve(name, cell, layers, **theirs),
            }
    return found
