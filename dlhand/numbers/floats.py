"""Arithmetic in floating point: directly, and as lines of Python source.

The two say the same; the source is what a learner sees and what fast replays run.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from dlhand.numbers.arithmetic import Arithmetic, Written


def sigmoid(z: float) -> float:
    """1 / (1 + e^-z) without overflow.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    if z >= 0:
        return 1.0 / (1.0 + math.exp(-z))
    grown = math.exp(z)
    return grown / (1.0 + grown)


def normal(z: float) -> float:
    """The share of a standard normal distribution that lies below z.

    >>> normal(0.0), round(normal(1.96), 4)
    (0.5, 0.975)
    """
    return math.erfc(-z / math.sqrt(2.0)) / 2


def bell(z: float) -> float:
    """The density of the standard normal distribution: e^(-z²/2) / √(2π)."""
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi)


def heaviside(z: float) -> float:
    """1 where z is above zero, else 0."""
    return 1.0 if z > 0 else 0.0


def floor(z: float) -> float:
    """The largest whole number that is not above z."""
    return float(math.floor(z))


class Floats(Arithmetic[float]):
    """Arithmetic on 64-bit floats."""

    exp = staticmethod(math.exp)
    log = staticmethod(math.log)
    sqrt = staticmethod(math.sqrt)
    sin = staticmethod(math.sin)
    cos = staticmethod(math.cos)
    tanh = staticmethod(math.tanh)
    sigmoid = staticmethod(sigmoid)
    normal = staticmethod(normal)
    bell = staticmethod(bell)
    heaviside = staticmethod(heaviside)
    floor = staticmethod(floor)

    def number(self, value: Fraction) -> float:
        return float(value)

    def add(self, a: float, b: float) -> float:
        return a + b

    def sub(self, a: float, b: float) -> float:
        return a - b

    def neg(self, a: float) -> float:
        return -a

    def mul(self, a: float, b: float) -> float:
        return a * b

    def div(self, a: float, b: float) -> float:
        return a / b

    def power(self, a: float, exponent: Fraction) -> float:
        if exponent == 2:
            return a * a
        if exponent.denominator == 1:
            return float(a**exponent.numerator)
        return math.pow(a, float(exponent))  # `**` makes a complex number of a negative base

    def maximum(self, a: float, b: float) -> float:
        return a if a >= b else b

    def total(self, items: Sequence[float]) -> float:
        return sum(items)

    def dot(self, a: Sequence[float], b: Sequence[float]) -> float:
        return sum([x * y for x, y in zip(a, b, strict=True)])

    def peak(self, items: Sequence[float]) -> float:
        return max(items)


NAMESPACE = {
    "pow": math.pow,
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "sigmoid": sigmoid,
    "normal": normal,
    "bell": bell,
    "heaviside": heaviside,
    "floor": floor,
}
"""The functions that the source of `FloatSource` calls."""


class FloatSource(Written[str]):
    """Writes float arithmetic as straight-line Python; an element is the name of a variable."""

    def __init__(self, lines: list[str], prefix: str = "t") -> None:
        self.lines = lines
        self._prefix = prefix

    def let(self, expression: str) -> str:
        """Add a line that computes ``expression``; return the variable that holds it."""
        name = f"{self._prefix}{len(self.lines)}"
        self.lines.append(f"{name} = {expression}")
        return name

    def call(self, name: str, a: str) -> str:
        return self.let(f"{name}({a})")

    def number(self, value: Fraction) -> str:
        return repr(float(value)) if value >= 0 else f"({float(value)!r})"

    def add(self, a: str, b: str) -> str:
        return self.let(f"{a} + {b}")

    def sub(self, a: str, b: str) -> str:
        return self.let(f"{a} - {b}")

    def neg(self, a: str) -> str:
        return self.let(f"-{a}")

    def mul(self, a: str, b: str) -> str:
        return self.let(f"{a} * {b}")

    def div(self, a: str, b: str) -> str:
        return self.let(f"{a} / {b}")

    def power(self, a: str, exponent: Fraction) -> str:
        if exponent == 2:
            return self.let(f"{a} * {a}")
        if exponent.denominator != 1:
            return self.let(f"pow({a}, {float(exponent)!r})")
        return self.let(f"{a} ** {exponent.numerator}")

    def maximum(self, a: str, b: str) -> str:
        return self.let(f"{a} if {a} >= {b} else {b}")

    def total(self, items: Sequence[str]) -> str:
        return self.let(" + ".join(items))

    def dot(self, a: Sequence[str], b: Sequence[str]) -> str:
        return self.let(" + ".join(f"{x} * {y}" for x, y in zip(a, b, strict=True)))

    def peak(self, items: Sequence[str]) -> str:
        return self.let(f"max({', '.join(items)})" if len(items) > 1 else items[0])
