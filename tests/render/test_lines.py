"""Lines: what stands after which sign, what is left out, and what is said in words."""

from fractions import Fraction

import pytest

from dlhand import Derivation, DuplicateName, sigmoid, softmax, sqrt, stack, total
from dlhand.numbers.digits import Digits
from dlhand.render import latex, text
from dlhand.render.parts import Line, line, lines, prose, say
from dlhand.render.writers import LATEX, TEXT


def neuron() -> Derivation:
    d = Derivation("A neuron")
    w, x, b, t = d.givens(w="0.5", x=2, b="0.1", t=1)
    d.section("Forward")
    z = d.step("z", w * x + b, say="weighted sum")
    a = d.step("a", sigmoid(z))
    e = d.step("E", (a - t) ** 2 / 2)
    d.section("Backward")
    d.backward(e, [w, b])
    return d


def test_the_lines_of_a_derivation() -> None:
    d = neuron()
    found = lines(d, "text")
    assert [(x.name, x.position, x.section, x.kind) for x in found] == [
        ("w", 0, "", "given"), ("x", 1, "", "given"), ("b", 2, "", "given"),
        ("t", 3, "", "given"), ("z", 4, "Forward", "step"), ("a", 5, "Forward", "step"),
        ("E", 6, "Forward", "step"), ("dE/da", 7, "Backward", "gradient"),
        ("dE/dz", 8, "Backward", "gradient"), ("dE/dw", 9, "Backward", "gradient"),
        ("dE/db", 10, "Backward", "gradient"),
    ]  # fmt: skip
    assert found[4] == Line(
        "z", 4, "Forward", "step", "weighted sum", (), "z", "w · x + b", "0.5 · 2 + 0.1", "1.1",
        True, "", ("w", "x", "b"),
    )  # fmt: skip
    assert found[0].result == "0.5"
    assert found[0].formula == found[0].numbers == ""
    assert [text.line(d, entry) for entry in d.steps] == [
        "z = w · x + b = 0.5 · 2 + 0.1 = 1.1",
        "a = σ(z) = σ(1.1) ≈ 0.75026",
        "E = (a − t)² / 2 = (0.75026 − 1)² / 2 ≈ 0.031185",
        "∂E/∂a = a − t = 0.75026 − 1 ≈ −0.24974",
        "∂E/∂z = ∂E/∂a · a · (1 − a) = −0.24974 · 0.75026 · (1 − 0.75026) ≈ −0.046794",
        "∂E/∂w = ∂E/∂z · x = −0.046794 · 2 ≈ −0.093587 (from more digits than shown)",
        "∂E/∂b = ∂E/∂z ≈ −0.046794",
    ]


def test_a_line_in_latex_is_made_of_its_parts() -> None:
    d = neuron()
    for entry in d.steps:
        parts = line(d, entry, "latex")
        pieces = [f" = {part}" for part in (parts.formula, parts.numbers) if part]
        sign = " = " if parts.exact else r" \approx "
        whole = f"{parts.symbol}{''.join(pieces)}{sign}{parts.result}{parts.note}"
        assert latex.line(d, entry) == whole


def one(formula: str, **givens: object) -> Line:
    """The text line of a formula in Python over the givens."""
    d = Derivation("One")
    scope = {g.name: g for g in d.givens(**givens)}
    return line(d, d.step("y", eval(formula, {"sqrt": sqrt, "stack": stack}, scope)), "text")


# What handcalcs gets wrong


def test_a_name_is_not_assigned_again() -> None:
    d = neuron()
    with pytest.raises(DuplicateName, match="'z' is taken"):
        d.step("z", d["w"] * 2)


def test_a_small_number_is_not_shown_as_zero() -> None:
    found = one("a * 1", a="0.0001234")
    assert (found.numbers, found.result, found.exact) == ("0.0001234 · 1", "0.0001234", True)
    d = Derivation("Small")
    d.step("r", sqrt(d.given("a", "0.00000000001234567")))
    assert text.line(d, d["r"], digits=Digits(3)) == "r = √(a) = √(1.23·10⁻¹¹) ≈ 3.51·10⁻⁶"


