r"""Names as they are written: "z_o1" is ``z_{o1}`` in LaTeX, "dE/dw1" is ∂E/∂w₁ in plain text.

A name is read once into a `Symbol`; each format spells that. What cannot be read as a symbol is
written as it stands. Spellings are cached, since every line of a derivation asks for some.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape
from typing import NamedTuple

AFTER, BASE, FACTOR = 1, 2, 4
"""Where something stands: after an operator, as the base of a power, beside a division sign.

A negative number needs brackets after an operator or as a base, a fraction as a base, and in
plain text beside a division sign.
"""

GREEK = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {'LAMDA' if name == 'lambda' else name.upper()}")
    for name in (
        "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa",
        "lambda", "mu", "nu", "xi", "omicron", "pi", "rho", "sigma", "tau", "upsilon", "phi",
        "chi", "psi", "omega",
    )
}  # fmt: skip
GREEK |= {name.capitalize(): letter.upper() for name, letter in GREEK.items()}

# The commands that look like the letters of plain text; the others bear the letter's name.
_COMMANDS = {"epsilon": r"\varepsilon", "phi": r"\varphi", "omicron": "o"}
_LIKE_LATIN = dict(
    zip(
        ("Alpha", "Beta", "Epsilon", "Zeta", "Eta", "Iota", "Kappa", "Mu", "Nu", "Omicron", "Rho",
         "Tau", "Chi"),
        "ABEZHIKMNOPTX", strict=True,
    )
)  # fmt: skip
LETTERS = {
    letter: rf"\mathrm{{{_LIKE_LATIN[name]}}}"
    if name in _LIKE_LATIN
    else _COMMANDS.get(name, f"\\{name}")
    for name, letter in GREEK.items()
}
"""The LaTeX command of each Greek letter."""


class _Accent(NamedTuple):
    """How an accent is written: LaTeX over a letter and over a word, Unicode, MathML."""

    narrow: str
    wide: str
    combining: str
    sign: str


_ACCENTS = {
    "hat": _Accent(r"\hat", r"\widehat", "\N{COMBINING CIRCUMFLEX ACCENT}", "^"),
    "bar": _Accent(r"\bar", r"\overline", "\N{COMBINING MACRON}", "\N{MACRON}"),
    "tilde": _Accent(r"\tilde", r"\widetilde", "\N{COMBINING TILDE}", "~"),
}
_SUBSCRIPTS = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_SUBSCRIPTED = frozenset("0123456789+-")

_GRADIENT = re.compile(r"d([^/\s]+)/d([^/\s]+)\Z")
_HEAD = re.compile(r"([^\W\d_]+)(\d*)\Z")
_PIECE = re.compile(r"[^\W\d_]+|\d+|.", re.DOTALL)


class Symbol(NamedTuple):
    """A name taken apart."""

    base: str
    """A letter, or a word of several."""
    accent: str
    """"hat", "bar", "tilde" or nothing."""
    sub: tuple[str, ...]
    """The subscript: runs of letters, runs of digits, and signs."""
    primes: int


@cache
def symbol(name: str, places: tuple[str, ...] = ()) -> Symbol:
    """Read a name that is no gradient, or that of its entries in some places.

    >>> symbol("w1'")
    Symbol(base='w', accent='', sub=('1',), primes=1)
    >>> symbol("m_hat_t+1").sub, symbol("x1", ("2", "..", "4")).sub
    (('t', '+', '1'), ('1', ',', '2', '..', '4'))
    """
    if places:
        whole = symbol(name)
        return whole._replace(sub=(*whole.sub, ",", *places) if whole.sub else places)
    plain = name.rstrip("'")
    head, *rest = plain.split("_")
    match = _HEAD.match(head)
    if match is None:  # no letters and then digits: written as it stands
        return Symbol(plain, "", (), len(name) - len(plain))
    letters, digits = match.groups()
    accents = [part for part in rest if part in _ACCENTS]
    if accents:
        rest.remove(accents[0])
    below = ",".join(part for part in (digits, *rest) if part)
    sub = tuple(GREEK.get(piece, piece) for piece in _PIECE.findall(below))
    base = GREEK.get(letters, letters)
    return Symbol(base, accents[0] if accents else "", sub, len(name) - len(plain))


def gradient_of(name: str) -> tuple[str, str] | None:
    """What changes and what with, for the name of a gradient; None for any other name.

    >>> gradient_of("dE/dw1"), gradient_of("E")
    (('E', 'w1'), None)
    """
    match = _GRADIENT.match(name)
    return (match[1], match[2]) if match else None


@cache
def latex(name: str, places: tuple[str, ...] = ()) -> str:
    r"""The name as LaTeX, or that of its entries in some places.

    >>> print(latex("z_o1"), latex("alpha"), latex("y_hat"), latex("w1'"), latex("state_0"))
    z_{o1} \alpha \hat{y} w_{1}' \mathrm{state}_{0}
    >>> print(latex("dE/dw1"), latex("A", ("2", "..", "4")))
    \frac{\partial E}{\partial w_{1}} A_{2{..}4}
    """
    pair = gradient_of(name)
    if pair:
        whole = rf"\frac{{\partial {latex(pair[0])}}}{{\partial {latex(pair[1])}}}"
        return rf"\left({whole}\right)_{{{low_in_latex(places)}}}" if places else whole
    base, accent, sub, primes = symbol(name, places)
    written = LETTERS.get(base) or (base if len(base) == 1 and base.isascii() else _word(base))
    if accent:
        over = _ACCENTS[accent].narrow if len(base) == 1 else _ACCENTS[accent].wide
        written = f"{over}{{{written}}}"
    if sub:
        written += f"_{{{low_in_latex(sub)}}}"
    return written + "'" * primes


def low_in_latex(sub: Sequence[str]) -> str:
    """What is set low."""
    return "".join(map(_latex_piece, sub)).rstrip()


def _latex_piece(piece: str) -> str:
    if piece in _BRACED:
        return _BRACED[piece]
    if piece in LETTERS:
        return LETTERS[piece] + " "
    return _word(piece) if piece.isalpha() and (len(piece) > 2 or not piece.isascii()) else piece


_BRACED = {"..": "{..}", "{": r"\{", "}": r"\}"}


def _word(word: str) -> str:
    if word.isascii() and word.isalnum():
        return rf"\mathrm{{{word}}}"
    return words_in_latex(word)


@cache
def text(name: str, places: tuple[str, ...] = ()) -> str:
    """The name in plain Unicode text, or that of its entries in some places.

    A subscript of digits and signs is set low; any other stands after an underscore, since few
    letters have a low form.

    >>> print(text("w1"), text("z_o1"), text("y_hat"), text("w1'"), text("dE/dw1"), text("h_t+1"))
    w₁ z_o1 ŷ w₁′ ∂E/∂w₁ h_(t+1)
    >>> print(text("x", ("3",)), text("A", ("2", "..", "4")))
    x₃ A_(2..4)
    """
    pair = gradient_of(name)
    if pair:
        whole = f"∂{text(pair[0])}/∂{text(pair[1])}"
        return f"({whole}){low(''.join(places))}" if places else whole
    base, accent, sub, primes = symbol(name, places)
    if accent:
        over = _ACCENTS[accent].combining if len(base) == 1 else f"_{accent}"
        base = unicodedata.normalize("NFC", base + over)
    if len(sub) > 1 and sub[0].isdigit() and sub[1] == ",":  # y1_00 is y₁_00
        return base + sub[0].translate(_SUBSCRIPTS) + _behind("".join(sub[2:])) + "′" * primes
    return base + low("".join(sub)) + "′" * primes


def low(sub: str) -> str:
    """A subscript in plain text.

    >>> low("12"), low("h1"), low("each row")
    ('₁₂', '_h1', '_(each row)')
    """
    return sub.translate(_SUBSCRIPTS) if _SUBSCRIPTED.issuperset(sub) else _behind(sub)


def _behind(sub: str) -> str:
    sub = sub.replace("-", "\N{MINUS SIGN}")
    is_long = any(sign in sub for sign in (" ", "+", "..", "{")) or "\N{MINUS SIGN}" in sub[1:]
    return f"_({sub})" if is_long else f"_{sub}"


@cache
def mathml(name: str, places: tuple[str, ...] = ()) -> str:
    """The name as one MathML element, or that of its entries in some places.

    >>> mathml("w1")
    '<msub><mi>w</mi><mn>1</mn></msub>'
    """
    pair = gradient_of(name)
    if pair:
        above, below = (f"<mrow><mo>∂</mo>{mathml(part)}</mrow>" for part in pair)
        whole = f"<mfrac>{above}{below}</mfrac>"
        return f"<msub>{rounded(whole)}{low_in_mathml(places)}</msub>" if places else whole
    base, accent, sub, primes = symbol(name, places)
    written = letters_in_mathml(base)
    if accent:
        written = f'<mover accent="true">{written}<mo>{_ACCENTS[accent].sign}</mo></mover>'
    if sub:
        written = f"<msub>{written}{low_in_mathml(sub)}</msub>"
    if primes:  # the character stands high already: in a superscript it would fly away
        return f'<mrow>{written}<mo lspace="0" rspace="0">{"′" * primes}</mo></mrow>'
    return written


def low_in_mathml(sub: Sequence[str]) -> str:
    """A subscript as one element."""
    pieces = [_mathml_piece(piece) for piece in sub]
    return pieces[0] if len(pieces) == 1 else f"<mrow>{''.join(pieces)}</mrow>"


def rounded(inner: str) -> str:
    """Round brackets around one element."""
    return f'<mrow class="dl-round">{bracket("(")}{inner}{bracket(")")}</mrow>'


def bracket(sign: str) -> str:
    """A bracket as a character that keeps its size."""
    return f'<mo stretchy="false">{escape(sign)}</mo>'


def _mathml_piece(piece: str) -> str:
    if piece.isdigit():
        return f"<mn>{piece}</mn>"
    if piece == ", ":
        return "<mo>,</mo>"  # with the space that belongs to it
    if not piece.isalpha():
        sign = {"-": "\N{MINUS SIGN}"}.get(piece, escape(piece))
        return f'<mo lspace="0" rspace="0">{sign}</mo>'
    if len(piece) == 2:  # two indices side by side, not a word
        return f"<mrow><mi>{piece[0]}</mi><mi>{piece[1]}</mi></mrow>"
    return letters_in_mathml(piece)


def letters_in_mathml(letters: str, is_upright: bool = False) -> str:
    """A letter in italics, or what is upright: a word."""
    if len(letters) == 1 and not is_upright:
        return f"<mi>{escape(letters)}</mi>"
    return f'<mi class="dl-word">{escape(letters)}</mi>'


@cache
def brackets(name: str, in_text: bool, places: tuple[str, ...] = ()) -> int:
    """Where a name needs brackets: `BASE`, `FACTOR`, both (added) or nowhere (0).

    >>> brackets("dE/dw1", in_text=True) == BASE + FACTOR, brackets("w1", in_text=True)
    (True, 0)
    """
    if gradient_of(name) and not places:
        return BASE + FACTOR if in_text else BASE
    if name.endswith("'") or (in_text and "_" in text(name, places)):
        return BASE
    return 0


_SPECIAL = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&",
    "#": r"\#", "_": r"\_", "^": r"{\wedge}", "~": r"{\sim}", "·": r"\cdot ", "×": r"\times ",
    "−": "-", "∂": r"\partial ", "≈": r"\approx ", "≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ",
    "→": r"\to ", "←": r"\gets ", "∞": r"\infty ", "√": r"\surd ", "∑": r"\Sigma ",
    "⊙": r"\odot ", "′": "'", "½": r"\tfrac{1}{2}", "<": "<", ">": ">", "|": r"\vert ",
    "²": "{}^{2}", "³": "{}^{3}", "ᵀ": r"{}^{\top}", "…": r"\ldots ",
    "¥": r"\yen ", "®": r"\circledR ", "✓": r"\checkmark ", "✠": r"\maltese ",
}  # fmt: skip
_SPECIAL |= {
    low: f"{{}}_{{{sign}}}" for sign, low in zip("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋", strict=True)
}
_SPECIAL |= {letter: f"{command} " for letter, command in LETTERS.items()}
_RUN = re.compile("([" + re.escape("".join(_SPECIAL)) + "])")


@lru_cache(maxsize=4096)
def words_in_latex(words: str, command: str = "text") -> str:
    r"""A sentence inside LaTeX mathematics; no character of it is read as a command.

    Characters that are special to LaTeX, and those of mathematics, stand outside ``\text``, where
    every typesetter agrees on them.

    >>> print(words_in_latex("50% of all"))
    \text{50}\%\text{ of all}
    """
    pieces = [piece for piece in _RUN.split(words) if piece]
    return "".join([_SPECIAL.get(piece) or rf"\{command}{{{piece}}}" for piece in pieces])


_TYPED = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&",
    "#": r"\#", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
}  # fmt: skip


def words_in_text(words: str) -> str:
    r"""A sentence in a paragraph of LaTeX; what is mathematics stands between dollars.

    >>> print(words_in_text("50% of Σ x² in {a}"))
    50\% of $\Sigma $ x${}^{2}$ in \{a\}
    """
    return "".join(
        [
            _TYPED.get(piece) or (f"${_SPECIAL[piece]}$" if piece in _SPECIAL else piece)
            for piece in _RUN.split(words)
        ]
    )
