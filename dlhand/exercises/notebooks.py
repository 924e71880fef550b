"""A sheet as a notebook: each step with a cell for the answer, which is judged when it is run."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

from dlhand.render.parts import line, prose, say

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.exercises.roster import Learner
    from dlhand.exercises.sheets import Sheet
    from dlhand.worked import Derivation

__all__ = ["key_notebook", "notebook"]


def notebook(sheet: Sheet, learner: Learner | None = None) -> str:
    """A sheet to be worked out in a notebook: an answer goes between the quotes of its cell."""
    who = f" for {learner.name or learner.id}" if learner else ""
    cells = [_prose(f"# Worksheet{who}\n\nType each answer between the quotes, and run its cell.")]
    for one in sheet.problems(learner):
        d, name = one.derivation, f"d{one.number}"
        cells.append(_prose(f"## {one.number}. {prose(d, d.title)}\n\n{_givens(d)}"))
        cells.append(_code(_drawn(sheet, learner, one.number, name)))
        for title, steps in groupby(d.steps, key=lambda step: step.section):
            if title:
                cells.append(_prose(f"### {prose(d, title)}"))
            for step in steps:
                cells.append(_prose(_asked(d, step, sheet.blank)))
                cells.append(_code(f'print({name}.check({step.name!r}, "").message)'))
    return _written(cells)


def key_notebook(sheet: Sheet) -> str:
    """The key: every problem shows itself, with all steps."""
    cells = [_prose("# Key")]
    for one in sheet.problems():
        cells.append(_code(_drawn(sheet, None, one.number, "d") + "\nd"))
    return _written(cells)


def _drawn(sheet: Sheet, learner: Learner | None, number: int, name: str) -> str:
    """The lines that draw the same numbers."""
    seed = learner.seed(sheet.seed) if learner else str(sheet.seed)
    example = sheet.names[number - 1]
    times = sheet.names[:number].count(example)
    drawn = f"{name} = problems({example!r}, {sheet.digits}).draw({seed!r}, {times})"
    return f"from dlhand.exercises.problems import problems\n\n{drawn}"


def _givens(d: Derivation) -> str:
    return "Given: " + ", ".join(f"${_line(d, one).symbol} = {_line(d, one).result}$"
                                 for one in d.given_entries)  # fmt: skip


def _asked(d: Derivation, step: Entry, blank: str) -> str:
    pieces = _line(d, step)
    formula = "" if blank == "formula" or not pieces.formula else f" = {pieces.formula}"
    return f"{say(d, step)}\n\n$\\displaystyle {pieces.symbol}{formula} = {{?}}$".lstrip()


def _line(d: Derivation, entry: Entry) -> Any:
    return line(d, entry, "latex")


def _prose(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _written(cells: list[dict[str, Any]]) -> str:
    named = [{"id": f"cell-{k}", **cell} for k, cell in enumerate(cells)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {
        "cells": named,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"
