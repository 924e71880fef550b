"""Intervals of many digits: containment at several precisions, and what is left undecided."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mp

from dlhand.errors import UndefinedValue
from dlhand.numbers.intervals import NEAR_ZERO, Intervals, Unsettled

LAW = settings(deadline=None, max_examples=60)
PRECISIONS = st.sampled_from([53, 80, 160, 320])
NUMBERS = st.one_of(
    st.fractions(-50, 50, max_denominator=1000),
    st.builds(
        lambda m, k: Fraction(m, 97) * Fraction(10) ** k,
        st.integers(-(10**6), 10**6),
        st.integers(-40, -1),
    ),
)
WIDTHS = st.sampled_from([Fraction(0), Fraction(1, 10**20), Fraction(1, 10)])


def around(arithmetic: Intervals, value: Fraction, width: Fraction) -> Any:
    return arithmetic.number(value - width)[0], arithmetic.number(value + width)[1]


def exactly(x: Fraction) -> Any:
    return mp.mpf(x.numerator) / x.denominator


def assert_contains(interval: Any, value: Any) -> None:
    low, high = (exactly(end) for end in Intervals.bounds(interval))
    slack = abs(value) * mp.mpf(10) ** -190
    assert low - slack <= value <= high + slack


@LAW
@given(NUMBERS, NUMBERS, WIDTHS, PRECISIONS, st.fractions(-1, 1, max_denominator=16))
def test_arithmetic_contains_the_value(
    x: Fraction, y: Fraction, width: Fraction, precision: int, t: Fraction
) -> None:
    arithmetic = Intervals(precision)
    a, b = around(arithmetic, x, width), around(arithmetic, y, width)
    x, y = x + t * width, y - t * width
    with mp.workdps(220):
        assert_contains(arithmetic.add(a, b), exactly(x + y))
        assert_contains(arithmetic.sub(a, b), exactly(x - y))
        assert_contains(arithmetic.mul(a, b), exactly(x * y))
        assert_contains(arithmetic.neg(a), exactly(-x))
        assert_contains(arithmetic.maximum(a, b), exactly(max(x, y)))
        assert_contains(arithmetic.total([a, b, a]), exactly(x + y + x))
        assert_contains(arithmetic.dot([a, b], [b, b]), exactly(x * y + y * y))
        for n in (0, 1, 2, 3, 6):
            assert_contains(arithmetic.power(a, Fraction(n)), exactly(x**n))
        if abs(y) > 2 * width:
            assert_contains(arithmetic.div(a, b), exactly(x / y))
            assert_contains(arithmetic.power(b, Fraction(-3)), exactly(y**-3))


@LAW
@given(NUMBERS, WIDTHS, PRECISIONS, st.fractions(-1, 1, max_denominator=16))
@example(Fraction(6573, 194 * 10**22), Fraction(0), 53, Fraction(0))  # e^x was 1, rounded up
def test_functions_contain_the_value(
    x: Fraction, width: Fraction, precision: int, t: Fraction
) -> None:
    arithmetic = Intervals(precision)
    a = around(arithmetic, x, width)
    with mp.workdps(220):
        z = exactly(x + t * width)
        assert_contains(arithmetic.exp(a), mp.exp(z))
        assert_contains(arithmetic.sin(a), mp.sin(z))
        assert_contains(arithmetic.cos(a), mp.cos(z))
        assert_contains(arithmetic.sigmoid(a), 1 / (1 + mp.exp(-z)))
        assert_contains(arithmetic.tanh(a), mp.tanh(z))
        assert_contains(arithmetic.bell(a), mp.npdf(z))
        with mp.workdps(1200):  # where 1 - erf loses a thousand digits
            share = mp.erfc(-z / mp.sqrt(2)) / 2
        assert_contains(arithmetic.normal(a), share)
        if x > 2 * width:
            assert_contains(arithmetic.log(a), mp.log(z))
            assert_contains(arithmetic.sqrt(a), mp.sqrt(z))
            assert_contains(arithmetic.power(a, Fraction(1, 2)), mp.sqrt(z))
            assert_contains(arithmetic.power(a, Fraction(-5, 3)), z ** (mp.mpf(-5) / 3))


@pytest.mark.parametrize("precision", [53, 60, 77, 100, 160, 320])
@pytest.mark.parametrize("name", ["exp", "log", "sin", "cos", "sigmoid", "tanh", "normal", "bell"])
def test_an_end_lies_on_its_own_side_near_numbers_of_few_bits(name: str, precision: int) -> None:
    """There a result that is rounded first and in no direction ends up on the wrong side."""
    arithmetic = Intervals(precision)
    function = getattr(arithmetic, name)
    wanted = {
        "exp": mp.exp, "log": mp.log, "sin": mp.sin, "cos": mp.cos, "tanh": mp.tanh,
        "bell": mp.npdf, "sigmoid": lambda z: 1 / (1 + mp.exp(-z)),
        "normal": lambda z: mp.erfc(-z / mp.sqrt(2)) / 2,
    }[name]  # fmt: skip
    base = 1 if name == "log" else 0
    with mp.workdps(420):
        for k in range(8, 2 * precision, 3):
            for sign in (1, -1):
                x = base + Fraction(sign * (2**13 + 3), 2 ** (k + 13))
                low, high = (
                    exactly(end) for end in Intervals.bounds(function(arithmetic.number(x)))
                )
                assert low <= wanted(exactly(x)) <= high, (k, sign)


@pytest.mark.parametrize("size", ["0.5", "3", "11.3", "15", "38", "41.5", "150", "1e4", "1e9"])
def test_the_normal_distribution_far_out(size: str) -> None:
    x = Fraction(size)
    with mp.workdps(2000):
        share = mp.erfc(exactly(x) / mp.sqrt(2)) / 2
        for precision in (60, 160, 640):
            arithmetic = Intervals(precision)
            below = arithmetic.normal(arithmetic.number(-x))
            above = arithmetic.normal(arithmetic.number(x))
            for interval, value in ((below, share), (above, 1 - share)):
                low, high = (exactly(end) for end in Intervals.bounds(interval))
                assert low <= value <= high
                assert high - low <= abs(value) * mp.mpf(2) ** (8 - precision) or x > 1000


def test_more_precision_gives_tighter_bounds_that_contain_one_another() -> None:
    before = None
    for precision in (80, 160, 320, 640, 1280):
        arithmetic = Intervals(precision)
        low, high = Intervals.bounds(arithmetic.exp(arithmetic.number(Fraction(1, 3))))
        assert 0 < high - low < Fraction(1, 2 ** (precision - 8))
        assert before is None or (before[0] <= low and high <= before[1])
        before = low, high


def test_the_bounds_are_exact_whatever_the_working_precision() -> None:
    arithmetic = Intervals(400)
    with mp.workprec(20):
        low, high = Intervals.bounds(arithmetic.number(Fraction(1, 3)))
    assert low < Fraction(1, 3) < high
    assert high - low < Fraction(1, 2**395)


def test_heaviside_tells_or_says_that_it_cannot() -> None:
    arithmetic = Intervals(80)
    one, zero = arithmetic.number(Fraction(1)), arithmetic.number(Fraction(0))
    assert arithmetic.heaviside(arithmetic.number(Fraction(1, 10**30))) == one
    assert arithmetic.heaviside(arithmetic.number(Fraction(-1, 10**30))) == zero
    assert arithmetic.heaviside(zero) == zero
    with pytest.raises(Unsettled):
        arithmetic.heaviside(around(arithmetic, Fraction(0), Fraction(1, 10**30)))


def test_what_straddles_a_boundary_is_unsettled_and_what_is_beyond_it_undefined() -> None:
    arithmetic = Intervals(80)
    near = around(arithmetic, Fraction(0), Fraction(1, 10**9))
    below = arithmetic.number(Fraction(-1))
    for rule in (arithmetic.log, arithmetic.sqrt):
        with pytest.raises(Unsettled):
            rule(near)
    with pytest.raises(Unsettled):
        arithmetic.div(below, near)
    with pytest.raises(UndefinedValue, match="logarithm"):
        arithmetic.log(below)
    with pytest.raises(UndefinedValue, match="square root"):
        arithmetic.sqrt(below)


@pytest.mark.parametrize("precision", [80, 5120])
def test_a_value_beyond_all_writing_has_no_bounds(precision: int) -> None:
    arithmetic = Intervals(precision)
    low, high = Intervals.bounds(arithmetic.exp(arithmetic.number(Fraction(-27_500))))
    assert 0 < low < high < Fraction(1, 10**11_900)
    with pytest.raises(UndefinedValue, match="a value too large to be written down"):
        Intervals.bounds(arithmetic.exp(arithmetic.number(Fraction(10**6))))
    small = arithmetic.exp(arithmetic.number(Fraction(-(10**6))))
    low, high = Intervals.bounds(small)
    assert (low, high) == (0, NEAR_ZERO) and high > Fraction(1, 10**12_100)
    assert Intervals.bounds(arithmetic.neg(small)) == (-NEAR_ZERO, 0)


@pytest.mark.parametrize("size", ["1e2000", "1e10000"])
def test_arguments_beyond_all_use_cost_nothing_and_are_enclosed(size: str) -> None:
    """e^(10^10000) has more digits than there is memory for."""
    mantissa, exponent = size.split("e")
    arithmetic = Intervals(160)
    huge = arithmetic.number(int(mantissa) * Fraction(10) ** int(exponent))
    low, high = arithmetic.sigmoid(huge), arithmetic.sigmoid(arithmetic.neg(huge))
    one, zero = arithmetic.number(Fraction(1)), arithmetic.number(Fraction(0))
    assert arithmetic.sub(one, low)[0] == zero[0]
    assert arithmetic.heaviside(arithmetic.sub(one, high)) == one
    for value, bound in ((arithmetic.exp(arithmetic.neg(huge)), 0), (high, 0)):
        assert (
            arithmetic.heaviside(arithmetic.sub(arithmetic.number(Fraction(1, 10**99)), value))
            == one
        )
        assert arithmetic.bounds((value[0], value[0]))[0] == bound
    for sign, tanh in ((1, arithmetic.tanh(huge)), (-1, arithmetic.tanh(arithmetic.neg(huge)))):
        first, last = arithmetic.bounds(tanh)
        assert first <= sign <= last
        assert last - first < Fraction(1, 10**40)
    with pytest.raises(UndefinedValue, match="too large"):
        arithmetic.exp(huge)


def test_the_sine_of_a_large_angle_takes_the_precision_that_it_needs() -> None:
    angle = Fraction(10) ** 100
    assert Intervals.bounds(Intervals(160).sin(Intervals(160).number(angle))) == (-1, 1)
    with mp.workdps(400):
        wanted = mp.sin(mp.mpf(10) ** 100), mp.cos(mp.mpf(10) ** 100)
        arithmetic = Intervals(640)
        a = arithmetic.number(angle)
        for value, interval in zip(wanted, (arithmetic.sin(a), arithmetic.cos(a)), strict=True):
            assert_contains(interval, value)
            low, high = Intervals.bounds(interval)
            assert high - low < Fraction(1, 10**80)
