"""Films and lit pictures in a real browser."""

from collections.abc import Callable

import pytest

import dlhand
from dlhand.pictures.bars import bars
from dlhand.pictures.graph import graph
from dlhand.pictures.heatmap import heatmap
from dlhand.pictures.network import network
from dlhand.pictures.operation import operation
from dlhand.pictures.unrolled import unrolled
from dlhand.pictures.windows import windows
from dlhand.render.picture import Picture
from dlhand.widgets.film import Film
from tests.browser.real_lab import AXE, SCREENSHOTS
from tests.pictures.gallery import NET222

pytestmark = pytest.mark.browser


RENDER = """async ([esm, css, state]) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const handlers = {};
  const model = {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; handlers[`change:${name}`]?.(); },
    save_changes() {},
    on: (name, handler) => { handlers[name] = handler; },
    off: (name) => { delete handlers[name]; },
  };
  window.model = model;
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  const el = document.querySelector("main");
  window.stop = module.default.render({ model, el });
}"""

# All boxes and lines of an SVG that are seen, and all numbers of steps, with how they look.
LOOK = """(svg) => [...svg.querySelectorAll("g rect, g path, g[data-step] text")].map((node) => {
  const style = getComputedStyle(node);
  const isSeen = style.visibility === "visible" && (style.fill + style.stroke !== "nonenone");
  if (!isSeen) return "";
  const place = ["x", "y", "width", "height", "d"].map((name) => node.getAttribute(name) ?? "");
  const outline = style.stroke === "none" ? "" : `${style.stroke} ${style.strokeWidth}`;
  const words = node.tagName === "text" ? node.textContent : "";
  return [node.tagName, ...place, style.fill, style.fillOpacity, outline, words].join("|");
}).filter(Boolean).sort()"""


class Page:
    """A film on a bare page, with no server and no kernel."""

    def __init__(self, page, film: Film) -> None:
        self.page = page
        page.set_content('<!doctype html><html lang="en"><title>film</title><body><main></main>')
        state = {name: getattr(film, name) for name in ("title", "picture", "moments", "position")}
        page.evaluate(RENDER, [film._esm, film._css, state])
        self.root = page.locator(".dlhand-film")

    def look(self) -> list[str]:
        return self.root.locator("svg").evaluate(LOOK)

    def look_of(self, picture: Picture) -> list[str]:
        """The same of a picture as Python draws it, without script and style sheet."""
        self.page.evaluate(
            """(svg) => {
              document.querySelector("aside")?.remove();
              const aside = document.createElement("aside");
              aside.innerHTML = svg;
              document.body.append(aside);
            }""",
            picture.svg,
        )
        return self.page.locator("aside svg").evaluate(LOOK)

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    @property
    def progress(self) -> str:
        return self.root.locator(".dlhand-state").inner_text()

    @property
    def caption(self) -> str:
        return self.root.get_by_role("status").inner_text()


