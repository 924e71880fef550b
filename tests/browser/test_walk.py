"""Every chapter as a learner meets it: opened, run, and clicked through, in a real JupyterLab.

Light and dark, on a screen and on a telephone. Of each output there is a screenshot in
build/screenshots/walk, to be looked at. `make test-all` does it all; one chapter, by hand:

    DLHAND_ALL=1 .venv/bin/python -m pytest tests/browser/test_walk.py -k "05 and dark and 390"

Chapter 19 is among them where Keras is: in build/chapter19.
"""

from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests.browser.real_lab import AXE, SCREENSHOTS, Lab
from tools.chapters import NOTEBOOKS, plain

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOTS = SCREENSHOTS / "walk"
ALL = sorted(NOTEBOOKS.glob("*.ipynb"))
CHAPTERS = ALL if find_spec("keras") else plain(ALL)
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
HIGH = {1100: 900, 390: 844}
CELLS = """() => jupyterapp.shell.currentWidget.content.widgets.map((cell, k) =>
  [k, cell.model.type === "code" && cell.model.outputs.length > 0]).filter(one => one[1])
  .map(one => one[0])"""
SCROLL = """async (k) => {
  const notebook = jupyterapp.shell.currentWidget.content;
  await notebook.scrollToItem(k, "start");
  await notebook.widgets[k].ready;
  notebook.widgets[k].outputArea.node.dataset.walk = k;
  notebook.widgets[k].outputArea.node.scrollIntoView({ block: "start" });
}"""
# What is wider than its room without a bar to scroll by, and what failed to be drawn.
FAULTS = """async (area) => {
  const found = [];
  for (const part of area.querySelectorAll(".jp-OutputArea-output")) {
    const style = getComputedStyle(part);
    if (part.scrollWidth > part.clientWidth + 1 && !/auto|scroll/.test(style.overflowX)) {
      found.push(`too wide: ${part.innerText.slice(0, 60)}`);
    }
    if (/stderr/.test(part.dataset.mimeType ?? "") || part.querySelector(".merror, .katex-error")) {
      found.push(`an error: ${part.innerText.slice(0, 200)}`);
    }
    if (!part.getBoundingClientRect().height) found.push("nothing is seen");
  }
  const checked = await axe.run(area, { runOnly: ["image-alt", "svg-img-alt", "role-img-alt"] });
  checked.violations.forEach((one) => one.nodes.forEach((node) => {
    found.push(`${one.id}: ${node.html.slice(0, 160)}`);
  }));
  return found;
}"""


def step_through(player: Locator) -> None:
    """Show the first step of a player, then go to the last."""
    show = player.get_by_role("button", name="Show me", exact=True)
    if show.count() and show.first.is_visible():
        show.first.click()
    player.locator(".dlhand-menu summary").click()
    jump = player.get_by_label("go to step")
    jump.select_option(index=jump.locator("option").count() - 1)


def move_a_slider(what_if: Locator) -> None:
    slider = what_if.get_by_role("slider")
    if slider.count():
        slider.first.focus()
        slider.first.press("ArrowRight")
        slider.first.press("ArrowRight")


def play_the_film(film: Locator) -> None:
    film.get_by_role("button").last.click()


def choose_in_the_quiz(quiz: Locator) -> None:
    quiz.locator("label, [role=radio], [role=checkbox], li button").first.click()


def search_the_table(table: Locator) -> None:
    table.get_by_role("searchbox").fill("Adam")


USED = {
    ".dlhand-step-player": step_through,
    ".dlhand-what-if": move_a_slider,
    ".dlhand-film": play_the_film,
    ".dlhand-quiz": choose_in_the_quiz,
    ".dlhand-table": search_the_table,
}


@pytest.mark.parametrize("width", HIGH)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_clicked_through(lab: Lab, path: Path, theme: str, width: int) -> None:
    page = lab.page
    lab.open_notebook(path.name)
    lab.choose_theme(THEMES[theme])
    lab.run_all()
    page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
    page.set_viewport_size({"width": width, "height": HIGH[width]})
    page.evaluate(AXE.read_text(encoding="utf-8"))
    faults = []
    for k in page.evaluate(CELLS):
        page.evaluate(SCROLL, k)
        area = page.locator(f"[data-walk='{k}']")
        area.locator(".jp-OutputArea-output").first.wait_for()
        for selector, use in USED.items():
            if area.locator(selector).count():
                use(area.locator(selector).first)
        area.evaluate("area => area.scrollIntoView({ block: 'start' })")
        page.wait_for_timeout(200)  # for what follows to be painted
        faults += [f"cell {k}: {fault}" for fault in area.evaluate(FAULTS)]
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"{path.stem[:2]}-{theme}-{width}-{k:03d}.png")
    assert (faults, lab.errors) == ([], [])
