"""The search for what an answer comes from: single slips, then pairs; and how sure that is.

All single slips are worked out in floating point. Those that come near the answer are proven: the
steps are evaluated once more with the slip in them, and the digits compared. Of those that give the
answer the plainest is told.

How sure is that? A search that knows many slips explains any number. So the chance of a coincidence
is worked out: of all values that slips as plain as this one lead to, so many lie around the answer,
and each covers one unit in the last place. If a number that is taken at random there is explained
as well with a chance of more than `MOST_CHANCE`, the explanation is not sure, and no more than
possible; the more digits an answer has, the surer it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from math import inf, prod, trunc
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.diagnosis.downstream import FAILS, Downstream, flat
from dlhand.diagnosis.pairs import own_value, pairs
from dlhand.diagnosis.proven import proven
from dlhand.diagnosis.single import Change, Singles, Slipped
from dlhand.diagnosis.sought import Sought
from dlhand.diagnosis.words import as_sentence, clause
from dlhand.diagnosis.written import written
from dlhand.errors import DlhandError
from dlhand.numbers.printed import TRUNCATED, UNEXPLAINED

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.evaluate import Evaluation
    from dlhand.derivation.model import Derivation

MOST_CHANCE = 0.02
"""Above this chance of a coincidence an explanation is possible, but not sure."""
FOR_PAIRS = 0.1
"""For two slips that bound is lower by this factor: they are less often what happened."""
NEAR = 0.1
"""As a part of the true value, how far off wrong numbers are that are near it."""
CLOSE = 9.5
"""So many units in the last place away from the truth, nothing tells a slip from poor rounding."""
PARTLY = 1.0
"""What it costs that only some entries of an array come from a slip."""
CUT_OFF = 0.5
"""What it costs that the number was cut off and not rounded."""
ANOTHER = 1.0
"""What it is worth that a slip explains another answer as well."""
ALIKE = 0.5
"""Two slips whose costs differ by less cannot be told apart, if both give the answer."""
MOST_FOR_PAIRS = 100_000
"""So much effort is made for pairs of slips, in products worked out."""
MOST_HITS, MOST_PROVEN = 8, 1_000
"""So many of those that come near an answer are proven; fewer, or none, where a step is far on."""


class Explanation(NamedTuple):
    """A slip, or two, by which one gets the answer.

    Attributes:
        slips: what happened, each with where it did (`Slipped.where`)
        clause: the same in words, "when it is not divided by 2"; it tells no digit of the value
        value: what one gets with all digits, as floats in flat order
        cost: how plain it is: lower is plainer
        chance: that a number taken at random near the answer is explained as plainly
        also: the names of other steps whose answers, or printed values, it explains as well
    """

    slips: tuple[Slipped, ...]
    clause: str
    value: tuple[float, ...]
    cost: float
    chance: float
    also: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The same for a learner."""
        return as_sentence(self.clause)

    @property
    def where(self) -> Entry:
        """The given or step at which the (first) slip happened."""
        return self.slips[0].where

    @property
    def names(self) -> tuple[str, ...]:
        """What the slips are called."""
        return tuple([one.name for one in self.slips])

    @property
    def is_sure(self) -> bool:
        """Whether a coincidence is so unlikely that it may be told as what happened."""
        return self.chance <= MOST_CHANCE * FOR_PAIRS ** (len(self.slips) - 1)


class Diagnosis(NamedTuple):
    """What an answer comes from.

    Attributes:
        step: the name of the step that is answered
        is_right: whether nothing is to be explained
        explanations: what gives the answer, the likeliest first; may be empty
    """

    step: str
    is_right: bool
    explanations: tuple[Explanation, ...]

    @property
    def best(self) -> Explanation | None:
        """The explanation that may be told as what happened; None where none is sure."""
        first = self.explanations[0] if self.explanations else None
        return first if first is not None and first.is_sure else None

    @property
    def alike(self) -> tuple[Explanation, ...]:
        """Those that the answer cannot tell from the first: as plain, and with its digits."""
        if not self.explanations:
            return ()
        least = self.explanations[0].cost
        return tuple([one for one in self.explanations[1:] if one.cost < least + ALIKE])

    def __str__(self) -> str:
        if self.is_right:
            return "The answer is right."
        if not self.explanations:
            return "No slip that we know of explains this answer."
        first = self.explanations[0]
        told = as_sentence(self.clause())
        return told if first.is_sure else f"{told} But this may be by chance ({first.chance:.0%})."

    def clause(self, but: Collection[str] = ()) -> str:
        """The first explanation and, where the answer cannot say which it was, another one.

        Slips of the names in ``but`` are not told beside the first.
        """
        told = self.explanations[0].clause
        for other in self.alike:
            if not any(name in but for name in other.names):
                return f"{told}, or {other.clause}; the answer cannot say which"
        return told


