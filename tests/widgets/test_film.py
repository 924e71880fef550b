"""The Python side of a film: what it sends to the page, and what is read without one."""

import json
import re
from base64 import b64decode
from xml.etree import ElementTree

import pytest

import dlhand
from dlhand import Derivation, FormulaError, UnknownName
from dlhand.render.picture import Picture
from dlhand.widgets.film import Film


def product() -> Derivation:
    d = Derivation("One & <two>")
    a, b = d.givens(A=[[1, 2], [3, 4]], b=[5, -6])
    d.step("c", a @ b, say="<i>both</i>")
    return d


def test_the_picture_travels_once_with_all_moments_in_words() -> None:
    film = product().film("c")
    assert film.title == "Product: One & <two>"
    assert film.picture == product().operation("c").svg
    assert film.moments == [
        ["c[0,0]", "Row 1, column 1", "1 · 5 + 2 · (−6) = −7"],
        ["c[1,0]", "Row 2, column 1", "3 · 5 + 4 · (−6) = −9"],
    ]
    state = film.get_state(["title", "picture", "moments", "position"])
    assert json.loads(json.dumps(state)) == state
    assert film.position == 0


def test_a_film_of_sixteen_windows_is_small() -> None:
    film = dlhand.load("003-conv-filters").film("Y_h")
    assert len(film.moments) == 16
    sent = json.dumps(film.get_state(), ensure_ascii=False).encode()
    assert len(sent) < 40_000


def test_going_on_sends_the_position_alone(wire) -> None:
    film = dlhand.load("003-conv-filters").film("Y_h")
    sent = wire(film)
    film.position = 3
    assert [list(data["state"]) for data in sent] == [["position"]]


def test_without_a_page_there_are_the_picture_and_all_moments_in_words() -> None:
    film = dlhand.load("003-conv-filters").film("Y_h")
    data, _ = film._repr_mimebundle_()
    assert data["text/plain"] == repr(film)
    assert repr(film) == "Film('Convolution: Other filters on the same image', 16 moments)"
    html = data["text/html"]
    assert html == dlhand.load("003-conv-filters").film("Y_h")._repr_mimebundle_()[0]["text/html"]
    (picture,) = re.findall(r'src="data:image/svg[+]xml;base64,([^"]+)"', html)
    stored = b64decode(picture).decode()
    texts = [re.findall("<text.*</text>|<rect.*/>", one) for one in (stored, film.picture)]
    assert texts[0] == texts[1] != []
    assert not re.search("data-|class=|hidden", stored)  # what only the page can use
    items = re.findall(r"<li>(.*?)</li>", html)
    assert items == [f"{words}: {line}" for _, words, line in film.moments]
    film.position = 5
    assert film._repr_mimebundle_()[0]["text/html"] == html


def test_what_is_typed_stays_text_in_the_static_page() -> None:
    html = product().film("c").static_html()
    closed = html.replace('"></p>', '"/></p>')
    page = ElementTree.fromstring(f"<div>{closed}</div>")
    assert page.findtext("h3") == "Product: One & <two>"
    assert page.find("p/img").get("alt") == "Product: One & <two>"
    assert not page.findall(".//i")


def test_any_picture_with_moments_has_a_film() -> None:
    d = dlhand.load("002-net222")
    assert [name for name, _, _ in d.film(d.graph()).moments][:3] == ["z_h1", "z_h2", "h1"]
    lstm = dlhand.load("002-lstm")
    assert len(lstm.film(lstm.unrolled()).moments) == 66
    attention = dlhand.load("003-playing-matrix")
    rows = attention.film(attention.heatmap("A", rows=["Playing", "outside"])).moments
    assert [words for _, words, _ in rows] == ["Row 1 (Playing)", "Row 2 (outside)"]
    second = dlhand.load("003-conv-filters").film("Y_h", digits=3)
    assert second.moments[0][2].endswith("= −7")


def test_what_does_not_move_has_no_film() -> None:
    with pytest.raises(FormulaError, match="'Still' has no moments; wanted a picture with some"):
        Film(Picture("<svg/>", "Still", "Nothing moves."))
    d = dlhand.load("002-net222")
    with pytest.raises(FormulaError, match="entries of h1 are not those of one of: matmul"):
        d.film("h1")
    with pytest.raises(UnknownName, match="'nothing'"):
        d.film("nothing")
