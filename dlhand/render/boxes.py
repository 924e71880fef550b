"""One tree of mathematics: a form as boxes, which every format is a fold over.

A form is laid out twice at most: built up, with fractions stacked, for LaTeX and MathML; and
linear, as it is written in one line of plain text, where a fraction needs more brackets. Brackets
and the order of everything are in the tree; a `Writer` only spells it. What is put in, a name or a
number, stands in a `Slot`, which records where it stands: a negative number needs brackets after an
operator, a fraction as the base of a power.

The terms are those of M. Sargent, "UnicodeMath, a nearly plain-text encoding of mathematics"
(Unicode Technical Note 28).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, NamedTuple

from dlhand.numbers.digits import terminates, write
from dlhand.operations.notation import (
    ATOM,
    POWER,
    PREFIX,
    PRODUCT,
    ROUND,
    SUM,
    TOP,
    Argument,
    Assembled,
    Box,
    Call,
    Fence,
    Fenced,
    Infix,
    Number,
    Parameters,
    Pattern,
    Places,
    Power,
    Prefix,
    Quotient,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Transposed,
    Word,
    Words,
    row,
)
from dlhand.operations.quantity import CONSTANT, SLOT, Form
from dlhand.render.names import AFTER, BASE, FACTOR

LONGEST_DECIMAL = 400


# ---- The boxes that patterns are not drawn with


class Slot(NamedTuple):
    """Where a name or a number is put in: that of a leaf of the form, counted from 0."""

    leaf: int
    where: int
    """`AFTER`, `BASE`, `FACTOR`, added."""
    picked: Any = None
    """Which entries of it, as a `Selection` says; None for all of it."""

    @property
    def places(self) -> tuple[str, ...]:
        """Where these entries are, as `Places` has it."""
        return self.picked.written.pieces if self.picked else ()


class Group(NamedTuple):
    """What is put in a pattern: one thing, whatever it is made of."""

    inner: Box


class Signed(NamedTuple):
    """A sign before its operand."""

    sign: Sign
    inner: Box


class Over(NamedTuple):
    """Something over something."""

    above: Box
    below: Box


class Radical(NamedTuple):
    """A square root."""

    inner: Box


class Application(NamedTuple):
    """A function before its arguments in brackets."""

    function: Box
    arguments: tuple[Box, ...]


class Table(NamedTuple):
    """Rows of entries, or of blocks, in the brackets of an array."""

    rows: tuple[tuple[Box, ...], ...]
    between: str
    """What plain text has between blocks: ";" below each other, "|" beside each other; "" for
    entries."""


class Pile(NamedTuple):
    """Arrays one after the other, in the brackets of an array of arrays."""

    layers: tuple[Box, ...]


BLANK = "\ue000"
"""What is spelled for a slot until something is put in."""


class Writer(ABC):
    """A format: how each box is spelled, from parts that are spelled already."""

    target: str
    symbol: Callable[..., str]
    """A name, or that of the entries in some places, that nothing stands beside."""
    is_linear: bool
    """Whether a fraction is written in a line."""

    def filler(self, box: Box) -> Callable[[Sequence[str]], str]:
        """What puts texts into the slots of a box."""
        frame = fold(box, self).replace("%", "%%").replace(BLANK, "%s")
        return lambda spelled: frame % tuple(spelled)

    def slot(self) -> str:
        """What stands in the place of a name or a number."""
        return BLANK

    @abstractmethod
    def number(self, text: str, where: int) -> str:
        """A number, from the characters that `Shown` has for it, in its place."""

    @abstractmethod
    def word(self, word: Word) -> str:
        """The name of a function."""

    @abstractmethod
    def words(self, text: str) -> str:
        """Upright words."""

    @abstractmethod
    def places(self, pieces: Sequence[str]) -> str:
        """Places in an array."""

    @abstractmethod
    def sign(self, sign: Sign) -> str:
        """A sign, with the space around it."""

    @abstractmethod
    def space(self) -> str:
        """A thin space."""

    def row(self, items: Sequence[str], between: str = "") -> str:
        """One after the other."""
        return between.join(items)

    def group(self, inner: str) -> str:
        """What is put in a pattern."""
        return inner

    def signed(self, sign: str, inner: str) -> str:
        """A sign before its operand."""
        return sign + inner

    @abstractmethod
    def fraction(self, above: str, below: str) -> str:
        """A fraction."""

    @abstractmethod
    def script(self, box: Script, base: str, low: str | None, high: str | None) -> str:
        """A base with what is lowered and raised; the box says what these are."""

    @abstractmethod
    def radical(self, inner: str) -> str:
        """A square root."""

    @abstractmethod
    def fenced(self, fence: Fence, inner: str) -> str:
        """Something in brackets."""

    def brackets(self, inner: str) -> str:
        """Round brackets."""
        return self.fenced(ROUND, inner)

    @abstractmethod
    def plain(self, words: str, command: str) -> str:
        """Words of a sentence; in LaTeX ``command`` sets them."""

    def mentioned(self, name: str) -> str:
        """A name among words."""
        return self.symbol(name)

    @abstractmethod
    def application(self, function: str, arguments: Sequence[str]) -> str:
        """A function before its arguments in brackets."""

    @abstractmethod
    def table(self, rows: Sequence[Sequence[str]], between: str) -> str:
        """Rows of entries, or of blocks, in the brackets of an array; see `Table`."""

    @abstractmethod
    def pile(self, layers: Sequence[str]) -> str:
        """Arrays in the brackets of an array of arrays."""


def fold(box: Box, to: Writer) -> str:
    """A box as a format spells it; parts are spelled in the order in which they are read."""
    match box:
        case Slot():
            return to.slot()
        case Number(text, where):
            return to.number(text, where)
        case Word():
            return to.word(box)
        case Words(text):
            return to.words(text)
        case Places(pieces):
            return to.places(pieces)
        case Sign():
            return to.sign(box)
        case Space():
            return to.space()
        case Row(items):
            return to.row([fold(item, to) for item in items])
        case Group(inner):
            return to.group(fold(inner, to))
        case Signed(sign, inner):
            return to.signed(fold(sign, to), fold(inner, to))
        case Over(above, below):
            return to.fraction(fold(above, to), fold(below, to))
        case Script(base, low, high):
            scripts = [None if part is None else fold(part, to) for part in (low, high)]
            return to.script(box, fold(base, to), *scripts)
        case Radical(inner):
            return to.radical(fold(inner, to))
        case Fenced(fence, inner):
            return to.fenced(fence, fold(inner, to))
        case Application(function, arguments):
            return to.application(fold(function, to), [fold(part, to) for part in arguments])
        case Table(rows, between):
            return to.table([[fold(cell, to) for cell in line] for line in rows], between)
        case Pile(layers):
            return to.pile([fold(layer, to) for layer in layers])
    raise AssertionError(f"{box!r} is no box")


def slots(box: Box) -> Iterator[Slot]:
    """The slots in the order in which they are read."""
    if isinstance(box, Slot):
        yield box
    elif isinstance(box, tuple):
        for part in box:
            yield from slots(part)


def is_closed(box: Box) -> bool:
    """Whether a box can be raised to a power as it is: brackets of its own, or a function's."""
    match box:
        case Fenced() | Application() | Table() | Pile() | Row((Script(Word()), Fenced())):
            return True
        case Script(low=low, high=high):
            return high is None and is_closed(low)
    return False


