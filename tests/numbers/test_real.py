"""One number, known as exactly as anyone asks: digits, places, floats, enclosures."""

from collections.abc import Callable
from fractions import Fraction
from math import inf, nextafter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp

from dlhand.errors import GivenError, UndefinedValue
from dlhand.numbers.balls import UNKNOWN, Ball, number
from dlhand.numbers.digits import Digits, round_significant, write
from dlhand.numbers.intervals import Unsettled
from dlhand.numbers.real import PRECISIONS, Real

LAW = settings(deadline=None, max_examples=80)


def exact(value: Fraction | str) -> Real:
    def never(precision: int) -> None:
        raise AssertionError("an exact number needs no enclosure")

    return Real(Fraction(value), number(Fraction(value)), never)


def hidden(value: Fraction | str, ball: Ball = UNKNOWN) -> Real:
    """A number of which only enclosures are known, each tighter than the one before."""
    value = Fraction(value)
    scale = max(abs(value), Fraction(1, 10**400))

    def refine(precision: int) -> tuple[Fraction, Fraction]:
        blur = scale / 2**precision
        return value - blur, value + 2 * blur

    return Real(None, ball, refine)


NUMBERS = st.builds(
    lambda m, n, k: Fraction(m, n) * Fraction(10) ** k,
    st.integers(-(10**9), 10**9).filter(bool), st.integers(1, 10**6), st.integers(-300, 290),
)  # fmt: skip


@LAW
@given(NUMBERS, st.integers(1, 15))
def test_digits_are_those_of_the_exact_value_known_or_hidden(value: Fraction, digits: int) -> None:
    right = write(round_significant(value, digits))
    assert exact(value).digits(digits) == right
    assert hidden(value).digits(digits) in (right, write(round_significant(value, digits + 1)))
    assert hidden(value, number(value)).digits(digits) == hidden(value).digits(digits)


@LAW
@given(NUMBERS)
def test_the_float_is_the_nearest_or_one_beside_it(value: Fraction) -> None:
    nearest = float(value)
    assert float(exact(value)) == nearest
    for found in (float(hidden(value)), float(hidden(value, (nearest, 1e-16 * abs(nearest))))):
        assert nextafter(nearest, -inf) <= found <= nextafter(nearest, inf)


def test_the_float_of_a_tiny_difference_is_as_close_as_any_other() -> None:
    """However little is left of a value, it has all digits of a float."""
    value = Fraction(1, 3 * 10**40)

    def refine(precision: int) -> tuple[Fraction, Fraction]:
        return value - Fraction(1, 2**precision), value + Fraction(1, 2**precision)

    assert float(Real(None, (0.0, 1e-16), refine)) == pytest.approx(1e-40 / 3, rel=3e-16)


def test_floats_beyond_the_largest_are_infinite_and_beyond_the_smallest_zero() -> None:
    for make in (exact, hidden):
        assert float(make("1e400")) == inf
        assert float(make("-1e400")) == -inf
        assert float(make("1e-390")) == 0.0


@pytest.mark.parametrize(
    ("value", "text", "is_exact"),
    [
        ("0.5", "0.5", True), ("-2", "-2", True), ("1/3", "1/3", True), ("-22/7", "-22/7", True),
        ("0.0001234", "0.0001234", True), ("1/1001", "0.00099900", False), ("0", "0", True),
        ("1.2345678", "1.2346", False), ("1.234567", "1.234567", True), ("1e300", "1e300", True),
        ("1e-300", "1e-300", True), ("123456789", "123456789", True), ("1e400", "1e400", True),
        ("1/1024", "0.0009765625", True), ("12345678901234567", "1.2346e16", False),
        ("99999999999999999999/7", "1.4286e19", False), ("-1/128", "-0.0078125", True),
    ],
)  # fmt: skip
def test_an_exact_number_is_written_whole_where_it_is_short(
    value: str, text: str, is_exact: bool
) -> None:
    shown = exact(value).shown()
    assert (shown.text, shown.exact) == (text, is_exact)


@pytest.mark.parametrize("value", [Fraction(3) ** 700, Fraction(10**350, 7), Fraction(7, 3**600)])
def test_an_exact_number_of_hundreds_of_digits_is_rounded(value: Fraction) -> None:
    shown = exact(value).shown()
    assert shown == (write(round_significant(value, 5)), False)
    assert len(shown.text) < 15


@pytest.mark.parametrize(
    ("tie", "digits", "exactly", "below", "above"),
    [
        ("0.125", 2, "0.13", "0.12", "0.13"),
        ("-0.125", 2, "-0.13", "-0.13", "-0.12"),
        ("1.00005", 5, "1.0001", "1.0000", "1.0001"),
        ("-2.5", 1, "-3", "-3", "-2"),
        ("99995", 4, "100000", "99990", "100000"),
        ("1.000005e-6", 6, "1.00001e-6", "1.00000e-6", "1.00001e-6"),
    ],
)
def test_ties_and_their_neighbours(
    tie: str, digits: int, exactly: str, below: str, above: str
) -> None:
    value, off = Fraction(tie), abs(Fraction(tie)) / 10**18
    assert exact(value).digits(digits) == exactly
    for make in (exact, lambda v: hidden(v, number(v))):
        assert make(value - off).digits(digits) == below
        assert make(value + off).digits(digits) == above


