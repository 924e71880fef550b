"""What the tutorials say is run: their Python, in order, and their commands.

A block of text right after a block of Python is what that prints. What follows a command in its
block is what it prints; where nothing follows, that is not said.
"""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

TUTORIALS = sorted((Path(__file__).resolve().parents[2] / "docs" / "tutorials").glob("*.md"))
# Runs blocks as a module would, each after the other, and says what each has printed.
RUN = """
import contextlib, io, json, sys
names = {"__name__": "tutorial"}
printed = []
for code in json.load(sys.stdin):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, names)
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


class Block(NamedTuple):
    language: str
    body: str
    said: str | None
    """What the page says that it prints; None where it says nothing."""


def blocks(page: str) -> list[Block]:
    found = re.findall(r"^```(\w+)\n(.*?)^```\n", page, re.MULTILINE | re.DOTALL)
    after = [*found[1:], ("", "")]
    return [
        Block(language, body, following[1] if following[0] == "text" else None)
        for (language, body), following in zip(found, after, strict=True)
    ]


def run_python(code: list[str], place: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", RUN],
        input=json.dumps(code),
        cwd=place,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    printed: list[str] = json.loads(done.stdout)
    return printed


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_what_a_tutorial_says_is_so(path: Path, tmp_path: Path) -> None:
    found = blocks(path.read_text("utf-8"))
    python = [block for block in found if block.language == "python"]
    assert python or any(block.language == "console" for block in found)
    for block, printed in zip(
        python, run_python([block.body for block in python], tmp_path), strict=True
    ):
        if block.said is not None:
            assert printed == block.said
        else:
            assert bool(printed) == ("print(" in block.body)
    for block in found:
        if block.language == "console":
            command, _, said = block.body.removeprefix("$ ").partition("\n")
            run_command(shlex.split(command), said, tmp_path)


def run_command(command: list[str], said: str, place: Path) -> None:
    program, *arguments = command
    assert program == "dlhand"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "dlhand", *arguments],
        cwd=place,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    if said:
        assert done.stdout == said
    if "-o" in arguments:
        assert (place / arguments[arguments.index("-o") + 1]).stat().st_size


def test_an_example_takes_15_lines() -> None:
    (path,) = (path for path in TUTORIALS if path.stem == "own_example")
    (first, *_) = blocks(path.read_text("utf-8"))
    assert len([line for line in first.body.splitlines() if line.strip()]) <= 15


def test_a_tutorial_that_says_something_else_is_seen(tmp_path: Path) -> None:
    page = "```python\nprint(1)\n```\n\n```text\n2\n```\n"
    (block, _) = blocks(page)
    assert block.said == "2\n" and run_python([block.body], tmp_path) == ["1\n"]
