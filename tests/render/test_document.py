"""Documents of LaTeX, through a real LaTeX."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import dlhand
from dlhand import Derivation
from dlhand.errors import FormulaError
from dlhand.examples import load, names
from dlhand.numbers.digits import Digits
from dlhand.render.document import PREAMBLE, document

ENGINE = shutil.which("pdflatex")
needs_latex = pytest.mark.skipif(
    ENGINE is None, reason="documents are compiled by pdflatex, which is not installed here"
)
MOST = 5.0
"""Points by which a line may be too wide."""
EVIL = "é ő ŷ “straight” – 中 \\input{x} 50% of $x_1^2$ & #1 ~ {y} | <a> Σ wᵢ x₁ ∂ → ²"


def body(source: str) -> str:
    """What stands between the beginning and the end of a document."""
    return source.partition(r"\begin{document}")[2].partition(r"\end{document}")[0]


def compiled(source: str, folder: Path) -> str:
    """The log of a document that compiles."""
    (folder / "page.tex").write_text(source, encoding="utf-8")
    assert ENGINE is not None
    done = subprocess.run(
        [ENGINE, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"],
        cwd=folder,
        capture_output=True,
        env={"PATH": str(Path(ENGINE).parent), "HOME": str(folder), "max_print_line": "1000"},
    )
    log = (folder / "page.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, "\n".join(re.findall(r"^!.*\n.*\n.*", log, re.MULTILINE))
    return log


def too_wide(log: str) -> list[str]:
    """The complaints of boxes that are too full by more than `MOST`."""
    found = re.finditer(r"Overfull \\[hv]box \(([\d.]+)pt too \w+\).*", log)
    return [match[0] for match in found if float(match[1]) > MOST]


@needs_latex
def test_a_box_that_is_too_full_is_seen(tmp_path: Path) -> None:
    log = compiled(PREAMBLE + r"\begin{document}\mbox{\hspace{30cm}x}\end{document}", tmp_path)
    assert len(too_wide(log)) == 1


@needs_latex
def test_all_examples_compile_and_no_line_is_too_wide(tmp_path: Path) -> None:
    # one run for all, since nearly all the time of a run goes to the packages
    found = {name: body(load(name).latex(document=True)) for name in names()}
    pages = [rf"\typeout{{of {name}}}{text}\clearpage" for name, text in found.items()]
    log = compiled(PREAMBLE + "\\begin{document}" + "\n".join(pages) + "\\end{document}", tmp_path)
    assert not too_wide(log)
    assert "Missing character" not in log
    assert len(re.findall(r"^of ", log, re.MULTILINE)) == len(found) > 100


@needs_latex
def test_one_document_is_whole(tmp_path: Path) -> None:
    compiled(load("002-net222").latex(document=True), tmp_path)
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


@needs_latex
def test_words_of_any_kind(tmp_path: Path) -> None:
    d = Derivation(EVIL, about=EVIL)
    d.section(EVIL)
    a = d.given("ж", [[1, 2], [3, 4]], say=EVIL)
    d.step("größe_中", a + 1, say=EVIL)
    log = compiled(d.latex(document=True), tmp_path)
    assert "Missing character" not in log and not too_wide(log)


@needs_latex
@pytest.mark.parametrize("digits", [1, 40])
def test_long_numbers_and_sums_are_broken(tmp_path: Path, digits: int) -> None:
    d = Derivation("Long")
    x = [d.given(f"x{k}", f"0.{k + 3}1") for k in range(12)]
    inner = sum((1 / v for v in x[1:]), 1 / x[0])
    d.step("y", dlhand.sigmoid(inner * sum(x[1:], x[0])) / 3)
    d.step("z", x[0] * (inner - (x[1] - sum(x[2:], x[1]))) ** 2)
    d.step("v", dlhand.exp(d.given("A", [[f"0.{k}{n}7" for k in range(7)] for n in range(3)])))
    assert not too_wide(compiled(document(d, digits=Digits(digits)), tmp_path))


def test_a_new_page_may_begin_before_each_section() -> None:
    d = Derivation("Two")
    for k in (1, 2):
        d.section(f"Part {k}")
        d.step(f"y{k}", d.given(f"x{k}", k) + 1)
    assert re.findall(r"\\filbreak\s+\\subsection\*\{(Part .)\}", document(d)) == [
        "Part 1",
        "Part 2",
    ]


def test_a_document_is_of_the_whole() -> None:
    d = load("002-net222")
    with pytest.raises(FormulaError, match=r"document=True came with name='E'"):
        d.latex("E", document=True)
