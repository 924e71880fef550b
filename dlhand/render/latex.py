r"""A derivation in LaTeX: one line, or a page of aligned blocks.

A page is read by MathJax in a notebook, by KaTeX, and by LaTeX with amsmath, so it keeps to what
all three know. Words stand in ``\text`` on rows of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING

from dlhand.render.names import latex as symbol
from dlhand.render.parts import prose, say, spell
from dlhand.render.writers import LATEX

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry

WIDEST = 110
"""Characters, not counting commands, above which a line of mathematics is broken."""
WIDEST_WORDS = 90
"""Characters above which a sentence or a list of givens is broken."""

_SIGN = re.compile(r" (=|\\approx) ")
_NEXT, _CLOSE, _FAR = r" \\", r" \\[4pt]", r" \\[10pt]"
Row = tuple[str, str]
"""A row of an aligned block, and the break after it."""


def line(
    d: Derivation, entry: Entry, *, digits: int | None = None, places: int | None = None
) -> str:
    r"""One given or step: name = formula = numbers put in = result.

    The last sign is ``\approx`` where the result is rounded.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A quotient")
    >>> a, b = d.givens(a=-2, b="0.3")
    >>> print(line(d, d.step("q", b / 3 - a)))
    q = \frac{b}{3} - a = \frac{0.3}{3} - \left(-2\right) = 2.1
    """
    formula, numbers, result, exact, note = spell(d.evaluation, entry, LATEX, digits, places)
    text = symbol(entry.name)
    if formula:
        text += " = " + formula
    if numbers:
        text += " = " + numbers
    text += (" = " if exact else r" \approx ") + result
    return text + LATEX.note(note) if note else text


def page(d: Derivation, *, digits: int | None = None, places: int | None = None) -> str:
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
        blocks.append([*opening, *_title(d, title), *_entries(d, entries, digits, places)])
        opening = []
    blocks = blocks or [opening]
    # an empty last row makes all blocks equally wide, so that they align with each other too
    strut = _strut(row for rows in blocks for row in rows) if len(blocks) > 1 else []
    return "\n".join(_block([*rows, *strut]) for rows in blocks)


def part(
    d: Derivation,
    entries: Iterable[Entry],
    *,
    digits: int | None = None,
    places: int | None = None,
) -> str:
    """Some givens and steps as one aligned block, as they stand in `page`."""
    return _block(list(_entries(d, entries, digits, places)))


def _entries(
    d: Derivation, entries: Iterable[Entry], digits: int | None, places: int | None
) -> Iterator[Row]:
    for is_list, group in groupby(entries, lambda e: e.formula is None and not e.say):
        if is_list:
            yield from _givens([line(d, e, digits=digits, places=places) for e in group])
        else:
            for entry in group:
                yield from _step(d, entry, digits, places)


def _block(rows: list[Row]) -> str:
    lines = [content + gap for content, gap in rows[:-1]] + [content for content, _ in rows[-1:]]
    return "\n".join(["$$", r"\begin{aligned}", *lines, r"\end{aligned}", "$$"])


def _strut(rows: Iterable[Row]) -> list[Row]:
    sides = [content.split("&", 1) for content, _ in rows]
    left, right = (max(map(width, side)) for side in zip(*sides, strict=True))
    return [(rf"\hspace{{{left * 0.65:.0f}em}} & \hspace{{{right * 0.47:.0f}em}}", "")]


def _title(d: Derivation, title: str) -> list[Row]:
    return [(f"&{prose(d, title, LATEX, 'textbf')}", _FAR)] if title else []


def _sentence(d: Derivation, words: str, gap: str) -> Iterator[Row]:
    rows = wrap(words, WIDEST_WORDS)
    for k, row in enumerate(rows, 1):
        yield f"&{prose(d, row, LATEX)}", gap if k == len(rows) else _NEXT


def _givens(spelled: list[str]) -> Iterator[Row]:
    """Givens side by side, as many as a row holds."""
    row: list[str] = []
    for given in spelled:
        if row and width(r",\quad ".join([*row, given])) > WIDEST_WORDS:
            yield _aligned(row), _CLOSE
            row = []
        row.append(given)
    yield _aligned(row), _FAR


def _aligned(givens: list[str]) -> str:
    return _SIGN.sub(r" &\1 ", r", \quad ".join(givens), count=1)


def _step(d: Derivation, entry: Entry, digits: int | None, places: int | None) -> Iterator[Row]:
    if entry.say:
        yield from _sentence(d, entry.say, _NEXT)
    elif words := say(d, entry, LATEX):
        yield f"&{words}", _NEXT
    formula, numbers, result, exact, note = spell(d.evaluation, entry, LATEX, digits, places)
    parts = [f"= {part}" for part in (formula, numbers) if part]
    parts.append(rf"{'=' if exact else LATEX.about.strip()} {result}")
    remark = LATEX.note(note) if note else ""
    name = symbol(entry.name)
    if sum(map(width, [name, *parts, remark])) <= WIDEST:
        yield f"{name} &{' '.join(parts)}{remark}", _FAR
        return
    rows = [row for part in parts for row in _folded(part)]
    for k, row in enumerate(rows, 1):
        last = k == len(rows)
        yield (
            f"{name if k == 1 else ''} &{row}{remark if last else ''}".lstrip(),
            (_FAR if last else _CLOSE),
        )


# ---- How wide a line is

_MATRIX = re.compile(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}")
_ARGUMENT = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_FRACTION = re.compile(r"\\frac" + _ARGUMENT + _ARGUMENT)
_UNSEEN = re.compile(r"\\(left|right|mathrm|text|textbf|top|hat|bar|widehat)\b|\\[!,;]|[{}_^&]")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_SPACE = re.compile(r"\s+")


def width(spelled: str) -> int:
    r"""Roughly how many characters wide LaTeX is when it is typeset.

    >>> width(r"\frac{\partial E}{\partial w_{1}} \cdot 2"), width(r"\left(x\right)")
    (8, 3)
    """
    spelled = _MATRIX.sub(lambda match: f"[{_widest(match[1].split(_ROW))}]", spelled)
    while (shorter := _FRACTION.sub(lambda match: _widest(match.groups()), spelled)) != spelled:
        spelled = shorter
    return len(_SPACE.sub(" ", _COMMAND.sub("x", _UNSEEN.sub("", spelled))).strip())


_ROW = r"\\"


def _widest(parts: Iterable[str]) -> str:
    return max(parts, key=width)


def _folded(part: str) -> Iterator[str]:
    """A long part, broken before plus and minus signs that stand in no brackets."""
    row = ""
    for term in _terms(part):
        if row and width(row + term) > WIDEST:
            yield row
            row = r"\quad {}"
        row += term
    yield row


_DEEPER = re.compile(r"\\left\b|\\begin\b|\{")
_BREAK = re.compile(r"(\\left\b|\\begin\b|\{)|(\\right\b|\\end\b|\})|( [+-] )")


def _terms(part: str) -> Iterator[str]:
    """The terms of a sum, each with the sign before it."""
    depth = start = 0
    for match in _BREAK.finditer(part):
        depth += bool(match[1]) - bool(match[2])
        if match[3] and not depth:
            yield part[start : match.start()]
            start = match.start()
    yield part[start:]
