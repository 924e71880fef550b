"""What the page of a player shows, in two halves: what the numbers do not change, and the numbers.

`View.fixed` is sent once. `View.numbers` is the one value that carries all that changes with a
given, with the digits, or with rounding by hand. It is made at every tick of a slider; what the
tick does not touch is not made anew::

    {
        "givens": [" = 0.1" as HTML, ...],
        "steps": [[numbers, result, label, note], ...],
    }

with, for each step in order, the numbers put in and the result as HTML (each with the sign before
it, "" for none), the spoken line in plain text, to follow the step's ``asks``, and a remark on the
result in plain text.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

from dlhand.derivation.entries import Entry, Given
from dlhand.derivation.evaluate import Evaluation
from dlhand.numbers.digits import USUAL, Digits
from dlhand.render.html import math_line, piece
from dlhand.render.mathml import MATHML
from dlhand.render.parts import line, prose, say, spell
from dlhand.render.writers import TEXT

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

__all__ = ["View"]


class View:
    """The page of a derivation and of its variants, its numbers with so many digits.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b)
    >>> view = View(d)
    >>> view.fixed()["steps"][0]["asks"]
    's = a + b'
    >>> [numbers, result, label, note] = view.numbers(d.what_if(a=1))["steps"][0]
    >>> label
    ' = 1 + (−2) = −1'
    """

    def __init__(self, derivation: Derivation, digits: Digits = USUAL) -> None:
        self._derivation = derivation
        self._digits = digits
        self._rows: list[Any] = []
        self._given: Mapping[int, Any] = {}

    def fits(self, other: Derivation) -> bool:
        """Whether another derivation differs from this one in its numbers alone."""
        d = self._derivation
        return (other.title, other.about, other.entries, other.evaluation.fixed.keys()) == (
            d.title, d.about, d.entries, d.evaluation.fixed.keys()
        )  # fmt: skip

    def fixed(self) -> dict[str, Any]:
        """Title, givens and steps without their numbers: mathematics and words as HTML."""
        d = self._derivation
        return {
            "title": prose(d, d.title),
            "about": prose(d, d.about),
            "givens": [_given(d, given) for given in d.given_entries],
            "steps": [_step(d, step) for step in d.steps],
            "tells": {prose(d, title): prose(d, words) for title, words in d.tells.items()},
        }

    def numbers(self, d: Derivation) -> dict[str, Any]:
        """All numbers of the derivation, or of a variant of it, as one value.

        Raises `UndefinedValue` where one of its steps has no value.
        """
        moved = self._moved(d)
        rows = [
            self._row(d, entry) if entry.index in moved else self._rows[entry.index]
            for entry in d.entries
        ]
        self._rows = rows
        self._given = d.evaluation.fixed if d.evaluation.__class__ is Evaluation else {}
        return {
            "givens": [rows[given.index] for given in d.given_entries],
            "steps": [rows[step.index] for step in d.steps],
        }

    def _moved(self, d: Derivation) -> Container[int]:
        """The positions of what may be another number than the last time."""
        if not self._given or d.evaluation.__class__ is not Evaluation:
            return range(len(d.entries))
        moved = {k for k, value in d.evaluation.fixed.items() if value != self._given[k]}
        for entry in d.entries:
            if any([leaf.index in moved for leaf in entry.uses]):
                moved.add(entry.index)
        return moved

    def _row(self, d: Derivation, entry: Entry) -> Any:
        seen, spoken = (spell(d.evaluation, entry, each, self._digits) for each in (MATHML, TEXT))
        _, put_in, result, exact, note = seen
        shown = piece("=" if exact else "≈", result)
        if entry.rule is None:
            return shown
        label = TEXT.equal + spoken[1] if spoken[1] else ""
        label += (TEXT.equal if exact else TEXT.about) + spoken[2]
        remark = TEXT.note(note) if note else ""
        return [piece("=", put_in), shown, label + remark, remark.strip()]


def _given(d: Derivation, given: Given) -> dict[str, str]:
    remark = f" ({say(d, given, MATHML)})" if given.say else ""
    return {"symbol": math_line(d, given).symbol, "remark": remark}


def _step(d: Derivation, step: Entry) -> dict[str, Any]:
    pieces, spoken, words = math_line(d, step), line(d, step, "text"), say(d, step, MATHML)
    return {
        "name": step.name,
        "section": prose(d, step.section),
        "say": spoken.say,
        "words": "" if words == spoken.say else words,
        "symbol": pieces.symbol,
        "formula": pieces.formula,
        "asks": TEXT.equal.join(filter(None, (spoken.symbol, spoken.formula))),
        "shape": list(step.shape),
    }
