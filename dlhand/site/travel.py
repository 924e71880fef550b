"""A player as it travels to a page without a kernel: its traits, and all that it would ask for.

With the page travel the numbers as they are declared, and what answers are compared with. Other
settings (`SETTINGS`: so many digits, or every step rounded by hand) stand in a file of their own,
which the page fetches when it is asked for one: as what differs from the numbers of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dlhand.learner.hints import first_sub_result
from dlhand.learner.record import label, numbers_hash
from dlhand.numbers.digits import DEFAULT_DIGITS, Digits
from dlhand.site.facts import asked_facts, step_facts

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation
    from dlhand.widgets.player import Player

__all__ = ["SETTINGS", "difference", "other_settings", "player_data"]

Setting = dict[str, Any]
SETTING = ("digits", "places", "rounding")

DIGITS = (2, 3, 4, 5, 6, 7, 8, 10)
PLACES = (1, 2, 3, 4, 5, 6)
BY_HAND = (1, 2, 3, 4)
SETTINGS: tuple[Setting, ...] = (
    *({"digits": n, "places": None, "rounding": None} for n in DIGITS),
    *({"digits": None, "places": n, "rounding": None} for n in PLACES),
    *(
        {"digits": None, "places": None, "rounding": {"places": n, "chopped": chopped}}
        for n in BY_HAND
        for chopped in (False, True)
    ),
)
"""What a learner can choose there: significant digits, decimal places, or rounding by hand."""
TRAITS = (
    "view", "numbers", "settled", "position", "revealed", "predict", "hide", "opened", "worked",
    "helped", "attempts", "digits", "places", "rounding", "problem",
)  # fmt: skip

_PIECES = re.compile("(<[^>]*>)")


def player_data(player: Player) -> dict[str, Any]:
    """What the page has of a player from the start.

    >>> from dlhand import Derivation
    >>> from dlhand.widgets.player import Player
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b)
    >>> data = player_data(Player(d, predict=True))
    >>> data["key"], data["facts"]["s"]["values"], data["asked"]["s"]["hint"]
    ('A sum:e73016b6dce3', ['-3/2'], 'it begins with −1.…')
    """
    d = player.derivation
    return {
        "key": f"{label(d)}:{numbers_hash(d)}",
        "traits": {name: getattr(player, name) for name in TRAITS if player.has_trait(name)},
        "facts": {step.name: step_facts(d, step) for step in d.steps},
        "asked": _asked(d, Digits(player.digits, player.places)),
    }


def other_settings(player: Player) -> list[Any]:
    """For each of `SETTINGS` what differs then: numbers, what is settled, what is asked.

    The player is left as it was.
    """
    own = {name: getattr(player, name) for name in SETTING}
    before = {"numbers": player.numbers, "settled": player.settled}
    try:
        return [*_with_settings(player, own, before)]
    finally:
        _set(player, own)


def _with_settings(player: Player, own: Setting, before: dict[str, Any]) -> Iterator[Any]:
    written = dict(own)
    if own["digits"] is own["places"] is None:
        written["digits"] = DEFAULT_DIGITS  # as the menu of the player names them
    for setting in SETTINGS:
        # rounded by hand, numbers are written with the digits that they have otherwise
        chosen = {**written, "rounding": setting["rounding"]} if setting["rounding"] else setting
        _set(player, chosen)
        player.settle()
        after = {"numbers": player.numbers, "settled": player.settled}
        asked = Digits(player.digits, player.places)
        yield {
            "setting": {name: chosen[name] for name in SETTING},
            "changed": difference(before, after),
            "asked": None if setting["rounding"] else _asked(player.derivation, asked),
        }


def _set(player: Player, setting: Setting) -> None:
    with player.hold_trait_notifications():
        for name, value in setting.items():
            setattr(player, name, value)


def _asked(d: Derivation, digits: Digits) -> dict[str, Any]:
    return {
        step.name: {**asked_facts(d, step, digits), "hint": first_sub_result(d, step, digits)}
        for step in d.steps
    }


def difference(one: Any, other: Any) -> Any:
    """What makes another of something that is like it, to be sent in its place.

    0 where nothing does; of texts the pieces between tags that differ, each after its position; of
    lists and dictionaries that of their parts; and ``{"is": ...}`` for all else. See `merged` of
    page/merge.js.

    >>> difference(["<b>1</b>", "x"], ["<b>2</b>", "x"])
    [[2, '2'], 0]
    """
    if one == other:
        return 0
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return {key: difference(one[key], other[key]) for key in one}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [difference(a, b) for a, b in zip(one, other, strict=True)]
    if isinstance(one, str) and isinstance(other, str):
        pieces = _PIECES.split(one), _PIECES.split(other)
        if len(pieces[0]) == len(pieces[1]):
            pairs = enumerate(zip(*pieces, strict=True))
            return [part for k, (a, b) in pairs if a != b for part in (k, b)]
    return {"is": other}
