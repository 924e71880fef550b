"""The table of verdicts on printed numbers, as text and as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from html import escape
from textwrap import wrap
from typing import Any

from dlhand.errors import UnknownName, nearest
from dlhand.render.names import text as text_symbol
from dlhand.verify import EXACT, UNEXPLAINED, VERDICTS, Finding

HEADINGS = ("step", "printed", "true value", "verdict")
_EXPLANATION = 44  # characters a line


def tally(findings: Sequence[Finding]) -> str:
    """How many numbers that are worked out have which verdict, and how many are given, in words.

    A given says what the document puts in: that it is itself is no finding.

    >>> tally([])
    'no printed numbers'
    """
    if not findings:
        return "no printed numbers"
    worked = [finding for finding in findings if finding.role == "step"]
    counts = Counter(finding.verdict for finding in worked)
    parts = [f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict]]
    noun = "printed number" if len(worked) == 1 else "printed numbers"
    told = f"{len(worked) or 'no'} {noun}" + (f": {', '.join(parts)}" if parts else " worked out")
    if given := len(findings) - len(worked):
        told += f"; {given} more {'is' if given == 1 else 'are'} given"
        odd = sum(f.role == "given" and f.verdict != EXACT for f in findings)
        told += f" ({odd} of them printed otherwise)" if odd else ""
    if read := sum(finding.reading is not None for finding in findings):
        told += f"; {read} {'is' if read == 1 else 'are'} read as another"
    return told


def _step(finding: Finding) -> str:
    where = "" if finding.entry is None else f"[{', '.join(map(str, finding.entry))}]"
    return text_symbol(finding.step) + where


def _printed(finding: Finding, times: int) -> str:
    """What is printed, how it is read, and how often it stands there."""
    text = finding.printed
    if finding.reading is not None and finding.reading != text:
        text += f" (read as {finding.reading})"
    return f"{text} ({times} times)" if times > 1 else text


class VerdictTable:
    """Findings as a table; a notebook shows it as HTML, ``print`` as text.

    It has a row for each finding with one of the ``verdicts``, and counts all of them.
    What is printed several times has one row. Raises `UnknownName` for a verdict that there is not.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        *,
        verdicts: Collection[str] = VERDICTS,
        examples: bool = False,
    ) -> None:
        for verdict in verdicts:
            if verdict not in VERDICTS:
                raise UnknownName(
                    f"verdict is {verdict!r}; wanted one of {', '.join(VERDICTS)}"
                    f"{nearest(verdict, list(VERDICTS))}"
                )
        self.findings = list(findings)
        self._verdicts = verdicts
        self._examples = examples

    def _rows(self) -> list[tuple[str, ...]]:
        lead = (lambda f: (f.example,)) if self._examples else (lambda f: ())
        chosen = Counter(f for f in self.findings if f.verdict in self._verdicts)
        return [
            (*lead(f), _step(f), _printed(f, times), f.value, f.verdict, f.explanation)
            for f, times in chosen.items()
        ]

    @property
    def _headings(self) -> tuple[str, ...]:
        return (*(("example",) if self._examples else ()), *HEADINGS, "why")

    def __repr__(self) -> str:
        rows = self._rows()
        headings = self._headings
        columns = list(zip(headings, *rows, strict=True))[:-1]
        widths = [max(map(len, column)) for column in columns]
        lines = [_line(headings, widths), _line(["-" * w for w in [*widths, _EXPLANATION]], widths)]
        for row in rows:
            first, *more = wrap(row[-1], _EXPLANATION) or [""]
            lines.append(_line([*row[:-1], first], widths))
            lines += [_line([""] * len(widths) + [part], widths) for part in more]
        return "\n".join([*lines, tally(self.findings)])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in self._headings)
        body = "".join(
            "<tr>" + "".join(_cell(k, text, row) for k, text in enumerate(row)) + "</tr>"
            for row in self._rows()
        )
        return (
            f'<table class="dlhand-verdicts"><caption>{escape(tally(self.findings))}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    fixed = [cell.ljust(width) for cell, width in zip(cells, widths, strict=False)]
    return "  ".join([*fixed, cells[-1]]).rstrip()


def _cell(k: int, text: str, row: Sequence[str]) -> str:
    """A cell; the verdict that needs attention stands out by weight, not by colour alone."""
    shown = escape(text)
    if k == len(row) - 2 and text == UNEXPLAINED:
        shown = f"<strong>{shown}</strong>"
    return f"<td>{shown}</td>"
