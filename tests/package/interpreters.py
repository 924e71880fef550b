"""The interpreters of Python that this machine has."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


def candidates(version: str) -> Iterator[Path | str]:
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        yield sys.executable
    if found := shutil.which(f"python{version}"):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))  # asks no shim of it
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)


def interpreter(version: str) -> Path | str | None:
    """One of a version such as "3.12" that runs; None if there is none."""
    ask = ["-c", "import sys; print(*sys.version_info[:2], sep='.')"]
    for path in candidates(version):
        done = subprocess.run([path, *ask], capture_output=True, text=True)
        if (done.returncode, done.stdout.strip()) == (0, version):
            return path
    return None
