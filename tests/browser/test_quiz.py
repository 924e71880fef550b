"""A quiz in a real browser, by keyboard alone and by mouse."""

import pytest

from dlhand import Quiz
from dlhand.examples.quizzes import read
from tests.browser.real_lab import AXE, SCREENSHOTS

pytestmark = pytest.mark.browser

TEXT = r"""
? Which of these looks at the whole image once? [002:520]
+ YOLO -- one network gives all boxes and classes in one pass
- R-CNN -- it first proposes regions, and then looks at each
- a <b>bold</b> guess -- markup stays text

? Which numbers are at most $\frac{1}{2}$? [002:530-540]
+ $x_1 = 0.5$ -- it is $2^{-1}$
+ $0$ -- it is less
- $\sqrt{2}$ -- it is about 1.4
"""

# An explicit background: without one axe takes every page to be white.
SCHEME = ":root { color-scheme: light dark } body { background: Canvas; color: CanvasText }"
# A model as anywidget has one, in as many views as are wanted.
RENDER = """async ([esm, css, state, count]) => {
  const style = document.createElement("style");
  style.textContent = css;
  document.head.append(style);
  const handlers = {};
  const changed = (name) => (handlers[`change:${name}`] ?? []).forEach((one) => one());
  window.model = {
    get: (name) => state[name],
    set(changes) { Object.assign(state, changes); Object.keys(changes).forEach(changed); },
    save_changes() {},
    on: (name, handler) => { (handlers[name] ??= []).push(handler); },
    off() {},
  };
  const module = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  for (let k = 0; k < count; k++) {
    const el = document.createElement("div");
    document.querySelector("main").append(el);
    module.default.render({ model, el });
  }
}"""


class Page:
    """A quiz on a bare page, with no server and no kernel."""

    def __init__(self, page, views: int) -> None:
        self.page = page
        page.set_content('<!doctype html><html lang="en"><title>quiz</title><body><main></main>')
        view = Quiz("09", read(TEXT)).widget
        state = {name: getattr(view, name) for name in ("questions", "position", "tries")}
        page.evaluate(RENDER, [view._esm, view._css, state, views])
        self.roots = page.locator(".dlhand-quiz")
        self.root = self.roots.first

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def choose(self, words: str) -> None:
        self.root.get_by_label(words).check()

    @property
    def told(self) -> str:
        return self.root.get_by_role("status").inner_text()

    @property
    def asked(self) -> str:
        return self.root.locator("legend").inner_text()

    @property
    def focused(self) -> str:
        return self.page.evaluate(
            "(document.activeElement.labels?.[0] ?? document.activeElement).innerText"
        )

    def violations(self) -> list[str]:
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("() => axe.run('main')")["violations"]
        return [one["id"] for one in found]


@pytest.fixture
def shown(browser):
    """Give a function that puts a quiz on a page of its own."""
    pages = []

    def show(views: int = 1, **options) -> Page:
        context = browser.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(20_000)
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append((context, errors))
        return Page(page, views)

    yield show
    for context, errors in pages:
        context.close()
        assert errors == []


def keyboard_choice(it: Page, words: str) -> None:
    """Move with the arrows until the radio button of these words is chosen."""
    for _ in range(3):
        if words in it.focused and it.page.evaluate("document.activeElement.checked"):
            return
        it.press("ArrowDown")
    raise AssertionError(f"{words!r} is not reached: {it.focused!r}")


def test_it_is_answered_by_keyboard_alone(shown) -> None:
    it = shown()
    it.press("Tab", "Enter")
    assert it.told == "Nothing is chosen yet."
    it.press("Space")
    keyboard_choice(it, "R-CNN")
    it.press("Enter")
    assert it.told.splitlines()[0] == "Not yet."
    assert "R-CNN — wrong: it first proposes regions" in it.told
    assert "From document 002, line 520." in it.told and "one network" not in it.told
    keyboard_choice(it, "YOLO")
    assert it.told == ""  # a new choice is not judged yet
    it.press("Enter")
    assert it.told.splitlines()[0] == "Right."
    assert "YOLO — right: one network gives all boxes" in it.told
    it.press("Enter")
    assert it.asked.startswith("Which numbers are at most")
    for _ in range(3):
        if "2" not in it.focused.replace("\n", ""):  # all but the square root
            it.press("Space")
        it.press("Tab")
    assert it.focused == "Check"
    it.press("Enter")
    assert it.told.splitlines()[0] == "Right." and it.focused == "Score"
    it.press("Enter")
    assert it.told == "1 of 2 at the first try."
    it.press("Tab")
    assert it.focused == "Start over"
    it.press("Enter")
    assert it.asked.startswith("Which of these") and it.told == ""
    assert it.root.locator("input:checked").count() == 0
    assert it.page.evaluate("model.get('tries')") == [[], []]


