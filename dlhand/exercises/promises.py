"""What a problem for practice promises of its numbers, and what breaks these promises.

- Every step has a value, of a size that can be written down, and what the derivation requires of
  its values (a box has its corners in order) holds.
- No result is 0 or 1 by accident: such a number hides what was forgotten beside it. It is no
  accident where it stays when all numbers move a little, as behind a dead unit.
- Numbers that stand side by side (w1 and w2, the entries of a list) differ where they do as
  declared, so that one that is used for the other is seen.
- Units are alive and dead as in the example as it is declared; nothing is saturated unless the
  example shows that; no two numbers tie for the largest by accident.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.derivation.replay import Replay
from dlhand.errors import UndefinedValue
from dlhand.exercises.palette import Palette
from dlhand.exercises.watch import ALIVE, DEAD, FIRES, FLAT, RESTS, SETTLED, TIE, Run
from dlhand.numbers.digits import DEFAULT_DIGITS
from dlhand.numbers.exact import nested
from dlhand.numbers.floats import Floats

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

LARGEST = 10
"""Results may be so many times as large as the largest that is declared, given or result."""
A_LITTLE = 1e-4
"""By such a part the givens are moved, to see what is an accident."""
EQUAL = 1e-9
MOST_ALIKE = 9
"""So many neighbours at most are to differ: there are only so many digits."""

UNITS = (ALIVE, DEAD, FIRES, RESTS)
_FLOATS = Floats()


class Fault(NamedTuple):
    """A promise that is broken: in words, at the position of an entry; -1 for no single one."""

    words: str
    position: int
    is_accident: bool = False
    is_refused: bool = False
    """Whether the derivation itself cannot mean such numbers."""


class Promises:
    """The promises for the numbers of one derivation.

    ``palettes`` are those of its givens by position, of which those at ``free`` vary. `faults`
    says which are broken by a run.
    """

    def __init__(
        self,
        d: Derivation,
        palettes: Mapping[int, Palette],
        free: Sequence[int],
        keeps: Sequence[str] = (),
        digits: int = DEFAULT_DIGITS,
    ) -> None:
        self._derivation = d
        self._palettes = palettes
        self._replay = Replay(d)
        self._keeps = [d[name].index for name in keeps]
        self._near_one = 0.5 * 10.0 ** (1 - digits)
        declared = {k: as_floats(p.declared, p.shape) for k, p in palettes.items()}
        self.declared = Run(d.entries, declared)
        self._seen = {what for what in (*UNITS, FLAT, SETTLED) if self.declared.has(what)}
        sizes = [abs(x) for e in d.entries for x in self.declared.numbers(e.index)]
        self._largest = LARGEST * max(sizes, default=1.0)
        self._neighbours = [places for places in self._groups(free) if self._differ(places)]
        rng = Random(0)
        self._shifts = {
            k: [A_LITTLE * rng.uniform(0.5, 1) for _ in palettes[k].declared]
            for k in free
            if not (palettes[k].is_bits or palettes[k].is_shares or palettes[k].among)
        }

    def faults(self, run: Run) -> list[Fault]:
        """The promises that a run breaks; accidents are looked for where nothing else is wrong."""
        found = self.not_allowed(run) or [
            fault
            for part in (self._alike, self._kept, self._happenings, self._sizes)
            for fault in part(run)
        ]
        return found or self._accidents(run)

    def not_allowed(self, run: Run) -> list[Fault]:
        """What the derivation requires of values, and is not so."""
        found = []
        for of, wrong in self._derivation.required:
            value = of.form.run(_FLOATS, [run.values[leaf.index] for leaf in of.leaves])
            if words := wrong(nested(value, of.shape) if of.shape else value):
                found.append(Fault(words, of.leaves[0].index if of.leaves else -1, is_refused=True))
        return found

    def _alike(self, run: Run) -> list[Fault]:
        """Neighbours that are equal, and not so declared."""
        found = []
        for places in self._neighbours:
            numbers = [abs(run.numbers(k)[n]) for k, n in places]
            for at, number in enumerate(numbers):
                if number in numbers[:at]:
                    found.append(Fault("two neighbours are equal", places[at][0]))
        return found

    def _groups(self, free: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
        """The places of numbers that stand side by side: where a given is, and where in it."""
        stems: dict[str, list[tuple[int, int]]] = {}
        for k in free:
            palette = self._palettes[k]
            if palette.shape:
                if not (palette.is_bits or palette.is_shares or palette.among):
                    yield [(k, n) for n, number in enumerate(palette.declared) if number]
            else:
                stem = self._derivation.entries[k].name.rstrip("0123456789_")
                stems.setdefault(stem, []).append((k, 0))
        yield from stems.values()

    def _differ(self, places: Sequence[tuple[int, int]]) -> bool:
        numbers = [abs(self._palettes[k].declared[n]) for k, n in places]
        return 1 < len(numbers) <= MOST_ALIKE and len({*numbers}) == len(numbers)

    def _kept(self, run: Run) -> list[Fault]:
        """Steps that are to come out as declared."""
        return [
            Fault(f"{run.entries[k].name} comes out otherwise", k)
            for k in self._keeps
            if run.numbers(k) != self.declared.numbers(k)
        ]

    def _happenings(self, run: Run) -> list[Fault]:
        found = []
        for what in UNITS:
            if (what in self._seen) != run.has(what):
                word = "a" if what in self._seen else "no"
                position = next(
                    (k for k, seen in enumerate(run.seen) if {*UNITS} & seen.keys()), -1
                )
                found.append(Fault(f"{word} unit is to be {what}", position))
        for what in (FLAT, SETTLED):
            if what not in self._seen:
                found += [
                    Fault(f"{run.entries[k].name} is saturated", k)
                    for k, seen in enumerate(run.seen)
                    for _ in range(seen[what])
                ]
        return found

    def _sizes(self, run: Run) -> list[Fault]:
        return [
            Fault(f"{entry.name} is large", entry.index)
            for entry in run.entries
            for number in run.numbers(entry.index)
            if abs(number) > self._largest
        ]

    def _accidents(self, run: Run) -> list[Fault]:
        """Results that are 0 or 1, or come from a tie, and would not if all moved a little."""
        near, ties = [], []
        for entry in run.entries:
            k = entry.index
            if entry.rule is None or getattr(entry.rule.op, "moves", False):
                continue
            ties += [k] * bool(run.seen[k][TIE])
            if k not in self._keeps:
                near += [
                    (k, n, whole)
                    for n, x in enumerate(run.numbers(k))
                    if (whole := self._near(x)) is not None
                ]
        found = []
        for way in (1, -1) if near or ties else ():
            try:
                moved = self._moved(run, way, with_ties=bool(ties))
            except UndefinedValue:
                return [Fault("a step has no value near", -1, True)]
            for k, n, whole in near:
                if abs(moved.numbers(k)[n] - whole) > EQUAL * A_LITTLE:
                    found.append(Fault(f"{run.entries[k].name} is {whole} by accident", k, True))
            for k in ties:
                if moved.seen[k][TIE] < run.seen[k][TIE]:
                    found.append(Fault(f"{run.entries[k].name} has a tie by accident", k, True))
        return found

    def _near(self, number: float) -> int | None:
        """0 or 1 where a number is shown as such."""
        if abs(number) < EQUAL * A_LITTLE:
            return 0
        return 1 if abs(number - 1) < self._near_one else None

    def _moved(self, run: Run, way: int, with_ties: bool) -> Run:
        """The same with all numbers moved a little, up or down, but those of masks."""
        givens = {}
        for k, palette in self._palettes.items():
            numbers = run.numbers(k)
            if k in self._shifts:
                numbers = tuple(
                    [x * (1 + way * s) for x, s in zip(numbers, self._shifts[k], strict=True)]
                )
            givens[k] = numbers if palette.shape else numbers[0]
        if with_ties:
            return Run(run.entries, givens)
        moved = Run((), {})  # ties are not watched: the compiled formulas are many times as fast
        moved.values = [*self._replay.function(*givens.values())]
        return moved


def as_floats(numbers: Sequence[Any], shape: Any) -> Any:
    """Exact numbers in flat order as a run takes them."""
    floats = tuple(map(float, numbers))
    return floats if shape else floats[0]
