"""What the sections of the examples tell us."""

import pytest

import dlhand
from dlhand.derivation.model import Derivation
from dlhand.errors import UnknownName
from dlhand.examples import names
from dlhand.examples.tells import sentences
from dlhand.render import document, html, latex, text
from dlhand.widgets.practice import PracticePlayer
from tests.browser.chapters import CHAPTERS, players


def test_every_line_belongs_to_a_section_of_an_example() -> None:
    assert set(sentences()) <= set(names())
    for name, told in sentences().items():
        assert dlhand.load(name).tells == dict(told)


def test_each_is_one_sentence_that_a_learner_takes_away() -> None:
    for told in sentences().values():
        for sentence in told.values():
            assert sentence[0].isupper() and sentence.endswith(".")
            assert len(sentence) <= 120


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_player_that_asks_for_predictions_ends_with_what_it_tells_us(chapter) -> None:
    for player in players(chapter):
        # what is told of the declared numbers need not hold of fresh ones
        if player.predict and not isinstance(player, PracticePlayer):
            d = player.derivation
            assert d.steps[-1].section in d.tells, f"{d.name or d.title}: {d.steps[-1].section}"


def addition() -> Derivation:
    d = Derivation("A sum")
    d.section("Add", tells="The sum of x1 and one\nmore.")
    d.step("s", d.given("x1", 1) + 1)
    return d


def test_it_is_said_where_the_section_ends() -> None:
    d = addition()
    assert text.page(d).endswith("s = x₁ + 1 = 1 + 1 = 2\nIt tells us: The sum of x₁ and one more.")
    assert '<p class="dl-tells">The sum of <math' in html.page(d)
    assert r"\text{The sum of }x_1\text{ and one more.}" in latex.page(d).replace(r"_{1}", "_1")
    assert r"\emph{The sum of $x_{1}$ and one more.}" in document.document(d)


def test_variants_keep_it_and_a_section_of_a_calculator_can_be_told_of_later() -> None:
    d = addition()
    other = d.what_if(x1=2)
    other.tell("Add", "Another sum.")
    assert (d.tells["Add"][:7], other.tells) == ("The sum", {"Add": "Another sum."})
    with pytest.raises(UnknownName, match="no section is called 'Ad'; did you mean 'Add'"):
        d.tell("Ad", "Nothing.")
