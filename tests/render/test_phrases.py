"""Sentences with mathematics in them."""

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dlhand import FormulaError
from dlhand.render.phrases import as_html, as_text

JS = Path(__file__).parents[1] / "js"
CASES = {
    r"x_1 \le \frac{1}{2}": "x₁ ≤ 1/2",
    r"\frac{\partial E}{\partial w_{11}}": "∂E/∂w₁₁",
    r"\frac{a + b}{2}": "(a + b)/2",
    r"-x^2 + (-y)^{n-1}": "−x² + (−y)^(n−1)",
    r"h_{t-1}": "h_(t−1)",
    r"W^\top x": "Wᵀx",
    r"QK^T": "QKᵀ",
    r"\hat{y} = \sigma(w \cdot x)": "ŷ = σ(w · x)",
    r"\log x + \max(0, z)": "log x + max(0, z)",
    r"6 \times 6 \to 4 \times 4": "6 × 6 → 4 × 4",
    r"x \in \mathbb{R}^n": "x ∈ ℝ^n",
    r"\sum_{i=1}^{n} x_i": "∑_(i=1)^nx_i",
    r"\left(1 - a\right) a": "(1 − a)a",
    r"z > 0 \text{ or } z = 0": "z > 0 or z = 0",
    r"\mathrm{ReLU}(z)": "ReLU(z)",
    r"\sqrt{d_k}": "√d_k",
    r"10^{-8}": "10⁻⁸",
}


@pytest.mark.parametrize("formula", CASES)
def test_a_formula_in_a_sentence(formula):
    assert as_text(f"Is ${formula}$ so?") == f"Is {CASES[formula]} so?"
    page = ElementTree.fromstring(f"<p>{as_html(f'a & b: ${formula}$')}</p>")
    assert page.text == "a & b: "
    assert [node.tag for node in page] == ["math"]


def test_the_same_formulas_are_latex_for_katex():
    """A formula of the cases is LaTeX that another reader takes, too."""
    done = subprocess.run(
        ["node", JS / "parse_katex.cjs"], input=json.dumps([*CASES]), text=True,
        capture_output=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert not any(json.loads(done.stdout))


def test_code_stays_as_it_is():
    assert as_html("`a < $b`") == "<code>a &lt; $b</code>"
    assert as_text("`x_1` and $x_1$") == "x_1 and x₁"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("costs 5$", r"has a \$ without a second one"),
        ("`code", "has a ` without a second one"),
        (r"$\begin{x}$", r"'\\\\begin' in it, which is not known here"),
        (r"$\frac{1}$", "ends too early"),
        (r"$x_$", "ends too early"),
        (r"${x$", "ends too early"),
        (r"$x}$", "'}' in it"),
    ],
)
def test_what_cannot_be_read_is_refused(words, message):
    with pytest.raises(FormulaError, match=message):
        as_html(words)