def test_shown_numbers_that_do_not_give_the_shown_result_have_a_note() -> None:
    d = Derivation("Squares")
    r = d.step("r", sqrt(d.given("a", 2)))
    square = d.step("s", r * r)
    assert text.line(d, square, digits=Digits(3)) == (
        "s = r · r = 1.41 · 1.41 = 2 (from more digits than shown)"
    )
    assert latex.line(d, square, digits=Digits(3)).endswith(r"= 2\quad\text{(from more digits)}")
    assert (
        text.line(d, square, digits=Digits(7))
        == "s = r · r = 1.414214 · 1.414214 = 2 (from more digits than shown)"
    )


def test_shown_numbers_that_give_the_shown_result_have_no_note() -> None:
    d = Derivation("Half")
    r = d.step("r", sqrt(d.given("a", 2)))
    # 1.4142 / 2 is exactly 0.7071; to five digits that is the number shown
    assert (
        text.line(d, d.step("s", r / 2))
        == "s = r / 2 = 1.4142 / 2 ≈ 0.70711 (from more digits than shown)"
    )
    assert (
        text.line(d, d.step("t", r * 3), digits=Digits(places=3))
        == "t = r · 3 = 1.414 · 3 ≈ 4.243 (from more digits than shown)"
    )
    assert text.line(d, d.step("u", r + 1)) == "u = r + 1 = 1.4142 + 1 ≈ 2.4142"


def test_negative_numbers_and_matrices() -> None:
    assert one("a - b * a", a=-2, b=-3).numbers == "−2 − (−3) · (−2)"
    assert one("A @ B", A=[[1, -2]], B=[[3], [4]]).numbers == "[[1, −2]] [[3], [4]]"


# Exact, rounded, fractions


def test_a_fraction_is_shown_with_its_decimals() -> None:
    found = one("a / 3", a=1)
    assert (found.result, found.exact) == ("1/3 ≈ 0.33333", True)
    d = Derivation("Thirds")
    y = d.step("y", d.given("a", [1, 3]) / 3)
    assert text.line(d, y) == "y = a / 3 = [1, 3] / 3 = [1/3, 1] ≈ [0.33333, 1.0000]"
    assert text.line(d, y, digits=Digits(places=2)).endswith("= [1/3, 1] ≈ [0.33, 1.00]")
    assert latex.line(d, y).endswith(
        r"= \begin{bmatrix} \frac{1}{3} \\ 1 \end{bmatrix} \approx "
        r"\begin{bmatrix} 0.33333 \\ 1.0000 \end{bmatrix}"
    )


def test_one_rounded_entry_makes_an_array_rounded() -> None:
    d = Derivation("Roots")
    r = d.step("r", sqrt(d.given("a", [4, 2])))
    assert text.line(d, r) == "r = √(a) = √([4, 2]) ≈ [2, 1.4142]"


def test_places_and_digits() -> None:
    d = Derivation("Pi, nearly")
    a = d.given("a", "22/7")
    y = d.step("y", sqrt(a))
    assert text.line(d, y, digits=Digits(places=2)) == "y = √(a) = √(22/7) ≈ 1.77"
    assert text.line(d, y, digits=Digits(2)) == "y = √(a) = √(22/7) ≈ 1.8"
    assert text.line(d, a, digits=Digits(places=2)) == "a = 22/7 ≈ 3.14"


# What would be said twice


def test_another_name_and_a_constant_are_not_repeated() -> None:
    d = Derivation("Aliases")
    a = d.given("a", 2)
    assert text.line(d, d.step("b", sqrt(a) * 0 + a)) == "b = √(a) · 0 + a = √(2) · 0 + 2 = 2"
    same = d.step("c", a + 0 * a)
    assert text.line(d, same) == "c = a + 0 · a = 2 + 0 · 2 = 2"
    v = d.given("v", [1, 2])
    s = stack(a, a)
    assert text.line(d, d.step("s", s)) == "s = [a, a] = [2, 2]"
    e = d.step("E", total(v))
    d.backward(e, [v])
    assert text.line(d, d["dE/dv"]) == "∂E/∂v = 1 (everywhere) = [1, 1]"


