"""The exact symbolic expression of a step over the givens, as a sympy object.

The steps are put into one another from the givens on, in order, and nothing is expanded: equal
parts are shared, so that building the expression stays cheap where printing it would not be.
"""

# ruff: noqa: D102 (numbers/arithmetic.py says what each method is)

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.derivation.evaluate import ByHand
from dlhand.derivation.walk import ancestors
from dlhand.errors import FormulaError, UndefinedValue
from dlhand.numbers.arithmetic import Arithmetic
from dlhand.numbers.exact import Shape, nested
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry
    from dlhand.operations.quantity import Leaf, Quantity


def closed_form(d: Derivation, entry: str | Quantity) -> Any:
    """The exact expression of a given or step over symbols named as the givens.

    A single number gives a sympy expression; a vector an immutable matrix of one column, a matrix
    an immutable matrix, any other array an `ImmutableDenseNDimArray`. The symbols are those of
    `symbols`; constants and exponents are exact. Steps that were replaced by numbers are these
    numbers. Raises `UnknownName` for a name that is none, `UndefinedValue` where the expression
    divides by the number zero or takes its logarithm, `FormulaError` where steps are rounded by
    hand: a rounded number is no expression of the givens.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A line")
    >>> x, w = d.givens(x="0.5", w=3)
    >>> y = d.step("y", w * x + 1)
    >>> z = d.step("z", y**2 / 3)
    >>> closed_form(d, "z")
    (w*x + 1)**2/3
    """
    if isinstance(d.evaluation, ByHand):
        raise FormulaError(
            f"the steps are {d.evaluation.how}, and a rounded number has no closed form; wanted a "
            "derivation with all its digits"
        )
    wanted = d[entry]
    fixed = d.evaluation.fixed
    known = _leaves(d)
    arithmetic = Symbols()

    def before(entry: Entry) -> tuple[Leaf, ...]:
        return () if entry.index in fixed else entry.uses

    for step in ancestors(d.entries, wanted.index, before):
        k = step.index
        if step.rule is None:
            continue
        if k in fixed:
            value = fixed[k]
            known[k] = (
                tuple(map(arithmetic.number, value)) if step.shape else arithmetic.number(value)
            )
            continue
        slots = [known[leaf.index] for leaf in step.uses]
        try:
            known[k] = step.rule.run(arithmetic, slots)
        except UndefinedValue as error:
            raise UndefinedValue(f"step {step.name} has no value: {error}") from None
    return _as_sympy(known[wanted.index], wanted.shape)


def symbols(d: Derivation) -> dict[str, Any]:
    """The symbols that stand for the givens: one, or nested lists of them for an array.

    They are real. An entry of an array x is called x_0 or x_0_1, with more underscores where
    a given has that name already.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A vector and a number")
    >>> x, b = d.givens(x=[1, 2], b=3)
    >>> symbols(d)
    {'x': [x_0, x_1], 'b': b}
    """
    known = _leaves(d)
    return {
        given.name: nested(known[given.index], given.shape) if given.shape else known[given.index]
        for given in d.given_entries
    }


def _leaves(d: Derivation) -> dict[int, Any]:
    """The symbols of the givens by position: one, or a flat tuple."""
    from sympy import Symbol

    taken = {given.name for given in d.given_entries if not given.shape}
    known: dict[int, Any] = {}
    for given in d.given_entries:
        if not given.shape:
            known[given.index] = Symbol(given.name, real=True)
            continue
        names, joint = _entry_names(given.name, given.shape, "_"), "_"
        while not taken.isdisjoint(names):
            joint += "_"
            names = _entry_names(given.name, given.shape, joint)
        taken.update(names)
        known[given.index] = tuple(Symbol(name, real=True) for name in names)
    return known


def _entry_names(name: str, shape: Shape, joint: str) -> list[str]:
    names = [name]
    for length in shape:
        names = [f"{start}{joint}{k}" for start in names for k in range(length)]
    return names


def _as_sympy(value: Any, shape: Shape) -> Any:
    from sympy import ImmutableDenseNDimArray, ImmutableMatrix

    if not shape:
        return value
    if len(shape) > 2:
        return ImmutableDenseNDimArray(value, shape)
    rows = shape[0]
    return ImmutableMatrix(rows, size(shape) // rows, list(value))


class Symbols(Arithmetic[Any]):
    """Arithmetic on sympy expressions (see `dlhand.numbers.arithmetic`)."""

    exp: Callable[[Any], Any]
    sqrt: Callable[[Any], Any]
    sin: Callable[[Any], Any]
    cos: Callable[[Any], Any]
    tanh: Callable[[Any], Any]
    maximum: Callable[[Any, Any], Any]

    def __init__(self) -> None:
        import sympy

        self._sympy: Any = sympy
        self.exp, self.sqrt, self.tanh = sympy.exp, sympy.sqrt, sympy.tanh
        self.sin, self.cos, self.maximum = sympy.sin, sympy.cos, sympy.Max

    def number(self, value: Fraction) -> Any:
        return self._sympy.Rational(value.numerator, value.denominator)

    def add(self, a: Any, b: Any) -> Any:
        return a + b

    def sub(self, a: Any, b: Any) -> Any:
        return a - b

    def neg(self, a: Any) -> Any:
        return -a

    def mul(self, a: Any, b: Any) -> Any:
        return a * b

    def div(self, a: Any, b: Any) -> Any:
        if b == 0:
            raise UndefinedValue("division by zero")
        return a / b

    def power(self, a: Any, exponent: Fraction) -> Any:
        if a == 0 and exponent < 0:
            raise UndefinedValue("division by zero (zero to a negative power)")
        return a ** self.number(exponent)

    def log(self, a: Any) -> Any:
        if a == 0:
            raise UndefinedValue("the logarithm of 0, which is not positive")
        return self._sympy.log(a)

    def sigmoid(self, a: Any) -> Any:
        return 1 / (1 + self.exp(-a))

    def normal(self, a: Any) -> Any:
        return (1 + self._sympy.erf(a / self.sqrt(2))) / 2

    def bell(self, a: Any) -> Any:
        return self.exp(-(a**2) / 2) / self.sqrt(2 * self._sympy.pi)

    def heaviside(self, a: Any) -> Any:
        return self._sympy.Piecewise((1, a > 0), (0, True))

    def floor(self, a: Any) -> Any:
        return self._sympy.floor(a)

    def total(self, items: Sequence[Any]) -> Any:
        return self._sympy.Add(*items)
