"""The command line: ``dlhand lab``, ``list``, ``show NAME``, ``slides NAME``, ``sheet NAME`` ..."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from dlhand.errors import DlhandError, Unwritten
from dlhand.exercises.commands import add_commands
from dlhand.files import write
from dlhand.numbers.digits import MOST_DIGITS, Digits
from dlhand.terminal import can_replace_lines, carries_all, make_safe, width

CHANGED, REFUSED, UNWRITTEN = 1, 2, 3
"""Exit statuses of what did not go well."""
MOST_PORTS = 65535


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status.

    That is 0, or `CHANGED` where `verify` finds a verdict changed, `REFUSED` for input that cannot
    be used, `UNWRITTEN` where the output cannot be written, 130 where Ctrl-C ended it.
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

    lab = commands.add_parser("lab", help="open a copy of the course in JupyterLab")
    lab.add_argument(
        "chapter", metavar="CHAPTER", nargs="?", default="00",
        help="a chapter, such as 5 or 05_backpropagation; the first one if not said",
    )  # fmt: skip
    lab.add_argument(
        "--folder", metavar="FOLDER", default="dlhand-course",
        help="where the copy is, or shall be; dlhand-course if not said",
    )  # fmt: skip
    lab.add_argument("--copy", action="store_true", help="only lay the copy, or renew it")
    lab.add_argument("--port", type=_port, metavar="N", help="the port of JupyterLab")
    lab.add_argument(
        "--no-browser", action="store_true", help="open no browser; the address is printed"
    )
    lab.set_defaults(run=_lab)

    listing = commands.add_parser("list", help="list the worked examples")
    listing.add_argument(
        "--by", choices=("chapter", "document", "topic"), default="chapter", help="how to group"
    )
    listing.add_argument(
        "--map", action="store_true", help="by the sections of the documents, with questions"
    )
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="print a whole derivation")
    show.add_argument("name", metavar="NAME", help="the name of an example, such as 002-net222")
    show.add_argument("--latex", action="store_true", help="as LaTeX instead of plain text")
    show.add_argument(
        "--document", action="store_true", help="with --latex: a document that compiles as it is"
    )
    show.add_argument("--step", metavar="STEP", help="one step only, such as dE/dw5")
    show.add_argument("-o", "--output", metavar="FILE", help="write it to a file, in UTF-8")
    _add_numbers(show)
    show.add_argument(
        "--by-hand", type=_natural, metavar="N", help="round every step to N places as you go"
    )
    show.add_argument("--chop", action="store_true", help="with --by-hand: cut off, do not round")
    show.set_defaults(run=_show)

    slides = commands.add_parser("slides", help="write a deck of slides, one HTML file")
    slides.add_argument(
        "name", metavar="NAME", help="an example, such as 002-net222, or a chapter, such as 11_rnn"
    )
    slides.add_argument("-o", "--output", metavar="FILE", help="the file; NAME.html if not said")
    slides.add_argument("--predict", action="store_true", help="pause for a guess at each result")
    slides.add_argument(
        "--steps", metavar="A..B", help="a part of it, by names or numbers, such as z_h1..E or 3..7"
    )
    slides.add_argument(
        "--picture", default="graph", metavar="PICTURE",
        help="beside the steps: graph (if not said), another by which a derivation is drawn, none",
    )  # fmt: skip
    _add_numbers(slides)
    slides.set_defaults(run=_slides)

    verify = commands.add_parser("verify", help="judge every number that the documents print")
    verify.add_argument("name", metavar="NAME", nargs="?", help="a document (002) or an example")
    verify.add_argument("--format", choices=("table", "json"), default="table")
    verify.add_argument("--formulas", action="store_true", help="wrong formulas, not numbers")
    verify.add_argument(
        "--record", action="store_true", help="take the verdicts of now as the right ones"
    )
    verify.set_defaults(run=_verify)

    add_commands(commands)

    progress = commands.add_parser("progress", help="how far you are with the derivations")
    either = progress.add_mutually_exclusive_group()
    either.add_argument("--where", action="store_true", help="say where attempts are kept")
    either.add_argument("--clear", action="store_true", help="begin afresh; keeps a backup")
    progress.set_defaults(run=_show_progress)
    return parser


def _add_numbers(command: argparse.ArgumentParser) -> None:
    """What says which numbers a derivation has, and how they are shown."""
    command.add_argument("--digits", type=_positive, metavar="N", help="significant digits shown")
    command.add_argument("--places", type=_natural, metavar="N", help="decimal places shown")
    command.add_argument(
        "--set", action="append", default=[], type=_assignment, metavar="GIVEN=VALUE",
        help="another value for a given, such as w1=0.2; may be repeated",
    )  # fmt: skip


def _lab(options: argparse.Namespace) -> None:
    from dlhand.extras import LAB, want
    from dlhand.lab.copy import find, lay
    from dlhand.lab.start import start, trust

    chapter = find(options.chapter)
    if not options.copy:
        want(*LAB)
    folder = Path(options.folder).absolute()
    laid = lay(folder)
    print(f"The course is in {folder}")
    for one in laid:
        if one.beside:
            print(f"{one.path.name} has your changes and stays; the new one is {one.beside.name}")
    if not options.copy:
        trust(one.unchanged for one in laid if one.unchanged)
        start(folder, chapter, options.port, browser=not options.no_browser)


def _list(options: argparse.Namespace) -> None:
    from dlhand.examples import catalogue

    if options.map:
        from dlhand.course.map import course_map

        print(course_map())
        return

    def group(example: object) -> str:
        return str(getattr(example, options.by))

    found = sorted(catalogue().values(), key=lambda example: (group(example), example.name))
    width = max(len(example.name) for example in found)
    for title, examples in groupby(found, key=group):
        print(title)
        for example in examples:
            print(f"  {example.name:<{width}}  {example.title}")


def _show(options: argparse.Namespace) -> None:
    from dlhand.examples import load
    from dlhand.render.text import page

    d = _with_values(load(options.name), options)
    if options.by_hand is not None:
        d = d.by_hand(options.by_hand, chopped=options.chop)
    shown = {"digits": options.digits, "places": options.places}
    if options.latex:
        text = d.latex(options.step, document=options.document, **shown)
    elif options.step:
        text = d.text(options.step, **shown)
    else:
        columns = width(None if options.output else sys.stdout)
        text = page(d, digits=Digits.of(**shown), columns=columns)
    if options.output:
        print(write(options.output, f"{text}\n"))
    else:
        print(text)


def _with_values(d: Any, options: argparse.Namespace) -> Any:
    if not options.set:
        return d
    return d.with_values({name: _value(name, text) for name, text in options.set})


def _slides(options: argparse.Namespace) -> None:
    from dlhand.slides.choice import derivations
    from dlhand.slides.deck import Deck

    shown = [_with_values(d, options) for d in derivations(options.name)]
    deck = Deck(
        shown,
        title=options.name if len(shown) > 1 else "",
        digits=options.digits,
        places=options.places,
        predict=options.predict,
        picture=options.picture,
        steps=options.steps,
    )
    print(deck.save(options.output or f"{options.name}.html"))


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


def _value(name: str, text: str) -> object:
    """A number, vector or matrix as typed, in nested lists."""
    from dlhand.errors import AnswerError, GivenError
    from dlhand.numbers.typed import parse_answer

    try:
        return parse_answer(text).value
    except AnswerError as error:
        raise GivenError(f"{name} is {text!r}: {error}") from None


def _assignment(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name or not value or "=" in value or "≈" in value:
        raise argparse.ArgumentTypeError(f"{text!r} is no GIVEN=VALUE, such as w1=0.2")
    return name, value


def _positive(text: str) -> int:
    number = _natural(text)
    if number == 0:
        raise argparse.ArgumentTypeError("'0' is no number of digits; wanted 1 or more")
    return number


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text[:9]) <= MOST_PORTS:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no port; wanted 1 to {MOST_PORTS}")
    return int(text)


def _natural(text: str) -> int:
    if not text.isdecimal() or len(text) > 9 or int(text) > MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no whole number from 0 to {MOST_DIGITS}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
