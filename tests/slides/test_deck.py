"""What a deck of slides has in it, and what it refuses. tests/browser clicks through decks."""

import math
import os
import re
from html import unescape
from xml.etree import ElementTree

import pytest

import dlhand
from dlhand import Derivation
from dlhand.cli import main
from dlhand.errors import FormulaError, UnknownName
from dlhand.numbers.digits import Digits
from dlhand.slides.choice import chosen_steps, derivations
from dlhand.slides.deck import REVEAL
from dlhand.slides.slide import Look, stacks
from tools.vendor_reveal import FOLDER, SUMS, sums


def sections(d, **options):
    """The slides as elements of XML."""
    named = {name: value for name, value in options.items() if name != "steps"}
    html = "".join(stacks(d, chosen_steps(d, options.get("steps")), Look(**named)))
    return ElementTree.fromstring(f"<div>{html.replace('<br>', '')}</div>").findall(
        "section/section"
    )


def kinds(slides):
    return [slide.get("class").split()[0] for slide in slides]


def text(node):
    return "".join(node.itertext()).replace("\N{MINUS SIGN}", "-")


def of_class(node, name):
    return [one for one in node.iter() if name in one.get("class", "").split()]


def test_a_deck_has_title_givens_a_slide_for_each_step_and_the_whole_derivation():
    d = dlhand.load("002-net222")
    found = kinds(sections(d))
    assert found[0] == "title" and found[-1] == "whole"
    assert found.count("step") == len(d.steps)
    titles = {title for title, _ in d.sections()}
    assert {"Forward", "Backward"} <= titles
    # A section of givens alone says its title above its list.
    assert found.count("title") + found.count("givens") == 1 + len(titles)


def test_each_click_brings_the_next_part_of_a_step():
    d = Derivation("A sum")
    a, b = d.givens(a="0.5", b="-2")
    d.step("s", a + b, say="add them")
    d.step("t", -a)
    first, second = (s for s in sections(d, predict=True) if s.get("data-step"))
    clicked = [one.get("class").split()[:2] for one in of_class(first, "fragment")]
    assert clicked == [
        ["row", "formula"],
        ["row", "numbers"],
        ["guess", "fragment"],
        ["row", "result"],
    ]
    # Where there are no words the formula comes with the slide.
    assert not of_class(second, "words")
    assert "fragment" not in of_class(second, "formula")[0].get("class")
    assert not of_class(sections(d)[-2], "guess")


def test_the_speaker_reads_the_sentence_and_the_line():
    d = dlhand.load("002-net222")
    slide = next(s for s in sections(d) if s.get("data-step") == "o2")
    notes = text(of_class(slide, "notes")[0])
    assert "the second output" in notes and "1.2631" in notes


def test_the_last_slide_has_the_whole_derivation_with_its_numbers():
    h = [1 / (1 + math.exp(-z)) for z in (0.41, 0.47)]
    z = [0.5 * h[0] + 0.6 * h[1] + 0.35, 0.7 * h[0] + 0.8 * h[1] + 0.35]
    o = [1 / (1 + math.exp(-one)) for one in z]
    error = sum((t - one) ** 2 / 2 for t, one in zip((0.05, 0.95), o, strict=True))
    d = dlhand.load("002-net222")
    for places in (3, 9):
        rows = of_class(sections(d, digits=Digits(places=places))[-1], "line")
        assert len(rows) == len(d.steps)
        (row,) = (row for row in rows if row.get("aria-label").startswith("E = "))
        assert row.get("aria-label").endswith(f"{error:.{places}f}")


def test_a_part_of_the_steps():
    d = dlhand.load("002-net222")
    slides = sections(d, steps="z_h2..h2")
    assert [s.get("data-step") for s in slides if s.get("data-step")] == ["z_h2", "h1", "h2"]
    assert "2 of 3" in text(next(s for s in slides if s.get("data-step") == "h1"))
    assert len(of_class(slides[-1], "line")) == 3
    assert [len(chosen_steps(d, span)) for span in ("..3", "3..", "..")] == [
        3, len(d.steps) - 2, len(d.steps)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("span", "error", "said"),
    [
        ("3", FormulaError, "'3'"),
        ("1..2..3", FormulaError, "wanted two steps"),
        ("h2..z_h1", FormulaError, "runs backwards"),
        ("0..3", UnknownName, "no step 0"),
        ("1..999", UnknownName, "no step 999"),
        ("z_h9..E", UnknownName, "z_h9"),
        ("w1..E", UnknownName, "'w1' is a given"),
    ],
)
def test_what_is_no_part_is_refused(span, error, said):
    with pytest.raises(error, match=re.escape(said)):
        dlhand.load("002-net222").slides(steps=span)


def test_pictures_that_there_are_not_are_refused():
    d = dlhand.load("002-net222")
    with pytest.raises(FormulaError, match="'nothing'; wanted 'none', or one of"):
        d.slides(picture="nothing")
    assert 'data-picture="' not in d.slides(picture="none").html
    assert d.slides().html.count('<div id="picture-') == 1


def test_the_file_asks_for_nothing_and_can_be_written_again():
    html = dlhand.load("002-net222").slides().html
    assert not re.search(
        r"<(script|link|img|iframe)[^>]*\s(src|href)=", html.partition("<body>")[0]
    )
    style = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    assert "@import" not in style and not re.search(r"url\((?!data:|#)", style)
    assert html.count("</script>") == 5  # none is ended by a string in it
    assert html == dlhand.load("002-net222").slides().html


def test_what_is_written_by_people_stays_text():
    d = Derivation("<b>bold</b> </script>")
    a = d.given("a", 1)
    d.step("s", a + a, say="<i>twice</i>")
    html = d.slides().html
    assert "<b>bold" not in html and "<i>twice" not in html
    assert "<b>bold</b>" in unescape(html)


def test_a_chapter_is_one_deck():
    names = [d.name for d in derivations("05_backpropagation")]
    assert "002-net222" in names and len(names) > 5
    with pytest.raises(UnknownName, match="05_backpropagation"):
        derivations("05_backpropagatio")


def test_the_command_writes_a_file_or_says_why_not(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["slides", "002-net222", "--set", "w1=0.2", "--steps", "1..2"]) == 0
    assert capsys.readouterr().out == "002-net222.html\n"
    written = (tmp_path / "002-net222.html").read_text(encoding="utf-8")
    assert "0.42" in written  # 0.2 · 0.1 + 0.3 · 0.5 + 0.25
    for arguments, said in (
        (["nothing-here"], "no example or chapter"),
        (["05_backpropagation", "--steps", "1..2"], "wanted one derivation"),
        (["002-net222", "--picture", "cat"], "'cat'"),
    ):
        assert main(["slides", *arguments]) == 2
        assert said in capsys.readouterr().err
    (tmp_path / "folder").mkdir()
    for target in ("folder", "missing/deck.html"):
        assert main(["slides", "002-net222", "-o", target]) == 3
        assert "cannot be written" in capsys.readouterr().err
    assert sorted(os.listdir(tmp_path)) == ["002-net222.html", "folder"]


def test_reveal_is_as_it_was_fetched():
    assert "".join(sums()) == SUMS.read_text(encoding="utf-8")
    assert f"`{REVEAL}`" in (FOLDER / "reveal.js").read_text(encoding="utf-8")
