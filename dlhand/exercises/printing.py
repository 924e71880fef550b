"""Sheets as PDF, from the same HTML.

A browser prints them, through Playwright: the mathematics is MathML, which of the libraries that
make PDF from HTML only browsers set (WeasyPrint, which is smaller, leaves it out). A Chromium or
Chrome of the system is taken where there is one, else that of Playwright.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator

from dlhand.errors import MissingPackage
from dlhand.extras import module

__all__ = ["printed"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def printed(pages: Iterable[str], paper: str = "A4") -> Iterator[bytes]:
    """Each page as a PDF on paper of this size, such as "A4" or "Letter".

    Raises `MissingPackage` where there is no Playwright, or no browser.
    """
    playwright = module("playwright.sync_api", "class")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with playwright.sync_playwright() as running:
        try:
            browser = running.chromium.launch(
                executable_path=path, chromium_sandbox=False, args=["--disable-gpu"]
            )
        except playwright.Error as error:
            raise MissingPackage(
                "no Chromium or Google Chrome was found, which prints PDF; install one, or run "
                "'playwright install chromium'"
            ) from error
        view = browser.new_page(java_script_enabled=False)
        view.route("**/*", lambda route: route.abort())  # a sheet needs nothing from elsewhere
        for page in pages:
            view.set_content(page)
            yield view.pdf(format=paper, prefer_css_page_size=False, print_background=True)
        browser.close()
