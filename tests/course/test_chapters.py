"""Every chapter has what a chapter has, in its order, and says how long it takes."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.chapters import BLANK, NOTEBOOKS, STOP, Chapter, chapters, read, table, words
from tools.times import REST, TIME, fill, sittings

CHAPTERS = chapters()
TAUGHT = [chapter for chapter in CHAPTERS if chapter.number != "00"]
MOST_OFF = 3  # minutes by which a chapter may take another time than it says
LONGEST = 60  # minutes, of a sitting
PARTS = (
    "**What you will be able to do.**",
    "**Time.** About ",
    "**It builds on**",
    "**What we want to know.**",
    "## Questions",
    "## What the notes print",
    "## On one page",
    "## Where it is from, and what to read",
    "To read next",
    "**Next:**",
)
OTHERWISE = {"20": ("## What the notes print", "**Next:**")}  # the whole of it is about the notes


def by_name(chapter: Chapter) -> str:
    return chapter.name


@pytest.mark.parametrize("chapter", TAUGHT, ids=by_name)
def test_a_chapter_has_all_its_parts_in_order(chapter: Chapter) -> None:
    wanted = [part for part in PARTS if part not in OTHERWISE.get(chapter.number, ())]
    places = [chapter.prose.find(part) for part in wanted]
    assert -1 not in places, [p for p, at in zip(wanted, places, strict=True) if at < 0]
    assert places == sorted(places)


def test_each_chapter_leads_to_the_next() -> None:
    for one, following in pairwise(CHAPTERS):
        end = one.prose[one.prose.rfind("**Next:**") :]
        assert f"({following.name}.ipynb)" in end, one.name


@pytest.mark.parametrize("chapter", CHAPTERS, ids=by_name)
def test_a_chapter_takes_the_time_that_it_says(chapter: Chapter) -> None:
    said = re.search(r"\*\*Time\.\*\* About (\d+) minutes", chapter.prose)
    assert said is not None
    assert abs(int(said[1]) - chapter.minutes) <= MOST_OFF, chapter.minutes
    for read_in in re.findall(r"(\d+)\s+to\s+read[.\s]", chapter.prose):
        assert abs(int(read_in) - chapter.reading) <= 2, chapter.reading


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_sitting_takes_an_hour_at_most(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parts = sittings(cells)
    assert max(part.minutes for part in parts) <= LONGEST
    places = [text for cell in cells if (text := "".join(cell["source"])).startswith(STOP)]
    said = [
        re.findall(r"About (\d+) minutes lie behind you, and (\d+) before you", p) for p in places
    ]
    assert len(said) == len(parts) - 1
    for k, ((behind, before),) in enumerate(said, 1):
        assert abs(int(behind) - sum(part.minutes for part in parts[:k])) <= MOST_OFF
        assert abs(int(before) - sum(part.minutes for part in parts[k:])) <= MOST_OFF


def test_times_are_counted_and_written_where_their_marks_are() -> None:
    blanks = {"text/html": BLANK * 20}
    first, second = (
        new_code_cell("d.player(predict=True)", outputs=[new_output("display_data", blanks)])
        for _ in range(2)
    )
    head, stop = (new_markdown_cell(text) for text in (f"{TIME} End.", f"{STOP} {REST} More."))
    text = new_markdown_cell("word " * 2000)
    made = new_notebook(cells=[head, first, stop, text, second])
    fill(made)
    assert head.source == (
        "About 50 minutes, if you predict what is asked; 10 to read. "
        "There is a good place to stop: the sittings take 20 and 30 minutes. End."
    )
    assert stop.source == (
        "**A good place to stop.** About 20 minutes lie behind you, and 30 before you. More."
    )


@pytest.mark.parametrize("chapter", TAUGHT, ids=by_name)
def test_a_what_if_asks_and_is_answered(chapter: Chapter) -> None:
    source = (NOTEBOOKS / "src" / f"{chapter.name}.py").read_text(encoding="utf-8")
    parts = re.split(r"(?<!`mine)\.explore\(", source)
    assert len(parts) > 1 or chapter.what_ifs == 0
    for before, after in pairwise(parts):
        asked = before[before.rfind("**The answer") + 1 :]
        assert "**What if" in asked and "?" in asked[asked.rfind("**What if") :]
        assert "**The answer" in after, after[:200]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=by_name)
def test_a_player_has_a_picture_and_one_asks(chapter: Chapter) -> None:
    players = [source for source, _ in chapter.code if ".player(" in source]
    assert all("picture=" in source for source in players)
    assert chapter.predicted or chapter.number == "20"


@pytest.mark.parametrize("chapter", TAUGHT, ids=by_name)
def test_every_chapter_has_a_what_if_a_quiz_and_a_page_of_formulas(chapter: Chapter) -> None:
    assert chapter.what_ifs and chapter.questions >= 5
    assert chapter.number == "20" or any(".formulas(" in source for source, _ in chapter.code)


def test_a_formula_counts_as_one_word() -> None:
    text = "The sum $w \\cdot x + b$ is\n$$z = 1$$\n- *large*."
    assert len(list(words(text))) == len(["The", "sum", "$", "is", "$$", "large"])


def test_the_time_is_words_and_steps(tmp_path: Path) -> None:
    source = tmp_path / "77_made.ipynb"
    prose = {"cell_type": "markdown", "source": ["word " * 700]}
    html = ["<li>$a = {?}$</li>", "<li>$b = {?}$</li>"]
    player = {"source": ["d.player(predict=True)"], "outputs": [{"data": {"text/html": html}}]}
    shown = {"source": ["d.player()"], "outputs": [{"data": {"text/html": html}}]}
    cells = [prose, {"cell_type": "code"} | player, {"cell_type": "code"} | shown]
    source.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    chapter = read(source)
    assert (chapter.reading, chapter.predicted, chapter.minutes) == (4, 2, 6)
    assert table([chapter]).splitlines()[-1] == "| 77_made | 0 | 2 | 0 | 0 | 6 (4 + 2) |"


@pytest.mark.parametrize("chapter", CHAPTERS, ids=by_name)
def test_every_picture_has_a_text_alternative(chapter: Chapter) -> None:
    for source, html in chapter.code:
        for tag in re.findall(r"<img\b[^>]*>", html):
            said = re.search(r'alt="([^"]*)"', tag)
            assert said is not None and len(said[1].split()) > 3, (source, tag[:100])


def test_a_drawing_never_stands_alone() -> None:
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                kinds = output.get("data", {}).keys()
                assert "image/svg+xml" not in kinds or "text/html" in kinds, path.name
