"""Gated recurrent units: one time step in both conventions, and how many weights they have (002).

The document names the gates but prints no formula: the numbers are ours.
"""

from __future__ import annotations

from typing import Literal

from dlhand import Derivation
from dlhand.calculators.recurrent import gru
from dlhand.calculators.wanted import require_counts
from dlhand.examples import example

WEIGHTS = {
    "W_r": "0.5", "U_r": "0.4", "b_r": "0",
    "W_z": "0.3", "U_z": "0.2", "b_z": "0.1",
    "W_h": "0.6", "U_h": "0.7", "b_h": "0",
}  # fmt: skip


def _step(z_weighs: Literal["new", "old"], title: str, about: str) -> Derivation:
    return gru(
        [1], WEIGHTS, h="0.5", targets=[1], rate="0.5", again=True, z_weighs=z_weighs,
        title=title, about=about,
    )  # fmt: skip


@example("002-gru", "12_lstm_and_gru")
def one_step() -> Derivation:
    """One step of a GRU, forward and backward; z weighs the candidate."""
    return _step(
        "new",
        "One step of a GRU",
        "A GRU has no state beside its output. How do its two gates make the new output of the old "
        "one and a candidate, and how does the loss reach the nine weights? Here z is the share of "
        "the candidate. The document has no formulas: the numbers and the target are ours.",
    )


@example("002-gru-other", "12_lstm_and_gru")
def other_convention() -> Derivation:
    """The same step of a GRU in the other convention; z weighs the old state."""
    return _step(
        "old",
        "One step of a GRU, the other convention",
        "PyTorch and Keras let z be the share of the old state. With the same weights the result "
        "is another one; to get the same, turn the sign of W_z, U_z and b_z, since the sigmoid of "
        "-s is 1 less the sigmoid of s. The numbers and the target are ours.",
    )


@example("002-gru-same", "12_lstm_and_gru")
def translated() -> Derivation:
    """A GRU translated from one convention into the other: the results agree."""
    d = gru(
        [1], WEIGHTS | {"W_z": "-0.3", "U_z": "-0.2", "b_z": "-0.1"}, h="0.5", z_weighs="old",
        title="From one convention of the GRU to the other",
        about="With the signs of W_z, U_z and b_z turned, z becomes 1 less z, and the two "
        "conventions give the same state as in the first example. The numbers are ours.",
    )  # fmt: skip
    return d


@example("002-gru-count", "12_lstm_and_gru")
def count() -> Derivation:
    """How many weights an RNN, a GRU and an LSTM of the same size have."""
    d = Derivation(
        "The weights of three recurrent networks",
        about="What do the gates cost? Every gate has as many weights as a whole plain recurrent "
        "network. The sizes, 4 units and 3 inputs, are ours.",
    )
    n, k = d.givens(n=4, k=3)
    n.say, k.say = "units", "inputs"
    rnn = d.step("N_RNN", n * (n + k) + n, say="each unit sees all units and inputs, and a bias")
    d.step("N_GRU", 3 * rnn, say="reset gate, update gate and candidate")
    d.step("N_LSTM", 4 * rnn, say="input, forget and output gate, and candidate")
    require_counts(d, "n", "k")
    return d
