"""How the units of one layer are wired to the next, read off the formulas of a derivation.

A layer is a list of single numbers, or one vector. The weight of a connection is what the formula
of the unit multiplies the other unit with; a bias is a given that stands alone in the sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dlhand.derivation.entries import Entry, Given
from dlhand.derivation.model import Derivation
from dlhand.errors import ShapeError
from dlhand.operations.matrix import DOT, MATVEC, VECMAT
from dlhand.operations.quantity import SLOT, Form, Leaf
from dlhand.operations.scalar import ADD, MUL


class Unit(NamedTuple):
    """A number of a derivation: an entry of a vector or matrix, or a quantity that is one."""

    entry: Entry
    at: tuple[int, ...] = ()

    @property
    def position(self) -> int:
        """The place among the entries of the array, row after row."""
        flat = 0
        for k, length in zip(self.at, self.entry.shape, strict=True):
            flat = flat * length + k
        return flat


Weights = dict[tuple[Unit, Unit], Unit]
"""By unit before and unit behind, the weight between them."""
Biases = dict[Unit, Unit]
Node = tuple[Form, Sequence[Leaf]]
_PRODUCTS = (MUL, DOT, MATVEC, VECMAT)


def layer(d: Derivation, names: str | Sequence[str]) -> list[Unit]:
    """The units of a layer. Raises `ShapeError` for what is neither numbers nor one vector."""
    entries = [d[names]] if isinstance(names, str) else [d[name] for name in names]
    if isinstance(names, str) and len(entries[0].shape) == 1:
        return [Unit(entries[0], (k,)) for k in range(entries[0].shape[0])]
    for entry in entries:
        if entry.shape != ():
            raise ShapeError(
                f"{entry.name} has shape {entry.shape}; wanted one vector, or a list of the names "
                "of single numbers, for a layer"
            )
    return [Unit(entry) for entry in entries]


def found(d: Derivation, before: Sequence[Unit], after: Sequence[Unit]) -> tuple[Weights, Biases]:
    """The weights and biases between two layers, from the formulas."""
    weights: Weights = {}
    biases: Biases = {}
    sources = {unit.entry for unit in before}
    for unit in after:
        for form, leaves in _parts_of(d, unit.entry, sources):
            if form.op in _PRODUCTS:
                weights |= _weights(d, form, leaves, unit, sources)
            elif form.op is ADD:
                biases |= _biases(d, form, leaves, unit, sources)
    return weights, biases


def _parts_of(d: Derivation, unit: Entry, sources: set[Entry]) -> Iterator[Node]:
    """The products and sums that make a unit, through all steps up to the first products."""
    pending, seen = [unit], {unit}
    while pending:
        formula = pending.pop().formula
        for form, leaves in () if formula is None else _parts(formula.form, formula.leaves):
            yield form, leaves
            source = d[leaves[0]]
            if form.op is SLOT and source not in sources and source not in seen:
                seen.add(source)
                pending.append(source)


def _parts(form: Form, leaves: Sequence[Leaf]) -> Iterator[Node]:
    """A formula's parts; of a product of two quantities nothing but itself."""
    if form.arity:
        yield form, leaves
    if form.op in _PRODUCTS and form.arity == len(form.args) == 2:
        return
    start = 0
    for arg in form.args:
        yield from _parts(arg, leaves[start : start + arg.arity])
        start += arg.arity


def _weights(
    d: Derivation, form: Form, leaves: Sequence[Leaf], unit: Unit, sources: set[Entry]
) -> Weights:
    """The weights that a product in the formula of a unit gives to it."""
    if not form.arity == len(form.args) == 2:
        return {}
    left, right = d[leaves[0]], d[leaves[1]]
    weight, source = (right, left) if left in sources else (left, right)
    if source not in sources or weight in sources or len(weight.shape) > 2:
        return {}
    if form.op is MUL:
        return {(Unit(source), unit): Unit(weight)} if form.is_scalar else {}
    # a row of weights for a unit; a column where the vector stands before the matrix
    by_column = (form.op is VECMAT) != any(arg.op is not SLOT for arg in form.args)
    places = [(k, *unit.at) if by_column else (*unit.at, k) for k in range(source.shape[0])]
    if any(len(place) != len(weight.shape) for place in places):
        return {}
    return {(Unit(source, (k,)), unit): Unit(weight, place) for k, place in enumerate(places)}


def _biases(
    d: Derivation, form: Form, leaves: Sequence[Leaf], unit: Unit, sources: set[Entry]
) -> Biases:
    """What a sum in the formula of a unit adds to its weighted inputs."""
    start = 0
    for arg in form.args:
        leaf = leaves[start] if arg.op is SLOT else None
        start += arg.arity
        if leaf is not None and leaf.shape == unit.entry.shape:
            entry = d[leaf]
            if isinstance(entry, Given) and entry not in sources:
                return {unit: Unit(entry, unit.at)}
    return {}


def from_matrix(d: Derivation, name: str, before: Sequence[Unit], after: Sequence[Unit]) -> Weights:
    """The weights of a matrix with a row for each unit. Raises `ShapeError` if it does not fit."""
    matrix = d[name]
    if matrix.shape != (len(after), len(before)):
        raise ShapeError(
            f"{name} has shape {matrix.shape}; wanted {(len(after), len(before))}: a row for each "
            "unit, a number in it for each unit of the layer before"
        )
    return {
        (source, unit): Unit(matrix, (i, k))
        for i, unit in enumerate(after)
        for k, source in enumerate(before)
    }
