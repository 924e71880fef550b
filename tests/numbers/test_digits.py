"""Rounding and writing: ties away from zero, and nothing claimed that is not proven."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlhand.numbers.balls import UNIT
from dlhand.numbers.digits import (
    Decimal10,
    Digits,
    Shown,
    chop,
    magnitude,
    round_ball,
    round_bounds,
    round_half_up,
    round_significant,
    terminates,
    write,
    write_ball,
)

LAW = settings(deadline=None, max_examples=150)
NUMBERS = st.one_of(
    st.fractions(-(10**6), 10**6, max_denominator=10**6),
    st.builds(
        lambda m, k: Fraction(m) * Fraction(10) ** k,
        st.integers(-(10**9), 10**9),
        st.integers(-310, 310),
    ),
)


def by_decimal(value: Fraction, places: int, rounding: str) -> Fraction:
    """Rounded by Python's decimal module, from far more digits than the value needs."""
    with localcontext() as context:
        context.prec = 1500
        long = Decimal(value.numerator) / Decimal(value.denominator)
        # a quotient that does not end is never on a tie, and 1500 digits tell the sides apart
        return Fraction(long.quantize(Decimal(1).scaleb(-places), rounding=rounding))


@LAW
@given(NUMBERS, st.integers(-12, 12))
def test_rounding_to_places_is_that_of_the_decimal_module(value: Fraction, places: int) -> None:
    assert round_half_up(value, places).fraction == by_decimal(value, places, ROUND_HALF_UP)
    assert chop(value, places).fraction == by_decimal(value, places, ROUND_DOWN)


@LAW
@given(NUMBERS.filter(bool), st.integers(1, 12))
def test_rounding_to_digits_is_rounding_at_the_place_of_the_last_digit(
    value: Fraction, digits: int
) -> None:
    rounded = round_significant(value, digits)
    exponent = Decimal(write(round_significant(value, 30))).adjusted()
    assert rounded.fraction == by_decimal(value, digits - 1 - exponent, ROUND_HALF_UP)
    assert 10 ** (digits - 1) <= abs(rounded.mantissa) < 10**digits


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.125", 2, "0.13"),
        ("-0.125", 2, "-0.13"),
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.5", 0, "1"),
        ("-0.5", 0, "-1"),
        ("0.49999999999999999999", 0, "0"),
        ("25", -1, "30"),
        ("-25", -1, "-30"),
        ("1.005", 2, "1.01"),
        ("0.004999999999999999999", 2, "0.00"),
        ("0.995", 2, "1.00"),
        ("0.0001234", 3, "0.000"),
    ],
)
def test_ties_go_away_from_zero_as_in_school(value: str, places: int, rounded: str) -> None:
    assert write(round_half_up(Fraction(value), places)) == rounded


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("9.9995", 4, "10.00"),
        ("-9.9995", 4, "-10.00"),
        ("0.00099996", 4, "0.001000"),
        ("0.0001234", 3, "0.000123"),
        ("0.0001234", 4, "0.0001234"),
        ("12345", 2, "12000"),
        ("1e300", 3, "1.00e300"),
        ("1.2345e-300", 4, "1.235e-300"),
        ("99.95", 3, "100"),
        ("999999.5", 6, "1000000"),
        ("0", 4, "0.000"),
    ],
)
def test_digits_are_counted_from_the_first_that_is_not_zero(
    value: str, digits: int, text: str
) -> None:
    assert write(round_significant(Fraction(value), digits)) == text


@LAW
@given(NUMBERS.filter(bool))
def test_the_magnitude_is_the_exponent_of_the_leading_digit(value: Fraction) -> None:
    exponent = magnitude(value)
    assert Fraction(10) ** exponent <= abs(value) < Fraction(10) ** (exponent + 1)


@pytest.mark.parametrize("k", [-12_000, -4301, -300, -5, 0, 5, 300, 4301, 12_000])
def test_the_magnitude_of_powers_of_ten_and_their_neighbours(k: int) -> None:
    power = Fraction(10) ** k
    assert magnitude(power) == magnitude(-power) == k
    assert magnitude(power * (1 - Fraction(1, 10**60))) == k - 1
    assert magnitude(power * (1 + Fraction(1, 10**60))) == k


BALLS = st.tuples(
    st.one_of(
        st.floats(-1e5, 1e5),
        st.floats(-1e-3, 1e-3),
        st.floats(allow_nan=False),
        st.builds(  # close to where the digits change
            lambda m, k, off: (m + 0.5) * 10.0**k * (1 + off * UNIT),
            st.integers(-99999, 99999),
            st.integers(-12, 12),
            st.integers(-40, 40),
        ),
        st.builds(
            lambda k, off: 10.0**k * (1 + off * UNIT), st.integers(-12, 12), st.integers(-9, 9)
        ),
    ),
    st.one_of(st.just(0.0), st.integers(-54, -3).map(lambda k: 2.0**k)),
    st.integers(1, 17),
)


