"""A copy of the course follows its versions, and what a learner has changed stays."""

import os
import stat
from pathlib import Path

import pytest

import dlhand.lab.copy as course
from dlhand.cli import main
from dlhand.errors import MissingPackage, Unwritten
from dlhand.lab.copy import RECORD, chapters, lay

FIVE, SIX = "05_backpropagation.ipynb", "06_optimisers.ipynb"


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A course of two chapters that can be published in new versions."""
    home = tmp_path / "package"
    home.mkdir()
    monkeypatch.setattr(course, "_HOMES", (home,))

    def publish(version: str, **texts: str) -> None:
        monkeypatch.setattr(course, "__version__", version)
        for name in (FIVE, SIX):
            (home / name).write_text(texts.get(name[:2].replace("0", "c"), version), "utf-8")

    publish("1", c6="always")
    return publish


def seen(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.ipynb")}


def test_the_first_copy_has_every_chapter_and_can_be_written(tmp_path):
    folder = tmp_path / "deep" / "course"
    laid = lay(folder)
    assert [one.path.read_bytes() for one in laid] == [path.read_bytes() for path in chapters()]
    assert len(laid) == 21 and not any(one.is_changed for one in laid)
    assert all(one.path.stat().st_mode & stat.S_IWUSR for one in laid)
    assert {*os.listdir(folder)} == {RECORD, *(path.name for path in chapters())}


def test_what_is_unchanged_follows_the_course_and_what_is_gone_comes_again(tmp_path, release):
    folder = tmp_path / "course"
    lay(folder)
    (folder / SIX).unlink()
    release("2", c6="always")
    lay(folder)
    assert seen(folder) == {FIVE: "2", SIX: "always"}


def test_a_changed_chapter_stays_and_the_new_one_is_laid_beside_it_once(tmp_path, release):
    folder = tmp_path / "course"
    lay(folder)
    (folder / FIVE).write_text("mine", "utf-8")
    first, other = lay(folder)  # nothing new: nothing to lay beside
    assert first.is_changed and first.beside is None and not other.is_changed
    release("2", c6="always")
    assert lay(folder)[0].beside == folder / "05_backpropagation-2.ipynb"
    assert lay(folder)[0].beside is None
    assert seen(folder) == {FIVE: "mine", "05_backpropagation-2.ipynb": "2", SIX: "always"}


def test_not_even_a_changed_new_one_is_written_over(tmp_path, release):
    folder = tmp_path / "course"
    lay(folder)
    (folder / FIVE).write_text("mine", "utf-8")
    (folder / "05_backpropagation-2.ipynb").write_text("mine, too", "utf-8")
    release("2")
    assert lay(folder)[0].beside == folder / "05_backpropagation-2-2.ipynb"
    assert seen(folder)[FIVE] == "mine"
    assert seen(folder)["05_backpropagation-2.ipynb"] == "mine, too"


@pytest.mark.parametrize("record", [None, "{", "[]", '{"05_backpropagation.ipynb": 3}'])
def test_where_it_is_not_known_who_changed_a_chapter_it_is_kept(tmp_path, release, record):
    folder = tmp_path / "course"
    lay(folder)
    (folder / RECORD).unlink() if record is None else (folder / RECORD).write_text(record, "utf-8")
    release("2", c6="always")
    assert [one.beside is None for one in lay(folder)] == [False, True]
    assert seen(folder)[FIVE] == "1"


def test_what_is_in_the_way_is_told(tmp_path, release):
    (tmp_path / "file").touch()
    for folder in ("file", "file/course"):
        with pytest.raises(Unwritten, match=r"the folder .* cannot be made \("):
            lay(tmp_path / folder)
    (tmp_path / "course" / FIVE).mkdir(parents=True)
    with pytest.raises(Unwritten, match=f"{FIVE} is in the way"):
        lay(tmp_path / "course")
    assert os.listdir(tmp_path / "course") == [FIVE]


def test_a_package_without_chapters_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "_HOMES", (tmp_path,))
    with pytest.raises(MissingPackage, match="without its chapters"):
        chapters()


def test_the_command_says_where_the_course_is_and_what_was_kept(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["lab", "--copy"]) == 0
    assert capsys.readouterr().out == f"The course is in {tmp_path / 'dlhand-course'}\n"
    (tmp_path / "dlhand-course" / FIVE).write_text("mine", "utf-8")
    (tmp_path / "dlhand-course" / RECORD).unlink()
    assert main(["lab", "--copy"]) == 0
    said = capsys.readouterr().out.splitlines()[1]
    beside = f"05_backpropagation-{course.__version__}.ipynb"
    assert said == f"{FIVE} has your changes and stays; the new one is {beside}"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["21"], 2, "no chapter is called '21'; wanted a name, or a number from 0 to 20"),
        (["05_backpropagatio"], 2, "did you mean '05_backpropagation'"),
        (["--copy", "--folder", "taken"], 3, "there is a file of that name"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    tmp_path, capsys, monkeypatch, arguments, status, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").touch()
    assert main(["lab", *arguments]) == status
    out, err = capsys.readouterr()
    assert said in err and err.count("\n") == 1 and out == ""
    assert os.listdir(tmp_path) == ["taken"]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x", "9" * 5000])
def test_a_port_that_is_none_is_refused(capsys, port):
    with pytest.raises(SystemExit) as stop:
        main(["lab", f"--port={port}"])
    assert stop.value.code == 2
    assert "is no port; wanted 1 to 65535" in capsys.readouterr().err
