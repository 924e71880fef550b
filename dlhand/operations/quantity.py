"""Quantities: array-valued formulas over named leaves.

A formula has two halves. Its *form* is its structure with empty slots (``□·□ + □``); forms are
interned, so that all that follows from structure alone (shape, derivative, compiled arithmetic,
typeset template) is worked out once, however often the form occurs. Its *leaves* fill the
slots, from left to right. Combining quantities costs one dictionary look-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from dlhand.errors import FormulaError, ShapeError
from dlhand.numbers.balls import Balls, compile_balls
from dlhand.numbers.exact import Shape, read_number
from dlhand.operations.notation import Notation

_BALLS = Balls()
MAX_DEPTH = 100
MOST_COMPILED = 64
"""A formula over more leaves than this is evaluated as it stands; compiling takes longer."""


class Head:
    """What a form is made by: an operation of the table, or one of the two that are none."""

    __slots__ = ("associative", "elementwise", "moves", "name", "notation", "picks")

    notation: Notation
    elementwise: bool

    def __init__(
        self, name: str, associative: bool = False, moves: bool = False, picks: bool = False
    ) -> None:
        self.name = name
        self.associative = associative
        self.moves = moves
        self.picks = picks

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def infer(self, args: Sequence[Form], params: Any) -> Shape:
        """The shape of the result; raises `ShapeError` where the arguments do not fit."""
        raise NotImplementedError

    def evaluate(self, arithmetic: Any, form: Form, values: list[Any]) -> Any:
        """The value at ``form`` from those of its arguments."""
        raise NotImplementedError


SLOT, CONSTANT = Head("leaf"), Head("constant")


class Form:
    """The structure of a formula, interned: equal structures are one object."""

    __slots__ = (
        "args", "arity", "as_leaf", "cache", "depth", "op", "params", "pull", "pull_unit", "shape",
    )  # fmt: skip

    def __init__(self, op: Head, args: tuple[Form, ...], params: Any, shape: Shape) -> None:
        self.op = op
        self.args = args
        self.params = params
        self.shape = shape
        self.arity: int = sum(arg.arity for arg in args)
        self.depth: int = 1 + max((arg.depth for arg in args), default=0)
        self.cache: dict[Any, Any] = {}
        self.as_leaf: Form = self if op is SLOT else slot(shape)
        # how gradients flow back, filled in by `gradient.pullbacks`
        self.pull: Any = None
        self.pull_unit: Any = None

    @property
    def is_scalar(self) -> bool:
        """Whether every quantity in the formula is a single number."""
        return self.shape == () and all(arg.is_scalar for arg in self.args)

    def run(self, arithmetic: Any, slots: Sequence[Any]) -> Any:
        """The value over any arithmetic: an element, or a flat tuple of them for an array."""
        return self._run(arithmetic, iter(slots))

    def _run(self, arithmetic: Any, slots: Iterator[Any]) -> Any:
        if self.op is SLOT:
            return next(slots)
        if self.op is CONSTANT:
            return arithmetic.number(self.params[0])
        values = [arg._run(arithmetic, slots) for arg in self.args]
        return self.op.evaluate(arithmetic, self, values)

    def balls(self) -> Any:
        """A function from the slots' enclosures to the enclosure of the result."""
        compiled = self.cache.get("balls")
        if compiled is None:
            if self.arity <= MOST_COMPILED and self.is_scalar:
                compiled = compile_balls(self.run, self.arity)
            else:
                compiled = self._balls_of_arrays
            self.cache["balls"] = compiled
        return compiled

    def _balls_of_arrays(self, *slots: Any) -> Any:
        return self.run(_BALLS, slots)


def forget() -> None:
    """Let all forms forget what was worked out from their rows: for who changes a row."""
    for form in _forms.values():
        form.cache.clear()
        form.pull = form.pull_unit = None


_forms: dict[tuple[Any, ...], Form] = {}
_slots: dict[Shape, Form] = {}
_pairs: dict[tuple[Any, Form, Any], Form] = {}
_constants: dict[tuple[type, Any], Quantity] = {}


