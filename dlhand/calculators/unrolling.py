"""What all recurrent calculators share: reading sizes, unrolling over time, going back through it.

A `Cell` says which weights and states a recurrent layer has and what it does in one time step;
`unroll` runs it over a sequence and appends the output layer and the loss, backpropagation
through time, the update, and a second pass with the new weights. A page that writes its time step
in another way gives a cell of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from dlhand import Derivation, GivenError, InvalidName, ShapeError
from dlhand.calculators.activations import (
    Activation,
    Loss,
    activation_of,
    loss_behind,
    want_targets,
)
from dlhand.calculators.cells import (
    Layer,
    Stack,
    Sum,
    by_layer,
    declare,
    initial,
    inputs_over_time,
    numbered,
    shaped,
    starts_by_layer,
)
from dlhand.calculators.wanted import want_count, want_list, want_mapping
from dlhand.derivation.entries import Gradient
from dlhand.derivation.pattern import Pattern
from dlhand.numbers.exact import Shape
from dlhand.operations.quantity import Quantity, apply
from dlhand.operations.scalar import ADD

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


class Naming(NamedTuple):
    """How gradients are told where it is not as dE/d... without words."""

    called: Mapping[str, str] = {}
    """What gradients are called, by the name of the quantity."""
    says: Mapping[str, str] = {}
    """What gradients are in words, by their name without its time."""


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


class Cell(NamedTuple):
    """A recurrent layer: what it has, and what it does in one time step."""

    sums: Sequence[Sum]
    states: Sequence[str]
    """What the states are called; the first one is what the cell puts out."""
    step: Callable[[Derivation, At, Quantity, State, Weights], State]
    """From the input, the states before and the weights to the new states.

    Names of steps come from the place that it is called with. What it does at the second time is
    repeated at all later ones; the first may be another."""
    says: Mapping[str, str] = {}
    """What the weights are in words."""
    naming: Callable[[Sequence[int], Sequence[str], Weights], Naming] = lambda *_: Naming()
    """From the times, the numbers of the layers and all weights to what gradients are called."""
    output: Callable[[Derivation, At, Quantity, Weights, str], Quantity] = read_off
    """From the first of the new states, and what an output is in words, to the output."""


class Plan(NamedTuple):
    """What is done with a sequence."""

    targets: Sequence[Any] | None = None
    """One for each time step, or None where there is no loss; without any the steps are all."""
    rate: Any = None
    """The learning rate, if there is to be an update."""
    again: bool = False
    """Whether there is a second pass with the new weights."""
    first: int = 1
    """The number of the first time step."""
    activation: Activation = "linear"
    """What the outputs are put through."""
    loss: Loss = "half_squared_error"


def unroll(
    cell: Cell,
    inputs: Sequence[Any],
    weights: Stack,
    starts: Mapping[str, Any] | None = None,
    how: Plan = Plan(),  # noqa: B008
    *,
    title: str,
    about: str = "",
) -> Derivation:
    """A cell run over a sequence: forward through time and, with targets, all that follows.

    ``weights`` has the names that the cell's sums have; a list of such mappings stacks layers.
    ``starts`` has what each of the cell's states is before the first step, in their order and by
    the name that errors give it (all are zero if it is left out); where ``weights`` is a list, each
    is a list with one for each layer. Raises errors as `dlhand.rnn`, `InvalidName` for a cell
    whose steps have names without their time, `ShapeError` for one that gives not all its states.

    >>> def step(d, at, x, before, w):
    ...     return (d.step(at("h"), (w["U"] * before[0] + w["W"] * x) / 2, say="a mean"),)
    >>> mean = Cell([Sum("W", "U", ())], ["h"], step)
    >>> d = unroll(mean, [4, 8], {"W": 1, "U": 1}, how=Plan(targets=[None, 0]), title="A mean")
    >>> d.value("h_2"), d.value("dE/dU")
    (5, 5)
    """
    if how.rate is not None and how.targets is None:
        raise GivenError("rate is given but no targets; wanted both, or no rate")
    if how.again and how.rate is None:
        raise GivenError("again is true but there is no rate; wanted both, or neither")
    want_count("first", how.first, least=None)
    if starts is None:
        starts = dict.fromkeys(cell.states)
    want_mapping("starts", starts, "states by name")
    want_list("starts", list(starts), f"states: {', '.join(cell.states)}", len(cell.states))
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
        given = by_layer(weights)
        before = [starts_by_layer(name, value, weights) for name, value in starts.items()]
        d.section("Given")
        self.xs = inputs_over_time(d, inputs, how.first)
        self.is_deep = len(given) > 1
        self.layers = self._layers(given)
        declared = [q for layer in self.layers for q in layer.weights.values()]
        self.w = {d[q].name: q for q in declared}
        self.start = tuple(
            initial(d, f"{numbered(name, layer.number)}_{how.first - 1}", value, layer.units)
            for layer, values in zip(self.layers, zip(*before, strict=True), strict=True)
            for name, value in zip(cell.states, values, strict=True)
        )
        self.activation = activation_of(how.activation, "output_activation")
        self.loss = loss_behind(how.loss, how.activation, "output_activation")
        self.labels = self._labels(self.layers[-1].outputs)
        self.several = sum(label is not None for label in self.labels) > 1

    def _layers(self, given: Mapping[str, Mapping[str, Any]]) -> list[Layer]:
        """Declare the weights of all layers, the lowest first."""
        layers: list[Layer] = []
        reaching = self.xs[0].shape
        for n, (where, own) in enumerate(given.items(), 1):
            number, is_last, cell = str(n) if self.is_deep else "", n == len(given), self.cell
            layers.append(
                declare(self.d, where, own, cell.sums, reaching, number, cell.says, is_last=is_last)
            )
            reaching = layers[-1].units
        return layers

    def _labels(self, shape: Shape) -> list[Quantity | None]:
        length = len(self.xs)
        if self.how.targets is None:
            return [None] * length
        targets = self.how.targets
        want_list("targets", targets, "targets, one for each input or None for no loss", length)
        if all(target is None for target in targets):
            raise ShapeError("targets has only None; wanted at least one target")
        return [
            None if target is None else self._label(f"label_{t}", target, shape)
            for t, target in enumerate(targets, self.how.first)
        ]

    def _label(self, name: str, target: Any, shape: Shape) -> Quantity:
        label = shaped(self.d.given(name, target), shape)
        want_targets(self.d, self.how.loss, name, label, several=False)
        return label

    def step(self, at: At, x: Quantity, before: State, w: Sequence[Weights]) -> State:
        """Append what happens at one time up to the new states, from the lowest layer on."""
        new: list[Quantity] = []
        width = len(self.cell.states)
        for layer, own in zip(self.layers, w, strict=True):
            state = before[len(new) : len(new) + width]
            found = self.cell.step(self.d, at._replace(layer=layer.number), x, state, own)
            if len(found) != width:
                names = ", ".join(self.cell.states)
                raise ShapeError(f"the cell gives {len(found)} states; wanted {width}: {names}")
            # an activation that is any function may be one that changes the shape
            new += [shaped(self.d[q], layer.units) for q in found]
            x = new[-width]  # what this layer puts out is the input of the next
        return tuple(new)

    def output(self, at: At, state: State, w: Weights) -> tuple[Quantity, Quantity]:
        """Append what is read off the last layer: the scores, and the output made of them."""
        d, (f, words) = self.d, self.activation
        is_last = self.how.activation == "linear"
        say = f"the {'output' if is_last else 'scores'}, read off the state"
        scores = self.cell.output(d, at, state[-len(self.cell.states)], w, say)
        if is_last:
            return scores, scores
        predicted = d.step(at("y_hat"), f(scores), say=f"the prediction: {words}")
        return scores, shaped(predicted, scores.shape)

    def forward(self, w: Weights, mark: str = "") -> Quantity | None:
        """Append all time steps and the loss, which is None where there is no label."""
        d, first, state = self.d, self.how.first, self.start
        own = [{name: w[d[q].name] for name, q in layer.weights.items()} for layer in self.layers]
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
        for step in d.entries[first:]:
            if not step.name.endswith(at("")):
                raise InvalidName(f"the cell has a step {step.name!r}; wanted a name as at() gives")
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
