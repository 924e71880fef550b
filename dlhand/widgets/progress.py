"""How far a learner is, for a notebook: shown while it runs, and never stored in it."""

from __future__ import annotations

from typing import Any

from dlhand.learner.journal import Journal, current
from dlhand.widgets.needs import ipywidgets
from dlhand.widgets.stored import with_static

__all__ = ["ProgressView", "progress_table"]

STATIC = "How far you are is shown here when you run this cell."


class ProgressView(ipywidgets.HTML):  # type: ignore[misc]  # ipywidgets has no type hints
    """The progress of a journal, as it was when this was made.

    The table travels as the state of a widget. What a notebook stores of it, and what a test
    compares, is one fixed sentence: it depends on nobody's journal.

    >>> from pathlib import Path
    >>> ProgressView(Journal(Path("nowhere") / "journal.jsonl"))
    How far you are is shown here when you run this cell.
    """

    def __init__(self, journal: Journal) -> None:
        super().__init__(value=journal.table().html())

    def __repr__(self) -> str:
        return STATIC

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it the fixed sentence."""
        return with_static(super()._repr_mimebundle_(**kwargs), STATIC, f"<p>{STATIC}</p>")


def progress_table() -> ProgressView:
    """The progress of the user's own journal, for a notebook."""
    return ProgressView(current())
