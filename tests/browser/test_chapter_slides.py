"""A chapter as slides by nbconvert: none is a whole chapter, and prose is seen at once.

What a cell of code shows may be longer than a slide (a player with forty steps, a table); then it
is alone there, below little prose, and `--SlidesExporter.reveal_scroll=True` lets it scroll.
`DLHAND_ALL=1` measures every chapter, not only a sample.
"""

import os
from pathlib import Path

import nbformat
import pytest
from nbconvert import SlidesExporter
from playwright.sync_api import Browser

from tools import slideshow
from tools.chapters import NOTEBOOKS

pytestmark = pytest.mark.browser

SAMPLE = ("04_computational_graphs", "12_lstm_and_gru", "16_transformers", "20_errata")
PATHS = [
    path
    for path in sorted(NOTEBOOKS.glob("*.ipynb"))
    if path.stem in SAMPLE or os.environ.get("DLHAND_ALL")
]
WIDE, HIGH = 960, 700  # a slide of reveal.js
MEASURE = """() => [...document.querySelectorAll(".slides > section > section")].map((slide) => {
  const outputs = [...slide.querySelectorAll(".jp-Cell-outputWrapper")];
  const shown = outputs.map((one) => one.getBoundingClientRect().height);
  return [slide.innerText.trim().slice(0, 60), slide.getBoundingClientRect().height, shown];
})"""


def measured(browser: Browser, deck: Path) -> list[tuple[str, float, list[float]]]:
    """Each slide's first words, its height, and the heights of what cells of code show on it."""
    page = browser.new_page(viewport={"width": WIDE, "height": HIGH})
    page.route("http*://**", lambda route: route.abort())  # what the deck asks the network for
    page.goto(deck.as_uri(), wait_until="domcontentloaded")
    slides = [tuple(slide) for slide in page.evaluate(MEASURE)]
    page.close()
    return slides  # type: ignore[return-value]


def exported(notebook, folder: Path) -> Path:
    deck = folder / "deck.html"
    deck.write_text(SlidesExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    return deck


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_slide_holds_what_is_seen_at_once(browser: Browser, path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    slides = measured(browser, exported(notebook, tmp_path))
    headings = [c for c in notebook.cells if c.source.startswith(("# ", "## "))]
    assert len(slides) > 2 * len(headings) > 10
    for words, height, shown in slides:
        assert len(shown) <= 1, words
        assert height - sum(shown) <= HIGH, words
    assert sorted(height for _, height, _ in slides)[len(slides) // 2] < HIGH


def test_a_slide_that_is_too_high_is_noticed(browser: Browser, tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("## One\n\n" + "\n\n".join(["some words"] * 60))]
    )
    [(_, height, _)] = measured(browser, exported(notebook, tmp_path))
    assert height > HIGH
    slideshow.arrange(notebook)
    slides = measured(browser, exported(notebook, tmp_path))
    assert len(slides) > 1
