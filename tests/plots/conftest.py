"""The figures of matplotlib behind the pictures, so that what is plotted can be read back."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from dlhand.plots import figure
from dlhand.render.picture import Picture


@pytest.fixture
def axes_of(
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[[Callable[[], Picture]], list[Any]]]:
    """Give a function from a drawing to the axes of its figure."""
    drawn: list[Any] = []
    write = figure.svg

    def keep(one: Any) -> str:
        drawn.append(one)
        return write(one)

    monkeypatch.setattr(figure, "svg", keep)

    def axes(draw: Callable[[], Picture]) -> list[Any]:
        draw()
        return list(drawn[-1].axes)

    return axes
