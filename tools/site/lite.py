"""Build the live chapters: JupyterLite with Python in the browser, everything served from the site.

    python -m tools.site.lite [FOLDER]         build/site/live if no folder is named

It needs the packages of requirements-site.lock and `npm ci` in tools/site. Pyodide comes from npm,
the wheels of tools/site/wheels.lock from PyPI, dlhand is built here. Pyodide's own lock is written
anew with these alone, so that an import finds them, and no other host is ever asked for anything.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.metadata import Metadata
from packaging.utils import canonicalize_name, parse_wheel_filename

from tools.chapters import NOTEBOOKS, ROOT, plain

HERE = Path(__file__).parent
PYODIDE = HERE / "node_modules" / "pyodide"
WHEELS = HERE / "wheels.lock"
CACHE = ROOT / "build" / "wheels"
PYTHON = "3.14"
"""That of Pyodide."""
MARKERS = {"python_version": PYTHON, "sys_platform": "emscripten", "platform_system": "Emscripten"}
EXTRA = "lab"
"""Of dlhand, which has it alone: what notebooks need comes with the package."""
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
JOURNAL = "/drive/progress.jsonl"
"""Where attempts are kept: in the browser's own storage, with the learner's files."""
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "Deep learning by hand",
        "exposeAppInBrowser": True,  # tests ask it what has run
        "disabledExtensions": ["@jupyterlab/apputils-extension:announcements"],
        "litePluginSettings": {
            KERNEL: {
                "disablePyPIFallback": True,
                "loadPyodideOptions": {"env": {"DLHAND_JOURNAL": JOURNAL, "HOME": "/home/pyodide"}},
            }
        },
    },
}
KERNELSPEC = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}


def build(target: Path) -> None:
    """Write JupyterLite with all chapters but those with needs of their own."""
    if not PYODIDE.is_dir():
        raise SystemExit("Pyodide is missing; run: npm ci --prefix tools/site")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".live-") as place:
        source, built = Path(place) / "source", Path(place) / "built"
        runtime = source / "static" / "pyodide"
        shutil.copytree(
            PYODIDE, runtime, ignore=shutil.ignore_patterns("*.map", "*.html", "*.d.ts")
        )
        _add_wheels(runtime, [*_wheels(), _own_wheel(Path(place))])
        _write_chapters(source / "content")
        (source / "jupyter-lite.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        command = [
            *(sys.executable, "-m", "jupyterlite_core", "build", "--contents", "content"),
            *("--output-dir", str(built), "--apps", "lab", "--apps", "notebooks"),
            "--no-sourcemaps",
        ]
        subprocess.run(command, cwd=source, check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(target, ignore_errors=True)
        built.replace(target)


def _wheels() -> list[Path]:
    """The wheels of the lock, fetched the first time."""
    CACHE.mkdir(parents=True, exist_ok=True)
    pins = [line for line in WHEELS.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    known = {
        (name, str(version)): path for path in CACHE.glob("*.whl") for name, version in [_id(path)]
    }
    wanted = [(canonicalize_name(name), version) for name, version in (p.split("==") for p in pins)]
    missing = [f"{name}=={version}" for name, version in wanted if (name, version) not in known]
    if missing:
        command = [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"),
            *("--no-deps", "--only-binary", ":all:", "--python-version", PYTHON),
            *("--dest", str(CACHE), *missing),
        ]
        subprocess.run(command, check=True)
    return [path for path in sorted(CACHE.glob("*.whl")) if (_id(path)[0], _id(path)[1]) in wanted]


def _id(wheel: Path) -> tuple[str, str]:
    name, version, _, _ = parse_wheel_filename(wheel.name)
    return name, str(version)


def _own_wheel(place: Path) -> Path:
    """That of the package as it is here."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return next(place.glob("dlhand-*.whl"))


def _add_wheels(runtime: Path, wheels: Sequence[Path]) -> None:
    """Put wheels beside Pyodide, and write its lock anew with them alone."""
    lock = runtime / "pyodide-lock.json"
    contents = json.loads(lock.read_text(encoding="utf-8"))
    names = {_id(wheel)[0] for wheel in wheels}
    contents["packages"] = {_id(wheel)[0]: _entry(wheel, names) for wheel in wheels}
    lock.write_text(json.dumps(contents), encoding="utf-8")
    for wheel in wheels:
        shutil.copy(wheel, runtime)


def _entry(wheel: Path, there: set[str]) -> dict[str, Any]:
    """A wheel as Pyodide's lock has it."""
    name, version = _id(wheel)
    with ZipFile(wheel) as archive:
        files = archive.namelist()
        metadata = next(one for one in files if one.endswith(".dist-info/METADATA"))
        needs = Metadata.from_email(archive.read(metadata), validate=False).requires_dist or []
    return {
        "name": name,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(set(_modules(files))),
        "depends": sorted(
            {
                canonicalize_name(need.name)
                for need in needs
                if need.marker is None or need.marker.evaluate({**MARKERS, "extra": EXTRA})
            }
            & there
        ),
        "unvendored_tests": False,
    }


def _modules(files: Sequence[str]) -> Iterator[str]:
    """The modules and packages that a wheel brings."""
    for one in files:
        first, slash, rest = one.partition("/")
        if (slash and rest == "__init__.py") or (not slash and first.endswith(".py")):
            yield first.removesuffix(".py")


def _write_chapters(folder: Path) -> None:
    """The notebooks, for the kernel that there is."""
    folder.mkdir(parents=True)
    for path in plain(NOTEBOOKS.glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["metadata"]["kernelspec"] = KERNELSPEC
        (folder / path.name).write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    target = Path(arguments[0]) if arguments else ROOT / "build" / "site" / "live"
    build(target.resolve())
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
