"""Every layout in LaTeX, plain text and MathML: tables of formula and exact text."""

from collections.abc import Callable
from fractions import Fraction
from operator import neg
from typing import Any
from xml.etree import ElementTree

import pytest

from dlhand import (
    Derivation,
    concatenate,
    correlate,
    dot,
    exp,
    greater,
    heaviside,
    leaky_relu,
    log,
    maximum,
    mean,
    outer,
    relu,
    sigmoid,
    softmax,
    sqrt,
    total,
    transpose,
)
from dlhand.operations.gradient import fill
from dlhand.operations.quantity import Quantity
from dlhand.render.boxes import constant_text, template
from dlhand.render.parts import line
from dlhand.render.writers import LATEX, TEXT

GIVENS: dict[str, Any] = {
    "a": 2, "b": -3, "c": "1/3", "d": "-1.2e-5", "z_o1": 5,
    "u": [1, -2], "v": [3, 4], "W": [[1, 2], [3, 4]], "V": [[0, 1], [1, 0]],
}  # fmt: skip


class G:
    """The givens by name, as attributes."""

    def __init__(self) -> None:
        self.derivation = Derivation("Layouts")
        for name, value in GIVENS.items():
            setattr(self, name, self.derivation.given(name, value))

    def __getattr__(self, name: str) -> Any:  # what a type checker sees
        raise AttributeError(name)


Formula = Callable[[Any], Quantity]

