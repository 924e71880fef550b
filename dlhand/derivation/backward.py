"""The backward pass, derived from the forward steps.

It walks the steps from the loss to the givens. Each quantity gets one named step: its gradient,
as the sum over the later steps that use it of *their* gradient times the local derivative. The
form of each local derivative comes from the operations table, by `pullbacks`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
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
    last: Sequence[Entry],
) -> dict[Quantity, Quantity]:
    """Append the steps of the backward pass to ``d``; see `Derivation.backward`."""
    count = len(d.entries)
    try:
        return _Pass(d, loss, wrt, names, local, last).run()
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
        last: Sequence[Entry],
    ) -> None:
        if loss.shape != ():
            raise ShapeError(f"the loss {loss.name} has shape {loss.shape}; wanted a single number")
        self.d = d
        self.loss = loss
        self.wrt = wrt
        self.names = names
        self.local = local
        self.last = last
        self.gradients: dict[Quantity, Quantity] = {loss: ONE}
        # by position: what is to be added up; whether it leads from ``wrt`` to the loss; whether
        # the walk goes on from it; how many steps have yet to add to it
        count = loss.index + 1
        self.parts: dict[int, Quantity | list[Quantity]] = {}
        self.leads = bytearray(count)
        self.inner = bytearray(count)
        self.waiting = [0] * count

    def run(self) -> dict[Quantity, Quantity]:
        leads, inner, waiting, parts = self.leads, self.inner, self.waiting, self.parts
        if self.local is True:  # a graph's backward pass is seen to start with the number 1
            self._seed()
        kept_back = {entry.index for entry in self.last}
        for step in self._steps_between():
            form, leaves = step.rule, step.uses
            assert form is not None
            g = ONE if step is self.loss else self._gradient(step)
            if g is None:
                pass
            elif self.local and form.is_scalar and self._names_slopes(step):
                self._name_slopes(step, g)
            else:
                places = (g, step, *leaves)
                for slot, shape, pick in pullbacks(form, g.form is ONE.form):
                    index = leaves[slot].index
                    if leads[index]:
                        part = Quantity(shape, pick(places))
                        if index in parts:
                            self._add(index, part)
                        else:
                            parts[index] = part
            for leaf in leaves:
                index = leaf.index
                if leads[index]:
                    waiting[index] -= 1
                    # where the walk ends, a gradient is written down as soon as nothing adds to it
                    if not waiting[index] and not inner[index] and index not in kept_back:
                        self._gradient(leaf)
        for entry in self.last:
            self._gradient(entry)
        for entry in self.wrt:
            if entry not in self.gradients:
                raise NoDependence(
                    f"{self.loss.name} does not depend on {entry.name} in a way that has a slope; "
                    "wanted quantities that change it"
                )
        return self.gradients

    def _add(self, index: int, part: Quantity) -> None:
        known = self.parts[index]
        if isinstance(known, list):
            known.append(part)
        else:
            self.parts[index] = [known, part]

    def _seed(self) -> None:
        name = f"d{self.loss.name}/d{self.loss.name}"
        if name not in self.d:
            say = "the result changes with itself one for one"
            seed = self.d._append(Gradient, name, ONE, say)
            seed.loss = seed.wrt = self.loss

    def _steps_between(self) -> list[Entry]:
        """The steps that lead from ``wrt`` to the loss, in the order of the backward pass."""
        last, leads = self.loss.index, self.leads
        for entry in self.wrt:
            if entry.index <= last:
                leads[entry.index] = 1
        leading = []
        for step in self.d.entries[max(leads.find(1), 0) : last + 1]:
            for leaf in step.uses:
                if leads[leaf.index]:
                    leads[step.index] = 1
                    leading.append(step)
                    break
        leading.reverse()
        inner, waiting, distance = self.inner, self.waiting, [-1] * (last + 1)
        distance[last] = 0
        between = []
        for step in leading:
            away = distance[step.index] + 1
            if away:  # something on the way to the loss uses it
                between.append(step)
                inner[step.index] = 1
                for leaf in step.uses:
                    index = leaf.index
                    if leads[index]:
                        waiting[index] += 1
                        if distance[index] < away:
                            distance[index] = away
        # layer by layer from the loss, and within a layer in the order of the forward pass
        between.sort(key=lambda step: distance[step.index] * (last + 1) + step.index)
        return between

    def _gradient(self, entry: Leaf) -> Quantity | None:
        """The gradient of the loss with respect to an entry, as a step of its own."""
        g = self.parts.pop(entry.index, None)
        if g is None:
            return None
        if isinstance(g, list):
            g = plus(*g)
        if g.form is ONE.form or isinstance(g, Local):
            # the number 1 needs no line, nor does a local derivative that has one already
            self.gradients[entry] = g
            return g
        d = self.d
        name = self.names.get(entry.name) or f"d{self.loss.name}/d{entry.name}"
        known = d._by_name.get(name)
        if known is None:
            known = d._append(Gradient, name, g, "")
            known.loss, known.wrt = self.loss, entry
        elif (
            not isinstance(known, Gradient) or known.loss is not self.loss or known.wrt is not entry
        ):
            # the same gradient of an earlier call is taken up again, another one is not
            raise DuplicateName(
                f"the gradient of {entry.name} would be called {name!r}, which is the name of a "
                "step; give it another by names="
            )
        self.gradients[entry] = known
        return known

    def _names_slopes(self, step: Entry) -> bool:
        return self.local is True or (self.local is not False and step.name in self.local)

    def _name_slopes(self, step: Entry, g: Quantity) -> None:
        """Pass on what flows from a step, its local derivatives being steps of their own."""
        assert step.rule is not None
        places = (ONE, step, *step.uses)
        slopes: dict[Leaf, Quantity] = {}
        for slot, shape, pick in pullbacks(step.rule, True):
            leaf = step.uses[slot]
            if self.leads[leaf.index]:
                part = Quantity(shape, pick(places))
                slopes[leaf] = slopes[leaf] + part if leaf in slopes else part
        for leaf, slope in slopes.items():
            name = f"d{step.name}/d{leaf.name}"
            if name not in self.d:
                self.d._append(Local, name, slope, "")
            local = self.d[name]
            part = local if g.form is ONE.form else times(g, local)
            if leaf.index in self.parts:
                self._add(leaf.index, part)
            else:
                self.parts[leaf.index] = part
