"""The player and the what-if controls in a real JupyterLab, by mouse and by keyboard alone."""

import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

pytestmark = pytest.mark.browser

AXE = Path(__file__).resolve().parents[1] / "js" / "node_modules" / "axe-core" / "axe.min.js"

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
        self.current = self.player.locator("[aria-current=step]")

    def press(self, name: str) -> None:
        self.player.get_by_role("button", name=name, exact=True).click()

    @property
    def steps(self) -> int:
        return self.player.locator(".dlhand-step:visible").count()

    @property
    def progress(self) -> str:
        return self.player.locator(".dlhand-progress").inner_text()

    @property
    def spoken(self) -> str:
        return self.player.locator("[role=status]").inner_text()

    @property
    def result(self) -> str:
        """The end of the current line, as far as it is seen."""
        parts = self.current.locator(".dlhand-line > :visible").all_inner_texts()
        return re.sub(r"\s", "", parts[-1])

    def answer(self, text: str) -> str:
        """Type an answer to the current step, press Enter; give what is said about it."""
        self.current.get_by_label("your answer").fill(text)
        self.page.keyboard.press("Enter")
        verdict = self.current.locator(".dlhand-judgement[data-verdict]:not([data-verdict=''])")
        verdict.wait_for()
        return f"{verdict.get_attribute('data-verdict')}: {verdict.inner_text()}"


@pytest.fixture
def shown(lab) -> Callable[..., Shown]:
    """Give a function that runs cells in a notebook of their own and finds the first player."""

    def show(*cells: str) -> Shown:
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in (NETWORK, *cells)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, lab.root / "player.ipynb")
        lab.open_notebook("player.ipynb")
        lab.run_all()
        lab.page.locator(".dlhand-player").first.wait_for()
        return Shown(lab)

    return show


def test_stepping_by_mouse(shown) -> None:
    it = shown("network().player()")
    assert (it.steps, it.progress, it.result) == (1, "step 1 of 14", "=0.41")
    it.player.locator(".dlhand-previous").click(force=True)  # it is marked as disabled
    assert it.progress == "step 1 of 14"
    it.press("Next")
    it.press("Next")
    assert (it.steps, it.progress, it.result) == (3, "step 3 of 14", "=0.47")
    assert it.spoken.startswith("step 3 of 14: weighted sum z_h2 = w₂ · x₁ + w₄ · x₂ + b₁ = ")
    assert it.spoken.endswith(" = 0.2 · 0.1 + 0.4 · 0.5 + 0.25 = 0.47")
    it.press("First")
    assert (it.steps, it.progress) == (3, "step 1 of 14")  # what was reached stays
    jump = it.player.get_by_label("go to step")
    groups = jump.locator("optgroup").evaluate_all("nodes => nodes.map(node => node.label)")
    assert groups == ["Forward", "Error", "Backward"]
    jump.select_option(label="7. E = (o − t)² / 2")
    assert (it.steps, it.progress, it.result) == (7, "step 7 of 14", "≈0.23456")
    it.press("Reveal all")
    assert (it.steps, it.progress) == (14, "step 7 of 14")
    it.press("Last")
    it.player.locator(".dlhand-next").click(force=True)
    assert (it.progress, it.result) == ("step 14 of 14", "≈0.0015997")
    it.current.scroll_into_view_if_needed()
    it.lab.screenshot("player-last-step")


def test_stepping_and_answering_by_keyboard_alone(shown) -> None:
    it = shown("network().player(predict=True)")
    keyboard = it.page.keyboard

    def focused(selector: str) -> bool:
        return it.page.evaluate("s => document.activeElement.matches(s)", selector)

    for _ in range(60):
        if focused(".dlhand-next"):
            break
        keyboard.press("Tab")
    assert focused(".dlhand-next")
    assert it.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    keyboard.press("Enter")
    assert it.progress == "step 2 of 14"
    assert focused(".dlhand-next")
    for _ in range(9):
        keyboard.press("Tab")
        if focused(".dlhand-steps"):
            break
    keyboard.press("ArrowRight")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowLeft")
    assert (it.progress, it.steps) == ("step 3 of 14", 4)
    keyboard.press("End")
    assert it.progress == "step 14 of 14"
    keyboard.press("Home")
    keyboard.press("ArrowUp")
    assert it.progress == "step 1 of 14"
    keyboard.press("Enter")
    assert focused(".dlhand-input")
    keyboard.type("0.42")
    keyboard.press("ArrowLeft")  # within the answer, not to another step
    keyboard.press("Backspace")
    keyboard.press("End")
    keyboard.press("Backspace")
    keyboard.type("41")
    keyboard.press("Enter")
    it.current.get_by_text("right, and exact").wait_for()
    assert it.spoken.startswith("right, and exact")
    assert it.progress == "step 1 of 14"
    keyboard.press("Escape")
    assert focused(".dlhand-steps")
    # The keys were ours: JupyterLab has neither left the cell nor added or run one.
    assert it.page.locator(".jp-Notebook .jp-Cell").count() == 2


