"""A derivation as an HTML fragment with MathML: it reads with no script, light and dark.

Every step carries its line of plain text for screen readers. Matrix brackets, and round ones
around something tall, are drawn by the style sheet, since few machines have a font whose brackets
stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from dlhand.numbers.digits import USUAL, Digits
from dlhand.render import text
from dlhand.render.mathml import MATHML
from dlhand.render.names import mathml as symbol
from dlhand.render.parts import Verdicts, line, page_parts, printed, prose, say, spell

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation, Entry

STYLE = """\
.dlhand{color:var(--jp-content-font-color1,currentColor);\
font-family:var(--jp-content-font-family,system-ui,sans-serif);line-height:1.5;max-width:64rem}
.dlhand h3,.dlhand h4{margin:1em 0 .4em;line-height:1.2}
.dlhand p{margin:0}
.dlhand ul,.dlhand ol{margin:0;padding:0}
.dlhand .dl-list,.dlhand .dl-givens{list-style:none}
.dlhand .dl-list{display:flex;flex-wrap:wrap;gap:.3em 1.4em;align-items:baseline}
.dlhand .dl-list li{display:flex;flex-wrap:wrap;align-items:baseline;gap:.4em;margin:0}
.dlhand .dl-steps{padding-inline-start:2.4em}
.dlhand :is(.dl-steps,.dl-givens)>li{margin:.7em 0}
.dlhand .dl-line{display:flex;flex-wrap:wrap;align-items:baseline;row-gap:.3em}
.dlhand .dl-note,.dlhand .dl-printed{font-size:.9em;\
color:var(--jp-content-font-color2,currentColor)}
.dlhand .dl-note{margin-inline-start:.7em}
.dlhand .dl-tells{padding-inline-start:.6em;border-inline-start:.2em solid}
.dlhand math{direction:ltr;font-size:1.15em;font-family:"dlhand Math",math;math-style:normal}
.dlhand math[displaystyle="false"]{math-style:compact}
.dlhand :is(mi,mn,mtext,.dl-round>mo){\
font-family:"dlhand Math","Latin Modern Roman","STIX Two Text",Cambria,"Times New Roman",\
"Liberation Serif",serif}
.dlhand mi{font-style:italic;text-transform:none}
.dlhand .dl-word{font-style:normal}
.dlhand .dl-matrix,.dlhand :is(.dl-square,.dl-floor):has(mtable,mfrac){\
margin:.1em .15em;padding:.1em;border-inline:.08em solid;background:\
linear-gradient(currentColor,currentColor) 0 0/.3em .08em no-repeat,\
linear-gradient(currentColor,currentColor) 100% 0/.3em .08em no-repeat,\
linear-gradient(currentColor,currentColor) 0 100%/.3em .08em no-repeat,\
linear-gradient(currentColor,currentColor) 100% 100%/.3em .08em no-repeat}
.dlhand .dl-floor:has(mtable,mfrac){background-size:0 0,0 0,.3em .08em,.3em .08em}
.dlhand .dl-matrix mtd{padding:.1em .4em;text-align:right;text-align:-webkit-right}
.dlhand mfrac>*{padding-block:.1em}
.dlhand .dl-round:has(mtable,mfrac){margin:0 .1em;padding:.1em .3em;\
border-inline:.09em solid;border-radius:.5em/50%}
.dlhand :is(.dl-round,.dl-square,.dl-floor):has(mtable,mfrac)>\
mo:is(:first-child,:last-child){display:none}
"""
"""The style of everything in an element of the class ``dlhand``, in light and dark."""


class MathLine(NamedTuple):
    """The parts of a line, each a whole ``<math>`` element with the sign before it, or ""."""

    symbol: str
    formula: str
    numbers: str
    result: str
    note: str
    """A remark on the result, as HTML text."""


def math_line(d: Derivation, entry: Entry, *, digits: Digits = USUAL) -> MathLine:
    """One given or step as pieces of MathML, for a page that shows them one by one.

    >>> from dlhand.derivation.model import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b=-2)
    >>> math_line(d, a).result
    '<math><mo form="infix">=</mo><mn>0.5</mn></math>'
    """
    formula, numbers, result, exact, note = spell(d.evaluation, entry, MATHML, digits)
    return MathLine(
        f"<math>{symbol(entry.name)}</math>",
        piece("=", formula),
        piece("=", numbers),
        piece("=" if exact else "≈", result),
        escape(MATHML.note(note)) if note else "",
    )


def piece(sign: str, inner: str) -> str:
    """Mathematics with the sign before it as a whole ``<math>`` element; "" for none."""
    if not inner:
        return ""
    return f'<math><mo form="infix">{sign}</mo>{inner}</math>'


def page(
    d: Derivation,
    *,
    digits: Digits = USUAL,
    verdicts: Verdicts | None = None,
) -> str:
    """The whole derivation as a ``<div>`` with its own small style sheet.

    ``verdicts`` has, by name, what is to be said of each number that the document prints.
    """
    return "\n".join(_elements(d, digits, verdicts))


def part(d: Derivation, entries: Sequence[Entry], digits: Digits = USUAL) -> str:
    """Some of its lines, in the order given, as a ``<div>`` with its own small style sheet."""
    items = [f"<li>{_item(d, entry, digits, None)}</li>" for entry in entries]
    return _framed(['<ul class="dl-givens">', *items, "</ul>"])


def formulas(d: Derivation, entries: Sequence[Entry]) -> str:
    """The formulas of some steps alone, likewise; what has none over names is a constant."""
    items = []
    for entry in entries:
        pieces, aloud = math_line(d, entry), line(d, entry, "text")
        label = escape(f"{aloud.symbol} = {aloud.formula or aloud.result}")
        mathematics = pieces.symbol + (pieces.formula or pieces.result)
        items.append(
            f'<li><div class="dl-line" role="math" aria-label="{label}">{mathematics}</div></li>'
        )
    return _framed(['<ul class="dl-givens">', *items, "</ul>"])


def _framed(lines: Sequence[str]) -> str:
    return "\n".join([f'<div class="dlhand"><style>{STYLE}</style>', *lines, "</div>"])


def _elements(d: Derivation, digits: Digits, verdicts: Verdicts | None) -> Iterator[str]:
    yield f'<div class="dlhand" role="region" aria-label="{escape(prose(d, d.title))}">'
    yield f"<style>{STYLE}</style>"
    if d.title:
        yield f"<h3>{prose(d, d.title, MATHML)}</h3>"
    if d.about:
        yield f"<p>{prose(d, d.about, MATHML)}</p>"
    number = 1
    for part in page_parts(d):
        if part.title:
            yield f"<h4>{prose(d, part.title, MATHML)}</h4>"
        items = [f"<li>{_item(d, e, digits, verdicts)}</li>" for e in part.entries]
        opening, closing = f'<ul class="dl-{part.kind}">', "</ul>"
        if part.kind == "steps":
            opening, closing = f'<ol class="dl-steps" start="{number}">', "</ol>"
            number += len(items)
        yield "\n".join([opening, *items, closing])
        if part.tells:
            yield f'<p class="dl-tells">{prose(d, part.tells, MATHML)}</p>'
    yield "</div>"


def _item(d: Derivation, entry: Entry, digits: Digits, verdicts: Verdicts | None) -> str:
    words = say(d, entry, MATHML)
    aloud = text.line(d, entry, digits=digits)
    pieces = math_line(d, entry, digits=digits)
    note = f'<span class="dl-note">{pieces.note}</span>' if pieces.note else ""
    said = printed(d, entry, text.result(d, entry, digits=digits), verdicts)
    return (
        (f"<p>{words}</p>" if words else "")
        + f'<div class="dl-line" role="math" aria-label="{escape(aloud)}">'
        + "".join(pieces[:-1])
        + f"{note}</div>"
        + (f'<p class="dl-printed">{escape(said)}</p>' if said else "")
    )
