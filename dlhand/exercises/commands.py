"""``dlhand sheet`` and ``dlhand grade``: what a terminal asks of this room."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from dlhand.numbers.digits import DEFAULT_DIGITS, MOST_DIGITS

__all__ = ["add_commands"]

PAPER, BANKS = ("html", "pdf", "notebook"), ("moodle", "qti")


def add_commands(commands: Any) -> None:
    """Add the two commands to the parsers of ``dlhand``."""
    sheet = commands.add_parser("sheet", help="write worksheets with fresh numbers, and their key")
    sheet.add_argument("names", metavar="NAME", nargs="+", help="examples, such as 002-net222")
    sheet.add_argument("--seed", default="1", help="says which numbers are drawn (1 if not said)")
    sheet.add_argument("--roster", metavar="CSV", help="numbers of their own for each learner")
    sheet.add_argument("--digits", type=_digits, default=DEFAULT_DIGITS, metavar="N",
                       help="significant digits that are asked for")  # fmt: skip
    sheet.add_argument(
        "--format", action="append", choices=(*PAPER, *BANKS), help="html if not said; repeatable"
    )
    sheet.add_argument("--blank", choices=("result", "formula"), default="result",
                       help="leave out the results, or the formulas, too")  # fmt: skip
    sheet.add_argument("--paper", choices=("A4", "Letter"), default="A4", help="for PDF")
    sheet.add_argument("-o", "--output", metavar="NAME", help="the files' name, or the folder's")
    _add_workers(sheet)
    sheet.set_defaults(run=_sheet)

    grade = commands.add_parser("grade", help="mark the answers of a class")
    grade.add_argument("answers", metavar="CSV", help="columns id, problem, step, answer")
    grade.add_argument("--key", metavar="HTML", help="the key; if not said, key.html beside it")
    grade.add_argument("-o", "--output", metavar="FOLDER", help="a new folder; marks if not said")
    _add_workers(grade)
    grade.set_defaults(run=_grade)


def _add_workers(command: argparse.ArgumentParser) -> None:
    command.add_argument("--jobs", type=int, default=-1, metavar="N",
                         help="so many processes; all processors if not said")  # fmt: skip
    command.add_argument("--dask", default="", metavar="ADDRESS", help="a Dask cluster's scheduler")


def _digits(text: str) -> int:
    if not text.isdecimal() or not 2 <= int(text[:9]) <= MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no whole number from 2 to {MOST_DIGITS}")
    return int(text)


def _sheet(options: argparse.Namespace) -> None:
    from dlhand.exercises.sheets import Sheet

    formats = options.format or ["html"]
    sheet = Sheet(tuple(options.names), options.seed, options.digits, options.blank)
    sheet.problems()  # an unknown name, before anything is begun
    if options.roster:
        print(_for_class(sheet, formats, options))
        return
    for path in _for_all(sheet, formats, options):
        print(path)


def _for_class(sheet: Any, formats: list[str], options: argparse.Namespace) -> Path:
    from dlhand.errors import TableError
    from dlhand.exercises.course import Workers, make_class
    from dlhand.exercises.roster import roster

    if {*BANKS} & {*formats}:
        raise TableError("--roster came with a question bank; wanted one or the other")
    learners = roster(options.roster)
    folder = _new(options.output or f"class-{Path(options.roster).stem}")
    workers = Workers(options.jobs, options.dask)
    return make_class(sheet, learners, folder, formats, workers, options.paper)


def _for_all(sheet: Any, formats: list[str], options: argparse.Namespace) -> list[Path]:
    """The files of a sheet that all have alike; none is begun before all are made."""
    from dlhand.files import write

    name = options.output or "-".join([*sheet.names[:2], f"seed{sheet.seed}"])
    made: dict[str, str | bytes] = {}
    if {"html", "pdf"} & {*formats}:
        pages = {name: sheet.page(), f"{name}-key": sheet.key()}
        if "html" in formats:
            made |= {f"{stem}.html": page for stem, page in pages.items()}
        if "pdf" in formats:
            from dlhand.exercises.printing import printed

            data = printed(pages.values(), options.paper)
            made |= {f"{stem}.pdf": one for stem, one in zip(pages, data, strict=True)}
    if "notebook" in formats:
        from dlhand.exercises.notebooks import key_notebook, notebook

        made |= {f"{name}.ipynb": notebook(sheet), f"{name}-key.ipynb": key_notebook(sheet)}
    if "moodle" in formats:
        from dlhand.exercises.moodle import moodle

        made[f"{name}-moodle.xml"] = moodle(sheet)
    if "qti" in formats:
        from dlhand.exercises.qti import qti

        made[f"{name}-qti.zip"] = qti(sheet)
    return [write(path, content) for path, content in made.items()]


def _grade(options: argparse.Namespace) -> None:
    from dlhand.exercises.course import Workers
    from dlhand.exercises.grading import grade

    key = options.key or Path(options.answers).with_name("key.html")
    workers = Workers(options.jobs, options.dask)
    print(grade(options.answers, key, _new(options.output or "marks"), workers))


def _new(folder: str) -> str:
    """A folder that is not there yet: what is in one is never written over."""
    from dlhand.errors import TableError

    if Path(folder).exists():
        raise TableError(f"{folder} is there already; wanted another name, with -o")
    return folder
