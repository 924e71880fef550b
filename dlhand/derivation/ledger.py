"""Entries in order, each under a name of its own, with what a document prints for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

from dlhand.derivation.entries import Entry, Given, Printed, Step, as_printed
from dlhand.errors import DuplicateName, InvalidName, UnknownName, nearest
from dlhand.operations.quantity import Form, Leaf, Quantity

_NAME = re.compile(r"[^\W\d_]\w*(_-?\w+|,-?\w+)*(_?\+\d)?'*\Z")
good_names: set[str] = set()
"""Names that have been checked: those of long derivations come up again and again."""
_GRADIENT = re.compile(r"d(?P<of>[^/]+)/d(?P<to>.+)\Z")

AnyStep = TypeVar("AnyStep", bound=Step)


class Ledger:
    """The entries of a derivation, to be added to and looked up."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._by_name: dict[str, Entry] = {}
        self._printed: dict[int, tuple[Printed, ...]] = {}
        self._section = ""
        self.tells: dict[str, str] = {}

    def __getitem__(self, name: str | Quantity) -> Entry:
        """The given or step of a name. Raises `UnknownName` with the nearest names."""
        if name.__class__ is str:
            found = self._by_name.get(name)
            if found is not None:
                return found
        elif isinstance(name, Entry) and self._by_name.get(name.name) is name:
            return name
        found = self._by_name.get(str(name).replace("∂", "d"))
        if found is None:
            raise UnknownName(
                f"no step is called {name!r}{nearest(str(name), list(self._by_name))}"
            )
        return found

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    @property
    def given_entries(self) -> list[Given]:
        """The inputs, in order."""
        return [entry for entry in self.entries if isinstance(entry, Given)]

    @property
    def steps(self) -> list[Step]:
        """The steps, in order."""
        return [entry for entry in self.entries if isinstance(entry, Step)]

    def sections(self) -> Iterator[tuple[str, list[Entry]]]:
        """The titled parts with their entries, in order."""
        title, part = "", list[Entry]()
        for entry in self.entries:
            if entry.section != title and part:
                yield title, part
                part = []
            title = entry.section
            part.append(entry)
        if part:
            yield title, part

    def _append(
        self,
        kind: type[AnyStep],
        name: str,
        rule: Form,
        uses: tuple[Leaf, ...],
        say: str,
        printed: Any = None,
    ) -> AnyStep:
        entries = self.entries
        if not say.isprintable():
            say = one_line(say)
        entry = kind(name, len(entries), rule.as_leaf, rule, uses, say, self._section)
        if printed is not None:
            self._printed[entry.index] = as_printed(printed, entry)
        entries.append(entry)
        self._by_name[name] = entry
        return entry

    def _check_name(self, name: str) -> None:
        if name in self._by_name:
            raise DuplicateName(f"the name {name!r} is taken; wanted one not used before")
        if name not in good_names:
            check_name(name)

    def _forget(self, count: int) -> None:
        """Take back all entries but so many."""
        for entry in self.entries[count:]:
            del self._by_name[entry.name]
        del self.entries[count:]


def check_name(name: object) -> None:
    """Refuse what cannot be a name. Raises `InvalidName`.

    >>> check_name("w1'"), check_name("dE/dz_o1")
    (None, None)
    """
    plain: object = name
    while isinstance(plain, str) and (pair := _GRADIENT.match(plain)):  # of gradients, too
        check_name(pair["of"])
        plain = pair["to"]
    if not isinstance(plain, str) or not _NAME.match(plain):
        raise InvalidName(
            f"{name!r:.60} cannot be a name; wanted letters, digits and underscores, such as "
            "'w1', 'z_o1' or \"w1'\""
        )
    if len(good_names) < 100_000:
        good_names.add(str(name))


def one_line(words: str) -> str:
    r"""Words on one line, with no character that cannot be seen.

    >>> one_line("a title,\n with a break")
    'a title, with a break'
    """
    if words.isprintable():
        return words
    return " ".join("".join([c if c.isprintable() else " " for c in words]).split())
