"""The first players of each chapter: each step that they ask for is typed, checked, gone on from.

As a learner does it in JupyterLab, by keyboard alone, light, dark, and on a telephone. Every few
steps there is a screenshot in build/screenshots/predicted, to be looked at. `make test-all` does it
all; one chapter, by hand:

    DLHAND_ALL=1 .venv/bin/python -m pytest tests/browser/test_predicted.py -k "14 and dark"
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from dlhand.widgets.player import Player
from tests.browser.chapters import CHAPTERS, players
from tests.browser.real_lab import SCREENSHOTS, Lab, Server, opened_lab
from tests.browser.test_player import Shown
from tests.browser.test_walk import CELLS, HIGH, SCROLL, THEMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOTS = SCREENSHOTS / "predicted"
IS_IN_SIGHT = """(body) => {
  const [inner, outer] = [body, body.closest(".jp-WindowedPanel-outer")]
    .map((one) => one.getBoundingClientRect());
  return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
}"""
HERE = ".dlhand-step-player[data-here]"
PLAYERS = 3
EVERY = 6
"""Of so many steps one has a screenshot."""


def typed(value: Any) -> str:
    """A value as a person types it, with more digits than are asked for."""
    if isinstance(value, (tuple, list)):
        return f"[{', '.join(map(typed, value))}]"
    return f"{float(value):.9g}"


def asking(lab: Lab, shown: Iterable[Player]) -> Iterator[Player]:
    """The first players of the open notebook that ask, each when it is on the page as `HERE`."""
    page, left, found = lab.page, iter(shown), 0
    for k in page.evaluate(CELLS):
        page.evaluate(SCROLL, k)
        area = page.locator(f"[data-walk='{k}']")
        area.locator(".jp-OutputArea-output").first.wait_for()
        if not area.locator(".dlhand-step-player").count():
            continue
        player = next(left)
        if player.predict and found < PLAYERS:
            found += 1
            area.locator(".dlhand-step-player").evaluate("one => one.dataset.here = ''")
            yield player
            area.locator(".dlhand-step-player").evaluate("one => delete one.dataset.here")


def predict(lab: Lab, player: Player, shot: str) -> list[str]:
    """Predict all steps of the player that is `HERE`; give what went wrong."""
    it = Shown(lab)
    it.player = lab.page.locator(HERE)
    it.card = it.player.locator(".dlhand-card")
    d, keyboard = player.derivation, lab.page.keyboard
    it.box.click()  # so that JupyterLab, too, has its cell for the active one
    faults = []

    def lost(k: int) -> str:
        now = lab.page.evaluate("document.activeElement.className")
        return f"step {k}: the answer box has lost the focus to {now!r}"

    for k, step in enumerate(d.steps, 1):
        is_asked = step.name not in player.worked
        place = ".dlhand-input" if is_asked else ".dlhand-check"
        if not it.is_focused(place):
            faults.append(lost(k))
            it.player.locator(place).first.focus()
            if not it.progress.startswith(f"{k} of "):
                keyboard.press("Enter")
        if k > 1 and not it.player.locator(".dlhand-body").evaluate(IS_IN_SIGHT):
            faults.append(f"step {k} is not in sight")
        if is_asked:
            answer = typed(d.value(step.name))
            keyboard.type(answer)
            if it.box.input_value() != answer:  # the focus was taken in the middle of a word
                faults.append(lost(k))
                it.box.fill(answer)
                it.box.focus()
            keyboard.press("Enter")
            verdict = it.verdict()
            if not verdict.startswith("right: "):
                faults.append(f"step {k}, {step.name}: {verdict}")
        if k % EVERY == 1 or k == len(d.steps):
            lab.page.screenshot(path=f"{shot}-{k:02d}.png")
        keyboard.press("Enter")
    found = f"{len(d.steps) - len(player.worked)} found"
    if not it.progress.endswith(found):
        faults.append(f"at the end: {it.progress!r} is no {found!r}")
    return faults


@pytest.mark.parametrize(("theme", "width"), [("light", 1100), ("dark", 390), ("dark", 1024)])
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_step_is_predicted(
    tmp_path: Path, browser: Browser, chapter: Path, theme: str, width: int
) -> None:
    server = Server(tmp_path, variables=os.environ | {"DLHAND_JOURNAL": str(tmp_path / "journal")})
    SHOTS.mkdir(parents=True, exist_ok=True)
    faults = []
    try:
        with opened_lab(server, browser) as lab:
            page = lab.page
            lab.open_notebook(f"{chapter.stem}.ipynb")
            lab.choose_theme(THEMES[theme])
            lab.run_all()
            page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
            page.set_viewport_size({"width": width, "height": HIGH.get(width, 576)})
            for number, player in enumerate(asking(lab, players(chapter))):
                shot = SHOTS / f"{chapter.stem[:2]}-{number}-{theme}-{width}"
                faults += [f"player {number}, {one}" for one in predict(lab, player, str(shot))]
    finally:
        server.stop()
    assert faults == []
