"""A table of texts that can be searched, and sorted by any of its columns.

It travels once; searching and sorting is done in the page.
"""

from __future__ import annotations

from typing import Any

from dlhand.render.html import STYLE
from dlhand.widgets.needs import anywidget, traitlets
from dlhand.widgets.page import script, sheet
from dlhand.widgets.stored import with_static

__all__ = ["SCRIPTS", "TableView"]

SCRIPTS = ("dom", "order", "table")
"""The modules of the page, each after those that it imports."""


class TableView(anywidget.AnyWidget):
    """A table with a search.

    Attributes:
        title: what the table is of
        headings: those of its columns
        rows: the texts of each row

    >>> TableView("Pairs", ["a", "b"], [["1", "2"]])
    TableView('Pairs', 1 row)
    """

    _esm = script(*SCRIPTS)
    _css = STYLE + sheet("player", "table")

    title = traitlets.Unicode().tag(sync=True)
    headings = traitlets.List(traitlets.Unicode()).tag(sync=True)
    rows = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)

    def __init__(self, title: str, headings: list[str], rows: list[list[str]]) -> None:
        super().__init__(title=title, headings=headings, rows=rows)

    def __repr__(self) -> str:
        count = len(self.rows)
        return f"TableView({self.title!r}, {count} row{'s' * (count != 1)})"

    def with_static(self, text: str, html: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget's MIME bundle, and beside it what is read without the widget."""
        return with_static(super()._repr_mimebundle_(), text, html)
