"""Normal forms of numbers that are not rational, so that equal ones are seen to be equal.

No interval, however narrow, tells √2·√2 from 2. A normal form does: a sum of products of *atoms*
(√2, e^(1/2), σ(0.41) ...) with rational coefficients, in which roots squared and the logarithm of
an exponential vanish. Equal forms are equal numbers; of different ones nothing is claimed. A form
that grows too long becomes an atom itself, by what it was made of, so that equal formulas of equal
numbers still are one atom.

`Terms` is interval arithmetic in which every element carries its form. It costs several times as
much as `Intervals`, and serves only where these leave a question open.
"""

# ruff: noqa: D102 (numbers/arithmetic.py says what each method is)

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any, NamedTuple

from dlhand.errors import UndefinedValue
from dlhand.numbers.arithmetic import Arithmetic
from dlhand.numbers.intervals import Interval, Intervals, Unsettled

Monomial = tuple[tuple[int, int], ...]
"""Atoms by their number, each with its power, in order; () for the number 1."""
Form = tuple[tuple[Monomial, Fraction], ...]
"""Monomials in order, each with its coefficient; () for zero."""
ZERO: Form = ()
ONE: Form = (((), Fraction(1)),)

MOST_PARTS = 40
"""A form with more monomials becomes an atom."""
MOST_POWER = 8
"""A sum is multiplied out up to this power ..."""
MOST_FACTORS = 160
"""... and so many terms come of a product at most, or factors of a power of one monomial."""
LARGEST_FACTORED = 10**9
"""Whole numbers up to this are taken apart into primes."""


def rational(form: Form) -> Fraction | None:
    """The number that a form is, if it is a rational one.

    >>> rational(ONE), rational(Forms().sqrt(ONE))
    (Fraction(1, 1), Fraction(1, 1))
    """
    if not form:
        return Fraction(0)
    return form[0][1] if len(form) == 1 and form[0][0] == () else None


