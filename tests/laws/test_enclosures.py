"""Every enclosure contains the value: balls and intervals of each row, and of whole derivations.

The true value is that of `reference` at 200 digits, at a point anywhere inside the operands'
own enclosures.
"""

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
    cos,
    exp,
    log,
    maximum,
    relu,
    sigmoid,
    sin,
    sqrt,
    tanh,
)
from dlhand.numbers.balls import Ball, Balls, number
from dlhand.numbers.digits import round_significant, write
from dlhand.numbers.intervals import Intervals, Unsettled
from dlhand.operations.quantity import Quantity, slot
from dlhand.operations.table import TABLE
from tests.laws.reference import CASES, Array, Case, Mp, array, size

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
LAW = settings(deadline=None, max_examples=12, suppress_health_check=SLOW)
DIGITS = 200

JUMPS = {
    "div",
    "power",
    "log",
    "sqrt",
    "heaviside",
    "greater",
    "at_least",
    "floor",
    "is_largest",
    "leaky_slope",
    "max_unpool",
    "masked_softmax",
}
"""The rows that an operand of some width can leave undecided."""


def scaled(case: Case, factor: Fraction) -> Case:
    values = tuple(tuple(v * factor for v in operand) for operand in case.values)
    return Case(case.shapes, values, case.build, case.reference, case.params, case.flat)


def leaves_of(case: Case) -> list[Quantity]:
    d = Derivation("An enclosure")
    return [
        d.given(f"x{k}", array(v, s).tolist())
        for k, (v, s) in enumerate(zip(case.values, case.shapes, strict=True))
    ]


@st.composite
def points(draw: st.DrawFn, name: str) -> tuple[Case, list[Fraction], Fraction]:
    """A use of a row, a place within each operand's enclosure (-1 to 1), and its half width."""
    case = draw(CASES[name])
    # a mask has entries 0 and 1; all else may be of any size
    if name != "masked_softmax":
        case = scaled(case, draw(st.sampled_from([Fraction(1), Fraction(1, 10**6), Fraction(30)])))
    count = sum(map(size, case.shapes))
    where = st.integers(-8, 8).map(lambda k: Fraction(k, 8))
    inside = draw(st.lists(where, min_size=count, max_size=count))
    width = draw(st.sampled_from([0, "1e-30", "1e-16", "1e-9", "1e-3"]).map(Fraction))
    return case, inside, width


def moved(case: Case, name: str, inside: list[Fraction], width: Fraction) -> list[list[Fraction]]:
    """The point itself: each value off by at most ``width`` times its own size."""
    rest = iter(inside)
    found = [[v + next(rest) * width * abs(v) for v in operand] for operand in case.values]
    if name == "masked_softmax":
        found[1] = list(case.values[1])
    return found


def result(case: Case, point: list[list[Fraction]]) -> list[Any]:
    at = Case(case.shapes, tuple(map(tuple, point)), case.build, case.reference)
    return list(at.result(Mp, at.arrays(Mp)).ravel())


def flat(value: Any, shape: tuple[int, ...]) -> list[Any]:
    return [value] if shape == () else list(value)


def slots(operands: list[list[Any]], shapes: Any) -> list[Any]:
    return [tuple(o) if shape else o[0] for o, shape in zip(operands, shapes, strict=True)]


def ball_around(value: Fraction, width: Fraction) -> Ball:
    v, e = number(value)
    wide = float(abs(value) * width)
    return (v, e) if wide == 0.0 else (v, (e + wide) * (1 + 2.0**-40))


def assert_in_ball(ball: Ball, value: Any) -> None:
    v, e = ball
    if e < float("inf"):
        assert abs(value - mp.mpf(v)) <= mp.mpf(e) + abs(value) * mp.mpf(10) ** (20 - DIGITS)


@pytest.mark.parametrize("name", CASES)
@LAW
@given(data=st.data())
def test_balls_contain_the_value_compiled_and_interpreted(name: str, data: Any) -> None:
    case, inside, width = data.draw(points(name))
    form = case.build(*leaves_of(case)).form
    balls = [[ball_around(v, width) for v in operand] for operand in case.values]
    if name == "masked_softmax":
        balls[1] = [number(v) for v in case.values[1]]
    given_balls = slots(balls, case.shapes)
    with mp.workdps(DIGITS):
        wanted = result(case, moved(case, name, inside, width))
        compiled = flat(form.balls()(*given_balls), form.shape)
        interpreted = flat(form.run(Balls(), given_balls), form.shape)
        assert len(wanted) == len(compiled) == len(interpreted)
        for value, first, second in zip(wanted, compiled, interpreted, strict=True):
            assert_in_ball(first, value)
            assert_in_ball(second, value)