def test_answers_get_their_verdicts_as_text(shown) -> None:
    it = shown("network().player()", LAYER + "layer.player()")
    assert it.answer("0.41") == "right: right, and exact (accepted: 0.41)"
    assert it.answer("42/100").startswith("not yet: not yet; it is 0.41")
    it.press("Next")
    assert it.answer("0.6010") == (
        "right: right, but cut off, not rounded: rounded it is 0.6011 (accepted: 0.6010 to 0.6011)"
    )
    for _ in range(3):
        it.press("Next")
    assert it.answer("1.022").startswith(
        "rounded early: right, but rounded early: this is what comes out when every step before "
        "is rounded to 2 places; carried with all digits it is 1.020"
    )
    before = it.player.locator("*").count()
    for text in (r"\frac{1}{2}$x$", "<img src=x onerror='throw 1'><b>0.5</b>", "${alert(1)}"):
        said = it.answer(text)
        assert said.startswith("unreadable: At character 1, ")
        assert text[:4] in said
        assert it.player.locator("*").count() == before
    said = it.answer("0." + "7" * 10_000)
    assert said == ("unreadable: an answer has at most 5000 characters; this one was cut off there")
    assert len(it.current.get_by_label("your answer").input_value()) == 5001
    assert it.answer("[1.0198, 2]").startswith("not yet: not yet: this step is one number")
    it.lab.screenshot("player-answers")
    of_lists = Shown(it.lab, 1)
    of_lists.press("Next")
    assert of_lists.answer("0.527, 0.642").startswith("right: right")
    of_lists.player.scroll_into_view_if_needed()
    it.lab.screenshot("player-matrices")


def test_numbers_stay_hidden_until_they_are_found_or_asked_for(shown) -> None:
    it = shown("p = network().player(predict=True)\np", "p.opened, p.position, p.revealed")
    assert it.result == "=?"
    assert "0.41" not in it.player.inner_text()
    assert it.answer("0.4200").startswith("not yet: not yet")
    assert it.result == "=?"
    assert it.answer("0.41").startswith("right: ")
    assert it.result == "=0.41"
    it.press("Next")
    assert it.result == "=?"
    assert it.spoken == "step 2 of 14:  h₁ = σ(z_h1)".replace("  ", " ")
    it.lab.screenshot("player-predict")
    it.press("Show me")
    assert it.result == "≈0.60109"
    it.press("Next")
    box = it.player.get_by_label("hide results until I try")
    box.uncheck()
    assert it.result == "=0.47"
    box.check()
    assert it.result == "=?"
    # Python has followed.
    it.page.locator(".jp-CodeCell").last.locator(".jp-InputArea-editor").click()
    it.page.keyboard.press("Shift+Enter")
    it.page.get_by_text("(['z_h1', 'h1'], 2, 2)").wait_for()


