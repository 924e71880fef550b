"""What if: a slider or box for each given, and a player in which all later steps follow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets

from dlhand.derivation.model import Given
from dlhand.derivation.snippet import snippet
from dlhand.errors import DlhandError, UnknownName, nearest
from dlhand.render.comparison import Comparison
from dlhand.render.names import text as symbol
from dlhand.widgets.control import Control
from dlhand.widgets.panel import Panel
from dlhand.widgets.player import Player, with_static

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

__all__ = ["WhatIf", "explore"]


def explore(derivation: Derivation, *names: str, **options: Any) -> WhatIf:
    """The player of a derivation with a control for each given, or for those named.

    A single number gets a slider and a box for what the slider does not reach; an array gets a
    box with its rows. Typed numbers are read exactly: 1/3 is a third. ``options`` are those of
    the `Player`. Raises `UnknownName` for a name that is no given.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b)
    >>> what_if = explore(d, "a")
    >>> what_if.controls["a"].text.value = "3/4"  # as a learner types it
    >>> what_if.derivation.value("s")
    -1.25
    >>> print(what_if.code())
    d.what_if(a="0.75")
    """
    return WhatIf(derivation, *names, **options)


class WhatIf(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no type hints
    """Controls for givens above the player whose steps follow them.

    Attributes:
        controls: the `Control` of each given, by its name
        panel: the `Panel`, which compares with a setting that is kept, and has the code
        player: the `Player`
        kept: the derivation with the givens that are kept: at first those that are declared
    """

    def __init__(self, derivation: Derivation, *names: str, **options: Any) -> None:
        self._declared = self.kept = derivation
        self.player = Player(derivation, **options)
        if not self.player.predict:  # what follows a given should be in sight
            self.player.revealed = len(self.player.view["steps"]) - 1
        self.controls = {
            given.name: Control(given, derivation.given_value(given), self._follow)
            for given in _chosen(derivation, names)
        }
        self.panel = Panel(self.reset, self.keep)
        self.panel.observe(self._tell, ["comparing", "coding"])
        self.player.observe(self._tell, ["digits", "places", "predict", "opened"])
        boxes = [control.box for control in self.controls.values()]
        wraps = ipywidgets.Layout(flex_flow="row wrap")
        super().__init__([ipywidgets.Box(boxes, layout=wraps), self.panel, self.player])
        self.add_class("dlhand-what-if")

    @property
    def derivation(self) -> Derivation:
        """The derivation with the givens as they are now."""
        return self.player.derivation

    def reset(self) -> None:
        """Put all givens back to what the derivation declares."""
        for control in self.controls.values():
            control.reset()
        self._follow()

    def keep(self) -> None:
        """Compare from now on with the givens as they are now."""
        self.kept = self.derivation
        self._tell()

    def code(self) -> str:
        """Python that gives the derivation with the givens as they are now."""
        return snippet(self.derivation, self._declared)

    def _follow(self) -> None:
        """Let the steps follow the controls: one change of the player's numbers."""
        values = {name: control.value for name, control in self.controls.items()}
        try:
            self.player.show(self._declared.with_values(values))
        except DlhandError as error:  # a division by zero, say: the last good steps stay
            self.panel.trouble = str(error)
        else:
            self.panel.trouble = ""
            self._tell()

    def _tell(self, _: Any = None) -> None:
        """Let what is open in the panel follow."""
        panel, player = self.panel, self.player
        with panel.hold_sync():
            if panel.coding:
                panel.code = self.code()
            if panel.comparing:
                panel.kept = f"kept: {self._setting()}"
                panel.table = Comparison(
                    self.kept,
                    player.derivation,
                    self._open_steps(),
                    labels=("kept", "now"),
                    digits=player.digits,
                    places=player.places,
                ).table()

    def _open_steps(self) -> list[str] | None:
        """The steps whose numbers are no secret; None for all."""
        if not self.player.predict:
            return None
        return [name for name in self.player.opened if name in self._declared]

    def _setting(self) -> str:
        """What is kept, in words."""
        changed = [
            symbol(given.name)
            for given in self.kept.given_entries
            if self.kept.given_value(given) != self._declared.given_value(given)
        ]
        return f"your setting of {', '.join(changed)}" if changed else "the numbers as declared"

    def __repr__(self) -> str:
        return f"WhatIf({self._declared.title!r}: {', '.join(self.controls)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it what the player has for a page without a kernel."""
        return with_static(
            super()._repr_mimebundle_(**kwargs), repr(self), self.player.static_html()
        )


def _chosen(derivation: Derivation, chosen: Sequence[str]) -> list[Given]:
    if not chosen:
        return derivation.given_entries
    found = []
    for name in chosen:
        entry = derivation[name]
        if not isinstance(entry, Given):
            known = [given.name for given in derivation.given_entries]
            raise UnknownName(f"{name!r} is a step, not a given{nearest(name, known)}")
        found.append(entry)
    return found
