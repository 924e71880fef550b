"""Reading givens exactly, refusing what is none, and arithmetic on fractions."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlhand.errors import GivenError, ShapeError, UndefinedValue
from dlhand.numbers.exact import Fractions, read_array, read_number

LAW = settings(deadline=None, max_examples=100)


@pytest.mark.parametrize(
    ("given_as", "value"),
    [
        ("0.1", Fraction(1, 10)),
        ("-3", Fraction(-3)),
        ("+3", Fraction(3)),
        ("\N{MINUS SIGN}0.5", Fraction(-1, 2)),
        (" 2.50 ", Fraction(5, 2)),
        (".5", Fraction(1, 2)),
        ("5.", Fraction(5)),
        ("1/3", Fraction(1, 3)),
        ("-6/4", Fraction(-3, 2)),
        ("1e-3", Fraction(1, 1000)),
        ("2.5E2", Fraction(250)),
        ("1e300", Fraction(10) ** 300),
        ("1e-300", Fraction(1, 10**300)),
        (7, Fraction(7)),
        (Fraction(1, 3), Fraction(1, 3)),
        (Decimal("0.10"), Fraction(1, 10)),
        (0.1, Fraction(1, 10)),
        (1e-7, Fraction(1, 10**7)),
        (1e300, Fraction(10) ** 300),
        (5e-324, Fraction(5, 10**324)),
        (-0.0, Fraction(0)),
        (np.float64(0.1), Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (np.longdouble("0.1"), Fraction(1, 10)),
        (np.int64(-4), Fraction(-4)),
        (np.uint8(255), Fraction(255)),
        (np.array(0.25), Fraction(1, 4)),
        (np.str_("12"), Fraction(12)),
    ],
)
def test_numbers_are_read_exactly(given_as: Any, value: Fraction) -> None:
    for _ in range(2):  # the second time from memory
        found = read_number(given_as, "w")
        assert found == value
        assert found.__class__ is Fraction
        assert read_array(given_as, "w") == ((value,), ())


@LAW
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_its_shortest_decimal(value: float) -> None:
    read = read_number(value)
    assert read == Fraction(repr(value))
    assert float(read) == value


@LAW
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_a_decimal_and_its_characters_are_one_number(value: Decimal) -> None:
    assert read_number(value) == read_number(str(value)) == Fraction(value)


REFUSED: list[Any] = [
    float("nan"), float("inf"), float("-inf"), None, "", " ", "abc", "0x10", "1_000", "1,5",
    "--1", "1e", "e5", "nan", "inf", "Infinity", "1/2/3", "1/-2", "1.5/2", True, False,
    np.float64("nan"), np.float32("inf"), np.longdouble("nan"), np.bool_(True), 1j, object(),
    Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), {"a": 1}, {1, 2}, b"1", "9" * 1001,
    np.datetime64("2020-01-01"), np.array([[0.5, np.nan]])[0, 1],
]  # fmt: skip


@pytest.mark.parametrize("value", REFUSED, ids=lambda value: repr(value)[:20])
def test_what_is_no_finite_number_is_refused_by_name(value: Any) -> None:
    for read in (read_number, read_array):
        with pytest.raises(GivenError, match=r"^w_1 is .*; wanted a finite number such as '0\.1'"):
            read(value, "w_1")


@pytest.mark.parametrize("value", [None, "abc", float("nan"), True, "", float("inf")])
def test_the_refusal_shows_what_came(value: Any) -> None:
    with pytest.raises(GivenError) as refused:
        read_number(value, "alpha")
    assert str(refused.value).startswith(f"alpha is {value!r}; wanted")


def test_a_long_refusal_is_cut_short() -> None:
    with pytest.raises(GivenError) as refused:
        read_number("x" * 500, "alpha")
    assert len(str(refused.value)) < 150


@pytest.mark.parametrize("text", ["1/0", "0/0", "-5/000"])
def test_a_denominator_zero_is_refused_by_name(text: str) -> None:
    with pytest.raises(
        GivenError, match=rf"^w is '{text}'; a fraction's denominator must not be 0"
    ):
        read_number(text, "w")


@pytest.mark.parametrize("text", ["1e999", "1e-999", "1e401", "1e99999999"])
def test_an_exponent_beyond_reason_is_refused_by_name(text: str) -> None:
    with pytest.raises(GivenError, match=rf"^w is '{text}'; wanted an exponent between -400 and"):
        read_number(text, "w")


@pytest.mark.parametrize(
    "value", [10**5000, Fraction(1, 10**5000), -(7**9000)], ids=["long", "small", "negative"]
)
def test_a_number_of_thousands_of_digits_is_refused_by_name(value: Any) -> None:
    with pytest.raises(GivenError, match=r"^w has thousands of digits; wanted at most"):
        read_number(value, "w")


@pytest.mark.parametrize(
    ("given_as", "flat", "shape"),
    [
        (["1", "2"], [1, 2], (2,)),
        ([["1", "2"], ["3", "4"]], [1, 2, 3, 4], (2, 2)),
        (((1, 2, 3),), [1, 2, 3], (1, 3)),
        ([["1", 2], (3.0, "4/1")], [1, 2, 3, 4], (2, 2)),
        ([[[1], [2]], [[3], [4]]], [1, 2, 3, 4], (2, 2, 1)),
        ([5], [5], (1,)),
        (np.array([[0.5, 1], [2, 3]]), [Fraction(1, 2), 1, 2, 3], (2, 2)),
        (np.arange(6).reshape(1, 2, 3), [0, 1, 2, 3, 4, 5], (1, 2, 3)),
        (np.array([0.1, 0.2], dtype=np.float32), [Fraction(1, 10), Fraction(1, 5)], (2,)),
        (np.array(["0.1", "1/3"]), [Fraction(1, 10), Fraction(1, 3)], (2,)),
        (np.array([Fraction(1, 3), 2], dtype=object), [Fraction(1, 3), 2], (2,)),
        ([np.float64(0.1), np.float64(0.2)], [Fraction(1, 10), Fraction(1, 5)], (2,)),
        ([np.array([1, 2]), np.array([3, 4])], [1, 2, 3, 4], (2, 2)),
    ],
)
def test_arrays_are_read_row_after_row(given_as: Any, flat: list[Any], shape: Any) -> None:
    for _ in range(2):  # the second time from memory
        entries, found = read_array(given_as, "W")
        assert list(entries) == flat
        assert found == shape
        assert all(entry.__class__ is Fraction for entry in entries)


@LAW
@given(st.integers(1, 3), st.integers(1, 3), st.data())
def test_a_matrix_of_floats_reads_as_the_numpy_array_of_it(
    rows: int, columns: int, data: Any
) -> None:
    entry = st.floats(-1e6, 1e6)
    row = st.lists(entry, min_size=columns, max_size=columns)
    matrix = data.draw(st.lists(row, min_size=rows, max_size=rows))
    assert read_array(matrix) == read_array(np.array(matrix))
    as_text = [[repr(x) for x in line] for line in matrix]
    assert read_array(as_text) == read_array(as_text) == read_array(matrix)


@pytest.mark.parametrize(
    ("value", "named"),
    [([], "W"), ([[]], r"W\[0\]"), ([[], []], r"W\[0\]"), ((), "W"), (np.zeros((0, 3)), "W"),
     (np.zeros((2, 0)), r"W\[0\]"), ([[1], []], r"W\[1\]")],
)  # fmt: skip
def test_an_empty_list_is_refused_by_name(value: Any, named: str) -> None:
    with pytest.raises(ShapeError, match=f"^{named} is empty; wanted at least one entry"):
        read_array(value, "W")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([[1, 2], [3]], r"^W is ragged: W\[0\] has shape \(2,\), W\[1\] has \(1,\); wanted rows"),
        ([["1", "2"], ["1"]], r"^W is ragged: W\[0\] has shape \(2,\), W\[1\] has \(1,\)"),
        ([1, [2]], r"^W is ragged: W\[0\] has shape \(\), W\[1\] has \(1,\)"),
        ([["1"], "2"], r"^W is ragged: W\[0\] has shape \(1,\), W\[1\] has \(\)"),
        ([[[1], [2]], [[1], [2, 3]]], r"^W\[1\] is ragged: W\[1\]\[0\] has shape \(1,\)"),
    ],
)
def test_a_ragged_list_is_refused_by_name(value: Any, message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        read_array(value, "W")


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ([[1, 2], [3, None]], r"W\[1\]\[1\] is None; wanted"),
        (["1", ""], r"W\[1\] is ''; wanted"),
        ([0.5, float("nan")], r"W\[1\] is nan; wanted"),
        (np.array([[1.0, np.inf]]), r"W\[0\]\[1\] is inf; wanted"),
        ([True], r"W\[0\] is True; wanted"),
        (["1", "1e999"], r"W\[1\] is '1e999'; wanted an exponent"),
    ],
)
def test_a_bad_entry_is_named_with_its_place(value: Any, named: str) -> None:
    with pytest.raises(GivenError, match=f"^{named}"):
        read_array(value, "W")


ARITHMETIC = Fractions()
EXACT = st.fractions(-20, 20, max_denominator=30)


@LAW
@given(EXACT, EXACT)
def test_arithmetic_on_fractions_is_exact(a: Fraction, b: Fraction) -> None:
    assert ARITHMETIC.add(a, b) == a + b
    assert ARITHMETIC.sub(a, b) == a - b
    assert ARITHMETIC.mul(a, b) == a * b
    assert ARITHMETIC.neg(a) == -a
    assert ARITHMETIC.maximum(a, b) == max(a, b)
    assert ARITHMETIC.heaviside(a) == (1 if a > 0 else 0)
    assert ARITHMETIC.total([a, b, a]) == 2 * a + b
    assert ARITHMETIC.dot([a, b], [b, b]) == a * b + b * b
    assert ARITHMETIC.peak([a, b]) == max(a, b)
    assert ARITHMETIC.power(a, Fraction(3)) == a**3
    assert ARITHMETIC.power(Fraction(0), abs(a)) == (0 if a else 1)
    assert ARITHMETIC.sqrt(a * a) == abs(a)
    if b:
        assert ARITHMETIC.div(a, b) == a / b
        assert ARITHMETIC.power(b, Fraction(-2)) == 1 / b**2
        assert ARITHMETIC.power(b * b, Fraction(3, 2)) == abs(b) ** 3


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "sin", "cos", "sigmoid", "tanh"])
def test_a_transcendental_value_is_exact_only_where_it_is_rational(name: str) -> None:
    special: dict[str, tuple[Any, Any]] = {
        "exp": (0, 1), "log": (1, 0), "sqrt": (Fraction(4, 9), Fraction(2, 3)), "sin": (0, 0),
        "cos": (0, 1), "sigmoid": (0, Fraction(1, 2)), "tanh": (0, 0),
    }  # fmt: skip
    rule = getattr(ARITHMETIC, name)
    argument, value = special[name]
    assert rule(Fraction(argument)) == value
    assert rule(Fraction(3, 7)) is None
    assert rule(None) is None


def test_the_unknown_stays_unknown_but_for_a_factor_zero() -> None:
    zero, one = Fraction(0), Fraction(1)
    assert ARITHMETIC.mul(None, zero) == ARITHMETIC.mul(zero, None) == 0
    for unknown in (
        ARITHMETIC.mul(None, one),
        ARITHMETIC.add(None, zero),
        ARITHMETIC.sub(zero, None),
        ARITHMETIC.neg(None),
        ARITHMETIC.div(None, one),
        ARITHMETIC.div(one, None),
        ARITHMETIC.power(None, Fraction(2)),
        ARITHMETIC.maximum(None, one),
        ARITHMETIC.heaviside(None),
        ARITHMETIC.total([one, None]),
        ARITHMETIC.peak([one, None]),
        ARITHMETIC.power(Fraction(2), Fraction(1, 3)),
        ARITHMETIC.power(Fraction(2), Fraction(10**6)),  # too long to keep
    ):
        assert unknown is None


@pytest.mark.parametrize(
    ("rule", "arguments"),
    [
        ("div", (Fraction(1), Fraction(0))),
        ("div", (None, Fraction(0))),
        ("power", (Fraction(0), Fraction(-1))),
        ("power", (Fraction(-2), Fraction(1, 2))),
        ("log", (Fraction(0),)),
        ("log", (Fraction(-1),)),
        ("sqrt", (Fraction(-1),)),
    ],
)
def test_what_has_no_value_is_an_error(rule: str, arguments: Any) -> None:
    with pytest.raises(UndefinedValue):
        getattr(ARITHMETIC, rule)(*arguments)
