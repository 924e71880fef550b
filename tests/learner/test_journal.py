"""The journal of attempts: whatever happens to its file, no earlier attempt is lost."""

import errno
import json
import os
import re
import stat
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import platformdirs
import platformdirs.macos
import platformdirs.unix
import platformdirs.windows
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlhand import Derivation, load
from dlhand.cli import main
from dlhand.learner.check import Judgement, check, wrong_value
from dlhand.learner.file import default_path
from dlhand.learner.journal import Journal, current
from dlhand.learner.progress import ProgressTable
from dlhand.learner.record import Attempt, fields_of, numbers_hash

ROOT = Path(__file__).resolve().parent.parent.parent
HAS_SIGNALS = sys.platform != "win32"


def a_sum(**changes: object) -> Derivation:
    d = Derivation("A sum")
    a, b = d.givens(a="0.5", b="-2")
    d.step("t", d.step("s", a + b) * 2)
    return d.what_if(**changes)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "kept" / "journal.jsonl")


def answer(journal: Journal, d: Derivation, step: str, text: str) -> str:
    return journal.record(d, d[step], text, d.check(step, text))


def python(code: str, *arguments: object, platform_words: str = "") -> "subprocess.Popen[str]":
    """A separate process that runs code with a journal and a derivation at hand."""
    start = f"""
        import sys
        {platform_words}
        from dlhand import Derivation
        from dlhand.learner.check import Judgement
        from dlhand.learner.journal import Journal

        journal = Journal(sys.argv[1])
        d = Derivation("A sum")
        a, b = d.givens(a="0.5", b="-2")
        d.step("s", a + b)
        right = Judgement("right", "right", "-1.5", "-1.5")
    """
    program = textwrap.dedent(start) + textwrap.dedent(code)
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


# What is kept


def test_an_attempt_comes_back_as_it_was_made(journal: Journal) -> None:
    d = load("002-net222")
    assert answer(journal, d, "z_h1", "0.41") == ""
    assert answer(journal, d, "z_h2", "about a half") == ""
    first, second = journal.attempts()
    assert first[1:] == ("002-net222", "z_h1", "0.41", "right", numbers_hash(d), len(d.steps))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", first.time)
    assert (second.step, second.verdict) == ("z_h2", "unreadable")


def test_a_line_is_one_json_object_in_ascii(journal: Journal) -> None:
    answer(journal, a_sum(), "s", "−1.5 \u2028\n ½ \ud800 <b>")
    raw = journal.where().read_bytes()
    assert raw.isascii() and raw.count(b"\n") == 1 and raw.endswith(b"\n")
    assert set(json.loads(raw)) == {"v", *Attempt._fields}
    assert journal.attempts()[0].answer == "−1.5 \u2028\n ½ \ud800 <b>"


def test_of_an_answer_ten_thousand_characters_are_kept(journal: Journal) -> None:
    answer(journal, a_sum(), "s", "\U0001f600" * 10_001)
    assert journal.attempts()[0].answer == "\U0001f600" * 10_000


def test_attempts_are_found_by_name_or_title(journal: Journal) -> None:
    answer(journal, load("002-net222"), "z_h1", "0.41")
    answer(journal, a_sum(), "s", "-1.5")
    assert [one.step for one in journal.attempts("002-net222")] == ["z_h1"]
    assert [one.step for one in journal.attempts("A sum")] == ["s"]
    assert journal.attempts("another") == []


@pytest.mark.skipif(not HAS_SIGNALS, reason="Windows has no such permissions")
def test_nobody_else_can_read_the_journal(journal: Journal) -> None:
    answer(journal, a_sum(), "s", "-1.5")
    assert stat.S_IMODE(journal.where().stat().st_mode) == 0o600


# What is taken up


def test_the_last_attempt_at_each_step_is_taken_up(journal: Journal) -> None:
    d = a_sum()
    for step, text in (("s", "3"), ("t", "-3"), ("s", "-1.5")):
        answer(journal, d, step, text)
    again = Journal(journal.where()).taken_up(a_sum())
    assert {step: (one.answer, one.verdict) for step, one in again.items()} == {
        "s": ("-1.5", "right"),
        "t": ("-3", "right"),
    }


