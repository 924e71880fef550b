"""A convolution declared window by window: image, filter and result, and below their gradients.

At each step the parts that it uses, and what comes of it, are lit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dlhand.derivation.entries import Entry, Gradient
from dlhand.derivation.model import Derivation
from dlhand.errors import FormulaError
from dlhand.numbers.digits import AnyDigits, Digits
from dlhand.operations.table import size
from dlhand.pictures import flow, spelling
from dlhand.pictures.canvas import SIZE, Canvas
from dlhand.pictures.grids import TITLE, Grid, Place, draw, grid
from dlhand.pictures.operands import Operand, entries, plane
from dlhand.render import text
from dlhand.render.parts import prose
from dlhand.render.picture import Picture

_GAP = 44.0
_BETWEEN = 12.0
"""Between a grid and the title of the next one below it."""


def windows(
    d: Derivation,
    step: str,
    *,
    current: str | None = None,
    so_far: bool = False,
    digits: AnyDigits = None,
) -> Picture:
    """The convolution whose outputs a step puts in their places (see `dlhand.windows`).

    Above stand the image, channel below channel, the filter and the result; below, where the
    derivation has them, their gradients. The step ``current`` is lit; with ``so_far``, numbers of
    steps that come after it are left out.

    Raises `FormulaError` for a step that is no such result; `UnknownName` for a name that does not
    exist.

    >>> import dlhand
    >>> d = dlhand.Derivation("A small image")
    >>> x, k = d.givens(X=[[1, 2, 0], [0, 1, 3]], K=[[1, 0], [0, 1]])
    >>> out = dlhand.windows(d, x, k)
    >>> print(windows(d, "Y"))
    Window by window: A small image. X: [[1, 2, 0], [0, 1, 3]]. K: [[1, 0], [0, 1]]. Y: [[2, 5]].
    """
    return _Windows(d, d[step], Digits.of(digits)).picture(current, so_far)


class _Array(NamedTuple):
    """An array of the picture, and where in it each entry of the derivation is found."""

    entry: Entry
    parts: dict[Entry, Sequence[int]]
    """Flat positions, for the array itself and for what it is cut into or made of."""


class _Windows:
    """A convolution with all its windows, to be drawn at any step."""

    def __init__(self, d: Derivation, out: Entry, digits: Digits) -> None:
        self.d = d
        self.digits = digits
        outputs = [d[leaf] for leaf in flow.leaves(out)]
        are_numbers = len(outputs) == size(out.shape) and all(e.shape == () for e in outputs)
        if len(out.shape) != 2 or not are_numbers:
            raise FormulaError(
                f"{out.name} is not made of single numbers; wanted the outputs of windows, row by "
                "row"
            )
        found = [_window(d, output) for output in outputs]
        first, kernel = found[0]
        image = d[flow.leaves(first)[0]]
        self.arrays = [
            _array(image, {window: _picked(window) for window, _ in found}),
            _array(kernel, {}),
            _array(out, {output: [k] for k, output in enumerate(outputs)}),
        ]
        below = [_gradients(d, array) for array in self.arrays]
        self.rows = [self.arrays, [array for array in below if array is not None]]
        self.columns = [[above, under] for above, under in zip(self.arrays, below, strict=True)]
        self.lit = self._lit()

    def _lit(self) -> dict[Entry, dict[str, list[int]]]:
        """By array, and by the name of a step, the positions that are lit."""
        places = {array.entry: dict[str, list[int]]() for row in self.rows for array in row}
        for step in self.d.steps:
            # What picks a part of an array is about that part alone.
            uses = [] if _picks(step) else [self.d[leaf] for leaf in flow.leaves(step)]
            for array in (array for row in self.rows for array in row):
                found = sorted({k for e in (step, *uses) for k in array.parts.get(e, ())})
                if found:
                    places[array.entry][step.name] = found
        return places

    def picture(self, current: str | None, so_far: bool) -> Picture:
        """The convolution with a step lit."""
        canvas = Canvas(flow.now(self.d, current, so_far))
        x = 0.0
        stacks = [[self._grids(a) if a else [] for a in column] for column in self.columns]
        tall = [max(map(_high, row)) for row in zip(*stacks, strict=True)]
        for k, stack in enumerate(stacks):
            wide = max(g.wide() for grids in stack for g in grids)
            top = 0.0
            for grids, high in zip(stack, tall, strict=True):
                y = top + (high - _high(grids)) / 2
                for g in grids:
                    draw(canvas, g, x + (wide - g.cell * len(g.cells[0])) / 2, y)
                    y += g.high + TITLE + _BETWEEN
                top += high + TITLE + _BETWEEN
            x += wide + _GAP
            if k < 2:
                canvas.text(x - _GAP / 2, tall[0] / 2, "⋆→"[k], size=SIZE + 5)
        steps = {self.d[name] for found in self.lit.values() for name in found}
        facts = [self._fact(array.entry) for row in self.rows for array in row]
        title = f"Window by window: {prose(self.d, self.d.title)}"
        return canvas.picture(title, facts, lambda: flow.moments(self.d, steps, self.digits))

    def _grids(self, array: _Array) -> list[Grid]:
        """An array as grids: one, or one for each channel."""
        entry = array.entry
        shown = entries(self.d.evaluation.shown(entry.index, self.digits), entry.shape)
        since = "" if entry.formula is None else entry.name
        whole = Operand(spelling.symbol(entry.name), entry.shape, shown, since)
        if len(entry.shape) == 2:
            return [self._grid(array, whole, 0)]
        return [
            self._grid(array, plane(whole, k)._replace(title=f"{whole.title}, channel {k + 1}"), k)
            for k in range(entry.shape[0])
        ]

    def _grid(self, array: _Array, operand: Operand, channel: int) -> Grid:
        high, wide = operand.shape
        start = channel * high * wide
        lit: dict[Place, list[str]] = {}
        for name, positions in self.lit[array.entry].items():
            for k in positions:
                if start <= k < start + high * wide:
                    lit.setdefault(divmod(k - start, wide), []).append(name)
        found = grid(array.entry.name, operand, wide)._replace(lit=lit)
        parts = {k: e.name for e, (k, *more) in array.parts.items() if not more}
        if not parts or isinstance(array.entry, Gradient):
            return found
        # Outputs are there one by one, each from its own step on.
        return found._replace(step="", since={divmod(k, wide): name for k, name in parts.items()})

    def _fact(self, entry: Entry) -> str:
        value = text.result(self.d, entry, digits=self.digits)
        return f"{spelling.symbol(entry.name)}: {value}."


def _window(d: Derivation, output: Entry) -> tuple[Entry, Entry]:
    """The window that an output is calculated from, and the filter."""
    used = [d[leaf] for leaf in flow.leaves(output)]
    for window in filter(_picks, used):
        for kernel in used:
            if kernel is not window and kernel.shape == window.shape:
                return window, kernel
    raise FormulaError(
        f"{output.name} is not a window times a filter; wanted steps as windows() appends them"
    )


def _picks(entry: Entry) -> bool:
    """Whether a step is a part of an array, and nothing else."""
    return entry.rule is not None and entry.rule.op.picks


def _picked(window: Entry) -> Sequence[int]:
    assert window.rule is not None
    positions: Sequence[int] = window.rule.params.positions
    return positions


def _array(entry: Entry, parts: dict[Entry, Sequence[int]]) -> _Array:
    return _Array(entry, {entry: range(size(entry.shape)), **parts})


def _gradients(d: Derivation, array: _Array) -> _Array | None:
    """The gradient of an array with those of its parts, where the derivation has it."""
    of = {d[e.wrt]: e for e in d.entries if isinstance(e, Gradient)}
    if array.entry not in of:
        return None
    return _Array(of[array.entry], {of[e]: k for e, k in array.parts.items() if e in of})


def _high(grids: Sequence[Grid]) -> float:
    """How high grids are that stand below each other, without the title of the first."""
    return sum(g.high + TITLE + _BETWEEN for g in grids) - (TITLE + _BETWEEN if grids else 0)
