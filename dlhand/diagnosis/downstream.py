"""A step in floating point, when something before it is changed: only what lies between is redone.

Digits are proven later, and only for what comes near an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isqrt
from typing import TYPE_CHECKING, Any

from dlhand.numbers.arithmetic import NotYetKnown
from dlhand.numbers.floats import NAMESPACE, Floats, FloatSource
from dlhand.operations.quantity import CONSTANT, SLOT
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.evaluate import Evaluation
    from dlhand.operations.quantity import Form

_FLOATS = Floats()
MOST_COMPILED = 60
"""A formula over more numbers is evaluated as it stands; compiling it takes longer."""
MOST_WAY = 300
"""About so many quantities before a step are looked at; those further away stay as they are."""
OFTEN = 12
"""A formula is compiled when it has been evaluated so often."""
FAILS = (ArithmeticError, ValueError)
"""What floats raise where a step has no value."""

Values = list[Any]
"""By position the value of each entry: a float, or the flat tuple of an array's; None unknown."""
Link = tuple[int, "Form", tuple[int, ...]]
"""A step that is done again: its position, its formula, and the positions of what that uses."""


class Downstream:
    """The ancestors of a step, with their values as floats, and what lies between each and it.

    ``effort`` counts about how many products were worked out, so that it is the same on every
    machine.
    """

    def __init__(self, evaluation: Evaluation, target: Entry) -> None:
        self.entries: Sequence[Entry] = evaluation.entries
        self.target = target
        self.effort = 0
        self.values: Values = [None] * len(evaluation.entries)
        self._evaluation = evaluation
        self._fixed = evaluation.fixed
        self.hops = self._walk(target)
        self.ancestors = [self.entries[k] for k in sorted(self.hops)]
        self.outside = self._used_outside()
        self.users: dict[int, list[int]] = {}
        """By position of what is used, the positions of those ancestors that use it."""
        for entry in self.ancestors:
            for k in {leaf.index for leaf in entry.uses}:
                self.users.setdefault(k, []).append(entry.index)
        for entry in self.ancestors:
            self.value(entry.index)
        self._rests_on = self._dependences()
        self._links: dict[int, list[Link]] = {}
        self._costs: dict[int, int] = {}

    def _walk(self, target: Entry) -> dict[int, int]:
        """How many steps away from the target each ancestor is; the target itself is 0 away."""
        hops, layer = {target.index: 0}, [target]
        while layer and len(hops) < MOST_WAY:
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

    def _used_outside(self) -> set[int]:
        """What is used by steps too far away to be looked at: to change it would change these."""
        if len(self.hops) < MOST_WAY:
            return set()
        before = self.entries[: self.target.index]
        far = [entry for entry in before if entry.index not in self.hops]
        return {leaf.index for entry in far for leaf in entry.uses}

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
        known = self.values[position]
        if known is None:
            ball = self._evaluation.ball(position)
            known = tuple([v for v, _ in ball]) if self.entries[position].shape else ball[0]
            self.values[position] = known
        return known

    def links(self, position: int) -> list[Link]:
        """What rests on an entry, up to the target and with it, in order."""
        found = self._links.get(position)
        if found is None:
            rests = self._rests_on
            found = self._links[position] = [
                (entry.index, entry.rule, tuple([leaf.index for leaf in entry.uses]))
                for entry in self.ancestors
                if entry.index > position
                and rests[entry.index] >> position & 1
                and entry.rule is not None
            ]
            self._costs[position] = sum(products(form) for _, form, _ in found)
        return found

    def evaluate(self, form: Form, leaves: Sequence[Any], values: Values) -> Any:
        """The value of a formula over entries, or numbers that bear their own.

        Raises one of `FAILS` where it has none.
        """
        cache = form.cache
        self.effort += cache.get("products") or products(form)
        slots = []
        for leaf in leaves:
            k = leaf.index
            own = values[k] if k >= 0 else leaf.floats
            slots.append(self.value(k) if own is None else own)
        run = cache.get("floats") or _tried(form)
        return run(*slots)

    def carried(self, position: int, own: Any, values: Values) -> Values | None:
        """All values when one has changed; None where a step then has no value."""
        values = values.copy()
        values[position] = own
        links = self.links(position)
        self.effort += self._costs[position]
        try:
            for k, form, uses in links:
                run = form.cache.get("floats")
                if run is None:
                    run = _tried(form)
                values[k] = run(*[values[n] for n in uses])
        except FAILS:
            return None
        return values


def _tried(form: Form) -> Callable[..., Any]:
    """A formula as a function of floats; it is compiled after some time."""
    times = form.cache["tried"] = form.cache.get("tried", 0) + 1
    if times > OFTEN:
        form.cache["floats"] = _compiled(form)
    return lambda *slots: form.run(_FLOATS, slots)


def _compiled(form: Form) -> Callable[..., Any]:
    if form.arity <= MOST_COMPILED and _numbers(form) <= MOST_COMPILED:
        lines: list[str] = []
        slots = _parameters(form)
        names = [f"a{k}" for k in range(form.arity)]
        for name, slot in zip(names, slots, strict=True):
            if slot.__class__ is tuple:
                lines.append(f"{', '.join(slot)}, = {name}")
        try:
            result = form.run(FloatSource(lines), slots)
        except NotYetKnown:  # which entries a mask leaves out, say
            result = None
        if result is not None:
            text = f"({', '.join(result)},)" if result.__class__ is tuple else result
            source = "\n    ".join([f"def f({', '.join(names)}):", *lines, f"return {text}"])
            scope: dict[str, Any] = dict(NAMESPACE)
            exec(compile(source, "<formula>", "exec"), scope)
            return scope["f"]  # type: ignore[no-any-return]
    return lambda *slots: form.run(_FLOATS, slots)


def _numbers(form: Form) -> int:
    """How many numbers there are in all parts of a formula."""
    return size(form.shape) + sum(map(_numbers, form.args))


def _parameters(form: Form) -> list[Any]:
    """A variable for each slot of a form, those of an array in a tuple."""
    shapes = _slot_shapes(form)
    return [
        tuple([f"a{k}_{n}" for n in range(size(shape))]) if shape else f"a{k}"
        for k, shape in enumerate(shapes)
    ]


def _slot_shapes(form: Form) -> list[Any]:
    if form.as_leaf is form:
        return [form.shape]
    return [shape for arg in form.args for shape in _slot_shapes(arg)]


def products(form: Form) -> int:
    """About how many products a formula has: those of a matrix product, one for any other number.

    With m × k and k × n entries it is the root of mk · kn · mn.
    """
    known = form.cache.get("products")
    if known is None:
        known = 0
        if form.op is not SLOT and form.op is not CONSTANT:
            sizes = [size(arg.shape) for arg in form.args]
            own, out = max(sizes, default=0), size(form.shape)
            if len(sizes) == 2 and not form.op.elementwise:
                own = isqrt(sizes[0] * sizes[1] * out)
            known = max(own, out) + sum(map(products, form.args))
        form.cache["products"] = known
    return int(known)


def flat(value: Any) -> tuple[float, ...]:
    """A value as a flat tuple, that of a single number too."""
    return value if value.__class__ is tuple else (value,)
