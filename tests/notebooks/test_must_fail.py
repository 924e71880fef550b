"""What checks the notebooks is itself checked: on notebooks that must fail, and on their twin.

nbval and tools/check_notebooks.py run as they do in `make test`: as programs, with real kernels.
"""

import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.make_must_fail import FOLDER, TAMPERINGS, Tampering, tampered

ROOT = FOLDER.parents[2]
BY_NBVAL = [row for row in TAMPERINGS if row.caught_by == "nbval"]
BY_CHECK = [row for row in TAMPERINGS if row.caught_by == "check"]
# nbval sees nothing wrong in these: the reason why tools/check_notebooks.py exists.
PASSED_BY_NBVAL = ("good", "cell_not_run", "all_cleared")


def name_of(row: Tampering) -> str:
    return row.name


def read(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )


def differing_places(left: object, right: object, place: tuple = ()) -> Iterator[tuple]:
    """The deepest places at which two JSON values of one shape differ."""
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        for key in left:
            yield from differing_places(left[key], right[key], (*place, key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for key, (a, b) in enumerate(zip(left, right, strict=True)):
            yield from differing_places(a, b, (*place, key))
    elif left != right:
        yield place


@pytest.fixture(scope="module")
def nbval_failures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, str]]:
    """For each notebook that nbval ran: position among the code cells -> why that cell failed."""
    report = tmp_path_factory.mktemp("nbval") / "report.xml"
    names = [*PASSED_BY_NBVAL, *(row.name for row in BY_NBVAL)]
    paths = [str(FOLDER / f"{name}.ipynb") for name in names]
    done = run("-m", "pytest", "--nbval", "-p", "no:cacheprovider", f"--junitxml={report}", *paths)
    assert done.returncode == 1, done.stdout + done.stderr  # tests ran, and some failed
    failures: dict[str, dict[int, str]] = {name: {} for name in names}
    cells_run = dict.fromkeys(names, 0)
    for case in ET.parse(report).iter("testcase"):
        name = next(name for name in names if name in re.split(r"\W", case.attrib["classname"]))
        cells_run[name] += 1
        assert case.find("error") is None, case.find("error").text
        for failure in case.iter("failure"):
            cell = int(re.search(r"\d+$", case.attrib["name"])[0])
            failures[name][cell] = failure.text or ""
    assert set(cells_run.values()) == {9}
    return failures


def test_the_untampered_twin_passes_nbval(nbval_failures: dict[str, dict[int, str]]) -> None:
    assert nbval_failures["good"] == {}


@pytest.mark.parametrize("row", BY_NBVAL, ids=name_of)
def test_nbval_fails_the_falsified_cell_for_its_reason(
    row: Tampering, nbval_failures: dict[str, dict[int, str]]
) -> None:
    failures = nbval_failures[row.name]
    assert {cell + 1 for cell in failures} == row.cells  # cell 0 of the notebook is Markdown
    assert all(row.reason in text for text in failures.values()), failures


@pytest.mark.parametrize("name", ["cell_not_run", "all_cleared"])
def test_nbval_alone_would_pass_cells_that_were_not_run(
    name: str, nbval_failures: dict[str, dict[int, str]]
) -> None:
    assert nbval_failures[name] == {}


def test_the_untampered_twin_passes_the_check() -> None:
    done = run("tools/check_notebooks.py", str(FOLDER / "good.ipynb"))
    assert (done.returncode, done.stdout) == (0, "1 notebooks checked, 0 faults\n")


@pytest.mark.parametrize("row", BY_CHECK, ids=name_of)
def test_the_check_fails_the_falsified_cells_for_their_reason(row: Tampering) -> None:
    done = run("tools/check_notebooks.py", str(FOLDER / f"{row.name}.ipynb"))
    faults = re.findall(rf"^{row.name}\.ipynb: cell (\d+) (.*)$", done.stdout, re.MULTILINE)
    assert done.returncode == 1, done.stdout + done.stderr
    assert {int(cell) for cell, _ in faults} == row.cells
    assert all(row.reason in text for _, text in faults), faults


@pytest.mark.parametrize("row", TAMPERINGS, ids=name_of)
def test_a_falsified_notebook_differs_from_its_twin_in_the_stated_places_alone(
    row: Tampering,
) -> None:
    good, bad = read("good"), read(row.name)
    stated = [edit.place for edit in row.edits]
    found = [*differing_places(good, bad)]
    assert len(found) == len(stated)
    # Where a whole value was replaced by one of the same shape, the difference lies below it.
    assert all(any(place[: len(s)] == s for place in found) for s in stated)
    assert bad == tampered(good, row)


@pytest.mark.parametrize(
    "row", [row for row in TAMPERINGS if row.name.startswith("digit_")], ids=name_of
)
def test_a_changed_digit_is_one_digit(row: Tampering) -> None:
    (edit,) = row.edits
    good, bad = read("good"), read(row.name)
    for key in edit.place:
        good, bad = good[key], bad[key]
    changed = [(a, b) for a, b in zip(good, bad, strict=True) if a != b]
    assert len(changed) == 1
    assert all(a.isdigit() and b.isdigit() for a, b in changed)


def test_every_notebook_of_the_folder_has_its_row() -> None:
    names = {path.stem for path in FOLDER.glob("*.ipynb")}
    assert names == {"good", *(row.name for row in TAMPERINGS)}


def test_a_rebuild_of_the_twin_leaves_no_difference() -> None:
    done = run("tools/build_notebooks.py", "--check", "--folder", str(FOLDER))
    assert (done.returncode, done.stdout) == (0, "1 notebooks as committed\n"), done.stderr


def test_a_rebuild_shows_what_differs_from_the_committed_notebook(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "src", tmp_path / "src")
    shutil.copy(FOLDER / "digit_in_latex.ipynb", tmp_path / "good.ipynb")
    before = (tmp_path / "good.ipynb").read_bytes()
    done = run("tools/build_notebooks.py", "--check", "--folder", str(tmp_path))
    assert done.returncode == 1
    assert re.search(r'^-.*= 0\.375\$"$', done.stdout, re.MULTILINE), done.stdout
    assert re.search(r'^\+.*= 0\.365\$"$', done.stdout, re.MULTILINE), done.stdout
    assert "1 of 1 notebooks differ; run: make notebooks" in done.stdout
    assert (tmp_path / "good.ipynb").read_bytes() == before


def test_a_source_without_notebook_and_a_notebook_without_source_are_named(tmp_path: Path) -> None:
    from tools.check_notebooks import pairing_faults

    (tmp_path / "src").mkdir()
    assert [*pairing_faults(tmp_path)] == [f"{tmp_path.name}/src holds no .py file"]
    (tmp_path / "src" / "01_a.py").touch()
    (tmp_path / "02_b.ipynb").touch()
    assert [*pairing_faults(tmp_path)] == [
        "01_a.ipynb is missing; run: make notebooks",
        f"02_b.ipynb has no source {tmp_path.name}/src/02_b.py",
    ]
