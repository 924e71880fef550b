r"""A derivation in LaTeX: one line, or a page of aligned blocks.

A page is read by MathJax in a notebook, by KaTeX, and by LaTeX with amsmath, so it keeps to what
all three know. Words stand in ``\text`` on rows of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, NamedTuple

from dlhand.numbers.digits import USUAL, Digits
from dlhand.render.names import latex as symbol
from dlhand.render.parts import explained, prose, say, spell
from dlhand.render.typeset import TYPESET, Typeset, joined, width
from dlhand.render.writers import LATEX

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry

WIDEST = 110
"""Characters, not counting commands, above which a line of mathematics is broken."""
WIDEST_WORDS = 90
"""Characters above which a sentence or a list of givens is broken."""

_NEXT, _CLOSE, _FAR = r" \\", r" \\[4pt]", r" \\[10pt]"
_BETWEEN = 3
"""Characters between two givens."""
Parts = tuple[str, Sequence[Typeset]]
"""A name, and what it is equal to, each with its sign."""


class Aligned(NamedTuple):
    """A row of an aligned block: what stands on each side, and the break after it."""

    left: str
    right: str
    gap: str


def _width(parts: Iterable[str]) -> int:
    return sum(map(width, parts))


def line(d: Derivation, entry: Entry, *, digits: Digits = USUAL) -> str:
    r"""One given or step: name = formula = numbers put in = result.

    The last sign is ``\approx`` where the result is rounded.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A quotient")
    >>> a, b = d.givens(a=-2, b="0.3")
    >>> print(line(d, d.step("q", b / 3 - a)))
    q = \frac{b}{3} - a = \frac{0.3}{3} - \left(-2\right) = 2.1
    """
    formula, numbers, result, exact, note = spell(d.evaluation, entry, LATEX, digits)
    text = symbol(entry.name)
    if formula:
        text += " = " + formula
    if numbers:
        text += " = " + numbers
    text += (" = " if exact else r" \approx ") + result
    return text + LATEX.note(note) if note else text


def page(d: Derivation, *, digits: Digits = USUAL) -> str:
    r"""The whole derivation: a block for each section, aligned at the signs of equality.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b=-2)
    >>> s = d.step("s", a + b, say="add them")
    >>> print(page(d))
    $$
    \begin{aligned}
    &\textbf{A sum} \\[10pt]
    a &= 0.5, \quad b = -2 \\[10pt]
    &\text{add them} \\
    s &= a + b = 0.5 + \left(-2\right) = -1.5
    \end{aligned}
    $$
    """
    opening = [*_title(d, d.title), *_sentence(d, d.about, _FAR)]
    blocks = []
    for title, entries in d.sections():
        rows = [*_entries(d, entries, digits), *_sentence(d, d.tells.get(title, ""), _FAR)]
        blocks.append([*opening, *_title(d, title), *rows])
        opening = []
    blocks = blocks or [opening]
    # an empty last row makes all blocks equally wide, so that they align with each other too
    strut = [_strut(row for rows in blocks for row in rows)] if len(blocks) > 1 else []
    return "\n".join(_block([*rows, *strut]) for rows in blocks)


def part(
    d: Derivation,
    entries: Iterable[Entry],
    *,
    digits: Digits = USUAL,
) -> str:
    """Some givens and steps as one aligned block, as they stand in `page`."""
    return _block(list(_entries(d, entries, digits)))


def _entries(d: Derivation, entries: Iterable[Entry], digits: Digits) -> Iterator[Aligned]:
    for is_list, group in groupby(entries, lambda e: e.formula is None and not e.say):
        if is_list:
            yield from _givens([_parts(d, e, digits) for e in group])
        else:
            for entry in group:
                yield from _step(d, entry, digits)


def _parts(d: Derivation, entry: Entry, digits: Digits) -> Parts:
    formula, numbers, result, exact, note = spell(d.evaluation, entry, TYPESET, digits)
    remark = TYPESET.note(note) if note else ""
    parts = [("= ", part) for part in (formula, numbers) if part]
    parts.append(("= " if exact else r"\approx ", result + remark))
    return TYPESET.symbol(entry.name), [joined(part) for part in parts]


def _block(rows: Sequence[Aligned]) -> str:
    lines = [f"{row.left} &{row.right}".lstrip() + row.gap for row in rows]
    lines[-1:] = [line.removesuffix(rows[-1].gap) for line in lines[-1:]]
    return "\n".join(["$$", r"\begin{aligned}", *lines, r"\end{aligned}", "$$"])


def _strut(rows: Iterable[Aligned]) -> Aligned:
    left, right = (max(map(width, sides)) for sides in list(zip(*rows, strict=True))[:2])
    return Aligned(rf"\hspace{{{left * 0.65:.0f}em}}", rf" \hspace{{{right * 0.47:.0f}em}}", "")


def _title(d: Derivation, title: str) -> list[Aligned]:
    return [Aligned("", prose(d, title, TYPESET, "textbf"), _FAR)] if title else []


def _sentence(d: Derivation, words: str, gap: str) -> Iterator[Aligned]:
    rows = wrap(words, WIDEST_WORDS)
    for k, row in enumerate(rows, 1):
        yield Aligned("", prose(d, row, TYPESET), gap if k == len(rows) else _NEXT)


def _givens(givens: Sequence[Parts]) -> Iterator[Aligned]:
    """Givens side by side, as many as a row holds."""
    row: list[Parts] = []
    used = 0
    for name, values in givens:
        own = _width([name, " ", *values])
        if row and used + own > WIDEST_WORDS:
            yield _beside(row, _CLOSE)
            row, used = [], 0
        row.append((name, values))
        used += own + _BETWEEN
    yield _beside(row, _FAR)


def _beside(row: Sequence[Parts], gap: str) -> Aligned:
    (first, values), *others = row
    more = [TYPESET.row([name, *parts], " ") for name, parts in others]
    return Aligned(first, TYPESET.row([*values, *more], r", \quad "), gap)


def _step(d: Derivation, entry: Entry, digits: Digits) -> Iterator[Aligned]:
    if entry.say:
        told = explained(d, entry)
        yield from _sentence(d, f"{entry.say} ({told})" if told else entry.say, _NEXT)
    elif words := say(d, entry, TYPESET):
        yield Aligned("", words, _NEXT)
    name, parts = _parts(d, entry, digits)
    if _width([name, *parts]) <= WIDEST:
        yield Aligned(name, TYPESET.row(parts, " "), _FAR)
        return
    *rows, last = [row for part in parts for row in _folded(part)]
    for row in rows:
        yield Aligned(name, row, _CLOSE)
        name = ""
    yield Aligned(name, last, _FAR)


def _folded(part: Typeset) -> Iterator[Typeset]:
    """A long part, broken before plus and minus signs that stand in no brackets."""
    row = Typeset(part.terms[:1])
    for term in part.terms[1:]:
        longer = row + Typeset((term,))
        if longer.width > WIDEST:
            yield row
            longer = r"\quad {}" + Typeset((term,))
        row = longer
    yield row
