"""What is said about rounding every step by hand."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

import pytest

from dlhand import Derivation, load, sqrt
from dlhand.examples import names
from dlhand.learner.rounding import rounding_effect
from dlhand.numbers.digits import Digits


def neuron() -> Derivation:
    """A product, squared, with its gradient and an update; all are short decimals."""
    d = Derivation("A neuron")
    w, x = d.givens(w="0.35", x="0.7")
    z = d.step("z", w * x)
    E = d.step("E", z**2)
    gradient = d.backward(E, wrt=[w])
    d.step("w'", w - gradient[w])
    return d


def worked_out(places: int, rounding: str) -> tuple[Decimal, Decimal]:
    """E and w' of the neuron with every step written to so many places."""

    def write(value: Decimal) -> Decimal:
        return value.quantize(Decimal(1).scaleb(-places), rounding)

    w, x = Decimal("0.35"), Decimal("0.7")
    z = write(w * x)
    E, slope = write(z * z), write(2 * z)
    return E, write(w - write(slope * x))


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}".replace("-", "−")


@pytest.mark.parametrize("places", [1, 2, 3])
@pytest.mark.parametrize(("chopped", "rounding"), [(False, ROUND_HALF_UP), (True, ROUND_DOWN)])
def test_the_loss_and_the_last_step_are_told(places, chopped, rounding) -> None:
    E, w = worked_out(places, rounding)
    exact = worked_out(9, rounding)
    once = tuple(value.quantize(Decimal(1).scaleb(-places), rounding) for value in exact)
    how = f"{'cut off after' if chopped else 'rounded to'} {places} place{'s' * (places > 1)}"
    right = f", right to {places} place{'s' * (places > 1)}" if (E, w) == once else ""
    told = f"E comes out as {plain(E)} and w′ as {plain(w)}{right}"
    true = f"with all digits they are {plain(exact[0])} and {plain(exact[1])}"
    found = rounding_effect(neuron(), places, chopped)
    assert found.startswith(f"Every step {how}, {told}; {true}.")


def test_what_does_not_change_is_said_not_to() -> None:
    assert rounding_effect(neuron(), 6) == (
        "Every step rounded to 6 places, E comes out as 0.060025 and w′ as 0.007, as with all "
        "digits."
    )


def test_steps_of_which_nothing_is_left_are_counted() -> None:
    d = Derivation("Small numbers")
    x, zero = d.givens(x="0.04", zero=0)
    a = d.step("a", x * x)
    d.step("always", zero * x)
    d.step("c", d.step("b", a + "0.5") * a)
    assert rounding_effect(d, 2) == (
        "Every step rounded to 2 places, c comes out as 0; with all digits it is 0.00080256. "
        "Steps that become 0: 2 of 4, the first is a."
    )


def test_of_an_array_the_entry_that_is_furthest_off_is_told() -> None:
    d = Derivation("A list")
    x = d.given("x", ["0.5", "0.34", "0.26"])
    d.step("z", 2 * d.step("y", x**2))
    assert rounding_effect(d, 1) == (
        "Every step rounded to 1 place, entry 1 of z comes out as 0.6; with all digits it is 0.5."
    )


def test_without_a_backward_pass_the_last_step_is_told_alone() -> None:
    d = Derivation("A third")
    d.step("t", d.given("x", 1) / 3)
    assert rounding_effect(d, 2) == (
        "Every step rounded to 2 places, t comes out as 0.33, right to 2 places; with all digits "
        "it is 1/3."
    )


def test_what_is_cut_off_right_is_told_to_be_right() -> None:
    d = Derivation("Two thirds")
    d.step("t", d.given("x", 2) / 3)
    told = "right to 2 places; with all digits it is 2/3."
    assert rounding_effect(d, 2, True) == (
        f"Every step cut off after 2 places, t comes out as 0.66, {told}"
    )
    assert rounding_effect(d, 2) == f"Every step rounded to 2 places, t comes out as 0.67, {told}"


def test_as_many_digits_are_compared_as_were_kept() -> None:
    d = Derivation("A thousand roots of two")
    d.step("s", 1000 * d.step("root", sqrt(d.given("x", 2))))
    assert rounding_effect(d, 8, digits=Digits(3)) == (
        "Every step rounded to 8 places, s comes out as 1414.21356; with all digits it is "
        "1414.21356237."
    )


def test_a_divisor_that_becomes_0_is_told() -> None:
    d = Derivation("A quotient")
    x = d.given("x", "0.04")
    d.step("q", x / d.step("p", x * x))
    assert rounding_effect(d, 2) == (
        "Every step rounded to 2 places, step q has no value: division by zero."
    )
    assert rounding_effect(d.what_if(x=0), 2).endswith("step q has no value: division by zero.")


def test_without_steps_there_is_nothing_to_tell() -> None:
    d = Derivation("Nothing")
    d.given("x", 1)
    assert rounding_effect(d, 2) == "Every step rounded to 2 places: there are none."


def test_something_is_told_of_every_example() -> None:
    told = {name: rounding_effect(load(name), 2) for name in names()}
    for name, words in told.items():
        assert words.startswith("Every step rounded to 2 places, ") and words.endswith("."), name
    assert len(told) >= 193 and len({*told.values()}) > 150  # each has its own numbers