@pytest.mark.parametrize("name", CASES)
@LAW
@given(data=st.data())
def test_balls_of_exact_operands_are_tight(name: str, data: Any) -> None:
    """An enclosure that contains everything would be sound, and of no use."""
    case, _, _ = data.draw(points(name))
    form = case.build(*leaves_of(case)).form
    given_balls = slots([[number(v) for v in o] for o in case.values], case.shapes)
    for v, e in flat(form.balls()(*given_balls), form.shape):
        largest = max(1.0, *(abs(float(x)) for operand in case.values for x in operand))
        terms = max(len(operand) for operand in case.values)
        if v < 1e200:  # a few roundings for each term, and what they become in an exponential
            assert e <= 1e-13 * max(abs(v), largest) * largest * terms


@pytest.mark.parametrize("name", CASES)
@LAW
@given(data=st.data())
def test_intervals_contain_the_value_at_every_precision(name: str, data: Any) -> None:
    case, inside, width = data.draw(points(name))
    form = case.build(*leaves_of(case)).form
    with mp.workdps(DIGITS):
        wanted = result(case, moved(case, name, inside, width))
        for precision in (80, 160, 320):
            arithmetic = Intervals(precision)
            operands = [
                [
                    (
                        arithmetic.number(v - width * abs(v))[0],
                        arithmetic.number(v + width * abs(v))[1],
                    )
                    for v in operand
                ]
                for operand in case.values
            ]
            if name == "masked_softmax":
                operands[1] = [arithmetic.number(v) for v in case.values[1]]
            try:
                found = flat(form.run(arithmetic, slots(operands, case.shapes)), form.shape)
            except Unsettled:
                assert name in JUMPS
                assert width > 0
                continue
            for value, interval in zip(wanted, found, strict=True):
                low, high = (Mp.number(end) for end in Intervals.bounds(interval))
                slack = abs(value) * mp.mpf(10) ** (20 - DIGITS)
                assert low - slack <= value <= high + slack
                if width == 0 and precision == 320:
                    assert high - low <= mp.mpf(10) ** -70 * (1 + abs(value))


# Whole derivations: steps on steps, of which the values are followed in mpmath

UNARY: dict[str, tuple[Any, Any]] = {
    "sigmoid": (sigmoid, lambda x: 1 / (1 + mp.exp(-x))),
    "tanh": (tanh, mp.tanh),
    "sin": (sin, mp.sin),
    "cos": (cos, mp.cos),
    "relu": (relu, lambda x: max(x, mp.mpf(0))),
    "exp of tanh": (lambda x: exp(tanh(x)), lambda x: mp.exp(mp.tanh(x))),
    "log": (lambda x: log(x * x + 1), lambda x: mp.log(x * x + 1)),
    "sqrt": (lambda x: sqrt(x**2 + "1e-9"), lambda x: mp.sqrt(x**2 + mp.mpf("1e-9"))),
    "reciprocal": (lambda x: 1 / (2 + sin(x)), lambda x: 1 / (2 + mp.sin(x))),
    "cube": (lambda x: x**3 / 50, lambda x: x**3 / 50),
}
BINARY: dict[str, tuple[Any, Any]] = {
    "+": (lambda x, y: x + y, lambda x, y: x + y),
    "-": (lambda x, y: x - y, lambda x, y: x - y),
    "*": (lambda x, y: x * y / 10, lambda x, y: x * y / 10),
    "/": (lambda x, y: x / (y**2 + 1), lambda x, y: x / (y**2 + 1)),
    "max": (maximum, max),
    "mixed": (
        lambda x, y: sigmoid(x) * (1 - y) + "0.3",
        lambda x, y: (1 - y) / (1 + mp.exp(-x)) + mp.mpf("0.3"),
    ),
}


