"""Verdicts: how each number that a document prints relates to the true value.

A verdict is computed, never typed:

- *exact*: the printed number is the value;
- *rounded*: it is the value rounded to the digits printed, ties half up as in school; zeros that
  end a whole number may be none of these, and the last of 13 or more may be floating point's;
- *truncated*: it is the value cut off after the digits printed;
- *carried*: it follows from earlier printed numbers, be they rounded or wrong; from those that
  the page itself puts in, where it shows them;
- *slip*: it is what one gets by one plausible mistake, and so many digits of it are that
  coincidence is unlikely: see `dlhand.diagnosis`;
- *unexplained*: none of these. What may be the reason, but may also be by chance, is told.

A number that the page puts into a formula is judged, too: against the value of what it stands for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import combinations, islice, product
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from dlhand.derivation.entries import Entry, Given, Printed, PutIn, Step
from dlhand.derivation.evaluate import Evaluation
from dlhand.derivation.model import Derivation
from dlhand.derivation.walk import ancestors
from dlhand.diagnosis.sought import Sought
from dlhand.errors import GivenError, UndefinedValue
from dlhand.numbers.floats import Floats
from dlhand.numbers.printed import (
    EXACT,
    ROUNDED,
    TRUNCATED,
    UNEXPLAINED,
    Number,
    compare,
    is_as_computed,
    read_printed,
    relation,
)
from dlhand.numbers.real import Real
from dlhand.operations.quantity import Leaf, slot
from dlhand.operations.table import size
from dlhand.verdicts.explained import explanation
from dlhand.verdicts.reused import reused

CARRIED, SLIP = "carried", "slip"
VERDICTS = (EXACT, ROUNDED, TRUNCATED, CARRIED, SLIP, UNEXPLAINED)
_BEST = (EXACT, ROUNDED, TRUNCATED)
GIVEN, RESULT, PUT_IN = "given", "step", "put in"
ROLES = (GIVEN, RESULT, PUT_IN)

_MOST_COMBINATIONS = 20_000
_FLOATS = Floats()
_KNOWN: WeakKeyDictionary[Derivation, tuple[Any, list[Finding]]] = WeakKeyDictionary()
"""The findings of a derivation, which its player and its table ask for, with what was printed."""


class Finding(NamedTuple):
    """The verdict on one printed number."""

    document: str
    example: str
    step: str
    role: str
    """"given" for an input, whose number is the document's own, "step" for what is computed, "put
    in" for what stands in a formula that is worked out."""
    entry: tuple[int, ...] | None
    """Where in a vector or matrix; None for a single number."""
    printed: str
    reading: str | None
    value: str
    """The true value to 12 significant digits."""
    verdict: str
    explanation: str
    line: int | None = None
    """Where it stands in the document's text."""
    into: str | None = None
    """The step that is worked out with it, where it is put in."""


def findings(d: Derivation, carried: bool = True) -> list[Finding]:
    """The verdict on every number that the document prints for a derivation, in order.

    Without ``carried`` it is not looked for how a number follows from earlier ones, or from which
    slip it comes, which may take seconds; then such a number is unexplained, too.
    """
    if not carried:
        return [one.finding for one in _judged(d, carried)]
    prints = (tuple(map(d.prints, d.entries)), d.puts_in)
    known = _KNOWN.get(d)
    if known is None or known[0] != prints:
        known = _KNOWN[d] = (prints, _with_slips(d))
    return list(known[1])


def _judged(d: Derivation, carried: bool) -> list[_Judged]:
    return [one for entry in d.entries for one in _judge_entry(d, entry, carried)]


def _with_slips(d: Derivation) -> list[Finding]:
    judged = _judged(d, carried=True)
    open_ = [one for one in judged if one.finding.verdict == UNEXPLAINED]
    others = [(one.entry.name, _sought(one)) for one in open_]
    return [
        _by_slip(d, one, others) if one.finding.verdict == UNEXPLAINED else one.finding
        for one in judged
    ]


