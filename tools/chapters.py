"""Which notebooks `make test` builds and runs: all but those with needs of their own.

Such a chapter needs packages that the rest of the course does without. It is built and run in an
environment of its own, by the target of make that stands beside it here; where a program works on
all notebooks, this chapter is left out.

    python tools/chapters.py        the paths of the notebooks without needs of their own
"""

from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
OWN_NEEDS = {"19_in_a_framework": "make frameworks-notebook"}  # it needs Keras and PyTorch


def plain(paths: Iterable[Path]) -> list[Path]:
    """Those of the paths, in order, whose chapter has no needs of its own.

    >>> paths = plain([Path("b.py"), Path("19_in_a_framework.ipynb"), Path("a.py")])
    >>> [path.name for path in paths]
    ['a.py', 'b.py']
    """
    return sorted(path for path in paths if path.stem not in OWN_NEEDS)


if __name__ == "__main__":
    print(*(path.relative_to(ROOT) for path in plain(NOTEBOOKS.glob("*.ipynb"))))
