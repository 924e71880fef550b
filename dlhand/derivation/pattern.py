"""A run of steps declared once, to be declared again with other quantities put in.

So a recurrent network is unrolled: the steps of one time are those of the time before with another
input and another state. Nothing but the names and the leaves of the formulas is new.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dlhand.derivation.entries import Entry, Step
from dlhand.derivation.ledger import Ledger
from dlhand.errors import FormulaError, ShapeError
from dlhand.operations.gradient import picker


class Pattern:
    """Steps of a derivation, and those quantities in their formulas that others may replace.

    Raises `FormulaError` for anything that is not of the derivation, or for a given among the
    steps.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("Doubling")
    >>> (x_0,) = d.givens(x_0=3)
    >>> x_1 = d.step("x_1", x_0 + x_0, say="twice the number before")
    >>> doubling = Pattern(d, [x_1], [x_0])
    >>> (x_2,) = doubling.again([x_1], lambda name: "x_2")
    >>> d.value(x_2), x_2.say
    (12, 'twice the number before')
    """

    def __init__(self, d: Ledger, steps: Sequence[Entry], inputs: Sequence[Entry]) -> None:
        for entry in (*steps, *inputs):
            _require(d, entry)
        self.d = d
        self.inputs = list(inputs)
        # what stays as it is, such as the weights, stands between the inputs and the steps
        own = {*steps, *inputs}
        shared = dict.fromkeys(leaf for step in steps for leaf in step.uses if leaf not in own)
        self.shared: list[Any] = list(shared)
        places = {leaf: k for k, leaf in enumerate([*inputs, *shared, *steps])}
        self.rows = []
        for step in steps:
            if step.rule is None:
                raise FormulaError(f"{step!r} is a given; wanted steps")
            pick = picker([places[leaf] for leaf in step.uses])
            self.rows.append((step.name, step.rule, pick, step.say))

    def again(self, inputs: Sequence[Entry], rename: Callable[[str], str]) -> list[Entry]:
        """Append the steps once more and return the new ones.

        ``inputs`` take the places of the pattern's own, in their order; ``rename`` turns the name
        of a step into that of its copy. The copies belong to the section that is open.

        Raises `ShapeError` for an input of another shape, `FormulaError` for one of another
        derivation, `DuplicateName` for a name that is taken.
        """
        d = self.d
        for new, old in zip(inputs, self.inputs, strict=True):
            _require(d, new)
            if new.form is not old.form:
                raise ShapeError(f"{new!r} has shape {new.shape}; wanted {old.shape}, as {old!r}")
        places = [*inputs, *self.shared]
        first = len(places)
        for name, rule, pick, say in self.rows:
            copy = rename(name)
            d._check_name(copy)
            places.append(d._append(Step, copy, rule, pick(places), say))
        return places[first:]


def _require(d: Ledger, entry: Entry) -> None:
    if d._by_name.get(entry.name) is not entry:
        raise FormulaError(f"{entry!r} belongs to another derivation than the pattern")
