"""A copy of the chapters that a learner may change, and that follows later versions of these.

The copy remembers what it was given, by sums, in the file `RECORD`. So it can tell a chapter that
is as it was laid there, which a later version replaces, from one that the learner has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import NamedTuple

from dlhand import __version__
from dlhand.errors import MissingPackage, UnknownName, Unwritten, nearest
from dlhand.files import write

__all__ = ["RECORD", "Laid", "chapters", "find", "lay"]

RECORD = ".dlhand-course.json"
_HERE = Path(__file__).resolve().parent.parent
_HOMES = (_HERE / "chapters", _HERE.parent / "notebooks")
"""Where the chapters are: in an installed package, and in a clone of the repository."""


class Laid(NamedTuple):
    """A chapter in the copy.

    Attributes:
        path: where it is
        is_changed: whether the learner has changed it
        beside: the new version, where the course has changed it, too
    """

    path: Path
    is_changed: bool = False
    beside: Path | None = None

    @property
    def unchanged(self) -> Path | None:
        """The file that is as the course has it; None where there is none."""
        return self.beside if self.is_changed else self.path


def chapters() -> list[Path]:
    """The notebooks that come with the package, in order.

    Raises `MissingPackage` where they do not, as in a package that others have put together.

    >>> [path.stem for path in chapters()][:2]
    ['00_start_here', '01_perceptron']
    """
    for home in _HOMES:
        if found := sorted(home.glob("[0-9]*.ipynb")):
            return found
    raise MissingPackage("this dlhand has come without its chapters: pip install dlhand")


def find(text: str) -> str:
    """The file name of a chapter: by its number, its name, or both. Raises `UnknownName`.

    >>> find("5"), find("rnn"), find("20_errata")
    ('05_backpropagation.ipynb', '11_rnn.ipynb', '20_errata.ipynb')
    """
    stems = [path.stem for path in chapters()]
    for stem in stems:
        number, _, name = stem.partition("_")
        if text in (stem, f"{stem}.ipynb", name) or text.zfill(2) == number:
            return f"{stem}.ipynb"
    known = nearest(text, stems) or f"; wanted a name, or a number from 0 to {len(stems) - 1}"
    raise UnknownName(f"no chapter is called {text!r:.80}{known}")


def lay(folder: Path) -> list[Laid]:
    """Lay the chapters into a folder, which is made if need be; return where each is.

    What is not there is laid there, and what is as an earlier version laid it is replaced. A
    chapter that the learner has changed stays as it is; where the course has a new version of it,
    that is laid beside it, once. Raises `Unwritten`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        taken = "there is a file of that name" if os.path.exists(folder) else error.strerror
        raise Unwritten(f"the folder {folder} cannot be made ({taken})") from error
    before = _read(folder / RECORD)
    given = {path.name: path.read_bytes() for path in chapters()}
    laid = [_lay(folder / name, new, before.get(name)) for name, new in given.items()]
    now = before | {name: _sum(new) for name, new in given.items()}
    if now != before:
        write(folder / RECORD, json.dumps(now, indent=1) + "\n")
    return laid


def _lay(path: Path, new: bytes, before: str | None) -> Laid:
    """Lay one chapter; ``before`` is the sum of what was laid there before."""
    there = _content(path)
    if there == new:
        return Laid(path)
    if there is None or _sum(there) == before:
        return Laid(write(path, new))
    if _sum(new) == before:  # changed by the learner alone
        return Laid(path, is_changed=True)
    for beside in _names_beside(path):
        taken = _content(beside)
        if taken is None:
            write(beside, new)
        if taken in (None, new):
            return Laid(path, True, beside)
    raise AssertionError("there is always another name")


def _names_beside(path: Path) -> Iterator[Path]:
    yield path.with_stem(f"{path.stem}-{__version__}")
    for n in count(2):
        yield path.with_stem(f"{path.stem}-{__version__}-{n}")


def _content(path: Path) -> bytes | None:
    """What a file has in it; None where nothing of that name is."""
    if not os.path.lexists(path):
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unwritten(f"{path} is in the way ({error.strerror})") from error


def _read(record: Path) -> dict[str, str]:
    """The sums of what was laid before; nothing where that is not known, so that all is kept."""
    try:
        found = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _sum(content: bytes) -> str:
    return sha256(content).hexdigest()