@settings(deadline=None, max_examples=600)
@given(BALLS)
def test_a_ball_is_rounded_only_as_every_number_in_it(case: tuple[float, float, int]) -> None:
    v, share, digits = case
    e = abs(v) * share
    if abs(v) == float("inf"):
        assert round_ball(v, e, digits) is None
        assert write_ball(v, e, digits) is None
        return
    low, high = Fraction(v) - Fraction(e), Fraction(v) + Fraction(e)
    rounded, written = round_ball(v, e, digits), write_ball(v, e, digits)
    if rounded is not None or written is not None:
        assert low * high > 0
        ends = round_significant(low, digits), round_significant(high, digits)
        assert rounded is None or ends == (rounded, rounded)
        assert written is None or [write(end) for end in ends] == [written] * 2


def test_ordinary_balls_are_decided_at_once() -> None:
    """The quick way is there to be taken: it decides all but about one value in a million."""
    values = [(k + 0.31) / 977 for k in range(1, 977)]
    assert all(round_ball(v, v * 1e-15, 5) is not None for v in values)
    assert all(write_ball(v, v * 1e-15, 5) is not None for v in values)


@LAW
@given(NUMBERS, st.fractions(0, 1, max_denominator=10**6), st.integers(1, 8))
def test_bounds_are_rounded_only_as_both_ends(low: Fraction, width: Fraction, n: int) -> None:
    high = low + width
    by_places = round_bounds(low, high, Digits(places=n))
    first, last = round_half_up(low, n), round_half_up(high, n)
    assert by_places == (first if first == last else None)
    by_digits = round_bounds(low, high, Digits(n))
    if by_digits is not None:
        assert round_significant(low, n) == round_significant(high, n) == by_digits
    elif low * high > 0:
        assert round_significant(low, n) != round_significant(high, n)


@LAW
@given(st.integers(-(10**7), 10**7), st.integers(0, 12), st.integers(1, 9))
def test_what_terminates_is_given_exactly(mantissa: int, places: int, most: int) -> None:
    value = Fraction(mantissa, 10**places)
    found = terminates(value, most)
    shortest = str(abs(value.numerator * 10**places // value.denominator)).rstrip("0") or "0"
    if found is not None:
        assert found.fraction == value
    elif value.denominator == 1:
        raise AssertionError("a whole number of few digits is short")
    else:
        assert len(shortest) > most


@pytest.mark.parametrize(
    ("value", "most", "text"),
    [
        (Fraction(1, 3), 9, None),
        (Fraction(1, 7 * 10**20), 9, None),
        (Fraction(1, 8), 3, "0.125"),
        (Fraction(1, 8), 2, None),
        (Fraction(10**300), 7, "1e300"),
        (Fraction(-3, 2), 2, "-1.5"),
        (Fraction(15 * 10**40), 7, "1.5e41"),
        (Fraction(2**100), 7, None),
        (Fraction(0), 1, "0"),
        (Fraction(123456789012345), 7, "123456789012345"),
        (Fraction(1, 10**300), 1, "1e-300"),
        (Fraction(1234567890123456), 7, None),
        (Fraction(100), 7, "100"),
        (Fraction(1, 2**40), 40, "9.094947017729282379150390625e-13"),
    ],
)
def test_what_is_short_enough_to_be_exact(value: Fraction, most: int, text: str | None) -> None:
    found = terminates(value, most)
    assert (None if found is None else write(found)) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal10(0, 0), "0"),
        (Decimal10(0, 5), "0.00000"),
        (Decimal10(5, 1), "0.5"),
        (Decimal10(-5, 1), "-0.5"),
        (Decimal10(1234, 7), "0.0001234"),
        (Decimal10(1234, 2), "12.34"),
        (Decimal10(1, 4), "0.0001"),
        (Decimal10(1, 5), "1e-5"),
        (Decimal10(12, 6), "1.2e-5"),
        (Decimal10(7, -3), "7000"),
        (Decimal10(7, -14), "700000000000000"),
        (Decimal10(7, -15), "7e15"),
        (Decimal10(-71, -15), "-7.1e16"),
        (Decimal10(1234567, 0), "1234567"),
    ],
)
def test_writing(number: Decimal10, text: str) -> None:
    assert write(number) == text


@LAW
@given(st.integers(-(10**12), 10**12), st.integers(-320, 320))
def test_what_is_written_reads_back_as_the_same_number(mantissa: int, places: int) -> None:
    number = Decimal10(mantissa, places)
    text = write(number)
    assert Fraction(text) == number.fraction
    decimal = Shown(text, True).decimal
    assert decimal is not None
    assert decimal.fraction == number.fraction