# ---- Templates: a form in a format, to be filled


class Template:
    """A form's layout in one format, to be filled with names or numbers."""

    __slots__ = ("fill", "order", "slots")

    def __init__(self, box: Box, writer: Writer) -> None:
        found = list(slots(box))
        self.fill = writer.filler(box)
        """The template with a text in each slot."""
        leaves = tuple(slot.leaf for slot in found)
        self.order = None if leaves == tuple(range(len(leaves))) else leaves
        """The leaf of each slot, where the slots do not follow the leaves one for one."""
        self.slots = tuple(found)
        """The slots, in the order in which they are read."""

    def arranged(self, leaves: Sequence[Any]) -> Sequence[Any]:
        """What belongs to each leaf, in the order of the slots."""
        return leaves if self.order is None else [leaves[k] for k in self.order]

    def named(self, leaves: Sequence[Any], writer: Any) -> str:
        """The formula over the names of the leaves."""
        return self.fill(
            [
                writer.name(leaf.name, slot.where, slot.places)
                for leaf, slot in zip(self.arranged(leaves), self.slots, strict=True)
            ]
        )


def template(form: Form, writer: Writer) -> Template:
    """The template of a form in a format; made once."""
    found: Template | None = form.cache.get(writer.target)
    if found is None:
        found = form.cache[writer.target] = Template(tree(form, writer.is_linear), writer)
    return found


def _picked(part: _Part) -> Any:
    """What is picked of a leaf, be it in several steps; None where it is no leaf's."""
    form, found = part.form, None
    while form.op.picks:
        found = form.params if found is None else found.within(form.params)
        (form,) = form.args
    return found if form.op is SLOT else None


# ---- From a form to its boxes


