"""What colours tell can be told without sight of colours, or by a second sign.

How far two colours are apart is measured as CIEDE2000. Above 12 two colours are different colours,
no shades of one, by the usual classes of colour differences (below 0.2 none is seen).
"""

import re
from itertools import combinations, product

import pytest

from dlhand import load
from dlhand.pictures.canvas import BACKWARD, FORWARD, INK, LOCAL, RULE
from dlhand.widgets.page import sheet
from tests.pictures.sheet import NS, root
from tests.sight import SIGHTS, apart, filtered, read, seen

DIFFERENT = 12.0
PICTURE = sheet("picture")
(TURNED,) = set(re.findall(r"filter:([^;}]+)", PICTURE))
"""What a dark theme does to pictures."""


@pytest.mark.parametrize(
    ("one", "other", "published"),
    [  # Sharma, Wu and Dalal, The CIEDE2000 color-difference formula (2005), table 1
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, 2.5, 0), (58, 24, 15), 19.4535),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_measure_is_the_published_one(one, other, published) -> None:
    assert apart(one, other) == pytest.approx(published, abs=5e-5)


def test_sights_leave_grey_as_it_is_and_take_colours_together() -> None:
    grey, red, green = (read(text) for text in ("#808080", "#c04040", "#608000"))
    for sight in SIGHTS:
        assert apart(seen(grey, "normal"), seen(grey, sight)) < 0.5
    assert apart(seen(red, "normal"), seen(green, "normal")) > 40
    assert apart(seen(red, "deuteranopia"), seen(green, "deuteranopia")) < DIFFERENT


@pytest.mark.parametrize("filters", ["", TURNED], ids=["light", "dark"])
@pytest.mark.parametrize("sight", [sight for sight in SIGHTS if sight != "grey"])
def test_values_gradients_and_local_derivatives_differ_in_any_sight(sight, filters) -> None:
    told = (FORWARD, BACKWARD, LOCAL)
    beside = (INK, RULE)  # what is written and ruled
    look = {text: seen(filtered(read(text), filters), sight) for text in (*told, *beside)}
    for one, other in [*combinations(told, 2), *product(told, beside)]:
        assert apart(look[one], look[other]) >= DIFFERENT, (one, other)


def test_the_page_lights_lines_in_the_colours_of_the_pictures() -> None:
    for part, colour in (("lit", LOCAL), ("forward", FORWARD), ("backward", BACKWARD)):
        rules = re.findall(rf"\.dlhand-{part} > path[^{{]*{{([^}}]*)}}", PICTURE)
        told = {found for rule in rules for found in re.findall(r"#\w{6}", rule)}
        assert told == {colour}


def test_in_grey_a_place_or_a_sign_tells_values_gradients_and_local_derivatives_apart() -> None:
    drawing = root(load("003-gates").graph())
    texts = [
        (node.get("fill"), float(node.get("x")), float(node.get("y")), "".join(node.itertext()))
        for node in drawing.iter(f"{NS}text")
    ]
    values, gradients, local = (
        [one for one in texts if one[0] == colour] for colour in (FORWARD, BACKWARD, LOCAL)
    )
    legends = [each.pop() for each in (values, gradients, local)]  # they stand below all else
    assert "above a line" in legends[0][3] and "below" in legends[1][3] and "×" in legends[2][3]
    assert local and all(text.startswith("×") for *_, text in local)
    for _, x, y, _ in gradients:  # over each there is its value
        assert any(abs(x - at) < 1 and 0 < y - over < 30 for _, at, over, _ in values)


def test_a_negative_number_has_its_sign_where_it_has_its_colour() -> None:
    d = load("003-playing-matrix")
    numbers = [float(x) for row in d.value("dE/dS") for x in row]
    assert min(numbers) < 0 < max(numbers)
    shown = re.findall(r">(−?\d[\d.]*)</text>", d.heatmap("dE/dS").svg)
    assert [text.startswith("−") for text in shown] == [x < 0 for x in numbers]
    assert len(shown) == len(numbers)


@pytest.mark.parametrize(
    ("sheets", "attribute"), [(("player", "step"), "data-verdict"), (("quiz",), "data-right")]
)
def test_a_verdict_in_colour_has_a_sign_of_its_own(sheets, attribute) -> None:
    rules = re.findall(r"([^{}]*)\{([^{}]*)\}", sheet(*sheets))
    value = re.compile(rf'\[{attribute}="([\w ]+)"\]')
    coloured = {
        name for where, how in rules if "color:var(--" in how for name in value.findall(where)
    }
    signs = {
        name: sign[1]
        for where, how in rules
        if (sign := re.search(r'content:"([^"]+)"', how))
        for name in value.findall(where)
    }
    assert len(coloured) > 1 and coloured <= signs.keys()
    assert len(set(signs.values())) == len(signs)


def test_where_a_slip_was_made_the_outline_is_dashed_and_what_is_lit_is_not() -> None:
    dashed = re.findall(r"\.dlhand-(\w+) > rect\{[^}]*stroke-dasharray", PICTURE)
    assert dashed == ["slip"]
