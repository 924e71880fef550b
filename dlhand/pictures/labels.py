"""The numbers that stand beside the parts of a picture: values and gradients."""

from __future__ import annotations

from typing import NamedTuple

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.numbers.digits import Digits
from dlhand.pictures import flow, spelling
from dlhand.pictures.canvas import CLEAR, SMALL, Canvas
from dlhand.render import text


class Label(NamedTuple):
    """A number as it is shown, and the step that it belongs to.

    A gradient that is 1 by its form has no step.
    """

    text: str
    step: Entry | None


class Labels:
    """The numbers of a derivation, with the gradients of one loss."""

    def __init__(self, d: Derivation, loss: Entry | None, digits: Digits) -> None:
        self.d = d
        self.digits = digits
        self.gradients = flow.gradients(d, loss)

    def value(self, entry: Entry) -> Label:
        """The value of an entry."""
        shown = self.d.evaluation.shown(entry.index, self.digits)
        return Label(spelling.value(shown, entry.shape), entry)

    def gradient(self, entry: Entry) -> Label | None:
        """The gradient with respect to an entry, where there is one."""
        step = self.gradients.steps.get(entry.index)
        if step is not None:
            return self.value(step)
        return Label("1", None) if entry.index in self.gradients.ones else None

    def since(self, label: Label) -> str:
        """The step from which on a number is there: that of the first gradient, if it has none.

        "" for a given, which is always there.
        """
        step = label.step
        if step is None:
            step = min(self.gradients.steps.values(), key=lambda gradient: gradient.index)
        return "" if step.formula is None else step.name

    def in_words(self, label: Label) -> str:
        """A gradient for the text alternative, with all entries of an array."""
        if label.step is None:
            return label.text
        return text.result(self.d, label.step, digits=self.digits)

    def draw(
        self,
        canvas: Canvas,
        label: Label,
        at: tuple[float, float],
        colour: str,
        *,
        anchor: str = "start",
        ground: str = CLEAR,
    ) -> None:
        """Draw a number; with a ``ground`` it is lit at its own step."""
        since = self.since(label)
        own = since if ground and label.step is not None else ""
        with canvas.part(step=since, lit=[own]):
            canvas.text(
                *at, label.text,
                size=SMALL, colour=colour, anchor=anchor, ground=ground if own else "",
            )  # fmt: skip
