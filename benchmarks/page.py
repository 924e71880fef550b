"""The figures of the page, in JupyterLab: from what a learner does to what is painted.

Of a player, from a click on Next to the formula; of a what-if, from a tick of a slider to result,
picture and curve; of a chapter, from Run All to a first answer. Each cell of the notebook has one
of them; JupyterLab and Chromium are real, as in tests/browser.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure

PLAYERS = {
    "002-net222, with its network": (
        'dlhand.load("002-net222").player('
        'picture=lambda d: d.network([["x1", "x2"], ["h1", "h2"], ["o1", "o2"]]))'
    ),
    "002-lstm, with its graph": 'dlhand.load("002-lstm").player(picture="graph")',
    "200 steps, all shown": (
        'd = dlhand.Derivation("A chain")\n'
        'x = d.given("x_0", 1)\n'
        'for k in range(200): x = d.step(f"x_{k + 1}", x / 2 + "0.1")\n'
        "player = d.player()\n"
        "player.revealed = 199\n"
        "player"
    ),
}
EXPLORED = {
    "002-net222, with its network": (
        'dlhand.load("002-net222").explore('
        'picture=lambda d: d.network([["x1", "x2"], ["h1", "h2"], ["o1", "o2"]]))'
    ),
    "002-lstm, with its graph": 'dlhand.load("002-lstm").explore(picture="graph")',
}
CLICKS = 40
STEPPING = """async ([number, clicks]) => {
    const next = document.querySelectorAll(".dlhand-player")[number].querySelector(".dlhand-next");
    const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const times = [];
    for (let k = 0; k < clicks; k++) {
        await painted();
        const start = performance.now();
        next.click();
        await painted();
        times.push(performance.now() - start);
    }
    return times;
}"""
SLIDING = """async ([number, clicks]) => {
    const whole = document.querySelectorAll(".dlhand-what-if")[number];
    const slider = whole.querySelector(".dlhand-slider");
    const picture = whole.querySelector(".dlhand-picture:not(.dlhand-curve)");
    const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const drawn = () => new Promise(done => {
        const seen = new MutationObserver(() => (seen.disconnect(), done()));
        seen.observe(picture, { childList: true, characterData: true, subtree: true });
    });
    const times = [];
    for (let k = 0; k < clicks; k++) {
        await painted();
        const start = performance.now();
        const follows = drawn();
        slider.value = +slider.value + 1;
        slider.dispatchEvent(new Event("input"));
        await follows; // the last that follows a tick
        await painted();
        times.push(performance.now() - start);
    }
    return times;
}"""


def next_step() -> Iterator[Figure]:
    """The median milliseconds of a step, for the slowest of the players."""
    yield _slowest("next-step", 50, PLAYERS, ".dlhand-player", STEPPING)


def slider_painted() -> Iterator[Figure]:
    """The median milliseconds of a tick of a slider, for the slowest of the what-ifs."""
    yield _slowest("slider-painted", 60, EXPLORED, ".dlhand-what-if", SLIDING)


def opening() -> Iterator[Figure]:
    """The seconds from Run All in chapter 05 until the first player can be answered."""
    with tempfile.TemporaryDirectory() as place, _lab(Path(place)) as lab:
        lab.open_notebook("05_backpropagation.ipynb")
        lab.choose("Edit", "editmenu:clear-all")
        start = time.monotonic()
        lab.choose("Run", "runmenu:run-all")
        lab.page.locator(".dlhand-step-player .dlhand-input").first.fill("3")
        seconds = time.monotonic() - start
    yield Figure("opening-05", "nothing (s to a first answer)", seconds, 5, f"{seconds:.1f} s")


FIGURES = (next_step, slider_painted, opening)


def _slowest(name: str, bound: float, cells: dict[str, str], view: str, script: str) -> Figure:
    with tempfile.TemporaryDirectory() as place:
        medians = dict(zip(cells, _medians(Path(place), cells, view, script), strict=True))
    detail = "; ".join(f"{one}: {median:.1f} ms" for one, median in medians.items())
    return Figure(name, "nothing (ms to the next paint)", max(medians.values()), bound, detail)


def _medians(place: Path, cells: dict[str, str], view: str, script: str) -> list[float]:
    with _lab(place) as lab:
        lab.run_cells(*[f"import dlhand\n{code}" for code in cells.values()])
        views = lab.page.locator(view)
        found = []
        for number in range(len(cells)):
            views.nth(number).scroll_into_view_if_needed()
            found.append(statistics.median(lab.page.evaluate(script, [number, CLICKS])))
        return found


@contextmanager
def _lab(place: Path) -> Iterator[Any]:
    """A page in a JupyterLab of its own, as the browser tests have it."""
    from playwright.sync_api import sync_playwright

    from tests.browser.real_lab import BROWSERS, LAUNCH, Lab, Server

    server = Server(place)
    try:
        with sync_playwright() as playwright:
            path = next(filter(None, map(shutil.which, BROWSERS)))
            browser = playwright.chromium.launch(executable_path=path, args=[*LAUNCH])
            yield Lab(server, browser.new_page(viewport={"width": 1100, "height": 1000}))
            browser.close()
    finally:
        server.stop()