def tree(form: Form, is_linear: bool) -> Box:
    """The boxes of a form, built up or linear; made once."""
    key = "linear" if is_linear else "built up"
    found = form.cache.get(key)
    if found is None:
        found = form.cache[key] = _Layout(is_linear).box(_Part(form, 0), 0)
    return found


class _Part(NamedTuple):
    """A form inside another, and the first of its leaves."""

    form: Form
    first: int

    @property
    def args(self) -> list[_Part]:
        found, first = [], self.first
        for arg in self.form.args:
            found.append(_Part(arg, first))
            first += arg.arity
        return found


class _Layout:
    """Reads the notation of each row of the operations table."""

    def __init__(self, is_linear: bool) -> None:
        self.is_linear = is_linear

    def box(self, part: _Part, where: int) -> Box:
        """A form in a place; brackets around the whole of it are the caller's business."""
        form = part.form
        if form.op is SLOT:
            return Slot(part.first, where)
        if form.op is CONSTANT:
            return Number(constant_text(*form.params), where)
        if form.op.picks and (found := _picked(part)):
            return Slot(part.first, where, found)
        args = part.args
        match form.op.notation:
            case Infix() as infix:
                return self._infix(part, infix, where)
            case Prefix(latex, text):
                sign = Sign(latex, text, tight=True)
                return Signed(sign, self._operand(args[0], PRODUCT, AFTER))
            case Quotient():
                return self._quotient(args[0], args[1], where)
            case Power():
                return Script(self._base(args[0]), high=_exponent(form.params))
            case Root():
                return Radical(self.box(args[0], 0))
            case Transposed():
                return Script(self._base(args[0]), high=TOP)
            case Call(latex, text):
                function = _scripted(Word(latex, text), _axes(form))
                return Application(function, tuple([self.box(arg, 0) for arg in args]))
            case Assembled():
                return self._assembled(part)
            case Pattern() as pattern:
                return self._pattern(pattern, part, where)
        raise AssertionError(f"{form.op.name} has a notation with no boxes")

    def _operand(self, part: _Part, least: int, where: int) -> Box:
        """A form of at least a binding strength, in brackets where it binds less."""
        level = self._level(part.form)
        if level < least or (level == PREFIX and where & AFTER):
            return Fenced(ROUND, self.box(part, 0))
        return self.box(part, where)

    def _level(self, form: Form) -> int:
        if form.op is SLOT or form.op is CONSTANT:
            return ATOM
        match form.op.notation:
            case Infix(level=level) | Pattern(level=level):
                return level
            case Prefix():
                return PREFIX
            case Quotient():
                return PRODUCT if self.is_linear else ATOM
            case Power() | Transposed():
                return POWER
        return ATOM

    def _infix(self, part: _Part, notation: Infix, where: int) -> Box:
        entrywise = _entrywise(part.form, notation)
        items: list[Box] = []
        for k, arg in enumerate(part.args):
            here = AFTER if k else where & AFTER
            least = notation.level
            if self._level(arg.form) == least and _is_ambiguous(part.form, arg.form, k, entrywise):
                least += 1
            if k == 0 and least == PRODUCT:  # a sign before a product may stay: -a · b
                least = PREFIX
            if k:
                sign = Sign(notation.latex, notation.text, breaks=notation.level == SUM)
                items.append(_ENTRYWISE if entrywise[k] else sign)
            items.append(self._operand(arg, least, here))
        return row(*items)

    def _quotient(self, above: _Part, below: _Part, where: int) -> Box:
        if not self.is_linear:
            return Over(self.box(above, 0), self.box(below, 0))
        # on one line: a · b / c reads well, a / b / c does not
        least = POWER if isinstance(getattr(above.form.op, "notation", None), Quotient) else PREFIX
        first = self._operand(above, least, where & AFTER | FACTOR)
        return Over(first, self._operand(below, POWER, AFTER | FACTOR))

    def _base(self, part: _Part) -> Box:
        """The base of something raised: a letter, what ends in brackets, or brackets."""
        box = self.box(part, BASE)
        if isinstance(box, (Slot, Number)) or is_closed(box):
            return box
        return Fenced(ROUND, self.box(part, 0))

    def _assembled(self, part: _Part) -> Box:
        """The entries of an array, its rows or its layers; or blocks, one of them after the other.

        A vector is a column: to be a row of a matrix it is transposed where this is built up.
        """
        args, rank = part.args, len(part.form.shape)
        inner = [self._alone(arg) for arg in args]
        if part.form.params is not None:
            if part.form.params == rank - 1 > 0:
                return Table((tuple(inner),), "|")
            return Table(tuple((block,) for block in inner), ";")
        if rank == 1:
            return Table(tuple((entry,) for entry in inner), "")
        if rank > 2:
            return Pile(tuple(inner))
        if all(isinstance(box, Table) and not box.between for box in inner):
            return Table(tuple(tuple(entry for (entry,) in box.rows) for box in inner), "")
        if self.is_linear:
            return Pile(tuple(inner))
        return Table(tuple((Script(self._base(arg), high=TOP),) for arg in args), "")

    def _pattern(self, pattern: Pattern, part: _Part, where: int) -> Box:
        """A pattern with what belongs to the form put in."""
        # beside a raised T a product needs brackets: (a ⊙ b) xᵀ is not a ⊙ (b xᵀ)
        least = POWER if pattern.level == PRODUCT else PRODUCT
        items = pattern.box.items if isinstance(pattern.box, Row) else (pattern.box,)
        drawn = []
        for k, item in enumerate(items):
            put = partial(self._operand, least=least, where=AFTER if k else where & AFTER)
            drawn.append(self._drawn(item, part, put))
        return row(*drawn) if isinstance(pattern.box, Row) else drawn[0]

    def _drawn(self, box: Box, part: _Part, put: Callable[[_Part], Box]) -> Box:
        """A box of a pattern; ``put`` says how an operand stands in it."""
        match box:
            case Argument(position):
                return Group(put(part.args[position]))
            case Parameters(drawn):
                return drawn(part.form) if drawn else _parameters(part.form)
            case Row(items):
                return row(*[self._drawn(item, part, put) for item in items])
            case Fenced(fence, inner):
                return Fenced(fence, self._drawn(inner, part, self._alone))
            case Script(base, low, high):
                low, high = (self._drawn(script, part, self._alone) for script in (low, high))
                return _scripted(self._drawn(base, part, self._base), low, high)
        return box

    def _alone(self, part: _Part) -> Box:
        """A form that nothing stands beside."""
        return self.box(part, 0)


