"""Every derivative rule, against sympy and against central differences in 50 digits.

The gradients are those of a random weighted sum of the outputs, through `backward`. What they
are compared with is in `reference`, written without dlhand's own rules.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mpmath import mp

from dlhand import Derivation, NoDependence, largest, log, max_pool, maximum, relu, sigmoid, total
from dlhand.operations.quantity import Quantity
from dlhand.operations.table import TABLE
from tests.laws.reference import (
    CASES,
    SIXTEENTHS,
    Array,
    Case,
    Mp,
    Sym,
    array,
    nested,
    size,
)

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
DIFFERENCES = settings(deadline=None, max_examples=12, suppress_health_check=SLOW)
SYMBOLS = settings(deadline=None, max_examples=4, suppress_health_check=SLOW)

H = Fraction(1, 10**15)
STRETCH = Fraction(3, 2)
FLAT = {
    "heaviside", "sign", "greater", "at_least", "floor", "is_largest", "leaky_slope", "max_unpool",
    "max_pick", "masked_softmax", "power",
}  # fmt: skip
"""The rows of which some operand gets no gradient (a power only where its exponent is 0)."""
SOME_SLOPE = ("masked_softmax", "power", "max_unpool", "max_pick")
SLOPED = [name for name in CASES if name not in FLAT or name in SOME_SLOPE]
USES = st.sampled_from(["a step", "in a formula", "of formulas"])


def test_every_row_of_the_table_has_its_cases() -> None:
    assert set(CASES) == set(TABLE)


@pytest.mark.parametrize("name", CASES)
@settings(deadline=None, max_examples=5, suppress_health_check=SLOW)
@given(data=st.data())
def test_the_cases_of_a_row_are_uses_of_that_row(name: str, data: Any) -> None:
    case = data.draw(CASES[name])
    _, leaves = givens_of(case)
    formula = case.build(*leaves)
    assert formula.form.op is TABLE[name]
    # a row of which some operand gets no gradient is named, or it is a mistake
    assert bool(case.flat) == (name in FLAT and (name != "power" or case.params == "0"))
    assert formula.shape == case.result(Mp, case.arrays(Mp)).shape


def givens_of(case: Case) -> tuple[Derivation, list[Quantity]]:
    d = Derivation("A law")
    pairs = zip(case.values, case.shapes, strict=True)
    return d, [d.given(f"x{k}", nested(v, shape)) for k, (v, shape) in enumerate(pairs)]


def weights_of(data: Any, shape: tuple[int, ...]) -> list[Fraction]:
    odd = st.integers(-9, 9).map(lambda k: Fraction(2 * k + 1, 8))
    return data.draw(st.lists(odd, min_size=size(shape), max_size=size(shape)))  # type: ignore[no-any-return]


def gradients(case: Case, weights: list[Fraction], use: str) -> list[Array]:
    """The gradients by dlhand, as arrays of mpmath numbers."""
    d, leaves = givens_of(case)
    # operands that are formulas themselves: what arrives there has to be passed on
    y = case.build(*[leaf * STRETCH if use == "of formulas" else leaf for leaf in leaves])
    r = d.given("r", nested(weights, y.shape))
    if use == "a step":
        y = d.step("y", y)
    loss = d.step("E", total(r * y) if y.shape else r * y)
    wanted = [leaf for k, leaf in enumerate(leaves) if k not in case.flat]
    found = d.backward(loss, wanted)
    return [as_array(d, found[leaf]) for leaf in wanted]


def as_array(d: Derivation, q: Quantity) -> Array:
    return array([middle(real) for real in d.evaluation.reals(d[q].index)], q.shape)


def middle(real: Any) -> Any:
    low, high = real.enclosure(Fraction(1, 10**40))
    return Mp.number((low + high) / 2)


def loss_of(case: Case, weights: list[Fraction], numbers: Any, arrays: list[Array]) -> Any:
    found = case.result(numbers, arrays).ravel()
    return sum(numbers.number(r) * y for r, y in zip(weights, found, strict=True))


def stretched(case: Case, use: str) -> Case:
    """The case with the operands that the reference sees."""
    if use != "of formulas":
        return case
    values = tuple(tuple(v * STRETCH for v in operand) for operand in case.values)
    return Case(case.shapes, values, case.build, case.reference, case.params, case.flat)


def differences(case: Case, weights: list[Fraction]) -> list[Array]:
    """The gradients by central differences."""
    found = []
    for k, operand in enumerate(case.values):
        if k in case.flat:
            continue
        slopes = []
        for i in range(len(operand)):
            ends = []
            for h in (H, -H):
                moved = list(operand)
                moved[i] += h
                values = (*case.values[:k], tuple(moved), *case.values[k + 1 :])
                shifted = Case(case.shapes, values, case.build, case.reference)
                ends.append(loss_of(case, weights, Mp, shifted.arrays(Mp)))
            slopes.append((ends[0] - ends[1]) / (2 * Mp.number(H)))
        found.append(array(slopes, case.shapes[k]))
    return found


def assert_close(found: list[Array], wanted: list[Array], digits: int, factor: Any = 1) -> None:
    assert len(found) == len(wanted)
    for a, b in zip(found, wanted, strict=True):
        assert a.shape == b.shape
        for x, y in zip(a.ravel(), b.ravel(), strict=True):
            assert abs(x - factor * y) <= mp.mpf(10) ** -digits * (1 + abs(x)), (a, b)


def has_slope(case: Case) -> bool:
    return len(case.flat) < len(case.shapes)


def is_small(case: Case) -> bool:
    return sum(map(size, case.shapes)) < 20


@pytest.mark.parametrize("name", SLOPED)
@DIFFERENCES
@given(data=st.data())
def test_gradients_are_central_differences(name: str, data: Any) -> None:
    case = data.draw(CASES[name].filter(has_slope))
    use = data.draw(USES)
    seen = stretched(case, use)
    with mp.workdps(50):
        weights = weights_of(data, case.result(Mp, case.arrays(Mp)).shape)
        factor = Mp.number(STRETCH) if use == "of formulas" else 1
        assert_close(gradients(case, weights, use), differences(seen, weights), 18, factor)


@pytest.mark.parametrize("name", SLOPED)
@SYMBOLS
@given(data=st.data())
def test_gradients_are_those_of_sympy(name: str, data: Any) -> None:
    case = data.draw(CASES[name].filter(lambda case: has_slope(case) and is_small(case)))
    with mp.workdps(50):
        weights = weights_of(data, case.result(Mp, case.arrays(Mp)).shape)
        assert_close(gradients(case, weights, "a step"), by_sympy(case, weights), 30)


def by_sympy(case: Case, weights: list[Fraction]) -> list[Array]:
    wanted = [k for k in range(len(case.shapes)) if k not in case.flat]
    operands = case.arrays(Sym)
    for k in wanted:
        names = f"x{k}_:{size(case.shapes[k])}"
        operands[k] = array(sympy.symbols(names, real=True), case.shapes[k])
    loss = sympy.sympify(loss_of(case, weights, Sym, operands))
    flat = [symbol for k in wanted for symbol in operands[k].ravel()]
    slopes = [sympy.diff(loss, symbol) for symbol in flat]
    # away from its jump a step is flat, whatever sympy writes at the jump itself
    jumps = {"Heaviside": lambda x, at_zero=0: 1 if x > 0 else 0, "DiracDelta": lambda *x: 0}
    compiled = sympy.lambdify(flat, slopes, modules=[jumps, "mpmath"])
    points = case.arrays(Mp)
    values = compiled(*[x for k in wanted for x in points[k].ravel()])
    rest = iter(mp.mpf(value) for value in values)
    return [
        array([next(rest) for _ in range(size(case.shapes[k]))], case.shapes[k]) for k in wanted
    ]


@pytest.mark.parametrize("name", sorted(FLAT))
@settings(deadline=None, max_examples=5, suppress_health_check=SLOW)
@given(data=st.data())
def test_nothing_flows_back_where_a_row_is_flat(name: str, data: Any) -> None:
    case = data.draw(CASES[name].filter(lambda case: bool(case.flat)))
    for k in case.flat:
        d, leaves = givens_of(case)
        y = d.step("y", case.build(*leaves))
        loss = d.step("E", total(y * y) if y.shape else y * y)
        with pytest.raises(
            NoDependence, match=rf"E does not depend on x{k} in a way that has a slope"
        ):
            d.backward(loss, [leaves[k]])


@pytest.mark.parametrize(
    ("build", "slope"),
    [
        (lambda x, h: x * x, lambda x, h: (2 * x, 0)),
        (lambda x, h: x * x * x, lambda x, h: (3 * x**2, 0)),
        (lambda x, h: x + x + x, lambda x, h: (3, 0)),
        (lambda x, h: h * (1 - h), lambda x, h: (0, 1 - 2 * h)),
        (lambda x, h: h * (1 - h) * x - x / h, lambda x, h: (
            h * (1 - h) - 1 / h,
            x * (1 - 2 * h) + x / h**2)),
        (lambda x, h: x - x, lambda x, h: (0, 0)),
        (lambda x, h: x / x, lambda x, h: (0, 0)),
        (lambda x, h: (x + h) ** 2 * (x - h) ** 3, lambda x, h: (
            2 * (x + h) * (x - h) ** 3 + 3 * (x + h) ** 2 * (x - h) ** 2,
            2 * (x + h) * (x - h) ** 3 - 3 * (x + h) ** 2 * (x - h) ** 2)),
        (lambda x, h: -(0 - x) * -h, lambda x, h: (-h, -x)),
        (lambda x, h: x * h + h * x, lambda x, h: (2 * h, 2 * x)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shape", [(), (3,)])
def test_a_leaf_that_is_used_again_gets_the_sum(build: Any, slope: Any, shape: Any) -> None:
    x_values = [Fraction(5, 4), Fraction(-3), Fraction(7, 8)][: size(shape)]
    h_values = [Fraction(1, 3), Fraction(2), Fraction(-1, 5)][: size(shape)]
    d = Derivation("Again")
    x, h = d.givens(x=nested(x_values, shape), h=nested(h_values, shape))
    y = build(x, h)
    used = [leaf for leaf in (x, h) if leaf in y.leaves]
    loss = d.step("E", total(y) if shape else y)
    found = d.backward(loss, used)
    for k, leaf in enumerate((x, h)):
        if leaf in used:
            wanted = [Fraction(slope(a, b)[k]) for a, b in zip(x_values, h_values, strict=True)]
            entries = d.evaluation.exact(d[found[leaf]].index)
            assert (entries if shape else (entries,)) == tuple(wanted)


@settings(deadline=None, max_examples=10)
@given(st.lists(SIXTEENTHS, min_size=3, max_size=3), SIXTEENTHS)
def test_one_number_for_many_entries_gets_the_sum_of_theirs(v: list[Fraction], b: Fraction) -> None:
    d = Derivation("Broadcast")
    vector, bias, row = d.givens(v=v, b=b, c=[[b]])
    loss = d.step("E", total((vector + bias) ** 2 * row))
    found = d.backward(loss, [bias, row])
    assert d.evaluation.exact(d[found[bias]].index) == sum(2 * (x + b) * b for x in v)
    assert d.evaluation.exact(d[found[row]].index) == (sum((x + b) ** 2 for x in v),)


def slopes(d: Derivation, loss: Quantity, leaf: Quantity) -> Any:
    return d.evaluation.exact(d[d.backward(loss, [leaf])[leaf]].index)


def test_conventions_at_kinks() -> None:
    """At a kink there is no derivative; what is taken instead is said in the documentation."""
    d = Derivation("Kinks")
    z, x, y = d.givens(z=[0, 1, -1], x=2, y=2)
    assert slopes(d, d.step("E1", total(relu(z))), z) == (0, 1, 0)
    loss = d.step("E2", maximum(x, y))
    assert (slopes(d, loss, x), slopes(d, loss, y)) == (0, 0)
    v, image = d.givens(v=[3, 5, 5, 1], image=[[1, 4, 4], [4, 0, 2], [0, 0, 2]])
    assert slopes(d, d.step("E3", largest(v)), v) == (0, 1, 0, 0)
    pooled = d.step("E4", total(max_pool(image, 2, 1)))
    # the windows' first largest: 4 4 | 4 2, each at its own place
    assert slopes(d, pooled, image) == (0, 2, 0, 1, 0, 1, 0, 0, 0)


def test_ties_below_the_largest_are_no_kink() -> None:
    case = Case(
        ((4, 4),), (tuple(Fraction(k) for k in (0, 0, 9, 0, 5, 0, 0, 0, 1, 1, 1, 2, 1, 3, 1, 1)),),
        lambda a: max_pool(a, 2), pooled_by_two,
    )  # fmt: skip
    weights = [Fraction(k) for k in (1, -2, 3, 5)]
    with mp.workdps(50):
        assert_close(gradients(case, weights, "a step"), differences(case, weights), 18)


def pooled_by_two(n: Any, a: Array) -> Array:
    corners = [(i, j) for i in (0, 2) for j in (0, 2)]
    return array([max(a[i : i + 2, j : j + 2].ravel()) for i, j in corners], (2, 2))


def test_a_formula_of_many_operations_has_the_gradient_of_sympy() -> None:
    """Nothing is lost where rules meet: one long formula, against sympy as a whole."""
    d = Derivation("All at once")
    x, y = d.givens(x="0.7", y="-1.3")
    loss = d.step(
        "E", log(1 + x**2) * sigmoid(x * y - 2) / (3 - y) - (x - y / 2) ** 3 * 2 + (-x) * (y * -4)
    )
    found = d.backward(loss, [x, y])
    u, v = sympy.symbols("u v")
    s = 1 / (1 + sympy.exp(-(u * v - 2)))
    E = sympy.log(1 + u**2) * s / (3 - v) - (u - v / 2) ** 3 * 2 + (-u) * (v * -4)
    point = {u: sympy.Rational(7, 10), v: sympy.Rational(-13, 10)}
    with mp.workdps(50):
        for leaf, symbol in ((x, u), (y, v)):
            wanted = mp.mpf(sympy.diff(E, symbol).subs(point).evalf(45))
            assert abs(middle(d.value(found[leaf])) - wanted) < mp.mpf(10) ** -38
