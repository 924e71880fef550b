"""What runs and is seen in the page: small ES modules and style sheets, joined at import.

A widget carries one module and one sheet with it, so that it works with no server, no build and
no network. A module imports others so that it says what it needs; in the joined one every name is
known, and imports, comments and indentation are left out, for each instance carries a copy.
"""

from __future__ import annotations

import re
from importlib.resources import files

__all__ = ["script", "sheet"]

_LEFT_OUT = re.compile(
    r"^ *(import [^;]*;|//.*)?\n|^ +| +// [^\"'`\n]*$|^export (?!default)", re.MULTILINE
)
_JOINED = re.compile(r"(?<=[{(\[,;])\n")
"""Where a line goes on, or ends in a sign that ends it on any line; no text has an end of line."""
_UNREAD = re.compile(
    r"\s*/\*.*?\*/|^ +|\n+(?=\}|  )|\n$|(?<=[\w-]:) | (?=\{)|;(?=\n\})", re.MULTILINE | re.DOTALL
)


def script(*names: str, of: str = __name__) -> str:
    """The modules of these names in the package ``of`` as one, each after those that it imports.

    >>> script("dom")[:45]
    'function make(kind, ...children) {const [tag,'
    """
    return "".join([_JOINED.sub("", _LEFT_OUT.sub("", _read(of, f"{name}.js"))) for name in names])


def sheet(*names: str, of: str = __name__) -> str:
    """The style sheets of these names as one, without what only its reader needs."""
    return "\n".join([_UNREAD.sub("", _read(of, f"{name}.css")) for name in names])


def _read(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text(encoding="utf-8")
