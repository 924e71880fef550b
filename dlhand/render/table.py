"""Tables: rows of texts in columns, as plain text and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def widths(rows: Iterable[Sequence[str]]) -> list[int]:
    """The width of each column.

    >>> widths([("step", "value"), ("z", "0.25")])
    [4, 5]
    """
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """A row of the text; a width of 0 lets the last column run on.

    >>> line(("z", "0.25", "exact"), (4, 5, 0))
    'z     0.25   exact'
    """
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def html(name: str, caption: str, headings: Sequence[str], bodies: str) -> str:
    """A ``<table>`` of the class ``name``; caption and bodies are HTML already."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    return (
        f'<table class="{name}"><caption>{caption}</caption>'
        f"<thead><tr>{head}</tr></thead>{bodies}</table>"
    )
