"""What `pytest --nbval notebooks` runs: the chapters, but one whose own needs are not installed."""

from contextlib import suppress

from dlhand.frameworks.needs import missing, needs
from tools.chapters import OWN_NEEDS

LEFT_OUT = [f"{chapter}.ipynb" for chapter in OWN_NEEDS] if missing() else []
collect_ignore = ["src", *LEFT_OUT]

with suppress(ImportError):
    # Asked for the first time, matplotlib may say that it looks for fonts: not in a notebook.
    import matplotlib.font_manager  # noqa: F401


def pytest_report_header() -> list[str]:
    """Say at the head of the report what is left out."""
    return [f"left out: {', '.join(LEFT_OUT)}. {needs()}"] if LEFT_OUT else []
