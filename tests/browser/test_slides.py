"""Decks of slides in a real browser, as a class sees them: 1280 by 720 pixels.

`make test-all` measures the deck of every example (some minutes), not only a sample.
"""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

import dlhand
from tests.browser.pixels import MOST_WHITE, pixels, white
from tests.browser.real_lab import AXE, SCREENSHOTS

pytestmark = pytest.mark.browser

CLICKED = ("002-net222", "002-lstm", "003-conv", "000-attn")
# With the widest formulas and the tallest ones, and from every twentieth part of the course.
MEASURED = (
    "000-attn-backward", "002-yolo-anchor", "004-attention", "004-attention-patches",
    *dlhand.names()[::20],
)  # fmt: skip
LEAST = 28  # pixels of a formula

# What of the slides given is cut off, what covers the picture, and what is too small.
FAULTS = """([all, least]) => {
  const every = [...document.querySelectorAll("section.dlhand")];
  const slides = all ? every : [Reveal.getCurrentSlide()];
  document.documentElement.classList.toggle("fitting", all);
  const found = slides.flatMap((slide) => {
    const outer = slide.getBoundingClientRect();
    const picture = slide.querySelector(".picture")?.getBoundingClientRect();
    const name = slide.dataset.step ?? slide.textContent.slice(0, 30);
    const faults = [];
    const size = [outer.width, outer.height].map(Math.round).join();
    if (size !== "1280,720") faults.push(["size", name, size]);
    for (const part of slide.querySelectorAll(":not(aside, aside *, .picture *)")) {
      const { left, right, top, bottom, width } = part.getBoundingClientRect();
      if (!width) continue;
      const across = Math.max(outer.left - left, right - outer.right);
      if (Math.max(across, outer.top - top, bottom - outer.bottom) > 1) {
        faults.push(["cut off", name, part.tagName]);
      }
      if (part.localName !== "math" || !part.closest(".rows")) continue;
      if (picture?.width && right > picture.left + 1 && bottom > picture.top + 1) {
        faults.push(["on the picture", name]);
      }
      const letters = parseFloat(getComputedStyle(part).fontSize);
      if (letters < least && !part.closest(".remark")) faults.push(["small", name, letters]);
    }
    return faults;
  });
  document.documentElement.classList.remove("fitting");
  return found;
}"""
STATE = """() => {
  const slide = Reveal.getCurrentSlide();
  const shown = [...slide.querySelectorAll(".rows > *")].filter((one) =>
    getComputedStyle(one).visibility !== "hidden");
  return {
    step: slide.classList.contains("step") ? slide.dataset.step : "",
    parts: slide.classList.contains("step") ? shown.length : -1,
    pictured: Boolean(slide.querySelector(".picture")?.clientWidth),
    lit: slide.querySelectorAll(".picture .dlhand-lit").length,
    now: [...slide.querySelectorAll(".picture .dlhand-now")]
      .map((one) => getComputedStyle(one).visibility),
    told: Boolean(slide.querySelector(".result.visible")),
    isLast: Reveal.isLastSlide() && !Reveal.availableFragments().next,
    index: Reveal.getSlidePastCount(),
  };
}"""


