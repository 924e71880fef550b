"""The package as `pip install dlhand` gives it: built, installed in fresh environments, and used.

The wheel is built from the sdist, so that both are known to be complete. The environments have
what the package needs, from PyPI at the versions of the lock, and nothing else.
"""

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.package.interpreters import interpreter

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = {path.name: path.read_bytes() for path in (ROOT / "notebooks").glob("*.ipynb")}
NEWER = [pytest.param(version, marks=pytest.mark.slow) for version in ("3.12", "3.13")]
USE = """
import dlhand
from dlhand import Derivation, sigmoid

d = Derivation("One neuron")
x, w, b, t = d.givens(x="0.5", w="-2", b="0.25", t=1)
z = d.step("z", w * x + b, say="weighted sum")
a = d.step("a", sigmoid(z), say="activation")
E = d.step("E", (a - t) ** 2 / 2, say="error")
d.backward(E, [w, b])
print(d.text("dE/dw"))
d.slides().save("mine.html")
for show in (d.player, d.explore, lambda: d.film("z")):
    try:
        show()
    except ImportError as error:
        print(type(error).__name__, error)
print(dlhand.activation_curves("tanh").alternative)
"""


def run(*command: str | Path, cwd: Path | None = None, status: int = 0) -> str:
    """What a command prints, its errors too."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=cwd,
        env=clean,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was made from it."""
    place = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", place, cwd=ROOT)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    (sdist,) = place.glob("*.tar.gz")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", place, sdist)
    return place


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (path,) = built.glob("*.whl")
    return path


def test_the_wheel_has_all_of_the_package_the_chapters_and_nothing_else(wheel: Path) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "dlhand").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        chapters = {name.removeprefix("dlhand/chapters/"): name for name in names - wanted}
        assert {short: archive.read(name) for short, name in chapters.items()} == NOTEBOOKS
    assert wanted <= names and "dlhand/py.typed" in names
    assert wheel.name.endswith("-py3-none-any.whl")
    assert wheel.stat().st_size < 3_000_000


def test_the_wheel_says_what_it_needs_and_under_which_licences(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (place,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        said = Parser().parsestr(archive.read(place).decode())
        licences = {name.rpartition("/licenses/")[2] for name in archive.namelist()}
    needs = [re.split(r"[ ;<>=]", one)[0] for one in said.get_all("Requires-Dist", [])]
    plain = [one for one in said.get_all("Requires-Dist", []) if "extra ==" not in one]
    assert needs[: len(plain)] == ["mpmath", "platformdirs", "sympy"]
    assert {"lab", "docs", "dev"} <= {*said.get_all("Provides-Extra", [])}
    assert said["License-Expression"] == "BSD-3-Clause AND CC-BY-4.0 AND OFL-1.1 AND MIT"
    assert {"LICENSE", "LICENSE-text", "dlhand/slides/reveal/LICENSE"} <= licences


def test_the_sdist_has_nothing_that_is_not_needed_to_build(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    kept = {"dlhand", "notebooks", "README.md", "LICENSE", "LICENSE-text", "pyproject.toml"}
    assert tops == kept | {"hatch_build.py", "PKG-INFO", ".gitignore"}


@pytest.mark.parametrize("version", ["3.11", *NEWER])
def test_it_works_in_a_fresh_environment(version: str, wheel: Path, tmp_path: Path) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} here")
    run(python, "-m", "venv", "own", cwd=tmp_path)
    programs = tmp_path / "own" / ("Scripts" if os.name == "nt" else "bin")
    own, dlhand = programs / "python", programs / "dlhand"
    pip = (own, "-m", "pip", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "-c", ROOT / "requirements.lock", wheel)
    assert "No broken requirements" in run(*pip, "check")
    place = tmp_path / "place"
    place.mkdir()

    assert "0.13343" in run(dlhand, "show", "002-net222", cwd=place)
    assert run(dlhand, "slides", "002-or", cwd=place) == "002-or.html\n"
    assert (place / "002-or.html").stat().st_size > 100_000
    run(dlhand, "lab", "--copy", cwd=place)
    copied = {path.name: path.read_bytes() for path in place.glob("dlhand-course/*.ipynb")}
    assert copied == NOTEBOOKS
    (place / "use.py").write_text(USE, "utf-8")
    first, *missing, told = run(own, "use.py", cwd=place).splitlines()
    assert first.startswith("∂E/∂w") and (place / "mine.html").exists()
    said = "MissingPackage not installed: {}; pip install 'dlhand[lab]'"
    assert missing == [said.format("anywidget")] * 3
    assert "This picture is drawn by Matplotlib, which is not here. In words: tanh" in told
    asked = run(dlhand, "lab", cwd=place, status=2)
    assert asked.startswith("dlhand: not installed: jupyterlab, ipywidgets, anywidget")
    assert asked.endswith("pip install 'dlhand[lab]'\n") and asked.count("\n") == 1
