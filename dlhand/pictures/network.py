"""A layered network: units with their values, and the weights on the lines between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from dlhand.derivation.entries import Entry, Gradient
from dlhand.derivation.model import Derivation
from dlhand.derivation.walk import ancestors
from dlhand.errors import FormulaError, ShapeError
from dlhand.numbers.digits import AnyDigits, Digits
from dlhand.operations.quantity import Leaf
from dlhand.pictures import flow, spelling, wiring
from dlhand.pictures.canvas import (
    CLEAR,
    FAINT,
    FORWARD,
    INK,
    PAPER,
    SHADE,
    SMALL,
    Canvas,
    Now,
    width,
)
from dlhand.pictures.wiring import Biases, Unit, Weights
from dlhand.render.parts import prose
from dlhand.render.picture import Moment, Picture

MOST_UNITS = 16
"""Of a layer; more lines than that between two layers cannot be told apart."""
_LABEL = 19.0
"""From one weight to the next below it."""
_HIGH = 42.0
_LEAST_SLOPE = 170.0
"""The room between two layers, beside that for the weights."""

Layers = Sequence[str | Sequence[str]]
Wires = Mapping[tuple[str, str], str] | Sequence[str]


def network(
    d: Derivation,
    layers: Layers,
    weights: Wires | None = None,
    *,
    current: str | None = None,
    so_far: bool = False,
    digits: AnyDigits = None,
) -> Picture:
    """A network of layers, each the name of a vector or a list of the names of single numbers.

    The weights follow from the formulas. Where they are to be others, ``weights`` has the name of
    each by the pair of units that it joins, such as {("x1", "h1"): "w1"}, or the names of the
    matrices, one for each two layers that follow each other, with a row for each unit of the later
    one. What the step ``current`` is about is lit: a unit, or the gradient of a unit or weight.
    With ``so_far``, values that come after it are left out.

    Raises `ShapeError` for layers or matrices that do not fit, `FormulaError` where no weights
    are found between two layers, `UnknownName` for a name that does not exist.

    >>> d = Derivation("Two inputs")
    >>> x1, x2, w1, w2, b = d.givens(x1=1, x2=2, w1=3, w2="0.5", b=-1)
    >>> y = d.step("y", w1 * x1 + w2 * x2 + b)
    >>> print(network(d, [["x1", "x2"], ["y"]]))
    Network: Two inputs. Layer 1: x₁ = 1, x₂ = 2. Layer 2: y = 3, bias b = −1. Weights: \
