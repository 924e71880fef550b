"""Every step of the players of the chapters, at three sizes of the window.

The players are those that the chapters show, on a page that leaves them the room that JupyterLab
leaves them; `test_player` has them in JupyterLab itself. `make test` looks at some chapters, `make
test-all` at all.
"""

import io

import pytest
from matplotlib.image import imread
from playwright.sync_api import Browser, Page

from tests.browser.chapters import CHAPTERS, PAGE, SHOW, carried, players

pytestmark = pytest.mark.browser

SOME = {"00", "02"}
"""A chapter with a graph, and one with networks and arrays."""
BARS = 152
"""Pixels of the window's height that JupyterLab takes for its bars, at most."""
ROOMS = [(1200, 900, 1010), (1024, 576, 850), (390, 844, 270)]
"""Of a window width and height, and the width that JupyterLab leaves to an output."""

# What is wrong at any step: pairs of the step, from 1, and a sentence.
WALK = """async ([bars, least]) => {
  const root = document.querySelector(".dlhand-player");
  const part = (name) => root.querySelector(`.dlhand-${name}`);
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const isIn = (inner, outer) => inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
    && inner.left >= outer.left - 1 && inner.right <= outer.right + 1 && inner.width && inner.height;
  const pictured = Boolean(model.get("settled").picture);
  const asked = (name) => model.get("worked").includes(name) ? ["check"] : ["input", "check", "hint", "show"];
  const wanted = (name) => [...(pictured ? ["picture"] : []), "line",
    ...(model.get("predict") ? asked(name) : [])];
  const found = [];
  await frame();
  for (let k = 0; k < model.get("view").steps.length; k++) {
    model.set({ position: k, revealed: Math.max(k, model.get("revealed")) });
    await frame();
    const say = (what) => found.push([k + 1, what]);
    const body = part("body").getBoundingClientRect();
    for (const name of wanted(model.get("view").steps[k].name)) {
      if (!isIn(part(name).getBoundingClientRect(), body)) say(`${name} is not in sight`);
    }
    if (root.getBoundingClientRect().height > innerHeight - bars + 1) say("too high");
    if (root.scrollWidth > root.clientWidth) say("too wide");
    if (!pictured) continue;
    const place = part("picture").getBoundingClientRect();
    const svg = part("image").querySelector("svg");
    const all = svg.getBoundingClientRect();
    const card = part("card").getBoundingClientRect();
    if (card.left < place.right - 1 && place.left < card.right - 1
      && card.top < place.bottom - 1 && place.top < card.bottom - 1) say("the picture covers the step");
    const lit = [...root.querySelectorAll(".dlhand-lit")].map((one) => one.getBoundingClientRect());
    const isSeen = (one) => [["left", "right", 40], ["top", "bottom", 14]].every(([low, high, enough]) =>
      Math.min(one[high], place[high]) - Math.max(one[low], place[low]) >= Math.min(one[high] - one[low], enough) - 1);
    if (!lit.some(isSeen)) say(lit.length ? "what is lit is not in sight" : "nothing is lit");
    if (place.height < Math.min(70, all.height - 1)) say("the picture is low");
    const scale = all.width / svg.viewBox.baseVal.width;
    const sizes = [...svg.querySelectorAll("text, tspan")]
      .map((one) => scale * parseFloat(getComputedStyle(one).fontSize));
    if (Math.min(...sizes) < least) say(`text of ${Math.min(...sizes).toFixed(1)} pixels`);
    const tag = part("tag");
    if (tag.offsetParent && !isSeen(tag.getBoundingClientRect())) say("the number of the step is not in sight");
  }
  return found;
}"""  # noqa: E501


@pytest.fixture
def page(browser: Browser) -> Page:
    found = browser.new_page()
    errors: list[str] = []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.set_content(PAGE)
    yield found
    found.close()
    assert errors == []


def _chapters() -> list:
    return [
        pytest.param(one, id=one.stem, marks=[] if one.stem[:2] in SOME else pytest.mark.slow)
        for one in CHAPTERS
    ]


@pytest.mark.parametrize("chapter", _chapters())
def test_formula_picture_and_box_are_in_sight_at_every_step(page, chapter) -> None:
    wrong = []
    for number, player in enumerate(players(chapter)):
        for width, height, room in ROOMS:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("w => document.querySelector('main').style.width = `${w}px`", room)
            page.evaluate(SHOW, carried(player))
            for step, what in page.evaluate(WALK, [BARS, 10.9]):
                wrong.append(f"player {number} at {width}, step {step}: {what}")
    assert wrong == []


@pytest.mark.parametrize("chapter", _chapters())
def test_no_picture_is_a_white_slab_in_the_dark(page, chapter) -> None:
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 1010, "height": 900})
    for player in players(chapter):
        page.evaluate(SHOW, carried(player))
        picture = page.locator(".dlhand-picture")
        if picture.is_visible():
            shot = imread(io.BytesIO(picture.screenshot()))[..., :3]
            bright = (shot.min(axis=2) > 0.6).mean()
            assert bright < 0.15, f"{player}: {bright:.0%} of the picture is bright"
