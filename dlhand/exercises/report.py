"""What a class and its learners are told of their marks: tables for programs, pages for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from dlhand.exercises.marking import MISSING, Mark
from dlhand.exercises.paper import document
from dlhand.exercises.problems import problems
from dlhand.exercises.tables import written
from dlhand.render.names import text as symbol

if TYPE_CHECKING:
    from dlhand.exercises.grading import Marked
    from dlhand.exercises.roster import Learner
    from dlhand.exercises.sheets import Sheet
    from dlhand.exercises.tally import Counted
    from dlhand.render.picture import Picture

__all__ = ["class_page", "learner_page", "marks_table", "slips_table", "steps_table"]


def marks_table(sheet: Sheet, marked: Sequence[Marked]) -> str:
    """The points of each learner as CSV: a point for each step that was done well."""
    numbers = range(1, len(sheet.names) + 1)
    columns = ("id", "name", *(f"problem {k}" for k in numbers), "points", "of", "percent")
    rows = []
    for one in marked:
        points = [sum(mark.points for mark in marks) for marks in one.marks]
        most = sum(map(len, one.marks))
        share = round(100 * sum(points) / most) if most else 0
        rows.append((one.learner.id, one.learner.name, *points, sum(points), most, share))
    return written(columns, rows)


def steps_table(marked: Sequence[Marked]) -> str:
    """Every answer with its verdict and its slip as CSV."""
    rows = (
        (one.learner.id, number, mark.step, mark.answer, mark.points, mark.verdict, mark.slip)
        for one in marked
        for number, marks in enumerate(one.marks, 1)
        for mark in marks
    )
    return written(("id", "problem", "step", "answer", "points", "verdict", "slip"), rows)


def slips_table(counted: Sequence[Counted]) -> str:
    """The slips most often made as CSV."""
    rows = ((one.slip, one.times, " ".join(one.steps)) for one in counted)
    return written(("slip", "times", "most often at"), rows)


def learner_page(sheet: Sheet, learner: Learner, marks: Sequence[Sequence[Mark]]) -> str:
    """What one learner is told: which step to look at first, and each answer with its verdict."""
    points = sum(mark.points for many in marks for mark in many)
    most = sum(map(len, marks))
    lines = [
        f"<h1>{escape(learner.name or learner.id)}</h1>",
        f"<p>{points} of {most} steps were done well.</p>",
    ]
    for number, (name, many) in enumerate(zip(sheet.names, marks, strict=True), 1):
        lines += _problem(number, problems(name, sheet.digits).title, many)
    return document(f"Marks of {learner.name or learner.id}", "\n".join(lines))


def _problem(number: int, title: str, marks: Sequence[Mark]) -> Iterator[str]:
    yield f'<section class="problem class">\n<h2>{number}. {escape(title)}</h2>'
    yield f'<p class="look">{_advice(marks)}</p>'
    yield "<table><tr><th>step</th><th>your answer</th><th></th><th>what we see</th></tr>"
    for mark in marks:
        sign = "✓" if mark.points else ("–" if mark.verdict == MISSING else "✗")
        yield (
            f"<tr><td>{escape(symbol(mark.step))}</td><td>{escape(mark.answer)}</td>"
            f"<td>{sign}</td><td>{escape(mark.told)}</td></tr>"
        )
    yield "</table>\n</section>"


def _advice(marks: Sequence[Mark]) -> str:
    """Which step to look at first: where the first mistake was made, not where it led to."""
    wrong = [mark for mark in marks if not mark.points]
    tried = [mark for mark in wrong if mark.verdict != MISSING]
    if not wrong:
        return "All steps were done well."
    first = (tried or wrong)[0]
    if not tried:
        return f"Go on at step <b>{escape(symbol(first.step))}</b>."
    return f"Look at step <b>{escape(symbol(first.step))}</b>. {escape(first.told)}"


def class_page(
    sheet: Sheet, marked: Sequence[Marked], counted: Sequence[Counted], picture: Picture
) -> str:
    """What an instructor is told: how it went, step by step, and the slips most often made."""
    lines = ["<h1>The class</h1>", f"<p>{len(marked)} learners, seed {escape(str(sheet.seed))}</p>"]
    lines.append(f"<h2>The slips most often made</h2>\n{picture.svg}")
    lines.append('<div class="class"><table><tr><th>slip</th><th>times</th><th>at</th></tr>')
    for one in counted:
        at = ", ".join(map(symbol, one.steps))
        lines.append(
            f"<tr><td>{escape(one.slip)}</td><td>{one.times}</td><td>{escape(at)}</td></tr>"
        )
    lines.append("</table>")
    for number, name in enumerate(sheet.names, 1):
        title = problems(name, sheet.digits).title
        lines.append(f"<h2>{number}. {escape(title)}</h2>\n<table>")
        lines.append("<tr><th>step</th><th>done well</th><th>no answer</th></tr>")
        for k, first in enumerate(marked[0].marks[number - 1]) if marked else ():
            marks = [one.marks[number - 1][k] for one in marked]
            well, none = sum(m.points for m in marks), sum(m.verdict == MISSING for m in marks)
            lines.append(
                f"<tr><td>{escape(symbol(first.step))}</td><td>{well} of {len(marks)}</td>"
                f"<td>{none}</td></tr>"
            )
        lines.append("</table>")
    return document("The class", "\n".join([*lines, "</div>"]))
