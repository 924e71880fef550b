"""No digit is shown that is not right: next to ties, at kinks, at every size."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mpmath import mp

from dlhand import (
    Derivation,
    UndefinedValue,
    at_least,
    cos,
    exp,
    greater,
    heaviside,
    largest,
    log,
    maximum,
    relu,
    sigmoid,
    sin,
    softmax,
    tanh,
    total,
)  # fmt: skip
from dlhand.numbers.digits import Digits, round_significant, write

EXACT = Context(prec=2000)


def correct(value: Fraction, digits: int) -> Decimal:
    """Rounded half up by Python's decimal module."""
    long = EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))
    place = Decimal(1).scaleb(long.adjusted() - digits + 1)
    return long.quantize(place, rounding=ROUND_HALF_UP, context=EXACT)


# Ordinary values, against 40 more digits


@st.composite
def networks(draw: st.DrawFn) -> tuple[Derivation, dict[str, Any]]:
    """A network of two layers with its gradients, and the values of its steps by mpmath."""
    number = st.decimals(-3, 3, places=draw(st.integers(1, 6)), allow_nan=False)
    n, m = draw(st.integers(1, 3)), draw(st.integers(1, 3))

    def drawn(*lengths: int) -> Any:
        if not lengths:
            return str(draw(number))
        return [drawn(*lengths[1:]) for _ in range(lengths[0])]

    values = {
        "x": drawn(n), "W": drawn(m, n), "b": drawn(m), "v": drawn(m), "t": drawn(),
    }  # fmt: skip
    d = Derivation("A network")
    x, W, b, v, t = d.givens(**values)
    z = d.step("z", W @ x + b)
    a = d.step("a", tanh(z))
    p = d.step("p", softmax(a))
    y = d.step("y", sigmoid(v @ p))
    E = d.step("E", (y - t) ** 2 / 2 + total(a * a) / 10)
    d.backward(E, [W, b, v])

    def of(name: str) -> Any:
        text = values[name]
        if isinstance(text, str):
            return mp.mpf(text)
        return [[mp.mpf(c) for c in r] if isinstance(r, list) else mp.mpf(r) for r in text]

    X, V, B, U, T = of("x"), of("W"), of("b"), of("v"), of("t")
    Z = [sum(V[i][j] * X[j] for j in range(n)) + B[i] for i in range(m)]
    A = [mp.tanh(s) for s in Z]
    P = [mp.exp(s) / sum(map(mp.exp, A)) for s in A]
    Y = 1 / (1 + mp.exp(-sum(U[i] * P[i] for i in range(m))))
    dq = (Y - T) * Y * (1 - Y)
    dP = [dq * u for u in U]
    dA = [P[i] * (dP[i] - sum(P[k] * dP[k] for k in range(m))) + A[i] / 5 for i in range(m)]
    dZ = [dA[i] * (1 - A[i] ** 2) for i in range(m)]
    known = {
        "z": Z, "a": A, "p": P, "y": [Y], "E": [(Y - T) ** 2 / 2 + sum(s * s for s in A) / 10],
        "dE/dv": [dq * s for s in P], "dE/db": dZ, "dE/dz": dZ,
        "dE/dW": [dZ[i] * X[j] for i in range(m) for j in range(n)],
    }  # fmt: skip
    return d, known


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_shown_digit_is_that_of_a_computation_with_40_more(data: Any) -> None:
    with mp.workdps(110):
        d, known = data.draw(networks())
        for name, values in known.items():
            reals = d.evaluation.reals(d[name].index)
            for real, value in zip(reals, values, strict=True):
                if abs(value) < mp.mpf(10) ** -40:
                    assert abs(Decimal(real.shown().text)) < Decimal("1e-5")
                    continue
                for digits in (1, 3, 5, 12, 50):
                    text = mp.nstr(value, digits + 40, strip_zeros=False)
                    wanted = correct(Fraction(text), digits)
                    assert Decimal(real.digits(digits)) == wanted
                shown = real.shown()
                if shown.exact:
                    assert (
                        abs(
                            value
                            - mp.mpf(Fraction(shown.text).numerator)
                            / Fraction(shown.text).denominator
                        )
                        < mp.mpf(10) ** -100
                    )
                else:
                    assert Decimal(shown.text) == correct(Fraction(mp.nstr(value, 60)), 5)
                places = mp.nstr(value, 60, min_fixed=-60, max_fixed=60)
                assert Decimal(real.places(4)) == Decimal(places).quantize(
                    Decimal("1e-4"), ROUND_HALF_UP
                )


