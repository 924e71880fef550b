"""A real JupyterLab, and its page in a real browser.

The fixtures in `conftest` and the benchmarks of the page use it.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import ConsoleMessage, Page, Request

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


class Server:
    """A JupyterLab of this environment, on a free port, with settings and a folder of its own."""

    def __init__(self, place: Path) -> None:
        self.token = secrets.token_hex(16)
        self.root = place / "root"
        self.root.mkdir()
        for notebook in (ROOT / "notebooks").glob("*.ipynb"):
            shutil.copy(notebook, self.root)
        settings = place / "CONFIG_DIR" / NEWS_SETTINGS
        settings.parent.mkdir(parents=True)
        settings.write_text('{"fetchNews": "false", "checkForUpdates": false}', encoding="utf-8")
        own = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
        environment = os.environ | {f"JUPYTER_{name}": str(place / name) for name in own}
        environment |= {"IPYTHONDIR": str(place / "ipython"), "JUPYTER_PREFER_ENV_PATH": "1"}
        self._log = (place / "server.log").open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                *("--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={self.token}"),
                f"--ServerApp.root_dir={self.root}",
                "--LabApp.extension_manager=readonly",
                "--LabApp.expose_app_in_browser=True",  # run_all asks it
            ],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        self.address = self._wait_for_address(place / "RUNTIME_DIR")

    def _wait_for_address(self, runtime: Path) -> str:
        deadline = time.monotonic() + SERVER_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            for record in runtime.glob("jpserver-*.json"):
                try:
                    return str(json.loads(record.read_text(encoding="utf-8"))["url"])
                except ValueError:  # still being written
                    continue
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


class Lab:
    """JupyterLab as one test sees it.

    Attributes:
        page: the page of the browser (Playwright)
        root: the folder that the server shows: a copy of notebooks/, to which a test may write
        errors: errors that the page has thrown
        strangers: addresses outside this machine that the page has asked for
    """

    def __init__(self, server: Server, page: Page) -> None:
        self.page = page
        self.root = server.root
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self._server = server
        page.set_default_timeout(STEP_SECONDS * 1000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
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
            self.errors.append(message.text)

    def open_notebook(self, name: str) -> None:
        """Open a notebook of `root` and wait until its kernel can be talked to."""
        query = f"?reset&token={self._server.token}"
        self.page.goto(f"{self._server.address}lab/tree/{name}{query}")
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
