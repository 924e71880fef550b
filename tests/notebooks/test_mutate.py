"""The tool that changes rules of operations: it sees what nbval sees, and finds what is changed."""

import json
from pathlib import Path

import nbformat
import pytest

from dlhand.operations.table import TABLE
from tools import mutate
from tools.cells import differs
from tools.make_must_fail import FOLDER, TAMPERINGS
from tools.mutate import Rule, Verdict, apart, judge, noticed, notices, uses

GOOD = FOLDER / "good.ipynb"
BY_NBVAL = [row for row in TAMPERINGS if row.caught_by == "nbval" and row.name != "count_missing"]


def outputs(path: Path) -> list[list]:
    return [cell.get("outputs", []) for cell in nbformat.read(path, as_version=4).cells]


@pytest.mark.parametrize("row", BY_NBVAL, ids=lambda row: row.name)
def test_what_nbval_catches_differs(row) -> None:
    pairs = list(zip(outputs(FOLDER / f"{row.name}.ipynb"), outputs(GOOD), strict=True))
    assert {k for k, pair in enumerate(pairs) if differs(*pair)} == row.cells


def test_what_is_stored_does_not_differ_from_itself() -> None:
    assert not any(differs(one, one) for one in outputs(GOOD))


@pytest.fixture
def one_cell(tmp_path: Path):
    """A notebook of one cell, with what is stored of it."""

    def make(code: str, shown: str) -> Path:
        path = tmp_path / "one.ipynb"
        result = {"output_type": "execute_result", "execution_count": 1, "metadata": {}}
        cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1}
        cell |= {"source": code, "outputs": [result | {"data": {"text/plain": shown}}]}
        book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
        path.write_text(json.dumps(book), encoding="utf-8")
        return path

    return make


FORWARD = """\
import dlhand
d = dlhand.Derivation("d")
x = d.given("x", 1)
d.value(d.step("z", x + 1))"""
BACK = """\
import dlhand
d = dlhand.Derivation("d")
x, y = d.givens(x=2, y=3)
_ = d.backward(d.step("z", x * y), [{wrt}])
d.value("dz/dx")"""


def test_each_argument_of_a_product_is_told_apart(one_cell) -> None:
    path = one_cell(BACK.format(wrt="x"), "3")
    assert noticed(Rule("mul", 0), [path]) and not noticed(Rule("mul", 1), [path])


def test_a_notebook_says_which_rules_it_uses(one_cell) -> None:
    path = one_cell(FORWARD, "2")
    assert apart(uses, path).keys() == {Rule("add")}


def test_a_changed_rule_is_noticed_in_the_cell_that_shows_it(one_cell) -> None:
    path = one_cell(FORWARD, "2")
    assert noticed(Rule("add"), [path]) == "one, code cell 1"
    assert noticed(Rule("floor"), [path]) == ""
    assert TABLE["add"].value.__name__ == "<lambda>"  # nothing is changed in this process


def test_a_changed_value_is_one_eighth_too_large(one_cell) -> None:
    path = one_cell(FORWARD, "2.125")
    assert apart(notices, path, Rule("add")) == ""
    with pytest.raises(RuntimeError, match="does not show what is stored"):
        apart(uses, path)


def test_verdicts_name_survivors_and_why(one_cell) -> None:
    path = one_cell(BACK.format(wrt="x"), "3")
    found = {verdict.rule: verdict for verdict in judge(["mul", "floor"], [path], workers=1)}
    assert found[Rule("mul", 0)].where == "one, code cell 1"
    assert str(found[Rule("mul", 1)]) == (
        "SURVIVED  mul: derivative, argument 2 (notebooks that call it: 1; none shows it)"
    )
    assert found[Rule("floor")] == Verdict(Rule("floor"), 0, "")
    assert "no notebook calls it" in str(found[Rule("floor")])


def test_an_operation_that_is_none_is_refused(capsys) -> None:
    with pytest.raises(SystemExit):
        mutate.main(["sigmoidal"])
    assert "no operation is called sigmoidal" in capsys.readouterr().err
