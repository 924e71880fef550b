"""A real JupyterLab and a real browser for the tests in this folder.

A test asks for `lab`: a page of its own on a server that serves a copy of notebooks/.

    @pytest.mark.browser
    def test_the_player_steps(lab):
        lab.open_notebook("05_backpropagation.ipynb")
        lab.run_all()
        lab.page.locator(".dlhand-next").click()
        lab.screenshot("player")

When the test ends, `lab` fails it for any error in the page and for any request that left the
machine: the course works offline.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.real_lab import BROWSERS, LAUNCH, Lab, Server, opened_lab


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("jupyter"))
    yield started
    started.stop()


# Not for the whole session: while it lives, Playwright's event loop runs in this thread, and tests
# elsewhere that need a loop of their own could not have one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("no Chromium or Google Chrome here; sh tools/system_packages.sh says more")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=[*LAUNCH])
        yield started
        started.close()


@pytest.fixture
def lab(server: Server, browser: Browser) -> Iterator[Lab]:
    with opened_lab(server, browser) as opened:
        yield opened
