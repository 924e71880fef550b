"""How an operation is laid out on paper: data that the writers in `render` interpret.

Each layout has the spelling for LaTeX, for plain text and for Python; MathML uses the text
spelling inside its own elements. ``level`` is the binding strength that decides on brackets.
"""

from __future__ import annotations

from typing import NamedTuple

SUM, PREFIX, PRODUCT, POWER, ATOM = range(5)


class Infix(NamedTuple):
    """Operands with a sign between them."""

    level: int
    latex: str
    text: str
    python: str
    right: bool = False
    """Whether a right operand of the same level needs brackets, as in a - (b - c)."""


class Prefix(NamedTuple):
    """A sign before its operand."""

    latex: str
    text: str
    python: str


class Quotient(NamedTuple):
    """A fraction."""


class Power(NamedTuple):
    """A base with an exponent that belongs to the operation, not to its operands."""


class Root(NamedTuple):
    """A square root."""


class Transposed(NamedTuple):
    """A raised T."""


class Call(NamedTuple):
    """A function's name before its arguments in brackets."""

    latex: str
    text: str
    python: str
    numpy: str = ""
    """The name NumPy uses, where it is another."""


class Pattern(NamedTuple):
    """Any other layout: ``{0}``, ``{1}`` are operands, ``{p}`` the operation's parameters."""

    latex: str
    text: str
    python: str
    level: int = ATOM


Notation = Infix | Prefix | Quotient | Power | Root | Transposed | Call | Pattern