def test_a_sum_of_constants_alone() -> None:
    d = Derivation("Constants")
    a = d.given("a", 1)
    d.backward(d.step("E", a * 3), [a])
    assert text.line(d, d["dE/da"]) == "∂E/∂a = 3"
    assert text.line(d, d.step("y", a * "0.5" / a)) == "y = a · 0.5 / a = 1 · 0.5 / 1 = 0.5"


# Variants


def test_a_step_taken_from_a_page_says_so() -> None:
    d = neuron().with_steps({"a": "0.8"})
    assert text.line(d, d["a"]) == "a = 0.8 (taken as given here)"
    assert text.line(d, d["E"]) == "E = (a − t)² / 2 = (0.8 − 1)² / 2 = 0.02"


def test_a_step_rounded_by_hand_is_not_called_equal() -> None:
    d = neuron().by_hand(2)
    assert text.line(d, d["z"]) == "z = w · x + b = 0.5 · 2 + 0.1 = 1.1"
    assert text.line(d, d["a"]) == "a = σ(z) = σ(1.1) ≈ 0.75"
    assert text.line(d, d["E"]) == "E = (a − t)² / 2 = (0.75 − 1)² / 2 ≈ 0.03"


# Large arrays


def test_a_long_array_is_shown_by_its_ends() -> None:
    d = Derivation("Long")
    v = d.given("v", list(range(20)))
    assert text.line(d, v) == "v = [0, 1, 2, 3, 4, 5, …, 18, 19]"
    assert latex.line(d, v) == (
        r"v = \begin{bmatrix} 0 \\ 1 \\ 2 \\ 3 \\ 4 \\ 5 \\ \vdots \\ 18 \\ 19 \end{bmatrix}"
    )
    wide = d.given("W", [[10 * r + c for c in range(13)] for r in range(14)])
    spelled = latex.line(d, wide)
    assert r"0 & 1 & 2 & 3 & 4 & 5 & \cdots & 11 & 12 \\" in spelled
    assert spelled.count(r"\vdots") == 9
    mathml = line(d, wide, "mathml").result
    assert mathml.count("<mtr>") == mathml.count("⋮") == 9


def test_twelve_rows_are_written_out() -> None:
    d = Derivation("Twelve")
    v = d.given("v", list(range(12)))
    assert text.line(d, v) == "v = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]"


