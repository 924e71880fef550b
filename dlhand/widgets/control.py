"""A given under the learner's hand: a slider for a single number, a box for every kind."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from dlhand.derivation.model import Given
from dlhand.derivation.snippet import written
from dlhand.errors import AnswerError, DlhandError
from dlhand.learner.check import fitted, shape_words
from dlhand.numbers.exact import nested, read_array
from dlhand.numbers.typed import parse_answer
from dlhand.widgets.slide import Allows, Ends, Slide, slide, wide_enough, widened

__all__ = ["Control"]


class Control:
    """One given under the learner's hand. It changes nothing but itself.

    Attributes:
        given: the given
        value: its exact value: a `Fraction`, or nested lists of them
        text: what stands in its box
        error: what is wrong with that text; "" for nothing
        slide: the slider of a single number, None for an array
    """

    def __init__(self, given: Given, value: Any, allows: Allows, ends: Ends | None = None) -> None:
        self.given = given
        self._declared, self._allows = value, allows
        self._slide: Slide | None = None
        if given.shape == ():
            self._slide = slide(value, widened(value, ends or wide_enough(value)), allows)
        self.reset()

    def reset(self) -> None:
        """Back to the declared value, and to the range around it."""
        self.slide = self._slide
        self.take(self._declared)

    def take(self, value: Any, text: str | None = None) -> None:
        """Have a value; ``text`` is what was typed for it. The range grows where it must."""
        self.value, self.error = value, ""
        self.text = _written(value) if text is None else text
        now = self.slide
        if now is not None and not now.reaches(value):
            ends = widened(value, (now.at(now.low), now.at(now.high)))
            self.slide = slide(value, ends, self._allows)

    def refuse(self, text: str, error: DlhandError) -> None:
        """Keep the value, and say what is wrong with a text."""
        self.text = text
        self.error = f"{error} Still used: {_written(self.value)}"

    def read(self, text: str) -> Any:
        """The exact value that a text stands for.

        Raises `AnswerError` for what is no number, or has another shape.
        """
        shape = self.given.shape
        answer = parse_answer(text)
        flat = fitted(answer, shape)
        if flat is None:
            wanted, came = shape_words(shape), shape_words(answer.shape)
            raise AnswerError(f"What was typed is {came}; {wanted} was wanted.")
        value = nested([number for number, _ in flat], shape)
        read_array(value)  # refuses what no derivation takes
        return value

    def state(self) -> dict[str, Any]:
        """What the page shows of it."""
        found: dict[str, Any] = {
            "text": self.text,
            "good": _written(self.value),
            "error": self.error,
        }
        if self.slide is not None:
            found |= {
                "low": self.slide.low,
                "high": self.slide.high,
                "notch": self.slide.notch(self.value),
            }
        return found


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
