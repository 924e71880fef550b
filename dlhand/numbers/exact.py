"""Exact numbers: reading what a person gives, and arithmetic on fractions.

A float is read by its shortest decimal, so that ``0.1`` is one tenth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import isfinite, isqrt, prod
from typing import Any

from dlhand.errors import GivenError, ShapeError, UndefinedValue
from dlhand.numbers.arithmetic import Arithmetic

Shape = tuple[int, ...]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z|[+-]?\d+/\d+\Z")
_MAX_EXPONENT = 400  # 1e400 is beyond every float; a longer exponent is a slip of the keyboard
_MAX_LENGTH = 1000
MOST_AXES = 16
"""Lists nested deeper are no array that anyone works with by hand."""
_MAX_BITS = 4096  # beyond this a fraction costs more than its digits are worth
_ZERO = Fraction(0)
_ONE = Fraction(1)
_cache: dict[str, Fraction] = {}
_known = _cache.__getitem__


def read_number(value: Any, name: str = "value") -> Fraction:
    """Read one number exactly.

    Strings ("0.1", "-3", "1/3", "1e-3"), integers, fractions, decimals and finite floats are
    taken; anything else raises `GivenError`, which names the given.

    >>> read_number(0.1), read_number("1/3")
    (Fraction(1, 10), Fraction(1, 3))
    """
    if value.__class__ is str:
        known = _cache.get(value)
        if known is not None:
            return known
        return _read_text(value, name)
    if isinstance(value, bool):
        raise _refused(name, value)
    if isinstance(value, (int, Fraction)):
        number = Fraction(value)
        if _kept(number) is None:
            raise GivenError(f"{name} has thousands of digits; wanted at most about 1200")
        return number
    if isinstance(value, str):
        return _read_text(str(value), name)
    if hasattr(value, "item") and getattr(value, "size", 0) == 1:
        return _read_numpy(value, name)
    if _is_finite(value):
        return _read_text(str(value), name)
    raise _refused(name, value)


def _read_numpy(value: Any, name: str) -> Fraction:
    """Read a NumPy number, which is not always a Python one."""
    if _is_other_float(value):  # 0.1 in 32 bits is one tenth, though no float64 is near it
        return _read_text(str(value), name)
    plain = value.item()
    if hasattr(plain, "item"):
        raise _refused(name, value)
    return read_number(plain, name)


def _is_other_float(value: Any) -> bool:
    """Whether a NumPy number or array is of floats that are not Python's."""
    kind = getattr(value, "dtype", None)
    return getattr(kind, "kind", "") == "f" and getattr(kind, "itemsize", 8) != 8


def _is_finite(value: Any) -> bool:
    from decimal import Decimal

    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, float) and isfinite(value)


def _refused(name: str, value: Any) -> GivenError:
    shown = " ".join(repr(value).split())
    shown = shown if len(shown) <= 40 else shown[:37] + "..."
    return GivenError(
        f"{name} is {shown}; wanted a finite number such as '0.1', 2, '1/3' or '1e-3'"
    )


def _read_text(text: str, name: str) -> Fraction:
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    if len(plain) > _MAX_LENGTH or not _NUMBER.match(plain):
        raise _refused(name, text)
    _, _, exponent = plain.lower().partition("e")
    if exponent and (len(exponent) > 5 or abs(int(exponent)) > _MAX_EXPONENT):
        raise GivenError(
            f"{name} is {text!r}; wanted an exponent between -{_MAX_EXPONENT} and {_MAX_EXPONENT}"
        )
    if plain.endswith(("/0", "/00")) or ("/" in plain and int(plain.split("/")[1]) == 0):
        raise GivenError(f"{name} is {text!r}; a fraction's denominator must not be 0")
    value = Fraction(plain)
    if len(_cache) < 10_000:
        _cache[text] = value
    return value


def read_array(
    value: Any, name: str = "value", depth: int = 0
) -> tuple[tuple[Fraction, ...], Shape]:
    """Read a number or a nested list of numbers: its entries, row after row, and its shape.

    Raises `GivenError` for a bad entry (named with its place) and `ShapeError` for an empty
    or ragged list.

    >>> read_array([[1, 2], ["1/2", 4]])[1]
    (2, 2)
    """
    if value.__class__ is str:
        return (read_number(value, name),), ()
    quick = _read_before(value)
    if quick is not None:
        return quick
    if hasattr(value, "to_numpy"):  # a table of pandas
        value = value.to_numpy()
    if hasattr(value, "tolist") and getattr(value, "shape", None):
        value = list(value) if _is_other_float(value) else value.tolist()
    if not isinstance(value, (list, tuple)):
        return (read_number(value, name),), ()
    if not value:
        raise ShapeError(f"{name} is empty; wanted at least one entry")
    if depth == MOST_AXES:
        raise ShapeError(f"{name} is nested deeper than {MOST_AXES}; wanted an array of numbers")
    parts = [read_array(item, f"{name}[{i}]", depth + 1) for i, item in enumerate(value)]
    first = parts[0][1]
    for i, (_, shape) in enumerate(parts):
        if shape != first:
            raise ShapeError(
                f"{name} is ragged: {name}[0] has shape {first}, {name}[{i}] has {shape}; "
                "wanted rows of equal length"
            )
    return tuple(entry for flat, _ in parts for entry in flat), (len(parts), *first)


