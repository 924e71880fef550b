"""The file of a journal: where it lies, its lock, and lines added and found in it.

The lock is our own, not that of the package filelock: that one wants a second file beside the
journal, and where a system has no locks (in a browser) leaves one behind when it is killed. On
Windows it locks the first byte, which keeps others from reading.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL
from itertools import count
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, BinaryIO

__all__ = ["append", "default_path", "lines_with", "move_aside", "want_file"]

PATIENCE = 2.0
"""Seconds to wait for another kernel's lock; one that was halted while it wrote keeps it."""


def default_path() -> Path:
    """The user's journal: what DLHAND_JOURNAL names, or a file where the system keeps data.

    That is, as platformdirs knows it, below %LOCALAPPDATA% on Windows, and $XDG_DATA_HOME
    elsewhere; without the latter, ~/Library/Application Support on macOS, and ~/.local/share.
    """
    named = os.environ.get("DLHAND_JOURNAL")
    if named:
        return Path(os.path.abspath(os.path.expanduser(named)))
    from platformdirs import user_data_path

    try:
        folder = user_data_path("dlhand", appauthor=False)
    except RuntimeError:  # a user of whom the system knows nothing
        folder = Path.cwd() / ".local" / "share" / "dlhand"
    return folder / "journal.jsonl"


def move_aside(path: Path) -> Path | None:
    """Move a file to a name that ends in ".bak" and is not taken; None where there is no file.

    Raises `OSError` where it cannot be moved.
    """
    backup = next(each for each in _backups(path) if not each.exists())
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            path.rename(backup)
        except FileNotFoundError:
            return None
        except PermissionError:  # on Windows also while another kernel has it open: shortly
            if os.name != "nt" or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return backup


def _backups(path: Path) -> Iterator[Path]:
    yield path.with_name(f"{path.name}.bak")
    for n in count(2):
        yield path.with_name(f"{path.name}.{n}.bak")


def want_file(path: Path) -> None:
    """Refuse what would be waited for without end, such as a pipe. Raises `OSError`."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        raise OSError(EINVAL, "it is a pipe, no file")


def lines_with(wanted: bytes, file: BinaryIO) -> Iterator[bytes]:
    """The lines that have some bytes in them, found without reading the others one by one."""
    if os.fstat(file.fileno()).st_size == 0:
        return
    try:
        mapped = mmap(file.fileno(), 0, access=ACCESS_READ)
    except OSError:  # a file system that cannot, such as a browser's
        yield from (line.removesuffix(b"\n") for line in file if wanted in line)
        return
    with mapped as text:
        end = 0
        while (found := text.find(wanted, end)) >= 0:
            start = text.rfind(b"\n", 0, found) + 1
            end = text.find(b"\n", found)
            end = len(text) if end < 0 else end
            yield text[start:end]


def append(path: Path, line: bytes, patience: float) -> bool:
    """Add a line at the end of a file, whole and on a line of its own. Raises `OSError`.

    Returns whether the file's lock was to be had; without it the line is added all the same.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    want_file(path)
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
    _lock: Any
    try:
        from fcntl import LOCK_EX, LOCK_NB
        from fcntl import flock as _lock
    except ImportError:  # in a browser, where there is one process
        _lock = None

    def _take(file: int) -> bool:
        if _lock is not None:
            try:
                _lock(file, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                return False
            except OSError:  # a file system without locks
                pass
        return True

    def _release(file: int) -> None:
        """Closing the file lets go of the lock."""
