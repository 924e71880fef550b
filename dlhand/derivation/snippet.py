"""Python that makes a derivation with certain givens again."""

from __future__ import annotations

import json
import keyword
import unicodedata
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.derivation.evaluate import Evaluation
from dlhand.derivation.model import Derivation
from dlhand.numbers.digits import short_decimal

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry

__all__ = ["snippet", "written"]

LONGEST = 15
"""A decimal of more digits is written as a fraction, so that it can be read and is exact."""
WIDTH = 88
"""Characters of a line; what is longer has each given on a line of its own."""


def snippet(derivation: Derivation, declared: Derivation | None = None) -> str:
    """Code that gives a derivation with these givens.

    A registered one is loaded by its name. Any other is called ``d``, and what is said is in what
    it differs from ``declared``.

    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> print(snippet(d.what_if(a="1/3"), d))
    d.what_if(a="1/3")
    """
    base = _registered(derivation)
    if base is not None:
        start, made = "import dlhand\n\n", f'dlhand.load("{base.name}")'
    else:
        base, start, made = declared or derivation, "", "d"
    changes = {
        given.name: derivation.given_value(given.name)
        for given in base.given_entries
        if derivation.given_value(given.name) != base.given_value(given.name)
    }
    return start + (_changed(made, changes) if changes else made)


def _registered(d: Derivation) -> Derivation | None:
    """The derivation that is registered under its name, if it differs at most in its givens."""
    if d.afresh is None:
        return None
    found = d.afresh()
    is_plain = d.evaluation.__class__ is Evaluation and d.evaluation.fixed.keys() == {
        given.index for given in d.given_entries
    }
    is_alike = [*map(_declaration, d.entries)] == [*map(_declaration, found.entries)]
    return found if is_plain and is_alike else None


def _declaration(entry: Entry) -> tuple[Any, ...]:
    return entry.name, entry.form, entry.rule, [leaf.name for leaf in entry.uses]


def _changed(made: str, changes: Mapping[str, Any]) -> str:
    """The call that changes these givens; names that are no argument's go into a dictionary."""
    if all(map(_is_argument, changes)):
        before, after = f"{made}.what_if(", ")"
        items = [f"{name}={_literal(value)}" for name, value in changes.items()]
    else:
        before, after = f"{made}.with_values({{", "})"
        items = [f"{_quoted(name)}: {_literal(value)}" for name, value in changes.items()]
    line = f"{before}{', '.join(items)}{after}"
    if len(line) <= WIDTH:
        return line
    return "\n".join([before, *[f"    {item}," for item in items], after])


def _is_argument(name: str) -> bool:
    """Whether ``what_if`` can be given a name as that of an argument, and gets it as it is."""
    is_name = name.isidentifier() and not keyword.iskeyword(name) and name != "self"
    return is_name and unicodedata.normalize("NFKC", name) == name


def _literal(value: Any) -> str:
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_literal, value))}]"
    return _quoted(written(value))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def written(value: Fraction) -> str:
    """An exact number as it is read again: a decimal where that is short, else a fraction.

    >>> written(Fraction(-1, 8)), written(Fraction(2, 3))
    ('-0.125', '2/3')
    """
    return short_decimal(value.numerator, value.denominator, LONGEST) or str(value)
