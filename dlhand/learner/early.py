"""Rounding on the way: what an answer comes from that is right but for the digits carried.

Looked at first are the learner's own answers before it, then the numbers as they are shown, then
every step rounded, or cut off, to a number of places that a person would use: so many that two
significant digits are left of each step, and not one where the answer was typed to more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from dlhand.derivation.evaluate import Evaluation, rounding_words
from dlhand.derivation.walk import ancestors
from dlhand.errors import AnswerError, UndefinedValue
from dlhand.learner.asked import Asked, Number, Rounding, Typed, fitted, has_digits
from dlhand.learner.own import LONGEST, bases
from dlhand.learner.ways import Way, at, ways
from dlhand.learner.words import listed_words
from dlhand.numbers.answers import format_answer
from dlhand.numbers.closed import nearly
from dlhand.numbers.exact import nested
from dlhand.numbers.typed import parse_answer
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.numbers.real import Real

FARTHEST = Fraction(1, 10)
"""Off by more, as a part of the largest number in the answer, it is not right by any rounding."""


class Early(NamedTuple):
    """What an answer comes from, in words, and whether so much was lost that it is not right."""

    told: str
    is_lost: bool


class Written(NamedTuple):
    """The learner's right answer to a step before, as it was written down."""

    text: str
    value: object
    numbers: list[Number]


def early(
    step: Asked, typed: list[Typed], found: list[Way | None], written: Mapping[str, Written]
) -> Early | None:
    """What an answer comes from that was rounded on the way; None where no rounding leads there."""
    is_far = _is_far(step, typed)
    if told := _from_own(step, typed, written):
        return Early(told, is_far)
    is_zero = not any(t.value for t in typed)
    if is_far and not is_zero:
        return None
    told = _from_shown(step, typed) or _from_rounded(step, typed, found, is_zero)
    told = told or _within(step, typed, found)
    return Early(told, is_zero) if told else None


def _is_far(step: Asked, typed: Sequence[Typed]) -> bool:
    true = [real.enclosure()[0] for real in step.reals]
    off = max(abs(t.exactly - x) for t, x in zip(typed, true, strict=True))
    return off > FARTHEST * max(map(abs, true))


def written_values(
    d: Derivation,
    before: Entry,
    texts: Mapping[str, str],
) -> dict[str, Written]:
    """The learner's right answers by name, but for those that are exact: these round nothing.

    What names no step before that one, or has another shape, is passed by.
    """
    found = {}
    for entry in ancestors(d.entries, before.index, lambda each: each.uses) if texts else ():
        if entry.name not in texts or entry.rule is None or entry is before:
            continue
        try:
            answer = parse_answer(texts[entry.name], size(entry.shape))
        except AnswerError:
            continue
        numbers = fitted(answer, entry.shape)
        if numbers is None:
            continue
        flat = [nearly(value) for value, _ in numbers]
        exact = d.evaluation.exact(entry.index)
        if flat != list(exact if exact.__class__ is tuple else (exact,)):
            value = nested(flat, entry.shape)
            found[entry.name] = Written(format_answer(answer), value, numbers)
    return found


def _how(step: Asked, name: str, written: Written) -> str:
    """How an own answer was written down: rounded or cut off, in words."""
    before = Asked(step.derivation, step.derivation[name], step.digits)
    found = ways(before, before.typed(written.numbers))
    if None in found:
        return "itself rounded early"
    short = [way for way in found if way is not None and way.how in ("rounded", "cut off")]
    chopped = any(way.how == "cut off" for way in short)
    at = {way.places for way in short}
    if len(at) == 1 and min(at) >= 0:
        return rounding_words(min(at), chopped)
    return "cut off" if chopped else "rounded"


def _from_own(step: Asked, typed: Sequence[Typed], written: Mapping[str, Written]) -> str:
    """Whether an answer comes out from the learner's own answers before it."""
    if not written or not step.affords_others:
        return ""
    values = {name: one.value for name, one in written.items()}
    for base in bases(step.derivation, step.entry, values):
        try:
            theirs = step.from_other(base)
        except UndefinedValue:
            continue
        if None not in ways(theirs, theirs.typed([t.number for t in typed])):
            own = {name: written[name] for name in base}
            return f"this is what comes out from your {_named(step, own)}"
    return ""