def diagnose(
    d: Derivation,
    step: Entry | str,
    answer: Any,
    *,
    earlier: Mapping[str, Any] | None = None,
    others: Mapping[str, Any] | None = None,
) -> Diagnosis:
    """Find which slip gives an answer to a step, at the digits of the answer.

    ``answer`` is text as a learner types it, or numbers (strings where zeros count: "0.50").
    ``earlier`` has, by name, the learner's own values of earlier steps, right or wrong: slips are
    looked for on top of them, and an answer that simply follows from them is right. ``others`` has
    other wrong answers by name, or other printed numbers: a slip that explains these as well is
    preferred.

    Raises `UnknownName` for a name that is no step, `AnswerError`, `GivenError` and `ShapeError`
    for an answer that cannot be read, `UndefinedValue` where the step has no value.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("An error")
    >>> o, t = d.givens(o="0.73492", t="0.05")
    >>> g = d.step("g", (o - t) * o * (1 - o))
    >>> print(diagnose(d, "g", "-0.13343"))
    This is what you get with t − o for o − t, or with o − 1 for 1 − o; the answer cannot say which.
    >>> found = diagnose(d, "g", "0.50336")
    >>> print(found, found.best.names, f"{found.best.chance:.5f}")
    This is what you get without 1 − o. ('factor left out',) 0.00003
    >>> print(diagnose(d, "g", "0.27"))
    This is what you get without (o − t) · o. But this may be by chance (15%).
    >>> print(diagnose(d, "g", "0.2718"))
    No slip that we know of explains this answer.
    """
    target = d[step]
    own = d.with_steps(earlier) if earlier else d
    sought = Sought.read(answer, target.shape)
    rest = [(name, other) for name, other in (others or {}).items() if name != target.name]
    return Search(own, own.evaluation, target, sought, rest).run()


class Hit(NamedTuple):
    """Slips whose value comes near the answer in floating point."""

    slips: tuple[Slipped, ...]
    changes: tuple[Change, ...]
    value: tuple[float, ...]
    cost: float


class Other(NamedTuple):
    """Another answer, which a slip may explain as well.

    ``wrong`` has the positions at which it is not right, and ``chance`` is that of a coincidence.
    """

    name: str
    sought: Sought
    down: Downstream
    wrong: list[int]
    chance: float