def test_later_steps_follow_a_slider_and_a_box(shown) -> None:
    it = shown("network().explore('w1', 'w5')", LAYER + "layer.explore()")
    it.press("Reveal all")
    lines = it.player.locator(".dlhand-result")
    before = lines.all_inner_texts()
    slider = it.page.get_by_role("slider").first
    slider.focus()
    for _ in range(20):
        it.page.keyboard.press("ArrowRight")
    box = it.page.locator(".widget-text input").first
    it.page.wait_for_function("() => document.querySelector('.widget-text input').value === '0.3'")
    it.page.wait_for_function("was => document.querySelector('.dlhand-result').innerText !== was",
                              arg=before[0])  # fmt: skip
    after = lines.all_inner_texts()
    assert re.sub(r"\s", "", after[0]) == "=0.43"
    changed = [one != other for one, other in zip(before, after, strict=True)]
    assert changed == [True] * 2 + [False] * 2 + [True] * 10  # the other neuron stays
    box.fill("2/3")
    box.press("Enter")
    it.page.wait_for_function(
        "was => document.querySelector('.dlhand-result').innerText !== was", arg=after[0]
    )
    assert "7/15" in lines.first.inner_html() or "0.46667" in lines.first.inner_text()
    assert it.answer("0.47").startswith("right: right")  # judged by the new number
    box.fill("<b>$x$</b>")
    box.press("Enter")
    error = it.page.get_by_role("alert")
    error.wait_for()
    assert "'<b>$x$</b>': HTML is not read" in error.inner_text()
    assert "Still used: 2/3" in error.inner_text()
    it.lab.screenshot("what-if")
    it.page.get_by_role("button", name="Reset").first.click()
    it.page.wait_for_function(
        "was => document.querySelector('.dlhand-result').innerText === was", arg=before[0]
    )
    assert lines.all_inner_texts() == before
    assert box.input_value() == "0.1"
    assert error.count() == 0


def test_it_says_so_when_there_is_no_kernel_and_steps_on(shown) -> None:
    it = shown("network().player()")
    it.lab.choose("Kernel", "kernelmenu:shutdown")
    it.page.wait_for_function(
        r"() => /No Kernel|\| (Unknown|Disconnected)/.test(document.body.innerText)"
    )
    assert it.answer("0.41") == (
        "unreadable: no answer from Python: run the notebook's cells, then check again"
    )
    it.press("Next")
    assert (it.progress, it.result) == ("step 2 of 14", "≈0.60109")
    # JupyterLab itself throws this for each message to a kernel that is gone.
    it.lab.errors[:] = [error for error in it.lab.errors if error != "Cannot send"]


def test_two_hundred_steps_are_stepped_through_quickly(shown) -> None:
    it = shown(CHAIN + "chain.player()")
    it.press("Last")
    assert (it.steps, it.progress) == (200, "step 200 of 200")
    it.press("First")
    times = it.page.evaluate(
        """async () => {
            const next = document.querySelector(".dlhand-next");
            const painted = () => new Promise(done =>
                requestAnimationFrame(() => setTimeout(done)));
            const times = [];
            for (let k = 0; k < 40; k++) {
                await painted();
                const start = performance.now();
                next.click();
                document.querySelector(".dlhand-steps").getBoundingClientRect();
                times.push(performance.now() - start);
            }
            return times.sort((a, b) => a - b);
        }"""
    )
    assert it.progress == "step 41 of 200"
    assert times[len(times) // 2] < 50  # milliseconds from the click to the new layout


LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"


@pytest.mark.parametrize(
    ("theme", "width"), [(LIGHT, 1100), (DARK, 1100), (LIGHT, 390), (DARK, 390)]
)
def test_it_reads_well_in_both_themes_and_at_the_width_of_a_phone(shown, theme, width) -> None:
    it = shown(LAYER + "layer.explore(predict=True)", "network().player()")
    it.page.evaluate(
        "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )
    name = f"player-{'dark' if theme == DARK else 'light'}-{width}"
    it.page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
    if width < 500:
        it.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
        it.page.set_viewport_size({"width": width, "height": 844})
    it.page.locator(".jp-OutputArea-output").first.scroll_into_view_if_needed()
    it.answer("0.11, 0.58333")
    it.lab.screenshot(f"{name}-matrices")
    network = Shown(it.lab, 1)
    network.press("Reveal all")
    network.answer("0.4")
    it.lab.screenshot(name)
    for number in range(2):
        player = Shown(it.lab, number).player
        assert player.evaluate("node => node.scrollWidth <= node.clientWidth")
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


def test_motion_is_left_out_where_it_is_not_wanted(shown) -> None:
    it = shown("network().player()")
    behaviour = "node => getComputedStyle(node).scrollBehavior"
    steps = it.player.locator(".dlhand-steps")
    assert steps.evaluate(behaviour) == "smooth"
    it.page.emulate_media(reduced_motion="reduce")
    assert steps.evaluate(behaviour) == "auto"
