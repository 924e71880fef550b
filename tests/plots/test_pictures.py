"""What holds for every picture of matplotlib, and for decision boundaries."""

import hashlib
import os
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

import dlhand
from dlhand import GivenError, activation_curves, loss_curves, loss_over_steps, optimise
from dlhand.plots import Panel, boundaries, optimiser_paths, unit_line
from dlhand.plots.boundaries import Line
from dlhand.plots.figure import COLOURS, DASHES, MARKERS
from tools.check_layers import ROOT

NS = "{http://www.w3.org/2000/svg}"


def run():
    return optimise(lambda x, y: x**2 + y**2, {"x": 1, "y": 2}, steps=2, title="<b>a & b</b>")


PICTURES = {
    "activations": lambda: activation_curves("sigmoid", "relu"),
    "losses": lambda: loss_curves("half_squared_error", target=0),
    "loss over steps": lambda: loss_over_steps(run()),
    "ways": lambda: optimiser_paths(run()),
    "boundaries": lambda: boundaries(Panel("<i>XOR</i>", "0110", (Line("a & b", 1, 1, -0.5),))),
}


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_an_image_with_a_title_and_a_description(name: str) -> None:
    picture = PICTURES[name]()
    svg = ElementTree.fromstring(picture.svg)
    assert svg.get("role") == "img"
    title, words = svg.findtext(f"{NS}title"), svg.findtext(f"{NS}desc")
    assert title and words
    assert picture.alternative == repr(picture) == f"{title}. {words}"
    assert not picture.moments
    assert not {e.tag.removeprefix(NS) for e in svg.iter()} & {"script", "b", "i"}


def drawn_afresh(seed: str) -> str:
    code = (
        "from hashlib import sha256\n"
        "from tests.plots.test_pictures import PICTURES\n"
        "for name, draw in PICTURES.items():\n"
        "    print(name, sha256(draw().svg.encode()).hexdigest())\n"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_bytes_are_the_same_in_every_process() -> None:
    here = {
        name: hashlib.sha256(draw().svg.encode()).hexdigest() for name, draw in PICTURES.items()
    }
    assert drawn_afresh("1") == "".join(f"{name} {digest}\n" for name, digest in here.items())


def test_a_boundary_is_where_the_sum_is_zero(axes_of) -> None:
    d = dlhand.load("003-and-gate")
    line = unit_line(d, "the unit", "w1", "w2", "b")
    [axes] = axes_of(lambda: boundaries(Panel("AND", "0001", (line,))))
    [drawn] = [one for one in axes.lines if one.get_label() == "the unit"]
    for x, y in np.asarray(drawn.get_xydata(), float):
        assert float(d.value("w1")) * x + float(d.value("w2")) * y + float(d.value("b")) == 0
    corners = [one for one in axes.lines if one is not drawn]
    filled = [tuple(c.get_xydata()[0]) for c in corners if c.get_markerfacecolor() == "black"]
    assert filled == [(1, 1)]


def test_what_is_wanted_is_four_digits() -> None:
    with pytest.raises(GivenError, match="wanted is '011'; wanted four digits"):
        boundaries(Panel("XOR", "011", ()))


def test_where_matplotlib_is_missing_the_picture_is_told(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    told = activation_curves("sigmoid")
    assert "drawn by Matplotlib, which is not here" in told.alternative
    drawing = ElementTree.fromstring(told.svg)
    rows = [node.text or "" for node in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert rows[0] == "This picture is drawn by Matplotlib, which is not here. In words:"
    assert "sigmoid" in " ".join(rows)


@pytest.mark.parametrize("looks", [DASHES, MARKERS], ids=["dashes", "markers"])
def test_each_colour_has_a_look_of_its_own(looks) -> None:
    assert len(set(looks)) == len(looks) >= len(COLOURS)


def powers(count):
    return {f"p{k}": lambda y, t, k=k: ((y - t) ** (k + 2))[0] for k in range(count)}


MANY = {
    "activations": lambda: activation_curves("sigmoid", "relu"),
    "losses": lambda: loss_curves(**powers(len(COLOURS))),
    "loss over steps": lambda: loss_over_steps(**{f"r{k}": run() for k in range(len(COLOURS))}),
    "ways": lambda: optimiser_paths(**{f"r{k}": run() for k in range(len(COLOURS))}),
    "boundaries": lambda: boundaries(
        Panel("many", "0111", tuple(Line(f"{k}", 1, 1, -0.2 * k) for k in range(1, 6)))
    ),
}


@pytest.mark.parametrize("name", MANY)
def test_no_two_lines_differ_by_colour_alone(name: str, axes_of) -> None:
    for axes in axes_of(MANY[name]):
        lines = [line for line in axes.get_lines() if not line.get_label().startswith("_")]
        looks = {(str(line._unscaled_dash_pattern), line.get_marker()) for line in lines}
        assert len(looks) == len(lines) > 1
