"""The reading pages in a real browser: from a plain server under a sub-path, and as files."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

import dlhand
from dlhand.exercises.problems import problems
from tests.browser.real_lab import AXE, SCREENSHOTS
from tests.browser.served import Watched, on_the_wire, served
from tools import chapters
from tools.chapters import NOTEBOOKS
from tools.site.build import build

pytestmark = pytest.mark.browser

CHAPTERS = ("00_start_here", "05_backpropagation", "08_convolution", "20_errata")
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """A site of some chapters, below another folder: as a project's pages are."""
    folder = tmp_path_factory.mktemp("host") / "course"
    build(folder, CHAPTERS)
    return folder


@pytest.fixture(params=["server", "file"])
def address(request, site) -> Iterator[str]:
    """Where the pages are, with a slash at the end."""
    with ExitStack() as stack:
        if request.param == "file":
            yield f"{site.as_uri()}/"
        else:
            yield f"{stack.enter_context(served(site.parent))}{site.name}/"


@pytest.fixture
def open_page(browser, address) -> Iterator[Callable[..., Page]]:
    """Give a function that opens a page of the site; the browser forgets nothing meanwhile."""
    contexts = []

    def opened(name: str, **looks) -> Page:
        if not contexts:
            contexts.append(browser.new_context(**looks))
            contexts.append(Watched(contexts[0]))
        page = contexts[0].new_page()
        page.set_default_timeout(20_000)
        page.goto(f"{address}{name}")
        return page

    yield opened
    context, watched = contexts
    context.close()
    assert watched.faults == []
    assert watched.strangers == []


class Reading:
    """A player on a reading page."""

    def __init__(self, page: Page, number: int = 0) -> None:
        self.page = page
        self.player = page.locator(".dlhand-step-player").nth(number)
        self.player.scroll_into_view_if_needed()

    def answer(self, text: str) -> str:
        self.player.get_by_label("your answer", exact=True).fill(text)
        self.page.keyboard.press("Enter")
        told = self.player.locator(".dlhand-judgement[data-verdict]:not([data-verdict=''])")
        told.wait_for()
        return f"{told.get_attribute('data-verdict')}: {told.inner_text()}"

    def press(self, name: str) -> None:
        self.player.get_by_role("button", name=name, exact=True).click()

    def text(self, selector: str) -> str:
        return re.sub(r"[\s\u2061]", "", self.player.locator(selector).inner_text())

    def set_digits(self, count: int, kind: str) -> None:
        if self.player.locator(".dlhand-menu:not([open])").count():
            self.player.locator(".dlhand-menu summary").click()
        self.player.get_by_label("kind of digits").select_option(kind)
        self.player.get_by_label("how many digits").fill(str(count))
        self.player.get_by_label("how many digits").press("Tab")

    @property
    def progress(self) -> str:
        return self.player.locator(".dlhand-progress").inner_text()


def test_a_page_says_how_long_its_chapter_takes(site) -> None:
    """And all else that is written into a chapter when it is built."""
    for name in CHAPTERS:
        told = re.findall(r"About \d+ minutes", chapters.read(NOTEBOOKS / f"{name}.ipynb").prose)
        page = (site / f"{name}.html").read_text(encoding="utf-8")
        assert re.findall(r"About \d+ minutes", page) == told != []
        assert "<time>" not in page


def test_a_step_is_predicted_judged_and_kept(open_page) -> None:
    page = open_page("00_start_here.html")
    it = Reading(page)
    assert it.progress == "1 of 7 · 0 found"
    assert "?" in it.text(".dlhand-line") and "0.75" not in it.text(".dlhand-line")
    assert it.answer("0.75") == "not yet: not yet: this is what you get without w"
    assert it.answer("0,5 x").startswith("unreadable: At character 5, 'x'")
    it.press("Hint")
    hint = it.player.locator(".dlhand-told")
    hint.wait_for()
    assert hint.inner_text() == "Hint: w · x = −2 · 0.5 = −1"
    assert it.answer("-2*0.5 + 0.25") == "right: right, and exact"
    assert it.text(".dlhand-line").endswith("=−0.75")
    page.keyboard.press("Enter")
    assert it.progress == "2 of 7 · 1 found"
    assert it.answer("0.3208") == "right: right"
    page.reload()
    again = Reading(page)
    assert again.progress == "2 of 7 · 2 found"
    assert again.text(".dlhand-judgement") == "right"
    first = open_page("index.html")
    told = first.locator("[data-progress]").first
    assert told.inner_text() == "2 of 7 steps found"


