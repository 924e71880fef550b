"""Which quantity may be used for another one: a neighbour, the step before, an updated weight."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from dlhand.derivation.entries import Gradient
from dlhand.operations.slips import PLAIN, SELDOM, USUAL

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation
    from dlhand.operations.quantity import Leaf

_PIECES = re.compile(r"\d+|[^\W\d_]+|.")
MOST_ALIKE, LEAST_ALIKE = 6, 2
"""So many quantities of like names are thought of, at the step asked for and before it."""
OTHER_LETTER = 3.0
"""How far a is from b, names of one letter each."""
MOST_WORDS = 40
OTHER_WORD = 1.5
"""How far f_1 is from i_1: nearer than x3 from x1."""

NEIGHBOUR = "neighbour used"
FORGOTTEN = "activation forgotten"
TWICE = "step taken twice"
NO_SLOPE = "derivative forgotten"
UPDATED = "updated weight used"
SAME = "quantity used twice"


class Other(NamedTuple):
    """A quantity that may be used for another one, what that slip is called, and its cost."""

    name: str
    entry: Entry
    cost: float


class Nearby:
    """What may stand for what in a derivation.

    >>> from dlhand.operations.activations import sigmoid
    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("One neuron")
    >>> w1, w2, x = d.givens(w1=2, w2=3, x="0.5")
    >>> a = d.step("a", sigmoid(d.step("z", w1 * x)))
    >>> y = d.step("y", w2 * a)
    >>> [(one.name, one.entry) for one in Nearby(d).others(y, w2)]
    [('neighbour used', <w1>), ('quantity used twice', <a>)]
    >>> [(one.name, one.entry) for one in Nearby(d).others(y, a)]
    [('activation forgotten', <z>), ('neighbour used', <x>), ('quantity used twice', <w2>)]
    """

    def __init__(self, d: Derivation) -> None:
        self._entries = d.entries
        self._patterns: dict[tuple[object, ...], dict[str, Entry]] = {}
        self._functions: dict[int, list[Entry]] = {}
        self._updates: dict[int, list[Entry]] = {}
        self._alike: dict[int, list[tuple[float, Entry]]] = {}
        for entry in d.entries:
            for pattern, piece in _patterns(entry):
                self._patterns.setdefault(pattern, {})[piece] = entry
            if entry.rule is not None:
                inputs = {leaf.index for leaf in entry.uses}
                if len(inputs) == 1 and len(entry.rule.args) == 1:
                    self._functions.setdefault(inputs.pop(), []).append(entry)
                if entry.name.endswith("'"):
                    for leaf in entry.uses:
                        if leaf.name == entry.name.rstrip("'"):
                            self._updates.setdefault(leaf.index, []).append(entry)

    def others(self, where: Entry, leaf: Entry, is_near: bool = True) -> Iterator[Other]:
        """What may stand for a quantity in the formula of a step, the plainest first.

        It has the same shape, and is known before the step; only an updated weight may come after.
        Where the step is not the one that is asked for, fewer are thought of.
        """
        seen = {leaf}
        for other in self._all_others(where, leaf, is_near):
            one = other.entry
            if one not in seen and one is not where and one.shape == leaf.shape:
                seen.add(one)
                yield other

    def _all_others(self, where: Entry, leaf: Entry, is_near: bool) -> Iterator[Other]:
        entries = self._entries
        if leaf.rule is not None and len(leaf.rule.args) == 1 and len(set(leaf.uses)) == 1:
            yield Other(FORGOTTEN, entries[leaf.uses[0].index], PLAIN)
        if isinstance(leaf, Gradient):
            for use in leaf.uses:
                if isinstance(use, Gradient):
                    yield Other(NO_SLOPE, use, PLAIN)
        if isinstance(where, Gradient):
            for one in self._updates.get(leaf.index, ()):
                if not self._rests_on(one, where):
                    yield Other(UPDATED, one, USUAL)
        for one in self.functions(leaf):
            if one.index < where.index:
                yield Other(TWICE, one, USUAL)
        alike = [pair for pair in self.alike(leaf) if pair[1].index < where.index]
        for apart, one in alike[: MOST_ALIKE if is_near else LEAST_ALIKE]:
            yield Other(NEIGHBOUR, one, PLAIN if apart < 2 else USUAL)
        if is_near:
            yield from (Other(SAME, entries[use.index], SELDOM) for use in where.uses)

    def functions(self, leaf: Leaf) -> Sequence[Entry]:
        """The steps that are a function of a quantity alone, such as σ(z) and z²."""
        return self._functions.get(leaf.index, ())

    def alike(self, leaf: Entry) -> list[tuple[float, Entry]]:
        """Quantities whose names differ in one piece, each with how far; the nearest first."""
        found = self._alike.get(leaf.index)
        if found is None:
            pairs = [
                (apart, one.index)
                for pattern, piece in _patterns(leaf)
                for apart, one in _beside(piece, self._patterns.get(pattern, {}), len(pattern) == 2)
                if one is not leaf and one.form is leaf.form
            ]
            found = [(apart, self._entries[k]) for apart, k in sorted(pairs)]
            self._alike[leaf.index] = found
        return found

    def _rests_on(self, one: Entry, other: Entry) -> bool:
        pending, seen = [one.index], set[int]()
        while pending:
            k = pending.pop()
            if k == other.index:
                return True
            if k not in seen and k > other.index:
                seen.add(k)
                pending += [leaf.index for leaf in self._entries[k].uses]
        return False


def _patterns(entry: Entry) -> list[tuple[tuple[object, ...], str]]:
    """The name with one piece after the other taken out, a number or a word, and that piece."""
    pieces = _PIECES.findall(entry.name)
    return [
        ((piece.isdigit(), *pieces[:k], None, *pieces[k + 1 :]), piece)
        for k, piece in enumerate(pieces)
        if piece.isalnum() and (len(pieces) > 1 or len(piece) == 1)
    ]


def _beside(piece: str, alike: dict[str, Entry], is_whole: bool) -> Iterator[tuple[float, Entry]]:
    """What has another piece in that place: numbers that are near, and any word.

    ``is_whole`` says that the piece is the whole name.
    """
    if not piece.isdigit():
        apart = OTHER_LETTER if is_whole else OTHER_WORD
        yield from ((apart, one) for one in islice(alike.values(), MOST_WORDS))
        return
    for apart in range(1, MOST_ALIKE + 1):
        for number in (int(piece) - apart, int(piece) + apart):
            one = alike.get(str(number))
            if one is not None:
                yield apart, one
