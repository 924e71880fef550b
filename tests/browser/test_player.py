"""The player and the what-if controls in a real JupyterLab, by mouse and by keyboard alone."""

import os
import re
import signal
from collections.abc import Callable
from typing import NamedTuple

import nbformat
import numpy as np
import pytest
from playwright.sync_api import Page

import dlhand
from tests.browser.real_lab import AXE, SCREENSHOTS

pytestmark = pytest.mark.browser


NETWORK = '''\
from dlhand import Derivation, sigmoid
def network():
    """Two inputs, two sigmoid neurons, one sigmoid output, squared error."""
    d = Derivation("A network of two layers", about="How does each weight change the error?")
    x1, x2, b1, b2, t = d.givens(x1="0.1", x2="0.5", b1="0.25", b2="0.35", t="0.05")
    w1, w2, w3, w4 = d.givens(w1="0.1", w2="0.2", w3="0.3", w4="0.4")
    w5, w6 = d.givens(w5="0.5", w6="0.6")
    d.section("Forward")
    h1 = d.step("h1", sigmoid(d.step("z_h1", w1 * x1 + w3 * x2 + b1, say="weighted sum")))
    h2 = d.step("h2", sigmoid(d.step("z_h2", w2 * x1 + w4 * x2 + b1, say="weighted sum")))
    z = d.step("z_o", w5 * h1 + w6 * h2 + b2)
    o = d.step("o", sigmoid(z), say="activation", printed="0.73")
    d.section("Error")
    E = d.step("E", (o - t) ** 2 / 2, say="half the squared error")
    d.section("Backward")
    d.backward(E, [w1, w5, b2])
    return d
'''
LAYER = """\
layer = Derivation("A layer")
x, W, b = layer.givens(x=["0.1", "0.5"], W=[["0.1", "-0.3"], ["1/3", "0.4"]], b=["0.25", "0.35"])
h = layer.step("h", sigmoid(layer.step("z", W @ x + b)), say="activations")
"""
CHAIN = """\
chain = Derivation("Two hundred steps")
x = chain.given("x", "0.3")
for n in range(200):
    x = chain.step(f"x{n}", sigmoid(x * "1.5" - "0.25"), say=f"round {n}")
"""


class Shown:
    """A player on the page, read and used as a learner does."""

    def __init__(self, lab, number: int = 0) -> None:
        self.lab = lab
        self.page = lab.page
        self.player = lab.page.locator(".dlhand-player").nth(number)
        self.card = self.player.locator(".dlhand-card")

    def open_menu(self) -> None:
        if self.player.locator(".dlhand-menu:not([open])").count():
            self.player.locator(".dlhand-menu summary").click()

    def jump(self, symbol: str) -> None:
        """Go to a step by its symbol."""
        self.open_menu()
        jump = self.player.get_by_label("go to step")
        option = jump.locator("option").filter(has_text=re.compile(rf"^\d+[.] {symbol}(:|$)"))
        jump.select_option(value=option.get_attribute("value"))

    def choose(self, name: str) -> None:
        """Press a button of the menu."""
        self.open_menu()
        self.press(name)

    def press(self, name: str) -> None:
        self.player.get_by_role("button", name=name, exact=True).click()

    @property
    def earlier(self) -> list[str]:
        """The steps in the list, as they are told to a screen reader."""
        return self.player.locator(".dlhand-step:visible .dlhand-spoken").all_inner_texts()

    @property
    def progress(self) -> str:
        return self.player.locator(".dlhand-progress").inner_text()

    @property
    def spoken(self) -> str:
        return self.player.locator("[role=status]").inner_text()

    @property
    def box(self):
        """The box for the answer to the current step."""
        return self.card.get_by_label("your answer", exact=True)

    @property
    def line(self) -> str:
        """The current line as far as it is seen, without spaces."""
        return self.text(".dlhand-line")

    def text(self, selector: str) -> str:
        """What is seen of a part of the current step, without spaces."""
        return re.sub(r"[\s\u2061]", "", self.card.locator(selector).inner_text())

    @property
    def result(self) -> str:
        """The end of the current line, as far as it is seen."""
        parts = self.card.locator(".dlhand-line > :visible").all_inner_texts()
        return re.sub(r"\s", "", parts[-1])

    def is_focused(self, selector: str) -> bool:
        return self.page.evaluate("s => document.activeElement.matches(s)", selector)

    def answer(self, text: str) -> str:
        """Type an answer to the current step, press Enter; give what is said about it."""
        self.box.fill(text)
        self.page.keyboard.press("Enter")
        return self.verdict()

    def verdict(self) -> str:
        """Wait for what is said about the answer to the current step."""
        verdict = self.card.locator(".dlhand-judgement[data-verdict]:not([data-verdict=''])")
        verdict.wait_for()
        return f"{verdict.get_attribute('data-verdict')}: {verdict.inner_text()}"


