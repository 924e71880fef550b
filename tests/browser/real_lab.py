"""A real JupyterLab, and its page in a real browser.

The fixtures in `conftest` and the benchmarks of the page use it.
"""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from dlhand.lab.connection import OPTION

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / "tests" / "js" / "node_modules" / "axe-core" / "axe.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LAUNCH = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")
# JupyterLab's question whether it may fetch news would cover a corner of every screenshot.
NEWS_SETTINGS = "lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"
SERVER_SECONDS = 60
STEP_SECONDS = 60  # for one thing to happen in the page: generous, for a busy machine


# For tests alone: any free port, the browser is ours, and `run_all` asks the page for its app.
CONFIG = {
    "ServerApp": {"ip": "127.0.0.1", "port": 0, "open_browser": False, "allow_root": True},
    "LabApp": {"extension_manager": "readonly", "expose_app_in_browser": True},
}


GIVEN_UP = "[anywidget] Failed to initialize model."
"""What anywidget says of a widget that took it long to load: see test_slow_computer."""


def course_copy(folder: Path) -> Path:
    """A folder with all notebooks of the course."""
    folder.mkdir()
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(notebook, folder)
    return folder


class Server:
    """A JupyterLab on a free port, with settings of its own.

    It shows the folder `root`, a copy of notebooks/ if none is given. The command starts it there,
    in the environment variables given: that of this Python, if none is given.
    """

    def __init__(
        self,
        place: Path,
        root: Path | None = None,
        command: Sequence[str | Path] = (),
        variables: Mapping[str, str] = os.environ,
    ) -> None:
        self.root = root or course_copy(place / "root")
        settings = place / "CONFIG_DIR" / NEWS_SETTINGS
        settings.parent.mkdir(parents=True)
        settings.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
        config = place / "CONFIG_DIR" / "jupyter_server_config.json"
        config.write_text(json.dumps(CONFIG), encoding="utf-8")
        own = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
        environment = {**variables} | {f"JUPYTER_{name}": str(place / name) for name in own}
        environment |= {"IPYTHONDIR": str(place / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1"}
        self._log = (place / "server.log").open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            command
            or [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={self.root}", OPTION],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        record = self._wait_for_record(place / "RUNTIME_DIR")
        self.address, self.token = str(record["url"]), str(record["token"])

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._process.pid

    def _wait_for_record(self, runtime: Path) -> dict[str, Any]:
        deadline = time.monotonic() + SERVER_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            for record in runtime.glob("jpserver-*.json"):
                try:
                    found: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
                except ValueError:  # still being written
                    continue
                return found
            time.sleep(0.1)
        self.stop()
        log = Path(self._log.name).read_text(encoding="utf-8")
        raise RuntimeError(f"JupyterLab did not start:\n{log}")

    def ask(self, method: str, path: str) -> Any:
        """The JSON that the server's own interface answers."""
        request = urllib.request.Request(self.address + path, method=method)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=SERVER_SECONDS) as answer:
            return json.loads(answer.read() or "null")

    def stop_kernels(self) -> None:
        for session in self.ask("GET", "api/sessions"):
            self.ask("DELETE", f"api/sessions/{session['id']}")

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(SERVER_SECONDS)
        self._log.close()


@contextmanager
def opened_lab(server: Server, browser: Browser) -> Iterator["Lab"]:
    """A page on a server; an error in it, or a request that leaves the machine, fails the test."""
    context = browser.new_context(viewport={"width": 1100, "height": 1000})
    opened = Lab(server, context.new_page())
    yield opened
    context.close()
    server.stop_kernels()
    assert opened.errors == []
    assert opened.strangers == []


class Lab:
    """JupyterLab as one test sees it.

    Attributes:
        page: the page of the browser (Playwright)
        root: the folder that the server shows: a copy of notebooks/, to which a test may write
        errors: errors that the page has thrown
        given_up: how often anywidget has said that a widget took it too long to load
        strangers: addresses outside this machine that the page has asked for
    """

    def __init__(self, server: Server, page: Page) -> None:
        self.page = page
        self.root = server.root
        self.errors: list[str] = []
        self.given_up = 0
        self.strangers: list[str] = []
        self._server = server
        page.set_default_timeout(STEP_SECONDS * 1000)
        page.on("pageerror", lambda error: self._note_error(str(error)))
        page.on("console", self._note_console)
        page.on("request", self._note_request)
        page.on("websocket", lambda socket: self._note_address(socket.url))

    def _note_address(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in LOOPBACK:
            self.strangers.append(address)

    def _note_request(self, request: Request) -> None:
        self._note_address(request.url)

    def _note_console(self, message: ConsoleMessage) -> None:
        # A widget whose module fails says so on the console, not as an error of the page.
        text = message.text.lower()
        is_of_widget = "anywidget" in text or "error setting state" in text
        if message.type == "error" and is_of_widget:
            self._note_error(message.text)

    def _note_error(self, text: str) -> None:
        """On a machine that is busy it may be said; our widgets are used all the same."""
        if GIVEN_UP in text:
            self.given_up += 1
        else:
            self.errors.append(text)

    def open_notebook(self, name: str) -> None:
        """Open a notebook of `root` and wait until its kernel can be talked to."""
        self.open(f"lab/tree/{name}?reset")

    def open(self, path: str) -> None:
        """Open an address of the server that shows a notebook, and wait in the same way."""
        mark = "&" if "?" in path else "?"
        self.page.goto(f"{self._server.address}{path}{mark}token={self._server.token}")
        self.page.wait_for_selector(".jp-Notebook .jp-CodeCell")
        self.wait_until_idle()

    def run_cells(self, *cells: str) -> None:
        """Write a notebook of these cells, open it, and run them all."""
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, self.root / "cells.ipynb")
        self.open_notebook("cells.ipynb")
        self.run_all()

    def wait_until_idle(self) -> None:
        """Wait for "| Idle" in the status bar.

        "Run All" that comes before the kernel is connected runs nothing, and says nothing.
        """
        self.page.wait_for_function(r"() => /\| Idle/.test(document.body.innerText)")

    def choose(self, menu: str, command: str) -> None:
        """Choose from the menu bar, as a person does."""
        self.page.click(f'.lm-MenuBar-itemLabel:text-is("{menu}")')
        self.page.click(f'.lm-Menu-item[data-command="{command}"]')

    def choose_theme(self, name: str) -> None:
        """Change to a theme, such as "JupyterLab Dark", and wait until the page has it."""
        self.page.evaluate(
            "theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name
        )
        self.page.wait_for_selector(f"body[data-jp-theme-name='{name}']", state="attached")

    def run_all(self) -> None:
        """Clear the stored outputs, run all cells, and wait until the last of them has run."""
        self.choose("Edit", "editmenu:clear-all")
        self.choose("Run", "runmenu:run-all")
        # The page has no prompts for cells out of sight, so the model of the notebook is asked.
        self.page.wait_for_function(
            """() => [...jupyterapp.shell.currentWidget.content.model.cells]
                .filter(cell => cell.type === "code" && cell.sharedModel.source.trim())
                .every(cell => cell.executionCount !== null && cell.executionState !== "running")
            """
        )
        self.wait_until_idle()

    def screenshot(self, name: str) -> Path:
        """Store what is seen as build/screenshots/NAME.png."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path
