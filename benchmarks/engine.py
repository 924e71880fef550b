"""The figures of the engine: tracing, typesetting, replaying, proving digits, importing."""

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction

from benchmarks.measure import Figure, alternate
from benchmarks.peers import GIVENS, float_network, micrograd_network
from dlhand import Derivation, sigmoid, tanh, total
from dlhand.numbers.balls import number
from dlhand.numbers.digits import Digits
from dlhand.numbers.real import Real
from dlhand.operations.quantity import Quantity

TEXTS = {name: str(value) for name, value in GIVENS.items()}


def layers() -> Derivation:
    """The 2-2-2 network, declared layer by layer, with its backward pass."""
    d = Derivation("2-2-2")
    x, W1, b1, W2, b2, t = d.givens(
        x=["0.1", "0.5"], W1=[["0.1", "0.3"], ["0.2", "0.4"]], b1=["0.25", "0.25"],
        W2=[["0.5", "0.6"], ["0.7", "0.8"]], b2=["0.35", "0.35"], t=["0.05", "0.95"],
    )  # fmt: skip
    z1 = d.step("z1", W1 @ x + b1)
    h = d.step("h", sigmoid(z1))
    z2 = d.step("z2", W2 @ h + b2)
    o = d.step("o", sigmoid(z2))
    error = d.step("E", total((o - t) ** 2) / 2)
    d.backward(error, [W1, b1, W2, b2])
    return d


def scalars() -> Derivation:
    """The same network, each weight and unit a number of its own, as on the page."""
    d = Derivation("2-2-2")
    x1, x2, t1, t2, b1, b2, w1, w2, w3, w4, w5, w6, w7, w8 = d.givens(**TEXTS)
    z_h1 = d.step("z_h1", w1 * x1 + w3 * x2 + b1)
    z_h2 = d.step("z_h2", w2 * x1 + w4 * x2 + b1)
    h1 = d.step("h1", sigmoid(z_h1))
    h2 = d.step("h2", sigmoid(z_h2))
    z_o1 = d.step("z_o1", w5 * h1 + w6 * h2 + b2)
    z_o2 = d.step("z_o2", w7 * h1 + w8 * h2 + b2)
    o1 = d.step("o1", sigmoid(z_o1))
    o2 = d.step("o2", sigmoid(z_o2))
    e1 = d.step("E1", (o1 - t1) ** 2 / 2)
    e2 = d.step("E2", (o2 - t2) ** 2 / 2)
    error = d.step("E", e1 + e2)
    d.backward(error, [w1, w2, w3, w4, w5, w6, w7, w8, b1, b2])
    return d


def trace_backward() -> Iterator[Figure]:
    """Declare the network and derive its backward pass, against computing it in micrograd."""
    peer, by_layer, by_number = alternate(micrograd_network, layers, scalars)
    yield Figure(
        "trace-backward", "micrograd forward + backward", by_layer / peer, 0.5,
        f"layer by layer {by_layer * 1e6:.1f} µs; number by number {by_number * 1e6:.1f} µs "
        f"(ratio {by_number / peer:.2f}); micrograd {peer * 1e6:.1f} µs",
    )  # fmt: skip


def latex_line() -> Iterator[Figure]:
    """Typeset formula, numbers put in and proven result, against handcalcs.

    Each round takes the derivation with its values forgotten, so that every number is computed,
    proven and written anew, as after a change of a given.
    """
    from handcalcs.handcalcs import LatexRenderer

    line = "z_h1 = w1*x1 + w3*x2 + b1\n"
    values = GIVENS | {"z_h1": 0.41}
    options = {"override": "", "precision": 5, "sci_not": None}
    declared = scalars()
    steps = [step.name for step in declared.steps]

    def handcalcs() -> str:
        return str(LatexRenderer(line, dict(values), options).render())

    def anew() -> list[str]:
        d = declared.with_values({})
        return [d.latex(name) for name in steps]

    def from_scratch() -> list[str]:
        d = scalars()
        return [d.latex(name) for name in steps]

    peer, lines, scratch = alternate(handcalcs, anew, from_scratch, calls=10)
    ours, whole = lines / len(steps), scratch / len(steps)
    yield Figure(
        "latex-line", "handcalcs, a line", ours / peer, 1 / 300,
        f"{ours * 1e6:.1f} µs a line ({whole * 1e6:.1f} with the declaration and the backward pass "
        f"derived anew); handcalcs {peer * 1e6:.0f} µs, {peer / ours:.0f} times as much",
    )  # fmt: skip


