"""A derivation worked out in floating point, with a watch on what happens inside its formulas.

Whether a unit is alive, whether two numbers tie for the largest, whether a sigmoid is saturated
is not seen in the results alone. It is seen by the arithmetic on which the rules of all operations
run; so this one keeps a record, and knows no operation by its name.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.errors import UndefinedValue
from dlhand.numbers.floats import Floats
from dlhand.numbers.floats import heaviside as above_zero
from dlhand.numbers.floats import sigmoid as squeezed

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry

ALIVE, DEAD, FIRES, RESTS = "alive", "dead", "firing", "resting"
"""What a unit can be: above or below the kink of a ReLU, above or below the edge of a step."""
TIE, FLAT, SETTLED = "tie", "flat", "settled"
"""Two numbers tie for the largest, or one is on an edge; a curve is flat; one share takes all."""

FAR = 4.0
"""A sigmoid of this is 0.982, and so is the share of a softmax that is so far ahead."""
RESIDUE = 1e-12
"""What floating point may leave of a sum that is 0, such as that of a row that was normalised."""


class Watch(Floats):
    """Floating-point arithmetic that keeps a record of what happens.

    >>> watch = Watch()
    >>> (
    ...     watch.maximum(2.5, watch.number(Fraction(0))),
    ...     watch.heaviside(-1.0),
    ...     watch.seen[ALIVE],
    ...     watch.seen[RESTS],
    ... )
    (2.5, 0.0, 1, 1)
    """

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def number(self, value: Fraction) -> float:
        return float(value) if value else _ZERO

    def maximum(self, a: float, b: float) -> float:
        if b is _ZERO:
            self.seen[ALIVE if a > RESIDUE else DEAD] += 1
        self.seen[TIE] += abs(a - b) <= RESIDUE
        return a if a >= b else b

    def heaviside(self, z: float) -> float:
        self.seen[FIRES if z > RESIDUE else RESTS] += 1
        self.seen[TIE] += abs(z) <= RESIDUE
        return above_zero(z)

    def sigmoid(self, z: float) -> float:
        self.seen[FLAT] += abs(z) > FAR
        return squeezed(z)

    def tanh(self, z: Any) -> float:
        self.seen[FLAT] += 2 * abs(z) > FAR
        return math.tanh(z)

    def peak(self, items: Sequence[float]) -> float:
        first, *rest = sorted(items, reverse=True)
        self.seen[SETTLED] += bool(rest) and first - rest[0] > FAR
        return first


class _Zero(float):
    """The zero of a rule, such as that of max(0, z): told from a number that happens to be 0."""


_ZERO = _Zero()


class Run:
    """The values of a derivation's entries in floating point, and what happened on the way.

    ``values`` and ``seen``, how often what happened, stand by the position of an entry. Raises
    `UndefinedValue` where a step has no value, or none of a size that floating point holds.
    """

    def __init__(self, entries: Sequence[Entry], givens: Mapping[int, Any]) -> None:
        self.entries = entries
        self.values: list[Any] = []
        self.seen: list[Counter[str]] = []
        for entry in entries:
            value, seen = _worked_out(entry, self.values, givens)
            self.values.append(value)
            self.seen.append(seen)

    def changed(self, position: int, value: Any) -> Run:
        """The same with another value of one given: what does not depend on it is kept."""
        other = Run((), {})
        other.entries, stale = self.entries, {position}
        for entry in self.entries:
            k = entry.index
            if k == position:
                other.values.append(value)
                other.seen.append(Counter())
            elif any(leaf.index in stale for leaf in entry.uses):
                stale.add(k)
                found, seen = _worked_out(entry, other.values, {})
                other.values.append(found)
                other.seen.append(seen)
            else:
                other.values.append(self.values[k])
                other.seen.append(self.seen[k])
        return other

    def has(self, happening: str) -> bool:
        """Whether something happened anywhere."""
        return any(seen[happening] for seen in self.seen)

    def numbers(self, position: int) -> tuple[float, ...]:
        """The numbers of an entry in flat order."""
        value = self.values[position]
        return value if isinstance(value, tuple) else (value,)


def _worked_out(
    entry: Entry, values: Sequence[Any], givens: Mapping[int, Any]
) -> tuple[Any, Counter[str]]:
    if entry.rule is None:
        return givens[entry.index], Counter()
    watch = Watch()
    try:
        found = entry.rule.run(watch, [values[leaf.index] for leaf in entry.uses])
    except (ArithmeticError, ValueError) as error:
        raise UndefinedValue(f"step {entry.name} has no value there") from error
    for number in found if isinstance(found, tuple) else (found,):
        if not math.isfinite(number):
            raise UndefinedValue(f"step {entry.name} is too large there")
    return found, watch.seen
