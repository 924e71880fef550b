"""Puts the chapters into the wheel, so that `dlhand lab` has them to lay a copy of."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Chapters(BuildHookInterface[Any]):
    """Of notebooks/ the built notebooks alone; an editable install finds them where they are."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add them to what is built."""
        if version != "editable":
            for path in Path(self.root, "notebooks").glob("*.ipynb"):
                build_data["force_include"][str(path)] = f"dlhand/chapters/{path.name}"