class _Judged(NamedTuple):
    """A verdict with what it is passed on."""

    finding: Finding
    entry: Entry
    printed: Printed
    cell: _Cell


def _sought(one: _Judged) -> Sought:
    """A printed number with those beside it in its array, as far as they are printed."""
    numbers: list[Number | None] = [None] * size(one.entry.shape)
    for cell in _cells(one.printed, one.entry.shape):
        numbers[cell.k] = cell.number
    return Sought(numbers, one.entry.shape)


def _by_slip(d: Derivation, one: _Judged, others: Sequence[tuple[str, Sought]]) -> Finding:
    """The finding of a number that nothing else explains, with the slip that it comes from."""
    entry, cell = one.entry, one.cell
    alone: list[Number | None] = [None] * size(entry.shape)
    alone[cell.k] = cell.number
    whole = _sought(one)
    readings = [whole, Sought(alone, entry.shape)][: 1 + bool(entry.shape)]
    rest = [each for each in others if each[0] != entry.name or each[1].numbers != whole.numbers]
    bases, above = list(_bases(d, entry, cell.line)), reused(d, entry, cell.k, cell.line)
    told, is_sure = explanation(d, entry, bases, readings, rest, above)
    words = "; ".join(filter(None, (told, one.finding.explanation)))
    return one.finding._replace(verdict=SLIP if is_sure else UNEXPLAINED, explanation=words)


def _bases(d: Derivation, entry: Entry, line: int | None) -> Iterator[Evaluation]:
    """The numbers on top of which a slip may have happened, each time as an evaluation.

    What the page puts in; the true ones; those printed before. What the page has wrong, and what
    does not lead to the entry, is the page's own each time: nobody copies what was never there.
    """
    own = d.evaluation
    way = ancestors(d.entries, entry.index)
    aside = {
        one.index: wrong
        for one in d.entries
        if one not in way and (wrong := _wrong(d, one)) is not None
    }
    put_in: dict[int, Any] = {}
    if isinstance(entry, Step):
        again, now, used = _with_put_in(d, entry, line)
        before_it = {k: again.exact(one.index) for k, one in now.items() if k != entry.index}
        put_in = {k: value for k, value in before_it.items() if used and _is_whole(value)}
        put_in |= {leaf.index: value for leaf, (_, value) in _operands(d, entry, line).items()}
    before: dict[int, Any] = {
        one.index: printed[-1][1]
        for one in way
        if one is not entry and (printed := _values(d, one))
    }
    seen = list[dict[int, Any]]()
    nothing: dict[int, Any] = {}
    for values in (put_in, nothing, before):
        if values not in seen:
            seen.append(values)
            now = {**own.fixed, **aside, **values}
            yield own if now == own.fixed else own.anew(now)


def _wrong(d: Derivation, entry: Entry) -> Any:
    """What the page prints last for a quantity, if it is whole and not true; else None."""
    printed = d.prints(entry)[-1:]
    value = _value(printed[0], entry.shape) if printed else None
    if value is None:
        return None
    reals, cells = d.evaluation.reals(entry.index), _cells(printed[0], entry.shape)
    is_true = all(_compared(one.number, reals[one.k])[0] != UNEXPLAINED for one in cells)
    return None if is_true else value[1]


def _is_whole(exact: Any) -> bool:
    """Whether a value is known exactly, in all its entries."""
    return exact is not None and not (exact.__class__ is tuple and None in exact)


