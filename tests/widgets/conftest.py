"""What widgets send to the page, as it goes onto the wire."""

from collections.abc import Callable
from typing import Any

import pytest

Wire = Callable[..., list[dict[str, Any]]]


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
