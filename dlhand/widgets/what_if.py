"""What if: the givens of a derivation under the learner's hand, and one result that follows them.

One widget, which the page shows: a slider or box for each given, beside the picture, the result
that is watched, and its curve along the slider that moves. Python has all the numbers. The page
sends what was done, with an ``id`` that comes back, as {"type": "done", "id": 1}, when all that
follows has been sent: ::

    {"type": "slide", "id": 1, "name": "alpha", "notch": 100}
    {"type": "type", "id": 2, "name": "alpha", "text": "1/3"}
    {"type": "reset", "id": 3}
    {"type": "keep", "id": 4}
    {"type": "font", "id": 5}  # once a page, with the faces of the mathematics font as buffers

and sets ``watch`` and ``opened``. Of what follows only that is sent which is another than before:
of the picture the texts (in ``drawn``), and what they stand in (``sheet``) where that changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from html import escape, unescape
from typing import TYPE_CHECKING, Any

from dlhand.derivation.entries import Given, Gradient
from dlhand.derivation.replay import Replay
from dlhand.derivation.snippet import snippet
from dlhand.errors import (
    AnswerError,
    DlhandError,
    FormulaError,
    GivenError,
    UndefinedValue,
    UnknownName,
    nearest,
)
from dlhand.numbers.digits import Digits
from dlhand.numbers.exact import read_number
from dlhand.pictures.beside import Drawing, drawing
from dlhand.pictures.curve import Curve
from dlhand.render import font
from dlhand.render.comparison import TABLE_STYLE, Comparison
from dlhand.render.html import STYLE, math_line
from dlhand.render.names import text as symbol
from dlhand.render.parts import prose, say
from dlhand.render.picture import Picture
from dlhand.render.text import line
from dlhand.render.writers import TEXT
from dlhand.widgets.control import Control
from dlhand.widgets.needs import anywidget, traitlets
from dlhand.widgets.page import script, sheet
from dlhand.widgets.slide import Allows, Ends
from dlhand.widgets.stored import image, stored, with_static

if TYPE_CHECKING:
    from dlhand.derivation.model import Derivation

__all__ = ["WhatIf", "explore"]

LONGEST = 5000
"""Characters of a text that are read."""

_TEXT = re.compile(r"(?<=>)([^<>]*[^<>\s][^<>]*)(?=<)")
"""A text in a drawing. Mostly these alone change with a number, and so these alone are sent."""

SCRIPTS = ("dom", "kernel", "font", "picture", "queue", "control", "folds", "places", "what_if")
"""The modules of the page, each after those that it imports."""


def explore(derivation: Derivation, *names: str, **options: Any) -> WhatIf:
    """A view of a derivation with a control for each given, or for those named; see `WhatIf`.

    >>> from dlhand import Derivation
    >>> d = Derivation("A sum")
    >>> a, b = d.givens(a="0.5", b="-2")
    >>> s = d.step("s", a + b)
    >>> what_if = explore(d, "a", ranges={"a": (0, 10)})
    >>> what_if.set("a", "3/4")  # as a learner types it
    >>> what_if.derivation.value("s")
    -1.25
    >>> print(what_if.code())
    d.what_if(a="0.75")
    """
    return WhatIf(derivation, *names, **options)


class WhatIf(anywidget.AnyWidget):
    """Controls for givens beside a picture, and one result that follows them.

    A single number gets a slider and a box; an array gets a box with its rows. Typed numbers are
    read exactly: 1/3 is a third. A slider goes through zero, or over the range that ``ranges`` has
    for its given, and grows where a number beyond is typed; it keeps to what the derivation
    allows. ``watch`` is the step whose result is shown first, without it the loss or the last
    step; ``picture`` is the name of a picture method, or draws a `Picture` of a derivation.
    Numbers have ``digits`` significant digits, or ``places`` after the point.

    Raises `UnknownName` for a name that is no given, or no step for ``watch``; `GivenError` for a
    range that is none; `FormulaError` where there is no step or no such picture.

    Attributes:
        controls: the `Control` of each given, by its name
        derivation: the derivation with the givens as they are now
        kept: the same with the givens that it is compared with: at first those declared
        watch: the name of the step that is watched
        along: the given along which the curve goes: the one that has moved last
        opened: what is unfolded: "steps" that have changed, "compare", "code"
    """

    _esm = script(*SCRIPTS)
    _css = STYLE + TABLE_STYLE + sheet("player", "picture", "what_if")

    view = traitlets.Dict().tag(sync=True)
    givens: Any = traitlets.List().tag(sync=True)
    result = traitlets.Dict().tag(sync=True)
    sheet: Any = traitlets.List().tag(sync=True)
    drawn = traitlets.Dict().tag(sync=True)
    curve = traitlets.Dict().tag(sync=True)
    changed: Any = traitlets.List().tag(sync=True)
    compared = traitlets.Dict().tag(sync=True)
    written = traitlets.Unicode().tag(sync=True)
    watch = traitlets.Unicode().tag(sync=True)
    along = traitlets.Unicode().tag(sync=True)
    opened = traitlets.List(traitlets.Enum(["steps", "compare", "code"])).tag(sync=True)

    def __init__(
        self,
        derivation: Derivation,
        *names: str,
        watch: str | None = None,
        ranges: Mapping[str, Any] | None = None,
        picture: Drawing = None,
        digits: int | None = None,
        places: int | None = None,
    ) -> None:
        self._declared = self.kept = self.derivation = derivation
        self._asked = Digits.of(digits, places)
        self._draw = drawing(derivation, picture)
        self._picture: Picture | None = None
        self._line: Curve | None = None
        self._line_for: Any = None
        self._replays: dict[str, Replay] = {}
        ends = _ends(derivation, ranges or {})
        self.controls = {
            given.name: Control(
                given, derivation.given_value(given), self._allows(given), ends.get(given.name)
            )
            for given in _chosen(derivation, names)
        }
        slides = [name for name, control in self.controls.items() if control.slide is not None]
        # all is there before a page hears of the widget: it may miss what comes a moment later
        self.watch, self.along = _watched(derivation, watch), slides[0] if slides else ""
        self._tell()
        super().__init__(view=self._view())
        self.observe(self._tell, ["watch", "along", "opened"])
        self.on_msg(self._on_message)

    def _allows(self, given: Given) -> Allows:
        """Whether the derivation, as declared, allows a value of a given."""
        declared = self._declared

        def allows(value: Fraction) -> bool:
            try:
                declared.with_values({given.name: value})
            except DlhandError:
                return False
            return True

        return allows

    @traitlets.validate("watch", "along")
    def _is_known(self, proposal: Any) -> Any:
        name, trait = proposal["value"], proposal["trait"].name
        known = self._declared.steps if trait == "watch" else self._declared.given_entries
        if name and name not in [entry.name for entry in known]:
            raise traitlets.TraitError(f"{trait} is {name!r}; wanted one of this derivation")
        return name

    # What is done

    def set(self, name: str, value: Any) -> None:
        """Set a given, as if a number, or a text, had been typed for it.

        What is wrong with it is said beside its control, and the last good value stays. Raises
        `UnknownName` for a given that has no control.

        >>> from dlhand import Derivation
        >>> d = Derivation("A quotient")
        >>> (a,) = d.givens(a=2)
        >>> q = d.step("q", 1 / a)
        >>> what_if = explore(d)
        >>> what_if.set("a", 0)
        >>> print(what_if.controls["a"].error)
        step q has no value: division by zero Still used: 2
        """
        control = self._control(name)
        text = value if isinstance(value, str) else str(read_number(value, name))
        try:
            if len(text) > LONGEST:
                raise AnswerError(f"a text has at most {LONGEST} characters.")
            self._take(control, control.read(text), text)
        except DlhandError as error:
            control.refuse(text[:LONGEST], error)
            self._tell()
        else:
            self._follow(name)

    def slide(self, name: str, notch: int) -> None:
        """Move a slider to a notch; what lies beyond its ends is its end."""
        control = self._control(name)
        if control.slide is None:
            raise UnknownName(f"{name!r} has no slider: it is an array")
        value = control.slide.at(min(max(notch, control.slide.low), control.slide.high))
        try:
            self._take(control, value)
        except DlhandError as error:
            control.refuse(TEXT.number(str(value), 0), error)
            self._tell()
        else:
            self._follow(name)

    def _take(self, control: Control, value: Any, text: str | None = None) -> None:
        """Let a control, and all steps, have a value. Raises where a step then has none."""
        values = {name: one.value for name, one in self.controls.items()}
        other = self._declared.with_values(values | {control.given.name: value})
        other.values()
        self.derivation = other
        control.take(value, text)

    def reset(self) -> None:
        """Put all givens back to what the derivation declares."""
        for control in self.controls.values():
            control.reset()
        self.derivation = self._declared
        self._tell()

    def keep(self) -> None:
        """Compare from now on with the givens as they are now."""
        self.kept = self.derivation
        self._tell()

    def code(self) -> str:
        """Python that gives the derivation with the givens as they are now."""
        return snippet(self.derivation, self._declared)

    def _control(self, name: str) -> Control:
        if name not in self.controls:
            raise UnknownName(f"no control has {name!r}{nearest(name, list(self.controls))}")
        return self.controls[name]

    def _on_message(self, _: Any, content: Any, buffers: Any) -> None:
        """What was done in the page. It comes from outside: what is malformed is passed by."""
        number = content.get("id") if isinstance(content, dict) else None
        if number.__class__ is not int:
            return
        match content:
            case {"type": "slide", "name": str(name), "notch": int(notch)} if self._slides(name):
                self.slide(name, notch)
            case {"type": "type", "name": str(name), "text": str(text)} if self._has(name):
                self.set(name, text)
            case {"type": "reset"}:
                self.reset()
            case {"type": "keep"}:
                self.keep()
        is_font = content.get("type") == "font"
        faces = list(font.faces()) if is_font else []
        self.send({"type": "font" if is_font else "done", "id": number}, buffers=faces)

    def _has(self, name: str) -> bool:
        return name in self.controls

    def _slides(self, name: str) -> bool:
        return self._has(name) and self.controls[name].slide is not None

    # What is shown

    def _follow(self, name: str) -> None:
        """Show what follows a given, and from now on the curve along it."""
        if name == self.along or self.controls[name].slide is None:
            self._tell()
        else:
            self.along = name  # which tells

    def _tell(self, _: Any = None) -> None:
        """Show what follows: numbers and curve at once, then the picture, which may be dear."""
        with self.hold_sync():
            self.givens = [control.state() for control in self.controls.values()]
            self.result = self._result()
            self.curve = _sent(self._curve())
            if "steps" in self.opened:
                self.changed = list(self._changed())
            if "compare" in self.opened:
                words = f"kept: {self._setting()}"
                self.compared = {"kept": words, "table": self._comparison().table()}
            if "code" in self.opened:
                self.written = self.code()
        self._picture = self._draw(self.derivation, self._asked)
        drawn = _sent(self._picture)
        pieces = _TEXT.split(drawn["svg"])
        with self.hold_sync():
            self.sheet = pieces[::2]
            self.drawn = {"texts": list(map(unescape, pieces[1::2])), "words": drawn["words"]}

    def _view(self) -> dict[str, Any]:
        """What no number changes."""
        d = self._declared
        return {
            "title": prose(d, d.title),
            "givens": [
                {
                    "name": given.name,
                    "symbol": math_line(d, given).symbol,
                    "spoken": symbol(given.name),
                    "say": say(d, given),
                    "rows": given.shape[0] if len(given.shape) > 1 else 1,
                }
                for given in (control.given for control in self.controls.values())
            ],
            "steps": [
                {
                    "name": step.name,
                    "section": prose(d, step.section),
                    "spoken": symbol(step.name),
                    "say": say(d, step),
                }
                for step in d.steps
            ],
        }

    def _result(self) -> dict[str, str]:
        """The result that is watched, and how it differs from what is kept."""
        entry = self.derivation[self.watch]
        pieces = math_line(self.derivation, entry, digits=self._asked)
        row = self._comparison([self.watch]).rows[-1]
        was = ""
        if not row.is_same and entry.shape == ():
            kept = "kept" if self._differing() else "declared"
            was = f"{kept}{_text(row.first)}; now {_apart(row.difference[0].text)}"
        return {
            "symbol": pieces.symbol,
            "value": pieces.result,
            "aloud": f"{symbol(entry.name)}{_text(row.second)}",
            "was": was,
        }

    def _comparison(self, steps: list[str] | None = None) -> Comparison:
        now = self.derivation
        return Comparison(self.kept, now, steps, labels=("kept", "now"), digits=self._asked)

    def _changed(self) -> Iterator[list[str]]:
        """The steps that are others than in what is kept: the formula, then and now."""
        for row in self._comparison().rows:
            entry = self.derivation[row.name]
            if row.is_same or entry.rule is None:
                continue
            now = math_line(self.derivation, entry, digits=self._asked)
            then = math_line(self.kept, entry, digits=self._asked)
            yield [now.symbol + now.formula, then.result, now.result]

    def _setting(self) -> str:
        """What is kept, in words."""
        changed = ", ".join(self._differing())
        return f"your setting of {changed}" if changed else "the numbers as declared"

    def _differing(self) -> list[str]:
        """The givens whose kept values are not those declared."""
        return [
            symbol(given.name)
            for given in self.kept.given_entries
            if self.kept.given_value(given) != self._declared.given_value(given)
        ]

    # The curve

    def _curve(self) -> Picture | None:
        """How what is watched changes along the slider that has moved last."""
        control = self.controls.get(self.along)
        if control is None or control.slide is None or self.derivation[self.watch].shape != ():
            return None
        others = [one.value for name, one in self.controls.items() if name != self.along]
        key = self.watch, self.along, control.slide, others
        if self._line_for != key:
            self._line, self._line_for = self._swept(control), key
        if self._line is None:
            return None
        return self._line.picture(self.derivation, self._asked)

    def _swept(self, control: Control) -> Curve | None:
        """The line, which stays while only the point on it moves; None where floats end."""
        assert control.slide is not None
        try:
            if self.watch not in self._replays:
                self._replays[self.watch] = Replay(self._declared, self.watch)
            return Curve(
                self.derivation,
                self.watch,
                self.along,
                control.slide.places(),
                self._replays[self.watch],
            )
        except (UndefinedValue, FormulaError, GivenError, OverflowError):
            return None

    # Without the page

    def static_html(self) -> str:
        """What is seen now, and all steps, for a page that runs and styles nothing."""
        d, pictures = self.derivation, filter(None, (self._picture, self._curve()))
        images = [image(one.undescribed, one.alternative) for one in pictures]
        givens = "; ".join(line(d, control.given) for control in self.controls.values())
        return "\n".join(
            [
                f"<h3>{escape(prose(d, d.title))}</h3>",
                f"<p>What if {escape(givens)}? <strong>{escape(self.result['aloud'])}</strong></p>",
                *images,
                "<details><summary>all steps</summary>",
                stored(d, None, self._asked),
                "</details>",
            ]
        )

    def __repr__(self) -> str:
        return f"WhatIf({self._declared.title!r}: {', '.join(self.controls)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and beside it what is seen now as static HTML."""
        return with_static(super()._repr_mimebundle_(**kwargs), repr(self), self.static_html())


