"""The chapters: which of them `make test` builds and runs, and what each of them holds.

A chapter with needs of its own takes packages that the rest of the course does without. It is built
and run in an environment of its own, by the target of make that stands beside it here; where a
program works on all notebooks, this chapter is left out.

    python -m tools.chapters            the paths of the notebooks without needs of their own
    python -m tools.chapters --table    what each chapter holds, and how long it takes
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
OWN_NEEDS = {"19_in_a_framework": "make frameworks-notebook"}  # it needs Keras and PyTorch
WORDS_A_MINUTE = 200
STOP = "**A good place to stop.**"  # between two sittings
BLANK = "{?}"  # in what is stored of a player, a result that is to be predicted
MATHEMATICS = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)


def plain(paths: Iterable[Path]) -> list[Path]:
    """Those of the paths, in order, whose chapter has no needs of its own.

    >>> paths = plain([Path("b.py"), Path("19_in_a_framework.ipynb"), Path("a.py")])
    >>> [path.name for path in paths]
    ['a.py', 'b.py']
    """
    return sorted(path for path in paths if path.stem not in OWN_NEEDS)


@dataclass(frozen=True)
class Chapter:
    """What a notebook holds.

    Attributes:
        name: its file, without .ipynb
        prose: its text, cell after cell
        code: its code cells, each with the HTML that is stored of what it shows
    """

    name: str
    prose: str
    code: tuple[tuple[str, str], ...]

    @property
    def number(self) -> str:
        """Its two digits."""
        return self.name[:2]

    @property
    def examples(self) -> int:
        """How many examples it loads."""
        loaded = re.findall(r"""\bload\(\s*["']([\w-]+)["']""", self._source)
        in_lists = re.findall(r"""["'](\d{3}-[\w-]+)["']""", self._source)
        return len({*loaded, *in_lists})

    @property
    def players(self) -> int:
        """How many derivations it goes through step by step."""
        return self._source.count(".player(")

    @property
    def what_ifs(self) -> int:
        """How many questions it asks with sliders to answer them."""
        return self._source.count(".explore(")

    @property
    def questions(self) -> int:
        """How many questions its quiz has."""
        from dlhand.examples import quizzes

        asked = re.findall(r"""\bquiz\(["'](\d\d)["']\)""", self._source)
        return sum(len(quizzes.questions(number)) for number in asked)

    @property
    def reading(self) -> int:
        """The minutes that its words take."""
        return round(len(list(words(self.prose))) / WORDS_A_MINUTE)

    @property
    def predicted(self) -> int:
        """The steps whose result a learner is asked for, a minute each."""
        return sum(html.count(BLANK) for source, html in self.code if "predict=True" in source)

    @property
    def minutes(self) -> int:
        """How long it takes to read it and to predict every step."""
        return self.reading + self.predicted

    @property
    def _source(self) -> str:
        return "\n".join(source for source, _ in self.code)


def words(prose: str) -> Iterator[str]:
    """The words of a text; a formula counts as one.

    >>> list(words("# One *unit* - and $z = w x$!"))
    ['One', '*unit*', 'and', 'x!']
    """
    text = MATHEMATICS.sub("x", prose)
    return (word for word in text.split() if any(map(str.isalnum, word)))


def read(path: Path) -> Chapter:
    """The chapter that a notebook holds."""
    return of_cells(path.stem, json.loads(path.read_text(encoding="utf-8"))["cells"])


def of_cells(name: str, cells: Sequence[Any]) -> Chapter:
    """The chapter, or the part of one, that some cells of a notebook hold."""
    prose = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    code = [("".join(c["source"]), _html(c)) for c in cells if c["cell_type"] == "code"]
    return Chapter(name, prose, tuple(code))


def _html(cell: dict[str, Any]) -> str:
    return "".join("".join(o.get("data", {}).get("text/html", "")) for o in cell["outputs"])


def chapters() -> list[Chapter]:
    """All chapters, in order."""
    return [read(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]


def table(rows: Iterable[Chapter]) -> str:
    """What the chapters hold, as a table in Markdown."""
    lines = [
        "| chapter | examples | players | what-ifs | questions | minutes (reading + steps) |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {c.name} | {c.examples} | {c.players} | {c.what_ifs} | {c.questions} "
        f"| {c.minutes} ({c.reading} + {c.predicted}) |"
        for c in rows
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> None:
    if "--table" in arguments:
        print(table(chapters()))
    else:
        print(*(path.relative_to(ROOT) for path in plain(NOTEBOOKS.glob("*.ipynb"))))


if __name__ == "__main__":
    main(sys.argv[1:])
