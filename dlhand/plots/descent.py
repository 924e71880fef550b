"""How training goes: the loss from step to step, and the way of the parameters over the loss.

A run is a derivation as `optimise` and `train` of `dlhand.calculators` give it: a loss called J_0,
J_1, ... or E, E', ..., each with its gradients, and parameters that are called alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle
from typing import Any

from dlhand.derivation.entries import Entry, Gradient
from dlhand.derivation.model import Derivation
from dlhand.derivation.replay import replay
from dlhand.errors import GivenError, ShapeError
from dlhand.plots.figure import COLOURS, MARKERS, RULE, number, picture
from dlhand.render.names import text as in_words
from dlhand.render.picture import Picture

_ACROSS = 41
"""Points of the loss in each direction."""
_LEVELS = 14


def loss_over_steps(
    *runs: Derivation, logarithmic: bool = False, **labelled: Derivation
) -> Picture:
    """The loss of one or more runs after each step, with titles or names of your own as labels.

    With ``logarithmic`` each line of the grid is ten times the one below it.

    Raises `GivenError` for no run at all, and for a derivation without gradients of a loss.

    >>> from dlhand import optimise
    >>> loss_over_steps(sgd=optimise(lambda q: q**2, {"Q": 1}, steps=2))
    The loss from step to step. sgd: J is 1, 0.64, 0.41 after 0 to 2 steps.
    """
    named = _named(runs, labelled)
    losses = {label: _losses(d) for label, d in named.items()}
    words = [
        f"{label}: {_base(_first_loss(d))} is {', '.join(map(number, losses[label]))} after "
        f"0 to {len(losses[label]) - 1} steps."
        for label, d in named.items()
    ]

    def draw(axes: list[Any]) -> None:
        for (label, numbers), look in zip(losses.items(), _looks(), strict=False):
            axes[0].plot(numbers, label=label, **look)
        axes[0].set(xlabel="steps", ylabel="loss", yscale="log" if logarithmic else "linear")
        axes[0].xaxis.get_major_locator().set_params(integer=True)
        _label_beside(axes[0])

    return picture("The loss from step to step", " ".join(words), 1, draw, wide=6)


def optimiser_paths(*runs: Derivation, **labelled: Derivation) -> Picture:
    """The ways of two parameters over the lines of equal loss, one way for each run.

    The runs have the same loss and two parameters (or one vector of two); the loss around their
    ways is that of the first run.

    Raises `GivenError` for no run at all, and for a derivation without gradients of a loss,
    `ShapeError` for other than two parameters.

    >>> from dlhand import optimise
    >>> bowl = lambda x, y: x**2 / 2 + 2 * y**2
    >>> optimiser_paths(sgd=optimise(bowl, {"x": 3, "y": 1}, steps=2))
    Ways over the loss. sgd: from (3, 1) to (2.43, 0.36) in 2 steps; the loss goes from 6.5 to 3.21.
    """
    ways = {label: _Way(d) for label, d in _named(runs, labelled).items()}
    words = [f"{label}: {way.in_words()}" for label, way in ways.items()]
    first = next(iter(ways.values()))
    places = [place for way in ways.values() for place in way.places]
    xs, ys = (_around(numbers) for numbers in zip(*places, strict=True))
    surface = [[first.loss_at(x, y) for x in xs] for y in ys]

    def draw(axes: list[Any]) -> None:
        axes[0].contour(xs, ys, surface, levels=_levels(surface), colors=RULE, linewidths=0.9)
        for (label, way), look in zip(ways.items(), _looks(), strict=False):
            axes[0].plot(*zip(*way.places, strict=True), label=label, **look)
        axes[0].plot(*first.places[0], marker="o", color="black", markersize=7, zorder=3)
        axes[0].set(xlabel=first.names[0], ylabel=first.names[1])
        _label_beside(axes[0])

    return picture("Ways over the loss", " ".join(words), 1, draw, wide=6)


class _Way:
    """The places of the two parameters of a run, and the loss at any place."""

    def __init__(self, d: Derivation) -> None:
        self.d = d
        self.loss = _first_loss(d)
        self.parameters = [
            d[entry.wrt]
            for entry in d.entries
            if isinstance(entry, Gradient) and entry.loss is self.loss
            if len(_series(d, d[entry.wrt])) > 1
        ]
        shapes = [parameter.shape for parameter in self.parameters]
        if shapes not in ([(), ()], [(2,)]):
            raise ShapeError(
                f"{d.title!r} has parameters of shapes {shapes}; wanted two numbers, or one vector "
                "of two"
            )
        self.is_vector = len(shapes) == 1
        rounds = zip(*(_series(d, parameter) for parameter in self.parameters), strict=True)
        self.places = [self._place(entries) for entries in rounds]
        bases = [_base(parameter) for parameter in self.parameters]
        self.names = [f"{bases[0]}₁", f"{bases[0]}₂"] if self.is_vector else bases
        self._replay = replay(d, self.loss.name)

    def _place(self, entries: Sequence[Entry]) -> tuple[float, float]:
        x, y = (real for entry in entries for real in self.d.evaluation.reals(entry.index))
        return float(x), float(y)

    def loss_at(self, x: float, y: float) -> float:
        """The loss where the parameters have other values."""
        names = [parameter.name for parameter in self.parameters]
        changes = {names[0]: [x, y]} if self.is_vector else dict(zip(names, (x, y), strict=True))
        return float(self._replay(**changes)[self.loss.name])

    def in_words(self) -> str:
        """Where it leads from and to."""
        start, end = (f"({number(x)}, {number(y)})" for x, y in (self.places[0], self.places[-1]))
        losses = _losses(self.d)
        return (
            f"from {start} to {end} in {len(self.places) - 1} steps; the loss goes from "
            f"{number(losses[0])} to {number(losses[-1])}."
        )


def _named(runs: Iterable[Derivation], labelled: Mapping[str, Derivation]) -> dict[str, Derivation]:
    named = {run.title: run for run in runs} | dict(labelled)
    if not named:
        raise GivenError("no run is named; wanted at least one derivation")
    return named


def _first_loss(d: Derivation) -> Entry:
    """The loss whose gradients come first."""
    for entry in d.entries:
        if isinstance(entry, Gradient):
            return d[entry.loss]
    raise GivenError(f"{d.title!r} has no gradients; wanted a derivation of some training steps")


def _base(entry: Entry) -> str:
    """What an entry is called whatever the step."""
    return in_words(entry.name.removesuffix("_0"))


def _series(d: Derivation, first: Entry) -> list[Entry]:
    """An entry and those that take its place after 1, 2, ... steps: J_0, J_1, ... or E, E', ..."""
    found, base = [first], first.name.removesuffix("_0")
    while names := [n for n in (f"{base}_{len(found)}", base + "'" * len(found)) if n in d]:
        found.append(d[names[0]])
    return found


def _losses(d: Derivation) -> list[float]:
    return [float(d.value(loss)) for loss in _series(d, _first_loss(d))]


def _around(numbers: Sequence[float]) -> list[float]:
    """Points from a little below the least number to a little above the largest."""
    low, high = min(numbers), max(numbers)
    margin = 0.15 * (high - low) or 1.0
    low, apart = low - margin, (high - low + 2 * margin) / (_ACROSS - 1)
    return [low + apart * k for k in range(_ACROSS)]


def _levels(surface: Sequence[Sequence[float]]) -> list[float]:
    """Losses to draw a line for, closer together where they are small."""
    low, high = min(map(min, surface)), max(map(max, surface))
    return [low + (high - low) * ((k + 0.5) / _LEVELS) ** 2 for k in range(_LEVELS)]


def _looks() -> Iterator[dict[str, Any]]:
    """How one line after the other is drawn."""
    for colour, marker in zip(cycle(COLOURS), cycle(MARKERS), strict=False):
        yield {"color": colour, "marker": marker, "markersize": 4, "linewidth": 1.4}


def _label_beside(axes: Any) -> None:
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=9)