def attributes(nodes, name: str) -> list[str]:
    return [node.get_attribute(name) for node in nodes.all()]


@pytest.fixture
def shown(lab, tmp_path) -> Callable[..., Shown]:
    """Give a function that runs cells in a notebook of their own and finds the first player.

    Its kernels have a journal of their own.
    """
    own_journal = f"import os; os.environ['DLHAND_JOURNAL'] = {str(tmp_path / 'journal')!r}\n"

    def show(*cells: str) -> Shown:
        lab.run_cells(own_journal + NETWORK, *cells)
        lab.page.locator(".dlhand-player").first.wait_for()
        return Shown(lab)

    return show


def test_stepping_by_mouse(shown) -> None:
    it = shown("network().player()")
    assert (it.earlier, it.progress, it.result) == ([], "1 of 14", "=0.41")
    assert not it.box.is_visible()  # nothing is asked
    it.player.locator(".dlhand-previous").click(force=True)  # it is marked as disabled
    assert it.progress == "1 of 14"
    it.press("Next")
    it.press("Next")
    assert (it.progress, it.result) == ("3 of 14", "=0.47")
    assert it.earlier == ["step 1: z_h1 = 0.41", "step 2: h₁ ≈ 0.60109"]
    assert it.spoken.startswith("step 3 of 14: weighted sum z_h2 = w₂ · x₁ + w₄ · x₂ + b₁ = ")
    assert it.spoken.endswith(" = 0.2 · 0.1 + 0.4 · 0.5 + 0.25 = 0.47")
    it.player.get_by_role("button", name="step 1: z_h1 = 0.41").click()
    assert (len(it.earlier), it.progress) == (3, "1 of 14")  # what was reached stays
    it.open_menu()
    jump = it.player.get_by_label("go to step")
    groups = jump.locator("optgroup").evaluate_all("nodes => nodes.map(node => node.label)")
    assert groups == ["Forward", "Error", "Backward"]
    jump.select_option(label="7. E: half the squared error")
    assert not jump.is_visible()  # the menu is closed
    assert (len(it.earlier), it.progress, it.result) == (6, "7 of 14", "≈0.23456")
    it.choose("Reveal all")
    assert (len(it.earlier), it.progress) == (14, "7 of 14")
    it.player.focus()
    it.page.keyboard.press("End")
    it.player.locator(".dlhand-next").click(force=True)
    assert (it.progress, it.result) == ("14 of 14", "≈0.0015997")
    it.lab.screenshot("player-last-step")


ALL = {
    "z_h1": "0.41", "h1": "0.60109", "z_h2": "0.47", "h2": "0.61538", "z_o": "1.0198",
    "o": "0.73493", "E": "0.23456", "dE/do": "0.68493", "do/dz_o": "0.19481",
    "dE/dz_o": "0.13343", "dE/dw5": "0.080203", "dE/db2": "0.13343", "dE/dh1": "0.066714",
    "dh1/dz_h1": "0.23978", "dE/dz_h1": "0.015997", "dE/dw1": "0.0015997",
}  # fmt: skip
"""What a calculator gives, to five digits."""


def test_a_whole_player_by_keyboard_with_two_keys_a_step(shown) -> None:
    it = shown("p = network().player(predict=True)\np", "[s.name for s in p.derivation.steps]")
    names = re.findall(r"'([^']+)'", it.page.locator(".jp-OutputArea-output").last.inner_text())
    keyboard = it.page.keyboard
    it.box.focus()
    for number, name in enumerate(names, 1):
        assert it.is_focused(".dlhand-input")
        keyboard.type(ALL[name])
        keyboard.press("Enter")
        assert it.verdict().startswith("right: "), name
        if number < len(names):
            keyboard.press("Enter")
            assert it.progress == f"{number + 1} of {len(names)} · {number} found"
    assert it.card.locator(".dlhand-summary").inner_text() == (
        f"Backward: {len(names) - 7} of {len(names) - 7} found, {len(names) - 7} at the first try."
    )
    # The keys were ours: JupyterLab has neither left the cell nor added or run one.
    assert it.page.locator(".jp-Notebook .jp-Cell").count() == 3


