"""How long a chapter takes, written into it when it is built: at its head, and where one may stop.

A source has `TIME` at its head. Where a chapter takes more than one sitting, a cell of its own has
`STOP`, and `REST` after it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tools.chapters import STOP, Chapter, of_cells

TIME, REST = "<<time>>", "<<rest>>"
ROUGHLY = 5  # minutes: so exact is what is told


def fill(notebook: Any) -> None:
    """Put the times of a notebook that has been run in the place of their marks."""
    parts = sittings(notebook.cells)
    told = iter(_rests([part.minutes for part in parts]))
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace(TIME, _in_all(parts))
            if REST in cell.source:
                cell.source = cell.source.replace(REST, next(told))


def sittings(cells: Sequence[Any]) -> list[Chapter]:
    """The parts of a chapter between which it says that one may stop."""
    begins = [k for k, cell in enumerate(cells) if "".join(cell["source"]).startswith(STOP)]
    ends = [*begins, len(cells)]
    return [of_cells("", cells[a:b]) for a, b in zip([0, *begins], ends, strict=True)]


def _in_all(parts: Sequence[Chapter]) -> str:
    reading, predicted = (sum(getattr(one, k) for one in parts) for k in ("reading", "predicted"))
    if not predicted:
        return f"About {_about(reading)} minutes to read."
    told = (
        f"About {_about(reading + predicted)} minutes, if you predict what is asked; "
        f"{reading} to read."
    )
    if len(parts) == 1:
        return told
    each = " and ".join(str(_about(one.minutes)) for one in parts)
    return f"{told} There is a good place to stop: the sittings take {each} minutes."


def _rests(minutes: Sequence[int]) -> Iterator[str]:
    """For each place to stop how long it was, and how long it will be."""
    for k in range(1, len(minutes)):
        done, left = sum(minutes[:k]), sum(minutes[k:])
        yield f"About {_about(done)} minutes lie behind you, and {_about(left)} before you."


def _about(minutes: int) -> int:
    return max(1, round(minutes / ROUGHLY)) * ROUGHLY
