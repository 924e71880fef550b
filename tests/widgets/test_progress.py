"""The view of progress: it shows the journal, and what a notebook stores of it never does."""

from pathlib import Path

import pytest

from dlhand import Derivation
from dlhand.learner.journal import current
from dlhand.widgets.progress import progress_table


def bundle() -> dict[str, object]:
    data, _ = progress_table()._repr_mimebundle_()
    return {kind: value for kind, value in data.items() if kind.startswith("text/")}


def test_the_page_shows_the_journal_and_the_notebook_stores_a_fixed_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path / "journal.jsonl"))
    before = bundle()
    assert "No attempts yet." in progress_table().value
    d = Derivation("Twice <i>a</i>")
    d.step("s", d.given("a", 1) * 2)
    current().record(d, d["s"], "2", d.check("s", "2"))
    assert "Twice &lt;i&gt;a&lt;/i&gt;" in progress_table().value
    assert bundle() == before
    assert before == {
        "text/plain": "How far you are is shown here when you run this cell.",
        "text/html": "<p>How far you are is shown here when you run this cell.</p>",
    }
    assert repr(progress_table()) == before["text/plain"]


def test_a_journal_that_cannot_be_read_is_said_and_not_raised(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path))
    assert "cannot be read" in progress_table().value
