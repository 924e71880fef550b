"""The step player: a derivation that a learner goes through step by step, answering on the way.

All steps travel to the page, and stepping is done there. What the page shows is in three traits:
``view`` has what the numbers do not change, ``numbers`` is the one value that carries all that a
changed given, other digits or rounding by hand change (see `dlhand.widgets.view`), and ``settled``
has what is dear to work out and may follow a moment later::

    {
        "printed": {"a": ["0.55 (rounded)"], ...},  # by the name of a step
        "picture": "<svg ...",
        "alternative": "the picture in words",
        "told": "what rounding by hand does",
        "id": 7,  # of the message that has asked for it
    }

The page asks for four things, each with an ``id`` that comes back: ::

    {"type": "settle"}  # after new numbers: a new value of `settled`
    {"type": "font"}  # once a page, with the faces of the mathematics font as buffers
    {"type": "check", "name": "z_h1", "text": "0.41"}
    {"type": "hint", "name": "z_h1"}

and says ``{"type": "restart"}`` where the learner begins anew. To the last two it is sent ::

    {"type": "judgement", "verdict": "right", "message": "right, and exact", "accepted": "0.41"}
    {"type": "hint", "text": "w₁ · x₁ = 0.1 · 0.1 = 0.01"}

where ``accepted`` is empty as long as it would give a hidden result away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlhand.derivation.entries import Entry, Given
from dlhand.errors import FormulaError, UndefinedValue, UnknownName
from dlhand.learner.alike import more_of_the_same
from dlhand.learner.attempts import Attempts
from dlhand.learner.check import Judgement, check
from dlhand.learner.hints import first_sub_result
from dlhand.learner.record import RIGHT
from dlhand.learner.rounding import rounding_effect
from dlhand.numbers.digits import Digits
from dlhand.pictures.beside import Drawing, drawing
from dlhand.render import font
from dlhand.render.html import STYLE
from dlhand.render.parts import counted
from dlhand.verdicts.findings import PUT_IN, findings
from dlhand.widgets.needs import anywidget, traitlets
from dlhand.widgets.page import script, sheet
from dlhand.widgets.stored import stored, with_static
from dlhand.widgets.view import View

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

__all__ = ["Player"]

LONGEST = 5000
"""Characters of an answer that are read."""
MOST_DIGITS = 100

SCRIPTS = (
    "dom", "kernel", "moves", "play", "typed", "answer", "card", "list", "menu", "font", "picture",
    "player",
)  # fmt: skip
"""The modules of the page, each after those that it imports."""

HIDDEN = ("result", "numbers", "formula")
"""From which part of its line on a step can be hidden."""


def _count(least: int, most: int) -> Any:
    return traitlets.Int(None, min=least, max=most, allow_none=True)


class Player(anywidget.AnyWidget):
    """The step player of a derivation.

    Numbers have ``digits`` significant digits, or ``places`` after the point. With ``predict``
    the result of a step is hidden until it is found, or asked for; ``hide`` hides more: the
    "numbers" put in, too, or even the "formula". With ``alike=2`` only two steps of a kind are
    asked for; others that are worked out in the same way (`dlhand.learner.alike`) are shown.
    ``picture`` is drawn on top of the step or beside it: the name of a picture method of the
    derivation, such as "graph", or a function that makes a `Picture` of a derivation.

    Raises `FormulaError` for a picture, or something to hide, that there is not, and for an
    ``alike`` below 1.

    Attributes:
        view: title, givens and steps without their numbers
        numbers: all numbers, as one value
        settled: verdicts on printed numbers, the picture, and what rounding by hand does
        position: the current step, from 0
        revealed: the furthest step that is shown
        predict: whether results are hidden until they are found, or asked for
        hide: what is hidden then: "result", "numbers" (and the result), or "formula" (and these)
        opened: names of the steps that are hidden no longer
        worked: names of the steps that are shown without being asked for, since they are alike
        helped: names of the steps for which there was a hint, or that were asked for
        attempts: the learner's last attempt at each step, taken up from the journal
        digits, places: the digits of the numbers
        rounding: {"places": 2, "chopped": False} where every step is rounded by hand, or None

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b, say="add them")
    >>> Player(d)
    Player('A sum', 1 step)
    """

    _esm = script(*SCRIPTS)
    _css = STYLE + sheet("player", "picture", "step")

    view = traitlets.Dict().tag(sync=True)
    numbers = traitlets.Dict().tag(sync=True)
    settled = traitlets.Dict().tag(sync=True)
    position = traitlets.Int(0).tag(sync=True)
    revealed = traitlets.Int(0).tag(sync=True)
    predict = traitlets.Bool(False).tag(sync=True)
    hide = traitlets.Enum(HIDDEN, HIDDEN[0]).tag(sync=True)
    opened = traitlets.List(traitlets.Unicode()).tag(sync=True)
    worked = traitlets.List(traitlets.Unicode()).tag(sync=True)
    helped = traitlets.List(traitlets.Unicode()).tag(sync=True)
    attempts = traitlets.Dict().tag(sync=True)
    digits = _count(1, MOST_DIGITS).tag(sync=True)
    places = _count(0, MOST_DIGITS).tag(sync=True)
    rounding = traitlets.Dict(
        per_key_traits={
            "places": traitlets.Int(min=0, max=MOST_DIGITS),
            "chopped": traitlets.Bool(),
        },
        default_value=None,
        allow_none=True,
    ).tag(sync=True)

    def __init__(
        self,
        derivation: Derivation,
        digits: int | None = None,
        places: int | None = None,
        predict: bool = False,
        picture: Drawing = None,
        hide: str | None = None,
        alike: int | None = None,
    ) -> None:
        if alike is not None and alike < 1:
            raise FormulaError(f"alike is {alike}; wanted a number from 1 on, or None")
        if hide not in (None, *HIDDEN):
            raise FormulaError(f"hide is {hide!r}; wanted one of {[*HIDDEN]}")
        self._derivation = self._shown = derivation
        self._alike = alike
        self._draw = drawing(derivation, picture)
        asked = Digits.of(digits, places)
        self._view = View(derivation, asked)
        self._declare(derivation)
        attempts = self._attempts.at(derivation)
        super().__init__(
            view=self._view.fixed(),
            numbers=self._view.numbers(derivation),
            predict=predict or hide is not None,
            hide=hide or HIDDEN[0],
            attempts=attempts,
            opened=[name for name, one in attempts.items() if one["found"]],
            worked=self._more_of_the_same(derivation),
            digits=digits,
            places=places,
            settled=self._settled(0, asked),
        )
        if self.predict and attempts:
            self._resume()
        self.observe(self._on_setting, ["digits", "places", "rounding"])
        self.on_msg(self._on_message)

    @traitlets.validate("rounding")
    def _is_rounding(self, proposal: Any) -> Any:
        value = proposal["value"]
        if value is not None and value.keys() != {"places", "chopped"}:
            raise traitlets.TraitError(
                f"rounding is {value!r}; wanted None, or 'places' and 'chopped'"
            )
        return value

    def _resume(self) -> None:
        """Go to where the learner was: the first step that is not found yet."""
        names = [step.name for step in self._derivation.steps]
        tried = [k for k, name in enumerate(names) if name in self.attempts]
        ahead = [k for k, name in enumerate(names) if not self._is_open(name)]
        self.position = min(ahead, default=0)
        self.revealed = max(tried)

    def _more_of_the_same(self, derivation: Derivation) -> list[str]:
        return [] if self._alike is None else more_of_the_same(derivation, self._alike)

    def _is_open(self, name: str) -> bool:
        """Whether the result of a step may be seen."""
        return not self.predict or name in self.opened or name in self.worked

    def _declare(self, derivation: Derivation) -> None:
        """Take what depends on the numbers that a derivation has at first."""
        self._attempts = Attempts(derivation)
        self._declared = derivation.evaluation.fixed
        self._printed = _printed(derivation)

    # What is shown

    @property
    def derivation(self) -> Derivation:
        """What is played. Another one can be set, such as the same with other givens."""
        return self._derivation

    @derivation.setter
    def derivation(self, other: Derivation) -> None:
        self.show(other)

    def show(self, derivation: Derivation) -> None:
        """Play another derivation from the step where this one is.

        Where it differs in its numbers alone, only these are sent, and the page will ask for the
        rest to follow. Raises `UndefinedValue` where one of its steps has no value; what was
        shown then stays.
        """
        is_other = not self._view.fits(derivation)
        view = View(derivation, self._asked) if is_other else self._view
        shown = self._rounded(derivation)
        numbers = view.numbers(shown)
        self._view, self._derivation, self._shown = view, derivation, shown
        with self.hold_sync():
            if is_other:
                self._declare(derivation)
                self.view = view.fixed()
                self.worked = self._more_of_the_same(derivation)
            self.numbers = numbers
            self.attempts = {}  # they were made with other numbers

    def restart(self) -> None:
        """Begin anew: nothing is found or shown yet. The journal keeps what was."""
        self._attempts.put_aside(self._derivation)
        with self.hold_sync():
            self.position = self.revealed = 0
            self.opened, self.helped, self.attempts = [], [], {}

    def settle(self, number: int = 0) -> None:
        """Work out what may follow the numbers a moment later; ``number`` says who has asked."""
        self.attempts = self._attempts.at(self._derivation)
        self.settled = self._settled(number, self._asked)

    def _settled(self, number: int, digits: Digits) -> dict[str, Any]:
        d, rounding = self._derivation, self.rounding
        picture = self._draw(self._shown, digits)
        # With other numbers it is not searched for what follows from what: that can take seconds.
        is_declared = d.evaluation.fixed == self._declared
        return {
            "printed": self._printed if is_declared else _printed(d, carried=False),
            # its words stand apart, for they may say hidden numbers
            "picture": picture.undescribed if picture else "",
            "alternative": picture.alternative if picture else "",
            "told": rounding_effect(d, **rounding, digits=digits) if rounding else "",
            "id": number,
        }

    @property
    def _asked(self) -> Digits:
        return Digits(self.digits, self.places)

    def _rounded(self, d: Derivation) -> Derivation:
        """A derivation as it is shown: rounded by hand if that is wanted, and if it can be."""
        if not self.rounding:
            return d
        by_hand = d.by_hand(**self.rounding)
        try:
            by_hand.values()
        except UndefinedValue:  # `settled` tells that
            return d
        return by_hand

    def _on_setting(self, _: Any) -> None:
        self._view = View(self._derivation, self._asked)
        self._shown = self._rounded(self._derivation)
        numbers = self._view.numbers(self._shown)
        if numbers == self.numbers:  # the page will not hear of it, and so not ask
            self.settle()
        self.numbers = numbers

    # What the page asks for

    def judge(self, name: str, text: str) -> Judgement:
        """Judge an answer to a step, at the digits of this player.

        As long as the numbers of the step are hidden, nothing that is said gives them away.
        Raises `UnknownName` for a name that is no step.
        """
        step = self._step(name)
        if len(text) > LONGEST:
            message = f"an answer has at most {LONGEST} characters; this one was cut off there"
            return Judgement("unreadable", message, "", "")
        is_open = self._is_open(name)
        found = check(
            self._derivation,
            step,
            text,
            digits=self._asked,
            reveal=is_open,
            earlier=self._attempts.wrong(self._derivation),
            written=self._attempts.right(self._derivation),
        )
        tells = is_open or found.verdict in (*RIGHT, "follows")
        return found if tells else found._replace(accepted="")

    def hint(self, name: str) -> str:
        """The last hint for a step, its first sub-result.

        Raises `UnknownName` for a name that is no step.
        """
        return first_sub_result(self._derivation, self._step(name), self._asked)

    def _step(self, name: str) -> Entry:
        entry = self._derivation[name]
        if isinstance(entry, Given):
            raise UnknownName(f"{name!r} is a given, not a step")
        return entry

    def _on_message(self, _: Any, content: Any, buffers: Any) -> None:
        """Answer the page. Its messages come from outside: what is malformed is passed by."""
        match content:
            case {"type": "settle", "id": int(number)}:
                self.settle(number)
            case {"type": "restart"}:
                self.restart()
            case {"type": "font", "id": int(number)}:
                self.send({"type": "font", "id": number}, buffers=list(font.faces()))
            case {"type": "check", "id": int(number), "name": str(name), "text": str(text)}:
                found = self._attempted(name, text)
                told = {key: found[k] for k, key in enumerate(found._fields[:3])}
                self.send({"type": "judgement", "id": number, **told})
            case {"type": "hint", "id": int(number), "name": str(name)}:
                self.send({"type": "hint", "id": number, "text": self._hinted(name)})

    def _attempted(self, name: str, text: str) -> Judgement:
        """Judge an answer and take it as an attempt; where it cannot be kept, say so once."""
        d = self._derivation
        try:
            found = self.judge(name, text)
            trouble = self._attempts.add(d, d[name], text, found)
        except UnknownName as error:  # the page has an older view
            return Judgement("unreadable", str(error), "", "")
        with self.hold_sync():
            self.attempts = self._attempts.at(d)
            if found.verdict in RIGHT and name not in self.opened:
                self.opened = [*self.opened, name]
        return found._replace(message=f"{found.message} {trouble}") if trouble else found

    def _hinted(self, name: str) -> str:
        try:
            return self.hint(name)
        except UnknownName as error:
            return str(error)

    # Without the page

    def static_html(self) -> str:
        """All steps as they are now, for a page that runs and styles nothing; see `stored`."""
        picture = self._draw(self._derivation, self._asked)
        hide = self.hide if self.predict else ""
        return stored(self._derivation, picture, self._asked, hide, self.worked)

    def __repr__(self) -> str:
        count = len(self._derivation.steps)
        return f"Player({self._derivation.title!r}, {count} step{'s' * (count != 1)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it all steps as static HTML for a page without a kernel."""
        return with_static(super()._repr_mimebundle_(**kwargs), repr(self), self.static_html())


def _printed(d: Derivation, carried: bool = True) -> dict[str, list[str]]:
    """For each step what the document prints for it, with the verdict."""
    texts: dict[str, list[str]] = {}
    for one in findings(d, carried):
        if one.role == PUT_IN:
            continue
        where = "" if one.entry is None else f"at {list(one.entry)} "
        why = f": {one.explanation}" if one.explanation else ""
        texts.setdefault(one.step, []).append(f"{where}{one.printed} ({one.verdict}{why})")
    return {step: counted(those) for step, those in texts.items()}
