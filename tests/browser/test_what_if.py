"""Explore in a real JupyterLab: what follows a slider fits a screen, reads well, needs no mouse."""

import re
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from dlhand import load
from tests.browser.real_lab import AXE
from tests.widgets.one_step import error_after_a_step

pytestmark = pytest.mark.browser

LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
LAYER = """\
from dlhand import Derivation, sigmoid
layer = Derivation("A layer")
x, W, b = layer.givens(x=["0.1", "0.5"], W=[["0.1", "-0.3"], ["1/3", "0.4"]], b=["0.25", "0.35"])
h = layer.step("h", sigmoid(layer.step("z", W @ x + b)), say="activations")
"""
CHAPTER_05 = """\
layers = [["x1", "x2"], ["h1'", "h2'"], ["o1'", "o2'"]]
load("002-net222-again").explore(
    "alpha", "b1", "b2", "t1", "t2", watch="E'", ranges={"alpha": (0, 20)},
    picture=lambda d: d.network(layers))
"""


class Shown:
    """The first what-if on the page, read and used as a learner does."""

    def __init__(self, lab) -> None:
        self.lab = lab
        self.page = lab.page
        self.whole = lab.page.locator(".dlhand-what-if").first
        self.slider = self.whole.get_by_role("slider").first
        self.box = self.whole.get_by_role("textbox").first
        self.table = self.whole.locator(".dl-comparison")
        self.code = self.whole.locator(".dlhand-code")
        self.error = self.whole.locator(".dlhand-control-error").first

    def press(self, name: str) -> None:
        self.whole.get_by_role("button", name=name, exact=True).click()

    def move(self, times: int, key: str) -> None:
        self.slider.focus()
        for _ in range(times):
            self.page.keyboard.press(key)

    def wait_for_result(self, text: str) -> None:
        """Wait until the result reads so."""
        wait(self, lambda: plain(self.whole.locator(".dlhand-headline").inner_text()), text)

    def rows(self) -> dict[str, list[str]]:
        """The numbers of the comparison, by the step as it is read."""
        texts = self.table.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        )
        return {plain(name): list(map(plain, cells)) for name, *cells in texts}

    def wait_for(self, row: str, cells: list[str]) -> None:
        """Wait until the comparison has these numbers in a row."""
        wait(self, lambda: self.rows().get(row), cells)


def wait(it: Shown, read: Callable[[], object], wanted: object) -> None:
    for _ in range(200):
        if read() == wanted:
            return
        it.page.wait_for_timeout(50)
    assert read() == wanted


def plain(text: str) -> str:
    return re.sub(r"[\s\u2061]", "", text)


@pytest.fixture
def shown(lab) -> Callable[..., Shown]:
    """Give a function that runs cells in a notebook of their own and finds the first what-if."""

    def show(*cells: str) -> Shown:
        lab.run_cells("from dlhand import load", *cells)
        it = Shown(lab)
        it.whole.wait_for()
        return it

    return show


def test_the_slider_answers_where_a_larger_step_stops_helping(shown) -> None:
    it = shown(CHAPTER_05)
    it.wait_for_result("E′≈0.23385")
    it.move(92, "ArrowRight")  # alpha goes from 0.6 to 9.8
    it.wait_for_result(f"E′≈{error_after_a_step(9.8):.5g}")
    assert it.box.input_value() == "9.8"
    point = it.whole.locator(".dlhand-curve rect").last
    there = point.bounding_box()
    assert there is not None
    for key in ("ArrowLeft", "ArrowRight", "ArrowRight", "PageUp"):
        it.page.keyboard.press(key)
    it.page.wait_for_function(
        "([x]) => [...document.querySelectorAll('.dlhand-curve rect')].at(-1)"
        ".getBoundingClientRect().x > x + 5",
        arg=[there["x"]],
    )
    words = it.whole.get_by_role("img", name=re.compile("^Curve: E′ for α from 0 to 20")).first
    assert "It is least, 0.0944, at α = 9.8" in (words.get_attribute("aria-label") or "")


def test_the_picture_follows_the_slider_and_the_result_is_lit_in_it(shown) -> None:
    it = shown(CHAPTER_05)
    image = it.whole.get_by_role("img", name=re.compile("^Network")).first
    assert "w₅′ = 0.45188" in (image.get_attribute("aria-label") or "")
    it.slider.focus()
    it.page.keyboard.press("Home")
    it.wait_for_result("E′≈0.24909")  # no step at all: the error before it
    assert "w₅′ = 0.5," in (image.get_attribute("aria-label") or "")
    it.whole.get_by_label("result to be watched").select_option("o1'")
    it.wait_for_result("o1′≈0.73493")
    assert image.locator(".dlhand-lit").count() > 0


