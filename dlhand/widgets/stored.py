"""What a notebook stores of a player: HTML that survives where nothing is run, nothing styled.

A notebook that is not trusted, and a code host, let only plain HTML through: no style sheet, no
MathML, no drawing. So mathematics is LaTeX, which both typeset, and the picture is an image of its
own. What a learner is to predict is not in sight: the results stand folded at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from dlhand.numbers.digits import USUAL, Digits
from dlhand.render.parts import line, prose, say
from dlhand.render.picture import Picture, image, still
from dlhand.render.writers import LATEX

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = ["image", "stored", "with_static"]

SVG = "http://www.w3.org/2000/svg"


def stored(
    d: Derivation,
    picture: Picture | None = None,
    digits: Digits = USUAL,
    hide: str = "",
    worked: Collection[str] = (),
) -> str:
    r"""Title, picture, givens and steps of a derivation.

    With something to ``hide`` ("result", "numbers" or "formula") no result is in sight, nor in the
    picture: all results stand in a ``<details>`` element at the end. Of the steps ``worked`` out,
    which are not asked for, there is no blank either.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b)
    >>> print(stored(d, hide="result"))  # doctest: +ELLIPSIS
    <h3>A sum</h3>
    <p>Given: $a = 0.5$, $b = -2$</p>
    <ol start="1">
    <li>$\displaystyle s = a + b = {?}$</li>
    </ol>
    <details><summary>show all results</summary>
    ...
    """
    writer = _Writer(d, digits, worked)
    pieces = [f"<h3>{_text(prose(d, d.title))}</h3>"] if d.title else []
    if d.about:
        pieces.append(f"<p>{_text(prose(d, d.about))}</p>")
    if picture:
        seen = _without_results(picture) if hide else picture
        pieces.append(image(seen.svg, seen.alternative))
    if d.given_entries:
        pieces.append(f"<p>Given: {', '.join(map(writer.given, d.given_entries))}</p>")
    pieces += writer.steps(hide)
    if hide:
        pieces += ["<details><summary>show all results</summary>", *writer.steps(""), "</details>"]
    return "\n".join(pieces)


def with_static(bundle: Any, text: str, html: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A widget's MIME bundle with what a reader sees, and a test compares, without the widget."""
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
    return {**data, "text/plain": text, "text/html": still(html)}, metadata


class _Writer:
    """Writes the lines of one derivation."""

    def __init__(self, d: Derivation, digits: Digits, worked: Collection[str]) -> None:
        self.d = d
        self.worked = worked
        self.digits = digits

    def given(self, entry: Entry) -> str:
        words = _text(say(self.d, entry))
        return _math(self._line(entry, "")) + (f" ({words})" if words else "")

    def steps(self, hide: str) -> Iterator[str]:
        """The steps by their sections."""
        number = 1
        for title, group in groupby(self.d.steps, lambda step: step.section):
            items = [self._step(step, hide) for step in group]
            if title:
                yield f"<h4>{_text(prose(self.d, title))}</h4>"
            yield f'<ol start="{number}">'
            yield from items
            yield "</ol>"
            if title in self.d.tells and not hide:
                yield f"<p>It tells us: {_text(prose(self.d, self.d.tells[title]))}</p>"
            number += len(items)

    def _step(self, step: Entry, hide: str) -> str:
        words = _text(say(self.d, step))
        mathematics = _math(rf"\displaystyle {self._line(step, hide)}")
        return f"<li>{words}<br>{mathematics}</li>" if words else f"<li>{mathematics}</li>"

    def _line(self, entry: Entry, hide: str) -> str:
        """The line as far as it may be seen. Numbers put in would be results of other steps."""
        one = line(self.d, entry, "latex", self.digits)
        if hide:
            asked = "" if entry.name in self.worked else "{?}"
            known = [one.symbol, "" if hide == "formula" else one.formula, asked]
            return " = ".join(filter(None, known))
        parts = " = ".join(filter(None, (one.symbol, one.formula, one.numbers)))
        return f"{parts}{LATEX.equal if one.exact else LATEX.about}{one.result}{one.note}"


def _text(words: str) -> str:
    """Plain words as HTML in which no dollar sign begins mathematics."""
    return escape(words).replace("$", "\\$")


def _math(latex: str) -> str:
    return f"${escape(latex, quote=False)}$"


def _without_results(picture: Picture) -> Picture:
    """The picture with the numbers of its steps left out, in its words too."""
    ElementTree.register_namespace("", SVG)
    drawing = ElementTree.fromstring(picture.svg)
    for node in drawing.iter():
        for part in list(node):
            if "data-step" in part.attrib or part.tag == f"{{{SVG}}}desc":
                node.remove(part)
    svg = ElementTree.tostring(drawing, encoding="unicode")
    return Picture(svg, picture.title, "Its numbers are left out.")
