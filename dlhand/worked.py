"""A derivation together with all the ways to look at it.

The engine's `Derivation` knows nothing of how it is shown; this one has a method for each way,
and each imports what it needs when it is called. It is the class that examples and notebooks
use, and the only place from which the lower layers reach the upper ones.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from dlhand.derivation.model import Derivation as Engine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dlhand.check import Judgement
    from dlhand.operations.quantity import Quantity
    from dlhand.render.comparison import Comparison
    from dlhand.render.excerpt import Excerpt
    from dlhand.render.picture import Picture
    from dlhand.verify import Finding


class Derivation(Engine):
    r"""A worked example that can be shown, replayed, checked and stepped through.

    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b, say="add them")
    >>> print(d.latex("s"))
    s = a + b = 0.5 + \left(-2\right) = -1.5
    """

    def latex(
        self, name: str | None = None, *, digits: int | None = None, places: int | None = None
    ) -> str:
        """One step as a line of LaTeX, or the whole derivation as an aligned block.

        Numbers have ``digits`` significant digits, or ``places`` after the point.
        """
        line, page = _latex_writers()
        if name is None:
            return page(self, digits=digits, places=places)
        return line(self, self[name], digits=digits, places=places)

    def text(
        self, name: str | None = None, *, digits: int | None = None, places: int | None = None
    ) -> str:
        """One step as a line of plain text, or the whole derivation as a page for a terminal."""
        from dlhand.render.text import line, page

        if name is None:
            return page(self, digits=digits, places=places)
        return line(self, self[name], digits=digits, places=places)

    def lines(self, *names: str, digits: int | None = None, places: int | None = None) -> Excerpt:
        """Some of its lines alone, typeset in a notebook: the steps of these names."""
        from dlhand.render.excerpt import Excerpt

        return Excerpt(self, list(names), digits, places)

    def html(self, *, digits: int | None = None, places: int | None = None) -> str:
        """The whole derivation as a fragment of HTML with MathML, readable with no script."""
        from dlhand.render.html import page

        return page(self, digits=digits, places=places)

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
        from dlhand.check import check, typed

        return check(self, self[name], answer if isinstance(answer, str) else typed(answer))

    def verdicts(self) -> list[Finding]:
        """How each number that the document prints relates to the true value."""
        from dlhand.verify import findings

        return findings(self)

    def verdict_table(self, *verdicts: str) -> Any:
        """The verdicts as a table, for a terminal or a notebook: all, or only those named."""
        from dlhand.render.verdicts import VerdictTable
        from dlhand.verify import VERDICTS

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

    def graph(self, steps: Sequence[str] | None = None, **options: Any) -> Picture:
        """The computational graph as a picture, with values and gradients on its lines.

        ``steps`` names the steps to be drawn; see `dlhand.pictures.graph`.
        """
        from dlhand.pictures.graph import graph

        return graph(self, steps, **options)

    def network(self, layers: Sequence[Any], **options: Any) -> Picture:
        """A picture of the layers of a network; see `dlhand.pictures.network`."""
        from dlhand.pictures.network import network

        return network(self, layers, **options)

    def unrolled(self, **options: Any) -> Picture:
        """A picture of a recurrent cell unrolled over time; see `dlhand.pictures.unrolled`."""
        from dlhand.pictures.unrolled import unrolled

        return unrolled(self, **options)

    def operation(self, step: str, *place: int, **options: Any) -> Picture:
        """The product, convolution or pooling in the formula of a step as grids.

        Row and column of the result can be given; then what comes of what is lit there. See
        `dlhand.pictures.product` and `dlhand.pictures.convolution`.
        """
        from dlhand.pictures.operation import operation

        return operation(self, step, *place, **options)

    def windows(self, step: str, **options: Any) -> Picture:
        """A convolution declared window by window as grids; see `dlhand.pictures.windows`."""
        from dlhand.pictures.windows import windows

        return windows(self, step, **options)

    def heatmap(self, step: str, *place: int, **options: Any) -> Picture:
        """A matrix as a heat map, such as weights of attention; see `dlhand.pictures.heatmap`."""
        from dlhand.pictures.heatmap import heatmap

        return heatmap(self, step, *place, **options)

    def bars(self, names: Sequence[str], **options: Any) -> Picture:
        """Numbers side by side as bars, such as counts; see `dlhand.pictures.bars`."""
        from dlhand.pictures.bars import bars

        return bars(self, names, **options)

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
