"""The rules by which an answer is right, rounded early, or not yet right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple

from dlhand.check.asked import SIGNIFICANT, Asked, Typed, has_digits
from dlhand.check.words import places_words
from dlhand.derivation.evaluate import Evaluation
from dlhand.errors import UndefinedValue
from dlhand.numbers.digits import chop, round_half_up

if TYPE_CHECKING:
    from dlhand.numbers.real import Real

Verdict = Literal["right", "rounded early", "follows", "not yet", "unreadable"]

FINEST, COARSEST = 6, 1
"""Between these many places, early rounding is looked for."""
EARLY = "right, but rounded early: "


class Told(NamedTuple):
    """A verdict, and the sentence that says it."""

    verdict: Verdict
    message: str


def judged(step: Asked, typed: list[Typed], reveal: bool) -> Told:
    """The verdict and the sentence, by the first of the rules that applies."""
    found = carried(step, typed) or rounded(step, typed, reveal)
    return found or Told("not yet", _not_yet(step, typed, reveal))


def carried(step: Asked, typed: list[Typed]) -> Told | None:
    """The rule for an answer carried with all digits and then rounded, or cut off."""
    ways = _ways(step, typed)
    if None in ways:
        return None
    return _too_few(step, typed, ways) or _right(step, typed, ways)


def rounded(step: Asked, typed: list[Typed], reveal: bool = False) -> Told | None:
    """The rule for an answer that was rounded on the way."""
    early = _early(step, typed) or _within(step, typed)
    if early is None:
        return None
    told = f"; carried with all digits it is {step.true(typed)}" if reveal else ""
    if not any(t.value for t in typed):
        return Told("not yet", f"not yet: nothing is left of the number; {early}{told}")
    too_few = _too_few(step, typed, _ways(step, typed))
    return too_few or Told("rounded early", f"{EARLY}{early}{told}")


def _ways(step: Asked, typed: list[Typed]) -> list[str | None]:
    return [_way(real, t) for real, t in zip(step.reals, typed, strict=True)]


def _way(real: Real, typed: Typed) -> str | None:
    """How one number is right: "exact", "rounded" or "cut off"; None if it is not."""
    if real.exact is not None and typed.exactly == real.exact:
        return "exact"
    if typed.value in _at(real, typed.places, chopped=False):
        return "rounded"
    if typed.value in _at(real, typed.places, chopped=True):
        return "cut off"
    return None


def _at(real: Real, places: int, *, chopped: bool) -> set[Fraction]:
    """The number at decimal places: one value, or both sides of a tie that nothing settles."""
    if not chopped:
        found = real.rounded(places=places)
        if found is not None:
            return {found.fraction}
    bounds = real.enclosure(Fraction(1, 10 ** (max(places, 0) + 30)))
    return {(chop if chopped else round_half_up)(bound, places).fraction for bound in bounds}


def _too_few(step: Asked, typed: list[Typed], ways: list[str | None]) -> Told | None:
    """Refuse 1 for 0.73: right as far as it goes, but it says too little.

    In a list a number may have fewer significant digits if it is written to the places at
    which a neighbour has enough of them: 0.98, 0.02, 0.00.
    """
    enough = [t.places for t, way in zip(typed, ways, strict=True) if _says_enough(t, way)]
    coarsest = min(enough, default=None)
    for t, way, asked in zip(typed, ways, step.at, strict=True):
        as_neighbour = coarsest is not None and t.places >= coarsest
        if not (_says_enough(t, way) or t.places >= asked or as_neighbour):
            wanted = f"type at least {SIGNIFICANT} significant digits"
            return Told("not yet", f"not yet: too few digits to tell; {wanted}")
    return None


def _says_enough(typed: Typed, way: str | None) -> bool:
    return way == "exact" or has_digits(typed.value, typed.places)


def _right(step: Asked, typed: list[Typed], ways: list[str | None]) -> Told:
    if "cut off" in ways:
        told = f"right, but cut off, not rounded: rounded it is {step.true(typed)}"
        return Told("right", told)
    return Told("right", "right, and exact" if set(ways) == {"exact"} else "right")


def _early(step: Asked, typed: list[Typed]) -> str | None:
    """Whether the answer comes out when steps are rounded, or cut off, to so many places."""
    for places in range(FINEST, COARSEST - 1, -1):
        for chopped in (False, True):
            for which, reals in _by_hand(step, places, chopped):
                pairs = zip(reals, typed, strict=True)
                if all(t.value in _at(real, t.places, chopped=chopped) for real, t in pairs):
                    how = "cut off after" if chopped else "rounded to"
                    return f"this is what comes out when {which} is {how} {places_words(places)}"
    return None


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


def _within(step: Asked, typed: list[Typed]) -> str | None:
    """Whether correct work with the digits asked for can reach the answer in another way."""
    for n, t in enumerate(typed):
        least, most = step.interval(n, t.places)
        if not least.fraction <= t.value <= most.fraction:
            return None
    return f"work with {step.work} can end up here"


def _not_yet(step: Asked, typed: list[Typed], reveal: bool) -> str:
    ways = _ways(step, typed)
    told = f"; it is {step.true(typed)}" if reveal else ""
    right = len(ways) - ways.count(None)
    if right:
        are = "are" if right > 1 else "is"
        return f"not yet: {right} of {len(ways)} entries {are} right{told}"
    return f"not yet{told}"
