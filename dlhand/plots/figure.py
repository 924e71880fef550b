"""The sheet that a picture of matplotlib is drawn on, and the SVG that comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from io import StringIO
from textwrap import wrap
from typing import Any

from dlhand.render.picture import Picture

NOT_DRAWN = "This picture is drawn by Matplotlib, which is not here. In words:"
COLOURS = ("#1f5fa8", "#a8440c", "#2f6b38", "#6b3f86", "#5c5c5c", "#8a6100")
"""Of one line after the other, each dark enough to be read on white."""
RULE = "#858b93"
"""Of the axes through 0 and of lines of equal loss: quiet, and three times as dark as white."""
DASHES = ("-", "--", "-.", ":", (0, (8, 2, 2, 2, 2, 2)), (0, (10, 4)))
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
    """A picture of panels side by side, each ``wide`` inches; ``draw`` is handed their axes.

    Where matplotlib is missing, as in a browser, a sheet takes its place that says so, and says in
    words what would be seen: what comes after it goes on.
    """
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        return _in_words(title, words)

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(wide * panels, 3.5), layout="constrained")
        FigureCanvasSVG(figure)
        draw(list(figure.subplots(1, panels, squeeze=False)[0]))
        named = f"<title>{escape(title)}</title>\n<desc>{escape(words)}</desc>"
        drawn = re.sub("<svg([^>]*)>", rf'<svg role="img"\1>\n{named}', svg(figure), count=1)
        return Picture(drawn, title, words)


def _in_words(title: str, words: str) -> Picture:
    """A sheet on which the picture is told."""
    rows = [*wrap(NOT_DRAWN, 84), "", *wrap(f"{title}. {words}", 84)]
    texts = "".join(
        f'<text x="8" y="{22 + 18 * k}">{escape(row)}</text>' for k, row in enumerate(rows)
    )
    high = 18 * len(rows) + 16
    return Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="640" height="{high}" '
        f'viewBox="0 0 640 {high}" font-family="sans-serif" font-size="13" fill="#1b1b1b">'
        f"<title>{escape(title)}</title>\n{texts}</svg>",
        title,
        f"{NOT_DRAWN} {words}",
    )


def svg(figure: Any) -> str:
    """A figure as SVG, with no date in it; its canvas is that of SVG.

    ``savefig`` would draw it twice: once to lay it out, which drawing does anyway.
    """
    out = StringIO()
    figure.canvas.print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def number(x: float) -> str:
    """A number in the words of a text alternative.

    >>> number(0.25), number(-3.0), number(1 / 3), number(12345.6)
    ('0.25', '−3', '0.333', '12300')
    """
    return f"{float(f'{x:.3g}'):g}".replace("-", "−")