def test_other_keys(shown) -> None:
    it = shown("network().player(predict=True)")
    keyboard = it.page.keyboard
    for _ in range(60):
        if it.is_focused(".dlhand-next"):
            break
        keyboard.press("Tab")
    assert it.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keyboard.press("Enter")
    assert it.progress.startswith("2 of 14")
    assert it.is_focused(".dlhand-next")  # it can be pressed again
    keyboard.press("Escape")
    assert it.is_focused(".dlhand-player")
    keyboard.press("ArrowRight")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowLeft")
    assert it.progress.startswith("3 of 14")
    keyboard.press("End")
    assert it.progress.startswith("14 of 14")
    keyboard.press("Home")
    keyboard.press("ArrowUp")
    assert it.progress.startswith("1 of 14")
    keyboard.press("Enter")
    assert it.is_focused(".dlhand-input")
    keyboard.type("0.42")
    keyboard.press("ArrowLeft")  # within the answer, not to another step
    keyboard.press("Backspace")
    keyboard.press("End")
    keyboard.press("Backspace")
    keyboard.type("41")
    keyboard.press("Enter")
    it.card.get_by_text("right, and exact").wait_for()
    assert it.spoken.startswith("right, and exact")
    assert it.progress == "1 of 14 · 1 found"
    keyboard.press("PageDown")  # also in the box
    assert it.progress == "2 of 14 · 1 found"
    assert it.is_focused(".dlhand-input")
    keyboard.press("PageUp")
    assert it.box.input_value() == "0.41"
    it.player.locator(".dlhand-line").click()  # the focus is for the answer
    assert it.is_focused(".dlhand-input")


def test_answers_get_their_verdicts_as_text(shown) -> None:
    it = shown("network().player(predict=True)", LAYER + "layer.player(predict=True)")
    assert it.box.get_attribute("placeholder") == "5 significant digits"
    assert it.answer("0.41") == "right: right, and exact"
    assert it.card.locator(".dlhand-note").inner_text() == "accepted: 0.41"
    assert it.answer("42/100").startswith("not yet: not yet")
    it.press("Next")
    assert it.answer("0.6010").startswith("right: right, but cut off")
    before = it.player.locator("*").count()
    for text in (r"\frac{1}{2}$x$", "<img src=x onerror='throw 1'><b>0.5</b>", "${alert(1)}"):
        assert it.answer(text).startswith("unreadable: ")
        assert it.player.locator("*").count() == before
    said = it.answer("0." + "7" * 10_000)
    assert said == ("unreadable: an answer has at most 5000 characters; this one was cut off there")
    assert len(it.box.input_value()) == 5001
    it.lab.screenshot("player-answers")
    of_lists = Shown(it.lab, 1)
    of_lists.press("Next")
    assert of_lists.answer("0.527, 0.642").startswith("right: right")
    of_lists.player.scroll_into_view_if_needed()
    it.lab.screenshot("player-matrices")


def test_numbers_stay_hidden_until_they_are_found_or_asked_for(shown) -> None:
    it = shown("p = network().player(predict=True)\np", "p.opened, p.position, p.helped")
    assert it.line == "zh1=w1·x1+w3·x2+b1=0.1·0.1+0.3·0.5+0.25=?"
    assert "0.41" not in it.player.inner_text()
    assert it.answer("0.4200").startswith("not yet: not yet")
    assert it.result == "=?"
    assert it.answer("0.41").startswith("right: ")
    assert it.result == "=0.41"
    it.press("Go on")
    assert it.result == "=?"
    assert it.spoken == "step 2 of 14: h₁ = σ(z_h1) = σ(0.41) = ?"
    it.press("Show me")
    assert it.result == "≈0.60109"
    assert it.is_focused(".dlhand-input")
    it.page.keyboard.press("Enter")
    assert it.progress == "3 of 14 · 1 found"
    assert it.earlier == ["step 1: z_h1 = 0.41 right", "step 2: h₁ ≈ 0.60109"]
    it.open_menu()
    hide = it.player.get_by_label("hide until I try")
    hide.select_option("nothing")
    assert it.result == "=0.47"
    hide.select_option("the formula, too")
    assert it.line == "zh2=?"
    it.page.keyboard.press("Escape")
    # Python has followed.
    it.page.locator(".jp-CodeCell").last.locator(".jp-InputArea-editor").click()
    it.page.keyboard.press("Shift+Enter")
    it.page.get_by_text("(['z_h1', 'h1'], 2, ['h1'])").wait_for()
    it.choose("Start over")
    assert (it.progress, it.line) == ("1 of 14 · 0 found", "zh1=?")
    assert it.box.input_value() == ""
    assert it.answer("0.41").startswith("right: ")


