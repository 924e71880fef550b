"""``dlhand verify``: the numbers and formulas that the documents print, judged."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from dlhand.cli.status import CHANGED
from dlhand.terminal import can_replace_lines, carries_all


def add(commands: Any) -> None:
    """Add the command to the parsers of ``dlhand``."""
    verify = commands.add_parser("verify", help="judge every number that the documents print")
    verify.add_argument("name", metavar="NAME", nargs="?", help="a document (002) or an example")
    verify.add_argument("--format", choices=("table", "json"), default="table")
    verify.add_argument("--formulas", action="store_true", help="wrong formulas, not numbers")
    verify.add_argument(
        "--record", action="store_true", help="take the verdicts of now as the right ones"
    )
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from dlhand.verdicts import audit
    from dlhand.verdicts.table import VerdictTable

    if options.formulas:
        rows = audit.formulas(options.name)
        if not rows:  # an unknown name is told from one that has none
            names = audit.chosen(options.name)
            print(f"dlhand: no wrong formula is known in {', '.join(names)}", file=sys.stderr)
        _formulas(rows, options.format)
        return 0
    names = audit.chosen(options.name)
    found = []
    for k, (name, findings) in enumerate(audit.judge(names), 1):
        _progress(f"{k} of {len(names)}: {name}")
        found += findings
    _progress("")
    if options.record:
        audit.record(found)
    if options.format == "json":
        _print_json(audit.as_objects(found))
    else:
        print(VerdictTable(found, examples=True, put_in=True))
    changed = audit.changes(found)
    for change in changed:
        print(f"dlhand: changed: {change}", file=sys.stderr)
    return CHANGED if changed else 0


def _print_json(objects: Any) -> None:
    print(json.dumps(objects, indent=1, ensure_ascii=not carries_all(sys.stdout)))


def _progress(text: str) -> None:
    """A line on the terminal that the next one replaces; nothing where there is no terminal."""
    if can_replace_lines(sys.stderr):
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def _formulas(rows: list[dict[str, Any]], form: str) -> None:
    if form == "json":
        _print_json(rows)
        return
    for row in rows:
        doubt = "contestable: " if row["contestable"] else ""
        print(f"{row['example'] or row['document']}, line {row['line']}: {doubt}{row['reason']}")
        for kind in ("printed", "right"):
            value = row[f"{kind}_value"]
            end = "" if value is None else f"  =  {_in_a_line(value)}"
            print(f"  {kind:<7}  {row[kind]}{end}")


def _in_a_line(value: Any) -> str:
    return f"[{', '.join(map(_in_a_line, value))}]" if isinstance(value, list) else str(value)
