"""Arithmetic in floating point: each rule is within a rounding or two of what it stands for."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp

from dlhand.numbers.floats import Floats

FLOATS = Floats()
NUMBERS = st.floats(-50, 50)


@given(st.floats(-1e4, 1e4))
def test_the_sigmoid_is_right_on_both_sides_and_never_overflows(z: float) -> None:
    with mp.workdps(40):
        wanted = float(1 / (1 + mp.exp(-mp.mpf(z))))
    assert FLOATS.sigmoid(z) == pytest.approx(wanted, rel=1e-15, abs=5e-324)


@given(NUMBERS, NUMBERS)
def test_arithmetic_is_that_of_fractions_to_a_rounding(a: float, b: float) -> None:
    x, y = Fraction(a), Fraction(b)
    for found, wanted in (
        (FLOATS.add(a, b), x + y),
        (FLOATS.sub(a, b), x - y),
        (FLOATS.mul(a, b), x * y),
        (FLOATS.neg(a), -x),
        (FLOATS.maximum(a, b), max(x, y)),
        (FLOATS.heaviside(a), x > 0),
        (FLOATS.floor(a), math.floor(x)),
        (FLOATS.power(a, Fraction(2)), x**2),
        (FLOATS.power(a, Fraction(3)), x**3),
    ):
        assert found == pytest.approx(float(wanted), rel=1e-15, abs=1e-300)
    if abs(b) > 1e-300:
        assert FLOATS.div(a, b) == float(x / y)
    assert FLOATS.total([a, b, a]) == pytest.approx(float(x + y + x), rel=1e-15, abs=1e-13)
    assert FLOATS.dot([a, b], [b, b]) == pytest.approx(float(x * y + y * y), rel=1e-15, abs=1e-12)


def test_a_fractional_power_is_a_root() -> None:
    assert FLOATS.power(8.0, Fraction(1, 3)) == pytest.approx(2, rel=1e-15)
    assert FLOATS.power(4.0, Fraction(-3, 2)) == 0.125
    with pytest.raises(ValueError, match=r"math domain error|expected a nonneg"):
        FLOATS.power(-8.0, Fraction(1, 3))
