"""Reading pictures back: their texts with the boxes that they take up, and their lines.

The boxes come from the metrics of the font itself, not from the table that the pictures measure
with.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

from matplotlib import font_manager, ft2font

from dlhand.pictures.canvas import LIT
from dlhand.render.picture import Picture

NS = "{http://www.w3.org/2000/svg}"
_FONT = ft2font.FT2Font(font_manager.findfont("DejaVu Sans"))
_FONT.set_size(1000, 72)


class Text(NamedTuple):
    words: str
    left: float
    top: float
    right: float
    bottom: float
    colour: str
    step: str


def root(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg)


@cache
def advance(character: str) -> float:
    glyph = _FONT.load_char(ord(character), flags=ft2font.LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65536 / 1000


def texts(picture: Picture) -> list[Text]:
    """All texts; the step of each is the one whose number it is, or at which it is lit."""
    return [
        _text(element, owner)
        for element, owner in _owned(root(picture), "")
        if element.tag == f"{NS}text"
    ]


def _owned(element: ElementTree.Element, owner: str) -> Iterator[tuple[ElementTree.Element, str]]:
    """All elements, each with the first name in the attributes of the group it is in."""
    owner = element.get("data-step") or element.get("data-lit", owner).split(" ")[0]
    yield element, owner
    for child in element:
        yield from _owned(child, owner)


def _text(element: ElementTree.Element, step: str) -> Text:
    size = float(element.get("font-size", ""))
    runs = [(element.text or "", size)]
    deepest = 0.0
    for child in element:
        small = float(child.get("font-size", size))
        runs += [(child.text or "", small), (child.tail or "", size)]
        deepest = max(deepest, float(child.get("dy", "0")) + 0.24 * small)
    wide = sum(advance(c) * s for run, s in runs for c in run)
    x, y = float(element.get("x", "")), float(element.get("y", ""))
    left = x - {"start": 0, "middle": wide / 2, "end": wide}[element.get("text-anchor", "start")]
    words = "".join(run for run, _ in runs)
    colour = element.get("fill", "")
    bottom = y + max(0.24 * size, deepest)
    return Text(words, left, y - 0.76 * size, left + wide, bottom, colour, step)


def overlaps(picture: Picture) -> list[tuple[str, str]]:
    """The texts of which two cover each other."""
    return [
        (a.words, b.words)
        for a, b in combinations(texts(picture), 2)
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
    ]


def outside(picture: Picture) -> list[str]:
    """The texts that reach out of the panel."""
    x, y, wide, high = map(float, root(picture).get("viewBox", "").split())
    return [
        t.words
        for t in texts(picture)
        if t.left < x or t.top < y or t.right > x + wide or t.bottom > y + high
    ]


def shown(picture: Picture, step: str) -> list[str]:
    """What is written at a step."""
    return [t.words for t in texts(picture) if t.step == step]


class Box(NamedTuple):
    x: float
    y: float
    wide: float
    high: float
    fill: str
    stroke: str


def boxes(picture: Picture, step: str | None = None) -> list[Box]:
    """The rectangles of a step, or all but the panel and those that are not seen."""
    return [
        Box(
            *(float(element.get(key, "")) for key in ("x", "y", "width", "height")),
            element.get("fill", ""),
            element.get("stroke", ""),
        )
        for element, owner in [*_owned(root(picture), "")][4:]
        if element.tag == f"{NS}rect" and step in (owner, None)
        if element.get("fill") != "none" or element.get("stroke")
    ]


def lit(picture: Picture) -> list[str]:
    """The names of all groups with a lit box in them, by the first name in their attributes."""
    return [
        owner
        for element, owner in _owned(root(picture), "")
        if element.get("fill") == LIT and element.tag == f"{NS}rect"
    ]


class Wire(NamedTuple):
    source: str
    step: str
    colour: str
    points: list[tuple[float, float]]


def wires(picture: Picture) -> list[Wire]:
    """The lines between boxes, as points along them."""
    return [
        Wire(*edge.split(" "), path.get("stroke", ""), [*_along(path.get("d", ""))])
        for group in root(picture).iter(f"{NS}g")
        if (edge := group.get("data-edge"))
        for path in group.iter(f"{NS}path")
        if path.get("fill") == "none"
    ]


def _along(path: str) -> Iterator[tuple[float, float]]:
    here = (0.0, 0.0)
    for letter, rest in re.findall("([MLC])([^MLCZ]*)", path):
        numbers = list(map(float, rest.split()))
        ends = list(zip(numbers[::2], numbers[1::2], strict=True))
        curve = [here, *ends] if letter == "C" else [here, here, ends[0], ends[0]]
        for k in range(1 if letter == "M" else 41):
            t = 1.0 if letter == "M" else k / 40
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            yield (
                sum(w * p[0] for w, p in zip(weights, curve, strict=True)),
                sum(w * p[1] for w, p in zip(weights, curve, strict=True)),
            )
        here = ends[-1]


def view(picture: Picture) -> str:
    return root(picture).get("viewBox", "")
