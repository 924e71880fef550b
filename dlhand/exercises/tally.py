"""The slips that a class makes most often, counted, and a picture of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dlhand.derivation.model import Derivation
from dlhand.pictures.bars import bars

if TYPE_CHECKING:
    from dlhand.exercises.marking import Mark
    from dlhand.render.picture import Picture

__all__ = ["UNKNOWN", "Counted", "picture", "tally"]

UNKNOWN = "no slip that we know"
"""What a wrong answer is counted under that no slip explains."""
MOST_DRAWN = 12


class Counted(NamedTuple):
    """A slip, how often it was made, and the steps at which it was made most often."""

    slip: str
    times: int
    steps: tuple[str, ...]


def tally(marks: Iterable[Mark]) -> list[Counted]:
    """The slips of wrong answers, the most frequent first; what none explains comes last."""
    times: Counter[str] = Counter()
    steps: dict[str, Counter[str]] = defaultdict(Counter)
    for one in marks:
        if one.verdict == "not yet":
            slip = one.slip or UNKNOWN
            times[slip] += 1
            steps[slip][one.step] += 1
    order = sorted(times, key=lambda slip: (slip == UNKNOWN, -times[slip], slip))
    return [
        Counted(slip, times[slip], tuple([step for step, _ in steps[slip].most_common(3)]))
        for slip in order
    ]


def picture(counted: Sequence[Counted]) -> Picture:
    """A bar for each slip.

    >>> print(picture([Counted("sign turned", 12, ("z",)), Counted("term left out", 5, ("z",))]))
    Bars: The slips most often made. sign turned: n₁ = 12. term left out: n₂ = 5.
    """
    d = Derivation("The slips most often made")
    drawn = list(counted[:MOST_DRAWN]) or [Counted("no slip at all", 0, ())]
    names = [d.given(f"n_{k}", one.times).name for k, one in enumerate(drawn, 1)]
    return bars(d, names, words=[one.slip for one in drawn])