def test_it_is_played_and_waits_for_answers(shown) -> None:
    it = shown("network().player(picture='graph')", "network().player(predict=True)")
    page, player = it.page, it.player
    it.open_menu()
    player.get_by_label("pace").select_option("fast")
    it.press("Play")
    assert it.progress == "2 of 14"  # at once, and then at the pace
    page.wait_for_function(
        "() => document.querySelector('.dlhand-progress').innerText === '4 of 14'"
    )
    it.press("Pause")
    assert it.progress == "4 of 14"
    it.jump("∂E/∂z_h1")
    it.press("Play")
    page.wait_for_function(
        "() => document.querySelector('.dlhand-progress').innerText === '14 of 14'"
    )
    player.get_by_role("button", name="Play", exact=True).wait_for()  # there is no further step

    asking = Shown(it.lab, 1)
    asking.press("Play")
    assert asking.player.locator(".dlhand-play").inner_text() == "Waits for your answer"
    asking.answer("0.41")
    asking.player.get_by_text("2 of 14 · 1 found").wait_for()  # it goes on by itself
    assert asking.player.locator(".dlhand-play").inner_text() == "Waits for your answer"
    assert asking.is_focused(".dlhand-input")
    asking.press("Waits for your answer")
    assert asking.player.locator(".dlhand-play").inner_text() == "Play"

    # The picture: what is lit, what flows where, what is still to come.
    player.focus()
    page.keyboard.press("Home")
    lit = player.locator(".dlhand-lit")
    assert ["z_h1" in (one or "").split() for one in attributes(lit, "data-lit")] == [True]
    forward = player.locator(".dlhand-forward")
    assert sorted(attributes(forward, "data-edge")) == [
        "b1 z_h1", "w1 z_h1", "w3 z_h1", "x1 z_h1", "x2 z_h1"
    ]  # fmt: skip
    assert player.locator(".dlhand-backward").count() == 0
    dash = "node => getComputedStyle(node.querySelector('path')).animationName"
    assert forward.first.evaluate(dash) == "dlhand-flow"
    page.emulate_media(reduced_motion="reduce")
    assert forward.first.evaluate(dash) == "none"
    it.jump("∂E/∂h₁")
    assert attributes(player.locator(".dlhand-backward"), "data-edge") == ["h1 z_o"]


def test_the_numbers_of_hidden_steps_are_not_in_the_picture_either(shown) -> None:
    it = shown("network().player(predict=True, picture='graph')")
    numbers = it.player.locator(".dlhand-image [data-step]:visible")
    image = it.player.get_by_role("img").first
    assert numbers.count() == 0
    assert "0.41" not in it.player.inner_text()
    assert "0.41" not in image.get_attribute("aria-label")
    it.answer("0.41")
    assert attributes(numbers, "data-step") == ["z_h1"]
    assert numbers.text_content().strip() == "0.41"
    it.choose("Reveal all")
    assert numbers.count() > 10
    assert "z_h1 = w₁ · x₁ + w₃ · x₂ + b₁ = 0.1 · 0.1 +" in image.get_attribute("aria-label")


