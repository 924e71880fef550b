"""A step in floating point, when something before it is changed: only what lies between is redone.

Digits are proven later, and only for what comes near an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dlhand.numbers.floats import NAMESPACE, Floats, FloatSource
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.evaluate import Evaluation
    from dlhand.operations.quantity import Form

_FLOATS = Floats()
MOST_COMPILED = 40
"""A formula over more quantities is evaluated as it stands; compiling it takes longer."""
FAILS = (ArithmeticError, ValueError)
"""What floats raise where a step has no value."""


class Downstream:
    """The ancestors of a step, with their values as floats, and what lies between each and it.

    ``effort`` counts the formulas that have been evaluated.
    """

    def __init__(self, evaluation: Evaluation, target: Entry) -> None:
        self.entries: Sequence[Entry] = evaluation.entries
        self.target = target
        self.effort = 0
        self._fixed = evaluation.fixed
        self.hops = self._walk(target)
        self.ancestors = [self.entries[k] for k in sorted(self.hops)]
        self._evaluation = evaluation
        self._values: dict[int, Any] = {}
        self._rests_on = self._dependences()
        self._between: dict[int, list[Entry]] = {}

    def _walk(self, target: Entry) -> dict[int, int]:
        """How many steps away from the target each ancestor is; the target itself is 0 away."""
        hops, layer = {target.index: 0}, [target]
        while layer:
            found = []
            for entry in layer:
                if entry is not target and entry.index in self._fixed:
                    continue
                for leaf in entry.uses:
                    if leaf.index not in hops:
                        hops[leaf.index] = hops[entry.index] + 1
                        found.append(self.entries[leaf.index])
            layer = found
        return hops

    def _dependences(self) -> dict[int, int]:
        """For each ancestor, as bits, the ancestors that it rests on, itself one of them."""
        found: dict[int, int] = {}
        for entry in self.ancestors:
            bits = 1 << entry.index
            if entry.index not in self._fixed:
                for leaf in entry.uses:
                    bits |= found.get(leaf.index, 0)
            found[entry.index] = bits
        return found

    def value(self, position: int) -> Any:
        """The value of an entry: a float, or the flat tuple of an array."""
        known = self._values.get(position)
        if known is None:
            ball = self._evaluation.ball(position)
            known = tuple([v for v, _ in ball]) if self.entries[position].shape else ball[0]
            self._values[position] = known
        return known

    def between(self, position: int) -> list[Entry]:
        """What rests on an entry, up to the target and with it, in order."""
        found = self._between.get(position)
        if found is None:
            rests = self._rests_on
            found = [
                entry
                for entry in self.ancestors
                if entry.index > position and rests[entry.index] >> position & 1
            ]
            self._between[position] = found
        return found

    def evaluate(self, form: Form, leaves: Sequence[Any], changed: Mapping[int, Any]) -> Any:
        """The value of a formula over entries (or numbers that bear their own), some changed."""
        self.effort += 1
        slots = []
        for leaf in leaves:
            own = getattr(leaf, "floats", None)
            if own is None:
                own = changed.get(leaf.index)
                if own is None:
                    own = self.value(leaf.index)
            slots.append(own)
        return form.run(_FLOATS, slots)

    def carried(self, changed: dict[int, Any], start: int) -> dict[int, Any] | None:
        """All that changes with an entry, the target one of it; None where a step has no value."""
        value = self.value
        try:
            for entry in self.between(start):
                if entry.index in changed:
                    continue
                assert entry.rule is not None
                slots = []
                for leaf in entry.uses:
                    own = changed.get(leaf.index)
                    slots.append(value(leaf.index) if own is None else own)
                changed[entry.index] = function(entry.rule)(*slots)
                self.effort += 1
        except FAILS:
            return None
        return changed


def function(form: Form) -> Callable[..., Any]:
    """A formula as a function of floats, compiled when it is of single numbers."""
    found = form.cache.get("floats")
    if found is None:
        found = form.cache["floats"] = _compiled(form)
    return found


def _compiled(form: Form) -> Callable[..., Any]:
    if form.arity > MOST_COMPILED or not form.is_scalar:
        return lambda *slots: form.run(_FLOATS, slots)
    names = [f"a{k}" for k in range(form.arity)]
    lines: list[str] = []
    result = form.run(FloatSource(lines), names)
    source = "\n    ".join([f"def f({', '.join(names)}):", *lines, f"return {result}"])
    scope: dict[str, Any] = dict(NAMESPACE)
    exec(compile(source, "<formula>", "exec"), scope)
    return scope["f"]  # type: ignore[no-any-return]


def flat(value: Any) -> tuple[float, ...]:
    """A value as a flat tuple, that of a single number too."""
    return value if value.__class__ is tuple else (value,)


__all__ = ["Downstream", "flat", "function", "size"]
