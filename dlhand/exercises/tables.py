"""Tables that people bring, as CSV: read with one clear error, written with no formula in them.

A spreadsheet saves CSV in many ways. Read are UTF-8 with or without a byte order mark, and UTF-16
with one; commas, semicolons or tabs between the cells; any order of the columns, and further ones.
What cannot be read names file, line and column. A cell that a spreadsheet would run as a formula is
written with an apostrophe before it, as text is typed there, and read without it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from dlhand.errors import TableError
from dlhand.files import read_bytes

__all__ = ["Row", "Table", "read", "written"]

SEPARATORS = (",", ";", "\t")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+\-−]?[\d.,]+([eE][+\-]?\d+)?")
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


class Row(NamedTuple):
    """A row of a table: the line at which it begins, and its cells by the names of the columns."""

    line: int
    cells: dict[str, str]


class Table(NamedTuple):
    """A table as it was read."""

    name: str
    rows: list[Row]
    separator: str

    def error(self, line: int, column: str, what: str) -> TableError:
        """The error about one cell."""
        return TableError(f"{self.name}, line {line}, column {column!r}: {what}")


def read(path: str | Path, wanted: Sequence[str]) -> Table:
    """Read a table that has the columns ``wanted``, whatever their case; empty rows are passed by.

    Raises `TableError` for a column that is missing or there twice, a row of another length, bytes
    that are no text, and a quote that is not closed; `Unreadable` for a file that cannot be read.
    """
    path = Path(path)
    text = _decoded(path.name, read_bytes(path))
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise TableError(f"{path.name} is empty; wanted a line with the columns {_listed(wanted)}")
    separator = max(SEPARATORS, key=first.count)
    table = Table(path.name, [], separator)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] = []
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if columns:
                    table.rows.append(_row(table, line, columns, cells))
                else:
                    columns = _columns(table, line, cells, wanted)
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(f"{path.name}, line {line}: {error}; wanted cells of CSV") from None
    return table


def _decoded(name: str, data: bytes) -> str:
    encoding = next((code for mark, code in _MARKS if data.startswith(mark)), "utf-8")
    mark = next((mark for mark, _ in _MARKS if data.startswith(mark)), b"")
    data = data[len(mark) :]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        start = before.rpartition(b"\n")[2]
        column = 1 + max(start.count(separator.encode()) for separator in SEPARATORS)
        raise TableError(
            f"{name}, line {line}, column {column}: the byte {data[error.start]:#04x} is no text "
            f"in {encoding.upper()}; wanted a file saved as UTF-8"
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise TableError(f"{name}, line {line}: a character is NUL; wanted a text file of CSV")
    return text


def _columns(table: Table, line: int, cells: list[str], wanted: Sequence[str]) -> list[str]:
    found = [cell.strip().casefold() for cell in cells]
    for column in wanted:
        if found.count(column) != 1:
            raise TableError(
                f"{table.name}, line {line}: the column {column!r} is "
                f"{'there twice' if column in found else 'missing'}; wanted {_listed(wanted)}, "
                f"and there is {_listed([cell for cell in found if cell]) or 'nothing'}"
            )
    return found


def _row(table: Table, line: int, columns: Sequence[str], cells: list[str]) -> Row:
    while len(cells) > len(columns) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > len(columns):
        raise table.error(
            line,
            str(len(columns) + 1),
            f"there are {len(cells)} cells; wanted {len(columns)}, as in the first line"
            + ("; a decimal comma wants quotes, or semicolons between cells"
               if table.separator == "," else ""),
        )  # fmt: skip
    cells = cells + [""] * (len(columns) - len(cells))
    return Row(line, {c: _as_typed(cell) for c, cell in zip(columns, cells, strict=True) if c})


def _as_typed(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and _FORMULA.match(cell[1:]) else cell


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name:.30}'" for name in names)


def written(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV, in which no cell begins a formula.

    >>> print(written(["id", "mark"], [["=cmd()", -1], ["ann", "0,5"]]))
    id,mark
    '=cmd(),-1
    ann,"0,5"
    <BLANKLINE>
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[_harmless(str(cell)) for cell in row] for row in rows])
    return out.getvalue()


def _harmless(cell: str) -> str:
    is_formula = _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if is_formula else cell
