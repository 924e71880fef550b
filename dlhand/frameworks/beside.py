"""Steps of a derivation beside the same values in the frameworks, compared digit by digit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.errors import Disagreement, UnknownName
from dlhand.examples import load
from dlhand.frameworks.listing import FRAMEWORKS, givens_of, listing
from dlhand.numbers.digits import DEFAULT_DIGITS, Digits, Shown, magnitude, round_half_up, write
from dlhand.render.names import text as symbol
from dlhand.render.writers import TEXT

if TYPE_CHECKING:
    from dlhand.numbers.real import Real

__all__ = ["Beside", "beside"]


class Beside:
    """The values of some steps by hand and in each framework, all to the same digits.

    A notebook shows them as a table, `print` as text.
    """

    def __init__(self, title: str, rows: Sequence[tuple[str, dict[str, str]]], digits: int) -> None:
        self.title = title
        self.rows = rows
        self.digits = digits

    @property
    def verdict(self) -> str:
        """What was compared; that there is such an object at all says that it agrees."""
        return f"The same {self.digits} digits by hand, in {' and in '.join(FRAMEWORKS.values())}."

    def __repr__(self) -> str:
        lines = [self.title]
        for name, cells in self.rows:
            lines += [name, *(f"  {column:<9}{value}" for column, value in cells.items())]
        return "\n".join([*lines, self.verdict])

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        columns = list(self.rows[0][1])
        table = [["step", *columns], ["---"] * (len(columns) + 1)]
        table += [[f"`{name}`", *(f"`{v}`" for v in cells.values())] for name, cells in self.rows]
        lines = [f"| {' | '.join(cells)} |" for cells in table]
        shown = "\n".join([f"**{self.title}**", "", *lines, "", self.verdict])
        return {"text/markdown": shown, "text/plain": repr(self)}


def beside(example: str, *steps: str, digits: int = DEFAULT_DIGITS) -> Beside:
    """Run the listings of an example and set its steps beside what they find.

    Each number of a framework is rounded at the place of the last of the true value's ``digits``
    significant digits. Raises `Disagreement` where it is then another number than that value,
    rounded, and `UnknownName` for a step that a listing does not find.
    """
    d = load(example)
    givens = givens_of(d)
    columns = {title: listing(example, key).run(givens) for key, title in FRAMEWORKS.items()}
    rows = []
    for step in steps:
        reals = d.evaluation.reals(d[step].index)
        cells = {"by hand": _spelled([_decimal(real, digits) for real in reals], d[step].shape)}
        for title, found in columns.items():
            if step not in found:
                raise UnknownName(f"the code of {example!r} for {title} finds no step {step!r}")
            numbers = list(
                _checked(f"{symbol(step)} in {title}", reals, found[step].ravel(), digits)
            )
            cells[title] = _spelled(numbers, d[step].shape)
        rows.append((symbol(step), cells))
    return Beside(d.title, rows, digits)


def _checked(
    what: str, reals: Sequence[Real], numbers: Sequence[float], digits: int
) -> Iterator[str]:
    """The numbers as the true values are written. Raises `Disagreement` where one differs."""
    if len(reals) != len(numbers):
        raise Disagreement(f"{what}: {len(numbers)} numbers came; wanted: {len(reals)}")
    for real, number in zip(reals, numbers, strict=True):
        places = _places(float(real), digits)
        found = write(round_half_up(Fraction(float(number)), places))
        wanted = real.places(places)
        if Fraction(found) != Fraction(wanted):
            raise Disagreement(f"{what}: {found} came; by hand it is {wanted}")
        yield _decimal(real, digits)


def _places(value: float, digits: int) -> int:
    """Where the last of the significant digits stands; of 0, as of a number from 1 on."""
    return digits - 1 - (magnitude(Fraction(value)) if value else 0)


def _decimal(real: Real, digits: int) -> str:
    shown: Shown = real.shown(Digits(digits))
    return real.digits(digits) if "/" in shown.text else shown.text


def _spelled(numbers: Sequence[str], shape: tuple[int, ...]) -> str:
    spelled = [TEXT.number(number, 0) for number in numbers]
    return TEXT.array(spelled, shape) if shape else spelled[0]
