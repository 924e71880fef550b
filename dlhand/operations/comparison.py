"""What bends or jumps: sizes, signs, comparisons, the larger and the smaller, whole numbers."""

from __future__ import annotations

from fractions import Fraction

from dlhand.operations.gradient import times
from dlhand.operations.notation import (
    BARS,
    FLOOR_BARS,
    SQUARE,
    Argument,
    Box,
    Call,
    Fenced,
    Number,
    Pattern,
    Sign,
    row,
)
from dlhand.operations.python import Python
from dlhand.operations.quantity import Form, Operand, Quantity, apply, operators
from dlhand.operations.slips import (
    MASK,
    NEGATED,
    PLAIN,
    SELDOM,
    USUAL,
    Slip,
    becomes,
    exchanged,
    operand,
)
from dlhand.operations.table import Operation

_OTHER_WAY = Slip("comparison turned round", exchanged, SELDOM)


def of_brackets(form: Form) -> str:
    """What Iverson's brackets mean."""
    return "a comparison in brackets is 1 where it holds, else 0"


def _truth(sign: Sign, right: Box) -> Box:
    """1 where a comparison holds, else 0: Iverson's brackets."""
    return Fenced(SQUARE, row(Argument(0), sign, right))


ABSOLUTE = Operation(
    "absolute",
    value=lambda ar, params, a: ar.maximum(a, ar.neg(a)),
    gradient=lambda g, args, out, params: (times(g, sign(args[0])),),
    notation=Pattern(Fenced(BARS, Argument(0)), "abs({0})"),
    slips=(Slip("bars forgotten", operand(0), PLAIN),),
)

SIGN = Operation(
    "sign",
    value=lambda ar, params, a: ar.sub(ar.heaviside(a), ar.heaviside(ar.neg(a))),
    python=Python(
        '''
        def sign(z):
            """1 where z is above 0, -1 where it is below, 0 at 0."""
            return 1.0 * (z > 0) - 1.0 * (z < 0)
        ''',
    ),
    gradient=lambda g, args, out, params: (None,),
    notation=Call(r"\operatorname{sign}", "sign", "sign"),
    slips=(Slip("sign forgotten", operand(0), USUAL),),
)

HEAVISIDE = Operation(
    "heaviside",
    value=lambda ar, params, z: ar.heaviside(z),
    python=Python(
        '''
        def heaviside(z):
            """1 where z is above 0, else 0."""
            return 1.0 * (z > 0)
        ''',
    ),
    gradient=lambda g, args, out, params: (None,),
    notation=Pattern(_truth(Sign(">", ">"), Number("0")), "heaviside({0})"),
    means=of_brackets,
    slips=(MASK, NEGATED),
)

GREATER: Operation = Operation(
    "greater",
    value=lambda ar, params, a, b: ar.heaviside(ar.sub(a, b)),
    python=Python(
        '''
        def greater(a, b):
            """1 where a is above b, else 0."""
            return 1.0 * (a > b)
        ''',
    ),
    gradient=lambda g, args, out, params: (None, None),
    notation=Pattern(_truth(Sign(">", ">"), Argument(1)), "greater({0}, {1})"),
    means=of_brackets,
    slips=(MASK, _OTHER_WAY),
)

AT_LEAST = Operation(
    "at_least",
    value=lambda ar, params, a, b: ar.sub(ar.number(Fraction(1)), ar.heaviside(ar.sub(b, a))),
    python=Python(
        '''
        def at_least(a, b):
            """1 where a is b or more, else 0."""
            return 1.0 * (a >= b)
        ''',
    ),
    gradient=lambda g, args, out, params: (None, None),
    notation=Pattern(_truth(Sign(r"\ge", "≥"), Argument(1)), "at_least({0}, {1})"),
    means=of_brackets,
    slips=(MASK, _OTHER_WAY),
)

MAXIMUM = Operation(
    "maximum",
    value=lambda ar, params, a, b: ar.maximum(a, b),
    gradient=lambda g, args, out, params: (
        times(g, apply(GREATER, args[0], args[1])),
        times(g, apply(GREATER, args[1], args[0])),
    ),
    notation=Call(r"\max", "max", "max", "np.maximum"),
    slips=(
        Slip("smaller for larger", becomes(lambda a, b: minimum(a, b)), PLAIN),
        Slip("one side taken", operand(0), USUAL),
        Slip("one side taken", operand(1), USUAL),
    ),
)

