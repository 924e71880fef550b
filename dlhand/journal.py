"""The journal of a learner's attempts: what was answered to which step, and how it was judged.

It is a text file to which lines are only ever added, one JSON object a line ::

    {
        "v": 1,
        "time": "2024-05-01T12:00:00Z",
        "derivation": "002-net222",
        "step": "z_h1",
        "answer": "0.41",
        "verdict": "right",
        "givens": "5f0c3d9a12b4",
        "steps": 46,
    }

(on one line). A line is handed to the system whole, at the end of the file, under a lock: so a
kernel may be killed at any byte and two kernels may write at once. What a killed one has left of a
line is skipped when the journal is read, and the next attempt begins on a line of its own. Only a
failing machine can lose attempts: the system is not asked to put each one on the disk at once.

The file lies where this system keeps the data of a user; the environment variable DLHAND_JOURNAL
names another place. Where it cannot be written, the learner is told once, and work goes on.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from functools import cache
from html import escape
from itertools import count
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

if TYPE_CHECKING:
    from dlhand.check import Judgement
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = [
    "RIGHT",
    "Attempt",
    "Journal",
    "Progress",
    "ProgressTable",
    "Reading",
    "current",
    "numbers_hash",
]

VERSION = 1
"""Of the lines written here. Lines of a newer version are left to newer programs."""
LONGEST = 10_000
"""Characters of an answer that are kept."""
RIGHT = frozenset({"right", "rounded early"})
"""The verdicts with which a step is done; what follows from a wrong answer is still to be done."""
PATIENCE = 2.0
"""Seconds to wait for another kernel's lock; one that was halted while it wrote keeps it."""
PAUSE = 300.0
"""Seconds for which no lock is waited for again, when one was not to be had."""
WIDEST = 60
"""Characters of a derivation's title in the table."""


class Attempt(NamedTuple):
    """One answer to one step.

    Attributes:
        time: when, in UTC: "2024-05-01T12:00:00Z"
        derivation: its name, or its title where it has no name
        step: the name of the step
        answer: the answer as typed; what exceeds 10,000 characters is cut off
        verdict: that of the `Judgement`
        givens: a short hash of the numbers worked with; see `numbers_hash`
        steps: how many steps the derivation had; 0 where that is not known
    """

    time: str
    derivation: str
    step: str
    answer: str
    verdict: str
    givens: str
    steps: int


class Reading(NamedTuple):
    """What a journal holds: the attempts in order, and how many lines were left out, and why.

    Attributes:
        attempts: all that can be read
        damaged: lines that are no attempt, such as the rest of one cut off by a killed kernel
        newer: lines written by a newer dlhand
        problem: why the file cannot be read at all; "" where it can, or where there is none yet
    """

    attempts: list[Attempt]
    damaged: int = 0
    newer: int = 0
    problem: str = ""


class Progress(NamedTuple):
    """How far a learner is with one derivation.

    Steps done on different numbers are not added up: the counts are those of the numbers on
    which most is right.

    Attributes:
        derivation: its name, or its title where it has no name
        tried: steps with at least one answer that could be read
        right: steps answered rightly, be it rounded early
        steps: how many there are
        last: when it was last worked on, with any numbers
    """

    derivation: str
    tried: int
    right: int
    steps: int
    last: str


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
        self._path = default_path() if path is None else Path(path)
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
        attempt = Attempt(
            time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            derivation=_label(d),
            step=entry.name,
            answer=text[:LONGEST],
            verdict=judgement.verdict,
            givens=numbers_hash(d),
            steps=len(d.steps),
        )
        patience = PATIENCE if time.monotonic() >= self._waits_again else 0.0
        try:
            if not _append(self._path, _line(attempt), patience) and patience:
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
            _want_file(self._path)
            with self._path.open("rb") as file:
                for line in filter(bytes.strip, _lines_with(wanted, file) if wanted else file):
                    fields = _fields(line)
                    version, attempt = fields.get("v"), _attempt(fields)
                    if attempt is not None:
                        attempts.append(attempt)
                    elif type(version) is int and version > VERSION:
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
        givens, label = numbers_hash(d), _label(d)
        return {
            one.step: one
            for one in self._read(givens.encode("ascii")).attempts
            if one.derivation == label and one.givens == givens and one.step in d
        }

    def progress(self) -> dict[str, Progress]:
        """How far one is with each derivation that was tried, by its name, in order of names."""
        return _progress(self.read().attempts)

    def table(self) -> ProgressTable:
        """The progress as a table."""
        return ProgressTable(self.read(), self._path)

    def clear(self) -> Path | None:
        """Begin afresh: move the file aside, to a name that ends in ".bak" and is not taken.

        Returns where it lies now, None where there was none. Raises `OSError` where it cannot
        be moved.
        """
        backup = next(path for path in _backups(self._path) if not path.exists())
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._path.rename(backup)
            except FileNotFoundError:
                return None
            except PermissionError:  # on Windows also while another kernel has it open: shortly
                if os.name != "nt" or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return backup

    def __repr__(self) -> str:
        return f"Journal({str(self._path)!r})"