def test_where_it_knows_no_more_it_says_who_does(open_page) -> None:
    page = open_page("00_start_here.html")
    assert Reading(page).answer("0.7").endswith("whether it follows from your earlier answers.)")


def test_other_digits_come_when_they_are_asked_for(open_page) -> None:
    page = open_page("05_backpropagation.html")
    it = Reading(page, 1)
    for _ in range(2):
        it.press("Next")
    it.press("Show me")
    assert it.text(".dlhand-line").endswith("≈0.60109")
    it.set_digits(3, "digits")
    page.wait_for_function(
        "n => /0.601$/.test(n.innerText)", arg=it.player.locator(".dlhand-line").element_handle()
    )
    assert (
        it.player.get_by_label("your answer", exact=True).get_attribute("placeholder")
        == "3 significant digits"
    )
    it.set_digits(2, "places")
    page.wait_for_function(
        "n => /0.60$/.test(n.innerText)", arg=it.player.locator(".dlhand-line").element_handle()
    )
    it.set_digits(40, "digits")
    effect = it.player.locator(".dlhand-effect")
    effect.wait_for()
    assert "the live chapter has them all" in effect.inner_text()


def test_every_step_rounded_by_hand(open_page) -> None:
    page = open_page("05_backpropagation.html")
    it = Reading(page, 3)  # one whose results are shown
    it.player.locator(".dlhand-menu summary").click()
    it.player.get_by_text("round every step by hand, to").click()
    effect = it.player.locator(".dlhand-effect")
    effect.wait_for()
    assert effect.inner_text().startswith("Every step rounded to 2 places, ")
    for _ in range(3):
        it.press("Next")
    assert re.search(r"[=≈]0\.\d\d$", it.text(".dlhand-line"))


def test_the_slip_behind_a_wrong_answer_is_named(open_page) -> None:
    page = open_page("05_backpropagation.html")
    it = Reading(page, 1)
    d = dlhand.load("002-net222")
    o, t = (float(d.value(name)) for name in ("o1", "t1"))
    for _ in range([step.name for step in d.steps].index("E1")):
        it.press("Next")
    told = "not yet: not yet: this is what you get when it is not divided by 2"
    assert it.answer(f"{(o - t) ** 2:.5g}") == told
    assert it.answer("0.123").endswith("whether it follows from your earlier answers.)")
    assert it.answer(f"{(o - t) ** 2 / 2:.5g}").startswith("right")


def test_problem_after_problem_is_worked_and_kept(open_page) -> None:
    page = open_page("05_backpropagation.html")
    last = page.locator(".dlhand-step-player").count() - 1

    def first_sum(number: int) -> float:
        d = problems("002-net222").draw(1, number)
        g = {one.name: float(d.given_value(one.name)) for one in d.given_entries}
        return g["w1"] * g["x1"] + g["w3"] * g["x2"] + g["b1"]

    it = Reading(page, last)
    assert it.player.locator(".dlhand-title").inner_text().endswith("problem 1")
    assert it.answer(f"{-first_sum(1):.6g}") == "not yet: not yet: only the sign is wrong"
    assert it.answer(f"{first_sum(1):.6g}").startswith("right: ")
    blanks = [it.text(".dlhand-line").count("=")]
    for number in (2, 3):
        it.press("Another one")
        it.player.locator(".dlhand-title", has_text=f"problem {number}").wait_for()
        assert it.progress == "1 of 43 · 0 found"
        blanks.append(it.text(".dlhand-line").count("="))
        assert it.answer(f"{first_sum(number):.6g}").startswith("right: ")
    assert blanks == [3, 2, 1], "each shows less than the one before"
    page.reload()
    again = Reading(page, last)
    assert again.player.locator(".dlhand-title").inner_text().endswith("problem 3")
    assert again.progress == "1 of 43 · 1 found"
    again.press("Another one")  # the first again, as it was left
    again.player.locator(".dlhand-title", has_text="problem 1").wait_for()
    assert again.text(".dlhand-judgement").startswith("right")
    again.player.screenshot(path=SCREENSHOTS / "site-practice.png")


