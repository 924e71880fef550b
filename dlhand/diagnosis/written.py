"""Slips of a result as it is written down: its sign, its point, its digits, or that of another.

They are made at the digits of the answer: the true value, rounded or cut off there, is what a
learner meant to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from dlhand.diagnosis.downstream import flat
from dlhand.diagnosis.misread import SIGN, misread
from dlhand.diagnosis.nearby import NEIGHBOUR, OTHER_LETTER
from dlhand.diagnosis.single import Change, Singles, Slipped
from dlhand.numbers.digits import Decimal10, chop, round_half_up
from dlhand.operations.slips import PLAIN, USUAL

if TYPE_CHECKING:
    from dlhand.diagnosis.sought import Sought

TURNED = 0.25
"""What it costs more to turn the sign of a result than to make a slip that turns it."""
NEXT = PLAIN - 0.25
"""To write down h1 for h2 is plainer than to work h1 out for h2."""
MOST_PLACES = 30


def written(singles: Singles, sought: Sought, wrong: Sequence[int]) -> Iterator[Slipped]:
    """What may be written for the value of a step, at the digits of an answer.

    ``wrong`` has the positions of the numbers that are not right; of several none is written alone.

    >>> from dlhand.derivation.model import Derivation
    >>> from dlhand.diagnosis.sought import Sought
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.25", b="0.5")
    >>> s = d.step("s", a + b)
    >>> found = written(Singles(d, d.evaluation, s), Sought.read("0.57", ()), [0])
    >>> [one.name for one in found if one.value == (0.57,)]
    ['digits exchanged']
    """
    yield from _others(singles)
    if sought.shape == singles.target.shape and len(wrong) == 1:
        yield from _numbers(singles, sought, *wrong)


def _others(singles: Singles) -> Iterator[Slipped]:
    """The value of a like quantity, written for this one."""
    target, down = singles.target, singles.down
    for apart, other in singles.nearby.alike(target):
        if apart >= OTHER_LETTER:  # b is not written for a because of their names
            continue
        is_given = target.rule is None
        if other.index < target.index or is_given or target.index in singles.evaluation.fixed:
            value = flat(down.value(other.index))
            if value != singles.true:
                yield Slipped(
                    NEIGHBOUR, target, value, target.shape, NEXT if apart < 2 else USUAL,
                    "with {now} for {was}", (target, other, None),
                    Change(target, other.form.as_leaf, (other,)),
                )  # fmt: skip


def _numbers(singles: Singles, sought: Sought, k: int) -> Iterator[Slipped]:
    """One number of the value written otherwise."""
    number, target = sought.numbers[k], singles.target
    assert number is not None
    if abs(number.places) > MOST_PLACES:
        return
    true = [Fraction(v) for v in singles.true]
    seen = set[Fraction]()
    for cut in (round_half_up, chop):
        meant: Decimal10 = cut(true[k], number.places)
        for slip in misread(meant.fraction, meant):
            if slip.value in seen or slip.value == meant.fraction:
                continue
            seen.add(slip.value)
            exact = (*true[:k], slip.value, *true[k + 1 :])
            cost = slip.cost + TURNED * (slip.name == SIGN)
            yield Slipped(
                slip.name, target, tuple(map(float, exact)), target.shape, cost, slip.say,
                (target, None, None),
                Change(target, None, (), exact if target.shape else exact[0]),
            )  # fmt: skip