def what_if() -> Iterator[Figure]:
    """Every value and gradient anew for other givens, against floats by hand and micrograd."""
    replay = scalars().replay()
    floats = tuple(GIVENS.values())
    by_hand, ours, micrograd = alternate(
        lambda: float_network(*floats), lambda: replay.function(*floats), micrograd_network,
        calls=200,
    )  # fmt: skip
    detail = f"{ours * 1e6:.2f} µs; by hand {by_hand * 1e6:.2f} µs"
    yield Figure("what-if", "floats coded by hand", ours / by_hand, 3, detail)
    yield Figure(
        "what-if-micrograd", "micrograd", ours / micrograd, 1 / 20,
        f"micrograd {micrograd * 1e6:.1f} µs ({micrograd / ours:.0f} times as much)",
    )  # fmt: skip


def proven_digits() -> Iterator[Figure]:
    """Round with a proof, against rounding floats; and how many roundings are wrong."""
    wrong, wrong_floats = 0, 0
    for k in range(200):
        tie = Fraction(2 * (1000 + 37 * k) + 1, 2 * 10**5)
        value = tie + (1 if k % 2 else -1) * Fraction(1, 10**18)
        right = (1000 + 37 * k) + k % 2
        proven = Real(value, number(value), lambda bits: None).rounded(Digits(places=5))
        wrong += proven is None or proven.mantissa != right
        wrong_floats += round(float(value), 5) != right / 10**5
    d = scalars()
    # a rational step is written from its fraction: nothing there is to be proven
    open_steps = [step for step in d.steps if d.evaluation.exact(step.index) is None]
    balls = [d.evaluation.ball(step.index) for step in open_steps]
    reals = [Real(None, ball, lambda bits: None) for ball in balls]
    floats, five = [v for v, _ in balls], Digits(5)
    unproven, proven_time = alternate(
        lambda: [str(float(f"{v:.5g}")) for v in floats],
        lambda: [real.shown(five).text for real in reals],
        calls=200,
    )
    yield Figure(
        "proven-digits", "rounding floats, unproven", proven_time / unproven, 3,
        f"{wrong} of 200 wrong beside a tie (floats: {wrong_floats}); "
        f"{proven_time / len(floats) * 1e6:.2f} µs a number, unproven "
        f"{unproven / len(floats) * 1e6:.2f} µs",
    )  # fmt: skip
    if wrong:
        raise SystemExit(f"proven-digits: {wrong} of 200 values beside a tie are wrong")


def import_time() -> Iterator[Figure]:
    """`import dlhand` above the start of bare Python, in milliseconds."""
    bare, ours = [], []
    for _ in range(15):
        for code, taken in (("pass", bare), ("import dlhand", ours)):
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            taken.append(time.perf_counter() - start)
    extra = (statistics.median(ours) - statistics.median(bare)) * 1000
    yield Figure("import", "bare Python (difference in ms)", extra, 60, f"{extra:.1f} ms")


def chain(length: int, activation: Callable[[Quantity], Quantity]) -> Derivation:
    """A chain of units with a weight each, and its backward pass: twice as many steps and more."""
    d = Derivation("A chain")
    a: Quantity = d.given("x", "0.5")
    weights = [d.given(f"w{k}", 1) for k in range(length)]
    for k, weight in enumerate(weights):
        a = d.step(f"a{k}", activation(weight * a))
    d.backward(a, weights)
    return d


def text_growth() -> Iterator[Figure]:
    """A page of text, its values and digits included, a step of 5,000 against one of 500.

    The numbers of the tanh chain stay of ordinary size; the gradients of the sigmoid chain vanish,
    down to 10^-3000, where every number has thousands of bits.
    """
    per_step = {}
    for name, activation in (("tanh", tanh), ("sigmoid", sigmoid)):
        for length in (500, 5000):
            taken = []
            for _ in range(3):
                d = chain(length, activation)
                gc.collect()
                start = time.perf_counter()
                d.text()
                taken.append((time.perf_counter() - start) / len(d.steps))
            per_step[name, length] = min(taken)
    ratios = {name: per_step[name, 5000] / per_step[name, 500] for name in ("tanh", "sigmoid")}
    yield Figure(
        "text-growth", "itself at 500 units, a step", ratios["tanh"], 1.2,
        f"{per_step['tanh', 5000] * 1e6:.0f} µs a step; where gradients vanish "
        f"{per_step['sigmoid', 5000] * 1e6:.0f} µs, {ratios['sigmoid']:.2f} times that at 500",
    )  # fmt: skip


FIGURES = (trace_backward, latex_line, what_if, proven_digits, import_time, text_growth)
