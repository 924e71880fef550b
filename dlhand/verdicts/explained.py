"""Which slip a printed number comes from, where nothing else explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dlhand.diagnosis.search import Explanation, Search
from dlhand.diagnosis.single import Singles
from dlhand.diagnosis.sought import Sought
from dlhand.errors import UndefinedValue

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.evaluate import Evaluation
    from dlhand.derivation.model import Derivation
    from dlhand.diagnosis.single import Slipped

LIKELY = 0.3
"""What is so likely to be a coincidence is not told at all."""


def explanation(
    d: Derivation,
    entry: Entry,
    evaluations: Sequence[Evaluation],
    readings: Sequence[Sought],
    others: Sequence[tuple[str, Sought]],
    above: Iterable[Slipped],
) -> tuple[str, bool]:
    """What gives a printed number, as the end of a sentence, and whether that is sure.

    The slip is looked for on top of each evaluation in turn: the numbers that the page puts in, the
    true ones, those printed before. ``readings`` are the number with its neighbours in an array,
    and alone. ``others`` has other numbers of the page that nothing explains, with their names;
    ``above`` what stands near by and may have been put down for this number alone. The words are ""
    where nothing explains the number, or only two slips at once, and these not surely.
    """
    found = list(_found(d, entry, evaluations, readings, others))
    search = Search(d, d.evaluation, entry, readings[-1], slips=above)
    found += search.run().explanations[:1]
    sure = [one for one in found if one.is_sure]
    if sure:
        return _told(min(sure, key=_cost)), True
    likely = [one for one in found if len(one.slips) == 1 and one.chance < LIKELY]
    if not likely:
        return "", False
    best = min(likely, key=_cost)
    return f"perhaps {_told(best)} ({best.chance:.0%} by chance)", False


def _found(
    d: Derivation,
    entry: Entry,
    evaluations: Sequence[Evaluation],
    readings: Sequence[Sought],
    others: Sequence[tuple[str, Sought]],
) -> Iterator[Explanation]:
    """The likeliest explanation of each reading from each evaluation."""
    for evaluation in evaluations:
        singles = None
        for sought in readings:
            try:
                singles = singles or Singles(d, evaluation, entry)
                search = Search(d, evaluation, entry, sought, others, singles)
                result = search.run(doubtful=False)
            except UndefinedValue:
                continue
            yield from result.explanations[:1]
            if result.best is not None:
                break


def _cost(one: Explanation) -> float:
    return one.cost


def _told(best: Explanation) -> str:
    told = f"what one gets {best.clause}"
    return f"{told}, as {', '.join(dict.fromkeys(best.also))}" if best.also else told
