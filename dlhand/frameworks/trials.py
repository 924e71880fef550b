"""The errors in the code of document 004, each run as printed and run as put right.

The code is written with the names of Keras 3 where the document has TensorFlow's. What a piece of
code gives is the value of its last line, or the error that it stops with.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from dlhand.errors import UnknownName
from dlhand.examples.code_errors import CODE_ERRORS, CodeError
from dlhand.frameworks.bugs import TRIALS, Trial
from dlhand.frameworks.needs import packages, quiet

__all__ = ["Outcomes", "outcome", "trials"]

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_WHERE = "Exception encountered when calling"
"""How Keras begins a message: the reason stands below."""
LONGEST = 120
"""Characters of a message that are shown."""


class Outcome(NamedTuple):
    """A trial with what came of both of its programs."""

    trial: Trial
    errors: Sequence[CodeError]
    printed: str
    right: str


class Outcomes:
    """Trials that were run; a notebook shows them with colours, `print` as text."""

    def __init__(self, rows: Sequence[Outcome]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        return "\n".join(self._lines("", ""))

    def _lines(self, fence: str, close: str) -> Iterator[str]:
        for trial, errors, printed, right in self.rows:
            lines = ", ".join(dict.fromkeys(str(error.line) for error in errors))
            head = f"Line {lines}." if "," not in lines else f"Lines {lines}."
            yield f"{f'**{head}**' if fence else head} {trial.says}"
            yield from ("", *filter(None, [fence]), trial.printed, *filter(None, [close]), "")
            yield from (f"gives: {_quoted(printed, fence)}", "", "Put right:", "")
            yield from (*filter(None, [fence]), trial.right, *filter(None, [close]), "")
            yield from (f"gives: {_quoted(right, fence)}", "")

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        shown = "\n".join(self._lines("```python", "```"))
        return {"text/markdown": shown, "text/plain": repr(self)}


def trials(first: int, last: int | None = None) -> Outcomes:
    """Run what stands wrong in lines ``first`` to ``last`` of document 004, and put it right.

    Raises `UnknownName` where the code has no error there.
    """
    last = first if last is None else last
    rows = [
        Outcome(trial, errors, outcome(trial.printed), outcome(trial.right))
        for trial in TRIALS
        if (errors := [e for e in errors_of(trial) if first <= e.line <= last])
    ]
    if not rows:
        raise UnknownName(f"the code of document 004 has no error in lines {first} to {last}")
    return Outcomes(sorted(rows, key=lambda row: row.errors[0].line))


def errors_of(trial: Trial) -> list[CodeError]:
    """The errors of `CODE_ERRORS` that a trial is about.

    >>> [error.line for trial in TRIALS for error in errors_of(trial)][:3]
    [57, 57, 57]
    """
    return [
        error
        for error in CODE_ERRORS
        if error.document == "004"
        and any(error.line == line and begin in error.code for line, begin in trial.about)
    ]


def outcome(code: str) -> str:
    """The value of the last line of a program, rounded, or its error.

    Numbers have five significant digits.
    """
    names = packages()
    with quiet():
        return _outcome(code, names)


def _outcome(code: str, names: dict[str, Any]) -> str:
    try:
        *body, last = ast.parse(code).body
        exec(compile(ast.Module(body, []), "printed", "exec"), names)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), "printed", "exec"), names)
            return "no error"
        return _written(eval(compile(ast.Expression(last.value), "printed", "eval"), names))
    except Exception as error:  # whatever the code raises is what is to be shown
        return f"{type(error).__name__}: {_message(error)}"


def _message(error: Exception) -> str:
    """The first sentence of a message, without what stands behind it to explain."""
    lines = (line.strip() for line in _COLOURS.sub("", str(error)).splitlines())
    first = next((line for line in lines if line and not line.startswith(_WHERE)), "")
    return re.split(r"(?<=[\w)'`])\. ", first)[0][:LONGEST].rstrip(".")


def _written(value: Any) -> str:
    modules = packages()
    if isinstance(value, modules["keras"].Variable):
        value = value.value
    if isinstance(value, modules["torch"].Tensor):
        value = value.detach().tolist()
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return str(value)


def _quoted(text: str, fence: str) -> str:
    return f"`` {text} ``" if fence else text
