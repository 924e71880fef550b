"""The figure of the course: what nbval takes for it, beside notebooks with nothing in them.

Most of it is the start of a kernel for each notebook, which is the same for both.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

from benchmarks.measure import Figure
from tools.chapters import NOTEBOOKS, ROOT, plain

ROUNDS = 3
BOUND = 1.5


def course() -> Iterator[Figure]:
    """All chapters (but those with needs of their own) under nbval, against as many ``1+1``."""
    chapters = plain(NOTEBOOKS.glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        bare = [_one_and_one(Path(folder) / path.name) for path in chapters]
        rounds = [(_seconds(chapters, folder), _seconds(bare, folder)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours / theirs for ours, theirs in rounds)
    ours, theirs = map(statistics.median, zip(*rounds, strict=True))
    detail = f"{ours:.1f} s; bare {theirs:.1f} s; {len(chapters)} notebooks"
    yield Figure("course", "as many notebooks of 1+1 under nbval", ratio, BOUND, detail)


FIGURES = (course,)


def _one_and_one(path: Path) -> Path:
    """Write a notebook whose only cell is 1+1."""
    result = new_output("execute_result", {"text/plain": "2"}, execution_count=1)
    cell = new_code_cell("1+1", execution_count=1, outputs=[result])
    notebook = new_notebook(cells=[cell])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)
    return path


def _seconds(notebooks: Sequence[Path], profile: str) -> float:
    """The seconds that nbval takes for these notebooks, all of which must pass."""
    nbval = [sys.executable, "-m", "pytest", "--quiet", "--nbval", "-p", "no:cacheprovider"]
    kernels = {"JUPYTER_PREFER_ENV_PATH": "1", "IPYTHONDIR": str(Path(profile) / "ipython")}
    # An installed package is compiled once. Where that is forbidden, each kernel would do it anew,
    # for our modules alone: the packages of the bare notebooks were compiled when installed.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    done = subprocess.run(
        [*nbval, *map(str, notebooks)],
        cwd=ROOT,
        env=environment | kernels,
        capture_output=True,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - start
    if done.returncode:
        raise SystemExit(done.stdout[-4000:])
    return taken
