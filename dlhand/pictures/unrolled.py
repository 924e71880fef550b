"""A recurrent cell unrolled over time: one copy of it for each step, from left to right.

The time steps are the sections of the derivation that end in "@ t=1", "@ t=2" ..., as
`dlhand.calculators.recurrent` has them. What a cell hands to the next stands at the arrow between
them; below a cell comes in what belongs to its time alone, above it comes out what follows from
its state. The weights, which all cells share, stand once, below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.errors import FormulaError
from dlhand.numbers.digits import AnyDigits, Digits
from dlhand.pictures import flow, spelling
from dlhand.pictures.canvas import (
    BACKWARD,
    CLEAR,
    FAINT,
    FORWARD,
    INK,
    LINE,
    SHADE,
    SMALL,
    Canvas,
    Now,
    width,
)
from dlhand.pictures.labels import Labels
from dlhand.render import text
from dlhand.render.names import text as in_words
from dlhand.render.parts import prose
from dlhand.render.picture import Moment, Picture

_TIME = re.compile(r"(\w+) @ t=(-?\d+)(.*)\Z")
_NAME = re.compile(r"(.+)_(-?\d+)'*\Z")
_PAD = 9.0
_STEM = 26.0
"""The length of the arrows into a cell and out of it."""
_STATE = 52.0
"""From one state to the next below it."""
_HEAD = 28.0
_NEW = " with the new weights"


def unrolled(
    d: Derivation,
    *,
    again: bool = False,
    current: str | None = None,
    so_far: bool = False,
    digits: AnyDigits = None,
) -> Picture:
    """A recurrent network unrolled over time, with all values and gradients.

    With ``again`` the second pass, which has the new weights. The step ``current`` is lit; with
    ``so_far``, numbers that come after it are left out.

    Raises `FormulaError` for a derivation without time steps, `UnknownName` for a name that does
    not exist.

    >>> from dlhand.calculators.recurrent import rnn
    >>> print(unrolled(rnn([2], {"W_xh": "0.5", "W_hh": 1}, h=-1)))
    Unrolled over time: A recurrent network. Before: h₀ = −1. Time 1: x₁ = 2; \