WITH_NAMES: list[tuple[Formula, str, str]] = [
    # sums, signs and products
    (lambda g: g.a + g.b + g.c, "a + b + c", "a + b + c"),
    (lambda g: g.a - g.b, "a - b", "a − b"),
    (lambda g: g.a - (g.b - g.c), r"a - \left(b - c\right)", "a − (b − c)"),
    (lambda g: g.a - g.b - g.c, "a - b - c", "a − b − c"),
    (lambda g: g.a + (g.b - g.c), "a + b - c", "a + b − c"),
    (lambda g: g.a - (g.b + g.c), r"a - \left(b + c\right)", "a − (b + c)"),
    (lambda g: g.a * g.b * g.c, r"a \cdot b \cdot c", "a · b · c"),
    (lambda g: g.a * (g.b + g.c), r"a \cdot \left(b + c\right)", "a · (b + c)"),
    (lambda g: (g.a + g.b) * g.c, r"\left(a + b\right) \cdot c", "(a + b) · c"),
    (lambda g: g.a * g.b + g.c, r"a \cdot b + c", "a · b + c"),
    (lambda g: -g.a, "-a", "−a"),
    (lambda g: neg(-g.a), r"-\left(-a\right)", "−(−a)"),
    (lambda g: -(g.a + g.b), r"-\left(a + b\right)", "−(a + b)"),
    (lambda g: -(g.a * g.b), r"-a \cdot b", "−a · b"),
    (lambda g: -g.a + g.b, "-a + b", "−a + b"),
    (lambda g: g.a + -g.b, r"a + \left(-b\right)", "a + (−b)"),
    (lambda g: g.a - -g.b, r"a - \left(-b\right)", "a − (−b)"),
    (lambda g: -g.a * g.b, r"-a \cdot b", "−a · b"),
    (lambda g: g.a * -g.b, r"a \cdot \left(-b\right)", "a · (−b)"),
    (lambda g: g.a + -g.b * g.c, r"a + \left(-b\right) \cdot c", "a + (−b) · c"),
    (lambda g: g.a - -(g.b**2), r"a - \left(-b^{2}\right)", "a − (−b²)"),
    # constants
    (lambda g: "0.5" * g.a, r"0.5 \cdot a", "0.5 · a"),
    (lambda g: "1/2" * g.a, r"\frac{1}{2} \cdot a", "1/2 · a"),
    (lambda g: g.a - "-2", r"a - \left(-2\right)", "a − (−2)"),
    (lambda g: g.a + "1e-8", "a + 10^{-8}", "a + 10⁻⁸"),
    (lambda g: g.a + "1.5e-8", r"a + 1.5 \cdot 10^{-8}", "a + 1.5·10⁻⁸"),
    (lambda g: g.a / "1.5e-8", r"\frac{a}{1.5 \cdot 10^{-8}}", "a / (1.5·10⁻⁸)"),
    # fractions
    (lambda g: g.a / g.b, r"\frac{a}{b}", "a / b"),
    (lambda g: (g.a + g.b) / g.c, r"\frac{a + b}{c}", "(a + b) / c"),
    (lambda g: g.a / (g.b + g.c), r"\frac{a}{b + c}", "a / (b + c)"),
    (lambda g: g.a / (g.b * g.c), r"\frac{a}{b \cdot c}", "a / (b · c)"),
    (lambda g: g.a * g.b / g.c, r"\frac{a \cdot b}{c}", "a · b / c"),
    (lambda g: g.a * (g.b / g.c), r"a \cdot \frac{b}{c}", "a · (b / c)"),
    (lambda g: g.a / g.b * g.c, r"\frac{a}{b} \cdot c", "(a / b) · c"),
    (lambda g: g.a / g.b / g.c, r"\frac{\frac{a}{b}}{c}", "(a / b) / c"),
    (lambda g: g.a / (g.b / g.c), r"\frac{a}{\frac{b}{c}}", "a / (b / c)"),
    (lambda g: g.a + g.b / g.c, r"a + \frac{b}{c}", "a + b / c"),
    (lambda g: -g.a / g.b, r"\frac{-a}{b}", "−a / b"),
    (lambda g: g.a - (-g.b) / g.c, r"a - \frac{-b}{c}", "a − (−b) / c"),
    (lambda g: -(g.a / g.b), r"-\frac{a}{b}", "−a / b"),
    # powers and roots
    (lambda g: g.a**2, "a^{2}", "a²"),
    (lambda g: g.a**-1, "a^{-1}", "a⁻¹"),
    (lambda g: g.a ** "1/2", "a^{1/2}", "a^(1/2)"),
    (lambda g: g.z_o1**2, "z_{o1}^{2}", "(z_o1)²"),
    (lambda g: (g.a + g.b) ** 2, r"\left(a + b\right)^{2}", "(a + b)²"),
    (lambda g: (g.a * g.b) ** 2, r"\left(a \cdot b\right)^{2}", "(a · b)²"),
    (lambda g: (g.a / g.b) ** 2, r"\left(\frac{a}{b}\right)^{2}", "(a / b)²"),
    (lambda g: (g.a**2) ** 3, r"\left(a^{2}\right)^{3}", "(a²)³"),
    (lambda g: (-g.a) ** 2, r"\left(-a\right)^{2}", "(−a)²"),
    (lambda g: -(g.a**2), "-a^{2}", "−a²"),
    (lambda g: sqrt(g.a - g.b), r"\sqrt{a - b}", "√(a − b)"),
    (lambda g: sqrt(g.a) ** 2, r"\left(\sqrt{a}\right)^{2}", "(√(a))²"),
    # functions
    (lambda g: sigmoid(g.a), r"\sigma\!\left(a\right)", "σ(a)"),
    (lambda g: log(g.a / g.c), r"\ln\!\left(\frac{a}{c}\right)", "ln(a / c)"),
    (lambda g: relu(-g.a), r"\operatorname{ReLU}\!\left(-a\right)", "ReLU(−a)"),
    (lambda g: maximum(g.a, -g.b), r"\max\!\left(a, -b\right)", "max(a, −b)"),
    (lambda g: sigmoid(g.a) ** 2, r"\sigma\!\left(a\right)^{2}", "σ(a)²"),
    (lambda g: exp(-g.a), "e^{-a}", "e^(−a)"),
    (lambda g: exp(g.a) ** 2, r"\left(e^{a}\right)^{2}", "(e^(a))²"),
    (lambda g: exp(exp(g.a)), "e^{e^{a}}", "e^(e^(a))"),
    (lambda g: 1 / (1 + exp(-g.a)), r"\frac{1}{1 + e^{-a}}", "1 / (1 + e^(−a))"),
    (lambda g: heaviside(g.a - g.b), r"\left[a - b > 0\right]", "[a − b > 0]"),
    (lambda g: greater(g.a, -g.b), r"\left[a > -b\right]", "[a > −b]"),
    (
        lambda g: leaky_relu(g.a, "0.1"),
        r"\operatorname{LReLU}_{0.1}\left(a\right)",
        "LReLU_0.1(a)",
    ),
    # what has brackets of its own is raised as it is; what only ends in one is not
    (lambda g: (g.a + -g.b) ** 2, r"\left(a + \left(-b\right)\right)^{2}", "(a + (−b))²"),
    (
        lambda g: leaky_relu(g.a, "0.1") ** 2,
        r"\operatorname{LReLU}_{0.1}\left(a\right)^{2}",
        "LReLU_0.1(a)²",
    ),
    (lambda g: abs(g.a) ** 2, r"\left|a\right|^{2}", "|a|²"),
    (lambda g: heaviside(g.a) ** 2, r"\left[a > 0\right]^{2}", "[a > 0]²"),
    (
        lambda g: fill(g.a, (2,)) ** 2,
        r"\left(a\,\mathbf{1}\right)^{2}",
        "(a (everywhere))²",
    ),
    # vectors and matrices
    (lambda g: g.W @ g.u + g.v, r"W \, u + v", "W u + v"),
    (lambda g: g.W @ g.V @ g.u, r"W \, V \, u", "W V u"),
    (lambda g: g.W @ (g.u + g.v), r"W \, \left(u + v\right)", "W (u + v)"),
    (lambda g: g.W.T @ g.u, r"W^{\top} \, u", "Wᵀ u"),
    (lambda g: transpose(g.W + g.V), r"\left(W + V\right)^{\top}", "(W + V)ᵀ"),
    (lambda g: transpose(g.W.T), r"\left(W^{\top}\right)^{\top}", "(Wᵀ)ᵀ"),
    (lambda g: g.u * g.v, r"u \odot v", "u ⊙ v"),
    (lambda g: g.a * g.u * g.v, r"a \cdot u \odot v", "a · u ⊙ v"),
    (lambda g: g.u * g.a, r"u \cdot a", "u · a"),
    (lambda g: g.u * (1 - g.u), r"u \odot \left(1 - u\right)", "u ⊙ (1 − u)"),
    (lambda g: (g.W @ g.u) * g.v, r"\left(W \, u\right) \odot v", "(W u) ⊙ v"),
    (lambda g: g.W @ (g.u * g.v), r"W \, \left(u \odot v\right)", "W (u ⊙ v)"),
    (lambda g: g.a * (g.W @ g.u), r"a \cdot W \, u", "a · W u"),
    (lambda g: dot(g.u, g.v) * g.a, r"\left(u \cdot v\right) \cdot a", "(u · v) · a"),
    (lambda g: dot(g.u * g.v, g.v), r"\left(u \odot v\right) \cdot v", "(u ⊙ v) · v"),
    (lambda g: outer(g.u, g.v), r"u\,{v}^{\top}", "u vᵀ"),
    (
        lambda g: outer(g.u, g.v + g.u),
        r"u\,{\left(v + u\right)}^{\top}",
        "u (v + u)ᵀ",
    ),
    (lambda g: g.W[0], r"W_{1, 1{..}2}", "W_(1, 1..2)"),
    (lambda g: g.W[0, 1:], "W_{12}", "W₁₂"),
    (lambda g: g.W[1][0], "W_{21}", "W₂₁"),
    (lambda g: g.W[::-1, 1], r"W_{2{..}1, 2}", "W_(2..1, 2)"),
    (lambda g: g.W[0, 0] ** 2, "W_{11}^{2}", "W₁₁²"),
    (lambda g: g.u[1] * g.b, r"u_{2} \cdot b", "u₂ · b"),
    (lambda g: (g.u + g.v)[1], r"{\left(u + v\right)}_{2}", "(u + v)₂"),
    (lambda g: sigmoid(g.u)[1], r"{\sigma\!\left(u\right)}_{2}", "σ(u)₂"),
    (
        lambda g: concatenate(g.u, g.v),
        r"\begin{bmatrix} u \\ v \end{bmatrix}",
        "[u; v]",
    ),
    (lambda g: correlate(g.W, g.V) + g.W, r"W \star V + W", "W ⋆ V + W"),
    (lambda g: mean(g.W), r"\operatorname{mean}\!\left(W\right)", "mean(W)"),
    (
        lambda g: mean(g.W, axis=0),
        r"\operatorname{mean}_{\text{each column}}\!\left(W\right)",
        "mean[each column](W)",
    ),
    (
        lambda g: softmax(g.W),
        r"\operatorname{softmax}_{\text{each row}}\!\left(W\right)",
        "softmax[each row](W)",
    ),
    (lambda g: softmax(g.u), r"\operatorname{softmax}\!\left(u\right)", "softmax(u)"),
]

