"""One attempt of a learner: what was answered to which step, and the line that it is kept in.

A line is one JSON object ::

    {
        "v": 1,
        "time": "2024-05-01T12:00:00Z",
        "derivation": "002-net222",
        "step": "z_h1",
        "answer": "0.41",
        "verdict": "right",
        "givens": "5f0c3d9a12b4",
        "steps": 46,
    }

(on one line).
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.learner.check import Judgement

__all__ = [
    "RIGHT",
    "Attempt",
    "as_line",
    "attempt_at",
    "fields_of",
    "from_fields",
    "is_newer",
    "label",
    "numbers_hash",
]

VERSION = 1
"""Of the lines written here. Lines of a newer version are left to newer programs."""
LONGEST = 10_000
"""Characters of an answer that are kept."""
RIGHT = frozenset({"right", "rounded early"})
"""The verdicts with which a step is done; what follows from a wrong answer is still to be done."""


class Attempt(NamedTuple):
    """One answer to one step.

    Attributes:
        time: when, in UTC: "2024-05-01T12:00:00Z"
        derivation: its name, or its title where it has no name
        step: the name of the step
        answer: the answer as typed; what exceeds 10,000 characters is cut off
        verdict: that of the `Judgement`
        givens: a short hash of the numbers worked with; see `numbers_hash`
        steps: how many steps the derivation had; 0 where that is not known
    """

    time: str
    derivation: str
    step: str
    answer: str
    verdict: str
    givens: str
    steps: int


def attempt_at(d: Derivation, entry: Entry, text: str, judgement: Judgement) -> Attempt:
    """The attempt that is made now."""
    return Attempt(
        time=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        derivation=label(d),
        step=entry.name,
        answer=text[:LONGEST],
        verdict=judgement.verdict,
        givens=numbers_hash(d),
        steps=len(d.steps),
    )


def label(d: Derivation) -> str:
    """By what a derivation is known: its name, or its title where it has no name."""
    return d.name or d.title


def numbers_hash(d: Derivation) -> str:
    """Twelve hexadecimal digits that differ where the numbers of a derivation do.

    These are its givens, with steps replaced by given numbers and rounding by hand where it has
    these: an answer is right or wrong with them alone.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> numbers_hash(d) == numbers_hash(d.what_if(a="1/2")) != numbers_hash(d.what_if(a="0.6"))
    True
    """
    from hashlib import sha256

    from dlhand.derivation.evaluate import ByHand

    evaluation = d.evaluation
    parts = [
        f"{d.entries[k].name}{d.entries[k].shape}={_flat(value)}"
        for k, value in sorted(evaluation.fixed.items())
    ]
    if isinstance(evaluation, ByHand):
        parts.append(f"{'chopped' if evaluation.chopped else 'rounded'} {evaluation.places}")
    return sha256("\n".join(parts).encode(errors="backslashreplace")).hexdigest()[:12]


def _flat(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def as_line(attempt: Attempt) -> bytes:
    """An attempt as one line of ASCII, whatever was typed."""
    return json.dumps({"v": VERSION, **attempt._asdict()}).encode("ascii") + b"\n"


def fields_of(line: bytes) -> dict[str, Any]:
    """The JSON object of a line; an empty one for anything else."""
    try:
        found = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def from_fields(fields: dict[str, Any]) -> Attempt | None:
    """The attempt of an object with the fields of one, and perhaps others; None for another."""
    values: list[Any] = [fields.get(name) for name in Attempt._fields]
    *texts, steps = values
    if type(fields.get("v")) is not int or fields["v"] != VERSION:
        return None
    if type(steps) is not int or steps < 0 or not all(isinstance(text, str) for text in texts):
        return None
    return Attempt(*values)


def is_newer(fields: dict[str, Any]) -> bool:
    """Whether an object was written by a newer dlhand."""
    version = fields.get("v")
    return type(version) is int and version > VERSION
