"""The judge of the page, run by node."""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from dlhand.derivation.entries import Entry
from dlhand.numbers.digits import Digits
from dlhand.site.facts import asked_facts, step_facts
from dlhand.site.page import judge
from dlhand.worked import Derivation

Question = tuple[Derivation, Entry, str, Digits, bool]
"""A step, what is typed for it, the digits asked for, and whether the value may be told."""
Judge = Callable[[Sequence[Question]], list[dict[str, Any]]]

RUN = """
const steps = JSON.parse(await new Response(process.stdin).text());
const told = steps.map(({ shape, facts, asked, typed }) => {
  const step = stepOf(shape, facts, asked);
  return typed.map(([text, reveal]) => judged(step, text, reveal));
});
console.log(JSON.stringify(told));
"""


@pytest.fixture(scope="session")
def page_judge() -> Judge:
    """Give what judges answers as a reading page does, many at once."""

    def judge_all(questions: Sequence[Question]) -> list[dict[str, Any]]:
        steps: dict[Any, dict[str, Any]] = {}
        places = []
        for d, entry, text, digits, reveal in questions:
            key = id(d), entry.index, digits
            if key not in steps:
                steps[key] = {
                    "shape": list(entry.shape), "facts": step_facts(d, entry),
                    "asked": asked_facts(d, entry, digits), "typed": [],
                }  # fmt: skip
            places.append((list(steps).index(key), len(steps[key]["typed"])))
            steps[key]["typed"].append([text, reveal])
        done = subprocess.run(
            [shutil.which("node"), "--input-type=module", "-e", judge() + RUN],
            input=json.dumps([*steps.values()]),
            capture_output=True, text=True, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = json.loads(done.stdout)
        return [told[k][n] for k, n in places]

    return judge_all
