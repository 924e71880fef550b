"""An attack on values, gradients, programs and the judge, with random graphs and random answers.

Nothing here is decided by dlhand: values and gradients come from JAX in 64 bits, what is a right
answer from Python's decimal module. `make fuzz` runs it at length, the tests at a size that fits.

    python -m tests.laws.attack [GRAPHS [SEED]]
"""

from __future__ import annotations

import math
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

import dlhand as dl
from dlhand import Derivation, DlhandError
from dlhand.derivation.program import identifiers, to_python
from dlhand.derivation.replay import replay
from dlhand.learner.check import check

jax.config.update("jax_enable_x64", True)

Shape = tuple[int, ...]
SHAPES: tuple[Shape, ...] = ((), (3,), (2, 3), (3, 2), (3, 3))
LONG = Context(prec=170)


class Rule(NamedTuple):
    """An operation on one or two arrays, as dlhand has it and as JAX does."""

    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    fits: Callable[..., bool] = lambda *shapes: True
    gap: Callable[..., Any] = lambda *arrays: np.inf
    """How far the operands are from a kink, where each chooses a slope of its own."""


def _same(a: Shape, b: Shape) -> bool:
    return a == b or () in (a, b)


def _product(a: Shape, b: Shape) -> bool:
    return len(a) > 0 and len(b) > 0 and a[-1] == b[0]


def _leaky(z: Any) -> Any:
    return jnp.where(z > 0, z, 0.1 * z)


def _is_array(a: Shape) -> bool:
    return a != ()


def _is_matrix(a: Shape) -> bool:
    return len(a) == 2


def _from_zero(z: Any) -> Any:
    return np.min(np.abs(z))


def _apart(a: Any, b: Any) -> Any:
    return np.min(np.abs(np.subtract(a, b)))


def _leads(z: Any) -> Any:
    """By how much the largest entries lead, along the last axis."""
    two = np.sort(z, axis=-1)[..., -2:]
    return np.min(two[..., -1] - two[..., 0]) if two.shape[-1] > 1 else np.inf


def _leads_in_windows(z: Any) -> Any:
    high, wide = z.shape
    corners = [z[i : high - 1 + i, j : wide - 1 + j] for i in (0, 1) for j in (0, 1)]
    return _leads(np.stack(corners, axis=-1))


ONE = (
    Rule(dl.sigmoid, jax.nn.sigmoid), Rule(dl.tanh, jnp.tanh),
    Rule(dl.relu, jax.nn.relu, gap=_from_zero),
    Rule(lambda z: dl.leaky_relu(z, "0.1"), _leaky, gap=_from_zero),
    Rule(dl.gelu, lambda z: jax.nn.gelu(z, approximate=False)), Rule(dl.silu, jax.nn.silu),
    Rule(dl.softplus, jax.nn.softplus), Rule(dl.elu, jax.nn.elu, gap=_from_zero),
    Rule(dl.absolute, jnp.abs, gap=_from_zero), Rule(lambda z: -z, jnp.negative),
    Rule(dl.sin, jnp.sin), Rule(dl.cos, jnp.cos), Rule(lambda z: z**2, jnp.square),
    Rule(lambda z: dl.exp(-(z**2)), lambda z: jnp.exp(-(z**2))),
    Rule(lambda z: dl.log(z**2 + 1), lambda z: jnp.log(z**2 + 1)),
    Rule(lambda z: dl.sqrt(z**2 + 1), lambda z: jnp.sqrt(z**2 + 1)),
    Rule(dl.softmax, lambda z: jax.nn.softmax(z, axis=-1), _is_array),
    Rule(lambda z: dl.softmax(z, 0), lambda z: jax.nn.softmax(z, axis=0), _is_array),
    Rule(dl.log_sum_exp, jax.nn.logsumexp, _is_array), Rule(dl.total, jnp.sum, _is_array),
    Rule(lambda z: dl.mean(z, 0), lambda z: jnp.mean(z, 0), _is_array),
    Rule(lambda z: dl.variance(z, -1), lambda z: jnp.var(z, -1), _is_array),
    Rule(lambda z: dl.largest(z, -1), lambda z: jnp.max(z, -1), _is_array, _leads),
    Rule(lambda z: dl.total(z, -1, keep=True), lambda z: jnp.sum(z, -1, keepdims=True), _is_array),
    Rule(lambda z: z.T, jnp.transpose, _is_matrix), Rule(lambda z: z[0], lambda z: z[0], _is_array),
    Rule(
        lambda z: dl.max_pool(z, 2, 1), lambda z: _pooled(z, jnp.max), _is_matrix,
        _leads_in_windows,
    ),
    Rule(lambda z: dl.average_pool(z, 2, 1), lambda z: _pooled(z, jnp.mean), _is_matrix),
)  # fmt: skip
TWO = (
    Rule(lambda a, b: a + b, jnp.add, _same), Rule(lambda a, b: a - b, jnp.subtract, _same),
    Rule(lambda a, b: a * b, jnp.multiply, _same), Rule(dl.maximum, jnp.maximum, _same, _apart),
    Rule(lambda a, b: a / (b**2 + 1), lambda a, b: a / (b**2 + 1), _same),
    Rule(dl.minimum, jnp.minimum, _same, _apart), Rule(lambda a, b: a @ b, jnp.matmul, _product),
    Rule(dl.outer, jnp.outer, lambda a, b: len(a) == len(b) == 1),
    Rule(dl.stack, lambda a, b: jnp.stack([a, b]), lambda a, b: a == b and len(a) < 2),
    Rule(dl.concatenate, lambda a, b: jnp.concatenate([a, b]), lambda a, b: a == b != ()),
)  # fmt: skip