# Values 1e-18 off a rounding tie: no float tells on which side they are

OFF = Fraction(1, 10**18)


def ties(count: int) -> list[tuple[Fraction, Fraction]]:
    """Numbers next to ties of the fifth digit, of both signs, above and below; seeded."""
    random = Random(17)
    found = []
    for k in range(count):
        mantissa = random.randint(10_000, 99_999)
        places = random.choice([4, 5, 6])
        tie = (mantissa + Fraction(1, 2)) / 10**places
        tie = -tie if k % 4 >= 2 else tie
        found.append((tie, tie + (OFF if k % 2 else -OFF)))
    return found


HARD = ties(200)


def test_these_values_are_hard_for_floats() -> None:
    """Plain rounding of the float next to them is wrong for about half of them."""
    wrong = [Decimal(f"{float(value):.4e}") != correct(value, 5) for _, value in HARD]
    assert sum(wrong) >= 60


def test_of_200_rational_values_next_to_a_tie_none_is_wrong() -> None:
    d = Derivation("Ties")
    for k, (_, value) in enumerate(HARD):
        x = d.given(f"x{k}", value)
        y = d.step(f"y{k}", x * 3 - x * 2)
        assert Decimal(d.value(x).digits(5)) == correct(value, 5)
        assert Decimal(d.value(y).shown().text) == correct(value, 5)


def test_of_200_irrational_looking_values_next_to_a_tie_none_is_wrong() -> None:
    """e^(ln x) is x, but nothing rational is left to decide it by."""
    d = Derivation("Ties")
    for k, (_, value) in enumerate(HARD):
        x = d.given(f"x{k}", abs(value))
        y = d.step(f"y{k}", exp(log(x)) * (1 if value > 0 else -1))
        assert d.evaluation.exact(y.index) is None
        assert Decimal(d.value(y).shown().text) == correct(value, 5)
        assert Decimal(d.value(y).digits(5)) == correct(value, 5)


def test_arrays_next_to_ties_are_right_too() -> None:
    d = Derivation("Ties")
    x = d.given("x", [abs(value) for _, value in HARD])
    y = d.step("y", exp(log(x)))
    for real, shown, (_, value) in zip(d.value(y), d.evaluation.shown(y.index), HARD, strict=True):
        assert Decimal(real.digits(5)) == correct(abs(value), 5)
        assert Decimal(shown.text) == correct(abs(value), 5)


@pytest.mark.parametrize("off", [Fraction(1, 10**30), Fraction(1, 10**200), Fraction(1, 10**1000)])
def test_values_much_closer_to_a_tie_take_more_digits_and_are_right(off: Fraction) -> None:
    d = Derivation("Closer")
    for k, side in enumerate((-1, 1)):
        value = Fraction("0.123455") + side * off
        x = d.given(f"x{k}", "0.123455")
        y = d.step(f"y{k}", exp(log(x)) + d.given(f"e{k}", side * off))
        assert Decimal(d.value(y).shown().text) == correct(value, 5)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("0.125", 2, "0.13"), ("-0.125", 2, "-0.13"), ("2.5", 1, "3"), ("-2.5", 1, "-3"),
        ("0.35", 1, "0.4"), ("0.45", 1, "0.5"), ("1.00005", 5, "1.0001"), ("-0.5", 1, "-0.5"),
        ("9.5", 1, "10"), ("-99.5", 2, "-100"), ("0.995", 2, "1.0"),
    ],
)  # fmt: skip
def test_exact_ties_go_up_away_from_zero(value: str, digits: int, text: str) -> None:
    d = Derivation("Exactly")
    x = d.given("x", value)
    y = d.step("y", (x * 7 + x) / 8)
    assert d.value(y).digits(digits) == text


