"""Exponential, logarithm, root, sine and cosine, entry by entry."""

from __future__ import annotations

from fractions import Fraction

from dlhand.operations.gradient import minus, operands, over, times
from dlhand.operations.notation import (
    Argument,
    Call,
    Pattern,
    Root,
    Script,
    Word,
)
from dlhand.operations.quantity import Operand, Quantity, apply, constant, operators
from dlhand.operations.slips import (
    NEGATED,
    PLAIN,
    SELDOM,
    USUAL,
    Instead,
    Slip,
    becomes,
    operand,
)
from dlhand.operations.table import Operation


def _in_degrees(q: Quantity) -> list[Instead]:
    """The angle as if it were given in degrees: times π/180, to the digits of a float."""
    return [Instead(apply(q.form.op, operands(q)[0] * constant(_DEGREE)))]


_DEGREE = Fraction(3141592653589793, 180 * 10**15)


def _bases(q: Quantity) -> list[Instead]:
    """Another base of a logarithm: 10 or 2."""
    return [Instead(q / apply(LOG, constant(base))) for base in (10, 2)]


EXP = Operation(
    "exp",
    value=lambda ar, params, a: ar.exp(a),
    gradient=lambda g, args, out, params: (times(g, out),),
    notation=Pattern(Script(Word("e", "e"), high=Argument(0)), "exp({0})"),
    slips=(Slip("exponential forgotten", operand(0), PLAIN), NEGATED),
)

LOG = Operation(
    "log",
    value=lambda ar, params, a: ar.log(a),
    gradient=lambda g, args, out, params: (over(g, args[0]),),
    notation=Call(r"\ln", "ln", "log"),
    slips=(
        Slip("logarithm forgotten", operand(0), USUAL),
        Slip("another base", _bases, USUAL),
    ),
)

SQRT = Operation(
    "sqrt",
    value=lambda ar, params, a: ar.sqrt(a),
    gradient=lambda g, args, out, params: (over(g, times(constant(2), out)),),
    notation=Root(),
    slips=(Slip("root forgotten", operand(0), PLAIN),),
)

SIN = Operation(
    "sin",
    value=lambda ar, params, a: ar.sin(a),
    gradient=lambda g, args, out, params: (times(g, cos(args[0])),),
    notation=Call(r"\sin", "sin", "sin"),
    slips=(
        Slip("sine and cosine exchanged", becomes(lambda a: cos(a)), PLAIN),
        Slip("degrees for radians", lambda q: _in_degrees(q), SELDOM),
    ),
)

COS = Operation(
    "cos",
    value=lambda ar, params, a: ar.cos(a),
    gradient=lambda g, args, out, params: (minus(times(g, sin(args[0]))),),
    notation=Call(r"\cos", "cos", "cos"),
    slips=(
        Slip("sine and cosine exchanged", becomes(lambda a: sin(a)), PLAIN),
        Slip("degrees for radians", lambda q: _in_degrees(q), SELDOM),
    ),
)

operators.exp, operators.log = EXP, LOG


def exp(x: Operand) -> Quantity:
    """The exponential e^x of each entry.

    >>> exp(1).shape
    ()
    """
    return apply(EXP, x)


def log(x: Operand) -> Quantity:
    """The natural logarithm of each entry; its value is undefined where one is not positive.

    >>> from dlhand import Derivation
    >>> d = Derivation("log")
    >>> x = d.given("x", ["1", "10"])
    >>> d.value(d.step("y", log(x)))
    [0, 2.3026]
    """
    return apply(LOG, x)


def sqrt(x: Operand) -> Quantity:
    """The square root of each entry; undefined where one is negative.

    >>> from dlhand import Derivation
    >>> d = Derivation("sqrt")
    >>> x = d.given("x", ["9", "2"])
    >>> d.value(d.step("y", sqrt(x)))
    [3, 1.4142]
    """
    return apply(SQRT, x)


def sin(x: Operand) -> Quantity:
    """The sine of each entry (radians).

    >>> from dlhand import Derivation
    >>> d = Derivation("sin")
    >>> x = d.given("x", ["0", "1"])
    >>> d.value(d.step("y", sin(x)))
    [0, 0.84147]
    """
    return apply(SIN, x)


def cos(x: Operand) -> Quantity:
    """The cosine of each entry (radians).

    >>> from dlhand import Derivation
    >>> d = Derivation("cos")
    >>> x = d.given("x", ["0", "1"])
    >>> d.value(d.step("y", cos(x)))
    [1, 0.54030]
    """
    return apply(COS, x)
