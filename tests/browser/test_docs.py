"""The documentation as `make docs` builds it, from a plain server; all else is out of reach."""

import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.real_lab import AXE, ROOT, SCREENSHOTS

pytestmark = pytest.mark.browser

BUILT = ROOT / "build" / "docs"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the documentation is, in a folder of a site."""
    done = subprocess.run(["make", "docs"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(BUILT.parent)))
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}/docs/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    own = (address, "data:", "blob:")
    opened.on("request", lambda one: None if one.url.startswith(own) else faults.append(one.url))
    yield opened
    context.close()
    assert faults == []


PAGES = sorted(path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
               for path in (ROOT / "docs").rglob("*.md"))  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_read_by_all_and_is_not_wider_than_a_phone(page, address, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(address + name)
        page.add_script_tag(path=AXE)
        # Of the page what is ours: the frame around it and the buttons to copy are the theme's.
        asked = "() => axe.run({ include: ['article'], exclude: ['.md-code__nav'] })"
        found = page.evaluate(asked)["violations"]
        nodes = [(one["id"], node["html"]) for one in found for node in one["nodes"]]
        assert nodes == [], name
        page.screenshot(path=SCREENSHOTS / f"docs-{Path(name).stem}-{scheme}.png")
        page.set_viewport_size({"width": 390, "height": 800})
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= 390, name


def test_a_name_is_found_and_leads_to_what_it_does(page, address) -> None:
    page.goto(address)
    page.locator(".md-search__input").focus()
    page.keyboard.type("chosen_steps")
    page.locator(".md-search-result__link[href*=chosen_steps]").first.click()
    page.wait_for_url("**/reference/slides.html*")
    assert page.locator("#dlhand\\.slides\\.choice\\.chosen_steps").count() == 1


def test_the_design_has_its_picture_and_the_reference_every_room(page, address) -> None:
    page.goto(f"{address}design.html")
    rooms = page.locator("svg.rooms g").evaluate_all("(all) => all.map((g) => g.dataset.room)")
    assert "numbers" in rooms and "widgets" in rooms
    assert page.locator("svg.rooms").bounding_box()["width"] > 400
    shown = [room for room in rooms if room not in ("__main__", "dlhand")]
    assert [room for room in shown if not (BUILT / "reference" / f"{room}.html").exists()] == []
