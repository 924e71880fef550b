"""Make the mathematics font of the package from STIX Two Math (SIL Open Font License 1.1).

Two faces of one family are written to dlhand/render/fonts/: the upright one with its MATH table,
and an italic one, whose letters are the mathematical italics of the same font at the places of the
plain letters. An `<mi>` in italics is then what it looks like, and where the font is missing it is
a plain letter still. Needed once, when the characters change, in an environment of its own:

    npm pack @fontsource/stix-two-math@5.3.0 && tar xzf fontsource-stix-two-math-5.3.0.tgz
    pip install fonttools brotli
    python tools/subset_font.py package
"""

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "dlhand" / "render" / "fonts"

LETTERS = [
    *map(chr, range(ord("A"), ord("Z") + 1)),
    *map(chr, range(ord("a"), ord("z") + 1)),
    *map(chr, range(ord("Α"), ord("Ω") + 1)),
    *map(chr, range(ord("α"), ord("ω") + 1)),
    *"ϑϕϵ∂",
]
SIGNS = "·×÷±−∗⋆∘⊙⊗⊕/=≈≠≡<>≤≥≪≫∝∼|‖∣∥⌊⌋⌈⌉⟨⟩∂∇∑∏∫√∞∈∉∀∃∧∨¬⊤⊥′″→←↔↦…⋯⋮⋱½ℓℝ°ˆ˜¯^~‾⏞⏟"
DROPPED = ["GPOS", "DSIG"]
# The italics of STIX at the code points of mathematics: Latin, Greek, and what stands elsewhere.
ITALIC = {"h": 0x210E, "ϵ": 0x1D716, "ϑ": 0x1D717, "ϕ": 0x1D719, "∂": 0x1D715}
ITALIC_FROM = {"A": 0x1D434, "a": 0x1D44E, "Α": 0x1D6E2, "α": 0x1D6FC}


def italic(letter: str) -> int:
    """The code point of a letter in mathematical italics."""
    if letter in ITALIC:
        return ITALIC[letter]
    first = next(one for one in ("α", "Α", "a", "A") if letter >= one)
    return ITALIC_FROM[first] + ord(letter) - ord(first)


def reduced(font: TTFont, characters: set[int], features: list[str]) -> TTFont:
    """The font with these characters alone, and the sizes that its MATH table has for them."""
    options = subset.Options(
        layout_features=features, hinting=False, notdef_outline=True, drop_tables=DROPPED
    )
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters)
    worker.subset(font)
    return font


def faces(path: Path) -> dict[str, TTFont]:
    """The faces by the names of their files."""
    plain = {*range(0x20, 0x7F), *map(ord, LETTERS), *map(ord, SIGNS)}
    upright = reduced(TTFont(path), plain, ["ssty"])
    slanted = reduced(TTFont(path), {italic(letter) for letter in LETTERS}, [])
    del slanted["MATH"]  # only the upright face lays anything out
    for table in slanted["cmap"].tables:
        known = table.cmap
        found = {ord(one): known[italic(one)] for one in LETTERS if italic(one) in known}
        table.cmap = found if table.format in (4, 12) else {}
    return {"math.woff2": upright, "math-italic.woff2": slanted}


def main() -> None:
    package = Path(sys.argv[1])
    FONTS.mkdir(exist_ok=True)
    for name, font in faces(package / "files" / "stix-two-math-latin-400-normal.woff2").items():
        font.flavor = "woff2"
        font.save(FONTS / name, reorderTables=True)
        print(name, (FONTS / name).stat().st_size, "bytes")
    shutil.copy(package / "LICENSE", FONTS / "LICENSE")


if __name__ == "__main__":
    main()
