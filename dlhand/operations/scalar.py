"""Arithmetic entry by entry: sums, products, quotients, powers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from dlhand.operations.gradient import minus, over, times
from dlhand.operations.notation import PRODUCT, SUM, Infix, Power, Prefix, Quotient
from dlhand.operations.quantity import Quantity, constant, operators
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


ADD = Operation(
    "add",
    value=lambda ar, params, *terms: ar.total(terms),
    gradient=lambda g, args, out, params: [g] * len(args),
    notation=Infix(SUM, "+", "+", "+"),
    associative=True,
)
SUB = Operation(
    "sub",
    value=lambda ar, params, a, b: ar.sub(a, b),
    gradient=lambda g, args, out, params: (g, minus(g)),
    notation=Infix(SUM, "-", "\N{MINUS SIGN}", "-", right=True),
)
MUL = Operation(
    "mul",
    value=_product,
    gradient=lambda g, args, out, params: [times(g, *_others(args, k)) for k in range(len(args))],
    notation=Infix(PRODUCT, r"\cdot", "\N{MIDDLE DOT}", "*"),
    associative=True,
)
DIV = Operation(
    "div",
    value=lambda ar, params, a, b: ar.div(a, b),
    gradient=lambda g, args, out, params: (
        over(g, args[1]),
        minus(over(times(g, args[0]), args[1] ** 2)),
    ),
    notation=Quotient(),
)
NEG = Operation(
    "neg",
    value=lambda ar, params, a: ar.neg(a),
    gradient=lambda g, args, out, params: (minus(g),),
    notation=Prefix("-", "\N{MINUS SIGN}", "-"),
)
POWER = Operation(
    "power",
    value=lambda ar, exponent, a: ar.power(a, exponent),
    gradient=_power_gradient,
    notation=Power(),
)

operators.add, operators.sub, operators.mul = ADD, SUB, MUL
operators.div, operators.neg, operators.power = DIV, NEG, POWER
