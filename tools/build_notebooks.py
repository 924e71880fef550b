"""Build the notebooks: notebooks/src/NN_name.py in, notebooks/NN_name.ipynb out.

A notebook is a product. Its source is a py:percent file; this program converts it, runs it in a
fresh kernel and stores the outputs. Two builds give the same bytes: whatever a run makes up (cell
ids, counts, times, widget models, metadata of the machine) is set by position or left out.

    python tools/build_notebooks.py             build all that have no needs of their own
    python tools/build_notebooks.py 01_perceptron
    python tools/build_notebooks.py --check     build apart and compare with what is committed
"""

import argparse
import difflib
import os
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

from tools import slideshow, times
from tools.chapters import NOTEBOOKS, plain

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
DIFF_LINES = 40  # of one notebook, shown by --check: enough to see what changed
SECONDS = 300  # that one cell may take


def normalise(notebook: Any) -> None:
    """Set by position, or drop, all that differs from one run to the next."""
    notebook.metadata = nbformat.from_dict(METADATA)
    count = 0
    for position, cell in enumerate(notebook.cells):
        cell.id = f"cell-{position:02d}"
        kept = {k: v for k, v in cell.metadata.items() if k in ("slideshow", "tags")}
        cell.metadata = nbformat.from_dict(kept)
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
            # The model it names lives in this run's kernel alone; what stands beside it is static.
            output.get("data", {}).pop(WIDGET_VIEW, None)


def run(notebook: Any, folder: Path) -> None:
    """Run all cells in a fresh kernel of this environment, working in `folder`."""
    with tempfile.TemporaryDirectory() as profile:
        # Neither the author's IPython profile nor another kernel called python3 may have a say.
        os.environ.update(IPYTHONDIR=profile, JUPYTER_PREFER_ENV_PATH="1")
        NotebookClient(
            notebook,
            timeout=SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": str(folder)}},
            record_timing=False,
            coalesce_streams=True,
        ).execute()


def build(source: Path, target: Path) -> None:
    """Write `target`, the executed notebook of the py:percent file `source`."""
    notebook = jupytext.read(source, fmt="py:percent")
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    slideshow.arrange(notebook)
    run(notebook, source.parent.parent)
    times.fill(notebook)
    normalise(notebook)
    nbformat.validate(notebook)
    target.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")


def difference(committed: Path, built: Path) -> str:
    """The start of a unified diff from `committed` to `built`; "" where they are the same bytes."""
    old = committed.read_bytes() if committed.exists() else b""
    new = built.read_bytes()
    if old == new:
        return ""
    lines = list(
        difflib.unified_diff(
            old.decode().splitlines(),
            new.decode().splitlines(),
            f"committed/{committed.name}",
            f"rebuilt/{built.name}",
            n=1,
            lineterm="",
        )
    )
    rest = len(lines) - DIFF_LINES
    return "\n".join(lines[:DIFF_LINES] + ([f"... and {rest} more lines"] if rest > 0 else []))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Build the notebooks from notebooks/src/.")
    parser.add_argument("names", nargs="*", help="such as 01_perceptron; all where none is given")
    parser.add_argument("--check", action="store_true", help="compare with what is committed")
    parser.add_argument(
        "--folder", type=Path, default=NOTEBOOKS, help="holds src/ and the products"
    )
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    sources = [folder / "src" / f"{name}.py" for name in options.names]
    sources = sources or plain((folder / "src").glob("*.py"))
    missing = [source.name for source in sources if not source.exists()]
    if missing or not sources:
        parser.error(f"not in {folder.name}/src: {', '.join(missing) or 'any .py file'}")
    with tempfile.TemporaryDirectory() as apart, ProcessPoolExecutor(2) as pool:
        place = Path(apart) if options.check else folder
        targets = [place / f"{source.stem}.ipynb" for source in sources]
        list(pool.map(build, sources, targets))
        differences = [difference(folder / target.name, target) for target in targets]
    changed = [text for text in differences if text]
    if changed:
        print(
            *changed,
            f"{len(changed)} of {len(targets)} notebooks differ; run: make notebooks",
            sep="\n",
        )
    else:
        print(f"{len(targets)} notebooks {'as committed' if options.check else 'built'}")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
