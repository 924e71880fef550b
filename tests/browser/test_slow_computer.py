"""Where the browser is slow, anywidget gives up on a widget after two seconds: ours still hear.

Its patience is taken away here, so that it gives up on every one; JupyterLab is real.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.real_lab import Lab, Server
from tests.browser.test_player import NET222, Shown
from tests.browser.test_what_if import Shown as WhatIf

pytestmark = pytest.mark.browser

IMPATIENT = """AbortSignal.timeout = () => {
  const short = new AbortController();
  setTimeout(() => short.abort());
  return short.signal;
};"""


@pytest.fixture
def slow(server: Server, browser: Browser) -> Iterator[Lab]:
    context = browser.new_context(viewport={"width": 1100, "height": 1000})
    context.add_init_script(IMPATIENT)
    lab = Lab(server, context.new_page())
    yield lab
    context.close()
    server.stop_kernels()
    assert lab.given_up
    assert lab.errors == []


def test_an_answer_gets_its_verdict(slow: Lab) -> None:
    slow.run_cells("from dlhand import load", NET222)
    it = Shown(slow, 0)
    it.answer("0.41")
    assert it.verdict() == "right: right, and exact"
    slow.page.keyboard.press("Enter")
    it.answer("0.46")
    assert it.verdict().startswith("not yet: ")


def test_a_result_follows_its_slider(slow: Lab) -> None:
    slow.run_cells(
        "from dlhand import load",
        'd = load("002-net222-again")',
        'd.explore("alpha", watch="E\'", ranges={"alpha": (0, 20)})',
    )
    it = WhatIf(slow)
    it.wait_for_result("E′≈0.23385")
    it.slider.focus()
    slow.page.keyboard.press("Home")
    it.wait_for_result("E′≈0.24909")
