"""A folder served as a plain web host does, gzip and all, and what a page of it has asked for."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from tests.browser.real_lab import LOOPBACK


class _Plain(SimpleHTTPRequestHandler):
    """The handler of `python -m http.server`, silent."""

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which a folder is served while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Plain, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


class Watched:
    """A context whose pages may ask this machine only; what went wrong on them is noted."""

    def __init__(self, context: BrowserContext) -> None:
        self.faults: list[str] = []
        self.strangers: list[str] = []
        self.asked: list[str] = []
        context.route("**/*", self._route)
        context.on("page", self._watch)

    def _route(self, route) -> None:  # type: ignore[no-untyped-def]
        address = route.request.url
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname not in LOOPBACK:
            self.strangers.append(address)
            return route.abort()
        self.asked.append(address)
        return route.continue_()

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))


def on_the_wire(paths: list[Path]) -> int:
    """So many bytes as files have when a web host compresses what is text."""
    texts = {".html", ".js", ".css", ".json", ".svg"}
    return sum(
        len(gzip.compress(path.read_bytes())) if path.suffix in texts else path.stat().st_size
        for path in paths
    )
