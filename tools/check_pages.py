"""Check that what is noted of the documents' pages stands there, and list what is not noted.

Each number of dlhand/examples/pages/NNN.txt is looked for in its line of NNN.txt among the
documents, from left to right, so that every occurrence is used once. The documents are no part of
the project: their folder is an argument.

    python tools/check_pages.py FOLDER
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from dlhand.examples.pages import Item, items

_DECIMAL = re.compile(r"\d+\.\d+")
_SPELLINGS = [
    (re.compile(r" *\\text\{([^}]*)\}"), r"\1"),  # of LaTeX: words among numbers
    (re.compile(r"\\frac\{(\d+)\}\{(\d+)\}"), r"\1/\2"),
    (re.compile(r"\t"), " "),
    (re.compile(r"(?<=→ )(\d)(\d)(\d)$", re.MULTILINE), r"\1 \2 \3"),  # a code of three digits
]
"""How the documents write what the notes write otherwise."""
Span = tuple[int, int]


def main(arguments: Sequence[str]) -> int:
    """Print what does not stand in the documents, and their decimals that are not noted."""
    (folder,) = map(Path, arguments)
    problems = [p for path in sorted(folder.glob("[0-9]*.txt")) for p in check(path)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def check(path: Path) -> Iterator[str]:
    """The problems with the notes on one document."""
    text = path.read_text(encoding="utf-8")
    for spelling, ours in _SPELLINGS:
        text = spelling.sub(ours, text)
    lines = text.splitlines()
    used: dict[int, list[Span]] = defaultdict(list)
    place = (0, 0)
    for item in items(path.stem):
        for number, line in cells(item):
            place = (line, place[1] if place[0] == line else 0)
            span = find(number, lines[line - 1], place[1], used[line])
            if span is None:
                yield f"{path.stem}:{line} has no (further) {number!r} for {item.name}"
            else:
                used[line].append(span)
                place = (line, span[1])
    for k, line_text in enumerate(lines, 1):
        for match in _DECIMAL.finditer(line_text):
            free = set(range(*match.span())).difference(*(range(a, b) for a, b in used[k]))
            if any(line_text[at] != "." for at in free):
                yield f"{path.stem}:{k} {match[0]} is not noted: ...{line_text[:80]}"


def cells(item: Item) -> Iterator[tuple[str, int]]:
    """The characters of an item, one printed number after the other, with their lines."""
    for text, line in zip(_flat(item.printed.text), _flat(item.printed.line), strict=True):
        if text is not None:
            yield text, line


_AROUND = [
    (r"(?<![\d.-])", r"(?!\d|\.\d)"),
    (r"(?<![\d.])", r"(?!\d|\.\d)"),  # behind a minus, which is that of a difference
    (r"(?<!\d)", r"(?!\d)"),  # beside a point, which is a times sign
]
"""What may stand before and after a number, in the order in which it is tried."""


def find(text: str, line: str, start: int, used: Sequence[Span]) -> Span | None:
    """The next place of a number that is not taken, from ``start`` on, or else from the left."""
    sought = re.escape(text).replace(r"\-", r"-\s*")
    for before, after in _AROUND:
        pattern = re.compile(f"{before}{sought}{after}")
        for begin in dict.fromkeys((start, 0)):
            for match in pattern.finditer(line, begin):
                if all(match.end() <= a or b <= match.start() for a, b in used):
                    return match.span()
    return None


def _flat(nested: Any) -> list[Any]:
    return [x for part in nested for x in _flat(part)] if isinstance(nested, list) else [nested]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
