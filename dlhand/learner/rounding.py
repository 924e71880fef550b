"""What rounding every step by hand does to what comes out in the end, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dlhand.derivation.entries import Gradient
from dlhand.derivation.evaluate import rounding_words
from dlhand.errors import UndefinedValue
from dlhand.learner.check import place_words
from dlhand.numbers.digits import USUAL, Digits, places_words
from dlhand.render.names import text as symbol
from dlhand.render.writers import TEXT

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.numbers.real import Real

__all__ = ["rounding_effect"]


def rounding_effect(
    d: Derivation, places: int, chopped: bool = False, digits: Digits = USUAL
) -> str:
    """How the end of a derivation changes when every step is rounded to ``places``, in words.

    With ``chopped`` every step is cut off. Told of are the last step and, where there is a
    backward pass, the loss before it; and how many steps become 0. ``d`` has all its digits, of
    which so many ``digits`` are written.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum of thirds")
    >>> (x,) = d.givens(x=1)
    >>> third = d.step("third", x / 3)
    >>> s = d.step("s", third + third)
    >>> print(rounding_effect(d, 2))
    Every step rounded to 2 places, s comes out as 0.66; with all digits it is 2/3.
    """
    done = f"Every step {rounding_words(places, chopped)}"
    if not d.steps:
        return f"{done}: there are none."
    hand = d.by_hand(places, chopped=chopped)
    try:
        ends = [_end(entry, d, hand) for entry in _telling(d)]
        lost = [step for step in d.steps if _is_lost(step, d, hand)]
    except UndefinedValue as error:
        return f"{done}, {error}."
    told = f"{done}, {_compared(ends, places, chopped, digits.many)}."
    if lost:
        first = symbol(lost[0].name)
        told += f" Steps that become 0: {len(lost)} of {len(d.steps)}, the first is {first}."
    return told


class _End(NamedTuple):
    """A number at the end of a derivation: by hand, and with all digits."""

    name: str
    by_hand: Real
    full: Real


def _telling(d: Derivation) -> list[Entry]:
    """The loss of the last backward pass, if there is one, and the last step."""
    losses = [d[step.loss] for step in d.steps if isinstance(step, Gradient)]
    return [*dict.fromkeys([*losses[-1:], *d.steps[-1:]])]


def _end(entry: Entry, d: Derivation, hand: Derivation) -> _End:
    """A number as it comes out either way; of an array that entry which is furthest off."""
    full, by_hand = (each.evaluation.reals(entry.index) for each in (d, hand))
    ends = []
    for k, pair in enumerate(zip(by_hand, full, strict=True)):
        where = f"{place_words(k, entry.shape)} of " if entry.shape else ""
        ends.append(_End(where + symbol(entry.name), *pair))
    return max(ends, key=lambda end: abs(float(end.by_hand) - float(end.full)))


def _is_lost(step: Entry, d: Derivation, hand: Derivation) -> bool:
    """Whether nothing is left of a step that has a value."""
    if any(real.exact for real in hand.evaluation.reals(step.index)):
        return False
    return any(real.exact != 0 for real in d.evaluation.reals(step.index))


def _compared(ends: list[_End], places: int, chopped: bool, digits: int) -> str:
    """What comes out by hand, and where that differs what comes out with all digits."""
    by_hand = [_text(end.by_hand, digits + places) for end in ends]
    # as many digits as those to be compared with them
    full = [_text(end.full, max(digits, _digits(end.by_hand, places))) for end in ends]
    (name, text), *others = [(end.name, text) for end, text in zip(ends, by_hand, strict=True)]
    told = f"{name} comes out as {text}" + "".join(f" and {n} as {t}" for n, t in others)
    if all(end.by_hand.exact == end.full.exact for end in ends):
        return f"{told}, as with all digits"
    if all(_is_right(end, places, chopped) for end in ends):
        told += f", right to {places_words(places)}"
    if by_hand == full:
        return told
    return f"{told}; with all digits {'they are' if others else 'it is'} {' and '.join(full)}"


def _is_right(end: _End, places: int, chopped: bool) -> bool:
    """Whether rounding on the way has done no harm, and something is left."""
    once = end.full.chopped(places) if chopped else end.full.rounded(Digits(places=places))
    return once is not None and once.fraction == end.by_hand.exact != 0


def _digits(real: Real, places: int) -> int:
    """How many significant digits a number has that was rounded to decimal places."""
    assert real.exact is not None
    return len(str(abs(round(real.exact * 10**places))))


def _text(real: Real, digits: int) -> str:
    return TEXT.number(real.shown(Digits(digits)).text, 0)
