"""Every chapter has what a chapter has, in its order, and says how long it takes."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tools.chapters import NOTEBOOKS, Chapter, chapters, read, table, words

CHAPTERS = chapters()
TAUGHT = [chapter for chapter in CHAPTERS if chapter.number != "00"]
MOST_OFF = 10  # minutes by which a chapter may take another time than it says
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