def test_hints_come_one_by_one_and_an_array_can_be_filled_into_boxes(shown) -> None:
    it = shown("network().player(hide='formula')", LAYER + "layer.player(predict=True)")
    assert it.line == "zh1=?"
    it.press("Hint")
    assert it.line == "zh1=w1·x1+w3·x2+b1=?"
    assert it.spoken == "z_h1 = w₁ · x₁ + w₃ · x₂ + b₁ = ?"
    it.press("Hint")
    assert it.line == "zh1=w1·x1+w3·x2+b1=0.1·0.1+0.3·0.5+0.25=?"
    it.press("Hint")
    it.card.get_by_text("Hint: w₁ · x₁ = 0.1 · 0.1 = 0.01").wait_for()
    assert it.is_focused(".dlhand-input")
    assert it.line == "zh1=w1·x1+w3·x2+b1=0.1·0.1+0.3·0.5+0.25=?"
    it.lab.screenshot("player-hints")
    assert it.answer("0.31").startswith("not yet: ")
    it.press("Next")
    assert it.answer("0.5769").startswith("follows: it follows from your z_h1 = 0.31, ")
    it.page.keyboard.press("Enter")  # well done: it goes on
    assert it.progress == "3 of 14 · 0 found"

    layer = Shown(it.lab, 1)
    keyboard = it.page.keyboard
    layer.box.fill("0.11; 7/12")
    layer.press("Fill in boxes")
    boxes = layer.card.get_by_role("textbox")
    assert attributes(boxes, "aria-label") == ["row 1, column 1", "row 2, column 1"]
    assert [box.input_value() for box in boxes.all()] == ["0.11", "7/12"]  # what was typed stays
    boxes.nth(1).fill("")
    keyboard.press("Enter")
    said = layer.card.locator(".dlhand-judgement")
    assert said.inner_text() == "row 2, column 1: nothing was typed here"
    keyboard.type("0,5")
    keyboard.press("ArrowUp")
    keyboard.press("End")
    keyboard.type("/1")
    keyboard.press("Enter")
    assert layer.verdict().startswith("not yet: ")
    boxes.nth(1).fill("7/12")
    it.lab.screenshot("player-boxes")
    keyboard.press("Enter")
    layer.card.get_by_text("right, and exact").wait_for()
    layer.press("Type it")
    assert layer.box.input_value() == "[0.11/1, 7/12]"


def test_digits_and_rounding_by_hand_are_set_in_the_page(shown) -> None:
    it = shown("p = network().player(picture='graph')\np", "p.digits, p.places, p.rounding")
    player, page = it.player, it.page
    it.jump("o")
    it.open_menu()
    digits = player.get_by_label("how many digits")
    digits.fill("3")
    digits.press("Enter")
    page.wait_for_function(
        "() => /0[.]735/.test(document.querySelector('.dlhand-image').textContent)"
    )
    assert it.result == "≈0.735"
    player.get_by_label("what the document prints").check()
    assert "printed: 0.73 (rounded)" in it.card.locator(".dlhand-note").inner_text()
    player.get_by_label("kind of digits").select_option("decimal places")
    player.get_by_label("round every step by hand, to").check()
    told = player.locator(".dlhand-effect")
    told.wait_for()
    said = told.inner_text()
    assert said.startswith("Every step rounded to 2 places, ")
    assert "∂E/∂w₁ as 0" in said
    assert it.result == "≈0.73"
    it.lab.screenshot("player-menu")
    player.get_by_label("how to round").select_option("cut off")
    page.wait_for_function(
        "was => document.querySelector('.dlhand-effect').innerText !== was", arg=said
    )
    assert told.inner_text().startswith("Every step cut off after 2 places, ")
    page.keyboard.press("Escape")
    assert not told.is_visible()
    page.locator(".jp-CodeCell").last.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Shift+Enter")
    page.get_by_text("(None, 3, {'places': 2, 'chopped': True})").wait_for()


NET222 = """\
import dlhand
layers = [["x1", "x2"], ["h1", "h2"], ["o1", "o2"]]
net222 = dlhand.load("002-net222")
net222.player(predict=True, picture=lambda d: d.network(layers))
"""
INSIDE = """(selectors) => {
  const player = document.querySelector(".dlhand-player");
  player.scrollIntoView({ block: "end" });
  const panel = player.closest(".jp-WindowedPanel-outer").getBoundingClientRect();
  const body = player.querySelector(".dlhand-body").getBoundingClientRect();
  const isIn = (inner, outer) => inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
    && inner.width > 0 && inner.left >= outer.left - 1;
  return selectors.filter((selector) => {
    const node = player.querySelector(selector);
    return !node || ![panel, body].every((outer) => isIn(node.getBoundingClientRect(), outer));
  });
}"""
SEEN = [".dlhand-picture", ".dlhand-line", ".dlhand-input", ".dlhand-check", ".dlhand-hint"]


