"""Activations and losses as curves of one number, each with its derivative."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import cycle
from typing import Any, NamedTuple

from dlhand.calculators.activations import activation_of, loss_of
from dlhand.derivation.entries import Entry
from dlhand.errors import GivenError, NoDependence
from dlhand.numbers.exact import read_number
from dlhand.operations.quantity import Quantity, constant
from dlhand.plots.figure import COLOURS, DASHES, RULE, number, picture
from dlhand.render.names import text as in_words
from dlhand.render.parts import spell
from dlhand.render.picture import Picture
from dlhand.render.writers import TEXT
from dlhand.worked import Derivation

POINTS = 200
"""Of each curve: an even number, so that none is in the middle, where many have a kink."""


class Curve(NamedTuple):
    """A function of one number and its derivative, at some points, with their formulas."""

    label: str
    words: str
    xs: Sequence[float]
    ys: Sequence[float]
    slopes: Sequence[float]


def activation_curves(
    *names: str, low: Any = -5, high: Any = 5, **own: Callable[[Quantity], Quantity]
) -> Picture:
    """Activations from ``low`` to ``high``, each with its derivative, side by side.

    They are named as for a network ("sigmoid", "tanh", "relu" ...); functions of quantities of your
    own come with a name: softplus=lambda z: log(1 + exp(z)).

    Raises `UnknownName` for a name that is no activation, `GivenError` for none at all and for a
    range that has no length.

    >>> activation_curves("relu", low=-2, high=2)
    Activations and their derivatives. relu: a = ReLU(z) is 0 at −2, 0 at 0 and 2 at 2; \
its derivative [z > 0] is 0, 0 and 1.
    """
    functions = _some({name: activation_of(name).function for name in names} | own)
    xs = _range(low, high)
    curves = [_curve(name, ("z", "a"), f, xs) for name, f in functions.items()]

    def draw(axes: list[Any]) -> None:
        for one, curve in zip(axes, curves, strict=True):
            one.plot(curve.xs, curve.ys, color=COLOURS[0], linewidth=2, label=curve.label)
            one.plot(curve.xs, curve.slopes, color=COLOURS[1], ls="--", label="its derivative")
            _finish(one, curve.label, "z", curve)

    return picture("Activations and their derivatives", _in_words(curves), len(curves), draw)


def loss_curves(
    *names: str,
    target: Any = 1,
    low: Any = "0.05",
    high: Any = "0.95",
    **own: Callable[[Quantity, Quantity], Quantity],
) -> Picture:
    """Losses of one output with a ``target``, and beside them their derivatives.

    They are named as for a network ("half_squared_error", "binary_cross_entropy" ...); functions of
    output and target of your own come with a name. The output y goes from ``low`` to ``high``.

    Raises `UnknownName` for a name that is no loss, `GivenError` for a loss that takes scores, for
    none at all, and for a range that has no length.

    >>> loss_curves("half_squared_error", low=0, high=2)
    Losses and their derivatives. half squared error: L = sum((y − t)²) / 2 is 0.5 at 0, 0 at 1 \
and 0.5 at 2; its derivative y − t is −1, 0 and 1.
    """
    losses = {name: loss_of(name) for name in names}
    for name, loss in losses.items():
        if loss.of_scores:
            raise GivenError(f"{name} takes several scores; wanted a loss of one output")
    wanted = read_number(target, "target")
    functions = _some({name: loss.function for name, loss in losses.items()} | own)
    xs = _range(low, high)
    curves = [_curve(name, ("y", "L"), f, xs, wanted) for name, f in functions.items()]

    def draw(axes: list[Any]) -> None:
        for curve, colour, dash in zip(curves, cycle(COLOURS), cycle(DASHES), strict=False):
            axes[0].plot(curve.xs, curve.ys, color=colour, ls=dash, label=curve.label)
            axes[1].plot(curve.xs, curve.slopes, color=colour, ls=dash, label=curve.label)
        for one, title in zip(axes, ("the loss", "its derivative"), strict=True):
            _finish(one, f"{title} for the target {number(float(wanted))}", "output y", curves[0])

    return picture("Losses and their derivatives", _in_words(curves), 2, draw, wide=4)


def _range(low: Any, high: Any) -> list[float]:
    """The points from end to end."""
    start, end = float(read_number(low, "low")), float(read_number(high, "high"))
    if start >= end:
        raise GivenError(f"low is {low} and high is {high}; wanted low below high")
    return [start + (end - start) * k / (POINTS - 1) for k in range(POINTS)]


def _curve(
    label: str,
    names: tuple[str, str],
    f: Callable[..., Quantity],
    xs: Sequence[float],
    target: Fraction | None = None,
) -> Curve:
    """The curve of a function, from a derivation for one point; with a target, of a loss.

    ``names`` are those of the argument and of the value. A loss is of vectors, here with one entry.
    """
    label, (x, y) = label.replace("_", " "), names
    d = Derivation(label)

    def given(number: float) -> Any:
        return number if target is None else [number]

    arguments = [d.given(x, given(xs[0]))] + ([] if target is None else [d.given("t", [target])])
    formula = f(*arguments)
    out = d.step(y, formula[0] if formula.shape else formula)
    slope = _slope(d, out, arguments[0])
    replay = d.replay()

    def at(point: float) -> tuple[float, float]:
        row = replay(**{x: given(point)})
        return row[y], row["g"] if target is None else row["g"][0]

    some = (xs[0], (xs[0] + xs[-1]) / 2, xs[-1])
    said = [f"{number(at(point)[0])} at {number(point)}" for point in some]
    slopes = [number(at(point)[1]) for point in some]
    words = (
        f"{label}: {in_words(y)} = {_formula(d, out)} is {said[0]}, {said[1]} and {said[2]}; its "
        f"derivative {_formula(d, slope)} is {slopes[0]}, {slopes[1]} and {slopes[2]}."
    )
    values = [at(point) for point in xs]
    return Curve(label, words, xs, *zip(*values, strict=True))


def _slope(d: Derivation, out: Entry, x: Entry) -> Entry:
    """The derivative as a step called g; of a function that is flat everywhere it is 0."""
    try:
        found = d.backward(out, [x], names={x.name: "g"})[x]
    except NoDependence:
        found = constant(0) if x.shape == () else 0 * x
    return d["g"] if "g" in d else d.step("g", found)


def _formula(d: Derivation, entry: Entry) -> str:
    """The formula of a step in plain text; the number itself of a constant."""
    formula, _, result, _, _ = spell(d.evaluation, entry, TEXT)
    return formula or result


def _in_words(curves: Sequence[Curve]) -> str:
    return " ".join(curve.words for curve in curves)


def _finish(axes: Any, title: str, x: str, curve: Curve) -> None:
    """Title, axes through 0, and what the lines are."""
    axes.axhline(0, color=RULE, linewidth=0.8, zorder=0)
    if curve.xs[0] < 0 < curve.xs[-1]:
        axes.axvline(0, color=RULE, linewidth=0.8, zorder=0)
    axes.set(title=title, xlabel=x, xlim=(curve.xs[0], curve.xs[-1]))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), fontsize=9, ncols=2)


def _some(functions: dict[str, Any]) -> dict[str, Any]:
    if not functions:
        raise GivenError("no function is named; wanted at least one")
    return functions
