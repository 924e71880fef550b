"""The backward pass, derived from the forward steps.

It walks the steps from the loss to the givens. Each quantity gets one named step: its gradient,
as the sum over the later steps that use it of *their* gradient times the local derivative. The
form of each local derivative comes from the operations table, by `pullbacks`.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence

from dlhand.derivation.entries import Entry, Gradient, Local
from dlhand.derivation.ledger import Ledger
from dlhand.errors import DlhandError, DuplicateName, NoDependence, ShapeError
from dlhand.operations.gradient import ONE, plus, pullbacks, times
from dlhand.operations.quantity import SLOT, Form, Leaf, Quantity


def backward(
    d: Ledger,
    loss: Entry,
    wrt: list[Entry],
    names: Mapping[str, str],
    local: bool | Container[str],
    last: Sequence[Entry],
    by_section: bool,
) -> dict[Quantity, Quantity]:
    """Append the steps of the backward pass to ``d``; see `Derivation.backward`."""
    count = len(d.entries)
    try:
        return _Pass(d, loss, wrt, names, local, last, by_section).run()
    except DlhandError:  # what is refused leaves nothing behind
        d._forget(count)
        raise


class _Pass:
    """One walk back from a loss."""

    def __init__(
        self,
        d: Ledger,
        loss: Entry,
        wrt: list[Entry],
        names: Mapping[str, str],
        local: bool | Container[str],
        last: Sequence[Entry],
        by_section: bool,
    ) -> None:
        if loss.shape != ():
            raise ShapeError(f"the loss {loss.name} has shape {loss.shape}; wanted a single number")
        self.d = d
        self.loss = loss
        self.wrt = wrt
        self.names = names
        self.local = local
        self.last = last
        self.by_section = by_section
        self.gradients: dict[Quantity, Quantity] = {loss: ONE}
        self.change = f"d{loss.name}/d"
        # by position: what is to be added up, its forms and its leaves; whether ``wrt`` leads there
        self.parts: dict[int, tuple[list[Form], list[Leaf]]] = {}
        self.leads = bytearray(loss.index + 1)

    def run(self) -> dict[Quantity, Quantity]:
        leads, parts = self.leads, self.parts
        if self.local is True:  # a graph's backward pass is seen to start with the number 1
            self._seed()
        between = self._steps_between()
        complete = self._completed_by(between)
        for step in between:
            form, uses = step.rule, step.uses
            assert form is not None
            g = ONE if step is self.loss else self._gradient(step)
            if g is None:
                pass
            elif self.local and form.is_scalar and self._names_slopes(step):
                self._name_slopes(step, g)
            else:
                places = (g, step, *uses)
                for slot, part, pick in pullbacks(form, g is ONE):
                    index = uses[slot].index
                    if leads[index]:
                        known = parts.get(index)
                        if known is None:
                            parts[index] = [part], [*pick(places)]
                        else:
                            known[0].append(part)
                            known[1].extend(pick(places))
            for leaf in complete.get(step, ()):
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
        forms, leaves = self.parts.setdefault(index, ([], []))
        forms.append(part.form)
        leaves.extend(part.leaves)

    def _seed(self) -> None:
        name = f"d{self.loss.name}/d{self.loss.name}"
        if name not in self.d:
            say = "the result changes with itself one for one"
            seed = self.d._append(Gradient, name, ONE.form, (), say)
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
        count, distance = last + 1, [-1] * (last + 1)
        distance[last] = 0
        between, section, passed = [], None, 0
        for step in reversed(leading):
            away = distance[step.index] + 1
            if away:  # something on the way to the loss uses it
                if self.by_section and step.section is not section:
                    section = step.section
                    passed += count + 1  # more than any distance, so that sections come first
                # layer by layer from the loss, and within a layer in the order of the forward pass
                between.append((passed + away) * count + step.index)
                for leaf in step.uses:
                    if distance[leaf.index] < away:
                        distance[leaf.index] = away
        between.sort()
        return [self.d.entries[key % count] for key in between]

    def _completed_by(self, between: list[Entry]) -> dict[Entry, list[Leaf]]:
        """For each step the quantities, where the walk ends, to which it is the last one to add.

        Their gradients are written down as soon as nothing adds to them; ``last`` is kept back.
        """
        open_ends = {entry for entry in self.wrt if entry.index <= self.loss.index}
        open_ends.difference_update(between, self.last)
        found: dict[Entry, list[Leaf]] = {}
        for step in reversed(between):
            if not open_ends.isdisjoint(step.uses):
                found[step] = [leaf for leaf in dict.fromkeys(step.uses) if leaf in open_ends]
                open_ends.difference_update(step.uses)
        return found

    def _gradient(self, entry: Leaf) -> Quantity | None:
        """The gradient of the loss with respect to an entry, as a step of its own."""
        parts = self.parts.pop(entry.index, None)
        if parts is None:
            return None
        forms, leaves = parts
        form = forms[0] if len(forms) == 1 else plus(tuple(forms))
        if form is ONE.form:  # the number 1 needs no line
            self.gradients[entry] = ONE
            return ONE
        if form.op is SLOT and isinstance(leaves[0], Local):  # it has a line already
            self.gradients[entry] = leaves[0]
            return leaves[0]
        name = self.names.get(entry.name) or self.change + entry.name
        known = self.d._by_name.get(name)
        if known is None:
            known = self.d._append(Gradient, name, form, tuple(leaves), "")
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
                self.d._append(Local, name, slope.form, slope.leaves, "")
            local = self.d[name]
            self._add(leaf.index, local if g is ONE else times(g, local))
