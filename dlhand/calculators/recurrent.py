"""Recurrent networks unrolled over time: vanilla RNN, LSTM and GRU, with backpropagation.

`rnn`, `lstm` and `gru` take a sequence and the weights and return a `Derivation`: forward through
time and, where there are targets, the loss, backward through time, an update of all weights and
a second pass with the new ones. `rnn_cell`, `lstm_cell` and `gru_cell` give the cell alone. Its
``step`` appends one time step to a derivation of your own; or change it with ``_replace``, and
`dlhand.calculators.unrolling.unroll` runs it.

An input is a vector of d numbers, or a single number; a state is a vector of n numbers, or a
single number. A weight on the input is then an (n, d) matrix; where the state is a single number
a vector of d, where the input is one a vector of n, where both are a single number. The same
weights serve at every time step.

Weights may be joined, one matrix on the input with the state behind it, [x, h], of d + n columns:
they are given as W_k without any U_k, or W_xh without W_hh. `split_joined` takes apart those on
[h, x]. (PyTorch has the gates in the rows of one matrix, i, f, a, o or r, z, h, and two biases that
are added up; Keras has them in columns, i, f, a, o or z, r, h.)

Layers are stacked by a list of weights, a mapping for each layer from the lowest on: each layer
reads what the one below puts out at the same time step. All names get the number of the layer
behind their first letter, W2_xh and h2_1 in layer 2 at time 1, and a start is a list with one for
each layer. The output layer, W_hy and b_y, belongs to the last layer and has no number.

Source: J. Elman, "Finding structure in time" (1990); S. Hochreiter, J. Schmidhuber, "Long
short-term memory" (1997), with the forget gate of F. Gers et al. (2000); K. Cho et al.,
"Learning phrase representations using RNN encoder-decoder" (2014); P. Werbos, "Backpropagation
through time" (1990).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

from dlhand import Derivation, GivenError, sigmoid, tanh
from dlhand.calculators.activations import Activation, Loss, activation_of
from dlhand.calculators.cells import Stack, Sum, numbered, split_columns
from dlhand.calculators.unrolling import (
    At,
    Cell,
    Naming,
    Plan,
    State,
    Weights,
    add,
    times,
    unroll,
)
from dlhand.calculators.wanted import want_mapping, want_one_of
from dlhand.operations.quantity import Quantity


def rnn(
    inputs: Sequence[Any],
    weights: Stack,
    *,
    h: Any = None,
    activation: Activation = "tanh",
    targets: Sequence[Any] | None = None,
    output_activation: Activation = "linear",
    loss: Loss = "half_squared_error",
    rate: Any = None,
    again: bool = False,
    first: int = 1,
    title: str = "A recurrent network",
    about: str = "",
) -> Derivation:
    """A vanilla RNN: h_t = tanh(W_hh h_t-1 + W_xh x_t + b_h), y_t = W_hy h_t + b_y.

    ``weights`` has W_xh and W_hh, and may have b_h, W_hy and b_y; without W_hy the state is the
    output. A list of such mappings stacks layers. ``activation`` is "relu" or another name that
    `mlp` has, or a function, in place of tanh. ``h`` is the state before the first step (zeros).
    The steps are numbered from ``first``.

    ``targets`` has one target for each time step, or None where there is no ``loss``. The whole
    loss is the sum over time. Then follow backpropagation through time, with a learning ``rate``
    the update, and with ``again`` a second pass with the new weights. ``output_activation`` and
    ``loss`` are names as `mlp` has them, or functions: for classes "softmax" with "cross_entropy",
    or with "softmax_cross_entropy", the same from the scores y_t. Behind an activation the
    prediction is called y_hat_t.

    Raises `ShapeError` for sizes that do not fit, `UnknownName` for a weight too many or missing,
    `FormulaError` for a loss of scores without a softmax, `GivenError` for a target that its loss
    cannot mean.

    >>> d = rnn([1, 2], {"W_xh": "0.5", "W_hh": "0.1"}, targets=[None, 1])
    >>> d.value("h_2").digits(5), d.value("dE/dW_hh").digits(5)
    ('0.78033', '-0.039701')
    >>> w = {"W_xh": 1, "W_hh": 1, "W_hy": [1, -1]}
    >>> d = rnn([0], w, targets=[[1, 0]], output_activation="softmax", loss="cross_entropy")
    >>> d.value("y_hat_1"), d.value("dE/dy_1"), d.value("E").digits(5)
    ([0.5, 0.5], [-0.5, 0.5], '0.69315')
    >>> d = rnn([1, 2], [{"W_xh": "0.5", "W_hh": "0.1"}, {"W_xh": 1, "W_hh": 0}], h=[0, 0])
    >>> d.value("h1_2").digits(5), d.value("h2_2").digits(5)
    ('0.78033', '0.65290')
    """
    how = Plan(targets, rate, again, first, output_activation, loss)
    cell = rnn_cell(activation)
    return unroll(cell, inputs, weights, {"h": h}, how, title=title, about=about)


def rnn_cell(activation: Activation = "tanh") -> Cell:
    """The cell of `rnn`."""
    f, _ = activation_of(activation)

    def step(d: Derivation, at: At, x: Quantity, before: State, w: Weights) -> State:
        terms = (times(w["W_hh"], before[0]), times(w["W_xh"], x), w.get("b_h"))
        z = d.step(at("z"), add(*terms), say="both together: the weighted sum")
        return (d.step(at("h"), f(z), say="the new state"),)

    return Cell([Sum("W_xh", "W_hh", ("b_h",))], ["h"], step, says=_RNN_WEIGHTS)


_RNN_WEIGHTS = {
    "W_xh": "weights from the input to the state",
    "W_hh": "weights from the state before to the state",
    "b_h": "bias of the state",
    "W_hy": "weights from the state to the output",
    "b_y": "bias of the output",
}


class LstmNames(NamedTuple):
    """What the parts of an LSTM are called: two notations are in use.

    The weights of gate k are called ``W``_k, ``U``_k and b_k.
    """

    a: str = "a"
    """The candidate, what could be stored; i, f and o are the gates in both notations."""
    state: str = "state"
    out: str = "out"
    W: str = "W"
    U: str = "U"

    @property
    def gates(self) -> dict[str, str]:
        """The four parts that have weights, each with what it is in words."""
        return {self.a: "candidate", "i": "input gate", "f": "forget gate", "o": "output gate"}


OUT_AND_STATE = LstmNames()
H_AND_C = LstmNames(a="g", state="c", out="h", W="W_x", U="W_h")


def lstm(
    inputs: Sequence[Any],
    weights: Stack,
    *,
    out: Any = None,
    state: Any = None,
    targets: Sequence[Any] | None = None,
    output_activation: Activation = "linear",
    loss: Loss = "half_squared_error",
    rate: Any = None,
    again: bool = False,
    first: int = 0,
    names: LstmNames = OUT_AND_STATE,
    title: str = "An LSTM",
    about: str = "",
) -> Derivation:
    """An LSTM: state_t = a_t i_t + f_t state_t-1, out_t = tanh(state_t) o_t, entry by entry.

    a_t = tanh(W_a x_t + U_a out_t-1 + b_a), and i_t, f_t, o_t are alike with the sigmoid.
    ``weights`` has W_k and U_k for each of k = a, i, f, o, and b_k for all of them or none; with
    ``names=H_AND_C`` they are called W_x_k, W_h_k and b_k, for k = g, i, f, o. With W_hy, and b_y
    if wanted, an output y_t is read off out_t. A list of such mappings stacks layers. ``out`` and
    ``state`` are those before the first step (zeros). The steps are numbered from ``first``.

    All else is as in `rnn`. Gradients are called δ, as in δout_t; δa_t is that with respect to the
    weighted sum of the candidate, and so on.

    Raises errors as `rnn`.

    >>> one = {f"{kind}_{k}": 1 for kind in "WU" for k in "aifo"}
    >>> d = lstm([1, 2], one, targets=[None, 1])
    >>> d.value("out_1").digits(5), d.value("δU_f").digits(5)
    ('0.81116', '-0.00059250')
    """
    how = Plan(targets, rate, again, first, output_activation, loss)
    starts = {"out": out, "state": state}
    return unroll(lstm_cell(names), inputs, weights, starts, how, title=title, about=about)


def lstm_cell(names: LstmNames = OUT_AND_STATE) -> Cell:
    """The cell of `lstm` in a notation. Raises `GivenError` for one that is none."""
    if not isinstance(names, LstmNames):
        raise GivenError(
            f"names is {names!r:.40}; wanted OUT_AND_STATE, H_AND_C or another LstmNames"
        )
    sums = [Sum(f"{names.W}_{gate}", f"{names.U}_{gate}", (f"b_{gate}",)) for gate in names.gates]
    step, naming = partial(_lstm, names), partial(_lstm_gradients, names)
    return Cell(sums, (names.out, names.state), step, naming=naming)


def _lstm(
    names: LstmNames, d: Derivation, at: At, x: Quantity, before: State, w: Weights
) -> tuple[Quantity, Quantity]:
    out, state = before
    gates = []
    for gate in names.gates:
        terms = (times(w[f"{names.W}_{gate}"], x), times(w[f"{names.U}_{gate}"], out))
        gates.append(open_gate(names, d, at, gate, *terms, w.get(f"b_{gate}")))
    a, i, f, o = gates
    mixed = a * i + f * state
    new = d.step(at(names.state), mixed, say="the new state: what is stored and what is kept")
    return d.step(at(names.out), tanh(new) * o, say="what is shown of the state"), new


def open_gate(
    names: LstmNames, d: Derivation, at: At, gate: str, *terms: Quantity | None
) -> Quantity:
    """Append the weighted sum of a gate, or of the candidate, and what it lets through."""
    words = names.gates[gate]
    z = d.step(at(f"z_{gate}"), add(*terms), say=f"the weighted sum of the {words}")
    squash = tanh if gate == names.a else sigmoid
    return d.step(at(gate), squash(z), say=_OPENS[words])


_OPENS = {
    "candidate": "the candidate: what could be stored",
    "input gate": "the input gate: how much of the candidate is stored",
    "forget gate": "the forget gate: how much of the old state is kept",
    "output gate": "the output gate: how much of the state is shown",
}


def _lstm_gradients(
    names: LstmNames, times: Sequence[int], numbers: Sequence[str], w: Weights
) -> Naming:
    """What the gradients are called, δ and Δ, and what they are in words.

    What is passed back to the step before is Δ, from the first step on to what was there before it.
    """
    change = "how the loss changes with"
    back = "passed back to the {} before, through {}"
    called = {name: f"δ{name}" for name in w}
    says = {
        "Δ": "how the loss of this step changes with the prediction",
        "δy": f"{change} this output",
        "δx": f"{change} this input, through all four weighted sums",
    }
    symbols = {"x": "δx", "y_hat": "Δ"} | ({"y": "δy"} if "W_hy" in w else {})
    for number in numbers:
        out, state = numbered(names.out, number), numbered(names.state, number)
        symbols |= {out: f"δ{out}", state: f"δ{state}"}
        called |= {f"{kind}_{times[0] - 1}": f"Δ{kind}_{times[0] - 1}" for kind in (out, state)}
        says |= {
            f"Δ{out}": back.format("output", "all four weighted sums"),
            f"Δ{state}": back.format("state", "the forget gate"),
            f"δ{out}": f"{change} this output: now, and by way of the next step",
            f"δ{state}": f"{change} this state: by way of the output and of the next state",
        }
        for gate, words in names.gates.items():
            own = numbered(gate, number)
            symbols[numbered(f"z_{gate}", number)] = f"δ{own}"
            says[f"dE/d{own}"] = f"{change} the {words}"
            says[f"δ{own}"] = f"{change} the weighted sum of the {words}"
    called |= {f"{kind}_{t}": f"{symbol}_{t}" for kind, symbol in symbols.items() for t in times}
    return Naming(called, says)


def gru(
    inputs: Sequence[Any],
    weights: Stack,
    *,
    h: Any = None,
    targets: Sequence[Any] | None = None,
    output_activation: Activation = "linear",
    loss: Loss = "half_squared_error",
    rate: Any = None,
    again: bool = False,
    first: int = 1,
    z_weighs: Literal["new", "old"] = "new",
    reset: Literal["before", "after"] = "before",
    title: str = "A GRU",
    about: str = "",
) -> Derivation:
    """A GRU: the new state is a mean of the old one and a candidate, weighted by the gate z.

    r_t = σ(W_r x_t + U_r h_t-1 + b_r), z_t alike; the candidate is
    h~_t = tanh(W_h x_t + U_h (r_t h_t-1) + b_h). With ``z_weighs="new"`` the state is
    h_t = (1 - z_t) h_t-1 + z_t h~_t; with "old", as in PyTorch and Keras, the two weights are
    swapped. With ``reset="after"``, as in PyTorch, and in Keras by default, r_t comes after U_h,
    not before, and U_h has a bias of its own: h~_t = tanh(W_h x_t + b_h + r_t (U_h h_t-1 + c_h)).

    ``weights`` has W_k and U_k for each of k = r, z, h, and all biases or none: b_k, and c_h where
    the reset comes after. It may have W_hy and b_y. A list of such mappings stacks layers. ``h`` is
    the state before the first step (zeros).

    All else is as in `rnn`.

    Raises errors as `rnn`, and `GivenError` for a convention that there is not.

    >>> d = gru([1], {f"{kind}_{k}": "0.5" for kind in "WU" for k in "rzh"}, h="0.5", targets=[1])
    >>> d.value("h_1").digits(5), d.value("dE/dW_z").digits(5)
    ('0.55762', '-0.0081783')
    >>> w = {f"{kind}_{k}": "0.5" for kind in "WUb" for k in "rzh"} | {"c_h": "0.1"}
    >>> d = gru([1], w, h="0.5", z_weighs="old", reset="after")  # as in PyTorch
    >>> d.value("v_1"), d.value("h_1").digits(5)
    (0.35, '0.57891')
    """
    how = Plan(targets, rate, again, first, output_activation, loss)
    cell = gru_cell(z_weighs, reset)
    return unroll(cell, inputs, weights, {"h": h}, how, title=title, about=about)


def gru_cell(
    z_weighs: Literal["new", "old"] = "new", reset: Literal["before", "after"] = "before"
) -> Cell:
    """The cell of `gru` in a convention. Raises `GivenError` for one that there is not."""
    want_one_of("z_weighs", z_weighs, "new", "old")
    want_one_of("reset", reset, "before", "after")
    biases = {"r": ("b_r",), "z": ("b_z",), "h": ("b_h", "c_h") if reset == "after" else ("b_h",)}
    sums = [Sum(f"W_{gate}", f"U_{gate}", names) for gate, names in biases.items()]
    return Cell(sums, ["h"], partial(_gru, z_weighs, reset))


def _gru(
    z_weighs: str, reset: str, d: Derivation, at: At, x: Quantity, before: State, w: Weights
) -> State:
    (h,) = before

    def received(gate: str, from_state: Quantity, words: str) -> Quantity:
        s = add(times(w[f"W_{gate}"], x), from_state, w.get(f"b_{gate}"))
        return d.step(at(f"s_{gate}"), s, say=f"the weighted sum of the {words}")

    r = sigmoid(received("r", times(w["U_r"], h), "reset gate"))
    r = d.step(at("r"), r, say="the reset gate: how much of the old state the candidate sees")
    z = sigmoid(received("z", times(w["U_z"], h), "update gate"))
    share = {"new": "the new state takes from the candidate", "old": "is kept of the old state"}
    z = d.step(at("z"), z, say=f"the update gate: how much {share[z_weighs]}")
    if reset == "before":
        m = d.step(at("m"), r * h, say="what the candidate sees of the old state")
        seen = times(w["U_h"], m)
    else:
        v = add(times(w["U_h"], h), w.get("c_h"))
        v = d.step(at("v"), v, say="what the old state brings to the candidate")
        seen = d.step(at("m"), r * v, say="what the candidate sees of that")
    new = d.step(at("h_tilde"), tanh(received("h", seen, "candidate")), say="the candidate")
    mixed = (1 - z) * h + z * new if z_weighs == "new" else z * h + (1 - z) * new
    say = "the new state: a mean of the old one and the candidate"
    return (d.step(at("h"), mixed, say=say),)


def split_joined(weights: Mapping[str, Any], order: Literal["xh", "hx"] = "xh") -> dict[str, Any]:
    """Weights on input and state joined, made into those on the input and those on the state.

    W_k, of shape (n, d + n) for n units, becomes W_k and U_k, W_x_k becomes W_x_k and W_h_k, and
    W_xh becomes W_xh and W_hh; biases and W_hy stay. ``order`` is "xh" for [x, h] or "hx" for
    [h, x]. Inputs are vectors, if only of one number.

    Raises `ShapeError` for weights without room for an input, `GivenError` for another order.

    >>> split_joined({"W_f": [["0.1", "0.2", "0.3"]], "b_f": [1]}, order="hx")["U_f"]
    [[Fraction(1, 10)]]
    """
    want_one_of("order", order, "xh", "hx")
    want_mapping("weights", weights, "weights by name")
    apart = dict(weights)
    for name, value in weights.items():
        if str(name).startswith("W_") and name != "W_hy":
            apart[name], apart[_on_state(name)] = split_columns(name, value, order)
    return apart


def _on_state(name: str) -> str:
    """What the weights on the state are called, beside those on the input."""
    if name == "W_xh":
        return "W_hh"
    return f"W_h_{name[4:]}" if name.startswith("W_x_") else f"U_{name[2:]}"
