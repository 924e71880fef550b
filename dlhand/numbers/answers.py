"""Answers: numbers, vectors and matrices as a learner types them, each with its decimal places.

`dlhand.numbers.typed` reads them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NoReturn, TypeAlias, final

from dlhand.numbers.closed import Closed

__all__ = ["Answer", "Places", "Value", "format_answer"]

Value: TypeAlias = "Fraction | Closed | tuple[Value, ...]"
Places: TypeAlias = "int | tuple[Places, ...] | None"


@final
class Answer:
    """A number, vector, matrix or n-d array that a learner typed; immutable.

    ``value`` is a `Fraction` (a `Closed` where it is not rational), or tuples of them nested to the
    depth of ``shape``. ``places`` is
    nested likewise: the decimal places of each entry, or None where it was typed as an exact
    expression.

    >>> from dlhand.numbers.typed import parse_answer
    >>> answer = parse_answer("0.50, 1/3")
    >>> answer.value, answer.shape, answer.places
    ((Fraction(1, 2), Fraction(1, 3)), (2,), (2, None))
    """

    __slots__ = ("places", "shape", "value")

    value: Value
    shape: tuple[int, ...]
    places: Places

    def __init__(self, value: Value, shape: tuple[int, ...] = (), places: Places = None) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "places", places)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"an Answer cannot be changed, so {name!r} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"an Answer cannot be changed, so {name!r} cannot be deleted")

    def _fields(self) -> tuple[Value, tuple[int, ...], Places]:
        return self.value, self.shape, self.places

    def __eq__(self, other: object) -> bool:
        return self._fields() == other._fields() if isinstance(other, Answer) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._fields())

    def __reduce__(self) -> tuple[Any, ...]:
        return Answer, self._fields()

    def __repr__(self) -> str:
        return f"Answer({self.value!r}, shape={self.shape!r}, places={self.places!r})"


def format_answer(answer: Answer) -> str:
    """Write an answer in canonical form: lists in brackets, entries separated by commas.

    An entry typed as a decimal keeps its places; an exact one is a fraction in lowest terms.
    Reading the text again gives an equal value.

    >>> from dlhand.numbers.typed import parse_answer
    >>> format_answer(parse_answer("0.50 2/6; 1e-3 -4"))
    '[[0.50, 1/3], [0.001, -4]]'
    """
    return _format(answer.value, answer.places)


def _format(value: Value, places: Places) -> str:
    if isinstance(value, Closed):
        return str(value)
    if isinstance(value, Fraction):
        return _format_number(value, places if isinstance(places, int) else None)
    below = places if isinstance(places, tuple) else (None,) * len(value)
    return f"[{', '.join(map(_format, value, below))}]"


def _format_number(value: Fraction, places: int | None) -> str:
    if not places or places < 0:
        return str(value)
    scaled = value * 10**places
    if scaled.denominator != 1:  # not a decimal of so many places, so only the fraction is exact
        return str(value)
    digits = str(abs(scaled.numerator)).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"
