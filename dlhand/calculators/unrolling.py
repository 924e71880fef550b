"""What all recurrent calculators share: reading sizes, unrolling over time, going back through it.

A `Cell` says which weights and states a recurrent layer has and what it does in one time step;
`unroll` runs it over a sequence and appends the output layer and the loss, backpropagation
through time, the update, and a second pass with the new weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from dlhand import Derivation, GivenError, ShapeError, UnknownName
from dlhand.calculators.activations import (
    Activation,
    Loss,
    activation_of,
    check_target,
    loss_behind,
)
from dlhand.derivation.entries import Entry, Gradient
from dlhand.derivation.model import nested
from dlhand.derivation.pattern import Pattern
from dlhand.numbers.exact import Shape, read_array
from dlhand.operations.quantity import Quantity, apply
from dlhand.operations.scalar import ADD
from dlhand.operations.table import size

Stack = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""The weights of a layer by their names, or a list of these, the lowest layer first."""
Weights = Mapping[str, Quantity]
State = tuple[Quantity, ...]


class At(NamedTuple):
    """A place in an unrolled network: called with a letter it gives the name of a step there.

    >>> At(2, "'")("z_a"), At(2, "'", "1")("z_a")
    ("z_a_2'", "z1_a_2'")
    """

    time: int | str
    mark: str = ""
    layer: str = ""
    """Its number; nothing where there is one layer alone."""

    def __call__(self, letter: str) -> str:
        """The name of a step at this place."""
        return f"{numbered(letter, self.layer)}_{self.time}{self.mark}"


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


class Naming(NamedTuple):
    """How gradients are told where it is not as dE/d... without words."""

    called: Mapping[str, str] = {}
    """What gradients are called, by the name of the quantity."""
    says: Mapping[str, str] = {}
    """What gradients are in words, by their name without its time."""


class Cell(NamedTuple):
    """A recurrent layer: what it has, and what it does in one time step."""

    sums: Sequence[Sum]
    states: Sequence[str]
    """What the states are called; the first one is what the cell puts out."""
    step: Callable[[Derivation, At, Quantity, State, Weights], State]
    """From the input, the states before and the weights to the new states."""
    says: Mapping[str, str] = {}
    """What the weights are in words."""
    naming: Callable[[Sequence[int], Sequence[str], Weights], Naming] = lambda *_: Naming()
    """From the times, the numbers of the layers and all weights to what gradients are called."""


class Plan(NamedTuple):
    """What is done with a sequence."""

    targets: Sequence[Any] | None
    rate: Any
    again: bool
    first: int
    activation: Activation = "linear"
    """What the outputs are put through."""
    loss: Loss = "half_squared_error"
    transposed: bool = False
    """Whether matrices are stored as inputs times units."""
    prediction: bool = False
    """Whether an output that is the state itself has a name of its own."""


def unroll(
    cell: Cell,
    inputs: Sequence[Any],
    weights: Stack,
    starts: Mapping[str, Any],
    how: Plan,
    *,
    title: str,
    about: str,
) -> Derivation:
    """Forward through time and, where there are targets, all that follows from them.

    ``starts`` has what the states are before the first step, by the argument's name; where
    ``weights`` is a list, each has one start for each layer.
    """
    if how.rate is not None and how.targets is None:
        raise GivenError("rate is given but no targets; wanted both, or no rate")
    if how.again and how.rate is None:
        raise GivenError("again is true but there is no rate; wanted both, or neither")
    _whole("first", how.first)
    d = Derivation(title, about=about)
    net = _Network(d, cell, inputs, weights, starts, how)
    rate = None if how.rate is None else d.given("lambda", how.rate, say="the learning rate")
    if rate is not None and rate.shape:
        raise ShapeError(f"rate has shape {rate.shape}; wanted a single number")
    loss = net.forward(net.w)
    if loss is None:
        return d
    gradients = net.backward(loss)
    if rate is not None:
        d.section("Update")
        new = {
            name: d.step(f"{name}'", q - rate * gradients[q], say="one step against the gradient")
            for name, q in net.w.items()
        }
        if how.again:
            after = net.forward(new, "'")
            assert after is not None
            d.step("G", loss - after, say="how much smaller the loss has become")
    return d


