"""The attributes by which a page lights the moments of a picture."""

import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

import dlhand
from dlhand import Derivation, InvalidName
from dlhand.pictures.canvas import BACKWARD, FORWARD, LOCAL
from dlhand.pictures.graph import graph
from tests.pictures.gallery import GALLERY
from tests.pictures.sheet import NS, lit, root, wires

LIGHTS = ("data-lit", "data-forward", "data-backward")


def named(element: ElementTree.Element, attribute: str) -> list[str]:
    return (element.get(attribute) or "").split(" ")


def at(picture, attribute: str, name: str) -> list[ElementTree.Element]:
    return [group for group in root(picture).iter(f"{NS}g") if name in named(group, attribute)]


STILL = {"curve", "curve with a gap"}
"""Pictures of a whole line, with no steps to go through."""


@pytest.mark.parametrize("name", [name for name in GALLERY if name not in STILL])
def test_every_moment_lights_something_and_every_number_has_its_moment(name: str) -> None:
    picture = GALLERY[name]()
    assert len(picture.moments) > 1
    assert len({moment.name for moment in picture.moments}) == len(picture.moments)
    for moment in picture.moments:
        assert not re.search(r"\s", moment.name)
        assert any(at(picture, attribute, moment.name) for attribute in LIGHTS)
        assert moment.words or moment.line
    for group in root(picture).iter(f"{NS}g"):
        assert {"data-step", "data-formula", *LIGHTS} & group.attrib.keys()
        assert "" not in [
            n for key in (*LIGHTS, "data-step") if key in group.attrib for n in named(group, key)
        ]


@pytest.mark.parametrize("name", ["002-net222", "003-sigmoid-graph", "003-max-graph", "002-lstm"])
def test_the_graph_is_lit_at_each_step_as_the_formulas_say(name: str) -> None:
    d = dlhand.load(name)
    picture = graph(d)
    for moment in picture.moments:
        step = d[moment.name]
        [node] = at(picture, "data-lit", step.name)[-1:]
        assert node.find(f"{NS}rect") is not None
        into = {group.get("data-edge") for group in at(picture, "data-forward", step.name)}
        back = {group.get("data-edge") for group in at(picture, "data-backward", step.name)}
        if step.kind == "step":
            assert into == {f"{leaf.name} {step.name}" for leaf in step.formula.leaves}
            assert not back
        elif step.kind == "gradient":
            users = {w.step for w in wires(picture) if w.source == step.wrt.name}
            assert not into
            assert back <= {f"{step.wrt.name} {user}" for user in users}
            assert back or not users


@pytest.mark.parametrize("name", ["002-net222", "003-sigmoid-graph"])
def test_the_attributes_light_what_python_lights(name: str) -> None:
    d = dlhand.load(name)
    picture = graph(d)
    for moment in picture.moments:
        drawn = graph(d, current=moment.name)
        groups = at(picture, "data-lit", moment.name)
        nodes = [g for g in groups if g.find(f"{NS}rect") is not None]
        assert len(lit(drawn)) == len(nodes)
        flowing: set[str] = set()
        for attribute, colour in (
            ("data-forward", FORWARD), ("data-backward", BACKWARD), ("data-lit", LOCAL),
        ):  # fmt: skip
            wanted = {g.get("data-edge") for g in at(picture, attribute, moment.name)} - {None}
            found = {f"{w.source} {w.step}" for w in wires(drawn) if w.colour == colour}
            assert found == wanted - flowing
            flowing |= found


@pytest.mark.parametrize("bad", ["a b", "a\tb", "dE/d a", "d E/da", "dE/da\n", "dE/d\u2003a", " a"])
def test_a_name_has_no_blanks(bad: str) -> None:
    with pytest.raises(InvalidName, match="cannot be a name"):
        Derivation("Names").given(bad, 1)


def test_names_are_escaped() -> None:
    d = Derivation("Names")
    x = d.given("x", 2)
    d.step("dE'/dw''", x * 3)
    picture = graph(d)
    [moment] = picture.moments
    assert moment.name == "dE'/dw''"
    assert len(at(picture, "data-lit", moment.name)) == 1
    assert len(at(picture, "data-forward", moment.name)) == 1


def test_a_number_is_there_from_its_own_moment_on() -> None:
    picture = GALLERY["convolution"]()
    moments = [moment.name for moment in picture.moments]
    d = dlhand.load("003-conv-filters")
    whole = dlhand.Derivation.operation(d, "Y_h")
    since = [g.get("data-step") for g in root(whole).iter(f"{NS}g") if "data-step" in g.attrib]
    assert since == ["Y_h", *moments]
    for before, after in pairwise(moments):
        assert before in named(at(whole, "data-lit", before)[0], "data-lit")
        row, column = map(int, after[4:-1].split(","))
        covered = at(whole, "data-lit", after)
        assert sum(len(group.findall(f"{NS}rect")) for group in covered) == 9 + 1, (row, column)
