"""The slides of one derivation, each a ``<section>`` of HTML.

The slides of a section stand below its title slide, as reveal.js nests them. A slide of a step has
its parts as rows, each of which is a fragment: a click brings the next. `page/fit.js` may move rows
that have no room to a slide of their own, and so each row stands for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from dlhand.numbers.digits import USUAL, Digits
from dlhand.render.html import MathLine, math_line
from dlhand.render.mathml import MATHML
from dlhand.render.parts import Line, Part, line, page_parts, prose, say
from dlhand.render.writers import TEXT

if TYPE_CHECKING:
    from dlhand.derivation.entries import Entry
    from dlhand.derivation.model import Derivation

__all__ = ["Look", "slide", "stack", "stacks"]


class Look(NamedTuple):
    """How a derivation is shown."""

    digits: Digits = USUAL
    predict: bool = False
    """Whether there is a pause for a guess before each result."""
    picture: str = ""
    """The id of the picture on the page; "" for none."""


def stacks(d: Derivation, steps: Sequence[Entry], look: Look) -> Iterator[str]:
    """The columns of slides: the title, one for each section, and the whole derivation.

    Of the steps only those of ``steps`` are shown.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b, say="add them")
    >>> [column.count("<section") for column in stacks(d, d.steps, Look())]
    [2, 2, 3, 2]
    """
    yield stack([slide("title", f"<h2>{_title(d)}</h2>{_words(prose(d, d.about, MATHML))}")])
    columns: list[list[str]] = []
    number = 0
    for title, parts in _sections(d, steps):
        heading = prose(d, title, MATHML)
        has_steps = any(part.kind == "steps" for part in parts)
        # A list says its own title.
        columns.append([slide("title", f"<h3>{heading}</h3>")] if has_steps else [])
        for part in parts:
            if part.kind != "steps":
                above = f"{heading}: given" if has_steps else heading
                columns[-1].append(_list(d, part.entries, above, "givens", look))
                continue
            for step in part.entries:
                number += 1
                tells = part.tells if step is part.entries[-1] else ""
                where = f"{heading} · {number} of {len(steps)}"
                columns[-1].append(_step(d, step, where, tells, look))
    yield from map(stack, columns)
    if steps:
        yield stack([_list(d, steps, "The whole derivation", "whole", look)])


def _sections(d: Derivation, steps: Sequence[Entry]) -> Iterator[tuple[str, list[Part]]]:
    """The sections by their titles, with the givens and those steps that are shown."""
    chosen = {step.index for step in steps}
    parts: list[Part] = []
    title = ""
    for part in page_parts(d):
        if part.title and parts:
            yield title, parts
            parts = []
        title = part.title or title
        entries = [e for e in part.entries if part.kind != "steps" or e.index in chosen]
        if entries:
            parts.append(part._replace(entries=entries))
    if parts:
        yield title, parts


def stack(slides: Sequence[str]) -> str:
    """A column of slides."""
    return "\n".join(["<section>", *slides, "</section>"])


def slide(kind: str, body: str, attributes: str = "", notes: str = "") -> str:
    """A slide with what only the speaker sees."""
    aside = f'<aside class="notes">{notes}</aside>' if notes else ""
    return f'<section class="{kind} dlhand"{attributes}>{body}{aside}</section>'


def _title(d: Derivation) -> str:
    return prose(d, d.title, MATHML) or escape(d.name) or "A derivation"


def _words(html: str) -> str:
    return f'<p class="words">{html}</p>' if html else ""


def _list(d: Derivation, entries: Sequence[Entry], heading: str, kind: str, look: Look) -> str:
    """A slide that lists lines with all their parts."""
    items = [_item(d, entry, kind, look) for entry in entries]
    body = f'<h4>{heading}</h4><ul class="rows">{"".join(items)}</ul>'
    return slide(kind, body)


def _item(d: Derivation, entry: Entry, kind: str, look: Look) -> str:
    pieces = math_line(d, entry, digits=look.digits)
    words = say(d, entry, MATHML) if kind == "givens" else ""
    spoken = line(d, entry, "text", look.digits)
    remark = f'<span class="remark">{words}</span>' if words else ""
    label = escape(_aloud(spoken.symbol, spoken.formula, spoken.numbers, _end(spoken)))
    mathematics = "".join(f'<span class="piece">{piece}</span>' for piece in pieces[:4] if piece)
    return (
        f'<li><span class="line" role="math" aria-label="{label}">{mathematics}</span>{remark}</li>'
    )


def _step(d: Derivation, step: Entry, where: str, tells: str, look: Look) -> str:
    """The slide of a step: words, formula, numbers put in, a pause for the guess, result.

    What its section tells us stands in the notes.
    """
    pieces = math_line(d, step, digits=look.digits)
    spoken = line(d, step, "text", look.digits)
    words = say(d, step, MATHML)
    rows = [*_rows(pieces, spoken, look.predict)]
    # What comes with the slide itself is the first part that there is.
    shown = [words, *rows] if words else rows
    body = (
        f'<p class="where">{where}</p>{_words(words)}<div class="body"><div class="rows">'
        + "".join(row.replace(" fragment", "", 1) if row is shown[0] else row for row in rows)
        + "</div>"
        + ('<div class="picture" aria-hidden="true"></div>' if look.picture else "")
        + "</div>"
    )
    attributes = f' data-step="{escape(step.name)}"'
    if look.picture:
        attributes += f' data-picture="{look.picture}"'
    aloud = _aloud(spoken.symbol, spoken.formula, spoken.numbers, _end(spoken))
    said = [escape(words) for words in (spoken.say, aloud, prose(d, tells)) if words]
    return slide("step", body, attributes, "".join(f"<p>{words}</p>" for words in said))


def _rows(pieces: MathLine, spoken: Line, predict: bool) -> Iterator[str]:
    """The rows of a step, each beginning with its sign; the first one has the symbol, too."""
    told = [(pieces.formula, f"= {spoken.formula}"), (pieces.numbers, f"= {spoken.numbers}")]
    known = [(mathematics, aloud) for mathematics, aloud in told if mathematics]
    symbol = (pieces.symbol, spoken.symbol)
    if known:
        first, *others = known
        yield _row("formula", [symbol, first])
        for other in others:
            yield _row("numbers", [("", ""), other])
    else:
        yield _row("formula", [symbol])
    if predict:
        yield '<p class="guess fragment fade-in-then-out">What is your guess?</p>'
    yield _row("result", [("", ""), (pieces.result, _end(spoken))], pieces.note)


def _row(kind: str, parts: Sequence[tuple[str, str]], note: str = "") -> str:
    mathematics = "".join(f'<span class="piece">{piece}</span>' for piece, _ in parts)
    label = escape(" ".join(filter(None, (aloud for _, aloud in parts))))
    remark = f'<span class="remark">{note}</span>' if note else ""
    return (
        f'<div class="row {kind} fragment"><span class="line" role="math" aria-label="{label}">'
        f"{mathematics}</span>{remark}</div>"
    )


def _end(spoken: Line) -> str:
    return f"{'=' if spoken.exact else '≈'} {spoken.result}"


def _aloud(symbol: str, formula: str, numbers: str, end: str) -> str:
    return " ".join([TEXT.equal.join(filter(None, (symbol, formula, numbers))), end])