MINIMUM = Operation(
    "minimum",
    value=lambda ar, params, a, b: ar.neg(ar.maximum(ar.neg(a), ar.neg(b))),
    gradient=lambda g, args, out, params: (
        times(g, apply(GREATER, args[1], args[0])),
        times(g, apply(GREATER, args[0], args[1])),
    ),
    notation=Call(r"\min", "min", "min", "np.minimum"),
    slips=(
        Slip("larger for smaller", becomes(lambda a, b: maximum(a, b)), PLAIN),
        Slip("one side taken", operand(0), USUAL),
        Slip("one side taken", operand(1), USUAL),
    ),
)

FLOOR = Operation(
    "floor",
    value=lambda ar, params, a: ar.floor(a),
    gradient=lambda g, args, out, params: (None,),
    notation=Pattern(Fenced(FLOOR_BARS, Argument(0)), "floor({0})"),
    slips=(
        Slip("not rounded down", operand(0), PLAIN),
        Slip("rounded up", becomes(lambda a: -floor(-a)), PLAIN),
    ),
)

operators.absolute = ABSOLUTE


def absolute(a: Operand) -> Quantity:
    """|a| of each entry, as ``abs(a)``. Derivative: the `sign`, which is 0 at 0 by convention.

    >>> from dlhand import Derivation
    >>> d = Derivation("absolute")
    >>> a = d.given("a", ["-2", "3"])
    >>> d.value(d.step("y", absolute(a)))
    [2, 3]
    """
    return apply(ABSOLUTE, a)


def sign(a: Operand) -> Quantity:
    """1 where a > 0, -1 where a < 0, 0 where a = 0. It is flat: no gradient flows through it.

    >>> from dlhand import Derivation
    >>> d = Derivation("sign")
    >>> a = d.given("a", ["-2", "0", "3"])
    >>> d.value(d.step("y", sign(a)))
    [-1, 0, 1]
    """
    return apply(SIGN, a)


def heaviside(z: Operand) -> Quantity:
    """1 where z > 0, else 0. It is flat: no gradient flows through it.

    >>> from dlhand import Derivation
    >>> d = Derivation("heaviside")
    >>> z = d.given("z", ["-2", "0", "3"])
    >>> d.value(d.step("y", heaviside(z)))
    [0, 0, 1]
    """
    return apply(HEAVISIDE, z)


def greater(a: Operand, b: Operand) -> Quantity:
    """1 where a > b, else 0 (ties give 0). It is flat: no gradient flows through it.

    >>> from dlhand import Derivation
    >>> d = Derivation("greater")
    >>> a = d.given("a", ["1", "2", "3"])
    >>> d.value(d.step("y", greater(a, 2)))
    [0, 0, 1]
    """
    return apply(GREATER, a, b)


def at_least(a: Operand, b: Operand) -> Quantity:
    """1 where a ≥ b, else 0. It is flat: no gradient flows through it.

    >>> from dlhand import Derivation
    >>> d = Derivation("at_least")
    >>> a = d.given("a", ["1", "2", "3"])
    >>> d.value(d.step("y", at_least(a, 2)))
    [0, 1, 1]
    """
    return apply(AT_LEAST, a, b)


def maximum(a: Operand, b: Operand) -> Quantity:
    """The larger of two, entry by entry.

    The gradient goes to the larger one; at a tie it goes to neither, by convention.

    >>> from dlhand import Derivation
    >>> d = Derivation("maximum")
    >>> a = d.given("a", ["1", "5"])
    >>> d.value(d.step("y", maximum(a, 3)))
    [3, 5]
    """
    return apply(MAXIMUM, a, b)


def minimum(a: Operand, b: Operand) -> Quantity:
    """The smaller of two, entry by entry.

    The gradient goes to the smaller one; at a tie it goes to neither, by convention.

    >>> from dlhand import Derivation
    >>> d = Derivation("minimum")
    >>> a = d.given("a", ["1", "5"])
    >>> d.value(d.step("y", minimum(a, 3)))
    [1, 3]
    """
    return apply(MINIMUM, a, b)


def floor(x: Operand) -> Quantity:
    """The largest whole number that is not above each entry. It is flat: no gradient flows.

    >>> from dlhand import Derivation
    >>> d = Derivation("floor")
    >>> x = d.given("x", ["2.7", "-2.7"])
    >>> d.value(d.step("y", floor(x)))
    [2, -3]
    """
    return apply(FLOOR, x)
