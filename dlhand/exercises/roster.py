"""The learners of a class, from a roster, and the names of their files."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from dlhand.exercises.tables import read

__all__ = ["Learner", "roster"]

LONGEST = 200
"""Characters of an id or a name."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Learner(NamedTuple):
    """One learner: an id, by which numbers are drawn, and perhaps a name."""

    id: str
    name: str = ""

    @property
    def file(self) -> str:
        """The stem of this learner's files: the id where that can be one, else a name made of it.

        >>> Learner("ann-7").file, Learner("../ann").file
        ('ann-7', 'ann-2a8c40f7')
        """
        if _PLAIN.fullmatch(self.id):
            return self.id
        letters = re.sub(r"[^A-Za-z0-9]+", "-", self.id).strip("-")[:40]
        return f"{letters or 'learner'}-{sha256(self.id.encode()).hexdigest()[:8]}"

    def seed(self, seed: int | str) -> str:
        """The seed of this learner's numbers, the same on every machine."""
        return f"{seed}/{self.id}"


def roster(path: str | Path) -> list[Learner]:
    """The learners of a class, in the order of the file: a column ``id``, and perhaps ``name``.

    Raises `TableError` for an id that is empty, too long or there twice, and as `tables.read`.
    """
    table = read(path, ["id"])
    lines: dict[str, int] = {}
    files: dict[str, str] = {}
    learners = []
    for line, cells in table.rows:
        learner = Learner(cells["id"], cells.get("name", ""))
        if not learner.id:
            raise table.error(line, "id", "it is empty; wanted the id of a learner")
        for column, text in (("id", learner.id), ("name", learner.name)):
            if len(text) > LONGEST or not text.isprintable():
                wanted = f"wanted at most {LONGEST} characters, all to be seen, on one line"
                raise table.error(line, column, f"{text!r:.40} is no {column}; {wanted}")
        if learner.id in lines:
            before = lines[learner.id]
            raise table.error(line, "id", f"{learner.id!r:.60} is that of line {before}, too")
        same = files.setdefault(learner.file.casefold(), learner.id)
        if same != learner.id:
            other = lines[same]
            raise table.error(
                line, "id", f"{learner.id!r:.60} differs from that of line {other} by case alone"
            )
        lines[learner.id] = line
        learners.append(learner)
    if not learners:
        raise table.error(1, "id", "no learner stands below it; wanted one on each line")
    return learners
