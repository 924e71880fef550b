"""What the pages of the documents print, number by number: a text file for each document.

A file is read from top to bottom. A line of letters names the example to which the numbers below
it belong. Every other line begins with the number of a line of the document and has the numbers
that stand there, in their order:

    002-net222
    266  z_h2 < w2 0.2, x1 0.1 | z_h2 0.47 | h2 < z_h2 0.47 | h2 0.61
    303  w5' < w5 0.5, alpha 0.6, dE/dw5 0.08020 | w5' 0.45187

`z_h2 < w2 0.2, x1 0.1` says what is put in where z_h2 is worked out; `z_h2 0.47` what comes out, or
the value of a given. `[1 2]` is a vector, `[1 2; 3 4]` a matrix, `[1 2;]` one with a single row;
`_` is an entry that is not printed. `@267` goes on in another line of the document. Characters
with a space or a comma in them stand in quotes. A damaged number is followed by what it must have
been, `0.15~0.5`, and the line ends with the reason after two dashes.

Numbers of the page that belong to no example stand below the heading `aside`, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.derivation.entries import Printed

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

ASIDE = "aside"
_HERE = Path(__file__).parent
_HEADING = re.compile(rf"(\d{{3}}-[\w-]+|{ASIDE})\Z")
_TOKEN = re.compile(r'"[^"]*"(?:~[^\s\];,|]+)?|[\[\];,|<]|[^\s\[\];,|<]+')


class Item(NamedTuple):
    """Numbers that stand together on a page: what they are of, and for which step, if put in."""

    example: str
    into: str | None
    name: str
    printed: Printed


def attach(d: Derivation) -> None:
    """Attach to an example what its document prints for it."""
    for item in items(d.document):
        if item.example == d.name:
            if item.into is None:
                d.printed({item.name: item.printed})
            else:
                d.put_in(item.into, {item.name: item.printed})


@cache
def items(document: str) -> Sequence[Item]:
    """All that is noted of a document's pages, in the order of the file."""
    path = _HERE / f"{document}.txt"
    return tuple(read(path.read_text(encoding="utf-8"))) if path.exists() else ()


def read(text: str) -> Iterator[Item]:
    r"""Read a file. Raises `ValueError` for a line that cannot be read.

    >>> for item in read('002-or\n60 o_2 "10"~0 -- a 1 before it'):
    ...     print(item.example, item.into, item.name, *item.printed)
    002-or None o_2 10 0 a 1 before it 60
    """
    example = ""
    for row in text.splitlines():
        if _HEADING.match(row):
            example = row
        elif row:
            yield from _Row(example, row).items()


class _Row:
    """One line of a file, read token by token."""

    def __init__(self, example: str, row: str) -> None:
        self.example = example
        self.row = row
        body, _, self.reason = row.partition(" -- ")
        number, _, rest = body.partition(" ")
        self.line = int(number)
        self.tokens = _TOKEN.findall(rest)[::-1]

    def items(self) -> Iterator[Item]:
        """The items of the line; a name before `<` is that of the step they are put into."""
        try:
            while self.tokens:
                yield from self._group()
        except (IndexError, ValueError) as error:
            raise ValueError(f"cannot read {self.row!r}") from error

    def _group(self) -> Iterator[Item]:
        into = None
        if len(self.tokens) > 1 and self.tokens[-2] == "<":
            into, _ = self._next(), self._next()
        while True:
            name = self._next() if self.example != ASIDE else ""
            text, reading, line = self._value()
            is_read = text != reading
            yield Item(self.example, into, name, Printed(
                text, reading if is_read else None, self.reason if is_read else "", line
            ))  # fmt: skip
            if not self.tokens:
                return
            sign = self._next()
            if sign == "|":
                return
            if sign != ",":
                raise ValueError(sign)

    def _next(self) -> str:
        token: str = self.tokens.pop()
        while token.startswith("@"):
            self.line = int(token[1:])
            token = self.tokens.pop()
        return token

    def _value(self) -> tuple[Any, Any, Any]:
        """Characters, reading and line of a number, a vector or a matrix."""
        token = self._next()
        if token != "[":
            return self._number(token)
        rows: list[list[Any]] = [[]]
        while (token := self._next()) != "]":
            if token == ";":
                rows.append([])
            else:
                rows[-1].append(self._number(token))
        is_vector = len(rows) == 1
        if not rows[-1]:
            rows.pop()
        parts = [[[cell[k] for cell in row] for row in rows] for k in range(3)]
        text, reading, lines = [part[0] for part in parts] if is_vector else parts
        return text, reading, lines

    def _number(self, token: str) -> tuple[Any, Any, int]:
        if token == "_":
            return None, None, self.line
        if token[0] == '"':
            text, _, reading = token[1:].partition('"')
            return text, reading.removeprefix("~") or text, self.line
        text, _, reading = token.partition("~")
        return text, reading or text, self.line
