"""The fixtures of this folder work: both kinds of widget answer, and what goes wrong is noticed."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

pytestmark = pytest.mark.browser

SLIDER = """\
import ipywidgets
slider = ipywidgets.IntSlider(value=3, description="n")
square = ipywidgets.HTML("n² = 9")
slider.observe(lambda change: setattr(square, "value", f"n² = {change.new ** 2}"), "value")
ipywidgets.VBox([slider, square.add_class("probe-square")])
"""
BUTTON = '''\
import anywidget
class Counter(anywidget.AnyWidget):
    _esm = """export default {render({el}) {
        const button = document.createElement("button");
        let count = 0;
        button.className = "probe-button";
        button.textContent = "pressed 0";
        button.onclick = () => { button.textContent = `pressed ${++count}`; };
        el.append(button);
    }}"""
Counter()
'''


def write(path: Path, *cells: str) -> None:
    notebook = new_notebook(cells=[new_markdown_cell("# Probe"), *map(new_code_cell, cells)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)


def test_a_slider_moves_the_python_side_and_a_button_steps_in_the_page(lab) -> None:
    write(lab.root / "probe.ipynb", SLIDER, BUTTON, "last = 1", "print('ended', last)")
    lab.open_notebook("probe.ipynb")
    lab.run_all()
    square = lab.page.locator(".probe-square .widget-html-content")
    assert square.inner_text() == "n² = 9"
    lab.page.locator(".noUi-handle, .widget-slider [role=slider]").first.press("ArrowRight")
    lab.page.wait_for_function(
        "() => document.querySelector('.probe-square').innerText.includes('16')"
    )
    button = lab.page.locator(".probe-button")
    button.click()
    button.click()
    assert button.inner_text() == "pressed 2"
    assert lab.page.get_by_text("ended 1", exact=True).count() == 1
    assert lab.screenshot("fixtures").stat().st_size > 10_000


def test_run_all_waits_for_slow_cells_out_of_sight_and_shows_no_stored_output(lab) -> None:
    last = "import time; time.sleep(2)\nprint('then', 6 * 7)"
    write(lab.root / "slow.ipynb", *[f"print({n}, end='\\n' * 20)" for n in range(12)], last)
    notebook = nbformat.read(lab.root / "slow.ipynb", as_version=4)
    for cell in notebook.cells[1:]:  # as if it had run before
        cell.execution_count = 1
        cell.outputs = [nbformat.v4.new_output("stream", text="stored")]
    nbformat.write(notebook, lab.root / "slow.ipynb")
    lab.open_notebook("slow.ipynb")
    lab.run_all()
    assert lab.page.get_by_text("stored", exact=True).count() == 0
    lab.page.locator(".jp-WindowedPanel-outer").first.press("Control+End")
    lab.page.get_by_text("then 42", exact=True).wait_for(timeout=1000)


def test_errors_of_the_page_and_requests_to_strangers_are_noticed(lab) -> None:
    write(lab.root / "bad.ipynb", "1")
    lab.open_notebook("bad.ipynb")
    assert (lab.errors, lab.strangers) == ([], [])
    # The address is one that no machine can have (RFC 2606): nothing leaves this one.
    lab.page.evaluate("() => fetch('http://stranger.invalid/x').catch(() => null)")
    lab.page.evaluate("() => { setTimeout(() => { throw new Error('probe') }, 0) }")
    lab.page.wait_for_timeout(300)
    assert lab.strangers == ["http://stranger.invalid/x"]
    assert lab.errors == ["probe"]
    lab.errors.clear()
    lab.strangers.clear()
