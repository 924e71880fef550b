"""The product, convolution or pooling in the formula of a step as grids, whichever it is."""

from __future__ import annotations

from typing import Any

from dlhand.derivation.model import Derivation
from dlhand.numbers.digits import USUAL
from dlhand.pictures import convolution, product
from dlhand.pictures.operands import find
from dlhand.render.picture import Picture


def operation(d: Derivation, step: str, *place: int, **options: Any) -> Picture:
    """The product, convolution or pooling in the formula of a step.

    ``place`` and ``options`` are those of ``matrix_product`` or ``convolution``. Raises
    `FormulaError` for a step with no such operation in its formula.

    >>> d = Derivation("A product")
    >>> x, w = d.givens(x=[3, -1], w=["0.5", 2])
    >>> from dlhand import dot
    >>> z = d.step("z", dot(w, x))
    >>> [moment.line for moment in operation(d, "z").moments]
    ['0.5 · 3 + 2 · (−1) = −0.5']
    """
    found = find(d, d[step], (*product.KINDS, *convolution.KINDS), USUAL)
    if found.op in convolution.KINDS:
        return convolution.convolution(d, step, *place, **options)
    return product.matrix_product(d, step, *place, **options)
