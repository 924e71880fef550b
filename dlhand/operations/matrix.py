"""Products of vectors and matrices, and the transpose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dlhand.errors import ShapeError
from dlhand.numbers.exact import Shape
from dlhand.operations.gradient import operands, times
from dlhand.operations.notation import (
    PRODUCT,
    TOP,
    Argument,
    Infix,
    Pattern,
    Script,
    Space,
    Transposed,
    row,
)
from dlhand.operations.quantity import Form, Quantity, apply, operators, shape_of
from dlhand.operations.slips import (
    PLAIN,
    SELDOM,
    USUAL,
    Instead,
    Slip,
    becomes,
    exchanged,
    operand,
)
from dlhand.operations.table import Operation


def _inner(name: str) -> Any:
    """The shape rule of a product: the last axis of the first meets the first of the second."""

    def rule(shapes: Sequence[Shape], params: Any) -> Shape:
        a, b = shapes
        if a[-1] != b[0]:
            raise ShapeError(
                f"{name} got shapes {a} and {b}; wanted the last length of the first, {a[-1]}, "
                f"to equal the first of the second, {b[0]}"
            )
        return a[:-1] + b[1:]

    return rule


def _matmul(ar: Any, form: Form, a: Any, b: Any) -> Any:
    (rows, inner), (_, columns) = form.args[0].shape, form.args[1].shape
    by_column = [b[j::columns] for j in range(columns)]
    return tuple(
        ar.dot(a[i * inner : (i + 1) * inner], column) for i in range(rows) for column in by_column
    )


def _matvec(ar: Any, form: Form, a: Any, x: Any) -> Any:
    rows, inner = form.args[0].shape
    return tuple(ar.dot(a[i * inner : (i + 1) * inner], x) for i in range(rows))


def _vecmat(ar: Any, form: Form, x: Any, b: Any) -> Any:
    columns = form.args[1].shape[1]
    return tuple(ar.dot(x, b[j::columns]) for j in range(columns))


def _outer(ar: Any, form: Form, a: Any, b: Any) -> Any:
    return tuple(ar.mul(x, y) for x in a for y in b)


def _transposed(ar: Any, form: Form, a: Any) -> Any:
    columns = form.args[0].shape[1]
    return tuple(entry for j in range(columns) for entry in a[j::columns])


def _flipped(g: Quantity) -> Quantity:
    """The transpose as it is written on paper: that of Aᵀ is A, that of AᵀB is BᵀA."""
    if g.form.op is TRANSPOSE:
        return operands(g)[0]
    if g.form.op is MATMUL and g.form.args[0].op is TRANSPOSE:
        left, right = operands(g)
        return right.T @ operands(left)[0]
    return g.T


def _turned(q: Quantity) -> Iterator[Instead]:
    """A matrix of the product transposed, one after the other."""
    a, b = operands(q)
    if len(a.shape) == 2:
        yield Instead(_flipped(a) @ b, a)
    if len(b.shape) == 2:
        yield Instead(a @ _flipped(b), b)


def _short(q: Quantity) -> Iterator[Instead]:
    """The last, or the first, of the products that are added up left out."""
    a, b = operands(q)
    if b.shape[0] > 1:
        lead = (slice(None),) * (len(a.shape) - 1)
        for kept in (slice(None, -1), slice(1, None)):
            yield Instead(a[(*lead, kept)] @ b[kept])


_TRANSPOSED = Slip("matrix transposed", _turned, PLAIN)
_ELEMENTWISE = Slip("elementwise for matrix product", becomes(lambda a, b: a * b), PLAIN)
_TERM = Slip("product left out of a row by column", _short, SELDOM)
_JUXTAPOSED = Infix(PRODUCT, r"\,", " ", "@")

DOT = Operation(
    "dot",
    shape=_inner("dot"),
    value=lambda ar, form, a, b: ar.dot(a, b),
    gradient=lambda g, args, out, params: (times(g, args[1]), times(g, args[0])),
    notation=Infix(PRODUCT, r"\cdot", "\N{MIDDLE DOT}", "@", right=True),
    slips=(
        Slip("products not added up", becomes(lambda a, b: a * b), USUAL),
        _TERM,
    ),
)
MATVEC = Operation(
    "matvec",
    shape=_inner("matrix @ vector"),
    value=_matvec,
    gradient=lambda g, args, out, params: (outer(g, args[1]), _flipped(args[0]) @ g),
    notation=_JUXTAPOSED,
    slips=(_TRANSPOSED, _TERM),
)
VECMAT = Operation(
    "vecmat",
    shape=_inner("vector @ matrix"),
    value=_vecmat,
    gradient=lambda g, args, out, params: (args[1] @ g, outer(args[0], g)),
    notation=_JUXTAPOSED,
    slips=(_TRANSPOSED, _TERM),
)
MATMUL: Operation = Operation(
    "matmul",
    shape=_inner("matrix @ matrix"),
    value=_matmul,
    gradient=lambda g, args, out, params: (g @ _flipped(args[1]), _flipped(args[0]) @ g),
    notation=_JUXTAPOSED,
    slips=(
        _TRANSPOSED,
        _ELEMENTWISE,
        Slip("matrices exchanged", exchanged, USUAL),
        _TERM,
    ),
)
OUTER = Operation(
    "outer",
    shape=lambda shapes, params: shapes[0] + shapes[1],
    value=_outer,
    gradient=lambda g, args, out, params: (g @ args[1], g.T @ args[0]),
    notation=Pattern(
        row(Argument(0), Space(), Script(Argument(1), high=TOP)), "np.outer({0}, {1})", PRODUCT
    ),
    slips=(
        Slip("matrix transposed", exchanged, PLAIN),
        Slip("elementwise for matrix product", becomes(lambda a, b: a * b), USUAL),
    ),
)
TRANSPOSE: Operation = Operation(
    "transpose",
    moves=True,
    shape=lambda shapes, params: shapes[0][::-1],
    value=_transposed,
    gradient=lambda g, args, out, params: (_flipped(g),),
    notation=Transposed(),
    slips=(Slip("matrix transposed", operand(0), PLAIN),),
)


def dot(a: Quantity, b: Quantity) -> Quantity:
    """The dot product of two vectors of equal length.

    >>> from dlhand import Derivation
    >>> d = Derivation("dot")
    >>> a, b = d.givens(a=["1", "2"], b=["3", "4"])
    >>> d.value(d.step("y", dot(a, b)))
    11
    """
    _want_rank("dot", a, 1)
    _want_rank("dot", b, 1)
    return apply(DOT, a, b)


def outer(a: Quantity, b: Quantity) -> Quantity:
    """The outer product of two vectors: entry (i, j) is a_i b_j.

    >>> from dlhand import Derivation
    >>> d = Derivation("outer")
    >>> a, b = d.givens(a=["1", "2"], b=["3", "4"])
    >>> d.value(d.step("y", outer(a, b)))
    [[3, 4], [6, 8]]
    """
    _want_rank("outer", a, 1)
    _want_rank("outer", b, 1)
    return apply(OUTER, a, b)


def transpose(a: Quantity) -> Quantity:
    """The transpose of a matrix: entry (i, j) is a_ji.

    >>> from dlhand import Derivation
    >>> d = Derivation("transpose")
    >>> A = d.given("A", [["1", "2"], ["3", "4"]])
    >>> d.value(d.step("y", transpose(A)))
    [[1, 3], [2, 4]]
    """
    _want_rank("transpose", a, 2)
    return apply(TRANSPOSE, a)


def _want_rank(name: str, a: Quantity, rank: int) -> None:
    shape = shape_of(a)
    if len(shape) != rank:
        kind = {1: "a vector", 2: "a matrix"}[rank]
        raise ShapeError(f"{name} got an array of shape {shape}; wanted {kind}")


operators.products = {(1, 1): DOT, (2, 1): MATVEC, (1, 2): VECMAT, (2, 2): MATMUL}
operators.transpose = transpose