class Search:
    """One answer to one step, and all that may explain it: ``slips``, or all that are known."""

    def __init__(
        self,
        d: Derivation,
        evaluation: Evaluation,
        target: Entry,
        sought: Sought,
        others: Sequence[tuple[str, Any]] = (),
        singles: Singles | None = None,
        slips: Iterable[Slipped] | None = None,
    ) -> None:
        self.d = d
        self.evaluation = evaluation
        self.target = target
        self.sought = sought
        self.singles = singles or Singles(d, evaluation, target)
        self._given_others = others
        self.slips = slips
        self.has_shape = sought.shape == target.shape
        self.right = (
            sought.right(evaluation.reals(target.index))
            if self.has_shape
            else [False] * len(sought.numbers)
        )
        self.wrong = [k for k in sought.places if not self.right[k]]
        self.most_hits = min(MOST_HITS, MOST_PROVEN // (target.index + 1))
        self.around: list[tuple[float, float]] = []
        """The value and cost of all that was looked at, for the first wrong number."""

    def run(self, doubtful: bool = True) -> Diagnosis:
        """Look at all single slips and, if none is sure, at pairs.

        Where pairs are not wanted in doubt (``doubtful``), those are left out that cannot be sure.
        """
        if not self.wrong or not self.most_hits:
            return Diagnosis(self.target.name, not self.wrong, ())
        singles, hits, slips = self.singles, list[Hit](), self.slips
        if slips is None:
            slips = (*singles.known, *written(singles, self.sought, self.wrong))
        for one in slips:
            if one.shape == self.sought.shape and self._is_near(one.value, one.cost):
                hits.append(self._hit((one,), (one.change,), one.value, one.cost))
        found = self._explained(hits)
        is_all = self.slips is not None or any(one.is_sure for one in found)
        if self.has_shape and not is_all:
            most = inf if doubtful else self._most_of_sure_pairs()
            near = pairs(singles.down, singles.known, MOST_FOR_PAIRS, self._is_near)
            plain = takewhile(lambda pair: pair.cost < most, near)  # they come the plainest first
            found += self._explained([self._hit(*pair) for pair in plain])
            found.sort(key=_rank)
        return Diagnosis(self.target.name, False, tuple(found))

    def _most_of_sure_pairs(self) -> float:
        """The cost from which a pair is a coincidence, even if it explained what comes after it.

        Of pairs only those in the step's own formula may explain other answers.
        """
        after = [one for one in self.others if self.target.index in one.down.hops]
        least = self._chance_of_one() * prod(one.chance for one in after)
        fit = int(MOST_CHANCE * FOR_PAIRS / least)  # so many values near the answer, and no more
        costs = sorted(self._near().values())
        if not fit:
            return -inf
        return costs[fit] if fit < len(costs) else inf

    def _is_near(self, value: tuple[float, ...], cost: float) -> bool:
        """Take note of a value, and say whether it comes near the answer."""
        first, *rest = self.wrong
        self.around.append((value[first], cost))
        is_near = self.sought.is_near
        return is_near(first, value[first]) and all(is_near(k, value[k]) for k in rest)

    def _hit(
        self,
        slips: tuple[Slipped, ...],
        changes: tuple[Change, ...],
        value: tuple[float, ...],
        cost: float,
    ) -> Hit:
        """What comes near the answer, at a higher cost if only some of its numbers do."""
        is_partly = not all(self.sought.is_near(k, value[k]) for k in self.sought.places)
        return Hit(slips, changes, value, cost + PARTLY * is_partly)

    def _explained(self, hits: Sequence[Hit]) -> list[Explanation]:
        """The hits whose digits are proven to be those of the answer, the likeliest first."""
        found, near = [], self._near()
        for hit in sorted(hits, key=lambda one: one.cost)[: self.most_hits]:
            reals = proven(self.evaluation, self.target, hit.changes)
            if reals is None:
                continue
            relations = self.sought.relations(reals)
            if any(relations[k] == UNEXPLAINED for k in self.wrong):
                continue
            cost = hit.cost + CUT_OFF * any(relations[k] == TRUNCATED for k in self.wrong)
            chance = self._chance(cost, near)
            also = []
            for other in self.others:
                if _explains(hit, other):
                    also += [other.name] * (other.name != self.target.name)
                    cost, chance = cost - ANOTHER, chance * other.chance
            told = clause(hit.slips, self.target)
            found.append(Explanation(hit.slips, told, hit.value, cost, chance, tuple(also)))
        return sorted(found, key=_rank)

    def _chance(self, cost: float, near: Mapping[float, float]) -> float:
        """How likely it is that a number near the answer is explained at this cost or less."""
        many = sum(least <= cost for least in near.values())
        return min(1.0, max(many, 1) * self._chance_of_one())

    def _near(self) -> dict[float, float]:
        """The values looked at near the first wrong number, with the least cost of each.

        What has the right digits is left out: that is no wrong number.
        """
        first = self.wrong[0]
        value, unit, width = self.sought.values[first], self.sought.units[first], self._width(first)
        near = dict[float, float]()
        for v, cost in self.around:
            if abs(v - value) <= width / 2:
                place = round(v / unit) if unit else v
                near[place] = min(cost, near.get(place, inf))
        if self.has_shape and unit:
            true = self.singles.true[first] / unit
            for place in (round(true), trunc(true)):
                near.pop(place, None)
        return near

    def _chance_of_one(self) -> float:
        """How likely it is that one value gives the wrong numbers of the answer by chance."""
        return prod(min(1.0, self.sought.units[k] / self._width(k)) for k in self.wrong)

    def _width(self, k: int) -> float:
        """How wide it is around a number of the answer: as far as it is from the truth.

        Other wrong numbers lie a tenth apart from what is right, or further: so it is at least.
        """
        sought = self.sought
        if not self.has_shape:
            return max(abs(sought.values[k]), 4 * sought.units[k])
        true = self.singles.true[k]
        if self.wrong == [k] and abs(sought.values[k] - true) < CLOSE * sought.units[k]:
            return max(abs(sought.values[k] - true), 4 * sought.units[k])
        return max(abs(sought.values[k] - true), NEAR * abs(true), 4 * sought.units[k])

    @cached_property
    def others(self) -> list[Other]:
        """The other answers that a slip would hardly explain by chance."""
        read = [self._other(name, answer) for name, answer in self._given_others]
        return [one for one in read if one is not None and one.chance <= MOST_CHANCE]

    def _other(self, name: str, answer: Any) -> Other | None:
        """Another answer, with what is wrong in it; None where it cannot be read."""
        try:
            entry = self.d[name]
            sought = Sought.read(answer, entry.shape)
        except DlhandError:
            return None
        if sought.shape != entry.shape:
            return None
        down = Downstream(self.evaluation, entry)
        true = flat(down.value(entry.index))
        wrong = [k for k in sought.places if not sought.is_near(k, true[k])]
        apart = [max(abs(sought.values[k] - true[k]), NEAR * abs(true[k])) for k in wrong]
        chances = [min(1.0, sought.units[k] / a) for k, a in zip(wrong, apart, strict=True)]
        return Other(name, sought, down, wrong, prod(chances))


def _explains(hit: Hit, other: Other) -> bool:
    """Whether a slip explains another answer, too."""
    if len(hit.changes) != 1 or hit.changes[0].where.index not in other.down.hops:
        return False
    try:
        value = _carried(other.down, hit.changes[0])
    except FAILS:
        return False
    return value is not None and all(other.sought.is_near(k, value[k]) for k in other.wrong)


def _carried(down: Downstream, change: Change) -> tuple[float, ...] | None:
    own = own_value(down, change, down.values)
    changed = down.carried(change.where.index, own, down.values)
    return None if changed is None else flat(changed[down.target.index])


def _rank(one: Explanation) -> tuple[bool, float, float]:
    return not one.is_sure, one.cost, one.chance
