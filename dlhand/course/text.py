"""Text of a fixed width: what a page of the course is where there is no HTML."""

from __future__ import annotations

from textwrap import wrap

__all__ = ["wrapped"]

WIDTH = 100
"""Columns of the text."""


def wrapped(words: str, head: str, *, indent: int = 0) -> list[str]:
    """Words as lines below a head: it begins the first line, the others stand below its end.

    ``indent`` is the number of columns that the other lines stand further in.

    >>> wrapped("right, since 2 is even", "  why  ")
    ['  why  right, since 2 is even']
    """
    return wrap(
        words,
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * (len(head) + indent),
        break_long_words=False,
        break_on_hyphens=False,
    )
