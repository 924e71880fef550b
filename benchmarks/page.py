"""The figure of the player's page: from a click on Next to the painted formula, in JupyterLab.

Each cell of the notebook has a player; JupyterLab and Chromium are real, as in tests/browser.
"""

import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

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


def next_step() -> Iterator[Figure]:
    """The median milliseconds of a step, for the slowest of the players."""
    with tempfile.TemporaryDirectory() as place:
        medians = dict(zip(PLAYERS, _medians(Path(place)), strict=True))
    detail = "; ".join(f"{name}: {median:.1f} ms" for name, median in medians.items())
    yield Figure("next-step", "nothing (ms to the next paint)", max(medians.values()), 50, detail)


FIGURES = (next_step,)


def _medians(place: Path) -> list[float]:
    from playwright.sync_api import sync_playwright

    from tests.browser.real_lab import BROWSERS, LAUNCH, Lab, Server

    server = Server(place)
    try:
        with sync_playwright() as playwright:
            path = next(filter(None, map(shutil.which, BROWSERS)))
            browser = playwright.chromium.launch(executable_path=path, args=[*LAUNCH])
            lab = Lab(server, browser.new_page(viewport={"width": 1100, "height": 1000}))
            lab.run_cells(*[f"import dlhand\n{code}" for code in PLAYERS.values()])
            players = lab.page.locator(".dlhand-player")
            found = []
            for number in range(len(PLAYERS)):
                players.nth(number).scroll_into_view_if_needed()
                found.append(statistics.median(lab.page.evaluate(STEPPING, [number, CLICKS])))
            browser.close()
        return found
    finally:
        server.stop()
