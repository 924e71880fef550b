"""What a notebook shows, without a kernel, and whether nbval would find it to be what is stored.

A kernel takes seconds to start. Where a notebook is run a hundred times, it is run in a process of
ours; the comparison is nbval's own.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from nbval.plugin import IPyNbCell, bcolors, coalesce_streams
from traitlets.config import Config

NOT_COMPARED = (  # by nbval: see IPyNbFile there
    "metadata", "traceback", "prompt_number", "output_type", "name", "execution_count",
    "application/vnd.jupyter.widget-view+json", "image/png", "image/jpeg",
)  # fmt: skip


def shown(path: Path) -> Iterator[tuple[Any, list[Any]]]:
    """The code cells of a notebook with what each shows when it is run here, one after the other.

    An error is shown as a kernel would report it.
    """
    notebook = nbformat.read(path, as_version=4)
    os.chdir(path.parent)
    quiet = Config()
    quiet.HistoryManager.enabled = False
    with tempfile.TemporaryDirectory() as profile:
        shell = InteractiveShell.instance(config=quiet, ipython_dir=profile)
        shell.display_pub = CapturingDisplayPublisher()
        displayed = shell.display_pub.outputs
        shell.display_trap.hook = CapturingDisplayHook(shell=shell, outputs=displayed)
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            displayed.clear()
            with capture_output(display=False) as caught:
                done = shell.run_cell(cell.source, store_history=False)
            streams = {"stdout": caught.stdout, "stderr": caught.stderr}
            outputs = [_output("stream", name=n, text=text) for n, text in streams.items() if text]
            outputs += [_output("display_data", data=one["data"]) for one in displayed]
            if error := done.error_before_exec or done.error_in_exec:
                outputs = [_output("error", ename=type(error).__name__, evalue=str(error))]
            yield cell, outputs


def _output(kind: str, **what: Any) -> Any:
    return nbformat.from_dict({"output_type": kind, **what})


def differs(stored: Sequence[Any], found: Sequence[Any]) -> bool:
    """Whether nbval would report what was found in place of what is stored."""
    item = SimpleNamespace(
        parent=SimpleNamespace(skip_compare=NOT_COMPARED),
        colors=bcolors,
        sanitize=lambda text: text,
        format_output_compare=lambda *pair: None,
    )
    pair = (coalesce_streams(list(found)), coalesce_streams(list(stored)))
    return not IPyNbCell.compare_outputs(item, *pair)