@pytest.mark.parametrize(("width", "height"), [(1200, 900), (1024, 576), (390, 844)])
def test_formula_picture_and_box_are_in_sight_at_every_step(shown, width, height) -> None:
    it = shown(NET222)
    it.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
    it.page.set_viewport_size({"width": width, "height": height})
    count = len(dlhand.load("002-net222").steps)
    it.player.evaluate("node => node.scrollIntoView({block: 'end'})")
    it.box.focus()
    for k in range(count):
        it.page.wait_for_timeout(60)  # it is arranged in the next frame
        assert it.page.evaluate(INSIDE, SEEN) == [], f"step {k + 1}"
        assert it.player.locator(".dlhand-lit").count() > 0
        letters = it.player.locator(".dlhand-image svg").evaluate(
            """(svg) => Math.min(...[...svg.querySelectorAll("text")].map((text) =>
                parseFloat(text.getAttribute("font-size")) * svg.clientWidth
                  / svg.viewBox.baseVal.width))"""
        )
        assert letters >= 10.9
        it.page.keyboard.press("PageDown")
    it.lab.screenshot(f"player-end-{width}")
    it.page.set_viewport_size({"width": 844, "height": 576})  # what was in sight stays there
    it.page.wait_for_timeout(200)
    assert it.page.evaluate(INSIDE, SEEN) == []


def test_a_reload_keeps_the_place(shown) -> None:
    it = shown(NET222)
    it.answer("0.41")
    it.page.keyboard.press("Enter")
    it.answer("0.47")
    it.page.keyboard.press("Enter")
    it.lab.choose("File", "docmanager:save")
    it.page.wait_for_timeout(1000)
    it.page.reload()
    again = Shown(it.lab)
    again.player.get_by_text("3 of 43 · 2 found").wait_for()
    assert again.earlier == ["step 1: z_h1 = 0.41 right", "step 2: z_h2 = 0.47 right"]
    assert again.result == "=?"


def test_on_a_page_from_right_to_left_mathematics_stays_as_it_is(shown) -> None:
    it = shown(NET222)
    places = """() => [".dlhand-symbol", ".dlhand-formula", ".dlhand-unknown"].map((one) =>
      document.querySelector(`.dlhand-card ${one}`).getBoundingClientRect().left)"""
    for _ in range(100):
        before = it.page.evaluate(places)
        if before == sorted(before):
            break
        it.page.wait_for_timeout(50)  # it is arranged, in the width that it has found
    assert before == sorted(before)
    it.page.evaluate("document.documentElement.dir = 'rtl'")
    after = it.page.evaluate(places)
    assert [one - after[0] for one in after] == [one - before[0] for one in before]
    directions = it.player.locator("math, svg, input").evaluate_all(
        "nodes => [...new Set(nodes.map((node) => getComputedStyle(node).direction))]"
    )
    assert directions == ["ltr"]


def test_the_whole_screen_is_for_presenting(shown) -> None:
    it = shown(NET222)
    it.page.set_viewport_size({"width": 1920, "height": 1080})
    it.choose("Full screen")
    it.page.wait_for_function("() => document.fullscreenElement?.matches('.dlhand-player')")
    it.page.wait_for_timeout(300)
    sizes = it.player.locator(":is(p, span, button, summary, li, input):visible").evaluate_all(
        "nodes => nodes.map((node) => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 28
    it.lab.screenshot("player-full-screen")
    it.answer("0.41")
    it.page.keyboard.press("Escape")


def test_the_mathematics_font_comes_once_a_page(shown) -> None:
    it = shown("p, q = network().player(), network().player()\np", "q", "print(p._esm is q._esm)")
    it.page.wait_for_function(
        "() => [...document.fonts].filter(({ family }) => /dlhand Math/.test(family)).length"
    )
    it.page.wait_for_timeout(300)
    faces = "[...document.fonts].filter(({ family }) => /dlhand Math/.test(family))"
    assert it.page.evaluate(f"{faces}.map(({{ style }}) => style)") == ["normal", "italic"]
    assert it.page.evaluate(f"{faces}.every(({{ status }}) => status === 'loaded')")


def test_what_is_stored_survives_an_untrusted_opening(shown) -> None:
    it = shown(NET222)
    stored = dlhand.load("002-net222").player(
        predict=True, picture=lambda d: d.network([["x1", "x2"], ["h1", "h2"], ["o1", "o2"]])
    ).static_html()  # fmt: skip
    cell = nbformat.v4.new_code_cell("dlhand", execution_count=1)
    cell.outputs = [
        nbformat.v4.new_output("execute_result", {"text/html": stored}, execution_count=1)
    ]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, it.lab.root / "untrusted.ipynb")
    it.lab.open_notebook("untrusted.ipynb")
    output = it.page.locator(".jp-RenderedHTMLCommon").first
    output.locator("mjx-container").first.wait_for()  # typeset
    image = output.locator("img")
    assert image.evaluate("node => node.complete && node.naturalWidth") > 600
    assert output.locator("mjx-container").count() > 40
    assert "0.60109" not in output.inner_text()
    it.lab.screenshot("player-stored")
    output.get_by_text("show all results").click()
    assert not re.search(r"\$|\\\\", output.inner_text())
    it.lab.screenshot("player-stored-results")


