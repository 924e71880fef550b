"""What calculators want of their arguments: one clear error where something else comes.

Shapes are known once and for all. Values are not: a given may be changed later. What is wanted of
a *value* is therefore asked through `Derivation.require`, which asks again after every change; the
conditions below are what it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from dlhand import Derivation, GivenError, ShapeError, UnknownName
from dlhand.errors import nearest
from dlhand.numbers.exact import Shape
from dlhand.operations.quantity import Quantity

T = TypeVar("T")
Condition = Callable[[Any], str]
"""From a value, as `Derivation.value` gives it, to what is wrong with it; "" where nothing is."""


def want_shape(name: str, a: Quantity, *shapes: Shape) -> None:
    """Refuse a quantity of none of these shapes. Raises `ShapeError`."""
    if a.shape not in shapes:
        raise ShapeError(f"{name} has shape {a.shape}; wanted {' or '.join(map(str, shapes))}")


def want_matrix(
    name: str, a: Quantity, rows: int | None = None, columns: int | None = None
) -> None:
    """Refuse what is no matrix, or not of so many rows and columns. Raises `ShapeError`."""
    shape = a.shape
    if len(shape) != 2 or rows not in (None, shape[0]) or columns not in (None, shape[1]):
        wanted = [f"{n} {what}" for n, what in ((rows, "rows"), (columns, "columns")) if n]
        raise ShapeError(
            f"{name} has shape {shape}; wanted a matrix"
            + (f" of {' and '.join(wanted)}" if wanted else ", a row for each token")
        )


def want_count(name: str, value: Any, least: int | None = 1, most: int | None = None) -> None:
    """Refuse what is no whole number from ``least`` on, or up to ``most``. Raises `GivenError`.

    >>> want_count("size", 0)
    Traceback (most recent call last):
        ...
    dlhand.errors.GivenError: size is 0; wanted a whole number from 1 on
    """
    is_whole = value.__class__ is int and (least is None or value >= least)
    if not is_whole or (most is not None and value > most):
        raise GivenError(f"{name} is {value!r:.60}; wanted {_whole_number(least, most)}")


def _whole_number(least: int | None, most: int | None = None) -> str:
    start = "" if least is None else f" from {least}"
    end = f" to {most}" if most is not None else " on" if start else ""
    return f"a whole number{start}{end}"


def want_one_of(name: str, value: Any, *choices: str) -> None:
    """Refuse what is none of the ``choices``. Raises `GivenError`.

    >>> want_one_of("order", "yx", "xh", "hx")
    Traceback (most recent call last):
        ...
    dlhand.errors.GivenError: order is 'yx'; wanted 'xh' or 'hx'
    """
    if value.__class__ is not str or value not in choices:
        raise GivenError(f"{name} is {value!r:.40}; wanted {' or '.join(map(repr, choices))}")


def want_known(name: str, value: Any, known: Mapping[str, T], also: str = "") -> T:
    """What ``known`` has of this name. Raises `UnknownName`, with the names that are near.

    >>> want_known("cell", "lst", {"lstm": 4, "gru": 3})
    Traceback (most recent call last):
        ...
    dlhand.errors.UnknownName: cell is 'lst'; wanted one of lstm, gru; did you mean 'lstm'?
    """
    if value.__class__ is not str or value not in known:
        raise UnknownName(
            f"{name} is {value!r:.40}; wanted {also}one of {', '.join(known)}"
            + nearest(str(value), list(known))
        )
    return known[value]


def want_list(name: str, value: Any, of: str, length: int | None = None) -> None:
    """Refuse what is no list, no list of so many, or an empty one. Raises `ShapeError`.

    >>> want_list("x", 1, "numbers")
    Traceback (most recent call last):
        ...
    dlhand.errors.ShapeError: x is 1; wanted a list of numbers
    """
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    is_array = hasattr(value, "__len__") and hasattr(value, "tolist")
    if not (is_list or is_array) or getattr(value, "shape", None) == ():
        raise ShapeError(f"{name} is {value!r:.60}; wanted a list of {of}")
    if length is not None and len(value) != length:
        raise ShapeError(f"{name} has length {len(value)}; wanted {length} {of}")
    if len(value) == 0:
        raise ShapeError(f"{name} is empty; wanted a list of {of}, at least one")


def want_mapping(name: str, value: Any, of: str) -> None:
    """Refuse what is no mapping from names. Raises `ShapeError`.

    >>> want_mapping("boxes", None, "boxes by name")
    Traceback (most recent call last):
        ...
    dlhand.errors.ShapeError: boxes is None; wanted a mapping of boxes by name
    """
    if not isinstance(value, Mapping):
        raise ShapeError(f"{name} is {value!r:.60}; wanted a mapping of {of}")


def flat(value: Any) -> Iterator[Any]:
    """The numbers of a value, be it one or nested lists of them.

    >>> list(flat([[1, 2], [3, 4]])), list(flat(5))
    ([1, 2, 3, 4], [5])
    """
    if isinstance(value, list):
        for item in value:
            yield from flat(item)
    else:
        yield value


def each(name: str, allowed: Callable[[float], bool], wanted: str) -> Condition:
    """The condition that every number of ``name`` be allowed.

    >>> each("rate", lambda x: 0 <= x < 1, "a number from 0 up to but not 1")(2)
    'rate is 2; wanted a number from 0 up to but not 1'
    """

    def wrong(value: Any) -> str:
        if all(allowed(float(number)) for number in flat(value)):
            return ""
        return f"{name} is {value}; wanted {wanted}"

    return wrong


def number_from(name: str, least: int) -> Condition:
    """The condition that every number of ``name`` be at least ``least``."""
    return each(name, lambda x: x >= least, f"a number from {least} on")


def whole_number(name: str, least: int = 1, why: str = "") -> Condition:
    """The condition that ``name`` be a whole number of at least ``least``; perhaps ``why``.

    >>> whole_number("stride")(0.5)
    'stride is 0.5; wanted a whole number from 1 on'
    """
    return each(name, lambda x: x >= least and x % 1 == 0, _whole_number(least) + why)


def require_counts(d: Derivation, *names: str, least: int = 1) -> None:
    """Require of givens or steps that they stay whole numbers from ``least`` on.

    >>> d = Derivation("A layer")
    >>> n, k = d.givens(n=4, k=3)
    >>> require_counts(d, "n", "k")
    >>> d.what_if(n="2.5")
    Traceback (most recent call last):
        ...
    dlhand.errors.GivenError: n is 2.5; wanted a whole number from 1 on
    """
    for name in names:
        d.require(d[name], whole_number(name, least))


def require_fit(d: Derivation, inner: str, outer: str) -> None:
    """Require that one side be no longer than another, such as a filter's than its image's.

    >>> d = Derivation("Places of a filter")
    >>> n, f = d.givens(n=6, f=3)
    >>> require_fit(d, "f", "n")
    >>> d.what_if(f=7)
    Traceback (most recent call last):
        ...
    dlhand.errors.GivenError: f is larger than n; wanted one that fits
    """
    d.require(
        d[outer] - d[inner], not_below(f"{inner} is larger than {outer}; wanted one that fits")
    )


def not_below(words: str) -> Condition:
    """The condition that a difference be no less than 0; ``words`` say what it else is."""
    return lambda value: words if float(value) < 0 else ""


def rows(name: str, wrong: Callable[[Sequence[float]], str], several: bool) -> Condition:
    """The condition that ``wrong`` find nothing in ``name``, or in each of its ``several`` rows.

    >>> rows("mask", lambda row: "" if any(row) else "is all 0; wanted a 1", True)([[0, 1], [0, 0]])
    'mask[1] is all 0; wanted a 1'
    """

    def found(value: Any) -> str:
        named: Iterable[tuple[str, Any]] = [(name, value)]
        if several:
            named = ((f"{name}[{k}]", row) for k, row in enumerate(value))
        for where, row in named:
            if words := wrong([float(number) for number in flat(row)]):
                return f"{where} {words}"
        return ""

    return found
