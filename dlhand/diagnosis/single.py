"""All single slips on the way to a step, each with the value that it gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.derivation.entries import Given
from dlhand.diagnosis.downstream import FAILS, Downstream, flat
from dlhand.diagnosis.misread import Misread, misread, rounded_early
from dlhand.diagnosis.nearby import Nearby
from dlhand.numbers.digits import DEFAULT_DIGITS, round_significant
from dlhand.operations.quantity import Form, Leaf, Quantity
from dlhand.operations.slips import RARE, SELDOM, USUAL, rewritings

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.evaluate import Evaluation
    from dlhand.derivation.model import Derivation
    from dlhand.numbers.exact import Shape

FURTHER, MOST_FURTHER = 0.5, 3.0
"""What each step between adds to the cost of a slip, and the most."""
BEFORE = 0.5
"""What is added for a slip that did not happen at the step itself."""
MOST_EFFORT = 70_000
"""So many products are worked out for the single slips on the way to a step."""
NEAR = 1
"""So many steps away a number may be misread in one place, and used rightly in others."""
MOST_ENTRIES = 16
"""In arrays with more entries none is misread: there would be too many to think of."""


class Number(Leaf):
    """A number that stands in a formula for a quantity of which it was misread."""

    __slots__ = ("exact", "floats")

    index = -1

    def __init__(self, leaf: Leaf, exact: Any) -> None:
        super().__init__(leaf.shape)
        self.exact = exact
        self.floats = tuple(map(float, exact)) if leaf.shape else float(exact)


class Change(NamedTuple):
    """What a slip changes: an entry has another formula, or is another number."""

    where: Entry
    form: Form | None
    leaves: tuple[Leaf, ...]
    exact: Any = None


class Slipped(NamedTuple):
    """One slip, where it happened, and what the step asked for becomes by it.

    Attributes:
        name: what the slip is called, such as "term left out"
        where: the given or step at which it happened
        value: the wrong value of the step asked for, as floats in flat order
        shape: that of the value; another than the step's where a matrix was transposed, say
        cost: how plain it is, from 1 on; what happened further back costs more
        say: how "This is what you get …" goes on, with {was}, {now} and {part} in it
        terms: the formulas that stand for these
        change: what is exchanged, from which proven digits follow
    """

    name: str
    where: Entry
    value: tuple[float, ...]
    shape: Shape
    cost: float
    say: str
    terms: tuple[Quantity | None, Quantity | None, Quantity | None]
    change: Change


class Local(NamedTuple):
    """A slip at an entry, and the value of that entry."""

    name: str
    cost: float
    say: str
    terms: tuple[Any, Any, Any]
    change: Change
    value: Any
    shape: Shape


def single_slips(d: Derivation, step: Entry | str, *, carried: bool = True) -> Iterator[Slipped]:
    """Every single slip that leads to a wrong value of a step, those at the step itself first.

    A slip is a rewriting of the formula of the step or of one before it (see
    `dlhand.operations.slips`), another quantity used for one in it, or a number misread, shifted or
    rounded early. Slips before the step are carried down to it; with ``carried`` False they are
    left out. What changes nothing, or leaves the step without a value, does not come. Two slips may
    give the same value: they cannot be told apart then.

    The values are floats (relative errors of about 1e-14), which is enough to see whether two slips
    share shown digits; `dlhand.diagnosis.proven.proven` has the proven digits of one, and
    `dlhand.diagnosis.words.sentence` its sentence. Raises `UnknownName` for a name that is no step,
    `UndefinedValue` where the step has no value itself.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("An error")
    >>> o, t = d.givens(o="0.75", t=1)
    >>> E = d.step("E", (o - t) ** 2 / 2)
    >>> for one in list(single_slips(d, "E", carried=False))[:4]:
    ...     print(one.name, one.where, *one.value)
    divisor left out <E> 0.0625
    divisor twice, or multiplied by <E> 0.015625
    divisor twice, or multiplied by <E> 0.125
    quotient turned over <E> 32.0
    """
    target = d[step]
    return Singles(d, d.evaluation, target).run(carried)


class Singles:
    """The search for what can go wrong on the way to one step."""

    def __init__(
        self, d: Derivation, evaluation: Evaluation, target: Entry, nearby: Nearby | None = None
    ) -> None:
        self.d = d
        self.evaluation = evaluation
        self.target = target
        self.nearby = nearby or Nearby(d)
        self.down = Downstream(evaluation, target)
        self.true = flat(self.down.value(target.index))
        self._read: dict[tuple[int, float], list[tuple[Misread, Any]]] = {}

    @cached_property
    def known(self) -> list[Slipped]:
        """All of them, as far as the effort goes, which is counted and not timed."""
        return list(self.run())

    def run(self, carried: bool = True) -> Iterator[Slipped]:
        """The slips with their values, those at the step itself first, then what is nearest."""
        for entry in self.places() if carried else [self.target]:
            for local in self.at(entry):
                if self.down.effort > MOST_EFFORT:
                    return
                found = self.carry(entry, local)
                if found is not None:
                    yield found

    def places(self) -> list[Entry]:
        """Where slips are looked for: the step, and what it is computed from, the nearest first."""
        hops = self.down.hops
        places = [entry for entry in self.down.ancestors if entry.index not in self.down.outside]
        return sorted(places, key=lambda entry: (hops[entry.index], -entry.index))

    def further(self, entry: Entry) -> float:
        """What the cost of a slip grows by for the way from where it happened."""
        hops = self.down.hops[entry.index]
        return min(BEFORE + FURTHER * hops, MOST_FURTHER) if hops else 0.0

    def carry(self, entry: Entry, local: Local) -> Slipped | None:
        """A slip with the value of the step asked for; None where that is the true one, or none."""
        if entry is self.target:
            value: Any = local.value
        else:
            changed = self.down.carried(entry.index, local.value, self.down.values)
            if changed is None:
                return None
            value = changed[self.target.index]
        value = flat(value)
        if not all(map(isfinite, value)) or (
            local.shape == entry.shape and _is_same(value, self.true)
        ):
            return None
        shape = local.shape if entry is self.target else self.target.shape
        return Slipped(
            local.name, entry, value, shape, local.cost + self.further(entry), local.say,
            local.terms, local.change,
        )  # fmt: skip

    # ---- What can go wrong at one entry

    def at(self, entry: Entry) -> Iterator[Local]:
        """The slips at an entry that change its value."""
        true = flat(self.down.value(entry.index))
        for local in self._at(entry):
            if local.shape != entry.shape:
                if entry is self.target:
                    yield local
            elif not _is_same(flat(local.value), true):
                yield local

    def _at(self, entry: Entry) -> Iterator[Local]:
        if entry.rule is not None and entry.index not in self.evaluation.fixed:
            yield from self._rewritten(entry)
            yield from self._replaced(entry)
            if self.down.hops[entry.index] <= NEAR:
                yield from self._put_in(entry)
        if entry is not self.target:
            yield from self._noted(entry)

    def _rewritten(self, entry: Entry) -> Iterator[Local]:
        assert entry.rule is not None
        for one in rewritings(entry.rule):
            form, pick = one.whole
            leaves = pick(entry.uses)
            value = self._evaluated(form, leaves)
            if value is not None:
                slip = one.slip
                part = None if one.part is None else one.filled(one.part, entry.uses)
                terms = one.filled(one.was, entry.uses), one.filled(one.now, entry.uses), part
                change = Change(entry, form, leaves)
                yield Local(slip.name, slip.cost, slip.say, terms, change, value, form.shape)

    def _replaced(self, entry: Entry) -> Iterator[Local]:
        """Another quantity used for one of the formula, wherever that stands in it."""
        assert entry.rule is not None
        entries = self.d.entries
        for leaf in dict.fromkeys(entry.uses):
            for other in self.nearby.others(entry, entries[leaf.index], entry is self.target):
                leaves = tuple([other.entry if one is leaf else one for one in entry.uses])
                value = self._evaluated(entry.rule, leaves)
                if value is not None:
                    yield Local(
                        other.name, other.cost, "with {now} for {was}", (leaf, other.entry, None),
                        Change(entry, entry.rule, leaves), value, entry.shape,
                    )  # fmt: skip

    def _put_in(self, entry: Entry) -> Iterator[Local]:
        """A number misread, or rounded, when it was put into the formula."""
        assert entry.rule is not None
        for leaf in dict.fromkeys(entry.uses):
            for slip, exact in self._misread(self.d.entries[leaf.index], entry is self.target):
                number = Number(leaf, exact)
                leaves = tuple([number if one is leaf else one for one in entry.uses])
                value = self._evaluated(entry.rule, leaves)
                if value is not None:
                    yield Local(
                        slip.name, slip.cost, slip.say, (leaf, None, None),
                        Change(entry, entry.rule, leaves), value, entry.shape,
                    )  # fmt: skip

    def _noted(self, entry: Entry) -> Iterator[Local]:
        """A given copied wrongly, or a result written down wrongly, wherever it is used then."""
        users = self.down.users.get(entry.index, ())
        is_near = any(self.down.hops[k] <= NEAR for k in users)
        if len(users) == 1 and is_near:  # it is misread in the one place where it is used
            return
        for slip, exact in self._misread(entry, entry is self.target):
            value = tuple(map(float, exact)) if entry.shape else float(exact)
            yield Local(
                slip.name, slip.cost, slip.say, (entry, None, None),
                Change(entry, None, (), exact), value, entry.shape,
            )  # fmt: skip

    def _misread(self, entry: Entry, is_near: bool) -> list[tuple[Misread, Any]]:
        """What a quantity may be taken for: one of its entries after the other.

        Digits of any kind are misread in the result itself; those that look alike, in the step and
        in givens before it.
        """
        is_given = isinstance(entry, Given)
        most = RARE if entry is self.target else SELDOM if is_near or is_given else USUAL
        key = entry.index, most
        found = self._read.get(key)
        if found is None:
            found = self._read[key] = list(self._readings(entry, most))
        return found

    def _readings(self, entry: Entry, most: float) -> Iterator[tuple[Misread, Any]]:
        position, is_given = entry.index, isinstance(entry, Given)
        exact = self.evaluation.exact(position)
        floats = flat(self.down.value(position))
        if len(floats) > MOST_ENTRIES or not all(map(isfinite, floats)):
            return
        known = exact if entry.shape and exact is not None else (exact,) * len(floats)
        numbers = [Fraction(v) if q is None else q for q, v in zip(known, floats, strict=True)]
        for k, number in enumerate(numbers):
            written = None if is_given or not number else round_significant(number, DEFAULT_DIGITS)
            for slip in misread(number, written, most):
                yield slip, _with(numbers, k, slip.value, entry.shape)
        if not is_given and entry is not self.target:
            yield from self._rounded(numbers, entry.shape)

    def _rounded(self, numbers: Sequence[Fraction], shape: Shape) -> Iterator[tuple[Misread, Any]]:
        """A whole array rounded alike."""
        if not shape:
            yield from ((slip, slip.value) for slip in rounded_early(numbers[0]))
            return
        ways = [{slip.say: slip.value for slip in rounded_early(q)} for q in numbers]
        for slip in rounded_early(max(numbers, key=abs)):
            yield slip, tuple([w.get(slip.say, q) for w, q in zip(ways, numbers, strict=True)])

    def _evaluated(self, form: Form, leaves: Sequence[Leaf]) -> Any:
        try:
            return self.down.evaluate(form, leaves, self.down.values)
        except FAILS:
            return None


def _with(numbers: Sequence[Fraction], k: int, value: Fraction, shape: Shape) -> Any:
    return (*numbers[:k], value, *numbers[k + 1 :]) if shape else value


def _is_same(a: Sequence[float], b: Sequence[float]) -> bool:
    if len(a) != len(b):
        return False
    for x, y in zip(a, b, strict=True):  # noqa: SIM110 -- in less time than all(...)
        if abs(x - y) > 1e-11 * max(abs(x), abs(y)):
            return False
    return True


__all__ = ["Change", "Local", "Number", "Singles", "Slipped", "single_slips"]
