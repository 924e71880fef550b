"""What if: a slider or box for each given, and a player in which all later steps follow."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets

from dlhand.check import fitted, shape_words
from dlhand.derivation.model import Given, nested
from dlhand.errors import AnswerError, DlhandError, UnknownName, nearest
from dlhand.numbers.answers import parse_answer
from dlhand.numbers.digits import terminates, write
from dlhand.numbers.exact import read_array
from dlhand.render import names
from dlhand.widgets.player import Player, with_static

if TYPE_CHECKING:
    from dlhand.worked import Derivation

__all__ = ["Control", "WhatIf", "explore"]

TO_A_SIDE = 100
"""About so many steps a slider has to each side."""
FURTHEST = 10**300
"""Beyond this a slider, which counts in floats, cannot go."""
LONGEST = 15
"""A decimal of more digits is written as a fraction, so that it can be read and is exact."""


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
    """
    return WhatIf(derivation, *names, **options)


class WhatIf(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no type hints
    """Controls for givens above the player whose steps follow them.

    Attributes:
        player: the `Player`
        controls: the `Control` of each given, by its name
    """

    def __init__(self, derivation: Derivation, *names: str, **options: Any) -> None:
        self._declared = derivation
        self.player = Player(derivation, **options)
        if not self.player.predict:  # what follows a given should be in sight
            self.player.revealed = len(self.player.view["steps"]) - 1
        self.controls = {
            given.name: Control(given, derivation.given_value(given), self._follow)
            for given in _chosen(derivation, names)
        }
        reset = ipywidgets.Button(description="Reset", tooltip="all givens as they were")
        reset.on_click(lambda _: self.reset())
        self._error = _Error()
        boxes = ipywidgets.Box(
            [control.box for control in self.controls.values()],
            layout=ipywidgets.Layout(flex_flow="row wrap"),
        )
        super().__init__([boxes, reset, self._error, self.player])

    @property
    def derivation(self) -> Derivation:
        """The derivation with the givens as they are now."""
        return self.player.derivation

    def reset(self) -> None:
        """Put all givens back to what the derivation declares."""
        for control in self.controls.values():
            control.reset()
        self._follow()

    def _follow(self) -> None:
        """Let the steps follow the controls: one change of the player's view."""
        values = {name: control.value for name, control in self.controls.items()}
        try:
            self.player.show(self._declared.with_values(values))
        except DlhandError as error:  # a division by zero, say: the last good steps stay
            self._error.say(str(error))
        else:
            self._error.say("")

    def __repr__(self) -> str:
        return f"WhatIf({self._declared.title!r}: {', '.join(self.controls)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it what the player has for a page without a kernel."""
        return with_static(
            super()._repr_mimebundle_(**kwargs), repr(self), self.player.static_html()
        )


class Control:
    """One given under the learner's hand.

    Attributes:
        value: its exact value: a `Fraction`, or nested lists of them
        text: the box with the value as text
        slider: the slider of a single number; None for an array, or a number out of its range
        box: the widget that holds these
    """

    def __init__(self, given: Given, value: Any, changed: Callable[[], None]) -> None:
        self.value = self._declared = value
        self._shape = given.shape
        self._changed = changed
        self._quiet = False
        self._notch = 0
        symbol = names.text(given.name)
        can_slide = self._shape == () and abs(value) < FURTHEST
        self.slider = _slider(symbol, value) if can_slide else None
        self.text = _text_box(symbol, self._shape, _written(value), alone=self.slider is None)
        self._error = _Error()
        if self.slider is not None:
            self.slider.observe(self._on_slider, "value")
        self.text.observe(self._on_text, "value")
        row = [self.text] if self.slider is None else [self.slider, self.text]
        wraps = ipywidgets.Layout(flex_flow="row wrap", max_width="100%")
        self.box = ipywidgets.VBox(
            [ipywidgets.HBox(row, layout=wraps), self._error],
            layout=ipywidgets.Layout(max_width="100%"),
        )

    @property
    def error(self) -> str:
        """What was wrong with the text typed last; "" for nothing."""
        return self._error.text

    def reset(self) -> None:
        """Show the declared value again, and tell nobody."""
        self._set(self._declared)

    def _on_slider(self, change: Any) -> None:
        if self._quiet:
            return
        notch = self._nearest_notch(change["new"])
        if notch != self._notch:  # else the page has only rounded what it was given
            self._notch = notch
            self._set(self._at(notch), by=self.slider)
            self._changed()

    def _at(self, notch: int) -> Fraction:
        """The exact number at so many steps of the slider from the declared value."""
        value: Fraction = self._declared + notch * _step(self._declared)
        return value

    def _nearest_notch(self, value: Any) -> int:
        distance: Fraction = Fraction(value) - self._declared
        return round(distance / _step(self._declared))

    def _on_text(self, change: Any) -> None:
        if self._quiet:
            return
        try:
            value = self._read(change["new"])
        except DlhandError as error:
            self._error.say(f"{error} Still used: {_written(self.value)}")
            return
        self._set(value, by=self.text)
        self._changed()

    def _read(self, text: str) -> Any:
        answer = parse_answer(text)
        flat = fitted(answer, self._shape)
        if flat is None:
            wanted, came = shape_words(self._shape), shape_words(answer.shape)
            raise AnswerError(f"What was typed is {came}; {wanted} was wanted.")
        value = nested([number for number, _ in flat], self._shape)
        read_array(value)  # refuses what no derivation takes
        return value

    def _set(self, value: Any, by: Any = None) -> None:
        """Take a value, and show it in the widgets but the one that it comes ``by``.

        To that one it would come back late: over what is typed or dragged in the meantime.
        """
        self.value = value
        self._error.say("")
        with self._quietly():
            if by is not self.text:
                self.text.value = _written(value)
            if self.slider is not None and by is not self.slider:
                ends = Fraction(self.slider.min), Fraction(self.slider.max)
                self._notch = self._nearest_notch(min(max(value, ends[0]), ends[1]))
                self.slider.value = float(self._at(self._notch))

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """While the widgets are told what is known already."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False


class _Error(ipywidgets.HTML):  # type: ignore[misc]  # ipywidgets has no type hints
    """A line that says what is wrong; no room is taken while nothing is."""

    text = ""

    def __init__(self) -> None:
        super().__init__(layout=ipywidgets.Layout(display="none"))

    def say(self, text: str) -> None:
        if text == self.text:
            return
        self.text = text
        color = "var(--jp-error-color1, #b00020)"
        self.value = text and f'<span role="alert" style="color: {color}">{escape(text)}</span>'
        self.layout.display = None if text else "none"


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


def _step(value: Fraction) -> Fraction:
    """A round number of which about a hundred lead from a value to either end.

    >>> _step(Fraction("0.15")), _step(Fraction(37))
    (Fraction(1, 100), Fraction(1, 5))
    """
    step = max(Fraction(1), abs(value)) / TO_A_SIDE
    power = Fraction(10) ** math.floor(math.log10(step))
    return max(n * power for n in (1, 2, 5) if n * power <= step)


def _slider(symbol: str, value: Fraction) -> Any:
    step = _step(value)
    span = max(Fraction(1), abs(value)) // step * step
    return ipywidgets.FloatSlider(
        value=float(value),
        min=float(value - span),
        max=float(value + span),
        step=float(step),
        description=symbol,
        readout=False,  # the box beside it has the exact number
        layout=ipywidgets.Layout(max_width="96%"),
    )


def _text_box(symbol: str, shape: tuple[int, ...], text: str, *, alone: bool) -> Any:
    rows = text.count("\n") + 1
    kind = ipywidgets.Textarea if len(shape) > 1 else ipywidgets.Text
    box = kind(
        value=text,
        description=symbol if alone else "",
        tooltip=f"{symbol}, typed exactly",
        continuous_update=False,
    )
    if len(shape) > 1:
        box.rows = rows
    box.layout.max_width = "96%"  # with its margin, the width of a phone
    if not alone:
        box.layout.width = "9em"
    return box


def _written(value: Any) -> str:
    """A value as the answers' grammar reads it again: a list in one line, a matrix by rows.

    >>> print(_written([[Fraction(1, 2), Fraction(-1, 3)], [Fraction(0), Fraction(2)]]))
    0.5, -1/3
    0, 2
    """
    if isinstance(value, Fraction):
        short = terminates(value, LONGEST)
        return str(value) if short is None else write(short)
    if isinstance(value[0], Fraction):
        return ", ".join(map(_written, value))
    if isinstance(value[0][0], Fraction):
        return "\n".join(map(_written, value))
    return f"[{', '.join(map(_bracketed, value))}]"


def _bracketed(value: Any) -> str:
    if isinstance(value, Fraction):
        return _written(value)
    return f"[{', '.join(map(_bracketed, value))}]"
