"""How each number of an answer is right: exact, rounded, cut off, or as floating point has it."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import inf
from typing import TYPE_CHECKING, Literal, NamedTuple

from dlhand.learner.asked import Asked, Typed, has_digits
from dlhand.numbers.digits import Digits, round_half_up
from dlhand.numbers.printed import is_as_computed

if TYPE_CHECKING:
    from dlhand.numbers.real import Real


class Way(NamedTuple):
    """How one number is right."""

    how: Literal["exact", "settled", "rounded", "cut off", "computed"]
    places: int
    """The decimal places at which it is."""


def ways(step: Asked, typed: Sequence[Typed]) -> list[Way | None]:
    """How each number is right; None for one that is not."""
    return [way(step, n, t) for n, t in enumerate(typed)]


def repaired(step: Asked, typed: Sequence[Typed], found: Sequence[Way | None]) -> bool:
    """Whether an answer is right in which those numbers were changed that had not been right."""
    now = list(found)
    for n, before in enumerate(found):
        now[n] = before or way(step, n, typed[n])
        if now[n] is None:
            return False
    return not says_too_little(step, typed, now)


def way(step: Asked, n: int, typed: Typed) -> Way | None:
    """How a number is right as the one at ``n``; None if it is not.

    It is *settled* where nothing tells the value from what was typed: exp(log 4) from 4.
    """
    real = step.reals[n]
    if step.equals(n, typed):
        return Way("exact", typed.places)
    for places in typed.scales:
        if typed.value in at(real, places, chopped=False):
            is_settled = real.exact is None and _cannot_be_told(real, typed)
            return Way("settled" if is_settled else "rounded", places)
    for places in typed.scales:
        if typed.value in at(real, places, chopped=True):
            return Way("cut off", places)
    if typed.is_decimal and is_as_computed(real, typed.value, typed.places, step.largest):
        return Way("computed", typed.places)
    return None


def _cannot_be_told(real: Real, typed: Typed) -> bool:
    low, high = real.enclosure(Fraction(1, 10 ** (max(typed.places, 0) + 30)))
    return low <= typed.exactly <= high


def at(real: Real, places: int, *, chopped: bool) -> set[Fraction]:
    """The number at decimal places: one value, or both sides of a tie that nothing settles."""
    if chopped:
        return {real.chopped(places).fraction}
    found = real.rounded(Digits(places=places))
    if found is not None:
        return {found.fraction}
    bounds = real.enclosure(Fraction(1, 10 ** (max(places, 0) + 30)))
    return {round_half_up(bound, places).fraction for bound in bounds}


def says_too_little(step: Asked, typed: Sequence[Typed], found: Sequence[Way | None]) -> bool:
    """Whether an answer is right as far as it goes, but has too few digits: 1 for 0.73.

    In a list a number may have fewer significant digits if it is written to the places at
    which a neighbour has enough of them: 0.98, 0.02, 0.00.
    """
    places = [t.places if way is None else way.places for t, way in zip(typed, found, strict=True)]
    enough = [_says_enough(t, way) for t, way in zip(typed, found, strict=True)]
    coarsest = min([p for p, says in zip(places, enough, strict=True) if says], default=inf)
    return any(
        not (says or p >= asked or p >= coarsest)
        for p, says, asked in zip(places, enough, step.at, strict=True)
    )


def _says_enough(typed: Typed, found: Way | None) -> bool:
    if found is not None and found.how in ("exact", "settled"):
        return True
    return has_digits(typed.value, typed.places if found is None else found.places)
