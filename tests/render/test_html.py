"""HTML fragments with MathML."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

import dlhand
from dlhand import Derivation, Printed, sigmoid, sqrt
from dlhand.numbers.digits import Digits
from dlhand.render import text
from dlhand.render.html import STYLE, math_line, page

MATHML_CORE = {
    "math", "mfrac", "mi", "mn", "mo", "mover", "mrow", "mspace", "msqrt", "msub", "msubsup",
    "msup", "mtable", "mtd", "mtext", "mtr", "munder",
}  # fmt: skip


def test_a_line_in_pieces() -> None:
    d = Derivation("A product")
    a, b = d.givens(a=2, b=-3)
    pieces = math_line(d, d.step("p", a * b))
    start = "<math>"
    equal = start + '<mo form="infix">=</mo>'
    assert pieces.symbol == f"{start}<mi>p</mi></math>"
    assert pieces.formula == f"{equal}<mi>a</mi><mo>·</mo><mi>b</mi></math>"
    assert pieces.result == f"{equal}<mrow><mo>−</mo><mn>6</mn></mrow></math>"
    assert pieces.numbers.startswith(f"{equal}<mn>2</mn><mo>·</mo>")
    assert pieces.note == ""
    given = math_line(d, a)
    assert (given.formula, given.numbers) == ("", "")


def test_a_rounded_result_and_its_remark() -> None:
    d = Derivation("Squares")
    r = d.step("r", sqrt(d.given("a", 2)))
    pieces = math_line(d, d.step("s", r * r), digits=Digits(3))
    assert '<mo form="infix">=</mo>' in pieces.result  # √2·√2 is 2, but 1.41 · 1.41 is not
    assert pieces.note == "(from more digits than shown)"
    pieces = math_line(d, d.step("t", r * r * r), digits=Digits(3))
    assert '<mo form="infix">≈</mo>' in pieces.result
    assert pieces.note == "(from more digits than shown)"


def test_a_page_is_one_section_of_well_formed_markup() -> None:
    for name in dlhand.names():
        root = ElementTree.fromstring(page(dlhand.load(name)))
        assert (root.tag, root.get("class")) == ("div", "dlhand")
        inside = {node.tag for math in root.iter("math") for node in math.iter()}
        assert inside <= MATHML_CORE


def test_a_step_can_be_heard() -> None:
    """Every line of mathematics has its plain text beside it."""
    d = dlhand.load("002-net222")
    root = ElementTree.fromstring(page(d))
    heard = [node.get("aria-label") for node in root.iter("div") if node.get("role") == "math"]
    assert heard == [text.line(d, entry) for entry in d.entries]


def test_a_section_has_one_heading_whatever_is_in_it() -> None:
    d = Derivation("Top")
    d.section("Givens and steps")
    d.step("c", d.step("b", d.given("a", 1) + 1) * d.given("e", 2, say="a factor"))
    root = ElementTree.fromstring(page(d))
    headings = [node.text for node in root.iter() if node.tag in ("h3", "h4")]
    assert headings == ["Top", "Givens and steps"]
    assert len([*root.iter("ul"), *root.iter("ol")]) > 2


def test_steps_are_numbered_through_the_sections() -> None:
    d = Derivation("Numbers")
    a = d.given("a", 1)
    for k in range(1, 6):
        d.section(f"Section {k % 2}" if k < 4 else "The end")
        d.step(f"y{k}", a * k)
    starts = [ol.get("start") for ol in ElementTree.fromstring(page(d)).iter("ol")]
    assert starts == ["1", "2", "3", "4"]


def test_words_of_any_kind_are_escaped() -> None:
    evil = "<script>alert(1)</script> & \"quotes\" 'too' \x00\x1b"
    d = Derivation(evil, about=evil)
    d.section(evil)
    a = d.given("a", 1, say=evil)
    d.step("b", a + 1, say=evil, printed=Printed(evil, "2", evil))
    found = page(d, verdicts={"b": [evil]})
    assert "<script" not in found
    root = ElementTree.fromstring(found)
    assert "<script>alert(1)</script>" in "".join(root.itertext())


def test_names_in_words_are_mathematics() -> None:
    d = Derivation("Words")
    d.step("z", d.given("w1", 1) * 2, say="twice w1")
    assert '<p>twice <math displaystyle="false"><msub>' in page(d)


def test_printed_numbers_and_verdicts() -> None:
    d = Derivation("Printed")
    d.step("z", d.given("w", 1) * 2, printed="2.1")
    assert '<p class="dl-printed">printed: 2.1 (wrong)</p>' in page(d, verdicts={"z": ["wrong"]})


def test_every_class_has_its_style_and_every_style_its_class() -> None:
    d = dlhand.load("002-net222")
    v = d.given("v", [[1, 2], [3, 4]], say="a matrix")
    d.step("u", sigmoid(v))
    d.step("n", dlhand.heaviside(v))
    d.step("f", dlhand.floor(v))
    d.step("MSE", v * 1)
    used = set(re.findall(r'class="([\w-]+)"', page(d, digits=Digits(3))))
    styled = set(re.findall(r"\.([a-z][a-z-]+)", STYLE))
    assert used == styled


def test_the_style_stays_in_the_fragment() -> None:
    for rule in STYLE.replace("\\\n", "").strip().split("\n"):
        assert rule.startswith(".dlhand"), rule
    assert not re.search(r"#[0-9a-f]{3}|rgb|white|black", STYLE)


@pytest.mark.parametrize("name", ["002-net222", "003-max-graph"])
def test_html_closes_what_it_opens(name: str) -> None:
    still_open: list[str] = []

    class Balance(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            still_open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert still_open.pop() == tag

    Balance().feed(page(dlhand.load(name)))
    assert still_open == []
