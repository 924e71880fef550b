"""Measure all figures, print them, and write them to build/bench.json.

The peers are installed into build/peers first, where no other part of the course sees them.
Exit status 1 if a figure misses its bound.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "build" / "peers"
WANTED = ROOT / "benchmarks" / "requirements.txt"


def install_peers() -> None:
    """Install the peers, unless the same ones are there already."""
    stamp = PEERS / "installed.txt"
    if not stamp.exists() or stamp.read_text() != WANTED.read_text():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", PEERS, "--upgrade", "-r", WANTED], check=True)
        stamp.write_text(WANTED.read_text())
    sys.path.append(str(PEERS))


def main() -> int:
    """Run every figure."""
    install_peers()
    sys.path.insert(0, str(ROOT))
    from benchmarks import chapters, engine, page, recurrent, slips, widgets

    groups = (engine, recurrent, slips, widgets, page, chapters)
    measures = [measure for group in groups for measure in group.FIGURES]
    figures = [figure for measure in measures for figure in measure()]
    for figure in figures:
        mark = "kept  " if figure.kept else "MISSED"
        print(f"{mark} {figure.name:<18} {figure.ratio:9.4f}  bound {figure.bound:.4f}  "
              f"against {figure.peer}: {figure.detail}")  # fmt: skip
    records = [
        {"name": f.name, "peer": f.peer, "ratio": round(f.ratio, 6), "bound": round(f.bound, 6)}
        for f in figures
    ]
    (ROOT / "build" / "bench.json").write_text(json.dumps(records, indent=2) + "\n")
    return 0 if all(figure.kept for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
