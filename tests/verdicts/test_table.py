"""The table of verdicts: which rows it has, and what it counts."""

import re

import pytest

from dlhand import Derivation, sigmoid
from dlhand.errors import UnknownName


def thirds() -> Derivation:
    """Two thirds, printed rounded, cut off and wrong."""
    d = Derivation("Thirds")
    a, b = d.givens(a=2, b=3)
    d.step("q", a / b, printed=("0.67", "0.66", "0.71"))
    return d


def test_a_table_has_a_row_for_each_printed_number_and_counts_the_verdicts():
    text = repr(thirds().verdict_table())
    assert [line.split()[1] for line in text.splitlines()[2:-1]] == ["0.67", "0.66", "0.71"]
    assert text.splitlines()[-1] == "3 printed numbers: 1 rounded, 1 truncated, 1 unexplained"


def test_a_table_of_some_verdicts_leaves_the_other_rows_out_and_counts_all():
    table = thirds().verdict_table("truncated", "unexplained")
    assert [line.split()[1] for line in repr(table).splitlines()[2:-1]] == ["0.66", "0.71"]
    assert "0.67" not in table._repr_html_()
    assert "3 printed numbers: 1 rounded" in table._repr_html_()


def test_a_number_that_is_printed_several_times_has_one_row():
    d = Derivation("Thirds")
    (a,) = d.givens(a=1)
    d.step("q", a / 3, printed=("0.33", "0.34", "0.33"))
    q = repr(d.verdict_table()).splitlines()
    assert [" ".join(line.split()[1:4]) for line in q[2:3]] == ["0.33 (2 times)"]
    assert [line.split()[1] for line in q[2:-1] if line.startswith("q")] == ["0.33", "0.34"]
    assert q[-1] == "3 printed numbers: 2 rounded, 1 unexplained"


def test_what_needs_attention_stands_out_in_a_page_and_nothing_else():
    html = thirds().verdict_table()._repr_html_()
    assert re.findall(r"<td><strong>(.*?)</strong></td>", html) == ["unexplained"]
    assert html.count("<strong>") == 1


def test_each_row_has_what_is_printed_the_true_value_and_the_verdict():
    rows = [row.split() for row in repr(thirds().verdict_table()).splitlines()[2:-1]]
    true = "0.666666666667"
    assert rows == [
        ["q", "0.67", true, "rounded"],
        ["q", "0.66", true, "truncated"],
        ["q", "0.71", true, "unexplained"],
    ]


def test_a_long_explanation_goes_on_below_in_its_column():
    d = Derivation("A chain")
    (x,) = d.givens(x="0.5")
    y = d.step("a_long_name_of_a_step_before", sigmoid(x), printed="0.7")
    d.step("z", y * y, printed="0.49")
    table = d.verdict_table("carried")
    (why,) = [finding.explanation for finding in table.findings if finding.verdict == "carried"]
    heading, _, *rows, _ = repr(table).splitlines()
    assert len(why) > 44 and len(rows) == 2
    column = heading.index("why")
    assert rows[1][:column].isspace()
    assert " ".join(row[column:] for row in rows) == why


def test_a_table_of_no_findings_has_no_rows():
    assert repr(thirds().verdict_table("exact")).splitlines()[2:-1] == []


def test_an_unknown_verdict_is_refused():
    with pytest.raises(UnknownName, match=r"'carreid'.*did you mean 'carried'"):
        thirds().verdict_table("carreid")