@pytest.mark.parametrize(
    ("tie", "digits"), [("0.125", 2), ("-2.5", 1), ("1.000005e-6", 6), ("1.5e-12", 1)]
)
def test_where_nothing_tells_a_number_from_a_tie_one_more_digit_is_shown(
    tie: str, digits: int
) -> None:
    real = hidden(tie, number(Fraction(tie)))
    assert real.rounded(Digits(digits)) is None
    assert Fraction(real.digits(digits)) == Fraction(tie)
    assert Fraction(real.shown(Digits(digits)).text) == Fraction(tie)


def test_where_nothing_tells_a_number_from_a_tie_one_more_place_is_shown() -> None:
    real = hidden("0.125", number(Fraction("0.125")))
    assert real.rounded(Digits(places=2)) is None
    assert real.places(2) == "0.125"


def test_where_nothing_tells_a_number_from_zero_zeros_are_shown() -> None:
    real = Real(None, (1e-17, 1e-15), lambda bits: (-Fraction(1, 2**bits), Fraction(1, 2**bits)))
    assert real.shown().text == "0.00000"
    assert real.places(3) == "0.000"
    assert real.rounded(Digits(5)) is None
    assert float(real) == 0.0


@LAW
@given(NUMBERS.filter(lambda v: abs(v) < 10**20), st.integers(1, 300))
def test_an_enclosure_is_as_tight_as_asked_for(value: Fraction, places: int) -> None:
    low, high = hidden(value).enclosure(Fraction(1, 10**places))
    assert low <= value <= high
    assert high - low <= Fraction(1, 10**places)
    assert exact(value).enclosure() == (value, value)


def test_what_no_precision_gives_is_an_error() -> None:
    real = hidden("1e20")
    with pytest.raises(UndefinedValue, match="no enclosure of that width"):
        real.enclosure(Fraction(1, 10**3000))


def test_digits_beyond_every_precision_are_refused_and_the_others_given() -> None:
    third = hidden("1/3")
    assert third.digits(1500) == "0." + "3" * 1500
    for ask in (lambda: third.digits(2000), lambda: third.places(2000)):
        with pytest.raises(UndefinedValue, match="so many digits cannot be proven"):
            ask()
    assert exact("1/3").digits(2000) == "0." + "3" * 2000


@pytest.mark.parametrize("digits", [0, -1])
def test_no_digit_is_no_number(digits: int) -> None:
    with pytest.raises(GivenError, match=rf"^digits is {digits}; wanted a whole number"):
        exact("0.5").digits(digits)


def test_a_precision_that_settles_nothing_is_passed_over() -> None:
    asked = []

    def refine(precision: int) -> tuple[Fraction, Fraction]:
        asked.append(precision)
        if precision < 320:
            raise Unsettled("a divisor")
        return Fraction("0.3333332"), Fraction("0.3333334")

    assert Real(None, UNKNOWN, refine).digits(4) == "0.3333"
    assert asked == [p for p in PRECISIONS if p <= 320]


def test_places_round_what_is_near_zero_to_zeros() -> None:
    make: Callable[[str], Real]
    for make in (exact, hidden):
        assert make("0.004").places(2) == "0.00"
        assert make("-0.004").places(2) == "0.00"
        assert make("-0.006").places(2) == "-0.01"
        assert make("123.456").places(1) == "123.5"


def test_the_square_root_of_two_to_a_thousand_digits() -> None:
    with mp.workdps(1100):
        text = mp.nstr(mp.sqrt(2), 1050)
    root = Fraction(text)
    real = Real(
        None, number(root), lambda bits: (root - Fraction(1, 2**bits), root + Fraction(1, 2**bits))
    )
    assert real.digits(1000) == write(round_significant(root, 1000))


@LAW
@given(NUMBERS, NUMBERS, st.sampled_from([(exact, exact), (exact, hidden), (hidden, hidden)]))
def test_the_difference_is_that_of_the_values_however_they_are_known(one, other, known) -> None:
    first, second = known
    between = first(one) - second(other)
    assert (between.exact is None) == (second is hidden)
    if one == other:
        assert Fraction(between.digits(6)) == 0
        return
    low, high = between.enclosure(abs(one - other) / 10**9)
    assert low <= one - other <= high
    right = write(round_significant(one - other, 6))
    assert between.digits(6) in (right, write(round_significant(one - other, 7)))


def test_a_difference_of_near_numbers_is_found_below_what_floats_tell() -> None:
    one, other = Fraction(1, 3), Fraction(1, 3) + Fraction(7, 10**40)
    between = hidden(other, number(other)) - hidden(one, number(one))
    assert between.digits(3) == "7.00e-40"
