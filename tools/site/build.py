"""Build the reading pages of the course: one folder that any web server serves, or none.

    python -m tools.site.build [-o build/site] [--no-live] [CHAPTER ...]

Without chapters, all. The pages lead to the live chapters (`tools.site.lite`), unless there are
none.
A folder with the documentation, build/docs, becomes docs/ in the site.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from dlhand.site.page import program, style
from tools.chapters import ROOT
from tools.site.frame import Chapter
from tools.site.pages import Page, chapter_page, chapters, first_page

DOCS = ROOT / "build" / "docs"


def build(folder: Path, names: Sequence[str] = (), is_live: bool = True) -> None:
    """Write the pages of these chapters, or of all, into a folder; what else it has stays."""
    every = chapters()
    chosen = [one for one in every if not names or one.name in names]
    unknown = sorted(set(names) - {one.name for one in every})
    if unknown:
        raise SystemExit(f"no chapter is called {', '.join(unknown)}")
    with ProcessPoolExecutor(2) as pool:
        write = partial(chapter_page, all_chapters=chosen, is_live=is_live)
        pages = list(pool.map(write, chosen))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".site-") as place:
        _write(Path(place), chosen, pages)
        _move(Path(place), folder)


def _write(place: Path, chosen: Sequence[Chapter], pages: Sequence[Page]) -> None:
    assets = place / "assets"
    assets.mkdir()
    (assets / "site.js").write_text(program(), encoding="utf-8")
    (assets / "site.css").write_text(style(), encoding="utf-8")
    sections = [section for page in pages for section in page.sections]
    _write_data(assets, "search", sections)
    for chapter, page in zip(chosen, pages, strict=True):
        (place / chapter.page).write_text(page.html, encoding="utf-8")
        for kind, data in page.data.items():
            if data:
                _write_data(assets, f"{chapter.name}.{kind}", data)
    first = first_page(chosen, pages, DOCS.is_dir())
    (place / "index.html").write_text(first, encoding="utf-8")
    if DOCS.is_dir():
        shutil.copytree(DOCS, place / "docs")


def _write_data(assets: Path, name: str, data: Any) -> None:
    """Data as a script: from a file a page may fetch nothing else."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    (assets / f"{name}.js").write_text(f'dlhandArrived("{name}",{text});\n', encoding="utf-8")


def _move(place: Path, folder: Path) -> None:
    """Put all that was written in its place, replacing what is of the same name."""
    folder.mkdir(exist_ok=True)
    for path in place.iterdir():
        target = folder / path.name
        if target.is_dir():
            shutil.rmtree(target)
        path.replace(target)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the reading pages of the course.")
    parser.add_argument("names", nargs="*", metavar="CHAPTER", help="all where none is named")
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--no-live", action="store_true", help="there are no live chapters")
    options = parser.parse_args(arguments)
    build(options.output, options.names, is_live=not options.no_live)
    print(options.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
