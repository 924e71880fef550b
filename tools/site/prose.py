"""The markdown cells of a chapter as HTML, and as sections that a search goes through."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from tools.site.mathematics import Mathematics

_TEX = re.compile(r"\\[a-zA-Z]+|[\\{}_^&]")


@dataclass
class Section:
    """A heading of a chapter and the words below it."""

    heading: str
    anchor: str
    words: list[str] = field(default_factory=list)


class Prose:
    """Markdown to HTML, with the formulas of a page and the headings that there have been."""

    def __init__(self, mathematics: Mathematics) -> None:
        self.sections: list[Section] = []
        self._reader = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
        rules: Any = self._reader.renderer.rules  # type: ignore[attr-defined]
        rules["table_open"] = lambda *_: '<div class="wide"><table>\n'
        rules["table_close"] = lambda *_: "</table></div>\n"
        rules["math_inline"] = lambda tokens, k, *_: mathematics.mark(tokens[k].content)
        rules["math_inline_double"] = rules["math_block"] = lambda tokens, k, *_: mathematics.mark(
            tokens[k].content, display=True
        )

    def html(self, markdown: str) -> str:
        """A cell; what is searched of it is taken up."""
        tokens = self._reader.parse(markdown)
        for k, token in enumerate(tokens):
            if token.type == "heading_open":
                self._open(token, _plain(tokens[k + 1]))
            elif token.type == "inline" and tokens[k - 1].type != "heading_open" and self.sections:
                self.sections[-1].words.append(_plain(token))
        return str(self._reader.renderer.render(tokens, self._reader.options, {}))

    def _open(self, token: Any, heading: str) -> None:
        anchor = _anchor(heading, {section.anchor for section in self.sections})
        token.attrSet("id", anchor)
        self.sections.append(Section(heading, anchor))


def _plain(token: Any) -> str:
    """What is read of an inline token, its formulas without the marks of LaTeX."""
    parts = []
    for child in token.children or []:
        if child.type.startswith("math"):
            parts.append(" ".join(_TEX.sub(" ", child.content).split()))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        else:
            parts.append(child.content)
    return "".join(parts)


def _anchor(heading: str, taken: set[str]) -> str:
    """A name for a heading that can stand in an address, and that no other one has."""
    letters = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or "section"
    names = [base, *(f"{base}-{n}" for n in range(2, 100))]
    return next(name for name in names if name not in taken)
