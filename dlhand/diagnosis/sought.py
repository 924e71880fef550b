"""What an answer is: numbers at so many places, and which of them are right."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.errors import GivenError
from dlhand.numbers.closed import nearly
from dlhand.numbers.exact import read_array
from dlhand.numbers.printed import UNEXPLAINED, Number, compare, read_printed, scales
from dlhand.numbers.real import nearest_float
from dlhand.numbers.typed import parse_answer
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.numbers.exact import Shape
    from dlhand.numbers.real import Real

EXACTLY = 400
"""The places of a number that is meant exactly, such as 1/3."""


class Sought:
    """An answer that is to be explained: its numbers in flat order, None for what is not told."""

    def __init__(self, numbers: Sequence[Number | None], shape: Shape) -> None:
        if not any(numbers):
            raise GivenError("the answer has no number in it; wanted at least one")
        self.numbers = tuple(numbers)
        self.shape = shape
        self.places = [k for k, one in enumerate(numbers) if one is not None]
        self.values = [0.0 if one is None else nearest_float(one.value) for one in numbers]
        self.units = [0.0 if one is None else _unit(one) for one in numbers]
        """The last place of each number, within which another one may be what was meant."""
        self.coarse = [0.0 if one is None else _coarsest(one) for one in numbers]

    @classmethod
    def read(cls, answer: Any, shape: Shape) -> Sought:
        """An answer to a step of a shape: text as a learner types it, numbers, or lists of these.

        Raises `AnswerError` for text that cannot be read, `GivenError` and `ShapeError` for what is
        no number or ragged.

        >>> Sought.read("0.5, 1/3", (2,)).numbers
        (Number(value=Fraction(1, 2), places=1), Number(value=Fraction(1, 3), places=400))
        """
        if isinstance(answer, cls):
            return answer
        if isinstance(answer, str):
            parsed = parse_answer(answer, size(shape))
            pairs = _pairs(parsed.value, parsed.places)
            numbers = [Number(v, EXACTLY if p is None else p) for v, p in pairs]
            return cls(numbers, _fitted(parsed.shape, shape))
        _, own = read_array(answer, "the answer")
        return cls([read_printed(str(one)) for one in _flat(answer)], _fitted(own, shape))

    def is_near(self, n: int, value: float) -> bool:
        """Whether a float may be the number ``n``, rounded or cut off."""
        return abs(value - self.values[n]) <= 1.01 * self.coarse[n]

    def relations(self, reals: Sequence[Real]) -> list[str]:
        """How each of its numbers relates to a proven value: exact, rounded, truncated or none."""
        found = []
        for one, real in zip(self.numbers, reals, strict=True):
            found.append("" if one is None else compare(one, real))
        return found

    def right(self, reals: Sequence[Real]) -> list[bool]:
        """Which of its numbers are right; what is not told counts as right."""
        return [relation != UNEXPLAINED for relation in self.relations(reals)]


def _unit(one: Number) -> float:
    if one.places == EXACTLY:
        return 1e-12 * abs(nearest_float(one.value))
    return _place(one.places)


def _coarsest(one: Number) -> float:
    if one.places == EXACTLY:
        return _unit(one)
    return max(_place(places) for places in scales(one.value, one.places))


def _place(places: int) -> float:
    """One unit at a decimal place, as far as floats go."""
    return float(10.0 ** -max(min(places, 300), -300))


def _fitted(own: Shape, shape: Shape) -> Shape:
    """The shape of the step where the answer only lacks, or adds, axes of length 1."""
    if tuple(n for n in own if n != 1) == tuple(n for n in shape if n != 1):
        return shape
    return own


def _flat(answer: Any) -> list[Any]:
    if hasattr(answer, "tolist"):
        answer = answer.tolist()
    if isinstance(answer, (list, tuple)):
        return [one for item in answer for one in _flat(item)]
    return [answer]


def _pairs(value: Any, places: Any) -> list[tuple[Fraction, int | None]]:
    if isinstance(value, tuple):
        below = places if isinstance(places, tuple) else (None,) * len(value)
        return [pair for v, p in zip(value, below, strict=True) for pair in _pairs(v, p)]
    return [(nearly(value), places)]
