"""Files read and written whole, or not at all, with one clear error.

What is to be written stands there in the end, or what was there before.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp

from dlhand.errors import Unreadable, Unwritten

__all__ = ["new_folder", "read_bytes", "read_text", "write"]


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """What is in a file. Raises `Unreadable`.

    >>> read_bytes("no-such-table.csv")
    Traceback (most recent call last):
    dlhand.errors.Unreadable: no-such-table.csv cannot be read (No such file or directory)
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise Unreadable(f"{path} cannot be read ({error.strerror or error})") from error


def read_text(path: str | os.PathLike[str]) -> str:
    """The text that is in a file, in UTF-8. Raises `Unreadable`."""
    try:
        return read_bytes(path).decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path} cannot be read (it is no text in UTF-8)") from error


def write(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a file, text in UTF-8; return its path.

    The content goes to a file beside it, which then takes its place: so a full disk or a program
    that is stopped leaves no half of it, and a file of that name is as it was. A device or a pipe,
    which has no place to take, is written to as it is. Raises `Unwritten`.

    >>> write("no-such-folder/deck.html", "a deck")
    Traceback (most recent call last):
    dlhand.errors.Unwritten: no-such-folder/deck.html cannot be written (there is no folder no-such-folder)
    """  # noqa: E501
    path = Path(path)
    data = content.encode() if isinstance(content, str) else content
    try:
        _write(Path(os.path.realpath(path)), data)  # behind a link, so that it stays one
    except OSError as error:
        raise Unwritten(f"{path} cannot be written ({_why(path, error)})") from error
    return path


@contextmanager
def new_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A folder to be filled, which gets its name when that is done; else nothing is left of it.

    Raises `Unwritten` where there is a file or a folder of that name already, or none can be made.
    """
    path = Path(path)
    if os.path.lexists(path):
        raise Unwritten(f"{path} cannot be written (there is one of that name already)")
    try:
        half = Path(mkdtemp(dir=path.parent, prefix=".dlhand-"))
    except OSError as error:
        raise Unwritten(f"{path} cannot be written ({_why(path, error)})") from error
    try:
        yield half
        os.chmod(half, 0o777 & ~_umask())
        os.rename(half, path)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


def _why(path: Path, error: OSError) -> str:
    if os.path.isdir(path):
        return "there is a folder of that name"
    if not os.path.exists(path.parent):
        return f"there is no folder {path.parent}"
    return error.strerror or str(error)


def _write(path: Path, data: bytes) -> None:
    rights = _rights(path)
    if rights is None:
        path.write_bytes(data)
        return
    with NamedTemporaryFile("wb", dir=path.parent, prefix=".dlhand-", delete=False) as half:
        try:
            half.write(data)
            half.close()
            os.chmod(half.name, rights)
            os.replace(half.name, path)
        except BaseException:
            with suppress(OSError):
                half.close()
            os.unlink(half.name)
            raise


def _rights(path: Path) -> int | None:
    """The rights that the file has or, being new, gets; None for what is no file."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return 0o666 & ~_umask()
    return stat.S_IMODE(mode) if stat.S_ISREG(mode) else None


def _umask() -> int:
    """What the user takes away from the rights of new files; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