def test_several_choices_are_judged_together(shown) -> None:
    it = shown()
    it.choose("YOLO")
    it.root.get_by_role("button", name="Check").click()
    it.root.get_by_role("button", name="Next question").click()
    assert it.root.get_by_role("checkbox").count() == 3
    assert it.root.locator(".dlhand-several").inner_text() == "Choose all that are right."
    it.root.get_by_role("checkbox").nth(0).focus()
    labels = it.root.locator(".dlhand-option").all_inner_texts()
    right = [k for k, text in enumerate(labels) if "√" not in text and "2" not in text]
    it.root.get_by_role("checkbox").nth(right[0]).check()
    it.press("Enter")
    assert it.told.startswith("Not yet: all you chose is right, but something is missing.")
    it.root.get_by_role("checkbox").nth(right[1]).check()
    it.press("Enter")
    assert it.told.startswith("Right.") and it.told.count("— right: ") == 2


def test_markup_in_a_choice_stays_text(shown) -> None:
    it = shown()
    it.choose("a <b>bold</b> guess")
    it.press("Enter")
    assert it.root.locator("b").count() == 0
    assert "a <b>bold</b> guess — wrong: markup stays text" in it.told


def test_two_views_are_at_the_same_place(shown) -> None:
    it = shown(views=2)
    it.choose("YOLO")
    it.press("Enter")
    other = it.roots.nth(1)
    assert other.get_by_role("status").inner_text().startswith("Right.")
    assert other.get_by_label("YOLO").is_checked() and it.root.get_by_label("YOLO").is_checked()
    other.get_by_role("button", name="Next question").click()
    assert it.asked.startswith("Which numbers")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1000])
def test_nothing_keeps_anybody_out(shown, scheme: str, width: int) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    it = shown(color_scheme=scheme, viewport={"width": width, "height": 500})
    it.page.add_style_tag(content=SCHEME)
    assert it.violations() == []
    for number, words in enumerate(("R-CNN", "YOLO")):
        it.choose(words)
        it.press("Enter")
        marks = it.root.locator("[data-right]").evaluate_all(
            """nodes => nodes.map(node => getComputedStyle(node, "::before").content[1])"""
        )
        assert marks == ["✗✓"[number]] * 2
        assert it.violations() == []
        it.page.screenshot(path=SCREENSHOTS / f"quiz-{width}-{scheme}-{number}.png")
    assert it.page.evaluate("document.documentElement.scrollWidth") <= width
    it.press("Enter")
    it.root.get_by_role("checkbox").first.check()
    it.press("Enter")
    it.page.screenshot(path=SCREENSHOTS / f"quiz-{width}-{scheme}-several.png")
    it.press("Enter")
    assert "at the first try" in it.told and it.violations() == []


def test_a_quiz_in_jupyterlab(lab) -> None:
    """Keys are the quiz's there, and the static page is in its place where no widget is."""
    lab.run_cells(
        "from dlhand import Quiz\nfrom dlhand.examples.quizzes import read",
        f"quiz = Quiz('09', read({TEXT!r}))\nquiz",
        "quiz.widget.tries",
    )
    quiz = lab.page.locator(".dlhand-quiz")
    quiz.wait_for()
    quiz.get_by_label("R-CNN").check()
    lab.page.keyboard.press("Enter")
    quiz.get_by_text("it first proposes regions").wait_for()
    quiz.get_by_label("YOLO").check()
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.press("Enter")
    quiz.get_by_text("question 2 of 2").wait_for()
    lab.screenshot("quiz-in-lab")
