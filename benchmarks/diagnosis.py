"""How well slips are found: planted into every example, on fresh numbers, and asked for blindly.

Each slip is planted, alone and in pairs, at random steps of the examples with random numbers; the
search is given the rounded answer alone. Of the slips that some other one has the same digits as,
no method can tell which it was; they are counted apart. Then numbers are asked for that no slip has
made. One half of the examples sets the costs and bounds of `dlhand.diagnosis`; the other half, of
which the figures are printed, measures them.

    python -m benchmarks.diagnosis             # the half that measures
    python -m benchmarks.diagnosis --draws 10  # each example with ten draws of fresh numbers
    python -m benchmarks.diagnosis --set 4     # of the half that sets them, every fourth
"""

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple

from dlhand.derivation.entries import Entry
from dlhand.diagnosis.pairs import both
from dlhand.diagnosis.search import Search
from dlhand.diagnosis.single import Singles, Slipped
from dlhand.diagnosis.sought import Sought
from dlhand.errors import DlhandError
from dlhand.examples import load, names
from dlhand.numbers.digits import magnitude, round_half_up, round_significant
from dlhand.numbers.printed import Number

DIGITS = (3, 4, 5)
STEPS, PER_NAME = 2, 1
"""Steps asked for with each draw of numbers, and slips of one name at each step."""
PLAIN_ENOUGH = 3.0
"""The cost up to which slips are planted in pairs."""
PAIRS, RANDOM = 4, 4
"""Pairs and random wrong numbers at each step."""
MOST_SIZE = 40
"""Steps with more numbers are left out: nobody types these."""


class Planted(NamedTuple):
    """A wrong answer and what it comes from."""

    slips: tuple[Slipped, ...]
    value: tuple[float, ...]
    is_told: bool
    """Whether no other slip has the same digits."""


def fresh(d: Any, rng: random.Random) -> Any:
    """The same example on other numbers: as many digits, the same signs, about the same size."""
    changes: dict[str, Any] = {}
    for given in d.given_entries:
        changes[given.name] = _drawn(d.given_value(given), rng)
    for kept in ((), [n for n in changes if _is_whole(d.given_value(n))]):
        some = {n: v for n, v in changes.items() if n not in kept}
        try:
            other = d.with_values(some)
            other.values()
            return other
        except DlhandError:
            continue
    return d


def _is_whole(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_whole, value))
    return bool(Fraction(value).denominator == 1)


def _drawn(value: Any, rng: random.Random) -> Any:
    if isinstance(value, list):
        return [_drawn(item, rng) for item in value]
    number = Fraction(value)
    if number in (0, 1, -1):
        return number
    if number.denominator == 1:
        return number + rng.choice((-1, 0, 1, 2)) if abs(number) > 2 else number
    places = max(2, len(str(float(number)).partition(".")[2]))
    drawn = round_half_up(number * Fraction(rng.randint(60, 160), 100), places).fraction
    return drawn or number


def rounded(value: tuple[float, ...], digits: int) -> list[Number]:
    """The numbers of an answer at so many significant digits; a list is written to equal places."""
    numbers = [Fraction(v) for v in value]
    largest = max(numbers, key=abs)
    if not largest:
        return [Number(Fraction(0), digits) for _ in numbers]
    places = digits - 1 - magnitude(largest)
    if len(numbers) == 1:
        places = round_significant(largest, digits).places
    return [Number(round_half_up(q, places).fraction, places) for q in numbers]


def asked(
    rng: random.Random, which: list[str], draws: int = 1
) -> Iterator[tuple[str, Any, Entry, Singles]]:
    """Steps of the examples on fresh numbers, each with all its single slips at hand."""
    for name in which:
        for _ in range(draws):
            d = fresh(load(name), rng)
            steps = [s for s in d.steps if 0 < _size(s.shape) <= MOST_SIZE]
            for step in rng.sample(steps, min(STEPS, len(steps))):
                yield name, d, step, Singles(d, d.evaluation, step)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for n in shape:
        size *= n
    return size


