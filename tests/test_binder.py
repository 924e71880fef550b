"""pyproject.toml, requirements.txt, the lock and binder/ say the same.

So Binder gives a learner the environment that the tests ran in: nothing else, nothing missing.
tests/browser/test_fresh_lab.py makes that environment and works in it.
"""

import os
import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
BINDER = ROOT / "binder"
# What Binder's image is, whatever machine and Python the tests run on.
IMAGE = {
    "platform_system": "Linux",
    "sys_platform": "linux",
    "os_name": "posix",
    "python_version": "3.11",
    "python_full_version": "3.11.0",
}
NOT_FROZEN = {"pip", "setuptools"}  # part of any environment, and in no freeze


def lines(path: Path) -> list[str]:
    """The requirements in a file, without comments and blank lines."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def wanted(requirement: Requirement, extras: set[str]) -> bool:
    """Whether the image needs a dependency, where these extras of its parent were asked for."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate(IMAGE | {"extra": e}) for e in extras | {""})


def closure(requirements: list[str]) -> set[str]:
    """The names of all packages that these requirements bring, as the installed ones declare."""
    found: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    left = [Requirement(text) for text in requirements]
    while left:
        parent = left.pop()
        key = (canonicalize_name(parent.name), frozenset(parent.extras))
        if key not in seen:
            seen.add(key)
            found.add(key[0])
            children = map(Requirement, requires(parent.name) or [])
            left += [child for child in children if wanted(child, parent.extras)]
    return found


def pins(path: Path) -> dict[str, str]:
    """Package -> version, for a file in which every line is an exact pin."""
    found = {}
    for line in lines(path):
        match = re.fullmatch(r"([\w.-]+)==([\w.+!-]+)", line)
        assert match, f"{line!r} is no exact pin"
        found[canonicalize_name(match[1])] = match[2]
    return found


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_core_needs_pure_python_packages_alone(project: dict) -> None:
    names = [Requirement(text).name for text in project["dependencies"]]
    assert names == ["mpmath", "platformdirs", "sympy"]


def of_a_learner(project: dict) -> list[str]:
    """What the notebooks need."""
    found: list[str] = project["dependencies"] + project["optional-dependencies"]["lab"]
    return found


def test_requirements_txt_is_what_a_learner_needs_and_nbval(project: dict) -> None:
    (nbval,) = (one for one in project["optional-dependencies"]["dev"] if one.startswith("nbval"))
    assert sorted(lines(ROOT / "requirements.txt")) == sorted([*of_a_learner(project), nbval])


def test_the_lock_pins_what_the_project_needs_within_its_bounds(project: dict) -> None:
    locked = pins(ROOT / "requirements.lock")
    asked = of_a_learner(project) + project["optional-dependencies"]["dev"]
    assert locked.keys() == closure(asked) - NOT_FROZEN
    for requirement in map(Requirement, asked):
        version = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), (requirement, version)


def test_the_lock_of_the_documentation_fits_its_extra_and_the_other_lock(project: dict) -> None:
    docs, locked = pins(ROOT / "requirements-docs.lock"), pins(ROOT / "requirements.lock")
    for requirement in map(Requirement, project["optional-dependencies"]["docs"]):
        assert requirement.specifier.contains(docs[canonicalize_name(requirement.name)])
    both = docs.keys() & locked.keys()
    assert {name: docs[name] for name in both} == {name: locked[name] for name in both}
    assert {canonicalize_name(Requirement(one).name) for one in project["dependencies"]} <= both


def test_the_site_has_a_lock_beside_that_one(project: dict) -> None:
    own, shared = pins(ROOT / "requirements-site.lock"), pins(ROOT / "requirements.lock")
    assert not own.keys() & shared.keys()
    for requirement in map(Requirement, project["optional-dependencies"]["site"]):
        version = (own | shared)[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), (requirement, version)


def test_binder_pins_what_a_learner_needs_as_the_lock_does(project: dict) -> None:
    pinned, locked = pins(BINDER / "requirements.txt"), pins(ROOT / "requirements.lock")
    assert pinned.keys() == closure(of_a_learner(project)) - NOT_FROZEN
    assert pinned == {name: locked[name] for name in pinned}


def test_binder_has_the_python_of_the_lock_and_installs_the_package_last() -> None:
    assert (BINDER / "runtime.txt").read_text(encoding="utf-8") == "python-3.11\n"
    script = BINDER / "postBuild"
    assert os.access(script, os.X_OK)
    assert "pip install --no-cache-dir --no-deps .\n" in script.read_text(encoding="utf-8")