def times(w: Quantity, x: Quantity) -> Quantity:
    """Weights times a vector, or times a single number."""
    return w @ x if x.shape else w * x


def add(*terms: Quantity | None) -> Quantity:
    """A sum without the terms that are missing."""
    present = [term for term in terms if term is not None]
    return apply(ADD, *present) if len(present) > 1 else present[0]


def read_off(
    d: Derivation, at: At, h: Quantity, w: Weights, say: str = "the output, read off the state"
) -> Quantity:
    """Append y_t = W_hy h_t + b_y and return it; without W_hy it is the state itself."""
    if "W_hy" not in w:
        return h
    return d.step(at("y"), add(times(w["W_hy"], h), w.get("b_y")), say=say)


class _Layer(NamedTuple):
    """A layer that has been declared."""

    number: str
    names: Mapping[str, str]
    """The names of its weights in the derivation, by those that the cell has for them."""
    units: Shape
    outputs: Shape
    """The shape of what is read off its states."""


class _Network:
    """Layers of a cell with their inputs, weights, states and targets declared."""

    def __init__(
        self,
        d: Derivation,
        cell: Cell,
        inputs: Sequence[Any],
        weights: Stack,
        starts: Mapping[str, Any],
        how: Plan,
    ) -> None:
        self.d, self.cell, self.how = d, cell, how
        given = _by_layer(weights)
        before = [_starts(name, value, weights) for name, value in starts.items()]
        d.section("Given")
        self.xs = _inputs(d, inputs, how.first)
        self.w: dict[str, Quantity] = {}
        self.layers: list[_Layer] = []
        self.is_deep = len(given) > 1
        reaching = self.xs[0].shape
        for where, own in given.items():
            is_last = len(self.layers) + 1 == len(given)
            self.layers.append(self._layer(where, own, reaching, is_last))
            reaching = self.layers[-1].units
        self.start = tuple(
            _initial(d, f"{numbered(name, layer.number)}_{how.first - 1}", value, layer.units)
            for layer, values in zip(self.layers, zip(*before, strict=True), strict=True)
            for name, value in zip(cell.states, values, strict=True)
        )
        self.activation = activation_of(how.activation, "output_activation")
        self.loss = loss_behind(how.loss, how.activation, "output_activation")
        self.labels = self._labels(self.layers[-1].outputs)
        self.several = sum(label is not None for label in self.labels) > 1

    def _layer(
        self, where: str, weights: Mapping[str, Any], reaching: Shape, is_last: bool
    ) -> _Layer:
        """Declare the weights of the next layer, the last one's with those of the output layer."""
        number = str(len(self.layers) + 1) if self.is_deep else ""
        weights = _taken_apart(weights, self.cell.sums, reaching, self.how.transposed)
        units = _units(where, weights, self.cell.sums[0], number)
        wanted: dict[str, Shape] = {}
        outputs, biases = units, set[str]()
        for part in self.cell.sums:
            wanted |= {part.W: units + reaching, part.U: units + units}
            wanted |= dict.fromkeys(part.biases, units)
            biases.update(part.biases)
        names = {own: numbered(own, number) for own in wanted}
        if is_last and ("W_hy" in weights or "b_y" in weights):
            outputs = _outputs(where, weights, units, self.how.transposed)
            wanted |= {"W_hy": outputs + units, "b_y": outputs}
            names |= {"W_hy": "W_hy", "b_y": "b_y"}
        if self.how.transposed:
            wanted = {own: shape[::-1] for own, shape in wanted.items()}
        optional = {"b_y"} if biases & set(weights) else {"b_y", *biases}
        _want(where, weights, wanted, optional)
        for own in wanted:
            if own in weights:
                self._weight(names[own], weights[own], wanted[own], self.cell.says.get(own, ""))
        found = {own: name for own, name in names.items() if own in weights}
        return _Layer(number, found, units, outputs)

    def _weight(self, name: str, value: Any, shape: Shape, say: str) -> None:
        self.w[name] = _shaped(self.d.given(name, value, say=say), shape)

    def _labels(self, shape: Shape) -> list[Quantity | None]:
        length = len(self.xs)
        if self.how.targets is None:
            return [None] * length
        targets = _sequence("targets", self.how.targets, f"{length} targets, one for each input")
        if len(targets) != length:
            raise ShapeError(
                f"targets has {len(targets)} entries; wanted {length}, one for each input (None "
                "for no loss at that step)"
            )
        if all(target is None for target in targets):
            raise ShapeError("targets has only None; wanted at least one target")
        return [
            None if target is None else self._label(f"label_{t}", target, shape)
            for t, target in enumerate(targets, self.how.first)
        ]

    def _label(self, name: str, target: Any, shape: Shape) -> Quantity:
        label = _shaped(self.d.given(name, target), shape)
        if self.loss.targets is not None:
            value = self.d.given_value(label)
            check_target(self.how.loss, name, value if shape else [value])
        return label

    def step(self, at: At, x: Quantity, before: State, w: Sequence[Weights]) -> State:
        """Append what happens at one time up to the new states, from the lowest layer on."""
        new: list[Quantity] = []
        width = len(self.cell.states)
        for layer, own in zip(self.layers, w, strict=True):
            state = before[len(new) : len(new) + width]
            found = self.cell.step(self.d, at._replace(layer=layer.number), x, state, own)
            # an activation that is any function may be one that changes the shape
            new += [_shaped(self.d[q], layer.units) for q in found]
            x = new[-width]  # what this layer puts out is the input of the next
        return tuple(new)

    def output(self, at: At, state: State, w: Weights) -> tuple[Quantity, Quantity]:
        """Append what is read off the last layer: the scores, and the output made of them."""
        d, (f, words) = self.d, self.activation
        h = state[-len(self.cell.states)]
        if self.how.activation != "linear":
            scores = read_off(d, at, h, w, "the scores, read off the state")
            predicted = d.step(at("y_hat"), f(scores), say=f"the prediction: {words}")
            return scores, _shaped(predicted, scores.shape)
        y = read_off(d, at, h, w)
        if y is h and self.how.prediction:
            y = d.step(at("y_hat"), h, say="the output is the prediction")
        return y, y

    def forward(self, w: Weights, mark: str = "") -> Quantity | None:
        """Append all time steps and the loss, which is None where there is no label."""
        d, first, state = self.d, self.how.first, self.start
        if self.how.transposed:
            w = {name: q.T if len(q.shape) == 2 else q for name, q in w.items()}
        own = [{name: w[q] for name, q in layer.names.items()} for layer in self.layers]
        losses: list[Quantity] = []
        new = " with the new weights" if mark else ""
        like: _TimeStep | None = None
        for t, (x, label) in enumerate(zip(self.xs, self.labels, strict=True), first):
            d.section(f"Forward @ t={t}{new}")
            # the first may be another
            if like is None or t == first + 1 or not like.fits(label):
                like = _TimeStep(self, At(t, mark), x, state, label, own)
                state, loss = like.state, like.loss
            else:
                state, loss = like.again(t, x, state, label)
            if loss is not None:
                losses.append(loss)
        if not self.several:
            return losses[0] if losses else None
        d.section(f"Loss{new}")
        return d.step(f"E{mark}", add(*losses), say="the whole loss: the sum over time")

    def backward(self, loss: Quantity) -> dict[Quantity, Quantity]:
        """Backpropagation through time, last step first, and then the gradients of the weights."""
        d, first = self.d, len(self.d.entries)
        last = max(k for k, label in enumerate(self.labels) if label is not None)
        times = range(self.how.first, self.how.first + len(self.xs))
        called, says = self.cell.naming(times, [layer.number for layer in self.layers], self.w)
        found = d.backward(
            loss,
            [*self.xs[: last + 1], *self.start],
            names=called,
            last=list(self.w.values()),
            # where layers are stacked, the lower ones of a time are as near to the loss as the
            # upper ones of the time before
            by_section=self.is_deep,
        )
        late = len(d.entries) - len(self.w)
        section, title = "", "Backward"
        for entry in d.entries[first:late]:
            assert isinstance(entry, Gradient)
            name, place = entry.wrt.name, d.entries[entry.wrt.index].section
            if name[0] == "y" and not self.is_deep:
                section, title = "", "Backward from the loss to the outputs"
            elif place is not section and place.startswith("Forward"):
                section = place  # a gradient goes where its quantity was declared
                title = section.replace("Forward", "Backward")
            entry.section = title
            entry.say = says.get(entry.name.rpartition("_")[0], "")
        over_time = ", summed over time" if last else ""
        for entry in d.entries[late:]:
            entry.section = f"Gradients of the weights{over_time}"
        return found