class Quantity:
    """A formula over leaves; an operation on quantities gives a quantity.

    ``+ - * / **`` work entry by entry and broadcast as in NumPy; ``@`` is the product of
    vectors and matrices; ``.T`` transposes and ``[i]`` takes an entry or a row. Numbers in a
    formula are exact constants: ``x / 2``, ``"0.9" * m``.
    """

    __slots__ = ("_leaves", "form")

    form: Form
    _leaves: tuple[Leaf, ...] | None

    def __init__(self, form: Form, leaves: tuple[Leaf, ...]) -> None:
        self.form = form
        self._leaves = leaves

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The named quantities that fill the slots of the form, from left to right."""
        assert self._leaves is not None
        return self._leaves

    @property
    def shape(self) -> Shape:
        """The shape: () for a single number, (n,) for a vector, (rows, columns) ..."""
        return self.form.shape

    def __repr__(self) -> str:
        return f"<{self.form.op.name} of shape {self.shape}>"

    def __add__(self, other: Operand) -> Quantity:
        return _combine(operators.add, self, other)

    def __radd__(self, other: Operand) -> Quantity:
        return _combine(operators.add, constant(other), self)

    def __sub__(self, other: Operand) -> Quantity:
        return _combine(operators.sub, self, other)

    def __rsub__(self, other: Operand) -> Quantity:
        return _combine(operators.sub, constant(other), self)

    def __mul__(self, other: Operand) -> Quantity:
        return _combine(operators.mul, self, other)

    def __rmul__(self, other: Operand) -> Quantity:
        return _combine(operators.mul, constant(other), self)

    def __truediv__(self, other: Operand) -> Quantity:
        return _combine(operators.div, self, other)

    def __rtruediv__(self, other: Operand) -> Quantity:
        return _combine(operators.div, constant(other), self)

    def __neg__(self) -> Quantity:
        return apply(operators.neg, self)

    def __pow__(self, exponent: Any) -> Quantity:
        if isinstance(exponent, (Quantity, list, tuple)):
            raise FormulaError("the exponent is no number; wanted one such as 2 or '1/2'")
        whole = exponent.__class__ is int  # 2, 2.0 and True would be one key
        form = _pairs.get((operators.power, self.form, exponent)) if whole else None
        if form is None:
            number = read_number(exponent, "exponent")
            form = apply(operators.power, self, params=number).form
            if whole:
                _pairs[operators.power, self.form, exponent] = form
        return Quantity(form, self._leaves or self.leaves)

    def __rpow__(self, base: Any) -> Quantity:
        """A number to the power of a quantity: e^(ln(base) · x)."""
        if read_number(base, "base") <= 0:
            raise FormulaError(f"base is {base!r:.40}; wanted a number above 0")
        return apply(operators.exp, apply(operators.log, base) * self)

    def __abs__(self) -> Quantity:
        return apply(operators.absolute, self)

    def __matmul__(self, other: Operand) -> Quantity:
        if not isinstance(other, Quantity):
            other = constant(other)
        row = operators.products.get((len(self.form.shape), len(other.form.shape)))
        if row is None:
            raise ShapeError(
                f"@ got shapes {self.shape} and {other.shape}; wanted vectors or matrices"
            )
        return _combine(row, self, other)

    def __getitem__(self, index: Any) -> Quantity:
        return operators.index(self, index)

    def __iter__(self) -> Iterator[Quantity]:
        if not self.shape:
            raise ShapeError(
                "a single number has no entries; wanted a vector or matrix (to add up numbers: "
                "a + b; total(v) adds up the entries of v)"
            )
        return (self[i] for i in range(self.shape[0]))

    def __len__(self) -> int:
        if not self.shape:
            raise ShapeError("a single number has no length; wanted a vector or matrix")
        return self.shape[0]

    @property
    def T(self) -> Quantity:
        """The transpose of a matrix."""
        return operators.transpose(self)

    def __bool__(self) -> bool:
        raise FormulaError("a quantity is a formula, neither true nor false")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """What NumPy asks for: its numbers may stand in a formula, its functions may not."""
        operator = _OPERATORS.get(ufunc.__name__)
        if operator is not None and method == "__call__" and len(inputs) == 2 and not options:
            a, b = inputs
            if isinstance(a, Quantity):
                return getattr(a, f"__{operator}__")(b)
            return getattr(b, f"__r{operator}__")(a)
        if ufunc.__name__ in ("equal", "not_equal"):  # a number is no formula
            return ufunc.__name__ == "not_equal"
        name = f"np.{ufunc.__name__}"
        if method != "__call__":
            raise operators.refused(f"{name}.{method}", _FOLDED.get(ufunc.__name__, method))
        if options and operator is not None:
            raise FormulaError(
                f"{name} got {', '.join(options)} with a quantity, which is a formula; wanted the "
                "operands alone"
            )
        raise operators.refused(name, ufunc.__name__)

    def __array_function__(self, function: Any, types: Any, given: Any, options: Any) -> Any:
        raise operators.refused(f"np.{function.__name__}", function.__name__)

    def __array__(self, *args: Any, **options: Any) -> Any:
        raise FormulaError(
            "NumPy was to make an array of a quantity, which is a formula; wanted dlhand.stack(a, "
            "b, ...), or its value, d.value(x)"
        )

    def __float__(self) -> float:
        raise FormulaError(
            "float(), and functions of math, got a quantity, which is a formula; wanted its value, "
            "d.value(x), or a function of dlhand, such as dlhand.exp(x)"
        )

    def _whole(self, *args: Any) -> Any:
        raise FormulaError(
            "round(), int(), // and % got a quantity, which is a formula; wanted its value, "
            "d.value(x), or dlhand.floor(x)"
        )

    __int__ = __round__ = __trunc__ = __floor__ = __ceil__ = _whole
    __mod__ = __rmod__ = __floordiv__ = __rfloordiv__ = __divmod__ = _whole

    def _compared(self, other: object) -> bool:
        raise FormulaError(
            "<, >, max() and min() got a quantity, which is a formula; wanted dlhand.maximum, "
            "dlhand.minimum, dlhand.relu, dlhand.greater or dlhand.largest"
        )

    __lt__ = __le__ = __gt__ = __ge__ = _compared


class Leaf(Quantity):
    """A quantity that stands for itself in formulas: it fills one slot.

    ``name`` is what it is called, ``index`` its place among the leaves that belong together,
    such as those of a derivation.
    """

    __slots__ = ()

    name: str
    index: int

    def __init__(self, shape: Shape) -> None:
        self.form = slot(shape)
        self._leaves = None  # not (self,), which would be a cycle for the garbage collector

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Itself."""
        return (self,)


