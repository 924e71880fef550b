"""Float enclosures: every rule contains what it must, checked end point by end point."""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mpmath import mp

from dlhand.numbers.balls import TINY, UNKNOWN, Ball, Balls, compile_balls, number

BALLS = Balls()
LAW = settings(deadline=None, max_examples=150)

ORDINARY = st.floats(-1e3, 1e3)
ANY_FLOAT = st.one_of(
    ORDINARY,
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 1e-308, -1e-308, 1e-300, 1e300, -1e300, 1.7e308, 2.5e-310, 1.0]),
)


@st.composite
def balls(draw: st.DrawFn, midpoints: st.SearchStrategy[float] = ANY_FLOAT) -> Ball:
    """A midpoint with a radius of any size; next to zero no radius is below the smallest float."""
    v = draw(midpoints)
    share = draw(st.one_of(st.just(0.0), st.integers(-52, 1).map(lambda k: 2.0**k)))
    e = abs(v) * share + draw(st.sampled_from([0.0, 0.0, TINY, 1e-17, 1e-5]))
    if e == math.inf or (e == 0.0 and abs(v) < 2.0**-53):
        e = abs(v) * 2.0**-53 + TINY
    return v, e


def ends(a: Ball) -> tuple[Fraction, Fraction]:
    v, e = Fraction(a[0]), Fraction(a[1])
    return v - e, v + e


def is_known(a: Ball) -> bool:
    return math.isfinite(a[0]) and math.isfinite(a[1])


def assert_contains(ball: Ball, value: Fraction) -> None:
    if is_known(ball):
        low, high = ends(ball)
        assert low <= value <= high, (ball, float(value))


def assert_contains_mp(ball: Ball, value: Any) -> None:
    """The same for a value known to 60 digits."""
    if is_known(ball):
        slack = abs(value) * mp.mpf(10) ** -50
        v, e = mp.mpf(ball[0]), mp.mpf(ball[1])
        assert v - e - slack <= value <= v + e + slack, (ball, value)


@LAW
@given(balls(), balls())
@example((1e-315, 1e-320), (1.0, 1e-5))
@example((1.5e-160, 1e-170), (1e-160, 1e-165))
@example((-1e308, 0.0), (-1e308, 0.0))
@example((1e-308, 5e-324), (0.3984375, 0.0498046875))  # three roundings, each by underflow
def test_sums_differences_and_products_contain_all_their_corners(a: Ball, b: Ball) -> None:
    for x in ends(a):
        for y in ends(b):
            assert_contains(BALLS.add(a, b), x + y)
            assert_contains(BALLS.sub(a, b), x - y)
            assert_contains(BALLS.mul(a, b), x * y)
    assert_contains(BALLS.neg(a), -ends(a)[0])
    assert_contains(BALLS.neg(a), -ends(a)[1])


@LAW
@given(balls(), balls())
def test_a_quotient_contains_all_its_corners_and_is_unknown_where_the_divisor_may_be_zero(
    a: Ball, b: Ball
) -> None:
    quotient = BALLS.div(a, b)
    low, high = ends(b)
    if low <= 0 <= high:
        assert not is_known(quotient)
        return
    for x in ends(a):
        for y in (low, high):
            assert_contains(quotient, x / y)


@LAW
@given(balls(), st.integers(-6, 9))
def test_a_whole_power_contains_its_ends(a: Ball, exponent: int) -> None:
    power = BALLS.power(a, Fraction(exponent))
    low, high = ends(a)
    if exponent < 0 and low <= 0 <= high:
        assert not is_known(power)
        return
    for x in (low, high, Fraction(a[0])):
        assert_contains(power, x**exponent)
    if low <= 0 <= high:
        assert_contains(power, Fraction(0) ** exponent)


@LAW
@given(
    balls(st.floats(1e-12, 1e12)),
    st.fractions(-4, 4, max_denominator=7).filter(lambda p: p.denominator > 1),
)
def test_a_fractional_power_contains_its_ends(a: Ball, exponent: Fraction) -> None:
    power = BALLS.power(a, exponent)
    low, high = ends(a)
    if low <= 0:
        assert not is_known(power)
        return
    with mp.workdps(60):
        p = mp.mpf(exponent.numerator) / exponent.denominator
        for x in (low, high, Fraction(a[0])):
            assert_contains_mp(power, (mp.mpf(x.numerator) / x.denominator) ** p)


# the rule, what it computes, the midpoints, and where it is defined
FUNCTIONS: dict[str, tuple[Callable[[Any], Any], st.SearchStrategy[float], bool]] = {
    "exp": (mp.exp, st.floats(-800, 800), False),
    "log": (mp.log, st.one_of(st.floats(1e-300, 1e300), st.floats(0.999, 1.001)), True),
    "sqrt": (mp.sqrt, st.floats(0.0, 1e300), True),
    "sin": (mp.sin, st.floats(-1e12, 1e12), False),
    "cos": (mp.cos, st.floats(-1e12, 1e12), False),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), st.floats(-800, 800), False),
    "tanh": (mp.tanh, st.one_of(st.floats(-50, 50), st.floats(-1e-300, 1e-300)), False),
}


