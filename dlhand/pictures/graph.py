"""The computational graph of a derivation, with values above and gradients below each line.

Each quantity is a box: a given with its name, a step with its formula too. A line leads from it to
the steps that use it; at its beginning stands the value above, and below it the gradient, where the
derivation has one. Where the derivation names local derivatives, each stands at the end of its
line: a gradient is the sum, over the lines that leave a box, of the gradient at the step where the
line ends times the local derivative there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.errors import FormulaError
from dlhand.numbers.digits import AnyDigits, Digits
from dlhand.pictures import flow, spelling
from dlhand.pictures.canvas import (
    BACKWARD,
    FORWARD,
    INK,
    LOCAL,
    PAPER,
    SHADE,
    SMALL,
    Canvas,
    Now,
    shortened,
    width,
)
from dlhand.pictures.labels import Label, Labels
from dlhand.pictures.layout import MOST_LANES, MOST_NODES, Edge, count_lanes, lay_out
from dlhand.render import text
from dlhand.render.names import text as in_words
from dlhand.render.parts import prose
from dlhand.render.picture import Moment, Picture

WIDEST_FORMULA = 190.0
_PAD = 8.0
_ARROW = 10.0
_GAP = 38.0
"""Between columns, where lines bend."""
_PORT = 15.0
"""From the end of one line at a box to that of the next."""


def graph(
    d: Derivation,
    steps: Sequence[str] | None = None,
    *,
    loss: str | None = None,
    current: str | None = None,
    so_far: bool = False,
    digits: AnyDigits = None,
) -> Picture:
    """The computational graph of all that leads to the loss, or of the ``steps`` named.

    Without a backward pass it shows all steps. ``loss`` is needed only where a derivation has
    several and not the last is meant. The step ``current`` is lit; with ``so_far``, numbers that
    come after it are left out. Numbers have ``digits`` significant digits (5 if nothing is said).

    Raises `UnknownName` for a name that does not exist, `FormulaError` where there is no step, or
    where there are more boxes and lines than can be drawn: some hundred of them.

    >>> d = Derivation("A product")
    >>> x, w = d.givens(x=3, w="0.5")
    >>> y = d.step("y", w * x)
    >>> print(graph(d))
    Computational graph: A product. x = 3. w = 0.5. y = w · x = 0.5 · 3 = 1.5.
    """
    return _Graph(d, steps, loss, Digits.of(digits)).picture(flow.now(d, current, so_far))


class _Box(NamedTuple):
    """A quantity as it is drawn."""

    entry: Entry
    symbol: str
    formula: str
    value: Label
    gradient: Label | None
    locals: dict[int, Label]
    """By the position of what is used, the local derivative."""

    @property
    def body(self) -> float:
        """The width of the box itself."""
        return max(width(self.symbol), width(self.formula, SMALL), 14) + 2 * _PAD

    @property
    def inlet(self) -> float:
        """The room for arrow heads and local derivatives, before the box."""
        widths = [width(label.text, SMALL) for label in self.locals.values()]
        return max(widths, default=0.0) + _ARROW

    @property
    def outlet(self) -> float:
        """The room for the value and the gradient, behind the box."""
        numbers = [self.value, self.gradient] if self.gradient else [self.value]
        return max(width(label.text, SMALL) for label in numbers) + _PAD

    @property
    def high(self) -> float:
        """The height of the box itself."""
        return 40.0 if self.formula else 26.0

    @property
    def room(self) -> float:
        """The height of all that belongs to it."""
        return max(self.high, 34.0, _PORT * len(self.locals))


class _Column(NamedTuple):
    """Where a column begins, where its boxes begin, and where it ends."""

    left: float
    body: float
    right: float


class _Graph:
    """A graph that is laid out, to be drawn at any moment."""

    def __init__(
        self, d: Derivation, steps: Sequence[str] | None, loss: str | None, digits: Digits
    ) -> None:
        self.d = d
        self.digits = digits
        self.loss = flow.the_loss(d, loss)
        self.labels = Labels(d, self.loss, digits)
        if steps is None:
            shown = flow.forward(d, self.loss)
        else:
            shown = flow.with_sources(d, [d[name] for name in steps])
        if not any(entry.formula is not None for entry in shown):
            raise FormulaError("the graph has no step; wanted at least one")
        self.numbers = {entry.index: k for k, entry in enumerate(shown)}
        self.edges: list[Edge] = [
            (self.numbers[leaf.index], self.numbers[entry.index])
            for entry in shown
            for leaf in flow.leaves(entry)
            if leaf.index in self.numbers
        ]
        _check_size(shown, self.edges)
        self.boxes = [self._box(entry) for entry in shown]
        self.arriving: list[list[Edge]] = [[] for _ in self.boxes]
        for edge in self.edges:
            self.arriving[edge[1]].append(edge)
        self.layout = lay_out(tuple(box.room for box in self.boxes), tuple(self.edges))
        self.columns = self._columns()
        self.paths = self._paths()

    def _box(self, entry: Entry) -> _Box:
        d = self.d
        formula = shortened(spelling.formula(d, entry), WIDEST_FORMULA, SMALL)
        found = {}
        for leaf in flow.leaves(entry):
            local = flow.slope(d, entry, d[leaf])
            if local is not None:
                found[leaf.index] = Label("×" + self.labels.value(local).text, local)
        numbers = self.labels
        symbol = spelling.symbol(entry.name)
        return _Box(entry, symbol, formula, numbers.value(entry), numbers.gradient(entry), found)

    def _columns(self) -> list[_Column]:
        """The columns from left to right."""
        boxes: list[list[_Box]] = [[] for _ in range(max(self.layout.columns) + 1)]
        for box, k in zip(self.boxes, self.layout.columns, strict=True):
            boxes[k].append(box)
        columns: list[_Column] = []
        left = 0.0
        for here in boxes:
            inlet = max(box.inlet for box in here)
            right = left + inlet + max(box.body + box.outlet for box in here)
            columns.append(_Column(left, left + inlet, right))
            left = right + _GAP
        return columns

    def _x(self, k: int) -> float:
        """The left edge of a box itself."""
        return self.columns[self.layout.columns[k]].body

    def _paths(self) -> dict[Edge, list[tuple[float, float]]]:
        """The points of every line: out of a box, through its lanes, and into another box."""
        ways: dict[Edge, list[tuple[float, float]]] = {}
        for edge in self.edges:
            column, y = self.layout.columns[edge[0]], self.layout.heights[edge[0]]
            out = self._x(edge[0]) + self.boxes[edge[0]].body
            way = [(out, y), (self.columns[column].right, y)]
            for k, lane in enumerate(self.layout.lanes.get(edge, ()), column + 1):
                way += [(self.columns[k].left, lane), (self.columns[k].right, lane)]
            ways[edge] = way
        for k, edges in enumerate(self.arriving):
            arriving = sorted(edges, key=lambda e: ways[e][-1][1])
            for place, edge in enumerate(arriving):
                y = self.layout.heights[k] + self._port(k, place, len(arriving))
                ways[edge] += [(self.columns[self.layout.columns[k]].left, y), (self._x(k), y)]
        return ways

    def _port(self, k: int, place: int, count: int) -> float:
        """How far above or below the middle of a box a line arrives."""
        box = self.boxes[k]
        apart = _PORT if box.locals else min(_PORT, (box.high - 8) / count)
        return apart * (place - (count - 1) / 2)

    def moments(self) -> Iterator[Moment]:
        """The steps that are seen in the graph."""
        shown = {box.entry for box in self.boxes}
        for box in self.boxes:
            numbers = [*box.locals.values(), *([box.gradient] if box.gradient else [])]
            shown |= {label.step for label in numbers if label.step is not None}
        return flow.moments(self.d, shown, self.digits)

    # Drawing

    def picture(self, now: Now) -> Picture:
        """The graph at a moment."""
        canvas = Canvas(now)
        for edge in self.edges:
            self._draw_edge(canvas, edge)
        for k in range(len(self.boxes)):
            self._draw_box(canvas, k)
        canvas.legend(self._legend())
        title = f"Computational graph: {prose(self.d, self.d.title)}"
        return canvas.picture(title, self._facts(now), self.moments)

    def _draw_edge(self, canvas: Canvas, edge: Edge) -> None:
        """A line, along which a value flows forward and a gradient back."""
        box, user = self.boxes[edge[0]], self.boxes[edge[1]]
        gradient = box.gradient if user.gradient is not None else None
        local = user.locals.get(box.entry.index)
        with canvas.part(
            edge=[box.entry.name, user.entry.name],
            forward=[user.entry.name],
            backward=_steps(gradient),
            lit=_steps(local),
        ):
            canvas.line(self.paths[edge], curved=True, head=True)

    def _draw_box(self, canvas: Canvas, k: int) -> None:
        box, y, x = self.boxes[k], self.layout.heights[k], self._x(k)
        entry = box.entry
        middle, beside = x + box.body / 2, x + box.body + 5
        self._draw_locals(canvas, k)
        with canvas.part(lit=[entry.name]):
            canvas.box(
                x, y - box.high / 2, box.body, box.high,
                fill=PAPER if entry.formula is None else SHADE, stroke=INK,
                round=box.high / 2 if entry.formula is None else 5,
            )  # fmt: skip
            canvas.text(middle, y - 9 if box.formula else y, box.symbol)
            if box.formula:
                with canvas.part(formula=entry.name):
                    canvas.text(middle, y + 9, box.formula, size=SMALL)
            self.labels.draw(canvas, box.value, (beside, y - 11), FORWARD, ground="")
        if box.gradient is not None:
            self.labels.draw(canvas, box.gradient, (beside, y + 11), BACKWARD)

    def _draw_locals(self, canvas: Canvas, k: int) -> None:
        for edge in self.arriving[k]:
            label = self.boxes[k].locals.get(self.boxes[edge[0]].entry.index)
            if label is not None:
                self.labels.draw(canvas, label, self.paths[edge][-2], LOCAL, ground=PAPER)

    def _legend(self) -> list[tuple[str, str]]:
        found = [("above a line: the value", FORWARD)]
        if self.labels.gradients.steps:
            assert self.loss is not None
            name = spelling.symbol(self.loss.name)
            words = f"below a line: the gradient, how {name} changes with the value"
            found.append((words, BACKWARD))
        if any(box.locals for box in self.boxes):
            found.append(("× at the end of a line: the local derivative", LOCAL))
        return found

    # In words

    def _facts(self, now: Now) -> Iterator[str]:
        for name in now.lit:
            yield f"Current step: {in_words(name)}."
        for box in self.boxes:
            if not now.has(box.entry.name):
                yield f"{in_words(box.entry.name)} is still to come."
                continue
            line = text.line(self.d, box.entry, digits=self.digits)
            label = box.gradient
            if label is not None and now.has(self.labels.since(label)):
                line += f"; gradient {self.labels.in_words(label)}"
            for index, local in box.locals.items():
                if now.has(self.labels.since(local)):
                    name = in_words(self.d.entries[index].name)
                    line += (
                        f"; local derivative with respect to {name}: {self.labels.in_words(local)}"
                    )
            yield line + "."


def _check_size(shown: Sequence[Entry], edges: Sequence[Edge]) -> None:
    """Refuse what would take seconds to lay out, and could not be read."""
    boxes = len(shown)
    if boxes > MOST_NODES:
        came = f"{boxes} boxes; wanted at most {MOST_NODES}"
    elif (lanes := count_lanes(boxes, edges)) > MOST_LANES:
        came = f"{boxes} boxes, past which lines lead {lanes} times; wanted at most {MOST_LANES}"
    else:
        return
    steps = [entry.name for entry in shown if entry.formula is not None]
    raise FormulaError(
        f"the graph has {came}: choose some of the steps, such as graph({steps[-3:]})"
    )


def _steps(label: Label | None) -> list[str]:
    """The name of the step that a number belongs to, if there is one."""
    return [label.step.name] if label is not None and label.step is not None else []
