"""The picture of the rooms is that of the table which the code is held against."""

from xml.etree import ElementTree

from tools.check_layers import TABLE, room
from tools.docs.rooms import edges, modules, order, picture, summary, table_of_rooms


def drawn(
    svg: str,
) -> tuple[set[str], dict[tuple[str, str], tuple[float, float]], dict[str, float]]:
    """The rooms, the heights of both ends of each line, and the height of each room."""
    tree = ElementTree.fromstring(svg)
    rooms = {g.get("data-room", ""): float(g[0].get("y", "")) for g in tree.iter("g")}
    lines = {}
    for path in tree.iter("path"):
        low, high = path.get("data-edge", "").split()
        numbers = path.get("d", "").replace("M", " ").replace("C", " ").replace("V", " ").split()
        lines[low, high] = (float(numbers[1]), float(numbers[-1]))
    return {*rooms}, lines, rooms


def test_every_room_is_there_and_stands_above_all_that_it_may_import() -> None:
    rooms, lines, height = drawn(picture())
    assert rooms == TABLE.keys()
    for own, row in TABLE.items():
        for below in (row.allowed - row.above) & rooms:
            assert height[own] < height[below], (own, below)
    for (low, high), (start, end) in lines.items():
        assert start == height[low] and end == height[high] + 30


def test_the_lines_and_what_they_imply_are_what_the_table_allows() -> None:
    reached: dict[str, set[str]] = {own: set() for own in TABLE}
    for own in order():
        for low, high in edges():
            if high == own:
                reached[own] |= {low} | reached[low]
    for own, row in TABLE.items():
        assert (row.allowed - row.above) & TABLE.keys() <= reached[own]
    for low, high in edges():
        assert low in TABLE[high].allowed
        others = [one for one, other in edges() if other == high and one != low]
        assert all(low not in reached[one] for one in others)


def test_another_table_makes_another_picture() -> None:
    rooms, lines, _ = drawn(picture({"low": room(), "high": room("low mpmath")}))
    assert rooms == {"low", "high"} and {*lines} == {("low", "high")}


def test_every_room_says_what_it_is_and_has_its_modules() -> None:
    for own in TABLE:
        assert summary(own).endswith("."), own
        assert summary(own) in table_of_rooms()
    assert [*modules("slides")] == [
        "dlhand.slides", "dlhand.slides.choice", "dlhand.slides.deck", "dlhand.slides.slide"
    ]  # fmt: skip
