"""The third format: MathML, which browsers typeset with no script.

Brackets that must grow with what is inside are drawn by the style sheet in `html`, since those of
MathML grow only where a mathematics font is installed: a matrix is ``<mtable class="dl-matrix">``,
round brackets are ``<mrow class="dl-round">`` around what they hold. Where that is neither a matrix
nor a fraction the brackets are characters, which keep their size: with a mathematics font, those of
1 − a² would grow twice as high as it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from html import escape

from dlhand.numbers.exact import Shape
from dlhand.operations.notation import ATOM, Call, Infix, Pattern, Prefix
from dlhand.operations.table import size
from dlhand.render import names
from dlhand.render.names import AFTER, BASE
from dlhand.render.writers import HEAD, MORE_DIGITS, MOST, TAIL, Nest, nested

_MINUS = "<mo>\N{MINUS SIGN}</mo>"
_APPLY = "<mo>\N{FUNCTION APPLICATION}</mo>"
_TIMES = '<mo>\N{INVISIBLE TIMES}</mo><mspace width="0.17em"></mspace>'


class MathML:
    """Writes what stands inside ``<math>``; every operand is one element."""

    target = "mathml"
    quotient_level = ATOM
    equal, about = "<mo>=</mo>", "<mo>≈</mo>"

    def name(self, name: str, where: int) -> str:
        """A name; a gradient or a prime is bracketed as a base."""
        spelled = names.mathml(name)
        if where & BASE and names.brackets(name, in_text=False):
            return self.brackets(spelled)
        return spelled

    symbol = staticmethod(names.mathml)

    @staticmethod
    @lru_cache(maxsize=8192)
    def number(text: str, where: int) -> str:
        """A number as one element.

        >>> MathML.number("-2", 0)
        '<mrow><mo>−</mo><mn>2</mn></mrow>'
        """
        body = text.lstrip("-")
        is_simple = True
        spelled = f"<mn>{escape(body)}</mn>"
        if "/" in body:
            spelled = "<mfrac>{}{}</mfrac>".format(*[f"<mn>{n}</mn>" for n in body.split("/")])
            is_simple = False
        elif "e" in body:
            mantissa, exponent = body.split("e")
            first = "" if mantissa == "1" else f"<mn>{mantissa}</mn><mo>·</mo>"
            raised = MathML.number(str(int(exponent)), 0)
            spelled = f"<mrow>{first}<msup><mn>10</mn>{raised}</msup></mrow>"
            is_simple = False
        is_negative = text != body
        if is_negative:
            spelled = f"<mrow>{_MINUS}{spelled}</mrow>"
        if (is_negative and where & (AFTER | BASE)) or (not is_simple and where & BASE):
            return _round(spelled)
        return spelled

    def array(self, entries: Sequence[str], shape: Shape) -> str:
        """A vector as a column, a matrix; beyond that, its matrices side by side."""
        return _array(tuple(entries), shape)

    def brackets(self, inner: str) -> str:
        """Round brackets."""
        return _round(inner)

    def infix(self, notation: Infix, operands: Sequence[str], entrywise: Sequence[bool]) -> str:
        """Operands with signs between them."""
        pieces = [operands[0]]
        for operand, both in zip(operands[1:], entrywise[1:], strict=True):
            sign = "⊙" if both else notation.text.strip()
            pieces.append(f"<mo>{escape(sign)}</mo>{operand}" if sign else f"{_TIMES}{operand}")
        return "".join(pieces)

    def prefix(self, notation: Prefix, operand: str) -> str:
        """A sign before an operand."""
        return f"<mrow><mo>{escape(notation.text)}</mo>{operand}</mrow>"

    def quotient(self, above: str, below: str) -> str:
        """A fraction."""
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"

    def power(self, base: str, exponent: Fraction) -> str:
        """A base with its exponent."""
        if exponent.denominator == 1:
            raised = self.number(str(exponent), 0)
        else:  # a stacked fraction would be too small to read
            above, below = self.number(str(exponent.numerator), 0), exponent.denominator
            raised = f"<mrow>{above}<mo>/</mo><mn>{below}</mn></mrow>"
        return f"<msup><mrow>{base}</mrow>{raised}</msup>"

    def root(self, operand: str) -> str:
        """A square root."""
        return f"<msqrt><mrow>{operand}</mrow></msqrt>"

    def transposed(self, operand: str) -> str:
        """A raised T."""
        return f"<msup><mrow>{operand}</mrow><mo>⊤</mo></msup>"

    def call(self, notation: Call, detail: str, operands: Sequence[str]) -> str:
        """A function before its operands in brackets."""
        function = names.letters_in_mathml(notation.text)
        if detail:
            function = f"<msub>{function}<mtext>{escape(detail)}</mtext></msub>"
        inner = "<mo>,</mo>".join(f"<mrow>{operand}</mrow>" for operand in operands)
        return f"<mrow>{function}{_APPLY}{_round(inner)}</mrow>"

    def detail(self, words: str) -> str:
        """What tells a function from its kin, set low after its name."""
        return f"<msub><mrow></mrow><mtext>{escape(words)}</mtext></msub>" if words else ""

    def pattern(self, notation: Pattern) -> str:
        """The LaTeX of the pattern, translated."""
        return _translated(notation.latex)

    def note(self, note: str) -> str:
        """A remark after a line, as plain text beside the mathematics."""
        return f"({note} than shown)" if note == MORE_DIGITS else f"({note})"


@lru_cache(maxsize=256)  # an array stands in its own line and in all that use it
def _array(entries: tuple[str, ...], shape: Shape) -> str:
    if len(shape) > 2:
        block = size(shape[1:])
        parts = [entries[k * block : (k + 1) * block] for k in range(shape[0])]
        kept = parts if len(parts) <= MOST else [*parts[:HEAD], None, *parts[-TAIL:]]
        inner = ["<mo>⋯</mo>" if part is None else _array(part, shape[1:]) for part in kept]
        return _round("<mo>,</mo>".join(inner))
    rows = nested(entries, shape)
    if len(shape) == 1:
        rows = [None if row is None else [row] for row in rows]
    width = next(len(row) for row in rows if row is not None)
    body = "".join(f"<mtr>{_cells(row, width)}</mtr>" for row in rows)
    return f'<mtable class="dl-matrix">{body}</mtable>'


def _round(inner: str) -> str:
    return f'<mrow class="dl-round">{bracket("(")}{inner}{bracket(")")}</mrow>'


def bracket(sign: str) -> str:
    """A bracket as a character that keeps its size."""
    return f'<mo stretchy="false">{escape(sign)}</mo>'


def _cells(row: Nest, width: int) -> str:
    if row is None:
        return "<mtd><mo>⋮</mo></mtd>" * width
    return "".join(f"<mtd>{'<mo>⋯</mo>' if cell is None else cell}</mtd>" for cell in row)


# ---- Patterns: a row's LaTeX as MathML

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\{[0-9p]\}|[{}_^]|[A-Za-z]+|[0-9.]+|\S")
_SIGNS = {r"\ge": "≥", r"\le": "≤", r"\ne": "≠", r"\cdot": "·", r"\odot": "⊙", r"\top": "⊤",
          r"\star": "⋆", r"\ast": "∗", r"\sum": "∑", r"\nabla": "∇", "-": "\N{MINUS SIGN}",
          "'": "′"}  # fmt: skip
_SPACES = {r"\,": "0.17em", r"\;": "0.28em", r"\ ": "0.33em", r"\quad": "1em", r"\!": "0"}
_FENCES = {"(": "dl-round", "[": "dl-square", r"\lfloor": "dl-floor"}
_UNCOMMON = {r"\lfloor": "⌊", r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉", r"\lvert": "|",
             r"\rvert": "|", r"\lVert": "‖", r"\rVert": "‖", r"\{": "{", r"\}": "}"}  # fmt: skip
_WORDS = (r"\operatorname", r"\mathrm", r"\text", r"\mathbf")


@cache
def _translated(spelled: str) -> str:
    """A pattern's LaTeX as MathML, its placeholders kept.

    It knows what rows of the operations table use: scripts, fractions, roots, brackets, words and
    signs. A command that it does not know becomes an identifier of that name.
    """
    return _Translation(_TOKEN.findall(spelled)).row(lambda token: False)


class _Translation:
    """One reading of the tokens of a pattern."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0

    def row(self, is_end: Callable[[str], bool]) -> str:
        return "".join(self.items(is_end))

    def items(self, is_end: Callable[[str], bool]) -> Iterator[str]:
        while self.position < len(self.tokens) and not is_end(self.tokens[self.position]):
            yield self.scripted()

    def next(self) -> str:
        self.position += 1
        return self.tokens[self.position - 1]

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def scripted(self) -> str:
        base, low, raised = self.atom(), "", ""
        while self.peek() in ("_", "^"):
            sign = self.next()
            if sign == "_":
                low = self.atom()
            else:
                raised = self.atom()
        if low and raised:
            return f"<msubsup>{base}{low}{raised}</msubsup>"
        if low or raised:
            return f"<msub>{base}{low}</msub>" if low else f"<msup>{base}{raised}</msup>"
        return base

    def atom(self) -> str:
        token = self.next()
        if token == "{":
            inner = self.row(lambda end: end == "}")
            self.next()
            return f"<mrow>{inner}</mrow>"
        if token == r"\left":
            return self.fenced()
        if token in _WORDS:
            return f'<mi class="dl-word">{self.word()}</mi>'
        if token == r"\frac":
            return f"<mfrac>{self.atom()}{self.atom()}</mfrac>"
        if token == r"\sqrt":
            return f"<msqrt>{self.atom()}</msqrt>"
        if token in _SPACES:
            return f'<mspace width="{_SPACES[token]}"></mspace>'
        if token in _SIGNS:
            return f"<mo>{_SIGNS[token]}</mo>"
        if len(token) == 3 and token[0] == "{":
            return f"<mrow>{token}</mrow>"
        if token[0].isdigit():
            return f"<mn>{token}</mn>"
        if token[0] == "\\" or token.isalpha():
            plain = token.lstrip("\\")
            return names.letters_in_mathml(names.GREEK.get(plain, plain))
        return bracket(token) if token in "()[]" else f"<mo>{escape(token)}</mo>"

    def word(self) -> str:
        token = self.next()
        if token != "{":  # {1} has the look of a placeholder
            return escape(token.strip("{}"))
        letters = []
        while (token := self.next()) != "}":
            letters.append(token)
        return escape("".join(letters))

    def fenced(self) -> str:
        opening = self.next()
        inner = self.row(lambda token: token == r"\right")
        self.next()
        closing = self.next()
        signs = (_UNCOMMON.get(sign, sign) for sign in (opening, closing))
        if opening in _FENCES:
            first, last = map(bracket, signs)
            return f'<mrow class="{_FENCES[opening]}">{first}{inner}{last}</mrow>'
        first, last = map(escape, signs)
        return f"<mrow><mo>{first}</mo>{inner}<mo>{last}</mo></mrow>"


MATHML = MathML()
