"""Some lines of a derivation: what a notebook shows where all of them would be too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlhand.errors import UnknownName
from dlhand.render import latex, text

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

__all__ = ["Excerpt"]


class Excerpt:
    """The givens and steps of some names, in the order named; a notebook typesets them.

    Numbers have ``digits`` significant digits, or ``places`` after the point. Raises `UnknownName`
    for a name that does not exist, or for no name at all.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b, say="add them")
    >>> Excerpt(d, ["s"])
    add them
    s = a + b = 0.5 + (−2) = −1.5
    """

    def __init__(
        self,
        derivation: Derivation,
        names: list[str],
        digits: int | None = None,
        places: int | None = None,
    ) -> None:
        if not names:
            raise UnknownName("no name is given; wanted those of the lines to be shown")
        self.derivation = derivation
        self.entries = [derivation[name] for name in names]
        self.digits = digits
        self.places = places

    def __repr__(self) -> str:
        return text.part(self.derivation, self.entries, digits=self.digits, places=self.places)

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, str]:
        """LaTeX where it is typeset, plain text elsewhere."""
        spelled = latex.part(self.derivation, self.entries, digits=self.digits, places=self.places)
        return {"text/latex": spelled, "text/plain": repr(self)}
