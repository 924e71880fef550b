"""Arithmetic entry by entry: sums, products, quotients, powers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from dlhand.operations.gradient import minus, number_of, operands, over, times
from dlhand.operations.notation import PRODUCT, SUM, Infix, Power, Prefix, Quotient
from dlhand.operations.quantity import Quantity, constant, operators
from dlhand.operations.slips import (
    PLAIN,
    RARE,
    SELDOM,
    USUAL,
    WITHOUT,
    Instead,
    Rewrite,
    Slip,
    becomes,
    exchanged,
    halved_twice,
    left_out,
    one_left,
    operand,
    other_sign,
    pair_left_out,
)
from dlhand.operations.table import Gradients, Operation


def _others(args: Sequence[Quantity], k: int) -> list[Quantity]:
    return [*args[:k], *args[k + 1 :]]


def _product(ar: Any, params: Any, *factors: Any) -> Any:
    result = factors[0]
    for factor in factors[1:]:
        result = ar.mul(result, factor)
    return result


def _power_gradient(
    g: Quantity, args: Sequence[Quantity], out: Quantity, exponent: Any
) -> Gradients:
    (a,) = args
    slope = a if exponent == 2 else a ** (exponent - 1)
    if exponent == 0:
        return (None,)
    return (times(g, constant(Fraction(exponent)), *([] if exponent == 1 else [slope])),)


def _left_out(q: Quantity, is_zero: bool) -> Iterator[Instead]:
    """Each factor left out in turn: those that are 0, which is less plain, or all others."""
    for one in left_out(q):
        assert one.part is not None
        if (number_of(one.part) == 0) is is_zero:
            yield one


def _added(q: Quantity) -> Iterator[Instead]:
    """The factors added, where shapes allow it."""
    total, *rest = operands(q)
    for part in rest:
        total = total + part
    yield Instead(total)


def _other_power(q: Quantity) -> Iterator[Instead]:
    """A root for a power, the exponent as a factor, the exponent one off or of the other sign."""
    (base,) = operands(q)
    exponent = q.form.params
    yield Instead(base ** (1 / exponent) if exponent else base)
    if exponent.denominator == 1 and exponent > 0:
        yield Instead(constant(exponent) * base)
        if exponent > 2:
            yield Instead(base ** (exponent - 1))
    if exponent.denominator > 1:  # 10000 to the power 2i/d: with the next i, or i for 2i
        unit = Fraction(1, exponent.denominator)
        yield from (Instead(base**e) for e in (exponent + unit, exponent / 2, exponent * 2))
    yield Instead(base**-exponent)


def _rooted(q: Quantity) -> Iterator[Instead]:
    """The root of a sum of squares, where the sum alone is meant."""
    if q.form.args[0].op is POWER and q.form.args[0].params == 2:
        yield Instead(q ** Fraction(1, 2))


ROOT_TAKEN = Slip("root taken", _rooted, USUAL)


def _off_by(unit: int) -> Rewrite:
    """A number that is one too high, or too low, in one of the first places after the point."""

    def rewrite(q: Quantity) -> Iterator[Instead]:
        if not q.shape:
            yield from (Instead(q + constant(Fraction(unit, 10**k))) for k in (1, 2, 3))

    return rewrite


WITHOUT_DIVISOR = "when it is not divided by {part}"

ADD = Operation(
    "add",
    value=lambda ar, params, *terms: ar.total(terms),
    gradient=lambda g, args, out, params: [g] * len(args),
    notation=Infix(SUM, "+", "+", "+"),
    associative=True,
    slips=(
        Slip("term left out", left_out, PLAIN, WITHOUT),
        Slip("sign turned", other_sign, USUAL),
        Slip("all terms but one left out", one_left, RARE),
        ROOT_TAKEN,
        Slip("carry forgotten", _off_by(-1), SELDOM, "when a carry is forgotten in {was}"),
    ),
)
SUB = Operation(
    "sub",
    value=lambda ar, params, a, b: ar.sub(a, b),
    gradient=lambda g, args, out, params: (g, minus(g)),
    notation=Infix(SUM, "-", "\N{MINUS SIGN}", "-", right=True),
    slips=(
        Slip("sides of a difference exchanged", exchanged, PLAIN),
        Slip("sign turned", becomes(lambda a, b: a + b), PLAIN),
        Slip("term left out", operand(0), USUAL, WITHOUT),
        Slip("term left out", operand(1), USUAL),
        Slip("borrow forgotten", _off_by(1), SELDOM, "when a borrow is forgotten in {was}"),
    ),
)
MUL = Operation(
    "mul",
    value=_product,
    gradient=lambda g, args, out, params: [times(g, *_others(args, k)) for k in range(len(args))],
    notation=Infix(PRODUCT, r"\cdot", "\N{MIDDLE DOT}", "*"),
    associative=True,
    slips=(
        Slip("factor left out", lambda q: _left_out(q, is_zero=False), PLAIN, WITHOUT),
        Slip("zero left out", lambda q: _left_out(q, is_zero=True)),
        Slip("two factors left out", pair_left_out, USUAL, WITHOUT),
        Slip("added for multiplied", _added, SELDOM),
    ),
)
DIV = Operation(
    "div",
    value=lambda ar, params, a, b: ar.div(a, b),
    gradient=lambda g, args, out, params: (
        over(g, args[1]),
        minus(over(times(g, args[0]), args[1] ** 2)),
    ),
    notation=Quotient(),
    slips=(
        Slip("divisor left out", operand(0), PLAIN, WITHOUT_DIVISOR),
        Slip("divisor twice, or multiplied by", halved_twice, USUAL),
        Slip("quotient turned over", exchanged, SELDOM),
        Slip("multiplied for divided", becomes(lambda a, b: a * b), SELDOM),
    ),
)
NEG = Operation(
    "neg",
    value=lambda ar, params, a: ar.neg(a),
    gradient=lambda g, args, out, params: (minus(g),),
    notation=Prefix("-", "\N{MINUS SIGN}", "-"),
    slips=(Slip("minus forgotten", operand(0), PLAIN),),
)
POWER = Operation(
    "power",
    value=lambda ar, exponent, a: ar.power(a, exponent),
    gradient=_power_gradient,
    notation=Power(),
    slips=(
        Slip("power forgotten", operand(0), PLAIN),
        Slip("another power", _other_power, USUAL),
    ),
)

operators.add, operators.sub, operators.mul = ADD, SUB, MUL
operators.div, operators.neg, operators.power = DIV, NEG, POWER
