"""Pictures that stand in an output, in light and dark: no white slab, and all of it can be seen.

What is measured are the pixels of screenshots of a real JupyterLab and of the built site.
"""

import os
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser

from dlhand.plots.figure import COLOURS
from tests.browser.pixels import MOST_WHITE, contrast, ground, luminance, pixels, turned, white
from tests.browser.real_lab import Lab
from tools.site.build import build

pytestmark = pytest.mark.browser

LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
CELLS = (
    "import dlhand",
    "dlhand.activation_curves('sigmoid', 'relu')",
    "dlhand.loss_curves('half_squared_error', 'binary_cross_entropy')",
    "run = dlhand.optimise(lambda x, y: x**2 + y**2, {'x': 1, 'y': 2}, steps=2)",
    "dlhand.loss_over_steps(run)",
    "from dlhand.plots import Panel, boundaries, optimiser_paths\noptimiser_paths(run)",
    "boundaries(Panel('XOR', '0110', ()))",
    "dlhand.load('000-ex1-active').network([['x1', 'x2', 'x3'], ['y_hat']])",
    "dlhand.load('002-net222').graph()",
    "dlhand.load('000-attn').heatmap('A')",
    "dlhand.load('003-conv-padding').operation('Y', 0, 0)",
)
# What is drawn of text and of lines, by colour; matplotlib has its letters in groups called text_1.
DRAWN = """(svg) => {
  const room = document.createElement("div");
  room.innerHTML = svg;
  document.body.append(room);
  const found = { text: new Set(), line: new Set() };
  for (const node of room.querySelectorAll("text, path, line, polyline")) {
    if (node.closest("clipPath, [visibility=hidden]")) continue;
    const { fill, stroke } = getComputedStyle(node);
    if (node.matches("text, [id^=text_] path, [id^=text_] *")) found.text.add(fill);
    else if (fill === "none" && stroke !== "none") found.line.add(stroke);
  }
  room.remove();
  return { text: [...found.text], line: [...found.line] };
}"""


def rgb(colour: str) -> np.ndarray:
    return np.array([float(x) for x in re.findall(r"[\d.]+", colour)[:3]])


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_pictures_in_jupyterlab_fit_its_theme(lab: Lab, theme: str) -> None:
    lab.run_cells(*CELLS)
    page = lab.page
    lab.choose_theme(theme)
    images = page.locator(".jp-OutputArea-output img")
    shown_by = [cell for cell in CELLS if not re.match(r"import|run = ", cell)]
    assert images.count() == len(shown_by)
    for k in range(images.count()):
        image = images.nth(k)
        image.scroll_into_view_if_needed()
        shown = pixels(image.screenshot())
        paper = ground(shown)
        if theme == DARK:
            assert white(shown) < MOST_WHITE, shown_by[k]
        svg = b64decode((image.get_attribute("src") or "").partition(",")[2]).decode()
        drawn = page.evaluate(DRAWN, svg)
        seen = turned if theme == DARK else np.asarray
        for kind, least in (("text", 4.5), ("line", 3)):
            for colour in drawn[kind]:
                if luminance(rgb(colour)) < 0.9:  # white is for letters on what is dark
                    assert contrast(seen(rgb(colour)), paper) >= least, (shown_by[k], kind, colour)
    lab.screenshot(f"plots-{'dark' if theme == DARK else 'light'}")


def test_what_is_stored_is_dark_before_it_is_run(lab: Lab) -> None:
    """Players and what-ifs, as a learner finds them on opening a chapter that `make lab` trusts."""
    name = "05_backpropagation.ipynb"
    own = {"JUPYTER_DATA_DIR": str(lab.root.parent / "DATA_DIR")}
    subprocess.run(
        [sys.executable, "-m", "jupyter", "trust", lab.root / name],
        env=os.environ | own, check=True, capture_output=True,
    )  # fmt: skip
    lab.open_notebook(name)
    lab.choose_theme(DARK)
    stored = lab.page.locator(".jp-OutputArea-output img")
    stored.first.scroll_into_view_if_needed()
    lab.screenshot("stored-dark")
    assert stored.count() >= 2
    for k in range(stored.count()):
        stored.nth(k).scroll_into_view_if_needed()
        assert white(pixels(stored.nth(k).screenshot())) < MOST_WHITE, k


def test_pictures_on_the_site_fit_its_dark_theme(browser: Browser, tmp_path: Path) -> None:
    """Of two chapters, one of which is mostly plots."""
    chapters = ("03_activations_and_losses", "08_convolution")
    build(tmp_path, chapters)
    context = browser.new_context(color_scheme="dark", reduced_motion="reduce")
    page = context.new_page()
    seen = 0
    for chapter in chapters:
        page.goto(f"{tmp_path.as_uri()}/{chapter}.html")
        for picture in page.locator("main :is(img, svg[role=img], .picture > svg)").all():
            if picture.is_visible():
                picture.scroll_into_view_if_needed()
                assert white(pixels(picture.screenshot())) < MOST_WHITE, chapter
                seen += 1
    context.close()
    assert seen >= 15


def test_the_measure_sees_a_white_slab() -> None:
    slab = np.full((10, 10, 3), 255)
    assert white(slab) > MOST_WHITE
    assert contrast(np.array([0, 0, 0]), ground(slab)) == pytest.approx(21)
    assert contrast(turned(np.array([255] * 3)), np.array([26] * 3)) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("colour", COLOURS)
def test_each_colour_of_a_line_is_seen_on_both_papers(colour: str) -> None:
    own = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)])
    white = np.array([255] * 3)
    assert contrast(own, white) >= 4.5
    assert contrast(turned(own), turned(white)) >= 4.5