@pytest.fixture
def shown(browser):
    """Give a function that puts a film on a page of its own."""
    pages = []

    def show(picture: Picture, **options) -> Page:
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        page = context.new_page()
        page.set_default_timeout(20_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append((context, errors))
        return Page(page, Film(picture))

    yield show
    for context, errors in pages:
        context.close()
        assert errors == []


def filtered() -> Picture:
    return operation(dlhand.load("003-conv-filters"), "Y_h")


def place(name: str) -> tuple[int, ...]:
    return tuple(map(int, name.rstrip("]").partition("[")[2].split(",")))


def by_step(draw: Callable[..., Picture], example: str, *arguments) -> tuple:
    d = dlhand.load(example)
    return draw(d, *arguments), lambda name: draw(d, *arguments, current=name, so_far=True)


def by_place(example: str, step: str) -> tuple:
    d = dlhand.load(example)
    return operation(d, step), lambda name: operation(d, step, *place(name), so_far=True)


KINDS: dict[str, Callable[[], tuple[Picture, Callable[[str], Picture]]]] = {
    "graph": lambda: by_step(graph, "002-net222"),
    "graph of paths": lambda: by_step(graph, "003-sigmoid-graph"),
    "network": lambda: by_step(network, "002-net222", NET222),
    "unrolled": lambda: by_step(unrolled, "002-lstm"),
    "windows": lambda: by_step(windows, "003-conv-backward-windows", "Y"),
    "bars": lambda: by_step(bars, "002-cnn", ["P_conv1", "P_conv2", "P_fc3", "P_fc4"]),
    "product": lambda: by_place("000-attn", "Z"),
    "convolution": lambda: by_place("003-conv-filters", "Y_h"),
    "pooling": lambda: by_place("003-conv-maxpool", "M"),
    "heat map": lambda: (
        heatmap(dlhand.load("003-playing-matrix"), "A"),
        lambda name: heatmap(dlhand.load("003-playing-matrix"), "A", *place(name)),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_one_picture_lit_in_the_page_looks_as_python_draws_each_moment(shown, kind: str) -> None:
    picture, drawn_at = KINDS[kind]()
    it = shown(picture)
    looks = []
    for k, moment in enumerate(picture.moments):
        it.page.evaluate("k => model.set('position', k)", k)
        looks.append(it.look())
        assert looks[-1] == it.look_of(drawn_at(moment.name)), moment.name
    assert len({tuple(look) for look in looks}) > len(looks) / 2


def test_a_film_is_gone_through_by_mouse(shown) -> None:
    it = shown(filtered())
    assert (it.progress, it.caption.split("\n\n")[0]) == ("1 of 16", "Row 1, column 1")
    it.press("Next")
    assert it.caption.endswith("= −11")
    it.press("Last")
    assert (it.progress, it.caption.split("\n\n")[0]) == ("16 of 16", "Row 4, column 4")
    it.root.locator(".dlhand-next").click(force=True)
    it.press("Previous")
    assert it.progress == "15 of 16"
    it.press("First")
    assert it.root.locator(".dlhand-first").get_attribute("aria-disabled") == "true"
    assert it.progress == "1 of 16"


def test_a_film_is_gone_through_by_keyboard_alone(shown) -> None:
    it = shown(filtered())
    it.page.keyboard.press("Tab")
    assert it.page.evaluate("document.activeElement.matches('.dlhand-film')")
    for key, wanted in (
        ("ArrowRight", 2), ("ArrowDown", 3), ("ArrowLeft", 2), ("End", 16), ("ArrowRight", 16),
        ("Home", 1), ("ArrowUp", 1),
    ):  # fmt: skip
        it.page.keyboard.press(key)
        assert it.progress == f"{wanted} of 16"
    for name in ("First", "Previous", "Next"):
        it.page.keyboard.press("Tab")
        assert it.page.evaluate("document.activeElement.innerText.trim()") == name
    it.page.keyboard.press("Enter")
    assert it.progress == "2 of 16"


def test_it_plays_at_a_pace_pauses_and_begins_anew(shown) -> None:
    it = shown(operation(dlhand.load("003-conv-maxpool"), "M"))
    it.page.clock.install()
    it.root.get_by_label("pace").select_option("fast")
    it.root.focus()
    it.page.keyboard.press("p")
    assert it.progress == "2 of 4"
    it.page.clock.run_for(1600)
    assert it.progress == "3 of 4"
    it.press("Pause")
    it.page.clock.run_for(10_000)
    assert it.progress == "3 of 4"
    it.press("Play")
    it.page.clock.run_for(10_000)
    assert it.progress == "4 of 4"
    it.press("Play")
    assert it.progress == "1 of 4"
    it.page.evaluate("stop()")
    it.page.clock.run_for(10_000)
    assert it.progress == "1 of 4"


def test_motion_is_left_out_where_it_is_not_wanted(shown) -> None:
    for wanted, name in (("no-preference", "dlhand-flow"), ("reduce", "none")):
        it = shown(graph(dlhand.load("002-net222")), reduced_motion=wanted)
        flow = it.root.locator(".dlhand-forward > path").first
        assert flow.evaluate("node => getComputedStyle(node).animationName") == name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_reads_in_both_themes_and_at_390_pixels(shown, scheme: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for width in (390, 1000):
        for name, picture in (("windows", filtered()), ("graph", graph(dlhand.load("002-net222")))):
            it = shown(picture, color_scheme=scheme, viewport={"width": width, "height": 700})
            it.page.add_style_tag(content=":root { color-scheme: light dark }")
            it.page.evaluate("model.set('position', 6)")
            it.page.screenshot(path=SCREENSHOTS / f"film-{name}-{width}-{scheme}.png")
            assert it.page.evaluate("document.documentElement.scrollWidth") <= width
            smallest = it.root.locator("svg text").evaluate_all(
                "nodes => Math.min(...nodes.map(node => node.getBoundingClientRect().height))"
            )
            assert smallest >= 8
            it.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = it.page.evaluate("() => axe.run('.dlhand-film')")["violations"]
            assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def test_what_is_lit_is_scrolled_into_sight(shown) -> None:
    it = shown(graph(dlhand.load("002-net222")), viewport={"width": 390, "height": 700})
    picture = it.root.locator(".dlhand-picture")
    for k in range(len(graph(dlhand.load("002-net222")).moments)):
        it.page.evaluate("k => model.set('position', k)", k)
        it.page.wait_for_timeout(50)
        left, right = picture.evaluate(
            """(node) => {
              const [outer, inner] = [node, node.querySelector(".dlhand-lit")].map(
                (one) => one.getBoundingClientRect());
              return [inner.left - outer.left, outer.right - inner.right];
            }"""
        )
        assert left > -1 and right > -1


def test_a_title_with_markup_stays_text(shown) -> None:
    d = dlhand.Derivation("<img src=x onerror=alert(1)> & more")
    a, b = d.givens(A=[[1, 2]], B=[[3], [4]])
    d.step("C", a @ b, say="<b>bold</b>")
    it = shown(operation(d, "C"))
    assert it.root.locator("img, b").count() == 0
    assert "<img src=x onerror=alert(1)> & more" in it.root.locator("h3").inner_text()


def test_a_film_in_jupyterlab(lab) -> None:
    lab.run_cells("import dlhand", "dlhand.load('003-conv-filters').film('Y_h')")
    film = lab.page.locator(".dlhand-film")
    film.wait_for()
    film.get_by_role("button", name="Next", exact=True).click()
    film.get_by_text("2 of 16").wait_for()
    lab.page.keyboard.press("End")
    film.get_by_text("16 of 16").wait_for()
    lab.screenshot("film-in-lab")
