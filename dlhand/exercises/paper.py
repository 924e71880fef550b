"""Problems on paper: a worksheet with blanks and space to work, and its key with all steps.

Both are one HTML file that needs no network and prints on A4 as on Letter: no size is set, all
widths follow the paper, and no step is torn apart at the end of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from dlhand.exercises.accepted import intervals
from dlhand.numbers.digits import Digits
from dlhand.render.font import face_rules
from dlhand.render.html import STYLE, math_line
from dlhand.render.mathml import MATHML
from dlhand.render.parts import prose, say

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.numbers.exact import Shape
    from dlhand.worked import Derivation

__all__ = ["Problem", "document", "key", "worksheet"]

MOST_BOXES = 64
"""An array with more entries gets one large box, not one for each."""
EQUALS = '<span class="equals">=</span>'


class Problem(NamedTuple):
    """A problem as it stands on a sheet: its number there, and its derivation."""

    number: int
    derivation: Derivation


def document(title: str, body: str) -> str:
    """A whole page of HTML, with its style and the font of mathematics."""
    style = face_rules() + STYLE + _style()
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def worksheet(
    problems: Sequence[Problem],
    *,
    digits: int,
    code: str,
    learner: str = "",
    blank: str = "result",
) -> str:
    """What is handed out, as the body of a page: formulas with blanks, and space to work.

    With ``blank`` "formula" the formulas are left out, too. ``code`` says which numbers these are;
    ``learner`` is printed where a name would be written.

    >>> from dlhand.exercises.problems import problems
    >>> made = worksheet([Problem(1, problems("000-neuron").draw(7))], digits=5, code="7")
    >>> made.count('class="blank"'), "0.42" in made
    (16, False)
    """
    who = f"<span>Name: {escape(learner)}</span><span>Date:</span>"
    work = f"Work with all digits you have, and write each result with {digits} significant digits."
    lines = [
        "<h1>Worksheet</h1>",
        f'<p class="who">{who}</p>',
        f'<p class="fine">{work} Numbers: {escape(code)}</p>',
    ]
    for problem in problems:
        lines += _problem(problem, partial(_asked, blank))
    return "\n".join(lines)


def key(problems: Sequence[Problem], *, digits: int, code: str) -> str:
    """All steps of a sheet, and which answers are accepted, as the body of a page."""
    lines = ["<h1>Key</h1>", f'<p class="fine">Numbers: {escape(code)}</p>']
    for problem in problems:
        accepted = intervals(problem.derivation, digits)
        lines += _problem(problem, partial(_told, digits, accepted))
    return "\n".join(lines)


def _problem(problem: Problem, line: Callable[[Derivation, Entry], str]) -> Iterator[str]:
    d = problem.derivation
    yield f'<section class="problem">\n<h2>{problem.number}. {prose(d, d.title)}</h2>'
    givens = "".join(f"<li>{_given(d, entry)}</li>" for entry in d.given_entries)
    yield f'<ul class="givens dlhand">{givens}</ul>'
    number = 0
    for title, steps in groupby(d.steps, key=lambda step: step.section):
        if title:
            yield f"<h3>{prose(d, title, MATHML)}</h3>"
        yield '<ol class="steps dlhand">'
        for step in steps:
            number += 1
            yield f"<li><b>{number}</b>{line(d, step)}</li>"
        yield "</ol>"
    yield "</section>"


def _given(d: Derivation, entry: Entry) -> str:
    pieces = math_line(d, entry)
    words = say(d, entry, MATHML)
    return f"{pieces.symbol}{pieces.result}" + (f" ({words})" if words else "")


def _asked(blank: str, d: Derivation, step: Entry) -> str:
    pieces, words = math_line(d, step), say(d, step, MATHML)
    formula = "" if blank == "formula" else pieces.formula
    lines = 1 + min(3, len(step.uses) // 2)
    return (
        (f"<p>{words}</p>" if words else "")
        + f'<div class="line">{pieces.symbol}{formula}{EQUALS}{_blank(step.shape)}</div>'
        + '<div class="work"></div>' * lines
    )


def _blank(shape: Shape) -> str:
    """Boxes to write into: one for a number, and a grid for a list or matrix."""
    if not shape:
        return '<span class="blank"></span>'
    rows, columns = (1, shape[0]) if len(shape) == 1 else (shape[0], shape[1])
    if len(shape) > 2 or rows * columns > MOST_BOXES:
        return f'<span class="blank" style="width:100%;height:{2 * shape[0] + 2}em"></span>'
    row = "<tr>" + "<td></td>" * columns + "</tr>"
    return f'<table class="blank"><tbody>{row * rows}</tbody></table>'


def _told(digits: int, accepted: Mapping[str, str], d: Derivation, step: Entry) -> str:
    pieces, words = math_line(d, step, digits=Digits(digits)), say(d, step, MATHML)
    note = f' <span class="accepted">{pieces.note}</span>' if pieces.note else ""
    return (
        (f"<p>{words}</p>" if words else "")
        + f'<div class="line">{"".join(pieces[:-1])}{note}'
        + f'<span class="accepted">accepted: {escape(accepted[step.name])}</span></div>'
    )


def _style() -> str:
    return files("dlhand.exercises").joinpath("page.css").read_text(encoding="utf-8")
