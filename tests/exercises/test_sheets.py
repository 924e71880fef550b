"""Sheets and keys: the same numbers as NumPy, no result on what is handed out, a whole class."""

import csv
import json
import re
import subprocess
import sys
import zipfile
from fractions import Fraction
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest

from dlhand import Derivation
from dlhand.cli import main
from dlhand.errors import Unwritten
from dlhand.exercises import printing
from dlhand.exercises.bank import questions
from dlhand.exercises.course import Workers, make_class
from dlhand.exercises.moodle import moodle
from dlhand.exercises.qti import QTI, qti
from dlhand.exercises.roster import Learner
from dlhand.exercises.sheets import Sheet, read_key
from dlhand.numbers.digits import Digits


def floats(d: Derivation, name: str) -> Any:
    def each(value: Any) -> Any:
        return [each(one) for one in value] if isinstance(value, list) else float(value)

    return np.array(each(d.given_value(name)))


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def dense(d: Derivation) -> dict[str, Any]:
    x, w1, b1 = floats(d, "x"), floats(d, "W1"), floats(d, "b1")
    w2, b2 = floats(d, "W2"), floats(d, "b2")
    a1 = np.maximum(w1 @ x + b1, 0)
    return {"z1": w1 @ x + b1, "a1": a1, "z2": w2 @ a1 + b2, "a2": np.maximum(w2 @ a1 + b2, 0)}


def lstm(d: Derivation) -> dict[str, Any]:
    out, state, found = floats(d, "out_0"), floats(d, "state_0"), {}
    x = floats(d, "x_1")
    gate = {
        g: floats(d, f"W_{g}") @ x + floats(d, f"U_{g}") * out + floats(d, f"b_{g}") for g in "aifo"
    }
    a, i, f, o = np.tanh(gate["a"]), sigmoid(gate["i"]), sigmoid(gate["f"]), sigmoid(gate["o"])
    new = a * i + f * state
    found = {"a_1": a, "i_1": i, "f_1": f, "o_1": o, "state_1": new, "out_1": np.tanh(new) * o}
    return found


def convolution(d: Derivation) -> dict[str, Any]:
    x, k, b, t = (floats(d, name) for name in "XKbT")
    y = np.array([[np.sum(x[r : r + 2, c : c + 2] * k) + b for c in range(2)] for r in range(2)])
    g = y - t
    dk = np.array([[np.sum(x[r : r + 2, c : c + 2] * g) for c in range(2)] for r in range(2)])
    return {"Y": y, "dL/dK": dk, "dL/db": g.sum(), "L": (g**2).sum() / 2}


@pytest.mark.parametrize(
    ("name", "by_hand"),
    [("000-ex3", dense), ("004-lstm", lstm), ("003-conv-backward", convolution)],
)
def test_the_key_is_what_numpy_computes(name: str, by_hand: Any) -> None:
    for seed in (7, 8, "course/ann"):
        sheet = Sheet((name,), seed)
        (problem,) = sheet.problems()
        wanted = by_hand(problem.derivation)
        page = re.sub(r"<[^>]+>", " ", sheet.key())
        for step, value in wanted.items():
            reals = problem.derivation.evaluation.reals(problem.derivation[step].index)
            np.testing.assert_allclose([float(x) for x in reals], np.ravel(value), atol=1e-12)
            for real in reals:
                shown = real.shown(Digits(5)).text.lstrip("-")
                assert shown.split("e")[0] in page, (step, shown)


def test_what_is_handed_out_has_no_result_and_a_blank_for_each_step() -> None:
    sheet = Sheet(("002-net222",), 7)
    d = sheet.problems()[0].derivation
    page = sheet.page()
    body = page.partition("<body>")[2]
    assert body.count('class="blank"') == len(d.steps) == 43
    words = re.sub(r"<[^>]+>", " ", body)
    given = {x.text for e in d.given_entries for x in [e_shown(d, e.name)]}
    for step in d.steps:
        shown = e_shown(d, step.name).text
        assert shown in given or len(shown) < 4 or shown not in words
    assert "http" not in body and "<script" not in page
    formulas = Sheet(("002-net222",), 7, blank="formula").page()
    assert len(formulas) < len(page)


def e_shown(d: Derivation, name: str) -> Any:
    return d.evaluation.reals(d[name].index)[0].shown(Digits(5))


