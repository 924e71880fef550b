"""A learner's attempts at the steps of a derivation: from the journal, and into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlhand.learner import journal
from dlhand.learner.check import Judgement, wrong_value
from dlhand.learner.record import RIGHT, numbers_hash

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = ["Attempts"]

_SAID = {
    "right": "right",
    "rounded early": "right, but rounded early",
    "follows": "it followed from an earlier answer that was not right yet",
}
"""Of an attempt that was made before; for other verdicts "not yet"."""


class Attempts:
    """The last attempt at each step, for each set of numbers that the derivation has had.

    Those at its own numbers are taken up from the journal.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum that nobody has tried")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b)
    >>> attempts = Attempts(d)
    >>> told = attempts.add(d, s, "1.5", d.check("s", "1.5"))
    >>> attempts.at(d)["s"]["verdict"], attempts.wrong(d)
    ('not yet', {'s': Fraction(3, 2)})
    """

    def __init__(self, derivation: Derivation) -> None:
        taken_up = journal.current().taken_up(derivation)
        self._known = {
            numbers_hash(derivation): {
                name: {
                    "text": one.answer,
                    "verdict": one.verdict,
                    "message": f"{_SAID.get(one.verdict, 'not yet')} (on {one.time[:10]})",
                    "accepted": "",
                }
                for name, one in taken_up.items()
            }
        }

    def at(self, d: Derivation) -> dict[str, dict[str, str]]:
        """By the name of a step its last attempt, as the page shows it."""
        return dict(self._known.get(numbers_hash(d), {}))

    def add(self, d: Derivation, step: Entry, text: str, found: Judgement) -> str:
        """Take an attempt and record it; what could not be read is none.

        Returns what the learner is to be told of that, if anything.
        """
        if found.verdict == "unreadable":
            return ""
        self._known.setdefault(numbers_hash(d), {})[step.name] = {
            "text": text,
            "verdict": found.verdict,
            "message": found.message,
            "accepted": found.accepted,
        }
        return journal.current().record(d, step, text, found)

    def wrong(self, d: Derivation) -> dict[str, Any]:
        """The learner's own values of steps, not right yet, from which later ones may follow."""
        return {
            name: value
            for name, one in self.at(d).items()
            if one["verdict"] not in RIGHT
            and (value := wrong_value(one["text"], d[name])) is not None
        }