def _judge_entry(d: Derivation, entry: Entry, carried: bool) -> Iterator[_Judged]:
    """Of one quantity: its results or, for a given, its values, and then wherever it is put in."""
    reals = d.evaluation.reals(entry.index) if _is_printed(d, entry) else ()
    search = _Search(d, entry) if carried and isinstance(entry, Step) else None
    for printed in d.prints(entry):
        role = RESULT if isinstance(entry, Step) else GIVEN
        for cell in _cells(printed, entry.shape):
            verdict = _compared(cell.number, reals[cell.k])
            if search and verdict[0] == UNEXPLAINED:
                verdict = search.carried(cell)
            found = _finding(d, entry, role, cell, reals[cell.k], verdict)
            yield _Judged(found, entry, printed, cell)
    for one in d.puts_in:
        if one.leaf is entry:
            for cell in _cells(one.printed, entry.shape):
                verdict = _compared(cell.number, reals[cell.k])
                if verdict[0] == UNEXPLAINED:
                    verdict = _repeated(d, entry, cell)
                if search and verdict[0] == UNEXPLAINED:
                    verdict = search.carried(cell)
                found = _finding(d, entry, PUT_IN, cell, reals[cell.k], verdict)
                yield _Judged(found._replace(into=one.step.name), entry, one.printed, cell)


def _is_printed(d: Derivation, entry: Entry) -> bool:
    return bool(d.prints(entry)) or any(one.leaf is entry for one in d.puts_in)


def _finding(
    d: Derivation, entry: Entry, role: str, cell: _Cell, real: Real, verdict: tuple[str, str]
) -> Finding:
    return Finding(
        d.document, d.name, entry.name, role, cell.where, cell.text, cell.reading,
        value_text(real), verdict[0], verdict[1] or cell.reason, cell.line,
    )  # fmt: skip


def _repeated(d: Derivation, entry: Entry, cell: _Cell) -> tuple[str, str]:
    """Whether what is put in is a number printed for the quantity before, or that one shortened."""
    for printed in d.prints(entry):
        for before in _cells(printed, entry.shape):
            if before.k == cell.k:
                verdict = relation(cell.number, before.number.value)
                if verdict != UNEXPLAINED:
                    return CARRIED, f"{verdict} from the printed {entry.name} = {before.judged}"
    return UNEXPLAINED, ""


def value_text(real: Real) -> str:
    """A value to 12 significant digits; a rational one with no zeros after its last digit."""
    text = real.digits(12)
    if real.exact is None or "." not in text or "e" in text:
        return text
    return text.rstrip("0").rstrip(".")


class _Cell(NamedTuple):
    """One printed number of a quantity: its flat position, its place, its characters."""

    k: int
    where: tuple[int, ...] | None
    text: str
    reading: str | None
    reason: str
    line: int | None

    @property
    def judged(self) -> str:
        return self.text if self.reading is None else self.reading

    @property
    def number(self) -> Number:
        return read_printed(self.judged)


def _cells(printed: Printed, shape: Sequence[int]) -> Iterator[_Cell]:
    """Each printed number in turn; entries that are not printed are left out."""
    places: list[Any] = list(product(*map(range, shape))) if shape else [None]
    texts, judged = _flat(printed.text), _flat(printed.judged)
    lines = _flat(printed.line) if isinstance(printed.line, list) else [printed.line] * len(texts)
    for k, (text, read) in enumerate(zip(texts, judged, strict=True)):
        if read is not None:
            is_read = printed.reading is not None and (read != text or not shape)
            reading, reason = (read, printed.reason) if is_read else (None, "")
            yield _Cell(k, places[k], text, reading, reason, lines[k])


def _flat(nested: Any) -> list[Any]:
    return [x for item in nested for x in _flat(item)] if isinstance(nested, list) else [nested]


def _compared(number: Number, real: Real) -> tuple[str, str]:
    """The relation to a value; of what only a machine prints, with a word about that."""
    verdict = compare(number, real)
    if verdict == UNEXPLAINED and is_as_computed(real, *number):
        return ROUNDED, "as floating point has it"
    return verdict, ""


class _Case(NamedTuple):
    """One way to carry printed numbers forward: what is replaced, and the float result."""

    replaced: dict[str, tuple[Any, Any]]
    """By name: the characters of the page, and their value."""
    result: Any