def test_attempts_on_other_numbers_are_told_apart(journal: Journal) -> None:
    d, other = a_sum(), a_sum(a=3)
    answer(journal, d, "s", "-1.5")
    answer(journal, other, "s", "1")
    assert journal.taken_up(d)["s"].answer == "-1.5"
    assert journal.taken_up(other)["s"].answer == "1"
    assert journal.taken_up(a_sum(a=4)) == {}


def test_the_hash_follows_all_that_makes_an_answer_right() -> None:
    d = load("002-net222")
    variants = [
        d,
        d.what_if(w1="0.16"),
        d.what_if(w1="0.16", w2="0.25"),
        d.by_hand(2),
        d.by_hand(3),
        d.by_hand(2, chopped=True),
        d.with_steps({"z_h1": "0.4"}),
    ]
    assert len({numbers_hash(variant) for variant in variants}) == len(variants)
    # It stands in files, and so may not change from one version to the next.
    assert numbers_hash(a_sum()) == numbers_hash(a_sum(a="1/2")) == "e73016b6dce3"


def test_arrays_of_other_shapes_have_other_hashes() -> None:
    hashes = set()
    for value in ([1, 2], [[1, 2]], [[1], [2]], [[[1], [2]]], [12], [1, 2, 1]):
        d = Derivation("An array")
        d.given("x", value)
        hashes.add(numbers_hash(d))
    assert len(hashes) == 6


def test_a_step_that_is_no_more_is_not_taken_up(journal: Journal) -> None:
    answer(journal, a_sum(), "t", "-3")
    short = Derivation("A sum")
    a, b = short.givens(a="0.5", b="-2")
    short.step("s", a + b)
    assert numbers_hash(short) == numbers_hash(a_sum())
    assert journal.taken_up(short) == {}


# What is told


def test_progress_counts_steps_tried_and_right(journal: Journal) -> None:
    d = a_sum()
    for step, text in (("s", "3"), ("s", "-1.5"), ("s", "-1.5"), ("t", "x")):
        answer(journal, d, step, text)
    progress = journal.progress()["A sum"]
    assert (progress.tried, progress.right, progress.steps) == (1, 1, 2)
    answer(journal, d, "t", "7")
    assert journal.progress()["A sum"][:4] == ("A sum", 2, 1, 2)


def test_rounded_early_is_right(journal: Journal) -> None:
    d = a_sum()
    journal.record(d, d["s"], "-1.6", Judgement("rounded early", "", "", "-1.6"))
    assert journal.progress()["A sum"].right == 1


def test_what_follows_from_a_wrong_answer_is_tried_and_not_right(journal: Journal) -> None:
    d = a_sum()
    answer(journal, d, "s", "2")
    own = {one.step: wrong_value(one.answer, d[one.step]) for one in journal.attempts()}
    found = check(d, d["t"], "4", earlier=own)
    assert (found.verdict, own) == ("follows", {"s": 2})
    journal.record(d, d["t"], "4", found)
    assert journal.taken_up(d)["t"].verdict == "follows"
    assert journal.progress()["A sum"][:4] == ("A sum", 2, 0, 2)


def test_steps_done_on_different_numbers_are_not_added_up(journal: Journal) -> None:
    answer(journal, a_sum(), "s", "-1.5")
    answer(journal, a_sum(a=3), "t", "2")
    assert journal.progress()["A sum"][:4] == ("A sum", 1, 1, 2)


def test_the_table_has_a_row_for_each_derivation(journal: Journal) -> None:
    assert "No attempts yet." in str(journal.table())
    assert "No attempts yet." in journal.table().html()
    answer(journal, a_sum(), "s", "-1.5")
    answer(journal, load("002-net222"), "z_h1", "7")
    day = journal.attempts()[0].time[:10]
    steps = len(load("002-net222").steps)
    heading, *rows, blank, where = str(journal.table()).splitlines()
    assert heading.split() == ["derivation", "right", "tried", "of", "last"]
    assert [row.split() for row in rows] == [
        ["002-net222", "0", "1", str(steps), day],
        ["A", "sum", "1", "1", "2", day],
    ]
    assert blank == "" and where.endswith(str(journal.where()))
    assert '<th scope="row">A sum</th><td>1</td><td>1</td><td>2</td>' in journal.table().html()


