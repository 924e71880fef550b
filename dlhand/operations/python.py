"""What a program needs to know of an operation beside the name or sign in its notation."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from dlhand.numbers.digits import terminates, write
from dlhand.numbers.exact import Shape
from dlhand.operations.quantity import Form


class Python(NamedTuple):
    """How an operation is written in a program, where its notation does not say it all."""

    source: str = ""
    """The function of the operation's name, where neither Python nor a library has it. It calls
    functions of the standard library; over arrays these become NumPy's."""
    array: str = ""
    """The same over arrays, where it is another."""
    parameters: Callable[[Form], str] = lambda form: ""
    """What stands for the operation's parameters, after the operands or in place of ``{p}``."""
    one_list: bool = False
    """Whether the operands go in as one list."""


def in_python(shape: Shape) -> str:
    """A shape as NumPy's functions take it, or which axes.

    >>> in_python((3,)), in_python((2, 3))
    ('3', '(2, 3)')
    """
    return str(shape[0]) if len(shape) == 1 else str(shape)


LONGEST_DECIMAL = 400


def number(value: Fraction, as_fraction: bool = False) -> str:
    """An exact number as Python source: as Python writes the float where that is exact.

    >>> number(Fraction(1, 10)), number(Fraction(1, 3)), number(Fraction(1, 2), as_fraction=True)
    ('0.1', '1 / 3', '1 / 2')
    """
    if value.denominator == 1 and (as_fraction or abs(value) < 10**16):
        return str(value.numerator)
    exact = None if as_fraction else terminates(value, LONGEST_DECIMAL)
    if exact is None:
        return f"{value.numerator} / {value.denominator}"
    try:
        short = repr(float(value))
    except OverflowError:
        return write(exact)
    return short if Fraction(short) == value else write(exact)
