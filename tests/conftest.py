"""Tests keep their attempts apart from the journal of whoever runs them."""

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("journal") / "attempts.jsonl"
        patch.setenv("DLHAND_JOURNAL", str(place))
        yield place