def _pooled(z: Any, reduce: Callable[..., Any]) -> Any:
    high, wide = z.shape
    rows = [[reduce(z[i : i + 2, j : j + 2]) for j in range(wide - 1)] for i in range(high - 1)]
    return jnp.stack([jnp.stack(row) for row in rows])


class Graph(NamedTuple):
    """A random derivation with its backward pass, and the same graph as a function for JAX."""

    derivation: Derivation
    givens: list[str]
    steps: list[str]
    function: Callable[..., list[Any]]
    """From the givens to the values of all steps; the last is the loss."""
    gap: Callable[..., float]
    """How near the graph is to a kink: there, slopes are a matter of convention."""


def random_graph(rng: random.Random) -> Graph:
    """Some givens, some operations on what there is so far, a loss of all of it, and its slopes."""
    d = Derivation("A random graph")
    known: list[Any] = []
    for k in range(rng.randint(2, 4)):
        shape = rng.choice(SHAPES)
        entries = [
            f"{rng.randint(-999, 999)}e-{rng.choice((2, 3))}" for _ in range(math.prod(shape))
        ]
        known.append(d.given(f"x{k}", np.reshape(np.array(entries, object), shape).tolist()))
    count = len(known)
    recipe: list[tuple[Rule, tuple[int, ...]]] = []
    for k in range(rng.randint(4, 14)):
        rules = ONE if rng.random() < 0.5 else TWO
        picks = [rng.randrange(len(known)) for _ in range(1 if rules is ONE else 2)]
        shapes = [known[p].shape for p in picks]
        fitting = [r for r in rules if r.fits(*shapes) and all(1 not in s for s in shapes)]
        if not fitting:
            continue
        rule = rng.choice(fitting)
        known.append(d.step(f"s{k}", rule.ours(*[known[p] for p in picks])))
        recipe.append((rule, tuple(picks)))
    parts = [dl.mean(q**2) if q.shape else q**2 for q in known]
    loss = parts[0]
    for part in parts[1:]:
        loss = loss + part
    d.backward(d.step("L", loss), known[:count])

    def function(*arrays: Any) -> list[Any]:
        values = list(arrays)
        for rule, picks in recipe:
            values.append(rule.theirs(*[values[p] for p in picks]))
        return [*values[count:], sum(jnp.mean(v**2) for v in values)]

    def gap(*arrays: Any) -> float:
        values = [*arrays, *function(*arrays)]
        found = [rule.gap(*[np.array(values[p]) for p in picks]) for rule, picks in recipe]
        return float(min(found, default=np.inf))

    names = [q.name for q in known]
    return Graph(d, names[:count], [*names[count:], "L"], function, gap)


def _flat(value: Any) -> list[float]:
    return [float(x) for x in np.ravel(np.array(value, dtype=object))]


def close(found: list[float], wanted: list[float], size: float = 1.0) -> bool:
    """Whether numbers agree to what 64 bits carry through a graph of this depth."""
    return len(found) == len(wanted) and all(
        abs(a - b) <= 1e-8 * max(size, abs(b)) for a, b in zip(found, wanted, strict=True)
    )