def test_attempts_outlive_a_kernel_that_is_killed(shown, tmp_path) -> None:
    process = f"open({str(tmp_path / 'process')!r}, 'w').write(str(os.getpid()));"
    it = shown(process + " network().player(predict=True)")
    assert it.answer("0.41").startswith("right: ")
    it.press("Next")
    assert it.answer("<b>0.6").startswith("unreadable: ")
    assert it.answer("0.6012345").startswith("not yet: ")
    os.kill(int((tmp_path / "process").read_text()), signal.SIGKILL)
    it.page.get_by_role("button", name="Ok", exact=True).click()  # JupyterLab says it has died
    it.lab.wait_until_idle()
    it.lab.run_all()
    it.page.locator(".dlhand-player").first.wait_for()
    assert it.progress == "2 of 14 · 1 found"  # where the learner was
    assert it.box.input_value() == "0.6012345"
    assert re.fullmatch(r"not yet: not yet \(on \d{4}-\d\d-\d\d\)", it.verdict())
    it.press("Previous")
    assert it.result == "=0.41"
    assert it.box.input_value() == "0.41"
    it.lab.screenshot("player-taken-up")


def test_it_says_so_when_there_is_no_kernel_and_steps_on(shown) -> None:
    it = shown("network().player(predict=True)")
    it.lab.choose("Kernel", "kernelmenu:shutdown")
    it.page.wait_for_function(
        r"() => /No Kernel|\| (Unknown|Disconnected)/.test(document.body.innerText)"
    )
    assert it.answer("0.41") == (
        "unreadable: no answer from Python: run the notebook's cells, then try again"
    )
    it.press("Show me")
    it.press("Next")
    assert (it.progress, it.earlier) == ("2 of 14 · 0 found", ["step 1: z_h1 = 0.41"])
    # JupyterLab itself throws this for each message to a kernel that is gone.
    it.lab.errors[:] = [error for error in it.lab.errors if error != "Cannot send"]


def test_two_hundred_steps_are_stepped_through(shown) -> None:
    it = shown(CHAIN + "chain.player()")
    it.player.focus()
    it.page.keyboard.press("End")
    assert (len(it.earlier), it.progress) == (199, "200 of 200")
    it.page.keyboard.press("Home")
    it.page.evaluate(
        """() => {
            const next = document.querySelector(".dlhand-next");
            for (let k = 0; k < 40; k++) next.click();
        }"""
    )
    assert it.progress == "41 of 200"
    current = it.player.locator(".dlhand-step[aria-current]")
    assert current.is_visible() and current.inner_text().startswith("41")


LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"


@pytest.mark.parametrize(
    ("theme", "width"), [(LIGHT, 1100), (DARK, 1100), (LIGHT, 390), (DARK, 390)]
)
def test_it_reads_well_in_both_themes_and_at_the_width_of_a_phone(shown, theme, width) -> None:
    it = shown(LAYER + "layer.player(predict=True)", "network().player(picture='graph')")
    it.lab.choose_theme(theme)
    name = f"player-{'dark' if theme == DARK else 'light'}-{width}"
    if width < 500:
        it.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
        it.page.set_viewport_size({"width": width, "height": 844})
    it.page.locator(".jp-OutputArea-output").first.scroll_into_view_if_needed()
    it.answer("0.11, 0.58333")
    it.lab.screenshot(f"{name}-matrices")
    network = Shown(it.lab, 1)
    network.choose("Reveal all")
    it.lab.screenshot(name)
    network.open_menu()
    it.lab.screenshot(f"{name}-menu")
    network.player.locator(".dlhand-picture").scroll_into_view_if_needed()
    it.lab.screenshot(f"{name}-picture")
    for number in range(2):
        player = Shown(it.lab, number).player
        assert player.evaluate("node => node.scrollWidth <= node.clientWidth")
        pressed = player.locator("button:visible, select:visible, summary:visible")
        for part in pressed.all():
            assert min(part.bounding_box()[side] for side in ("width", "height")) >= 24
    assert problems(it.page) == []


