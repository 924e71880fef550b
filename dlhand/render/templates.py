"""From a formula's form to a template: fixed pieces with slots between them.

The structure of a formula alone decides on its layout and nearly all its brackets, so a form is
walked once for each format and the template is kept with it. A slot records where it stands,
since it depends on what is put in whether that needs brackets: a negative number after an
operator, a fraction as the base of a power.

The walk reads the notation of each row of the operations table; a `Writer` spells the layouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, Protocol

from dlhand.numbers.digits import terminates, write
from dlhand.operations.notation import (
    ATOM,
    POWER,
    PREFIX,
    PRODUCT,
    Call,
    Infix,
    Pattern,
    Power,
    Prefix,
    Quotient,
    Root,
    Transposed,
)
from dlhand.operations.quantity import CONSTANT, SLOT, Form
from dlhand.render.names import AFTER, BASE, FACTOR

LONGEST_DECIMAL = 400


class Writer(Protocol):
    """A format: how each layout is spelled, from operands that are spelled already."""

    target: str
    quotient_level: int
    """`ATOM` where a fraction is stacked, `PRODUCT` where it is written in a line."""

    def name(self, name: str, where: int) -> str:
        """A name in its place."""
        ...

    def number(self, text: str, where: int) -> str:
        """A number, from the characters that `Shown` has for it, in its place."""
        ...

    def brackets(self, inner: str) -> str:
        """Round brackets."""
        ...

    def infix(self, notation: Infix, operands: Sequence[str], entrywise: Sequence[bool]) -> str:
        """Operands with signs between them; ``entrywise`` where a sign joins two arrays."""
        ...

    def prefix(self, notation: Prefix, operand: str) -> str:
        """A sign before an operand."""
        ...

    def quotient(self, above: str, below: str) -> str:
        """A fraction."""
        ...

    def power(self, base: str, exponent: Fraction) -> str:
        """A base with its exponent."""
        ...

    def root(self, operand: str) -> str:
        """A square root."""
        ...

    def transposed(self, operand: str) -> str:
        """A raised T."""
        ...

    def detail(self, words: str) -> str:
        """What tells a function from its kin, as it stands beside its name; "" for no words."""
        ...

    def call(self, notation: Call, detail: str, operands: Sequence[str]) -> str:
        """A function of operands; ``detail`` tells it from its kin, such as the axis of a sum."""
        ...

    def pattern(self, notation: Pattern) -> str:
        """The pattern with its placeholders {0}, {1}, {p}."""
        ...


class Template:
    """A form's layout in one format, to be filled with names or numbers."""

    __slots__ = ("frame", "is_plain", "order", "where", "writer")

    def __init__(self, writer: Writer, marked: str) -> None:
        pieces = _MARK.split(marked)
        self.writer = writer
        self.frame = "%s".join(piece.replace("%", "%%") for piece in pieces[::3])
        """The fixed pieces, with %s for each slot."""
        slots = tuple(map(int, pieces[1::3]))
        self.order = None if slots == tuple(range(len(slots))) else slots
        """The leaf of each slot, where the slots do not follow the leaves one for one."""
        self.where = tuple(map(int, pieces[2::3]))
        """Where each slot stands: `AFTER`, `BASE`, `FACTOR`, added."""
        self.is_plain = not any(where & (BASE | FACTOR) for where in self.where)

    def fill(self, spelled: Sequence[str]) -> str:
        """The template with a text in each slot."""
        return self.frame % tuple(spelled)

    def arranged(self, leaves: Sequence[Any]) -> Sequence[Any]:
        """What belongs to each leaf, in the order of the slots."""
        return leaves if self.order is None else [leaves[k] for k in self.order]


def template(form: Form, writer: Writer) -> Template:
    """The template of a form in a format; made once."""
    found: Template | None = form.cache.get(writer.target)
    if found is None:
        found = form.cache[writer.target] = Template(writer, _Walk(writer).whole(form))
    return found


_MARK = re.compile("\ue000(\\d+):(\\d+)\ue001")


def _mark(slot: int, where: int) -> str:
    return f"\ue000{slot}:{where}\ue001"


