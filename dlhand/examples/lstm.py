"""Long short-term memory: two time steps with backpropagation (002), one step (003), words (004).

Document 002 calls the candidate a, the cell state `state` and the hidden state `out`; document 003
calls them g, c and h.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from dlhand import Derivation, stack, tanh
from dlhand.calculators.activations import tanh_by_hand
from dlhand.calculators.recurrent import (
    H_AND_C,
    OUT_AND_STATE,
    LstmNames,
    lstm,
    lstm_cell,
    open_gate,
)
from dlhand.calculators.unrolling import At, Cell, Naming, Plan, State, Weights, times, unroll
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example
from dlhand.operations.quantity import Quantity

GATES = "aifo"
INPUTS = [["1", "2"], ["0.5", "3"]]
LABELS = ["0.5", "1.25"]
WEIGHTS = {
    "W_a": ["0.45", "0.25"], "U_a": "0.15", "b_a": "0.2",
    "W_i": ["0.95", "0.8"], "U_i": "0.8", "b_i": "0.65",
    "W_f": ["0.7", "0.45"], "U_f": "0.1", "b_f": "0.15",
    "W_o": ["0.6", "0.4"], "U_o": "0.25", "b_o": "0.1",
}  # fmt: skip


LSTM = lstm_cell()


def _passed_on(d: Derivation, at: At, x: Quantity, before: State, w: Weights) -> State:
    """The step with a name for each use of what the step before puts out: two in all.

    What comes before the first step has one use only.
    """
    if at.time == 0:
        return LSTM.step(d, at, x, before, w)
    uses = zip(("out", "state"), ("output", "state"), before, strict=True)
    passed = [d.step(at(f"{kind}_prev"), q, say=f"the {words} before, passed on")
              for kind, words, q in uses]  # fmt: skip
    return LSTM.step(d, at, x, tuple(passed), w)


def _passed_back(times: Sequence[int], layers: Sequence[str], w: Weights) -> Naming:
    """A gradient that is passed back belongs to the time that it is passed to."""
    called, says = LSTM.naming(times, layers, w)
    back = {At(t, layer=n)(f"{q}_prev"): "Δ" + At(t - 1, layer=n)(q)
            for n in layers for q in LSTM.states for t in times}  # fmt: skip
    return Naming({**called, **back}, says)


def _prediction(d: Derivation, at: At, out: Quantity, w: Weights, say: str) -> Quantity:
    return d.step(at("y_hat"), out, say="the output is the prediction")


CARRYING = LSTM._replace(step=_passed_on, naming=_passed_back, output=_prediction)
"""Every use of an output and of a state has a name, so that the backward pass shows what is passed
back to the step before."""


def _gates_together(d: Derivation) -> None:
    """The gradients of the four gates as vectors and matrices, as the document sums them."""
    d.section("The four gates together")
    for t in (1, 0):
        gradients = [d[f"δ{gate}_{t}"] for gate in GATES]
        d.step(f"δgates_{t}", stack(*gradients), say="the four gradients, one below the other")
    for kind in "WUb":
        rows = [d[f"δ{kind}_{gate}"] for gate in GATES]
        d.step(f"δ{kind}", stack(*rows), say=f"the gradients of the four {kind}, row by row")


@example("002-lstm", "12_lstm_and_gru")
def two_steps() -> Derivation:
    """An LSTM over two time steps: forward, backward through time, all updates."""
    d = unroll(
        CARRYING, INPUTS, WEIGHTS, how=Plan(LABELS, rate="0.1", first=0),
        title="Backpropagation through an LSTM, two time steps",
        about="An LSTM with one unit has 16 weights and biases. How does each change when the "
        "outputs of two time steps are compared with labels? An output is used twice: it is "
        "compared with its label, and it goes into the next step. So on the way back two gradients "
        "meet in it, Δ from the label and Δout from the next step. The state, too, goes two ways: "
        "into the output and into the next state, from which Δstate comes back.",
    )  # fmt: skip
    _gates_together(d)
    return d


@example("002-lstm-again", "12_lstm_and_gru")
def second_pass() -> Derivation:
    """The LSTM of document 002 once more, with the new weights: the loss before and after."""
    return lstm(
        INPUTS, WEIGHTS, targets=LABELS, rate="0.1", again=True,
        title="The LSTM, one step of learning later",
        about="Did the update help? We run both time steps again with the new weights and compare "
        "the losses. The document stops before this.",
    )  # fmt: skip


@example("001-rnn-gates", "17_vanishing_gradients", Vary(stays="b_f"))
def lasting_memory() -> Derivation:
    """How much of a gradient the cell state of an LSTM keeps over four time steps."""
    weights = {f"W_{gate}": "0.5" for gate in GATES} | {f"U_{gate}": 0 for gate in GATES}
    d = lstm(
        [1, 0, 0, 0], weights | {"b_a": 0, "b_i": 0, "b_f": 3, "b_o": 0},
        targets=[None, None, None, 1], first=1, title="A gate lets the gradient through",
        about="The same task as for the plain recurrent network: the only input that is not 0 "
        "comes first, the only target last. The bias 3 holds the forget gate open, near 1; the "
        "weights on the output before are 0, so that we see the way through the state alone. How "
        "much of the gradient at the last state is left at the first? The numbers are ours.",
    )  # fmt: skip
    d.section("What is left")
    d.step("r", d["δstate_1"] / d["δstate_4"], say="the share of the gradient that came through")
    return d


NOTES = {
    "W_x_i": [["0.5", "-0.3"], ["0.4", "0.1"]], "W_h_i": [["0.1", "0.2"], ["-0.2", "0.05"]],
    "W_x_f": [["-0.4", "0.2"], ["0.3", "0.3"]], "W_h_f": [["0.05", "-0.1"], ["0.2", "0.1"]],
    "W_x_o": [["0.3", "0.25"], ["-0.2", "0.2"]], "W_h_o": [["0.15", "0.05"], ["0.1", "-0.2"]],
    "W_x_g": [["-0.5", "0.4"], ["0.2", "-0.3"]], "W_h_g": [["0.2", "0.1"], ["-0.1", "0.05"]],
}  # fmt: skip


def _products_apart(
    names: LstmNames, d: Derivation, at: At, x: Quantity, before: State, w: Weights
) -> State:
    out, state = before
    gates = []
    for gate, words in names.gates.items():
        say = f"what the input brings to the {words}"
        u = d.step(at(f"u_{gate}"), times(w[f"{names.W}_{gate}"], x), say=say)
        say = "what the output before brings to it"
        s = d.step(at(f"s_{gate}"), times(w[f"{names.U}_{gate}"], out), say=say)
        gates.append(open_gate(names, d, at, gate, u, s, w.get(f"b_{gate}")))
    a, i, f, o = gates
    kept = d.step(at("kept"), f * state, say="what is kept of the state before")
    stored = d.step(at("stored"), i * a, say="what is newly stored")
    new = d.step(at(names.state), kept + stored, say="the new state: kept and stored")
    seen = d.step(at("squashed"), tanh(new), say="the state, brought between -1 and 1")
    return d.step(at(names.out), seen * o, say="what is shown of the state"), new


def apart(names: LstmNames = OUT_AND_STATE) -> Cell:
    """The cell with a step for every product, as it is worked out on paper."""
    return lstm_cell(names)._replace(step=partial(_products_apart, names))


@example("003-lstm", "12_lstm_and_gru")
def one_step() -> Derivation:
    """One time step of an LSTM with two units."""
    return unroll(
        apart(H_AND_C), [["0.5", "-0.1"]], NOTES, {"h": ["0.0", "0.1"], "c": ["0.2", "-0.2"]},
        title="One time step of an LSTM with two units",
        about="What are the new state c_1 and the new output h_1? Each gate adds what the input "
        "and what the output before bring to it; there are no biases. The labels of the matrices "
        "are damaged in the notes; which is which follows from their use.",
    )  # fmt: skip


@example("003-lstm-scratch", "12_lstm_and_gru")
def scratch() -> Derivation:
    """Scratch work: tanh by hand for the candidate and the state of the LSTM of the notes."""
    d = Derivation(
        "tanh for one step of an LSTM, by hand",
        about="Between the lines the notes work out tanh with a table of the exponential: for the "
        "candidate, with 0.28 instead of -0.28, and for the two entries of the state, which they "
        "cut off to -0.06 and -0.03 first.",
    )
    d.section("Given")
    numbers = d.givens(z_g="0.28", c_1="-0.06", c_2="-0.03")
    for number, title in zip(numbers, SCRATCH_TITLES, strict=True):
        d.section(title)
        tanh_by_hand(d, number, number.name[1:])
    return d


SCRATCH_TITLES = ("The candidate", "The first entry of the state", "The second entry of the state")


@example("004-lstm", "12_lstm_and_gru")
def four_words() -> Derivation:
    """Forget, store, update, output: the four words for an LSTM, each as a step."""
    return unroll(
        apart(), [["0.5", "3"]], WEIGHTS, {"out": "0.53631", "state": "0.78572"},
        title="Forget, store, update, output",
        about="What do the four words stand for? Forget: `kept`, the old state times the forget "
        "gate. Store: `stored`, the candidate times the input gate. Update: the new state, their "
        "sum. Output: what the output gate shows of it. The numbers are those of the second time "
        "step of document 002.",
    )  # fmt: skip


@erratum("002-lstm-passed-back", example="002-lstm", line=829)
def wrong_time() -> tuple[Derivation, Step, Step]:
    """What is passed back from t=0 comes from the gates of t=0, not from those of t=1."""
    d = two_steps()
    U = d.step("U", stack(*[d[f"U_{gate}"] for gate in GATES]), say="the four U")
    printed = d.step("Δout_printed", U @ d["δgates_1"], say="as printed: with the gates of t=1")
    return d, printed, d.step("Δout_right", U @ d["δgates_0"], say="with the gates of t=0")


@erratum("002-lstm-bias", example="002-lstm", line=840)
def wrong_sum() -> tuple[Derivation, Step, Step]:
    """The biases serve at every step from t=0 on, so the sum begins with the gates of t=0."""
    d = two_steps()
    zero = d.given("δgates_2", [0, 0, 0, 0], say="there is no step after t=1")
    printed = d.step("δb_printed", d["δgates_1"] + zero, say="as printed: the gates of t=1 and t=2")
    return d, printed, d.step("δb_right", d["δgates_0"] + d["δgates_1"], say="of t=0 and t=1")
