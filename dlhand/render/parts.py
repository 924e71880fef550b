"""A derivation as lines: symbol = formula = numbers put in = result, in words and in mathematics.

`lines` gives the parts of every line in one format; all pages are written from them. `spell` gives
the mathematics of one line as a bare tuple, which costs a few microseconds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from dlhand.derivation.entries import Gradient
from dlhand.derivation.evaluate import ByHand, Evaluation
from dlhand.derivation.ledger import one_line
from dlhand.numbers.digits import USUAL, Digits, Shown
from dlhand.numbers.exact import Fractions, Shape
from dlhand.operations.quantity import SLOT, Form
from dlhand.operations.table import Operation
from dlhand.render import names
from dlhand.render.boxes import template
from dlhand.render.mathml import MATHML, MathML
from dlhand.render.writers import LATEX, MORE_DIGITS, REPLACED, TEXT, LaTeX, Text

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry

Format = LaTeX | Text | MathML
FORMATS: dict[str, Format] = {"latex": LATEX, "text": TEXT, "mathml": MATHML}
_FRACTIONS = Fractions()


class Line(NamedTuple):
    """One given or step, each part spelled in one format; parts that say nothing new are ""."""

    name: str
    position: int
    section: str
    kind: str
    """"given", "step", "gradient" or "local"."""
    say: str
    """In words, as plain text in every format."""
    shape: Shape
    symbol: str
    formula: str
    numbers: str
    result: str
    exact: bool
    """Whether the result is the exact value; else it is rounded."""
    note: str
    """A remark on the result, already in the format: that it comes from more digits, say."""
    uses: tuple[str, ...]
    """The names in the formula, in the order in which they first occur."""


MOST_WAYS = 4
"""Of so many ways through the graph all are named in words."""


def lines(d: Derivation, target: str, digits: Digits = USUAL) -> list[Line]:
    """The lines of a derivation in a format: "latex", "text" or "mathml".

    Numbers have ``digits`` significant digits (5 if nothing is said), or ``places`` decimals.
    """
    return [line(d, entry, target, digits) for entry in d.entries]


def line(
    d: Derivation,
    entry: Entry,
    target: str,
    digits: Digits = USUAL,
) -> Line:
    """One line in a format; see `lines`."""
    writer = FORMATS[target]
    formula, numbers, result, exact, note = spell(d.evaluation, entry, writer, digits)
    return Line(
        entry.name,
        entry.index,
        entry.section,
        entry.kind,  # type: ignore[attr-defined]
        say(d, entry),
        entry.shape,
        writer.symbol(entry.name),
        formula,
        numbers,
        result,
        exact,
        writer.note(note) if note else "",
        tuple(dict.fromkeys(leaf.name for leaf in entry.uses)),
    )


Spelled = tuple[str, str, str, bool, str]
"""Formula, numbers put in, result, whether that is exact, and `MORE_DIGITS`, `REPLACED` or ""."""


def spell(evaluation: Evaluation, entry: Entry, writer: Format, digits: Digits = USUAL) -> Spelled:
    """The mathematics of a line in one format.

    A part that would repeat another is left out: the numbers of a formula that is only another
    name, the formula of a constant.
    """
    position, form, number = entry.index, entry.rule, writer.number
    page = evaluation.page(digits)
    shown = page[position]
    if shown.__class__ is Shown:
        exact = shown.exact
        final = result = number(shown.text, 0)
        has_fraction = exact and "/" in shown.text
    else:
        exact = all([s.exact for s in shown])
        final = result = writer.array([number(s.text, 0) for s in shown], entry.shape)
        has_fraction = exact and any(["/" in s.text for s in shown])
    if has_fraction:
        final += _decimals(evaluation, entry, writer, digits)
    if form is None:
        return "", "", final, exact, ""
    if position in evaluation.fixed:  # a number stands in for the formula's
        return "", "", final, exact, REPLACED
    cache = entry.cache
    kept = cache.get(writer.target) if cache is not None else None
    by_name, fill, slots = kept or _template(entry, form, writer)
    numbers_in, known, all_exact = [], page.known, True
    for leaf, place, shape, picked in slots:
        put_in = known.get(leaf) or page[leaf]
        if picked is not None:
            entries = [put_in[k] for k in picked.positions]
            put_in = entries if shape else entries[0]
        if put_in.__class__ is Shown:
            all_exact = all_exact and put_in.exact
            numbers_in.append(number(put_in.text, place))
        else:
            all_exact = all_exact and all([s.exact for s in put_in])
            numbers_in.append(writer.array([number(s.text, 0) for s in put_in], shape))
    by_number = fill(numbers_in)
    if by_number in (result, by_name):  # an alias, a constant
        return "" if by_name == result else by_name, "", final, exact, ""
    if evaluation.__class__ is ByHand and not _is_followed_exactly(evaluation, entry):
        exact = False
    note = "" if all_exact or page.agrees(entry) else MORE_DIGITS
    return by_name, by_number, final, exact, note


def _template(
    entry: Entry, form: Form, writer: Format
) -> tuple[str, Callable[[Sequence[str]], str], list[Any]]:
    """The formula with names put in; what puts in others; what is known of each slot.

    That is its position, its place, its shape and which entries it takes. They stay when the values
    change, and are kept with the entry.
    """
    found = template(form, writer)
    leaves = found.arranged(entry.uses)
    slots = list(zip(leaves, found.slots, strict=True))
    by_name = found.named(entry.uses, writer)
    if entry.cache is None:
        entry.cache = {}
    places = [
        (leaf.index, slot.where, (slot.picked or leaf.form).shape, slot.picked)
        for leaf, slot in slots
    ]
    kept = by_name, found.fill, places
    entry.cache[writer.target] = kept
    return kept


def _decimals(evaluation: Evaluation, entry: Entry, writer: Format, digits: Digits) -> str:
    """What follows a result with fractions in it: ≈ and the same in decimals."""
    reals = evaluation.reals(entry.index)
    spelled = [writer.number(real.decimal(digits), 0) for real in reals]
    return writer.about + (writer.array(spelled, entry.shape) if entry.shape else spelled[0])


def _is_followed_exactly(evaluation: Evaluation, entry: Entry) -> bool:
    """Whether a step that was rounded by hand lost nothing."""
    assert entry.rule is not None
    slots = [evaluation.exact(leaf.index) for leaf in entry.uses]
    return bool(entry.rule.run(_FRACTIONS, slots) == evaluation.exact(entry.index))


# ---- Words


def say(d: Derivation, entry: Entry, writer: Format = TEXT) -> str:
    """What a line says in words: its own sentence, or one that follows from its formula.

    For LaTeX the sentence stands inside mathematics; for MathML it is HTML, with names as small
    pieces of mathematics; for text it is plain.
    """
    told = explained(d, entry)
    if entry.say:
        return prose(d, f"{entry.say} ({told})" if told else entry.say, writer)
    pieces = _WORDS.get(entry.kind, _nothing)(entry)  # type: ignore[attr-defined]
    if told:
        pieces = [*pieces, f" ({told})"] if pieces else [told]
    return _sentence(writer, pieces)


Means = Callable[[Form], str]


def explained(d: Derivation, entry: Entry) -> str:
    """What the notation of a formula means, so far as it is new here: "" where nothing is.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A part")
    >>> x = d.given("x", [1, 2, 3])
    >>> explained(d, d.step("y", x[1:]))
    '2..3 means 2 to 3, counted from 1'
    """
    found = _meanings(entry.rule) if entry.rule is not None else {}
    if not found:
        return ""
    before = {
        means for one in d.entries[: entry.index] if one.rule is not None
        for means in _meanings(one.rule)
    }  # fmt: skip
    return "; ".join(told for means, told in found.items() if means not in before)


def _meanings(form: Form) -> Mapping[Means, str]:
    """What the notations in a formula mean, by the rule that says it; worked out once."""
    found: dict[Means, str] | None = form.cache.get("means")
    if found is None:
        found = {}
        for arg in form.args:
            found = {**_meanings(arg), **found}
        if isinstance(form.op, Operation) and (told := form.op.means(form)):
            found[form.op.means] = told
        form.cache["means"] = found
    return found


def prose(d: Derivation, words: str, writer: Format = TEXT, command: str = "text") -> str:
    r"""A sentence or title, in which names such as w1 or z_o1 become symbols.

    ``command`` is what sets words inside mathematics: ``\text``, ``\textbf``.
    """
    pieces: list[str | Name] = []
    end = 0
    words = " ".join(one_line(words).split())
    for match in _SYMBOL.finditer(words):
        name = next((name for name in (match[0], match[0].rstrip("'"), match[1]) if name in d), "")
        if name:
            pieces += [words[end : match.start()], Name(name)]
            end = match.start() + len(name)
    pieces.append(words[end:])
    return _sentence(writer, pieces, command)


class Name(str):
    """A name among words."""

    __slots__ = ()


# Only what cannot be a word of the sentence: it has a digit or an underscore, or is a Greek name.
_SYMBOL = re.compile(
    rf"(?<![\w/])([^\W\d_]+[\d_]\w*|{'|'.join(names.GREEK)})(?:[,+-]\w+)*(?![\w/])'*(?!\w)"
)


def _sentence(writer: Format, pieces: Sequence[str | Name], command: str = "text") -> str:
    spelled = [
        writer.mentioned(piece) if isinstance(piece, Name) else writer.plain(piece, command)
        for piece in pieces
        if piece
    ]
    return writer.row(spelled) if spelled else ""


def _nothing(entry: Entry) -> list[str | Name]:
    return []


def _gradient_in_words(entry: Entry) -> list[str | Name]:
    through = [leaf for leaf in entry.uses if isinstance(leaf, Gradient)]
    ways = list(dict.fromkeys(leaf.wrt.name for leaf in through))
    assert isinstance(entry, Gradient)
    words: list[str | Name] = [
        "how ", Name(entry.loss.name), " changes with ", Name(entry.wrt.name)
    ]  # fmt: skip
    if not ways:
        return words
    if entry.rule is not None and entry.rule.op is SLOT:
        return [*words, ": the same as with ", Name(ways[0])]
    words.append(", by way of ")
    named = ways if len(ways) <= MOST_WAYS else ways[: MOST_WAYS - 1]
    for k, way in enumerate(named):
        between = " and " if k == len(ways) - 1 else ", "
        words += [between, Name(way)] if k else [Name(way)]
    return words if named is ways else [*words, f" and {len(ways) - len(named)} more"]


def _local_in_words(entry: Entry) -> list[str | Name]:
    pair = names.gradient_of(entry.name)
    if pair is None:
        return ["a local derivative"]
    return ["the slope of ", Name(pair[0]), " with respect to ", Name(pair[1])]


_WORDS: dict[str, Callable[[Entry], list[str | Name]]] = {
    "gradient": _gradient_in_words,
    "local": _local_in_words,
}


# ---- Pages


class Part(NamedTuple):
    """Entries of a section that are shown in one way."""

    title: str
    """The heading that goes before them; "" where they follow on."""
    kind: str
    """"list" for givens side by side, "givens" for those with words of their own, "steps"."""
    entries: list[Entry]
    tells: str
    """The sentence that the section tells us, where it ends here."""


def page_parts(d: Derivation) -> Iterator[Part]:
    """The parts of a page in order. Without sections, givens and steps get plain headings."""
    for title, entries in d.sections():
        before = ""
        groups = [(kind, list(group)) for kind, group in groupby(entries, _kind)]
        for kind, group in groups:
            heading = title or ("Steps" if kind == "steps" else "Given")
            tells = d.tells.get(title, "") if group is groups[-1][1] else ""
            yield Part("" if heading == before else heading, kind, group, tells)
            before = heading


def _kind(entry: Entry) -> str:
    if entry.formula is not None:
        return "steps"
    return "givens" if entry.say else "list"


Verdicts = Mapping[str, Sequence[str]]
"""By name, what is to be said of each number that the document prints for it."""


def printed(d: Derivation, entry: Entry, shown: str, verdicts: Verdicts | None) -> str:
    """What the document prints for an entry: the characters, and the verdicts where there are any.

    Of a given that is printed just as it is shown there is nothing to say.
    """
    said = list((verdicts or {}).get(entry.name, ()))
    found = []
    for number in d.prints(entry):
        one = _characters(number.text)
        if number.reading is not None:
            why = f" ({number.reason})" if number.reason else ""
            one += f", read as {_characters(number.reading)}{why}"
        found.append(one)
    if not found or (entry.formula is None and all(_same(one, shown) for one in found)):
        return ""
    if len(said) == len(found):
        found = [f"{one} ({verdict})" for one, verdict in zip(found, said, strict=True)]
        said = []
    return one_line("printed: " + "; ".join(counted([*found, *said])))


def counted(texts: Sequence[str]) -> list[str]:
    """Each text once, in the order of first occurrence, with how often it stands there.

    >>> counted(["0.6", "0.60", "0.6"])
    ['0.6 (2 times)', '0.60']
    """
    counts = Counter(texts)
    return [text if n == 1 else f"{text} ({n} times)" for text, n in counts.items()]


def _same(one: str, other: str) -> bool:
    return one.replace("\N{MINUS SIGN}", "-") == other.replace("\N{MINUS SIGN}", "-")


def _characters(text: Any) -> str:
    if isinstance(text, list):
        return f"[{', '.join(map(_characters, text))}]"
    return "…" if text is None else str(text)
