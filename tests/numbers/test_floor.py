"""The floor over every arithmetic: certain, or openly uncertain."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlhand.numbers.balls import UNKNOWN, Balls
from dlhand.numbers.exact import Fractions
from dlhand.numbers.floats import Floats
from dlhand.numbers.intervals import Intervals, Unsettled

fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=40)


@given(fractions)
def test_exact_and_floating_point(value: Fraction) -> None:
    assert Fractions().floor(value) == math.floor(value)
    assert Floats().floor(float(value)) == math.floor(float(value))


def test_what_is_not_known_stays_so() -> None:
    assert Fractions().floor(None) is None


@given(fractions, st.floats(0, 3), st.floats(-1, 1))
def test_a_ball_has_the_floor_of_every_number_in_it(
    value: Fraction, radius: float, where: float
) -> None:
    middle = float(value)
    v, e = Balls.floor((middle, radius))
    inside = math.floor(Fraction(middle) + Fraction(radius) * Fraction(where))
    assert abs(inside - Fraction(v)) <= Fraction(e)


def test_an_exact_ball_has_an_exact_floor() -> None:
    assert Balls.floor((3.0, 0.0)) == (3.0, 0.0)
    assert Balls.floor((-2.5, 0.25)) == (-3.0, 0.0)
    assert Balls.floor(UNKNOWN) == UNKNOWN
    assert Balls.floor((1e30, 0.0)) == UNKNOWN


@given(fractions)
def test_an_interval_tells_or_says_that_it_cannot(value: Fraction) -> None:
    arithmetic = Intervals(80)
    narrow = arithmetic.number(value + Fraction(1, 100))
    low, high = Intervals.bounds(arithmetic.floor(narrow))
    assert low == high == math.floor(value + Fraction(1, 100))
    around = arithmetic.sub(arithmetic.number(Fraction(2)), arithmetic.number(Fraction(1, 3)))
    assert Intervals.bounds(arithmetic.floor(around)) == (Fraction(1), Fraction(1))


def test_an_interval_around_a_whole_number_is_unsettled() -> None:
    arithmetic = Intervals(80)
    third = arithmetic.number(Fraction(1, 3))
    with pytest.raises(Unsettled):
        arithmetic.floor(arithmetic.add(arithmetic.add(third, third), third))
