"""Chapters as slides, by nbconvert: every cell is on a slide."""

from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

SlidesExporter = pytest.importorskip(
    "nbconvert", reason="slides are made by nbconvert, which is not installed here"
).SlidesExporter
NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
DEPTH = 2
"""A slide is a section in a section; to the deck a deeper one would be a slide that is hidden."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Deck(HTMLParser):
    """The cells that are on a slide, and the sections that are none of the deck's own."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells = 0
        self.foreign: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section" and self.open.count("section") == DEPTH:
            self.foreign.append(str(self.get_starttag_text()))
        if tag not in VOID:
            self.open.append(tag)
        on_slide = self.open.count("section") == DEPTH
        self.cells += on_slide and "jp-Cell" in (dict(attrs).get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass


def deck(notebook: nbformat.NotebookNode) -> Deck:
    """The notebook as a deck of slides."""
    return Deck(SlidesExporter().from_notebook_node(notebook)[0])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_cell_is_on_a_slide(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    found = deck(notebook)
    assert not found.foreign
    assert found.cells == len([cell for cell in notebook.cells if cell.source.strip()])


def test_a_section_in_an_output_is_seen() -> None:
    cells = [nbformat.v4.new_code_cell("x"), nbformat.v4.new_code_cell("y")]
    html = nbformat.v4.new_output("display_data", {"text/html": "<section>1"})
    cells[0].outputs = [html]
    assert deck(nbformat.v4.new_notebook(cells=cells)).foreign == ["<section>"]
