"""The way back through a derivation: what an entry is computed from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from dlhand.derivation.entries import Entry
from dlhand.operations.quantity import Leaf


def used(entry: Entry) -> tuple[Leaf, ...]:
    """What the formula of an entry uses, as often as it stands there; nothing for a given."""
    return entry.uses


def ancestors(
    entries: Sequence[Entry], end: int, before: Callable[[Entry], Iterable[Leaf]] = used
) -> list[Entry]:
    """All that the entry at a position is computed from, and itself, in order.

    ``before`` says from which quantities the walk goes on behind an entry: from all that its
    formula uses, or from none, where its value is known.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("Two ways")
    >>> x, y = d.givens(x=1, y=2)
    >>> u, v = d.step("u", x + 1), d.step("v", y + 1)
    >>> w = d.step("w", u * u)
    >>> ancestors(d.entries, w.index)
    [<x>, <u>, <w>]
    >>> ancestors(d.entries, w.index, lambda entry: () if entry is u else entry.uses)
    [<u>, <w>]
    """
    found: dict[int, Entry] = {}
    pending = [end]
    while pending:
        k = pending.pop()
        if k not in found:
            found[k] = entry = entries[k]
            pending += [leaf.index for leaf in before(entry)]
    return [found[k] for k in sorted(found)]