class Tally:
    """What has been counted, by digits and by name of slip."""

    def __init__(self) -> None:
        self.counts: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)

    def add(self, key: tuple[Any, ...], **found: bool) -> None:
        """Count an answer of a kind, with what was found of it."""
        self.counts[key].update({name: 1 for name, is_so in found.items() if is_so} | {"all": 1})

    def row(self, key: tuple[Any, ...]) -> str:
        """The line of a kind."""
        one = self.counts[key]
        told = one["told"]
        shares = [
            f"{one[name] / told:8.1%}" if told else "       -" for name in ("top1", "top3", "said")
        ]
        mistaken = f"{one['mistaken'] / one['all']:8.1%}" if one["all"] else "       -"
        return f"{one['all']:6} {1 - told / max(one['all'], 1):8.1%} {' '.join(shares)} {mistaken}"


HEAD = f"{'':38}{'asked':>6} {'alike':>8} {'top-1':>8} {'top-3':>8} {'sure':>8} {'mistaken':>8}"


def plant(singles: list[Slipped], step: Entry, rng: random.Random) -> list[Slipped]:
    """One slip of each name, at the step itself as often as before it."""
    groups: dict[tuple[str, bool], list[Slipped]] = defaultdict(list)
    for one in singles:
        if _size(one.shape) <= MOST_SIZE:
            groups[one.name, one.where is step].append(one)
    return [one for group in groups.values() for one in rng.sample(group, PER_NAME)]


def measure(which: list[str], seed: int, draws: int) -> None:
    """Plant, ask and print."""
    rng = random.Random(seed)
    single, twice = Tally(), Tally()
    alarms: dict[tuple[str, int], list[bool]] = defaultdict(list)
    start, count = time.process_time(), 0
    for _, _, step, found in asked(rng, which, draws):
        try:
            singles = found.known
        except DlhandError:
            continue
        if not singles:
            continue
        for one in plant(singles, step, rng):
            for digits in DIGITS:
                numbers = rounded(one.value, digits)
                if _is_right(numbers, found.true, one.shape == step.shape):
                    continue
                told = not any(
                    other.shape == one.shape
                    and not _is_same(other.value, one.value)
                    and rounded(other.value, digits) == numbers
                    for other in singles
                )
                count += 1
                result = diagnosed(found, numbers, one.shape)
                _count(single, (one,), one.value, result, told, digits)
        for pair in _pairs(found, singles, rng):
            slips, value = pair.slips, pair.value
            for digits in DIGITS[1:]:
                numbers = rounded(value, digits)
                if _is_right(numbers, found.true, True):
                    continue
                told = not any(
                    other.shape == step.shape and rounded(other.value, digits) == numbers
                    for other in singles
                )
                count += 1
                result = diagnosed(found, numbers, step.shape)
                _count(twice, slips, value, result, told, digits)
        for kind, value in _at_random(found.true, rng):
            for digits in DIGITS:
                numbers = rounded(value, digits)
                if _is_right(numbers, found.true, True):
                    continue
                count += 1
                result = diagnosed(found, numbers, step.shape)
                alarms[kind, digits].append(result.best is not None)
    taken = (time.process_time() - start) / max(count, 1)
    print(f"{len(which)} examples, {count} answers, {taken * 1e3:.1f} ms each (seed {seed})\n")
    print("single slips\n" + HEAD)
    for digits in DIGITS:
        print(f"{digits} digits, at the step{'':17}{single.row((digits, 'here'))}")
        print(f"{digits} digits, before it{'':19}{single.row((digits, 'before'))}")
        print(f"{digits} digits, all{'':25}{single.row((digits, 'all'))}")
    print("\nby slip, at 4 digits\n" + HEAD)
    for key in sorted((k for k in single.counts if k[0] == "name"), key=str):
        print(f"{key[1]:38}{single.row(key)}")
    print("\npairs\n" + HEAD)
    for digits in DIGITS[1:]:
        print(f"{digits} digits{'':30}{twice.row((digits, 'all'))}")
    print("\nfalse alarms: random wrong numbers that are explained for sure")
    for (kind, digits), those in sorted(alarms.items()):
        print(f"{kind:22} {digits} digits {len(those):6} {sum(those) / len(those):8.1%}")


