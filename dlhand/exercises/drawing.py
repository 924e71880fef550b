"""Fresh numbers for a derivation, drawn so that its promises hold.

The walk begins at the numbers that are declared. Each given is drawn anew as long as what the
derivation requires stays true; then single numbers are changed where a promise is broken, until
none is. So the search never leaves what the derivation can mean, be it a cascade of whole counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dlhand.derivation.model import Derivation
from dlhand.derivation.walk import ancestors
from dlhand.errors import DrawError, UndefinedValue
from dlhand.examples import AS_SEEN, Vary
from dlhand.exercises.distinct import clashes
from dlhand.exercises.palette import Flat, Palette
from dlhand.exercises.promises import Fault, Promises, as_floats
from dlhand.exercises.watch import Run
from dlhand.numbers.digits import DEFAULT_DIGITS
from dlhand.numbers.exact import nested

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry

D = TypeVar("D", bound=Derivation)

CHOICES = 3
"""Of what so many walks lead to that is taken in which fewest slips look alike."""
WALKS, CHANGES, TRIES = 20, 500, 6
"""So many walks are begun, with so many changes each; so often a given is drawn anew at first."""


class Drawing(Generic[D]):
    """Draws fresh numbers for a derivation; what does not depend on the seed is worked out once.

    ``vary`` says of some givens what cannot be seen from their numbers. ``digits`` are those that
    will be asked for. Raises `UnknownName` for a name in ``vary`` that is none.
    """

    def __init__(self, d: D, vary: Vary = AS_SEEN, *, digits: int = DEFAULT_DIGITS) -> None:
        self.derivation = d
        self.digits = digits
        fixed, in_place = (
            {d[name].index for name in names.split()} for names in (vary.stays, vary.places)
        )
        among = {d[name].index: numbers for name, numbers in vary.among.items()}
        is_counting = _is_counting(d)
        self.palettes = {
            k: Palette(
                _flat(d, entry),
                entry.shape,
                is_count=is_counting,
                in_place=k in in_place,
                among=among.get(k, ()),
            )
            for entry in d.given_entries
            for k in [entry.index]
        }
        self.free = [k for k, one in self.palettes.items() if k not in fixed and not one.stays]
        """The positions of the givens that vary."""
        self.promises = Promises(d, self.palettes, self.free, vary.keeps.split(), digits)

    def draw(self, seed: str) -> D:
        """The derivation with fresh numbers; the same for the same seed, on every machine.

        Raises `DrawError` where no numbers are found that keep all promises.
        """
        return self.derivation.with_values(self.numbers(seed))

    def numbers(self, seed: str) -> dict[str, Any]:
        """The fresh numbers alone, by the names of the givens that vary."""
        if not self.free:
            raise DrawError(f"{self.derivation.title!r} has no number that may vary")
        faults: Sequence[Fault] = ()
        found: list[tuple[int, int, _Walk]] = []
        for k in range(WALKS):
            walk = _Walk(self, Random(f"{seed}/{k}"))
            faults = walk.go()
            if not faults:
                found.append((clashes(walk.run, self.digits), k, walk))
            if found and (k + 1 >= CHOICES or found[-1][0] == 0):
                break  # where few walks come to an end, the first that does is taken
        if found:
            return min(found)[2].values()
        raise DrawError(
            f"no fresh numbers were found for {self.derivation.title!r}; what stood in the way at "
            f"last: {faults[0].words}"
        )


class _Walk:
    """One walk from the numbers that are declared to fresh ones."""

    def __init__(self, drawing: Drawing[Any], rng: Random) -> None:
        self.drawing = drawing
        self.rng = rng
        self.run = drawing.promises.declared
        self.numbers: dict[int, Flat] = {k: p.declared for k, p in drawing.palettes.items()}

    def go(self) -> list[Fault]:
        """Walk; what is returned are the promises that are still broken."""
        promises, rng = self.drawing.promises, self.rng
        faults = promises.faults(self.run)
        for k in rng.sample(self.drawing.free, len(self.drawing.free)):
            faults = self._renewed(k, faults)
        for _ in range(CHANGES):
            if not faults:
                break
            k = self._chosen(faults)
            fresh = self.drawing.palettes[k].nudged(rng, self.numbers[k])
            tried = self._tried(k, fresh)
            if tried is not None and _weight(tried[1]) <= _weight(faults):
                self.run, faults = tried
                self.numbers[k] = fresh
        return faults

    def _renewed(self, k: int, faults: list[Fault]) -> list[Fault]:
        """Draw a given anew: of some tries that which breaks least."""
        best, most = None, _weight(faults)
        for _ in range(TRIES):
            fresh = self.drawing.palettes[k].redrawn(self.rng, self.numbers[k])
            tried = self._tried(k, fresh)
            if tried is None:
                continue
            if best is None or _weight(tried[1]) < _weight(best[1][1]):
                best = fresh, tried
            if _weight(tried[1]) <= most:
                break
        if best is None:
            return faults
        self.numbers[k], (self.run, faults) = best
        return faults

    def _chosen(self, faults: Sequence[Fault]) -> int:
        """A given that may vary, rather one on which a broken promise depends."""
        fault = self.rng.choice(faults)
        if fault.position >= 0 and self.rng.random() < 0.9:
            entries = self.drawing.derivation.entries
            on_the_way = {e.index for e in ancestors(entries, fault.position)}
            near = [k for k in self.drawing.free if k in on_the_way]
            if near:
                return self.rng.choice(near)
        return self.rng.choice(self.drawing.free)

    def _tried(self, k: int, fresh: Flat) -> tuple[Run, list[Fault]] | None:
        """The run with fresh numbers for a given, and what it breaks; None for no other, or none.

        What the derivation requires of its values is never broken.
        """
        if fresh == self.numbers[k]:
            return None
        try:
            run = self.run.changed(k, as_floats(fresh, self.drawing.palettes[k].shape))
        except UndefinedValue:
            return None
        faults = self.drawing.promises.faults(run)
        return None if any(fault.is_refused for fault in faults) else (run, faults)

    def values(self) -> dict[str, Any]:
        """By the names of the givens that vary, the numbers where the walk has ended."""
        entries = self.drawing.derivation.entries
        return {
            entries[k].name: nested(self.numbers[k], entries[k].shape)
            if entries[k].shape
            else self.numbers[k][0]
            for k in self.drawing.free
        }


def _weight(faults: Sequence[Fault]) -> tuple[bool, int]:
    """How far numbers are from keeping all promises: accidents are the last that is looked at."""
    return any(not fault.is_accident for fault in faults), len(faults)


def _flat(d: Derivation, entry: Entry) -> Flat:
    value = d.evaluation.fixed[entry.index]
    return value if isinstance(value, tuple) else (value,)


def _is_counting(d: Derivation) -> bool:
    """Whether a derivation counts: from whole numbers alone, with something required of them."""
    flat = [number for entry in d.given_entries for number in _flat(d, entry)]
    return bool(d.required) and all(x >= 0 and x.denominator == 1 for x in flat)
