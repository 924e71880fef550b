"""Irrational numbers as they are typed: √2, e^-1, σ(0.41), π/4.

Such a number is a small tree of the operations that every `Arithmetic` has, so that it is worked
out to as many digits as anyone asks for, and has a normal form by which it can be proven equal to
the value of a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from dlhand.numbers.intervals import Intervals
from dlhand.numbers.real import PROVING

__all__ = ["CONSTANTS", "FUNCTIONS", "Closed", "nearly"]

FUNCTIONS: Final = {
    "sqrt": "sqrt", "√": "sqrt", "exp": "exp", "ln": "log", "log": "log", "sin": "sin",
    "cos": "cos", "tanh": "tanh", "sigmoid": "sigmoid", "σ": "sigmoid",
}  # fmt: skip
"""What is typed for a function of one number, and the method of `Arithmetic` that works it out."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A number that an operation makes of rational numbers, or of others like this one.

    ``name`` is that of a method of `Arithmetic`; of a power the second argument is rational.

    >>> root = Closed("sqrt", (Fraction(2),))
    >>> str(root), float(nearly(root))
    ('sqrt(2)', 1.4142135623730951)
    """

    name: str
    args: tuple[Fraction | Closed, ...]

    def worked_out(self, arithmetic: Any) -> Any:
        """The element of a number system. Trees are small: see `dlhand.numbers.typed`."""
        if self.name == "power":
            base, exponent = self.args
            return arithmetic.power(_element(base, arithmetic), exponent)
        return getattr(arithmetic, self.name)(*[_element(one, arithmetic) for one in self.args])

    def __str__(self) -> str:
        """The number as `parse_answer` reads it again."""
        if self == PI:
            return "pi"
        if self.name == "neg":
            return f"(-{_written(self.args[0])})"
        sign = _SIGNS.get(self.name)
        if sign is None:
            return f"{_CALLED[self.name]}({self.args[0]})"
        return f"({_written(self.args[0])}{sign}{_written(self.args[1])})"


_SIGNS = {"add": " + ", "sub": " - ", "mul": "*", "div": "/", "power": "^"}
_CALLED = {method: typed for typed, method in reversed(FUNCTIONS.items())} | {"log": "ln"}


def _element(one: Fraction | Closed, arithmetic: Any) -> Any:
    return one.worked_out(arithmetic) if isinstance(one, Closed) else arithmetic.number(one)


def _written(one: Fraction | Closed) -> str:
    is_plain = isinstance(one, Closed) or (one >= 0 and one.denominator == 1)
    return str(one) if is_plain else f"({one})"


_TWO: Final = Fraction(2)
# The normal density at 0 is 1 / √(2π): the one operation in which π stands.
_ROOT = Closed("power", (Closed("bell", (Fraction(0),)), -_TWO))
PI: Final = Closed("div", (_ROOT, _TWO))
E: Final = Closed("exp", (Fraction(1),))
CONSTANTS: Final = {"pi": PI, "π": PI, "e": E}


def nearly(value: Fraction | Closed) -> Fraction:
    """A rational number that is the value, or nearer to it than anyone writes.

    Raises `UndefinedValue` and `Unsettled` where there is none.
    """
    if not isinstance(value, Closed):
        return value
    low, high = Intervals.bounds(value.worked_out(Intervals(PROVING)))
    return (low + high) / 2
