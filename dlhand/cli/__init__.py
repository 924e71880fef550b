"""The command line: ``dlhand lab``, ``list``, ``show NAME``, ``slides NAME``, ``sheet NAME`` ...

Each command has a module that adds its parser and runs it; sheets have theirs in their own room.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from dlhand.cli import lab, listing, progress, show, slides, verify
from dlhand.cli.status import REFUSED, UNWRITTEN
from dlhand.errors import DlhandError, Unwritten
from dlhand.exercises.commands import add_commands
from dlhand.terminal import make_safe

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status.

    That is 0; `CHANGED` where `verify` finds a verdict changed, `REFUSED` for input that cannot be
    used, `UNWRITTEN` where the output cannot be written (see `status`); 130 where Ctrl-C ended it.
    """
    for stream in (sys.stdout, sys.stderr):
        make_safe(stream)
    parser = _parser()
    options = parser.parse_args(arguments)
    if getattr(options, "chop", False) and options.by_hand is None:
        parser.error("--chop cuts off what --by-hand N rounds; wanted both, or neither")
    if getattr(options, "document", False) and (options.step or not options.latex):
        parser.error("--document is the whole of --latex; wanted --latex with it, and no --step")
    try:
        status = options.run(options) or 0
        sys.stdout.flush()
    except DlhandError as error:
        print(f"dlhand: {error}", file=sys.stderr)
        return UNWRITTEN if isinstance(error, Unwritten) else REFUSED
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except OSError as error:
        _close_output()
        if isinstance(error, BrokenPipeError):  # the reader has had enough, as `head` has
            return 0
        why = error.strerror or error
        print(f"dlhand: the output cannot be written ({why})", file=sys.stderr)
        return UNWRITTEN
    return int(status)


def _close_output() -> None:
    """Let what is still to be written go nowhere, or Python would complain of it at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dlhand",
        description="Deep learning by hand.",
        epilog="Exit status: 0; 1 where `verify` finds a verdict changed; 2 for what cannot be "
        "used; 3 where the output cannot be written.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for each in (lab, listing, show, slides, verify):
        each.add(commands)
    add_commands(commands)
    progress.add(commands)
    return parser
