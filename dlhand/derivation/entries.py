"""What a derivation is made of: givens, steps, and the numbers a document prints for them."""

from __future__ import annotations

from typing import Any, NamedTuple

from dlhand.errors import GivenError, ShapeError
from dlhand.numbers.exact import Shape
from dlhand.operations.quantity import Form, Leaf, Quantity


class Printed(NamedTuple):
    """What a document prints for a step: the characters of the page, never a float.

    ``text`` is a string, or nested lists of strings for an array (None for an entry that is not
    printed). Where the scan is damaged, ``reading`` is what the page must have shown, and
    ``reason`` says why. ``line`` is that of the document, or nested lists of them like ``text``.
    """

    text: Any
    reading: Any = None
    reason: str = ""
    line: Any = None

    @property
    def judged(self) -> Any:
        """What a verdict is passed on: the reading where there is one."""
        return self.text if self.reading is None else self.reading


class Entry(Leaf):
    """A named quantity of a derivation: a `Given` or a `Step`."""

    __slots__ = ("cache", "index", "name", "rule", "say", "section", "uses")

    _leaves = None

    def __init__(
        self,
        name: str,
        index: int,
        form: Form,
        rule: Form | None,
        uses: tuple[Leaf, ...],
        say: str,
        section: str,
    ) -> None:
        self.form = form
        self.name = name
        self.index = index
        # the formula's form and leaves, apart: one object less for each step of a long derivation
        self.rule = rule
        self.uses = uses
        self.say = say
        self.section = section
        # what does not change with the values, such as how the formula is written
        self.cache: dict[str, Any] | None = None

    @property
    def formula(self) -> Quantity | None:
        """The formula of a step, over givens and earlier steps; None for a given."""
        return None if self.rule is None else Quantity(self.rule, self.uses)

    def __repr__(self) -> str:
        return f"<{self.name}>"


class Given(Entry):
    """A named input: exact, and free to be changed. It has no formula."""

    __slots__ = ()

    kind = "given"


class Step(Entry):
    """A named quantity with its formula over givens and earlier steps."""

    __slots__ = ()

    kind = "step"


class PutIn(NamedTuple):
    """A number that a document puts in for ``leaf`` where it works out ``step``."""

    step: Step
    leaf: Entry
    printed: Printed


class Gradient(Step):
    """A step of the backward pass: how the loss changes with a quantity."""

    __slots__ = ("loss", "wrt")

    kind = "gradient"
    loss: Leaf
    wrt: Leaf


class Local(Step):
    """A local derivative: how one step changes with a quantity in its formula."""

    __slots__ = ()

    kind = "local"


def as_printed(value: Any, entry: Entry) -> tuple[Printed, ...]:
    """One or several printed values, checked against the shape of the step."""
    several = isinstance(value, tuple) and not isinstance(value, Printed)
    found = []
    for item in value if several else (value,):
        one = item if isinstance(item, Printed) else Printed(item)
        for text in (one.text, one.judged):
            if _shape_of(text) != entry.shape:
                raise ShapeError(
                    f"what is printed for {entry.name} has shape {_shape_of(text)}; wanted "
                    f"{entry.shape}"
                )
        found.append(one)
    return tuple(found)


def _shape_of(text: Any) -> Shape:
    if isinstance(text, list):
        shapes = {_shape_of(item) for item in text}
        if len(shapes) != 1:
            raise ShapeError(f"what is printed is ragged: {text!r:.60}")
        return (len(text), *shapes.pop())
    if not isinstance(text, (str, type(None))):
        raise GivenError(f"a printed number is {text!r}; wanted its characters as a string")
    return ()
