"""The answers of a class, marked: read from a table, judged side by side, told in a new folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from dlhand.errors import TableError, nearest
from dlhand.exercises.course import HERE, Workers
from dlhand.exercises.marking import Mark, mark
from dlhand.exercises.problems import problems
from dlhand.exercises.report import class_page, learner_page, marks_table, slips_table, steps_table
from dlhand.exercises.roster import Learner
from dlhand.exercises.sheets import Sheet, read_key
from dlhand.exercises.tables import Table, read
from dlhand.exercises.tally import picture, tally
from dlhand.files import new_folder, read_text

__all__ = ["Answers", "Marked", "grade", "read_answers"]

COLUMNS = ("id", "problem", "step", "answer")
LONGEST = 5000
"""Characters of an answer that are read."""

Answers = dict[str, dict[int, dict[str, str]]]
"""By the id of a learner and the number of a problem, the answers by the names of the steps."""
_Work = tuple[Learner, Mapping[int, Mapping[str, str]]]


class Marked(NamedTuple):
    """The marks of one learner: those of each problem, in the order of its steps."""

    learner: Learner
    marks: list[list[Mark]]


def grade(
    answers: str | Path, key: str | Path, folder: str | Path, workers: Workers = HERE
) -> Path:
    """Mark the answers of a class, and write what is to be told.

    The new folder gets ``marks.csv``, ``steps.csv`` with every answer, ``slips.csv`` and
    ``slips.svg`` with the slips most often made, ``class.html`` with these, and ``learners/`` with
    a page for each. Raises `TableError` for a table or a key that cannot be used, `Unwritten`
    where the folder is there already.
    """
    sheet, learners = read_key(read_text(key), Path(key).name)
    handed_in = read_answers(answers, sheet, learners)
    with new_folder(folder) as half:
        (half / "learners").mkdir()
        work: list[_Work] = [(learner, handed_in.get(learner.id, {})) for learner in learners]
        marked = []
        for one in workers.each(partial(_marked, sheet), work, "marks"):
            marked.append(one)
            page = learner_page(sheet, one.learner, one.marks)
            (half / "learners" / f"{one.learner.file}.html").write_text(page, encoding="utf-8")
        counted = tally(mark for one in marked for marks in one.marks for mark in marks)
        svg = picture(counted)
        tables = {
            "marks.csv": marks_table(sheet, marked),
            "steps.csv": steps_table(marked),
            "slips.csv": slips_table(counted),
            "slips.svg": svg.svg,
            "class.html": class_page(sheet, marked, counted, svg),
        }
        for name, text in tables.items():
            (half / name).write_text(text, encoding="utf-8")
    return Path(folder)


def _marked(sheet: Sheet, work: _Work) -> Marked:
    """The marks of one learner; it is called where the workers are."""
    learner, answers = work
    return Marked(
        learner,
        [
            mark(one.derivation, answers.get(one.number, {}), sheet.digits)
            for one in sheet.problems(learner)
        ],
    )


def read_answers(path: str | Path, sheet: Sheet, learners: list[Learner]) -> Answers:
    """The answers in a table with the columns id, problem, step and answer.

    Empty answers are passed by. Raises `TableError` for an id that is not in the class, a problem
    or step that is not on the sheet, and a second answer to the same step.
    """
    table = read(path, COLUMNS)
    ids = [learner.id for learner in learners]
    steps = {
        number: dict.fromkeys(step.name for step in problems(name, sheet.digits).steps)
        for number, name in enumerate(sheet.names, 1)
    }
    known = {*ids}
    lines: dict[tuple[str, int, str], int] = {}
    answers: Answers = defaultdict(lambda: defaultdict(dict))
    for line, cells in table.rows:
        learner, problem, step, answer = (cells[column] for column in COLUMNS)
        if learner not in known:
            raise table.error(line, "id", _stranger(learner, ids))
        number = int(problem) if problem.isdecimal() and len(problem) < 9 else 0
        if number not in steps:
            raise table.error(
                line, "problem", f"{problem!r:.40} is no problem; wanted 1 to {len(steps)}"
            )
        if step not in steps[number]:
            near = nearest(step, [*steps[number]])
            raise table.error(line, "step", f"{step!r:.40} is no step of problem {number}{near}")
        if len(answer) > LONGEST:
            raise table.error(line, "answer", f"it has more than {LONGEST} characters")
        if not answer:
            continue
        before = lines.setdefault((learner, number, step), line)
        if before != line:
            raise _twice(table, line, before)
        answers[learner][number][step] = answer
    return answers


def _stranger(learner: str, ids: list[str]) -> str:
    if not learner:
        return "it is empty; wanted the id of a learner"
    return f"{learner!r:.60} is not in the class{nearest(learner, ids) if len(ids) < 1000 else ''}"


def _twice(table: Table, line: int, before: int) -> TableError:
    return table.error(line, "answer", f"line {before} answers the same step; wanted one answer")