def test_a_title_stays_text_in_the_table(journal: Journal) -> None:
    d = Derivation("<b>bold</b> \x1b[31m\nred \ud800" + "x" * 100)
    d.step("s", d.given("a", 1) * 2)
    answer(journal, d, "s", "2")
    text, html = str(journal.table()), journal.table().html()
    assert "&lt;b&gt;bold" in html and "<b>" not in html
    assert "<b>bold</b> [31m red xxx" in text and "xxx...  " in text
    assert "\x1b" not in text and text.isascii()


def test_a_table_is_not_shown_by_accident(journal: Journal) -> None:
    answer(journal, a_sum(), "s", "-1.5")
    table = journal.table()
    assert "A sum" not in repr(table)
    assert not [name for name in dir(ProgressTable) if name.startswith("_repr_")]


# Clearing


def test_clearing_keeps_every_backup(journal: Journal) -> None:
    assert journal.clear() is None
    backups = []
    for text in ("1", "2", "3"):
        answer(journal, a_sum(), "s", text)
        backup = journal.clear()
        assert backup is not None and backup.suffix == ".bak"
        backups.append(backup)
        assert journal.attempts() == [] and not journal.where().exists()
    assert [Journal(one).attempts()[0].answer for one in backups] == ["1", "2", "3"]


# Where it lies


def test_the_environment_names_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path / "mine.jsonl"))
    assert Journal().where() == current().where() == tmp_path / "mine.jsonl"
    assert current() is current()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DLHAND_JOURNAL", "relative.jsonl")
    assert Journal().where() == tmp_path / "relative.jsonl"
    monkeypatch.setenv("DLHAND_JOURNAL", "~/mine.jsonl")
    assert Journal().where() == Path.home() / "mine.jsonl"


def test_without_it_the_place_is_that_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Journals that are there already must be found: these places stay."""
    file = Path("dlhand", "journal.jsonl")
    monkeypatch.setenv("DLHAND_JOURNAL", "")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr("platformdirs.PlatformDirs", platformdirs.unix.Unix)
    assert default_path() == Path.home() / ".local/share" / file
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")  # which the XDG standard ignores
    assert default_path() == Path.home() / ".local/share" / file
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path() == tmp_path / file
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setattr("platformdirs.PlatformDirs", platformdirs.macos.MacOS)
    assert default_path() == Path.home() / "Library/Application Support" / file
    local = "C:\\Users\\somebody\\AppData\\Local"
    monkeypatch.setenv("WIN_PD_OVERRIDE_LOCAL_APPDATA", local)
    monkeypatch.setattr("platformdirs.PlatformDirs", platformdirs.windows.Windows)
    assert default_path() == Path(local) / file


def test_a_user_without_a_home_has_a_journal_where_he_works(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def unknown(*names: str, **options: object) -> Path:
        raise RuntimeError("could not determine the home directory")

    monkeypatch.setenv("DLHAND_JOURNAL", "")
    monkeypatch.setattr("platformdirs.user_data_path", unknown)
    monkeypatch.chdir(tmp_path)
    assert default_path() == tmp_path / ".local/share/dlhand/journal.jsonl"


# Places that cannot be written, or read


def test_the_learner_is_told_once_that_attempts_are_not_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    journal = Journal(tmp_path / "file" / "journal.jsonl")
    told = answer(journal, a_sum(), "s", "-1.5")
    assert "attempts are not kept" in told and str(journal.where()) in told
    assert "DLHAND_JOURNAL" in told
    assert answer(journal, a_sum(), "s", "-1.5") == ""
    assert journal.attempts() == [] and journal.taken_up(a_sum()) == {}
    (tmp_path / "file").unlink()
    assert answer(journal, a_sum(), "s", "-1.5") == ""
    assert len(journal.attempts()) == 1


def test_a_folder_in_its_place_is_told_and_not_raised(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    assert "attempts are not kept" in answer(journal, a_sum(), "s", "-1.5")
    assert journal.attempts() == []
    assert f"{tmp_path} cannot be read" in str(journal.table())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_told() -> None:
    assert "No space left" in answer(Journal("/dev/full"), a_sum(), "s", "-1.5")


@pytest.mark.skipif(not HAS_SIGNALS, reason="Windows has no limit on the size of a file")
def test_a_disk_that_is_full_in_the_middle_of_a_line(journal: Journal) -> None:
    code = """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        for n in range(20):
            print(repr(journal.record(d, d["s"], str(n), right)))
    """
    process = python(code, journal.where())
    told = process.communicate()[0].splitlines()
    kept = told.index(next(line for line in told if line != "''"))
    assert journal.where().stat().st_size == 1000  # so the last line is a part of one
    assert [one.answer for one in journal.attempts()] == [str(n) for n in range(kept)]
    assert sum("attempts are not kept" in line for line in told) == 1
    answer(journal, a_sum(), "s", "next")
    reading = journal.read()
    assert [one.answer for one in reading.attempts] == [*(str(n) for n in range(kept)), "next"]
    assert reading.damaged == 1


# Damaged files


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a journal of six attempts."""
    journal = Journal(tmp_path_factory.mktemp("real") / "journal.jsonl")
    for text in ("-1.5", "½", "a\nb", '"}', "1,5", "{}"):
        answer(journal, a_sum(), "s", text)
    return journal.where().read_bytes()


