"""How many slips cannot be told apart: two of a step that give the same digits, or the right ones.

In a problem with numbers of one digit a few always do, for there are dozens of slips at a step and
not so many numbers. So problems are drawn more than once, and that is taken in which fewest do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dlhand.errors import UndefinedValue
from dlhand.numbers.floats import Floats
from dlhand.operations.slips import rewritings

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.exercises.watch import Run

__all__ = ["clashes"]

PLAIN = 2.0
"""What a slip costs at most that is looked at: the plain ones, of which a person thinks first."""
_FLOATS = Floats()


def clashes(run: Run, digits: int) -> int:
    """The number of plain slips whose result has the digits of another one at the same step.

    That of a slip which changes nothing counts, too.
    """
    return sum(_clashes(run, entry, digits) for entry in run.entries if entry.rule is not None)


def _clashes(run: Run, entry: Entry, digits: int) -> int:
    shown = Counter(_shown(value, digits) for value in _values(run, entry))
    if not shown:
        return 0
    shown[_shown(run.values[entry.index], digits)] += 1
    return sum(count - 1 for count in shown.values())


def _values(run: Run, entry: Entry) -> Iterator[Any]:
    """What the step becomes by each plain slip in its formula."""
    assert entry.rule is not None
    forms = set()
    for one in rewritings(entry.rule):
        form, pick = one.whole
        leaves = pick(entry.uses)
        same = form, tuple(leaf.index for leaf in leaves)
        if one.slip.cost > PLAIN or same in forms:
            continue
        forms.add(same)
        try:
            yield form.run(_FLOATS, [run.values[leaf.index] for leaf in leaves])
        except (ArithmeticError, ValueError, UndefinedValue):  # this slip leads to no number
            continue


def _shown(value: Any, digits: int) -> tuple[str, ...]:
    numbers = value if isinstance(value, tuple) else (value,)
    return tuple([f"{number:.{digits - 1}e}" for number in numbers])
