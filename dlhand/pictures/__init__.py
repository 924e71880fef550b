"""Pictures drawn from a derivation: SVG in plain characters, the same to the byte on every run.

Each picture stands on a light panel of its own, so that it reads well in a dark theme too, and has
its facts in words as a text alternative. Pictures know the engine and how names and numbers are
written; they know neither widgets nor matplotlib.

| module | picture | its moments |
| --- | --- | --- |
| `graph` | the computational graph, with values and gradients | steps |
| `network` | a layered network with its weights | steps |
| `unrolled` | a recurrent cell unrolled over time | steps |
| `bars` | numbers side by side, such as counts of parameters | steps |
| `product` | a product of matrices, row by column | places of the result |
| `convolution` | a convolution or pooling, window by window | places of the result |
| `windows` | a convolution declared window by window, with its gradients | steps |
| `operation` | the product, convolution or pooling in the formula of a step | as there |
| `heatmap` | a matrix of weights, such as those of attention | rows |

`beside` makes of each of these a picture in which something is lit at every step.

A picture shows all its numbers and nothing lit. It has moments, each with a name: that of a step,
or of a place such as ``Y[1,2]`` or ``A[0]``. Groups (``<g>``) say in attributes what they have to
do with the moments, so that a page can light any of them without knowing the kind of picture:

| attribute | has | at these moments |
| --- | --- | --- |
| ``data-step`` | one name | the parts are there from then on, and left out before |
| ``data-formula`` | one name | its formula, left out where that is to be found |
| ``data-lit`` | names | the parts are lit |
| ``data-forward`` | names | a value flows along the line, to its end |
| ``data-backward`` | names | a gradient flows back along the line, to its beginning |

Names are separated by blanks, which no name has. A moment that a page does not know, such as the
places of a result where it goes from step to step, is taken as past. The attributes stand for the
parts right inside their group, but for ``data-step``, which stands for all. To light parts is

- to fill boxes (``rect``) with `canvas.LIT` and to outline them with `canvas.INK`, as thick as
  `canvas.LIT_WEIGHT`; one that has no fill of its own is then seen for the first time, and one with
  ``fill-opacity="0"`` is a frame;
- to draw lines (``path`` with ``fill="none"``) as thick as `canvas.FLOW_WEIGHT`, with their arrow
  heads (``path`` with a fill): in `canvas.FORWARD` or `canvas.BACKWARD` where something flows, in
  `canvas.LOCAL` where they are only lit;
- while something flows back, to hide the arrow head ``dlhand-head`` at the end of the line and to
  show the one at its beginning, ``dlhand-tail``.

`Canvas.part` writes the attributes, and draws a single moment (``current=``, or a place) by the
same rules. ``data-edge`` has the names that a line joins, for whoever looks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from inspect import Parameter, getmembers_static, signature
from types import MethodType
from typing import TYPE_CHECKING, overload

from dlhand.errors import FormulaError

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation
    from dlhand.render.picture import Picture

__all__ = ["Drawn", "drawn"]


class Drawn:
    """A picture as a method of a derivation: the function of its name in the module of its name.

    It is imported when it is first asked for.

    >>> from dlhand import Derivation
    >>> Derivation.graph.__module__, vars(Derivation)["graph"].is_told_all
    ('dlhand.pictures.graph', True)
    """

    name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @cached_property
    def draw(self) -> Callable[..., Picture]:
        """The function of the derivation and the options of the picture."""
        found: Callable[..., Picture] = getattr(import_module(f"{__name__}.{self.name}"), self.name)
        return found

    @property
    def is_told_all(self) -> bool:
        """Whether the derivation is all that it must be told."""
        return not any(map(_is_needed, [*signature(self.draw).parameters.values()][1:]))

    @overload
    def __get__(self, d: None, kind: type) -> Callable[..., Picture]: ...
    @overload
    def __get__(self, d: Derivation, kind: type) -> Callable[..., Picture]: ...
    def __get__(self, d: Derivation | None, kind: type) -> Callable[..., Picture]:
        return self.draw if d is None else MethodType(self.draw, d)


def drawn(d: Derivation, name: str, others: str = "") -> Drawn:
    """The picture of a name, among those that are told all by the derivation itself.

    Raises `FormulaError` for another name; ``others`` is what else would have been allowed.

    >>> from dlhand import Derivation
    >>> drawn(Derivation("Nothing"), "graph").name
    'graph'
    """
    methods: dict[str, Drawn] = dict(getmembers_static(type(d), lambda x: isinstance(x, Drawn)))
    known = [one for one, method in methods.items() if method.is_told_all]
    if name not in known:
        raise FormulaError(f"picture is {name!r}; wanted {others}one of {known}")
    return methods[name]


def _is_needed(argument: Parameter) -> bool:
    return argument.default is argument.empty and argument.kind not in (
        argument.VAR_POSITIONAL,
        argument.VAR_KEYWORD,
    )
