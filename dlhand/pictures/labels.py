"""The numbers that stand beside the parts of a picture: values and gradients."""

from __future__ import annotations

from typing import NamedTuple

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.pictures import flow, spelling
from dlhand.pictures.canvas import LIT, SMALL, Canvas
from dlhand.pictures.flow import Moment
from dlhand.render import text


class Label(NamedTuple):
    """A number as it is shown, and the step that it belongs to.

    A gradient that is 1 by its form has no step.
    """

    text: str
    step: Entry | None


class Labels:
    """The numbers of a derivation, with the gradients of one loss."""

    def __init__(self, d: Derivation, loss: Entry | None, digits: int | None) -> None:
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

    def is_known(self, label: Label, now: Moment) -> bool:
        """Whether a number is there; one without a step is there from the first gradient on."""
        if label.step is not None:
            return now.has(label.step)
        return any(now.has(step) for step in self.gradients.steps.values())

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
        now: Moment,
        *,
        anchor: str = "start",
        ground: str = "",
    ) -> None:
        """Draw a number, on a lit ground where it is that of the current step."""
        is_current = label.step is not None and label.step is now.current
        canvas.begin("" if label.step is None else label.step.name, "number")
        canvas.text(
            *at, label.text,
            size=SMALL, colour=colour, anchor=anchor, shown=self.is_known(label, now),
            ground=LIT if is_current else ground,
        )  # fmt: skip
        canvas.end()
