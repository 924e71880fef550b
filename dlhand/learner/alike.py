"""Which steps are more of the same: worked out as others before them, with other quantities."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.operations.quantity import Form

Kind = tuple[str, tuple["Kind", ...]]


def more_of_the_same(d: Derivation, times: int) -> list[str]:
    """The names of the steps for which there are ``times`` steps of the same kind before.

    Steps are of one kind where their formulas have the same operations in the same order, whatever
    the quantities, the numbers and the sizes in them.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("Two units")
    >>> x, v, w = d.givens(x=2, v=3, w=4)
    >>> y, z, p = d.step("y", v * x), d.step("z", w * x), d.step("p", v + w)
    >>> more_of_the_same(d, 1)
    ['z']
    """
    seen = Counter[Kind]()
    repeated = []
    for step in d.steps:
        kind = _kind(step)
        if seen[kind] >= times:
            repeated.append(step.name)
        seen[kind] += 1
    return repeated


def _kind(step: Entry) -> Kind:
    assert step.rule is not None
    return _made(step.rule)


def _made(form: Form) -> Kind:
    return form.op.name, tuple(map(_made, form.args))
