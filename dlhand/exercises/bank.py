"""Questions for a learning management system: a number asked for, what is accepted, known slips.

Each number of each step of a sheet is one question. Whoever answers it has the results before it
in the text, so that a slip there costs nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from dlhand.diagnosis import single_slips
from dlhand.diagnosis.words import sentence
from dlhand.exercises.accepted import asked
from dlhand.learner.words import place_words
from dlhand.numbers.digits import Digits
from dlhand.operations.table import size
from dlhand.render import parts, text
from dlhand.render.html import math_line
from dlhand.render.mathml import MATHML
from dlhand.render.names import text as symbol
from dlhand.render.parts import prose, say

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.exercises.paper import Problem
    from dlhand.exercises.sheets import Sheet
    from dlhand.learner.asked import Asked

__all__ = ["Question", "Wrong", "questions"]

MOST_ENTRIES = 16
"""Of an array with more entries the first ones are asked for."""
MOST_WRONG = 8
"""So many slips at most are told of one question, the plainest first."""
PLAIN = 3.0


class Wrong(NamedTuple):
    """A wrong answer: the interval of what is typed for it, and what is said to it."""

    low: Fraction
    high: Fraction
    told: str

    @property
    def middle(self) -> Fraction:
        """The number in the middle of the interval."""
        return (self.low + self.high) / 2


class Question(NamedTuple):
    """One number that is asked for.

    Attributes:
        name: a name for lists: problem, step and place
        group: the title of the problem
        html: what is asked, with MathML
        plain: the same as plain text
        value: the right answer
        low, high: the interval of answers that are accepted, both ends with it
        wrong: answers that slips give, and what is said to each; none lies in the interval, nor do
            two of them overlap
    """

    name: str
    group: str
    html: str
    plain: str
    value: float
    low: Fraction
    high: Fraction
    wrong: tuple[Wrong, ...]


def questions(sheet: Sheet) -> Iterator[Question]:
    """The questions of a sheet, in order.

    >>> from dlhand.exercises.sheets import Sheet
    >>> first = next(questions(Sheet(("000-neuron",), 7)))
    >>> first.name, first.low <= first.value <= first.high
    ('1 z', True)
    """
    for problem in sheet.problems():
        together = asked(problem.derivation, sheet.digits)
        for step in problem.derivation.steps:
            for n in range(min(size(step.shape), MOST_ENTRIES)):
                yield _question(problem, step, n, together[step.name], sheet.digits)


def _question(problem: Problem, step: Entry, n: int, one: Asked, digits: int) -> Question:
    d = problem.derivation
    least, most = one.interval(n, one.at[n])
    exact = one.reals[n].exact
    half = Fraction(10) ** -one.at[n] / 2  # who types further digits is right, too
    low, high = least.fraction - half, most.fraction + half
    if exact is not None:
        low, high = min(low, exact), max(high, exact)
    place = f", {place_words(n, step.shape)}" if step.shape else ""
    return Question(
        f"{problem.number} {step.name}{place}",
        f"{problem.number}. {prose(d, d.title)}",
        _html(problem, step, place, digits),
        _plain(problem, step, place, digits),
        float(one.reals[n]),
        low,
        high,
        tuple(_wrong(problem, step, n, (low, high), half)),
    )


def _wrong(
    problem: Problem, step: Entry, n: int, right: tuple[Fraction, Fraction], half: Fraction
) -> Iterator[Wrong]:
    """The plainest slips, each with an interval of its own."""
    taken = [right]
    found = sorted(
        (one for one in single_slips(problem.derivation, step, carried=False)
         if one.shape == step.shape and one.cost <= PLAIN and one.change.form is not None),
        key=lambda one: one.cost,
    )  # fmt: skip
    for one in found:
        value = Fraction(one.value[n])
        low, high = value - half, value + half
        if any(low <= end and begin <= high for begin, end in taken):
            continue
        taken.append((low, high))
        yield Wrong(low, high, sentence([one], step))
        if len(taken) > MOST_WRONG:
            return


def _html(problem: Problem, step: Entry, place: str, digits: int) -> str:
    d = problem.derivation
    lines = [math_line(d, one, digits=Digits(digits)) for one in _used(d, step)]
    known = "".join(f"<li>{line.symbol}{line.result}</li>" for line in lines)
    line = math_line(d, step)
    return (
        f"<p>{say(d, step, MATHML)}</p><ul>{known}</ul><p>{line.symbol}{line.formula} = ?"
        f"{escape(place)}</p><p>Write it with {digits} significant digits.</p>"
    )


def _plain(problem: Problem, step: Entry, place: str, digits: int) -> str:
    d = problem.derivation
    known = "; ".join(
        f"{symbol(one.name)} = {text.result(d, one, digits=Digits(digits))}"
        for one in _used(d, step)
    )
    line = parts.line(d, step, "text")
    formula = f" = {line.formula}" if line.formula else ""
    work = f"Write it with {digits} significant digits."
    return f"{known}. {line.say}: {line.symbol}{formula} = ?{place} {work}"


def _used(d: Derivation, step: Entry) -> list[Entry]:
    """What stands in the formula of a step, each once."""
    return list(dict.fromkeys(d[leaf.name] for leaf in step.uses))
