"""How many sheets a second are made, by the number of workers of a Dask cluster on this machine.

    python -m benchmarks.course 200 002-net222 003-conv-backward

The cluster is a local one; a course is sent to any other in the same way (`dlhand sheet --dask`).
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from dlhand.exercises.course import Workers, make_class
from dlhand.exercises.roster import Learner
from dlhand.exercises.sheets import Sheet

COUNTS = (1, 2, 4)
"""Of workers, each a process with one thread."""


def seconds(sheet: Sheet, learners: Sequence[Learner], workers: Workers) -> float:
    """How long the sheets of a class take, with the key and all that is written."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        make_class(sheet, learners, Path(folder) / "class", workers=workers)
        return time.perf_counter() - start


def main() -> None:
    from dask.distributed import LocalCluster

    count, *names = sys.argv[1:] or ["200", "002-net222"]
    sheet = Sheet(tuple(names), "1")
    learners = [Learner(f"u{k:05}") for k in range(int(count))]
    took = seconds(sheet, learners, Workers())
    print(f"joblib, all processors: {took:.1f} s, {len(learners) / took:.1f} sheets a second")
    for workers in COUNTS:
        with LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=None
        ) as cluster:  # fmt: skip
            seconds(sheet, learners[: 8 * workers], Workers(dask=cluster.scheduler_address))
            took = seconds(sheet, learners, Workers(dask=cluster.scheduler_address))
        print(f"Dask, {workers} workers: {took:.1f} s, {len(learners) / took:.1f} sheets a second")


if __name__ == "__main__":
    main()