@pytest.fixture
def page(browser) -> Iterator[Page]:
    """A page that may read files of this machine and nothing else."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    opened = context.new_page()
    opened.emulate_media(reduced_motion="reduce")  # what is shown is there at once
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda one: None if is_own(one.url) else errors.append(one.url))
    yield opened
    context.close()
    assert errors == []


def is_own(address: str) -> bool:
    return address.startswith(("file:", "data:", "blob:", "about:"))


def present(page: Page, path, query: str = "", **options) -> None:
    name = options.pop("name", "002-net222")
    dlhand.load(name).slides(**options).save(path)
    page.goto(f"file://{path}{query}")
    page.wait_for_selector("html[data-ready]", state="attached")


@pytest.mark.parametrize("name", CLICKED)
def test_a_whole_deck_is_clicked_through(page, tmp_path, name) -> None:
    present(page, tmp_path / "deck.html", name=name, predict=True)
    slides, fragments = page.evaluate(
        "() => [Reveal.getTotalSlides(), document.querySelectorAll('.slides .fragment').length]"
    )
    clicks, before, seen, lit = 0, page.evaluate(STATE), [], 0
    while not before["isLast"]:
        page.keyboard.press("Space" if clicks % 2 else "ArrowRight")
        clicks += 1
        after = page.evaluate(STATE)
        assert after["index"] - before["index"] in (0, 1)
        if after["index"] == before["index"]:  # a part more; a guess makes room for the result
            assert 0 <= after["parts"] - before["parts"] <= 1
        else:
            assert page.evaluate(FAULTS, [False, LEAST]) == []
            seen += [after["step"]] if after["step"] not in ("", *seen) else []
        if after["pictured"]:
            lit += after["lit"] > 0
            assert set(after["now"]) <= {"visible" if after["told"] else "hidden"}
        before = after
    assert clicks == slides - 1 + fragments
    assert seen == [step.name for step in dlhand.load(name).steps]
    assert lit > len(seen)
    page.keyboard.press("ArrowLeft")
    assert not page.evaluate(STATE)["isLast"]


def every_deck() -> tuple[str, ...]:
    return tuple(dlhand.names()) if os.environ.get("DLHAND_ALL") else MEASURED


def test_nothing_is_cut_off_or_small_on_any_slide(page, tmp_path) -> None:
    found = {}
    for name in every_deck():
        present(page, tmp_path / "deck.html", name=name)
        found[name] = page.evaluate(FAULTS, [True, LEAST])
    assert len(found) >= 12
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_measure_sees_faults(page, tmp_path) -> None:
    present(page, tmp_path / "deck.html", steps="1..3")
    page.add_style_tag(content=".step .rows { font-size: 150px !important }")
    kinds = {fault[0] for fault in page.evaluate(FAULTS, [True, LEAST])}
    assert kinds == {"cut off", "on the picture"}
    page.add_style_tag(content=".step .rows { font-size: 20px !important }")
    assert {fault[0] for fault in page.evaluate(FAULTS, [True, LEAST])} == {"small"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_deck_can_be_used_by_all(page, tmp_path, scheme) -> None:
    page.emulate_media(color_scheme=scheme)
    present(page, tmp_path / "deck.html", predict=True)
    page.add_script_tag(path=AXE)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for clicks in (0, 1, 4, 3, 1, 1):  # the title, the givens, the parts of a step
        for _ in range(clicks):
            page.keyboard.press("ArrowRight")
        found = page.evaluate("() => axe.run()")["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    page.screenshot(path=SCREENSHOTS / f"slides-{scheme}.png")
    shown = pixels(page.locator("section.present.step .picture svg").screenshot())
    assert (white(shown) < MOST_WHITE) == (scheme == "dark")


def test_the_overview_shows_slides_with_their_pictures(page, tmp_path) -> None:
    present(page, tmp_path / "deck.html", steps="1..4")
    page.keyboard.press("Escape")
    page.wait_for_selector(".reveal.overview")
    assert page.locator("section.step .picture svg").count() == 4
    widths = page.evaluate(
        """() => [".slide-background.dlhand", "section.dlhand"].map((each) =>
          [...document.querySelectorAll(each)].map((one) => getComputedStyle(one).width))"""
    )
    assert widths[0] == widths[1] == ["1280px"] * len(widths[0])  # each slide in its frame
    page.keyboard.press("Escape")
    assert page.locator(".reveal.overview").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_a_slide_is_whole_and_has_its_parts(page, tmp_path, scheme) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme=scheme)
    present(page, tmp_path / "deck.html", query="#/2/1", steps="1..4")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    state = page.evaluate(STATE)
    assert state["step"] == "z_h1" and state["parts"] == 3 and state["pictured"]
    box = page.locator("section.present.step").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390.5
    page.add_script_tag(path=AXE)
    assert page.evaluate("() => axe.run()")["violations"] == []
    page.screenshot(path=SCREENSHOTS / f"slides-phone-{scheme}.png")


def test_the_presenter_has_a_view_with_notes(page, tmp_path) -> None:
    present(page, tmp_path / "deck.html", query="#/2/1", steps="1..4")
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.wait_for()
    spoken = page.evaluate("() => Reveal.getSlideNotes()")
    assert "z" in spoken and notes.inner_text().split()[:3] == spoken_words(spoken)[:3]


def spoken_words(html: str) -> list[str]:
    return html.replace("<p>", " ").replace("</p>", " ").split()


def test_it_prints_a_page_for_each_slide(page, tmp_path) -> None:
    page.emulate_media(color_scheme="dark")
    present(page, tmp_path / "deck.html", query="?print-pdf", steps="1..4", predict=True)
    page.wait_for_selector(".pdf-page")
    printed = page.pdf(prefer_css_page_size=True)
    assert printed.count(b"/Type /Page\n") == page.locator(".pdf-page").count()
    assert page.locator(".pdf-page").count() == page.evaluate("() => Reveal.getTotalSlides()")
    hidden = page.locator(".pdf-page .row").evaluate_all(
        "(rows) => rows.filter((one) => getComputedStyle(one).visibility === 'hidden').length"
    )
    assert hidden == 0
    assert page.locator(".pdf-page .picture svg").count() == 4
    parts = page.locator(".pdf-page :is(.where, h2, h3, h4, .words, .rows, .picture)")
    ends = parts.evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect()).map((r) => [r.left, r.right])"
    )
    assert all(left >= 55 and right <= 1280 - 55 for left, right in ends)  # a margin of paper


def test_no_words_beside_a_drawing_are_cut(page, tmp_path) -> None:
    present(page, tmp_path / "deck.html", query="#/2/1")
    shown = 0
    for _ in range(30):
        page.keyboard.press("ArrowRight")
        cut, whole = page.evaluate(
            """() => {
              const place = Reveal.getCurrentSlide().querySelector(".picture");
              if (!place?.firstChild) return [0, 0];
              const room = place.getBoundingClientRect();
              const boxes = [...place.querySelectorAll("svg > text")]
                .map((text) => text.getBoundingClientRect());
              const isWhole = (box) => box.left >= room.left - 1 && box.right <= room.right + 1
                && box.top >= room.top - 1 && box.bottom <= room.bottom + 1;
              return [boxes.filter((box) => !isWhole(box)).length, boxes.filter(isWhole).length];
            }"""
        )
        assert cut == 0
        shown += whole
    assert shown
