"""Rosters and answer files as people bring them: read, or refused in one sentence."""

import csv
import re
from pathlib import Path

import pytest

from dlhand import TableError
from dlhand.exercises.grading import grade, read_answers
from dlhand.exercises.roster import Learner, roster
from dlhand.exercises.sheets import Sheet, class_key
from dlhand.exercises.tables import read, written

SHEET = Sheet(("000-neuron", "000-softmax"), 7)
CLASS = [Learner("ann"), Learner("=cmd()")]


def file(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "class.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        "id,name\nann,Ann Müller\nbob,\n",
        "name;ID\nAnn Müller;ann\n;bob\n",
        "id\tname\nann\tAnn Müller\nbob\t\n",
        "\ufeffid,name\r\nann,Ann Müller\r\n\r\n bob ,\r\n",
        "id,name,e-mail\nann,Ann Müller,a@b\nbob,,\n,,\n",
        'id,name\nann,"Ann Müller"\nbob,""\n',
        "id,name\nann,Ann Müller\nbob\n",
        "id,name\nann,Ann Müller\nbob,".encode("utf-16"),
    ],
)
def test_a_roster_as_spreadsheets_save_it(tmp_path: Path, content: str | bytes) -> None:
    assert roster(file(tmp_path, content)) == [Learner("ann", "Ann Müller"), Learner("bob", "")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "class.csv is empty; wanted a line with the columns 'id'"),
        ("name\nAnn\n", "class.csv, line 1: the column 'id' is missing; wanted 'id', and"),
        ("id,ID\na,b\n", "class.csv, line 1: the column 'id' is there twice"),
        ("id,name\n", "class.csv, line 1, column 'id': no learner stands below it"),
        ("id,name\nann,Ann\n,Bob\n", "class.csv, line 3, column 'id': it is empty; wanted the id"),
        ("id\nann\n\nann\n", "class.csv, line 4, column 'id': 'ann' is that of line 2, too"),
        ("id\nAnn\nann\n", "class.csv, line 3, column 'id': 'ann' differs from that"),
        ("id,name\nann,Müller, Ann\n", "class.csv, line 2, column '3': there are 3 cells"),
        ("id,name\nann,Müller\n".encode("latin-1"),
         "class.csv, line 2, column 2: the byte 0xfc is no text in UTF-8"),
        ('id,name\nann,"Ann\n', "class.csv, line 2: unexpected end of data"),
        (b"id\nann\0\n", "class.csv, line 2: a character is NUL"),
        ("id\n" + "x" * 201, "class.csv, line 2, column 'id': 'xxx"),
    ],
)  # fmt: skip
def test_one_message_names_line_and_column(tmp_path: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(TableError) as error:
        roster(file(tmp_path, content))
    assert str(error.value).startswith(told)
    assert "\n" not in str(error.value)


def test_files_of_learners_are_safe_and_their_own() -> None:
    ids = ["../../etc/passwd", "a/b", "a-b", "=cmd()", "CON?", "Müller", "x" * 150, ".."]
    files = [Learner(one).file for one in ids]
    assert len({*files}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in files)


def test_no_formula_is_written_and_what_was_written_is_read_again(tmp_path: Path) -> None:
    cells = ["=cmd()", "+1+1", "-2+3", "@SUM(A1)", "-0.5", "+3", "−1", "ann", "'quoted", "0,5"]
    text = written(["id"], [[cell] for cell in cells])
    for row in list(csv.reader(text.splitlines()))[1:]:
        assert row[0][0] not in "=@" and (row[0][0] not in "+-" or float(row[0]) is not None)
    path = file(tmp_path, text)
    assert [row.cells["id"] for row in read(path, ["id"]).rows] == cells


HEAD = "id,problem,step,answer\n"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id,problem,answer\nann,1,2\n", "class.csv, line 1: the column 'step' is missing"),
        (HEAD + "bob,1,z,2\n", "class.csv, line 2, column 'id': 'bob' is not in the class"),
        (HEAD + "ann,3,z,2\n", "class.csv, line 2, column 'problem': '3' is no problem; wanted 1"),
        (HEAD + "ann,one,z,2\n", "class.csv, line 2, column 'problem': 'one' is no problem"),
        (HEAD + "ann,1,zz,2\n", "class.csv, line 2, column 'step': 'zz' is no step of problem 1;"),
        (HEAD + "ann,1,z,2\nann,1,z,3\n", "class.csv, line 3, column 'answer': line 2 answers"),
        (HEAD + "ann,1,z,0,41\n", "class.csv, line 2, column '5': there are 5 cells; wanted 4"),
        (HEAD + f"ann,1,z,{'1' * 5001}\n", "class.csv, line 2, column 'answer': it has more than"),
    ],
)  # fmt: skip
def test_answers_that_cannot_be_used(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(TableError) as error:
        read_answers(file(tmp_path, content), SHEET, CLASS)
    assert str(error.value).startswith(told)


def test_semicolons_with_decimal_commas_and_empty_cells(tmp_path: Path) -> None:
    path = file(tmp_path, "id;problem;step;answer\nann;1;z;0,41\nann;1;y_hat;\n'=cmd();2;p1;3\n")
    found = read_answers(path, SHEET, CLASS)
    assert found["ann"][1] == {"z": "0,41"}  # `with_point` reads it
    assert found["=cmd()"][2] == {"p1": "3"}


def test_a_hundred_thousand_rows_are_read_and_the_last_one_is_judged(tmp_path: Path) -> None:
    learners = [Learner(f"u{k}") for k in range(6250)]
    steps = [step.name for step in SHEET.problems()[0].derivation.steps]
    rows = [(one.id, 1, step, "1") for one in learners for step in steps]
    assert len(rows) == 100_000
    path = file(tmp_path, written(HEAD.strip().split(","), rows))
    assert sum(len(one[1]) for one in read_answers(path, SHEET, learners).values()) == 100_000
    with path.open("a") as more:
        more.write("u1,1,z,2\n")
    with pytest.raises(TableError, match="line 100002, column 'answer': line 18 answers the same"):
        read_answers(path, SHEET, learners)


def test_nothing_is_half_written(tmp_path: Path) -> None:
    key = tmp_path / "key.html"
    key.write_text(class_key(SHEET, CLASS, []))
    answers = file(tmp_path, HEAD + "ann,1,zz,2\n")
    with pytest.raises(TableError):
        grade(answers, key, tmp_path / "marks")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.csv", "key.html"]
    key.write_text("<html></html>")
    with pytest.raises(TableError, match=r"key.html is no key; wanted the file key.html that"):
        grade(answers, key, tmp_path / "marks")
