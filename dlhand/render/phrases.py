r"""Sentences with mathematics in them, `$x_1 \le 2$`, and code in backticks: as HTML and as text.

The mathematics is LaTeX. It becomes MathML, which needs no script, or characters for a terminal
and a screen reader. It knows what a sentence needs: letters, numbers, signs, scripts, fractions,
roots, accents, words and brackets. What it does not know it refuses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from typing import NamedTuple

from dlhand.errors import FormulaError
from dlhand.render.names import GREEK, letters_in_mathml

__all__ = ["as_html", "as_text"]

_PART = re.compile(r"\$([^$]*)\$|`([^`]*)`|[^$`]+|(.)", re.DOTALL)


def as_html(words: str) -> str:
    r"""A sentence as HTML. Raises `FormulaError` for mathematics that it cannot read.

    >>> as_html(r"Is $x_1 < 2$?")
    'Is <math displaystyle="false"><msub><mi>x</mi><mn>1</mn></msub><mo>&lt;</mo><mn>2</mn></math>?'
    """
    return "".join(
        f'<math displaystyle="false">{_read(formula).html}</math>'
        if formula
        else f"<code>{escape(code)}</code>"
        if code
        else escape(plain)
        for plain, formula, code in _parts(words)
    )


def as_text(words: str) -> str:
    r"""A sentence as plain text. Raises `FormulaError` for mathematics that it cannot read.

    >>> print(as_text(r"Is $\frac{\partial E}{\partial w_1} \le \sqrt{2}$?"))
    Is ∂E/∂w₁ ≤ √2?
    """
    return "".join(
        _read(formula).text.strip() if formula else code or plain
        for plain, formula, code in _parts(words)
    )


def _parts(words: str) -> Iterator[tuple[str, str, str]]:
    """Plain words, mathematics, or code: one of the three is not empty."""
    for match in _PART.finditer(words):
        if match[3]:
            raise FormulaError(f"{words!r:.80} has a {match[3]} without a second one")
        formula, code = match[1] or "", match[2] or ""
        yield ("" if formula or code else match[0]), formula, code


# ---- Mathematics

_TOKEN = re.compile(
    r"\\(?:text|mathrm|operatorname|mathbf|mathbb)\s*\{[^{}]*\}"
    r"|\\[A-Za-z]+|\\.|[0-9]+(?:\.[0-9]+)?|\S"
)
_RELATIONS = {
    "=": "=", "<": "<", ">": ">", r"\lt": "<", r"\gt": ">", r"\le": "≤", r"\leq": "≤",
    r"\ge": "≥", r"\geq": "≥", r"\ne": "≠", r"\neq": "≠", r"\approx": "≈", r"\to": "→",
    r"\rightarrow": "→", r"\leftarrow": "←", r"\gets": "←", r"\Rightarrow": "⇒", r"\in": "∈",
    r"\propto": "∝", r"\sim": "∼", r"\ll": "≪", r"\gg": "≫", r"\equiv": "≡", r"\mid": "|",
    ":": ":",
}  # fmt: skip
_OPERATORS = {
    "+": "+", "-": "\N{MINUS SIGN}", r"\cdot": "·", r"\times": "×", "*": "∗", r"\ast": "∗",
    r"\odot": "⊙", r"\star": "⋆", r"\pm": "±", r"\cup": "∪", r"\cap": "∩", r"\oplus": "⊕",
}  # fmt: skip
_SIGNS = {
    r"\partial": "∂", r"\infty": "∞", r"\sum": "∑", r"\prod": "∏", r"\nabla": "∇", r"\top": "⊤",
    r"\ldots": "…", r"\dots": "…", r"\cdots": "⋯", "/": "/", "!": "!", "|": "|", r"\lvert": "|",
    r"\rvert": "|", r"\|": "‖", r"\lVert": "‖", r"\rVert": "‖", r"\%": "%", r"\forall": "∀",
    r"\circ": "°", r"\prime": "′", "'": "′", ".": ".", ";": ";", "?": "?",
}  # fmt: skip
_BRACKETS = {
    "(": "(", ")": ")", "[": "[", "]": "]", r"\{": "{", r"\}": "}", r"\lfloor": "⌊",
    r"\rfloor": "⌋", r"\lceil": "⌈", r"\rceil": "⌉", r"\langle": "⟨", r"\rangle": "⟩",
}  # fmt: skip
_FUNCTIONS = (
    "log", "ln", "exp", "max", "min", "tanh", "sin", "cos", "tan", "lim", "arg", "argmax", "argmin",
    "det", "dim",
)  # fmt: skip
_SPACES = {r"\,": 0.17, r"\;": 0.28, r"\:": 0.22, r"\ ": 0.33, r"\quad": 1, r"\qquad": 2, r"\!": 0}
_ACCENTS = {
    r"\hat": ("^", "\N{COMBINING CIRCUMFLEX ACCENT}"),
    r"\bar": ("\N{MACRON}", "\N{COMBINING MACRON}"),
    r"\tilde": ("~", "\N{COMBINING TILDE}"),
    r"\vec": ("→", "\N{COMBINING RIGHT ARROW ABOVE}"),
}
_DOUBLE = {"R": "ℝ", "N": "ℕ", "Z": "ℤ", "E": "𝔼"}
_LETTERS = {f"\\{name}": letter for name, letter in GREEK.items()} | {
    r"\varepsilon": "ε", r"\varphi": "φ", r"\ell": "ℓ",
}  # fmt: skip
_LOW = str.maketrans("0123456789+\N{MINUS SIGN}", "₀₁₂₃₄₅₆₇₈₉₊₋")
_HIGH = str.maketrans("0123456789+\N{MINUS SIGN}", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


class _Piece(NamedTuple):
    """Mathematics in both ways."""

    html: str
    text: str
    is_open: bool = False
    """Whether a sign that follows stands before its operand, as a minus after a bracket does."""


@cache
def _read(formula: str) -> _Piece:
    return _Reader(formula).row(lambda token: False)


class _Reader:
    """One reading of a formula."""

    def __init__(self, formula: str) -> None:
        self.formula = formula
        self.tokens = _TOKEN.findall(formula)[::-1]

    def row(self, is_end: Callable[[str], bool]) -> _Piece:
        """What stands side by side, up to a token that ends it or to the end."""
        html, text, is_open, after_word = "", "", True, False
        while self.tokens and not is_end(self.tokens[-1]):
            sign = self.tokens[-1]
            piece = self.sign(is_open) or self.scripted()
            html += piece.html
            # A function and what is beside it would run together.
            runs = text[-1:].isalnum() and piece.text[:1].isalnum()
            text += (" " if runs and (after_word or sign[1:] in _FUNCTIONS) else "") + piece.text
            is_open, after_word = piece.is_open, sign[1:] in _FUNCTIONS
        return _Piece(html, text)

    def sign(self, is_open: bool) -> _Piece | None:
        """A sign between two operands, or before one."""
        token = self.tokens[-1]
        if token == ",":
            self.tokens.pop()
            return _Piece("<mo>,</mo>", ", ", True)
        if found := _RELATIONS.get(token):
            self.tokens.pop()
            return _Piece(f"<mo>{escape(found)}</mo>", f" {found} ", True)
        if found := _OPERATORS.get(token):
            self.tokens.pop()
            form = ' form="prefix"' if is_open else ""
            return _Piece(f"<mo{form}>{found}</mo>", found if is_open else f" {found} ", True)
        return None

    def scripted(self) -> _Piece:
        """Something with what stands low and high behind it."""
        base = self.atom()
        low = high = None
        while self.tokens and self.tokens[-1] in ("_", "^"):
            if self.tokens.pop() == "_":
                low = self.atom()
            else:
                high = self.atom()
        text = base.text
        if low:
            text += _script(low.text, "_", _LOW)
        if high:
            text += "ᵀ" if high.text in ("⊤", "T") else _script(high.text, "^", _HIGH)
        if low and high:
            return _Piece(f"<msubsup>{base.html}{low.html}{high.html}</msubsup>", text)
        if low:
            return _Piece(f"<msub>{base.html}{low.html}</msub>", text)
        if high:
            return _Piece(f"<msup>{base.html}{high.html}</msup>", text)
        return base

    def atom(self) -> _Piece:
        """One element."""
        token = self.next()
        if token == "{":
            inner = self.row(lambda end: end == "}")
            self.next()
            return _Piece(f"<mrow>{inner.html}</mrow>", inner.text)
        if token in (r"\frac", r"\tfrac", r"\dfrac"):
            above, below = self.atom(), self.atom()
            text = f"{_bracketed(above.text)}/{_bracketed(below.text)}"
            return _Piece(f"<mfrac>{above.html}{below.html}</mfrac>", text)
        if token == r"\sqrt":
            inner = self.atom()
            return _Piece(f"<msqrt>{inner.html}</msqrt>", f"√{_bracketed(inner.text)}")
        if accent := _ACCENTS.get(token):
            inner = self.atom()
            text = unicodedata.normalize("NFC", inner.text + accent[1])
            over = f'<mover accent="true">{inner.html}<mo>{accent[0]}</mo></mover>'
            return _Piece(over, text)
        if token == r"\left":
            return self.fenced()
        return self.simple(token)

    def simple(self, token: str) -> _Piece:
        """An element of a single token."""
        if letter := _LETTERS.get(token):
            return _Piece(letters_in_mathml(letter), letter)
        if token[0].isdigit():
            return _Piece(f"<mn>{token}</mn>", token)
        if token.isalpha():
            return _Piece(letters_in_mathml(token), token)
        if token in _SPACES:
            gap = f'<mspace width="{_SPACES[token]}em"></mspace>'
            return _Piece(gap, " " if _SPACES[token] else "", True)
        if bracket := _BRACKETS.get(token):
            is_open = bracket in "([{⌊⌈⟨"
            return _Piece(f'<mo stretchy="false">{bracket}</mo>', bracket, is_open)
        if found := _SIGNS.get(token) or _RELATIONS.get(token) or _OPERATORS.get(token):
            return _Piece(f"<mo>{escape(found)}</mo>", found)
        if token.startswith("\\") and token[1:] in _FUNCTIONS:
            return _Piece(f"{letters_in_mathml(token[1:])}", token[1:], True)
        if token.endswith("}") and token != "}":
            return self.word(token)
        raise FormulaError(f"{self.formula!r:.80} has {token!r} in it, which is not known here")

    def word(self, token: str) -> _Piece:
        r"""A word in \text{...} or one of its kin."""
        command, _, rest = token.partition("{")
        inner = rest.removesuffix("}")
        if command.strip() == r"\mathbb":
            return _Piece(
                f"<mi>{_DOUBLE.get(inner, escape(inner))}</mi>", _DOUBLE.get(inner, inner)
            )
        if command.strip() == r"\text":
            return _Piece(f"<mtext>{escape(inner)}</mtext>", inner)
        return _Piece(f'<mi class="dl-word">{escape(inner)}</mi>', inner)

    def fenced(self) -> _Piece:
        """Brackets that grow with what is between them."""
        opening = self.simple(self.next())
        inner = self.row(lambda token: token == r"\right")
        self.next()
        closing = self.simple(self.next())
        kind = ' class="dl-round"' if opening.text == "(" else ""
        html = f"<mrow{kind}>{opening.html}{inner.html}{closing.html}</mrow>"
        return _Piece(html, opening.text + inner.text + closing.text)

    def next(self) -> str:
        if not self.tokens:
            raise FormulaError(f"{self.formula!r:.80} ends too early")
        token: str = self.tokens.pop()
        return token


def _script(text: str, sign: str, characters: dict[int, int]) -> str:
    """A subscript or superscript: small where all of it has a small form, else behind a sign."""
    plain = text.replace(" ", "")
    if all(ord(character) in characters for character in plain):
        return plain.translate(characters)
    return sign + _bracketed(plain)


def _bracketed(text: str) -> str:
    """In brackets unless it is a single thing."""
    is_one = re.fullmatch(r"\([^()]*\)|[^\W_]+|∂?\w+[₀-₉]*|[∂√]?\S", text)
    return text if is_one or ("," in text and " " not in text) else f"({text})"
