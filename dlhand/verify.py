"""Verdicts: how each number that a document prints relates to the true value.

A verdict is computed, never typed:

- *exact*: the printed number is the value;
- *rounded*: it is the value rounded to the digits printed (a tie may go either way);
- *truncated*: it is the value cut off after the digits printed;
- *carried*: it follows from earlier printed numbers, be they rounded or wrong;
- *unexplained*: none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from typing import Any, NamedTuple

from dlhand.derivation.entries import Entry, Printed, Step
from dlhand.derivation.evaluate import Evaluation
from dlhand.derivation.model import Derivation
from dlhand.errors import GivenError, UndefinedValue
from dlhand.numbers.digits import Decimal10, chop, round_half_up
from dlhand.numbers.floats import Floats
from dlhand.numbers.real import Real

EXACT, ROUNDED, TRUNCATED = "exact", "rounded", "truncated"
CARRIED, SLIP, UNEXPLAINED = "carried", "slip", "unexplained"
VERDICTS = (EXACT, ROUNDED, TRUNCATED, CARRIED, SLIP, UNEXPLAINED)

_NUMBER = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?\Z")
LONGEST, MOST_SHIFT = 400, 4
"""Characters of a printed number and of its exponent; no page has a longer one."""
_MOST_COMBINATIONS = 20_000
_FLOATS = Floats()


class Finding(NamedTuple):
    """The verdict on one printed number."""

    document: str
    example: str
    step: str
    role: str
    """"given" for an input, whose number is the document's own, "step" for what is computed."""
    entry: tuple[int, ...] | None
    """Where in a vector or matrix; None for a single number."""
    printed: str
    reading: str | None
    value: str
    """The true value to 12 significant digits."""
    verdict: str
    explanation: str


class Number(NamedTuple):
    """A printed number: its value and how many decimal places it shows."""

    value: Fraction
    places: int


def read_printed(text: str) -> Number:
    """Read the characters of a page as a number.

    Raises `GivenError` for characters that are no number: these need a `Printed.reading`.

    >>> read_printed("-0.250")
    Number(value=Fraction(-1, 4), places=3)
    """
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    plain = re.sub(r"(?<=^[+-]) +| *(/) *", r"\1", plain)  # a sign or a stroke may stand apart
    top, slash, bottom = plain.partition("/")
    if slash and top.lstrip("-").isdigit() and bottom.isdigit() and int(bottom):
        return Number(Fraction(int(top), int(bottom)), 400)  # a fraction is meant exactly
    match = _NUMBER.match(plain) if len(plain) <= LONGEST else None
    if match is None or not (match[2] or match[3]) or len(match[4] or "") > MOST_SHIFT:
        raise GivenError(f"{text!r:.60} is printed; wanted a number, or a reading that is one")
    sign, whole, decimals, exponent = match.groups(default="")
    shift = int(exponent or 0)
    magnitude = Fraction(int((whole + decimals) or "0")) * Fraction(10) ** (shift - len(decimals))
    return Number(-magnitude if sign == "-" else magnitude, len(decimals) - shift)


def findings(d: Derivation, carried: bool = True) -> list[Finding]:
    """The verdict on every number that the document prints for a derivation, in order.

    Without ``carried`` it is not looked for how a number follows from earlier ones, which may
    take seconds; then such a number is unexplained, too.
    """
    return [finding for entry in d.entries for finding in _judge_entry(d, entry, carried)]


def _judge_entry(d: Derivation, entry: Entry, carried: bool) -> Iterator[Finding]:
    if not d.prints(entry):
        return
    reals = d.evaluation.reals(entry.index)
    search: list[_Case] | None = None
    for printed in d.prints(entry):
        for k, where, text, judged in _cells(printed, entry.shape):
            number = read_printed(judged)
            verdict, explanation = compare(number, reals[k]), ""
            if carried and verdict == UNEXPLAINED and isinstance(entry, Step):
                search = list(_cases(d, entry)) if search is None else search
                explanation = _carried(d, entry, k, number, search) or ""
                verdict = CARRIED if explanation else UNEXPLAINED
            yield Finding(
                d.document, d.name, entry.name,
                "step" if isinstance(entry, Step) else "given", where, text,
                None if printed.reading is None else judged,
                value_text(reals[k]),
                verdict, explanation or (printed.reason if printed.reading is not None else ""),
            )  # fmt: skip


def value_text(real: Real) -> str:
    """A value to 12 significant digits; a rational one with no zeros after its last digit."""
    text = real.digits(12)
    if real.exact is None or "." not in text or "e" in text:
        return text
    return text.rstrip("0").rstrip(".")


