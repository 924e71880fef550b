"""The whole site as `make site` has built it, from a plain server with every other host blocked.

A learner reads, predicts a step, opens the chapter live, moves a slider, answers there, and comes
back: all is kept. `make test-site` builds it and runs this; DLHAND_SITE names its folder.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import browser  # noqa: F401 (a fixture)
from tests.browser.real_lab import SCREENSHOTS
from tests.browser.served import Watched, served

SITE = Path(os.environ.get("DLHAND_SITE", "nowhere")).resolve()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not SITE.is_dir(), reason="make test-site builds what is tested here"),
]
SECONDS = 180  # for the kernel to be there: generous, for a busy machine
CHAPTERS = sorted(path.stem for path in SITE.glob("[0-9][0-9]_*.html"))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The site below another folder, as a project's pages are."""
    with served(SITE.parent) as host:
        yield f"{host}{SITE.name}/"


@pytest.fixture
def page(browser) -> Iterator[Page]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    watched = Watched(context)
    opened = context.new_page()
    opened.set_default_timeout(SECONDS * 1000)
    yield opened
    context.close()
    assert watched.faults == []
    assert watched.strangers == []


def wait_until_idle(page: Page) -> None:
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.wait_for_function(r"() => /\| Idle/.test(document.body.innerText)")


def choose(page: Page, menu: str, command: str) -> None:
    page.click(f'.lm-MenuBar-itemLabel:text-is("{menu}")')
    page.click(f'.lm-Menu-item[data-command="{command}"]')


def run_all(page: Page) -> None:
    """Run all cells, and wait until they have: the kernel answers nobody meanwhile."""
    choose(page, "Edit", "editmenu:clear-all")
    choose(page, "Run", "runmenu:run-all")
    page.wait_for_function(
        """() => [...jupyterapp.shell.currentWidget.content.model.cells]
            .filter((cell) => cell.type === "code")
            .every((cell) => cell.executionCount !== null && cell.executionState !== "running")"""
    )


def at_cell(page: Page, selector: str, number: int = 0):
    """A widget in the notebook, in sight: what is far out of it is not drawn."""
    panel = page.locator(".jp-WindowedPanel-outer").first
    for _ in range(80):
        found = page.locator(selector).nth(number)
        if found.count():
            found.scroll_into_view_if_needed()
            return found
        panel.evaluate("node => node.scrollBy(0, 300)")
        page.wait_for_timeout(250)
    raise AssertionError(f"{selector} is not in the notebook")


def answer(player, text: str) -> str:
    player.get_by_label("your answer", exact=True).fill(text)
    player.page.keyboard.press("Enter")
    told = player.locator(".dlhand-judgement[data-verdict]:not([data-verdict=''])")
    told.wait_for()
    return told.inner_text()


def test_a_learner_reads_predicts_goes_live_and_finds_all_again(page, address) -> None:
    page.goto(f"{address}index.html")
    page.get_by_role("link", name="Start here", exact=True).last.click()
    player = page.locator(".dlhand-step-player")
    player.get_by_role("button", name="Next").click()
    player.get_by_role("button", name="Previous").click()
    assert answer(player, "-0.75") == "right, and exact"

    page.locator("a.live-chapter").first.click()
    wait_until_idle(page)
    run_all(page)
    live = at_cell(page, ".dlhand-step-player")
    assert answer(live, "0.75").startswith("not yet: ")
    assert answer(live, "-3/4") == "right, and exact"
    explored = at_cell(page, ".dlhand-what-if")
    told = explored.locator(".dlhand-value").first
    before = told.inner_text()
    slider = explored.locator("input[type=range]").first
    slider.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([node, text]) => node.innerText !== text", arg=[told.element_handle(), before]
    )
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "site-live.png")

    page.reload()
    wait_until_idle(page)
    run_all(page)
    at_cell(page, ".dlhand-step-player")
    page.locator(".dlhand-progress", has_text="1 found").first.wait_for(state="attached")
    page.goto(f"{address}00_start_here.html")
    assert page.locator(".dlhand-progress").inner_text().endswith("1 found")


def test_a_chapter_with_curves_says_that_they_are_missing_and_goes_on(page, address) -> None:
    page.goto(f"{address}live/lab/index.html?path=01_perceptron.ipynb")
    wait_until_idle(page)
    run_all(page)
    outputs = page.evaluate(
        """() => [...jupyterapp.shell.currentWidget.content.model.cells]
            .filter((cell) => cell.type === "code").flatMap((cell) => cell.sharedModel.outputs)"""
    )
    assert [one for one in outputs if one["output_type"] == "error"] == []
    told = json.dumps(outputs, ensure_ascii=False)
    assert "This picture is drawn by Matplotlib, which is not here." in told


def test_own_derivations_are_made_live(page, address) -> None:
    page.goto(f"{address}live/lab/index.html?path=20_errata.ipynb")
    wait_until_idle(page)
    page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(
        "import dlhand\nd = dlhand.Derivation('Mine')\nx = d.given('x', '0.3')\n"
        "y = d.step('y', dlhand.sigmoid(x) * 2)\nd.closed_form('y'), d.value('y')"
    )
    page.keyboard.press("Shift+Enter")
    page.get_by_text("1.1489").first.wait_for()


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_chapter_opens_with_all_its_widgets(browser, name) -> None:  # noqa: F811
    context = browser.new_context(viewport={"width": 390, "height": 844}, offline=True)
    faults: list[str] = []
    opened = context.new_page()
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.goto(f"{SITE.as_uri()}/{name}.html")
    wanted = len(re.findall('data-widget="', (SITE / f"{name}.html").read_text(encoding="utf-8")))
    assert opened.locator("[data-widget] > .dlhand-player").count() == wanted
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for players in opened.locator(".dlhand-step-player").all():
        assert re.fullmatch(
            r"1 of \d+( · 0 found)?", players.locator(".dlhand-progress").inner_text()
        )
    context.close()
    assert faults == []
