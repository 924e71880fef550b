r"""The questions of the chapters: a text file for each chapter, `09.txt` for 09_object_detection.

A file has a block for each question, with an empty line between two:

    ? Which of these looks at the whole image once? [002:520]
    + YOLO -- one network gives all boxes and classes in one pass
    - R-CNN -- it first proposes regions, and then looks at each

`?` is the question. It ends with its source in square brackets: a line of a document, or lines,
`002:520-525`; several have commas between them. Beside these the name of a wanted example may
stand, `001-sequence-lists`: the question is then that example's place in the course. `+` is a
right choice and `-` a wrong one, each with its reason after two dashes; several `+` mean "choose
all that are right". A line that goes on starts with two spaces. `$...$` is mathematics in LaTeX,
and `` `...` `` is code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from dlhand.errors import QuizError, UnknownName, nearest

__all__ = ["Choice", "Question", "Source", "chapters", "questions", "read"]

_HERE = Path(__file__).parent
_SOURCE = re.compile(r"(\d{3}):(\d+)(?:-(\d+))?\Z")
_NAME = re.compile(r"\d{3}-[\w-]+\Z")
_ASKED = re.compile(r"(.*\S)\s*\[([^\[\]]*)\]\Z")


class Source(NamedTuple):
    """Lines of a document from which a question comes."""

    document: str
    first: int
    last: int

    def __str__(self) -> str:
        lines = (
            f"line {self.first}" if self.first == self.last else f"lines {self.first}-{self.last}"
        )
        return f"document {self.document}, {lines}"


class Choice(NamedTuple):
    """One answer that can be chosen."""

    text: str
    is_right: bool
    reason: str
    place: str
    """File and line where it is written."""


class Question(NamedTuple):
    """A question with its choices, as written: mathematics in LaTeX between dollar signs."""

    text: str
    sources: tuple[Source, ...]
    names: tuple[str, ...]
    """Wanted examples of which it is the place in the course."""
    choices: tuple[Choice, ...]
    place: str
    """File and line where it is written."""

    @property
    def takes_several(self) -> bool:
        """Whether more than one choice is right."""
        return sum(choice.is_right for choice in self.choices) > 1

    def shuffled(self) -> list[Choice]:
        """The choices in an order that says nothing, and that is the same each time."""
        return sorted(
            self.choices, key=lambda choice: sha256((self.text + choice.text).encode()).digest()
        )


def chapters() -> list[str]:
    """The numbers of the chapters that have questions, in order."""
    return sorted(path.stem for path in _HERE.glob("*.txt"))


@cache
def questions(chapter: str) -> Sequence[Question]:
    """The questions of a chapter, named by its number, such as "09".

    Raises `UnknownName` for a chapter that has none, and `QuizError` for a file that cannot be
    read.
    """
    known = chapters()
    if chapter not in known:
        have = f"; those that have are {', '.join(known)}" if known else ""
        raise UnknownName(
            f"no chapter {chapter!r:.40} has a quiz{nearest(str(chapter), known)}{have}"
        )
    path = _HERE / f"{chapter}.txt"
    return tuple(read(path.read_text(encoding="utf-8"), path.name))


def read(text: str, file: str = "quiz") -> Iterator[Question]:
    r"""Read the questions of a file. Raises `QuizError` with file and line.

    >>> [question] = read("? Is 2 prime? [002:1]\n+ yes -- 1 and 2 alone\n- no -- what divides it?")
    >>> question.text, question.sources[0].first, question.choices[1].reason
    ('Is 2 prime?', 1, 'what divides it?')
    """
    block: list[tuple[str, str]] = []
    for number, row in enumerate([*text.splitlines(), ""], 1):
        place = f"{file}, line {number}"
        if row.startswith("  ") and row.strip() and block:
            before, begun = block[-1]
            block[-1] = before, f"{begun} {row.strip()}"
        elif row.strip():
            if row[:2] not in ("? ", "+ ", "- "):
                raise QuizError(f"{place}: {row!r:.50} begins with none of '? ', '+ ', '- ', '  '")
            if (row[0] == "?") != (not block):
                wanted = "a choice, or an empty line before the question" if block else "a question"
                raise QuizError(f"{place}: {row!r:.50} stands where {wanted} was wanted")
            block.append((place, row.rstrip()))
        elif block:
            yield _question(block)
            block = []


def _question(block: Sequence[tuple[str, str]]) -> Question:
    (place, asked), *rest = block
    match = _ASKED.match(asked[2:].strip())
    if match is None:
        raise QuizError(f"{place}: the question ends without its source; wanted one, as [002:520]")
    choices = tuple(_choice(*row) for row in rest)
    if len(choices) < 2 or not any(choice.is_right for choice in choices):
        raise QuizError(f"{place}: wanted two choices or more, and one of them right (+)")
    if len({choice.text for choice in choices}) < len(choices):
        raise QuizError(f"{place}: two choices of the question are the same")
    parts = [part.strip() for part in match[2].split(",")]
    sources = tuple(_source(place, part) for part in parts if not _NAME.match(part))
    names = tuple(part for part in parts if _NAME.match(part))
    if not sources:
        raise QuizError(f"{place}: no line of a document is named; wanted one, as [002:520]")
    return Question(match[1], sources, names, choices, place)


def _source(place: str, text: str) -> Source:
    match = _SOURCE.match(text)
    if match is None:
        raise QuizError(f"{place}: {text!r:.40} is no source; wanted one as 002:520 or 002:520-525")
    first, last = int(match[2]), int(match[3] or match[2])
    if not 0 < first <= last:
        raise QuizError(f"{place}: {text!r:.40} ends before it begins")
    return Source(match[1], first, last)


def _choice(place: str, row: str) -> Choice:
    text, _, reason = row[2:].partition(" -- ")
    if not text.strip() or not reason.strip():
        raise QuizError(f"{place}: a choice stands without its reason; wanted it after ' -- '")
    return Choice(text.strip(), row[0] == "+", reason.strip(), place)
