"""``dlhand progress``: how far a learner is."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from dlhand.cli.status import REFUSED


def add(commands: Any) -> None:
    """Add the command to the parsers of ``dlhand``."""
    progress = commands.add_parser("progress", help="how far you are with the derivations")
    either = progress.add_mutually_exclusive_group()
    either.add_argument("--where", action="store_true", help="say where attempts are kept")
    either.add_argument("--clear", action="store_true", help="begin afresh; keeps a backup")
    progress.set_defaults(run=_show_progress)


def _show_progress(options: argparse.Namespace) -> int:
    from dlhand.learner.journal import Journal

    journal = Journal()
    if options.where:
        print(journal.where())
    elif options.clear:
        try:
            backup = journal.clear()
        except OSError as error:
            why = error.strerror or error
            print(f"dlhand: {journal.where()} cannot be moved ({why})", file=sys.stderr)
            return REFUSED
        print("No attempts yet." if backup is None else f"All attempts are now in {backup}")
    else:
        print(journal.table())
    return 0
