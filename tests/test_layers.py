"""Imports point downwards only, and the calculators work without any notebook package."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dlhand
from tools.check_layers import ROOT, TABLE, circles, faults, main, room, rooms, second_homes, stale

NOTEBOOK_PACKAGES = ("ipywidgets", "anywidget", "IPython", "matplotlib", "numpy")
# Every room but these must import where the notebook packages cannot be had.
NOTEBOOK_ROOMS = ("widgets", "site")


def python(code: str, seed: str = "random") -> str:
    """What a fresh interpreter prints that runs `code` in the repository, hashing by a seed."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_package_keeps_its_layers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        (
            "numbers/exact.py",
            "from dlhand.operations import table",
            "numbers may not import operations",
        ),
        ("numbers/exact.py", "from ..render.latex import tex", "numbers may not import render"),
        (
            "operations/__init__.py",
            "from .. import derivation",
            "operations may not import derivation",
        ),
        (
            "derivation/model.py",
            "import sympy",
            "derivation may import sympy only inside a function",
        ),
        ("derivation/model.py", "import matplotlib.pyplot", "derivation may not import matplotlib"),
        (
            "render/latex.py",
            "from dlhand.examples.gates import xor",
            "render may not import examples",
        ),
        ("render/html.py", "def f():\n    import IPython", "render may not import IPython"),
        ("render/html.py", "class C:\n    import ipywidgets", "render may not import ipywidgets"),
        ("verdicts/table.py", "from dlhand import widgets", "verdicts may not import widgets"),
        ("verdicts/table.py", "from dlhand import sigmoid", "verdicts may not import dlhand"),
        ("learner/check.py", "import requests", "learner may not import requests"),
        ("widgets/view.py", "from dlhand import worked", "widgets may not import worked"),
        ("examples/gates.py", "from dlhand.render import text", "examples may not import render"),
        (
            "worked.py",
            "from dlhand.render import text",
            "worked may import render only inside a function",
        ),
        (
            "worked.py",
            "from .widgets.player import Player",
            "worked may import widgets only inside a function",
        ),
        (
            "worked.py",
            "import importlib\nimportlib.import_module('anywidget')",
            "worked may not import anywidget",
        ),
        ("plots.py", "import matplotlib", "plots may import matplotlib only inside a function"),
        (
            "__init__.py",
            "from dlhand.worked import Derivation",
            "dlhand may import worked only inside a function",
        ),
        ("brandnew.py", "import dlhand", "the room brandnew has no row in tools/check_layers.py"),
        (
            "errors.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import dlhand.numbers",
            "errors may not import numbers",
        ),
    ],
)
def test_an_import_upwards_is_found(tmp_path: Path, file: str, line: str, fault: str) -> None:
    path = tmp_path / "dlhand" / file
    path.parent.mkdir(parents=True)
    path.write_text(f'"""A module."""\n{line}\n', encoding="utf-8")
    number = 2 + line.count("\n")
    assert [*faults(tmp_path)] == [f"dlhand/{file}:{number}: {fault}"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("numbers/exact.py", "from fractions import Fraction"),
        ("numbers/exact.py", "from .digits import shown"),
        ("operations/table.py", "from ..numbers.exact import Shape"),
        ("worked.py", "def latex():\n    from dlhand.render.latex import tex"),
        (
            "worked.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import dlhand.render",
        ),
        ("examples/gates.py", "from dlhand import Derivation, sigmoid"),
        ("plots.py", "def draw():\n    import matplotlib.pyplot as plt"),
        ("widgets/player.py", "import anywidget"),
        ("__init__.py", "def __getattr__(name):\n    from dlhand import worked"),
    ],
)
def test_an_import_downwards_is_allowed(tmp_path: Path, file: str, line: str) -> None:
    path = tmp_path / "dlhand" / file
    path.parent.mkdir(parents=True)
    path.write_text(line, encoding="utf-8")
    assert [*faults(tmp_path)] == []


def test_every_room_has_its_row_and_every_row_its_room() -> None:
    modules = [path.relative_to(ROOT / "dlhand") for path in (ROOT / "dlhand").rglob("*.py")]
    there = {path.parts[0].removesuffix(".py") for path in modules} - {"__init__"} | {"dlhand"}
    assert there == rooms(ROOT) == TABLE.keys()
    assert {*NOTEBOOK_ROOMS} <= there


def test_rows_and_permissions_that_are_for_nothing_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dlhand" / "numbers").mkdir(parents=True)
    (tmp_path / "dlhand" / "__init__.py").touch()
    (tmp_path / "dlhand" / "numbers" / "exact.py").write_text("import mpmath", encoding="utf-8")
    (tmp_path / "dlhand" / "cli.py").write_text("def f(): import sympy", encoding="utf-8")
    table = {
        "dlhand": room("", "numbers gone"),
        "numbers": room("mpmath numpy"),
        "gone": room("numbers"),
        "cli": room("numbers", "sympy matplotlib"),
    }
    assert rooms(tmp_path) == {"dlhand", "numbers", "cli"}
    assert [*stale(tmp_path, table)] == [
        "the row dlhand allows gone, a room that is gone",
        "the row numbers allows numpy, which no module there imports",
        "the row gone is of a room that is gone",
        "the row cli allows matplotlib, which no module there imports",
    ]
    monkeypatch.setitem(TABLE, "display", room())
    assert main() == 1
    assert "the row display is of a room that is gone" in capsys.readouterr().out


