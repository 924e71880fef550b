"""The step player: a derivation that a learner goes through step by step, answering on the way.

The whole derivation travels to the page once, as the trait `view`; stepping is done there. The
page asks Python for one thing, to judge an answer: it sends ::

    {"type": "check", "id": 7, "name": "z_h1", "text": "0.41"}

and gets back ::

    {
        "type": "judgement",
        "id": 7,
        "verdict": "right",
        "message": "right, and exact",
        "accepted": "0.41",
    }

where ``accepted`` is empty as long as it would give a hidden result away.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from dlhand import journal
from dlhand.check import Judgement, check
from dlhand.derivation.entries import Entry, Given
from dlhand.errors import UnknownName
from dlhand.render.html import STYLE, MathLine, math_line
from dlhand.render.mathml import MATHML
from dlhand.render.parts import Line, counted, line, prose, say
from dlhand.render.writers import TEXT
from dlhand.verify import findings

if TYPE_CHECKING:
    from dlhand.worked import Derivation

__all__ = ["Player"]

LONGEST = 5000
"""Characters of an answer that are read."""


class Player(anywidget.AnyWidget):
    """The step player of a derivation.

    Numbers have ``digits`` significant digits, or ``places`` after the point. With ``predict``
    the numbers of a step are hidden until they are found, or asked for.

    Attributes:
        view: all that is shown, as JSON; a new one arrives as one change
        position: the current step, from 0
        revealed: the furthest step that is shown
        opened: names of the steps whose hidden numbers have been found or asked for
        predict: whether numbers are hidden until then

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b, say="add them")
    >>> Player(d)
    Player('A sum', 1 step)
    """

    _esm = files("dlhand.widgets").joinpath("player.js").read_text(encoding="utf-8")
    _css = STYLE + files("dlhand.widgets").joinpath("player.css").read_text(encoding="utf-8")

    view = traitlets.Dict().tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    revealed = traitlets.Int(0).tag(sync=True)
    opened = traitlets.List(traitlets.Unicode()).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        derivation: Derivation,
        digits: int | None = None,
        places: int | None = None,
        predict: bool = False,
    ) -> None:
        self._derivation = derivation
        self._digits = digits
        self._places = places
        self._declared = derivation.evaluation.fixed
        self._printed = _printed(derivation)
        super().__init__(view=self._view(derivation), predict=predict)
        self.on_msg(self._on_message)

    @property
    def derivation(self) -> Derivation:
        """What is played. Another one can be set, such as the same with other givens."""
        return self._derivation

    @derivation.setter
    def derivation(self, other: Derivation) -> None:
        self.show(other)

    def show(self, derivation: Derivation) -> None:
        """Play another derivation from the step where this one is.

        Raises `UndefinedValue` where one of its steps has no value; what was shown then stays.
        """
        view = self._view(derivation)
        self._derivation = derivation
        self.view = view

    def _view(self, derivation: Derivation) -> dict[str, Any]:
        # What a document prints belongs to its own givens: with others there is no verdict on it.
        is_declared = derivation.evaluation.fixed == self._declared
        printed = self._printed if is_declared else {}
        return _view(derivation, printed, self._digits, self._places)

    def judge(self, name: str, text: str) -> Judgement:
        """Judge an answer to a step, at the digits of this player.

        As long as the numbers of the step are hidden, nothing that is said gives them away.
        Raises `UnknownName` for a name that is no step.
        """
        entry = self._derivation[name]
        if len(text) > LONGEST:
            message = f"an answer has at most {LONGEST} characters; this one was cut off there"
            return Judgement("unreadable", message, "", "")
        is_open = not self.predict or name in self.opened
        found = check(
            self._derivation,
            entry,
            text,
            digits=self._digits,
            places=self._places,
            reveal=is_open,
        )
        is_found = found.verdict in ("right", "rounded early")
        return found if is_open or is_found else found._replace(accepted="")

    def _on_message(self, _: Any, content: Any, buffers: Any) -> None:
        """Answer the page. Its messages come from outside: what is malformed is passed by."""
        if not isinstance(content, dict) or content.get("type") != "check":
            return
        name, text = content.get("name"), content.get("text")
        if not isinstance(name, str) or not isinstance(text, str):
            return
        try:
            found = self._recorded(name, text, self.judge(name, text))
        except UnknownName as error:  # the page has an older view
            found = Judgement("unreadable", str(error), "", "")
        self.send(
            {
                "type": "judgement",
                "id": content.get("id"),
                "verdict": found.verdict,
                "message": found.message,
                "accepted": found.accepted,
            }
        )

    def _recorded(self, name: str, text: str, found: Judgement) -> Judgement:
        """Keep an attempt in the learner's journal; where that fails, say so once."""
        if found.verdict == "unreadable":
            return found
        trouble = journal.current().record(self._derivation, self._derivation[name], text, found)
        return found._replace(message=f"{found.message} {trouble}") if trouble else found

    def static_html(self) -> str:
        """All steps as they are now, as HTML that needs no script."""
        return self._derivation.html(digits=self._digits, places=self._places)

    def __repr__(self) -> str:
        count = len(self._derivation.steps)
        return f"Player({self._derivation.title!r}, {count} step{'s' * (count != 1)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it all steps as static HTML for a page without a kernel."""
        return with_static(super()._repr_mimebundle_(**kwargs), repr(self), self.static_html())


