"""`dlhand lab`: a copy of the course in a real JupyterLab, at the chapter that was asked for."""

import json
import sys

import pytest

from dlhand.lab.copy import chapters
from tests.browser.real_lab import Server, opened_lab

pytestmark = pytest.mark.browser


def test_it_opens_the_chapter_with_its_stored_outputs_and_keeps_what_is_changed(
    tmp_path, browser
) -> None:
    root = tmp_path / "my course"
    command = [*(sys.executable, "-m", "dlhand", "lab", "rnn", "--no-browser"), "--folder", root]
    server = Server(tmp_path, root, command)
    try:
        assert {path.name for path in root.glob("*.ipynb")} == {path.name for path in chapters()}
        with opened_lab(server, browser) as lab:
            lab.open("")
            title = "() => jupyterapp.shell.currentWidget.title.label"
            assert lab.page.evaluate(title) == "11_rnn.ipynb"
            cells = "[...jupyterapp.shell.currentWidget.content.model.cells]"
            untrusted = f"() => {cells}.filter((one) => one.type === 'code' && !one.trusted).length"
            assert lab.page.evaluate(untrusted) == 0
            lab.run_all()
            lab.choose("File", "docmanager:save")
            lab.page.wait_for_function("() => !jupyterapp.shell.currentWidget.model.dirty")
            lab.screenshot("dlhand-lab")
    finally:
        server.stop()
    saved = json.loads((root / "11_rnn.ipynb").read_text("utf-8"))
    assert not [
        output for cell in saved["cells"] for output in cell.get("outputs", ())
        if output["output_type"] == "error"
    ]  # fmt: skip
