"""A derivation as a program that a person reads and runs.

The names of the derivation, its sections and words as comments, NumPy where there are arrays.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from textwrap import dedent, wrap
from typing import TYPE_CHECKING, Any

from dlhand.derivation.evaluate import ByHand
from dlhand.derivation.model import nested
from dlhand.numbers.digits import terminates, write
from dlhand.numbers.exact import Shape
from dlhand.operations.notation import (
    ATOM,
    POWER,
    PREFIX,
    PRODUCT,
    SUM,
    Call,
    Infix,
    Pattern,
    Power,
    Prefix,
    Quotient,
    Root,
    Transposed,
)
from dlhand.operations.quantity import CONSTANT, SLOT, Form, Leaf

if TYPE_CHECKING:
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
    return f"{plain}_" if plain in _RESERVED else plain


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
        self._helpers: set[str] = set()
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
        helpers = [f"\n\n{self._helper(name)}" for name in _HELPERS if name in self._helpers]
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

    def _helper(self, name: str) -> str:
        return _HELPERS[name][self._arrays]

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
            text, _ = _number(value)
            return f"{text}.0" if self._arrays and text.lstrip("-").isdigit() else text
        texts = [_number(x)[0] for x in value]
        end = ")" if any(not t.lstrip("-").isdigit() for t in texts) else ", dtype=float)"
        return f"np.array({_rows(nested(texts, shape), len('np.array('))}{end}"

    def _formula(self, form: Form, leaves: Iterator[Leaf]) -> tuple[str, int]:
        """The text of a formula and how strongly it binds (`notation`'s levels)."""
        if form.op is SLOT:
            return self._names[next(leaves).name], ATOM
        if form.op is CONSTANT:
            return _number(*form.params)
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
            case Root():
                return self._call("sqrt", form, parts), ATOM
            case Transposed():
                return f"{_bracketed(parts[0], ATOM)}.T", ATOM
            case Call(python=name, numpy=array_name):
                return self._call((self._arrays and array_name) or name, form, parts), ATOM
            case Pattern(python=template):
                return self._filled(template, form, parts), ATOM
        raise AssertionError(f"{form.op.name} has a layout with no spelling in Python")

    def _call(self, name: str, form: Form, parts: Sequence[tuple[str, int]]) -> str:
        arguments = ", ".join(text for text, _ in parts)
        if name in _OF_ONE_LIST:
            arguments = f"[{arguments}]"
        return f"{self._function(name)}({arguments}{_parameters(form)})"

    def _filled(self, template: str, form: Form, parts: Sequence[tuple[str, int]]) -> str:
        """A pattern with its operands and parameters put in."""

        def put_in(found: re.Match[str]) -> str:
            if found[1]:
                return self._function(found[1])
            if found[2] == "p":
                return _parameters(form)
            part, after = parts[int(found[2])], template[found.end() : found.end() + 1]
            return _bracketed(part, ATOM) if after == "[" else part[0]

        return re.sub(r"(?<![\w.])([a-z_]+)(?=\()|\{(\w)\}", put_in, template)

    def _function(self, name: str) -> str:
        """A function's name as it is called here; what it needs is imported or defined."""
        if name in _HELPERS:
            self._helpers.add(name)
            words = re.findall(r"(?<![\w.])\w+", self._helper(name))
            self._imported.update(_MATH.intersection(words))
        elif name in _MATH:
            if self._arrays:
                return f"np.{name}"
            self._imported.add(name)
        return name


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
_MATH = frozenset({"exp", "log", "sqrt", "sin", "cos", "tanh", "floor", "erfc", "log1p", "pi"})
_OF_ONE_LIST = frozenset({"np.concatenate", "np.stack"})
"""Functions of NumPy that take their arrays as one list."""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _bracketed(part: tuple[str, int], level: int) -> str:
    """An operand, in brackets where it binds less than ``level``."""
    text, own = part
    return f"({text})" if own < level else text


def _number(value: Fraction, as_fraction: bool = False) -> tuple[str, int]:
    """An exact number as Python source, and how strongly it binds."""
    if value.denominator == 1 and (as_fraction or abs(value) < 10**16):
        text = str(value.numerator)
    elif as_fraction or terminates(value, _LONGEST_DECIMAL) is None:
        return f"{value.numerator} / {value.denominator}", PREFIX if value < 0 else PRODUCT
    else:
        text = _decimal(value)
    return text, PREFIX if value < 0 else ATOM


_LONGEST_DECIMAL = 400


def _decimal(value: Fraction) -> str:
    """A terminating decimal: as Python writes the float where that is exact."""
    exact = terminates(value, _LONGEST_DECIMAL)
    assert exact is not None
    try:
        short = repr(float(value))
    except OverflowError:
        return write(exact)
    return short if Fraction(short) == value else write(exact)


def _exponent(value: Fraction) -> str:
    text, _ = _number(value)
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


# What an operation's parameters are in Python: by the name of its row.


def _parameters(form: Form) -> str:
    write = _PARAMETERS.get(form.op.name)
    return write(form) if write else ""


def _axes(form: Form) -> str:
    axes, keep = form.params
    if form.op.name in ("softmax", "masked_softmax"):
        last = len(form.shape) - 1
        return "" if axes == (last,) else f", axis={axes[0] if len(axes) == 1 else axes}"
    if form.op.name == "is_largest":
        keep = False
    text = ", keepdims=True" if keep else ""
    if len(axes) == len(form.args[0].shape):
        return text
    return f", axis={axes[0] if len(axes) == 1 else axes}{text}"


def _in_shape(shape: Shape) -> str:
    return str(shape[0]) if len(shape) == 1 else str(shape)


def _placed(form: Form) -> str:
    chosen, shape = form.params
    return f"np.s_[{chosen}], {_in_shape(shape)}"


def _sliding(form: Form) -> str:
    *shape, stride, padding = form.params
    text = "".join(f", {lengths}" for lengths in shape)
    text += f", stride={stride}" if stride != 1 else ""
    return text + f", padding={padding}" if padding else text


def _pooling(form: Form) -> str:
    return "".join(f", {number}" for number in form.params)


_PARAMETERS: dict[str, Callable[[Form], str]] = {
    "leaky_relu": lambda form: _number(form.params)[0],
    "leaky_slope": lambda form: _number(form.params)[0],
    "elu": lambda form: _number(form.params)[0],
    "sum": _axes,
    "mean": _axes,
    "variance": _axes,
    "largest": _axes,
    "is_largest": _axes,
    "log_sum_exp": _axes,
    "softmax": _axes,
    "masked_softmax": _axes,
    "index": lambda form: str(form.params),
    "place": _placed,
    "concatenate": lambda form: f", axis={form.params}" * (form.params != 0),
    "reshape": lambda form: f", {_in_shape(form.shape)}",
    "fill": lambda form: _in_shape(form.shape),
    "correlate": _sliding,
    "correlate_to_image": _sliding,
    "correlate_to_kernel": _sliding,
    "max_pool": _pooling,
    "max_unpool": _pooling,
    "max_pick": _pooling,
    "average_pool": _pooling,
    "average_unpool": _pooling,
}

# The functions that a program defines when it uses them: over single numbers, and over arrays.


def _define(scalar: str, array: str | None = None) -> tuple[str, str]:
    return dedent(scalar).strip(), dedent(scalar if array is None else array).strip()


_HELPERS = {
    "sigmoid": _define(
        '''
        def sigmoid(z):
            """1 / (1 + e^-z), written so that it cannot overflow."""
            return exp(min(z, 0)) / (1 + exp(-abs(z)))
        ''',
        '''
        def sigmoid(z):
            """1 / (1 + e^-z), written so that it cannot overflow."""
            return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
        ''',
    ),
    "relu": _define(
        '''
        def relu(z):
            """z where it is above 0, else 0."""
            return max(z, 0)
        ''',
        '''
        def relu(z):
            """z where it is above 0, else 0."""
            return np.maximum(z, 0)
        ''',
    ),
    "leaky_relu": _define(
        '''
        def leaky_relu(z, slope):
            """z where it is above 0, else slope * z."""
            return max(z, slope * z)
        ''',
        '''
        def leaky_relu(z, slope):
            """z where it is above 0, else slope * z."""
            return np.maximum(z, slope * z)
        ''',
    ),
    "leaky_slope": _define(
        '''
        def leaky_slope(z, slope):
            """1 where z is above 0, else the slope."""
            return 1.0 * (z > 0) + slope * (z <= 0)
        '''
    ),
    "elu": _define(
        '''
        def elu(z, alpha):
            """z where it is above 0, else alpha * (e^z - 1)."""
            return max(z, 0) + alpha * (exp(min(z, 0)) - 1)
        ''',
        '''
        def elu(z, alpha):
            """z where it is above 0, else alpha * (e^z - 1)."""
            return np.maximum(z, 0) + alpha * (np.exp(np.minimum(z, 0)) - 1)
        ''',
    ),
    "softplus": _define(
        '''
        def softplus(z):
            """ln(1 + e^z), written so that it cannot overflow."""
            return max(z, 0) + log1p(exp(-abs(z)))
        ''',
        '''
        def softplus(z):
            """ln(1 + e^z), written so that it cannot overflow."""
            return np.logaddexp(0, z)
        ''',
    ),
    "silu": _define(
        '''
        def silu(z):
            """z times the sigmoid of z, written so that it cannot overflow."""
            return z * exp(min(z, 0)) / (1 + exp(-abs(z)))
        ''',
        '''
        def silu(z):
            """z times the sigmoid of z, written so that it cannot overflow."""
            return z * np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
        ''',
    ),
    "gelu": _define(
        '''
        def gelu(z):
            """z times the share of the standard normal distribution below z."""
            return z * erfc(-z / sqrt(2)) / 2
        ''',
        '''
        def gelu(z):
            """z times the share of the standard normal distribution below z."""
            return z * np.vectorize(erfc)(-z / np.sqrt(2)) / 2
        ''',
    ),
    "normal": _define(
        '''
        def normal(z):
            """The share of the standard normal distribution below z."""
            return erfc(-z / sqrt(2)) / 2
        ''',
        '''
        def normal(z):
            """The share of the standard normal distribution below z."""
            return np.vectorize(erfc)(-z / np.sqrt(2)) / 2
        ''',
    ),
    "bell": _define(
        '''
        def bell(z):
            """The density of the standard normal distribution."""
            return exp(-(z**2) / 2) / sqrt(2 * pi)
        ''',
        '''
        def bell(z):
            """The density of the standard normal distribution."""
            return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
        ''',
    ),
    "sign": _define(
        '''
        def sign(z):
            """1 where z is above 0, -1 where it is below, 0 at 0."""
            return 1.0 * (z > 0) - 1.0 * (z < 0)
        '''
    ),
    "positive": _define(
        '''
        def positive(z):
            """1 where z is above 0, else 0."""
            return 1.0 * (z > 0)
        '''
    ),
    "greater": _define(
        '''
        def greater(a, b):
            """1 where a is above b, else 0."""
            return 1.0 * (a > b)
        '''
    ),
    "at_least": _define(
        '''
        def at_least(a, b):
            """1 where a is b or more, else 0."""
            return 1.0 * (a >= b)
        '''
    ),
    "softmax": _define(
        '''
        def softmax(z, axis=-1):
            """e^z divided by its sum; the largest z is taken off first, so nothing overflows."""
            grown = np.exp(z - z.max(axis=axis, keepdims=True))
            return grown / grown.sum(axis=axis, keepdims=True)
        '''
    ),
    "masked_softmax": _define(
        '''
        def masked_softmax(z, mask, axis=-1):
            """The softmax of the entries that the mask marks with 1; the others get 0."""
            grown = np.where(mask == 0, -np.inf, z)
            grown = mask * np.exp(grown - grown.max(axis=axis, keepdims=True))
            return grown / grown.sum(axis=axis, keepdims=True)
        '''
    ),
    "log_sum_exp": _define(
        '''
        def log_sum_exp(z, axis=None):
            """ln of the sum of e^z; the largest z is taken off first, so nothing overflows."""
            peak = z.max(axis=axis, keepdims=True)
            return np.squeeze(peak, axis) + np.log(np.exp(z - peak).sum(axis=axis))
        '''
    ),
    "is_largest": _define(
        '''
        def is_largest(a, axis=None):
            """1 at the first of the largest entries, else 0."""
            axes = range(a.ndim) if axis is None else np.atleast_1d(axis)
            lines = np.moveaxis(a, axes, range(-len(axes), 0))
            flat = lines.reshape(*lines.shape[: -len(axes)], -1)
            first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
            return np.moveaxis(1.0 * first.reshape(lines.shape), range(-len(axes), 0), axes)
        '''
    ),
    "place": _define(
        '''
        def place(entries, where, shape):
            """An array of zeros with some entries put in."""
            result = np.zeros(shape)
            result[where] = entries
            return result
        '''
    ),
    "correlate": _define(
        '''
        def correlate(image, kernel, stride=1, padding=0):
            """Slide a filter over an image: each output is the sum of window times filter."""
            if kernel.ndim == 4:
                return np.stack([correlate(image, one, stride, padding) for one in kernel])
            around = [(0, 0)] * (image.ndim - 2) + [(padding, padding)] * 2
            image = np.pad(image, around)
            rows, columns = kernel.shape[-2:]
            high = (image.shape[-2] - rows) // stride + 1
            wide = (image.shape[-1] - columns) // stride + 1
            result = np.zeros((high, wide))
            for i, j in np.ndindex(high, wide):
                y, x = i * stride, j * stride
                result[i, j] = np.sum(image[..., y : y + rows, x : x + columns] * kernel)
            return result
        '''
    ),
    "correlate_to_image": _define(
        '''
        def correlate_to_image(g, kernel, shape, stride=1, padding=0):
            """What each entry of the image had to do with g: the way back of correlate."""
            if kernel.ndim == 4:
                return sum(
                    correlate_to_image(one, k, shape, stride, padding) for one, k in zip(g, kernel)
                )
            height, width = shape[-2:]
            rows, columns = kernel.shape[-2:]
            result = np.zeros((*shape[:-2], height + 2 * padding, width + 2 * padding))
            for i, j in np.ndindex(g.shape):
                y, x = i * stride, j * stride
                result[..., y : y + rows, x : x + columns] += g[i, j] * kernel
            return result[..., padding : padding + height, padding : padding + width]
        '''
    ),
    "correlate_to_kernel": _define(
        '''
        def correlate_to_kernel(g, image, shape, stride=1, padding=0):
            """What each entry of the filter had to do with g: the way back of correlate."""
            if len(shape) == 4:
                return np.stack(
                    [correlate_to_kernel(one, image, shape[1:], stride, padding) for one in g]
                )
            around = [(0, 0)] * (image.ndim - 2) + [(padding, padding)] * 2
            image = np.pad(image, around)
            rows, columns = shape[-2:]
            result = np.zeros(shape)
            for i, j in np.ndindex(g.shape):
                y, x = i * stride, j * stride
                result += g[i, j] * image[..., y : y + rows, x : x + columns]
            return result
        '''
    ),
    "max_pool": _define(
        '''
        def max_pool(image, size, stride):
            """The largest entry of each window."""
            high, wide = ((n - size) // stride + 1 for n in image.shape[-2:])
            result = np.zeros((*image.shape[:-2], high, wide))
            for i, j in np.ndindex(high, wide):
                y, x = i * stride, j * stride
                result[..., i, j] = image[..., y : y + size, x : x + size].max(axis=(-2, -1))
            return result
        '''
    ),
    "max_unpool": _define(
        '''
        def max_unpool(g, image, size, stride):
            """Each entry of g goes to the first of the largest entries of its window."""
            result = np.zeros(image.shape)
            for *channel, i, j in np.ndindex(g.shape):
                y, x = i * stride, j * stride
                window = image[(*channel, slice(y, y + size), slice(x, x + size))]
                row, column = divmod(window.argmax(), size)
                result[(*channel, y + row, x + column)] += g[(*channel, i, j)]
            return result
        '''
    ),
    "max_pick": _define(
        '''
        def max_pick(a, image, size, stride):
            """Of each window the entry of a at the first of the largest entries of the image."""
            high, wide = ((n - size) // stride + 1 for n in image.shape[-2:])
            result = np.zeros((*image.shape[:-2], high, wide))
            for *channel, i, j in np.ndindex(result.shape):
                y, x = i * stride, j * stride
                window = (*channel, slice(y, y + size), slice(x, x + size))
                result[(*channel, i, j)] = a[window].flat[image[window].argmax()]
            return result
        '''
    ),
    "average_pool": _define(
        '''
        def average_pool(image, size, stride):
            """The mean of each window."""
            high, wide = ((n - size) // stride + 1 for n in image.shape[-2:])
            result = np.zeros((*image.shape[:-2], high, wide))
            for i, j in np.ndindex(high, wide):
                y, x = i * stride, j * stride
                result[..., i, j] = image[..., y : y + size, x : x + size].mean(axis=(-2, -1))
            return result
        '''
    ),
    "average_unpool": _define(
        '''
        def average_unpool(g, shape, size, stride):
            """Each entry of g is shared out equally over its window."""
            result = np.zeros(shape)
            for *channel, i, j in np.ndindex(g.shape):
                y, x = i * stride, j * stride
                window = (*channel, slice(y, y + size), slice(x, x + size))
                result[window] += g[(*channel, i, j)] / size**2
            return result
        '''
    ),
}

_RESERVED = frozenset(
    {*keyword.kwlist, *dir(builtins), *_MATH, *_HELPERS, "np", "by_hand", "Decimal"}
    | {"ROUND_DOWN", "ROUND_HALF_UP"}
)
