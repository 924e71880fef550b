r"""LaTeX that knows how wide it is and where it may be broken: the format of pages.

The layout of the boxes gives the width: a fraction is as wide as its wider part, a matrix as its
widest row. What is spelled in one piece counts its characters, each command as one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache

from dlhand.operations.notation import Box, Fence, Script, Sign, Words
from dlhand.render.boxes import fold
from dlhand.render.names import gradient_of, low_in_latex
from dlhand.render.names import latex as symbol
from dlhand.render.writers import LaTeX

_UNSEEN = re.compile(r"\\(left|right|mathrm|text|textbf|top|hat|bar|widehat)\b|\\[!,;]|[{}_^&]")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_SPACE = re.compile(r"\s+")


class Typeset(str):
    r"""LaTeX in terms, a line being broken before any but the first of them.

    >>> a = Typeset.of(r"\frac{1}{2}", 1) + r" \cdot \left(x\right)"
    >>> print(a, a.width)
    \frac{1}{2} \cdot \left(x\right) 7
    """

    terms: tuple[Term, ...]

    def __new__(cls, terms: tuple[Term, ...]) -> Typeset:
        """Make it from its terms."""
        made = super().__new__(cls, "".join([latex for latex, _ in terms]))
        made.terms = terms
        return made

    @classmethod
    def of(cls, latex: str, width: int) -> Typeset:
        """One term of this width."""
        return cls(((latex, width),))

    @property
    def width(self) -> int:
        """Roughly how many characters wide it is when it is typeset."""
        return sum([width for _, width in self.terms])

    def __add__(self, other: str) -> Typeset:
        return joined((self, other))

    def __radd__(self, other: str) -> Typeset:
        return joined((other, self))


Term = tuple[str, int]


@lru_cache(maxsize=4096)
def _characters(latex: str) -> int:
    return len(_SPACE.sub(" ", _COMMAND.sub("x", _UNSEEN.sub("", latex))))


def width(latex: str) -> int:
    r"""Roughly how many characters wide it is: what is measured already, or a piece of LaTeX.

    >>> width(r"\hat{y}_{1}"), width(r"\sigma\!\left(x\right)")
    (2, 4)
    """
    return latex.width if isinstance(latex, Typeset) else _characters(latex)


def joined(items: Iterable[str]) -> Typeset:
    """One after the other, to be broken where each of them is."""
    terms: list[Term] = []
    latex, wide = "", 0
    for item in items:
        if isinstance(item, Typeset):
            for k, (more, wider) in enumerate(item.terms):
                if k:
                    terms.append((latex, wide))
                    latex, wide = "", 0
                latex += more
                wide += wider
        else:
            latex += item
            wide += _characters(item)
    return Typeset((*terms, (latex, wide)))


def terms_of(latex: str) -> list[str]:
    """What is between the places where a line may be broken.

    >>> terms_of(joined(("a", Typeset((("", 0), (" + b", 4))))))
    ['a', ' + b']
    """
    return [term for term, _ in latex.terms] if isinstance(latex, Typeset) else [latex]


def _whole(latex: str) -> str:
    """The same with no place to break it."""
    if isinstance(latex, Typeset) and len(latex.terms) > 1:
        return Typeset.of(str(latex), latex.width)
    return latex


@cache
def _symbol(name: str, places: tuple[str, ...] = ()) -> str:
    """A name, or that of some entries; a gradient is a fraction."""
    pair = gradient_of(name)
    if not pair:
        return symbol(name, places)
    above, below = (joined((r"\partial ", _symbol(part))) for part in pair)
    whole = TYPESET.fraction(above, below)
    low = f"_{{{low_in_latex(places)}}}"
    return joined((TYPESET.brackets(whole), low)) if places else whole


class Typesetter(LaTeX):
    """Writes the same LaTeX as `LaTeX`, measured."""

    target = "typeset"

    def __init__(self, put_in: Iterator[str] | None = None) -> None:
        self.put_in = put_in or iter(())

    def filler(self, box: Box) -> Callable[[Sequence[str]], str]:
        """The width depends on what is put in, so that the boxes are folded anew."""
        return lambda spelled: fold(box, type(self)(iter(spelled)))

    def slot(self) -> str:
        """What is put in."""
        return next(self.put_in)

    symbol: Callable[..., str] = staticmethod(_symbol)

    def sign(self, sign: Sign) -> str:
        """A sign, which begins a term where a line may be broken."""
        spelled = super().sign(sign)
        return Typeset((("", 0), (spelled, _characters(spelled)))) if sign.breaks else spelled

    def row(self, items: Sequence[str], between: str = "") -> str:
        """One after the other."""
        if between:
            items = [piece for item in items for piece in (between, item)][1:]
        return joined(items)

    def fraction(self, above: str, below: str) -> str:
        """As wide as the wider of both."""
        return Typeset.of(super().fraction(above, below), max(width(above), width(below)))

    def matrix(self, cells: Sequence[Sequence[str]]) -> str:
        """As wide as its widest row, with a bracket and a space on each side."""
        widths = [sum([width(cell) + 1 for cell in row]) - 1 for row in cells]
        return Typeset.of(super().matrix(cells), max(widths) + 4)

    def script(self, box: Script, base: str, low: str | None, high: str | None) -> str:
        """A base with what is lowered and raised, not to be broken; with words in one piece."""
        low, high = (None if part is None else _whole(part) for part in (low, high))
        spelled = super().script(box, base, low, high)
        return str(spelled) if isinstance(box.low, Words) else spelled

    def radical(self, inner: str) -> str:
        """A square root, not to be broken."""
        return joined((r"\sqrt{", _whole(inner), "}"))

    def fenced(self, fence: Fence, inner: str) -> str:
        """Brackets, not to be broken."""
        return joined((fence.latex[0], _whole(inner), fence.latex[1]))

    def application(self, function: str, arguments: Sequence[str]) -> str:
        """A function with its arguments, not to be broken."""
        return super().application(function, [_whole(argument) for argument in arguments])


TYPESET = Typesetter()
