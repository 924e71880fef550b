"""The operation that a picture is about, found in the formula of a step, with its operands.

The operation may be part of a longer formula, as W x is of W x + b, if every entry of the step
belongs to the same entry of the operation's result. An operand is a named array, or one whose
entries are only moved: transposed, indexed, reshaped, put together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from dlhand.derivation.entries import Entry
from dlhand.derivation.model import Derivation
from dlhand.errors import FormulaError
from dlhand.numbers.digits import Digits, Shown
from dlhand.numbers.exact import Shape
from dlhand.operations.quantity import SLOT, Form, Head, Leaf
from dlhand.operations.table import Operation, size
from dlhand.pictures.spelling import MARKED, flat
from dlhand.render.boxes import template


class Operand(NamedTuple):
    """An array that is operated on, as it is shown."""

    title: str
    shape: Shape
    entries: Sequence[Shown]
    step: str = ""
    """The last step that it is made of; "" where all of it is given."""


class Found(NamedTuple):
    """An operation in the formula of a step."""

    op: Head
    params: Any
    operands: list[Operand]
    is_whole: bool
    """Whether it is the whole formula, so that the step is its result."""


def find(d: Derivation, step: Entry, ops: Collection[Operation], digits: Digits) -> Found:
    """The first of these operations in the formula of a step.

    Raises `FormulaError` where there is none, or an operand has no name.
    """
    wanted = ", ".join(op.name for op in ops)
    if step.formula is None:
        raise FormulaError(f"{step.name} is a given; wanted a step with one of: {wanted}")
    root = step.formula.form
    for form, leaves in _through_entries(root, step.formula.leaves):
        if form.op not in ops:
            continue
        operands, start = [], 0
        for arg in form.args:
            operands.append(_operand(d, step, arg, leaves[start : start + arg.arity], digits))
            start += arg.arity
        return Found(form.op, form.params, operands, form is root)
    raise FormulaError(
        f"the entries of {step.name} are not those of one of: {wanted}; wanted a step with such an "
        "operation in its formula"
    )


def _through_entries(form: Form, leaves: Sequence[Leaf]) -> Iterator[tuple[Form, Sequence[Leaf]]]:
    """The parts of a formula whose entries go into the entries at the same places."""
    yield form, leaves
    start = 0
    for arg in form.args:
        here = leaves[start : start + arg.arity]
        start += arg.arity
        if form.op.elementwise and arg.shape == form.shape:
            yield from _through_entries(arg, here)


def _operand(
    d: Derivation, step: Entry, form: Form, leaves: Sequence[Leaf], digits: Digits
) -> Operand:
    if not _only_moves(form):
        raise FormulaError(
            f"an operand in {step.name} is calculated in the same formula; wanted one with a name "
            "of its own: give it one with step()"
        )
    page = d.evaluation.page(digits)
    spelled = template(form, MARKED)
    moved = form.run(_Moved(), [page[leaf.index] for leaf in leaves])
    last = max((d[leaf] for leaf in leaves), key=lambda entry: entry.index)
    since = "" if last.formula is None else last.name
    return Operand(
        flat(spelled.named(leaves, MARKED)), form.shape, entries(moved, form.shape), since
    )


def _only_moves(form: Form) -> bool:
    return form.op is SLOT or (form.op.moves and all(map(_only_moves, form.args)))


class _Moved:
    """Numbers as they are shown, which are moved and never calculated with."""

    def number(self, value: Fraction) -> Shown:
        """What is filled in where nothing is put."""
        return Shown(str(value), True)


def entries(shown: Any, shape: Shape) -> tuple[Shown, ...]:
    """The flat entries of what is shown for a value; one for a single number."""
    return tuple(shown) if shape else (shown,)


def rows(flat: Sequence[Shown], columns: int) -> list[Sequence[Shown]]:
    """Flat entries as rows of a matrix.

    >>> [len(row) for row in rows([Shown("1", True)] * 6, 2)]
    [2, 2, 2]
    """
    return [flat[k : k + columns] for k in range(0, len(flat), columns)]


def plane(operand: Operand, k: int) -> Operand:
    """The k-th of the arrays that an array of more dimensions is made of.

    >>> plane(Operand("X", (2, 1, 1), [Shown("1", True), Shown("2", True)]), 1).entries[0].text
    '2'
    """
    block = size(operand.shape[1:])
    part = operand.entries[k * block : (k + 1) * block]
    return operand._replace(shape=operand.shape[1:], entries=part)