def test_a_stack_of_matrices() -> None:
    d = Derivation("Channels")
    x = d.given("x", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    assert text.line(d, x) == "x = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]"
    assert latex.line(d, x) == (
        r"x = \left(\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix},\; "
        r"\begin{bmatrix} 5 & 6 \\ 7 & 8 \end{bmatrix}\right)"
    )


# Words


def test_gradients_are_said_in_words_from_their_structure() -> None:
    d = Derivation("Two ways")
    w, x = d.givens(w1=2, x=3)
    h = d.step("h", sigmoid(w * x))
    o1, o2, b = d.step("o1", h * h), d.step("o2", h * 3), d.given("b", 1)
    e = d.step("E", (o1 + o2 + b) ** 2)
    d.backward(e, [w, b])
    spoken = {entry.name: say(d, entry) for entry in d.steps if entry.say == ""}
    assert spoken["dE/do1"] == "how E changes with o₁"
    assert spoken["dE/dh"] == "how E changes with h, by way of o₁ and o₂"
    assert spoken["dE/dw1"] == "how E changes with w₁, by way of h"
    assert say(d, d["dE/dw1"], LATEX) == (
        r"\text{how }E\text{ changes with }w_{1}\text{, by way of }h"
    )
    assert spoken["h"] == ""


def test_a_gradient_of_another_name_is_said_too() -> None:
    d = Derivation("Deltas")
    w, x = d.givens(w=2, x=3)
    z = d.step("z", w * x)
    d.backward(d.step("E", sigmoid(z)), [w], names={"z": "delta"})
    assert say(d, d["delta"]) == "how E changes with z"
    assert say(d, d["dE/dw"]) == "how E changes with w, by way of z"


def test_an_alias_among_gradients() -> None:
    d = Derivation("Bias")
    z0, b = d.givens(z0=[1, 2], b=[3, 4])
    z = d.step("z", z0 + b)
    a = d.step("a", softmax(z))
    d.backward(d.step("E", total(a * a)), [b])
    assert say(d, d["dE/db"]) == "how E changes with b: the same as with z"


def test_many_ways_are_not_all_named() -> None:
    d = Derivation("Many")
    x = d.given("x", 1)
    parts = [d.step(f"h{k}", sigmoid(x * k)) for k in range(1, 7)]
    e = d.step("E", sum(parts[1:], parts[0]) ** 2)
    d.backward(e, [x])
    assert say(d, d["dE/dx"]).endswith("h₁, h₂, h₃ and 3 more")


def test_slopes_are_said_in_words() -> None:
    d = Derivation("Local")
    x, y = d.givens(x=2, y=3)
    d.backward(d.step("f", sigmoid(d.step("q", x * y))), [x], local=True)
    assert say(d, d["dq/dx"]) == "the slope of q with respect to x"


@pytest.mark.parametrize(
    ("words", "plain", "latex_words"),
    [
        ("how far o1 is", "how far o₁ is", r"\text{how far }o_{1}\text{ is}"),
        ("a new w1'", "a new w₁′", r"\text{a new }w_{1}'"),
        ("w1's value", "w₁'s value", r"w_{1}\text{'s value}"),
        ("x9 is no name", "x9 is no name", r"\text{x9 is no name}"),
        ("a is a word", "a is a word", r"\text{a is a word}"),
        ("alpha times z_o1.", "α times z_o1.", r"\alpha\text{ times }z_{o1}\text{.}"),
        ("o1, w1: a", "o₁, w₁: a", r"o_{1}\text{, }w_{1}\text{: a}"),
        ("h_t+1 of o1-w1", "h_(t+1) of o₁-w1", r"h_{t+1}\text{ of }o_{1}\text{-w1}"),
        ("row 0, 1", "row 0, 1", r"\text{row 0, 1}"),
    ],
)
def test_names_among_words_become_symbols(words: str, plain: str, latex_words: str) -> None:
    d = Derivation("Words")
    for name in ("o1", "w1", "w1'", "a", "alpha", "z_o1", "h_t+1"):
        d.given(name, 1)
    assert (prose(d, words), prose(d, words, LATEX)) == (plain, latex_words)


def test_the_writers_share_one_number_of_digits() -> None:
    d = Derivation("Digits")
    y = d.step("y", sqrt(d.given("a", 2)))
    for digits in (2, 8, 30):
        shown = d.evaluation.shown(y.index, Digits(digits)).text
        assert line(d, y, "text", digits=Digits(digits)).result == shown
        assert line(d, y, "latex", digits=Digits(digits)).result == shown
        assert len(shown.replace(".", "")) == digits


def test_an_undefined_step_names_itself() -> None:
    from dlhand import UndefinedValue

    d = Derivation("Zero")
    a = d.given("a", 0)
    y = d.step("y", 1 / a)
    with pytest.raises(UndefinedValue, match="step y has no value"):
        text.line(d, y)


def test_numbers_in_text() -> None:
    assert TEXT.number("-1.2e-5", 0) == "−1.2·10⁻⁵"
    assert TEXT.number("1e-8", 0) == "10⁻⁸"
    assert TEXT.number("-1e20", 0) == "−10²⁰"
    assert LATEX.number("-1e20", 0) == "-10^{20}"
    assert Fraction("1/3") == Fraction(TEXT.number("1/3", 0))