class _TimeStep:
    """One time step of a network with its loss, to be repeated with other quantities."""

    def __init__(
        self,
        net: _Network,
        at: At,
        x: Quantity,
        before: State,
        label: Quantity | None,
        w: Sequence[Weights],
    ) -> None:
        d, first = net.d, len(net.d.entries)
        self.state = net.step(at, x, before, w)
        scores, output = net.output(at, self.state, w[-1])
        self.loss: Quantity | None = None
        if label is not None:
            name = at("E") if net.several else f"E{at.mark}"
            of = scores if net.loss.of_scores else output
            self.loss = d.step(name, net.loss.function(of, label), say=net.loss.words)
        steps = d.entries[first:]
        self.pattern = Pattern(d, steps, [d[q] for q in _used(x, before, label)])
        self.results = [d[q].index - first for q in (*self.state, self.loss) if q is not None]
        self.mark = at.mark
        self.end = len(at(""))

    def fits(self, label: Quantity | None) -> bool:
        """Whether a time step with this label has the same steps."""
        return (label is None) == (self.loss is None)

    def again(
        self, t: int, x: Quantity, before: State, label: Quantity | None
    ) -> tuple[State, Quantity | None]:
        """The same at another time: the new state and the loss."""
        end, new = self.end, At(t, self.mark)("")
        inputs: Any = _used(x, before, label)
        steps = self.pattern.again(inputs, lambda name: name[:-end] + new)
        found = [steps[k] for k in self.results]
        return tuple(found[: len(before)]), None if label is None else found[-1]


