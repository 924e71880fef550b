"""A derivation together with all the ways to look at it.

The engine's `Derivation` knows nothing of how it is shown; this one has a method for each way,
and each imports what it needs when it is called. It is the class that examples and notebooks
use, and the only place from which the lower layers reach the upper ones.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dlhand.derivation.model import Derivation as Engine
from dlhand.errors import FormulaError
from dlhand.numbers.digits import Digits
from dlhand.pictures import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlhand.diagnosis import Diagnosis
    from dlhand.learner.check import Judgement
    from dlhand.operations.quantity import Quantity
    from dlhand.render.comparison import Comparison
    from dlhand.render.excerpt import Excerpt, Formulas
    from dlhand.render.picture import Picture
    from dlhand.slides.deck import Deck
    from dlhand.verdicts.findings import Finding


class Derivation(Engine):
    r"""A worked example that can be shown, replayed, checked and stepped through.

    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b, say="add them")
    >>> print(d.latex("s"))
    s = a + b = 0.5 + \left(-2\right) = -1.5
    """

    def latex(
        self,
        name: str | None = None,
        *,
        digits: int | None = None,
        places: int | None = None,
        document: bool = False,
    ) -> str:
        """One step as a line of LaTeX, or the whole derivation as an aligned block.

        Numbers have ``digits`` significant digits, or ``places`` after the point. With ``document``
        the whole derivation is a document of its own, preamble and all; see
        `dlhand.render.document`. Raises `FormulaError` for a document of a single step.
        """
        asked = Digits.of(digits, places)
        if document:
            from dlhand.render.document import document as whole

            if name is not None:
                raise FormulaError(
                    f"document=True came with name={name!r}; wanted a document of the whole "
                    "derivation, or one step as a line"
                )
            return whole(self, digits=asked)
        line, page = _latex_writers()
        if name is None:
            return page(self, digits=asked)
        return line(self, self[name], digits=asked)

    def text(
        self, name: str | None = None, *, digits: int | None = None, places: int | None = None
    ) -> str:
        """One step as a line of plain text, or the whole derivation as a page for a terminal."""
        from dlhand.render.text import line, page

        asked = Digits.of(digits, places)
        if name is None:
            return page(self, digits=asked)
        return line(self, self[name], digits=asked)

    def lines(self, *names: str, digits: int | None = None, places: int | None = None) -> Excerpt:
        """Some of its lines alone, typeset in a notebook: the steps of these names."""
        from dlhand.render.excerpt import Excerpt

        return Excerpt(self, list(names), digits, places)

    def formulas(self, *names: str) -> Formulas:
        """The formulas of some of its steps alone, with no numbers: for a summary."""
        from dlhand.render.excerpt import Formulas

        return Formulas(self, list(names))

    def html(self, *, digits: int | None = None, places: int | None = None) -> str:
        """The whole derivation as a fragment of HTML with MathML, readable with no script."""
        from dlhand.render.html import page

        return page(self, digits=Digits.of(digits, places))

    def to_python(self) -> str:
        """A program that computes every step in floating point."""
        from dlhand.derivation.program import to_python

        return to_python(self)

    def replay(self, last: str | None = None) -> Callable[..., Any]:
        """A compiled function from the givens, as floats, to all values, up to the step ``last``.

        It is for many points: a curve, a sweep, a landscape of a loss. Its digits are not proven.
        """
        from dlhand.derivation.replay import replay

        return replay(self, last)

    def closed_form(self, name: str | Quantity) -> Any:
        """The exact symbolic expression of a step over the givens, as a sympy object."""
        from dlhand.derivation.closed_form import closed_form

        return closed_form(self, self[name])

    def check(self, name: str, answer: Any) -> Judgement:
        """Judge a learner's answer to a step: right, right but rounded early, or not yet.

        It is text as a learner types it, or numbers as `given` reads them.
        """
        from dlhand.learner.check import check, typed

        return check(self, self[name], answer if isinstance(answer, str) else typed(answer))

    def diagnose(self, step: str, answer: Any, **options: Any) -> Diagnosis:
        """Find which slip gives a wrong answer to a step, and how sure that is.

        See `dlhand.diagnosis.search.diagnose` for the options: ``earlier``, ``others``.

        >>> d = Derivation("An error")
        >>> o, t = d.givens(o="0.73492", t="0.05")
        >>> E = d.step("E", (o - t) ** 2 / 2)
        >>> print(d.diagnose("E", "0.46911"))
        This is what you get when it is not divided by 2.
        """
        from dlhand.diagnosis import diagnose

        return diagnose(self, step, answer, **options)

    def verdicts(self) -> list[Finding]:
        """How each number that the document prints relates to the true value."""
        from dlhand.verdicts.findings import findings

        return findings(self)

    def verdict_table(self, *verdicts: str) -> Any:
        """The verdicts as a table, for a terminal or a notebook: all, or only those named."""
        from dlhand.verdicts.findings import VERDICTS
        from dlhand.verdicts.table import VerdictTable

        return VerdictTable(self.verdicts(), verdicts=verdicts or VERDICTS)

    def compare(
        self, other: Derivation, steps: Sequence[str] | None = None, **options: Any
    ) -> Comparison:
        """This setting and another one side by side, with the difference of every step.

        ``other`` is the same with other givens, say, or rounded by hand; ``steps`` names the steps
        to be shown. See `dlhand.render.comparison`.
        """
        from dlhand.render.comparison import Comparison

        return Comparison(self, other, steps, **options)

    # Pictures: what each shows, and its options, say the module of its name in `dlhand.pictures`
    # and ``help(d.graph)``.
    graph = Drawn()
    network = Drawn()
    unrolled = Drawn()
    operation = Drawn()
    windows = Drawn()
    heatmap = Drawn()
    bars = Drawn()

    def curve(self, step: str, along: str, low: Any, high: Any, **options: Any) -> Picture:
        """How a step changes with one given, as a curve; see `dlhand.pictures.curve`."""
        from dlhand.pictures.curve import curve

        return curve(self, step, along, low, high, **options)

    def film(self, what: str | Picture, **options: Any) -> Any:
        """The moments of a picture one after the other, for a notebook; see `dlhand.widgets.film`.

        Of a step it is the picture of its `operation`, to which the options go: a window that
        moves over an image, the row and the column that meet.
        """
        from dlhand.widgets.film import Film

        return Film(self.operation(what, **options) if isinstance(what, str) else what)

    def player(self, **options: Any) -> Any:
        """The step player, for a notebook; see `dlhand.widgets.player`."""
        from dlhand.widgets.player import Player

        return Player(self, **options)

    def slides(self, **options: Any) -> Deck:
        """A deck of slides: a file to be saved, in which each click brings the next part of a step.

        See `dlhand.slides.deck.Deck` for the options: ``digits``, ``places``, ``predict``,
        ``steps``, ``picture``.
        """
        from dlhand.slides.deck import Deck

        return Deck([self], **options)

    def explore(self, *names: str, **options: Any) -> Any:
        """A slider or box for each given (or those named) beside one result and its curve.

        See `dlhand.widgets.what_if.WhatIf` for the options: ``watch``, ``ranges``, ``picture``,
        ``digits``, ``places``.
        """
        from dlhand.widgets.what_if import explore

        return explore(self, *names, **options)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """What a notebook shows: LaTeX where it typesets, plain text elsewhere."""
        return {"text/latex": self.latex(), "text/plain": self.text()}


@cache
def _latex_writers() -> tuple[Callable[..., str], Callable[..., str]]:
    """The writers of `render.latex`, imported once; a line is soon written, an import is not."""
    from dlhand.render.latex import line, page

    return line, page
