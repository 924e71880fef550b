"""The picture that stands beside the steps of a derivation: at each of them something is lit.

A picture lights the steps that it draws. Any other step, such as an error, a local slope or an
update, lights what is drawn of that from which it comes; one that comes before all that is drawn
lights what is made of it, or else of what it is made of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Set
from html import escape, unescape

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.numbers.digits import Digits
from dlhand.pictures import drawn, flow
from dlhand.render.picture import Picture

Drawing = str | Callable[[Derivation], Picture] | None
"""A picture that is asked for: the name of a picture method, or what draws it from a derivation."""

_LIT = re.compile('data-lit="([^"]*)"')


def drawing(d: Derivation, picture: Drawing) -> Callable[[Derivation, Digits], Picture | None]:
    """What draws the picture beside a derivation, and its variants, with so many digits.

    Raises `FormulaError` for a name that is none of a picture method.

    >>> from dlhand import Derivation
    >>> d = Derivation("A square, and more")
    >>> (x,) = d.givens(x=2)
    >>> y = d.step("y", x * x)
    >>> z = d.step("z", y + 1)
    >>> svg = drawing(d, lambda d: d.graph(["y"]))(d, Digits()).svg
    >>> 'data-lit="y z"' in svg
    True
    """
    if picture is None:
        return lambda d, digits: None
    if callable(picture):
        return lambda d, digits: lit_throughout(d, picture(d))
    method = drawn(d, picture, "a function, or ")
    return lambda d, digits: lit_throughout(d, method.draw(d, digits=digits))


def lit_throughout(d: Derivation, picture: Picture) -> Picture:
    """The picture with something in it lit at every step of which anything is drawn."""
    own = {name for names in _LIT.findall(picture.svg) for name in unescape(names).split()}
    others: dict[str, list[str]] = {}
    for step, names in _elsewhere(d, {d[name]: {name} for name in own if name in d}):
        for name in names:
            others.setdefault(name, []).append(step.name)

    def lit(match: re.Match[str]) -> str:
        names = unescape(match[1]).split()
        more = [step for name in names for step in others.get(name, ())]
        return f'data-lit="{escape(" ".join(dict.fromkeys(names + more)))}"'

    return picture.redrawn(_LIT.sub(lit, picture.svg))


def _elsewhere(d: Derivation, own: Mapping[Entry, Set[str]]) -> Iterator[tuple[Entry, Set[str]]]:
    """The steps that have no part of their own, with the names of what is lit for them."""
    about = flow.about(d, own)
    after: dict[Entry, set[str]] = {}
    for step in reversed(d.steps):
        for leaf in flow.leaves(step):
            after.setdefault(d[leaf], set()).update(about[step] or after.get(step, ()))
    for step in d.steps:
        if step not in own:
            akin = (after.get(d[leaf], set()) for leaf in flow.leaves(step))
            yield step, about[step] or after.get(step) or set().union(*akin)
