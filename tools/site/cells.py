"""The code cells of a chapter, run: what each shows, as objects that can still be asked things.

A chapter that needs what is not installed is taken as its notebook has stored it.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from tools.chapters import NOTEBOOKS, OWN_NEEDS


@dataclass
class Cell:
    """A cell: its source, and what running it has shown, in order.

    `shown` has objects or, of a stored notebook, MIME bundles as dictionaries.
    """

    kind: str
    source: str
    printed: str = ""
    shown: list[Any] = field(default_factory=list)


def cells(chapter: str) -> list[Cell]:
    """The cells of a chapter with what they show."""
    notebook = nbformat.read(NOTEBOOKS / f"{chapter}.ipynb", as_version=4)
    return [*_stored(notebook)] if chapter in OWN_NEEDS else run(notebook)


def _stored(notebook: Any) -> Iterator[Cell]:
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        printed = "".join(out.text for out in outputs if out.output_type == "stream")
        shown = [dict(out.data) for out in outputs if "data" in out]
        yield Cell(cell.cell_type, cell.source, printed, shown)


def run(notebook: Any) -> list[Cell]:
    """Run a notebook in this process. An error in it is raised."""
    from IPython.core.formatters import DisplayFormatter
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    class Taking(DisplayFormatter):
        """Takes each object that is shown, in place of writing it."""

        taken: list[Any]

        def format(self, obj: Any, *_: Any, **__: Any) -> tuple[dict[str, Any], dict[str, Any]]:
            self.taken.append(obj)
            return {"text/plain": ""}, {}

    found = [Cell(one.cell_type, one.source) for one in notebook.cells]
    with tempfile.TemporaryDirectory() as place:
        # nobody's profile and nobody's journal has a say
        os.environ.update(IPYTHONDIR=place, DLHAND_JOURNAL=str(Path(place) / "journal.jsonl"))
        InteractiveShell.clear_instance()
        shell: Any = InteractiveShell.instance()
        shell.display_formatter = taking = Taking(parent=shell)
        shell.displayhook.write_output_prompt = lambda: None
        for cell in found:
            if cell.kind == "code":
                taking.taken = cell.shown
                with capture_output() as printed:
                    shell.run_cell(cell.source).raise_error()
                cell.printed = printed.stdout
    return found
