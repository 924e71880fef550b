"""The mathematics font of our own pages: a subset of STIX Two Math, with its MATH table.

What MathML needs to set scripts, fractions, roots and brackets is a font that says how. Few
machines have one, and so the package brings it; `tools/subset_font.py` has made it. The style sheet
of `dlhand.render.html` asks for it by its `FAMILY`. Where it is missing, mathematics reads as well
as the fonts of the machine allow.

Source: STIX Two Math, Copyright 2001-2021 The STIX Fonts Project Authors, SIL Open Font License 1.1
(the file LICENSE beside the faces).
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from importlib.resources import files

__all__ = ["FAMILY", "face_rules", "faces"]

FAMILY = "dlhand Math"
_FILES = {"normal": "math.woff2", "italic": "math-italic.woff2"}


@cache
def faces() -> tuple[bytes, ...]:
    """The upright face and the italic one, as WOFF 2.

    >>> [face[:4] for face in faces()]
    [b'wOF2', b'wOF2']
    """
    folder = files("dlhand.render").joinpath("fonts")
    return tuple(folder.joinpath(name).read_bytes() for name in _FILES.values())


@cache
def face_rules() -> str:
    """The font as CSS for a page that stands alone, to be written into it once."""
    return "".join(
        f'@font-face{{font-family:"{FAMILY}";font-style:{style};'
        f"src:url(data:font/woff2;base64,{b64encode(face).decode('ascii')}) format('woff2')}}\n"
        for style, face in zip(_FILES, faces(), strict=True)
    )
