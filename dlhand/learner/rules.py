"""The rules by which an answer is right, rounded early, or not yet right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Literal, NamedTuple

from dlhand.derivation.evaluate import Evaluation, rounding_words
from dlhand.errors import UndefinedValue
from dlhand.learner.asked import LIKELY, SIGNIFICANT, Asked, Typed, has_digits
from dlhand.numbers.digits import places_words, round_half_up

if TYPE_CHECKING:
    from dlhand.numbers.real import Real

Verdict = Literal["right", "rounded early", "follows", "not yet", "unreadable"]

EARLY = "right, but rounded early: "


class Told(NamedTuple):
    """A verdict, and the sentence that says it."""

    verdict: Verdict
    message: str


def judged(step: Asked, typed: list[Typed], reveal: bool) -> Told:
    """The verdict and the sentence, by the first of the rules that applies."""
    found = with_all_digits(step, typed) or rounded(step, typed, reveal)
    return found or Told("not yet", _not_yet(step, typed, reveal))


def with_all_digits(step: Asked, typed: list[Typed]) -> Told | None:
    """The rule for an answer carried with all digits and then rounded, or cut off."""
    ways = _ways(step, typed)
    if None in ways:
        return None
    return _too_few(step, typed, ways) or _right(step, typed, ways)


def rounded(step: Asked, typed: list[Typed], reveal: bool = False) -> Told | None:
    """The rule for an answer that was rounded on the way."""
    ways = _ways(step, typed)
    early = _early(step, typed, ways) or _within(step, typed, ways)
    if early is None:
        return None
    told = f"; carried with all digits it is {step.true(typed)}" if reveal else ""
    if not any(t.value for t in typed):
        return Told("not yet", f"not yet: nothing is left of the number; {early}{told}")
    too_few = _too_few(step, typed, ways)
    return too_few or Told("rounded early", f"{EARLY}{early}{told}")


class _Way(NamedTuple):
    """How one number is right."""

    how: Literal["exact", "settled", "rounded", "cut off"]
    places: int
    """The decimal places at which it is."""


def _ways(step: Asked, typed: list[Typed]) -> list[_Way | None]:
    return [_way(real, t) for real, t in zip(step.reals, typed, strict=True)]


def _way(real: Real, typed: Typed) -> _Way | None:
    """How one number is right; None if it is not.

    It is *settled* where nothing tells the value from what was typed: exp(log 4) from 4.
    """
    if real.equals(typed.exactly):
        return _Way("exact", typed.places)
    for places in typed.scales:
        if typed.value in _at(real, places, chopped=False):
            is_settled = real.exact is None and _cannot_be_told(real, typed)
            return _Way("settled" if is_settled else "rounded", places)
    for places in typed.scales:
        if typed.value in _at(real, places, chopped=True):
            return _Way("cut off", places)
    return None


def _cannot_be_told(real: Real, typed: Typed) -> bool:
    low, high = real.enclosure(Fraction(1, 10 ** (max(typed.places, 0) + 30)))
    return low <= typed.exactly <= high


def _at(real: Real, places: int, *, chopped: bool) -> set[Fraction]:
    """The number at decimal places: one value, or both sides of a tie that nothing settles."""
    if chopped:
        return {real.chopped(places).fraction}
    found = real.rounded(places=places)
    if found is not None:
        return {found.fraction}
    bounds = real.enclosure(Fraction(1, 10 ** (max(places, 0) + 30)))
    return {round_half_up(bound, places).fraction for bound in bounds}


def _too_few(step: Asked, typed: list[Typed], ways: list[_Way | None]) -> Told | None:
    """Refuse 1 for 0.73: right as far as it goes, but it says too little.

    In a list a number may have fewer significant digits if it is written to the places at
    which a neighbour has enough of them: 0.98, 0.02, 0.00.
    """
    at = [t.places if way is None else way.places for t, way in zip(typed, ways, strict=True)]
    says = [_says_enough(t, way) for t, way in zip(typed, ways, strict=True)]
    coarsest = min([places for places, enough in zip(at, says, strict=True) if enough], default=inf)
    for places, enough, asked in zip(at, says, step.at, strict=True):
        if not (enough or places >= asked or places >= coarsest):
            wanted = f"type at least {SIGNIFICANT} significant digits"
            return Told("not yet", f"not yet: too few digits to tell; {wanted}")
    return None


def _says_enough(typed: Typed, way: _Way | None) -> bool:
    if way is not None and way.how in ("exact", "settled"):
        return True
    return has_digits(typed.value, typed.places if way is None else way.places)


def _right(step: Asked, typed: list[Typed], ways: list[_Way | None]) -> Told:
    found = {way.how for way in ways if way is not None}
    if "cut off" in found:
        told = f"right, but cut off, not rounded: rounded it is {step.true(typed)}"
        return Told("right", told)
    return Told("right", "right, and exact" if found == {"exact"} else "right")


def _early(step: Asked, typed: list[Typed], ways: list[_Way | None]) -> str | None:
    """Whether the answer comes out when steps are rounded, or cut off, to so many places.

    Zeros after the places that are left are no digits: 0.5000 does not come out where 0.5 does.
    """
    for places, chopped in step.roundings:
        if any(t.is_padded(places) for t, way in zip(typed, ways, strict=True) if way is None):
            continue
        for which, reals in _by_hand(step, places, chopped):
            if all(_comes_out(t, real, chopped) for t, real in zip(typed, reals, strict=True)):
                how = rounding_words(places, chopped)
                return f"this is what comes out when {which} is {how}"
    return None


def _comes_out(typed: Typed, real: Real, chopped: bool) -> bool:
    return any(typed.value in _at(real, places, chopped=chopped) for places in typed.scales)


def _by_hand(step: Asked, places: int, chopped: bool) -> Iterator[tuple[str, Sequence[Real]]]:
    """The step from rounded earlier steps: itself carried further, then rounded like them."""
    position = step.entry.index
    try:
        hand = step.derivation.by_hand(places, chopped=chopped).evaluation
        before = {k: hand.exact(k) for k in range(position)}
        if step.entry.formula is not None:
            last = Evaluation(step.derivation.entries, before)
            yield "every step before", last.reals(position)
        yield "every step, this one too,", hand.reals(position)
    except UndefinedValue:  # rounded so far that a step divides by zero: nobody got that
        return


def _within(step: Asked, typed: list[Typed], ways: list[_Way | None]) -> str | None:
    """Whether correct work with the digits asked for can reach the answer in another way.

    Digits beyond those asked for are not in reach: they have to be right.
    """
    if not step.affords_reach:
        return None
    for n, (t, way) in enumerate(zip(typed, ways, strict=True)):
        if way is not None:
            continue
        least, most = step.interval(n, t.places)
        if t.places > step.at[n] or not least.fraction <= t.value <= most.fraction:
            return None
    return f"work with {step.work} can end up here"


def _not_yet(step: Asked, typed: list[Typed], reveal: bool) -> str:
    ways = _ways(step, typed)
    told = f"; it is {step.true(typed)}" if reveal else ""
    told += _not_looked_at(step)
    if padded := _padded(step, typed):
        return f"not yet: {padded}{told}"
    right = len(ways) - ways.count(None)
    if right:
        are = "are" if right > 1 else "is"
        return f"not yet: {right} of {len(ways)} entries {are} right{told}"
    return f"not yet{told}"


def _padded(step: Asked, typed: list[Typed]) -> str:
    """What to say of 1.2000 for 1.1667, which is right as far as 1.2; "" for any other answer."""
    shorter = [t.without_zeros() for t in typed]
    ways = _ways(step, shorter)
    if None in ways or _too_few(step, shorter, ways):
        return ""
    n = next(n for n, (t, s) in enumerate(zip(typed, shorter, strict=True)) if t.places > s.places)
    came, right = typed[n].places, shorter[n].places
    return f"it was typed to {places_words(came)}, and is right to {places_words(right)} only"


def _not_looked_at(step: Asked) -> str:
    """What to say where the search for what an answer comes from was cut off."""
    if len(step.roundings) == len(LIKELY):
        return ""
    if not step.roundings:
        return " (the way here is too long to look for what was rounded on it)"
    return " (the way here is long: not every rounding on it was looked for)"
