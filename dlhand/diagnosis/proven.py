"""Proven digits of a step after slips: the same steps once more, some of them changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dlhand.derivation.entries import Given, Step
from dlhand.derivation.evaluate import Evaluation
from dlhand.diagnosis.single import Change, Number
from dlhand.errors import UndefinedValue
from dlhand.operations.quantity import Leaf, slot

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.numbers.real import Real


def proven(
    evaluation: Evaluation, target: Entry, changes: Sequence[Change]
) -> tuple[Real, ...] | None:
    """The numbers of a step, in flat order, when entries before it are changed; None without value.

    >>> from dlhand.derivation.model import Derivation
    >>> from dlhand.diagnosis.single import single_slips
    >>> d = Derivation("An error")
    >>> o, t = d.givens(o="0.73492", t="0.05")
    >>> E = d.step("E", (o - t) ** 2 / 2)
    >>> first = next(single_slips(d, E))
    >>> proven(d.evaluation, E, [first.change])
    (0.46912,)
    """
    again = _Again(evaluation, {change.where.index: change for change in changes})
    try:
        return again.reals(target)
    except UndefinedValue:
        return None


class _Again:
    """The entries of an evaluation, and after them those that a change makes anew."""

    def __init__(self, evaluation: Evaluation, changes: Mapping[int, Change]) -> None:
        self.evaluation = evaluation
        self.changes = changes
        self.entries: list[Entry] = list(evaluation.entries)
        self.fixed = dict(evaluation.fixed)
        self.now: dict[int, Entry] = {}

    def reals(self, target: Entry) -> tuple[Real, ...]:
        first = min(self.changes)
        for entry in self.evaluation.entries[first : target.index + 1]:
            change = self.changes.get(entry.index)
            if change is not None:
                self._changed(entry, change)
            elif entry.index not in self.evaluation.fixed and self._is_touched(entry.uses):
                assert entry.rule is not None
                self._append(entry, entry.rule, entry.uses)
        last = self.now[target.index]
        return Evaluation(self.entries, self.fixed).reals(last.index)

    def _is_touched(self, leaves: Iterable[Leaf]) -> bool:
        return any(leaf.index in self.now for leaf in leaves)

    def _changed(self, entry: Entry, change: Change) -> None:
        if change.form is None:
            self.now[entry.index] = self._number(entry, change.exact)
        else:
            self._append(entry, change.form, change.leaves)

    def _append(self, entry: Entry, form: Any, leaves: Sequence[Leaf]) -> None:
        uses = tuple(
            [
                self._number(leaf, leaf.exact)
                if isinstance(leaf, Number)
                else self.now.get(leaf.index, leaf)
                for leaf in leaves
            ]
        )
        again = Step(entry.name, len(self.entries), form.as_leaf, form, uses, "", "")
        self.entries.append(again)
        self.now[entry.index] = again

    def _number(self, leaf: Leaf, exact: Any) -> Entry:
        own = Given("?", len(self.entries), slot(leaf.shape), None, (), "", "")
        self.entries.append(own)
        self.fixed[own.index] = exact
        return own
