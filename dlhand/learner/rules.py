"""The rules by which an answer is right, rounded early, or not yet right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from dlhand.learner.asked import LIKELY, SIGNIFICANT, Asked, Typed
from dlhand.learner.early import Written, early
from dlhand.learner.slips import slip
from dlhand.learner.ways import Way, repaired, says_too_little, ways
from dlhand.learner.words import listed
from dlhand.numbers.digits import Digits, places_words
from dlhand.numbers.exact import nested

Verdict = Literal["right", "rounded early", "follows", "not yet", "unreadable"]

EARLY = "right, but rounded early: "
TOO_FEW = f"too few digits to tell; type at least {SIGNIFICANT} significant digits"
NOTHING: Mapping[str, Written] = {}


class Told(NamedTuple):
    """A verdict, and the sentence that says it."""

    verdict: Verdict
    message: str
    where: str = ""
    """The name of the given or step at which a slip happened, where one was found."""


def judged(
    step: Asked, typed: list[Typed], reveal: bool, written: Mapping[str, Written] = NOTHING
) -> Told:
    """The verdict and the sentence, by the first of the rules that applies."""
    found = ways(step, typed)
    told = with_all_digits(step, typed, found) or rounded(step, typed, found, reveal, written)
    return told or _not_yet(step, typed, found)


def with_all_digits(step: Asked, typed: list[Typed], found: list[Way | None]) -> Told | None:
    """The rule for an answer carried with all digits and then rounded, or cut off."""
    if None in found:
        return None
    return _too_few(step, typed, found) or _right(step, typed, found)


def rounded(
    step: Asked,
    typed: list[Typed],
    found: list[Way | None],
    reveal: bool = False,
    written: Mapping[str, Written] = NOTHING,
) -> Told | None:
    """The rule for an answer that was rounded on the way; see `early`."""
    how = early(step, typed, found, written)
    if how is None:
        return None
    told = f"; carried with all digits it is {step.true(typed)}" if reveal else ""
    if how.is_lost:
        left = "too little" if any(t.value for t in typed) else "nothing"
        return Told("not yet", f"not yet: {left} is left of the number; {how.told}")
    too_few = _too_few(step, typed, found)
    return too_few or Told("rounded early", f"{EARLY}{how.told}{told}")


def _too_few(step: Asked, typed: list[Typed], found: list[Way | None]) -> Told | None:
    """Refuse 1 for 0.73: right as far as it goes, but it says too little."""
    if says_too_little(step, typed, found):
        return Told("not yet", f"not yet: {TOO_FEW}")
    return None


def _right(step: Asked, typed: list[Typed], found: Sequence[Way | None]) -> Told:
    right = [way for way in found if way is not None]
    hows = {way.how for way in right}
    if "computed" in hows:
        # of an exact number all its digits are told, however few are asked for
        shown = [
            real.shown(
                step.digits if real.exact is None else Digits(places=step.digits.places)
            ).text
            for real in step.reals
        ]
        value = listed(nested(shown, step.entry.shape))
        return Told("right", f"right, but for the last digits, which floating point makes: {value}")
    if "cut off" in hows:
        rounded = step.true(typed, [way.places for way in right])
        return Told("right", f"right, but cut off, not rounded: rounded it is {rounded}")
    return Told("right", "right, and exact" if hows == {"exact"} else "right")


def _not_yet(step: Asked, typed: list[Typed], found: list[Way | None]) -> Told:
    """What a first look tells of an answer, with no digit of the true value that it has not."""
    right = len(found) - found.count(None)
    looked = not_looked_at(step)
    if padded := _padded(step, typed, found):
        return Told("not yet", f"not yet: {padded}{looked}")
    seen = slip(step, typed, found)
    if seen.told:
        return Told("not yet", f"not yet: {seen.told}", seen.where)
    if right:
        are = "are" if right > 1 else "is"
        return Told("not yet", f"not yet: {right} of {len(found)} entries {are} right{looked}")
    return Told("not yet", f"not yet{looked}")


def _padded(step: Asked, typed: list[Typed], found: list[Way | None]) -> str:
    """What to say of 1.2000 for 1.1667, which is right as far as 1.2; "" for any other answer."""
    shorter = [t if way else t.without_zeros() for t, way in zip(typed, found, strict=True)]
    if not repaired(step, shorter, found):
        return ""
    n = next(n for n, (t, s) in enumerate(zip(typed, shorter, strict=True)) if t.places > s.places)
    came, right = typed[n].places, shorter[n].places
    return f"it was typed to {places_words(came)}, and is right to {places_words(right)} only"


def not_looked_at(step: Asked) -> str:
    """What to say where the search for what an answer comes from was cut off."""
    if len(step.roundings) == len(LIKELY):
        return ""
    if not step.roundings:
        return " (the way here is too long to look for what was rounded on it)"
    return " (the way here is long: not every rounding on it was looked for)"
