"""Tests keep their attempts apart from the journal of whoever runs them, and slow ones wait.

What takes minutes is marked `slow`, and runs where DLHAND_ALL is set: `make test-all` does that.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("journal") / "attempts.jsonl"
        patch.setenv("DLHAND_JOURNAL", str(place))
        yield place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("DLHAND_ALL"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow; make test-all runs it"))