def _named(step: Asked, written: Mapping[str, Written]) -> str:
    """Own answers with how each was written down, which is said once where it is the same."""
    texts = {
        n: f"{n} = {one.text}" if len(one.text) <= LONGEST else n for n, one in written.items()
    }
    hows = {name: _how(step, name, one) for name, one in written.items()}
    if len({*hows.values()}) == 1:
        return f"{listed_words([*texts.values()])}, {next(iter(hows.values()))}"
    return listed_words([f"{texts[name]} ({how})" for name, how in hows.items()])


def _from_shown(step: Asked, typed: Sequence[Typed]) -> str:
    """Whether an answer comes out from the results before it as they are shown."""
    if step.entry.formula is None:
        return ""
    try:
        reals = step.from_shown()
    except UndefinedValue:  # what is shown as 0 may be divided by
        return ""
    if reals is None:
        return ""
    comes = any(
        all(_comes_out(t, real, chopped) for t, real in zip(typed, reals, strict=True))
        for chopped in (False, True)
    )
    return f"this is what comes out from the numbers shown, with {step.work}" if comes else ""


def _from_rounded(
    step: Asked, typed: Sequence[Typed], found: Sequence[Way | None], is_zero: bool
) -> str:
    """Whether the answer comes out when steps are rounded, or cut off, to so many places.

    Zeros after the places that are left are no digits: 0.5000 does not come out where 0.5 does.
    """
    off = [t for t, way in zip(typed, found, strict=True) if way is None]
    suggested = min(2, max((t.places for t in off), default=0))
    for rounding in step.roundings:
        places, chopped = rounding
        if any(t.is_padded(places) for t in off) or (places < suggested and not is_zero):
            continue
        for which, reals, hand in by_hand(step, rounding):
            if not all(_comes_out(t, real, chopped) for t, real in zip(typed, reals, strict=True)):
                continue
            if is_zero or keeps_digits(step, hand, places):
                how = rounding_words(places, chopped)
                return f"this is what comes out when {which} is {how}"
    return ""


def _comes_out(typed: Typed, real: Real, chopped: bool) -> bool:
    return any(typed.value in at(real, places, chopped=chopped) for places in typed.scales)


def by_hand(step: Asked, way: Rounding) -> Iterator[tuple[str, Sequence[Real], Evaluation]]:
    """The step from rounded earlier steps: itself carried further, then rounded like them."""
    position, (places, chopped) = step.entry.index, way
    try:
        hand = step.derivation.by_hand(places, chopped=chopped).evaluation
        before = {k: hand.exact(k) for k in range(position)}
        if step.entry.formula is not None:
            last = Evaluation(step.derivation.entries, before)
            yield "every step before", last.reals(position), hand
        yield "every step, this one too,", hand.reals(position), hand
    except UndefinedValue:  # rounded so far that a step divides by zero: nobody got that
        return


def keeps_digits(step: Asked, hand: Evaluation, places: int) -> bool:
    """Whether a person would round to so many places: of each step before, digits are left.

    That is, `SIGNIFICANT` ones of its largest number, unless nothing was lost at all.
    """
    d = step.derivation
    for entry in ancestors(d.entries, step.entry.index, lambda each: each.uses):
        if entry.rule is None or entry is step.entry:
            continue
        value = hand.exact(entry.index)
        many = value if entry.shape else (value,)
        if value != d.evaluation.exact(entry.index) and not has_digits(max(many, key=abs), places):
            return False
    return True


def _within(step: Asked, typed: Sequence[Typed], found: Sequence[Way | None]) -> str:
    """Whether correct work with the digits asked for can reach the answer in another way.

    Digits beyond those asked for are not in reach: they have to be right.
    """
    if not step.affords_reach:
        return ""
    for n, (t, way) in enumerate(zip(typed, found, strict=True)):
        if way is not None:
            continue
        least, most = step.interval(n, t.places)
        if t.places > step.at[n] or not least.fraction <= t.value <= most.fraction:
            return ""
    return f"work with {step.work} can end up here"
