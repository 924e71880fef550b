"""Two settings side by side: differences of the exact values, checked by other means."""

from fractions import Fraction
from html.parser import HTMLParser
from typing import Any

import pytest
from mpmath import mp, mpf

from dlhand import Derivation, DlhandError, UndefinedValue, UnknownName, load, log, sigmoid, tanh
from dlhand.render.comparison import Comparison, Row


def rows(comparison: Comparison) -> dict[str, Row]:
    return {row.name: row for row in comparison.rows}


def texts(row: Row) -> tuple[str, str, str]:
    """The characters of a single number in both settings, and their difference."""
    return row.first[0].text, row.second[0].text, row.difference[0].text


def rational() -> Derivation:
    d = Derivation("Only fractions")
    x, y = d.givens(x="0.7", y=3)
    p = d.step("p", x * y)
    q = d.step("q", p / 7)
    d.step("r", q * q - x)
    return d


def test_rational_differences_are_those_of_fractions() -> None:
    d = rational()
    found = rows(d.compare(d.what_if(x="0.8"), digits=9))

    def values(x: Fraction) -> list[Fraction]:
        p = x * 3
        return [p, p / 7, (p / 7) ** 2 - x]

    pairs = zip(values(Fraction(7, 10)), values(Fraction(8, 10)), strict=True)
    for name, (one, two) in zip("pqr", pairs, strict=True):
        text = found[name].difference[0].text
        half = Fraction(1, 2) * Fraction(10) ** (-9 - 1)
        assert abs(Fraction(text) - (two - one)) <= half
    assert texts(found["p"]) == ("2.1", "2.4", "0.3")
    assert found["q"].difference[0] == ("0.0428571429", False)  # 3/70


def network(b2: str) -> dict[str, Any]:
    """The 2-2-2 network and some of its gradients, by mpmath with fifty digits."""
    x1, x2, t1, t2, b1, bias = map(mpf, ("0.1", "0.5", "0.05", "0.95", "0.25", b2))
    w = [mpf(k) / 10 for k in range(9)]

    def s(z: Any) -> Any:
        return 1 / (1 + mp.exp(-z))

    h1, h2 = s(w[1] * x1 + w[3] * x2 + b1), s(w[2] * x1 + w[4] * x2 + b1)
    o1, o2 = s(w[5] * h1 + w[6] * h2 + bias), s(w[7] * h1 + w[8] * h2 + bias)
    d1, d2 = (o1 - t1) * o1 * (1 - o1), (o2 - t2) * o2 * (1 - o2)
    dh1 = d1 * w[5] + d2 * w[7]
    return {
        "h1": h1, "o1": o1, "o2": o2, "E": ((o1 - t1) ** 2 + (o2 - t2) ** 2) / 2,
        "dE/dw5": d1 * h1, "dE/dw8": d2 * h2, "dE/db2": d1 + d2,
        "dE/dw1": dh1 * h1 * (1 - h1) * x1,
    }  # fmt: skip


@pytest.mark.parametrize("digits", [3, 5, 14])
@pytest.mark.parametrize("b2", ["0.25", "0.3500001", "0.35000000000000000001"])
def test_differences_of_the_network_are_those_of_mpmath(b2: str, digits: int) -> None:
    d = load("002-net222")
    found = rows(Comparison(d, d.what_if(b2=b2), digits=digits))
    with mp.workdps(70):
        one, two = network("0.35"), network(b2)
        for name in one:
            difference = two[name] - one[name]
            shown = found[name].difference[0].text
            if name == "h1":
                assert found[name].is_same
                assert shown == "0"
            else:
                exponent = int(mp.floor(mp.log10(abs(difference))))
                half = mpf(10) ** (exponent - digits + 1) / 2
                assert abs(mpf(shown) - difference) <= half * (1 + mpf(10) ** -30)
                assert mpf(shown) != 0


def test_the_difference_is_not_that_of_the_digits_shown() -> None:
    d = Derivation("Near")
    (x,) = d.givens(x="0.00004")
    d.step("y", sigmoid(x) * 1)
    found = rows(d.compare(d.what_if(x="0.00014"), digits=3))["y"]
    assert texts(found) == ("0.500", "0.500", "2.50e-5")


def test_what_nothing_has_changed_is_the_same_and_its_difference_zero() -> None:
    d = load("002-net222")
    for comparison in (d.compare(d), d.compare(load("002-net222")), d.compare(d.what_if())):
        assert all(row.is_same for row in comparison.rows)
        assert {shown for row in comparison.rows for shown in row.difference} == {("0", True)}
        assert [row.name for row in comparison.rows] == [step.name for step in d.steps]


def test_only_the_givens_that_differ_are_shown() -> None:
    d = load("002-net222")
    found = rows(d.compare(d.what_if(b2="0.25", w1="0.1")))
    assert next(iter(found)) == "b2"
    assert texts(found["b2"]) == ("0.35", "0.25", "-0.1")
    assert len(found) == len(d.steps) + 1


