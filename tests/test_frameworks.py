"""The values of frameworks that tests compare with: a file for each topic, read by some test."""

import json

from tools.frameworks.record import KEPT, PACKAGES, topics


def test_every_topic_has_its_file_and_every_file_its_topic() -> None:
    assert topics() == sorted(path.stem for path in KEPT.glob("*.json")) != []


def test_every_file_says_which_versions_gave_its_values() -> None:
    for topic in topics():
        found = json.loads((KEPT / f"{topic}.json").read_text(encoding="utf-8"))
        assert found["cases"] and found["source"].keys() == {"python", *PACKAGES}, topic


def test_every_file_is_read_by_a_test() -> None:
    tests = [path for path in KEPT.parent.rglob("test_*.py") if path.name != "test_frameworks.py"]
    sources = [path.read_text(encoding="utf-8") for path in tests]
    for topic in topics():
        assert any("frameworks" in text and topic in text for text in sources), topic
