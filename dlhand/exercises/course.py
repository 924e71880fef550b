"""The sheets of a whole class: made side by side, on one machine or on a cluster.

What is made for a learner depends on nothing but the sheet and the learner's id. So joblib shares
the learners out, to the processors of this machine or, unchanged, to the workers of a Dask cluster.
They send back what is to be written; the files are written here, in a new folder that gets its name
when all is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from dlhand.exercises.notebooks import notebook
from dlhand.exercises.printing import printed
from dlhand.exercises.roster import Learner
from dlhand.exercises.sheets import Sheet, class_key, results, steps_of
from dlhand.exercises.tables import written
from dlhand.extras import module
from dlhand.files import new_folder

__all__ = ["FORMATS", "Workers", "make_class"]

FORMATS = ("html", "pdf", "notebook")
BATCH = 8
"""So many learners are sent to a worker at once."""
T = TypeVar("T")
R = TypeVar("R")


class Workers(NamedTuple):
    """Who does the work: so many processes here, or a Dask cluster at an address."""

    jobs: int = -1
    dask: str = ""

    def each(self, work: Callable[[T], R], items: Sequence[T], words: str) -> Iterator[R]:
        """What ``work`` makes of each item, in order, with a bar that shows how far it is.

        Raises `MissingPackage` where joblib or tqdm is not installed, or dask is wanted and is not.
        """
        joblib, tqdm = module("joblib", "class"), module("tqdm", "class")
        batches = [items[k : k + BATCH] for k in range(0, len(items), BATCH)]
        with self._backend(joblib), tqdm.tqdm(total=len(items), desc=words, disable=None) as bar:
            parallel = joblib.Parallel(n_jobs=self.jobs, return_as="generator")
            for made in parallel(joblib.delayed(_all)(work, batch) for batch in batches):
                bar.update(len(made))
                yield from made

    @contextmanager
    def _backend(self, joblib: Any) -> Iterator[None]:
        if not self.dask:
            yield
            return
        with (
            module("dask.distributed", "class").Client(self.dask) as client,
            joblib.parallel_config(backend="dask", client=client),
        ):
            yield


def _all(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    return [work(item) for item in items]


HERE = Workers()


class _Made(NamedTuple):
    """What is made for one learner: files by their names, the results, rows for the answers."""

    files: dict[str, str]
    results: str
    rows: list[tuple[str, ...]]


def _made(sheet: Sheet, formats: Sequence[str], learner: Learner) -> _Made:
    """All that is made for one learner; it is called where the workers are."""
    files = {}
    if {"html", "pdf"} & {*formats}:
        files[f"{learner.file}.html"] = sheet.page(learner)
    if "notebook" in formats:
        files[f"{learner.file}.ipynb"] = notebook(sheet, learner)
    rows: list[tuple[str, ...]] = [
        (learner.id, str(number), step, "") for number, _, step in steps_of(sheet, learner)
    ]
    return _Made(files, results(sheet, learner), rows)


def make_class(
    sheet: Sheet,
    learners: Sequence[Learner],
    folder: str | Path,
    formats: Sequence[str] = ("html",),
    workers: Workers = HERE,
    paper: str = "A4",
) -> Path:
    """Write a sheet for each learner, one key for all, and a table for their answers.

    The folder gets ``sheets/``, ``key.html``, which `dlhand grade` reads, too, and ``answers.csv``
    with a row for each step. Raises `Unwritten` where the folder is there already.
    """
    path = Path(folder)
    with new_folder(path) as half:
        (half / "sheets").mkdir()
        parts: list[str] = []
        rows: list[tuple[str, ...]] = []
        for made in workers.each(partial(_made, sheet, formats), learners, "sheets"):
            for name, content in made.files.items():
                (half / "sheets" / name).write_text(content, encoding="utf-8")
            parts.append(made.results)
            rows += made.rows
        if "pdf" in formats:
            _print(half / "sheets", [learner.file for learner in learners], paper)
            if "html" not in formats:
                for learner in learners:
                    (half / "sheets" / f"{learner.file}.html").unlink()
        (half / "key.html").write_text(class_key(sheet, learners, parts), encoding="utf-8")
        table = written(("id", "problem", "step", "answer"), rows)
        (half / "answers.csv").write_text(table, encoding="utf-8")
    return path


def _print(folder: Path, stems: Sequence[str], paper: str) -> None:
    pages = ((folder / f"{stem}.html").read_text(encoding="utf-8") for stem in stems)
    bar = module("tqdm", "class").tqdm(total=len(stems), desc="PDF", disable=None)
    for stem, data in zip(stems, printed(pages, paper), strict=True):
        (folder / f"{stem}.pdf").write_bytes(data)
        bar.update()
    bar.close()
