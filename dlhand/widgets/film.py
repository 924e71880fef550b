"""A film: the moments of one picture, lit one after the other.

The picture travels once. Its parts say at which moments they are lit (see `dlhand.pictures`), so
that the page needs nothing else to show any of them, and Python is not asked again.
"""

from __future__ import annotations

from html import escape
from typing import Any

from dlhand.errors import FormulaError
from dlhand.render.html import STYLE
from dlhand.render.picture import Picture
from dlhand.widgets.needs import anywidget, traitlets
from dlhand.widgets.page import script, sheet
from dlhand.widgets.stored import image, with_static

__all__ = ["Film"]


class Film(anywidget.AnyWidget):
    """The moments of a picture, to go through or to be played.

    Attributes:
        title: what the picture shows
        picture: the SVG
        moments: name, words and line of each moment
        position: the current moment, from 0

    Raises `FormulaError` for a picture that has no moments.

    >>> from dlhand import Derivation
    >>> d = Derivation("A matrix and a vector")
    >>> W, x = d.givens(W=[[1, 2], [3, 4]], x=[5, -6])
    >>> z = d.step("z", W @ x)
    >>> d.film("z")
    Film('Product: A matrix and a vector', 2 moments)
    """

    _esm = script("dom", "moves", "play", "picture", "film")
    _css = STYLE + sheet("player", "picture", "film")

    title = traitlets.Unicode().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    moments = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)

    def __init__(self, picture: Picture) -> None:
        if not picture.moments:
            raise FormulaError(f"{picture.title!r} has no moments; wanted a picture with some")
        moments = [list(moment) for moment in picture.moments]
        super().__init__(title=picture.title, picture=picture.svg, moments=moments)

    def static_html(self) -> str:
        """The picture and all moments in words, as HTML that needs no script."""
        title, lines = escape(self.title), [_item(*moment) for moment in self.moments]
        return "\n".join(
            [f"<h3>{title}</h3>", image(self.picture, self.title), "<ol>", *lines, "</ol>"]
        )

    def __repr__(self) -> str:
        count = len(self.moments)
        return f"Film({self.title!r}, {count} moment{'s' * (count != 1)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it picture and words as static HTML."""
        return with_static(super()._repr_mimebundle_(**kwargs), repr(self), self.static_html())


def _item(_: str, words: str, line: str) -> str:
    return f"<li>{escape(': '.join(filter(None, (words, line))))}</li>"
