"""``dlhand lab``: a copy of the course, opened in JupyterLab."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

MOST_PORTS = 65535


def add(commands: Any) -> None:
    """Add the command to the parsers of ``dlhand``."""
    lab = commands.add_parser("lab", help="open a copy of the course in JupyterLab")
    lab.add_argument(
        "chapter", metavar="CHAPTER", nargs="?", default="00",
        help="a chapter, such as 5 or 05_backpropagation; the first one if not said",
    )  # fmt: skip
    lab.add_argument(
        "--folder", metavar="FOLDER", default="dlhand-course",
        help="where the copy is, or shall be; dlhand-course if not said",
    )  # fmt: skip
    lab.add_argument("--copy", action="store_true", help="only lay the copy, or renew it")
    lab.add_argument("--port", type=_port, metavar="N", help="the port of JupyterLab")
    lab.add_argument(
        "--no-browser", action="store_true", help="open no browser; the address is printed"
    )
    lab.set_defaults(run=_lab)


def _lab(options: argparse.Namespace) -> None:
    from dlhand.extras import LAB, want
    from dlhand.lab.copy import find, lay
    from dlhand.lab.start import start, trust

    chapter = find(options.chapter)
    if not options.copy:
        want(*LAB)
    folder = Path(options.folder).absolute()
    laid = lay(folder)
    print(f"The course is in {folder}")
    for one in laid:
        if one.beside:
            print(f"{one.path.name} has your changes and stays; the new one is {one.beside.name}")
    if not options.copy:
        trust(one.unchanged for one in laid if one.unchanged)
        start(folder, chapter, options.port, browser=not options.no_browser)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text[:9]) <= MOST_PORTS:
        raise argparse.ArgumentTypeError(f"{text!r:.40} is no port; wanted 1 to {MOST_PORTS}")
    return int(text)
