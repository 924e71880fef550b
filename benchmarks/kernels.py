"""What a class costs a hub: the memory and the start of a kernel in which a player has run.

    python -m benchmarks.kernels [HOW MANY]

Kernels are started one after the other, as when learners come, and all stay, as in a lesson. Each
imports dlhand, loads an example and shows its player with the graph beside it. The memory of one is
its proportional share (PSS): what kernels share counts once. Linux alone tells it. A learner on a
hub has a server of JupyterLab, too.
"""

import statistics
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import nbformat
from jupyter_client.manager import run_kernel

ROOT = Path(__file__).resolve().parent.parent

CELL = """
import dlhand
dlhand.load("002-net222").player(predict=True, picture="graph")
"""
CHAPTER = "06_optimisers"
"""One with many pictures, which matplotlib draws."""
MiB = 2**20


class Kernel(NamedTuple):
    """Of one kernel, the seconds until it answers and until it has shown a player."""

    client: Any
    pid: int
    answers: float
    shows: float


def started(stack: ExitStack) -> Kernel:
    """A kernel that runs until the stack is closed, and has shown a player."""
    begun = time.perf_counter()
    client = stack.enter_context(run_kernel())
    pids: list[int] = []

    def take(message: dict[str, Any]) -> None:
        if message["msg_type"] == "stream":
            pids.append(int(message["content"]["text"]))

    run(client, "import os; print(os.getpid())", take)
    answers = time.perf_counter() - begun
    run(client, CELL, lambda message: None)
    return Kernel(client, pids[0], answers, time.perf_counter() - begun)


def run(client: Any, code: str, take: Any) -> None:
    reply = client.execute_interactive(code, output_hook=take)["content"]
    if reply["status"] != "ok":
        raise SystemExit("\n".join(reply["traceback"]))


def share(pid: int) -> float:
    """The proportional share of the memory of a process, in MiB."""
    import psutil

    return float(psutil.Process(pid).memory_full_info().pss / MiB)


def after_a_chapter() -> float:
    """The share of a kernel that has run a whole chapter."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{CHAPTER}.ipynb", as_version=4)
    with ExitStack() as stack:
        kernel = started(stack)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                run(kernel.client, cell.source, lambda message: None)
        return share(kernel.pid)


def server() -> float:
    """The share of a JupyterLab that serves a folder."""
    from tests.browser.real_lab import Server

    with TemporaryDirectory() as place:
        running = Server(Path(place))
        try:
            running.ask("GET", "api/contents")
            return share(running.pid)
        finally:
            running.stop()


def main(count: int) -> None:
    import psutil

    with ExitStack() as stack:
        kernels = [started(stack) for _ in range(count)]
        shares = [share(one.pid) for one in kernels]
        whole = [psutil.Process(one.pid).memory_info().rss / MiB for one in kernels]
    print(f"{count} kernels, {psutil.cpu_count()} cores; median, and the most of any")
    for name, values, unit in (
        ("answers after", [one.answers for one in kernels], "s"),
        ("has shown a player after", [one.shows for one in kernels], "s"),
        ("memory, proportional share", shares, "MiB"),
        ("memory, resident", whole, "MiB"),
    ):
        print(f"{name:<28}{statistics.median(values):8.2f}{max(values):8.2f} {unit}")
    print(f"{'memory of all':<28}{sum(shares) / 1024:8.2f} GiB")
    print(f"{f'after {CHAPTER}':<28}{after_a_chapter():8.2f} MiB")
    print(f"{'a server of JupyterLab':<28}{server():8.2f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
