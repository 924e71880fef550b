"""The third format: MathML, which browsers typeset with no script.

Brackets that must grow with what is inside are drawn by the style sheet in `html`, since those of
MathML grow only where a mathematics font is installed: a matrix is ``<mtable class="dl-matrix">``,
round brackets are ``<mrow class="dl-round">`` around what they hold. Where that is neither a matrix
nor a fraction the brackets are characters, which keep their size: with a mathematics font, those of
1 − a² would grow twice as high as it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from dlhand.numbers.exact import Shape
from dlhand.operations.notation import Fence, Number, Places, Script, Sign, Word, Words
from dlhand.render import names
from dlhand.render.boxes import Group
from dlhand.render.names import AFTER, BASE, bracket, rounded
from dlhand.render.writers import MORE_DIGITS, BuiltUp

_MINUS = "<mo>\N{MINUS SIGN}</mo>"
_APPLY = "<mo>\N{FUNCTION APPLICATION}</mo>"
_THIN = '<mspace width="0.17em"></mspace>'
_FIRM = "\N{NO-BREAK SPACE}"
"""A blank at the end of an element is not drawn, unless it is this one."""
_TIMES = f"<mo>\N{INVISIBLE TIMES}</mo>{_THIN}"
_ONE = (Number, Places, Sign, Words)
"""Boxes that are one element."""


class MathML(BuiltUp):
    """Writes what stands inside ``<math>``; every operand is one element."""

    target = "mathml"
    equal, about = "<mo>=</mo>", "<mo>≈</mo>"
    comma, dots = "<mo>,</mo>", ("<mo>⋯</mo>", "<mo>⋮</mo>")
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
            return rounded(spelled)
        return spelled

    def array(self, entries: Sequence[str], shape: Shape) -> str:
        """A vector as a column, a matrix; beyond that, its matrices side by side."""
        return _array(tuple(entries), shape)

    def matrix(self, cells: Sequence[Sequence[str]]) -> str:
        """A table that the style sheet draws brackets around."""
        rows = ["".join([f"<mtd>{cell}</mtd>" for cell in row]) for row in cells]
        body = "".join([f"<mtr>{row}</mtr>" for row in rows])
        return f'<mtable class="dl-matrix">{body}</mtable>'

    def mentioned(self, name: str) -> str:
        """A name among words, as a piece of mathematics."""
        return f'<math displaystyle="false">{self.symbol(name)}</math>'

    def plain(self, words: str, command: str) -> str:
        """Words as HTML."""
        return escape(words)

    def word(self, word: Word) -> str:
        """The name of a function; one of its own characters for MathML stands upright."""
        return names.letters_in_mathml(word.glyphs or word.text, is_upright=bool(word.glyphs))

    def words(self, text: str) -> str:
        """Upright words."""
        return f"<mtext>{escape(text.replace(' ', _FIRM))}</mtext>"

    def places(self, pieces: Sequence[str]) -> str:
        """Places in an array, as one element."""
        return names.low_in_mathml(pieces)

    def sign(self, sign: Sign) -> str:
        """A sign; the browser knows the space around it."""
        glyphs = sign.text.strip()
        return f"<mo>{escape(glyphs)}</mo>" if glyphs else _TIMES

    def space(self) -> str:
        """A thin space."""
        return _THIN

    def group(self, inner: str) -> str:
        """What is put in a pattern is one element."""
        return f"<mrow>{inner}</mrow>"

    def signed(self, sign: str, inner: str) -> str:
        """A sign before its operand."""
        return f"<mrow>{sign}{inner}</mrow>"

    def fraction(self, above: str, below: str) -> str:
        """A fraction."""
        return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"

    def script(self, box: Script, base: str, low: str | None, high: str | None) -> str:
        """A base with what is lowered and raised, each one element."""
        parts = [base if isinstance(box.base, (Word, Group)) else f"<mrow>{base}</mrow>"]
        for part, spelled in ((box.low, low), (box.high, high)):
            if spelled is not None:
                parts.append(spelled if isinstance(part, _ONE) else f"<mrow>{spelled}</mrow>")
        under = "munder" if isinstance(box.low, Words) else "msub"  # which needs less room
        kind = "msubsup" if len(parts) == 3 else "msup" if low is None else under
        return f"<{kind}>{''.join(parts)}</{kind}>"

    def radical(self, inner: str) -> str:
        """A square root."""
        return f"<msqrt><mrow>{inner}</mrow></msqrt>"

    def fenced(self, fence: Fence, inner: str) -> str:
        """Brackets as characters, which the style sheet may draw instead."""
        if not fence.name:
            first, last = (f"<mo>{escape(sign)}</mo>" for sign in fence.glyphs)
            return f"<mrow>{first}{inner}{last}</mrow>"
        first, last = map(bracket, fence.glyphs)
        return f'<mrow class="dl-{fence.name}">{first}{inner}{last}</mrow>'

    def application(self, function: str, arguments: Sequence[str]) -> str:
        """A function before its arguments in brackets."""
        inner = self.comma.join([f"<mrow>{argument}</mrow>" for argument in arguments])
        return f"<mrow>{function}{_APPLY}{self.brackets(inner)}</mrow>"

    def note(self, note: str) -> str:
        """A remark after a line, as plain text beside the mathematics."""
        return f"({note} than shown)" if note == MORE_DIGITS else f"({note})"


@lru_cache(maxsize=256)  # an array stands in its own line and in all that use it
def _array(entries: tuple[str, ...], shape: Shape) -> str:
    return BuiltUp.array(MATHML, entries, shape)


MATHML = MathML()