def test_the_rooms_have_no_circle_and_one_would_be_found() -> None:
    assert [*circles()] == []
    table = {
        "low": room("mpmath"),
        "middle": room("low", "high"),
        "high": room("low middle"),
        "facade": room("low", above="shown"),
        "shown": room("facade"),
    }
    assert [*circles(table)] in (
        ["a circle of rooms: middle - high - middle"],
        ["a circle of rooms: high - middle - high"],
    )
    assert [*circles({**table, "middle": room("low")})] == []


def test_a_circle_of_rooms_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(TABLE, "numbers", room("errors mpmath", "derivation"))
    assert main() == 1
    assert "a circle of rooms: " in capsys.readouterr().out


ROW = 'SINE = Operation("sine", value=lambda ar: ("sine", "tan"))\n'


def with_row(root: Path, file: str, line: str) -> Path:
    """A package that has one operation, and a module with a line."""
    for path, text in (("operations/least.py", ROW), (file, line)):
        (root / "dlhand" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "dlhand" / path).write_text(text, encoding="utf-8")
    return root


def test_the_readme_has_a_row_for_each_folder() -> None:
    told = re.findall(r"^\| `dlhand/(\w+)` \|", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert sorted(told) == sorted(name for name in TABLE if (ROOT / "dlhand" / name).is_dir())


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        (
            "operations/more.py",
            'S = Operation("sine")',
            "a second row of the operation sine, which has one in operations/least.py:1",
        ),
        ("render/text.py", 'KINDS = ("sine", "other")', "sine is named outside its row"),
        ("derivation/run.py", 'CODE = {"sine": "np.sin"}', "sine is named outside its row"),
        ("pictures/wave.py", 'is_wave = op.name == "sine"', "sine is named outside its row"),
        ("worked.py", 'f = lambda op: op.name in {"sine"}', "sine is named outside its row"),
    ],
)
def test_a_second_home_of_an_operation_is_found(
    tmp_path: Path, file: str, line: str, fault: str
) -> None:
    assert [*second_homes(with_row(tmp_path, file, line), {})] == [f"dlhand/{file}:1: {fault}"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("numbers/floats.py", 'NAMES = ("sine",)'),  # a function of numbers, below operations
        ("examples/waves.py", 'layers = ["sine", "sine"]'),
        ("render/text.py", '__all__ = ["sine"]'),
        ("render/text.py", 'say("sine")'),
        ("render/text.py", "KINDS = (SINE,)"),
    ],
)
def test_the_name_of_an_operation_may_be_used_otherwise(
    tmp_path: Path, file: str, line: str
) -> None:
    assert [*second_homes(with_row(tmp_path, file, line), {})] == []


def test_a_permission_to_name_operations_that_is_for_nothing_is_found(tmp_path: Path) -> None:
    root = with_row(tmp_path, "numpy.py", 'KNOWN = ["sine"]')
    assert [*second_homes(root, {"numpy.py": "its names", "gone.py": "no more"})] == [
        "gone.py may list names of operations, and lists none"
    ]


# Runs before the code of a test: importing one of the packages named fails, as where it is missing.
REFUSE = f"""
import importlib.abc, sys

class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {NOTEBOOK_PACKAGES!r}:
            raise ImportError(f"{{name}} cannot be had here")

sys.meta_path.insert(0, Refuse())
"""


@pytest.mark.parametrize("package", NOTEBOOK_PACKAGES)
def test_the_refusal_works(package: str) -> None:
    code = f"try:\n    import {package}\nexcept ImportError as error:\n    print(error)\n"
    assert python(REFUSE + code) == f"{package} cannot be had here\n"


def test_every_room_below_the_widgets_imports_without_notebook_packages() -> None:
    paths = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "dlhand").rglob("*.py")]
    modules = [
        ".".join(path.parts).removesuffix(".__init__")
        for path in paths
        if path.parts[1] not in (*NOTEBOOK_ROOMS, "__main__")
    ]
    assert "dlhand.numbers.exact" in modules
    python(REFUSE + f"import importlib\nfor name in {modules!r}: importlib.import_module(name)")


WRITE = """
import dlhand
from hashlib import sha256
for name in dlhand.names():
    d = dlhand.load(name)
    written = repr((d.values(), d.text(), d.latex(), d.html()))
    print(name, sha256(written.encode()).hexdigest())
"""


def test_every_example_is_the_same_in_every_process_with_notebook_packages_or_without() -> None:
    without, others = python(REFUSE + WRITE, seed="1"), python(WRITE, seed="2")
    assert without == others
    assert [line.split()[0] for line in without.splitlines()] == dlhand.names()
    assert len(dlhand.names()) >= 193


def test_import_dlhand_loads_nothing_heavy() -> None:
    code = """
import sys, dlhand
heavy = ("sympy", "mpmath", "numpy", "matplotlib", "ipywidgets", "anywidget", "IPython")
print(*(name for name in heavy if name in sys.modules))
"""
    assert python(code).split() == []