class _Place(NamedTuple):
    """A placeholder of a pattern, and what its surroundings ask of the operand."""

    key: str
    kind: str
    """"fresh" between brackets, "base" of something raised or lowered, or "beside" others."""
    is_first: bool


class _Walk:
    """One walk over a form; it counts the slots from left to right."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.slots = 0

    def whole(self, form: Form) -> str:
        return self._written(form, 0)

    def _written(self, form: Form, where: int) -> str:
        """A form in a place; brackets around the whole of it are the caller's business."""
        op = form.op
        if op is SLOT:
            self.slots += 1
            return _mark(self.slots - 1, where)
        if op is CONSTANT:
            return self.writer.number(constant_text(*form.params), where)
        notation = op.notation
        if isinstance(notation, Infix):
            return self._infix(form, notation, where)
        if isinstance(notation, Prefix):
            return self.writer.prefix(notation, self._operand(form.args[0], PRODUCT, AFTER))
        if isinstance(notation, Quotient):
            return self._quotient(form, where)
        if isinstance(notation, Power):
            base = self._base(form.args[0], where)
            return self.writer.power(base, form.params)
        if isinstance(notation, Root):
            return self.writer.root(self._written(form.args[0], 0))
        if isinstance(notation, Transposed):
            return self.writer.transposed(self._base(form.args[0], where))
        if isinstance(notation, Call):
            operands = [self._written(arg, 0) for arg in form.args]
            return self.writer.call(notation, _axes(form), operands)
        return self._pattern(form, notation, where)

    def _operand(self, form: Form, least: int, where: int) -> str:
        """A form of at least a binding strength, in brackets where it binds less."""
        level = self._level(form)
        if level < least or (level == PREFIX and where & AFTER):
            return self.writer.brackets(self._written(form, 0))
        return self._written(form, where)

    def _level(self, form: Form) -> int:
        if form.op is SLOT or form.op is CONSTANT:
            return ATOM
        notation = form.op.notation
        if isinstance(notation, (Infix, Pattern)):
            return notation.level
        if isinstance(notation, Prefix):
            return PREFIX
        if isinstance(notation, Quotient):
            return self.writer.quotient_level
        return POWER if isinstance(notation, (Power, Transposed)) else ATOM

    def _infix(self, form: Form, notation: Infix, where: int) -> str:
        entrywise = _entrywise(form) if notation.level == PRODUCT else [False] * len(form.args)
        operands = []
        for k, arg in enumerate(form.args):
            here = AFTER if k else where & AFTER
            least = notation.level
            if self._level(arg) == notation.level and self._is_ambiguous(form, arg, k, entrywise):
                least += 1
            if k == 0 and least == PRODUCT:  # a sign before a product may stay: -a · b
                least = PREFIX
            operands.append(self._operand(arg, least, here))
        return self.writer.infix(notation, operands, entrywise)

    def _is_ambiguous(self, form: Form, arg: Form, k: int, entrywise: Sequence[bool]) -> bool:
        """Whether an operand that binds as strongly as its parent could be misread."""
        own, other = form.op.notation, arg.op.notation
        assert isinstance(own, Infix)
        if k and own.right:
            return True
        if own.level != PRODUCT or arg.op is form.op:
            return False
        if isinstance(other, Quotient):  # on one line: (a / b) · c
            return True
        same_sign = isinstance(other, Infix) and other.latex == own.latex
        if form.op.elementwise:  # W x · 2 reads well; W x ⊙ y and (a · b) · 2 do not without
            return any(entrywise) or same_sign
        return arg.op.elementwise or not same_sign

    def _quotient(self, form: Form, where: int) -> str:
        above, below = form.args
        if self.writer.quotient_level == ATOM:
            return self.writer.quotient(self._written(above, 0), self._written(below, 0))
        # on one line: a · b / c reads well, a / b / c does not
        least = POWER if isinstance(getattr(above.op, "notation", None), Quotient) else PREFIX
        first = self._operand(above, least, where & AFTER | FACTOR)
        return self.writer.quotient(first, self._operand(below, POWER, AFTER | FACTOR))

    def _base(self, form: Form, where: int) -> str:
        """The base of something raised: a letter, a function's value, or brackets."""
        if form.op is SLOT or form.op is CONSTANT:
            return self._written(form, BASE)
        if isinstance(form.op.notation, Call):
            return self._written(form, where)
        if isinstance(form.op.notation, Pattern):
            spelled = form.op.notation.text
            if spelled.endswith((")", "]")) and "^" not in spelled:
                return self._written(form, where)
        return self.writer.brackets(self._written(form, 0))

    def _pattern(self, form: Form, notation: Pattern, where: int) -> str:
        operands = {}
        for place in _places(notation):
            if place.key == "p":
                operands["p"] = (
                    self.writer.detail(_axes(form))
                    if _has_axes(form.params)
                    else self.writer.number(_written_params(form.params), 0)
                )
            elif int(place.key) < len(form.args):
                operands[place.key] = self._at(form, place, where)
        self.slots += form.arity
        # in one go, since what is put in may have the look of a placeholder
        return _PLACEHOLDER.sub(
            lambda match: operands.get(match[1], match[0]), self.writer.pattern(notation)
        )

    def _at(self, form: Form, place: _Place, where: int) -> str:
        """The operand at a placeholder; patterns may have their operands in any order."""
        k, first = int(place.key), self.slots
        self.slots += sum(arg.arity for arg in form.args[:k])
        arg = form.args[k]
        if place.kind == "fresh":
            spelled = self._written(arg, 0)
        elif place.kind == "base":
            spelled = self._base(arg, 0)
        else:
            # beside a raised T a product needs brackets: (a ⊙ b) xᵀ is not a ⊙ (b xᵀ)
            notation = form.op.notation
            is_product = isinstance(notation, Pattern) and notation.level == PRODUCT
            least = POWER if is_product else PRODUCT
            spelled = self._operand(arg, least, where & AFTER if place.is_first else AFTER)
        self.slots = first
        return spelled


