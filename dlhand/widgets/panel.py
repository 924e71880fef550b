"""What stands between the controls of a what-if and its player, as one widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from dlhand.render.comparison import TABLE_STYLE
from dlhand.render.html import STYLE
from dlhand.widgets.page import script, sheet

__all__ = ["Panel"]


class Panel(anywidget.AnyWidget):
    """Buttons that open the comparison of two settings and the code, with what they open.

    Attributes:
        comparing, coding: whether these are open
        kept: what is compared with, in words
        table: the comparison as HTML
        code: the code
        trouble: what is wrong with the givens; "" for nothing
    """

    _esm = script("dom", "controls", "panel")
    _css = STYLE + TABLE_STYLE + sheet("panel")

    comparing = traitlets.Bool(False).tag(sync=True)
    coding = traitlets.Bool(False).tag(sync=True)
    kept = traitlets.Unicode().tag(sync=True)
    table = traitlets.Unicode().tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    trouble = traitlets.Unicode().tag(sync=True)

    def __init__(self, reset: Callable[[], None], keep: Callable[[], None]) -> None:
        super().__init__()
        self._pressed = {"reset": reset, "keep": keep}
        self.on_msg(self._on_message)

    def _on_message(self, _: Any, content: Any, buffers: Any) -> None:
        """A button was pressed. Messages come from outside: what is malformed is passed by."""
        match content:
            case {"type": str(name)} if name in self._pressed:
                self._pressed[name]()

    def __repr__(self) -> str:
        return "Panel()"
