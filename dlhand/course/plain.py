"""A plain table on a page: it scrolls in its own frame, by keyboard too, and needs no script."""

from __future__ import annotations

from dlhand.render.html import STYLE

__all__ = ["framed"]

_STYLE = """\
.dlhand.dlhand-plain{overflow-x:auto;max-width:none}
.dlhand.dlhand-plain table :is(th,td){text-align:start;vertical-align:top;white-space:pre-wrap}
.dlhand.dlhand-plain table td:first-child{white-space:nowrap}
"""


def framed(label: str, table: str) -> str:
    """A table, as HTML, in its frame; ``label`` is its name for a screen reader."""
    return "\n".join(
        [
            f'<div class="dlhand dlhand-plain" role="region" aria-label="{label}" tabindex="0">',
            f"<style>{STYLE}{_STYLE}</style>",
            table,
            "</div>",
        ]
    )