Operand = Quantity | int | str | float | Fraction

_OPERATORS = {
    "add": "add", "subtract": "sub", "multiply": "mul", "divide": "truediv", "power": "pow",
    "matmul": "matmul",
}  # fmt: skip
"""By NumPy's names, what is written with a sign."""
_FOLDED = {"add": "sum", "maximum": "max"}
"""What repeating an operation of NumPy over an array comes to."""


def apply(op: Head, *operands: Operand, params: Any = None) -> Quantity:
    """The quantity ``op(*operands)``.

    Raises `ShapeError` where the operands do not fit together, `GivenError` for an operand
    that is no number.
    """
    if len(operands) == 1 and isinstance(operands[0], Quantity):
        a = operands[0]
        form = _forms.get((op, params, a.form)) or _make(op, (a.form,), params)
        return Quantity(form, a._leaves or a.leaves)
    args = [o if isinstance(o, Quantity) else constant(o) for o in operands]
    form = combined(op, tuple([arg.form for arg in args]), params)
    return Quantity(form, tuple([leaf for arg in args for leaf in arg.leaves]))


def combined(op: Head, forms: tuple[Form, ...], params: Any = None) -> Form:
    """The form of an operation on formulas of these forms. Raises `ShapeError` as `apply`."""
    return _forms.get((op, params, *forms)) or _make(op, forms, params)


