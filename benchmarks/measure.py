"""How the figures are taken: candidates in turn, in one process, the median of many rounds.

Machines differ and are never quiet, so a figure is a ratio to a peer measured in the same run,
the two alternating.
"""

import gc
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Figure(NamedTuple):
    """One measured ratio and the bound it is to keep."""

    name: str
    peer: str
    ratio: float
    bound: float
    detail: str

    @property
    def kept(self) -> bool:
        """Whether the ratio is within its bound."""
        return self.ratio <= self.bound


def alternate(
    *candidates: Callable[[], Any], calls: int = 50, rounds: int = 41
) -> tuple[float, ...]:
    """The median seconds of one call of each candidate, measured in turn.

    The garbage collector stays on, as it is in use.
    """
    for candidate in candidates:
        candidate()
    times: list[list[float]] = [[] for _ in candidates]
    for _ in range(rounds):
        for candidate, taken in zip(candidates, times, strict=True):
            gc.collect()
            start = time.perf_counter()
            for _ in range(calls):
                candidate()
            taken.append((time.perf_counter() - start) / calls)
    return tuple(statistics.median(taken) for taken in times)
