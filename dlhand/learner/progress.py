"""How far a learner is with each derivation, from the attempts, and the table of it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

from dlhand.learner.record import RIGHT, Attempt

__all__ = ["Progress", "ProgressTable", "Reading", "progress"]

WIDEST = 60
"""Characters of a derivation's title in the table."""


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


def progress(attempts: list[Attempt]) -> dict[str, Progress]:
    """How far one is with each derivation, by its name, in order of names."""
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
            for p in progress(reading.attempts).values()
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