WITH_NUMBERS: list[tuple[Formula, str, str]] = [
    # negative numbers where they follow an operator, and as bases
    (lambda g: g.a + g.b, r"2 + \left(-3\right)", "2 + (−3)"),
    (lambda g: g.b + g.a, "-3 + 2", "−3 + 2"),
    (lambda g: g.b * g.b, r"-3 \cdot \left(-3\right)", "−3 · (−3)"),
    (lambda g: g.a - g.b * g.a, r"2 - \left(-3\right) \cdot 2", "2 − (−3) · 2"),
    (lambda g: g.a - (g.b + g.a), r"2 - \left(-3 + 2\right)", "2 − (−3 + 2)"),
    (lambda g: -g.b, r"-\left(-3\right)", "−(−3)"),
    (lambda g: g.b**2, r"\left(-3\right)^{2}", "(−3)²"),
    (lambda g: g.a / g.b, r"\frac{2}{-3}", "2 / (−3)"),
    (lambda g: g.b / g.a, r"\frac{-3}{2}", "−3 / 2"),
    (lambda g: g.a + g.b / g.a, r"2 + \frac{-3}{2}", "2 + (−3) / 2"),
    (lambda g: relu(g.b), r"\operatorname{ReLU}\!\left(-3\right)", "ReLU(−3)"),
    (lambda g: exp(g.b), "e^{-3}", "e^(−3)"),
    (lambda g: sqrt(g.b + g.z_o1), r"\sqrt{-3 + 5}", "√(−3 + 5)"),
    # fractions and powers of ten
    (lambda g: g.a * g.c, r"2 \cdot \frac{1}{3}", "2 · 1/3"),
    (lambda g: g.c**2, r"\left(\frac{1}{3}\right)^{2}", "(1/3)²"),
    (lambda g: g.a / g.c, r"\frac{2}{\frac{1}{3}}", "2 / (1/3)"),
    (lambda g: g.c / g.a, r"\frac{\frac{1}{3}}{2}", "(1/3) / 2"),
    (lambda g: g.d * g.a, r"-1.2 \cdot 10^{-5} \cdot 2", "−1.2·10⁻⁵ · 2"),
    (lambda g: g.a - g.d, r"2 - \left(-1.2 \cdot 10^{-5}\right)", "2 − (−1.2·10⁻⁵)"),
    (lambda g: g.d**2, r"\left(-1.2 \cdot 10^{-5}\right)^{2}", "(−1.2·10⁻⁵)²"),
    # arrays
    (
        lambda g: g.W @ g.u,
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} \, \begin{bmatrix} 1 \\ -2 \end{bmatrix}",
        "[[1, 2], [3, 4]] [1, −2]",
    ),
    (
        lambda g: g.W.T,
        r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}^{\top}",
        "[[1, 2], [3, 4]]ᵀ",
    ),
    (
        lambda g: g.b * g.u,
        r"-3 \cdot \begin{bmatrix} 1 \\ -2 \end{bmatrix}",
        "−3 · [1, −2]",
    ),
    (
        lambda g: total(g.u),
        r"\operatorname{sum}\!\left(\begin{bmatrix} 1 \\ -2 \end{bmatrix}\right)",
        "sum([1, −2])",
    ),
]


