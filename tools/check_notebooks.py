"""Check what nbval does not: that the committed notebooks were run, are thin and are portable.

nbval passes a cell that was never run, never looks at a PNG, and runs whatever it is given. So each
code cell must have run, hold at most five lines of code (blank ones not counted) and not end in
";"; no output may be an error, a bitmap, or hold a path of the author's machine; and
notebooks/src/ and notebooks/ must pair up.

    python tools/check_notebooks.py                 all notebooks, and the pairing
    python tools/check_notebooks.py a.ipynb ...     these notebooks only
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
MOST_LINES = 5
BITMAPS = ("image/png", "image/jpeg")
MACHINE_PATH = re.compile(
    r"(?:/home/|/root/|/tmp/|/Users/|/usr/|/var/|\b[A-Z]:\\+Users\\)[^\s'\"<>]*"
)


def joined(text: str | list[str]) -> str:
    """Text of a notebook, which may be stored as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def output_texts(output: dict[str, Any]) -> Iterator[str]:
    """All text that an output shows, whatever its kind."""
    yield joined(output.get("text", ""))
    yield from (joined(output.get(key, "")) for key in ("evalue", "traceback"))
    for value in output.get("data", {}).values():
        yield joined(value) if isinstance(value, str | list) else json.dumps(value)


def code_faults(cell: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the source of a code cell and with its having run."""
    lines = [line for line in joined(cell["source"]).splitlines() if line.strip()]
    if not lines:
        yield "is empty"
    if cell["execution_count"] is None:
        yield "was not run: it has no execution count"
    if len(lines) > MOST_LINES:
        yield f"has {len(lines)} lines of code; at most {MOST_LINES} are allowed"
    if lines and lines[-1].rstrip().endswith(";"):
        yield 'ends in ";", which nbval does not honour'


def output_faults(output: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one stored output."""
    if output["output_type"] == "error":
        yield f"shows an error: {output['ename']}: {output['evalue']}"
    for kind in BITMAPS:
        if kind in output.get("data", {}):
            yield f"shows {kind}, which nbval never compares; draw SVG"
    for text in output_texts(output):
        if found := MACHINE_PATH.search(text):
            yield f"shows a path of the author's machine: {found[0]}"


def notebook_faults(path: Path) -> Iterator[str]:
    """One line for each thing that is wrong with the notebook at `path`."""
    for position, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
        if cell["cell_type"] != "code":
            continue
        faults = [*code_faults(cell)]
        for output in cell["outputs"]:
            faults += output_faults(output)
        yield from (f"{path.name}: cell {position} {fault}" for fault in faults)


def pairing_faults(folder: Path) -> Iterator[str]:
    """One line for each source without its notebook, and for each notebook without its source."""
    sources = {path.stem for path in (folder / "src").glob("*.py")}
    products = {path.stem for path in folder.glob("*.ipynb")}
    if not sources:
        yield f"{folder.name}/src holds no .py file"
    for stem in sorted(sources - products):
        yield f"{stem}.ipynb is missing; run: make notebooks"
    for stem in sorted(products - sources):
        yield f"{stem}.ipynb has no source {folder.name}/src/{stem}.py"


def main(arguments: Sequence[str]) -> int:
    paths = [Path(argument) for argument in arguments] or sorted(NOTEBOOKS.glob("*.ipynb"))
    faults = [] if arguments else [*pairing_faults(NOTEBOOKS)]
    for path in paths:
        faults += notebook_faults(path)
    print(*faults, f"{len(paths)} notebooks checked, {len(faults)} faults", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