@st.composite
def derivations(draw: st.DrawFn) -> tuple[Derivation, list[Any]]:
    """A derivation of random steps, and the value of each entry as mpmath has it."""
    d = Derivation("Random steps")
    known: list[tuple[Quantity, Any]] = []
    for k in range(3):
        text = draw(st.sampled_from(["0.1", "-0.35", "2", "1/3", "1e-12", "-7.25", "0", "123.4"]))
        known.append((d.given(f"x{k}", text), Mp.number(Fraction(text))))
    for k in range(draw(st.integers(1, 10))):
        # mostly on the steps before, so that errors can pile up
        x, a = known[draw(st.integers(max(0, len(known) - 4), len(known) - 1))]
        y, b = known[draw(st.integers(0, len(known) - 1))]
        if draw(st.booleans()):
            build, value = UNARY[draw(st.sampled_from(sorted(UNARY)))]
            known.append((d.step(f"s{k}", build(x)), value(a)))
        else:
            build, value = BINARY[draw(st.sampled_from(sorted(BINARY)))]
            known.append((d.step(f"s{k}", build(x, y)), value(a, b)))
    return d, [value for _, value in known]


@settings(deadline=None, max_examples=80, suppress_health_check=SLOW)
@given(st.data())
def test_every_step_of_a_derivation_lies_in_its_ball_and_shows_right_digits(data: Any) -> None:
    with mp.workdps(DIGITS):
        d, values = data.draw(derivations())
        for entry, value in zip(d.entries, values, strict=True):
            assert_in_ball(d.evaluation.ball(entry.index), value)
            exact = d.evaluation.exact(entry.index)
            if exact is not None:
                assert abs(Mp.number(exact) - value) < mp.mpf(10) ** (30 - DIGITS) * (
                    1 + abs(value)
                )
            real = d.value(entry)
            if abs(value) > mp.mpf(10) ** -60:
                for digits in (2, 5, 17):
                    shown = real.digits(digits)
                    # where the value sits on a tie that nothing rational decides, it is shown whole
                    whole = abs(Mp.number(Fraction(shown)) - value) < mp.mpf(10) ** (50 - DIGITS)
                    assert whole or shown == by_mp(value, digits)


def by_mp(value: Any, digits: int) -> str:
    """The digits of a number that 200 digits are known of."""
    text = mp.nstr(value, DIGITS - 30, strip_zeros=False)
    return write(round_significant(Fraction(text), digits))


@pytest.mark.parametrize("name", ["log", "sqrt"])
def test_a_value_beyond_the_domain_is_an_error_and_no_enclosure(name: str) -> None:
    d = Derivation("Beyond")
    x = d.given("x", "-2")
    below = d.step("y", sin(x))  # irrational, and below zero
    function = {"log": log, "sqrt": sqrt}[name]
    z = d.step("z", function(below))
    with pytest.raises(UndefinedValue, match="step z has no value"):
        d.value(z).shown()


def test_arrays_and_numbers_run_the_same_rules() -> None:
    """The compiled form of a number, and each entry of the same formula over vectors."""
    d = Derivation("Both")
    x, v = d.givens(x="0.3", v=["0.3", "0.3"])
    single = d.step("y", sigmoid(x) * tanh(x) - exp(x) / 7)
    several = d.step("u", sigmoid(v) * tanh(v) - exp(v) / 7)
    texts = {d.value(single).digits(40), *(real.digits(40) for real in d.value(several))}
    assert len(texts) == 1
    (v1, e1), (v2, e2) = d.evaluation.ball(single.index), d.evaluation.ball(several.index)[0]
    assert abs(Fraction(v1) - Fraction(v2)) <= Fraction(e1) + Fraction(e2)


def test_a_form_is_made_once_and_its_compiled_balls_with_it() -> None:
    first, second = (Derivation("Once").given("x", 1) for _ in range(2))
    assert (first * first + 1).form is (second * second + 1).form
    assert (first * first + 1).form.balls() is (second * second + 1).form.balls()
    assert slot(()).op is not TABLE["add"]


def test_a_reference_of_no_dimensions_is_an_array() -> None:
    """The test's own footing: NumPy hands out what is inside such an array."""
    case = Case(((), ()), ((Fraction(1),), (Fraction(2),)), lambda a, b: a, lambda n, a, b: a + b)
    found: Array = case.result(Mp, case.arrays(Mp))
    assert found.shape == ()
    assert found.item() == 3