def test_cut_off_at_any_byte_every_earlier_attempt_is_there(real: bytes, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.where().write_bytes(real)
    whole = journal.attempts()
    for end in range(len(real) + 1):
        journal.where().write_bytes(real[:end])
        lines = real[: end + 1].count(b"\n")  # a last line may lack the newline alone
        is_torn = real[end - 1 : end] not in (b"\n", b"") and real[end : end + 1] not in (
            b"\n",
            b"",
        )
        reading = journal.read()
        assert reading.attempts == whole[:lines]
        assert reading.damaged == is_torn
        answer(journal, a_sum(), "t", "after")
        again = journal.attempts()
        assert again[:-1] == whole[:lines] and again[-1].answer == "after"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(at=st.integers(0, 10_000), junk=st.binary(max_size=300))
def test_no_bytes_put_in_anywhere_raise(real: bytes, tmp_path: Path, at: int, junk: bytes) -> None:
    at %= len(real) + 1
    journal = Journal(tmp_path / "journal.jsonl")
    journal.where().write_bytes(real)
    whole = journal.attempts()
    journal.where().write_bytes(real[:at] + junk + real[at:])
    found = journal.attempts()
    before, after = real[:at].count(b"\n"), real[at:].count(b"\n")
    assert found[:before] == whole[:before]
    # Of what follows, the line into which it was put may be lost.
    assert found[len(found) - after + 1 :] == whole[len(whole) - after + 1 :]
    assert str(journal.table()) and journal.table().html() and journal.taken_up(a_sum())


@pytest.mark.parametrize(
    "line",
    [
        b"", b"   ", b"{", b"[]", b"null", b"1", b'"text"', b"\x00" * 500, b"\xff\xfe",
        b"[" * 100_000,
        b'{"v":' + b"9" * 5000 + b"}", b'{"v": NaN}', b'{"v": 1}', b'{"v": true}', b'{"v": "1"}',
    ],
)  # fmt: skip
def test_a_line_that_is_no_attempt_is_left_out(real: bytes, journal: Journal, line: bytes) -> None:
    journal.where().parent.mkdir()
    journal.where().write_bytes(real + line + b"\r\n" + real)
    reading = journal.read()
    assert len(reading.attempts) == 12
    assert reading.damaged == bool(line.strip()) and reading.newer == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 0), ("v", 1.0), ("v", True), ("v", None), ("step", None), ("answer", 5), ("time", []),
        ("verdict", {}), ("givens", 1), ("derivation", True), ("steps", -1), ("steps", True),
        ("steps", 2.5), ("steps", "3"),
    ],
)  # fmt: skip
def test_a_field_of_another_kind_makes_a_line_damaged(
    real: bytes, journal: Journal, field: str, value: object
) -> None:
    fields = {**json.loads(real.splitlines()[0]), field: value}
    journal.where().parent.mkdir()
    journal.where().write_text(json.dumps(fields), encoding="utf-8")
    assert journal.read() == ([], 1, 0, "")


