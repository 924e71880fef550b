"""What a cell shows, as HTML: widgets that run in a reading page, and all else as it is read."""

import json
import re
from html import escape
from typing import Any

from dlhand.course.errata import ErrataTable
from dlhand.course.quiz import Quiz
from dlhand.site.slips import slip_facts
from dlhand.site.travel import other_settings, player_data
from dlhand.widgets.film import Film
from dlhand.widgets.player import HIDDEN, Player
from dlhand.widgets.practice import PracticePlayer
from dlhand.widgets.progress import ProgressView
from dlhand.widgets.what_if import WhatIf
from tools.site.mathematics import Mathematics
from tools.site.prose import Prose

PROGRESS = (
    "<p>On these pages your attempts are kept in your browser. How far you are stands beside each "
    'chapter on <a href="index.html">the first page</a>.</p>'
)
PROBLEMS = len(HIDDEN)
"""To practise on: one with each share that is hidden."""
_NAMED_BY_LABEL = re.compile(r'<th scope="row" aria-label="([^"]*)"><math')
_SHEET = re.compile("<style>.*?</style>", re.DOTALL)  # the pages have one of their own


class Blocks:
    """Writes what the cells of one chapter show, and takes up what is kept of it.

    Attributes:
        players: the number of steps of each player, by the key that its attempts have
        settings: of each problem what other digits make of it
        slips: of each problem what can go wrong in it
        questions: how many the chapter's quiz has
    """

    def __init__(self, chapter: str, mathematics: Mathematics, prose: Prose, live: str) -> None:
        self.players: dict[str, int] = {}
        self.settings: list[Any] = []
        self.slips: list[Any] = []
        self.questions = 0
        self._chapter = chapter
        self._mathematics = mathematics
        self._prose = prose
        self._live = live

    @property
    def quiz_key(self) -> str:
        """By what the answers to the chapter's questions are kept."""
        return f"quiz:{self._chapter}"

    def html(self, shown: Any) -> str:
        """One thing that a cell shows."""
        match shown:
            case WhatIf():
                return self._stored(shown)
            case PracticePlayer():
                return self._practice(shown)
            case Player():
                return self._player(shown)
            case Film():
                return self._widget("film", shown, shown.static_html())
            case Quiz():
                self.questions = len(shown.questions)
                return self._widget("quiz", shown.widget, shown.html(), key=self.quiz_key)
            case ErrataTable():
                return self._widget("table", shown.widget, shown.html())
            case ProgressView():
                return PROGRESS
            case dict():
                return self._bundle(shown)
        if hasattr(shown, "html"):
            return _tidy(shown.html())
        if hasattr(shown, "_repr_mimebundle_"):
            return self._bundle(shown._repr_mimebundle_())
        return f"<pre>{escape(repr(shown))}</pre>"

    def _player(self, player: Player) -> str:
        data = self._problem(player)
        self.players[data["key"]] = len(player.derivation.steps)
        return self._played([data], player.static_html())

    def _practice(self, player: PracticePlayer) -> str:
        """As many problems as the page has without Python, one after the other."""
        static = player.static_html()
        problems = [self._problem(player)]
        while len(problems) < PROBLEMS:
            player.another()
            problems.append(self._problem(player))
        return self._played(problems, static) + self._remark(
            f"{PROBLEMS} problems, and after the last the first again: the live chapter draws more."
        )

    def _problem(self, player: Player) -> dict[str, Any]:
        """What a player shows now, as it travels; its other settings and its slips stand apart."""
        number = len(self.settings)
        self.settings.append(other_settings(player))
        self.slips.append(slip_facts(player.derivation))
        return player_data(player) | {"number": number}

    def _played(self, problems: list[dict[str, Any]], static: str) -> str:
        data = {"problems": problems, "chapter": self._chapter}
        return self._framed("player", data, static)

    def _widget(self, kind: str, widget: Any, static: str, **more: Any) -> str:
        traits = {
            name: getattr(widget, name) for name in widget.trait_names(sync=True) if name[0] != "_"
        }
        for name in ("layout", "tabbable", "tooltip", "keys"):
            traits.pop(name, None)
        return self._framed(kind, {"traits": traits, **more}, static)

    def _framed(self, kind: str, data: Any, static: str) -> str:
        """A widget's data, and what is read where nothing runs."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        return (
            f'<div class="widget" data-widget="{kind}"><script type="application/json">{text}'
            f"</script></div><noscript>{self._typeset(static)}</noscript>"
        )

    def _stored(self, shown: WhatIf) -> str:
        """What needs Python as it was, and the way to where it moves."""
        remark = self._remark("As it was stored: it needs Python, and moves in the live chapter.")
        return f'<div class="stored">{self._typeset(shown.static_html())}{remark}</div>'

    def _remark(self, words: str) -> str:
        """What is said of a widget, with the way to the live chapter."""
        return f'<p class="remark">{words}{f" {self._live}" if self._live else ""}</p>'

    def _typeset(self, static: str) -> str:
        """HTML that a notebook typesets, with its formulas marked."""
        return self._mathematics.marked(_SHEET.sub("", static))

    def _bundle(self, bundle: dict[str, Any]) -> str:
        """The richest of what an object offers."""
        if "image/svg+xml" in bundle:
            return f'<div class="picture">{bundle["image/svg+xml"]}</div>'
        if "text/html" in bundle:
            return _tidy(bundle["text/html"])
        if "text/markdown" in bundle:
            return self._prose.html(bundle["text/markdown"])
        if "text/latex" in bundle:
            lines = bundle["text/latex"].replace("\n\n", "</p><p>")
            return f'<div class="latex"><p>{self._mathematics.marked(lines)}</p></div>'
        return f"<pre>{escape(bundle['text/plain'])}</pre>"


def _tidy(html: str) -> str:
    """Without a style sheet, and with headings of rows that are text to every reader."""
    named = r'<th scope="row"><span class="said">\1</span><math aria-hidden="true"'
    return _NAMED_BY_LABEL.sub(named, _SHEET.sub("", html))
