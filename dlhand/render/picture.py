"""A picture as a notebook shows it: SVG with a text alternative."""

from __future__ import annotations

from typing import Any


class Picture:
    """An SVG picture with its text alternative; a notebook shows it by itself.

    >>> Picture("<svg/>", "An empty picture.")
    An empty picture.
    """

    def __init__(self, svg: str, alternative: str) -> None:
        self.svg = svg
        self.alternative = alternative

    def __repr__(self) -> str:
        return self.alternative

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.alternative}
