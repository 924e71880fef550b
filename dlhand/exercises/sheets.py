"""A sheet: which problems stand on it, with which numbers, and its files in each format."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.errors import TableError
from dlhand.exercises.paper import Problem, document, key, worksheet
from dlhand.exercises.problems import problems
from dlhand.exercises.roster import Learner
from dlhand.numbers.digits import DEFAULT_DIGITS, Digits
from dlhand.render import text
from dlhand.render.names import text as symbol

if TYPE_CHECKING:
    from dlhand.worked import Derivation

__all__ = ["Sheet", "class_key", "read_key", "results"]

MARK = "dlhand-key"
"""The id of the element of a key that says for programs which numbers were drawn."""
_DATA = re.compile(rf'<script type="application/json" id="{MARK}">(.*?)</script>', re.DOTALL)


class Sheet(NamedTuple):
    """What a sheet asks: the examples by name, the seed of its numbers, and the digits wanted.

    >>> sheet = Sheet(("000-neuron",), 7)
    >>> [(one.number, one.derivation.title) for one in sheet.problems()]
    [(1, 'A neuron in four steps')]
    """

    names: tuple[str, ...]
    seed: int | str
    digits: int = DEFAULT_DIGITS
    blank: str = "result"

    def problems(self, learner: Learner | None = None) -> list[Problem]:
        """The problems, for one learner of a class, or for all.

        An example that is named twice comes with other numbers the second time. Raises
        `UnknownName` for a name that is no example.
        """
        return [*_drawn(self, learner)]

    def code(self, learner: Learner | None = None) -> str:
        """What says on paper which numbers these are."""
        return f"seed {self.seed}" + (f", {learner.id}" if learner else "")

    def page(self, learner: Learner | None = None) -> str:
        """What is handed out, as HTML."""
        body = worksheet(
            self.problems(learner),
            digits=self.digits,
            code=self.code(learner),
            learner=(learner.name or learner.id) if learner else "",
            blank=self.blank,
        )
        return document("Worksheet", body)

    def key(self) -> str:
        """The key of a sheet that all have alike, with every step, as HTML."""
        body = key(self.problems(), digits=self.digits, code=self.code())
        return document("Key", _data(self, ()) + body)


@lru_cache(maxsize=4)  # a learner's sheet, key and answers come one after the other
def _drawn(sheet: Sheet, learner: Learner | None) -> tuple[Problem, ...]:
    seed = learner.seed(sheet.seed) if learner else str(sheet.seed)
    times: Counter[str] = Counter()
    found = []
    for number, name in enumerate(sheet.names, 1):
        times[name] += 1
        drawn = problems(name, sheet.digits).draw(seed, times[name])
        found.append(Problem(number, drawn))
    return tuple(found)


def results(sheet: Sheet, learner: Learner) -> str:
    """All results of a learner, as a part of the key of a class."""
    rows = "".join(
        f"<tr><td>{one.number}</td><td>{_results(one.derivation, sheet.digits)}</td></tr>"
        for one in sheet.problems(learner)
    )
    name = f" {escape(learner.name)}" if learner.name else ""
    return f"<h2>{escape(learner.id)}{name}</h2>\n<table>{rows}</table>"


def _results(d: Derivation, digits: int) -> str:
    shown = Digits(digits)
    pieces = (f"{symbol(step.name)} = {text.result(d, step, digits=shown)}" for step in d.steps)
    return escape("; ".join(pieces))


def class_key(sheet: Sheet, learners: Sequence[Learner], parts: Iterable[str]) -> str:
    """The one key of a class, from the `results` of its learners."""
    title = f"<h1>Key of the class</h1><p>{escape(', '.join(sheet.names))}; seed {sheet.seed}</p>"
    body = f'<div class="class">{"".join(parts)}</div>'
    return document("Key", _data(sheet, learners) + title + body)


def _data(sheet: Sheet, learners: Sequence[Learner]) -> str:
    data: dict[str, Any] = {
        "dlhand key": 1,
        "names": sheet.names,
        "seed": str(sheet.seed),
        "digits": sheet.digits,
        "learners": learners,
    }
    written = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
    return f'<script type="application/json" id="{MARK}">{written}</script>\n'


def read_key(page: str, name: str) -> tuple[Sheet, list[Learner]]:
    """The sheet of a key, and the learners of the class. Raises `TableError` for what is no key."""
    found = _DATA.search(page)
    try:
        data = json.loads(found[1]) if found else {}
        if data.get("dlhand key") == 1:
            sheet = Sheet(tuple(data["names"]), data["seed"], data["digits"])
            return sheet, [Learner(*one) for one in data["learners"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        pass
    raise TableError(f"{name} is no key; wanted the file key.html that dlhand sheet has written")


def steps_of(sheet: Sheet, learner: Learner | None = None) -> Iterator[tuple[int, Derivation, str]]:
    """The steps that are asked for: the number of the problem, its derivation, the name."""
    for one in sheet.problems(learner):
        for step in one.derivation.steps:
            yield one.number, one.derivation, step.name
