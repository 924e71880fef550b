"""The table of verdicts on printed numbers, as text and as HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from html import escape
from textwrap import wrap
from typing import Any

from dlhand.errors import UnknownName, nearest
from dlhand.numbers.printed import EXACT, UNEXPLAINED
from dlhand.render import table
from dlhand.render.names import text as text_symbol
from dlhand.verdicts.findings import GIVEN, PUT_IN, RESULT, VERDICTS, Finding

HEADINGS = ("step", "printed", "true value", "verdict")
_EXPLANATION = 44  # characters a line


def tally(findings: Sequence[Finding]) -> str:
    """How many numbers are worked out, given and put in, and how many have which verdict, in words.

    A given says what the document puts in: that it is itself is no finding.

    >>> tally([])
    'no printed numbers'
    """
    return "; ".join(_tally(findings))


def _tally(findings: Sequence[Finding]) -> list[str]:
    """The same in parts: one for each role, and one for what is read as another number."""
    if not findings:
        return ["no printed numbers"]
    roles = Counter(finding.role for finding in findings)
    noun = "printed number" if roles[RESULT] == 1 else "printed numbers"
    told = _verdicts(findings, RESULT)
    parts = [f"{roles[RESULT] or 'no'} {noun}{f': {told}' if told else ' worked out'}"]
    if given := roles[GIVEN]:
        odd = sum(f.role == GIVEN and f.verdict != EXACT for f in findings)
        said = f" ({odd} of them printed otherwise)" if odd else ""
        parts.append(f"{given} more {'is' if given == 1 else 'are'} given{said}")
    if put_in := roles[PUT_IN]:
        told = _verdicts(findings, PUT_IN)
        parts.append(f"{put_in} more {'is' if put_in == 1 else 'are'} put in: {told}")
    if read := sum(finding.reading is not None for finding in findings):
        parts.append(f"{read} {'is' if read == 1 else 'are'} read as another")
    return parts


def _verdicts(findings: Sequence[Finding], role: str) -> str:
    counts = Counter(finding.verdict for finding in findings if finding.role == role)
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS if counts[verdict])


def _step(finding: Finding) -> str:
    where = "" if finding.entry is None else f"[{', '.join(map(str, finding.entry))}]"
    put_in = " put in" if finding.role == PUT_IN else ""
    return text_symbol(finding.step) + where + put_in


def _is_odd(finding: Finding) -> bool:
    """Whether a number put in is neither true nor one printed before, or is read as another."""
    return finding.reading is not None or finding.verdict == UNEXPLAINED


def _lines(findings: Sequence[Finding]) -> str:
    """The lines of the document in which it stands, each once."""
    return ", ".join(str(k) for k in dict.fromkeys(f.line for f in findings) if k is not None)


def _printed(finding: Finding, times: int) -> str:
    """What is printed, how it is read, and how often it stands there."""
    text = finding.printed
    if finding.reading is not None and finding.reading != text:
        text += f" (read as {finding.reading})"
    return f"{text} ({times} times)" if times > 1 else text


class VerdictTable:
    """Findings as a table; a notebook shows it as HTML, ``print`` as text.

    It has a row for each finding with one of the ``verdicts``, and counts all of them. Numbers
    put in that are true, or repeat what the page has printed, have rows only with ``put_in``. What
    is printed several times has one row, with the lines of the document. Raises `UnknownName` for
    a verdict that there is not.
    """

    def __init__(
        self,
        findings: Sequence[Finding],
        *,
        verdicts: Collection[str] = VERDICTS,
        examples: bool = False,
        put_in: bool = False,
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
        self._put_in = put_in
        self._lines = any(finding.line is not None for finding in self.findings)

    def _rows(self) -> list[tuple[str, ...]]:
        chosen: dict[Finding, list[Finding]] = {}
        for finding in self.findings:
            told = self._put_in or finding.role != PUT_IN or _is_odd(finding)
            if told and finding.verdict in self._verdicts:
                chosen.setdefault(finding._replace(line=None, into=None), []).append(finding)
        return [
            (*self._lead(f, those), _step(f), _printed(f, len(those)), f.value, f.verdict,
             f.explanation)
            for f, those in chosen.items()
        ]  # fmt: skip

    def _lead(self, finding: Finding, those: Sequence[Finding]) -> tuple[str, ...]:
        """The first columns of a row: those that not every table has."""
        example = (finding.example,) if self._examples else ()
        return (*example, _lines(those)) if self._lines else example

    @property
    def _headings(self) -> tuple[str, ...]:
        example = ("example",) if self._examples else ()
        return (*example, *(("line",) if self._lines else ()), *HEADINGS, "why")

    def __repr__(self) -> str:
        rows = self._rows()
        headings = self._headings
        widths = [*table.widths([headings, *rows])[:-1], _EXPLANATION]
        lines: list[Sequence[str]] = [headings, ["-" * width for width in widths]]
        for row in rows:
            first, *more = wrap(row[-1], _EXPLANATION) or [""]
            lines += [[*row[:-1], first], *[[""] * (len(row) - 1) + [part] for part in more]]
        return "\n".join([*[table.line(line, widths) for line in lines], *_tally(self.findings)])

    def _repr_html_(self) -> str:
        body = "".join(
            "<tr>" + "".join(_cell(k, text, row) for k, text in enumerate(row)) + "</tr>"
            for row in self._rows()
        )
        caption = escape(tally(self.findings))
        return table.html("dlhand-verdicts", caption, self._headings, f"<tbody>{body}</tbody>")

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}


def _cell(k: int, text: str, row: Sequence[str]) -> str:
    """A cell; the verdict that needs attention stands out by weight, not by colour alone."""
    shown = escape(text)
    if k == len(row) - 2 and text == UNEXPLAINED:
        shown = f"<strong>{shown}</strong>"
    return f"<td>{shown}</td>"
