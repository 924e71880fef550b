"""A file is written whole, or what was there stays; whatever reads or writes says why it cannot.

The disks are really full: a device that is always full, a file system of some pages, and a process
that may write files of some size only.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dlhand.errors import Unwritten
from dlhand.files import write

FULL = Path("/dev/full")
# All that writes a file, and how it is asked to; the last word is where to.
WRITERS = (
    ("slides", "002-net222", "-o"),
    ("show", "002-net222", "-o"),
    ("show", "002-net222", "--latex", "--document", "-o"),
)
COMMAND = [sys.executable, "-m", "dlhand"]


def ask(*arguments: str, cwd: Path, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command; with a limit, of bytes, no file may grow beyond it."""

    def restrict() -> None:
        import resource

        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        preexec_fn=restrict if os.name == "posix" else None,
    )


def one_line(done: subprocess.CompletedProcess[str], said: str, status: int = 3) -> None:
    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert done.stderr.startswith("dlhand: ")


def test_a_file_is_written_and_written_over(tmp_path):
    path = tmp_path / "x.txt"
    assert write(path, "σ") == path and path.read_bytes() == b"\xcf\x83"
    assert write(path, b"1").read_bytes() == b"1"
    assert os.listdir(tmp_path) == ["x.txt"]


@pytest.mark.skipif(os.name != "posix", reason="rights and links are those of POSIX")
def test_rights_and_links_stay(tmp_path):
    path, link = tmp_path / "x.txt", tmp_path / "link.txt"
    before = os.umask(0o027)
    write(path, "1")
    os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o600)
    link.symlink_to(path)
    write(link, "2")
    assert link.is_symlink() and path.read_text() == "2"
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_device_is_written_to_and_not_replaced(tmp_path):
    with pytest.raises(Unwritten, match="/dev/full cannot be written"):
        write(FULL, "1")
    assert FULL.is_char_device()
    for arguments in WRITERS:
        one_line(ask(*arguments, str(FULL), cwd=tmp_path), "No space left on device")


def test_what_is_in_the_way_is_named(tmp_path):
    (tmp_path / "folder").mkdir()
    for path, why in (("folder", "a folder of that name"), ("gone/x", "there is no folder gone")):
        for arguments in WRITERS:
            one_line(ask(*arguments, path, cwd=tmp_path), f"{path} cannot be written (there is")
            assert why in ask(*arguments, path, cwd=tmp_path).stderr
    assert os.listdir(tmp_path) == ["folder"]
    with pytest.raises(Unwritten, match="File name too long"):
        write(tmp_path / ("x" * 300), "1")


@pytest.mark.skipif(os.name != "posix", reason="limits are those of POSIX")
@pytest.mark.parametrize("arguments", WRITERS)
def test_half_a_file_is_never_left(tmp_path, arguments):
    (tmp_path / "x").write_text("before")
    one_line(ask(*arguments, "x", cwd=tmp_path, limit=2000), "x cannot be written (File too large)")
    one_line(ask(*arguments, "y", cwd=tmp_path, limit=2000), "y cannot be written (File too large)")
    assert os.listdir(tmp_path) == ["x"] and (tmp_path / "x").read_text() == "before"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 400 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = [*("mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs"), place]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_leaves_a_copy_of_the_course_whole_as_far_as_it_goes(small_disk):
    from dlhand.lab.copy import chapters

    one_line(ask("lab", "--copy", cwd=small_disk), "No space left on device")
    laid = sorted((small_disk / "dlhand-course").iterdir())
    assert 0 < len(laid) < len(chapters())
    for path, given in zip(laid, chapters(), strict=False):
        assert path.name == given.name and path.read_bytes() == given.read_bytes()


def test_every_command_that_writes_is_tried_here() -> None:
    """Below are those that write several files (`sheet`), or a folder (`grade`; `sheet`, too)."""
    from argparse import _SubParsersAction

    from dlhand.cli import _parser

    (commands,) = (one for one in _parser()._actions if isinstance(one, _SubParsersAction))
    writing = {
        name
        for name, command in commands.choices.items()
        if any("--output" in action.option_strings for action in command._actions)
    }
    assert writing == {arguments[0] for arguments in WRITERS} | {"sheet", "grade"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("grade", "gone.csv", "--key", "key.html"), "key.html cannot be read (No such file"),
        (("grade", "gone.csv", "--key", "bytes"), "bytes cannot be read (it is no text in UTF-8)"),
        (("sheet", "002-or", "--roster", "gone.csv"), "gone.csv cannot be read (No such file"),
        (("sheet", "002-or", "--roster", "folder"), "folder cannot be read (Is a directory)"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, arguments, why):
    (tmp_path / "folder").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    one_line(ask(*arguments, cwd=tmp_path), why, status=2)
    assert sorted(os.listdir(tmp_path)) == ["bytes", "folder"]


@pytest.mark.skipif(os.name != "posix", reason="limits are those of POSIX")
def test_half_a_folder_and_half_a_sheet_are_never_left(tmp_path):
    one_line(ask("sheet", "002-or", "-o", "x", cwd=tmp_path, limit=2000), "(File too large)")
    one_line(ask("sheet", "002-or", "-o", "a/x", cwd=tmp_path), "there is no folder a")
    assert os.listdir(tmp_path) == []
    (tmp_path / "r.csv").write_text("id,name\na,Ann\n", "utf-8")
    made = ("sheet", "002-or", "--roster", "r.csv", "--jobs", "1", "-o", "class")
    done = ask(*made, cwd=tmp_path, limit=4000)
    assert done.returncode == 3 and "(File too large)" in done.stderr
    assert os.listdir(tmp_path) == ["r.csv"]
