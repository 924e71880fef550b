"""Float enclosures: a midpoint and a radius that provably contain the value.

A ball ``(v, e)`` stands for every number from ``v - e`` to ``v + e``. Each rule adds to the
radius what rounding can do at most: half a unit in the last place for + - * / and the square
root (IEEE 754), and `LIBM` for the functions of the C library, four times what these
libraries claim. The radius itself is rounded up. `UNKNOWN` contains everything: whoever
meets it goes on with more digits (`intervals`).

The four basic rules are written once, as source text (`BallSource`), which compiles a whole
formula into one function; `Balls` makes its own methods from the same text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from dlhand.numbers.arithmetic import Arithmetic, Written
from dlhand.numbers.floats import bell, normal

Ball = tuple[float, float]

UNIT = 2.0**-53  # relative error of one correctly rounded operation
UP = 1.0 + 2.0**-50  # makes a radius computed with a handful of roundings an upper bound
TINY = 5e-324  # what one operation can lose by underflow ...
LOST = 4 * TINY  # ... and what the handful of a rule and its radius can
LIBM = 8 * UNIT
UNKNOWN: Ball = (0.0, math.inf)


class BallSource(Written[tuple[str, str]]):
    """Writes ball arithmetic as straight-line Python; an element is a pair of variables."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines

    def _let(self, value: str, radius: str) -> tuple[str, str]:
        k = len(self.lines)
        self.lines.append(f"v{k} = {value}; e{k} = {radius.replace('{v}', f'v{k}')}")
        return f"v{k}", f"e{k}"

    def call(self, name: str, a: tuple[str, str], *more: str) -> tuple[str, str]:
        k = len(self.lines)
        arguments = ", ".join((f"({a[0]}, {a[1]})", *more))
        self.lines.append(f"v{k}, e{k} = {name}({arguments})")
        return f"v{k}", f"e{k}"

    def number(self, value: Fraction) -> tuple[str, str]:
        v, e = number(value)
        return f"({v!r})", "(_inf)" if e == math.inf else repr(e)

    def add(self, a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
        radius = " + ".join(_present(a[1], b[1], f"abs({{v}}) * {UNIT!r}"))
        return self._let(f"{a[0]} + {b[0]}", f"({radius}) * {UP!r}")

    def sub(self, a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
        radius = " + ".join(_present(a[1], b[1], f"abs({{v}}) * {UNIT!r}"))
        return self._let(f"{a[0]} - {b[0]}", f"({radius}) * {UP!r}")

    def neg(self, a: tuple[str, str]) -> tuple[str, str]:
        return self._let(f"-{a[0]}", a[1])

    def mul(self, a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
        (va, ea), (vb, eb) = a, b
        parts = _present(
            "0.0" if eb == "0.0" else f"abs({va}) * {eb}",
            "0.0" if ea == "0.0" else f"(abs({vb}) + {eb}) * {ea}",
            f"abs({{v}}) * {UNIT!r}",
        )
        return self._let(f"{va} * {vb}", f"({' + '.join(parts)}) * {UP!r} + {LOST!r}")

    def div(self, a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
        return self.call("div", a, f"({b[0]}, {b[1]})")

    def power(self, a: tuple[str, str], exponent: Fraction) -> tuple[str, str]:
        if exponent == 2:
            (v, e) = a
            radius = f"((2.0 * abs({v}) + {e}) * {e} + {{v}} * {UNIT!r}) * {UP!r} + {LOST!r}"
            return self._let(f"{v} * {v}", radius)
        return self.call("power", a, f"{exponent.numerator}", f"{exponent.denominator}")

    def maximum(self, a: tuple[str, str], b: tuple[str, str]) -> tuple[str, str]:
        return self.call("maximum", a, f"({b[0]}, {b[1]})")


def _present(*terms: str) -> list[str]:
    """The terms that are not the number zero."""
    return [term for term in terms if term != "0.0"]


def compile_balls(write: Callable[[BallSource, list[tuple[str, str]]], Any], arity: int) -> Any:
    """Compile a function of ``arity`` balls from what ``write`` puts down with a `BallSource`."""
    lines = [f"(v_{k}, e_{k}) = a{k}" for k in range(arity)]
    value, radius = write(BallSource(lines), [(f"v_{k}", f"e_{k}") for k in range(arity)])
    head = f"def ball({', '.join(f'a{k}' for k in range(arity))}):\n    "
    scope: dict[str, Any] = dict(_NAMESPACE)
    exec(head + "\n    ".join([*lines, f"return {value}, {radius}"]), scope)
    return scope["ball"]


def number(value: Fraction) -> Ball:
    """The ball around an exact number.

    >>> from fractions import Fraction
    >>> number(Fraction(1, 4))
    (0.25, 0.0)
    """
    top, bottom = value.numerator, value.denominator
    try:
        v = top / bottom
    except OverflowError:
        return UNKNOWN
    if bottom & (bottom - 1) == 0 and bottom < 1 << 53 and top.bit_length() <= 53:
        return v, 0.0
    return v, abs(v) * UNIT + TINY


def _div(a: Ball, b: Ball) -> Ball:
    (va, ea), (vb, eb) = a, b
    least = abs(vb) * (1 - UNIT) - eb * UP
    if not least > 0.0:
        return UNKNOWN
    if va == ea == 0.0:
        return a
    v = va / vb
    return v, ((ea + abs(v) * eb * UP + LOST) / least + abs(v) * UNIT) * UP + LOST


def _power(a: Ball, numerator: int, denominator: int = 1) -> Ball:
    v, e = a
    if not e < math.inf:
        return UNKNOWN
    try:
        if denominator == 1 and numerator >= 0:
            r = v**numerator
            slope = numerator * (abs(v) * UP + e) ** (numerator - 1) if numerator else 0.0
            return _finite(r, (slope * e * (1 + LIBM) + abs(r) * LIBM) * UP + LOST)
        if denominator == 1:
            return _div((1.0, 0.0), _power(a, -numerator))
        p = numerator / denominator
        r = v**p if v - e * UP > 0 else math.inf
        t = abs(p) * e * UP / (v - e * UP) + abs(p * math.log(v)) * 2 * UNIT
    except (OverflowError, ValueError, ZeroDivisionError):
        return UNKNOWN
    return _finite(r, r * (t * (1 + t) + LIBM) * UP + LOST) if t < 1 else UNKNOWN


def _finite(v: float, e: float) -> Ball:
    return (v, e) if e < math.inf and abs(v) < math.inf else UNKNOWN


def _exp(a: Ball) -> Ball:
    v, e = a
    if not (e < 1.0 and v < 700.0):
        return UNKNOWN
    r = math.exp(v)
    return r, r * (e * (1.0 + e) + LIBM) * UP + LOST


def _log(a: Ball) -> Ball:
    v, e = a
    least = v - e * UP
    if not least > 0.0:
        return UNKNOWN
    r = math.log(v)
    return r, (e / least + abs(r) * LIBM) * UP + LOST


def _sqrt(a: Ball) -> Ball:
    v, e = a
    if e == 0.0 and v >= 0.0:
        r = math.sqrt(v)
        return r, r * UNIT
    least = v - e * UP
    if not least > 0.0:
        return UNKNOWN
    r = math.sqrt(v)
    return r, (e / math.sqrt(least) + r * UNIT) * UP


def _sin(a: Ball) -> Ball:
    v, e = a
    if not e < 1.0:
        return UNKNOWN
    r = math.sin(v)
    return r, (e + abs(r) * LIBM) * UP + LOST


def _cos(a: Ball) -> Ball:
    v, e = a
    if not e < 1.0:
        return UNKNOWN
    r = math.cos(v)
    return r, (e + abs(r) * LIBM) * UP + LOST


def _sigmoid(a: Ball) -> Ball:
    v, e = a
    if v >= 0.0:
        r = 1.0 / (1.0 + math.exp(-v))
        spread = 0.25 * e  # the slope of the sigmoid is at most 1/4 ...
    else:
        grown = math.exp(v)
        r = grown / (1.0 + grown)
        spread = (
            min(0.25 * e, r * e * (1.0 + 2.0 * e)) if e < 1.0 else 0.25 * e
        )  # ... and at most σ
    return r, (spread + r * (3 * LIBM)) * UP + LOST


def _tanh(a: Ball) -> Ball:
    v, e = a
    r = math.tanh(v)
    return r, (e + abs(r) * LIBM) * UP + LOST


def _normal(a: Ball) -> Ball:
    v, e = a
    if not e < math.inf:
        return UNKNOWN
    r = normal(v)
    # the argument of erfc is rounded twice; the slope is the bell at the place nearest to 0
    moved = e + abs(v) * (4 * UNIT)
    return r, (moved * _highest_bell(v, moved) + r * (4 * LIBM)) * UP + LOST


def _bell(a: Ball) -> Ball:
    v, e = a
    if not e < math.inf:
        return UNKNOWN
    r = bell(v)
    # the slope is -v times the bell, which is nowhere above 1/4
    moved = e + abs(v) * (4 * UNIT)
    slope = min(0.25, (abs(v) + moved) * _highest_bell(v, moved))
    return r, (moved * slope + r * (4 * LIBM)) * UP + LOST


def _highest_bell(v: float, e: float) -> float:
    """A number that the bell does not exceed from ``v - e`` to ``v + e``."""
    return 0.4 * math.exp(-(max(abs(v) - e, 0.0) ** 2) / 2) * (1 + 4 * LIBM * (1 + v * v)) + TINY


def _maximum(a: Ball, b: Ball) -> Ball:
    (va, ea), (vb, eb) = a, b
    gap, blur = va - vb, (ea + eb) * UP
    if not blur < math.inf:  # before all else: a midpoint beyond every float says nothing
        return UNKNOWN
    if gap >= blur:
        return a
    if -gap >= blur:
        return b
    return (va, ea + blur) if gap > 0 else (vb, eb + blur)


def _heaviside(a: Ball) -> Ball:
    v, e = a
    if v > e:
        return 1.0, 0.0
    if v < -e or (v == 0.0 and e == 0.0):
        return 0.0, 0.0
    return 0.5, 0.5


def _floor(a: Ball) -> Ball:
    v, e = a
    if not abs(v) + e < 2.0**52:
        return UNKNOWN
    low = float(math.floor(math.nextafter(v - e, -math.inf) if e else v))
    high = float(math.floor(math.nextafter(v + e, math.inf) if e else v))
    return low + (high - low) / 2, (high - low) / 2


_NAMESPACE: dict[str, Any] = {
    "abs": abs,
    "_inf": math.inf,
    "div": _div,
    "power": _power,
    "exp": _exp,
    "log": _log,
    "sqrt": _sqrt,
    "sin": _sin,
    "cos": _cos,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "normal": _normal,
    "bell": _bell,
    "maximum": _maximum,
    "heaviside": _heaviside,
    "floor": _floor,
}


class Balls(Arithmetic[Ball]):
    """Arithmetic on balls ``(midpoint, radius)``."""

    number = staticmethod(number)
    add = staticmethod(compile_balls(lambda s, a: s.add(*a), 2))
    sub = staticmethod(compile_balls(lambda s, a: s.sub(*a), 2))
    neg = staticmethod(compile_balls(lambda s, a: s.neg(*a), 1))
    mul = staticmethod(compile_balls(lambda s, a: s.mul(*a), 2))
    div = staticmethod(_div)
    exp = staticmethod(_exp)
    log = staticmethod(_log)
    sqrt = staticmethod(_sqrt)
    sin = staticmethod(_sin)
    cos = staticmethod(_cos)
    sigmoid = staticmethod(_sigmoid)
    tanh = staticmethod(_tanh)
    normal = staticmethod(_normal)
    bell = staticmethod(_bell)
    maximum = staticmethod(_maximum)
    heaviside = staticmethod(_heaviside)
    floor = staticmethod(_floor)

    def power(self, a: Ball, exponent: Fraction) -> Ball:
        return _power(a, exponent.numerator, exponent.denominator)

    def total(self, items: Sequence[Ball]) -> Ball:
        value = radius = rounding = 0.0
        for v, e in items:
            value += v
            radius += e
            rounding += abs(value)
        return value, (radius + rounding * UNIT) * (UP + len(items) * 4 * UNIT)
