"""Fetch the files of reveal.js that every deck of slides carries, from npm, at the pinned version.

    python -m tools.vendor_reveal

npm checks the archive against the registry's own sum; tests/slides/reveal.sha256 keeps ours.
"""

import hashlib
import subprocess
import tarfile
import tempfile
from pathlib import Path

from dlhand.slides.deck import REVEAL

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dlhand" / "slides" / "reveal"
SUMS = ROOT / "tests" / "slides" / "reveal.sha256"
FILES = ("LICENSE", "dist/reveal.css", "dist/reveal.js", "dist/plugin/notes.js")


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["npm", "pack", "--silent", f"reveal.js@{REVEAL}"], cwd=place, check=True)
        with tarfile.open(next(Path(place).glob("*.tgz"))) as archive:
            for name in FILES:
                member = archive.extractfile(f"package/{name}")
                assert member is not None
                (FOLDER / Path(name).name).write_bytes(member.read())
    SUMS.write_text("".join(sums()), encoding="utf-8")


def sums() -> list[str]:
    """The sum of each file, as sha256sum writes it."""
    return [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(FOLDER.iterdir())
    ]


if __name__ == "__main__":
    main()
