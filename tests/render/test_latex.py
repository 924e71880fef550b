"""Pages of LaTeX, and all LaTeX through a real engine."""

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dlhand
from dlhand import Derivation, sigmoid, sqrt
from dlhand.numbers.digits import Digits
from dlhand.render.boxes import template
from dlhand.render.latex import line, page
from dlhand.render.names import AFTER, BASE
from dlhand.render.parts import spell
from dlhand.render.typeset import TYPESET, Typeset, width
from dlhand.render.writers import LATEX
from tests.laws.reference import CASES, nested

JS = Path(__file__).parent.parent / "js"
needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="KaTeX runs in Node.js, which is not installed here"
)


def refused(sources: Sequence[str]) -> dict[str, str]:
    """The sources that KaTeX does not take, each with its reason."""
    assert (JS / "node_modules/katex").exists(), "wanted KaTeX: run `npm ci` in tests/js"
    done = subprocess.run(
        ["node", "parse_katex.cjs"],
        cwd=JS,
        input=json.dumps(list(sources)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    reasons = json.loads(done.stdout)
    return {s: why for s, why in zip(sources, reasons, strict=True) if why is not None}


def blocks(source: str) -> list[str]:
    """What stands between double dollars; nothing else may stand on a page."""
    outside = source.split("$$")[::2]
    assert not "".join(outside).strip()
    return source.split("$$")[1::2]


PAGE = r"""$$
\begin{aligned}
&\textbf{A neuron} \\[10pt]
&\text{What does }w_{1}\text{ do?} \\[10pt]
w_{1} &= 0.5, \quad x = -2 \\[10pt]
\hspace{1em} & \hspace{12em}
\end{aligned}
$$
$$
\begin{aligned}
&\textbf{Forward} \\[10pt]
&\text{weighted input of 50}\% \\
z &= w_{1} \cdot x = 0.5 \cdot \left(-2\right) = -1 \\[10pt]
a &= \sigma\!\left(z\right) = \sigma\!\left(-1\right) \approx 0.26894 \\[10pt]
\hspace{1em} & \hspace{12em}
\end{aligned}
$$"""


def test_a_whole_page() -> None:
    d = Derivation("A neuron", about="What does w1 do?")
    w, x = d.givens(w1="0.5", x=-2)
    d.section("Forward")
    z = d.step("z", w * x, say="weighted input of 50%")
    d.step("a", sigmoid(z))
    assert page(d) == PAGE


def test_a_gradient_is_said_in_words_above_its_line() -> None:
    d = Derivation("")
    w = d.given("w", 3)
    d.backward(d.step("E", w * w), [w])
    assert page(d).split("\n")[-5:-1] == [
        r"E &= w \cdot w = 3 \cdot 3 = 9 \\[10pt]",
        r"&\text{how }E\text{ changes with }w \\",
        r"\frac{\partial E}{\partial w} &= w + w = 3 + 3 = 6",
        r"\end{aligned}",
    ]


def test_a_page_of_one_section_needs_no_strut() -> None:
    d = Derivation("")
    d.given("a", 1)
    assert page(d) == "$$\n\\begin{aligned}\na &= 1\n\\end{aligned}\n$$"


def test_a_derivation_with_nothing_in_it_is_a_title() -> None:
    assert r"&\textbf{Empty}" in page(Derivation("Empty"))


def test_every_row_is_aligned_once() -> None:
    for name in dlhand.names():
        for row in re.split(r"\n", page(dlhand.load(name))):
            if not row.startswith(("$$", r"\begin{aligned}", r"\end{aligned}")):
                bare, left = row, 1
                while left:  # the innermost first: a matrix may be a block of another
                    inner = r"\\begin\{bmatrix\}((?!\\begin).)*?\\end\{bmatrix\}"
                    bare, left = re.subn(inner, "", bare)
                assert bare.replace(r"\&", "").count("&") == 1, row


def test_a_long_line_is_broken_at_its_signs() -> None:
    d = Derivation("")
    xs = [d.given(f"x{k}", f"0.{k}") for k in range(1, 31)]
    d.step("a", sum(xs[1:6], xs[0]))
    d.step("b", sum(xs[1:12], xs[0]))
    d.step("c", sum((x * x for x in xs[1:]), xs[0] * xs[0]))
    rows = page(d).split("\n")
    assert sum(row.startswith("a &= ") for row in rows) == 1
    at = next(k for k, row in enumerate(rows) if row.startswith("b &= "))
    assert rows[at].endswith(r"x_{12} \\[4pt]")
    assert rows[at + 1].startswith("&= 0.1 + 0.2")
    assert rows[at + 2].startswith("&= ")
    at = next(k for k, row in enumerate(rows) if row.startswith("c &= "))
    assert rows[at + 1].startswith(r"&\quad {} + x_")
    assert max(width(row) for row in rows) <= 120


def test_a_long_sentence_is_broken_between_words() -> None:
    d = Derivation("", about="word " * 60)
    d.given("a", 1)
    rows = [row for row in page(d).split("\n") if "word" in row]
    assert len(rows) > 3
    assert max(map(len, rows)) < 110


def measured(q: Any, names: Sequence[str]) -> int:
    """The width of a formula with names put in."""
    found = template(q.form, TYPESET)
    spelled = [TYPESET.name(n, s.where, s.places) for n, s in zip(names, found.slots, strict=True)]
    return width(found.fill(spelled))


def test_how_wide_it_is() -> None:
    a, b = Derivation("Widths").givens(a=1, b=2)
    assert measured(a + b, "ab") == 5
    assert measured(sigmoid(a), "x") == 4
    assert measured(a / (a + b), "abc") == 5
    assert measured((a / b) ** 2, "ab") == 4
    assert measured(sqrt(a), "a") == 2
    assert width(TYPESET.name("dE/dw1", 0)) == 4
    assert width(TYPESET.name("dE/dw1", BASE)) == 6
    assert width(TYPESET.name("y1_hat", 0)) == 2
    assert width(TYPESET.number("-1/30", AFTER)) == 5
    assert width(TYPESET.number("1.2e-5", 0)) == 10
    assert width(TYPESET.array(["0.1", "0.25", "1", "2"], (2, 2))) == 12
    assert width(TYPESET.array(["1"] * 8, (2, 2, 2))) == 2 * 7 + 4


def test_it_is_broken_only_outside_all_brackets() -> None:
    a, b = Derivation("Breaks").givens(a=1, b=2)
    found = template((a * (a + b) - sqrt(a - b) + a).form, TYPESET).fill("uvwxyz")
    assert isinstance(found, Typeset)
    assert [latex for latex, _ in found.terms] == [
        r"u \cdot \left(v + w\right)",
        r" - \sqrt{x - y}",
        " + z",
    ]


def test_what_is_measured_is_the_same_latex() -> None:
    for name in dlhand.names():
        d = dlhand.load(name)
        for entry in d.entries:
            plain, measured = (spell(d.evaluation, entry, to, Digits(3)) for to in (LATEX, TYPESET))
            assert plain == measured


# A real engine


@needs_node
def test_the_engine_refuses_what_is_wrong() -> None:
    assert set(refused(["a_b_c", r"\frac{1}{2}", r"\text{a_b}"])) == {"a_b_c", r"\text{a_b}"}


@needs_node
def test_katex_takes_every_page_of_every_example() -> None:
    pages = [block for name in dlhand.names() for block in blocks(page(dlhand.load(name)))]
    assert len(pages) > 20
    assert refused(pages) == {}


@needs_node
@settings(
    deadline=None,
    max_examples=3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_katex_takes_every_row_of_the_table(data: Any) -> None:
    """Each row in its own line, as base of a power, as operand, and transposed."""
    sources = [source for name in CASES for source in lines_of(data.draw(CASES[name]))]
    assert refused(sources) == {}


def lines_of(case: Any) -> list[str]:
    d = Derivation("A row")
    pairs = zip(case.values, case.shapes, strict=True)
    leaves = [d.given(f"x_{k}h'", nested(v, shape)) for k, (v, shape) in enumerate(pairs)]
    q = case.build(*leaves)
    variants = [q, -q, 1 - q, q**2, q * q, q / 2, 2 / (3 + q**2)]
    if len(q.shape) == 2:
        variants += [q.T, q.T @ q]
    if q.shape:
        variants.append(q[0])
    return [line(d, d.step(f"y{k}", v)) for k, v in enumerate(variants)]


@needs_node
@settings(deadline=None, max_examples=10)
@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=5, max_size=5),
    st.integers(0, 40),
)
def test_katex_takes_any_words(words: list[str], seed: int) -> None:
    """Titles and sentences hold what a person types, from LaTeX to emoji."""
    title, about, section, first, second = words
    d = Derivation(title, about=about)
    d.section(section)
    a = d.given("a", seed, say=first)
    d.step("b", sqrt(a + 1), say=second)
    found = page(d)
    assert refused([found.removeprefix("$$").removesuffix("$$")]) == {}


@pytest.mark.parametrize(
    "first", ["1/3", "2/7", "0.123456789012", "1e-9", "-5", "12345678901234567"]
)
def test_the_first_given_of_a_row_is_aligned_at_its_sign(first: str) -> None:
    d = Derivation("A row of givens")
    d.givens(a=first, b="2", c="1/7", v=[1, "1/3"])
    [row] = [row for row in d.latex(digits=3).splitlines() if row.startswith("a ")]
    assert row.count("&=") + row.count(r"&\approx") == row.count("&") - row.count(r" & ") == 1
    assert row.index("&") < row.index("b")
