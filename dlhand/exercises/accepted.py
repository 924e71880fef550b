"""Which answers to the steps of a problem are accepted: what correct work can reach.

It is what `dlhand.learner` accepts of an answer, for all steps at once: the derivation is worked
out by hand, with the digits asked for, rounded and cut off, once and not for each step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dlhand.learner.asked import Asked
from dlhand.numbers.digits import Digits

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.evaluate import Evaluation
    from dlhand.derivation.model import Derivation

__all__ = ["asked", "intervals"]


class _Together(Asked):
    """A step that is asked for together with all others: these share what is worked out by hand."""

    def __init__(
        self, d: Derivation, entry: Entry, digits: Digits, by_hand: dict[bool, Evaluation]
    ) -> None:
        super().__init__(d, entry, digits)
        self._by_hand = by_hand

    def _work(self, chopped: bool) -> Evaluation:
        found = self._by_hand.get(chopped)
        if found is None:
            found = self._by_hand[chopped] = super()._work(chopped)
        return found


def asked(d: Derivation, digits: int) -> dict[str, Asked]:
    """By the names of the steps, each as it is asked for with so many significant digits."""
    by_hand: dict[bool, Evaluation] = {}
    return {step.name: _Together(d, step, Digits(digits), by_hand) for step in d.steps}


def intervals(d: Derivation, digits: int) -> dict[str, str]:
    """By the names of the steps the accepted answers, as text.

    >>> from dlhand.derivation.model import Derivation
    >>> from dlhand.operations.activations import sigmoid
    >>> d = Derivation("One neuron")
    >>> w, x = d.givens(w="0.37", x="0.43")
    >>> a = d.step("a", sigmoid(d.step("z", w * x)))
    >>> intervals(d, 3)
    {'z': '0.159', 'a': '0.539 to 0.540'}
    """
    return {name: one.accepted() for name, one in asked(d, digits).items()}
