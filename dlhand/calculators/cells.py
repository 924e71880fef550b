"""What recurrent layers are given: inputs, starts, and weights by name, stacked or joined.

`declare` reads the weights of one layer, each of the shape that the others want, and declares
them. Names in a network of several layers have the number of the layer in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from dlhand import Derivation, ShapeError, UnknownName
from dlhand.calculators.composing import zeros
from dlhand.calculators.wanted import want_list, want_mapping
from dlhand.derivation.entries import Entry
from dlhand.numbers.exact import Shape, nested, read_array
from dlhand.operations.quantity import Quantity
from dlhand.operations.table import size

Stack = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""The weights of a layer by their names, or a list of these, the lowest layer first."""


def numbered(name: str, layer: str) -> str:
    """A name with the number of its layer behind the first letter or word.

    >>> numbered("W_xh", "2"), numbered("h", "")
    ('W2_xh', 'h')
    """
    if not layer:
        return name
    head, bar, rest = name.partition("_")
    return f"{head}{layer}{bar}{rest}"


class Sum(NamedTuple):
    """A weighted sum in a cell, by the names of its weights on the input and on the state."""

    W: str
    U: str
    biases: tuple[str, ...]


class Layer(NamedTuple):
    """A layer that has been declared."""

    number: str
    """Nothing where there is one layer alone."""
    weights: Mapping[str, Quantity]
    """By the names that the cell has for them."""
    units: Shape
    """The shape of a state."""
    outputs: Shape
    """The shape of what is read off a state."""


def declare(
    d: Derivation,
    where: str,
    weights: Mapping[str, Any],
    sums: Sequence[Sum],
    reaching: Shape,
    number: str,
    says: Mapping[str, str],
    *,
    is_last: bool,
) -> Layer:
    """Declare the weights of a layer that numbers of the shape ``reaching`` come to.

    Those of the last layer may have W_hy and b_y with them. ``where`` is what the weights are
    called in errors; ``says`` has the weights in words. Raises `ShapeError` for a weight that does
    not fit, `UnknownName` for one too many or missing.
    """
    weights = _taken_apart(weights, sums, reaching)
    units = _units(where, weights, sums[0], number)
    wanted, outputs = _shapes(sums, reaching, units), units
    if is_last and ("W_hy" in weights or "b_y" in weights):
        outputs = _outputs(where, weights, units)
        wanted |= {"W_hy": outputs + units, "b_y": outputs}
    biases = {bias for part in sums for bias in part.biases}
    _want(where, weights, wanted, {"b_y"} if biases & set(weights) else {"b_y", *biases})
    found: dict[str, Quantity] = {}
    for name, shape in wanted.items():
        if name in weights:
            called = name if name in _OUTPUT else numbered(name, number)
            found[name] = shaped(d.given(called, weights[name], say=says.get(name, "")), shape)
    return Layer(number, found, units, outputs)


_OUTPUT = ("W_hy", "b_y")
"""The output layer, which is there once and has no number."""


def _shapes(sums: Sequence[Sum], reaching: Shape, units: Shape) -> dict[str, Shape]:
    wanted: dict[str, Shape] = {}
    for part in sums:
        wanted |= {part.W: units + reaching, part.U: units + units}
        wanted |= dict.fromkeys(part.biases, units)
    return wanted


def by_layer(weights: Stack) -> dict[str, Mapping[str, Any]]:
    """The weights of each layer, by what they are called in errors."""
    if isinstance(weights, Mapping):
        return {"weights": weights}
    if not isinstance(weights, list | tuple):
        raise ShapeError(
            f"weights is {weights!r:.60}; wanted a mapping of weights by name, or a list of them"
        )
    want_list("weights", weights, "mappings of weights by name")
    for k, layer in enumerate(weights):
        want_mapping(f"weights[{k}]", layer, "weights by name")
    return {f"weights[{k}]": layer for k, layer in enumerate(weights)}


def starts_by_layer(name: str, value: Any, weights: Stack) -> Sequence[Any]:
    """What a state is before the first step, for each layer."""
    if isinstance(weights, Mapping):
        return [value]
    if value is None:
        return [None] * len(weights)
    want_list(name, value, "starts, one for each layer", len(weights))
    return value  # type: ignore[no-any-return]


