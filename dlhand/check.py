"""A learner's answer to a step: right, right but rounded early, or not yet.

An answer is judged at the digits it was typed with. It is right if it is the true value rounded
there (or cut off there, which is remarked). It is *rounded early* if it is what comes out when
the steps on the way are rounded, which is looked for at 6 places down to 1. The accepted
interval is never a constant: it runs over what correct work with the digits asked for can
reach, so it is narrow for a first step and wider for a step at the end of a long chain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from dlhand.derivation.evaluate import ByHand, Evaluation
from dlhand.derivation.model import nested
from dlhand.errors import AnswerError, UndefinedValue
from dlhand.numbers.answers import Answer, format_answer, parse_answer
from dlhand.numbers.digits import (
    DEFAULT_DIGITS,
    Decimal10,
    chop,
    magnitude,
    round_half_up,
    write,
)

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.numbers.exact import Shape
    from dlhand.numbers.real import Real

__all__ = ["Judgement", "Verdict", "check", "fitted", "shape_words"]

Verdict = Literal["right", "rounded early", "not yet", "unreadable"]

SIGNIFICANT = 2
"""Fewer significant digits than these say too little, unless the value has no more."""
FINEST, COARSEST = 6, 1
"""Between these many places, early rounding is looked for."""
MOST_PLACES = 200
"""Nobody writes more decimal places by hand; an answer with more is compared at these."""


class Judgement(NamedTuple):
    """What is said about an answer.

    Attributes:
        verdict: "right", "rounded early", "not yet" or "unreadable"
        message: one sentence for the learner; it tells no digit of the true value unless the
            answer has that digit, or it was asked to
        accepted: the interval of accepted answers as text ("0.73 to 0.74"; lists for an array).
            It gives the value away, so it is for showing once the step is no secret
        answer: the answer in canonical form; "" for one that cannot be read
    """

    verdict: Verdict
    message: str
    accepted: str
    answer: str


def check(
    d: Derivation,
    entry: Entry,
    text: str,
    *,
    digits: int | None = None,
    places: int | None = None,
    reveal: bool = False,
) -> Judgement:
    """Judge a typed answer to a step of a derivation. No text raises an error.

    ``digits`` (significant) or ``places`` (after the point) are the digits asked for; without
    both they are those that a derivation shows. With ``reveal`` a message may tell the true
    value.

    >>> from dlhand.operations.nonlinear import sigmoid
    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("One neuron")
    >>> w, x = d.givens(w="0.37", x="0.43")
    >>> a = d.step("a", sigmoid(d.step("z", w * x)))
    >>> check(d, d["a"], "0.5397").verdict
    'right'
    >>> print(check(d, d["a"], "0.5399").message)
    right, but rounded early: this is what comes out when every step before is rounded to 2 places
    >>> check(d, d["a"], "a half").verdict
    'unreadable'
    """
    if digits is None and places is None:
        digits = DEFAULT_DIGITS
    try:
        answer = parse_answer(text)
    except AnswerError as error:
        return Judgement("unreadable", str(error), "", "")
    written = format_answer(answer)
    try:
        step = _Step(d, entry, digits, places)
        flat = fitted(answer, entry.shape)
        if flat is None:
            wanted, came = shape_words(entry.shape), shape_words(answer.shape)
            message = f"not yet: this step is {wanted}, and what was typed is {came}"
            return Judgement("not yet", message, step.accepted(step.asked), written)
        typed = [
            _Typed(value, places, known)
            for (value, places), known in zip(flat, step.asked, strict=True)
        ]
        verdict, message = _judged(step, typed, reveal)
        return Judgement(verdict, message, step.accepted(_telling(step, typed)), written)
    except UndefinedValue as error:
        return Judgement("not yet", f"there is no right answer here: {error}", "", written)


class _Typed:
    """One number of an answer, at the decimal places where it is compared."""

    __slots__ = ("exactly", "is_decimal", "places", "value")

    def __init__(self, value: Fraction, places: int | None, asked: int) -> None:
        self.exactly = value
        self.is_decimal = places is not None
        # An exact expression, such as 1/3, has no places of its own: those asked for.
        self.places = asked if places is None else min(places, MOST_PLACES)
        self.value = value if places is not None else round_half_up(value, asked).fraction


class _Step:
    """A step with its true value and what correct work can reach."""

    def __init__(self, d: Derivation, entry: Entry, digits: int | None, places: int | None) -> None:
        self.derivation = d
        self.entry = entry
        self.digits = digits
        self.places = places
        self.reals = d.evaluation.reals(entry.index)
        self.asked = [self._asked(real) for real in self.reals]

    def _asked(self, real: Real) -> int:
        """The decimal places at which a number shows the digits asked for."""
        if self.places is not None:
            return self.places
        assert self.digits is not None
        rounded = real.rounded(digits=self.digits)
        return self.digits if rounded is None else rounded.places

    @property
    def work(self) -> str:
        """The digits asked for, in words."""
        if self.places is not None:
            return _places(self.places)
        return f"{self.digits} significant digit{'s' * (self.digits != 1)}"

    @cached_property
    def reach(self) -> list[tuple[Fraction, Fraction]]:
        """For each number the least and the greatest that correct work can reach."""
        found = [real.enclosure() for real in self.reals]
        for chopped in (False, True):
            try:
                reals = self._work(chopped).reals(self.entry.index)
            except UndefinedValue:  # so few digits that a later step divides by zero
                continue
            bounds = [real.enclosure() for real in reals]
            found = [
                (min(low, a), max(high, b))
                for (low, high), (a, b) in zip(found, bounds, strict=True)
            ]
        return found

    def _work(self, chopped: bool) -> Evaluation:
        if self.places is not None:
            return self.derivation.by_hand(self.places, chopped=chopped).evaluation
        assert self.digits is not None
        d = self.derivation
        return _ToDigits(d.entries, d.evaluation.fixed, self.digits, chopped)

    def interval(self, n: int, places: int) -> tuple[Decimal10, Decimal10]:
        """The least and greatest accepted decimal for the number ``n``."""
        # Rounding is right and so is cutting off, at either end.
        ends = [end(bound, places) for bound in self.reach[n] for end in (round_half_up, chop)]
        return min(ends, key=_fraction), max(ends, key=_fraction)

    def accepted(self, places: Sequence[int]) -> str:
        """All accepted intervals as text, each at the given decimal places."""
        texts = [self._accepted(n, at) for n, at in enumerate(places)]
        return _listed(nested(texts, self.entry.shape))

    def _accepted(self, n: int, places: int) -> str:
        least, most = self.interval(n, places)
        if least != most:
            return f"{write(least)} to {write(most)}"
        shown = self.reals[n].shown(self.digits, self.places)
        is_exact = shown.exact and least.fraction == self.reals[n].exact
        return shown.text if is_exact else write(least)


class _ToDigits(ByHand):
    """Every step rounded (or chopped) to significant digits before it is used again."""

    def _written(self, real: Real) -> Fraction:
        low, high = real.enclosure()
        middle = (low + high) / 2
        if middle == 0:
            return middle
        places = self.places - 1 - magnitude(middle)
        return (chop if self.chopped else round_half_up)(middle, places).fraction


Told = tuple[Verdict, str]


def _judged(step: _Step, typed: list[_Typed], reveal: bool) -> Told:
    """The verdict and the sentence, by the first of the rules that applies."""
    ways = [_way(real, t) for real, t in zip(step.reals, typed, strict=True)]
    if None not in ways:
        return _too_few(step, typed, ways) or _right(step, typed, ways)
    early = _early(step, typed) or _within(step, typed)
    if early is None:
        return "not yet", _not_yet(step, typed, ways, reveal)
    told = f"; carried with all digits it is {_true(step, typed)}" if reveal else ""
    if not any(t.value for t in typed):
        return "not yet", f"not yet: nothing is left of the number; {early}{told}"
    found: Told = ("rounded early", f"right, but rounded early: {early}{told}")
    return _too_few(step, typed, ways) or found


def _way(real: Real, typed: _Typed) -> str | None:
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
        rounded = real.rounded(places=places)
        if rounded is not None:
            return {rounded.fraction}
    bounds = real.enclosure(Fraction(1, 10 ** (max(places, 0) + 30)))
    return {(chop if chopped else round_half_up)(bound, places).fraction for bound in bounds}


def _too_few(step: _Step, typed: list[_Typed], ways: list[str | None]) -> Told | None:
    """Refuse 1 for 0.73: right as far as it goes, but it says too little.

    In a list a number may have fewer significant digits if it is written to the places at
    which a neighbour has enough of them: 0.98, 0.02, 0.00.
    """
    enough = [t.places for t, way in zip(typed, ways, strict=True) if _says_enough(t, way)]
    coarsest = min(enough, default=None)
    for t, way, asked in zip(typed, ways, step.asked, strict=True):
        as_neighbour = coarsest is not None and t.places >= coarsest
        if not (_says_enough(t, way) or t.places >= asked or as_neighbour):
            message = (
                f"not yet: too few digits to tell; type at least {SIGNIFICANT} significant digits"
            )
            return "not yet", message
    return None


def _says_enough(typed: _Typed, way: str | None) -> bool:
    if way == "exact":
        return True
    return _digits(typed.value, typed.places) >= SIGNIFICANT


def _right(step: _Step, typed: list[_Typed], ways: list[str | None]) -> Told:
    if "cut off" in ways:
        return "right", (f"right, but cut off, not rounded: rounded it is {_true(step, typed)}")
    return "right", "right, and exact" if set(ways) == {"exact"} else "right"


def _early(step: _Step, typed: list[_Typed]) -> str | None:
    """Whether the answer comes out when steps are rounded, or cut off, to so many places."""
    for places in range(FINEST, COARSEST - 1, -1):
        for chopped in (False, True):
            for which, reals in _by_hand(step, places, chopped):
                pairs = zip(reals, typed, strict=True)
                if all(t.value in _at(real, t.places, chopped=chopped) for real, t in pairs):
                    how = "cut off after" if chopped else "rounded to"
                    return f"this is what comes out when {which} is {how} {_places(places)}"
    return None


def _by_hand(step: _Step, places: int, chopped: bool) -> Iterator[tuple[str, Sequence[Real]]]:
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


def _within(step: _Step, typed: list[_Typed]) -> str | None:
    """Whether correct work with the digits asked for can reach the answer in another way."""
    for n, t in enumerate(typed):
        least, most = step.interval(n, t.places)
        if not least.fraction <= t.value <= most.fraction:
            return None
    return f"work with {step.work} can end up here"


def _not_yet(step: _Step, typed: list[_Typed], ways: list[str | None], reveal: bool) -> str:
    told = f"; it is {_true(step, typed)}" if reveal else ""
    right = len(ways) - ways.count(None)
    if right:
        are = "are" if right > 1 else "is"
        return f"not yet: {right} of {len(ways)} entries {are} right{told}"
    return f"not yet{told}"


def _telling(step: _Step, typed: list[_Typed]) -> list[int]:
    """The places at which to give what is accepted: as typed, if that says enough."""
    return [
        t.places
        if t.places < asked and _digits(real.enclosure()[0], t.places) >= SIGNIFICANT
        else asked
        for real, t, asked in zip(step.reals, typed, step.asked, strict=True)
    ]


def _digits(value: Fraction, places: int) -> int:
    """How many significant digits a number has at decimal places."""
    mantissa = abs(round_half_up(value, places).mantissa)
    return len(str(mantissa)) if mantissa else 0


def _true(step: _Step, typed: list[_Typed]) -> str:
    """The true value, written as the answer is: to its places, or exactly."""
    texts = []
    for real, t in zip(step.reals, typed, strict=True):
        shown = real.shown(step.digits, step.places)
        as_fraction = shown.exact and not t.is_decimal
        texts.append(shown.text if as_fraction else real.places(t.places))
    return _listed(nested(texts, step.entry.shape))


def fitted(answer: Answer, shape: Shape) -> list[tuple[Fraction, int | None]] | None:
    """The numbers of an answer in flat order, with their places; None for another shape.

    A column or row matrix, and a list of one, may be typed as a plain list or number.
    """
    if answer.shape not in (shape, tuple(n for n in shape if n != 1)):
        return None
    return list(_flat(answer.value, answer.places))


def _flat(value: Any, places: Any) -> Iterator[tuple[Fraction, int | None]]:
    if isinstance(value, Fraction):
        yield value, places
        return
    for one, its_places in zip(value, places or [None] * len(value), strict=True):
        yield from _flat(one, its_places)


def shape_words(shape: Shape) -> str:
    """A shape in words.

    >>> shape_words(()), shape_words((3,)), shape_words((2, 3))
    ('one number', 'a list of 3', 'a 2×3 matrix')
    """
    if shape == ():
        return "one number"
    if len(shape) == 1:
        return f"a list of {shape[0]}"
    kind = "matrix" if len(shape) == 2 else "array"
    return f"a {'×'.join(map(str, shape))} {kind}"


def _places(places: int) -> str:
    return f"{places} place{'s' * (places != 1)}"


def _listed(texts: Any) -> str:
    return texts if isinstance(texts, str) else f"[{', '.join(map(_listed, texts))}]"


def _fraction(number: Decimal10) -> Fraction:
    return number.fraction
