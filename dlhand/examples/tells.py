"""What the sections of the examples tell us: one sentence each, in the file beside this.

A line of letters names an example; those below it have the title of a section and its sentence,
with a bar between them. The player says it when the section is finished.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

_FILE = Path(__file__).with_suffix(".txt")


def attach(d: Derivation) -> None:
    """Attach to an example what its sections tell us."""
    for title, sentence in sentences().get(d.name, {}).items():
        d.tell(title, sentence)


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """All sentences, by the name of the example and the title of the section.

    >>> sentences()["003-gates"]["Through the product"]
    'A product swaps: each input gets the gradient times the other input.'
    """
    found: dict[str, dict[str, str]] = {}
    name = ""
    for line in filter(None, _FILE.read_text(encoding="utf-8").splitlines()):
        title, bar, sentence = line.partition(" | ")
        if bar:
            found[name][title] = sentence
        else:
            name = line
            found[name] = {}
    return found
