"""A picture as a notebook shows it: SVG with a text alternative."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

_FOR_THE_PAGE = re.compile(
    r' (?:data-[a-z]+|class)="[^"]*"|<path [^>]*visibility="hidden"[^>]*/>\n?'
)
"""What tells the page of a player which parts to light, and what is seen only there."""

_DESCRIPTION = re.compile("<desc>.*?</desc>\n?", re.DOTALL)

_TURNED = (
    '<style>[data-jp-theme-light="false"] .dlhand-still img'
    "{filter:invert(.9) hue-rotate(180deg)}</style>"
)
"""In a dark JupyterLab an image is turned over, as the pictures of the players are: light for dark,
each hue as it was. An image knows nothing of the page's theme, so that it cannot do this itself;
where a page takes styles out, it stays on its light paper."""


class Moment(NamedTuple):
    """One moment of a picture: the name that its parts have for it, and what happens then."""

    name: str
    words: str
    """What happens, or where."""
    line: str
    """What is calculated, as plain text."""


class Picture:
    """An SVG picture with its text alternative; a notebook shows it by itself.

    The alternative begins with the ``title``. Where the picture has moments, such as the windows of
    a convolution, ``moments`` works them out: a page can light one after the other.

    >>> Picture("<svg/>", "Nothing", "It is empty.")
    Nothing. It is empty.
    """

    def __init__(
        self, svg: str, title: str, words: str, moments: Callable[[], Iterable[Moment]] = tuple
    ) -> None:
        self.svg = svg
        self.title = title
        self.alternative = f"{title}. {words}"
        self._moments = moments

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """The moments in order; none for a picture in which nothing moves."""
        return tuple(self._moments())

    @property
    def undescribed(self) -> str:
        """The drawing without what it says of itself, for a page that is told this apart.

        >>> Picture("<svg><desc>A dot.</desc></svg>", "A dot", "It is small.").undescribed
        '<svg></svg>'
        """
        return _DESCRIPTION.sub("", self.svg)

    def redrawn(self, svg: str) -> Picture:
        """The same picture in other markup."""
        other = copy(self)
        other.svg = svg
        return other

    def __repr__(self) -> str:
        return self.alternative

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """An image with its alternative, and beside it the drawing and the alternative alone.

        Where a notebook is given a bare drawing, it shows an image that says nothing.
        """
        return {
            "text/html": still(image(self.svg, self.alternative)),
            "image/svg+xml": self.svg,
            "text/plain": self.alternative,
        }


def image(svg: str, words: str) -> str:
    """A drawing as an image of its own, with what it says in words; nothing can be lit in it.

    >>> image("<svg/>", 'x < "1"')
    '<p><img alt="x &lt; &quot;1&quot;" src="data:image/svg+xml;base64,PHN2Zy8+"></p>'
    """
    data = b64encode(_FOR_THE_PAGE.sub("", svg).encode()).decode("ascii")
    return f'<p><img alt="{escape(words)}" src="data:image/svg+xml;base64,{data}"></p>'


def still(html: str) -> str:
    """HTML whose images, if it has any, are dark in a dark JupyterLab.

    >>> still("<p>no image</p>")
    '<p>no image</p>'
    >>> still(image("<svg/>", "a dot"))[:45]
    '<div class="dlhand-still"><style>[data-jp-the'
    """
    return f'<div class="dlhand-still">{_TURNED}{html}</div>' if "<img " in html else html
