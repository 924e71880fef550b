"""The widget of a table: what it sends, and the searching and sorting that its page does."""

import json
import random
import shutil
import subprocess

import pytest

from dlhand.widgets.page import script
from dlhand.widgets.table import SCRIPTS, TableView


@pytest.fixture
def run(module):
    """Give a function that runs JavaScript with what order.js has, and reads the JSON printed."""
    return module("order.js", "compare", "matches", "ordered")


def test_numbers_are_sorted_by_their_size_and_stand_before_texts(run):
    wanted = ["-0.57", "−0.1", "0.064", "0.5", "7", "10", "", "3, 5", "12, 4", "b2", "b10", "C1"]
    mixed = random.Random(1).sample(wanted, len(wanted))
    assert run("texts.sort(compare)", texts=mixed) == wanted


def test_all_words_of_a_search_are_somewhere_in_the_row(run):
    row = ["002", "Wrong formula", "σ(z)"]
    cases = {
        "": True,
        "002": True,
        "FORMULA wrong": True,
        "002 σ": True,
        "003": False,
        "02 x": False,
    }
    assert run("searches.map((it) => matches(row, it))", row=row, searches=[*cases]) == [
        *cases.values()
    ]


def test_rows_that_are_alike_keep_their_order(run):
    rows = [["b", "1"], ["a", "2"], ["b", "3"], ["a", "4"]]
    orders = "[ordered(rows, '', 0, false), ordered(rows, '', 0, true), ordered(rows, 'b', null)]"
    assert run(orders, rows=rows) == [[1, 3, 0, 2], [0, 2, 1, 3], [0, 2]]


def test_the_rows_travel_once_and_the_module_is_one_that_an_engine_reads(tmp_path):
    view = TableView("Pairs", ["a"], [["1"], ["2"]])
    state = view.get_state(["title", "headings", "rows"])
    assert json.loads(json.dumps(state)) == state
    module = tmp_path / "table.mjs"
    module.write_text(TableView._esm, encoding="utf-8")
    subprocess.run([shutil.which("node"), "--check", module], check=True, capture_output=True)
    assert TableView._esm == script(*SCRIPTS) and len(TableView._esm.encode()) < 6 * 1024
    assert "http" not in TableView._esm + TableView._css
