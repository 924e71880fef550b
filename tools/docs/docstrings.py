"""Docstrings as the documentation shows them.

They are written for readers of the code: examples stand in the text as they would be typed, and a
name stands in backquotes. Here examples become blocks of code, and names that are known become
links.
"""

import re
from typing import Any

import griffe

_EXAMPLE = re.compile(r"(?:^>>> .*\n?)(?:^(?!\s*$).*\n?)*", re.MULTILINE)
_NAME = re.compile(r"(?<![`\w\[])`([A-Za-z_][\w.]*)`(?!`)")


class Readable(griffe.Extension):  # type: ignore[misc]  # griffe is not in this environment
    """Changes each docstring after it has been read."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Called for every module, class, function and attribute."""
        if obj.docstring is None:
            return
        pieces = re.split(f"({_EXAMPLE.pattern})", obj.docstring.value, flags=re.MULTILINE)
        obj.docstring.value = "".join([_shown(piece, obj) for piece in pieces])


def _shown(piece: str, obj: griffe.Object) -> str:
    is_example = piece.startswith(">>> ")
    return f"```pycon\n{piece.rstrip()}\n```\n" if is_example else _linked(piece, obj)


def _linked(text: str, obj: griffe.Object) -> str:
    def link(match: re.Match[str]) -> str:
        name = match[1]
        try:
            path = name if name.startswith("dlhand.") else obj.resolve(name)
        except griffe.NameResolutionError:
            return match[0]
        return f'<autoref optional identifier="{path}">`{name}`</autoref>'

    return _NAME.sub(link, text)
