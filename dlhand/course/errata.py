"""The errata of all documents in one table: numbers, formulas and lines of code.

A number is in it that is neither the true value nor this rounded or cut off; it is *carried* where
it is right once one calculates on with what the page puts in or printed before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.course.plain import framed
from dlhand.course.text import wrapped
from dlhand.numbers.printed import EXACT, ROUNDED, TRUNCATED, UNEXPLAINED
from dlhand.render.names import text as symbol
from dlhand.verdicts import audit
from dlhand.verdicts.findings import PUT_IN, Finding

if TYPE_CHECKING:
    from dlhand.widgets.table import TableView

__all__ = ["ErrataTable", "Row", "errata_table"]

FORMULA, CODE = "wrong formula", "wrong code"
TRUE = (EXACT, ROUNDED, TRUNCATED)
NOTHING = "no number that is printed before it leads to it"
HEADINGS = ("document", "line", "example", "of", "printed", "right", "verdict", "why")


class Row(NamedTuple):
    """One erratum, or one number that stands in several lines."""

    document: str
    lines: tuple[int, ...]
    example: str
    """"" for a line of code."""
    name: str
    """The step whose number it is; "" for a formula or code."""
    printed: str
    right: str
    """The true value to 12 significant digits, the right formula, or the right code."""
    verdict: str
    why: str

    def cells(self) -> tuple[str, ...]:
        """The same as texts, under the headings."""
        return (self.document, ", ".join(map(str, self.lines)), *self[2:])


def errata_table(wanted: str | None = None) -> ErrataTable:
    """What is not right in the documents, or in one of them ("002"), or for one example.

    That are all printed numbers that are neither exact nor rounded nor truncated, and all wrong
    formulas and lines of code, in the order of the documents. It is worked out anew each time. A
    notebook shows it with a search and with columns to sort by, `print` as text. Raises
    `UnknownName` for a name that no document and no example has.

    >>> errata_table("003-rnn-scratch").rows[0][:5]
    ('003', (506,), '003-rnn-scratch', 'm_a', '1.009 (read as 2.009)')
    """
    found = [finding for _, those in audit.judge(audit.chosen(wanted)) for finding in those]
    rows = [*_numbers(found), *_formulas(audit.formulas(wanted))]
    return ErrataTable(sorted(rows, key=lambda row: (row.document, row.lines[:1])))


def _numbers(found: Sequence[Finding]) -> Iterator[Row]:
    """A row for each number that is not right; what stands in several lines has one."""
    those: dict[Finding, list[int]] = {}
    for finding in found:
        if finding.verdict not in TRUE:
            lines = those.setdefault(finding._replace(line=None, into=None), [])
            lines += [finding.line] if finding.line is not None else []
    for finding, lines in those.items():
        read = "" if finding.reading is None else f" (read as {finding.reading})"
        why = finding.explanation or (NOTHING if finding.verdict == UNEXPLAINED else "")
        yield Row(
            finding.document, tuple(dict.fromkeys(lines)), finding.example, _name(finding),
            finding.printed + read, finding.value, finding.verdict, why,
        )  # fmt: skip


def _name(finding: Finding) -> str:
    where = "" if finding.entry is None else f"[{', '.join(map(str, finding.entry))}]"
    return symbol(finding.step) + where + (" put in" if finding.role == PUT_IN else "")


def _formulas(rows: Sequence[dict[str, Any]]) -> Iterator[Row]:
    for row in rows:
        verdict = CODE if row["example"] is None else FORMULA
        if row["contestable"]:
            verdict += " (contestable)"
        yield Row(
            row["document"], (row["line"],), row["example"] or "", "", row["printed"],
            row["right"], verdict, row["reason"],
        )  # fmt: skip


class ErrataTable:
    """Errata as a table.

    Attributes:
        rows: each with its place, what is printed, what is right, the verdict and why
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(rows)

    def tally(self) -> str:
        """How many there are of each verdict.

        >>> ErrataTable([]).tally()
        'nothing is wrong'
        """
        counts = Counter(row.verdict for row in self.rows)
        parts = [f"{count} {verdict}" for verdict, count in counts.most_common()]
        return f"{len(self.rows)} errata: {', '.join(parts)}" if parts else "nothing is wrong"

    def text(self) -> str:
        """The errata one below the other, and the tally."""
        lines: list[str] = []
        for row in self.rows:
            document, where, example, name, printed, right, verdict, why = row.cells()
            of = f" of {name}" if name else ""
            lines += wrapped(f"{document}:{where} {example}".rstrip() + f": {verdict}{of}", "")
            lines += wrapped(_one_line(printed), "  printed  ")
            lines += wrapped(_one_line(right), "  right    ")
            lines += wrapped(why, "  why      ")
        return "\n".join([*lines, self.tally()])

    def html(self) -> str:
        """A plain table, which needs no script."""
        head = "".join(f'<th scope="col">{heading}</th>' for heading in HEADINGS)
        body = "\n".join(
            f"<tr>{''.join(map(_cell, HEADINGS, row.cells()))}</tr>" for row in self.rows
        )
        return framed(
            "Errata",
            f"<table><caption>{escape(self.tally())}</caption>\n"
            f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>",
        )

    def __repr__(self) -> str:
        return self.text()

    @cached_property
    def widget(self) -> TableView:
        """The widget that searches and sorts the table; it is one, wherever it is shown."""
        from dlhand.widgets.table import TableView

        return TableView("Errata", list(HEADINGS), [list(row.cells()) for row in self.rows])

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it the plain table and the text."""
        return self.widget.with_static(self.text(), self.html())


def _cell(heading: str, text: str) -> str:
    shown = escape(text)
    if heading in ("printed", "right"):
        shown = f"<code>{shown}</code>"
    return f"<td>{shown}</td>"


def _one_line(text: str) -> str:
    return " / ".join(line.strip() for line in text.splitlines())