def _used(x: Quantity, before: State, label: Quantity | None) -> list[Quantity]:
    """What a time step uses that the next one has another of."""
    return [x, *before] if label is None else [x, *before, label]


# Declaring


def _by_layer(weights: Stack) -> dict[str, Mapping[str, Any]]:
    """The weights of each layer, by what they are called in errors."""
    if isinstance(weights, Mapping):
        return {"weights": weights}
    layers = _sequence("weights", weights, "a mapping of names to weights, or a list of them")
    return {f"weights[{k}]": mapping(f"weights[{k}]", layer) for k, layer in enumerate(layers)}


def mapping(name: str, value: Any) -> Mapping[str, Any]:
    """The weights of a layer, if they are by their names. Raises `ShapeError`."""
    if not isinstance(value, Mapping):
        raise ShapeError(f"{name} is {value!r:.40}; wanted a mapping of names to weights")
    return value


def _starts(name: str, value: Any, weights: Stack) -> Sequence[Any]:
    """What a state is before the first step, for each layer."""
    if isinstance(weights, Mapping):
        return [value]
    if value is None:
        return [None] * len(weights)
    starts = _sequence(name, value, f"{len(weights)} starts, one for each layer")
    if len(starts) != len(weights):
        raise ShapeError(
            f"{name} has {len(starts)} entries; wanted {len(weights)}, one for each layer"
        )
    return starts