def test_each_learner_has_numbers_of_their_own_that_come_again() -> None:
    sheet = Sheet(("000-neuron",), 7)

    def numbers(learner: Learner | None) -> str:
        d = sheet.problems(learner)[0].derivation
        return str([d.given_value(e.name) for e in d.given_entries])

    ids = [Learner(f"u{k}") for k in range(30)]
    assert len({numbers(one) for one in ids}) > 25
    assert numbers(ids[3]) == numbers(Learner("u3", "Another name"))
    assert numbers(None) != numbers(ids[0])


def test_an_example_named_twice_comes_with_other_numbers() -> None:
    first, second = Sheet(("000-neuron", "000-neuron"), 7).problems()
    d, e = first.derivation, second.derivation
    names = [one.name for one in d.given_entries]
    assert [d.given_value(n) for n in names] != [e.given_value(n) for n in names]


def test_a_class_has_a_sheet_each_one_key_and_a_table_for_answers(tmp_path: Path) -> None:
    learners = [Learner(f"u{k:02}", f"Learner {k}") for k in range(20)] + [Learner("=cmd()")]
    sheet = Sheet(("000-softmax", "003-conv-backward"), "7")
    folder = make_class(sheet, learners, tmp_path / "out", ["html", "notebook"], Workers(1))
    sheets = sorted(path.name for path in (folder / "sheets").iterdir())
    assert len(sheets) == 2 * len(learners) and "u07.html" in sheets
    assert (folder / "sheets" / "u07.html").read_text() == sheet.page(learners[7])
    key = (folder / "key.html").read_text()
    assert read_key(key, "key.html") == (sheet, learners)
    assert "<h2>u07 Learner 7</h2>" in key
    with (folder / "answers.csv").open() as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + len(learners) * (4 + 14)
    assert {row[0] for row in rows[-18:]} == {"'=cmd()"}
    with pytest.raises(Unwritten):
        make_class(sheet, learners, folder, workers=Workers(1))


