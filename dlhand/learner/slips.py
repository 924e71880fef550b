"""What went wrong, in words: what a first look at an answer shows, and what a search finds.

A first look shows a sign, rows for columns, another order. The search is that of
`dlhand.diagnosis`: which slip on the way to the step gives the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from dlhand.diagnosis.misread import SIGN
from dlhand.diagnosis.search import diagnose
from dlhand.diagnosis.sought import EXACTLY, Sought
from dlhand.diagnosis.written import ORDER, SWAPPED
from dlhand.errors import UndefinedValue
from dlhand.learner.asked import Asked, Typed, fitted
from dlhand.learner.asked import Number as Pair
from dlhand.learner.ways import Way, repaired, way
from dlhand.learner.words import listed_words, place_words, shape_words
from dlhand.numbers.answers import Answer
from dlhand.numbers.printed import Number
from dlhand.numbers.real import nearest_float

MOST_ENTRIES = 100
"""In arrays with more, another order is not looked for: each number is compared with each."""
MOST_NAMED = 3
"""So many places with a wrong sign are named."""


class Seen(NamedTuple):
    """What went wrong in words, or "", and the name of the given or step where it did."""

    told: str
    where: str = ""


def slip(step: Asked, typed: Sequence[Typed], found: Sequence[Way | None]) -> Seen:
    """The first slip that explains an answer which is not right; `Seen` of "" if there is none.

    ``found`` says how each of its numbers is right, where it is.

    >>> from dlhand.derivation.model import Derivation
    >>> from dlhand.numbers.digits import Digits
    >>> d = Derivation("A product")
    >>> (x,) = d.givens(x=["0.5", "0.25"])
    >>> y = d.step("y", x * 3)
    >>> asked = Asked(d, y, Digits(5))
    >>> from fractions import Fraction
    >>> from dlhand.learner.ways import ways
    >>> typed = asked.typed([(Fraction(3, 4), 2), (Fraction(3, 2), 1)])
    >>> slip(asked, typed, ways(asked, typed)).told
    'the numbers are right, but in another order'
    """
    for look in SLIPS:
        if told := look(step, typed, found):
            # t − o for o − t says more than that the sign is wrong, or the order
            seen = searched(step, typed, SEEN)
            return seen if seen.told else Seen(told, step.entry.name)
    return searched(step, typed)


def searched(step: Asked, typed: Sequence[Typed], but: Sequence[str] = ()) -> Seen:
    """The slip on the way to a step that gives an answer, where that is sure.

    Where the answer cannot say which of two it was, both are told. ``but`` is what slips are called
    that are not told.
    """
    numbers = [Number(t.exactly, EXACTLY if t.number[1] is None else t.number[1]) for t in typed]
    try:
        found = diagnose(step.derivation, step.entry, Sought(numbers, step.entry.shape))
    except UndefinedValue:
        return Seen("")
    best = found.best
    if best is None or any(name in but for name in best.names):
        return Seen("")
    return Seen(f"this is what you get {found.clause(but)}", best.where.name)


def shape_slip(step: Asked, answer: Answer) -> str:
    """What to say of an answer that has another shape than the step."""
    wanted, came = shape_words(step.entry.shape), shape_words(answer.shape)
    why = "rows and columns are swapped; " if _is_swapped(step, answer) else ""
    return f"{why}this step is {wanted}, and what was typed is {came}"


def _is_swapped(step: Asked, answer: Answer) -> bool:
    numbers = fitted(answer, answer.shape)
    if numbers is None or len(answer.shape) != 2 or answer.shape != step.entry.shape[::-1]:
        return False
    return _all_right(step, step.typed(_transposed(numbers, *answer.shape)))


def _sign(step: Asked, typed: Sequence[Typed], found: Sequence[Way | None]) -> str:
    turned = [t if right else -t for t, right in zip(typed, found, strict=True)]
    if not repaired(step, turned, found):
        return ""
    off = [n for n, right in enumerate(found) if right is None]
    if len(typed) == 1 or len(off) > MOST_NAMED or len(off) == len(typed):
        return "only the sign is wrong" if len(typed) == 1 else "only signs are wrong"
    named = listed_words([place_words(n, step.entry.shape) for n in off])
    return f"only the sign of {named} is wrong"


def _transpose(step: Asked, typed: Sequence[Typed], found: Sequence[Way | None]) -> str:
    shape = step.entry.shape
    if len(shape) != 2 or shape[0] != shape[1]:
        return ""
    turned = _transposed([t.number for t in typed], *shape)
    return "rows and columns are swapped" if _all_right(step, step.typed(turned)) else ""


def _order(step: Asked, typed: Sequence[Typed], found: Sequence[Way | None]) -> str:
    if not 1 < len(typed) <= MOST_ENTRIES:
        return ""
    rest, order = list(typed), []
    for n, real in enumerate(step.reals):
        one = next((t for t in rest if _is_near(float(real), t) and way(step, n, t)), None)
        if one is None:
            return ""
        rest.remove(one)
        order.append(one)
    return "the numbers are right, but in another order" if _all_right(step, order) else ""


def _is_near(value: float, typed: Typed) -> bool:
    """Whether floating point does not tell a number from one that was typed, rounded or cut off."""
    off = nearest_float(Fraction(11, 10) / Fraction(10) ** min(typed.scales))
    return abs(value - nearest_float(typed.exactly)) <= off


SLIPS: tuple[Callable[[Asked, Sequence[Typed], Sequence[Way | None]], str], ...] = (
    _sign,
    _transpose,
    _order,
)
"""What a first look is for, in this order."""
SEEN = (SIGN, SWAPPED, ORDER)
"""What the search calls that; where it finds a plainer slip, it is told instead."""


def _all_right(step: Asked, typed: Sequence[Typed]) -> bool:
    return repaired(step, typed, [None] * len(typed))


def _transposed(numbers: Sequence[Pair], high: int, wide: int) -> list[Pair]:
    return [numbers[i * wide + j] for j in range(wide) for i in range(high)]
