"""What-if in a real JupyterLab: all that follows a slider, two settings compared, the code."""

import re
from collections.abc import Callable

import pytest

from tests.browser.real_lab import AXE

pytestmark = pytest.mark.browser

LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
LAYER = """\
from dlhand import Derivation, sigmoid
layer = Derivation("A layer")
x, W, b = layer.givens(x=["0.1", "0.5"], W=[["0.1", "-0.3"], ["1/3", "0.4"]], b=["0.25", "0.35"])
h = layer.step("h", sigmoid(layer.step("z", W @ x + b)), say="activations")
"""


class Shown:
    """The first what-if on the page, read and used as a learner does."""

    def __init__(self, lab) -> None:
        self.lab = lab
        self.page = lab.page
        self.whole = lab.page.locator(".jp-OutputArea-output:has(.dlhand-player)").first
        self.player = self.whole.locator(".dlhand-player")
        self.slider = self.whole.get_by_role("slider").first
        self.table = self.whole.locator(".dl-comparison")
        self.code = self.whole.locator(".dlhand-code")

    def press(self, name: str) -> None:
        self.whole.get_by_role("button", name=name, exact=True).click()

    def rows(self) -> dict[str, list[str]]:
        """The numbers of the comparison, by the step as it is read."""
        texts = self.table.locator("tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        )
        return {plain(name): list(map(plain, cells)) for name, *cells in texts}

    def wait_for(self, row: str, cells: list[str]) -> None:
        """Wait until the comparison has these numbers in a row."""
        for _ in range(200):
            if self.rows().get(row) == cells:
                return
            self.page.wait_for_timeout(50)
        assert self.rows()[row] == cells


def plain(text: str) -> str:
    return re.sub(r"[\s\u2061]", "", text)


@pytest.fixture
def shown(lab, tmp_path) -> Callable[..., Shown]:
    """Give a function that runs cells in a notebook of their own and finds the first what-if."""
    own_journal = f"import os; os.environ['DLHAND_JOURNAL'] = {str(tmp_path / 'journal')!r}\n"

    def show(*cells: str) -> Shown:
        lab.run_cells(own_journal + "from dlhand import load", *cells)
        lab.page.locator(".dlhand-player").first.wait_for()
        return Shown(lab)

    return show


def test_two_settings_stand_side_by_side_and_follow_the_slider(shown) -> None:
    it = shown("load('002-net222').explore('b2')")
    assert not it.table.is_visible()
    it.press("Compare")
    it.wait_for("o1", ["≈0.73493", "≈0.73493", "0"])
    it.slider.focus()
    for _ in range(10):
        it.page.keyboard.press("ArrowLeft")
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
    it.slider.focus()
    it.page.keyboard.press("ArrowLeft")
    it.wait_for("b2", ["0.35", "0.34", "−0.01"])
    assert region.evaluate("node => node.scrollTop") == 300


def test_every_slider_and_box_has_its_name_for_a_screen_reader(shown) -> None:
    it = shown("load('002-net222').explore('b2', 'w5')", LAYER + "layer.explore('W')")
    it.whole.get_by_role("slider", name="b₂", exact=True).wait_for()
    it.whole.get_by_role("slider", name="w₅", exact=True).wait_for()
    it.whole.get_by_role("textbox", name="b₂, typed exactly", exact=True).wait_for()
    it.page.get_by_role("textbox", name="W, typed exactly", exact=True).wait_for()


def test_verdicts_on_printed_numbers_follow_the_slider(shown) -> None:
    it = shown("load('002-net222').explore('b2')")
    it.player.locator(".dlhand-menu summary").click()
    it.player.get_by_label("what the document prints").check()
    it.player.get_by_label("go to step").select_option(index=4)  # z_o1, which the page has as 1.01
    says = it.player.locator(".dlhand-card")
    says.get_by_text("1.01 (truncated)").wait_for()
    it.slider.focus()
    for _ in range(10):
        it.page.keyboard.press("ArrowLeft")
    says.get_by_text("1.01 (unexplained)").wait_for()
    it.press("Reset")
    says.get_by_text("1.01 (truncated)").wait_for()


def test_the_code_follows_and_can_be_copied(shown) -> None:
    it = shown("load('002-net222').explore('b2', 'w5')")
    it.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    it.press("As code")
    it.code.wait_for()
    assert it.code.inner_text() == 'import dlhand\n\ndlhand.load("002-net222")'
    box = it.whole.locator(".widget-text input").first
    box.fill("1/3")
    box.press("Enter")
    it.code.get_by_text('what_if(b2="1/3")').wait_for()
    it.press("Copy")
    it.whole.get_by_text("copied", exact=True).wait_for()
    assert it.page.evaluate("() => navigator.clipboard.readText()") == it.code.inner_text()


def test_code_that_cannot_be_copied_is_selected(shown) -> None:
    it = shown("load('002-net222').explore('b2')")
    it.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject('no'); }")
    it.press("As code")
    it.press("Copy")
    it.whole.get_by_text("selected: copy it with Ctrl+C").wait_for()
    assert it.page.evaluate("() => getSelection().toString()") == it.code.inner_text()


@pytest.mark.parametrize(
    ("theme", "width"), [(LIGHT, 1100), (DARK, 1100), (LIGHT, 390), (DARK, 390)]
)
def test_it_reads_well_in_both_themes_and_at_the_width_of_a_phone(shown, theme, width) -> None:
    it = shown(
        "load('002-net222').explore('b2', 'w5', 'x1')",
        "d = load('002-net222'); d.compare(d.what_if(b2='0.25'))",
        LAYER + "layer.explore()",
    )
    it.page.evaluate(
        "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme
    )
    it.page.wait_for_selector(f"body[data-jp-theme-name='{theme}']", state="attached")
    if width < 500:
        it.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
        it.page.set_viewport_size({"width": width, "height": 844})
    name = f"what-if-{'dark' if theme == DARK else 'light'}-{width}"
    it.whole.scroll_into_view_if_needed()
    it.press("Compare")
    it.press("As code")
    it.slider.focus()
    for _ in range(10):
        it.page.keyboard.press("ArrowLeft")
    it.wait_for("b2", ["0.35", "0.25", "−0.1"])
    it.whole.evaluate("node => node.scrollIntoView()")
    it.page.wait_for_timeout(300)
    it.lab.screenshot(name)
    static = it.page.locator(".jp-RenderedHTML .dl-comparison").first
    static.evaluate("node => node.scrollIntoView()")
    it.lab.screenshot(f"{name}-static")
    for table in (it.table, static):  # the differences are in sight
        room = table.evaluate("node => node.parentNode.clientWidth - node.offsetWidth")
        assert room >= 0
    arrays = it.page.locator(".jp-OutputArea-output:has(.dlhand-player)").nth(1)
    arrays.evaluate("node => node.scrollIntoView()")
    it.lab.screenshot(f"{name}-arrays")
    assert it.whole.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    assert problems(it.page) == []


def problems(page) -> list[str]:
    """What an automated check of accessibility finds that is serious."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(  # the player has tests of its own
        "() => axe.run({include: [['.jp-OutputArea-output']], exclude: [['.dlhand-player']]})"
    )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:600]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