def with_static(bundle: Any, text: str, html: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A widget's MIME bundle with what a reader sees, and a test compares, without the widget."""
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
    return {**data, "text/plain": text, "text/html": html}, metadata


def _view(
    d: Derivation, printed: Mapping[str, list[str]], digits: int | None, places: int | None
) -> dict[str, Any]:
    """All that the page shows of a derivation: mathematics and words as HTML, the rest as text."""
    givens, steps = [], []
    for entry in d.entries:
        pieces = math_line(d, entry, digits=digits, places=places)
        if isinstance(entry, Given):
            givens.append(f"<span>{pieces.symbol}{pieces.result}{_remark(d, entry)}</span>")
        else:
            spoken = line(d, entry, "text", digits, places)
            steps.append(_step(d, entry, pieces, spoken, printed.get(entry.name, [])))
    return {
        "title": prose(d, d.title),
        "about": prose(d, d.about),
        "givens": " ".join(givens),
        "steps": steps,
    }


def _remark(d: Derivation, given: Given) -> str:
    return f" ({say(d, given, MATHML)})" if given.say else ""


def _step(
    d: Derivation, entry: Entry, pieces: MathLine, spoken: Line, printed: list[str]
) -> dict[str, Any]:
    asks = TEXT.equal.join(filter(None, (spoken.symbol, spoken.formula)))
    numbers = TEXT.equal + spoken.numbers if spoken.numbers else ""
    sign = TEXT.equal if spoken.exact else TEXT.about
    return {
        "name": entry.name,
        "section": prose(d, entry.section),
        "kind": spoken.kind,
        "say": spoken.say,
        "words": say(d, entry, MATHML),
        "symbol": pieces.symbol,
        "formula": pieces.formula,
        "numbers": pieces.numbers,
        "result": pieces.result,
        "exact": spoken.exact,
        "note": spoken.note.strip(),
        "printed": printed,
        "asks": asks,
        "label": f"{asks}{numbers}{sign}{spoken.result}{spoken.note}",
        "uses": list(spoken.uses),
    }


def _printed(d: Derivation) -> dict[str, list[str]]:
    """For each step what the document prints for it, with the verdict."""
    found: dict[str, list[str]] = {}
    for finding in findings(d):
        where = "" if finding.entry is None else f" at {list(finding.entry)}"
        why = f": {finding.explanation}" if finding.explanation else ""
        text = f"printed{where}: {finding.printed} ({finding.verdict}{why})"
        found.setdefault(finding.step, []).append(text)
    return {step: counted(texts) for step, texts in found.items()}