def faults_of_graph(graph: Graph, seen: Counter[str]) -> Iterator[str]:
    """Values, gradients, programs and replays that differ from JAX; counts what it compares."""
    d = graph.derivation
    arrays = [jnp.array(np.array(_flat(d.value(n))).reshape(d[n].shape)) for n in graph.givens]
    values = graph.function(*arrays)
    slopes = jax.grad(lambda *a: graph.function(*a)[-1], argnums=tuple(range(len(arrays))))(*arrays)
    size = max(1.0, *(abs(x) for v in values for x in _flat(v)))
    wanted = dict(zip(graph.steps, values, strict=True))
    if graph.gap(*arrays) > 1e-6:
        wanted |= {f"dL/d{n}": g for n, g in zip(graph.givens, slopes, strict=True)}
    scope: dict[str, Any] = {}
    exec(compile(to_python(d), "<program>", "exec"), scope)
    replayed, names = replay(d)(), identifiers(d)
    for name, value in wanted.items():
        ours, theirs = _flat(d.value(name)), _flat(value)
        seen["gradient entries" if name.startswith("dL/d") else "values"] += len(ours)
        if not close(ours, theirs, size):
            yield f"{name} is {ours}; JAX has {theirs}"
    for entry in d.entries:
        ours = _flat(d.value(entry))
        seen["program values"] += len(ours)
        for way, value in (("program", scope[names[entry.name]]), ("replay", replayed[entry.name])):
            if not close(_flat(value), ours, size):
                yield f"{entry.name} is {ours}; its {way} has {_flat(value)}"


def decimal_of(value: Any) -> Decimal:
    """The value of a step to 150 digits: some lie within 10**-82 of a short decimal."""
    low, high = value.enclosure(Fraction(1, 10**160))
    middle = (low + high) / 2
    return LONG.divide(Decimal(middle.numerator), Decimal(middle.denominator))


def answers(rng: random.Random, true: Decimal) -> Iterator[tuple[str, str]]:
    """Answers to a step, each with its kind: rounded, cut, padded, moved in the last place."""
    places = rng.randint(1, 8)
    unit = Decimal(1).scaleb(-places)
    rounded, cut = (true.quantize(unit, way, LONG) for way in (ROUND_HALF_UP, ROUND_DOWN))
    yield "rounded", f"{rounded:f}"
    yield "cut", f"{cut:f}"
    yield "moved", f"{rounded + rng.choice((-1, 1)) * unit:f}"
    one = true.quantize(Decimal("0.1"), ROUND_HALF_UP, LONG)
    yield "padded", f"{one:f}" + "0" * rng.randint(1, 6)
    yield "other", f"{true * Decimal(rng.choice(('0.5', '-1', '2', '1.1'))):.{places}f}"


def is_right(text: str, true: Decimal) -> bool:
    """Whether an answer is the value rounded, or cut off, at the places with which it was typed."""
    typed = Decimal(text)
    return typed in {true.quantize(typed, way, LONG) for way in (ROUND_HALF_UP, ROUND_DOWN)}


def faults_of_judge(d: Derivation, rng: random.Random, seen: Counter[str]) -> Iterator[str]:
    """Answers to the steps of single numbers that are judged otherwise than by paper."""
    for entry in d.steps:
        if entry.shape != () or d.evaluation.exact(entry.index) is not None:
            continue
        true = decimal_of(d.value(entry))
        if not Decimal("0.01") < abs(true) < 10**4:
            continue
        for kind, text in answers(rng, true):
            digits = text.replace(".", "").lstrip("-0")
            if len(digits) < 2:  # too few to tell, which is another rule
                continue
            verdict = check(d, entry, text).verdict
            seen["answers"] += 1
            wanted = is_right(text, true)
            # no rounding that a person would make leads so far off
            most = abs(true) / (100 if kind == "padded" else 10)
            is_far = abs(Decimal(text) - true) > most
            if wanted != (verdict == "right") or (is_far and verdict == "rounded early"):
                yield f"{entry.name} = {true:.20g}: {text!r} ({kind}) is {verdict}"


def attack(graphs: int, seed: int = 0) -> tuple[list[str], Counter[str]]:
    """So many random graphs: what is wrong, and how much was compared."""
    faults: list[str] = []
    seen: Counter[str] = Counter()
    for k in range(graphs):
        rng = random.Random(f"{seed} {k}")
        try:
            graph = random_graph(rng)
        except DlhandError as error:  # a shape that fits nowhere: none is expected
            faults.append(f"seed {seed}, graph {k}: {error}")
            continue
        found = [*faults_of_graph(graph, seen), *faults_of_judge(graph.derivation, rng, seen)]
        faults += [f"seed {seed}, graph {k}: {fault}" for fault in found]
        seen["graphs"] += 1
    return faults, seen


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    wrong, compared = attack(*(numbers or [1000]))
    print(*wrong, ", ".join(f"{count} {what}" for what, count in compared.items()), sep="\n")
    print(f"{len(wrong)} wrong")
    sys.exit(1 if wrong else 0)
