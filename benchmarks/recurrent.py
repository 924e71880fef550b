"""The figures of long derivations: an LSTM with every step of its backward pass derived."""

import math
import tracemalloc
from collections.abc import Iterator, Sequence
from functools import cache

from benchmarks.measure import Figure, alternate
from dlhand import Derivation
from dlhand.calculators.recurrent import lstm

GATES = "aifo"
WEIGHTS = {
    "a": ((0.45, 0.25), 0.15, 0.2),
    "i": ((0.95, 0.8), 0.8, 0.65),
    "f": ((0.7, 0.45), 0.1, 0.15),
    "o": ((0.6, 0.4), 0.25, 0.1),
}
NAMED = {
    f"{kind}_{k}": value
    for k, (w, u, b) in WEIGHTS.items()
    for kind, value in (("W", [str(x) for x in w]), ("U", str(u)), ("b", str(b)))
}


def inputs(length: int) -> list[tuple[float, float]]:
    return [(1.0, 2.0) if t % 2 else (0.5, 3.0) for t in range(length)]


@cache
def written(length: int) -> list[list[str]]:
    """The inputs as a derivation takes them: exact decimals."""
    return [[str(a), str(b)] for a, b in inputs(length)]


def derived(length: int) -> Derivation:
    """The forward steps and those of backpropagation through time, each with a name."""
    return lstm(written(length), NAMED, targets=["0.5"] * length)


def by_hand(xs: Sequence[tuple[float, float]]) -> list[float]:
    """The same network, forward and backward, coded by hand in floats.

    The loss, then the gradients of the weights, of the state and output before the first step,
    and of every input from the last to the first: what the derivation works out, too.
    """
    exp, tanh = math.exp, math.tanh
    (wa, ua, ba), (wi, ui, bi), (wf, uf, bf), (wo, uo, bo) = WEIGHTS.values()
    out = state = loss = 0.0
    kept = []
    for x0, x1 in xs:
        a = tanh(wa[0] * x0 + wa[1] * x1 + ua * out + ba)
        i = 1 / (1 + exp(-(wi[0] * x0 + wi[1] * x1 + ui * out + bi)))
        f = 1 / (1 + exp(-(wf[0] * x0 + wf[1] * x1 + uf * out + bf)))
        o = 1 / (1 + exp(-(wo[0] * x0 + wo[1] * x1 + uo * out + bo)))
        before, out_before = state, out
        state = a * i + f * state
        squashed = tanh(state)
        out = squashed * o
        loss += (out - 0.5) ** 2 / 2
        kept.append((x0, x1, a, i, f, o, before, squashed, out, out_before))
    gradients = [0.0] * 16
    inputs = []
    d_out_next = d_state_next = 0.0
    for x0, x1, a, i, f, o, before, squashed, out, out_before in reversed(kept):
        d_out = out - 0.5 + d_out_next
        d_state = d_out * o * (1 - squashed * squashed) + d_state_next
        d_state_next = d_state * f
        d_gates = d_a, d_i, d_f, d_o = (
            d_state * i * (1 - a * a),
            d_state * a * i * (1 - i),
            d_state * before * f * (1 - f),
            d_out * squashed * o * (1 - o),
        )
        d_out_next = d_a * ua + d_i * ui + d_f * uf + d_o * uo
        inputs.append(d_a * wa[0] + d_i * wi[0] + d_f * wf[0] + d_o * wo[0])
        inputs.append(d_a * wa[1] + d_i * wi[1] + d_f * wf[1] + d_o * wo[1])
        for k, d_gate in enumerate(d_gates):
            gradients[4 * k] += d_gate * x0
            gradients[4 * k + 1] += d_gate * x1
            gradients[4 * k + 2] += d_gate * out_before
            gradients[4 * k + 3] += d_gate
    return [loss, *gradients, d_state_next, d_out_next, *inputs]


def _agree(length: int) -> None:
    """Make sure that both sides compute the same before their times are compared."""
    d = derived(length)
    found = [d.value("E")]
    for k in GATES:
        found += [*d.value(f"δW_{k}"), d.value(f"δU_{k}"), d.value(f"δb_{k}")]
    found += [d.value("Δstate_-1"), d.value("Δout_-1")]
    for t in reversed(range(length)):
        found += d.value(f"δx_{t}")
    for ours, hand in zip(found, by_hand(inputs(length)), strict=True):
        assert math.isclose(float(ours), hand, rel_tol=1e-9)


def growth() -> Iterator[Figure]:
    """Time a step at T = 1000 against that at T = 10."""
    _agree(5)
    short, long = alternate(lambda: [derived(10) for _ in range(10)], lambda: derived(1000),
                            calls=1, rounds=15)  # fmt: skip
    steps = len(derived(1000).steps) / 1000
    memory = [_peak(length) / length for length in (100, 1000)]
    yield Figure(
        "lstm-growth", "itself at T = 10, a time step", (long / 1000) / (short / 100), 1.25,
        f"{long * 1e3:.0f} µs a time step at T = 1000, {short * 1e4:.0f} µs at T = 10; "
        f"{steps:.1f} named steps a time step; peak memory {memory[0] / 1024:.1f} KiB a time step "
        f"at T = 100, {memory[1] / 1024:.1f} at T = 1000",
    )  # fmt: skip
    if steps > 100:
        raise SystemExit(f"lstm-growth: {steps:.0f} named steps a time step; wanted at most 100")


def _peak(length: int) -> int:
    tracemalloc.start()
    kept = derived(length)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak if kept else 0


def floats() -> Iterator[Figure]:
    """Deriving every step, against computing the numbers alone."""
    xs = inputs(100)
    ours, hand = alternate(lambda: derived(100), lambda: by_hand(xs), calls=3, rounds=21)
    yield Figure(
        "lstm-floats", "floats coded by hand", ours / hand, 30,
        f"{ours * 1e4:.0f} µs a time step at T = 100; by hand {hand * 1e4:.1f} µs",
    )  # fmt: skip


def verification() -> Iterator[Figure]:
    """All printed numbers judged, in seconds."""
    import subprocess
    import sys
    import time

    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "dlhand", "verify"], check=True, capture_output=True)
    taken = time.perf_counter() - start
    yield Figure("verify", "nothing (seconds)", taken, 10, f"{taken:.2f} s for every document")


FIGURES = (growth, floats, verification)