def test_unknown_fields_and_newer_versions_are_tolerated(real: bytes, journal: Journal) -> None:
    fields = json.loads(real.splitlines()[0])
    lines = [{**fields, "mood": ["good"]}, {**fields, "v": 2}, {"v": 3}, fields]
    journal.where().parent.mkdir()
    journal.where().write_text(
        "\ufeff" + "\r\n".join(map(json.dumps, lines)), encoding="utf-8"
    )  # as an editor may leave it
    reading = journal.read()
    assert (len(reading.attempts), reading.damaged, reading.newer) == (2, 0, 2)
    assert "Left out: 2 lines written by a newer dlhand" in str(journal.table())


# Several kernels, and killed ones

# The locks of Windows with those of another system: `locking` as Windows documents it, a lock on
# bytes from the file's position on, refused at once where it is held.
WINDOWS = """
        import fcntl, os, pathlib, types
        import dlhand.learner.check, dlhand.derivation.model
        def locking(file, mode, size):
            assert os.lseek(file, 0, os.SEEK_CUR) == 2**30 and size == 1
            unlock = mode == 0
            fcntl.lockf(file, fcntl.LOCK_UN if unlock else fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 2**30)
            taken.append(not unlock)
        taken = []
        sys.modules["msvcrt"] = types.SimpleNamespace(locking=locking, LK_NBLCK=2, LK_UNLCK=0)
        sys.platform = "win32"
        import dlhand.learner.file
        assert dlhand.learner.file.msvcrt
        sys.platform = "linux"
"""
PLATFORMS = [""] + [WINDOWS] * (sys.platform == "linux")


