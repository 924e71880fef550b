"""The last hint before the answer: the first sub-result on the way to it, as one line of text.

A formula is worked out from the inside, from left to right; so the first thing that is worked out
is w₁ · x₁ in a weighted sum, e^(−z) in a sigmoid, the first sum of products in a product of
matrices. It is found by running the formula over an arithmetic that keeps a record: each operation
has its hint by the rule for its value. Where nothing comes before the result, as in a product of
two numbers, the hint is how the result begins, or what it lies between.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.derivation.entries import Step
from dlhand.errors import UndefinedValue
from dlhand.learner.check import place_words
from dlhand.numbers.arithmetic import Written
from dlhand.numbers.digits import (
    USUAL,
    Decimal10,
    Digits,
    Shown,
    chop,
    magnitude,
    round_significant,
    short_decimal,
    write,
)
from dlhand.operations import activations, comparison, scalar
from dlhand.operations.gradient import operands
from dlhand.operations.quantity import (
    CONSTANT,
    SLOT,
    Form,
    Head,
    Leaf,
    Quantity,
    apply,
    constant,
)
from dlhand.operations.structure import reshape
from dlhand.operations.table import TABLE, size
from dlhand.render.parts import spell
from dlhand.render.writers import TEXT

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = ["first_sub_result"]

LONGEST = 12
"""A sum of more terms is not written out in a hint, nor a constant of more digits."""
MOST = 24
"""So many sub-results are looked at."""
_ZERO = constant(0)


def first_sub_result(d: Derivation, entry: Entry, digits: Digits = USUAL) -> str:
    """The first sub-result of a step, as one line of text that does not tell the whole result.

    Numbers have so many ``digits``.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A neuron")
    >>> w, x, b, W, v = d.givens(w="0.5", x="0.25", b=1, W=[["0.1", "0.3"], [2, 4]], v=[1, "0.5"])
    >>> z = d.step("z", w * x + b)
    >>> for step in (
    ...     z,
    ...     d.step("a", activations.sigmoid(z)),
    ...     d.step("y", W @ v),
    ...     d.step("p", z * w),
    ... ):
    ...     print(first_sub_result(d, step))
    w · x = 0.5 · 0.25 = 0.125
    e^(−z) = e^(−1.125) ≈ 0.32465
    entry 1: 0.1 · 1 + 0.3 · 0.5 = 0.25
    it begins with 0.5…
    """
    try:
        page = d.evaluation.page(digits)[entry.index]
        shown = [page] if isinstance(page, Shown) else list(page)
        for label, q in _sub_results(d, entry):
            line, text = _written(d, entry, q, digits)
            if label or any(text != each.text for each in shown):
                return label + line
        return _beginning(shown)
    except UndefinedValue as error:
        return f"there is no value here: {error}"


def _sub_results(d: Derivation, entry: Entry) -> Iterator[tuple[str, Quantity]]:
    """What is worked out on the way to a step, in order, and which of several entries it is."""
    if entry.rule is None or entry.index in d.evaluation.fixed:
        return
    record = _Record(dict(_constants(entry.rule)))
    result = entry.rule.run(record, [_elements(d, leaf) for leaf in entry.uses])
    entries = list(result) if entry.shape else [result]
    for q in record.kept or entries[:1]:
        places = [k for k, each in enumerate(entries) if each is q]
        if len(places) < len(entries):
            yield f"{place_words(places[0], entry.shape)}: " if places else "", q
        else:  # it is the whole result
            yield from (("", part) for part in _parts(q))


def _constants(form: Form) -> Iterator[tuple[Fraction, Quantity]]:
    """The constants of a formula by value, as they are written there: 1/2 or 0.5."""
    if form.op is CONSTANT:
        yield form.params[0], Quantity(form, ())
    for arg in form.args:
        yield from _constants(arg)


def _elements(d: Derivation, leaf: Leaf) -> Any:
    """The numbers of a leaf as quantities: itself, or the entries of an array."""
    if leaf.shape == ():
        return leaf
    exact = d.evaluation.exact(leaf.index) or [None] * size(leaf.shape)
    return tuple([_ZERO if value == 0 else _Part(leaf, k) for k, value in enumerate(exact)])


def _parts(q: Quantity) -> Iterator[Quantity]:
    """What is worked out first of a sum or product that is one operation: two of its operands."""
    parts = operands(q)
    if parts and parts[0].form.op not in (SLOT, CONSTANT):
        yield parts[0]
    if len(parts) > 2:
        yield apply(q.form.op, *parts[:2])


def _written(d: Derivation, entry: Entry, q: Quantity, digits: Digits) -> tuple[str, str]:
    """A formula with its numbers and its value as a line, and the value alone.

    Formulas over entries of arrays are written with numbers only: their names are clumsy.
    """
    start = entry.index
    parts = {leaf: None for leaf in q.leaves if isinstance(leaf, _Part)}
    named: dict[Leaf, Step] = {part: part.as_step(start + k) for k, part in enumerate(parts)}
    uses = tuple([named.get(leaf, leaf) for leaf in q.leaves])
    last = Step("?", start + len(named), q.form.as_leaf, q.form, uses, "", "")
    evaluation = d.evaluation.anew(
        {k: value for k, value in d.evaluation.fixed.items() if k < start},
        [*d.entries[:start], *named.values(), last],
    )
    formula, numbers, result, exact, note = spell(evaluation, last, TEXT, digits)
    before = [text for text in ("" if named else formula, numbers) if text]
    line = TEXT.equal.join(before)
    if before:
        line += TEXT.equal if exact else TEXT.about
    line += result + (TEXT.note(note) if note else "")
    return line, evaluation.shown(last.index, digits).text


def _beginning(shown: Sequence[Shown]) -> str:
    """How a number begins; of one with a single digit, or a great or tiny one, what it is between.

    >>> for text in ("-0.1362", "7", "73.4", "1/3", "0"):
    ...     print(_beginning([Shown(text, True)]))
    it begins with −0.1…
    it lies between 6 and 9
    it lies between 70 and 80
    it begins with 0.3…
    it lies between −1 and 2
    """
    every = "it" if len(shown) == 1 else "each entry"
    number = shown[0].decimal or round_significant(Fraction(shown[0].text), 2)
    value = number.fraction
    places = -magnitude(value) if value else 0
    first = chop(value, places)
    has_more = value != first.fraction
    if has_more and 0 <= places <= 4:
        point = "" if places else "."
        return f"{every} begins with {_text(first)}{point}…"
    sign = -1 if value < 0 else 1
    # not the two neighbours of a single digit, which would give it away
    steps = (0, 1) if has_more else (-1, 2)
    ends = [first.mantissa + sign * step for step in steps]
    low, high = (_text(Decimal10(mantissa, places)) for mantissa in sorted(ends))
    return f"{every} lies between {low} and {high}"


def _text(number: Decimal10) -> str:
    return TEXT.number(write(number) if number.mantissa else "0", 0)


class _Part(Leaf):
    """One entry of an array, as a leaf of its own."""

    __slots__ = ("index", "name", "whole")

    def __init__(self, whole: Leaf, index: int) -> None:
        super().__init__(())
        self.whole = whole
        self.index = index
        self.name = f"{whole.name}[{index}]"

    def as_step(self, position: int) -> Step:
        """A step at a position that is this entry."""
        picked = reshape(self.whole, (size(self.whole.shape),))[self.index]
        return Step(self.name, position, self.form, picked.form, picked.leaves, "", "")


class _Record(Written[Quantity]):
    """Arithmetic on formulas that keeps what a person works out, in order.

    What only turns a sign, or takes nothing off, is not kept.
    """

    def __init__(self, constants: Mapping[Fraction, Quantity]) -> None:
        self.constants = constants
        self.kept: list[Quantity] = []
        self.is_closed = False

    def _keep(self, op: Head, *numbers: Quantity, params: Any = None) -> Quantity:
        if self.is_closed:
            return _ZERO
        q = apply(op, *numbers, params=params)
        self.kept.append(q)
        self.is_closed = len(self.kept) == MOST
        return q

    def _keep_last(self, op: Head, *numbers: Quantity) -> Quantity:
        """Keep the beginning of what is too long, and nothing after it."""
        self._keep(op, *numbers)
        self.is_closed = True
        return _ZERO

    def is_zero(self, a: Quantity) -> bool:
        return a is _ZERO

    def number(self, value: Fraction) -> Quantity:
        if not value:
            return _ZERO
        if value in self.constants:
            return self.constants[value]
        return constant(short_decimal(value.numerator, value.denominator, LONGEST) or value)

    def add(self, a: Quantity, b: Quantity) -> Quantity:
        if a is _ZERO or b is _ZERO:
            return b if a is _ZERO else a
        return self._keep(scalar.ADD, a, b)

    def sub(self, a: Quantity, b: Quantity) -> Quantity:
        return a if b is _ZERO else self._keep(scalar.SUB, a, b)

    def neg(self, a: Quantity) -> Quantity:
        return -a

    def mul(self, a: Quantity, b: Quantity) -> Quantity:
        return self._keep(scalar.MUL, a, b)

    def div(self, a: Quantity, b: Quantity) -> Quantity:
        return self._keep(scalar.DIV, a, b)

    def power(self, a: Quantity, exponent: Fraction) -> Quantity:
        return self._keep(scalar.POWER, a, params=exponent)

    def call(self, name: str, a: Quantity) -> Quantity:
        return self._keep(TABLE[name], a)

    def sigmoid(self, a: Quantity) -> Quantity:
        self.exp(-a)
        return activations.sigmoid(a)

    def tanh(self, a: Quantity) -> Quantity:
        self.exp(2 * a)
        return activations.tanh(a)

    def maximum(self, a: Quantity, b: Quantity) -> Quantity:
        return self._keep(comparison.MAXIMUM, a, b)

    def total(self, items: Sequence[Quantity]) -> Quantity:
        if len(items) > LONGEST:
            return self._keep_last(scalar.ADD, *items[:2])
        return self._keep(scalar.ADD, *items) if len(items) > 1 else items[0]

    def dot(self, a: Sequence[Quantity], b: Sequence[Quantity]) -> Quantity:
        if len(a) > LONGEST:
            return self._keep_last(scalar.MUL, a[0], b[0])
        if len(a) == 1:
            return self.mul(a[0], b[0])
        return self._keep(scalar.ADD, *[x * y for x, y in zip(a, b, strict=True)])
