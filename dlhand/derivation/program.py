"""A derivation as a program that a person reads and runs.

The names of the derivation, its sections and words as comments, NumPy where there are arrays.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from textwrap import dedent, wrap
from typing import TYPE_CHECKING, Any

from dlhand.derivation.evaluate import ByHand
from dlhand.numbers.exact import Shape, nested
from dlhand.operations.notation import (
    ATOM,
    POWER,
    PREFIX,
    PRODUCT,
    SUM,
    Assembled,
    Call,
    Infix,
    Pattern,
    Power,
    Prefix,
    Quotient,
    Root,
    Transposed,
)
from dlhand.operations.python import number
from dlhand.operations.quantity import CONSTANT, SLOT, Form, Leaf
from dlhand.operations.table import TABLE, Operation

if TYPE_CHECKING:
    from fractions import Fraction

    from dlhand.derivation.model import Derivation, Entry


def to_python(d: Derivation) -> str:
    """The derivation as a complete program: every given and step under its own name.

    It computes in floating point, with the standard library alone where all quantities are
    single numbers, else with NumPy. Steps that are rounded by hand are rounded in it, too, and
    steps that were replaced by numbers are these numbers. It prints nothing.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A line")
    >>> x, w = d.givens(x="0.5", w=3)
    >>> y = d.step("y", w * x + 1, say="height")
    >>> print(to_python(d), end="")
    # A line
    <BLANKLINE>
    x = 0.5
    w = 3
    y = w * x + 1  # height
    """
    return _Program(d).text()


def identifier(name: str) -> str:
    """The Python identifier nearest to the name of a given or step.

    >>> identifier("dE/dw1"), identifier("w1'"), identifier("h_t-1"), identifier("lambda")
    ('dE_dw1', 'w1_new', 'h_t_minus_1', 'lambda_')
    """
    for sign, word in (("'", "_new"), ("-", "_minus_"), ("+", "_plus_")):
        name = name.replace(sign, word)
    plain = unicodedata.normalize("NFKC", name)  # as Python itself reads it
    plain = "".join(c if f"_{c}".isidentifier() else "_" for c in plain)
    plain = re.sub("(?<=[^_])__+", "_", plain)
    if not plain.isidentifier():
        plain = f"_{plain}"
    return f"{plain}_" if plain in _reserved() else plain


def identifiers(d: Derivation) -> dict[str, str]:
    """An identifier for each name of a derivation, no two the same."""
    names = [entry.name for entry in d.entries]
    found = {name: name for name in names if identifier(name) == name}  # these stay as they are
    taken = set(found)
    for name in names:
        if name in found:
            continue
        plain = candidate = identifier(name)
        count = 2
        while candidate in taken:
            candidate, count = f"{plain}_{count}", count + 1
        found[name] = candidate
        taken.add(candidate)
    return {name: found[name] for name in names}


def _is_of_numbers(form: Form) -> bool:
    """Whether a formula is of single numbers alone, and of operations that the library has."""
    if form.op is SLOT or form.op is CONSTANT:
        return form.shape == ()
    return form.is_scalar and form.op.elementwise and all(map(_is_of_numbers, form.args))


class _Program:
    """One program, written entry by entry; what it calls is collected on the way."""

    def __init__(self, d: Derivation) -> None:
        self._d = d
        self._fixed = d.evaluation.fixed
        self._by_hand = d.evaluation if isinstance(d.evaluation, ByHand) else None
        self._names = identifiers(d)
        self._imported: set[str] = set()
        self._helpers: dict[str, str] = {}
        self._arrays = any(
            entry.shape or (entry.rule is not None and not _is_of_numbers(entry.rule))
            for entry in d.entries
        )

    def text(self) -> str:
        """The whole program."""
        body: list[str] = []
        for title, entries in self._d.sections():
            body += ["", f"# {_one_line(title)}"] if title else [""]
            for entry in entries:
                body += self._assignment(entry)
        # those of single numbers first, then those of arrays, each in the order of their first use
        names = sorted(self._helpers, key=lambda name: not TABLE[name].elementwise)
        helpers = [f"\n\n{self._helpers[name]}" for name in names]
        if self._by_hand:
            helpers.append(f"\n\n{_by_hand(self._by_hand, self._arrays)}")
        blocks = [*self._heading(), *self._imports(), *helpers, *([""] if helpers else []), *body]
        return "\n".join(blocks) + "\n"

    def _heading(self) -> list[str]:
        about = wrap(_one_line(self._d.about), _WIDTH - 2)
        return [f"# {line}" for line in (_one_line(self._d.title), *about)]

    def _imports(self) -> list[str]:
        lines = []
        if self._by_hand:
            lines.append("from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal")
        if self._imported:
            lines.append(f"from math import {', '.join(sorted(self._imported))}")
        if self._arrays:
            lines += [""] * bool(lines) + ["import numpy as np"]
        return ["", *lines] if lines else []

    def _assignment(self, entry: Entry) -> list[str]:
        fixed = self._fixed.get(entry.index)
        if fixed is not None:
            value = self._literal(fixed, entry.shape)
        else:
            assert entry.formula is not None
            value, _ = self._formula(entry.formula.form, iter(entry.formula.leaves))
            value = f"by_hand({value})" if self._by_hand else value
        line, words = f"{self._names[entry.name]} = {value}", _one_line(entry.say)
        if not words:
            return [line]
        if len(line) + len(words) + 4 <= _WIDTH and "\n" not in line:
            return [f"{line}  # {words}"]
        return [*[f"# {part}" for part in wrap(words, _WIDTH - 2)], line]

    def _literal(self, value: Any, shape: Shape) -> str:
        """A number, or an array row after row."""
        if not shape:
            text = number(value)
            return f"{text}.0" if self._arrays and text.lstrip("-").isdigit() else text
        texts = [number(x) for x in value]
        end = ")" if any(not t.lstrip("-").isdigit() for t in texts) else ", dtype=float)"
        return f"np.array({_rows(nested(texts, shape), len('np.array('))}{end}"

    def _formula(self, form: Form, leaves: Iterator[Leaf]) -> tuple[str, int]:
        """The text of a formula and how strongly it binds (`notation`'s levels)."""
        if form.op is SLOT:
            return self._names[next(leaves).name], ATOM
        if form.op is CONSTANT:
            return _bound(number(*form.params))
        parts = [self._formula(arg, leaves) for arg in form.args]
        match form.op.notation:
            case Infix(python=name) if name.isidentifier():
                return self._call(name, form, parts), ATOM
            case Infix(level=level, python=sign):
                # Python reads -a * b as (-a) * b: the same number
                first = _bracketed(parts[0], SUM if level == SUM else PREFIX)
                rest = [_bracketed(part, level + (2 if level == SUM else 1)) for part in parts[1:]]
                own = min(level, parts[0][1]) if first == parts[0][0] else level
                return f" {sign} ".join([first, *rest]), own
            case Prefix(python=sign):
                return sign + _bracketed(parts[0], PRODUCT), PREFIX
            case Quotient():
                text = f"{_bracketed(parts[0], PREFIX)} / {_bracketed(parts[1], POWER)}"
                return text, PREFIX if parts[0][1] == PREFIX else PRODUCT
            case Power():
                return f"{_bracketed(parts[0], ATOM)} ** {_exponent(form.params)}", POWER
            case Root(python=name):
                return self._call(name, form, parts), ATOM
            case Transposed():
                return f"{_bracketed(parts[0], ATOM)}.T", ATOM
            case Call(python=name, numpy=array_name) | Assembled(name, array_name):
                return self._call((self._arrays and array_name) or name, form, parts), ATOM
            case Pattern(python=template):
                return self._filled(template, form, parts), ATOM
        raise AssertionError(f"{form.op.name} has a layout with no spelling in Python")

    def _call(self, name: str, form: Form, parts: Sequence[tuple[str, int]]) -> str:
        arguments = ", ".join(text for text, _ in parts)
        python = TABLE[form.op.name].python
        if python.one_list:
            arguments = f"[{arguments}]"
        return f"{self._function(name)}({arguments}{python.parameters(form)})"

    def _filled(self, template: str, form: Form, parts: Sequence[tuple[str, int]]) -> str:
        """A pattern with its operands and parameters put in."""

        def put_in(found: re.Match[str]) -> str:
            if found[1]:
                return self._function(found[1])
            if found[2] == "p":
                return TABLE[form.op.name].python.parameters(form)
            part, after = parts[int(found[2])], template[found.end() : found.end() + 1]
            return _bracketed(part, ATOM) if after == "[" else part[0]

        return re.sub(r"(?<![\w.])([a-z_]+)(?=\()|\{(\w)\}", put_in, template)

    def _function(self, name: str) -> str:
        """A function's name as it is called here; what it needs is imported or defined."""
        row = TABLE.get(name)
        if row is not None and row.python.source:
            self._helpers[name] = source = _defined(row, self._arrays)
            self._imported |= _names_in(source) & _MATH
        elif name in _MATH:
            if self._arrays:
                return f"np.{name}"
            self._imported.add(name)
        return name


_MATH = frozenset(vars(math))
_NUMPY = {"min": "np.minimum", "max": "np.maximum", "abs": "np.abs", "erfc": "np.vectorize(erfc)"}
"""What functions of single numbers become over arrays, where NumPy has them by another name."""


@cache
def _defined(row: Operation, arrays: bool) -> str:
    """The source of the function that a program defines for an operation."""
    source = dedent(row.python.source).strip()
    if not arrays:
        return source
    if row.python.array:
        return dedent(row.python.array).strip()
    names = _names_in(source)
    over_arrays = {name: f"np.{name}" for name in names & _MATH} | _NUMPY
    return re.sub(
        r"(?<![\w.])[a-z]\w*",
        lambda found: over_arrays.get(found[0], found[0]) if found[0] in names else found[0],
        source,
    )


def _names_in(source: str) -> set[str]:
    """The names in the code of a function, those in its words left out."""
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


@cache
def _reserved() -> frozenset[str]:
    """The names that a program may need for Python and for the operations."""
    called, defined = set[str](), set[str]()
    for row in TABLE.values():
        spelled = getattr(row.notation, "python", "")
        called.update(re.findall(r"(?<![\w.])[a-z_]+(?=\(|\Z)", spelled))
        if row.python.source:
            defined.add(row.name)
            called |= _names_in(_defined(row, False))
    words = {*keyword.kwlist, *dir(builtins), "np", "by_hand"}
    return frozenset(words | _DECIMAL | defined | called & _MATH)


def _by_hand(how: ByHand, arrays: bool) -> str:
    """The function of a program that rounds as a person does: decimals, and ties up."""
    rounding = "ROUND_DOWN" if how.chopped else "ROUND_HALF_UP"
    unit = f"1e-{how.places}" if how.places else "1"
    lines = [
        "def by_hand(x):",
        f'    """{how.how.capitalize()}; twelve digits are what a float is sure of."""',
        f'    return float(Decimal(f"{{x:.12g}}").quantize(Decimal("{unit}"), {rounding}))',
    ]
    return "\n".join(["@np.vectorize"] * arrays + lines)


_WIDTH = 88
_DECIMAL = frozenset({"Decimal", "ROUND_DOWN", "ROUND_HALF_UP"})


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _bracketed(part: tuple[str, int], level: int) -> str:
    """An operand, in brackets where it binds less than ``level``."""
    text, own = part
    return f"({text})" if own < level else text


def _bound(text: str) -> tuple[str, int]:
    """A number's text with how strongly it binds."""
    return text, PREFIX if text.startswith("-") else PRODUCT if "/" in text else ATOM


def _exponent(value: Fraction) -> str:
    text = number(value)
    return f"({text})" if "/" in text else text


def _rows(nest: Any, indent: int) -> str:
    """Nested lists as source, in lines of their own where one line is too short."""
    if isinstance(nest, str):
        return nest
    line = f"[{', '.join(_rows(item, 0) for item in nest)}]"
    if len(line) <= _WIDTH - indent or isinstance(nest[0], str):
        return line
    between = ",\n" + " " * (indent + 1)
    return f"[{between.join(_rows(item, indent + 1) for item in nest)}]"