def _combine(op: Head, a: Quantity, b: Operand) -> Quantity:
    """`apply` to two operands with no parameters, for the operators; kept short for speed."""
    if not isinstance(b, Quantity):
        b = constant(b)
    form = _pairs.get((op, a.form, b.form))
    if form is None:
        form = _pairs[op, a.form, b.form] = apply(op, a, b).form
    left, right = a._leaves, b._leaves
    if left is None:
        left = (a,)  # type: ignore[assignment]
    if right is None:
        right = (b,)  # type: ignore[assignment]
    return Quantity(form, left + right)  # type: ignore[operator]


def _make(op: Head, given: tuple[Form, ...], params: Any) -> Form:
    args = given
    shape = op.infer(args, params)
    if op.associative:  # a + b + c is one sum of three terms
        args = tuple(part for arg in args for part in (arg.args if arg.op is op else (arg,)))
        if op.infer(args, params) != shape or any(arg.op is op for arg in args):
            raise AssertionError(f"{op.name} is not associative")
    form = Form(op, args, params, shape)
    if form.depth > MAX_DEPTH:
        raise FormulaError(
            f"a formula is nested {form.depth} deep; wanted at most {MAX_DEPTH}: "
            "give its parts names with step()"
        )
    form = _forms.setdefault((op, params, *args), form)
    _forms[op, params, *given] = form
    return form


def slot(shape: Shape) -> Form:
    """The form of a leaf."""
    form = _slots.get(shape)
    if form is None:
        form = _slots[shape] = Form(SLOT, (), None, shape)
        form.arity = 1
    return form


def shape_of(operand: Operand) -> Shape:
    """The shape of what stands in a formula; what cannot stand there is refused.

    >>> shape_of(3)
    ()
    """
    return (operand if isinstance(operand, Quantity) else constant(operand)).shape


def constant(value: Any) -> Quantity:
    """An exact number inside a formula. A `Fraction` is written as a fraction, "0.5" as 0.5.

    >>> constant("0.5").shape
    ()
    """
    try:
        known = _constants.get((value.__class__, value))
    except TypeError:  # an array cannot be looked up, not even one of no dimensions
        known = None
        value = value.item() if getattr(value, "shape", None) == () else value
    if known is not None:
        return known
    if isinstance(value, (list, tuple)) and any(isinstance(item, Quantity) for item in value):
        raise FormulaError("a formula has a list of quantities in it; wanted stack(a, b, ...)")
    if isinstance(value, (list, tuple)) or getattr(value, "shape", None):
        raise FormulaError("a formula has a bare array in it; name it with given() first")
    number = read_number(value, "a number in a formula")
    as_fraction = isinstance(value, Fraction) or (isinstance(value, str) and "/" in value)
    key = (CONSTANT, number, as_fraction)
    form = _forms.get(key)
    if form is None:
        form = _forms[key] = Form(CONSTANT, (), (number, as_fraction), ())
    quantity = Quantity(form, ())
    if len(_constants) < 10_000:
        _constants[value.__class__, value] = quantity
    return quantity


class _Operators:
    """The rows behind Python's operators and behind gradients; those who have them fill them in."""

    add: Head
    sub: Head
    mul: Head
    div: Head
    neg: Head
    power: Head
    exp: Head
    log: Head
    absolute: Head
    sum: Head
    fill: Head
    reshape: Head
    products: dict[tuple[int, int], Head]
    index: Callable[[Quantity, Any], Quantity]
    transpose: Callable[[Quantity], Quantity]
    refused: Callable[[str, str], FormulaError]
    """What to raise where NumPy is given a quantity: what came, and by which name of NumPy."""


operators = _Operators()