TEXTS = """svg => { const walk = document.createTreeWalker(svg, NodeFilter.SHOW_TEXT), found = [];
    while (walk.nextNode()) if (walk.currentNode.data.trim()) found.push(walk.currentNode.data);
    return found; }"""


def test_numbers_are_put_into_a_picture_that_stays_and_another_is_drawn_where_it_must(
    shown,
) -> None:
    it = shown('load("002-lstm").explore("b_f", "out_-1", picture="graph")')
    drawing = it.whole.locator(".dlhand-image svg").first
    drawing.evaluate("svg => (svg.dataset.old = 'yes')")
    for key, value, stays in (("ArrowRight", "0.16", True), ("Home", "-1", False)):
        it.slider.focus()
        it.page.keyboard.press(key)
        wait(it, it.box.input_value, value)
        it.page.wait_for_timeout(300)
        svg = load("002-lstm").what_if(b_f=value).graph().undescribed
        wanted = [text for text in ElementTree.fromstring(svg).itertext() if text.strip()]
        wait(it, lambda: drawing.evaluate(TEXTS), wanted)
        assert (drawing.get_attribute("data-old") == "yes") is stays


def test_a_typed_number_widens_the_slider_and_a_wrong_one_is_told_beside_it(shown) -> None:
    it = shown(CHAPTER_05)
    it.box.fill("30")
    it.box.press("Enter")
    it.page.wait_for_function(  # it goes from 0 to 50 now
        "() => { const s = document.querySelector('.dlhand-slider');"
        " return s.ariaValueText === '30' && s.value / s.max === 0.6 && s.min === '0'; }"
    )
    it.box.fill("fast")
    it.box.press("Enter")
    it.error.get_by_text("Still used: 30").wait_for()
    it.box.press("Escape")
    assert it.box.input_value() == "30"
    it.box.press("Enter")
    it.page.wait_for_timeout(100)
    it.press("Reset")
    it.wait_for_result("E′≈0.23385")
    assert it.error.is_hidden()


def test_what_a_derivation_cannot_mean_is_told_beside_its_control(shown) -> None:
    it = shown('load("002-yolo-iou").explore("A", "B")')
    before = it.whole.locator(".dlhand-headline").inner_text()
    it.box.fill("5, 1, 1, 5")
    it.box.press("Tab")
    it.error.get_by_text("wanted x1 < x2 and y1 < y2").wait_for()
    assert it.box.get_attribute("aria-invalid") == "true"
    assert it.whole.locator(".dlhand-headline").inner_text() == before


def test_two_settings_stand_side_by_side_below_the_picture(shown) -> None:
    it = shown("load('002-net222').explore('b2', picture='graph')")
    image = it.whole.locator(".dlhand-image").first
    place = image.bounding_box()
    assert not it.table.is_visible()
    it.press("Compare")
    it.wait_for("o1", ["≈0.73493", "≈0.73493", "0"])
    assert image.bounding_box() == place
    it.move(10, "ArrowLeft")
    it.wait_for("b2", ["0.35", "0.25", "−0.1"])
    it.wait_for("o1", ["≈0.73493", "≈0.71500", "≈−0.019933"])
    assert it.rows()["h1"] == ["≈0.60109", "≈0.60109", "0"]
    it.press("Keep this setting")
    it.wait_for("o1", ["≈0.71500", "≈0.71500", "0"])
    it.press("Reset")
    it.wait_for("o1", ["≈0.71500", "≈0.73493", "≈0.019933"])
    assert "your setting of b₂" in it.whole.inner_text()
    it.press("Compare")
    it.table.wait_for(state="hidden")


def test_the_comparison_stays_where_it_is_scrolled_to(shown) -> None:
    it = shown("load('002-net222').explore('b2')")
    it.press("Compare")
    it.table.wait_for()
    region = it.whole.get_by_role("region", name="two settings side by side")
    region.evaluate("node => { node.scrollTop = 300; }")
    it.move(1, "ArrowLeft")
    it.wait_for("b2", ["0.35", "0.34", "−0.01"])
    assert region.evaluate("node => node.scrollTop") == 300


def test_the_steps_that_change_have_a_line_each(shown) -> None:
    it = shown("load('002-net222').explore('b2')")
    it.press("Steps")
    it.whole.get_by_text("Nothing has changed yet").wait_for()
    it.move(10, "ArrowLeft")
    row = it.whole.locator(".dlhand-row").first
    row.wait_for()
    wait(it, lambda: plain(row.inner_text()), "zo1=w5·h1+w6·h2+b2≈1.0198≈0.91977")
    heights = it.whole.locator(".dlhand-row").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().height)"
    )
    assert max(heights) < 60  # a fraction, at most


