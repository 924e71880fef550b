"""The journal of a learner's attempts: what was answered to which step, and how it was judged.

It is a text file to which lines are only ever added, one JSON object a line (see `record`). A line
is handed to the system whole, at the end of the file, under a lock (see `file`): so a kernel may be
killed at any byte and two kernels may write at once. What a killed one has left of a line is
skipped when the journal is read, and the next attempt begins on a line of its own. Only a failing
machine can lose attempts: the system is not asked to put each one on the disk at once.

The file lies where this system keeps the data of a user; the environment variable DLHAND_JOURNAL
names another place. Where it cannot be written, the learner is told once, and work goes on.
"""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from dlhand.learner import file
from dlhand.learner.progress import Progress, ProgressTable, Reading, progress
from dlhand.learner.record import (
    Attempt,
    as_line,
    attempt_at,
    fields_of,
    from_fields,
    is_newer,
    label,
    numbers_hash,
)

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.learner.check import Judgement

__all__ = ["Journal", "current"]

PAUSE = 300.0
"""Seconds for which no lock is waited for again, when one was not to be had."""


class Journal:
    """The attempts of a learner in a file; without ``path``, in the user's own.

    No method but `clear` raises an error for what is wrong with the file or its place.

    >>> from tempfile import TemporaryDirectory
    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b)
    >>> with TemporaryDirectory() as folder:
    ...     journal = Journal(Path(folder) / "journal.jsonl")
    ...     told = journal.record(d, d["s"], "-1.5", d.check("s", "-1.5"))
    ...     journal.taken_up(d)["s"].answer, journal.progress()["A sum"].right
    ('-1.5', 1)
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self._path = file.default_path() if path is None else Path(path)
        self._has_told = False
        self._waits_again = 0.0

    def where(self) -> Path:
        """The file, whether it exists yet or not."""
        return self._path

    def record(self, d: Derivation, entry: Entry, text: str, judgement: Judgement) -> str:
        """Add an attempt; it is kept when this returns.

        Returns what the learner should be told: "" but for the first time that the place cannot
        be written, and the first time after it could be again.
        """
        line = as_line(attempt_at(d, entry, text, judgement))
        patience = file.PATIENCE if time.monotonic() >= self._waits_again else 0.0
        try:
            if not file.append(self._path, line, patience) and patience:
                self._waits_again = time.monotonic() + PAUSE
        except OSError as error:
            return self._tell(error)
        self._has_told = False
        return ""

    def _tell(self, error: OSError) -> str:
        if self._has_told:
            return ""
        self._has_told = True
        return (
            f"attempts are not kept, for {self._path} cannot be written "
            f"({error.strerror or error}); the environment variable DLHAND_JOURNAL can name "
            "another file"
        )

    def read(self) -> Reading:
        """All attempts in order. What is no attempt is counted and skipped, never raised."""
        return self._read(b"")

    def _read(self, wanted: bytes) -> Reading:
        """The attempts of the lines that have some bytes in them: others are not looked at."""
        attempts: list[Attempt] = []
        damaged = newer = 0
        try:
            file.want_file(self._path)
            with self._path.open("rb") as lines:
                for line in filter(
                    bytes.strip, file.lines_with(wanted, lines) if wanted else lines
                ):
                    fields = fields_of(line)
                    attempt = from_fields(fields)
                    if attempt is not None:
                        attempts.append(attempt)
                    elif is_newer(fields):
                        newer += 1
                    else:
                        damaged += 1
        except FileNotFoundError:
            pass
        except OSError as error:
            problem = f"{self._path} cannot be read ({error.strerror or error})"
            return Reading(attempts, damaged, newer, problem)
        return Reading(attempts, damaged, newer)

    def attempts(self, name: str | None = None) -> list[Attempt]:
        """All attempts at the derivation of a name (or title), or at any, in order."""
        found = self.read().attempts
        return found if name is None else [one for one in found if one.derivation == name]

    def taken_up(self, d: Derivation) -> dict[str, Attempt]:
        """The last attempt at each step of a derivation, made with the numbers it has now."""
        givens, name = numbers_hash(d), label(d)
        return {
            one.step: one
            for one in self._read(givens.encode("ascii")).attempts
            if one.derivation == name and one.givens == givens and one.step in d
        }

    def progress(self) -> dict[str, Progress]:
        """How far one is with each derivation that was tried, by its name, in order of names."""
        return progress(self.read().attempts)

    def table(self) -> ProgressTable:
        """The progress as a table."""
        return ProgressTable(self.read(), self._path)

    def clear(self) -> Path | None:
        """Begin afresh: move the file aside, to a name that ends in ".bak" and is not taken.

        Returns where it lies now, None where there was none. Raises `OSError` where it cannot
        be moved.
        """
        return file.move_aside(self._path)

    def __repr__(self) -> str:
        return f"Journal({str(self._path)!r})"


def current() -> Journal:
    """The user's journal: one object for each place, so that a fault of it is told once."""
    return _journal_at(file.default_path())


@cache
def _journal_at(path: Path) -> Journal:
    return Journal(path)
