r"""The two formats of plain characters: LaTeX, and text for a terminal or a screen reader.

Each knows how the layouts of `dlhand.operations.notation` are spelled, and how numbers and arrays
are. The third format is in `mathml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from dlhand.numbers.exact import Shape
from dlhand.operations.notation import ATOM, PRODUCT, Call, Infix, Pattern, Prefix
from dlhand.operations.table import size
from dlhand.render import names
from dlhand.render.names import AFTER, BASE, FACTOR

MOST = 12
"""Rows and columns that are written out; a longer array is shown by its ends."""
HEAD, TAIL = 6, 2
MORE_DIGITS = "from more digits"
REPLACED = "taken as given here"

Nest = Any
"""A string, or lists of such; None where entries are left out."""


def nested(flat: Sequence[Any], shape: Shape, most: int = MOST) -> Nest:
    """Flat entries in nested lists; where more than ``most`` follow each other, None stands.

    >>> nested("abcdef", (2, 3))
    [['a', 'b', 'c'], ['d', 'e', 'f']]
    >>> nested(range(20), (20,), most=12)
    [0, 1, 2, 3, 4, 5, None, 18, 19]
    """
    block = size(shape[1:])
    length = shape[0]
    kept = range(length)
    rows = [
        flat[k * block] if len(shape) == 1 else nested(flat[k * block : (k + 1) * block], shape[1:])
        for k in (kept if length <= most else [*kept[:HEAD], *kept[-TAIL:]])
    ]
    return rows if length <= most else [*rows[:HEAD], None, *rows[HEAD:]]


class LaTeX:
    """Writes for KaTeX, MathJax and LaTeX with amsmath."""

    target = "latex"
    quotient_level = ATOM
    equal, about = " = ", r" \approx "

    def name(self, name: str, where: int) -> str:
        """A name; a gradient or a prime is bracketed as a base."""
        spelled = names.latex(name)
        if where & BASE and names.brackets(name, in_text=False):
            return self.brackets(spelled)
        return spelled

    symbol = staticmethod(names.latex)

    @staticmethod
    def number(text: str, where: int) -> str:
        r"""A number: 1.2e-5 as a power of ten, 1/3 as a fraction.

        >>> print(LaTeX.number("1.2e-5", 0), LaTeX.number("-1/3", AFTER))
        1.2 \cdot 10^{-5} \left(-\frac{1}{3}\right)
        """
        is_negative = text[0] == "-"
        if not is_negative and "e" not in text and "/" not in text:
            return text
        is_simple = True
        spelled = text
        if "/" in text:
            above, below = text.lstrip("-").split("/")
            spelled = rf"{'-' * is_negative}\frac{{{above}}}{{{below}}}"
            is_simple = False
        elif "e" in text:
            mantissa, exponent = _powered(text)
            spelled = rf"{mantissa} \cdot " if mantissa.lstrip("-") != "1" else mantissa[:-1]
            spelled += f"10^{{{exponent}}}"
            is_simple = False
        if (is_negative and where & (AFTER | BASE)) or (not is_simple and where & BASE):
            return rf"\left({spelled}\right)"
        return spelled

    def array(self, entries: Sequence[str], shape: Shape) -> str:
        """A vector as a column, a matrix; beyond that, its matrices side by side."""
        if len(shape) > 2:
            block = size(shape[1:])
            parts = [entries[k * block : (k + 1) * block] for k in range(shape[0])]
            kept = parts if len(parts) <= MOST else [*parts[:HEAD], None, *parts[-TAIL:]]
            inner = [r"\cdots" if p is None else self.array(p, shape[1:]) for p in kept]
            return self.brackets(r",\; ".join(inner))
        rows = nested(entries, shape)
        if len(shape) == 1:
            lines = [r"\vdots" if row is None else row for row in rows]
        else:
            width = next(len(row) for row in rows if row is not None)
            lines = [
                " & ".join([r"\vdots"] * width if row is None else map(_or_dots, row))
                for row in rows
            ]
        body = r" \\ ".join(lines)
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    def brackets(self, inner: str) -> str:
        """Round brackets that grow with what is inside."""
        return rf"\left({inner}\right)"

    def infix(self, notation: Infix, operands: Sequence[str], entrywise: Sequence[bool]) -> str:
        """Operands with signs between them."""
        pieces = [operands[0]]
        for operand, both in zip(operands[1:], entrywise[1:], strict=True):
            sign = r"\odot" if both else notation.latex
            pieces.append(f" {sign} {operand}")
        return "".join(pieces)

    def prefix(self, notation: Prefix, operand: str) -> str:
        """A sign before an operand."""
        return f"{notation.latex}{operand}"

    def quotient(self, above: str, below: str) -> str:
        """A fraction."""
        return rf"\frac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: Fraction) -> str:
        """A base with its exponent."""
        return f"{base}^{{{exponent}}}"

    def root(self, operand: str) -> str:
        """A square root."""
        return rf"\sqrt{{{operand}}}"

    def transposed(self, operand: str) -> str:
        """A raised T."""
        return rf"{operand}^{{\top}}"

    def call(self, notation: Call, detail: str, operands: Sequence[str]) -> str:
        r"""A function; ``\!`` takes back the gap before brackets that grow."""
        name = notation.latex + self.detail(detail)
        return rf"{name}\!\left({', '.join(operands)}\right)"

    def detail(self, words: str) -> str:
        """What tells a function from its kin, such as its axis, below its name."""
        return rf"_{{\text{{{words}}}}}" if words else ""

    def pattern(self, notation: Pattern) -> str:
        """The pattern, with braces around a base, which may have a subscript of its own."""
        spelled = notation.latex
        for key in "0123456789":
            for sign in "_^":
                spelled = spelled.replace(f"{{{key}}}{sign}", f"{{{{{key}}}}}{sign}")
        return spelled

    def note(self, note: str) -> str:
        """A remark after a line."""
        return rf"\quad\text{{({note})}}"


class Text:
    """Writes plain Unicode text that reads well in a terminal and aloud."""

    target = "text"
    quotient_level = PRODUCT
    equal, about = " = ", " ≈ "

    def name(self, name: str, where: int) -> str:
        """A name; ∂E/∂w is bracketed as a base and beside a division sign."""
        spelled = names.text(name)
        return f"({spelled})" if where & names.brackets(name, in_text=True) else spelled

    symbol = staticmethod(names.text)

    @staticmethod
    def number(text: str, where: int) -> str:
        """A number, with a minus sign that is one.

        >>> Text.number("-1.2e-5", 0), Text.number("1/3", BASE)
        ('−1.2·10⁻⁵', '(1/3)')
        """
        is_simple = "/" not in text
        if is_simple and text[0] != "-" and "e" not in text:
            return text
        spelled = text
        if "e" in text:
            mantissa, exponent = _powered(text)
            spelled = f"{mantissa}·" if mantissa.lstrip("-") != "1" else mantissa[:-1]
            spelled += f"10{exponent.translate(_RAISED)}"
            is_simple = False
        spelled = spelled.replace("-", "\N{MINUS SIGN}")
        if (text[0] == "-" and where & (AFTER | BASE)) or (
            not is_simple and where & (BASE | FACTOR)
        ):
            return f"({spelled})"
        return spelled

    def array(self, entries: Sequence[str], shape: Shape) -> str:
        """Entries in square brackets, rows in brackets of their own."""
        return _in_brackets(tuple(entries), shape)

    def brackets(self, inner: str) -> str:
        """Round brackets."""
        return f"({inner})"

    def infix(self, notation: Infix, operands: Sequence[str], entrywise: Sequence[bool]) -> str:
        """Operands with signs between them."""
        pieces = [operands[0]]
        for operand, both in zip(operands[1:], entrywise[1:], strict=True):
            sign = "⊙" if both else notation.text
            pieces.append(f" {sign} {operand}" if sign.strip() else f" {operand}")
        return "".join(pieces)

    def prefix(self, notation: Prefix, operand: str) -> str:
        """A sign before an operand."""
        return f"{notation.text}{operand}"

    def quotient(self, above: str, below: str) -> str:
        """A fraction in one line."""
        return f"{above} / {below}"

    def power(self, base: str, exponent: Fraction) -> str:
        """A base with its exponent: raised digits where it is whole."""
        if exponent.denominator == 1:
            return base + str(exponent).translate(_RAISED)
        return f"{base}^({exponent})".replace("-", "\N{MINUS SIGN}")

    def root(self, operand: str) -> str:
        """A square root."""
        return f"√({operand})"

    def transposed(self, operand: str) -> str:
        """A raised T."""
        return f"{operand}ᵀ"

    def call(self, notation: Call, detail: str, operands: Sequence[str]) -> str:
        """A function before its operands in brackets."""
        return f"{notation.text}{self.detail(detail)}({', '.join(operands)})"

    def detail(self, words: str) -> str:
        """What tells a function from its kin, such as its axis, in brackets."""
        return f"[{words}]" if words else ""

    def pattern(self, notation: Pattern) -> str:
        """The pattern as it is."""
        return notation.text

    def note(self, note: str) -> str:
        """A remark after a line."""
        return f" ({note} than shown)" if note == MORE_DIGITS else f" ({note})"


_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _powered(text: str) -> tuple[str, str]:
    """Mantissa and exponent of a number such as 1.2e-5."""
    mantissa, exponent = text.split("e")
    return mantissa, str(int(exponent))


def _or_dots(entry: str | None) -> str:
    return r"\cdots" if entry is None else entry


@lru_cache(maxsize=256)  # an array stands in its own line and in all that use it
def _in_brackets(entries: tuple[str, ...], shape: Shape) -> str:
    return _listed(nested(entries, shape))


def _listed(nest: Nest) -> str:
    if nest is None:
        return "…"
    return nest if isinstance(nest, str) else f"[{', '.join(map(_listed, nest))}]"


LATEX, TEXT = LaTeX(), Text()

__all__ = ["LATEX", "MORE_DIGITS", "REPLACED", "TEXT", "LaTeX", "Text", "nested"]
