"""What a picture of a derivation shows: its forward steps, and the gradient of each quantity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from typing import NamedTuple, TypeVar

from dlhand.derivation.entries import Entry, Gradient, Local
from dlhand.derivation.model import Derivation
from dlhand.derivation.walk import ancestors
from dlhand.numbers.digits import Digits
from dlhand.operations.gradient import ONE, pullbacks
from dlhand.operations.quantity import Leaf
from dlhand.pictures.canvas import Now
from dlhand.render import text
from dlhand.render.parts import say
from dlhand.render.picture import Moment

Part = TypeVar("Part")


def now(d: Derivation, current: str | None, so_far: bool) -> Now:
    """The moment of a step, or none; with ``so_far``, later steps are still to come.

    Raises `UnknownName` for a name that does not exist.
    """
    if current is None:
        return Now()
    entry = d[current]
    later = [step.name for step in d.steps if step.index > entry.index] if so_far else []
    return Now(frozenset([entry.name]), frozenset(later))


def moments(d: Derivation, steps: Collection[Entry], digits: Digits) -> Iterator[Moment]:
    """Steps as the moments of a picture, in the order of the derivation."""
    for entry in d.steps:
        if entry in steps:
            yield Moment(entry.name, say(d, entry), text.line(d, entry, digits=digits))


def leaves(entry: Entry) -> tuple[Leaf, ...]:
    """What the formula of an entry uses, each once, in order; nothing for a given."""
    return tuple(dict.fromkeys(entry.uses))


def forward(d: Derivation, loss: Entry | None) -> list[Entry]:
    """The entries that lead to a loss; without one, all steps before any gradient."""
    if loss is not None:
        return ancestors(d.entries, loss.index)
    late = _after_gradients(d)
    steps = [e for e in d.entries if e.kind == "step" and e.index not in late]  # type: ignore[attr-defined]
    return with_sources(d, steps)


def with_sources(d: Derivation, steps: Iterable[Entry]) -> list[Entry]:
    """Some steps with what they use, in the order of the derivation."""
    found = set()
    for step in steps:
        found |= {step.index, *[leaf.index for leaf in leaves(step)]}
    return [d.entries[k] for k in sorted(found)]


def the_loss(d: Derivation, name: str | None) -> Entry | None:
    """The loss of a backward pass; if none is named, the last whose own way needs no gradient."""
    if name is not None:
        return d[name]
    late = _after_gradients(d)
    losses = [d[e.loss] for e in d.entries if isinstance(e, Gradient)]
    return next((loss for loss in reversed(losses) if loss.index not in late), None)


def _after_gradients(d: Derivation) -> set[int]:
    """The entries that are, or follow from, gradients."""
    late: set[int] = set()
    for entry in d.entries:
        if isinstance(entry, (Gradient, Local)) or any(k.index in late for k in leaves(entry)):
            late.add(entry.index)
    return late


def about(d: Derivation, drawn: Mapping[Entry, Set[Part]]) -> dict[Entry, Set[Part]]:
    """The parts of a picture that each entry is about, where there are any.

    Of what is ``drawn`` the parts are known. A gradient is about the parts of its quantity; every
    other step, such as an error, a local slope or an update, about those of what it comes from.
    """
    found = dict(drawn)
    for step in d.steps:
        if step in found:
            continue
        if isinstance(step, Gradient) and d[step.wrt] in found:
            found[step] = found[d[step.wrt]]
        else:
            found[step] = frozenset().union(*(found.get(d[leaf], ()) for leaf in leaves(step)))
    return found


def slope(d: Derivation, user: Entry, entry: Entry) -> Local | None:
    """The local derivative of a step with respect to what it uses, where it has a name."""
    name = f"d{user.name}/d{entry.name}"
    found = d[name] if name in d else None  # noqa: SIM401 (a derivation is no dictionary)
    return found if isinstance(found, Local) else None


class Gradients(NamedTuple):
    """The gradients of a loss, by the position of the quantity."""

    steps: Mapping[int, Entry]
    ones: frozenset[int]
    """Quantities whose gradient is 1, which has no step."""


def gradients(d: Derivation, loss: Entry | None) -> Gradients:
    """The gradients that a derivation has of a loss.

    Where the gradient of a quantity is a local derivative that has a line already, it has no step
    of its own; that of the local derivative serves for it.
    """
    steps: dict[int, Entry] = {
        d[entry.wrt].index: entry
        for entry in d.entries
        if isinstance(entry, Gradient) and entry.loss is loss
    }
    ones: set[int] = set()
    if loss is None or not steps:
        return Gradients(steps, frozenset())
    shown = forward(d, loss)
    users: dict[int, list[Entry]] = {entry.index: [] for entry in shown}
    leads = set(steps)
    for entry in shown:
        used = [leaf.index for leaf in leaves(entry)]
        leads.update(k for k in used if slope(d, entry, d.entries[k]) is not None)
        if any(k in leads for k in used):
            leads.add(entry.index)
        for k in used:
            users[k].append(entry)
    for entry in reversed(shown):
        k = entry.index
        if k in steps or k not in leads:
            continue
        if entry is loss:
            ones.add(k)
        elif len(users[k]) == 1 and _has_gradient_one(d, users[k][0], steps, ones):
            local = slope(d, users[k][0], entry)
            if local is not None:
                steps[k] = local
            elif _slope_is_one(users[k][0], entry):
                ones.add(k)
    return Gradients(steps, frozenset(ones))


def _has_gradient_one(
    d: Derivation, entry: Entry, steps: Mapping[int, Entry], ones: set[int]
) -> bool:
    """Whether the gradient of a step is 1 by its form: that of the loss itself, say."""
    known = steps.get(entry.index)
    if known is None:
        return entry.index in ones
    return known.formula is not None and known.formula.form is ONE.form


def _slope_is_one(user: Entry, entry: Entry) -> bool:
    """Whether a step changes one for one with what it uses."""
    assert user.formula is not None
    slopes = [
        form
        for slot, form, _ in pullbacks(user.formula.form, True)
        if user.formula.leaves[slot] is entry
    ]
    return len(slopes) == 1 and slopes[0] is ONE.form
