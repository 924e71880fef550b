"""A learner's answers to one problem, marked: one slip costs one step, and not all after it.

Each answer is judged as in the player (`dlhand.learner.check`): from the learner's own answers
before it where these were wrong. What is not right there is asked for its slip.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.diagnosis import diagnose
from dlhand.errors import DlhandError
from dlhand.exercises.carried import follows
from dlhand.learner.check import Judgement, check, wrong_value
from dlhand.learner.record import RIGHT
from dlhand.learner.words import listed_words
from dlhand.numbers.digits import Digits

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = ["MISSING", "Mark", "mark", "with_point"]

MISSING = "no answer"
"""The verdict on a step to which nothing was handed in."""
POINTS = (*RIGHT, "follows")
MOST_CHANCE = 0.25
"""Up to this chance of a coincidence a slip is named. One digit more in the answer tells more."""
_DECIMAL_COMMA = re.compile(r"[+\-−]?\d+,\d+")


class Mark(NamedTuple):
    """What is said of one answer.

    Attributes:
        step: the name of the step
        answer: as it was handed in
        verdict: that of `Judgement`, or `MISSING`
        told: a sentence for the learner; it tells no right value
        slip: what the slip is called; "" where the step was done well, or no slip is known
    """

    step: str
    answer: str
    verdict: str
    told: str
    slip: str = ""

    @property
    def points(self) -> int:
        """One for a step that was done well, from whatever numbers."""
        return int(self.verdict in POINTS)


def mark(d: Derivation, answers: Mapping[str, str], digits: int) -> list[Mark]:
    """Mark the answers to the steps of a problem, by the names of the steps.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("An error")
    >>> o, t = d.givens(o="0.73492", t="0.05")
    >>> e = d.step("e", o - t)
    >>> E = d.step("E", e**2 / 2)
    >>> for one in mark(d, {"e": "-0.68492", "E": "0.46912"}, 5):
    ...     print(one.points, one.verdict, one.slip)
    0 not yet sides of a difference exchanged
    0 not yet divisor left out
    """
    wrong: dict[str, Any] = {}
    began: dict[str, str] = {}
    written: dict[str, str] = {}
    marks = []
    for step in d.steps:
        text = with_point(answers.get(step.name, ""))
        if not text:
            marks.append(Mark(step.name, "", MISSING, "nothing was handed in"))
            continue
        found = check(d, step, text, digits=Digits(digits), earlier=wrong, written=written)
        if found.verdict == "not yet" and began and follows(d, step, text, began):
            words = f"it follows from your {listed_words([*began])}, not right yet"
            found = found._replace(verdict="follows", message=words)
        slip, told = "", found.message
        if found.verdict == "not yet":
            slip, told = _slip(d, step, found, wrong, written)
        marks.append(Mark(step.name, text, found.verdict, told, slip))
        if found.verdict in RIGHT:
            written[step.name] = text
        elif (value := wrong_value(text, step)) is not None:
            wrong[step.name] = value
            if found.verdict != "follows":
                began[step.name] = text
    return marks


def _slip(
    d: Derivation,
    step: Entry,
    found: Judgement,
    wrong: Mapping[str, Any],
    written: Mapping[str, str],
) -> tuple[str, str]:
    """The name of the slip and its sentence: from all that the learner wrote, or what is wrong.

    What is right may have been carried on with more digits than were written.
    """
    right = {name: wrong_value(text, d[name]) for name, text in written.items()}
    for earlier in ({**right, **wrong}, wrong):
        try:
            diagnosis = diagnose(d, step, found.answer, earlier=earlier)
        except DlhandError:
            continue
        for first in diagnosis.explanations[:1]:
            if first.chance <= MOST_CHANCE:  # where that is not little, the sentence says so
                return first.names[0], str(diagnosis)
    return "", found.message


def with_point(text: str) -> str:
    """An answer with a decimal point where one number was written with a comma.

    >>> with_point(" 0,41"), with_point("[1, 2]")
    ('0.41', '[1, 2]')
    """
    text = text.strip()
    return text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else text
