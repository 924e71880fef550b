"""A quiz: questions asked one by one, with the reason for every choice.

All questions travel to the page with their answers, so that it needs nothing else: it judges, and
Python is not asked. What was tried travels back, so that two views of a quiz are at the same place.
"""

from __future__ import annotations

from typing import Any

from dlhand.render.html import STYLE
from dlhand.widgets.needs import anywidget, traitlets
from dlhand.widgets.page import script, sheet
from dlhand.widgets.stored import with_static

__all__ = ["SCRIPTS", "QuizView"]

SCRIPTS = ("dom", "judge", "quiz")
"""The modules of the page, each after those that it imports."""


class QuizView(anywidget.AnyWidget):
    """Questions as a learner answers them.

    Attributes:
        questions: of each its text, its source, whether it takes several choices, and the choices:
            text, reason, and whether it is right; texts are HTML
        position: the current question, from 0; past the last one stands the score
        tries: by question, the choices of each try, as positions
    """

    _esm = script(*SCRIPTS)
    _css = STYLE + sheet("player", "quiz")

    questions = traitlets.List(traitlets.Dict()).tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    tries = traitlets.List(traitlets.List(traitlets.List(traitlets.Int()))).tag(sync=True)

    def __init__(self, questions: list[dict[str, Any]]) -> None:
        super().__init__(questions=questions, tries=[[] for _ in questions])

    def __repr__(self) -> str:
        count = len(self.questions)
        return f"QuizView({count} question{'s' * (count != 1)})"

    def with_static(self, text: str, html: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget's MIME bundle, and beside it what is read without the widget."""
        return with_static(super()._repr_mimebundle_(), text, html)
