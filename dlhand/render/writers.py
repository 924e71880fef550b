r"""The two formats of plain characters: LaTeX, and text for a terminal or a screen reader.

Each knows how the layouts of `dlhand.operations.notation` are spelled, and how numbers and arrays
are. The third format is in `mathml`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from dlhand.numbers.exact import Shape
from dlhand.operations.notation import Fence, Script, Sign, Word, Words
from dlhand.operations.table import size
from dlhand.render import names
from dlhand.render.boxes import Group, Writer
from dlhand.render.names import AFTER, BASE, FACTOR

MOST = 12
"""Rows and columns that are written out; a longer array is shown by its ends."""
HEAD, TAIL = 6, 2
MORE_DIGITS = "from more digits"
REPLACED = "taken as given here"

Nest = Any
"""A string, or lists of such; None where entries are left out."""


def abridged(flat: Sequence[Any], shape: Shape, most: int = MOST) -> Nest:
    """Flat entries in nested lists; where more than ``most`` follow each other, None stands.

    >>> abridged("abcdef", (2, 3))
    [['a', 'b', 'c'], ['d', 'e', 'f']]
    >>> abridged(range(20), (20,), most=12)
    [0, 1, 2, 3, 4, 5, None, 18, 19]
    """
    block = size(shape[1:])
    length = shape[0]
    kept = range(length)
    rows = [
        flat[k * block]
        if len(shape) == 1
        else abridged(flat[k * block : (k + 1) * block], shape[1:])
        for k in (kept if length <= most else [*kept[:HEAD], *kept[-TAIL:]])
    ]
    return rows if length <= most else [*rows[:HEAD], None, *rows[HEAD:]]


class BuiltUp(Writer):
    """What formats have in common that stack fractions and draw matrices."""

    is_linear = False
    comma: str
    dots: tuple[str, str]
    """What stands for entries left out, in a row and in a column."""

    def name(self, name: str, where: int, places: tuple[str, ...] = ()) -> str:
        """A name, or that of some entries; a gradient or a prime is bracketed as a base."""
        spelled = self.symbol(name, places)
        if where & BASE and names.brackets(name, False, places):
            return self.brackets(spelled)
        return spelled

    def array(self, entries: Sequence[str], shape: Shape) -> str:
        """A vector as a column, a matrix; beyond that, its matrices side by side."""
        across, down = self.dots
        if len(shape) > 2:
            block = size(shape[1:])
            parts = [entries[k * block : (k + 1) * block] for k in range(shape[0])]
            kept = parts if len(parts) <= MOST else [*parts[:HEAD], None, *parts[-TAIL:]]
            inner = [across if part is None else self.array(part, shape[1:]) for part in kept]
            return self.pile(inner)
        rows = abridged(entries, shape)
        if len(shape) == 1:
            return self.matrix([[down if row is None else row] for row in rows])
        width = next(len(row) for row in rows if row is not None)
        return self.matrix(
            [
                [down] * width if row is None else [across if x is None else x for x in row]
                for row in rows
            ]
        )

    def table(self, rows: Sequence[Sequence[str]], between: str) -> str:
        """A matrix."""
        return self.matrix(rows)

    def pile(self, layers: Sequence[str]) -> str:
        """Side by side in brackets."""
        return self.brackets(self.row(layers, self.comma))

    @abstractmethod
    def matrix(self, cells: Sequence[Sequence[str]]) -> str:
        """Rows of entries in tall brackets."""


class LaTeX(BuiltUp):
    """Writes for KaTeX, MathJax and LaTeX with amsmath."""

    target = "latex"
    equal, about = " = ", r" \approx "
    comma, dots = r",\; ", (r"\cdots", r"\vdots")
    symbol: Callable[..., str] = staticmethod(names.latex)

    def number(self, text: str, where: int) -> str:
        r"""A number: 1.2e-5 as a power of ten, 1/3 as a fraction.

        >>> print(LATEX.number("1.2e-5", 0), LATEX.number("-1/3", AFTER))
        1.2 \cdot 10^{-5} \left(-\frac{1}{3}\right)
        """
        is_negative = text[0] == "-"
        is_simple = "e" not in text and "/" not in text
        if not is_negative and is_simple:
            return text
        spelled = text
        if "/" in text:
            spelled = "-" * is_negative + self.fraction(*text.lstrip("-").split("/"))
        elif "e" in text:
            mantissa, exponent = _powered(text)
            spelled = rf"{mantissa} \cdot " if mantissa.lstrip("-") != "1" else mantissa[:-1]
            spelled += f"10^{{{exponent}}}"
        if (is_negative and where & (AFTER | BASE)) or (not is_simple and where & BASE):
            return self.brackets(spelled)
        return spelled

    def matrix(self, cells: Sequence[Sequence[str]]) -> str:
        """Rows of entries in square brackets."""
        body = r" \\ ".join([" & ".join(row) for row in cells])
        return rf"\begin{{bmatrix}} {body} \end{{bmatrix}}"

    def plain(self, words: str, command: str) -> str:
        """Words as they are typed; ``command`` sets them."""
        return names.words_in_latex(words, command)

    def word(self, word: Word) -> str:
        """The name of a function."""
        return word.latex

    def words(self, text: str) -> str:
        """Upright words."""
        return names.words_in_latex(text)

    def places(self, pieces: Sequence[str]) -> str:
        """Places in an array."""
        return names.low_in_latex(pieces)

    def sign(self, sign: Sign) -> str:
        """A sign, with space around it."""
        return sign.latex if sign.tight else f" {sign.latex} "

    def space(self) -> str:
        """A thin space."""
        return r"\,"

    def fraction(self, above: str, below: str) -> str:
        """A fraction."""
        return rf"\frac{{{above}}}{{{below}}}"

    def script(self, box: Script, base: str, low: str | None, high: str | None) -> str:
        """Braces are around a base that may have a subscript of its own."""
        spelled = "{" + base + "}" if isinstance(box.base, Group) else base
        if low is not None:
            spelled += "_{" + low + "}"
        return spelled if high is None else spelled + "^{" + high + "}"

    def radical(self, inner: str) -> str:
        """A square root."""
        return r"\sqrt{" + inner + "}"

    def fenced(self, fence: Fence, inner: str) -> str:
        """Brackets that grow with what is inside."""
        return fence.latex[0] + inner + fence.latex[1]

    def application(self, function: str, arguments: Sequence[str]) -> str:
        r"""A function; ``\!`` takes back the gap before brackets that grow."""
        return function + r"\!" + self.brackets(self.row(arguments, ", "))

    def note(self, note: str) -> str:
        """A remark after a line."""
        return rf"\quad\text{{({note})}}"


class Text(Writer):
    """Writes plain Unicode text that reads well in a terminal and aloud."""

    target = "text"
    is_linear = True
    equal, about = " = ", " ≈ "

    def name(self, name: str, where: int, places: tuple[str, ...] = ()) -> str:
        """A name, or that of some entries; ∂E/∂w is bracketed as a base and beside a stroke."""
        spelled = names.text(name, places)
        return f"({spelled})" if where & names.brackets(name, True, places) else spelled

    symbol = staticmethod(names.text)

    def plain(self, words: str, command: str) -> str:
        """Words as they are typed."""
        return words

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

    def word(self, word: Word) -> str:
        """The name of a function."""
        return word.text

    def words(self, text: str) -> str:
        """Words as they are."""
        return text

    def places(self, pieces: Sequence[str]) -> str:
        """Places in an array."""
        return "".join(pieces)

    def sign(self, sign: Sign) -> str:
        """A sign, with space around it; none is a space."""
        return sign.text if sign.tight or not sign.text.strip() else f" {sign.text} "

    def space(self) -> str:
        """A space."""
        return " "

    def fraction(self, above: str, below: str) -> str:
        """A fraction in one line."""
        return f"{above} / {below}"

    def script(self, box: Script, base: str, low: str | None, high: str | None) -> str:
        """Raised and lowered characters where there are any; else behind a sign, or in brackets."""
        if low is not None:
            base += f"[{low}]" if isinstance(box.low, Words) else names.low(low)
        if high is None:
            return base
        return base + (high.translate(_RAISED) if _RAISABLE.issuperset(high) else self.raised(high))

    def raised(self, high: str) -> str:
        """What is raised and has no characters for it."""
        return f"^({high})"

    def radical(self, inner: str) -> str:
        """A square root."""
        return f"√({inner})"

    def fenced(self, fence: Fence, inner: str) -> str:
        """Brackets."""
        return fence.glyphs[0] + inner + fence.glyphs[1]

    def application(self, function: str, arguments: Sequence[str]) -> str:
        """A function before its arguments in brackets."""
        return f"{function}({', '.join(arguments)})"

    def table(self, rows: Sequence[Sequence[str]], between: str) -> str:
        """Entries as those of an array; blocks with a sign between them."""
        if between:
            sign = f" {between} " if between == "|" else f"{between} "
            return f"[{sign.join(block for line in rows for block in line)}]"
        lines = [self.pile(line) if len(line) > 1 else line[0] for line in rows]
        return self.pile(lines)

    def pile(self, layers: Sequence[str]) -> str:
        """In square brackets."""
        return f"[{', '.join(layers)}]"

    def note(self, note: str) -> str:
        """A remark after a line."""
        return f" ({note} than shown)" if note == MORE_DIGITS else f" ({note})"


_RAISABLE = frozenset("0123456789-−⊤")
_RAISED = str.maketrans("0123456789-−⊤", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁻ᵀ")


def _powered(text: str) -> tuple[str, str]:
    """Mantissa and exponent of a number such as 1.2e-5."""
    mantissa, exponent = text.split("e")
    return mantissa, str(int(exponent))


@lru_cache(maxsize=256)  # an array stands in its own line and in all that use it
def _in_brackets(entries: tuple[str, ...], shape: Shape) -> str:
    return _listed(abridged(entries, shape))


def _listed(nest: Nest) -> str:
    if nest is None:
        return "…"
    return nest if isinstance(nest, str) else f"[{', '.join(map(_listed, nest))}]"


LATEX, TEXT = LaTeX(), Text()

__all__ = ["LATEX", "MORE_DIGITS", "REPLACED", "TEXT", "BuiltUp", "LaTeX", "Text"]
