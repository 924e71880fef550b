"""A slip as the end of a sentence: "with t − o for o − t at ∂E/∂o"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dlhand.operations.quantity import CONSTANT, SLOT
from dlhand.render.boxes import template
from dlhand.render.writers import TEXT

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.diagnosis.single import Slipped
    from dlhand.operations.quantity import Quantity

LONGEST = 60
"""A formula of more characters is not told again: the name of the step says enough."""


def spelled(q: Quantity) -> str:
    """A formula in plain text, by the names in it.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A neuron")
    >>> w1, x1 = d.givens(w1=1, x1=2)
    >>> spelled(w1 * x1 + 1)
    'w₁ · x₁ + 1'
    """
    if q.form.op is SLOT:
        return TEXT.symbol(q.leaves[0].name)
    return template(q.form, TEXT).named(q.leaves, TEXT)


def sentence(slips: Sequence[Slipped], target: Entry) -> str:
    """What an answer comes from, as one sentence that tells no digit of the right value.

    >>> from dlhand.derivation.model import Derivation
    >>> from dlhand.diagnosis.single import single_slips
    >>> d = Derivation("An error")
    >>> o, t = d.givens(o="0.73492", t="0.05")
    >>> E = d.step("E", (o - t) ** 2 / 2)
    >>> print(sentence([next(single_slips(d, E))], E))
    This is what you get when it is not divided by 2.
    """
    return as_sentence(clause(slips, target))


def as_sentence(told: str) -> str:
    """A clause, or more, as what a learner reads."""
    return f"This is what you get {told}."


def clause(slips: Sequence[Slipped], target: Entry) -> str:
    """The end of that sentence, which goes on behind other words as well: "without b₁"."""
    return ", and ".join([_told(one, target) for one in slips])


def _told(one: Slipped, target: Entry) -> str:
    was, now, part = one.terms
    texts = {
        "was": _short(was),
        "now": _short(now),
        "part": _short(part),
    }
    told = one.say.format(**texts)
    if one.where is target or not one.change.leaves:
        return told
    return f"{told} at {TEXT.symbol(one.where.name)}"


def _short(q: Quantity | None) -> str:
    if q is None:
        return ""
    text = spelled(q)
    return text if len(text) <= LONGEST or q.form.op in (SLOT, CONSTANT) else "another formula"
