"""Where a chapter's slides begin, for `jupyter nbconvert --to slides`.

A heading begins a slide. What follows it is a pile of slides below: prose, or what a cell of code
shows, each short enough to be seen at once. A little prose stands above what it announces.
"""

import re
from collections.abc import Iterator
from typing import Any

import nbformat

MOST_WORDS = 110  # of prose on a slide
FEW_WORDS = 60  # of prose above what a cell of code shows
_HEADING = re.compile(r"(?=^#{1,2} )", re.MULTILINE)
_PARAGRAPHS = re.compile(r"\n{2,}(?! {2,}\S)")


def arrange(notebook: Any) -> None:
    """Cut long prose into cells of a slide each, and say of every cell where it stands."""
    notebook.cells = [part for cell in notebook.cells for part in _parts(cell)]
    above = MOST_WORDS
    for cell in notebook.cells:
        words = len(cell.source.split())
        if cell.cell_type == "code":
            kind = "fragment" if above <= FEW_WORDS else "subslide"
            above = MOST_WORDS
        else:
            kind = "slide" if cell.source.startswith(("# ", "## ")) else "subslide"
            above = words
        cell.metadata["slideshow"] = {"slide_type": kind}


def _parts(cell: Any) -> Iterator[Any]:
    if cell.cell_type != "markdown":
        yield cell
        return
    for text in slides_of(cell.source):
        yield nbformat.v4.new_markdown_cell(text, metadata=dict(cell.metadata))


def slides_of(prose: str) -> list[str]:
    r"""Prose cut into slides: at each heading, and between paragraphs where it is long.

    >>> slides_of("# A\n\nOne.\n\n## B\n\nTwo.")
    ['# A\n\nOne.', '## B\n\nTwo.']
    >>> [len(text.split()) for text in slides_of("## C\n\n" + "\n\n".join(["word " * 60] * 3))]
    [62, 60, 60]
    """
    return [text for section in _HEADING.split(prose) for text in _short(section) if text]


def _short(section: str) -> Iterator[str]:
    """Paragraphs in a row, as many as go on a slide; none is parted from what announces it."""
    together: list[str] = []
    for paragraph in _PARAGRAPHS.split(section.strip()):
        count = sum(len(text.split()) for text in [*together, paragraph])
        if count > MOST_WORDS and together:
            stay = together.pop() if _leads_on(together[-1]) else None
            if together:
                yield "\n\n".join(together)
            together = [] if stay is None else [stay]
        together.append(paragraph)
    yield "\n\n".join(together)


def _leads_on(text: str) -> bool:
    """Whether what follows belongs to it: it is a heading, or ends in a colon."""
    return text.endswith(":") or (text.startswith("#") and "\n" not in text)
