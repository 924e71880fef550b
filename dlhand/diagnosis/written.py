"""Slips of a result as it is written down: its sign, its point, its digits, its order; or another.

They are made at the digits of the answer: the true value, rounded or cut off there, is what a
learner meant to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.diagnosis.downstream import FAILS, flat
from dlhand.diagnosis.misread import SIGN, misread
from dlhand.diagnosis.nearby import NEIGHBOUR, OTHER_LETTER
from dlhand.diagnosis.single import Change, Singles, Slipped
from dlhand.errors import UndefinedValue
from dlhand.numbers.digits import Decimal10, chop, round_half_up
from dlhand.operations.quantity import Form, Leaf, Quantity
from dlhand.operations.slips import PLAIN, SELDOM, USUAL

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.diagnosis.sought import Sought

SWAPPED = "rows and columns swapped"
ORDER = "numbers in another order"
WRONG_WAY = "rounded the wrong way"
AHEAD, NEXT_DONE = "a step too far", "the next step done"

TURNED = 0.25
"""What it costs more to turn the sign, or the order, of a result than to make a slip that does."""
NEXT = PLAIN - 0.25
"""To write down h1 for h2 is plainer than to work h1 out for h2."""
LATER = 0.5
"""What it costs more if it is not worked out yet: the numbers of the row below were taken."""
MOST_PLACES = 30
MOST_MOVED = 100
"""In arrays with more entries another order is not looked for."""


class Way(NamedTuple):
    """How a step goes with the next one: the formula, and what is told of both."""

    name: str
    cost: float
    form: Form
    leaves: tuple[Leaf, ...]
    was: Quantity
    now: Quantity


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
    yield from _ahead(singles)
    if sought.shape == singles.target.shape:
        yield from _moved(singles, sought)
        if len(wrong) == 1:
            yield from _numbers(singles, sought, *wrong)


def _others(singles: Singles) -> Iterator[Slipped]:
    """The value of a like quantity, written for this one: of what is known without it."""
    target, is_given = singles.target, _is_given(singles)
    rests_on_it = set() if is_given else _resting_on(singles)
    for apart, other in singles.nearby.alike(target):
        if apart >= OTHER_LETTER:  # b is not written for a because of their names
            continue
        if other.index not in rests_on_it:
            value = _value(singles, other)
            if value is not None and value != singles.true:
                is_later = other.index > target.index and not is_given
                cost = (NEXT if apart < 2 else USUAL) + LATER * is_later
                yield Slipped(
                    NEIGHBOUR, target, value, target.shape, cost,
                    "with {now} for {was}", (target, other, None),
                    Change(target, other.form.as_leaf, (other,)),
                )  # fmt: skip


def _ahead(singles: Singles) -> Iterator[Slipped]:
    """The next step done, too, as σ(z) for z; or done instead, as e^x for −x on the way to e^−x."""
    target, down = singles.target, singles.down
    own = {leaf for leaf in target.uses if leaf.shape == target.shape}
    is_of_one = target.rule is not None and own == set(target.uses) and len(own) == 1
    for user in singles.nearby.functions(target):
        rule = user.rule
        assert rule is not None
        ways = [Way(AHEAD, USUAL, user.form.as_leaf, (user,), target, user)]
        if target.rule is not None and is_of_one:
            leaves = tuple(own) * rule.arity
            was, now = Quantity(target.rule, target.uses), Quantity(rule, leaves)
            ways.append(Way(NEXT_DONE, SELDOM, rule, leaves, was, now))
        for way in ways:
            try:
                value = flat(down.evaluate(way.form, way.leaves, down.values))
            except (*FAILS, UndefinedValue):
                continue
            if value != singles.true:
                yield Slipped(
                    way.name, target, value, way.form.shape, way.cost, "with {now} for {was}",
                    (way.was, way.now, None), Change(target, way.form, way.leaves),
                )  # fmt: skip


def _is_given(singles: Singles) -> bool:
    return singles.target.rule is None or singles.target.index in singles.evaluation.fixed


def _resting_on(singles: Singles) -> set[int]:
    """The positions of all that cannot be known before the step asked for."""
    first = singles.target.index
    found = {first}
    for entry in singles.d.entries[first + 1 :]:
        if any(leaf.index in found for leaf in entry.uses):
            found.add(entry.index)
    return found


def _value(singles: Singles, entry: Entry) -> tuple[float, ...] | None:
    try:
        return flat(singles.down.value(entry.index))
    except UndefinedValue:  # it may come after the step asked for
        return None


def _moved(singles: Singles, sought: Sought) -> Iterator[Slipped]:
    """The right numbers in other places: rows as columns, or in any other order."""
    true, shape = singles.true, singles.target.shape
    if len(shape) == 2 and shape[0] == shape[1]:
        turned = tuple([v for k in range(shape[0]) for v in true[k :: shape[0]]])
        say = "with rows and columns of {was} swapped"
        yield from _written(singles, SWAPPED, turned, PLAIN + TURNED, say)
    order = _in_order(true, sought) if 1 < len(true) <= MOST_MOVED else None
    if order is not None:
        say = "with the numbers of {was} in another order"
        yield from _written(singles, ORDER, order, USUAL + TURNED, say)


def _in_order(true: Sequence[float], sought: Sought) -> tuple[float, ...] | None:
    """The numbers of a value in the order of an answer; None where it has others."""
    rest, found = set(sought.places), list(true)
    for value in true:
        near = [k for k in rest if sought.is_near(k, value)]
        if not near:
            return None
        place = min(near, key=lambda k: (abs(sought.values[k] - value), k))
        rest.remove(place)
        found[place] = value
    return tuple(found)


def _numbers(singles: Singles, sought: Sought, k: int) -> Iterator[Slipped]:
    """One number of the value written otherwise."""
    number, true = sought.numbers[k], Fraction(singles.true[k])
    assert number is not None
    if abs(number.places) > MOST_PLACES:
        return
    cuts: list[Decimal10] = [round_half_up(true, number.places), chop(true, number.places)]
    seen = {cut.fraction for cut in cuts}
    for meant in cuts:
        for slip in misread(meant.fraction, meant):
            if slip.value not in seen:
                seen.add(slip.value)
                cost = slip.cost + TURNED * (slip.name == SIGN)
                yield from _one_written(singles, slip.name, k, slip.value, cost, slip.say)
    low = cuts[1].fraction
    if low == cuts[0].fraction != true:
        up = low + (1 if true > 0 else -1) / Fraction(10) ** number.places
        say = "when {was} is rounded the wrong way"
        yield from _one_written(singles, WRONG_WAY, k, up, USUAL, say)


def _one_written(
    singles: Singles, name: str, k: int, number: Fraction, cost: float, say: str
) -> Iterator[Slipped]:
    true = [Fraction(v) for v in singles.true]
    return _written(singles, name, (*true[:k], number, *true[k + 1 :]), cost, say)


def _written(
    singles: Singles, name: str, value: Sequence[Any], cost: float, say: str
) -> Iterator[Slipped]:
    """A slip by which other numbers are written for the value of the step."""
    target = singles.target
    floats = tuple(map(float, value))
    if floats != singles.true:
        exact = tuple(map(Fraction, value)) if target.shape else Fraction(value[0])
        change = Change(target, None, (), exact)
        terms = (target, None, None)
        yield Slipped(name, target, floats, target.shape, cost, say, terms, change)