@pytest.mark.parametrize("value", ["0.125", "1.00005", "2.5", "0.000123455"])
@pytest.mark.parametrize("sign", [1, -1])
def test_an_exact_tie_that_cannot_be_proven_shows_one_digit_more(value: str, sign: int) -> None:
    """Neither rounding could be proven; the digits that are shown are."""
    d = Derivation("Undecided")
    x = d.given("x", value)
    y = d.step("y", x * (sin(x) ** 2 + cos(x) ** 2) * sign)
    digits = len(value.strip("0.").replace(".", "")) - 1
    assert d.value(y).rounded(Digits(digits)) is None
    assert Fraction(d.value(y).digits(digits)) == sign * Fraction(value)
    if digits == 5:
        assert Fraction(d.value(y).shown().text) == sign * Fraction(value)


# Kinks


def test_relu_at_its_kink_is_decided_exactly() -> None:
    d = Derivation("Kink")
    x, y = d.givens(x="0.3", y="0.1")
    z = d.step("z", x - y * 3)  # 0.1 + 0.1 + 0.1 is 0.3 here, though not in floats
    a = d.step("a", relu(z))
    s = d.step("s", heaviside(z))
    E = d.step("E", (a - 1) ** 2)
    g = d.backward(E, [x, y])
    assert [d.value(q).shown().text for q in (z, a, s)] == ["0", "0", "0"]
    assert [d.value(q).shown().text for q in (E, g[x], g[y])] == ["1", "0", "0"]


@pytest.mark.parametrize(
    ("off", "slope"), [("1e-30", 1), ("-1e-30", 0), ("1e-300", 1), ("-1e-300", 0)]
)
def test_relu_within_a_hair_of_its_kink_knows_the_side(off: str, slope: int) -> None:
    d = Derivation("Kink")
    x, e = d.givens(x="0.3", e=off)
    z = d.step("z", exp(log(x)) - x + e)  # nothing but e, though no fraction tells
    a = d.step("a", relu(z))
    g = d.backward(d.step("E", a * 5), [e])
    assert d.evaluation.exact(z.index) is None
    assert float(d.value(d.step("s", heaviside(z))).shown().text) == slope
    assert float(d.value(d.step("u", at_least(0, z))).shown().text) == 1 - slope
    assert float(d.value(g[e]).shown().text) == 5 * slope
    assert Fraction(d.value(a).digits(5)) == (Fraction(off) if slope else 0)


def test_where_no_precision_tells_the_side_no_slope_is_made_up() -> None:
    d = Derivation("Kink")
    x = d.given("x", "0.3")
    z = d.step("z", sin(x) ** 2 + cos(x) ** 2 - 1)
    a = d.step("a", relu(z))
    s = d.step("s", heaviside(z))
    assert d.value(z).shown().text == d.value(a).shown().text == "0.00000"
    with pytest.raises(UndefinedValue, match="step s has no value that can be decided"):
        d.value(s).shown()


def test_maxima_of_equals() -> None:
    d = Derivation("Equals")
    x, y, v = d.givens(x="1/3", y="2/6", v=["0.5", "1/2", "0.25"])
    assert d.value(d.step("m", maximum(x, y))).shown().text == "1/3"
    assert d.value(d.step("g", greater(x, y))).shown().text == "0"
    assert d.value(d.step("l", largest(v))).shown().text == "0.5"
    e = d.step("e", maximum(exp(x), exp(y)))
    assert Decimal(d.value(e).digits(30)) == correct(Fraction(str(mp_text(1, 3))), 30)
    n = d.step("n", largest(exp(v)))
    with mp.workdps(60):
        assert Decimal(d.value(n).digits(30)) == correct(Fraction(mp.nstr(mp.exp(0.5), 50)), 30)


def mp_text(top: int, bottom: int) -> str:
    with mp.workdps(60):
        return str(mp.nstr(mp.exp(mp.mpf(top) / bottom), 50))


def test_the_largest_of_nearly_equals_is_found() -> None:
    d = Derivation("Nearly")
    x, e = d.givens(x="0.7", e="1e-40")
    m = d.step("m", maximum(exp(log(x)) + e, x) - x)
    assert d.value(m).digits(5) == "1.0000e-40"
    assert float(d.value(d.step("g", greater(exp(log(x)) + e, x))).shown().text) == 1


