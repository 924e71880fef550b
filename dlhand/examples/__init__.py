"""The worked examples of the source documents, by name.

Each is one function in the file of its topic, registered with `example`. `load` runs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.errors import UnknownName, nearest
from dlhand.examples import pages, tells

if TYPE_CHECKING:
    from dlhand.derivation.entries import Step
    from dlhand.worked import Derivation


class Vary(NamedTuple):
    """What practice may vary in an example, where its numbers do not say that themselves.

    Attributes:
        stays: names of givens, with spaces between, that keep their numbers
        keeps: names of steps that come out as declared, such as the rows of a truth table
        places: names of givens whose zeros and signs stay where they are
        among: by the name of a given the numbers from which each of its own is drawn
        title: what it is called with fresh numbers, where its title has numbers in it
    """

    stays: str = ""
    keeps: str = ""
    places: str = ""
    among: Mapping[str, Sequence[Any]] = {}
    title: str = ""


AS_SEEN = Vary()
"""What most examples need: all is seen from their numbers."""


class Example(NamedTuple):
    """An entry of the registry: what an example is called, where it belongs, how it is made."""

    name: str
    document: str
    chapter: str
    topic: str
    title: str
    build: Callable[..., Derivation]
    vary: Vary = AS_SEEN


_registry: dict[str, Example] = {}


def example(
    name: str, chapter: str, vary: Vary = AS_SEEN
) -> Callable[[Callable[..., Derivation]], Any]:
    """Register a function that declares an example; ``name`` begins with the document's number.

    The first line of its docstring is the title under which it is listed. ``vary`` says what
    practice may vary, where that cannot be seen from the numbers.
    """

    def register(build: Callable[..., Derivation]) -> Callable[..., Derivation]:
        @wraps(build)
        def named(*args: Any, **kwargs: Any) -> Derivation:
            d = build(*args, **kwargs)
            d.name, d.document, d.afresh = name, name[:3], named
            pages.attach(d)
            tells.attach(d)
            return d

        if name in _registry:
            raise ValueError(f"two examples are called {name!r}")
        title = (build.__doc__ or name).strip().partition("\n")[0].rstrip(".")
        topic = build.__module__.rpartition(".")[2]
        _registry[name] = Example(name, name[:3], chapter, topic, title, named, vary)
        return named

    return register


@cache
def catalogue() -> dict[str, Example]:
    """All examples by name, in the order of their names."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_registry.items()))


def names() -> list[str]:
    """The names of all examples, in order.

    >>> "002-net222" in names()
    True
    """
    return list(catalogue())


def load(name: str) -> Derivation:
    """Declare the example of a name afresh. Raises `UnknownName` with the nearest names.

    >>> load("002-net222").value("z_h1")
    0.41
    """
    found = catalogue().get(name)
    if found is None:
        raise UnknownName(f"no example is called {name!r}{nearest(name, names())}")
    return found.build()


class Erratum(NamedTuple):
    """A formula that a document has wrong: as printed and right, on numbers that differ."""

    name: str
    example: str
    line: int
    reason: str
    build: Callable[[], tuple[Derivation, Step, Step]]
    contestable: bool = False
    """Whether the page can also be read rightly."""


_errata: dict[str, Erratum] = {}


def erratum(
    name: str, *, example: str, line: int, contestable: bool = False
) -> Callable[[Any], Any]:
    """Register a wrong formula of a document; its docstring says what is wrong with it.

    The function declares a derivation and returns it with two of its steps: the formula as
    printed and the right one. ``line`` is that of the document's text. It is ``contestable`` where
    the page can also be read rightly, such as with a bracket that it leaves out.
    """

    def register(build: Callable[[], tuple[Derivation, Step, Step]]) -> Any:
        if name in _errata:
            raise ValueError(f"two errata are called {name!r}")
        reason = " ".join((build.__doc__ or "").split())
        _errata[name] = Erratum(name, example, line, reason, build, contestable)
        return build

    return register


def errata() -> list[Erratum]:
    """All wrong formulas of the documents, by document and line."""
    catalogue()
    return sorted(_errata.values(), key=lambda e: (e.example[:3], e.line, e.name))
