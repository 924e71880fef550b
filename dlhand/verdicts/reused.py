"""Numbers that stand near by on a page, any of which may have been put down for another one."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.diagnosis.single import Change, Singles, Slipped
from dlhand.examples.pages import items
from dlhand.numbers.printed import read_printed
from dlhand.operations.slips import USUAL

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

REUSED = "another number of the page"
COST = USUAL + 0.25
MOST_LINES = 25
"""So many lines above a number are looked at: about a page of handwriting."""


def reused(d: Derivation, entry: Entry, k: int, line: int | None) -> Iterator[Slipped]:
    """The numbers above a line of a document, each as a slip at the number ``k`` of a quantity.

    >>> from dlhand.examples import load
    >>> d = load("003-rnn-scratch")
    >>> [one.say for one in reused(d, d["m_a"], 0, 508) if one.value == (2.05,)]
    ['with the 2.05 of line 506 for {was}']
    """
    true = Singles(d, d.evaluation, entry).true
    seen = set[Fraction]()
    for text, value, where in _above(d, entry, line):
        if value not in seen:
            seen.add(value)
            numbers: tuple[Any, ...] = (*true[:k], value, *true[k + 1 :])
            exact = tuple(map(Fraction, numbers)) if entry.shape else value
            yield Slipped(
                REUSED, entry, tuple(map(float, numbers)), entry.shape, COST,
                f"with the {text} of line {where} for {{was}}", (entry, None, None),
                Change(entry, None, (), exact),
            )  # fmt: skip


def _above(d: Derivation, entry: Entry, line: int | None) -> Iterator[tuple[str, Fraction, int]]:
    """The characters, value and line of what the document prints above, the nearest first."""
    if line is None:
        return
    found = [
        (where, text)
        for item in items(d.document)
        for text, where in zip(_flat(item.printed.judged), _lines(item.printed), strict=True)
        if text is not None and where is not None and 0 <= line - where <= MOST_LINES
        if where < line or (item.example, item.name) != (d.name, entry.name)
    ]
    for where, text in sorted(found, key=lambda pair: -pair[0]):
        yield text, read_printed(text).value, where


def _lines(printed: Any) -> list[Any]:
    many = len(_flat(printed.judged))
    return _flat(printed.line) if isinstance(printed.line, list) else [printed.line] * many


def _flat(nested: Any) -> list[Any]:
    return [x for item in nested for x in _flat(item)] if isinstance(nested, list) else [nested]
