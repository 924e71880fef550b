"""Make the notebooks that must be caught: tests/notebooks/must_fail/.

`good.ipynb` is built from its source as any notebook is; each of the others is `good.ipynb` with
the one thing falsified that a row of TAMPERINGS names. tests/notebooks/test_must_fail.py shows
that each is caught, by the checker and for the reason that its row states.

    python -m tools.make_must_fail
"""

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import build_notebooks

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "notebooks" / "must_fail"
Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Edit:
    """One falsified place of a notebook.

    Attributes:
        place: the keys and positions that lead to it, from the top of the JSON
        new: what is put there
        old: the part of the text there that `new` replaces; None where `new` replaces all
    """

    place: Place
    new: Any
    old: str | None = None


@dataclass(frozen=True)
class Tampering:
    """One falsified notebook.

    Attributes:
        name: its file, without .ipynb
        caught_by: "nbval", or "check" for tools/check_notebooks.py
        reason: what the checker must say of each cell that was falsified
        edits: what was falsified
    """

    name: str
    caught_by: str
    reason: str
    edits: tuple[Edit, ...]

    @property
    def cells(self) -> set[int]:
        """Positions of the falsified cells."""
        return {int(edit.place[1]) for edit in self.edits}


def digit(name: str, cell: int, kind: str, old: str, new: str) -> Tampering:
    """One digit changed in the stored output of a cell: a stream, or the MIME type `kind`."""
    key: Place = ("text",) if kind == "stdout" else ("data", kind)
    edit = Edit(("cells", cell, "outputs", 0, *key, 0), new, old)
    return Tampering(name, "nbval", kind, (edit,))


def cleared(cell: int) -> tuple[Edit, Edit]:
    """The cell as an editor leaves it when its output is cleared."""
    return Edit(("cells", cell, "execution_count"), None), Edit(("cells", cell, "outputs"), [])


def one(name: str, caught_by: str, reason: str, place: Place, new: Any) -> Tampering:
    """One place of one cell set to something else."""
    return Tampering(name, caught_by, reason, (Edit(("cells", *place), new),))


SILENT_CELLS = (1, 8)  # imports and a class: they show nothing
PNG = {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure>"]}
ERROR = {"output_type": "error", "ename": "NameError", "evalue": "z", "traceback": []}

TAMPERINGS = (
    digit("digit_in_plain_text", 2, "text/plain", "12", "13"),
    digit("digit_in_stream", 3, "stdout", "0.365", "0.366"),
    digit("digit_in_latex", 4, "text/latex", "= 0.365", "= 0.375"),
    digit("digit_in_markdown", 5, "text/markdown", "0.59", "0.58"),
    digit("digit_in_svg", 6, "image/svg+xml", "0.59", "0.69"),
    digit("digit_in_widget", 7, "text/plain", "0.59", "0.58"),
    digit("digit_in_widget_html", 9, "text/html", "0.365", "0.265"),
    one("output_missing", "nbval", "stdout", (3, "outputs"), []),
    one("count_missing", "nbval", "Unrun reference cell", (3, "execution_count"), None),
    # From here on nbval is content, or would accept what a reader should not get.
    Tampering("cell_not_run", "check", "was not run", cleared(3)),
    Tampering(
        "all_cleared",
        "check",
        "was not run",
        tuple(
            edit
            for cell in range(1, 10)
            for edit in cleared(cell)[: 1 if cell in SILENT_CELLS else 2]
        ),
    ),
    one("semicolon", "check", 'ends in ";"', (2, "source", 0), "Fraction(7, 12);"),
    one(
        "long_cell", "check", "has 6 lines", (3, "source"), ["z\n", "z\n", "z\n", "z\n", "z\n", "z"]
    ),
    one("png_picture", "check", "image/png", (6, "outputs", 0, "data"), PNG),
    one("error_shown", "check", "shows an error", (3, "outputs", 0), ERROR),
    one("machine_path", "check", "path of the", (3, "outputs", 0, "text", 0), "/home/ada/z.csv\n"),
)


def tampered(good: dict[str, Any], row: Tampering) -> dict[str, Any]:
    """A copy of the notebook `good` in which that alone is falsified which `row` names."""
    notebook = copy.deepcopy(good)
    for edit in row.edits:
        value: Any = notebook
        for key in edit.place[:-1]:
            value = value[key]
        last = edit.place[-1]
        if edit.old is None:
            value[last] = edit.new
        elif value[last].count(edit.old) == 1:
            value[last] = value[last].replace(edit.old, edit.new)
        else:
            raise ValueError(f"{row.name}: {edit.old!r} stands not once in {value[last]!r}")
    return notebook


def main() -> None:
    source, target = FOLDER / "src" / "good.py", FOLDER / "good.ipynb"
    build_notebooks.build(source, target)
    good = json.loads(target.read_text(encoding="utf-8"))
    for row in TAMPERINGS:
        text = json.dumps(tampered(good, row), indent=1, ensure_ascii=False)
        (FOLDER / f"{row.name}.ipynb").write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