from x₁ to y w₁ = 3, from x₂ to y w₂ = 0.5.
    """
    return _Network(d, layers, weights, Digits.of(digits)).picture(flow.now(d, current, so_far))


class _Network:
    """A network with the places of its units, to be drawn at any moment."""

    def __init__(
        self, d: Derivation, layers: Layers, weights: Wires | None, digits: Digits
    ) -> None:
        if len(layers) < 2:
            raise ShapeError(f"layers has {len(layers)} entries; wanted at least two")
        self.d = d
        self.digits = digits
        self.layers = [wiring.layer(d, names) for names in layers]
        for k, units in enumerate(self.layers):
            if not 1 <= len(units) <= MOST_UNITS:
                raise ShapeError(
                    f"layer {k + 1} has {len(units)} units; wanted 1 to {MOST_UNITS} to draw"
                )
        self.weights: list[Weights] = []
        self.biases: Biases = {}
        for k in range(len(self.layers) - 1):
            self._wire(k, weights)
        self.forward, self.backward = self._steps_by_part()
        self.beside = self._steps_beside()
        self.place = self._places()

    def _wire(self, k: int, weights: Wires | None) -> None:
        d, before, after = self.d, self.layers[k], self.layers[k + 1]
        found, biases = wiring.found(d, before, after)
        if isinstance(weights, Mapping):
            found = {
                (a, b): Unit(d[weights[pair]])
                for a in before
                for b in after
                if (pair := (a.entry.name, b.entry.name)) in weights
            }
        elif weights is not None:
            if len(weights) != len(self.layers) - 1:
                raise ShapeError(
                    f"weights has {len(weights)} matrices; wanted {len(self.layers) - 1}, one for "
                    "each two layers that follow each other"
                )
            found = wiring.from_matrix(d, weights[k], before, after)
        found = {pair: w for pair, w in found.items() if pair[0] in before}
        if not found:
            raise FormulaError(
                f"no weights are seen between layer {k + 1} and layer {k + 2}; wanted a product of "
                "a weight and a unit in the formulas, or their names as weights="
            )
        self.weights.append(found)
        self.biases |= biases

    def _steps_behind_units(self) -> dict[Entry, Entry]:
        """For each step on the way to a unit, such as a weighted sum, that unit's entry."""
        own = {unit.entry for units in self.layers for unit in units}
        behind: dict[Entry, Entry] = {}
        ends = {*own, *self.d.given_entries}

        def before(step: Entry) -> set[Leaf]:
            return {*step.uses} - ends - behind.keys()

        for entry in sorted(own, key=lambda entry: entry.index):
            for step in ancestors(self.d.entries, entry.index, before):
                behind.setdefault(step, entry)
        return behind

    def _steps_by_part(self) -> tuple[dict[Entry, list[str]], dict[Entry, list[str]]]:
        """For each unit the steps that lead to it; for each unit and weight its gradients."""
        behind = self._steps_behind_units()
        forward: dict[Entry, list[str]] = {}
        backward: dict[Entry, list[str]] = {}
        for step, unit in behind.items():
            forward.setdefault(unit, []).append(step.name)
        for entry in self.d.entries:
            if isinstance(entry, Gradient):
                about = self.d[entry.wrt]
                backward.setdefault(behind.get(about, about), []).append(entry.name)
        return forward, backward

    def _lit(self, entry: Entry) -> list[str]:
        """The steps at which a unit, weight or bias is lit; the first is itself."""
        found = (steps.get(entry, ()) for steps in (self.forward, self.backward, self.beside))
        return list(dict.fromkeys([entry.name, *chain(*found)]))

    def _steps_beside(self) -> dict[Entry, list[str]]:
        """For each unit, weight and bias the other steps that are about it.

        An error, a local slope and an update are about whatever is drawn of what they come from.
        """
        drawn = {entry: {unit} for entry, unit in self._steps_behind_units().items()}
        drawn |= {entry: {entry} for entry in self._shown()}
        lit = set(chain(*self.forward.values(), *self.backward.values()))
        beside: dict[Entry, list[str]] = {}
        for step, parts in flow.about(self.d, drawn).items():
            if step not in drawn and step.name not in lit:
                for part in parts:
                    beside.setdefault(part, []).append(step.name)
        return beside

    def _shown(self) -> set[Entry]:
        """What is drawn: units, weights and biases."""
        shown = {unit.entry for units in self.layers for unit in units}
        shown |= {w.entry for found in self.weights for w in found.values()}
        return shown | {b.entry for b in self.biases.values()}

    def moments(self) -> Iterator[Moment]:
        """The steps at which something is lit."""
        names = {name for entry in self._shown() for name in self._lit(entry)}
        return flow.moments(self.d, {self.d[name] for name in names}, self.digits)

    # Places

    def _places(self) -> dict[Unit, tuple[float, float]]:
        """The middle of each unit: layers from left to right, each centred."""
        pitch = _HIGH + (26 if self.biases else 12)
        for before, after in zip(self.layers, self.layers[1:], strict=False):
            pitch = max(pitch, (min(len(before), len(after)) + 1) * _LABEL)
        self.pitch = pitch
        self.wide = 2 * 8 + max(
            max(width(self._symbol(unit)), width(self._value(unit), SMALL))
            for units in self.layers
            for unit in units
        )
        place, x = {}, 0.0
        for k, units in enumerate(self.layers):
            for n, unit in enumerate(units):
                place[unit] = (x, pitch * (n - (len(units) - 1) / 2))
            if k < len(self.weights):
                labels = [width(self._weight(w), SMALL) for w in self.weights[k].values()]
                spread = pitch * max(len(units), len(self.layers[k + 1]))
                x += self.wide + max(labels) + max(_LEAST_SLOPE, 0.8 * spread)
        return place

    def _label_at(self, k: int, pair: tuple[Unit, Unit]) -> tuple[float, float]:
        """Where the weight of a line stands.

        All weights between two layers stand below each other, where the lines are as far apart as
        they can be: close to the larger layer, whose units each have few lines.
        """
        n, m = len(self.layers[k]), len(self.layers[k + 1])
        part = 1 / (m + 1) if n >= m else n / (n + 1)
        (x0, y0), (x1, y1) = (self.place[unit] for unit in pair)
        x0, x1 = x0 + self.wide / 2, x1 - self.wide / 2
        return x0 + part * (x1 - x0), y0 + part * (y1 - y0)

    # Spelling

    def _symbol(self, unit: Unit) -> str:
        name = unit.entry.name
        return spelling.entry_symbol(name, *unit.at) if unit.at else spelling.symbol(name)

    def _value(self, unit: Unit) -> str:
        shown = self.d.evaluation.shown(unit.entry.index, self.digits)
        return spelling.number(shown[unit.position] if unit.at else shown)

    def _weight(self, unit: Unit) -> str:
        return f"{self._symbol(unit)} = {self._value(unit)}"

    # Drawing

    def picture(self, now: Now) -> Picture:
        """The network at a moment."""
        canvas = Canvas(now)
        lines = [(k, pair) for k, found in enumerate(self.weights) for pair in found]
        for k, pair in lines:
            self._draw_line(canvas, k, pair)
        for k, pair in lines:
            at = self._label_at(k, pair)
            self._draw_weight(canvas, self.weights[k][pair], at)
        for units in self.layers:
            for unit in units:
                self._draw_unit(canvas, unit)
        title = f"Network: {prose(self.d, self.d.title)}"
        return canvas.picture(title, self._facts(now), self.moments)

    def _draw_line(self, canvas: Canvas, k: int, pair: tuple[Unit, Unit]) -> None:
        """A line, along which something flows into a unit forward, and out of it back."""
        before, after = pair
        (x0, y0), (x1, y1) = self.place[before], self.place[after]
        with canvas.part(
            edge=[before.entry.name, after.entry.name],
            forward=self.forward[after.entry],
            backward=[
                *self.backward.get(before.entry, ()),
                *self.backward.get(self.weights[k][pair].entry, ()),
            ],
        ):
            canvas.line([(x0 + self.wide / 2, y0), (x1 - self.wide / 2, y1)], head=True)

    def _draw_weight(self, canvas: Canvas, weight: Unit, at: tuple[float, float]) -> None:
        with canvas.part(step=_since(weight), lit=self._lit(weight.entry)):
            canvas.text(*at, self._weight(weight), size=SMALL, ground=PAPER)

    def _draw_unit(self, canvas: Canvas, unit: Unit) -> None:
        x, y = self.place[unit]
        with canvas.part(lit=self._lit(unit.entry)):
            canvas.box(
                x - self.wide / 2, y - _HIGH / 2, self.wide, _HIGH,
                fill=SHADE if unit.entry.formula is not None else PAPER, stroke=INK,
                round=_HIGH / 2,
            )  # fmt: skip
            canvas.text(x, y - 9, self._symbol(unit))
            with canvas.part(step=_since(unit)):
                canvas.text(x, y + 9, self._value(unit), size=SMALL, colour=FORWARD)
        bias = self.biases.get(unit)
        if bias is not None:
            with canvas.part(lit=self._lit(bias.entry)):
                words = "+ " + self._weight(bias)
                at = (x, y + _HIGH / 2 + 11)
                canvas.text(*at, words, size=SMALL, colour=FAINT, ground=CLEAR)

    # In words

    def _facts(self, now: Now) -> Iterator[str]:
        for name in now.lit:
            yield f"Current step: {spelling.plain(spelling.symbol(name))}."
        for k, units in enumerate(self.layers, 1):
            yield f"Layer {k}: {', '.join(self._in_words(unit, now) for unit in units)}."
        said = [
            f"from {spelling.plain(self._symbol(a))} to {spelling.plain(self._symbol(b))} "
            + spelling.plain(self._weight(weight))
            for found in self.weights
            for (a, b), weight in found.items()
        ]
        yield f"Weights: {', '.join(said)}."

    def _in_words(self, unit: Unit, now: Now) -> str:
        if not now.has(_since(unit)):
            return f"{spelling.plain(self._symbol(unit))} still to come"
        said = spelling.plain(self._weight(unit))
        bias = self.biases.get(unit)
        return said if bias is None else f"{said}, bias {spelling.plain(self._weight(bias))}"


def _since(unit: Unit) -> str:
    """The step from which on a number is there; "" for a given, which always is."""
    return "" if unit.entry.formula is None else unit.entry.name