def test_the_steps_to_be_shown_can_be_named() -> None:
    d = load("002-net222")
    assert list(rows(d.compare(d.what_if(b2="0.25"), ["E", "o1"]))) == ["b2", "o1", "E"]
    assert list(rows(d.compare(d.what_if(b2="0.25"), []))) == ["b2"]
    with pytest.raises(UnknownName, match="no step is called 'o9'"):
        d.compare(d, ["o9"])


def test_rounding_by_hand_is_a_setting_too() -> None:
    d = rational()
    found = rows(d.compare(d.by_hand(1)))
    assert texts(found["q"]) == ("0.3", "0.3", "0")
    hand = Fraction("0.1") - Fraction("0.7")  # 0.09 is 0.1
    assert found["r"].second[0].text == str(float(hand))
    assert not found["p"].is_same


def test_other_derivations_are_matched_by_name() -> None:
    d, other = rational(), Derivation("Another")
    x, p = other.givens(x="0.7", p=[1, 2])
    other.step("q", x + x)
    other.step("only", p * 2)
    found = rows(d.compare(other))
    assert list(found) == ["q"]  # x is equal, p has another shape
    assert texts(found["q"]) == ("0.3", "1.4", "1.1")
    unlike = Derivation("Nothing in common")
    unlike.step("z", unlike.given("x", 1) * 2)
    with pytest.raises(UnknownName, match="wanted the same derivation with other givens"):
        d.compare(unlike)
    assert issubclass(UnknownName, DlhandError)


def test_steps_that_follow_otherwise_are_not_taken_for_the_same() -> None:
    def chosen(operation: Any, name: str) -> Derivation:
        d = Derivation("One or the other")
        d.givens(a=2, b=3)
        d.step("t", d.step("s", operation(d[name])) * 2)
        return d

    with mp.workdps(30):
        of_a, of_b, by_tanh = 1 / (1 + mp.exp(-2)), 1 / (1 + mp.exp(-3)), mp.tanh(2)
        for other, value in ((chosen(sigmoid, "b"), of_b), (chosen(tanh, "a"), by_tanh)):
            found = rows(chosen(sigmoid, "a").compare(other))
            assert not (found["s"].is_same or found["t"].is_same)
            apart = mp.nstr(value - of_a, 5, strip_zeros=False)
            assert found["s"].difference[0].text == apart


def test_a_difference_that_nothing_tells_from_zero_is_zero_to_the_places_shown() -> None:
    d = Derivation("Even")
    (x,) = d.givens(x="0.3")
    d.step("y", sigmoid(x) * sigmoid(-x))
    assert rows(d.compare(d.what_if(x="-0.3")))["y"].difference[0] == ("0.00000", False)


def test_a_setting_without_a_value_is_refused() -> None:
    d = Derivation("A logarithm")
    d.step("y", log(d.given("x", 2)))
    with pytest.raises(UndefinedValue, match="step y has no value"):
        repr(d.compare(d.what_if(x=-1)))


class _Cells(HTMLParser):
    """The texts of the cells of a table, row by row; and every tag opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.rows and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def test_the_html_has_a_cell_for_each_number_and_headings_for_a_screen_reader() -> None:
    d = load("002-net222")
    comparison = d.compare(d.what_if(b2="0.25"), labels=("0.35", "0.25"))
    html = comparison.html()
    cells = _Cells()
    cells.feed(html)
    assert cells.open == []
    assert cells.rows[0] == ["step", "0.35", "0.25", "0.25 − 0.35"]
    assert ["b2", "0.35", "0.25", "−0.1"] in cells.rows
    assert ["o1", "≈0.73493", "≈0.71500", "≈−0.019933"] in cells.rows
    assert html.count('scope="row"') == len(comparison.rows)
    assert html.count('scope="col"') == 4
    assert html.count('scope="rowgroup"') == 5


def test_titles_and_labels_stay_text() -> None:
    d = Derivation("<b>bold</b> & <script>")
    d.section("<i>part</i>")
    d.step("y", d.given("x", 1) * 2)
    html = d.compare(d.what_if(x=2), labels=("<one>", "two&")).html()
    assert "&lt;script&gt;" in html
    for tag in ("<b>", "<script>", "<i>", "<one>", "two&<"):
        assert tag not in html


def test_the_text_keeps_to_the_page_and_long_arrays_stand_below_each_other() -> None:
    d = load("002-lstm")
    text = repr(d.compare(d.with_values({"b_a": "0.25"}), labels=("kept", "now")))
    assert max(map(len, text.splitlines())) <= 100
    lines = text.splitlines()
    at = lines.index("δgates₁")
    assert lines[at + 1].startswith("  kept        ≈ [−0.019384, ")
    assert [line.split()[0] for line in lines[at + 1 : at + 4]] == ["kept", "now", "now"]


def test_a_notebook_gets_both_and_the_same_bytes_each_time() -> None:
    first, second = (
        (d := load("002-lstm")).compare(d.with_values({"W_a": ["1/3", "0.1"]})) for _ in range(2)
    )
    bundle = first._repr_mimebundle_()
    assert bundle == second._repr_mimebundle_()
    assert bundle == {"text/html": first.html(), "text/plain": repr(first)}
