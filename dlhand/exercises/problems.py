"""The problems of an example: its derivation with fresh numbers, one for each seed and number."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dlhand.examples import catalogue, load
from dlhand.exercises.drawing import Drawing
from dlhand.numbers.digits import DEFAULT_DIGITS, Digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dlhand.derivation.entries import Entry
    from dlhand.worked import Derivation

__all__ = ["Problems", "problems"]


MOST_REPEATED = 20
"""So often other numbers are drawn where the same come again."""
MOST_KEPT = 1024
"""Of an example, so many problems have their numbers kept: those of one decide on the next."""


class Problems:
    """All problems that are made of one example.

    Problem 1 of a seed is followed by 2, 3 ...; each is the same on every machine. What a document
    prints, and says about its own numbers, is left out.

    >>> made = problems("002-net222")
    >>> d = made.draw(7)
    >>> d.title, d.given_value("w1") == made.draw(7).given_value("w1"), len(d.steps)
    ('The 2-2-2 sigmoid network', True, 43)
    """

    def __init__(self, name: str, digits: int = DEFAULT_DIGITS) -> None:
        d = load(name)
        vary = catalogue()[name].vary
        self.name = name
        self.title = vary.title or d.title
        self._drawing = Drawing(d.unprinted(self.title), vary, digits=digits)
        self._numbers = lru_cache(MOST_KEPT)(self._fresh)

    def draw(self, seed: int | str, number: int = 1) -> Derivation:
        """The problem of this number, with other numbers than the one before it.

        Raises `DrawError` where no numbers keep all promises.
        """
        for earlier in range(1, number):
            self._numbers(str(seed), earlier)
        return self._drawing.derivation.with_values(self._numbers(str(seed), number))

    def _fresh(self, seed: str, number: int) -> dict[str, Any]:
        """The numbers of a problem, by the names of its givens: others than those of the last."""
        before = self._numbers(seed, number - 1) if number > 1 else None
        for k in range(MOST_REPEATED):
            found = self._drawing.numbers(f"{self.name}/{seed}/{number}/{k}")
            if found != before:
                break
        return found

    @property
    def steps(self) -> Sequence[Entry]:
        """The steps, which are the same in each problem."""
        return self._drawing.derivation.steps

    @property
    def varies(self) -> list[str]:
        """The names of the givens that get fresh numbers."""
        entries = self._drawing.derivation.entries
        return [entries[k].name for k in self._drawing.free]


@lru_cache(maxsize=64)
def problems(name: str, digits: int = DEFAULT_DIGITS) -> Problems:
    """The problems of an example; what they share is worked out once.

    Raises `UnknownName` for a name that is none, `GivenError` for digits that are none.
    """
    Digits.of(digits)
    return Problems(name, digits)
