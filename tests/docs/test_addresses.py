"""The addresses of the project stand in pyproject.toml; whatever has one has it from there."""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
HOME, DOCS, CODE = (URLS[name] for name in ("Homepage", "Documentation", "Repository"))
NAME = "/".join(CODE.rsplit("/", 2)[1:])
START = "main?urlpath=lab/tree/notebooks/00_start_here.ipynb"
BINDER = f"https://mybinder.org/v2/gh/{NAME}/{START}"


def test_the_readme_starts_in_the_browser_on_binder_and_on_ones_own_computer() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert readme.count(f"]({HOME})") == readme.count(f"]({BINDER})") == 2
    assert DOCS in readme and 'pip install "dlhand[lab]"' in readme
    assert (ROOT / "notebooks" / "00_start_here.ipynb").exists()


def test_no_other_file_says_an_address_that_is_not_the_projects() -> None:
    """A page of a host for code that begins with the project's owner is one of these three."""
    owner = NAME.partition("/")[0]
    ours = re.compile(rf"https://(?:{owner}\.github\.io|github\.com/{owner})[^\s)\"'`>|]*")
    files = subprocess.run(
        ["git", "grep", "-lIE", f"{owner}.github.io|github.com/{owner}|{NAME}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    for path in files:
        for found in ours.findall((ROOT / path).read_text("utf-8")):
            assert found.startswith((HOME, CODE)), (path, found)
    assert {*files} <= {"README.md", "pyproject.toml"}, "take it from there: {{ repository }}"
