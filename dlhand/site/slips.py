"""The slips that a page can name by itself: what each of them gives, worked out beforehand.

A page has no derivation, so it cannot make a slip and see what comes of it. It need not: the single
slips on the way to a step do not depend on the answer. Their values travel, each with its cost and
its sentence, in a file that is fetched with the first wrong answer; the page looks which of them
the answer is, and how likely that is by chance (`page/slips.js`, after `dlhand.diagnosis.search`).
Two slips at once are too many to travel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dlhand.diagnosis.misread import SIGN
from dlhand.diagnosis.search import ALIKE
from dlhand.diagnosis.single import Singles, Slipped
from dlhand.diagnosis.words import clause
from dlhand.errors import UndefinedValue
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = ["slip_facts"]

MOST_COST = 3.0
"""Less plain slips stay where Python is."""
MOST_NUMBERS = 6
"""In arrays of more numbers slips are left to Python, too."""
DIGITS = 12
"""Significant digits of a value: more than are typed, and as many as floats are sure of."""


def slip_facts(d: Derivation) -> dict[str, Any]:
    """By step the slips that give another value: its numbers, the cost, the clause, the place.

    Clauses ("when it is not divided by 2") and the names of places stand once, and are told by
    their positions; ``signs`` has those of the clauses which only say that a sign was misread.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("An error")
    >>> o, t = d.givens(o="0.75", t=1)
    >>> E = d.step("E", (o - t) ** 2 / 2)
    >>> facts = slip_facts(d)
    >>> numbers, cost, told, place = facts["steps"]["E"][0]
    >>> numbers, cost, facts["told"][told], facts["places"][place]
    ([0.0625], 1.0, 'when it is not divided by 2', 'E')
    """
    told: dict[str, int] = {}
    places: dict[str, int] = {}
    signs: set[int] = set()
    steps: dict[str, list[Any]] = {}
    for step in d.steps:
        steps[step.name] = []
        for one in _plain(d, step):
            at = told.setdefault(clause((one,), step), len(told))
            signs.update([at] * (one.name == SIGN))
            numbers = [float(f"{value:.{DIGITS}g}") for value in one.value]
            place = places.setdefault(one.where.name, len(places))
            steps[step.name].append([numbers, round(one.cost, 6), at, place])
    return {"told": [*told], "signs": sorted(signs), "places": [*places], "steps": steps}


def _plain(d: Derivation, step: Entry) -> Iterator[Slipped]:
    """The plain slips, the plainest first; of those with one value two that are alike."""
    if size(step.shape) > MOST_NUMBERS:
        return
    try:
        known = Singles(d, d.evaluation, step).known
    except UndefinedValue:
        return
    least: dict[tuple[str, ...], list[float]] = {}
    for one in sorted(known, key=lambda one: one.cost):
        value = tuple(f"{number:.{DIGITS}g}" for number in one.value)
        if one.cost > MOST_COST or one.shape != step.shape:
            continue
        costs = least.setdefault(value, [])
        if not costs or (len(costs) == 1 and one.cost < costs[0] + ALIKE):
            costs.append(one.cost)
            yield one
