"""How names, numbers and formulas are spelled in pictures.

A spelling is a string in which what is set low stands between `LOW` and `END`, what is set high
between `HIGH` and `END`, and what is low in that between `BOTH` and `END`; `Canvas.text` sets it.
Everything else about it is as in plain text.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from dlhand.numbers.digits import USUAL, Digits, Shown
from dlhand.numbers.exact import Shape
from dlhand.render import names
from dlhand.render.names import BASE
from dlhand.render.parts import spell
from dlhand.render.writers import TEXT, Text

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry

LOW, END, HIGH, BOTH = "\ue002", "\ue003", "\ue004", "\ue005"
RUN = re.compile(f"([{LOW}{HIGH}{BOTH}])([^{END}]*){END}|([^{LOW}{HIGH}{BOTH}]+)")
"""A piece of a spelling: its mark and what is marked, or what is not."""
LONGEST_VECTOR = 3
"""A longer array is told by its shape."""

_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋", "0123456789+−")
_SET_LOW = str.maketrans("0123456789+−", "₀₁₂₃₄₅₆₇₈₉₊₋")
_LOW = re.compile("([₀-₉₊₋]+)|_\\(([^)]*)\\)|_([^′/∂_]+)")
_MARKED_LOW = re.compile(f"{LOW}([^{END}]*){END}")
_MARKED_HIGH = re.compile(f"(?:[{HIGH}{BOTH}][^{END}]*{END})+")


@cache
def symbol(name: str, places: tuple[str, ...] = ()) -> str:
    """A name, or that of some entries, with its subscripts marked.

    >>> symbol("w1'") == f"w{LOW}1{END}′"
    True
    """
    return _LOW.sub(_lowered, names.text(name, places)).replace(END + LOW, ",")


def _lowered(match: re.Match[str]) -> str:
    digits, bracketed, other = match.groups()
    return f"{LOW}{digits.translate(_DIGITS) if digits else bracketed or other}{END}"


def entry_symbol(name: str, *index: int) -> str:
    """An entry of an array, counted from 1: x₁ of x, W₂₃ of W.

    >>> entry_symbol("W", 1, 2) == f"W{LOW}23{END}", plain(entry_symbol("W1'", 0, 9))
    (True, 'W_1,1,10′')
    """
    places = [str(k + 1) for k in index]
    low = ("," if max(map(len, places)) > 1 else "").join(places)
    name, primes = name.rstrip("'"), "′" * (len(name) - len(name.rstrip("'")))
    spelled = symbol(name)
    if spelled.endswith(END):
        return f"{spelled[:-1]},{low}{END}{primes}"
    return f"{spelled}{LOW}{low}{END}{primes}"


def plain(spelling: str) -> str:
    """A spelling for a text alternative: w₁, z_o1.

    >>> plain(symbol("w1")), plain(symbol("z_o1")), plain(symbol("h_t+1"))
    ('w₁', 'z_o1', 'h_(t+1)')
    >>> plain(f"e{HIGH}−z{END}{BOTH}1{END}")
    'e^(−z₁)'
    """
    level = _MARKED_HIGH.sub(lambda high: f"^({_level(high[0])})", spelling)
    return _MARKED_LOW.sub(_in_plain_text, level)


def flat(spelling: str) -> str:
    """A spelling in which what is low in something high has a mark of its own.

    >>> flat(f"e{HIGH}−z{LOW}1{END}{END} + 1") == f"e{HIGH}−z{END}{BOTH}1{END} + 1"
    True
    """
    if HIGH not in spelling:
        return spelling
    runs: list[tuple[str, str]] = []
    marks = ""
    for sign in spelling:
        if sign in (LOW, HIGH):
            marks += sign
        elif sign == END:
            marks = marks[:-1]
        else:
            runs.append((BOTH if len(marks) > 1 else marks, sign))
    pieces = [
        (mark, "".join(sign for _, sign in run)) for mark, run in groupby(runs, itemgetter(0))
    ]
    return "".join(f"{mark}{text}{END}" if mark else text for mark, text in pieces)


def _level(high: str) -> str:
    """What is set high, as it would be in line."""
    runs = RUN.findall(high)
    return "".join(f"{LOW}{text}{END}" if mark == BOTH else text for mark, text, _ in runs)


def _in_plain_text(match: re.Match[str]) -> str:
    low = match[1]
    if set(low) <= set("0123456789+−"):
        return low.translate(_SET_LOW)
    return f"_({low})" if "+" in low or "−" in low[1:] else f"_{low}"


class Marked(Text):
    """Plain text in which subscripts are marked."""

    target = "picture"

    def name(self, name: str, where: int, places: tuple[str, ...] = ()) -> str:
        """A name, or that of some entries; a gradient or a prime is bracketed as a base."""
        in_text = names.gradient_of(name) is not None
        spelled = symbol(name, places)
        return f"({spelled})" if where & names.brackets(name, in_text, places) else spelled

    symbol = staticmethod(symbol)

    def raised(self, high: str) -> str:
        """What is raised is set high; what is high in it already would be lost there."""
        return super().raised(high) if HIGH in high else f"{HIGH}{high}{END}"


MARKED = Marked()


def formula(d: Derivation, entry: Entry, digits: Digits = USUAL) -> str:
    """The formula of a step in names; "" for a given, and for a constant."""
    return flat(spell(d.evaluation, entry, MARKED, digits)[0])


def number(shown: Shown, where: int = 0) -> str:
    """A number as it is shown.

    >>> number(Shown("-0.5", True))
    '−0.5'
    """
    return TEXT.number(shown.text, where)


def value(shown: Any, shape: Shape) -> str:
    """A value beside a line: a number, a short vector, or else the shape of the array.

    >>> value((Shown("1", True), Shown("-2", True)), (2,)), value((), (3, 4))
    ('[1, −2]', '3 × 4')
    """
    if shape == ():
        return number(shown)
    if len(shape) == 1 and shape[0] <= LONGEST_VECTOR:
        return f"[{', '.join(map(number, shown))}]"
    return " × ".join(map(str, shape)) + (" numbers" if len(shape) == 1 else "")


def title(name: str) -> str:
    """A name to stand over an array; bracketed where something is to be raised above it."""
    return MARKED.name(name, BASE)