def _sequence(name: str, value: Any, wanted: str) -> Sequence[Any]:
    """A list or the like with at least one entry, and nothing else."""
    is_sequence = hasattr(value, "__len__") and hasattr(value, "__getitem__")
    if (
        not is_sequence
        or isinstance(value, str | bytes | Mapping)
        or getattr(value, "shape", None) == ()
        or not len(value)
    ):
        raise ShapeError(f"{name} is {value!r:.40}; wanted {wanted}")
    return value  # type: ignore[no-any-return]


def _whole(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise GivenError(f"{name} is {value!r:.40}; wanted a whole number")


def _inputs(d: Derivation, inputs: Sequence[Any], first: int) -> list[Quantity]:
    xs: list[Quantity] = []
    for t, x in enumerate(_sequence("inputs", inputs, "a sequence of at least one input"), first):
        xs.append(d.given(f"x_{t}", x))
        if xs[-1].shape != xs[0].shape or len(xs[0].shape) > 1:
            wanted = xs[0].shape if len(xs) > 1 else "a vector or a single number"
            raise ShapeError(f"x_{t} has shape {xs[-1].shape}; wanted {wanted}")
    return xs


def split_columns(
    name: str, value: Any, order: Literal["xh", "hx"] = "xh", transposed: bool = False
) -> tuple[Any, Any]:
    """The weights on the input and on the state, out of a matrix on both joined.

    It has a row for each of n units, and n columns for the state; a vector is that of a single
    number. With ``transposed`` rows are columns. Raises `ShapeError` where there is nothing left
    for an input.

    >>> split_columns("W_a", [[1, 2, 3], [4, 5, 6]]) == ([[1], [4]], [[2, 3], [5, 6]])
    True
    """
    flat, shape = read_array(value, name)
    rows = nested(flat, shape) if len(shape) > 1 else [list(flat)]
    if transposed and len(shape) == 2:
        rows = _turned(rows)
    n, width = len(rows), len(rows[0]) if len(shape) < 3 else 0
    if width <= n:
        raise ShapeError(
            f"{name} has shape {shape}; wanted n rows of more than n numbers, those on the input "
            "joined with n on the state"
        )
    cut = width - n if order == "xh" else n
    parts = [[row[:cut] for row in rows], [row[cut:] for row in rows]]
    on_input, on_state = parts if order == "xh" else reversed(parts)
    if len(shape) == 1:
        return on_input[0], on_state[0][0]
    return (_turned(on_input), _turned(on_state)) if transposed else (on_input, on_state)


def _turned(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _taken_apart(
    weights: Mapping[str, Any], sums: Sequence[Sum], reaching: Shape, transposed: bool
) -> Mapping[str, Any]:
    """The weights; where there are only joined ones, on [x, h], each made into two."""
    if any(part.U in weights or part.W not in weights for part in sums):
        return weights
    apart: dict[str, Any] = {}
    for part in sums:
        _, shape = read_array(weights[part.W], part.W)
        shape = shape[::-1] if transposed else shape
        units = shape[0] if len(shape) == 2 else 1
        if len(shape) not in (1, 2) or shape[-1] != size(reaching) + units:
            return weights
        on_input, on_state = split_columns(part.W, weights[part.W], transposed=transposed)
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


def _outputs(where: str, weights: Mapping[str, Any], units: Shape, transposed: bool) -> Shape:
    """The shape of the outputs, from W_hy: any number of them."""
    if "W_hy" not in weights:
        raise UnknownName(f"{where} has 'b_y' but no 'W_hy'; wanted both or neither")
    _, shape = read_array(weights["W_hy"], "W_hy")
    if transposed:
        shape = shape[::-1]
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


def _initial(d: Derivation, name: str, value: Any, units: Shape) -> Quantity:
    """The state before the first step: zeros, if no other is given."""
    if value is None:
        value = [0] * units[0] if units else 0
    return _shaped(d.given(name, value, say="before the first step"), units)


def _shaped(entry: Entry, shape: Shape) -> Entry:
    """A given or step, if it has the shape wanted."""
    if entry.shape != shape:
        raise ShapeError(f"{entry.name} has shape {entry.shape}; wanted {shape}")
    return entry
