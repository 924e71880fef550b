"""Some lines of a derivation: what a notebook shows where all of them would be too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlhand.errors import FormulaError, UnknownName
from dlhand.numbers.digits import AnyDigits, Digits
from dlhand.render import html, latex, text
from dlhand.render.parts import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlhand.derivation.model import Derivation, Entry

__all__ = ["Excerpt", "Formulas"]


def _named(d: Derivation, names: Sequence[str]) -> list[Entry]:
    if not names:
        raise UnknownName("no name is given; wanted those of the lines to be shown")
    return [d[name] for name in names]


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
        digits: AnyDigits = None,
        places: int | None = None,
    ) -> None:
        self.derivation = derivation
        self.entries = _named(derivation, names)
        self.digits = Digits.of(digits, places)

    def __repr__(self) -> str:
        return text.part(self.derivation, self.entries, digits=self.digits)

    def html(self) -> str:
        """The same as a fragment of HTML with MathML, readable with no script."""
        return html.part(self.derivation, self.entries, self.digits)

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, str]:
        """LaTeX where it is typeset, plain text elsewhere."""
        spelled = latex.part(self.derivation, self.entries, digits=self.digits)
        return {"text/latex": spelled, "text/plain": repr(self)}


class Formulas:
    """The formulas of some steps alone, with no numbers: for a summary that fits on one page.

    Raises `UnknownName` for a name that does not exist, or for no name at all, and `FormulaError`
    for a given, which has no formula.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b, say="add them")
    >>> Formulas(d, ["s"])
    s = a + b
    """

    def __init__(self, derivation: Derivation, names: list[str]) -> None:
        self.derivation = derivation
        self.entries = _named(derivation, names)
        for entry in self.entries:
            if entry.formula is None:
                raise FormulaError(f"{entry.name} is given and has no formula; wanted steps")

    def _spelled(self, target: str, sign: str) -> list[str]:
        found = [line(self.derivation, entry, target) for entry in self.entries]
        # What has no formula over names is a constant.
        return [f"{one.symbol}{sign}{one.formula or one.result}" for one in found]

    def __repr__(self) -> str:
        return "\n".join(self._spelled("text", " = "))

    def html(self) -> str:
        """The same as a fragment of HTML with MathML, readable with no script."""
        return html.formulas(self.derivation, self.entries)

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, str]:
        """LaTeX where it is typeset, plain text elsewhere."""
        rows = " \\\\[4pt]\n".join(self._spelled("latex", " &= "))
        spelled = f"$$\n\\begin{{aligned}}\n{rows}\n\\end{{aligned}}\n$$"
        return {"text/latex": spelled, "text/plain": repr(self)}
