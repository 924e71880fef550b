"""Curves: one step along one given."""

from fractions import Fraction

from dlhand import Derivation
from dlhand.pictures.curve import Curve


def test_a_given_that_can_have_one_value_only_is_drawn():
    d = Derivation("One value")
    n, x = d.givens(n=4, x=3)
    d.step("y", n * x)
    picture = Curve(d, "y", "n", [Fraction(4), Fraction(4)]).picture(d)
    assert "<svg" in picture.svg and "nan" not in picture.svg