z₁ = W_hh · h₀ + W_xh · x₁ = 1 · (−1) + 0.5 · 2 = 0; h₁ = tanh(z₁) = tanh(0) = 0. \
Shared by the time steps: W_xh = 0.5; W_hh = 1.
    """
    return _Unrolled(d, again, Digits.of(digits)).picture(flow.now(d, current, so_far))


class _Cell(NamedTuple):
    """One time step."""

    time: int
    before: dict[str, Entry]
    """The states that come in, by their name without a time."""
    states: dict[str, Entry]
    inside: list[Entry]
    inputs: list[Entry]
    outputs: list[Entry]


def _cells(d: Derivation, again: bool) -> tuple[list[_Cell], list[Entry]]:
    """The time steps, and what they share."""
    sections: dict[int, list[Entry]] = {}
    for title, entries in d.sections():
        match = _TIME.match(title)
        if match and match[1] != "Backward" and match[3] == (_NEW if again else ""):
            steps = [entry for entry in entries if entry.kind == "step"]  # type: ignore[attr-defined]
            sections.setdefault(int(match[2]), []).extend(steps)
    if not sections:
        raise FormulaError(
            f"{d.title!r} has no time steps{_NEW if again else ''}; wanted a derivation as rnn(), "
            "lstm() or gru() of dlhand.calculators.recurrent give it"
        )
    own = {step for steps in sections.values() for step in steps}
    bases = {
        base
        for t, steps in sections.items()
        for base in _at(steps, t)
        if base in _at(_used(d, steps), t - 1)
    }
    cells = [_cell(d, t, sections[t], bases) for t in sorted(sections)]
    for cell in cells:
        own.update([*cell.before.values(), *cell.inputs, *cell.outputs])
    shared = {q for steps in sections.values() for q in _used(d, steps)} - own
    return cells, sorted(shared, key=lambda entry: entry.index)


def _at(entries: Iterable[Entry], t: int) -> dict[str, Entry]:
    """The entries of a time, by their name without it."""
    return {base: entry for entry in entries for base, time in [_timed(entry)] if time == t}


def _timed(entry: Entry) -> tuple[str, int | None]:
    """A name without its time, and the time."""
    match = _NAME.match(entry.name)
    return (match[1], int(match[2])) if match else (entry.name, None)


def _used(d: Derivation, steps: Iterable[Entry]) -> list[Entry]:
    return list(dict.fromkeys(d[leaf] for step in steps for leaf in flow.leaves(step)))


def _cell(d: Derivation, t: int, steps: list[Entry], bases: set[str]) -> _Cell:
    states = {base: step for base, step in _at(steps, t).items() if base in bases}
    before = {base: q for base, q in _at(_used(d, steps), t - 1).items() if base in bases}
    leading = set(states.values())
    for step in reversed(steps):
        if step in leading:
            leading.update(_used(d, [step]))
    inside = [step for step in steps if step in leading and step not in states.values()]
    inputs = [q for q in _at(_used(d, [*inside, *states.values()]), t).values() if q not in steps]
    outputs = [step for step in steps if step not in leading and _timed(step)[1] != t + 1]
    targets = [q for q in _at(_used(d, outputs), t).values() if q not in (*steps, *inputs)]
    return _Cell(t, before, states, inside, inputs, [*targets, *outputs])


class _Table(NamedTuple):
    """The widths of symbols, values and gradients that stand in columns."""

    symbol: float
    value: float
    gradient: float

    @property
    def wide(self) -> float:
        """The whole width."""
        return self.symbol + _PAD + self.value + (self.gradient + 2 * _PAD if self.gradient else 0)


class _Unrolled:
    """An unrolled network that is laid out, to be drawn at any moment."""

    def __init__(self, d: Derivation, again: bool, digits: Digits) -> None:
        self.d = d
        self.digits = digits
        self.cells, self.shared = _cells(d, again)
        self.labels = Labels(d, None if again else flow.the_loss(d, None), digits)
        self.table = self._table([e for c in self.cells for e in (*c.inside, *c.outputs)])
        self.names = list(
            dict.fromkeys(base for c in self.cells for base in [*c.before, *c.states])
        )
        states = [e for c in self.cells for e in (*c.before.values(), *c.states.values())]
        inputs = [e for c in self.cells for e in c.inputs]
        self.between = self._widest(states) + 3 * _PAD
        self.wide = max(self.table.wide + 2 * _PAD, self._widest(inputs))
        rows = max(len(c.inside) for c in self.cells) * LINE
        self.high = _HEAD + max(rows, len(self.names) * _STATE) + _PAD

    def _table(self, entries: list[Entry]) -> _Table:
        gradients = [self.labels.gradient(entry) for entry in entries]
        return _Table(
            max((width(spelling.symbol(entry.name)) for entry in entries), default=0),
            max((width(self.labels.value(entry).text, SMALL) for entry in entries), default=0),
            max((width(label.text, SMALL) for label in gradients if label), default=0),
        )

    def _widest(self, entries: list[Entry]) -> float:
        """The most room that one of these takes up at an arrow."""
        gradients = [label for entry in entries if (label := self.labels.gradient(entry))]
        widths = [self._pair(entry) for entry in entries]
        return max([*widths, *[width(label.text, SMALL) for label in gradients]], default=0)

    def _pair(self, entry: Entry) -> float:
        """The width of a symbol with its value."""
        return width(_equal(entry)) + width(self.labels.value(entry).text, SMALL)

    def moments(self) -> Iterator[Moment]:
        """The steps that are seen: forward through time, then back."""
        shown: set[Entry] = set()
        for cell in self.cells:
            own = [*cell.inside, *cell.states.values(), *cell.outputs]
            shown.update([*own, *self._gradients([*own, *cell.before.values(), *cell.inputs])])
        shown.update(self._gradients(self.shared))
        return flow.moments(self.d, shown, self.digits)

    def _gradients(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            label = self.labels.gradient(entry)
            if label is not None and label.step is not None:
                yield label.step

    # Drawing

    def picture(self, now: Now) -> Picture:
        """The network at a moment."""
        canvas = Canvas(now)
        for n, cell in enumerate(self.cells):
            x = n * (self.wide + self.between)
            self._draw_cell(canvas, cell, x)
            for base, entry in cell.before.items():
                self._draw_state(canvas, base, entry, x - self.between)
        last = self.cells[-1]
        for base, entry in last.states.items():
            x = len(self.cells) * (self.wide + self.between) - self.between
            self._draw_state(canvas, base, entry, x)
        self._draw_shared(canvas)
        legend = [("the value", FORWARD)]
        if self.labels.gradients.steps:
            legend.append(("the gradient of the loss with respect to it", BACKWARD))
        canvas.legend(legend)
        title = f"Unrolled over time: {prose(self.d, self.d.title)}"
        return canvas.picture(title, self._facts(now), self.moments)

    def _draw_cell(self, canvas: Canvas, cell: _Cell, x: float) -> None:
        canvas.box(x, 0, self.wide, self.high, fill=SHADE, stroke=INK, round=8)
        middle = x + self.wide / 2
        canvas.text(middle, _HEAD / 2, f"t = {cell.time}".replace("-", "−"), colour=FAINT)
        for k, entry in enumerate(cell.inside):
            self._draw_row(canvas, entry, x + _PAD, _HEAD + LINE * (k + 0.5))
        if cell.outputs:
            self._draw_stem(
                canvas, cell.states.values(), cell.outputs, [(middle, 0), (middle, -_STEM)]
            )
            top = -_STEM - LINE * len(cell.outputs)
            for k, entry in enumerate(reversed(cell.outputs)):
                self._draw_row(canvas, entry, x + _PAD, top + LINE * (k + 0.5) - 3)
        if cell.inputs:
            ends = [(middle, self.high + _STEM), (middle, self.high)]
            self._draw_stem(canvas, cell.inputs, [*cell.inside, *cell.states.values()], ends)
        for k, entry in enumerate(cell.inputs):
            self._draw_input(canvas, entry, middle, self.high + _STEM + 11 + 40 * k)

    def _draw_stem(
        self,
        canvas: Canvas,
        sources: Collection[Entry],
        users: Iterable[Entry],
        ends: Sequence[tuple[float, float]],
    ) -> None:
        """The arrow from some quantities to the steps that use them."""
        uses = {user: [leaf for leaf in flow.leaves(user) if leaf in sources] for user in users}
        used = [source for source in sources if any(source in found for found in uses.values())]
        with canvas.part(
            forward=[user.name for user, found in uses.items() if found],
            backward=[gradient.name for gradient in self._gradients(used)],
        ):
            canvas.line(ends, head=True)

    def _draw_row(self, canvas: Canvas, entry: Entry, x: float, y: float) -> None:
        """A quantity on a line of its own: symbol, value and gradient below those of others."""
        symbol, value, _ = self.table
        beside = x + symbol + _PAD
        with canvas.part(lit=[entry.name]):
            canvas.box(x - 3, y - LINE / 2, self.table.wide + 6, LINE, fill=CLEAR, stroke="none")
            canvas.text(x, y, spelling.symbol(entry.name), anchor="start")
            self.labels.draw(canvas, self.labels.value(entry), (beside, y), FORWARD, ground="")
        label = self.labels.gradient(entry)
        if label is not None:
            self.labels.draw(canvas, label, (beside + value + 2 * _PAD, y), BACKWARD)

    def _draw_pair(self, canvas: Canvas, entry: Entry, x: float, y: float) -> None:
        """A symbol with its value, from x on."""
        at = (x + width(_equal(entry)), y)
        with canvas.part(lit=[entry.name]):
            wide = self._pair(entry) + 6
            canvas.box(x - 3, y - LINE / 2, wide, LINE, fill=CLEAR, stroke="none")
            canvas.text(x, y, _equal(entry).rstrip(), anchor="start")
            self.labels.draw(canvas, self.labels.value(entry), at, FORWARD, ground="")

    def _draw_input(self, canvas: Canvas, entry: Entry, x: float, y: float) -> None:
        self._draw_pair(canvas, entry, x - self._pair(entry) / 2, y)
        label = self.labels.gradient(entry)
        if label is not None:
            self.labels.draw(canvas, label, (x, y + LINE), BACKWARD, anchor="middle")

    def _draw_state(self, canvas: Canvas, base: str, entry: Entry, x: float) -> None:
        """The arrow of a state: value above, gradient below."""
        y = _HEAD + _STATE * (self.names.index(base) + 0.5)
        label = self.labels.gradient(entry)
        back = [step.name for step in self._gradients([entry])]
        with canvas.part(forward=[entry.name], backward=back):
            canvas.line([(x, y), (x + self.between, y)], head=True)
        middle = x + self.between / 2
        self._draw_pair(canvas, entry, middle - self._pair(entry) / 2, y - 12)
        if label is not None:
            self.labels.draw(canvas, label, (middle, y + 12), BACKWARD, anchor="middle")

    def _draw_shared(self, canvas: Canvas) -> None:
        """What all cells share, side by side below them."""
        if not self.shared:
            return
        gradients = {entry: self.labels.gradient(entry) for entry in self.shared}
        behind = max(self._pair(entry) for entry in self.shared) + _PAD
        wide = behind + max(width(g.text, SMALL) if g else 0 for g in gradients.values()) + 2 * _PAD
        across = max(1, int((canvas.right + 2 * _PAD) / wide))
        y = canvas.bottom + 2 * LINE
        canvas.text(0, y, "Shared by the time steps:", size=SMALL, colour=FAINT, anchor="start")
        for n, (entry, gradient) in enumerate(gradients.items()):
            at = (n % across * wide, y + (n // across + 1) * LINE)
            self._draw_pair(canvas, entry, *at)
            if gradient is not None:
                self.labels.draw(canvas, gradient, (at[0] + behind, at[1]), BACKWARD)

    # In words

    def _facts(self, now: Now) -> Iterator[str]:
        for name in now.lit:
            yield f"Current step: {in_words(name)}."
        before = list(self.cells[0].before.values())
        if before:
            yield f"Before: {'; '.join(self._in_words(entry, now) for entry in before)}."
        for cell in self.cells:
            own = [*cell.inputs, *cell.inside, *cell.states.values(), *cell.outputs]
            said = "; ".join(self._in_words(entry, now) for entry in own)
            yield f"Time {cell.time}: {said}."
        if self.shared:
            said = "; ".join(self._in_words(entry, now) for entry in self.shared)
            yield f"Shared by the time steps: {said}."

    def _in_words(self, entry: Entry, now: Now) -> str:
        if not now.has(entry.name):
            return f"{in_words(entry.name)} is still to come"
        said = text.line(self.d, entry, digits=self.digits)
        label = self.labels.gradient(entry)
        if label is None or not now.has(self.labels.since(label)):
            return said
        return f"{said}, gradient {self.labels.in_words(label)}"


def _equal(entry: Entry) -> str:
    return f"{spelling.symbol(entry.name)} = "
