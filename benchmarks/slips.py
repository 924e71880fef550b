"""The figures of the search for slips: how long it takes to say what a wrong answer comes from.

They are seconds of the processor against a bound, for there is no peer.
"""

import statistics
import time
from collections.abc import Iterator

from benchmarks.measure import Figure
from dlhand.diagnosis import diagnose
from dlhand.examples import load

ROUNDS = 15
CASES = (
    ("diagnose", "002-net222", 0.020, {"dE/dw1": "0.01108", "dE/dh1": "0.01234", "w1'": "0.1011"}),
    ("diagnose-lstm", "002-lstm", 0.100, {"δU_a": "0.1", "Δout_0": "0.0112", "δW_a": "0.1, 0.2"}),
)
"""By name: the example, the bound in seconds, and answers, of which some come from nothing."""


def diagnosing() -> Iterator[Figure]:
    """The time of one diagnosis, that of the slowest of several answers, each found anew."""
    for name, example, bound, answers in CASES:
        d = load(example)
        d.values()
        taken = {}
        for step, text in answers.items():
            times = []
            for _ in range(ROUNDS):
                start = time.process_time()
                diagnose(d, step, text)
                times.append(time.process_time() - start)
            taken[step] = statistics.median(times)
        detail = ", ".join(f"{step} {seconds * 1e3:.1f} ms" for step, seconds in taken.items())
        peer = f"{bound * 1e3:.0f} ms of the processor"
        yield Figure(name, peer, max(taken.values()) / bound, 1.0, detail)


FIGURES = (diagnosing,)
