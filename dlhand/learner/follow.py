"""Answers that follow from wrong ones: the step is done well, the mistake lies before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dlhand.errors import AnswerError, UndefinedValue
from dlhand.learner.asked import Asked, Number, fitted
from dlhand.learner.early import Written
from dlhand.learner.own import bases, named
from dlhand.learner.rules import EARLY, NOTHING, Told, rounded, with_all_digits
from dlhand.learner.slips import searched
from dlhand.learner.ways import ways
from dlhand.learner.words import listed_words
from dlhand.numbers.closed import nearly
from dlhand.numbers.exact import nested
from dlhand.numbers.typed import parse_answer
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry


def wrong_value(text: str, entry: Entry) -> Any:
    """The value of an answer that was not right, as ``earlier`` of `check` wants it.

    A `Fraction`, or nested lists of them in the shape of the step; None where the text cannot be
    read, or has another shape. The text is what was typed, or the ``answer`` of its `Judgement`.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a=["0.5", 1], b=[2, 3])
    >>> s = d.step("s", a + b)
    >>> wrong_value("2.5, 5", s), wrong_value("2.5", s)
    ([Fraction(5, 2), Fraction(5, 1)], None)
    """
    try:
        numbers = fitted(parse_answer(text, size(entry.shape)), entry.shape)
    except AnswerError:
        return None
    return None if numbers is None else nested([nearly(value) for value, _ in numbers], entry.shape)


def followed(
    step: Asked,
    numbers: Sequence[Number],
    earlier: Mapping[str, Any],
    reveal: bool,
    written: Mapping[str, Written] = NOTHING,
) -> tuple[Told, Asked] | None:
    """What to say of an answer that is right from the learner's own values, and the step by these.

    It rests on those that are wrong, ``earlier``, and may rest on those beside them that are right
    as they were ``written`` down. None for an answer that does not.
    """
    if not step.affords_others:
        return None
    own = []
    for wrong, values in _resting(step, earlier, written):
        try:
            own.append((wrong, step.from_other(values)))
        except UndefinedValue:  # theirs divide by zero, say
            continue
    for rule in (with_all_digits, rounded):  # the first costs little, and so comes first for all
        for wrong, theirs in own:
            typed = theirs.typed(numbers)
            told = rule(theirs, typed, ways(theirs, typed))
            if told is None or told.verdict == "not yet":
                continue
            message = _resting_on(wrong)
            if told.verdict == "rounded early":
                message += f"; it is rounded early: {told.message.removeprefix(EARLY)}"
            if reveal:
                message += f"; from the true values it is {step.true(step.typed(numbers))}"
            return Told("follows", message), theirs
    for wrong, theirs in own[:1]:  # a slip more, on top of the learner's own values
        seen = searched(theirs, theirs.typed(numbers))
        if seen.told:
            words = f"not yet: {seen.told}, from your {_listed(wrong)}"
            return Told("not yet", words, seen.where), step
    return None


def _resting(
    step: Asked, earlier: Mapping[str, Any], written: Mapping[str, Written]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The wrong values on which an answer may rest, and these with right ones beside them."""
    d, entry = step.derivation, step.entry
    for values in bases(d, entry, earlier):
        yield values, values
    if not written:
        return
    own = {name: one.value for name, one in written.items()} | dict(earlier)
    for values in bases(d, entry, own):
        wrong = {name: value for name, value in values.items() if name in earlier}
        if wrong and len(wrong) < len(values):
            yield wrong, values


def _listed(values: Mapping[str, Any]) -> str:
    return listed_words([named(name, value) for name, value in values.items()])


def _resting_on(values: Mapping[str, Any]) -> str:
    told = _listed(values)
    return f"it follows from your {told}, which {'are' if len(values) > 1 else 'is'} not right yet"
