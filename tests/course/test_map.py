"""The map of the course: nothing of the documents is without a place, and no example is unseen."""

import re
from pathlib import Path

import pytest

import dlhand
from dlhand.course import map as course
from dlhand.course.map import CourseMap, Place, course_map, sections_of
from dlhand.examples import catalogue, errata, pages, quizzes
from dlhand.examples.pages.sections import Note, Section, notes, read_notes, read_sections, sections

ROOT = Path(__file__).parents[2]
NOTEBOOKS = {path.stem: path for path in sorted((ROOT / "notebooks" / "src").glob("*.py"))}
IDS = (ROOT / "tests" / "examples" / "ids.txt").read_text(encoding="utf-8").split()

# What follows may only shrink: a test fails where a name could go.
NO_PLACE_YET: set[str] = set()
NO_NOTEBOOK_YET: set[str] = set()
NOT_SHOWN_YET: set[str] = set()  # of the chapters that have a notebook


def _has_place(name: str) -> bool:
    """Whether an example, a question or a passage of a notebook is what an id stands for."""
    asked = {
        one for number in quizzes.chapters() for q in quizzes.questions(number) for one in q.names
    }
    is_example = any(f"{example}-".startswith(f"{name}-") for example in catalogue())
    return is_example or name in asked or name in {note.name for note in notes()}


def test_every_wanted_id_has_a_place() -> None:
    assert len(IDS) == len({*IDS}) == 77
    assert {name for name in IDS if not _has_place(name)} == NO_PLACE_YET


def test_what_a_question_or_a_note_names_is_wanted() -> None:
    asked = [
        (q.place, name)
        for n in quizzes.chapters()
        for q in quizzes.questions(n)
        for name in q.names
    ]
    for place, name in [*asked, *(("notes.txt", note.name) for note in notes())]:
        assert name in IDS, f"{place}: {name} is no wanted example"
    for note in notes():
        text = NOTEBOOKS[note.chapter].read_text(encoding="utf-8")
        assert re.search(rf"^#+ {re.escape(note.heading)}$", text, re.MULTILINE), note


def test_every_example_is_shown_in_a_notebook() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in NOTEBOOKS.values())
    shown = {*re.findall(r"""\bload\(\s*["']([\w-]+)["']""", sources)}
    assert shown <= catalogue().keys()
    missing = [e for e in catalogue().values() if e.name not in shown]
    assert {e.chapter for e in missing if e.chapter not in NOTEBOOKS} == NO_NOTEBOOK_YET
    assert {e.name for e in missing if e.chapter in NOTEBOOKS} == NOT_SHOWN_YET


def test_sections_follow_each_other() -> None:
    assert list(dict.fromkeys(s.document for s in sections())) == [
        "000",
        "001",
        "002",
        "003",
        "004",
    ]
    for before, after in zip(sections(), sections()[1:], strict=False):
        assert before.first <= before.last
        assert before.document != after.document or before.last < after.first, after
    assert len({s.title for s in sections()}) == len(sections())
    for section in sections():
        for name in section.names:
            assert any(f"{one}-".startswith(f"{name}-") for one in [*IDS, *catalogue()]), name


@pytest.mark.parametrize("name", dlhand.names())
def test_an_example_stands_in_a_section_of_its_document(name: str) -> None:
    found = sections_of(name)
    assert found and {section.document for section in found} == {name[:3]}


def test_whatever_has_a_line_stands_in_a_section() -> None:
    lines = {(e.example[:3], e.line) for e in errata()}
    for document in ("000", "001", "002", "003", "004"):
        lines |= {
            (document, k) for k in course._flat([i.printed.line for i in pages.items(document)])
        }
    for number in quizzes.chapters():
        for question in quizzes.questions(number):
            lines |= {(s.document, k) for s in question.sources for k in (s.first, s.last)}
    outside = {
        (document, line)
        for document, line in lines - {(d, None) for d in ("000", "001", "002", "003", "004")}
        if not any(section.has(document, line, line) for section in sections())
    }
    assert outside == set()


def test_the_map_has_every_example_and_every_question() -> None:
    places = [place for found in course_map().places.values() for place in found]
    assert {name for place in places for name in place.examples} == catalogue().keys()
    for number in quizzes.chapters():
        asked = {k for place in places if place.chapter[:2] == number for k in place.questions}
        assert asked == {*range(1, len(quizzes.questions(number)) + 1)}


QUIZ = """
? First? [003:20, 003-noise]
+ a -- x
- b -- y

? Second? [002:1, 003:30-60]
+ a -- x
- b -- y
"""


def test_questions_and_notes_stand_where_their_lines_and_names_are(tmp_path, monkeypatch) -> None:
    (tmp_path / "01.txt").write_text(QUIZ, encoding="utf-8")
    monkeypatch.setattr(quizzes, "_HERE", tmp_path)
    monkeypatch.setattr(course, "notes", lambda: [Note("004-outline", "19_more", "What to read")])
    quizzes.questions.cache_clear()
    try:
        places = course_map().places
        shown = repr(CourseMap(places))
    finally:
        quizzes.questions.cache_clear()
    asked = {s.title: p[0].questions for s, p in places.items() if p and p[0].questions}
    assert asked == {
        "The AND gate": (1, 2),
        "The OR gate by another bias": (2,),
        "Why one unit cannot do XOR": (2,),
    }
    told = {s.first for s, p in places.items() if any(one.notes for one in p)}
    assert told == {3, 213}
    assert "01_perceptron: 003-and-gate; questions 1, 2" in shown
    assert '19_more: "What to read"' in shown


def test_the_map_is_read_as_html_and_as_text() -> None:
    section = Section("003", 18, 46, "A & B", ())
    other = Section("003", 50, 60, "Empty", ())
    places = [Place("01_x", ("003-a",), (1, 4), ()), Place("20", (), (2,), ())]
    found = CourseMap({section: places, other: []})
    assert repr(found).splitlines() == [
        "Document 003",
        "  18-46    A & B",
        "           01_x: 003-a; questions 1, 4",
        "           20: question 2",
        "  50-60    Empty",
    ]
    html = found._repr_html_()
    assert html.count("<tr>") == 5 and '<td rowspan="2">A &amp; B</td>' in html
    assert '<td><a href="01_x.ipynb">01_x</a></td><td><code>003-a</code></td><td>1, 4</td>' in html
    assert "<td>20</td><td></td><td>2</td>" in html
    assert found._repr_mimebundle_() == {"text/html": html, "text/plain": repr(found)}


@pytest.mark.parametrize("text", ["004\n3 20 no", "004\n3-20", "004x"])
def test_a_section_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot read"):
        list(read_sections(text))
    with pytest.raises(ValueError, match="cannot read"):
        list(read_notes(text))
