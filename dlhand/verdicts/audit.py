"""All examples judged: every printed number and every printed formula of the documents.

The verdicts are computed each time. Those of the last look are recorded beside the examples, in
``examples/verdicts.json``, so that a change of any of them is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dlhand.derivation.entries import Step
from dlhand.derivation.model import Derivation
from dlhand.errors import UnknownName, nearest
from dlhand.examples import catalogue, errata, load
from dlhand.examples.code_errors import CODE_ERRORS
from dlhand.files import write
from dlhand.numbers.exact import nested
from dlhand.render.parts import line
from dlhand.verdicts.findings import Finding, findings, value_text

RECORD = Path(__file__).parent.parent / "examples" / "verdicts.json"


def chosen(wanted: str | None) -> list[str]:
    """The examples of a document ("002"), of a name or its prefix, or all of them.

    Raises `UnknownName` with the nearest names where there are none.

    >>> chosen("002-or")
    ['002-or', '002-or-rule']
    """
    names = list(catalogue())
    found = [n for n in names if wanted is None or n == wanted or n.startswith(f"{wanted}-")]
    if not found:
        close = nearest(wanted or "", names)
        raise UnknownName(f"no example or document is called {wanted!r}{close}")
    return found


def judge(names: Iterable[str]) -> Iterator[tuple[str, list[Finding]]]:
    """The findings of each example in turn."""
    for name in names:
        yield name, findings(load(name))


def as_record(found: Sequence[Finding]) -> dict[str, dict[str, list[str]]]:
    """What is kept of findings: the verdicts of each step of each example, in order."""
    record: dict[str, dict[str, list[str]]] = {}
    for finding in found:
        steps = record.setdefault(finding.example, {})
        steps.setdefault(finding.step, []).append(finding.verdict)
    return record


def changes(found: Sequence[Finding]) -> list[str]:
    """The verdicts that differ from the recorded ones, each in a line."""
    recorded = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    now = as_record(found)
    lines = []
    for example, steps in now.items():
        before = recorded.get(example, {})
        for step in dict.fromkeys([*steps, *before]):
            old, new = before.get(step), steps.get(step)
            if old != new:
                lines.append(f"{example} {step}: {_said(old)} was recorded, now {_said(new)}")
    return lines


def _said(verdicts: list[str] | None) -> str:
    return ", ".join(verdicts) if verdicts else "nothing"


def record(found: Sequence[Finding]) -> None:
    """Write down the verdicts of the examples judged; those of others stay."""
    kept = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    kept.update(as_record(found))
    kept = {name: kept[name] for name in sorted(kept) if name in catalogue()}
    write(RECORD, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


def as_objects(found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Findings as objects for JSON."""
    return [
        finding._asdict() | {"entry": None if finding.entry is None else list(finding.entry)}
        for finding in found
    ]


def formulas(wanted: str | None = None) -> list[dict[str, Any]]:
    """The wrong formulas of the documents, as printed and right, with values; and wrong code."""
    rows = []
    for erratum in errata():
        if wanted is not None and not f"{erratum.example}-".startswith(f"{wanted}-"):
            continue
        d, printed, right = erratum.build()
        rows.append(
            {
                "document": erratum.example[:3],
                "example": erratum.example,
                "printed": _formula(d, printed),
                "right": _formula(d, right),
                "printed_value": _value(d, printed),
                "right_value": _value(d, right),
                "reason": erratum.reason,
                "line": erratum.line,
                "contestable": erratum.contestable,
            }
        )
    return rows + [row for row in _code_errors() if wanted in (None, row["document"])]


def _code_errors() -> list[dict[str, Any]]:
    """What is wrong in the documents' code: no formulas with values, but by line and reason."""
    return [
        {
            "document": error.document,
            "example": None,
            "printed": error.code,
            "right": error.right,
            "printed_value": None,
            "right_value": None,
            "reason": error.reason,
            "line": error.line,
            "contestable": error.contestable,
        }
        for error in CODE_ERRORS
    ]


def _formula(d: Derivation, step: Step) -> str:
    return line(d, step, "text").formula


def _value(d: Derivation, step: Step) -> Any:
    texts = [value_text(real) for real in d.evaluation.reals(step.index)]
    return nested(texts, step.shape)
