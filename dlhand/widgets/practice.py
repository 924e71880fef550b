"""The step player with problems to practise on: fresh numbers, and less to be seen each time.

The page asks for the next problem with {"type": "another"}; what is then set is what any other
derivation in the player would set, and ``problem``, its number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import traitlets

from dlhand.numbers.digits import Digits
from dlhand.pictures.beside import Drawing
from dlhand.widgets.player import HIDDEN, Player
from dlhand.widgets.stored import stored

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

__all__ = ["PracticePlayer"]


class PracticePlayer(Player):
    """A player of problem after problem.

    ``draw`` makes the derivation of a problem by its number, from 1 on. In the first one only the
    results are blank, in the second the numbers put in, too, and from the third on the formulas.
    Other options are those of `Player`.

    Attributes:
        problem: the number of the problem that is played
    """

    problem = traitlets.Int(1, min=1).tag(sync=True)

    def __init__(
        self,
        draw: Callable[[int], Derivation],
        digits: int | None = None,
        places: int | None = None,
        picture: Drawing = None,
    ) -> None:
        self._draw_problem = draw
        super().__init__(draw(1), digits, places, picture=picture, hide=fading(1))

    def another(self) -> None:
        """Go on to the next problem."""
        number = self.problem + 1
        other = self._draw_problem(number)
        with self.hold_sync():
            self.position = self.revealed = 0
            self.opened, self.helped = [], []
            self.hide, self.predict = fading(number), True
            self.show(other)
            self.problem = number

    def _on_message(self, widget: Any, content: Any, buffers: Any) -> None:
        match content:
            case {"type": "another"}:
                self.another()
            case _:
                super()._on_message(widget, content, buffers)

    def static_html(self) -> str:
        """The first three problems, each with less to be seen."""
        asked = Digits(self.digits, self.places)
        return "\n".join(
            f"<h2>Problem {number}</h2>\n"
            + stored(self._draw_problem(number), None, asked, fading(number))
            for number in range(1, len(HIDDEN) + 1)
        )

    def __repr__(self) -> str:
        title = self._derivation.title
        return f"PracticePlayer({title!r}, problem {self.problem}, {self.hide} blank)"


def fading(number: int) -> str:
    """What is blank in a problem of this number: more each time.

    >>> [fading(number) for number in (1, 2, 3, 4)]
    ['result', 'numbers', 'formula', 'formula']
    """
    return HIDDEN[min(number, len(HIDDEN)) - 1]
