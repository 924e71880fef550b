"""What runs in a reading page beside the modules of the widgets, and its style."""

from __future__ import annotations

from typing import Any

from dlhand.render import font
from dlhand.render.html import STYLE
from dlhand.widgets.film import Film
from dlhand.widgets.page import script, sheet
from dlhand.widgets.player import Player
from dlhand.widgets.quiz import QuizView
from dlhand.widgets.table import TableView

__all__ = ["WIDGETS", "judge", "program", "style"]

JUDGE = ("rational", "decimal", "enclosure", "tokens", "typed", "answered", "slips", "judge")
"""The modules that judge an answer, each after those that it imports."""
OTHERS = ("merge", "kept", "model", "find", "site")
WIDGETS: dict[str, Any] = {
    "player": Player, "film": Film, "quiz": QuizView, "table": TableView,
}  # fmt: skip
"""The widgets that need no kernel here, by the kinds that the page knows them by."""


def judge() -> str:
    """The modules that judge an answer as one: others call `stepOf`, `judged` and `slipIn`.

    >>> "function judged(step, text, reveal)" in judge()
    True
    """
    return script(*JUDGE, of=__name__)


def program() -> str:
    """All that runs in a reading page: a script, since a page from a file may have no modules.

    Each widget's module is a scope of its own; its names are nobody else's.
    """
    widgets = ",\n".join(
        f"{kind}: (() => {{\n{widget._esm.replace('export default', 'return')}}})()"
        for kind, widget in WIDGETS.items()
    )
    own = judge() + script("dom") + script(*OTHERS, of=__name__)
    return f"(() => {{\n{own}enliven({{\n{widgets}\n}});\n}})();\n"


def style() -> str:
    """The one style sheet of all pages: frame, derivations, widgets.

    The mathematics font is in it, and so is fetched once, also by a page that is opened as a file.
    """
    sheets = sheet("player", "picture", "step", "film", "quiz", "table")
    return "\n".join([font.face_rules(), STYLE, sheets, sheet("site", of=__name__)])
