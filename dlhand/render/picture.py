"""A picture as a notebook shows it: SVG with a text alternative."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from functools import cached_property
from typing import Any, NamedTuple


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

    def redrawn(self, svg: str) -> Picture:
        """The same picture in other markup."""
        other = copy(self)
        other.svg = svg
        return other

    def __repr__(self) -> str:
        return self.alternative

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.alternative}
