"""Hooks of mkdocs: the addresses of the project, the reference, and what is made from the code.

Pages say ``{{ repository }}`` and the like for what stands elsewhere (`VALUES`).
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # mkdocs loads this file alone

from mkdocs.exceptions import PluginError  # noqa: E402
from mkdocs.structure.files import File, Files  # noqa: E402

from tools.check_layers import PACKAGE  # noqa: E402
from tools.docs import rooms  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
URLS = PROJECT["urls"]
VALUES: dict[str, Callable[[], str]] = {
    "repository": lambda: str(URLS["Repository"]),
    "repository-name": lambda: "/".join(URLS["Repository"].rsplit("/", 2)[1:]),
    "site": lambda: str(URLS["Homepage"]),
    "version": lambda: str(PROJECT["version"]),
    "picture-of-rooms": rooms.picture,
    "table-of-rooms": rooms.table_of_rooms,
    "public-names": lambda: public_names(),
}
HIDDEN = {"__main__"}
"""Rooms that nobody calls."""


def on_config(config: Any) -> Any:
    """The address of the documentation, and the reference in its navigation."""
    config.site_url = URLS["Documentation"]
    config.extra["social"] = [
        {"icon": "fontawesome/brands/git-alt", "link": URLS["Repository"], "name": "The code"}
    ]
    pages = [{f"dlhand.{room}": f"reference/{room}.md"} for room in documented()]
    (reference,) = (entry for entry in config.nav if "Reference" in entry)
    reference["Reference"] += pages
    return config


def on_files(files: Files, config: Any) -> Files:
    """A page of the reference for each room."""
    for room in documented():
        first, *others = rooms.modules(room)
        blocks = [f"::: {first}\n    options:\n      heading_level: 1"]
        blocks += [f"::: {name}" for name in others]
        content = "\n\n".join(blocks) + "\n"
        files.append(File.generated(config, f"reference/{room}.md", content=content))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Put in what a page takes from elsewhere."""

    def value(match: re.Match[str]) -> str:
        if match[1] not in VALUES:
            raise PluginError(f"{page.file.src_uri}: nothing is called {match[0]}")
        return VALUES[match[1]]()

    return re.sub(r"\{\{ ([a-z-]+) \}\}", value, markdown)


def documented() -> list[str]:
    """The rooms in the reference, lowest first."""
    return [room for room in rooms.order() if room not in HIDDEN | {PACKAGE}]


def public_names() -> str:
    """All that `import dlhand` gives, each name with the sentence that says what it is."""
    import dlhand

    rows = ["| name | what it is |", "| --- | --- |"]
    for name in dlhand.__all__:
        found = getattr(dlhand, name)
        said = found.__doc__.strip().splitlines()[0] if callable(found) else "(a table)"
        rows.append(f"| [`{name}`][{dlhand._HOME[name]}.{name}] | {said} |")
    return "\n".join(rows)
