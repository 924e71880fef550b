"""The formula of every step of every player on a telephone: whole, or with a way to the rest.

`make test` looks at some chapters, `make test-all` at all.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.chapters import CHAPTERS, carried, players
from tests.browser.test_every_step import ROOMS, SHOW, page  # noqa: F401 (a fixture)

pytestmark = pytest.mark.browser

SOME = {"08", "14"}
"""A chapter with parts of matrices, and the one with the widest."""
LEAST = 11
"""Pixels that the letters of a formula have."""
SCROLLING = {"14": 8, "18": 4}
"""In so many steps at most of these chapters a matrix is wider than its room; in no others."""

# Of each step's formula, how much wider than its room it is, and its widest part; its letters.
LOOK = """async () => {
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const line = document.querySelector(".dlhand-line");
  const width = (one) => one.getBoundingClientRect().width;
  const found = [];
  await frame();
  for (let k = 0; k < model.get("view").steps.length; k++) {
    model.set({ position: k, revealed: Math.max(k + 1, model.get("revealed")) });
    await frame();
    const pieces = [...line.querySelectorAll("math")].filter((one) => one.getClientRects().length);
    const style = getComputedStyle(line);
    found.push({
      step: model.get("view").steps[k].name,
      over: line.scrollWidth - line.clientWidth,
      widest: Math.max(...pieces.map((one) => width(one))) - line.clientWidth,
      size: Math.min(...pieces.map((one) => parseFloat(getComputedStyle(one).fontSize))),
      reached: line.tabIndex === 0 && /auto|scroll/.test(style.overflowX),
      shaded: (style.backgroundImage.match(/gradient/g) ?? []).length,
    });
  }
  return found;
}"""


def look(page: Page, chapter) -> list[tuple[str, dict]]:  # noqa: F811
    width, height, room = ROOMS[-1]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("w => document.querySelector('main').style.width = `${w}px`", room)
    seen = []
    for number, player in enumerate(players(chapter)):
        page.evaluate(SHOW, carried(player))
        seen += [(f"player {number}, {one['step']}", one) for one in page.evaluate(LOOK)]
    return seen


@pytest.mark.parametrize(
    "chapter",
    [
        pytest.param(one, id=one.stem, marks=[] if one.stem[:2] in SOME else pytest.mark.slow)
        for one in CHAPTERS
    ],
)
def test_a_formula_is_whole_or_leads_on(page: Page, chapter) -> None:  # noqa: F811
    seen = look(page, chapter)
    assert [where for where, one in seen if one["size"] < LEAST - 0.05] == []
    wide = [(where, one) for where, one in seen if one["over"] > 1]
    assert len(wide) <= SCROLLING.get(chapter.stem[:2], 0), wide
    for where, one in wide:
        assert one["widest"] > 0, f"{where}: it could have been broken"
        assert one["size"] < LEAST + 0.3, f"{where}: it could have been smaller"
        assert one["reached"] and one["shaded"] == 8, f"{where}: nothing tells of the rest"
    for where, one in seen:
        if one["over"] <= 0 and not one["reached"]:
            assert not one["shaded"], where


def test_the_page_breaks_at_commas_and_inside_brackets(page: Page) -> None:  # noqa: F811
    """A function of two arguments, and a difference in brackets, neither of which has room."""
    from dlhand import Derivation, maximum

    d = Derivation("Wide")
    xs = [d.given(f"x{k}", f"0.{k}2345") for k in range(1, 10)]
    d.step("y", maximum(sum(xs[1:5], xs[0]), sum(xs[6:], xs[5])) * (xs[0] - sum(xs[2:], xs[1])))
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("w => document.querySelector('main').style.width = `${w}px`", 270)
    page.evaluate(SHOW, carried(d.player()))
    (found,) = page.evaluate(LOOK)
    assert found["over"] <= 1 and found["size"] >= LEAST
    told = page.locator(".dlhand-line .dlhand-numbers").inner_text()
    assert told.count("0.12345") == 2 and "(" in told
