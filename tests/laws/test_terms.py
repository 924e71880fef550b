"""Normal forms: what they call equal is equal, and the cancellations of a course are seen."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mpmath import mp

from dlhand import (
    Derivation,
    UndefinedValue,
    correlate,
    exp,
    floor,
    greater,
    heaviside,
    is_largest,
    largest,
    log,
    log_sum_exp,
    max_pool,
    maximum,
    mean,
    relu,
    sigmoid,
    softmax,
    sqrt,
    stack,
    tanh,
    total,
    variance,
)
from dlhand.numbers.intervals import Intervals, Unsettled
from dlhand.numbers.terms import Forms, Terms, rational

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


class Numbers:
    """The same arithmetic in numbers of mpmath."""

    add, sub, mul, div = mp.fadd, mp.fsub, mp.fmul, mp.fdiv
    neg, exp, log, sqrt, sin, cos, tanh = mp.fneg, mp.exp, mp.log, mp.sqrt, mp.sin, mp.cos, mp.tanh

    @staticmethod
    def sigmoid(z: Any) -> Any:
        return 1 / (1 + mp.exp(-z))

    @staticmethod
    def power(a: Any, exponent: Fraction) -> Any:
        return a ** (mp.mpf(exponent.numerator) / exponent.denominator)


TWO = ("add", "sub", "mul", "div")
ONE = ("neg", "exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid")
STEPS = st.lists(
    st.tuples(st.sampled_from((*TWO, *TWO, *ONE, "power")), st.integers(0, 99), st.integers(0, 99)),
    min_size=3,
    max_size=14,
)
VALUES = [Fraction(q) for q in ("2", "3", "1/2", "8", "-1", "5/4", "6")]
EXPONENTS = [
    Fraction(2),
    Fraction(3),
    Fraction(-1),
    Fraction(1, 2),
    Fraction(-3, 2),
    Fraction(1, 3),
]


@settings(deadline=None, max_examples=400, suppress_health_check=SLOW)
@given(STEPS, st.lists(st.sampled_from(VALUES), min_size=2))
def test_equal_forms_are_equal_numbers(steps: Any, values: list[Fraction]) -> None:
    """Random formulas, in which the same numbers meet again; each beside 120 digits of mpmath."""
    with mp.workdps(120):
        terms = Terms(600)
        known = [(terms.number(v), mp.mpf(v.numerator) / v.denominator) for v in values]
        for name, first, second in steps:
            a, b = known[first % len(known)], known[second % len(known)]
            if not mp.isfinite(a[1]) or abs(a[1]) > 50:
                continue
            extra = ((EXPONENTS[second % len(EXPONENTS)],) * 2) if name == "power" else b
            try:
                made = getattr(terms, name)(a[0], *([extra[0]] if name in (*TWO, "power") else []))
            except (UndefinedValue, Unsettled):
                continue
            value = getattr(Numbers, name)(a[1], *([extra[1]] if name in (*TWO, "power") else []))
            known.append((made, value))
        by_form: dict[Any, Any] = {}
        for element, value in known:
            other = by_form.setdefault(element.form, value)
            assert mp.almosteq(other, value, 1e-90, 1e-90), (other, value)
            exact = rational(element.form)
            if exact is not None:
                q = mp.mpf(exact.numerator) / exact.denominator
                assert mp.almosteq(q, value, 1e-90, 1e-90), (exact, value)


def squared_roots_of_sums(f: Any, one: Any, *primes: Any) -> Any:
    """(√(1 + √2) √(1 + √3) √(1 + √5))² - (1 + √2) (1 + √3) (1 + √5)."""
    sums = [f.add(one, f.sqrt(prime)) for prime in primes]
    root, product = one, one
    for part in sums:
        root, product = f.mul(root, f.sqrt(part)), f.mul(product, part)
    return f.add(f.mul(root, root), f.neg(product))


@pytest.mark.parametrize(
    ("make", "value"),
    [
        (lambda f, n: f.mul(f.sqrt(n(2)), f.sqrt(n(8))), 4),
        (lambda f, n: f.mul(f.sqrt(n(6)), f.inverse(f.mul(f.sqrt(n(2)), f.sqrt(n(3))))), 1),
        (lambda f, n: f.exp(f.log(n(4))), 4),
        (lambda f, n: f.mul(f.exp(n(2)), f.exp(n(-2))), 1),
        (lambda f, n: f.log(f.exp(f.sqrt(n(4)))), 2),
        (lambda f, n: f.add(f.sigmoid(n(3)), f.sigmoid(n(-3))), 1),
        (lambda f, n: f.add(f.odd("tanh", n(3)), f.odd("tanh", n(-3))), 0),
        (lambda f, n: f.add(f.log(n(6)), f.neg(f.add(f.log(n(2)), f.log(n(3))))), 0),
        (lambda f, n: f.power(f.add(f.sqrt(n(2)), n(1)), Fraction(2)), None),
        (lambda f, n: f.mul(f.add(f.sqrt(n(2)), n(1)), f.add(f.sqrt(n(2)), n(-1))), 1),
        (lambda f, n: squared_roots_of_sums(f, n(1), n(2), n(3), n(5)), 0),
    ],
)
def test_roots_exponentials_and_logarithms_cancel(make: Any, value: int | None) -> None:
    forms = Forms()
    found = rational(make(forms, lambda k: forms.number(Fraction(k))))
    assert found == (None if value is None else Fraction(value))


EXACT = [
    (lambda x: sqrt(x) * sqrt(x) - 2, {"x": 2}, "= 0"),
    (lambda x: exp(log(x)), {"x": 4}, "= 4"),
    (lambda x: exp(-log(x)), {"x": "8"}, "= 0.125"),
    (lambda x: mean((x - mean(x)) / sqrt(variance(x))), {"x": [1, 2, 4, 8]}, "= 0"),
    (lambda x: variance((x - mean(x)) / sqrt(variance(x))), {"x": [1, 2, 4, 8]}, "= 1"),
    (lambda x: floor(sqrt(x) * sqrt(x)), {"x": 2}, "= 2"),
    (lambda x: greater(sqrt(x) * sqrt(x), 2), {"x": 2}, "= 0"),
    (lambda x: heaviside(exp(log(x)) - 3), {"x": 3}, "= 0"),
    (lambda x: relu(exp(log(x)) - 3), {"x": 3}, "= 0"),
    (lambda x: is_largest(stack(sqrt(x), sqrt(x + 1), sqrt(x + 1))), {"x": 2}, "= [0, 1, 0]"),
    (lambda x: maximum(exp(log(x)), 3), {"x": 3}, "= 3"),
    (lambda x: sigmoid(x) + sigmoid(-x), {"x": "0.41"}, "= 1"),
    (lambda x: total(is_largest(exp(x))), {"x": ["0.5", "0.25", "0.5"]}, "= 1"),
    # saturated: near to a number is not the number
    (lambda x: softmax(x), {"x": [1, -(10**9)]}, "≈ [1.0000, 0.00000]"),
    (lambda x: sigmoid(x), {"x": -(10**5)}, "≈ 0.00000"),
    (lambda x: sigmoid(x), {"x": 10**9}, "≈ 1.0000"),
    (lambda x: tanh(x), {"x": -(10**9)}, "≈ −1.0000"),
    (lambda x: exp(x), {"x": -(10**9)}, "≈ 0.00000"),
    (lambda x: log_sum_exp(x), {"x": [2, -(10**9)]}, "≈ 2.0000"),
    (lambda x: -log(softmax(x)), {"x": [1, -(10**9)]}, "≈ [0.00000, 1000000000]"),
    (lambda x: softmax(x), {"x": [0, -(10**12)]}, "≈ [1.0000, 0.00000]"),
    (lambda x: largest(stack(sqrt(x), sqrt(x + 1), sqrt(x + 1))), {"x": 2}, "≈ 1.7321"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "givens", "end"), EXACT)
def test_an_exact_result_is_shown_as_exact_and_no_other(
    formula: Any, givens: Any, end: str
) -> None:
    d = Derivation("Shown")
    d.step("y", formula(*d.givens(**givens)))
    text = " ".join(d.text("y").split()).removesuffix(" (from more digits than shown)")
    assert text.endswith(f" {end}"), text


def test_an_image_with_flat_regions_goes_forward_and_back() -> None:
    d = Derivation("Flat regions")
    X, K = d.givens(X=[[1, 1, 1], [1, 1, 1], [1, 1, 1]], K=[["0.5", "0.25"], ["0.1", "0.2"]])
    C = d.step("C", sigmoid(correlate(X, K)))
    E = d.step("E", total(max_pool(C, 2) ** 2))
    d.backward(E, [X, K])
    assert "∂E/∂C" in d.text() and r"\partial" in d.latex() and d.html()
    with mp.workdps(30):  # the first of the largest entries gets it all
        s = 1 / (1 + mp.exp(-mp.mpf("1.05")))
        assert d.value("dE/dC")[0][0].digits(12) == mp.nstr(2 * s, 12)
    assert [str(x) for row in d.value("dE/dC") for x in row][1:] == ["0", "0", "0"]


@pytest.mark.parametrize("bits", [100, 1000, 30_000])
def test_tanh_keeps_its_digits_near_zero(bits: int) -> None:
    arithmetic = Intervals(80)
    for sign in (1, -1):
        small = Fraction(sign, 2**bits)
        low, high = arithmetic.bounds(arithmetic.tanh(arithmetic.number(small)))
        assert low <= small - small**3 / 3 <= high or low <= small <= high
        assert abs(high - low) < abs(small) / 10**20


MAGNITUDES = st.sampled_from([10.0**k for k in (-12, -6, -3, 0, 1, 2, 3, 5, 9, 12)])


@settings(deadline=None, max_examples=150, suppress_health_check=SLOW)
@given(
    st.sampled_from(["exp", "sigmoid", "tanh", "softmax", "log_sum_exp", "cross entropy"]),
    st.lists(st.tuples(st.integers(-99, 99), MAGNITUDES), min_size=2, max_size=3),
)
def test_at_every_size_there_is_a_value_and_it_is_right(name: str, parts: Any) -> None:
    values = [Fraction(k) * Fraction(m) for k, m in parts]
    d = Derivation("Large and small")
    x = d.given("x", values)
    formula = {
        "exp": exp, "sigmoid": sigmoid, "tanh": tanh, "softmax": softmax,
        "log_sum_exp": log_sum_exp, "cross entropy": lambda z: -log(softmax(z)),
    }[name](x)  # fmt: skip
    y = d.step("y", formula)
    with mp.workdps(60):
        z = [mp.mpf(v.numerator) / v.denominator for v in values]
        peak = max(z)
        lse = peak + mp.log(mp.fsum(mp.exp(v - peak) for v in z))
        wanted = {
            "exp": [mp.exp(v) for v in z],
            "sigmoid": [1 / (1 + mp.exp(-v)) for v in z],
            "tanh": [mp.tanh(v) for v in z],
            "softmax": [mp.exp(v - lse) for v in z],
            "log_sum_exp": [lse],
            "cross entropy": [lse - v for v in z],
        }[name]
        if name == "exp" and max(z) > 27_000:
            with pytest.raises(UndefinedValue, match="too large"):
                d.text()
            return
        assert d.text("y")
        for real, right in zip(d.evaluation.reals(d[y].index), wanted, strict=True):
            found, known = float(real), float(right)
            assert found == known or abs(found - known) <= 1e-12 * max(1, abs(known))
