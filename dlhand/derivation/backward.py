"""The backward pass, derived from the forward steps.

It walks the steps from the loss to the givens. Each quantity gets one named step: its gradient,
as the sum over the later steps that use it of *their* gradient times the local derivative. The
form of each local derivative comes from the operations table, by `pullbacks`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING

from dlhand.derivation.entries import Entry, Gradient, Local
from dlhand.errors import DlhandError, DuplicateName, NoDependence, ShapeError
from dlhand.operations.gradient import ONE, plus, pullbacks, times
from dlhand.operations.quantity import Leaf, Quantity

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation


def backward(
    d: Derivation,
    loss: Entry,
    wrt: list[Entry],
    names: Mapping[str, str],
    local: bool | Container[str],
) -> dict[Quantity, Quantity]:
    """Append the steps of the backward pass to ``d``; see `Derivation.backward`."""
    count = len(d.entries)
    try:
        return _Pass(d, loss, wrt, names, local).run()
    except DlhandError:  # what is refused leaves nothing behind
        for entry in d.entries[count:]:
            del d._by_name[entry.name]
        del d.entries[count:]
        raise


class _Pass:
    """One walk back from a loss."""

    def __init__(
        self,
        d: Derivation,
        loss: Entry,
        wrt: list[Entry],
        names: Mapping[str, str],
        local: bool | Container[str],
    ) -> None:
        if loss.shape != ():
            raise ShapeError(f"the loss {loss.name} has shape {loss.shape}; wanted a single number")
        self.d = d
        self.loss = loss
        self.wrt = wrt
        self.names = names
        self.local = local
        self.gradients: dict[Quantity, Quantity] = {loss: ONE}
        # by position: what is to be added up, and how many steps have yet to add to it
        self.sums: dict[int, list[Quantity]] = {}
        self.waiting: dict[int, int] = {}

    def run(self) -> dict[Quantity, Quantity]:
        sums, waiting = self.sums, self.waiting
        if self.local is True:  # a graph's backward pass is seen to start with the number 1
            self._seed()
        between = self._steps_between()
        inner = {step.index for step, _ in between}
        for step, used in between:
            g = ONE if step is self.loss else self._gradient(step)
            if g is not None:
                formula = step.formula
                assert formula is not None
                form, leaves = formula.form, formula._leaves or formula.leaves
                if self.local and form.is_scalar and self._names_slopes(step):
                    self._name_slopes(step, g, used)
                else:
                    places = (g, step, *leaves)
                    for slot, shape, pick in pullbacks(form, g.form is ONE.form):
                        index = leaves[slot].index
                        if index in waiting:
                            part = Quantity(shape, pick(places))
                            if index in sums:
                                sums[index].append(part)
                            else:
                                sums[index] = [part]
            for leaf in used:
                waiting[leaf.index] -= 1
                # where the walk ends, a gradient is written down as soon as nothing more adds to it
                if leaf.index not in inner and not waiting[leaf.index]:
                    self._gradient(leaf)
        for entry in self.wrt:
            if entry not in self.gradients:
                raise NoDependence(
                    f"{self.loss.name} does not depend on {entry.name} in a way that has a slope; "
                    "wanted quantities that change it"
                )
        return self.gradients

    def _seed(self) -> None:
        name = f"d{self.loss.name}/d{self.loss.name}"
        if name not in self.d:
            say = "the result changes with itself one for one"
            self.d._append(Gradient, name, ONE, say).of = (self.loss, self.loss)

    def _steps_between(self) -> list[tuple[Entry, list[Leaf]]]:
        """The steps that lead from ``wrt`` to the loss, with what leads into each.

        They come in the order of the backward pass.
        """
        last = self.loss.index
        leads = {entry.index for entry in self.wrt}
        found = []
        for step in self.d.entries[min(leads, default=last) : last + 1]:
            formula = step.formula
            if formula is not None:
                used = [leaf for leaf in formula._leaves or formula.leaves if leaf.index in leads]
                if used:
                    leads.add(step.index)
                    found.append((step, used))
        found.reverse()
        waiting, distance = self.waiting, {last: 0}
        waiting[last] = 0
        between = []
        for pair in found:
            away = distance.get(pair[0].index)
            if away is not None:  # something on the way to the loss uses it
                between.append(pair)
                for leaf in pair[1]:
                    index = leaf.index
                    waiting[index] = waiting.get(index, 0) + 1
                    if distance.get(index, 0) <= away:
                        distance[index] = away + 1
        # layer by layer from the loss, and within a layer in the order of the forward pass
        between.sort(key=lambda pair: (distance[pair[0].index], pair[0].index))
        return between

    def _gradient(self, entry: Leaf) -> Quantity | None:
        """The gradient of the loss with respect to an entry, as a step of its own."""
        parts = self.sums.pop(entry.index, None)
        if parts is None:
            return None
        g = parts[0] if len(parts) == 1 else plus(*parts)
        if g.form is ONE.form or isinstance(g, Local):
            # the number 1 needs no line, nor does a local derivative that has one already
            self.gradients[entry] = g
            return g
        d = self.d
        name = self.names.get(entry.name) or f"d{self.loss.name}/d{entry.name}"
        known = d._by_name.get(name)
        of = (self.loss, entry)
        if known is None:
            known = d._append(Gradient, name, g, "")
            known.of = of
        elif not isinstance(known, Gradient) or known.of != of:
            # the same gradient of an earlier call is taken up again, another one is not
            raise DuplicateName(
                f"the gradient of {entry.name} would be called {name!r}, which is the name of a "
                "step; give it another by names="
            )
        self.gradients[entry] = known
        return known

    def _names_slopes(self, step: Entry) -> bool:
        return self.local is True or (self.local is not False and step.name in self.local)

    def _name_slopes(self, step: Entry, g: Quantity, used: list[Leaf]) -> None:
        """Pass on what flows from a step, its local derivatives being steps of their own."""
        formula = step.formula
        assert formula is not None
        places = (ONE, step, *formula.leaves)
        slopes: dict[Leaf, Quantity] = {}
        for slot, shape, pick in pullbacks(formula.form, True):
            leaf = formula.leaves[slot]
            if leaf in used:
                part = Quantity(shape, pick(places))
                slopes[leaf] = slopes[leaf] + part if leaf in slopes else part
        for leaf, slope in slopes.items():
            name = f"d{step.name}/d{leaf.name}"
            if name not in self.d:
                self.d._append(Local, name, slope, "")
            local = self.d[name]
            part = local if g.form is ONE.form else times(g, local)
            self.sums.setdefault(leaf.index, []).append(part)
