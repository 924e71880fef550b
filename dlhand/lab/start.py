"""JupyterLab on a copy of the course."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

__all__ = ["start", "trust"]


def trust(paths: Iterable[Path]) -> None:
    """Let JupyterLab show the stored outputs of notebooks that are as they were laid there.

    Untrusted, it would leave parts of them out until they are run.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    for path in paths:
        notary.sign(nbformat.read(path, as_version=4))


def start(folder: Path, chapter: str, port: int | None = None, *, browser: bool = True) -> None:
    """Run JupyterLab in a folder, with a chapter of it open, until it is ended."""
    from jupyterlab.labapp import LabApp

    from dlhand.lab.connection import OPTION

    # Kernels come from this environment, whatever others the user has.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    opened = f"--LabApp.default_url=/lab/tree/{chapter}"
    arguments = [f"--ServerApp.root_dir={folder}", opened, OPTION]
    if port is not None:
        arguments.append(f"--ServerApp.port={port}")
    if not browser:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    LabApp.launch_instance(argv=arguments)