def test_every_slider_and_box_has_its_name_for_a_screen_reader(shown) -> None:
    it = shown("load('002-net222').explore('b2', 'w5')", LAYER + "layer.explore('W')")
    it.whole.get_by_role("slider", name="b₂", exact=True).wait_for()
    it.whole.get_by_role("slider", name="w₅", exact=True).wait_for()
    it.whole.get_by_role("textbox", name="b₂, typed exactly", exact=True).wait_for()
    it.page.get_by_role("textbox", name="W, typed exactly", exact=True).wait_for()
    assert it.slider.get_attribute("aria-valuetext") == "0.35"


def test_the_code_follows_and_can_be_copied(shown) -> None:
    it = shown("load('002-net222').explore('b2', 'w5')")
    it.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    it.press("Code")
    it.code.get_by_text("import dlhand").wait_for()
    assert it.code.inner_text() == 'import dlhand\n\ndlhand.load("002-net222")'
    it.box.fill("1/3")
    it.box.press("Enter")
    it.code.get_by_text('what_if(b2="1/3")').wait_for()
    it.press("Copy")
    it.whole.get_by_text("copied", exact=True).wait_for()
    assert it.page.evaluate("() => navigator.clipboard.readText()") == it.code.inner_text()


def test_code_that_cannot_be_copied_is_selected(shown) -> None:
    it = shown("load('002-net222').explore('b2')")
    it.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject('no'); }")
    it.press("Code")
    it.press("Copy")
    it.whole.get_by_text("selected: copy it with Ctrl+C").wait_for()
    assert it.page.evaluate("() => getSelection().toString()") == it.code.inner_text()


def test_it_needs_no_mouse(shown) -> None:
    it = shown(CHAPTER_05)
    it.whole.get_by_label("result to be watched").focus()
    keys = []
    for _ in range(18):
        it.page.keyboard.press("Tab")
        keys.append(
            it.page.evaluate(
                "() => document.activeElement.ariaLabel || document.activeElement.textContent"
            )
        )
    for wanted in ("α", "α, typed exactly", "t₂", "Reset", "Steps", "Compare", "Code"):
        assert wanted in keys
    assert keys.index("α") < keys.index("Reset")


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("size", [(1200, 900), (1024, 576), (390, 844)])
def test_it_fits_one_screen_and_reads_well_in_both_themes(shown, theme, size) -> None:
    it = shown(CHAPTER_05, LAYER + "layer.explore()")
    it.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
    it.lab.choose_theme(theme)
    it.page.set_viewport_size({"width": size[0], "height": size[1]})
    it.move(20, "ArrowRight")
    it.wait_for_result(f"E′≈{error_after_a_step(2.6):.5g}")
    it.page.wait_for_timeout(500)  # until all is laid out for this size
    it.whole.evaluate("node => node.scrollIntoView()")
    it.page.wait_for_timeout(200)
    it.lab.screenshot(f"explore-{'dark' if theme == DARK else 'light'}-{size[0]}")
    view = it.page.locator(".jp-WindowedPanel-outer").bounding_box()
    assert view is not None
    for what in (".dlhand-picture", ".dlhand-headline", ".dlhand-slider", ".dlhand-curve",
                 ".dlhand-bar"):  # fmt: skip
        box = it.whole.locator(what).first.bounding_box()
        assert box is not None
        assert box["y"] >= view["y"] - 1
        assert box["y"] + box["height"] <= view["y"] + view["height"] + 1
        assert box["x"] + box["width"] <= view["x"] + view["width"]
    letters = it.whole.locator(".dlhand-image svg").evaluate_all(
        """drawings => drawings.flatMap(drawing => {
            const scale = drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width;
            return [...drawing.querySelectorAll("text[font-size]")]
              .map(text => text.getAttribute("font-size") * scale);
        })"""
    )
    assert min(letters) >= 10.9
    assert it.whole.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    for name in ("Compare", "Steps", "Code"):
        it.press(name)
    it.table.wait_for()
    it.box.fill("nothing")
    it.box.press("Enter")
    it.error.wait_for()
    assert problems(it.page) == []


def problems(page) -> list[str]:
    """What an automated check of accessibility finds that is serious."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run({include: [['.dlhand-what-if']]})")
    return [
        f"{one['id']}: {one['help']}: {node['html'][:600]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