def numbers(formula: Formula, target: str) -> str:
    g = G()
    d = g.derivation
    return line(d, d.step("y", formula(g)), target).numbers


@pytest.mark.parametrize(("formula", "latex", "text"), WITH_NAMES)
def test_a_formula_with_names(formula: Formula, latex: str, text: str) -> None:
    q = formula(G())
    for writer, wanted in ((LATEX, latex), (TEXT, text)):
        assert template(q.form, writer).named(q.leaves, writer) == wanted


@pytest.mark.parametrize(("formula", "latex", "text"), WITH_NUMBERS)
def test_a_formula_with_numbers(formula: Formula, latex: str, text: str) -> None:
    assert numbers(formula, "latex") == latex
    assert numbers(formula, "text") == text


NEGATIVE = "<mrow><mo>−</mo><mn>{}</mn></mrow>"
THIRD = "<mfrac><mn>1</mn><mn>3</mn></mfrac>"


def matrix(*rows: str) -> str:
    """A matrix of rows of entries."""
    written = ["".join(f"<mtd>{cell}</mtd>" for cell in row.split(" ")) for row in rows]
    body = "".join(f"<mtr>{row}</mtr>" for row in written)
    return f'<mtable class="dl-matrix">{body}</mtable>'


MATHML: list[tuple[Formula, str]] = [
    (lambda g: g.a + g.b, f"<mn>2</mn><mo>+</mo>({NEGATIVE.format(3)})"),
    (lambda g: g.a * g.c, f"<mn>2</mn><mo>·</mo>{THIRD}"),
    (lambda g: g.c**2, f"<msup><mrow>({THIRD})</mrow><mn>2</mn></msup>"),
    (lambda g: g.a**-1, f"<msup><mrow><mn>2</mn></mrow>{NEGATIVE.format(1)}</msup>"),
    (
        lambda g: g.a ** "-1/2",
        f"<msup><mrow><mn>2</mn></mrow><mrow>{NEGATIVE.format(1)}<mo>/</mo><mn>2</mn></mrow></msup>",
    ),
    (
        lambda g: g.a / g.b,
        f"<mfrac><mrow><mn>2</mn></mrow><mrow>{NEGATIVE.format(3)}</mrow></mfrac>",
    ),
    (lambda g: sqrt(g.a), "<msqrt><mrow><mn>2</mn></mrow></msqrt>"),
    (lambda g: sigmoid(g.a), "<mrow><mi>σ</mi><mo>\u2061</mo>(<mrow><mn>2</mn></mrow>)</mrow>"),
    (lambda g: exp(g.a), "<msup><mi>e</mi><mrow><mrow><mn>2</mn></mrow></mrow></msup>"),
    (lambda g: heaviside(g.a), "[<mrow><mn>2</mn></mrow><mo>&gt;</mo><mn>0</mn>]"),
    (lambda g: -g.u, f"<mrow><mo>−</mo>{matrix('<mn>1</mn>', NEGATIVE.format(2))}</mrow>"),
    (
        lambda g: g.V.T,
        "<msup><mrow>{}</mrow><mo>⊤</mo></msup>".format(
            matrix("<mn>0</mn> <mn>1</mn>", "<mn>1</mn> <mn>0</mn>")
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "wanted"), MATHML)
def test_a_formula_in_mathml(formula: Formula, wanted: str) -> None:
    found = numbers(formula, "mathml")
    ElementTree.fromstring(f"<math>{found}</math>")
    for kind, opening, closing in (("round", "(", ")"), ("square", "[", "]")):
        first, last = (f'<mo stretchy="false">{sign}</mo>' for sign in (opening, closing))
        found = found.replace(f'<mrow class="dl-{kind}">{first}', opening)
        found = found.replace(f"{last}</mrow>", closing)
    assert found == wanted


@pytest.mark.parametrize(("formula", "latex", "text"), WITH_NAMES)
def test_every_formula_is_good_xml_in_mathml(formula: Formula, latex: str, text: str) -> None:
    g = G()
    found = line(g.derivation, g.derivation.step("y", formula(g)), "mathml")
    for part in (found.symbol, found.formula, found.numbers, found.result):
        ElementTree.fromstring(f"<math>{part}</math>")


@pytest.mark.parametrize(
    ("value", "as_fraction", "text"),
    [("1/2", True, "1/2"), ("1/2", False, "0.5"), ("2", True, "2"), ("-1/3", False, "-1/3")],
)
def test_a_constant_is_written_as_it_was_typed(value: str, as_fraction: bool, text: str) -> None:
    assert constant_text(Fraction(value), as_fraction) == text


def test_a_template_is_made_once_for_equal_structures() -> None:
    g = G()
    assert template((g.a * g.b).form, TEXT) is template((g.c * g.d).form, TEXT)


def test_what_is_put_in_a_pattern_is_not_read_as_its_placeholders() -> None:
    g = G()
    q = greater(g.a * "1/2", g.b)
    frame = template(q.form, LATEX)
    spelled = [LATEX.name(leaf.name, 0) for leaf in q.leaves]
    assert frame.fill(spelled) == r"\left[a \cdot \frac{1}{2} > b\right]"
