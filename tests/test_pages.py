"""The tool that holds the notes on the pages against the documents."""

import pytest

from dlhand.examples import pages
from tools import check_pages

PAGE = r"""
$$z = 0.1 \times 2.5 - 0.1 = 0.15, \frac{1}{3}$$
(2.1 - 1.1) = 1
"""


@pytest.fixture
def problems(tmp_path, monkeypatch):
    """What the tool says of notes on the page above."""

    def check(notes: str) -> list[str]:
        path = tmp_path / "002.txt"
        path.write_text(PAGE, encoding="utf-8")
        monkeypatch.setattr(check_pages, "items", lambda document: tuple(pages.read(notes)))
        return list(check_pages.check(path))

    return check


def test_each_occurrence_is_used_once(problems):
    assert (
        problems("002-x\n2 z < a 0.1, b 2.5, a -0.1 | z 0.15, c 1/3\n3 d 2, d 1, d 1, d 1, d 1")
        == []
    )
    found = problems("002-x\n2 z < a 0.1, b 2.5, a 0.1 | z 0.15, z 0.15\n3 d 2, d 1, d 1, d 1, d 1")
    assert found == ["002:2 has no (further) '0.15' for z"]


def test_decimals_that_are_not_noted_are_listed(problems):
    found = problems("002-x\n2 z < a 0.1, b 2.5 | z 0.15\naside\n3 2.1 -- no\n")
    assert [text.partition(":")[2].split(" is")[0] for text in found] == ["2 0.1", "3 1.1"]


@pytest.mark.parametrize("number", ["25", "0.2", "2.55", "-2.5", "0.105"])
def test_a_number_is_found_whole_or_not_at_all(number):
    assert check_pages.find(number, "x = 0.15 + 2.5 - 0.1", 0, []) is None


def test_the_next_place_to_the_right_comes_first():
    line = "0.1 + 0.2 = 0.1"
    assert check_pages.find("0.1", line, 5, []) == (12, 15)
    assert check_pages.find("0.1", line, 5, [(12, 15)]) == (0, 3)
    assert check_pages.find("0.1", line, 5, [(12, 15), (0, 3)]) is None


def test_a_point_may_be_a_times_sign():
    assert check_pages.find("2", "(2.1 - 1.1)", 0, []) == (1, 2)
