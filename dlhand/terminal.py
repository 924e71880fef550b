"""What a terminal or a file can take: its characters, its width, whether a line can be replaced.

A stream that is not in UTF-8 (a redirect on Windows, a terminal set to ASCII) gets what its
encoding can carry; every other character is spelled: σ as sigma, ≈ as ~=, x₁ as x1.
"""

from __future__ import annotations

import codecs
import os
import shutil
import unicodedata
from typing import Any

__all__ = ["can_replace_lines", "carries_all", "make_safe", "spelled", "width"]

HANDLER = "dlhand.spelled"
WIDTH, NARROWEST, WIDEST = 100, 40, 200
"""Columns: where nothing is known, and the least and most that a page is set in."""

_SPELLED = {
    "−": "-", "–": "-", "—": "-", "‐": "-", "·": "*", "⋅": "*", "×": "x", "⊙": "(.)", "⋆": "(*)",
    "∗": "*", "∘": "o", "÷": "/", "≈": "~=", "≥": ">=", "≤": "<=", "≠": "!=", "∂": "d",
    "√": "sqrt", "Σ": "sum", "∑": "sum", "∏": "product", "∇": "grad", "∞": "inf", "→": "->",
    "←": "<-", "⇒": "=>", "…": "...", "‘": "'", "’": "'", "“": '"', "”": '"', "′": "'",
    "ᵀ": "^T", "⊤": "^T", "⌊": "floor(", "⌋": ")", "∈": "in", "±": "+-", "⁻": "^-", "⁺": "^+",
    "₊": "+", "₋": "-", "∥": "||", "•": "*", "■": "#", "✓": "ok", "\N{NO-BREAK SPACE}": " ",
    "\N{COMBINING CIRCUMFLEX ACCENT}": "_hat", "\N{COMBINING TILDE}": "_tilde",
    "\N{COMBINING MACRON}": "_bar",
}  # fmt: skip


def spelled(text: str) -> str:
    """Characters of mathematics in ASCII.

    >>> spelled("∂E/∂w₁ ≈ σ(z)²")
    'dE/dw1 ~= sigma(z)^2'
    """
    return "".join([c if c.isascii() else _in_ascii(c) for c in text])


def _in_ascii(c: str) -> str:
    if c in _SPELLED:
        return _SPELLED[c]
    name = unicodedata.name(c, "")
    if name.startswith("GREEK ") and " LETTER " in name:
        letter = name.partition(" LETTER ")[2].partition(" ")[0]
        return letter.lower() if "SMALL" in name else letter.capitalize()
    plain = unicodedata.normalize("NFKD", c)
    if name.startswith("SUPERSCRIPT") and plain.isascii():
        return f"^{plain}"
    kept = "".join([_SPELLED.get(part, part) for part in plain])
    return kept if kept.isascii() and kept else "?"


def _handle(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return spelled(error.object[error.start : error.end]), error.end


codecs.register_error(HANDLER, _handle)


def make_safe(stream: Any) -> None:
    """Let a stream spell what its encoding cannot carry; of one that is no text stream nothing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=HANDLER)


def carries_all(stream: Any) -> bool:
    """Whether a stream takes every character."""
    try:
        return codecs.lookup(stream.encoding or "ascii").name.startswith("utf")
    except (AttributeError, LookupError):
        return True


def width(stream: Any) -> int:
    """The columns of a page: those of the terminal, or of the variable COLUMNS."""
    is_terminal = getattr(stream, "isatty", bool)()
    if not is_terminal and not os.environ.get("COLUMNS", "").isdecimal():
        return WIDTH
    return min(max(shutil.get_terminal_size((WIDTH, 24)).columns, NARROWEST), WIDEST)


def can_replace_lines(stream: Any) -> bool:
    """Whether a line can be written over: on a terminal that knows escape codes."""
    return bool(stream.isatty()) and os.environ.get("TERM", "") not in ("", "dumb")