@pytest.mark.parametrize("name", FUNCTIONS)
@LAW
@given(data=st.data())
def test_a_function_contains_its_value_anywhere_in_the_ball(name: str, data: Any) -> None:
    function, midpoints, wants_positive = FUNCTIONS[name]
    a = data.draw(st.one_of(balls(midpoints), balls(st.floats(1e-3, 4.0))))
    t = data.draw(st.fractions(-1, 1, max_denominator=64))
    ball = getattr(BALLS, name)(a)
    low, high = ends(a)
    if wants_positive and low < 0:
        assert not is_known(ball)
        return
    with mp.workdps(60):
        for x in (low, high, Fraction(a[0]), Fraction(a[0]) + t * Fraction(a[1])):
            if not (wants_positive and x <= 0):
                assert_contains_mp(ball, function(mp.mpf(x.numerator) / x.denominator))


@LAW
@given(balls(), balls())
def test_the_larger_of_two_contains_all_its_corners(a: Ball, b: Ball) -> None:
    for x in ends(a):
        for y in ends(b):
            assert_contains(BALLS.maximum(a, b), max(x, y))


def test_the_larger_of_two_is_unknown_where_one_has_overflowed() -> None:
    beyond: Ball = (-math.inf, math.inf)  # what -1e308 - 1e308 leaves: it says nothing
    assert not is_known(BALLS.maximum(beyond, (1.0, 0.0)))
    assert not is_known(BALLS.maximum((1.0, 0.0), beyond))


@LAW
@given(balls())
def test_heaviside_is_certain_or_says_that_it_is_not(a: Ball) -> None:
    ball = BALLS.heaviside(a)
    for x in ends(a):
        assert_contains(ball, Fraction(x > 0))
    low, high = ends(a)
    if low > 0 or high < 0 or low == high == 0:
        assert ball[1] == 0.0


@LAW
@given(st.lists(st.tuples(balls(), balls()), min_size=1, max_size=8))
def test_totals_and_dot_products_contain_the_sums_of_the_ends(pairs: list[Any]) -> None:
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    for side in (0, 1):
        assert_contains(BALLS.total(first), sum(ends(a)[side] for a in first))
    dot = BALLS.dot(first, second)
    low = sum(min(x * y for x in ends(a) for y in ends(b)) for a, b in pairs)
    high = sum(max(x * y for x in ends(a) for y in ends(b)) for a, b in pairs)
    assert_contains(dot, Fraction(low))
    assert_contains(dot, Fraction(high))


@LAW
@given(
    st.one_of(
        st.fractions(),
        st.builds(
            lambda m, k: Fraction(m) * Fraction(10) ** k, st.integers(), st.integers(-420, 420)
        ),
    )
)
def test_an_exact_number_lies_in_its_ball(value: Fraction) -> None:
    assert_contains(number(value), value)
    low, high = (Fraction(end) for end in ends(number(Fraction(3, 8))))
    assert low == high == Fraction(3, 8)


def test_a_number_beyond_every_float_is_unknown() -> None:
    assert number(Fraction(10) ** 400) == UNKNOWN


def _formula(arithmetic: Any, slots: Any) -> Any:
    """A formula with every rule in it, and a constant that is no float."""
    a, b, c = slots
    third = arithmetic.number(Fraction(1, 3))
    one = arithmetic.number(Fraction(1))
    return arithmetic.total(
        [
            arithmetic.mul(arithmetic.sigmoid(a), arithmetic.tanh(b)),
            arithmetic.div(
                arithmetic.exp(third), arithmetic.add(arithmetic.power(c, Fraction(2)), one)
            ),
            arithmetic.log(arithmetic.add(arithmetic.power(a, Fraction(4)), one)),
            arithmetic.sqrt(arithmetic.add(arithmetic.exp(b), third)),
            arithmetic.neg(arithmetic.maximum(arithmetic.sin(c), arithmetic.cos(a))),
            arithmetic.mul(arithmetic.heaviside(arithmetic.sub(a, b)), c),
            arithmetic.dot([a, b], [b, c]),
        ]
    )


def _formula_mp(a: Any, b: Any, c: Any) -> Any:
    third = mp.mpf(1) / 3
    return (
        mp.tanh(b) / (1 + mp.exp(-a))
        + mp.exp(third) / (c**2 + 1)
        + mp.log(a**4 + 1)
        + mp.sqrt(mp.exp(b) + third)
        - max(mp.sin(c), mp.cos(a))
        + (c if a > b else 0)
        + a * b
        + b * c
    )


@LAW
@given(*[balls(st.floats(-20, 20)) for _ in range(3)], st.tuples(*[st.floats(-1, 1)] * 3))
def test_compiled_rules_contain_the_value_as_the_interpreted_ones_do(
    a: Ball, b: Ball, c: Ball, where: tuple[float, ...]
) -> None:
    compiled = compile_balls(lambda source, slots: _formula(source, slots), 3)
    with mp.workdps(60):
        inside = [mp.mpf(v) + mp.mpf(e) * t for (v, e), t in zip((a, b, c), where, strict=True)]
        value = _formula_mp(*inside)
        assert_contains_mp(compiled(a, b, c), value)
        assert_contains_mp(_formula(BALLS, (a, b, c)), value)


def test_what_overflows_is_unknown_and_no_error() -> None:
    for ball in (
        BALLS.exp((701.0, 0.0)),
        BALLS.power((1e300, 1e280), Fraction(3)),
        BALLS.power((0.0, 0.0), Fraction(-2)),
        BALLS.div((1.0, 0.0), (0.0, 0.0)),
        BALLS.log((-1.0, 0.0)),
        BALLS.sqrt((-1.0, 0.0)),
        BALLS.sin(UNKNOWN),
        BALLS.mul(UNKNOWN, (0.0, 0.0)),
        BALLS.add(UNKNOWN, (1.0, 0.0)),
    ):
        assert not is_known(ball)