def current() -> Journal:
    """The user's journal: one object for each place, so that a fault of it is told once."""
    return _journal_at(default_path())


@cache
def _journal_at(path: Path) -> Journal:
    return Journal(path)


def default_path() -> Path:
    """The user's journal: what DLHAND_JOURNAL names, or a file where the system keeps data.

    That is below %LOCALAPPDATA% on Windows, ~/Library/Application Support on macOS, and
    $XDG_DATA_HOME or ~/.local/share elsewhere.
    """
    named = os.environ.get("DLHAND_JOURNAL")
    if named:
        return Path(os.path.abspath(os.path.expanduser(named)))
    return _data_folder() / "dlhand" / "journal.jsonl"


_DATA_FOLDERS = {
    "win32": ("LOCALAPPDATA", "AppData/Local"),
    "darwin": ("", "Library/Application Support"),
}
"""Of some platforms: the variable that names where data of a user lies, and the usual place."""


def _data_folder() -> Path:
    try:
        home = Path.home()
    except RuntimeError:  # a user of whom the system knows nothing
        home = Path.cwd()
    variable, usual = _DATA_FOLDERS.get(sys.platform, ("XDG_DATA_HOME", ".local/share"))
    named = Path(os.environ.get(variable, ""))
    return named if named.is_absolute() else home / usual  # the XDG standard ignores relative ones


def _backups(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.name}.bak")
    for n in count(2):
        yield path.with_name(f"{path.name}.{n}.bak")


# What an attempt is about


def _label(d: Derivation) -> str:
    return d.name or d.title


def numbers_hash(d: Derivation) -> str:
    """Twelve hexadecimal digits that differ where the numbers of a derivation do.

    These are its givens, with steps replaced by given numbers and rounding by hand where it has
    these: an answer is right or wrong with them alone.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> numbers_hash(d) == numbers_hash(d.what_if(a="1/2")) != numbers_hash(d.what_if(a="0.6"))
    True
    """
    from hashlib import sha256

    from dlhand.derivation.evaluate import ByHand

    evaluation = d.evaluation
    parts = [
        f"{d.entries[k].name}{d.entries[k].shape}={_flat(value)}"
        for k, value in sorted(evaluation.fixed.items())
    ]
    if isinstance(evaluation, ByHand):
        parts.append(f"{'chopped' if evaluation.chopped else 'rounded'} {evaluation.places}")
    return sha256("\n".join(parts).encode(errors="backslashreplace")).hexdigest()[:12]