@pytest.mark.parametrize("platform", PLATFORMS, ids=["own", "windows"][: len(PLATFORMS)])
def test_two_processes_writing_at_once_lose_nothing(journal: Journal, platform: str) -> None:
    code = """
        import time
        from pathlib import Path

        ready = [Path(f"{sys.argv[1]}.{who}") for who in ("first", "second")]
        Path(f"{sys.argv[1]}.{sys.argv[2]}").touch()
        while not all(path.exists() for path in ready):  # so that neither is done before the other
            time.sleep(0.001)
        for n in range(500):
            text = f"{sys.argv[2]} {n} " + "x" * (n * 7)
            assert journal.record(d, d["s"], text, right) == ""
        print(taken == [True, False] * 500 if "taken" in globals() else "own")
    """
    journal.where().parent.mkdir()
    both = [
        python(code, journal.where(), who, platform_words=platform) for who in ("first", "second")
    ]
    printed = [process.communicate()[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert printed == (["True"] * 2 if platform else ["own"] * 2)
    reading = journal.read()
    assert reading.damaged == 0 and len(reading.attempts) == 1000
    for who in ("first", "second"):
        own = [one.answer.split() for one in reading.attempts if one.answer.startswith(who)]
        assert [int(n) for _, n, *_ in own] == list(range(500))


def test_what_a_killed_process_had_recorded_is_there(journal: Journal) -> None:
    code = """
        n = int(sys.argv[2])
        while True:
            if journal.record(d, d["s"], f"{n} " + "x" * 9000, right) == "":
                print(n, flush=True)
            n += 1
    """
    told: list[int] = []
    for round_ in range(5):
        process = python(code, journal.where(), round_ * 1_000_000)
        assert process.stdout is not None
        told += [int(process.stdout.readline()) for _ in range(20 + 7 * round_)]
        process.kill()  # SIGKILL: nothing of it runs any more
        told += [int(line) for line in process.communicate()[0].splitlines()]
        if HAS_SIGNALS:
            assert process.returncode == -9
    found = [int(one.answer.split()[0]) for one in journal.attempts()]
    assert set(told) <= set(found) and found == sorted(found)
    # Beside these there may be the one that it could not tell of any more.
    assert len(found) <= len(told) + 5


def test_a_halted_process_that_holds_the_lock_holds_nobody_up(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    monkeypatch.setattr("dlhand.learner.file.PATIENCE", 0.05)
    answer(journal, a_sum(), "s", "before")
    with journal.where().open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert answer(journal, a_sum(), "s", "after") == ""
    assert [one.answer for one in journal.attempts()] == ["before", "after"]


def test_a_lock_held_elsewhere_is_waited_for_once(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    slept = []
    monkeypatch.setattr("dlhand.learner.file.PATIENCE", 0.05)
    monkeypatch.setattr("dlhand.learner.file.time.sleep", slept.append)
    answer(journal, a_sum(), "s", "0")
    with journal.where().open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        answer(journal, a_sum(), "s", "1")
        waited = len(slept)
        for n in range(2, 20):
            assert answer(journal, a_sum(), "s", str(n)) == ""
    assert waited > 0 and len(slept) == waited
    assert [one.answer for one in journal.attempts()] == [str(n) for n in range(20)]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have a name")
def test_a_pipe_in_the_place_of_the_journal_is_told_and_not_waited_for(journal: Journal) -> None:
    journal.where().parent.mkdir()
    os.mkfifo(journal.where())
    assert "it is a pipe, no file" in answer(journal, a_sum(), "s", "-1.5")
    assert "it is a pipe" in journal.read().problem
    assert journal.taken_up(a_sum()) == {} and "it is a pipe" in str(journal.table())


@pytest.mark.skipif(not HAS_SIGNALS, reason="Windows has no limit on the size of a file")
def test_a_disk_that_is_full_again_is_told_again(journal: Journal) -> None:
    """Full, then room again, then full: each time it fills the learner is told once."""
    code = """
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        for limit in (400, 1200, 1200, 4000):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            for n in range(30):
                print(int(bool(journal.record(d, d["s"], str(n), right))), end="")
            print()
    """
    told = python(code, journal.where()).communicate()[0].splitlines()
    assert [row.count("1") for row in told] == [1, 1, 0, 1]
    kept = len(journal.attempts())
    assert 12 < kept < 60 and all(row.index("1") > 0 for row in (told[0], told[1], told[3]))


def test_a_long_journal_is_searched_not_read(journal: Journal, monkeypatch: Any) -> None:
    """Of 100,000 attempts, at other numbers, those at these are found; no other is parsed."""
    d = a_sum()
    answer(journal, d, "s", "-1.5")
    mine = journal.where().read_bytes()
    other = mine.replace(numbers_hash(d).encode(), b"0123456789ab")
    journal.where().write_bytes(other * 50_000 + mine + other * 50_000 + b"{torn")
    parsed = []
    monkeypatch.setattr(
        "dlhand.learner.journal.fields_of",
        lambda line, real=fields_of: parsed.append(line) or real(line),
    )
    assert journal.taken_up(d)["s"].answer == "-1.5"
    assert parsed == [mine.rstrip(b"\n")]


# The command line, and what an import costs


def test_the_command_tells_progress_and_place_and_clears(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, journal: Journal
) -> None:
    def run(*arguments: str) -> tuple[int, str, str]:
        return main(["progress", *arguments]), *capsys.readouterr()

    monkeypatch.setenv("DLHAND_JOURNAL", str(journal.where()))
    assert run("--where") == (0, f"{journal.where()}\n", "")
    assert run("--clear") == (0, "No attempts yet.\n", "")
    answer(journal, a_sum(), "s", "-1.5")
    assert run() == (0, f"{journal.table()}\n", "")
    backup = f"{journal.where()}.bak"
    assert run("--clear") == (0, f"All attempts are now in {backup}\n", "")
    assert Path(backup).exists() and "No attempts yet." in run()[1]
    with pytest.raises(SystemExit):
        run("--clear", "--where")


def test_the_command_says_what_cannot_be_cleared(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("DLHAND_JOURNAL", str(tmp_path / "file" / "journal.jsonl"))
    assert main(["progress", "--clear"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("dlhand: ") and "cannot be moved" in err


def test_reading_a_journal_needs_no_engine(tmp_path: Path) -> None:
    code = (
        "import sys; from dlhand.cli import main; main(['progress']);"
        "print([name for name in ('mpmath', 'sympy', 'dlhand.derivation') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DLHAND_JOURNAL": str(tmp_path / "journal.jsonl")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_file_system_that_cannot_be_mapped_is_searched_line_by_line(
    journal: Journal, monkeypatch: Any
) -> None:
    d, other = a_sum(), a_sum(a="0.25")
    for one in (d, other):
        journal.record(one, one["s"], "7", one.check("s", "7"))

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENODEV, "No such device")

    mapped = journal.taken_up(d)
    monkeypatch.setattr("dlhand.learner.file.mmap", refuse)
    assert journal.taken_up(d) == mapped != {}