_ENTRYWISE = Sign(r"\odot", "⊙")
_STROKE = Sign("/", "/", tight=True)


def _scripted(base: Box, low: Box | None, high: Box | None = None) -> Box:
    return base if low is None and high is None else Script(base, low, high)


def _exponent(value: Fraction) -> Box:
    """A stacked fraction would be too small to read."""
    if value.denominator == 1:
        return Number(str(value))
    return row(Number(str(value.numerator)), _STROKE, Number(str(value.denominator)))


def _is_ambiguous(form: Form, arg: Form, k: int, entrywise: Sequence[bool]) -> bool:
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


def constant_text(value: Fraction, as_fraction: bool) -> str:
    """A constant as it was written: a fraction, or a decimal.

    >>> constant_text(Fraction(1, 2), True), constant_text(Fraction(1, 2), False)
    ('1/2', '0.5')
    """
    decimal = None if as_fraction else terminates(value, LONGEST_DECIMAL)
    return str(value) if decimal is None else write(decimal)


def _entrywise(form: Form, notation: Infix) -> list[bool]:
    """For each operand of a product, whether it and what stands before it are both arrays."""
    is_product = form.op.elementwise and notation.level == PRODUCT
    found, before = [], False
    for arg in form.args:
        found.append(is_product and before and arg.shape != ())
        before = before or arg.shape != ()
    return found


def _parameters(form: Form) -> Box | None:
    """What belongs to the operation itself: the axes, or a number."""
    if _has_axes(form.params):
        return _axes(form)
    return Group(Number(constant_text(form.params, False)))


def _axes(form: Form) -> Words | None:
    """The axis along which a row works, where it does not take in the whole array."""
    if not _has_axes(form.params) or not form.args:
        return None
    axes, rank = form.params[0], len(form.args[0].shape)
    if len(axes) < rank:
        return Words(_LINES.get(tuple(axis - rank for axis in axes)) or _numbered(axes))
    # one number comes of the whole array; but a softmax of a matrix is mostly one of its rows
    return Words("all") if len(axes) > 1 and form.shape == form.args[0].shape else None


_LINES = {
    (-1,): "each row",
    (-2,): "each column",
    (-2, -1): "each matrix",
    (-3,): "across matrices",
}
"""What an operation works along, by the axes of it counted from the last one."""


def _numbered(axes: Sequence[int]) -> str:
    return "along index " + ", ".join(str(axis + 1) for axis in axes)


def _has_axes(params: Any) -> bool:
    return type(params) is tuple and bool(params) and type(params[0]) is tuple
