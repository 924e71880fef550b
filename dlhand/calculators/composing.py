"""Calculators put together: names that are still free, and numbers or steps as arguments.

A calculator that appends to a derivation takes quantities of it as they are, and declares numbers
as givens. Used twice in one derivation it marks the names of the second use by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

from dlhand import Derivation, stack, total
from dlhand.numbers.exact import Shape, nested
from dlhand.operations.quantity import Quantity, constant
from dlhand.operations.table import size


def free_mark(d: Derivation, names: Iterable[str], mark: str = "") -> str:
    """What to add to ``names`` so that none is taken in ``d``: ``mark``, or it with _2, _3 ...

    >>> d = Derivation("Twice")
    >>> x = d.given("mu", 1)
    >>> free_mark(d, ["c"]), free_mark(d, ["mu", "c"])
    ('', '_2')
    """
    wanted, found, count = list(names), mark, 1
    while any(f"{name}{found}" in d for name in wanted):
        count += 1
        found = f"{mark}_{count}"
    return found


def as_quantity(d: Derivation, name: str, value: Any, say: str = "") -> Quantity:
    """A quantity as it is; anything else declared in ``d`` as the given ``name``, or its next.

    >>> d = Derivation("Either")
    >>> w = as_quantity(d, "w", [1, 2])
    >>> as_quantity(d, "v", w) is w
    True
    """
    if isinstance(value, Quantity):
        return value
    return d.given(name + free_mark(d, [name]), value, say=say)


def sum_of(quantities: Iterable[Quantity]) -> Quantity:
    """The sum of all entries of all of them; a single number is its own.

    >>> d = Derivation("A sum")
    >>> d.value(d.step("s", sum_of(d.givens(x=[1, 2], y=3))))
    6
    """
    return reduce(add, [total(q) if q.shape else q for q in quantities])


def zeros(shape: Shape) -> Any:
    """Nested lists of zeros; of no shape, a single one."""
    return nested([0] * size(shape), shape)


def ones(count: int) -> Quantity:
    """A vector of so many ones."""
    return stack(*[constant(1)] * count)
