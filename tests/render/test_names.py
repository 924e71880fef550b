"""Names in LaTeX, plain text and MathML."""

from xml.etree import ElementTree

import pytest

from dlhand.render import names

TABLE = [
    # name, LaTeX, plain text
    ("w", "w", "w"),
    ("w1", "w_{1}", "w₁"),
    ("w11", "w_{11}", "w₁₁"),
    ("z_o1", "z_{o1}", "z_o1"),
    ("W_xh", "W_{xh}", "W_xh"),
    ("h_t", "h_{t}", "h_t"),
    ("alpha", r"\alpha", "α"),
    ("lambda", r"\lambda", "λ"),
    ("epsilon", r"\varepsilon", "ε"),
    ("phi", r"\varphi", "φ"),
    ("Alpha", r"\mathrm{A}", "Α"),
    ("beta1", r"\beta_{1}", "β₁"),
    ("delta_o1", r"\delta_{o1}", "δ_o1"),
    ("Delta_h", r"\Delta_{h}", "Δ_h"),
    ("w_alpha", r"w_{\alpha}", "w_α"),
    ("w_alpha1", r"w_{\alpha 1}", "w_α1"),
    ("σ1", r"\sigma_{1}", "σ₁"),
    ("y_hat", r"\hat{y}", "ŷ"),
    ("y_hat_1", r"\hat{y}_{1}", "ŷ₁"),
    ("m_hat_t", r"\hat{m}_{t}", "m̂_t"),
    ("x_bar", r"\bar{x}", "x̄"),
    ("c_tilde_t", r"\tilde{c}_{t}", "c̃_t"),
    ("out_hat", r"\widehat{\mathrm{out}}", "out_hat"),
    ("out_bar", r"\overline{\mathrm{out}}", "out_bar"),
    ("w1'", "w_{1}'", "w₁′"),
    ("w1''", "w_{1}''", "w₁′′"),
    ("z_o1'", "z_{o1}'", "z_o1′"),
    ("state_0", r"\mathrm{state}_{0}", "state₀"),
    ("out_-1", r"\mathrm{out}_{-1}", "out₋₁"),
    ("net_h1", r"\mathrm{net}_{h1}", "net_h1"),
    ("MSE", r"\mathrm{MSE}", "MSE"),
    ("z_hidden", r"z_{\mathrm{hidden}}", "z_hidden"),
    ("h_t,1", "h_{t,1}", "h_t,1"),
    ("h_t+1", "h_{t+1}", "h_(t+1)"),
    ("w_1_2", "w_{1,2}", "w₁_2"),
    ("y1_00'", "y_{1,00}'", "y₁_00′"),
    ("W2x", r"\mathrm{W2x}", "W2x"),
    ("größe_1", r"\text{größe}_{1}", "größe₁"),
    ("dE/dw1", r"\frac{\partial E}{\partial w_{1}}", "∂E/∂w₁"),
    ("dE1/dz_h1", r"\frac{\partial E_{1}}{\partial z_{h1}}", "∂E₁/∂z_h1"),
    ("dE/dw1'", r"\frac{\partial E}{\partial w_{1}'}", "∂E/∂w₁′"),
    ("dE/dalpha", r"\frac{\partial E}{\partial \alpha}", "∂E/∂α"),
    ("dy_hat/dz", r"\frac{\partial \hat{y}}{\partial z}", "∂ŷ/∂z"),
    # no symbols, but names that a derivation takes
    ("dE/dw[0]", r"\frac{\partial E}{\partial \text{w[0]}}", "∂E/∂w[0]"),
    ("dE/d{w}", r"\frac{\partial E}{\partial \{\text{w}\}}", "∂E/∂{w}"),
]


@pytest.mark.parametrize(("name", "latex", "text"), TABLE)
def test_a_name_in_latex_and_text(name: str, latex: str, text: str) -> None:
    assert (names.latex(name), names.text(name)) == (latex, text)


@pytest.mark.parametrize("name", [name for name, _, _ in TABLE] + ["dE/d<b>", "dE/d&amp;"])
def test_a_name_in_mathml_is_one_element(name: str) -> None:
    assert len(ElementTree.fromstring(f"<math>{names.mathml(name)}</math>")) == 1


@pytest.mark.parametrize(
    ("name", "mathml"),
    [
        ("w1", "<msub><mi>w</mi><mn>1</mn></msub>"),
        ("alpha", "<mi>α</mi>"),
        ("MSE", '<mi class="dl-word">MSE</mi>'),
        ("W_xh", "<msub><mi>W</mi><mrow><mi>x</mi><mi>h</mi></mrow></msub>"),
        ("y_hat", '<mover accent="true"><mi>y</mi><mo>^</mo></mover>'),
        ("w1'", '<mrow><msub><mi>w</mi><mn>1</mn></msub><mo lspace="0" rspace="0">′</mo></mrow>'),
        ("w'", '<mrow><mi>w</mi><mo lspace="0" rspace="0">′</mo></mrow>'),
        (
            "out_-1",
            '<msub><mi class="dl-word">out</mi><mrow>{}<mn>1</mn></mrow></msub>'.format(
                '<mo lspace="0" rspace="0">−</mo>'
            ),
        ),
        (
            "dE/dw",
            "<mfrac><mrow><mo>∂</mo><mi>E</mi></mrow><mrow><mo>∂</mo><mi>w</mi></mrow></mfrac>",
        ),
    ],
)
def test_a_name_in_mathml(name: str, mathml: str) -> None:
    assert names.mathml(name) == mathml


@pytest.mark.parametrize(
    ("words", "latex"),
    [
        ("weighted sum", r"\text{weighted sum}"),
        ("50% of a_b", r"\text{50}\%\text{ of a}\_\text{b}"),
        ("$x$ & {y} #1", r"\$\text{x}\$\text{ }\&\text{ }\{\text{y}\}\text{ }\#\text{1}"),
        ("\\alpha", r"\backslash \text{alpha}"),
        ("w₅ · σ", r"\text{w}{}_{5}\text{ }\cdot \text{ }\sigma "),
    ],
)
def test_no_character_of_a_sentence_is_read_as_a_command(words: str, latex: str) -> None:
    assert names.words_in_latex(words) == latex