def problems(page) -> list[str]:
    """What an automated check of accessibility finds that is serious."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run('.jp-OutputArea-output')")
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
        if "dlhand" in node["html"] or ".dlhand" in str(node["target"])
    ]


BARE = """async ([esm, css, state]) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const handlers = {};
  const model = {
    get: (name) => state[name],
    set(changes) {
      Object.assign(state, changes);
      handlers.change?.();
    },
    save_changes() {},
    send() {},
    on: (name, handler) => (handlers[name] = handler),
    off: (name) => delete handlers[name],
  };
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  module.default.render({ model, el: document.querySelector("main") });
}"""
PAGE = """<!doctype html><html lang="en"><title>A page</title><meta name="color-scheme"
content="light dark"><body><main class="jp-OutputArea-output"></main></body></html>"""


def bare(browser, player, scheme: str, width: int) -> Page:
    """A page that is no JupyterLab's, with a player and no kernel."""
    state = {name: value for name, value in player.get_state().items() if name[0] != "_"}
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.set_content(PAGE)
    page.evaluate(BARE, [player._esm, player._css, state])
    return page


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 390)])
def test_of_steps_that_are_alike_the_first_are_asked_and_the_others_shown(
    browser, scheme, width
) -> None:
    player = dlhand.load("003-xor-relu").player(predict=True, alike=1, picture="graph")
    page = bare(browser, player, scheme, width)
    it = Shown(Lab(page), 0)
    names = [step.name for step in player.derivation.steps]
    third = names.index(player.worked[0])
    assert it.result == "=?"
    for _ in range(third):
        it.press("Next")
    assert it.result not in ("", "=?")
    assert it.card.locator(".dlhand-note").inner_text().startswith("worked out as others before it")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"player-alike-{scheme}-{width}.png")
    page.keyboard.press("Enter")  # as after an answer
    assert it.progress.startswith(f"{third + 2} of")
    it.press("Previous")
    it.open_menu()
    page.screenshot(path=SCREENSHOTS / f"player-alike-menu-{scheme}-{width}.png")
    it.press("Ask for steps of the same kind, too")
    assert it.result == "=?"
    assert problems(page) == []
    page.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1100)])
def test_it_works_on_a_page_with_neither_jupyterlab_nor_a_kernel(browser, scheme, width) -> None:
    player = dlhand.load("002-lstm").player(predict=True, picture="unrolled")
    page = bare(browser, player, scheme, width)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    it = Shown(Lab(page), 0)
    it.press("Next")
    assert (it.progress, it.result) == ("2 of 84 · 0 found", "=?")
    it.press("Show me")
    assert it.result == "≈0.81775"
    paper = it.player.evaluate("node => getComputedStyle(node).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 18, 18)"}[scheme]
    assert page.evaluate("document.body.scrollWidth <= document.body.clientWidth")
    assert problems(page) == []
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"player-bare-{scheme}-{width}.png")
    page.close()
    assert errors == []


class Lab(NamedTuple):
    """What `Shown` needs of a page that is no JupyterLab's."""

    page: Page


def test_three_slips_are_named_and_the_step_of_the_last_one_is_lit(shown) -> None:
    it = shown('network().player(predict=True, picture="graph")')

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    h1, h2 = sigmoid(0.1 * 0.1 + 0.3 * 0.5 + 0.25), sigmoid(0.2 * 0.1 + 0.4 * 0.5 + 0.25)
    z = 0.5 * h1 + 0.6 * h2 + 0.35
    o, t = sigmoid(z), 0.05
    start = "not yet: not yet: this is what you get "
    it.answer("0.41")
    it.page.keyboard.press("Enter")
    assert it.answer(f"{np.tanh(0.41):.4f}") == f"{start}with tanh(z_h1) for σ(z_h1)"
    it.jump("E")
    assert it.answer(f"{(o - t) ** 2:.4f}") == f"{start}when it is not divided by 2"
    it.jump("∂E/∂w₅")
    told = it.answer(f"{(o - t) * (1 - o) * h1:.4f}")
    assert told == f"{start}without o at ∂E/∂z_o"
    lit = it.player.locator(".dlhand-step.dlhand-slip:visible .dlhand-spoken").all_inner_texts()
    assert [text.split(" ")[2] for text in lit] == ["∂E/∂z_o"]
    assert lit[0].endswith("the slip was here")
    assert it.player.locator(".dlhand-image .dlhand-slip").count()
    assert f"{(o - t) * o * (1 - o) * h1:.3f}" not in it.player.inner_text()
    it.player.screenshot(path=SCREENSHOTS / "slip.png")