def test_where_one_learner_fails_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(sheet: Sheet, learner: Learner) -> str:
        if learner.id == "u3":
            raise ValueError("no")
        return ""

    monkeypatch.setattr("dlhand.exercises.course.results", fail)
    learners = [Learner(f"u{k}") for k in range(5)]
    with pytest.raises(ValueError, match="no"):
        make_class(Sheet(("000-softmax",), 7), learners, tmp_path / "out", workers=Workers(1))
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_judges_what_is_typed_into_it() -> None:
    from dlhand.exercises.notebooks import key_notebook, notebook

    sheet = Sheet(("000-softmax",), 7)
    book = nbformat.reads(notebook(sheet), as_version=4)
    nbformat.validate(book)
    nbformat.validate(nbformat.reads(key_notebook(sheet), as_version=4))
    d = sheet.problems()[0].derivation
    program = "\n".join(
        cell.source.replace('""', f'"{e_shown(d, d.steps[0].name).text}"')
        for cell in book.cells
        if cell.cell_type == "code"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ran.stdout.startswith("right"), ran.stderr


def test_every_question_accepts_the_key_and_no_slip_lies_in_its_interval() -> None:
    found = list(questions(Sheet(("002-net222", "000-softmax-jacobian", "003-conv-backward"), 7)))
    assert len(found) > 60
    for one in found:
        assert one.low <= Fraction(one.value) <= one.high
        spans = sorted([(one.low, one.high), *((w.low, w.high) for w in one.wrong)])
        assert all(a[1] < b[0] for a, b in pairwise(spans))
    assert sum(len(one.wrong) for one in found) > 3 * len(found)


def test_moodle_gets_numbers_with_tolerance_and_feedback() -> None:
    root = ElementTree.fromstring(moodle(Sheet(("002-net222",), 7)).encode())
    asked = [q for q in root if q.get("type") == "numerical"]
    assert root[0].get("type") == "category" and len(asked) == 43
    for question in asked:
        right, *wrong = question.findall("answer")
        assert right.get("fraction") == "100" and {w.get("fraction") for w in wrong} <= {"0"}
        centre, within = float(text(right, "text")), float(text(right, "tolerance"))
        for one in wrong:
            assert abs(float(text(one, "text")) - centre) > within
            assert text(one, "feedback/text").startswith("This is what you get ")
    names = [child.tag for child in asked[0]]
    assert names[:4] == ["name", "questiontext", "generalfeedback", "defaultgrade"]


def text(node: ElementTree.Element, path: str) -> str:
    return node.findtext(path) or ""


def test_a_package_of_qti_names_each_of_its_items() -> None:
    sheet = Sheet(("000-neuron",), 7)
    data = qti(sheet)
    assert data == qti(sheet), "the same bytes each time"
    with zipfile.ZipFile(BytesIO(data)) as package:
        manifest = ElementTree.fromstring(package.read("imsmanifest.xml"))
        hrefs = [node.get("href", "") for node in manifest.iter() if node.tag.endswith("}file")]
        assert sorted(hrefs) == sorted({*package.namelist()} - {"imsmanifest.xml"})
        items = [ElementTree.fromstring(package.read(name)) for name in hrefs]
    order = "responseDeclaration outcomeDeclaration itemBody responseProcessing modalFeedback"
    for one in items:
        tags = [child.tag.removeprefix(f"{{{QTI}}}") for child in one]
        assert list(dict.fromkeys(tags)) == [tag for tag in order.split() if tag in tags]
        assert value_of(one, float(one.findtext(".//{*}correctResponse/{*}value") or "")) == "1"


def value_of(item: ElementTree.Element, response: float) -> str:
    """What the response processing of an item sets for a response."""
    for case in item.find("{*}responseProcessing/{*}responseCondition") or ():
        low, high = (float(node.text or "") for node in case.findall("{*}and//{*}baseValue"))
        if low <= response <= high:
            return case.findtext("{*}setOutcomeValue/{*}baseValue") or ""
    return ""


@pytest.mark.browser
def test_pdf_is_printed_from_the_same_page() -> None:
    (data,) = printing.printed([Sheet(("000-softmax",), 7).page()], "Letter")
    assert data.startswith(b"%PDF-") and b"/MediaBox [0 0 612 792]" in data


def test_sheets_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    formats = ["--format", "html", "--format", "moodle", "--format", "qti", "--format", "notebook"]
    assert main(["sheet", "000-softmax", "--seed", "7", *formats]) == 0
    written = capsys.readouterr().out.split()
    assert written == [
        "000-softmax-seed7.html", "000-softmax-seed7-key.html", "000-softmax-seed7.ipynb",
        "000-softmax-seed7-key.ipynb", "000-softmax-seed7-moodle.xml", "000-softmax-seed7-qti.zip",
    ]  # fmt: skip
    assert all((tmp_path / name).stat().st_size for name in written)
    assert json.loads((tmp_path / "000-softmax-seed7.ipynb").read_text())["nbformat"] == 4
    assert main(["sheet", "000-softmx"]) == 2
    assert "did you mean '000-softmax'" in capsys.readouterr().err
    assert main(["sheet", "000-softmax", "--roster", "none.csv"]) == 2
    assert "none.csv cannot be read (No such file" in capsys.readouterr().err
    (tmp_path / "class.csv").write_text("name\nAnn\n")
    assert main(["sheet", "000-softmax", "--roster", "class.csv"]) == 2
    assert "class.csv, line 1: the column 'id' is missing" in capsys.readouterr().err


def test_a_dask_cluster_makes_the_same_files(tmp_path: Path) -> None:
    program = f"""
import warnings; warnings.simplefilter("ignore")
from dask.distributed import LocalCluster
from dlhand.exercises.course import Workers, make_class
from dlhand.exercises.roster import Learner
from dlhand.exercises.sheets import Sheet
if __name__ == "__main__":
    sheet, learners = Sheet(("000-softmax",), 7), [Learner(f"u{{k}}") for k in range(12)]
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        workers = Workers(dask=cluster.scheduler_address)
        make_class(sheet, learners, {str(tmp_path / "dask")!r}, workers=workers)
    make_class(sheet, learners, {str(tmp_path / "here")!r}, workers=Workers(1))
"""
    script = tmp_path / "cluster.py"
    script.write_text(program)
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    for path in (tmp_path / "here").rglob("*.*"):
        other = tmp_path / "dask" / path.relative_to(tmp_path / "here")
        assert path.read_bytes() == other.read_bytes()
