"""What holds for every kind of picture."""

import os
import re
import subprocess
import sys

import pytest

from dlhand.render.picture import image
from tests.pictures.gallery import GALLERY
from tests.pictures.sheet import NS, outside, overlaps, root, texts
from tools.check_layers import ROOT

EVERY = pytest.mark.parametrize("name", GALLERY)


@EVERY
def test_it_is_an_image_with_a_title_and_a_description(name: str) -> None:
    picture = GALLERY[name]()
    svg = root(picture)
    assert svg.get("role") == "img"
    assert [child.tag for child in svg][:2] == [f"{NS}title", f"{NS}desc"]
    title, words = (svg.findtext(f"{NS}{tag}") for tag in ("title", "desc"))
    assert title and words
    assert picture.alternative == repr(picture) == f"{title}. {words}"
    shown = picture._repr_mimebundle_()
    style, _, still = shown["text/html"].partition("</style>")
    assert '[data-jp-theme-light="false"] .dlhand-still' in style  # an image knows no theme
    assert shown == {
        "text/html": f"{style}</style>{still}",
        "image/svg+xml": picture.svg,
        "text/plain": picture.alternative,
    }
    assert still == f"{image(picture.svg, picture.alternative)}</div>"


@EVERY
def test_no_texts_overlap_and_none_reaches_out_of_the_panel(name: str) -> None:
    picture = GALLERY[name]()
    assert len(texts(picture)) > 5
    assert overlaps(picture) == []
    assert outside(picture) == []


@EVERY
def test_it_stands_on_a_panel_of_its_own_and_needs_nothing_of_the_page(name: str) -> None:
    picture = GALLERY[name]()
    panel = root(picture)[2]
    assert panel.tag == f"{NS}rect"
    assert [panel.get(key) for key in ("x", "y", "width", "height")] == root(picture).get(
        "viewBox", ""
    ).split()
    assert panel.get("fill") == "#ffffff"
    for what in ("currentColor", "<style", "<script", "href", "url(", " id="):
        assert what not in picture.svg


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@EVERY
def test_every_text_has_enough_contrast_with_what_is_behind_it(name: str) -> None:
    picture = GALLERY[name]()
    rects = [
        (*[float(r.get(k, "")) for k in ("x", "y", "width", "height")], r.get("fill", ""))
        for r in root(picture).iter(f"{NS}rect")
        if r.get("fill") != "none"
    ]
    for text in texts(picture):
        x, y = (text.left + text.right) / 2, (text.top + text.bottom) / 2
        behind = [r[4] for r in rects if r[0] <= x <= r[0] + r[2] and r[1] <= y <= r[1] + r[3]]
        assert contrast(text.colour, str(behind[-1])) >= 4.5, text


def drawn_afresh(seed: str) -> str:
    code = (
        "from tests.pictures.gallery import GALLERY\n"
        "from hashlib import sha256\n"
        "for name, draw in GALLERY.items():\n"
        "    print(name, sha256(draw().svg.encode()).hexdigest())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_bytes_are_the_same_in_every_process() -> None:
    first, second = drawn_afresh("1"), drawn_afresh("2")
    assert len(first.splitlines()) == len(GALLERY)
    assert first == second


@EVERY
def test_coordinates_have_at_most_one_decimal(name: str) -> None:
    for number in re.findall(r'(?:x|y|width|height|d)="([^"]*)"', GALLERY[name]().svg):
        assert not re.search(r"\.\d\d|e-|nan|inf", number)
