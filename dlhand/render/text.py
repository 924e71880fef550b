"""A derivation as plain text, for a terminal and for a screen reader."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import TYPE_CHECKING

from dlhand.numbers.digits import USUAL, Digits
from dlhand.render.names import text as symbol
from dlhand.render.parts import Verdicts, page_parts, printed, prose, say, spell
from dlhand.render.writers import TEXT

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry

WIDTH = 100
"""Columns of a page."""


def line(d: Derivation, entry: Entry, *, digits: Digits = USUAL) -> str:
    """One given or step: name = formula = numbers put in = result.

    The last sign is ≈ where the result is rounded.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A quotient")
    >>> a, b = d.givens(a=-2, b=1)
    >>> print(line(d, d.step("q", b / 3 - a)))
    q = b / 3 − a = 1 / 3 − (−2) = 7/3 ≈ 2.3333
    """
    return " ".join(_parts(d, entry, digits))


def result(d: Derivation, entry: Entry, *, digits: Digits = USUAL) -> str:
    """The result of a line alone.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A quotient")
    >>> result(d, d.given("a", "-2"))
    '−2'
    """
    return spell(d.evaluation, entry, TEXT, digits)[2]


def _parts(d: Derivation, entry: Entry, digits: Digits) -> list[str]:
    """The name, and each further part with the sign before it."""
    formula, numbers, result, exact, note = spell(d.evaluation, entry, TEXT, digits)
    parts = [symbol(entry.name)]
    if formula:
        parts.append("= " + formula)
    if numbers:
        parts.append("= " + numbers)
    parts.append(("= " if exact else "≈ ") + result + (TEXT.note(note) if note else ""))
    return parts


def page(
    d: Derivation,
    *,
    digits: Digits = USUAL,
    verdicts: Verdicts | None = None,
    columns: int = WIDTH,
) -> str:
    """The whole derivation: title, sections, numbered steps with their words.

    It is set in so many ``columns``, but for what has no place to be broken. What the document
    prints stands below a step; ``verdicts`` has, by name, what is to be said of each of these
    numbers.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b=-2)
    >>> d.section("Add")
    >>> s = d.step("s", a + b, say="add them", printed="-1.5")
    >>> print(page(d, verdicts={"s": ["exact"]}))
    A sum
    =====
    <BLANKLINE>
    Given
    -----
    a = 0.5, b = −2
    <BLANKLINE>
    Add
    ---
    1. add them
       s = a + b = 0.5 + (−2) = −1.5
       printed: -1.5 (exact)
    """
    return "\n".join(_rows(d, digits, verdicts, columns)).strip("\n")


def part(
    d: Derivation,
    entries: Iterable[Entry],
    *,
    digits: Digits = USUAL,
) -> str:
    """Some givens and steps, each with its words."""
    rows: list[str] = []
    for entry in entries:
        rows += _wrapped(say(d, entry), "", "", WIDTH)
        rows += _mathematics(_parts(d, entry, digits), "", "", WIDTH)
    return "\n".join(rows)


def _rows(
    d: Derivation,
    digits: Digits,
    verdicts: Verdicts | None,
    columns: int,
) -> Iterator[str]:
    if d.title:
        yield from _underlined(prose(d, d.title), "=", columns)
    if d.about:
        yield from wrap(prose(d, d.about), columns)
    number = 0
    for part in page_parts(d):
        if part.title or part.kind != "givens":
            yield ""
        if part.title:
            yield from _underlined(prose(d, part.title), "-", columns)
        if part.kind == "list":
            spelled = [_given(d, e, digits, verdicts) for e in part.entries]
            yield from _givens(spelled, columns)
        else:
            for entry in part.entries:
                number += entry.formula is not None
                head = f"{number}. " if entry.formula is not None else "given: "
                yield from _item(d, entry, head, digits, verdicts, columns)
        if part.tells:
            yield from wrap(f"It tells us: {prose(d, part.tells)}", columns)


def _underlined(title: str, sign: str, columns: int) -> list[str]:
    return [title, sign * min(len(title), columns)]


def _given(d: Derivation, entry: Entry, digits: Digits, verdicts: Verdicts | None) -> str:
    name, *rest = _parts(d, entry, digits)
    said = printed(d, entry, result(d, entry, digits=digits), verdicts)
    return " ".join([name, *rest, f"({said})"] if said else [name, *rest])


def _givens(spelled: list[str], columns: int) -> Iterator[str]:
    """Givens side by side, as many as a row holds."""
    row = ""
    for given in spelled:
        if row and len(row) + len(given) + 3 > columns:
            yield from _wrapped(row + ",", "", "  ", columns)
            row = ""
        row += f", {given}" if row else given
    yield from _wrapped(row, "", "  ", columns)


def _item(
    d: Derivation,
    entry: Entry,
    head: str,
    digits: Digits,
    verdicts: Verdicts | None,
    columns: int,
) -> Iterator[str]:
    """A step with its number, or a given with something to say about it."""
    indent = " " * len(head)
    words = say(d, entry)
    if words:
        yield from _wrapped(words, head, indent, columns)
        head = indent
    parts = _parts(d, entry, digits)
    yield from _mathematics(parts, head, indent, columns)
    if said := printed(d, entry, result(d, entry, digits=digits), verdicts):
        yield from _wrapped(said, indent, indent + "  ", columns)


def _mathematics(parts: list[str], head: str, indent: str, columns: int) -> Iterator[str]:
    """A line of mathematics; a long one has each part on a row of its own."""
    whole = head + " ".join(parts)
    if len(whole) <= columns:
        yield whole
        return
    name, *rest = parts
    before = f"{head}{name} "
    for part in rest:
        yield from _wrapped(part, before, " " * (len(indent + name) + 3), columns)
        before = " " * (len(indent + name) + 1)


def _wrapped(words: str, first: str, later: str, columns: int) -> list[str]:
    return wrap(
        words,
        columns,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