def inputs_over_time(d: Derivation, inputs: Sequence[Any], first: int) -> list[Quantity]:
    """Declare the inputs, all of one shape, as x_t from the time ``first`` on."""
    want_list("inputs", inputs, "inputs")
    xs: list[Quantity] = []
    for t, x in enumerate(inputs, first):
        xs.append(d.given(f"x_{t}", x))
        if xs[-1].shape != xs[0].shape or len(xs[0].shape) > 1:
            wanted = xs[0].shape if len(xs) > 1 else "a vector or a single number"
            raise ShapeError(f"x_{t} has shape {xs[-1].shape}; wanted {wanted}")
    return xs


def split_columns(name: str, value: Any, order: Literal["xh", "hx"] = "xh") -> tuple[Any, Any]:
    """The weights on the input and on the state, out of a matrix on both joined.

    It has a row for each of n units, and n columns for the state; a vector is that of a single
    number. Raises `ShapeError` where there is nothing left for an input.

    >>> split_columns("W_a", [[1, 2, 3], [4, 5, 6]]) == ([[1], [4]], [[2, 3], [5, 6]])
    True
    """
    flat, shape = read_array(value, name)
    rows = nested(flat, shape) if len(shape) > 1 else [list(flat)]
    n, width = len(rows), len(rows[0]) if len(shape) < 3 else 0
    if width <= n:
        raise ShapeError(
            f"{name} has shape {shape}; wanted n rows of more than n numbers, those on the input "
            "joined with n on the state"
        )
    cut = width - n if order == "xh" else n
    parts = [[row[:cut] for row in rows], [row[cut:] for row in rows]]
    on_input, on_state = parts if order == "xh" else reversed(parts)
    return (on_input, on_state) if len(shape) > 1 else (on_input[0], on_state[0][0])


def _taken_apart(
    weights: Mapping[str, Any], sums: Sequence[Sum], reaching: Shape
) -> Mapping[str, Any]:
    """The weights; where there are only joined ones, on [x, h], each made into two."""
    if any(part.U in weights or part.W not in weights for part in sums):
        return weights
    apart: dict[str, Any] = {}
    for part in sums:
        _, shape = read_array(weights[part.W], part.W)
        units = shape[0] if len(shape) == 2 else 1
        if len(shape) not in (1, 2) or shape[-1] != size(reaching) + units:
            return weights
        on_input, on_state = split_columns(part.W, weights[part.W])
        if not reaching:  # a single number has one weight to each unit
            flat, _ = read_array(on_input)
            on_input = flat if len(shape) == 2 else flat[0]
        apart |= {part.W: on_input, part.U: on_state}
    return {**weights, **apart}


def _units(where: str, weights: Mapping[str, Any], part: Sum, number: str) -> Shape:
    """The shape of the state, from the weights that lead from state to state."""
    name = part.U
    if name not in weights:
        raise UnknownName(
            f"{where} has no {name!r}; wanted the weights on the state before, or {part.W!r} "
            "joined with them"
        )
    called = numbered(name, number)
    _, shape = read_array(weights[name], called)
    if shape and (len(shape) != 2 or shape[0] != shape[1]):
        raise ShapeError(f"{called} has shape {shape}; wanted a square matrix or a single number")
    return shape[:1]


def _outputs(where: str, weights: Mapping[str, Any], units: Shape) -> Shape:
    """The shape of the outputs, from W_hy: any number of them."""
    if "W_hy" not in weights:
        raise UnknownName(f"{where} has 'b_y' but no 'W_hy'; wanted both or neither")
    _, shape = read_array(weights["W_hy"], "W_hy")
    return shape[: max(len(shape) - len(units), 0)][:1]


def _want(
    where: str, weights: Mapping[str, Any], wanted: Mapping[str, Shape], optional: set[str]
) -> None:
    """Refuse a weight too many or missing."""
    for name in weights:
        if name not in wanted:
            raise UnknownName(f"{where} has {name!r}; wanted only {', '.join(wanted)}")
    for name in wanted:
        if name not in weights and name not in optional:
            raise UnknownName(f"{where} has no {name!r}; wanted {', '.join(wanted)}")


def initial(d: Derivation, name: str, value: Any, units: Shape) -> Quantity:
    """The state before the first step: zeros, if no other is given."""
    value = zeros(units) if value is None else value
    return shaped(d.given(name, value, say="before the first step"), units)


def shaped(entry: Entry, shape: Shape) -> Entry:
    """A given or step, if it has the shape wanted."""
    if entry.shape != shape:
        raise ShapeError(f"{entry.name} has shape {entry.shape}; wanted {shape}")
    return entry
