"""The pages of the site: one for each chapter, and the first one."""

import json
import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, NamedTuple

from tools.chapters import NOTEBOOKS, OWN_NEEDS, ROOT
from tools.site.blocks import Blocks
from tools.site.cells import Cell, cells
from tools.site.frame import COURSE, Chapter, framed
from tools.site.mathematics import Mathematics
from tools.site.prose import Prose

_ROW = re.compile(r"^\| \[\d\d (.*?)\]\(notebooks/(\w+)\.ipynb\) \| (.*) \|$", re.MULTILINE)
_NOTEBOOK = re.compile(r'href="(\d\d_\w+)\.ipynb')
HOW = (
    "You can read, step, predict and be told how you did: all of it works on this page. Sliders, "
    "and derivations of your own, need Python, which runs in your browser too: "
)
NOT_LIVE = (
    "You can read, step, predict and be told how you did. The code of this chapter needs Keras and "
    "PyTorch, and so runs on your own computer only."
)


def chapters() -> list[Chapter]:
    """All chapters, with what the README says of each."""
    rows = _ROW.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    found = [Chapter(name, title, about) for title, name, about in rows]
    if {one.name for one in found} != {path.stem for path in NOTEBOOKS.glob("*.ipynb")}:
        raise RuntimeError("README.md has not a row for each chapter")
    return sorted(found)


class Page(NamedTuple):
    """A page of a chapter, and what other files of the site have of it."""

    html: str
    data: dict[str, list[Any]]
    """What is fetched only when it is asked for, by what it is: of each problem a part."""
    sections: list[tuple[str, str, str, str]]
    """What a search goes through: address, chapter, heading, text."""
    progress: dict[str, Any]


def chapter_page(chapter: Chapter, all_chapters: Sequence[Chapter], is_live: bool) -> Page:
    """Run a chapter and write its page; with the way to the live one, if there is."""
    mathematics = Mathematics()
    prose = Prose(mathematics)
    live = _live_link(chapter) if is_live and chapter.name not in OWN_NEEDS else ""
    blocks = Blocks(chapter.name, mathematics, prose, live)
    pieces = [piece for cell in cells(chapter.name) for piece in _pieces(cell, prose, blocks)]
    pieces[0] = pieces[0].replace("</h1>", f"</h1>\n{_way_to_live(chapter, live)}", 1)
    pieces = ["<article>", *pieces, "</article>", _neighbours(chapter, all_chapters)]
    body = _NOTEBOOK.sub(r'href="\1.html', mathematics.typeset("\n".join(pieces)))
    title = f"{int(chapter.number)}. {chapter.title}"
    return Page(
        framed(title, body, all_chapters, chapter.name),
        {"numbers": blocks.settings, "slips": blocks.slips},
        [
            (f"{chapter.page}#{one.anchor}", chapter.title, one.heading, " ".join(one.words))
            for one in prose.sections
        ],
        {"players": blocks.players, "quiz": blocks.quiz_key, "questions": blocks.questions},
    )


def _pieces(cell: Cell, prose: Prose, blocks: Blocks) -> Iterator[str]:
    if cell.kind == "markdown":
        yield prose.html(cell.source)
        return
    yield f'<pre class="code"><code>{escape(cell.source)}</code></pre>'
    if cell.printed:
        yield f"<pre>{escape(cell.printed)}</pre>"
    yield from (f'<div class="output">{blocks.html(shown)}</div>' for shown in cell.shown)


def _live_link(chapter: Chapter) -> str:
    address = f"live/lab/index.html?path={chapter.name}.ipynb"
    return f'<a class="live-chapter" href="{address}">Open this chapter live</a>'


def _way_to_live(chapter: Chapter, live: str) -> str:
    if chapter.name in OWN_NEEDS:
        return f'<p class="how">{NOT_LIVE}</p>'
    return f'<p class="how">{HOW}{live or "see the README"}.</p>'


def _neighbours(chapter: Chapter, all_chapters: Sequence[Chapter]) -> str:
    """The way back and on."""
    at = list(all_chapters).index(chapter)
    links = []
    for k, relation, word in ((at - 1, "prev", "Previous"), (at + 1, "next", "Next")):
        if 0 <= k < len(all_chapters):
            one = all_chapters[k]
            name = f"<span>{word}</span> {one.number} {escape(one.title)}"
            links.append(f'<a rel="{relation}" href="{one.page}">{name}</a>')
    return f'<nav class="neighbours" aria-label="neighbouring chapters">{"".join(links)}</nav>'


def first_page(all_chapters: Sequence[Chapter], pages: Sequence[Page], has_docs: bool) -> str:
    """The page with all chapters, and how far one is with each."""
    items = []
    for chapter, page in zip(all_chapters, pages, strict=True):
        progress = escape(json.dumps(page.progress, ensure_ascii=False))
        items.append(
            f'<li><a href="{chapter.page}"><span class="number">{chapter.number}</span> '
            f"<strong>{escape(chapter.title)}</strong></a><p>{escape(chapter.about)}</p>"
            f'<p class="remark" data-progress="{progress}"></p></li>'
        )
    docs = '<p><a href="docs/index.html">Documentation</a> of the package.</p>' if has_docs else ""
    body = f"""\
<h1>{COURSE}</h1>
<p>Work neural networks out with pencil and paper, and see every step: forward to what the network
says, backward to how each weight should change. Every number is shown with the step that makes it,
and every digit is proven.</p>
<p>Nothing is to be installed. The chapters are read here: you step through the derivations, predict
each result, and are told how you did. Your progress stays in this browser.
<a href="{all_chapters[0].page}">Start here</a>.</p>
{docs}
<h2>Chapters</h2>
<ol class="chapters">
{"".join(items)}
</ol>"""
    return framed("", body, all_chapters)
