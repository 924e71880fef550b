"""Pages of plain text."""

import dlhand
from dlhand import Derivation, Printed, sigmoid
from dlhand.render.text import WIDTH, line, page, result

PAGE = """\
A neuron
========
What does w₁ do?

Given
-----
w₁ = 0.5 (printed: 0.05), x = −2
given: the bias
       b = 0.1

Forward
-------
1. the weighted sum
   z = w₁ · x + b = 0.5 · (−2) + 0.1 = −0.9
   printed: -0.9 (exact); 0.89, read as -0.89 (the sign is lost) (wrong)
2. a = σ(z) = σ(−0.9) ≈ 0.28905
   printed: 0.29 (rounded)

Backward
--------
3. the slope of a with respect to z
   ∂a/∂z = a · (1 − a) = 0.28905 · (1 − 0.28905) ≈ 0.20550"""


def neuron() -> Derivation:
    d = Derivation("A neuron", about="What does w1 do?")
    w = d.given("w1", "0.5", printed="0.05")
    x = d.given("x", -2, printed="-2")
    b = d.given("b", "0.1", say="the bias")
    d.section("Forward")
    damaged = Printed("0.89", "-0.89", "the sign is lost")
    z = d.step("z", w * x + b, say="the weighted sum", printed=("-0.9", damaged))
    d.step("a", sigmoid(z), printed="0.29")
    d.section("Backward")
    d.step("da/dz", d["a"] * (1 - d["a"]), say="the slope of a with respect to z")
    return d


def test_a_whole_page() -> None:
    verdicts = {"z": ["exact", "wrong"], "a": ["rounded"]}
    assert page(neuron(), verdicts=verdicts) == PAGE


def test_without_verdicts_the_printed_characters_stand_alone() -> None:
    assert "\n   printed: 0.29\n" in page(neuron())


def test_what_a_document_prints_of_an_array() -> None:
    d = Derivation("An array")
    v = d.given("v", [1, -2])
    d.step("y", v * 2, printed=["2", None])
    assert page(d).endswith("printed: [2, …]")


def test_verdicts_that_do_not_match_follow_the_numbers() -> None:
    d = Derivation("An array")
    d.step("y", d.given("v", [1, -2]) * 2, printed=["2", "-3"])
    found = page(d, verdicts={"y": ["first entry: exact", "second entry: wrong"]})
    assert found.endswith("printed: [2, -3]; first entry: exact; second entry: wrong")


def test_a_long_line_has_each_part_on_a_row_under_the_sign() -> None:
    d = Derivation("Rows")
    W = d.given("W", [["0.25", "-1.75", "3.5"], ["1.125", "2.25", "-0.5"], [1, 2, 3]])
    x = d.given("x", [1, 2, 3])
    b = d.given("b", ["0.5", "-0.5", 0])
    d.step("z", W @ x + b, say="the weighted sums")
    assert page(d).split("Steps\n-----\n")[1] == (
        "1. the weighted sums\n"
        "   z = W x + b\n"
        "     = [[0.25, −1.75, 3.5], [1.125, 2.25, −0.5], [1, 2, 3]] [1, 2, 3] + [0.5, −0.5, 0]\n"
        "     = [7.75, 3.625, 14]"
    )


def test_no_row_is_wider_than_the_page() -> None:
    for name in dlhand.names():
        assert max(map(len, page(dlhand.load(name)).split("\n"))) <= WIDTH, name


def test_numbers_of_steps_go_on_through_the_sections() -> None:
    d = dlhand.load("002-net222")
    found = page(d)
    for k in range(1, len(d.steps) + 1):
        assert f"\n{k}. " in found


def test_a_page_has_every_result() -> None:
    d = dlhand.load("002-net222")
    found = page(d)
    for entry in d.steps:
        assert line(d, entry).rpartition(" = ")[2] in " ".join(found.split())
        assert result(d, entry) in found


def test_without_sections_givens_and_steps_get_headings() -> None:
    d = Derivation("Bare")
    a = d.given("a", 1)
    d.step("b", a + 1)
    assert page(d) == (
        "Bare\n====\n\nGiven\n-----\na = 1\n\nSteps\n-----\n1. b = a + 1 = 1 + 1 = 2"
    )