def test_films_quizzes_and_tables_work(open_page) -> None:
    page = open_page("08_convolution.html")
    film = page.locator(".dlhand-film").first
    told = film.locator(".dlhand-state")
    assert told.inner_text().startswith("1 of ")
    film.get_by_role("button", name="Next").click()
    assert told.inner_text().startswith("2 of ")
    quiz = page.locator(".dlhand-quiz")
    quiz.locator("input").first.check()
    quiz.get_by_role("button", name="Check").click()
    assert quiz.locator(".dlhand-verdict").inner_text()
    page.reload()
    assert page.locator(".dlhand-quiz .dlhand-verdict").inner_text()
    errata = open_page("20_errata.html").locator(".dlhand-table").last
    errata.get_by_role("searchbox").fill("lstm")
    shown = errata.locator(".dlhand-state").inner_text()
    count, _, every = shown.removesuffix(" rows").partition(" of ")
    assert 0 < int(count) < int(every)
    errata.get_by_role("button", name="line").click()
    assert errata.locator("[aria-sort=ascending]").count() == 1


def test_the_search_finds_sections_of_all_chapters(open_page) -> None:
    page = open_page("00_start_here.html")
    page.get_by_role("searchbox", name="Search all chapters").fill("gradient check")
    found = page.locator(".search li a")
    found.first.wait_for()
    addresses = [one.get_attribute("href") for one in found.all()]
    assert any(one.startswith("05_backpropagation.html#") for one in addresses)
    found.first.click()
    page.wait_for_url("**/05_backpropagation.html#*")
    anchor = urlsplit(page.url).fragment
    assert page.locator(f'[id="{anchor}"]').bounding_box()["y"] < 900
    page.get_by_role("searchbox", name="Search all chapters").fill("xylophone")
    page.get_by_text("Nothing found").wait_for()


def test_the_way_through_the_course(open_page) -> None:
    page = open_page("index.html")
    page.get_by_role("link", name="Backpropagation").last.click()
    assert page.get_by_role("heading", level=1).inner_text() == "5. Backpropagation"
    page.locator("a[rel=next]").click()
    assert "Convolution" in page.get_by_role("heading", level=1).inner_text()
    page.locator("a[rel=prev]").click()
    live = page.locator("a.live-chapter").first
    assert live.get_attribute("href") == "live/lab/index.html?path=05_backpropagation.ipynb"
    if page.url.startswith("file:"):
        live.click()
        assert "run only from a web server" in page.locator(".notice").inner_text()


def test_no_link_inside_the_site_leads_nowhere(site) -> None:
    for path in site.glob("*.html"):
        text = path.read_text(encoding="utf-8")
        ids = set(re.findall(r' id="([^"]+)"', text))
        for link in re.findall(r'href="([^":]+)"', text):
            file, _, anchor = link.partition("#")
            is_left_out = re.fullmatch(r"\d\d_\w+\.html", file) and file[:-5] not in CHAPTERS
            if not is_left_out and not file.startswith("live/"):
                assert not file or (site / file).exists(), (path.name, link)
                assert file or anchor in ids, (path.name, link)


def test_a_page_is_small_on_the_wire(site) -> None:
    shared = [site / "assets" / name for name in ("site.js", "site.css")]
    for path in site.glob("*.html"):
        assert on_the_wire([path, *shared]) < MOST_BYTES, path.name


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index", "05_backpropagation"])
def test_axe_finds_nothing(browser, site, name, scheme, width) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{site.as_uri()}/{name}.html")
    page.evaluate("() => document.fonts.ready")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"site-{name}-{scheme}-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.add_script_tag(path=AXE)
    found = page.evaluate("() => axe.run()")["violations"]
    context.close()
    assert [(one["id"], one["nodes"][0]["html"][:300]) for one in found] == []


def test_without_scripts_a_page_reads(browser, site) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/05_backpropagation.html")
    assert page.locator("noscript ol li math").count() > 50
    context.close()


def test_the_data_of_a_page_is_json(site) -> None:
    text = (site / "05_backpropagation.html").read_text(encoding="utf-8")
    found = re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    assert len([json.loads(one) for one in found]) == 6
