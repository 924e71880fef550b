"""The sections of the documents, in our own words, and what stands in which.

`sections.txt` has a line for each section below the number of its document: the lines of the
document, a title, and in square brackets names of examples that belong there. An example need not
be named where the document prints a number or a wrong formula for it, nor where it is named after
another, as 000-ex1-active is after 000-ex1.

`notes.txt` says which passages of notebooks are the place of what has no example and no question,
a line for each: its name, the chapter, and the heading under which it is treated there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

__all__ = ["Note", "Section", "notes", "read_notes", "read_sections", "sections"]

_HERE = Path(__file__).parent
_SECTION = re.compile(r"(\d+)-(\d+) (\S.*?)(?: \[([\w, -]+)\])?\Z")
_NOTE = re.compile(r"(\d{3}-[\w-]+) (\d\d_\w+) (\S.*)\Z")


class Section(NamedTuple):
    """Some lines of a document that belong together."""

    document: str
    first: int
    last: int
    title: str
    names: tuple[str, ...]
    """Examples that belong there, and all that are named after them."""

    def has(self, document: str, first: int, last: int) -> bool:
        """Whether some of these lines of a document are in it."""
        return document == self.document and first <= self.last and self.first <= last


class Note(NamedTuple):
    """A passage of a notebook that treats something."""

    name: str
    chapter: str
    heading: str


@cache
def sections() -> Sequence[Section]:
    """All sections of the documents, in order."""
    return tuple(read_sections((_HERE / "sections.txt").read_text(encoding="utf-8")))


@cache
def notes() -> Sequence[Note]:
    """All passages of notebooks that are the place of something."""
    return tuple(read_notes((_HERE / "notes.txt").read_text(encoding="utf-8")))


def read_sections(text: str) -> Iterator[Section]:
    r"""Read a file of sections. Raises `ValueError` for a line that cannot be read.

    >>> [*read_sections("004\n3-20 The outline [004-outline]")]
    [Section(document='004', first=3, last=20, title='The outline', names=('004-outline',))]
    """
    document = ""
    for row in filter(None, text.splitlines()):
        match = _SECTION.match(row)
        if match:
            names = tuple(re.findall(r"[\w-]+", match[4] or ""))
            yield Section(document, int(match[1]), int(match[2]), match[3], names)
        elif re.fullmatch(r"\d{3}", row):
            document = row
        else:
            raise ValueError(f"cannot read {row!r}")


def read_notes(text: str) -> Iterator[Note]:
    """Read a file of notes. Raises `ValueError` for a line that cannot be read.

    >>> [*read_notes("004-outline 18_vision_transformers What to read")]
    [Note(name='004-outline', chapter='18_vision_transformers', heading='What to read')]
    """
    for row in filter(None, text.splitlines()):
        match = _NOTE.match(row)
        if match is None:
            raise ValueError(f"cannot read {row!r}")
        yield Note(*match.groups())
