"""Answers that follow from wrong ones: the step is done well, the mistake lies before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.derivation.walk import ancestors
from dlhand.errors import AnswerError, DlhandError, UndefinedValue
from dlhand.learner.asked import Asked, Number, fitted
from dlhand.learner.rules import EARLY, Told, rounded, with_all_digits
from dlhand.learner.words import listed, listed_words
from dlhand.numbers.digits import short_decimal
from dlhand.numbers.exact import nested, read_array
from dlhand.numbers.typed import parse_answer

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

LONGEST = 40
"""Characters of a learner's own value that are told again; a longer one is only named."""
LEAST, GREATEST = Fraction(1, 10**30), Fraction(10**30)
"""A learner's own value beyond these is not followed."""
DIGITS = 12
"""A learner's own value of so many digits is told as a decimal, another as a fraction."""


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
        numbers = fitted(parse_answer(text), entry.shape)
    except AnswerError:
        return None
    return None if numbers is None else nested([value for value, _ in numbers], entry.shape)


def followed(
    step: Asked, numbers: Sequence[Number], earlier: Mapping[str, Any], reveal: bool
) -> tuple[Told, Asked] | None:
    """What to say of an answer that is right from the learner's own values, and the step by these.

    None for an answer that is not.
    """
    if not step.affords_others:
        return None
    own = []
    for values in _bases(step, earlier):
        try:
            own.append((values, step.from_other(values)))
        except UndefinedValue:  # theirs divide by zero, say
            continue
    for rule in (with_all_digits, rounded):  # the first costs little, and so comes first for all
        for values, theirs in own:
            told = rule(theirs, theirs.typed(numbers))
            if told is None or told.verdict == "not yet":
                continue
            message = _resting_on(values)
            if told.verdict == "rounded early":
                message += f"; it is rounded early: {told.message.removeprefix(EARLY)}"
            if reveal:
                message += f"; from the true values it is {step.true(step.typed(numbers))}"
            return Told("follows", message), theirs
    return None


def _bases(step: Asked, earlier: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What of the learner's own values an answer may rest on, what is nearest first.

    These are the values that the formula uses; the nearest ones on all ways back, be there steps
    between; and those in which the mistakes began, for who has carried more digits from there
    than the values between them show.
    """
    d, entry = step.derivation, step.entry
    own = {each.name: earlier[each.name] for each in d.steps if _is_value_of(each, earlier)}
    used = {leaf.name for leaf in entry.uses if leaf.name in own}
    nearest = _before(d, entry, past=own) & own.keys()
    began = {
        name
        for name in _before(d, entry) & own.keys()
        if own.keys().isdisjoint(_before(d, d[name]))
    }
    tried: list[set[str]] = []
    for names in (used, nearest, began):
        if names and names not in tried:
            tried.append(names)
            yield {name: own[name] for name in own if name in names}


def _is_value_of(step: Entry, earlier: Mapping[str, Any]) -> bool:
    if step.name not in earlier:
        return False
    try:
        flat, shape = read_array(earlier[step.name], step.name)
    except DlhandError:  # it is no number, or one of thousands of digits
        return False
    return shape == step.shape and all(_can_be_followed(value) for value in flat)


def _can_be_followed(value: Fraction) -> bool:
    """Whether a value is of a size that somebody may have worked on with: a slip of a key is not.

    Past these an exponential takes long to work out, and is told from nothing else.
    """
    return not value or LEAST <= abs(value) <= GREATEST


def _before(d: Derivation, entry: Entry, past: Collection[str] = ()) -> set[str]:
    """The names of all that an entry depends on, looking no further back than those of ``past``."""
    way = ancestors(
        d.entries,
        entry.index,
        lambda each: () if each.name in past and each is not entry else each.uses,
    )
    return {each.name for each in way if each is not entry}


def _resting_on(values: Mapping[str, Any]) -> str:
    named = listed_words([_named(name, value) for name, value in values.items()])
    return f"it follows from your {named}, which {'are' if len(values) > 1 else 'is'} not right yet"


def _named(name: str, value: Any) -> str:
    """A name with its value; a long value is left out."""
    flat, shape = read_array(value, name)
    texts = [short_decimal(x.numerator, x.denominator, DIGITS) or str(x) for x in flat]
    text = listed(nested(texts, shape))
    return f"{name} = {text}" if len(text) <= LONGEST else name
