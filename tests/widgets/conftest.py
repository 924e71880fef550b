"""What widgets send to the page, as it goes onto the wire, and the page's modules, run by node."""

import json
import shutil
import subprocess
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

Wire = Callable[..., list[dict[str, Any]]]
Evaluate = Callable[..., Any]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Wire:
    """Give a list that takes up all data that some widgets send from here on."""

    def tap(*widgets: Any) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []

        def publish(msg_type: str, data: Any = None, *args: Any, **others: Any) -> None:
            sent.append(data)

        for widget in widgets:
            monkeypatch.setattr(widget.comm, "publish_msg", publish)
        return sent

    return tap


@pytest.fixture
def module(tmp_path: Path) -> Callable[..., Evaluate]:
    """Give a function that takes names from one of the page's modules.

    What it gives runs JavaScript with these names, and reads the JSON printed.
    """

    def imported(name: str, *names: str) -> Evaluate:
        path = (tmp_path / name).with_suffix(".mjs")
        source = files("dlhand.widgets.page").joinpath(name).read_text(encoding="utf-8")
        path.write_text(source, encoding="utf-8")

        def evaluate(expression: str, **known: Any) -> Any:
            lines = [
                f'import {{ {", ".join(names)} }} from "{path.as_uri()}";',
                *(f"const {name} = {json.dumps(value)};" for name, value in known.items()),
                f"console.log(JSON.stringify({expression}));",
            ]
            done = subprocess.run(
                [shutil.which("node"), "--input-type=module", "-e", "\n".join(lines)],
                capture_output=True, check=True, text=True, encoding="utf-8",
            )  # fmt: skip
            return json.loads(done.stdout)

        return evaluate

    return imported