def test_what_a_step_makes_of_an_irrational_number_is_exactly_0_or_1() -> None:
    """A page reads [z > 0] = 1, not 1.0000, and a ReLU that is off gives 0, not 0.00000."""
    d = Derivation("Off and on")
    v = d.given("v", [1, -1])
    z = d.step("z", tanh(v))
    s = d.step("s", heaviside(z))
    single = d.step("u", relu(z[1]))
    assert [real.shown() for real in d.value(s)] == [("1", True), ("0", True)]
    assert [real.shown().text for real in d.value(d.step("a", relu(z)))] == ["0.76159", "0"]
    assert d.value(single).shown() == d.value(d.step("c", single * exp(z[0]))).shown()
    assert d.value(single).shown() == ("0", True)


# Magnitudes


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0.0001234", "0.0001234"), ("0.00001234", "1.234e-5"), ("1e300", "1e300"),
        ("1e-300", "1e-300"), ("-1e300", "-1e300"), ("123456789", "123456789"),
        ("-2.5e-300", "-2.5e-300"), ("0.001", "0.001"), ("1e15", "1e15"), ("1e14", "1" + "0" * 14),
    ],
)  # fmt: skip
def test_small_and_large_givens_are_shown_as_they_are(value: str, text: str) -> None:
    d = Derivation("Sizes")
    shown = d.value(d.given("x", value)).shown()
    assert (shown.text, shown.exact) == (text, True)
    assert d.value(d.step("y", d["x"] * 2 - d["x"])).shown() == shown


@pytest.mark.parametrize("exponent", [300, -300, 150, -150, 20, -20, 390, -390])
def test_digits_are_right_at_every_size(exponent: int) -> None:
    d = Derivation("Sizes")
    x, size = d.givens(x="0.7", size=f"1e{exponent}")
    y = d.step("y", exp(x) * size)
    cancelled = d.step("c", (exp(x) * size - 2 * size) / 3 + size)
    with mp.workdps(80):
        value = mp.exp(mp.mpf("0.7"))
        for step_, wanted in ((y, value), (cancelled, (value - 2) / 3 + 1)):
            text = mp.nstr(wanted * mp.mpf(10) ** exponent, 60)
            assert Decimal(d.value(step_).shown().text) == correct(Fraction(text), 5)
            assert Decimal(d.value(step_).digits(30)) == correct(Fraction(text), 30)


@pytest.mark.parametrize("argument", ["20000", "-20000", "-750", "709.9", "1e-30", "-1e-30"])
def test_exponentials_beyond_every_float(argument: str) -> None:
    d = Derivation("Beyond")
    x = d.given("x", argument)
    y = d.step("y", exp(x))
    less = d.step("m", exp(x) - 1)
    s = d.step("s", sigmoid(-x))
    with mp.workdps(120):
        e = mp.exp(mp.mpf(argument))
        for step_, value in ((y, e), (less, e - 1), (s, 1 / (1 + e))):
            assert Decimal(d.value(step_).digits(5)) == correct(exactly(value), 5)


def exactly(value: Any) -> Fraction:
    """A number of mpmath as the fraction that it is."""
    sign, mantissa, exponent, _ = value._mpf_
    return (-1) ** sign * int(mantissa) * Fraction(2) ** exponent


def test_what_cancels_to_the_last_digit_is_still_right() -> None:
    d = Derivation("Cancels")
    x = d.given("x", "1e-25")
    y = d.step("y", (exp(x) - 1 - x) * "1e50")
    assert d.value(y).digits(10) == "0.5000000000"
    with mp.workdps(150):
        t = mp.mpf("1e-25")
        value = (mp.exp(t) - 1 - t) * mp.mpf("1e50")
        assert Decimal(d.value(y).digits(30)) == correct(Fraction(mp.nstr(value, 80)), 30)


# Values worked by hand, against the decimal module