def _flat(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


# Lines


def _line(attempt: Attempt) -> bytes:
    """An attempt as one line of ASCII, whatever was typed."""
    return json.dumps({"v": VERSION, **attempt._asdict()}).encode("ascii") + b"\n"


def _fields(line: bytes) -> dict[str, Any]:
    """The JSON object of a line; an empty one for anything else."""
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _attempt(fields: dict[str, Any]) -> Attempt | None:
    """The attempt of an object with the fields of one, and perhaps others; None for another."""
    values: list[Any] = [fields.get(name) for name in Attempt._fields]
    *texts, steps = values
    if type(fields.get("v")) is not int or fields["v"] != VERSION:
        return None
    if type(steps) is not int or steps < 0 or not all(isinstance(text, str) for text in texts):
        return None
    return Attempt(*values)


# The file


def _want_file(path: Path) -> None:
    """Refuse what would be waited for without end, such as a pipe. Raises `OSError`."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        raise OSError(EINVAL, "it is a pipe, no file")


def _lines_with(wanted: bytes, file: BinaryIO) -> Iterator[bytes]:
    """The lines that have some bytes in them, found without reading the others one by one."""
    if os.fstat(file.fileno()).st_size == 0:
        return
    with mmap(file.fileno(), 0, access=ACCESS_READ) as text:
        end = 0
        while (found := text.find(wanted, end)) >= 0:
            start = text.rfind(b"\n", 0, found) + 1
            end = text.find(b"\n", found)
            end = len(text) if end < 0 else end
            yield text[start:end]


def _append(path: Path, line: bytes, patience: float) -> bool:
    """Add a line at the end of a file, whole and on a line of its own. Raises `OSError`.

    Returns whether the file's lock was to be had; without it the line is added all the same.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _want_file(path)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags, 0o600)
    try:
        with _alone(file, patience) as is_alone:
            # In one piece with the line: where there are no locks, it must not come between two.
            rest = line if _ends_a_line(file) else b"\n" + line
            while rest:  # in one go, unless the disk is all but full
                rest = rest[os.write(file, rest) :]
        return is_alone
    finally:
        os.close(file)


def _ends_a_line(file: int) -> bool:
    """Whether a file is empty or ends in a newline: not so where a kernel was killed writing."""
    if os.fstat(file).st_size == 0:
        return True
    os.lseek(file, -1, os.SEEK_END)
    return os.read(file, 1) == b"\n"


@contextmanager
def _alone(file: int, patience: float) -> Iterator[bool]:
    """Hold a file's lock, and say whether it is held. It ends with this process at the latest.

    Where it is not to be had in time, go on without: appending is all but safe in itself.
    """
    deadline = time.monotonic() + patience
    while not (is_held := _take(file)) and time.monotonic() < deadline:
        time.sleep(0.002)
    try:
        yield is_held
    finally:
        if is_held:
            _release(file)


if sys.platform == "win32":
    import msvcrt

    # A lock of Windows keeps others from reading, too: so it is on a byte that no journal reaches.
    _LOCKED = 2**30

    def _take(file: int) -> bool:
        os.lseek(file, _LOCKED, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _release(file: int) -> None:
        os.lseek(file, _LOCKED, os.SEEK_SET)
        with suppress(OSError):  # the attempt is kept; closing the file lets go as well
            msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    _locks: Any
    try:
        import fcntl as _locks
    except ImportError:  # in a browser, where there is one process
        _locks = None

    def _take(file: int) -> bool:
        if _locks is not None:
            try:
                _locks.flock(file, _locks.LOCK_EX | _locks.LOCK_NB)
            except BlockingIOError:
                return False
            except OSError:  # a file system without locks
                pass
        return True

    def _release(file: int) -> None:
        """Closing the file lets go of the lock."""


# Progress


def _progress(attempts: list[Attempt]) -> dict[str, Progress]:
    by_name: dict[str, dict[str, list[Attempt]]] = {}
    for one in attempts:
        by_name.setdefault(one.derivation, {}).setdefault(one.givens, []).append(one)
    return {
        name: _furthest(name, list(by_givens.values()))
        for name, by_givens in sorted(by_name.items())
    }


def _furthest(name: str, groups: list[list[Attempt]]) -> Progress:
    """The progress on those numbers on which most is right."""
    last = max(one.time for group in groups for one in group)
    right, tried, steps = max(map(_counts, groups))
    return Progress(name, tried, right, steps, last)


def _counts(attempts: list[Attempt]) -> tuple[int, int, int]:
    """How many steps were answered rightly, how many were tried, and how many there are."""
    right = {one.step for one in attempts if one.verdict in RIGHT}
    tried = {one.step for one in attempts if one.verdict != "unreadable"}
    # A step may have been renamed since: there are at least as many as were tried.
    return len(right), len(tried), max(attempts[-1].steps, len(tried))


class ProgressTable:
    """What a reading of a journal says about progress; ``str`` gives text, `html` a table.

    A notebook does not show it by itself, so that no stored output depends on a journal:
    `dlhand.widgets.progress` shows it there.
    """

    HEADINGS = ("derivation", "right", "tried", "of", "last")

    def __init__(self, reading: Reading, path: Path) -> None:
        self._rows = [
            (_shown(p.derivation), str(p.right), str(p.tried), str(p.steps), _shown(p.last[:10]))
            for p in _progress(reading.attempts).values()
        ]
        self._remarks = [*_remarks(reading), f"Attempts are kept in {_shown(str(path), 1000)}"]

    def __str__(self) -> str:
        lines = []
        if self._rows:
            columns = list(zip(self.HEADINGS, *self._rows, strict=True))
            widths = [max(map(len, column)) for column in columns]
            lines = [_in_columns(row, widths) for row in (self.HEADINGS, *self._rows)]
        else:
            lines = ["No attempts yet."]
        return "\n".join([*lines, "", *self._remarks])

    def __repr__(self) -> str:
        return "<the progress of a journal: print shows it>"

    def html(self) -> str:
        """The table as HTML."""
        remarks = "<br>".join(map(escape, self._remarks))
        if not self._rows:
            return f'<div class="dlhand-progress"><p>No attempts yet.</p><p>{remarks}</p></div>'
        head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in self.HEADINGS)
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th>'
            + "".join(f"<td>{escape(text)}</td>" for text in rest)
            + "</tr>"
            for name, *rest in self._rows
        )
        return (
            '<div class="dlhand-progress"><table><caption>Steps answered</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{remarks}</p></div>"
        )


def _remarks(reading: Reading) -> Iterator[str]:
    if reading.problem:
        yield _shown(reading.problem, 1000)
    if n := reading.damaged:
        yield f"Left out: {n} line{'s' * (n != 1)} that cannot be read"
    if n := reading.newer:
        yield f"Left out: {n} line{'s' * (n != 1)} written by a newer dlhand"


def _in_columns(row: tuple[str, ...], widths: list[int]) -> str:
    """A line of the table: the name to the left, the counts to the right."""
    name, *counts = row
    cells = [text.rjust(width) for text, width in zip(counts, widths[1:], strict=True)]
    return "  ".join([name.ljust(widths[0]), *cells])


def _shown(text: str, longest: int = WIDEST) -> str:
    """Text from a file as it may go to a terminal: on one line, and nothing but characters."""
    plain = "".join(c if c.isprintable() else "?" for c in text[: longest + 1])
    return plain if len(plain) <= longest else f"{plain[: longest - 3]}..."
