"""Write down what PyTorch and Keras compute, each topic in a file of tests/frameworks/.

A topic is a module beside this one with a function ``cases()``: by name, the inputs and the values
of a framework, and the call that gave them. Run in an environment of its own (`make frameworks`).

    python -m tools.frameworks.record [TOPIC ...]
"""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")

HERE = Path(__file__).parent
KEPT = HERE.parent.parent / "tests" / "frameworks"
PACKAGES = ("torch", "keras", "jax")


def topics() -> list[str]:
    return sorted({path.stem for path in HERE.glob("*.py")} - {"__init__", "record"})


def rounded(value: Any) -> Any:
    """Nested lists of floats, to the digits that 64 bits carry through a sum of many terms."""
    if isinstance(value, dict):
        return {name: rounded(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return float(f"{value:.13g}") if isinstance(value, float) else value


def record(topic: str) -> Path:
    """Compute the cases of a topic and write them, with the versions that gave them."""
    path = KEPT / f"{topic}.json"
    cases = rounded(import_module(f"tools.frameworks.{topic}").cases())
    source = {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    text = json.dumps({"source": source, "cases": cases}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    for chosen in sys.argv[1:] or topics():
        print(record(chosen).name)
