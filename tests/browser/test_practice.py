"""Practice in a real JupyterLab: three problems, each with less to be seen, and slips named."""

from collections.abc import Callable

import numpy as np
import pytest

from dlhand.exercises.problems import problems
from tests.browser.real_lab import SCREENSHOTS
from tests.browser.test_player import Shown

pytestmark = pytest.mark.browser

NAME, SEED = "002-net222", 7


@pytest.fixture
def practise(lab, tmp_path) -> Callable[..., Shown]:
    """Give a function that shows what a cell makes, with a journal of its own."""
    own_journal = f"import os; os.environ['DLHAND_JOURNAL'] = {str(tmp_path / 'journal')!r}\n"

    def shown(cell: str) -> Shown:
        lab.run_cells(f"{own_journal}import dlhand\n{cell}")
        lab.page.locator(".dlhand-player").first.wait_for()
        return Shown(lab)

    return shown


@pytest.fixture
def practised(practise) -> Shown:
    return practise(f"dlhand.practice({NAME!r}, seed={SEED})")


def forward(number: int) -> dict[str, float]:
    """The givens of a problem, and its network worked out by hand in NumPy."""
    d = problems(NAME).draw(SEED, number)
    g = {one.name: float(d.given_value(one.name)) for one in d.given_entries}

    def sigmoid(z: float) -> float:
        return float(1 / (1 + np.exp(-z)))

    g["h1"] = sigmoid(g["w1"] * g["x1"] + g["w3"] * g["x2"] + g["b1"])
    g["h2"] = sigmoid(g["w2"] * g["x1"] + g["w4"] * g["x2"] + g["b1"])
    g["o1"] = sigmoid(g["w5"] * g["h1"] + g["w6"] * g["h2"] + g["b2"])
    g["o2"] = sigmoid(g["w7"] * g["h1"] + g["w8"] * g["h2"] + g["b2"])
    return g


def test_three_planted_slips_are_named_on_fresh_numbers(practised) -> None:
    it, g = practised, forward(1)
    o, t = g["o1"], g["t1"]
    start = "not yet: not yet: this is what you get "
    it.jump("E₁")
    assert it.answer(f"{(o - t) ** 2:.5g}") == f"{start}when it is not divided by 2"
    it.jump("∂E/∂z_o1")
    assert it.answer(f"{o - t:.5g}") == f"{start}without ∂o₁/∂z_o1"
    it.jump("∂o₂/∂z_o2")
    assert it.answer(f"{1 - g['o2']:.5g}") == f"{start}without o₂"
    it.player.screenshot(path=SCREENSHOTS / "practice-slips.png")


def test_another_one_shows_less_each_time(practised) -> None:
    it = practised
    assert it.player.locator(".dlhand-title").inner_text().endswith("problem 1")
    assert (it.progress, it.box.input_value()) == ("1 of 43 · 0 found", "")
    assert it.line.count("=") == 3  # the symbol, its formula, the numbers put in, and a blank
    first = it.player.locator(".dlhand-given").inner_text()
    it.box.fill("0.123")
    it.player.screenshot(path=SCREENSHOTS / "practice-1.png")

    it.press("Another one")
    it.player.locator(".dlhand-title", has_text="problem 2").wait_for()
    assert (it.progress, it.box.input_value()) == ("1 of 43 · 0 found", "")
    assert it.player.locator(".dlhand-given").inner_text() != first
    assert it.line.count("=") == 2  # the symbol, its formula, and a blank
    right = forward(2)
    z = right["w1"] * right["x1"] + right["w3"] * right["x2"] + right["b1"]
    assert it.answer(f"{z:.5g}").startswith("right")
    it.player.screenshot(path=SCREENSHOTS / "practice-2.png")

    button = it.player.get_by_role("button", name="Another one")  # by keyboard, too
    button.focus()
    it.page.keyboard.press("Enter")
    it.player.locator(".dlhand-title", has_text="problem 3").wait_for()
    assert (it.progress, it.line.count("=")) == ("1 of 43 · 0 found", 1)
    assert it.is_focused("input")
    it.player.screenshot(path=SCREENSHOTS / "practice-3.png")


def test_the_formulas_to_be_found_are_not_in_the_picture_either(practise) -> None:
    it = practise("dlhand.practice('003-gates-branch', picture='graph')")
    formulas = it.player.locator(".dlhand-image [data-formula]:visible")
    assert [*map(str.strip, formulas.all_text_contents())] == ["x + y", "x · y", "a · b"]
    for number in (2, 3):
        it.press("Another one")
        it.player.locator(".dlhand-title", has_text=f"problem {number}").wait_for()
        assert formulas.count() == (3 if number == 2 else 0)
    d = problems("003-gates-branch").draw(1, 3)
    x, y = (float(d.given_value(name)) for name in "xy")
    assert it.answer(f"{x + y:g}").startswith("right")
    assert [*map(str.strip, formulas.all_text_contents())] == ["x + y"]
    it.player.screenshot(path=SCREENSHOTS / "practice-picture.png")


def test_without_a_picture_its_place_is_not_kept_free(practised) -> None:
    card, body = (
        practised.card.bounding_box(),
        practised.player.locator(".dlhand-body").bounding_box(),
    )
    assert card["x"] - body["x"] < 20


def test_it_fits_a_narrow_page(practised) -> None:
    it = practised
    it.player.evaluate("node => { node.parentElement.style.width = '310px'; }")
    it.page.wait_for_timeout(200)
    wide = it.player.evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert wide[0] <= wide[1] + 1
    box = it.player.get_by_role("button", name="Another one").bounding_box()
    around = it.player.bounding_box()
    assert box["x"] + box["width"] <= around["x"] + around["width"]
    it.player.screenshot(path=SCREENSHOTS / "practice-narrow.png")
