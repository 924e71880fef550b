"""The sheet that pictures are drawn on, and the SVG that comes of it.

Whatever is drawn extends the sheet, so a picture need not know its size beforehand. All
coordinates are rounded to a tenth, which makes the characters the same on every machine. Text is
measured by the widths of DejaVu Sans, the widest of the fonts that are asked for, so that what
has room here has room everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import NamedTuple

from dlhand.pictures.spelling import BOTH, END, HIGH, LOW, RUN, plain
from dlhand.render.picture import Moment, Picture

PAPER, INK, FAINT, RULE = "#ffffff", "#1b1b1b", "#5c5c5c", "#8a8a8a"
FORWARD, BACKWARD, LOCAL = "#1f5fa8", "#a8440c", "#300048"
"""What is calculated forward, what flows back, and local derivatives: told apart in any sight of
colours (tests/test_colours.py)."""
SHADE, LIT = "#f0f2f5", "#ffe9a8"
CLEAR = "none"
"""The fill of a box that is seen only while it is lit."""
SIZE = 14
"""Of ordinary text; numbers and formulas stand at `SMALL`."""
SMALL = 13
LIT_WEIGHT, FLOW_WEIGHT = 1.5, 2.6
"""How thick the outline of what is lit is, and a line along which something flows."""
LINE = 18
"""From one line of text to the next."""
MARGIN = 14

_FONTS = "DejaVu Sans, Verdana, sans-serif"
_SMALLER = 0.85
"""What is low or high, by the size of the text: at `SMALL` it has 11 pixels, and can be read."""
_LOWER = {"": 0.0, LOW: 0.25, HIGH: -0.4, BOTH: -0.25}
"""How far below the line of the text each stands, by its size."""
_UNFINISHED = re.compile(f"[{LOW}{HIGH}{BOTH}][^{END}]*$")
_ASCII = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip


def clean(words: str) -> str:
    """Words with single spaces and no character that cannot be seen, which XML would refuse.

    >>> clean(f"a{chr(0)}  b")
    'a b'
    """
    return " ".join("".join([c if c.isprintable() else " " for c in words]).split())


@lru_cache(maxsize=4096)  # the same words come again with every tick of a slider
def width(text: str, size: float = SIZE) -> float:
    """How wide a spelling is at most."""
    return sum(
        sum(map(_advance, marked or level)) * size * (_SMALLER if mark else 1) / 1000
        for mark, marked, level in RUN.findall(text)
    )


def _advance(character: str) -> int:
    code = ord(character)
    if 32 <= code < 127:
        return _ASCII[code - 32]
    if unicodedata.combining(character):
        return 0
    return 1400 if unicodedata.east_asian_width(character) in "WF" else 900


def shortened(text: str, most: float, size: float = SIZE) -> str:
    """A spelling that is at most so wide: what is too long ends in an ellipsis.

    >>> shortened("a + b + c + d", 60)
    'a + b…'
    """
    if width(text, size) <= most:
        return text
    kept = text
    while kept and width(kept + "…", size) > most:
        kept = kept[:-1]
    return _UNFINISHED.sub("", kept).rstrip() + "…"


def wrapped(pieces: Iterable[str], most: float, size: float = SIZE) -> list[str]:
    """Pieces in lines that are at most so wide, if no piece is wider by itself.

    >>> wrapped(["a", " + b", " + c"], 50)
    ['a + b', '+ c']
    """
    lines = [""]
    for piece in pieces:
        if lines[-1] and width((lines[-1] + piece).strip(), size) > most:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


class Now(NamedTuple):
    """The moment at which a picture is drawn, by the names of its moments, such as steps."""

    lit: frozenset[str] = frozenset()
    """What is lit: one moment, or several that belong together."""
    to_come: frozenset[str] = frozenset()
    """What is not there yet."""

    def has(self, name: str) -> bool:
        """Whether something is there already."""
        return name not in self.to_come


_ANY = Now()


class _Part(NamedTuple):
    """How a group of parts looks at the moment that is drawn."""

    is_there: bool = True
    is_lit: bool = False
    flow: str = ""
    """FORWARD or BACKWARD, where something flows along its lines."""
    goes_back: bool = False
    """Whether something ever flows back along its lines."""


class Canvas:
    """A sheet to draw on, at a moment; ``part`` says what a group of parts has to do with it.

    What is drawn looks as it does at that moment, and carries the attributes by which a page can
    light it at another; the package's docstring says what they are.
    """

    def __init__(self, now: Now = _ANY) -> None:
        self._now = now
        self._part = _Part()
        self._out: list[str] = []
        self._left = self._top = float("inf")
        self._right = self._bottom = float("-inf")

    def _extend(self, *points: tuple[float, float]) -> None:
        for x, y in points:
            self._left, self._right = min(self._left, x), max(self._right, x)
            self._top, self._bottom = min(self._top, y), max(self._bottom, y)

    @property
    def right(self) -> float:
        """The right edge of all that has been drawn."""
        return self._right

    @property
    def bottom(self) -> float:
        """The lower edge of all that has been drawn."""
        return self._bottom

    def reserve(self, x: float, y: float, wide: float, high: float) -> None:
        """Keep room for what is not there yet, so that the sheet does not grow by it."""
        self._extend((x, y), (x + wide, y + high))

    def _add(self, markup: str) -> None:
        """Draw something, if it is there at the moment."""
        if self._part.is_there:
            self._out.append(markup)

    @contextmanager
    def part(
        self,
        *,
        step: str = "",
        lit: Iterable[str] = (),
        forward: Iterable[str] = (),
        backward: Iterable[str] = (),
        edge: Iterable[str] = (),
        formula: str = "",
    ) -> Iterator[None]:
        """Draw parts that belong together.

        They are there from the moment ``step`` on. At the moments ``lit`` their boxes are lit; at
        those of ``forward`` and ``backward`` something flows along their lines. ``edge`` has what
        a line joins, ``formula`` the step whose formula they are.
        """
        attributes = {
            name: " ".join(names)
            for name, names in {
                "step": (step,), "formula": (formula,), "edge": edge,
                "lit": lit, "forward": forward, "backward": backward,
            }.items()
        }  # fmt: skip
        written = [f' data-{name}="{escape(names)}"' for name, names in attributes.items() if names]
        outer = self._part
        at = {
            name
            for name, names in attributes.items()
            if not self._now.lit.isdisjoint(names.split())
        }
        self._part = _Part(
            is_there=outer.is_there and self._now.has(step),
            is_lit="lit" in at,
            flow=FORWARD if "forward" in at else BACKWARD if "backward" in at else "",
            goes_back=bool(attributes["backward"]),
        )
        if written:
            self._out.append(f"<g{''.join(written)}>")
        yield
        if written:
            self._out.append("</g>")
        self._part = outer

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = SIZE,
        colour: str = INK,
        anchor: str = "middle",
        ground: str = "",
    ) -> None:
        """A spelling whose middle line is at y; ``anchor`` is start, middle or end.

        A ``ground`` of a colour keeps it readable where lines pass behind it; one that is `CLEAR`
        is there to be lit.
        """
        if not text:
            return
        wide = width(text, size)
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        self.reserve(left - 2, y - size * 0.6, wide + 4, size * 1.2)  # as large as a ground
        if ground:
            self.box(left - 2, y - size * 0.6, wide + 4, size * 1.2, fill=ground, stroke="none")
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._add(
            f'<text x="{_n(x)}" y="{_n(y + size * 0.35)}" font-size="{_n(size)}" fill="{colour}"'
            f"{at}>{_runs(text, size)}</text>"
        )

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        *,
        fill: str = PAPER,
        stroke: str = RULE,
        weight: float = 1,
        round: float = 0,
        hollow: bool = False,
    ) -> None:
        """A rectangle from its upper left corner; what is ``hollow`` is never filled, even lit."""
        self.reserve(x, y, wide, high)
        if self._part.is_lit:
            fill, stroke, weight = LIT, INK, LIT_WEIGHT
        corner = f' rx="{_n(round)}"' if round else ""
        look = f' fill="{fill}"' + ' fill-opacity="0"' * hollow
        if stroke != "none":
            look += f' stroke="{stroke}"'
            look += f' stroke-width="{_n(weight)}"' if weight != 1 else ""
        size = f'width="{_n(wide)}" height="{_n(high)}"'
        self._add(f'<rect x="{_n(x)}" y="{_n(y)}" {size}{corner}{look}/>')

    def line(
        self,
        points: Sequence[tuple[float, float]],
        *,
        colour: str = RULE,
        weight: float = 1.2,
        curved: bool = False,
        head: bool = False,
    ) -> None:
        """A line through points, with an arrow head at its end where ``head`` says so.

        Where it is ``curved``, each stretch between different heights is an S that leaves and
        arrives level. While something flows back along it, the head is at its beginning.
        """
        self._extend(*points)
        path = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
        for (x0, y0), (x1, y1) in pairwise(points):
            if curved and y0 != y1:
                middle = (x0 + x1) / 2
                path.append(f"C{_n(middle)} {_n(y0)} {_n(middle)} {_n(y1)} {_n(x1)} {_n(y1)}")
            else:
                path.append(f"L{_n(x1)} {_n(y1)}")
        flow = self._part.flow or (LOCAL if self._part.is_lit else "")
        if flow:
            colour, weight = flow, FLOW_WEIGHT
        self._add(
            f'<path d="{"".join(path)}" fill="none" stroke="{colour}" stroke-width="{_n(weight)}"/>'
        )
        if head:
            is_back = self._part.flow == BACKWARD
            self._head("head", points[-1], points[-2], colour, not is_back)
            if self._part.goes_back:
                self._head("tail", points[0], points[1], colour, is_back)

    def _head(
        self,
        kind: str,
        tip: tuple[float, float],
        behind: tuple[float, float],
        colour: str,
        is_seen: bool,
    ) -> None:
        x, y = tip[0] - behind[0], tip[1] - behind[1]
        length = (x * x + y * y) ** 0.5 or 1.0
        x, y = 7 * x / length, 7 * y / length
        back = (tip[0] - x, tip[1] - y)
        corners = [tip, (back[0] - y / 2, back[1] + x / 2), (back[0] + y / 2, back[1] - x / 2)]
        self._extend(*corners)
        path = "L".join(f"{_n(a)} {_n(b)}" for a, b in corners)
        seen = "" if is_seen else ' visibility="hidden"'
        self._add(f'<path class="dlhand-{kind}" d="M{path}Z" fill="{colour}"{seen}/>')

    def legend(self, items: Sequence[tuple[str, str]]) -> None:
        """Below all else, what the colours mean: pairs of words and colour, one a line."""
        x, y = self._left, self._bottom + LINE
        for words, colour in items:
            self.text(x, y, words, size=SMALL, colour=colour, anchor="start")
            y += LINE

    def picture(
        self,
        title: str,
        facts: Iterable[str],
        moments: Callable[[], Iterable[Moment]] = tuple,
    ) -> Picture:
        """The picture; ``title`` and ``facts``, in plain text, are its text alternative."""
        title, words = clean(plain(title)), clean(plain(" ".join(facts)))
        x, y = self._left - MARGIN, self._top - MARGIN
        wide, high = self._right - x + MARGIN, self._bottom - y + MARGIN
        size = f'width="{_n(wide)}" height="{_n(high)}"'
        head = f'viewBox="{_n(x)} {_n(y)} {_n(wide)} {_n(high)}" font-family="{_FONTS}"'
        svg = [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} {head}>',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(words)}</desc>",
            f'<rect x="{_n(x)}" y="{_n(y)}" {size} rx="6" fill="{PAPER}"/>',
            *self._out,
            "</svg>",
        ]
        return Picture("\n".join(svg) + "\n", title, words, moments)


def _runs(text: str, size: float) -> str:
    """The inside of a text element: what is low or high is smaller, what follows back in place."""
    out, now = [], 0.0
    for mark, marked, level in RUN.findall(text):
        there = _LOWER[mark]
        at = f' dy="{_n((there - now) * size)}"' if there != now else ""
        if mark:
            at += f' font-size="{_n(size * _SMALLER)}"'
        inner = escape(marked or level)
        out.append(f"<tspan{at}>{inner}</tspan>" if at else inner)
        now = there
    return "".join(out)


def _n(number: float) -> str:
    """A coordinate: at most one decimal.

    >>> _n(2.0), _n(-0.04), _n(1.25)
    ('2', '0', '1.2')
    """
    written = f"{number:.1f}".removesuffix(".0")
    return "0" if written == "-0" else written
