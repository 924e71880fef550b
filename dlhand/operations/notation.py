"""How an operation is laid out on paper: data of which `render.boxes` makes a tree.

A sign or a name has its spelling for LaTeX, for plain text and for Python; MathML uses the text
spelling inside its own elements. ``level`` is the binding strength that decides on brackets. A
layout that is not one of the common ones is drawn as a small tree of its own, a `Pattern`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

LOOSE, SUM, PREFIX, PRODUCT, POWER, ATOM = range(-1, 5)
"""How strongly things bind; words between mathematics bind the least."""


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

    python: str = "sqrt"


class Transposed(NamedTuple):
    """A raised T."""


class Call(NamedTuple):
    """A function's name before its arguments in brackets."""

    latex: str
    text: str
    python: str
    numpy: str = ""
    """The name NumPy uses, where it is another."""


class Assembled(NamedTuple):
    """Operands in one pair of brackets: the entries of an array, its rows, or its blocks."""

    python: str
    numpy: str = ""
    """The name NumPy uses, where it is another."""


# ---- What a pattern is drawn with


class Argument(NamedTuple):
    """The place of an operand, counted from 0."""

    position: int


class Parameters(NamedTuple):
    """The place of what belongs to the operation itself: a slope, an axis; ``drawn`` draws it."""

    drawn: Callable[[Any], Box] | None = None


class Places(NamedTuple):
    """The places of entries in an array, counted from 1, sign by sign: 2, 3; 1..3."""

    pieces: tuple[str, ...]


class Word(NamedTuple):
    """The name of a function or of a fixed number."""

    latex: str
    text: str
    glyphs: str = ""
    """The upright characters of MathML, where plain text says it otherwise."""


class Words(NamedTuple):
    """Words inside mathematics, with the blanks around them."""

    text: str


class Sign(NamedTuple):
    """A sign, with space on both sides unless it is tight."""

    latex: str
    text: str
    tight: bool = False
    breaks: bool = False
    """Whether a long line may be broken before it."""


class Space(NamedTuple):
    """A thin space."""


TOP = Sign(r"\top", "⊤", tight=True)
"""What is raised for a transpose."""


class Number(NamedTuple):
    """A fixed number, in the characters that `Shown` has for it, and where it stands."""

    text: str
    where: int = 0


class Row(NamedTuple):
    """Boxes side by side; `row` makes one."""

    items: tuple[Box, ...]


def row(*items: Box) -> Row:
    """Boxes side by side."""
    return Row(items)


class Script(NamedTuple):
    """A base with something lowered, something raised, or both."""

    base: Box
    low: Box | None = None
    high: Box | None = None


class Fence(NamedTuple):
    """A pair of brackets: in LaTeX, and as single characters."""

    name: str
    """That by which the style sheet draws them; "" where the browser does."""
    latex: tuple[str, str]
    glyphs: tuple[str, str]


ROUND = Fence("round", (r"\left(", r"\right)"), ("(", ")"))
SQUARE = Fence("square", (r"\left[", r"\right]"), ("[", "]"))
FLOOR_BARS = Fence("floor", (r"\left\lfloor ", r" \right\rfloor"), ("⌊", "⌋"))
BARS = Fence("", (r"\left|", r"\right|"), ("|", "|"))


class Fenced(NamedTuple):
    """A box between brackets."""

    fence: Fence
    inner: Box


Box = Any
"""One of these classes, or of those that `render.boxes` has beside them."""


class Pattern(NamedTuple):
    """Any other layout, drawn with the boxes above; ``{0}`` and ``{p}`` in the Python spelling."""

    box: Box
    python: str
    level: int = ATOM


Notation = Infix | Prefix | Quotient | Power | Root | Transposed | Call | Assembled | Pattern