def nested(flat: Sequence[Any], shape: Shape) -> Any:
    """Flat entries as nested lists of a shape; a single entry for the shape ().

    >>> nested([1, 2, 3, 4], (2, 2))
    [[1, 2], [3, 4]]
    """
    if shape == ():
        return flat[0]
    if len(shape) == 1:
        return list(flat)
    block = prod(shape[1:])
    return [nested(flat[k * block : (k + 1) * block], shape[1:]) for k in range(shape[0])]


def _read_before(value: Any) -> tuple[tuple[Fraction, ...], Shape] | None:
    """A vector or matrix of strings that have all been read before; None for anything else."""
    if value.__class__ not in (list, tuple):
        return None
    try:
        first = value[0]
        if first.__class__ is str:
            return tuple(map(_known, value)), (len(value),)
        width, flat = len(first), list[Fraction]()
        for row in value:
            if row.__class__ is not first.__class__ or len(row) != width:
                return None
            flat.extend(map(_known, row))
        if width and first.__class__ in (list, tuple):
            return tuple(flat), (len(value), width)
    except (KeyError, IndexError, TypeError):
        pass
    return None


Exact = Fraction | None


class Fractions(Arithmetic[Exact]):
    """Arithmetic on fractions; ``None`` stands for a value that is not known to be rational.

    >>> exact = Fractions()
    >>> exact.sqrt(Fraction(4, 9)), exact.sqrt(Fraction(2)), exact.mul(None, Fraction(0))
    (Fraction(2, 3), None, Fraction(0, 1))
    """

    def number(self, value: Fraction) -> Exact:
        return value

    def add(self, a: Exact, b: Exact) -> Exact:
        return None if a is None or b is None else _kept(a + b)

    def sub(self, a: Exact, b: Exact) -> Exact:
        return None if a is None or b is None else _kept(a - b)

    def neg(self, a: Exact) -> Exact:
        return None if a is None else -a

    def mul(self, a: Exact, b: Exact) -> Exact:
        if a is None or b is None:  # nothing times zero is zero, whatever it is
            return _ZERO if a == 0 or b == 0 else None
        return _kept(a * b)

    def div(self, a: Exact, b: Exact) -> Exact:
        if b == 0:
            raise UndefinedValue("division by zero")
        if a is None or b is None:  # 0 divided by what may be 0 is not known either
            return None
        return _kept(a / b)

    def power(self, a: Exact, exponent: Fraction) -> Exact:
        if a is None:
            return None
        if a == 0 and exponent < 0:
            raise UndefinedValue("division by zero (zero to a negative power)")
        if exponent.denominator == 1:
            bits = max(a.numerator.bit_length(), a.denominator.bit_length())
            if bits * abs(exponent.numerator) > _MAX_BITS and a not in (0, 1, -1):
                return None
            return Fraction(a**exponent.numerator)
        if a < 0:
            raise UndefinedValue(f"a fractional power of the negative number {a}")
        if a in (0, 1):
            return a
        root: Exact = a
        degree = exponent.denominator
        while root is not None and degree % 2 == 0:  # a fourth root is a root of a root
            root, degree = self.sqrt(root), degree // 2
        if root is None or degree != 1:
            return None
        return self.power(root, Fraction(exponent.numerator))

    def exp(self, a: Exact) -> Exact:
        return _ONE if a == 0 else None

    def log(self, a: Exact) -> Exact:
        if a is not None and a <= 0:
            raise UndefinedValue(f"the logarithm of {a}, which is not positive")
        return _ZERO if a == 1 else None

    def sqrt(self, a: Exact) -> Exact:
        if a is None:
            return None
        if a < 0:
            raise UndefinedValue(f"the square root of {a}, which is negative")
        top, bottom = isqrt(a.numerator), isqrt(a.denominator)
        square = top * top == a.numerator and bottom * bottom == a.denominator
        return Fraction(top, bottom) if square else None

    def sin(self, a: Exact) -> Exact:
        return _ZERO if a == 0 else None

    def cos(self, a: Exact) -> Exact:
        return _ONE if a == 0 else None

    def sigmoid(self, a: Exact) -> Exact:
        return Fraction(1, 2) if a == 0 else None

    def tanh(self, a: Exact) -> Exact:
        return _ZERO if a == 0 else None

    def normal(self, a: Exact) -> Exact:
        return Fraction(1, 2) if a == 0 else None

    def bell(self, a: Exact) -> Exact:
        return None

    def maximum(self, a: Exact, b: Exact) -> Exact:
        return None if a is None or b is None else max(a, b)

    def heaviside(self, a: Exact) -> Exact:
        return None if a is None else (_ONE if a > 0 else _ZERO)

    def floor(self, a: Exact) -> Exact:
        return None if a is None else Fraction(a.numerator // a.denominator)

    def peak(self, items: Sequence[Exact]) -> Exact:
        known = [item for item in items if item is not None]
        return max(known) if len(known) == len(items) else None


def _kept(value: Fraction) -> Exact:
    """The value, unless it has grown too long to be worth keeping exactly."""
    if value.denominator.bit_length() > _MAX_BITS or value.numerator.bit_length() > _MAX_BITS:
        return None
    return value
