"""A given under the learner's hand: a slider for a single number, a box for every kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from html import escape
from typing import Any

import ipywidgets

from dlhand.derivation.model import Given
from dlhand.derivation.snippet import written
from dlhand.errors import AnswerError, DlhandError
from dlhand.learner.check import fitted, shape_words
from dlhand.numbers.exact import nested, read_array
from dlhand.numbers.typed import parse_answer
from dlhand.render import names

__all__ = ["Control"]

TO_A_SIDE = 100
"""About so many steps a slider has to each side."""
FURTHEST = 10**300
"""Beyond this a slider, which counts in floats, cannot go."""


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
        self._trouble = _Trouble()
        if self.slider is not None:
            self.slider.observe(self._on_slider, "value")
        self.text.observe(self._on_text, "value")
        row = [self.text] if self.slider is None else [self.slider, self.text]
        wraps = ipywidgets.Layout(flex_flow="row wrap", max_width="100%")
        self.box = ipywidgets.VBox(
            [ipywidgets.HBox(row, layout=wraps), self._trouble],
            layout=ipywidgets.Layout(max_width="100%"),
        )
        self.box.add_class("dlhand-control")

    @property
    def error(self) -> str:
        """What was wrong with the text typed last; "" for nothing."""
        return self._trouble.text

    def reset(self) -> None:
        """Show the declared value again, and tell nobody."""
        self._set(self._declared)

    def _on_slider(self, change: Any) -> None:
        if self._quiet or not math.isfinite(change["new"]):
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
            self._trouble.say(f"{error} Still used: {_written(self.value)}")
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
        self._trouble.say("")
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


class _Trouble(ipywidgets.HTML):  # type: ignore[misc]  # ipywidgets has no type hints
    """A line that says what is wrong; no room is taken while nothing is."""

    text = ""

    def __init__(self) -> None:
        super().__init__(layout=ipywidgets.Layout(display="none"))

    def say(self, text: str) -> None:
        """Show a text; "" takes the line away."""
        if text == self.text:
            return
        self.text = text
        color = "var(--jp-error-color1, #b00020)"
        self.value = text and f'<span role="alert" style="color: {color}">{escape(text)}</span>'
        self.layout.display = None if text else "none"


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
        return written(value)
    if isinstance(value[0], Fraction):
        return ", ".join(map(_written, value))
    if isinstance(value[0][0], Fraction):
        return "\n".join(map(_written, value))
    return f"[{', '.join(map(_bracketed, value))}]"


def _bracketed(value: Any) -> str:
    if isinstance(value, Fraction):
        return written(value)
    return f"[{', '.join(map(_bracketed, value))}]"
