r"""A derivation as a LaTeX document that compiles as it is.

What `latex` aligns in one block for a notebook is here a page of paper: a heading for each
section, sentences as paragraphs, and each step as a paragraph of one formula. Where a line is
broken TeX decides, which knows the widths; a formula only says where it may be, and how gladly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from dlhand.numbers.digits import USUAL, Digits
from dlhand.operations.notation import Fence
from dlhand.render.names import words_in_text
from dlhand.render.parts import prose, say, spell
from dlhand.render.typeset import Typesetter, joined, terms_of, width

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry

PREAMBLE = r"""\documentclass[a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
  \usepackage{textcomp}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\fi
\usepackage{amsmath,amssymb,graphicx}
\usepackage[margin=2.2cm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setlength{\lineskiplimit}{3pt}
\setlength{\lineskip}{5pt}
\raggedright
\raggedbottom
\setcounter{MaxMatrixCols}{99}
% A formula is a paragraph: broken before a sign, not after it.
\relpenalty=10000
\binoppenalty=1000
\newcommand{\side}{\penalty0 }
\newcommand{\term}{\penalty100 }
\newcommand{\inner}{\penalty400 }
% As tall as with \left and \right, and yet a line may be broken inside.
\newsavebox{\inside}
\newcommand{\bracket}[2]{\sbox{\inside}{$\displaystyle #2$}%
  \left#1\rule[-\dp\inside]{0pt}{\dimexpr\ht\inside+\dp\inside\relax}\right.\kern-\nulldelimiterspace}
\newcommand{\brackets}[3]{\mathopen{\bracket#1{#3}}#3\mathclose{\bracket#2{#3}}}
\newcommand{\step}[1]{{\leftskip=1.5em\hangindent=3em\hangafter=1$\displaystyle #1$\par}}
% What cannot be broken is made smaller where it is wider than the lines of a step.
\newsavebox{\widebox}
\newcommand{\fit}[1]{\sbox{\widebox}{$\displaystyle #1$}%
  \ifdim\wd\widebox>\dimexpr\linewidth-8em\relax
    \resizebox{\dimexpr\linewidth-8em\relax}{!}{\usebox{\widebox}}%
  \else #1\fi}
"""
_STAND_IN = r"""% A character that no font here has is shown by its number.
\newcommand{\standin}[2]{\ifPDFTeX\ifcsname u8:\detokenize{#1}\endcsname\else
  \DeclareUnicodeCharacter{#2}{\texttt{U+#2}}\fi\fi}
"""
_SIDE, _TERM, _INNER = r" \side ", r" \term", r" \inner"
"""Where a line may be broken: before a sign of equality, before a term, before one in brackets."""
_BRACKET = re.compile(r"\\(left|right)(?![a-z])")
_TALL = re.compile(r"\\(frac|sqrt|begin|brackets)\b")
_WIDE = 50
"""Characters above which what cannot be broken may be wider than a line."""


class Paper(Typesetter):
    """Writes for a paragraph of TeX, which breaks lines where it is told that it may."""

    target = "paper"

    def fenced(self, fence: Fence, inner: str) -> str:
        r"""Brackets in which a line may be broken, as none is between ``\left`` and ``\right``."""
        opening, closing = (_BRACKET.sub("", bracket).strip() for bracket in fence.latex)
        spelled = _breakable(inner, _INNER)
        if opening in "([" and not _TALL.search(spelled):
            return joined((opening, spelled, closing))
        return joined((rf"\brackets{{{opening}}}{{{closing}}}{{", spelled, "}"))

    def matrix(self, cells: Sequence[Sequence[str]]) -> str:
        """A matrix, made smaller where it is too wide."""
        return _fitted(super().matrix(cells))

    def fraction(self, above: str, below: str) -> str:
        """A fraction, made smaller where it is too wide."""
        return _fitted(super().fraction(above, below))

    def radical(self, inner: str) -> str:
        """A square root, made smaller where it is too wide."""
        return _fitted(super().radical(inner))

    def application(self, function: str, arguments: Sequence[str]) -> str:
        """A function with its arguments, after each of which a line may be broken."""
        return joined((function, r"\!", self.brackets(self.row(arguments, f",{_INNER} "))))


class Prose(Paper):
    """Writes sentences for a paragraph of text, names among them as mathematics."""

    def plain(self, words: str, command: str) -> str:
        """Words as they are typed."""
        return words_in_text(words)

    def mentioned(self, name: str) -> str:
        """A name as mathematics."""
        return f"${self.symbol(name)}$"


PAPER, PROSE = Paper(), Prose()


def document(d: Derivation, *, digits: Digits = USUAL) -> str:
    r"""The whole derivation as a document of its own, for LaTeX with amsmath.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b=-2)
    >>> s = d.step("s", a + b, say="add them")
    >>> print(document(d).partition(r"\begin{document}")[2].lstrip())
    \section*{A sum}
    <BLANKLINE>
    \filbreak
    <BLANKLINE>
    $\displaystyle a = 0.5$,\quad
    $\displaystyle b = -2$
    <BLANKLINE>
    add them\par\nopagebreak
    \step{s = a \term + b \side = 0.5 \term + (-2) \side = -1.5}
    <BLANKLINE>
    \end{document}
    """
    body = "\n\n".join(_paragraphs(d, digits))
    opening = PREAMBLE + _stand_ins(body)
    return f"{opening}\\begin{{document}}\n\n{body}\n\n\\end{{document}}"


def _paragraphs(d: Derivation, digits: Digits) -> Iterator[str]:
    if d.title:
        yield rf"\section*{{{prose(d, d.title, PROSE)}}}"
    if d.about:
        yield prose(d, d.about, PROSE)
    for title, entries in d.sections():
        yield r"\filbreak"  # a new page, where what is up to the next one does not fit on this
        if title:
            yield rf"\subsection*{{{prose(d, title, PROSE)}}}"
        for is_list, group in groupby(entries, lambda e: e.formula is None and not e.say):
            lines = [(entry, _formula(d, entry, digits)) for entry in group]
            if is_list:
                yield ",\\quad\n".join(rf"$\displaystyle {line}$" for _, line in lines)
            else:
                yield from (_step(d, entry, line) for entry, line in lines)
        if title in d.tells:
            yield rf"\emph{{{prose(d, d.tells[title], PROSE)}}}"


def _step(d: Derivation, entry: Entry, formula: str) -> str:
    words = say(d, entry, PROSE)
    step = rf"\step{{{formula}}}"
    return f"{words}\\par\\nopagebreak\n{step}" if words else step


def _formula(d: Derivation, entry: Entry, digits: Digits) -> str:
    formula, numbers, result, exact, note = spell(d.evaluation, entry, PAPER, digits)
    signs = "=", "=", "=" if exact else r"\approx"
    sides = [
        f"{sign} {_breakable(side, _TERM)}"
        for sign, side in zip(signs, (formula, numbers, result), strict=True)
        if side
    ]
    remark = PAPER.note(note) if note else ""
    return f"{PAPER.symbol(entry.name)} {_SIDE.join(sides)}{remark}"


def _fitted(spelled: str) -> str:
    """What cannot be broken; TeX is asked to measure it where it may be wider than a line."""
    return joined((r"\fit{", spelled, "}")) if width(spelled) > _WIDE else spelled


def _breakable(spelled: str, place: str) -> str:
    """In one piece, in which a line may be broken before each term but the first."""
    return place.join(terms_of(spelled))


def _stand_ins(body: str) -> str:
    """For each character that the fonts of pdfTeX may not have, what stands for it there."""
    found = sorted({character for character in body if ord(character) > 127})
    rows = [f"\\standin{{{character}}}{{{ord(character):04X}}}\n" for character in found]
    return "".join([_STAND_IN, *rows]) if rows else ""
