"""The derivation: named givens and named steps in order, in titled sections."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Self

from dlhand.derivation.backward import backward
from dlhand.derivation.entries import Entry, Given, Printed, PutIn, Step, as_printed
from dlhand.derivation.evaluate import ByHand, Evaluation
from dlhand.derivation.ledger import Ledger, check_name, good_names, one_line
from dlhand.errors import (
    DlhandError,
    FormulaError,
    GivenError,
    ShapeError,
    UnknownName,
    nearest,
)
from dlhand.numbers.digits import Digits
from dlhand.numbers.exact import nested, read_array
from dlhand.operations.quantity import Quantity, slot


class Derivation(Ledger):
    """A worked example: givens and steps in order, from which all else follows.

    ``title`` heads it; ``document`` is the number of the source document, if it has one;
    ``about`` says in a sentence or two what we want to know.

    >>> d = Derivation("One neuron")
    >>> x, w, b = d.givens(x="0.5", w="-2", b=1)
    >>> y = d.step("y", w * x + b, say="weighted sum")
    >>> d.value("y")
    0
    """

    def __init__(self, title: str, *, document: str = "", about: str = "") -> None:
        super().__init__()
        self.name = ""
        self.afresh: Callable[[], Derivation] | None = None  # declares what is registered so
        self.title = one_line(title)
        self.document = document
        self.about = one_line(about)
        self._put_in: list[PutIn] = []
        self._values: dict[int, Any] = {}
        self._required: list[tuple[Quantity, Callable[[Any], str]]] = []
        self._evaluation: Evaluation | None = None

    # Declaring

    def given(self, name: str, value: Any, *, say: str = "", printed: Any = None) -> Given:
        """Declare an input: a number, or nested lists for an array.

        Raises `GivenError` for anything that is no finite number, `ShapeError` for an empty or
        ragged list, `DuplicateName` for a name that is taken, `InvalidName` for one that is none.
        """
        if name in self._by_name or name not in good_names:
            self._check_name(name)
        try:
            flat, shape = read_array(value, name)
        except DlhandError:
            if not _holds_formula(value):
                raise
            raise GivenError(
                f"{name} is given {value!r:.40}, with a formula in it; wanted numbers: a formula "
                "gets its name by step(), and stack(a, b, ...) makes an array of several"
            ) from None
        index = len(self.entries)
        if not say.isprintable():
            say = one_line(say)
        entry = Given(name, index, slot(shape), None, (), say, self._section)
        if printed is not None:
            self._printed[index] = as_printed(printed, entry)
        self._values[index] = flat if shape else flat[0]
        self.entries.append(entry)
        self._by_name[name] = entry
        return entry

    def givens(self, **values: Any) -> tuple[Given, ...]:
        """Declare several inputs at once; they come back in the order written."""
        return tuple([self.given(name, value) for name, value in values.items()])

    def section(self, title: str, *, tells: str = "") -> None:
        """Begin a titled part; all that is declared from here on belongs to it.

        ``tells`` is the one sentence that it tells us, which is said when it is finished.
        """
        self._section = one_line(title)
        if tells:
            self.tells[self._section] = one_line(tells)

    def tell(self, section: str, sentence: str) -> None:
        """Say what a section tells us that is there already, such as one of a calculator.

        Raises `UnknownName` for a title that no section has.

        >>> d = Derivation("A sum")
        >>> d.section("Add")
        >>> (a,) = d.givens(a=1)
        >>> d.tell("Add", "Nothing has been added yet.")
        >>> d.tells
        {'Add': 'Nothing has been added yet.'}
        """
        titles = [title for title, _ in self.sections()]
        if section not in titles:
            raise UnknownName(f"no section is called {section!r}{nearest(section, titles)}")
        self.tells[section] = one_line(sentence)

    def step(self, name: str, formula: Quantity, *, say: str = "", printed: Any = None) -> Step:
        """Declare a named quantity by its formula; it can be used in later formulas.

        ``say`` is one sentence in words. ``printed`` is what the document prints for it: a
        string, nested lists of strings, a `Printed`, or a tuple of these where it is printed
        more than once. Raises `DuplicateName` for a name that is taken, `InvalidName` for one
        that is none, `FormulaError` for a formula with quantities of another derivation.
        """
        by_name = self._by_name
        if name in by_name or name not in good_names:
            self._check_name(name)
        if not isinstance(formula, Quantity):
            raise FormulaError(
                f"step {name!r} got {formula!r:.40}; wanted a formula over givens and steps"
                + ("; stack(a, b, ...) makes an array of them" if _holds_formula(formula) else "")
            )
        uses = formula._leaves or formula.leaves
        for leaf in uses:
            if by_name.get(leaf.name) is not leaf:
                raise FormulaError(
                    f"the formula of {name!r} uses {leaf!r}, which belongs to another derivation"
                )
        return self._append(Step, name, formula.form, uses, say, printed)

    def printed(self, numbers: Mapping[str, Any]) -> None:
        """Attach what the document prints to steps that exist already, by name."""
        for name, text in numbers.items():
            entry = self[name]
            self._printed[entry.index] = self.prints(entry) + as_printed(text, entry)

    def prints(self, name: str | Quantity) -> tuple[Printed, ...]:
        """What the document prints for a given or step, in the order in which it was attached."""
        return self._printed.get(self[name].index, ())

    def put_in(self, step: str | Quantity, numbers: Mapping[str, Any]) -> None:
        """Attach what the document puts in for the quantities in a step's formula, by name.

        The numbers are written as for `step`. They are kept apart from the results, which
        `prints` has. Raises `FormulaError` for a quantity that is not in the formula.

        >>> d = Derivation("A square, from a rounded root")
        >>> (x,) = d.givens(x=2)
        >>> y = d.step("y", x**2)
        >>> d.put_in("y", {"x": "1.9"})
        >>> [(one.step.name, one.leaf.name, one.printed.text) for one in d.puts_in]
        [('y', 'x', '1.9')]
        """
        target = self[step]
        for name, text in numbers.items():
            leaf = self[name]
            if leaf not in target.uses or not isinstance(target, Step):
                names = ", ".join(dict.fromkeys(one.name for one in target.uses)) or "none"
                raise FormulaError(
                    f"{name!r} is put in for {target.name!r}; wanted a quantity of its formula: "
                    f"{names}"
                )
            self._put_in += [PutIn(target, leaf, one) for one in as_printed(text, leaf)]

    @property
    def puts_in(self) -> Sequence[PutIn]:
        """The numbers that the document puts into formulas, in the order attached."""
        return tuple(self._put_in)

    def require(self, of: Quantity, wrong: Callable[[Any], str]) -> None:
        """Ask something of a value, now and whenever givens are changed.

        ``wrong`` gets the value, as `value` gives it, and says in a sentence what is wrong with
        it, or nothing (""). Raises `GivenError` with that sentence; so do `what_if` and
        `with_values`.

        >>> d = Derivation("A rate")
        >>> (r,) = d.givens(r="0.5")
        >>> d.require(r, lambda r: f"r is {r}; wanted less than 1" if float(r) >= 1 else "")
        >>> d.what_if(r=2)
        Traceback (most recent call last):
            ...
        dlhand.errors.GivenError: r is 2; wanted less than 1
        """
        self._demand(of, wrong)
        self._required.append((of, wrong))

    @property
    def required(self) -> Sequence[tuple[Quantity, Callable[[Any], str]]]:
        """What is asked of values: each quantity, with what says what is wrong with its value."""
        return tuple(self._required)

    def _demand(self, of: Quantity, wrong: Callable[[Any], str]) -> None:
        if words := wrong(self.value(of)):
            raise GivenError(words)

    def backward(
        self,
        loss: Quantity,
        wrt: Sequence[Quantity],
        *,
        names: Mapping[str, str] | None = None,
        local: bool | Container[str] = False,
        last: Sequence[Quantity] = (),
        by_section: bool = False,
    ) -> dict[Quantity, Quantity]:
        """Append the gradient of ``loss`` with respect to each of ``wrt``, step by step.

        One named step for each quantity between, called "dE/dw"; ``names`` gives others, such
        as {"z": "delta"}. With ``local`` the local derivatives of each formula (or of the
        formulas of the steps named) get steps of their own first. Returns the gradients by the
        quantity they belong to.

        The order is that of layers: what is nearer to the loss comes first. With ``by_section``
        it is that of the sections, last one first, and within a section that of layers. Gradients
        with respect to ``last`` come after all others, such as those of weights that serve at
        every time step.

        Raises `NoDependence` where the loss does not depend on one of ``wrt``, `ShapeError`
        where the loss is not a single number, `DuplicateName` where two gradients would have
        one name, `InvalidName` where ``names`` has what cannot be one.
        """
        for name in (names or {}).values():
            if name not in good_names:
                check_name(name)
        targets = [self[q] for q in wrt]
        late = [self[q] for q in last]
        return backward(self, self[loss], targets + late, names or {}, local, late, by_section)

    # Evaluating

    def __repr__(self) -> str:
        givens, steps = len(self.given_entries), len(self.steps)
        return f"<Derivation {self.title!r}: {givens} givens, {steps} steps>"

    @property
    def evaluation(self) -> Evaluation:
        """The values of all entries, computed as far as they are asked for."""
        if self._evaluation is None:
            self._evaluation = Evaluation(self.entries, self._values)
        return self._evaluation

    def value(self, name: str | Quantity) -> Any:
        """The value of a given or step: a ``Real``, or nested lists of them for an array.

        A formula over them has a value, too, though it has no name.

        >>> d = Derivation("A square")
        >>> (x,) = d.givens(x="0.5")
        >>> d.value(x**2)
        0.25
        """
        if isinstance(name, Quantity) and not isinstance(name, Entry):
            form = name.form
            unnamed = Step("?", len(self.entries), form.as_leaf, form, name.leaves, "", "")
            evaluation = self.evaluation.anew(self.evaluation.fixed, [*self.entries, unnamed])
            return nested(evaluation.reals(unnamed.index), unnamed.shape)
        entry = self[name]
        return nested(self.evaluation.reals(entry.index), entry.shape)

    def values(self) -> dict[str, Any]:
        """The values of all givens and steps, by name."""
        return {entry.name: self.value(entry) for entry in self.entries}

    def what_if(self, **changes: Any) -> Self:
        """The same derivation with other givens; every later step follows.

        Names that are no Python identifiers go through `with_values`. Raises `UnknownName` for
        a name that is no given, `ShapeError` for a value of another shape, `GivenError` for one
        that a step cannot mean (a dropout rate of 2).
        """
        return self.with_values(changes)

    def with_values(self, changes: Mapping[str, Any]) -> Self:
        """The same derivation with other givens, as a mapping from names to values."""
        for name in changes:
            if not isinstance(self[name], Given):
                raise UnknownName(
                    f"{name!r} is a step, not a given"
                    + nearest(name, [given.name for given in self.given_entries])
                )
        changed = self._changed(changes)
        other = self._variant(self.evaluation.anew(changed), changed)
        for of, wrong in self._required:
            other._demand(of, wrong)
        return other

    def by_hand(self, places: int, *, chopped: bool = False) -> Self:
        """Every step rounded to ``places`` decimals before it is used again.

        Half up as in school, or with ``chopped`` cut off. Raises `GivenError` for places that
        are no whole number from 0 on.
        """
        Digits(places=places).check()
        values = dict(self._values)
        return self._variant(ByHand(self.entries, values, places, chopped), values)

    def with_steps(self, replaced: Mapping[str, Any]) -> Self:
        """Steps replaced by given numbers, as a document's own later steps have it."""
        fixed = self._changed(replaced)
        return self._variant(self.evaluation.anew(fixed), fixed)

    def unprinted(self, title: str) -> Self:
        """The same under a title, with nothing that a document prints, or says about its numbers.

        >>> d = Derivation("2 is squared", about="The page has 4.")
        >>> y = d.step("y", d.given("x", 2) ** 2, printed="4")
        >>> fresh = d.unprinted("A square")
        >>> fresh.title, fresh.about, fresh.prints("y")
        ('A square', '', ())
        """
        other = self._variant(self.evaluation.anew(self._values), self._values)
        other.title, other.about, other._printed, other._put_in = one_line(title), "", {}, []
        other.tells = {}  # what its numbers show, others may not
        return other

    def _changed(self, changes: Mapping[str, Any]) -> dict[int, Any]:
        """The exact values by position, with some put in the place of others or of a formula."""
        changed = dict(self._values)
        for name, value in changes.items():
            entry = self[name]
            flat, shape = read_array(value, name)
            if shape != entry.shape:
                raise ShapeError(f"{name} has shape {shape}; wanted {entry.shape}")
            changed[entry.index] = flat if shape else flat[0]
        return changed

    def _variant(self, evaluation: Evaluation, values: dict[int, Any]) -> Self:
        other = self.__class__.__new__(self.__class__)
        other.__dict__.update(self.__dict__)
        other.entries = list(self.entries)
        other._by_name = dict(self._by_name)
        other._printed = dict(self._printed)
        other._required = list(self._required)
        other.tells = dict(self.tells)
        other._put_in = list(self._put_in)
        other._values = values
        evaluation.entries = other.entries
        other._evaluation = evaluation
        return other

    def given_value(self, name: str | Quantity) -> Any:
        """The exact value of a given: a ``Fraction``, or nested lists of them."""
        entry = self[name]
        value = self._values[entry.index]
        return nested(value, entry.shape) if entry.shape else value


def _holds_formula(value: Any, depth: int = 4) -> bool:
    """Whether something is a quantity, or a list with one in it."""
    if isinstance(value, (list, tuple)) and depth:
        return any(_holds_formula(item, depth - 1) for item in value)
    return isinstance(value, Quantity)


__all__ = ["Derivation", "Entry", "Given", "Printed", "Step"]