class Forms:
    """Arithmetic on normal forms; the atoms are known to one instance alone.

    >>> forms = Forms()
    >>> two = forms.number(Fraction(2))
    >>> root = forms.sqrt(two)
    >>> forms.mul(root, root) == two, forms.exp(forms.log(two)) == two
    (True, True)
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._keys: list[tuple[Any, ...]] = []

    def number(self, value: Fraction) -> Form:
        return (((), value),) if value else ZERO

    def atom(self, *key: Any) -> Form:
        """The atom of a function and what it is of."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._keys)
            self._keys.append(key)
        return ((((found, 1),), Fraction(1)),)

    def add(self, a: Form, b: Form) -> Form:
        parts = dict(a)
        for monomial, coefficient in b:
            parts[monomial] = parts.get(monomial, Fraction(0)) + coefficient
        return self._short(parts, "add", a, b)

    def neg(self, a: Form) -> Form:
        return tuple((monomial, -coefficient) for monomial, coefficient in a)

    def mul(self, a: Form, b: Form) -> Form:
        if len(a) * len(b) > MOST_FACTORS:
            return self.atom("mul", *sorted((a, b)))
        result = ZERO
        for monomial, c in a:
            for other, k in b:
                product = self._product(monomial, other)
                result = self.add(result, tuple((m, c * k * q) for m, q in product))
        return result

    def inverse(self, a: Form) -> Form:
        """1 divided by a form that is not zero; of a sum it is an atom."""
        if len(a) > 1:
            first = a[0][1]
            return self._scaled(self.atom("inverse", self._scaled(a, 1 / first)), 1 / first)
        ((monomial, coefficient),) = a
        turned = self._product(tuple((atom, -power) for atom, power in monomial), ())
        return self._scaled(turned, 1 / coefficient)

    def power(self, a: Form, exponent: Fraction) -> Form:
        if exponent.denominator == 2:
            return self.power(self.sqrt(a), exponent * 2)
        if exponent.denominator != 1:
            return self.atom("power", a, exponent)
        if exponent < 0:
            return self.inverse(self.power(a, -exponent))
        value = rational(a)
        if value is not None:
            return self.number(value**exponent.numerator)
        if exponent > (MOST_POWER if len(a) > 1 else MOST_FACTORS):
            return self.atom("power", a, exponent)
        result = ONE
        for _ in range(exponent.numerator):
            result = self.mul(result, a)
        return result

    def sqrt(self, a: Form) -> Form:
        value = rational(a)
        if value is None:
            return self.atom("sqrt", a)
        # √(p/q) is √(pq)/q; of pq the squares come out, and each prime has a root of its own
        result = self.number(Fraction(1, value.denominator))
        for prime, power in _factors(value.numerator * value.denominator).items():
            result = self._scaled(result, Fraction(prime) ** (power // 2))
            if power % 2:
                result = self.mul(result, self.atom("sqrt", self.number(Fraction(prime))))
        return result if value else ZERO

    def exp(self, a: Form) -> Form:
        rest, result = ZERO, ONE
        for monomial, coefficient in a:
            name, *of = self._keys[monomial[0][0]] if len(monomial) == 1 else ("",)
            is_log = name == "log" and monomial[0][1] == 1 and coefficient.denominator == 1
            if is_log and abs(coefficient) <= MOST_FACTORS:
                result = self.mul(result, self.power(of[0], coefficient))
            else:
                rest = self.add(rest, ((monomial, coefficient),))
        return self.mul(result, self.atom("exp", rest)) if rest else result

    def log(self, a: Form) -> Form:
        value = rational(a)
        if value is not None and value > 0:
            result = ZERO
            for whole, sign in ((value.numerator, 1), (value.denominator, -1)):
                for prime, power in _factors(whole).items():
                    own = self.atom("log", self.number(Fraction(prime)))
                    result = self.add(result, self._scaled(own, Fraction(sign * power)))
            return result
        if len(a) == 1 and len(a[0][0]) == 1 and a[0][1] == 1:
            ((number, power),) = a[0][0]
            name, *of = self._keys[number]
            if name == "exp":
                return self._scaled(of[0], Fraction(power))
        return self.atom("log", a)

    def odd(self, name: str, a: Form) -> Form:
        """A function for which f(-x) is -f(x)."""
        if not a:
            return ZERO
        return self.neg(self.atom(name, self.neg(a))) if a[0][1] < 0 else self.atom(name, a)

    def sigmoid(self, a: Form) -> Form:
        if not a:
            return self.number(Fraction(1, 2))
        if a[0][1] < 0:
            return self.add(ONE, self.neg(self.atom("sigmoid", self.neg(a))))
        return self.atom("sigmoid", a)

    def normal(self, a: Form) -> Form:
        if not a:
            return self.number(Fraction(1, 2))
        if a[0][1] < 0:
            return self.add(ONE, self.neg(self.atom("normal", self.neg(a))))
        return self.atom("normal", a)

    def even(self, name: str, a: Form) -> Form:
        """A function for which f(-x) is f(x)."""
        return self.atom(name, self.neg(a) if a and a[0][1] < 0 else a)

    def _scaled(self, a: Form, factor: Fraction) -> Form:
        return tuple((monomial, coefficient * factor) for monomial, coefficient in a)

    def _short(self, parts: dict[Monomial, Fraction], *made_of: Any) -> Form:
        kept = [(monomial, c) for monomial, c in parts.items() if c]
        return tuple(sorted(kept)) if len(kept) <= MOST_PARTS else self.atom(*made_of)

    def _product(self, a: Monomial, b: Monomial) -> Form:
        """Two monomials multiplied: roots squared vanish, exponentials become one."""
        powers = _added(a, b)
        exponentials = [atom for atom, _ in powers if self._keys[atom][0] == "exp"]
        if len(exponentials) == 1 and dict(powers)[exponentials[0]] == 1:
            exponentials = []  # one alone stays as it is
        kept, exponent, factors = [], ZERO, list[Form]()
        for atom, power in powers:
            name, *of = self._keys[atom]
            if atom in exponentials:
                exponent = self.add(exponent, self._scaled(of[0], Fraction(power)))
            elif name == "sqrt" and power not in (0, 1):
                factors.append(self.power(of[0], Fraction(power // 2)))
                kept += [(atom, 1)] * (power % 2)
            else:
                kept.append((atom, power))
        if exponentials:
            factors.append(self.exp(exponent))
        result: Form = ((tuple(kept), Fraction(1)),)
        for factor in factors:
            result = self._times_atoms(result, factor)
        return result

    def _times_atoms(self, a: Form, b: Form) -> Form:
        """A product of monomials, or of sums of them, that roots and exponentials have come to."""
        if a == ONE:
            return b
        if len(a) != 1 or len(b) != 1:
            return self.mul(a, b)
        ((left, c),), ((right, k),) = a, b
        return ((_added(left, right), c * k),)


def _added(a: Monomial, b: Monomial) -> Monomial:
    """The powers of two monomials added up."""
    powers = dict(a)
    for atom, power in b:
        powers[atom] = powers.get(atom, 0) + power
    return tuple((atom, power) for atom, power in sorted(powers.items()) if power)


def _factors(whole: int) -> dict[int, int]:
    """The primes of a whole number with their powers; a large rest counts as a prime."""
    found: dict[int, int] = {}
    prime = 2
    limit = min(isqrt(abs(whole)), isqrt(LARGEST_FACTORED))
    while prime <= limit and whole > 1:
        while whole % prime == 0:
            whole //= prime
            found[prime] = found.get(prime, 0) + 1
        prime += 1 if prime == 2 else 2
        limit = min(limit, isqrt(whole))
    if whole > 1:
        root = isqrt(whole)
        if root * root == whole:
            found[root] = found.get(root, 0) + 2
        else:
            found[whole] = found.get(whole, 0) + 1
    return found


class Element(NamedTuple):
    """A number: an interval that contains it, and its normal form."""

    interval: Interval
    form: Form


class Terms(Arithmetic[Element]):
    """Interval arithmetic at ``precision`` bits, with the normal form of every element.

    >>> terms = Terms(80)
    >>> root = terms.sqrt(terms.number(Fraction(2)))
    >>> terms.bounds(terms.mul(root, root))
    (Fraction(2, 1), Fraction(2, 1))
    """

    def __init__(self, precision: int) -> None:
        self._intervals = Intervals(precision)
        self._forms = Forms()

    def _made(self, interval: Interval, form: Form) -> Element:
        value = rational(form)
        return Element(interval if value is None else self._intervals.number(value), form)

    def number(self, value: Fraction) -> Element:
        return Element(self._intervals.number(value), self._forms.number(value))

    def add(self, a: Element, b: Element) -> Element:
        return self._made(self._intervals.add(a[0], b[0]), self._forms.add(a[1], b[1]))

    def sub(self, a: Element, b: Element) -> Element:
        return self.add(a, self.neg(b))

    def neg(self, a: Element) -> Element:
        return Element(self._intervals.neg(a[0]), self._forms.neg(a[1]))

    def mul(self, a: Element, b: Element) -> Element:
        return self._made(self._intervals.mul(a[0], b[0]), self._forms.mul(a[1], b[1]))

    def div(self, a: Element, b: Element) -> Element:
        if not b.form:
            raise UndefinedValue("division by zero")
        quotient = self._forms.mul(a[1], self._forms.inverse(b[1]))
        return self._made(self._intervals.div(a[0], b[0]), quotient)

    def power(self, a: Element, exponent: Fraction) -> Element:
        if not a.form and exponent < 0:
            raise UndefinedValue("division by zero (zero to a negative power)")
        form = self._forms.power(a[1], exponent)
        return self._made(self._intervals.power(a[0], exponent), form)

    def exp(self, a: Element) -> Element:
        return self._made(self._intervals.exp(a[0]), self._forms.exp(a[1]))

    def log(self, a: Element) -> Element:
        return self._made(self._intervals.log(a[0]), self._forms.log(a[1]))

    def sqrt(self, a: Element) -> Element:
        return self._made(self._intervals.sqrt(a[0]), self._forms.sqrt(a[1]))

    def sin(self, a: Element) -> Element:
        return self._made(self._intervals.sin(a[0]), self._forms.odd("sin", a[1]))

    def cos(self, a: Element) -> Element:
        form = self._forms.even("cos", a[1]) if a.form else ONE
        return self._made(self._intervals.cos(a[0]), form)

    def sigmoid(self, a: Element) -> Element:
        return self._made(self._intervals.sigmoid(a[0]), self._forms.sigmoid(a[1]))

    def tanh(self, a: Element) -> Element:
        return self._made(self._intervals.tanh(a[0]), self._forms.odd("tanh", a[1]))

    def normal(self, a: Element) -> Element:
        return self._made(self._intervals.normal(a[0]), self._forms.normal(a[1]))

    def bell(self, a: Element) -> Element:
        return self._made(self._intervals.bell(a[0]), self._forms.even("bell", a[1]))

    def maximum(self, a: Element, b: Element) -> Element:
        if a.form == b.form:
            return a
        try:
            is_first = rational(self.heaviside(self.sub(a, b)).form)
        except Unsettled:
            larger = self._intervals.maximum(a[0], b[0])
            return Element(larger, self._forms.atom("maximum", *sorted((a[1], b[1]))))
        return a if is_first else b

    def heaviside(self, a: Element) -> Element:
        value = rational(a.form)
        if value is not None:
            return self.number(Fraction(value > 0))
        sign = self._intervals.heaviside(a[0])
        return Element(sign, ZERO if self._intervals.is_zero(sign) else ONE)

    def floor(self, a: Element) -> Element:
        value = rational(a.form)
        if value is None:
            low, _ = self._intervals.bounds(self._intervals.floor(a[0]))
            value = low
        return self.number(Fraction(value.numerator // value.denominator))

    def is_zero(self, a: Element) -> bool:
        return not a.form

    @staticmethod
    def bounds(a: Element) -> tuple[Fraction, Fraction]:
        """The endpoints as exact fractions: one and the same where the number is rational."""
        value = rational(a.form)
        return Intervals.bounds(a.interval) if value is None else (value, value)
