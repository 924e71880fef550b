"""The map of the course: where each section of the documents is worked out.

It is made from what is registered: an example stands where its document prints something for it,
where it is named, or where the example stands after which it is named; a question where its
sources are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from html import escape
from itertools import groupby
from typing import Any, NamedTuple

from dlhand.course.plain import framed
from dlhand.course.text import wrapped
from dlhand.examples import catalogue, errata
from dlhand.examples.pages import items
from dlhand.examples.pages.sections import Section, notes, sections
from dlhand.examples.quizzes import chapters, questions

__all__ = ["CourseMap", "Place", "course_map", "sections_of"]

HEADINGS = ("lines", "section", "chapter", "examples", "questions")


class Place(NamedTuple):
    """What a chapter has of a section."""

    chapter: str
    examples: tuple[str, ...]
    questions: tuple[int, ...]
    """The numbers of questions in the chapter's quiz."""
    notes: tuple[str, ...]
    """Headings of passages in the notebook."""


def course_map() -> CourseMap:
    """For each section of each document its chapters, examples and questions.

    A notebook shows it as a table, `print` as text.

    >>> places = course_map().places
    >>> next(row for section, row in places.items() if section.title == "The AND gate")
    (Place(chapter='01_perceptron', examples=('003-and-gate',), questions=(), notes=()),)
    """
    return CourseMap({section: tuple(_places(section)) for section in sections()})


@cache
def sections_of(name: str) -> Sequence[Section]:
    """Where in the documents an example stands."""
    while "-" in name:
        lines = _lines().get(name, ())
        found = tuple(
            section
            for section in sections()
            if name in section.names or any(section.has(name[:3], k, k) for k in lines)
        )
        if found:
            return found
        name = name.rpartition("-")[0]
    return ()


@cache
def _lines() -> Mapping[str, Collection[int]]:
    """For each example the lines in which its document prints a number or a wrong formula of it."""
    found: dict[str, set[int]] = {}
    for document in dict.fromkeys(section.document for section in sections()):
        for item in items(document):
            lines = {k for k in _flat(item.printed.line) if k is not None}
            found.setdefault(item.example, set()).update(lines)
    for erratum in errata():
        found.setdefault(erratum.example, set()).add(erratum.line)
    return found


def _flat(nested: Any) -> list[Any]:
    return [x for part in nested for x in _flat(part)] if isinstance(nested, list) else [nested]


def _places(section: Section) -> Iterator[Place]:
    """What each chapter has of a section."""
    numbers = {chapter: _asked(section, chapter) for chapter in chapters()}
    examples = [e for e in catalogue().values() if section in sections_of(e.name)]
    passages = [note for note in notes() if note.name in section.names]
    names = {e.chapter for e in examples} | {note.chapter for note in passages}
    names |= {_chapter(number) for number, asked in numbers.items() if asked}
    for name in sorted(names):
        yield Place(
            name,
            tuple(e.name for e in examples if e.chapter == name),
            numbers.get(name[:2], ()),
            tuple(note.heading for note in passages if note.chapter == name),
        )


def _asked(section: Section, chapter: str) -> tuple[int, ...]:
    """The numbers of a chapter's questions that come from a section."""
    return tuple(
        number
        for number, question in enumerate(questions(chapter), 1)
        if any(section.has(*source) for source in question.sources)
    )


def _chapter(number: str) -> str:
    """The whole name of a chapter; the number alone where it has no example and no passage."""
    known = {e.chapter for e in catalogue().values()} | {note.chapter for note in notes()}
    return next((name for name in sorted(known) if name.startswith(f"{number}_")), number)


class CourseMap:
    """The sections of the documents with what the course has of each.

    Attributes:
        places: for each section what each chapter has of it
    """

    def __init__(self, places: Mapping[Section, Sequence[Place]]) -> None:
        self.places = places

    def __repr__(self) -> str:
        rows: list[str] = []
        for document, found in groupby(self.places, lambda section: section.document):
            rows += ["", f"Document {document}"]
            for section in found:
                rows += wrapped(section.title, f"  {_lines_of(section):<9}", indent=2)
                for place in self.places[section]:
                    rows += wrapped(_told(place), " " * 11, indent=2)
        return "\n".join(rows[1:])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
        bodies = []
        for document, found in groupby(self.places, lambda section: section.document):
            title = (
                f'<tr><th scope="rowgroup" colspan="{len(HEADINGS)}">Document {document}</th></tr>'
            )
            rows = [row for section in found for row in self._rows(section)]
            bodies.append(f"<tbody>{title}{''.join(rows)}</tbody>")
        caption = "Where each section of the documents is worked out"
        return framed(
            "Map of the course",
            f"<table><caption>{caption}</caption>\n"
            f"<thead><tr>{head}</tr></thead>{''.join(bodies)}</table>",
        )

    def _rows(self, section: Section) -> Iterator[str]:
        """A row for each chapter that has something of a section, or one that is empty."""
        places = self.places[section]
        span = f' rowspan="{len(places)}"' if len(places) > 1 else ""
        lead = f"<td{span}>{_lines_of(section)}</td><td{span}>{escape(section.title)}</td>"
        for place in places or [Place("", (), (), ())]:
            yield f"<tr>{lead}{_cells(place)}</tr>"
            lead = ""

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}


def _lines_of(section: Section) -> str:
    is_one = section.first == section.last
    return str(section.first) if is_one else f"{section.first}-{section.last}"


def _told(place: Place) -> str:
    """What a chapter has, in a line."""
    parts = [", ".join(place.examples)] if place.examples else []
    if place.questions:
        parts.append(_numbered(place.questions))
    parts += [f'"{heading}"' for heading in place.notes]
    return f"{place.chapter}: {'; '.join(parts)}"


def _cells(place: Place) -> str:
    name = escape(place.chapter)
    link = f'<a href="{name}.ipynb">{name}</a>' if "_" in name else name
    headings = ", ".join(f"“{escape(heading)}”" for heading in place.notes)
    examples = ", ".join(f"<code>{escape(one)}</code>" for one in place.examples)
    shown = "; ".join(filter(None, (examples, headings)))
    asked = ", ".join(map(str, place.questions))
    return f"<td>{link}</td><td>{shown}</td><td>{asked}</td>"


def _numbered(numbers: Sequence[int]) -> str:
    return f"question{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
