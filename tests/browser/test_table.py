"""A table that is searched and sorted, in a real browser."""

import pytest

import dlhand
from tests.browser.real_lab import AXE, SCREENSHOTS

pytestmark = pytest.mark.browser
# An explicit background: without one axe takes every page to be white.
SCHEME = ":root { color-scheme: light dark } body { background: Canvas; color: CanvasText }"
RENDER = """async ([esm, css, state]) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const model = { get: (name) => state[name], on() {}, off() {} };
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  module.default.render({ model, el: document.querySelector("main") });
}"""
EMPTY = '<!doctype html><html lang="en"><title>errata</title><body><main></main>'


@pytest.fixture(scope="module")
def table():
    return dlhand.errata_table()


@pytest.fixture
def shown(browser, table):
    """Give a function that puts the table of errata on a page of its own."""
    pages = []

    def show(**options):
        context = browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(20_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append((context, errors))
        page.set_content(EMPTY)
        view = table.widget
        state = {name: getattr(view, name) for name in ("title", "headings", "rows")}
        page.evaluate(RENDER, [view._esm, view._css, state])
        return page

    yield show
    for context, errors in pages:
        context.close()
        assert errors == []


def column(page, k: int) -> list[str]:
    return page.locator(f"tbody td:nth-child({k})").all_inner_texts()


def test_it_is_searched_by_keyboard(shown, table) -> None:
    page = shown()
    page.keyboard.press("Tab")
    page.keyboard.type("003 unexplained")
    wanted = [r for r in table.rows if r.document == "003" and r.verdict == "unexplained"]
    assert page.get_by_role("status").inner_text() == f"{len(wanted)} of {len(table.rows)} rows"
    assert column(page, 5) == [row.printed for row in wanted] and wanted
    page.keyboard.type(" and no such thing")
    assert column(page, 1) == []


def test_it_is_sorted_by_a_heading_down_and_back(shown, table) -> None:
    page = shown()
    heading = page.get_by_role("columnheader", name="verdict")
    verdicts = [row.verdict for row in table.rows]
    heading.get_by_role("button").focus()
    for order, wanted in (("ascending", sorted(verdicts)), ("descending", sorted(verdicts)[::-1])):
        page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == order
        assert column(page, 7) == wanted
    page.keyboard.press("Enter")
    assert heading.get_attribute("aria-sort") is None
    assert column(page, 7) == verdicts


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1100])
def test_nothing_keeps_anybody_out(shown, table, scheme: str, width: int) -> None:
    """Of the widget, of the plain table that stands where there is none, and of the map."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page = shown(color_scheme=scheme, viewport={"width": width, "height": 600})
    page.add_style_tag(content=SCHEME)
    plain = {"plain": table.html(), "map": dlhand.course_map()._repr_html_()}
    for name in ("widget", *plain):
        if name in plain:
            page.set_content(EMPTY.replace("<main>", f"<main>{plain[name]}"))
            page.add_style_tag(content=SCHEME)
        page.screenshot(path=SCREENSHOTS / f"errata-{name}-{width}-{scheme}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(AXE.read_text(encoding="utf-8"))
        found = page.evaluate("() => axe.run('main')")["violations"]
        assert [one["id"] for one in found] == []


def test_a_table_in_jupyterlab(lab) -> None:
    lab.run_cells("import dlhand", "dlhand.errata_table('003')", "dlhand.course_map()")
    widget = lab.page.locator(".dlhand-table")
    widget.wait_for()
    widget.get_by_label("Search").fill("posenc")
    widget.get_by_text(" of ").first.wait_for()
    assert all("posenc" in text for text in widget.locator("tbody tr").all_inner_texts())
    lab.screenshot("errata-in-lab")
    lab.page.locator(".dlhand-plain").scroll_into_view_if_needed()
    lab.screenshot("map-in-lab")
