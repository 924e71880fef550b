"""Problems one after the other in the player, each with less that is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlhand.exercises.problems import problems

if TYPE_CHECKING:
    from dlhand.widgets.practice import PracticePlayer

__all__ = ["practice"]


def practice(name: str, seed: int | str = 1, **options: Any) -> PracticePlayer:
    """An example with fresh numbers, to be worked out in the player; for a notebook.

    In the first problem only the results are blank, in the second the numbers put in are, too, and
    from the third on the formulas; "Another one" draws the next. ``seed`` says which numbers come:
    the same ones on every machine. Options are those of `dlhand.widgets.practice.PracticePlayer`:
    ``digits``, ``places``, ``picture``. Raises `UnknownName` for a name that is no example.

    >>> player = practice("000-neuron", seed=7)
    >>> player
    PracticePlayer('A neuron in four steps', problem 1, result blank)
    >>> player.another()
    >>> player
    PracticePlayer('A neuron in four steps', problem 2, numbers blank)
    """
    from dlhand.widgets.practice import PracticePlayer

    made = problems(name)
    return PracticePlayer(lambda number: made.draw(seed, number), **options)
