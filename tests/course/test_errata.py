"""The table of errata has all that is not right in the documents, and nothing else."""

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

import dlhand
from dlhand.course.errata import ErrataTable, Row
from dlhand.examples import errata
from dlhand.examples.code_errors import CODE_ERRORS
from dlhand.verdicts import audit

RECORD = Path(audit.RECORD)
ROWS = [
    Row("002", (3, 5), "002-x", "a[0] put in", "0.5", "0.51", "unexplained", "x < y & z"),
    Row("004", (7,), "", "", "if a:\n    b", "b", "wrong code (contestable)", "no need"),
]


@pytest.fixture(scope="module")
def table() -> ErrataTable:
    return dlhand.errata_table()


def test_every_recorded_verdict_that_is_not_right_is_in_it(table: ErrataTable) -> None:
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    wrong = {
        (example, verdict)
        for example, steps in recorded.items()
        for verdicts in steps.values()
        for verdict in verdicts
        if verdict in ("carried", "slip", "unexplained")
    }
    numbers = {(row.example, row.verdict) for row in table.rows if row.name}
    assert numbers == wrong


def test_every_wrong_formula_and_line_of_code_is_in_it_once(table: ErrataTable) -> None:
    found = Counter((row.document, row.lines, row.why) for row in table.rows if not row.name)
    formulas = Counter((e.example[:3], (e.line,), e.reason) for e in errata())
    assert found == formulas + Counter((e.document, (e.line,), e.reason) for e in CODE_ERRORS)
    doubtful = sum(row.verdict.endswith(" (contestable)") for row in table.rows)
    assert doubtful == sum(e.contestable for e in [*errata(), *CODE_ERRORS])


def test_known_errata_are_told_with_line_and_reason(table: ErrataTable) -> None:
    """Two that anybody can check: 1 - 0.288 times 0.288 is 0.205, and posenc's sin(0.01)."""
    rows = {(row.example, row.printed): row for row in table.rows}
    found = rows["003-posenc", "0.10"]
    assert (found.verdict, found.right[:8]) == ("unexplained", "0.009999")
    assert found.lines and found.why
    assert all(row.lines and row.why and row.right for row in table.rows)


def test_it_stands_in_the_order_of_the_documents(table: ErrataTable) -> None:
    places = [(row.document, row.lines[0]) for row in table.rows]
    assert places == sorted(places)


def test_a_part_of_it_can_be_asked_for(table: ErrataTable) -> None:
    of_one = dlhand.errata_table("002").rows
    assert of_one == tuple(row for row in table.rows if row.document == "002")
    with pytest.raises(dlhand.UnknownName, match="'005'"):
        dlhand.errata_table("005")


def test_as_text_and_as_a_plain_table() -> None:
    table = ErrataTable(ROWS)
    assert repr(table).splitlines() == [
        "002:3, 5 002-x: unexplained of a[0] put in",
        "  printed  0.5",
        "  right    0.51",
        "  why      x < y & z",
        "004:7: wrong code (contestable)",
        "  printed  if a: / b",
        "  right    b",
        "  why      no need",
        "2 errata: 1 unexplained, 1 wrong code (contestable)",
    ]
    html = table.html()
    page = ElementTree.fromstring(
        html.replace("<style>", "<style><![CDATA[").replace("</style>", "]]></style>")
    )
    cells = [["".join(td.itertext()) for td in tr] for tr in page.findall("table/tbody/tr")]
    assert cells == [list(row.cells()) for row in ROWS]
    assert len(page.findall("table/thead/tr/th")) == len(cells[0]) == 8
    assert "<script" not in html


def test_a_notebook_gets_the_widget_beside_text_and_table_and_the_same_each_time() -> None:
    one, again = ErrataTable(ROWS), ErrataTable(ROWS)
    data, _ = one._repr_mimebundle_()
    other, _ = again._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert (data["text/plain"], data["text/html"]) == (one.text(), one.html())
    assert data["text/html"] == other["text/html"]
    assert one.widget.rows == [list(row.cells()) for row in ROWS]
