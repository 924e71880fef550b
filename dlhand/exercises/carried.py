"""Answers that follow from a wrong one that was carried on with more digits than were written.

Who writes 0.63439 may have gone on with 0.634394. So what follows from a written number is an
interval: all that comes from numbers which are written so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.errors import DlhandError
from dlhand.learner.asked import fitted
from dlhand.numbers.closed import nearly
from dlhand.numbers.exact import nested
from dlhand.numbers.typed import parse_answer
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = ["follows"]

MOST = 24
"""So many written numbers at most are moved."""


def follows(d: Derivation, step: Entry, text: str, wrong: Mapping[str, str]) -> bool:
    """Whether an answer comes from wrong ones, by name as they were written, with more digits.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.3171969", b="0.0652731")
    >>> e = d.step("e", a * 1)
    >>> E = d.step("E", e + b)
    >>> follows(d, E, "0.69967", {"e": "0.63439"}), follows(d, E, "0.69969", {"e": "0.63439"})
    (True, False)
    """
    try:
        written = {name: _numbers(d[name], one) for name, one in wrong.items()}
        if sum(map(len, written.values())) > MOST:
            return False
        values = {name: _value(d[name], [v for v, _ in many]) for name, many in written.items()}
        base = _floats(d, step, values)
        reach = [0.0] * len(base)
        for name, moved in _moved(d, written):
            for k, other in enumerate(_floats(d, step, {**values, name: moved})):
                reach[k] += abs(other - base[k])
        answer = _numbers(step, text)
    except DlhandError:
        return False
    return all(
        abs(float(value) - at) <= far + float(half) * 1.01
        for (value, half), at, far in zip(answer, base, reach, strict=True)
    )


def _numbers(entry: Entry, text: str) -> list[tuple[Fraction, Fraction]]:
    """The numbers of an answer, each with half a unit of its last place."""
    numbers = fitted(parse_answer(text, size(entry.shape)), entry.shape) or []
    return [
        (nearly(value), Fraction(0) if places is None else Fraction(10) ** -places / 2)
        for value, places in numbers
    ]


def _moved(
    d: Derivation, written: Mapping[str, list[tuple[Fraction, Fraction]]]
) -> Iterator[tuple[str, Any]]:
    """For each number that was written, the value of its step with that number moved up."""
    for name, many in written.items():
        for n, (_, half) in enumerate(many):
            if half:
                values = [value + half * (k == n) for k, (value, _) in enumerate(many)]
                yield name, _value(d[name], values)


def _value(entry: Entry, numbers: list[Fraction]) -> Any:
    return nested(tuple(numbers), entry.shape) if entry.shape else numbers[0]


def _floats(d: Derivation, step: Entry, values: Mapping[str, Any]) -> list[float]:
    return [float(real) for real in d.with_steps(values).evaluation.reals(step.index)]