def simulate(places: int, rounding: str, givens: dict[str, str]) -> dict[str, Decimal]:
    """The 1-1-1 chain with its backward pass, each step rounded before it is used again."""
    context = Context(prec=80)

    def kept(value: Decimal) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=context)

    g = {name: Decimal(text) for name, text in givens.items()}
    times, plus = context.multiply, context.add

    def squash(z: Decimal) -> Decimal:
        return kept(context.divide(1, plus(1, context.exp(-z))))

    z1 = kept(plus(times(g["w1"], g["x"]), g["b1"]))
    h = squash(z1)
    z2 = kept(plus(times(g["w2"], h), g["b2"]))
    o = squash(z2)
    found = {"z1": z1, "h": h, "z2": z2, "o": o}
    found["E"] = kept(context.divide(times(o - g["t"], o - g["t"]), 2))
    found["dE/do"] = kept(o - g["t"])
    found["dE/dz2"] = kept(times(times(found["dE/do"], o), 1 - o))
    found["dE/dw2"] = kept(times(found["dE/dz2"], h))
    found["dE/dh"] = kept(times(found["dE/dz2"], g["w2"]))
    found["dE/dz1"] = kept(times(times(found["dE/dh"], h), 1 - h))
    found["dE/dw1"] = kept(times(found["dE/dz1"], g["x"]))
    return found


CHAIN = ("x", "w1", "b1", "w2", "b2", "t")
NUMBER = st.decimals(-2, 2, places=3, allow_nan=False).map(str)


@pytest.mark.parametrize(("chopped", "rounding"), [(False, ROUND_HALF_UP), (True, ROUND_DOWN)])
@settings(deadline=None, max_examples=40)
@given(st.fixed_dictionaries(dict.fromkeys(CHAIN, NUMBER)), st.integers(1, 9))
def test_by_hand_is_each_step_rounded_before_it_is_used_again(
    chopped: bool, rounding: str, givens: dict[str, str], places: int
) -> None:
    d = Derivation("A chain")
    x, w1, b1, w2, b2, t = (d.given(name, givens[name]) for name in CHAIN)
    z1 = d.step("z1", w1 * x + b1)
    h = d.step("h", sigmoid(z1))
    z2 = d.step("z2", w2 * h + b2)
    o = d.step("o", sigmoid(z2))
    E = d.step("E", (o - t) ** 2 / 2)
    d.backward(E, [w1, w2])
    hand = d.by_hand(places, chopped=chopped)
    for name, value in simulate(places, rounding, givens).items():
        assert Decimal(str(float(hand.value(name)))) == value
        assert hand.evaluation.exact(d[name].index) == Fraction(value)


@pytest.mark.parametrize("off", ["1e-40", "1e-100", "1e-300"])
@pytest.mark.parametrize(
    ("base", "sign", "chopped", "wanted"),
    [
        ("0.25", 1, True, "0.25"), ("0.25", -1, True, "0.24"), ("-0.25", 1, True, "-0.24"),
        ("-0.25", -1, True, "-0.25"), ("0.125", 1, False, "0.13"), ("0.125", -1, False, "0.12"),
        ("-0.125", 1, False, "-0.12"), ("-0.125", -1, False, "-0.13"),
    ],
)  # fmt: skip
def test_by_hand_next_to_a_boundary_knows_the_side(
    off: str, base: str, sign: int, chopped: bool, wanted: str
) -> None:
    d = Derivation("Next to it")
    x, e = d.givens(x=abs(Fraction(base)), e=sign * Fraction(off))
    d.step("y", exp(log(x)) * (1 if base[0] != "-" else -1) + e)
    assert d.by_hand(2, chopped=chopped).value("y").shown().text == wanted


@pytest.mark.parametrize(
    ("value", "rounded", "chopped"),
    [("0.125", "0.13", "0.12"), ("-0.125", "-0.13", "-0.12"), ("0.999", "1", "0.99"),
     ("-0.999", "-1", "-0.99"), ("0.004", "0", "0"), ("-0.004", "0", "0")],
)  # fmt: skip
def test_by_hand_at_a_tie_rounds_up_and_chopped_cuts(
    value: str, rounded: str, chopped: str
) -> None:
    d = Derivation("Ties")
    x = d.given("x", value)
    d.step("y", x * 1)
    assert d.by_hand(2).value("y").shown().text == rounded
    assert d.by_hand(2, chopped=True).value("y").shown().text == chopped
    assert d.by_hand(2).value("x").shown().text == value  # a given is as it is given


def test_a_rounded_number_reads_as_what_it_was_rounded_to() -> None:
    """The test's own footing: two roundings of one fraction agree."""
    for _, value in HARD[:20]:
        assert Decimal(write(round_significant(value, 5))) == correct(value, 5)
