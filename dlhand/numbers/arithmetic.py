"""What the operations need of a number system.

Every operation says once how its value is computed, in terms of the few methods below;
run on exact fractions, on float enclosures, on intervals of many digits, on symbols or on
pieces of source text, the same lines give the exact value, the proof of its digits, the
closed form and the generated program. A rule never compares elements itself, since some of
them are names: it asks `Arithmetic.is_zero`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Protocol, TypeVar

E = TypeVar("E")
_ZERO = Fraction(0)


class NotYetKnown(Exception):
    """A rule asks for the value of an element that is a name or a symbol."""


class Arithmetic(Protocol[E]):
    """A number system whose elements are of type ``E``.

    What the last four methods do follows from the others; some systems know better.
    """

    def number(self, value: Fraction, /) -> E: ...
    def add(self, a: E, b: E, /) -> E: ...
    def sub(self, a: E, b: E, /) -> E: ...
    def neg(self, a: E, /) -> E: ...
    def mul(self, a: E, b: E, /) -> E: ...
    def div(self, a: E, b: E, /) -> E: ...
    def power(self, a: E, exponent: Fraction, /) -> E: ...
    def exp(self, a: E, /) -> E: ...
    def log(self, a: E, /) -> E: ...
    def sqrt(self, a: E, /) -> E: ...
    def sin(self, a: E, /) -> E: ...
    def cos(self, a: E, /) -> E: ...
    def sigmoid(self, a: E, /) -> E: ...
    def tanh(self, a: E, /) -> E: ...

    def normal(self, a: E, /) -> E:
        """The standard normal distribution: the share of it that lies below ``a``."""
        ...

    def bell(self, a: E, /) -> E:
        """Its density e^(-a²/2) / √(2π)."""
        ...

    def maximum(self, a: E, b: E, /) -> E: ...

    def heaviside(self, a: E, /) -> E:
        """1 where ``a`` is above zero, else 0 (zero itself gives 0)."""
        ...

    def floor(self, a: E, /) -> E:
        """The largest whole number that is not above ``a``."""
        ...

    def is_zero(self, a: E, /) -> bool:
        """Whether ``a`` is zero for certain: the one question that a rule may ask of an element.

        Elements that have no value yet, such as names in a program, raise `NotYetKnown`.
        """
        return a == self.number(_ZERO)

    def total(self, items: Sequence[E], /) -> E:
        """The sum of at least one element."""
        result = items[0]
        for item in items[1:]:
            result = self.add(result, item)
        return result

    def dot(self, a: Sequence[E], b: Sequence[E], /) -> E:
        """The sum of the products of two equally long, non-empty sequences."""
        mul = self.mul
        return self.total([mul(x, y) for x, y in zip(a, b, strict=True)])

    def peak(self, items: Sequence[E], /) -> E:
        """What a softmax takes off its exponents: the largest where overflow threatens, or 0."""
        return self.number(_ZERO)


def _called(name: str) -> Callable[[Any, Any], Any]:
    return lambda self, a: self.call(name, a)


class Written(Arithmetic[E], Protocol[E]):
    """A number system that writes down instead of computing: functions of a number by their names.

    The names are those of the methods and, where a row does nothing else, those of the rows.
    """

    def call(self, name: str, a: E, /) -> E:
        """A function of one number, by its name."""
        ...

    exp, log, sqrt, sin, cos = map(_called, ("exp", "log", "sqrt", "sin", "cos"))
    sigmoid, tanh, normal, bell = map(_called, ("sigmoid", "tanh", "normal", "bell"))
    heaviside, floor = map(_called, ("heaviside", "floor"))

    def is_zero(self, a: E, /) -> bool:
        """Not known as long as nothing is computed."""
        raise NotYetKnown(a)