def constant_text(value: Fraction, as_fraction: bool) -> str:
    """A constant as it was written: a fraction, or a decimal.

    >>> constant_text(Fraction(1, 2), True), constant_text(Fraction(1, 2), False)
    ('1/2', '0.5')
    """
    decimal = None if as_fraction else terminates(value, LONGEST_DECIMAL)
    return str(value) if decimal is None else write(decimal)


def _entrywise(form: Form) -> list[bool]:
    """For each operand of a product, whether it and what stands before it are both arrays."""
    found, before = [], False
    for arg in form.args:
        found.append(form.op.elementwise and before and arg.shape != ())
        before = before or arg.shape != ()
    return found


def _axes(form: Form) -> str:
    """The axis along which a row works, where it does not take in the whole array."""
    if not _has_axes(form.params) or not form.args:
        return ""
    axes = form.params[0]
    if len(axes) >= len(form.args[0].shape):
        # one number comes of the whole array; but a softmax of a matrix is mostly one of its rows
        return "all" if len(axes) > 1 and form.shape == form.args[0].shape else ""
    return "axis " + ", ".join(map(str, axes))


def _has_axes(params: Any) -> bool:
    return type(params) is tuple and bool(params) and type(params[0]) is tuple


def _written_params(params: Any) -> str:
    """The parameters of a row, for {p}: a number, or an index as it was typed."""
    if isinstance(params, Fraction):
        return constant_text(params, False)
    if type(params) is tuple and params:
        return _written_params(params[0])
    return str(params)


_PLACEHOLDER = re.compile(r"\{([0-9p])\}")


def _places(notation: Pattern) -> Iterator[_Place]:
    """The placeholders of a pattern, with their surroundings in its text spelling."""
    spelled = notation.text
    for match in _PLACEHOLDER.finditer(spelled):
        before, after = spelled[: match.start()], spelled[match.end() :]
        if after.startswith(("_", "^", "[", "ᵀ")):
            kind = "base"
        elif sum(map(before.count, "([")) > sum(map(before.count, ")]")):
            kind = "fresh"
        else:
            kind = "beside"
        yield _Place(match[1], kind, match.start() == 0)
