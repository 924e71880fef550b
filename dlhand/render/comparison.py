"""Two settings of a derivation side by side, with the difference of every step.

A difference is that of the exact values, rounded last: never one of the digits that are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from html import escape
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.derivation.evaluate import Evaluation
from dlhand.errors import UnknownName
from dlhand.numbers.digits import AnyDigits, Digits, Shown
from dlhand.operations.table import size
from dlhand.render import table
from dlhand.render.html import STYLE
from dlhand.render.mathml import MATHML
from dlhand.render.parts import Format, prose
from dlhand.render.text import WIDTH
from dlhand.render.writers import TEXT

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry
    from dlhand.numbers.exact import Shape
    from dlhand.numbers.real import Real

__all__ = ["TABLE_STYLE", "Comparison", "Row"]

WIDEST = 28
"""Characters of a value that stands in a column of the text; a longer one has a line of its own."""
ZERO = Shown("0", True)

TABLE_STYLE = """\
.dlhand .dl-wide{container-type:inline-size;overflow:auto}
.dlhand .dl-comparison{border-collapse:collapse;font-variant-numeric:tabular-nums}
.dlhand .dl-comparison caption{padding:.3em 0;text-align:start}
.dlhand .dl-comparison :is(th,td){padding:.25em .7em;text-align:end;vertical-align:middle;\
background:none;border-top:1px solid var(--jp-border-color2,#8888)}
.dlhand .dl-comparison thead th{position:sticky;top:0;background:var(--jp-layout-color1,Canvas)}
.dlhand .dl-comparison :is(th:first-child,tbody th){text-align:start}
.dlhand .dl-comparison .dl-same td{color:var(--jp-content-font-color2,currentColor)}
@container (max-width:26rem){.dlhand .dl-comparison{font-size:.7rem;white-space:normal}\
.dlhand .dl-comparison :is(th,td){padding:.25em .15em}.dlhand .dl-comparison math{font-size:1em}\
.dlhand .dl-comparison td>math>mo:first-child{display:none}}
"""
"""The style of a table, in an element of the class ``dlhand``, and of what it scrolls in."""


class Row(NamedTuple):
    """A given or step in two settings; each value as it is shown, flat for an array."""

    name: str
    section: str
    shape: Shape
    first: Sequence[Shown]
    second: Sequence[Shown]
    difference: Sequence[Shown]
    """Second minus first, of the exact values."""
    is_same: bool
    """Whether nothing between the two settings can have changed the value."""


class Comparison:
    """Two settings of a derivation as a table; a notebook shows it as HTML, ``print`` as text.

    What belongs together is found by its name: the steps that both settings have, and the givens
    in which they differ. ``steps`` names those to be shown, ``labels`` head the two columns.
    Numbers have ``digits`` significant digits, or ``places`` after the point. Raises `UnknownName`
    where no step is in both, and for a name that there is not.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A third")
    >>> (a,) = d.givens(a=1)
    >>> s = d.step("s", a / 3)
    >>> print(Comparison(d, d.what_if(a="0.9")))
    A third
    <BLANKLINE>
       first      second  second − first
    a  1          0.9     −0.1
    s  ≈ 0.33333  0.3     ≈ −0.033333
    <BLANKLINE>
    The difference is that of the exact values, rounded last.
    """

    def __init__(
        self,
        first: Derivation,
        second: Derivation,
        steps: Sequence[str] | None = None,
        *,
        labels: tuple[str, str] = ("first", "second"),
        digits: AnyDigits = None,
        places: int | None = None,
    ) -> None:
        if not any(step.name in second for step in first.steps):
            raise UnknownName(
                f"{second.title!r} has no step of {first.title!r}; wanted the same derivation with "
                "other givens, or one with steps of the same names"
            )
        self.first = first
        self.second = second
        self.steps = None if steps is None else {first[name].name for name in steps}
        self.labels = labels
        self.digits = Digits.of(digits, places)

    @cached_property
    def rows(self) -> list[Row]:
        """The givens that differ, and the steps. Raises `UndefinedValue` where one has no value."""
        return list(self._rows())

    def _rows(self) -> Iterator[Row]:
        twins = _twins(self.first, self.second)
        for entry in self.first.entries:
            if entry.name not in self.second or self.second[entry.name].shape != entry.shape:
                continue
            is_same = entry.index in twins
            is_shown = not is_same if entry.rule is None else self._is_asked_for(entry)
            if not is_shown:
                continue
            one = self.first.evaluation.reals(entry.index)
            two = self.second.evaluation.reals(self.second[entry.name].index)
            between = (
                [ZERO] * size(entry.shape)
                if is_same
                else [self._shown(b - a) for a, b in zip(one, two, strict=True)]
            )
            shown = [self._shown(a) for a in one], [self._shown(b) for b in two]
            yield Row(entry.name, entry.section, entry.shape, *shown, between, is_same)

    def _is_asked_for(self, entry: Entry) -> bool:
        return self.steps is None or entry.name in self.steps

    def _shown(self, real: Real) -> Shown:
        """A number as a decimal, since fractions are hard to compare."""
        shown = real.shown(self.digits)
        if "/" not in shown.text:
            return shown
        return Shown(real.decimal(self.digits), False)

    @property
    def _headings(self) -> tuple[str, str, str]:
        first, second = self.labels
        return first, second, f"{second} \N{MINUS SIGN} {first}"

    # Text

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield prose(self.first, self.first.title)
        spelled = [(TEXT.symbol(row.name), *_values(row, TEXT)) for row in self.rows]
        narrow = [cells for cells in spelled if _is_narrow(cells)]
        headings = ("", *self._headings)
        widths = table.widths([headings, *narrow])
        yield from ("", table.line(headings, widths))
        cells = iter(spelled)
        for section, rows in groupby(self.rows, lambda row: row.section):
            if section:
                yield from ("", prose(self.first, section))
            for _ in rows:
                yield from self._line(next(cells), widths)
        yield from ("", _REMARK)

    def _line(self, cells: tuple[str, ...], widths: Sequence[int]) -> Iterator[str]:
        if _is_narrow(cells):
            yield table.line(cells, widths)
            return
        yield cells[0]
        room = max(map(len, self._headings)) + 2
        for heading, value in zip(self._headings, cells[1:], strict=True):
            yield from wrap(
                f"{heading.ljust(room)}{value}",
                WIDTH,
                initial_indent="  ",
                subsequent_indent=" " * (room + 3),
                break_long_words=False,
            )

    # HTML

    def html(self) -> str:
        """The table as a ``<div>`` with its own small style sheet."""
        title = prose(self.first, self.first.title)
        return (
            f'<div class="dlhand"><style>{STYLE}{TABLE_STYLE}</style>'
            f'<div class="dl-wide" role="region" aria-label="{escape(title)}: two settings" '
            f'tabindex="0">{self.table()}</div></div>'
        )

    def table(self) -> str:
        """The ``<table>`` alone, to be styled by `TABLE_STYLE`."""
        body = "".join(
            f"<tbody>{self._section(section)}{''.join(map(_row, rows))}</tbody>"
            for section, rows in groupby(self.rows, lambda row: row.section)
        )
        caption = f"{prose(self.first, self.first.title, MATHML)}. {_REMARK}"
        return table.html("dl-comparison", caption, ("step", *self._headings), body)

    def _section(self, title: str) -> str:
        if not title:
            return ""
        spelled = prose(self.first, title, MATHML)
        return f'<tr><th colspan="4" scope="rowgroup">{spelled}</th></tr>'

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": repr(self)}


_REMARK = "The difference is that of the exact values, rounded last."


def _twins(first: Derivation, second: Derivation) -> dict[int, int]:
    """The positions of quantities that must have one value in both: all they come from is equal.

    Their difference is zero, which no enclosure of a number that is not rational could prove.
    """
    one, two = first.evaluation, second.evaluation
    found: dict[int, int] = {}
    if not one.__class__ is two.__class__ is Evaluation:
        return found
    for entry in first.entries:
        if entry.name in second:
            other = second[entry.name]
            fixed = one.fixed.get(entry.index), two.fixed.get(other.index)
            is_same = (
                fixed[0] == fixed[1] and entry.shape == other.shape
                if fixed != (None, None)
                else _follows_alike(entry, other, found)
            )
            if is_same:
                found[entry.index] = other.index
    return found


def _follows_alike(entry: Entry, other: Entry, twins: dict[int, int]) -> bool:
    return entry.rule is other.rule and all(
        twins.get(a.index) == b.index for a, b in zip(entry.uses, other.uses, strict=True)
    )


def _values(row: Row, writer: Format) -> tuple[str, str, str]:
    one, two, between = (
        _value(value, row.shape, writer) for value in (row.first, row.second, row.difference)
    )
    return one, two, between


def _value(value: Sequence[Shown], shape: Shape, writer: Format) -> str:
    """A value, with the sign of rounding before it where it is not exact."""
    spelled = [writer.number(shown.text, 0) for shown in value]
    whole = writer.array(spelled, shape) if shape else spelled[0]
    is_exact = all(shown.exact for shown in value)
    return whole if is_exact else f"{writer.about.lstrip()}{whole}"


def _row(row: Row) -> str:
    kind = ' class="dl-same"' if row.is_same else ""
    aloud = escape(TEXT.symbol(row.name))
    math = '<math displaystyle="false">'
    name = f'<th scope="row" aria-label="{aloud}">{math}{MATHML.symbol(row.name)}</math></th>'
    cells = "".join(f"<td>{math}{value}</math></td>" for value in _values(row, MATHML))
    return f"<tr{kind}>{name}{cells}</tr>"


def _is_narrow(cells: Sequence[str]) -> bool:
    return all(len(cell) <= WIDEST for cell in cells)