def _cases(d: Derivation, step: Step) -> Iterator[_Case]:
    """The values of a step under the combinations of the printed numbers before it.

    The formula is followed back through steps that are not printed to those that are. Each of
    these is either true or one of the numbers printed for it; combinations with the fewest
    numbers replaced come first.
    """
    inner, frontier = _between(d, step)
    options = [[None, *_values(d, entry)] for entry in frontier]
    needed = _needed(inner)
    truth = {e.index: _floats(d, e) for e in d.entries[: step.index] if e.index in needed}
    for combination in _combinations(options):
        values = dict(truth)
        replaced = {}
        for entry, option in zip(frontier, combination, strict=True):
            if option is not None:
                values[entry.index] = option[2]
                replaced[entry.name] = option[:2]
        if not replaced:
            continue
        try:
            for node in inner:
                assert node.formula is not None
                slots = [values[leaf.index] for leaf in node.formula.leaves]
                values[node.index] = node.formula.form.run(_FLOATS, slots)
        except (ArithmeticError, ValueError):
            continue
        yield _Case(replaced, values[step.index])


def _combinations(options: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """One option of each, the first of which is to leave it; those that leave most come first.

    Where there are too many, those that change few or nearly all are taken, whichever these are.
    """
    many, found = len(options), list[tuple[Any, ...]]()
    for count in sorted(range(many + 1), key=lambda count: min(count, many - count)):
        for chosen in combinations(range(many), count):
            ways = [each[1:] if k in chosen else each[:1] for k, each in enumerate(options)]
            found += islice(product(*ways), max(_MOST_COMBINATIONS - len(found), 0))
    return sorted(found, key=lambda c: sum(x is not None for x in c))


def _between(d: Derivation, step: Step) -> tuple[list[Entry], list[Entry]]:
    """The unprinted steps that lead to ``step`` (itself last), and the printed ones before them."""

    @cache
    def is_end(entry: Entry) -> bool:
        exact = d.evaluation.exact(entry.index)
        return entry is not step and any(value != exact for _, value, _ in _values(d, entry))

    way = ancestors(d.entries, step.index, lambda entry: () if is_end(entry) else entry.uses)
    inner = [entry for entry in way if entry.rule is not None and not is_end(entry)]
    return inner, [entry for entry in way if is_end(entry)]


def _needed(inner: list[Entry]) -> set[int]:
    return {
        leaf.index for node in inner if node.formula is not None for leaf in node.formula.leaves
    }


def _values(d: Derivation, entry: Entry) -> list[tuple[Any, Any, Any]]:
    """The numbers printed for an entry: characters, exact value, floats; whole arrays only."""
    found = [_value(printed, entry.shape) for printed in d.prints(entry)]
    return [value for value in found if value is not None]


def _value(printed: Printed, shape: Sequence[int]) -> tuple[Any, Any, Any] | None:
    """One of them; None where it is no number or entries of an array are left out."""
    try:
        numbers = tuple(read_printed(text).value for text in _flat(printed.judged))
    except (GivenError, AttributeError):
        return None
    floats = tuple(map(float, numbers))
    return (printed.judged, numbers, floats) if shape else (printed.judged, numbers[0], floats[0])


def _floats(d: Derivation, entry: Entry) -> Any:
    values = tuple(float(real) for real in d.evaluation.reals(entry.index))
    return values if entry.shape else values[0]


class _Search:
    """How the numbers printed for a step follow from earlier printed ones."""

    def __init__(self, d: Derivation, step: Step) -> None:
        self.d, self.step = d, step

    @cached_property
    def cases(self) -> list[_Case]:
        return list(_cases(self.d, self.step))

    def carried(self, cell: _Cell) -> tuple[str, str]:
        """First from those that the page puts in for it; else the simplest way that fits best."""
        put_in = _worked_out(self.d, self.step, cell.line)
        if put_in is not None:
            verdict = compare(cell.number, put_in[0][cell.k])
            if verdict != UNEXPLAINED:
                return CARRIED, f"{verdict} from what is put in: {_listed(put_in[1])}"
        ways = list(self._ways(cell.k, cell.number))
        for best in _BEST:
            for verdict, used in ways:
                if verdict == best:
                    return CARRIED, f"{verdict} from the printed {_listed(used)}"
        return UNEXPLAINED, ""

    def _ways(self, k: int, number: Number) -> Iterator[tuple[str, dict[str, Any]]]:
        """The combinations of earlier results that give a number: how, and which they are."""
        d, step = self.d, self.step
        for case in self.cases:
            result = case.result[k] if step.shape else case.result
            if abs(result - float(number.value)) > 1.1 * 10.0 ** -min(number.places, 300):
                continue
            fixed = dict(d._values)
            fixed.update({d[name].index: value for name, (_, value) in case.replaced.items()})
            try:
                verdict = compare(number, Evaluation(d.entries, fixed).reals(step.index)[k])
            except UndefinedValue:
                continue
            if verdict != UNEXPLAINED:
                yield verdict, {name: text for name, (text, _) in case.replaced.items()}
            if verdict == EXACT:
                return


def _worked_out(
    d: Derivation, step: Step, line: int | None
) -> tuple[tuple[Real, ...], dict[str, Any]] | None:
    """The value of a step with the numbers that the page puts in, and those that are not true.

    What is put into a step that the page leaves out, on the way to this one, counts as well.
    None where nothing is put in, or nothing that can be calculated with.
    """
    evaluation, now, used = _with_put_in(d, step, line)
    if not used:
        return None
    try:
        return evaluation.reals(now[step.index].index), used
    except UndefinedValue:
        return None


def _with_put_in(
    d: Derivation, step: Entry, line: int | None
) -> tuple[Evaluation, dict[int, Entry], dict[str, Any]]:
    """The steps once more that lead to a step, with what the page puts in.

    By the position of each the entry that it is now; and the numbers put in that are not true.
    """
    entries, fixed = list(d.entries), dict(d._values)
    used: dict[str, Any] = {}
    now: dict[int, Entry] = {}
    for entry, put_in in _with_operands(d, step, line):
        leaves: list[Leaf] = []
        for leaf in entry.uses:
            if leaf in put_in:
                text, value = put_in[leaf]
                own = Given("?", len(entries), slot(leaf.form.shape), None, (), "", "")
                entries.append(own)
                fixed[own.index] = value
                if value != d.evaluation.exact(leaf.index):
                    used[leaf.name] = text
                leaves.append(own)
            else:
                leaves.append(now.get(leaf.index, leaf))
        again = Step("?", len(entries), entry.form, entry.rule, tuple(leaves), "", "")
        entries.append(again)
        now[entry.index] = again
    return Evaluation(entries, fixed), now, used


Operands = dict[Leaf, tuple[Any, Any]]
"""What is put in for the quantities of a formula: characters and value."""


def _with_operands(d: Derivation, step: Entry, line: int | None) -> list[tuple[Entry, Operands]]:
    """The steps that lead to a step, itself last, up to what is put in, each with its operands."""
    put_in: dict[Leaf, Operands] = {}

    def before(entry: Entry) -> list[Leaf]:
        put_in[entry] = _operands(d, entry, line)
        return [leaf for leaf in entry.uses if leaf not in put_in[entry]]

    way = ancestors(d.entries, step.index, before)
    return [(entry, put_in[entry]) for entry in way if entry.rule is not None]


def _operands(d: Derivation, step: Entry, line: int | None) -> dict[Leaf, tuple[Any, Any]]:
    """What is put in for each quantity of a step's formula: the last before a line, or the next."""
    chosen: dict[Leaf, PutIn] = {}
    for one in d.puts_in:
        if one.step is step:
            before = line is None or (_first_line(one.printed) or 0) <= line
            if before or one.leaf not in chosen:
                chosen[one.leaf] = one
    values = {leaf: _value(one.printed, leaf.form.shape) for leaf, one in chosen.items()}
    return {leaf: value[:2] for leaf, value in values.items() if value is not None}


def _first_line(printed: Printed) -> int | None:
    return next((k for k in _flat(printed.line) if k is not None), None)


def _listed(used: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {_short(text)}" for name, text in used.items())


def _short(text: Any) -> str:
    return text if isinstance(text, str) else "[" + ", ".join(map(_short, text)) + "]"
