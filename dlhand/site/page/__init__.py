"""What runs in a reading page beside the modules of the widgets, and its style."""

from __future__ import annotations

from dlhand.widgets.page import script

__all__ = ["JUDGE", "judge"]

JUDGE = ("rational", "decimal", "enclosure", "tokens", "typed", "answered", "judge")
"""The modules that judge an answer, each after those that it imports."""


def judge() -> str:
    """The modules that judge an answer as one: `stepOf` and `judged` are what others call.

    >>> "function judged(step, text, reveal)" in judge()
    True
    """
    return script(*JUDGE, of=__name__)