def _cells(
    printed: Printed, shape: Sequence[int]
) -> Iterator[tuple[int, tuple[int, ...] | None, str, str]]:
    """Each printed number: its flat position, its place, its characters and what is judged.

    Entries that are not printed are left out.
    """
    places: list[Any] = list(product(*map(range, shape))) if shape else [None]
    texts, judged = _flat(printed.text), _flat(printed.judged)
    for k, (where, text, read) in enumerate(zip(places, texts, judged, strict=True)):
        if read is not None:
            yield k, where, text, read


def _flat(nested: Any) -> list[Any]:
    return [x for item in nested for x in _flat(item)] if isinstance(nested, list) else [nested]


def compare(number: Number, real: Real) -> str:
    """The plain relation of a printed number to a value: exact, rounded, truncated or none."""
    if real.equals(number.value):
        return EXACT
    if real.exact is None:
        near = abs(float(number.value) - float(real)) <= 1.1 * 10.0**-number.places
        if number.places > 300 or not near:
            return UNEXPLAINED
        if (rounded := real.rounded(places=number.places)) and rounded.fraction == number.value:
            return ROUNDED
        low, high = real.enclosure(Fraction(1, 10 ** (number.places + 20)))
    else:
        low = high = real.exact
        if _is_rounded(low, number):
            return ROUNDED
    if chop(low, number.places) == chop(high, number.places) == _decimal(number):
        return TRUNCATED
    return UNEXPLAINED


def _is_rounded(value: Fraction, number: Number) -> bool:
    if number.places > 300:
        return False
    up = round_half_up(value, number.places).fraction
    half = Fraction(1, 2) / Fraction(10) ** number.places
    return number.value == up or abs(value - number.value) == half  # a tie may go either way


def _decimal(number: Number) -> Decimal10:
    return Decimal10(int(number.value * Fraction(10) ** number.places), number.places)


class _Case(NamedTuple):
    """One way to carry printed numbers forward: what is replaced, and the float result."""

    replaced: dict[str, tuple[Any, Any]]
    """By name: the characters of the page, and their value."""
    result: Any


def _cases(d: Derivation, step: Step) -> Iterator[_Case]:
    """The values of a step under the combinations of the printed numbers before it.

    The formula is followed back through steps that are not printed to those that are. Each of
    these is either true or one of the numbers printed for it; combinations with the fewest
    numbers replaced by wrong-looking ones come first, since they come in the order printed.
    """
    inner, frontier = _between(d, step)
    options = [[None, *_values(d, entry)] for entry in frontier]
    needed = _needed(inner)
    truth = {e.index: _floats(d, e) for e in d.entries[: step.index] if e.index in needed}
    combinations = sorted(
        islice(product(*options), _MOST_COMBINATIONS), key=lambda c: sum(x is not None for x in c)
    )
    for combination in combinations:
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


def _between(d: Derivation, step: Step) -> tuple[list[Entry], list[Entry]]:
    """The unprinted steps that lead to ``step`` (itself last), and the printed ones before them."""
    inner: dict[int, Entry] = {}
    frontier: dict[int, Entry] = {}
    pending: list[Entry] = [step]
    while pending:
        entry = pending.pop()
        if entry.index in inner:
            continue
        inner[entry.index] = entry
        assert entry.formula is not None
        for leaf in entry.formula.leaves:
            before = d.entries[leaf.index]
            if any(value != d.evaluation.exact(before.index) for _, value, _ in _values(d, before)):
                frontier[before.index] = before
            elif before.formula is not None:
                pending.append(before)
    return [inner[k] for k in sorted(inner)], [frontier[k] for k in sorted(frontier)]


def _needed(inner: list[Entry]) -> set[int]:
    return {
        leaf.index for node in inner if node.formula is not None for leaf in node.formula.leaves
    }


def _values(d: Derivation, entry: Entry) -> list[tuple[Any, Any, Any]]:
    """The numbers printed for an entry: characters, exact value, floats; whole arrays only."""
    found: list[tuple[Any, Any, Any]] = []
    for printed in d.prints(entry):
        try:
            numbers = [read_printed(text).value for text in _flat(printed.judged)]
        except (GivenError, AttributeError):
            continue  # an array with entries left out cannot be carried
        if entry.shape:
            found.append((printed.judged, tuple(numbers), tuple(map(float, numbers))))
        else:
            found.append((printed.judged, numbers[0], float(numbers[0])))
    return found


def _floats(d: Derivation, entry: Entry) -> Any:
    values = tuple(float(real) for real in d.evaluation.reals(entry.index))
    return values if entry.shape else values[0]


def _carried(d: Derivation, step: Step, k: int, number: Number, cases: list[_Case]) -> str | None:
    """How a printed number follows from earlier printed ones, or None."""
    for case in cases:
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
            used = ", ".join(
                f"{name} = {_short(text)}" for name, (text, _) in case.replaced.items()
            )
            return f"{verdict} from the printed {used}"
    return None


def _short(text: Any) -> str:
    return text if isinstance(text, str) else "[" + ", ".join(map(_short, text)) + "]"