def _chosen(derivation: Derivation, chosen: Sequence[str]) -> list[Given]:
    return [_given(derivation, name) for name in chosen] or derivation.given_entries


def _given(derivation: Derivation, name: str) -> Given:
    entry = derivation[name]
    if not isinstance(entry, Given):
        known = [given.name for given in derivation.given_entries]
        raise UnknownName(f"{name!r} is a step, not a given{nearest(name, known)}")
    return entry


def _watched(d: Derivation, name: str | None) -> str:
    """The name of the step to be watched: without one the last loss, or the last step."""
    if not d.steps:
        raise FormulaError(f"{d.title!r} has no step; wanted one whose result can be watched")
    if name is None:
        losses = [step.loss for step in d.steps if isinstance(step, Gradient)]
        return d[losses[-1]].name if losses else d.steps[-1].name
    entry = d[name]
    if isinstance(entry, Given):
        known = [step.name for step in d.steps]
        raise UnknownName(f"watch is {name!r}, a given; wanted a step{nearest(name, known)}")
    return entry.name


def _ends(d: Derivation, ranges: Mapping[str, Any]) -> dict[str, Ends]:
    """The ranges that an author wants, exactly."""
    found = {}
    for name, ends in ranges.items():
        given = _given(d, name)
        if given.shape != () or not isinstance(ends, (tuple, list)) or len(ends) != 2:
            raise GivenError(
                f"the range of {name} is {ends!r:.60}; wanted two ends, for a single number"
            )
        low, high = (read_number(end, f"the range of {name}") for end in ends)
        if low >= high:
            raise GivenError(f"the range of {name} is {ends!r:.60}; wanted the lower end first")
        found[given.name] = low, high
    return found


def _text(shown: Sequence[Any]) -> str:
    """A value with the sign before it."""
    is_exact = all(one.exact for one in shown)
    spelled = [TEXT.number(one.text, 0) for one in shown]
    whole = spelled[0] if len(spelled) == 1 else f"[{', '.join(spelled)}]"
    return (TEXT.equal if is_exact else TEXT.about) + whole


def _apart(difference: str) -> str:
    """A difference in words."""
    size = TEXT.number(difference.removeprefix("-"), 0)
    return f"{size} {'less' if difference.startswith('-') else 'more'}"


def _sent(picture: Picture | None) -> dict[str, str]:
    """A picture as it is sent; empty for none."""
    if picture is None:
        return {"svg": "", "words": ""}
    return {"svg": picture.undescribed, "words": picture.alternative}
