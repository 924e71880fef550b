"""A deck: the slides of one derivation or of several in one HTML file that needs nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from dlhand.errors import DlhandError, FormulaError
from dlhand.files import write
from dlhand.numbers.digits import AnyDigits, Digits
from dlhand.pictures import drawn
from dlhand.pictures.beside import lit_throughout
from dlhand.render.font import face_rules
from dlhand.render.html import STYLE
from dlhand.render.parts import prose
from dlhand.slides.choice import chosen_steps
from dlhand.slides.slide import Look, slide, stack, stacks
from dlhand.widgets.page import sheet

if TYPE_CHECKING:
    from dlhand.worked import Derivation

__all__ = ["REVEAL", "Deck"]

REVEAL = "6.0.2"
"""The version of reveal.js that is in every deck."""
NO_PICTURE = "none"


class Deck:
    """Slides of derivations, in which each click brings the next part of a step.

    Numbers have ``digits`` significant digits, or ``places`` after the point. With ``predict``
    there is a pause for a guess before each result. ``steps`` chooses a part, such as ``"3..7"``
    or ``"z_h1..E"`` (see `dlhand.slides.choice.chosen_steps`). ``picture`` names the picture
    beside the steps, one that a derivation draws by itself, such as "graph"; "none" is without.

    Raises `FormulaError` for a picture that there is not, and for ``steps`` of several derivations;
    `UnknownName` for a step that there is not.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b, say="add them")
    >>> d.slides(predict=True)
    Deck('A sum', 1 step)
    """

    def __init__(
        self,
        derivations: Sequence[Derivation],
        *,
        title: str = "",
        digits: AnyDigits = None,
        places: int | None = None,
        predict: bool = False,
        picture: str = "graph",
        steps: str | None = None,
    ) -> None:
        if steps is not None and len(derivations) > 1:
            raise FormulaError(
                f"steps is {steps!r} of {len(derivations)} derivations; wanted one derivation"
            )
        self.title = title or prose(derivations[0], derivations[0].title) or derivations[0].name
        self._chosen = [(d, chosen_steps(d, steps)) for d in derivations]
        self._look = Look(Digits.of(digits, places), predict)
        self._pictures = [self._drawing(d, picture) for d in derivations]

    @cached_property
    def html(self) -> str:
        """The whole file."""
        return "\n".join(self._elements())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file, or leave what was there as it is where it cannot be written.

        Raises `Unwritten` then.
        """
        return write(path, self.html)

    def __repr__(self) -> str:
        count = sum(len(steps) for _, steps in self._chosen)
        return f"Deck({self.title!r}, {count} step{'s' * (count != 1)})"

    def _elements(self) -> Iterator[str]:
        yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>{escape(self.title)}</title>"
        styles = [_read("reveal", "reveal.css"), face_rules(), STYLE, sheet("picture")]
        yield f"<style>{''.join(styles)}{_read('page', 'deck.css')}</style>\n</head>\n<body>"
        yield '<main>\n<div class="reveal">\n<div class="slides">'
        if len(self._chosen) > 1:
            yield stack([slide("title", f"<h2>{escape(self.title)}</h2>")])
        drawings = []
        for k, (d, steps) in enumerate(self._chosen):
            svg = self._pictures[k]
            yield from stacks(d, steps, self._look._replace(picture=f"picture-{k}" if svg else ""))
            if svg:
                order = escape(" ".join(entry.name for entry in d.entries))
                drawings.append(f'<div id="picture-{k}" data-order="{order}">{svg}</div>')
        yield "</div>\n</div>\n</main>"
        yield f'<div class="drawings" aria-hidden="true">{"".join(drawings)}</div>'
        for folder, name in (
            ("reveal", "reveal.js"), ("reveal", "notes.js"), ("page", "fit.js"),
            ("page", "picture.js"), ("page", "deck.js"),
        ):  # fmt: skip
            yield f"<script>{_script(_read(folder, name))}</script>"
        yield "</body>\n</html>\n"

    def _drawing(self, d: Derivation, picture: str) -> str:
        """The picture beside the steps; of several derivations some may have none."""
        if picture == NO_PICTURE:
            return ""
        method = drawn(d, picture, f"{NO_PICTURE!r}, or ")
        try:
            return lit_throughout(d, method.draw(d, digits=self._look.digits)).svg
        except DlhandError:  # no time in it, say
            if len(self._chosen) == 1:
                raise
            return ""


def _script(text: str) -> str:
    """JavaScript as it may stand in a page: nothing in its strings ends the element."""
    return text.replace("</script", r"<\/script")


def _read(*path: str) -> str:
    return files("dlhand.slides").joinpath(*path).read_text(encoding="utf-8")
