"""The course in environments that are made from nothing, as Binder and a course's own CI do it.

Slow: each installs JupyterLab anew. They work in a copy of what git has of the repository.
"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.browser.real_lab import ROOT, Server, opened_lab
from tests.package.interpreters import interpreter

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BINDER = re.compile(r"https://mybinder\.org/v2/gh/[^)]*\?urlpath=([^)]*)\)")
RUN = re.compile(r"^ +- run: (.*)$", re.MULTILINE)


def clone(place: Path) -> Path:
    """A copy of all that git would commit."""
    copy = place / "dlhand"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in filter(None, map(os.fsdecode, names)):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((ROOT / name).read_bytes())
            (copy / name).chmod((ROOT / name).stat().st_mode)
    return copy


class Runner:
    """A machine that has a Python of its own first on its path, and a home where nothing is."""

    def __init__(self, place: Path, version: str) -> None:
        python = interpreter(version)
        if python is None:
            pytest.skip(f"there is no Python {version} here")
        home = place / "home"
        home.mkdir()
        subprocess.run([python, "-m", "venv", place / "env"], check=True)
        ours = ("PYTHON", "JUPYTER", "IPYTHON", "PYTEST", "VIRTUAL_ENV", "DLHAND", "PYENV")
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith(ours)
        }
        self.environment |= {"HOME": str(home)}
        self.environment["PATH"] = f"{place / 'env' / 'bin'}{os.pathsep}{os.environ['PATH']}"

    def run(self, *command: str | Path, cwd: Path, shell: bool = False) -> str:
        done = subprocess.run(
            command[0] if shell else command,
            cwd=cwd,
            shell=shell,
            env=self.environment,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout


def test_binder_opens_the_first_chapter_with_all_that_it_needs(
    tmp_path: Path, browser: Any
) -> None:
    """As repo2docker does it: the Python that it names, requirements, postBuild, JupyterLab."""
    copy = clone(tmp_path)
    version = (copy / "binder" / "runtime.txt").read_text("utf-8").strip().removeprefix("python-")
    image = Runner(tmp_path, version)
    pip = ("python", "-m", "pip", "--disable-pip-version-check")
    image.run(*pip, "install", "-r", "binder/requirements.txt", cwd=copy)
    image.run(copy / "binder" / "postBuild", cwd=copy)
    assert "No broken requirements" in image.run(*pip, "check", cwd=copy)

    command = ["jupyter", "lab", f"--ServerApp.root_dir={copy}"]
    place = tmp_path / "server"
    place.mkdir()
    server = Server(place, copy, command, image.environment)
    try:
        with opened_lab(server, browser) as lab:
            paths = {*BINDER.findall((ROOT / "README.md").read_text("utf-8"))}
            (path,) = paths
            lab.open(path)
            lab.run_all()
            lab.screenshot("binder")
            lab.open_notebook("notebooks/05_backpropagation.ipynb")
            lab.run_all()
            assert lab.page.locator(".dlhand-player").count()
            for cell in lab.page.evaluate(
                "() => jupyterapp.shell.currentWidget.model.toJSON().cells"
            ):
                assert "error" not in [one["output_type"] for one in cell.get("outputs", ())]
    finally:
        server.stop()
    used = json.loads(image.run("python", "-c", WHERE, cwd=tmp_path))
    assert str(tmp_path / "env") in used, "the package is installed, not found in the clone"


WHERE = "import dlhand, json; print(json.dumps(dlhand.__file__))"


def test_the_workflow_in_the_documentation_passes_on_a_plain_runner(tmp_path: Path) -> None:
    """Its commands, as they stand there, on the Python of the lock."""
    steps = RUN.findall((ROOT / "docs" / "instructors.md").read_text("utf-8"))
    assert steps[-1] == "pytest --nbval notebooks"
    copy = clone(tmp_path)
    runner = Runner(tmp_path, "3.11")
    said = [runner.run(step, cwd=copy, shell=True) for step in steps][-1]
    assert "left out: 19_in_a_framework.ipynb. Missing: keras, torch" in said
    assert re.search(r"= \d{3,} passed in ", said)
