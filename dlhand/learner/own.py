"""The learner's own values of steps: which of them an answer may rest on, and their names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from dlhand.derivation.walk import ancestors
from dlhand.errors import DlhandError
from dlhand.learner.words import listed
from dlhand.numbers.digits import short_decimal
from dlhand.numbers.exact import nested, read_array

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

LONGEST = 40
"""Characters of a learner's own value that are told again; a longer one is only named."""
LEAST, GREATEST = Fraction(1, 10**30), Fraction(10**30)
"""A learner's own value beyond these is not followed."""
DIGITS = 12
"""A learner's own value of so many digits is told as a decimal, another as a fraction."""


def bases(d: Derivation, entry: Entry, earlier: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What of the learner's own values an answer may rest on, what is nearest first.

    These are the values that the formula uses; the nearest ones on all ways back, be there steps
    between; and those in which the mistakes began, for who has carried more digits from there
    than the values between them show.
    """
    own = {each.name: earlier[each.name] for each in d.steps if _is_value_of(each, earlier)}
    used = {leaf.name for leaf in entry.uses if leaf.name in own}
    nearest = _before(d, entry, past=own) & own.keys()
    began = _began(d, entry, own)
    tried: list[set[str]] = []
    for names in (used, nearest, began):
        if names and names not in tried:
            tried.append(names)
            yield {name: own[name] for name in own if name in names}


def _began(d: Derivation, entry: Entry, own: Collection[str]) -> set[str]:
    """The names among those of ``own`` that lie on the way to an entry and rest on no other."""
    began: set[str] = set()
    resting: set[int] = set()
    for each in ancestors(d.entries, entry.index, lambda one: one.uses):
        rests = any(leaf.index in resting for leaf in each.uses)
        if each.name in own and not rests and each is not entry:
            began.add(each.name)
        if each.name in own or rests:
            resting.add(each.index)
    return began


def _is_value_of(step: Entry, earlier: Mapping[str, Any]) -> bool:
    if step.name not in earlier:
        return False
    try:
        flat, shape = read_array(earlier[step.name], step.name)
    except DlhandError:  # it is no number, or one of thousands of digits
        return False
    return shape == step.shape and all(_can_be_followed(value) for value in flat)


def _can_be_followed(value: Fraction) -> bool:
    """Whether a value is of a size that somebody may have worked on with: a slip of a key is not.

    Past these an exponential takes long to work out, and is told from nothing else.
    """
    return not value or LEAST <= abs(value) <= GREATEST


def _before(d: Derivation, entry: Entry, past: Collection[str] = ()) -> set[str]:
    """The names of all that an entry depends on, looking no further back than those of ``past``."""
    way = ancestors(
        d.entries,
        entry.index,
        lambda each: () if each.name in past and each is not entry else each.uses,
    )
    return {each.name for each in way if each is not entry}


def named(name: str, value: Any) -> str:
    """A name with its value; a long value is left out."""
    flat, shape = read_array(value, name)
    texts = [short_decimal(x.numerator, x.denominator, DIGITS) or str(x) for x in flat]
    text = listed(nested(texts, shape))
    return f"{name} = {text}" if len(text) <= LONGEST else name
