"""The frame of every page: head, search, the way to other pages."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

COURSE = "Deep learning by hand"
LICENCES = "Text: CC BY 4.0. Code: BSD 3-Clause. Mathematics font: STIX Two Math, SIL OFL 1.1."


class Chapter(NamedTuple):
    """A chapter as the pages speak of it."""

    name: str
    """As its notebook, such as "05_backpropagation"."""
    title: str
    about: str

    @property
    def number(self) -> str:
        """Its number, two digits."""
        return self.name[:2]

    @property
    def page(self) -> str:
        """The file of its reading page."""
        return f"{self.name}.html"


def framed(title: str, body: str, chapters: Sequence[Chapter], here: str = "") -> str:
    """A whole page; `here` is the chapter that it is, to be marked in the list of all."""
    items = "".join(
        f'<li><a href="{one.page}"{" aria-current=page" if one.name == here else ""}>'
        f"{one.number} {escape(one.title)}</a></li>"
        for one in chapters
    )
    name = f"{escape(title)} · {COURSE}" if title else COURSE
    return f"""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/site.css">
<script src="assets/site.js" defer></script>
</head>
<body data-root="">
<a class="skip" href="#content">To the text</a>
<header>
<a class="home" href="index.html">{COURSE}</a>
<details class="all"><summary>Chapters</summary>\
<nav aria-label="chapters"><ol>{items}</ol></nav></details>
<form class="search" role="search"><input type="search" aria-label="Search all chapters" \
placeholder="Search all chapters" autocomplete="off"><span role="status"></span>\
<ul hidden></ul></form>
</header>
<p class="notice" role="status"></p>
<main id="content" tabindex="-1">
{body}
</main>
<footer><p>{LICENCES}</p></footer>
</body>
</html>
"""
