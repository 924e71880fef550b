"""The sheet that a picture of matplotlib is drawn on, and the SVG that comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from io import StringIO
from typing import Any

from dlhand.extras import needed
from dlhand.render.picture import Picture

COLOURS = ("#1f5fa8", "#a8440c", "#2f6b38", "#6b3f86", "#5c5c5c", "#8a6100")
"""Of one line after the other, each dark enough to be read on white."""
DASHES = ("-", "--", "-.", ":")
MARKERS = ("o", "s", "^", "D", "v", "X")
"""So that lines can be told apart where they cover each other, and without their colours."""
_STYLE: Any = {
    "svg.hashsalt": "dlhand",  # ids in the SVG follow from this, not from chance
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",  # comes with matplotlib, so every machine has it
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
}


def picture(
    title: str, words: str, panels: int, draw: Callable[[list[Any]], None], wide: float = 3.4
) -> Picture:
    """A picture of panels side by side, each ``wide`` inches; ``draw`` is handed their axes."""
    with needed():
        import matplotlib as mpl
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(wide * panels, 3.5), layout="constrained")
        FigureCanvasSVG(figure)
        draw(list(figure.subplots(1, panels, squeeze=False)[0]))
        named = f"<title>{escape(title)}</title>\n<desc>{escape(words)}</desc>"
        drawn = re.sub("<svg([^>]*)>", rf'<svg role="img"\1>\n{named}', svg(figure), count=1)
        return Picture(drawn, title, words)


def svg(figure: Any) -> str:
    """A figure as SVG, with no date in it."""
    out = StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def number(x: float) -> str:
    """A number in the words of a text alternative.

    >>> number(0.25), number(-3.0), number(1 / 3), number(12345.6)
    ('0.25', '−3', '0.333', '12300')
    """
    return f"{float(f'{x:.3g}'):g}".replace("-", "−")
