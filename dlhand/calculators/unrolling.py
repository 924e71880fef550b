"""What all recurrent calculators share: reading sizes, unrolling over time, going back through it.

A cell is a function that appends one time step; `unroll` runs it over a sequence and appends the
loss, backpropagation through time, the update, and a second pass with the new weights.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from dlhand import Derivation, GivenError, ShapeError, UnknownName, total
from dlhand.derivation.entries import Gradient
from dlhand.derivation.pattern import Pattern
from dlhand.numbers.exact import Shape, read_array
from dlhand.operations.quantity import Quantity, apply
from dlhand.operations.scalar import ADD

Weights = Mapping[str, Quantity]
State = tuple[Quantity, ...]
Cell = Callable[[int, Quantity, State, Weights, str], tuple[State, Quantity]]
"""From the time, the input, the state before, the weights and a mark for all names, to the new
state and the output."""


class Plan(NamedTuple):
    """What is done with a sequence, and how it is told."""

    first: int
    rate: Any
    again: bool
    called: Mapping[str, str]
    """What gradients are called, by the name of the quantity, where it is not dE/d..."""
    says: Mapping[str, str]
    """What gradients are in words, by their name without its time."""


def begin(
    title: str, about: str, inputs: Sequence[Any], first: int
) -> tuple[Derivation, list[Quantity]]:
    """A new derivation with the inputs as its first givens."""
    if isinstance(inputs, str) or not hasattr(inputs, "__len__") or not len(inputs):
        raise ShapeError(f"inputs is {inputs!r:.40}; wanted a sequence of at least one input")
    d = Derivation(title, about=about)
    d.section("Given")
    xs: list[Quantity] = []
    for t, x in enumerate(inputs, first):
        xs.append(d.given(f"x_{t}", x))
        if xs[-1].shape != xs[0].shape or len(xs[0].shape) > 1:
            wanted = xs[0].shape if len(xs) > 1 else "a vector or a single number"
            raise ShapeError(f"x_{t} has shape {xs[-1].shape}; wanted {wanted}")
    return d, xs


def units(weights: Mapping[str, Any], name: str) -> Shape:
    """The shape of the state, from the weights that lead from state to state."""
    if name not in weights:
        raise UnknownName(f"weights has no {name!r}; wanted the weights on the state before")
    _, shape = read_array(weights[name], name)
    if shape and (len(shape) != 2 or shape[0] != shape[1]):
        raise ShapeError(f"{name} has shape {shape}; wanted a square matrix or a single number")
    return shape[:1]


def readout(weights: Mapping[str, Any], size: Shape, transposed: bool) -> dict[str, Shape]:
    """The shapes of W_hy and b_y: any number of outputs."""
    if "W_hy" not in weights:
        raise UnknownName("weights has 'b_y' but no 'W_hy'; wanted both or neither")
    _, shape = read_array(weights["W_hy"], "W_hy")
    if transposed:
        shape = shape[::-1]
    outputs = shape[: max(len(shape) - len(size), 0)][:1]
    return {"W_hy": outputs + size, "b_y": outputs}


def declare(
    d: Derivation,
    weights: Mapping[str, Any],
    wanted: Mapping[str, Shape],
    optional: Container[str],
    says: Mapping[str, str] | None = None,
) -> dict[str, Quantity]:
    """Declare the weights in the order of ``wanted``, each of the shape wanted."""
    for name in weights:
        if name not in wanted:
            raise UnknownName(f"weights has {name!r}; wanted only {', '.join(wanted)}")
    found: dict[str, Quantity] = {}
    for name, shape in wanted.items():
        if name not in weights and name not in optional:
            raise UnknownName(f"weights has no {name!r}; wanted {', '.join(wanted)}")
        if name in weights:
            given = found[name] = d.given(name, weights[name], say=(says or {}).get(name, ""))
            if given.shape != shape:
                raise ShapeError(f"{name} has shape {given.shape}; wanted {shape}")
    return found


def declare_gates(
    d: Derivation,
    weights: Mapping[str, Any],
    gates: Iterable[str],
    size: Shape,
    input_shape: Shape,
    kinds: tuple[str, str] = ("W", "U"),
) -> dict[str, Quantity]:
    """Declare W_k, U_k and b_k of each gate k; the biases may be left out, but only all of them.

    ``kinds`` are the names of W and U.
    """
    W, U = kinds
    shapes = {W: size + input_shape, U: size + size, "b": size}
    wanted = {f"{kind}_{gate}": shapes[kind] for gate in gates for kind in shapes}
    biases = [f"b_{gate}" for gate in gates]
    return declare(d, weights, wanted, optional=() if set(biases) & set(weights) else biases)


def initial(d: Derivation, name: str, value: Any, size: Shape) -> Quantity:
    """The state before the first step: zeros, if no other is given."""
    if value is None:
        value = [0] * size[0] if size else 0
    given = d.given(name, value, say="before the first step")
    if given.shape != size:
        raise ShapeError(f"{name} has shape {given.shape}; wanted {size}")
    return given


def times(w: Quantity, x: Quantity) -> Quantity:
    """Weights times a vector, or times a single number."""
    return w @ x if x.shape else w * x


def add(*terms: Quantity | None) -> Quantity:
    """A sum without the terms that are missing."""
    present = [term for term in terms if term is not None]
    return apply(ADD, *present) if len(present) > 1 else present[0]


def unroll(
    d: Derivation,
    cell: Cell,
    xs: Sequence[Quantity],
    start: State,
    w: dict[str, Quantity],
    targets: Sequence[Any] | None,
    how: Plan,
) -> Derivation:
    """Forward through time and, where there are targets, all that follows from them."""
    if how.rate is not None and targets is None:
        raise GivenError("rate is given but no targets; wanted both, or no rate")
    if how.again and how.rate is None:
        raise GivenError("again is true but there is no rate; wanted both, or neither")
    labels = _labels(d, targets, len(xs), how.first)
    rate = None if how.rate is None else d.given("lambda", how.rate, say="the learning rate")
    forward = partial(_forward, d, cell, xs, start, labels, how.first)
    loss = forward(w)
    if loss is None:
        return d
    last = max(t for t, label in enumerate(labels) if label is not None)
    gradients = _backward(d, loss, xs[: last + 1], start, w, how)
    if rate is not None:
        d.section("Update")
        new = {
            name: d.step(f"{name}'", q - rate * gradients[q], say="one step against the gradient")
            for name, q in w.items()
        }
        if how.again:
            after = forward(new, "'")
            assert after is not None
            d.step("G", loss - after, say="how much smaller the loss has become")
    return d


def _labels(
    d: Derivation, targets: Sequence[Any] | None, length: int, first: int
) -> list[Quantity | None]:
    if targets is None:
        return [None] * length
    if len(targets) != length:
        raise ShapeError(
            f"targets has {len(targets)} entries; wanted {length}, one for each input (None for "
            "no loss at that step)"
        )
    if all(target is None for target in targets):
        raise ShapeError("targets has only None; wanted at least one target")
    return [
        None if target is None else d.given(f"label_{t}", target)
        for t, target in enumerate(targets, first)
    ]


def _forward(
    d: Derivation,
    cell: Cell,
    xs: Sequence[Quantity],
    state: State,
    labels: Sequence[Quantity | None],
    first: int,
    w: Weights,
    mark: str = "",
) -> Quantity | None:
    """All time steps and the loss, which is None where there is no label."""
    losses: list[Quantity] = []
    several = sum(label is not None for label in labels) > 1
    new = " with the new weights" if mark else ""
    like: _TimeStep | None = None
    for t, (x, label) in enumerate(zip(xs, labels, strict=True), first):
        d.section(f"Forward @ t={t}{new}")
        if like is None or t == first + 1 or not like.fits(label):  # the first may be another
            like = _TimeStep(d, cell, t, x, state, label, w, mark, several)
            state, loss = like.state, like.loss
        else:
            state, loss = like.again(t, x, state, label)
        if loss is not None:
            losses.append(loss)
    if not several:
        return losses[0] if losses else None
    d.section(f"Loss{new}")
    return d.step(f"E{mark}", add(*losses), say="the whole loss: the sum over time")


class _TimeStep:
    """One time step of a cell with its loss, to be repeated with other quantities."""

    def __init__(
        self,
        d: Derivation,
        cell: Cell,
        t: int,
        x: Quantity,
        before: State,
        label: Quantity | None,
        w: Weights,
        mark: str,
        several: bool,
    ) -> None:
        first, time = len(d.entries), f"{t}{mark}"
        self.state, output = cell(t, x, before, w, mark)
        self.loss: Quantity | None = None
        if label is not None:
            self.loss = _loss(d, f"E_{time}" if several else f"E{mark}", output, label)
        steps = d.entries[first:]
        self.pattern = Pattern(d, steps, [d[q] for q in _inputs(x, before, label)])
        self.results = [d[q].index - first for q in (*self.state, self.loss) if q is not None]
        self.mark = mark
        self.end = len(time)

    def fits(self, label: Quantity | None) -> bool:
        """Whether a time step with this label has the same steps."""
        return (label is None) == (self.loss is None)

    def again(
        self, t: int, x: Quantity, before: State, label: Quantity | None
    ) -> tuple[State, Quantity | None]:
        """The same at another time: the new state and the loss."""
        end, new = self.end, f"{t}{self.mark}"
        inputs: Any = _inputs(x, before, label)
        steps = self.pattern.again(inputs, lambda name: name[:-end] + new)
        found = [steps[k] for k in self.results]
        return tuple(found[: len(before)]), None if label is None else found[-1]


def _inputs(x: Quantity, before: State, label: Quantity | None) -> list[Quantity]:
    """What a time step uses that the next one has another of."""
    return [x, *before] if label is None else [x, *before, label]


def _loss(d: Derivation, name: str, output: Quantity, label: Quantity) -> Quantity:
    if output.shape != label.shape:
        raise ShapeError(f"{d[label].name} has shape {label.shape}; wanted {output.shape}")
    square = (output - label) ** 2
    return d.step(name, (total(square) if square.shape else square) / 2,
                  say="half the squared distance from the target")  # fmt: skip


def _backward(
    d: Derivation,
    loss: Quantity,
    xs: Sequence[Quantity],
    start: State,
    w: Weights,
    how: Plan,
) -> dict[Quantity, Quantity]:
    """Backpropagation through time, last step first, and then the gradients of the weights."""
    first = len(d.entries)
    found = d.backward(loss, [*xs, *start], names=how.called, last=list(w.values()))
    late = len(d.entries) - len(w)
    section, title = "", "Backward"
    for entry in d.entries[first:late]:
        assert isinstance(entry, Gradient)
        name, place = entry.wrt.name, d.entries[entry.wrt.index].section
        if name[0] == "y":
            section, title = "", "Backward from the loss to the outputs"
        elif place is not section and place.startswith("Forward"):
            section = place  # a gradient goes where its quantity was declared
            title = section.replace("Forward", "Backward")
        entry.section = title
        entry.say = how.says.get(entry.name.rpartition("_")[0], "")
    for entry in d.entries[late:]:
        entry.section = "Gradients of the weights" + ("" if len(xs) == 1 else ", summed over time")
    return found
