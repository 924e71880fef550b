"""A derivation compiled for replays in floating point: for sliders, sweeps and plots.

All steps become one function of the givens, straight-line Python with no loop and no array.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any

from dlhand.derivation.evaluate import ByHand
from dlhand.errors import FormulaError, GivenError, ShapeError, UndefinedValue, UnknownName, nearest
from dlhand.numbers.arithmetic import NotYetKnown
from dlhand.numbers.exact import Shape, nested, read_array, read_number
from dlhand.numbers.floats import NAMESPACE, Floats, FloatSource
from dlhand.operations.table import size

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry

LONGEST = 20_000
"""The number of operations up to which a replay is compiled."""


def replay(d: Derivation, last: str | None = None) -> Replay:
    """Compile all steps into one function from the givens to all values, in 64-bit floats.

    With ``last`` it ends at the step of this name.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A line")
    >>> x, w = d.givens(x="0.5", w=3)
    >>> y = d.step("y", w * x + 1)
    >>> replay(d)(x=2)
    {'x': 2.0, 'w': 3.0, 'y': 7.0}
    """
    return Replay(d, last)


class Replay:
    """All steps of a derivation as one function of its givens, in 64-bit floats.

    Calling it with some givens, as floats or nested lists, gives all values by name; the other
    givens keep their values. ``function`` is the bare function: it takes every given in order (a
    float, or the flat tuple of an array's entries) and returns one such value for each of
    ``names``. ``source`` is its text; it is empty, and each formula evaluated one by one, where
    the derivation is very long or a rule must see values (which entries a mask leaves out). Steps
    that were replaced by numbers keep these numbers. Raises `FormulaError` for steps that are
    rounded by hand.

    A value beyond all floats is inf or nan where Python's own float arithmetic gives that.
    """

    def __init__(self, d: Derivation, last: str | None = None) -> None:
        if isinstance(d.evaluation, ByHand):
            raise FormulaError(
                f"the steps are {d.evaluation.how}, which a replay in floating point does not do; "
                "wanted a derivation with all its digits"
            )
        count = len(d.entries) if last is None else d[last].index + 1
        self._entries = tuple(d.entries[:count])
        self._fixed = {
            k: _as_floats(self._entries[k], v) for k, v in d.evaluation.fixed.items() if k < count
        }
        self._givens = [entry for entry in self._entries if entry.formula is None]
        # what is given after the last step has no say in it
        self._later = {entry.name for entry in d.entries[count:] if entry.formula is None}
        self.names = tuple(entry.name for entry in self._entries)
        self.givens = tuple(entry.name for entry in self._givens)
        self._defaults = [self._fixed[entry.index] for entry in self._givens]
        self._arrays = any(entry.shape for entry in self._entries)
        self._position = {name: k for k, name in enumerate(self.givens)}
        self.source = _written_out(self._entries, self._givens, self._fixed)
        self.function: Callable[..., tuple[Any, ...]] = self._one_by_one
        if self.source:
            scope: dict[str, Any] = {**NAMESPACE, "one_by_one": self._one_by_one}
            exec(compile(self.source, "<replay>", "exec"), scope)
            self.function = scope["replay"]

    def __call__(self, /, **givens: Any) -> dict[str, Any]:
        """All values by name, with these givens changed; see `run`."""
        return self.run(givens)

    def run(self, values: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """All values by name, floats or nested lists of them, with some givens changed.

        Raises `UnknownName` for a name that is no given, `ShapeError` for a value of another
        shape, `GivenError` for one that is no finite number, and `UndefinedValue` naming the
        step that has no value.
        """
        results = self.function(*self._arguments(values or {}))
        if not self._arrays:
            return dict(zip(self.names, results, strict=True))
        return {
            entry.name: nested(value, entry.shape) if entry.shape else value
            for entry, value in zip(self._entries, results, strict=True)
        }

    def _arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Every given in order, some of them changed."""
        arguments = list(self._defaults)
        for name, value in values.items():
            k = self._position.get(name)
            if k is None and name in self._later:
                continue
            if k is None:
                raise UnknownName(f"no given is called {name!r}{nearest(name, [*self.givens])}")
            arguments[k] = _read(value, name, self._givens[k].shape)
        return arguments

    def sweep(
        self, given: str, places: Sequence[float], values: Mapping[str, Any] | None = None
    ) -> list[Any]:
        """The last value at each of ``places`` of a single given, None where it has none.

        ``values`` has other givens that are changed, as for `run`. Raises what `run` raises, but
        that a step without a value, or a value beyond all floats, is no error here.

        >>> from dlhand.derivation.model import Derivation
        >>> d = Derivation("A quotient")
        >>> x, w = d.givens(x=1, w=3)
        >>> y = d.step("y", w / x)
        >>> replay(d).sweep("x", [-1, 0, 2], {"w": 5})
        [-5.0, None, 2.5]
        """
        arguments = self._arguments({**(values or {}), given: places[0]} if places else {})
        position = self._position.get(given)
        found: list[Any] = []
        for place in places:
            if position is not None:
                arguments[position] = float(place)
            try:
                last = self.function(*arguments)[-1]
            except UndefinedValue:
                last = None
            numbers = last if last.__class__ is tuple else (last,)
            whole = all(number is not None and isfinite(number) for number in numbers)
            found.append(last if whole else None)
        return found

    def _one_by_one(self, *values: Any) -> tuple[Any, ...]:
        """The same as `function`, formula by formula, so that a failing step can be named."""
        known: list[Any] = []
        arguments = iter(values)
        for k, entry in enumerate(self._entries):
            if entry.formula is None:
                known.append(next(arguments))
                continue
            if k in self._fixed:
                known.append(self._fixed[k])
                continue
            slots = [known[leaf.index] for leaf in entry.formula.leaves]
            try:
                known.append(entry.formula.form.run(_FLOATS, slots))
            except (ArithmeticError, ValueError) as error:
                raise UndefinedValue(f"step {entry.name} has no value: {_cause(error)}") from error
        return tuple(known)


_FLOATS = Floats()


def _cause(error: Exception) -> str:
    if isinstance(error, ZeroDivisionError):
        return "division by zero"
    if isinstance(error, OverflowError):
        return "a number in it is too large for floating point"
    return "a function in it is undefined there"


def _as_floats(entry: Entry, value: Any) -> Any:
    try:
        return tuple(map(float, value)) if entry.shape else float(value)
    except OverflowError:
        raise UndefinedValue(f"{entry.name} is too large for floating point") from None


def _read(value: Any, name: str, shape: Shape) -> Any:
    """A changed given: a float, or the flat tuple of an array's entries."""
    flat = [value.tolist() if hasattr(value, "tolist") else value]
    for length in shape:
        if not all(isinstance(row, (list, tuple)) and len(row) == length for row in flat):
            raise _misshapen(value, name, shape)
        flat = [item for row in flat for item in row]
    if any(isinstance(item, (list, tuple)) for item in flat):
        raise _misshapen(value, name, shape)
    floats = tuple([_read_float(item, name) for item in flat])
    return floats if shape else floats[0]


def _misshapen(value: Any, name: str, shape: Shape) -> ShapeError:
    _, got = read_array(value, name)  # which raises where there is no shape at all
    return ShapeError(f"{name} has shape {got}; wanted {shape}")


def _read_float(value: Any, name: str) -> float:
    if isinstance(value, float) and isfinite(value):
        return float(value)
    try:
        return float(read_number(value, name))
    except OverflowError:
        raise GivenError(f"{name} is {value!r}; wanted a number within floating point") from None


class _TooLong(Exception):
    """The program would have more than `LONGEST` operations."""


class _Writer(FloatSource):
    """Float arithmetic as lines of source, in which nothing is computed twice."""

    def __init__(self) -> None:
        super().__init__([], prefix="v")
        self._known: dict[str, str] = {}
        self._operations = 0

    def let(self, expression: str) -> str:
        name = self._known.get(expression)
        if name is None:
            self._operations += 1 + expression.count(" ") // 2
            if self._operations > LONGEST:
                raise _TooLong
            name = self._known[expression] = super().let(expression)
        return name

    def sigmoid(self, a: str) -> str:
        # for z < -709 the exponential overflows; the whole is then run again one by one
        return self.let(f"1.0 / (1.0 + exp(-{a}))")

    def heaviside(self, a: str) -> str:
        return self.let(f"1.0 if {a} > 0.0 else 0.0")

    def total(self, items: Sequence[str]) -> str:
        return self._sum(items)

    def dot(self, a: Sequence[str], b: Sequence[str]) -> str:
        return self._sum([f"{x} * {y}" for x, y in zip(a, b, strict=True)])

    def peak(self, items: Sequence[str]) -> str:
        return items[0] if len(items) == 1 else super().peak(items)

    def _sum(self, terms: Sequence[str]) -> str:
        result = terms[0]
        for k in range(1, len(terms), _DEEPEST):  # a longer sum is too deep for the compiler
            result = self.let(" + ".join([result, *terms[k : k + _DEEPEST]]))
        return result if len(terms) > 1 or " " not in result else self.let(result)


_DEEPEST = 40
_VARIABLE = re.compile(r"\bv\d+\b")


def _written_out(
    entries: Sequence[Entry], givens: Sequence[Entry], fixed: Mapping[int, Any]
) -> str:
    """The source of a replay; empty where it would be too long."""
    known: list[Any] = []
    writer = _Writer()
    try:
        for k, entry in enumerate(entries):
            if entry.formula is None:
                known.append(_parameter(entry))
            elif k in fixed:
                number = writer.number
                known.append(
                    tuple(number(Fraction(x)) for x in fixed[k])
                    if entry.shape
                    else number(Fraction(fixed[k]))
                )
            else:
                slots = [known[leaf.index] for leaf in entry.formula.leaves]
                known.append(entry.formula.form.run(writer, slots))
    except (_TooLong, NotYetKnown, OverflowError):  # the last: a constant that no float holds
        return ""
    results = "".join(f"{_tuple(value)}, " for value in known)
    lines, results = _inlined(writer.lines, results)
    names = ", ".join(f"a{entry.index}" for entry in givens)
    unpacked = [f"{_tuple(_parameter(g))} = a{g.index}" for g in givens if g.shape]
    return "\n".join(
        [
            f"def replay({names}):",
            *[f"    {line}" for line in unpacked],
            "    try:",
            *[f"        {line}" for line in lines],
            f"        return ({results})",
            "    except (ArithmeticError, ValueError):",
            f"        return one_by_one({names})",
        ]
    )


def _parameter(given: Entry) -> Any:
    name = f"a{given.index}"
    return tuple(f"{name}_{k}" for k in range(size(given.shape))) if given.shape else name


def _tuple(value: Any) -> str:
    return f"({', '.join(value)},)" if value.__class__ is tuple else value


def _inlined(lines: Sequence[str], results: str) -> tuple[list[str], str]:
    """Put what is used only once into the place of its use, as far as the compiler can go."""
    uses = Counter(_VARIABLE.findall(results))
    for line in lines:
        uses.update(_VARIABLE.findall(line.partition(" = ")[2]))
    texts: dict[str, str] = {}
    depths: dict[str, int] = {}
    kept = []

    def put_in(text: str) -> str:
        return _VARIABLE.sub(lambda found: texts.get(found[0], found[0]), text)

    for line in lines:
        name, _, text = line.partition(" = ")
        inside = max((depths.get(v, 0) for v in _VARIABLE.findall(text)), default=0)
        depth = 1 + inside + text.count(" + ")
        if uses[name] == 1 and depth < 2 * _DEEPEST:
            texts[name], depths[name] = f"({put_in(text)})", depth
        elif uses[name]:
            kept.append(f"{name} = {put_in(text)}")
    return kept, put_in(results)
