"""A learner's answer to a step: right, rounded early, following from a wrong one, or not yet.

An answer is judged at the digits it was typed with. It is right if it is the true value rounded
there (or cut off there, which is remarked), or as floating point has it. It is *rounded early* if
it is what comes out from the learner's own rounded answers before it, from the numbers shown, or
when the steps on the way are rounded to so many places as a person would use. The accepted
interval is never a constant: it runs over what correct work with the digits asked for can
reach, so it is narrow for a first step and wider for a step at the end of a long chain.

An answer that is not right may still *follow* from wrong answers that were given before it: the
step was done well then, and the sentence says where the mistake lies. Else it is searched for the
slip that gives the answer, also from the learner's own wrong answers: see `dlhand.diagnosis`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.errors import AnswerError, UndefinedValue
from dlhand.learner.asked import Asked, fitted
from dlhand.learner.early import written_values
from dlhand.learner.follow import followed, wrong_value
from dlhand.learner.rules import Verdict, judged
from dlhand.learner.slips import shape_slip
from dlhand.learner.words import place_words, shape_words
from dlhand.numbers.answers import format_answer
from dlhand.numbers.digits import DEFAULT_DIGITS, USUAL, Digits
from dlhand.numbers.exact import read_array, read_number
from dlhand.numbers.typed import parse_answer
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = [
    "Judgement",
    "Verdict",
    "check",
    "fitted",
    "place_words",
    "shape_words",
    "typed",
    "wrong_value",
]


class Judgement(NamedTuple):
    """What is said about an answer.

    Attributes:
        verdict: "right", "rounded early", "follows", "not yet", or "unreadable" for what is no
            attempt: it cannot be read, or could be two things
        message: one sentence for the learner; it tells no digit of the true value unless the
            answer has that digit, or it was asked to
        accepted: the interval of accepted answers as text ("0.73 to 0.74"; lists for an array).
            It gives the value away, so it is for showing once the step is no secret; where the
            verdict is "follows" it is that of the learner's own values
        answer: the answer in canonical form; "" for one that cannot be read
        where: the name of the given or step at which a slip was made that gives the answer; ""
            where none is known
    """

    verdict: Verdict
    message: str
    accepted: str
    answer: str
    where: str = ""


def typed(value: Any) -> str:
    """Numbers, in lists or not, as an answer that has been typed.

    Raises `GivenError` and `ShapeError` as `Derivation.given`.

    >>> typed(2.0), typed([0.5, "1/3"])
    ('2.0', '[0.5, 1/3]')
    """
    if isinstance(value, (list, tuple)):
        read_array(value, "the answer")
        return f"[{', '.join(map(typed, value))}]"
    if hasattr(value, "tolist"):
        return typed(value.tolist())
    read_number(value, "the answer")
    return repr(value) if isinstance(value, float) else str(value)


def check(
    d: Derivation,
    entry: Entry,
    text: str,
    *,
    digits: Digits = USUAL,
    reveal: bool = False,
    earlier: Mapping[str, Any] | None = None,
    written: Mapping[str, str] | None = None,
) -> Judgement:
    """Judge a typed answer to a step of a derivation. No text raises an error.

    ``digits`` are those asked for; what is no number of digits raises `GivenError`.
    With ``reveal`` a message may tell the true value; that of an answer that is not yet right does
    not, for who has seen the result reads it there.

    ``earlier`` has, by name, the learner's values of other steps that were not right (see
    `wrong_value`). An answer that is right with these has the verdict "follows". What names no
    step before this one, or has another shape, is passed by. ``written`` has, by name, the answers
    that were right, or rounded early, as they were typed: an answer may come out from these.

    >>> from dlhand.operations.activations import sigmoid
    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("One neuron")
    >>> w, x = d.givens(w="0.37", x="0.43")
    >>> a = d.step("a", sigmoid(d.step("z", w * x)))
    >>> check(d, d["a"], "0.5397").verdict
    'right'
    >>> print(check(d, d["a"], "0.5399").message)
    right, but rounded early: this is what comes out when every step before is rounded to 2 places
    >>> print(check(d, d["a"], "0.599", earlier={"z": "0.4"}).message)
    it follows from your z = 0.4, which is not right yet
    >>> check(d, d["a"], "a half").verdict
    'unreadable'
    >>> print(check(d, d["a"], "0.53991", written={"z": "0.16"}).message)
    right, but rounded early: this is what comes out from your z = 0.16, rounded to 2 places
    """
    digits.check()
    if digits == USUAL:
        digits = Digits(DEFAULT_DIGITS)
    try:
        answer = parse_answer(text, size(entry.shape))
    except AnswerError as error:
        return Judgement("unreadable", str(error), "", "")
    canonical = format_answer(answer)
    try:
        step = Asked(d, entry, digits)
        numbers = fitted(answer, entry.shape)
        if numbers is None:
            message = f"not yet: {shape_slip(step, answer)}"
            return Judgement("not yet", message, step.accepted(), canonical)
        own = written_values(d, entry, written or {})
        told = judged(step, step.typed(numbers), reveal, own)
        if told.verdict == "not yet" and earlier:
            told, step = followed(step, numbers, earlier, reveal, own) or (told, step)
        accepted = step.accepted(step.typed(numbers))
        return Judgement(told.verdict, told.message, accepted, canonical, told.where)
    except UndefinedValue as error:
        return Judgement("not yet", f"there is no right answer here: {error}", "", canonical)
