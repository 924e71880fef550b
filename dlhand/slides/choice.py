"""What a deck is made of: an example or a chapter, and a part of the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlhand.derivation.entries import Entry, Given
from dlhand.errors import FormulaError, UnknownName, nearest
from dlhand.examples import catalogue, load

if TYPE_CHECKING:
    from dlhand.worked import Derivation

__all__ = ["chosen_steps", "derivations"]


def derivations(name: str) -> list[Derivation]:
    """The example of a name, or all those of a chapter in the order of their names.

    Raises `UnknownName` with the nearest names of both.

    >>> [d.name for d in derivations("18_vision_transformers")]
    ['004-attention-patches', '004-attention-vit']
    """
    examples = catalogue()
    if name in examples:
        return [load(name)]
    found = [one.build() for one in examples.values() if one.chapter == name]
    if not found:
        known = [*dict.fromkeys(one.chapter for one in examples.values()), *examples]
        raise UnknownName(f"no example or chapter is called {name!r}{nearest(name, known)}")
    return found


def chosen_steps(d: Derivation, span: str | None) -> list[Entry]:
    """The steps from one to another, both included: ``"z_h1..E"``, ``"3..7"``, ``"..E"``.

    A step is said by its name or by its number, from 1; an end that is left out is the first or
    the last. Without a span it is all. Raises `UnknownName` for a step that there is not, and
    `FormulaError` for what is no span or runs backwards.

    >>> from dlhand.examples import load
    >>> [step.name for step in chosen_steps(load("002-net222"), "2..h2")]
    ['z_h2', 'h1', 'h2']
    """
    steps: list[Entry] = list(d.steps)
    if span is None:
        return steps
    first, dots, last = span.partition("..")
    if not dots or ".." in last:
        raise FormulaError(f"steps is {span!r}; wanted two steps with '..' between, such as '3..7'")
    start = _position(d, steps, first.strip(), 0)
    end = _position(d, steps, last.strip(), len(steps) - 1)
    if start > end:
        raise FormulaError(f"steps is {span!r}, which runs backwards; wanted the earlier one first")
    return steps[start : end + 1]


def _position(d: Derivation, steps: list[Entry], text: str, default: int) -> int:
    """Where a step is among all."""
    if not text:
        return default
    if text.isdecimal() and text not in d:
        if not 1 <= int(text[:9]) <= len(steps):
            raise UnknownName(f"there is no step {text}; wanted 1 to {len(steps)}, or a name")
        return int(text) - 1
    entry = d[text]
    if isinstance(entry, Given):
        raise UnknownName(f"{text!r} is a given, not a step")
    return steps.index(entry)
