"""Every row of the table run in other ways: compiled, as a program, and differentiated twice.

The values are those of `reference`, which knows no rule of dlhand, or the proven ones.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from mpmath import mp

from dlhand import Derivation, UndefinedValue, log_sum_exp, masked_softmax, total
from dlhand.derivation.program import identifiers, to_python
from dlhand.derivation.replay import replay
from dlhand.operations.quantity import Quantity
from tests.laws.reference import CASES, Case, Mp, nested, size
from tests.laws.test_derivatives import SLOPED

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
LAW = settings(deadline=None, max_examples=15, suppress_health_check=SLOW)
FEW = settings(deadline=None, max_examples=4, suppress_health_check=SLOW)

SCALES = [Fraction(1), Fraction(1, 10**9), Fraction(10**3), Fraction(10**9), Fraction(0)]
"""What the entries of a case are multiplied with: large, small, and all equal."""


def declared(case: Case, scale: Fraction = Fraction(1)) -> tuple[Derivation, list[Quantity]]:
    d = Derivation("A law")
    marks = set(case.flat) if any(v not in (0, 1) for v in case.values[0]) else set()
    leaves = []
    for k, (values, shape) in enumerate(zip(case.values, case.shapes, strict=True)):
        # a mask stays one
        is_mask = k in marks and set(values) <= {0, 1}
        leaves.append(
            d.given(f"x{k}", nested([v if is_mask else v * scale for v in values], shape))
        )
    return d, leaves


def flat(value: Any) -> list[float]:
    return [float(x) for x in np.ravel(np.array(value, dtype=object))]


def same(a: float, b: float, size: float, digits: int = 9) -> bool:
    """Whether two floats agree to so many digits, of themselves or of what they came from."""
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or abs(a - b) <= 10.0**-digits * max(abs(a), abs(b), size)


@pytest.mark.parametrize("name", CASES)
@LAW
@given(data=st.data())
def test_compiled_is_as_one_by_one_at_every_size(name: str, data: Any) -> None:
    """The compiled function gives what each formula by itself gives, overflow included."""
    case = data.draw(CASES[name])
    d, leaves = declared(case, data.draw(st.sampled_from(SCALES)))
    d.step("y", case.build(*leaves))
    try:
        replayed = replay(d)
    except UndefinedValue:
        return
    arguments = [replayed._defaults[k] for k in range(len(case.shapes))]
    try:
        wanted = replayed._one_by_one(*arguments)[-1]
    except UndefinedValue:
        with pytest.raises(UndefinedValue):
            replayed.function(*arguments)
        return
    found = replayed.function(*arguments)[-1]
    largest = max(map(abs, flat(arguments[0]))) if name in ("variance", "mean", "sum") else 0.0
    for a, b in zip(flat(found), flat(wanted), strict=True):
        assert same(a, b, largest), (a, b)


@pytest.mark.parametrize("name", CASES)
@LAW
@given(data=st.data())
def test_compiled_and_programs_give_the_reference(name: str, data: Any) -> None:
    case = data.draw(CASES[name])
    d, leaves = declared(case)
    y = d.step("y", case.build(*leaves))
    r = d.given("r", nested([Fraction(2 * k + 1, 4) for k in range(size(y.shape))], y.shape))
    d.step("E", total(r * y) if y.shape else r * y)
    sloped = [leaf for k, leaf in enumerate(leaves) if k not in case.flat]
    d.backward(d["E"], sloped) if sloped else None
    with mp.workdps(30):
        wanted = [float(x) for x in case.result(Mp, case.arrays(Mp)).ravel()]
    assert flat(replay(d)()["y"]) == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    for entry, value in program_values(d).items():
        assert flat(value) == pytest.approx(flat(d.value(entry)), rel=1e-9, abs=1e-9), entry
    assert flat(program_values(d)["y"]) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def program_values(d: Derivation) -> dict[str, Any]:
    """By name, what the program of a derivation computes."""
    scope: dict[str, Any] = {}
    exec(compile(to_python(d), "<program>", "exec"), scope)
    return {name: scope[variable] for name, variable in identifiers(d).items()}


def test_a_mask_is_seen_when_it_is_run_not_when_it_is_compiled() -> None:
    d = Derivation("A mask")
    v, mask = d.givens(v=[1, 2, 742], mask=[1, 1, 0])
    d.step("a", masked_softmax(v, mask))
    wanted = 1 / (1 + math.e)
    replayed = replay(d)
    assert replayed()["a"] == pytest.approx([wanted, 1 - wanted, 0])
    other = math.exp(-740) / (1 + math.exp(-740))
    assert replayed(mask=[0, 1, 1])["a"] == pytest.approx([0, other, 1])
    with pytest.raises(UndefinedValue, match="step a has no value"):
        replayed(mask=[0, 0, 0])


def test_a_softmax_over_all_axes_is_one_in_the_program_too() -> None:
    d = Derivation("Over all entries")
    (z,) = d.givens(z=[[1, 2], [3, 5]])
    d.backward(d.step("L", log_sum_exp(z)), [z])
    grown = np.exp(np.array([[1, 2], [3, 5]]))
    assert np.allclose(program_values(d)["dL/dz"], grown / grown.sum())
    assert d.text("dL/dz").startswith("∂L/∂z = softmax[all](z) = ")
    assert r"\operatorname{softmax}_{\text{all}}" in d.latex("dL/dz")


# ---- The slope of a slope


@pytest.mark.parametrize("name", SLOPED)
@FEW
@given(data=st.data())
def test_every_rule_can_be_differentiated_again(name: str, data: Any) -> None:
    """Second derivatives against central differences of the first, which other laws prove."""
    case = data.draw(CASES[name].filter(lambda case: len(case.flat) < len(case.shapes)))
    assume(sum(map(size, case.shapes)) <= 12)
    moved = [k for k in range(len(case.shapes)) if k not in case.flat]
    h = Fraction(1, 10**12)
    found = slopes(case, again=True)
    for position, k in enumerate(moved):
        for i in range(size(case.shapes[k])):
            ends = []
            for step in (h, -h):
                values = list(case.values[k])
                values[i] += step
                shifted = (*case.values[:k], tuple(values), *case.values[k + 1 :])
                ends.append(total_slope(replace(case, values=shifted)))
            wanted = (ends[0] - ends[1]) / (2 * h)
            assert float(found[position][i]) == pytest.approx(float(wanted), rel=1e-6, abs=1e-6)


def loss_of(case: Case) -> tuple[Derivation, list[Quantity], Quantity]:
    d, leaves = declared(case)
    y = d.step("y", case.build(*leaves))
    r = d.given("r", nested([Fraction(2 * k + 1, 4) for k in range(size(y.shape))], y.shape))
    square = r * y**2
    return d, leaves, d.step("E", total(square) if y.shape else square)


def slopes(case: Case, again: bool) -> list[list[Fraction]]:
    """The gradients of a loss; or those of `total_slope`, less those of the sum of all givens."""
    d, leaves, loss = loss_of(case)
    wanted = [leaf for k, leaf in enumerate(leaves) if k not in case.flat]
    found = d.backward(loss, wanted)
    if again:
        terms = [(k + 2) * found[leaf] for k, leaf in enumerate(wanted)] + wanted  # a slope is sure
        parts = [total(term) if term.shape else term for term in terms]
        whole = parts[0]
        for part in parts[1:]:
            whole = whole + part
        found = d.backward(d.step("P", whole), wanted)
    less = 1 if again else 0
    return [
        [middle(real) - less for real in d.evaluation.reals(d[found[leaf]].index)]
        if found[leaf] in d.entries
        else [Fraction(1) - less] * size(leaf.shape)
        for leaf in wanted
    ]


def middle(real: Any) -> Fraction:
    low, high = real.enclosure(Fraction(1, 10**60))
    return (low + high) / 2


def total_slope(case: Case) -> Fraction:
    return sum(((k + 2) * sum(row) for k, row in enumerate(slopes(case, again=False))), Fraction(0))
