"""A learner's attempts at the steps of a derivation: from the journal, and into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlhand.learner import journal
from dlhand.learner.check import Judgement, wrong_value
from dlhand.learner.record import RIGHT, Attempt, numbers_hash

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
        self._known: dict[str, dict[str, dict[str, Any]]] = {}
        for name, tried in _tried(derivation).items():
            last = tried[-1]
            finds = [k for k, one in enumerate(tried, 1) if one.verdict in RIGHT]
            self._keep(
                derivation,
                name,
                text=last.answer,
                verdict=last.verdict,
                message=f"{_SAID.get(last.verdict, 'not yet')} (on {last.time[:10]})",
                accepted="",
                where="",
                tries=min(finds, default=len(tried)),
                found=bool(finds),
            )

    def at(self, d: Derivation) -> dict[str, dict[str, Any]]:
        """By the name of a step its last attempt, as the page shows it.

        A step once found stays found; tries are counted until then.
        """
        return dict(self._known.get(numbers_hash(d), {}))

    def add(self, d: Derivation, step: Entry, text: str, found: Judgement) -> str:
        """Take an attempt and record it; what could not be read is none.

        Returns what the learner is to be told of that behind the judgement, if anything.
        """
        if found.verdict == "unreadable":
            return ""
        before = self.at(d).get(step.name, {"tries": 0, "found": False})
        is_found = before["found"]
        self._keep(
            d,
            step.name,
            text=text,
            verdict=found.verdict,
            message=found.message,
            accepted=found.accepted,
            where=found.where,
            tries=before["tries"] + (not is_found),
            found=is_found or found.verdict in RIGHT,
        )
        told = journal.current().record(d, step, text, found)
        return f"({told})" if told else ""

    def right(self, d: Derivation) -> dict[str, str]:
        """The learner's right answers as they were typed, from which later ones may come."""
        return {name: one["text"] for name, one in self.at(d).items() if one["verdict"] in RIGHT}

    def put_aside(self, d: Derivation) -> None:
        """Begin anew with the numbers of now; the journal keeps what there was."""
        self._known.pop(numbers_hash(d), None)

    def _keep(self, d: Derivation, name: str, **attempt: Any) -> None:
        self._known.setdefault(numbers_hash(d), {})[name] = attempt

    def wrong(self, d: Derivation) -> dict[str, Any]:
        """The learner's own values of steps, not right yet, from which later ones may follow."""
        return {
            name: value
            for name, one in self.at(d).items()
            if one["verdict"] not in RIGHT
            and (value := wrong_value(one["text"], d[name])) is not None
        }


def _tried(d: Derivation) -> dict[str, list[Attempt]]:
    """By the name of a step all attempts at it with the numbers of now, as the journal has them."""
    kept = journal.current()
    last = kept.taken_up(d)
    tried: dict[str, list[Attempt]] = {name: [] for name in last}
    if last:
        label, givens = next((one.derivation, one.givens) for one in last.values())
        for one in kept.attempts(label):
            if one.givens == givens and one.step in tried:
                tried[one.step].append(one)
    return tried
