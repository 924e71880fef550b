"""The mathematics font in a real browser: it has all that we write, and lays it out."""

import re
from html import unescape

import pytest

from dlhand import load
from dlhand.examples import names
from dlhand.render import font
from dlhand.render.html import STYLE

pytestmark = pytest.mark.browser

# A character that the font lacks is as wide as the next font has it.
LACKING = """(all) => {
  const canvas = document.createElement("canvas").getContext("2d");
  const width = (one, fallback, style) => {
    canvas.font = `${style} 64px "dlhand Math", ${fallback}`;
    return canvas.measureText(one).width;
  };
  const widths = ([one, style]) => ["monospace", "serif"].map((font) => width(one, font, style));
  return all.filter((one) => new Set(widths(one)).size > 1);
}"""
TALL = "<mfrac><mfrac><mn>1</mn><mn>2</mn></mfrac><mn>3</mn></mfrac>"


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.set_content(
        f"<!doctype html><title>font</title><style>{font.face_rules()}{STYLE}</style>"
        f'<p class="dlhand"><math><mi>x</mi><mo>(</mo></math>'
        f"<math id=tall><mrow><mo>(</mo>{TALL}<mo>)</mo></mrow></math></p>"
    )
    page.evaluate("() => document.fonts.ready")
    yield page
    page.close()


def test_every_character_of_the_examples_is_in_the_font(page) -> None:
    written = "".join(load(name).html() for name in names())
    letters = {(one, "italic") for found in re.findall(r"<mi>([^<]+)", written) for one in found}
    signs = {
        (one, "normal")
        for found in re.findall(r'<(?:mo|mn|mtext|mi class="dl-word")[^>]*>([^<]+)', written)
        for one in unescape(found)
    }
    invisible = {"\N{FUNCTION APPLICATION}", "\N{INVISIBLE TIMES}", "\u00a0", " "}
    asked = sorted([one for one in letters | signs if one[0] not in invisible])
    assert len(asked) > 100
    assert page.evaluate(LACKING, [list(one) for one in asked]) == []
    # what lacks would be seen: a letter that other fonts have, each in a width of its own
    assert page.evaluate(LACKING, [["\N{CYRILLIC CAPITAL LETTER ZHE}", "normal"]]) != []


def test_brackets_grow_with_what_they_hold(page) -> None:
    plain, tall = (
        page.locator(f"{where} mo").first.bounding_box()["height"] for where in ("p", "#tall")
    )
    assert tall > 1.5 * plain


def test_it_is_small_and_its_licence_is_beside_it() -> None:
    assert sum(map(len, font.faces())) < 32 * 1024
    licence = font.files("dlhand.render").joinpath("fonts/LICENSE").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "STIX Fonts Project Authors" in licence
