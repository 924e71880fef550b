"""Nothing that someone typed gets into a picture as markup."""

from collections.abc import Callable

import pytest

from dlhand import Derivation, correlate
from dlhand.calculators.recurrent import rnn
from dlhand.pictures.bars import bars
from dlhand.pictures.convolution import convolution
from dlhand.pictures.graph import graph
from dlhand.pictures.heatmap import heatmap
from dlhand.pictures.network import network
from dlhand.pictures.product import matrix_product
from dlhand.pictures.unrolled import unrolled
from dlhand.render.picture import Picture
from tests.pictures.sheet import NS, root, texts

NASTY = "</desc><script>alert('1')</script> & \"quoted\" ]]> \x00\x1b\ud800\ufffe\ue002low\ue003"
CLEAN = "</desc><script>alert('1')</script> & \"quoted\" ]]>"


def nasty() -> Derivation:
    d = Derivation(NASTY)
    x1, w1 = d.givens(x1=2, w1=3)
    d.step("y'", w1 * x1, say=NASTY)
    m = d.given("M", [[1, 2], [3, 4]], say=NASTY)
    d.step("P", m @ m)
    d.step("C", correlate(m, m))
    return d


PICTURES: dict[str, Callable[[], Picture]] = {
    "graph": lambda: graph(nasty(), ["y'"], current="y'"),
    "network": lambda: network(nasty(), [["x1"], ["y'"]]),
    "product": lambda: matrix_product(nasty(), "P", 0, 0),
    "convolution": lambda: convolution(nasty(), "C", 0, 0),
    "heat map": lambda: heatmap(nasty(), "M", rows=[NASTY, "b"], columns=["a", NASTY]),
    "bars": lambda: bars(nasty(), ["x1", "y'"], words=[NASTY, "b"]),
    "unrolled": lambda: unrolled(rnn([1], {"W_xh": 1, "W_hh": 1}, title=NASTY)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_title_with_markup_and_control_characters_stays_text(name: str) -> None:
    picture = PICTURES[name]()
    svg = root(picture)
    assert CLEAN in svg.findtext(f"{NS}title", "")
    assert {e.tag.removeprefix(NS) for e in svg.iter()} <= {
        "svg", "title", "desc", "rect", "text", "tspan", "path", "g",
    }  # fmt: skip


def test_words_beside_a_picture_stay_text() -> None:
    for name in ("heat map", "bars"):
        words = [t.words for t in texts(PICTURES[name]())]
        assert sum(word.startswith(CLEAN) for word in words) == (2 if name == "heat map" else 1)


def test_a_name_with_a_prime_is_an_attribute() -> None:
    groups = [g.get("data-step") for g in root(PICTURES["graph"]()).iter(f"{NS}g")]
    assert "y'" in groups