def diagnosed(found: Singles, numbers: list[Number], shape: tuple[int, ...]) -> Any:
    """The diagnosis of an answer."""
    sought = Sought(numbers, shape)
    return Search(found.d, found.evaluation, found.target, sought, (), found).run()


def _count(tally: Tally, slips: Any, value: Any, result: Any, told: bool, digits: int) -> None:
    wanted = [(one.name, one.where) for one in slips]
    found = [[(one.name, one.where) for one in each.slips] for each in result.explanations]
    top1, top3 = wanted in found[:1], wanted in found[:3]
    if told:  # of slips that give one value, no matter which is named
        top1 = top1 or any(_is_same(each.value, value) for each in result.explanations[:1])
        top3 = top3 or any(_is_same(each.value, value) for each in result.explanations[:3])
    best = result.best
    said = best is not None and (wanted in found[:1] or _is_same(best.value, value))
    facts = {
        "told": told, "top1": told and top1, "top3": told and top3, "said": told and said,
        "mistaken": best is not None and not said,
    }  # fmt: skip
    where = "here" if all(one.where.name == result.step for one in slips) else "before"
    tally.add((digits, where), **facts)
    tally.add((digits, "all"), **facts)
    if len(slips) == 1 and digits == 4:
        tally.add(("name", slips[0].name), **facts)


def _is_same(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two slips are one and the same: they give one value to the last digit."""
    return len(a) == len(b) and all(
        abs(x - y) <= 1e-9 * max(abs(x), abs(y), 1e-300) for x, y in zip(a, b, strict=True)
    )


def _is_right(numbers: list[Number], true: tuple[float, ...], has_shape: bool) -> bool:
    if not has_shape:
        return False
    return all(
        abs(float(one.value) - t) <= 10.0**-one.places for one, t in zip(numbers, true, strict=True)
    )


def _pairs(found: Singles, singles: list[Slipped], rng: random.Random) -> Iterator[Any]:
    """Random pairs of slips that are not rare: one at the step, the other there or just before."""
    hops = found.down.hops
    fit = [one for one in singles if one.shape == found.target.shape and one.cost <= PLAIN_ENOUGH]
    here = [one for one in fit if one.where is found.target]
    near = [one for one in fit if hops[one.where.index] <= 1]
    for _ in range(PAIRS if here else 0):
        a, b = rng.choice(here), rng.choice(near)
        pair = next(both(found.down, a, b), None)
        if pair and not any(_is_same(pair.value, one.value) for one in singles):
            yield pair


def _at_random(true: tuple[float, ...], rng: random.Random) -> Iterator[tuple[str, Any]]:
    """Wrong numbers that no slip has made: near the true one, and of the same size."""
    for _ in range(RANDOM):
        k = rng.randrange(len(true))
        if not true[k]:
            continue
        near = true[k] * (1 + rng.uniform(0.002, 0.1) * rng.choice((-1, 1)))
        size = true[k] * 10 ** rng.uniform(-0.5, 0.5) * rng.choice((-1, 1, 1, 1))
        for kind, value in (("near the true one", near), ("of the same size", size)):
            yield kind, (*true[:k], value, *true[k + 1 :])


def main() -> int:
    """One half of the examples: every other one by name."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("every", nargs="?", type=int, default=1, help="every so many an example")
    parser.add_argument("--set", action="store_true", help="the half that sets costs and bounds")
    parser.add_argument("--draws", type=int, default=1, help="of fresh numbers for each example")
    chosen = parser.parse_args()
    which = names()[0 if chosen.set else 1 :: 2]
    measure(which[:: chosen.every], seed=14, draws=chosen.draws)
    return 0


if __name__ == "__main__":
    sys.exit(main())
