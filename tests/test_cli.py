"""The command line, as it is called."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dlhand import course_map, load, names
from dlhand.cli import main
from dlhand.terminal import HANDLER

ROOT = Path(__file__).resolve().parent.parent


def run(capsys, *arguments):
    status = main(arguments)
    out, err = capsys.readouterr()
    return status, out, err


def test_list_groups_by_chapter_document_or_topic(capsys):
    for by, heading in (
        ("chapter", "05_backpropagation"),
        ("document", "003"),
        ("topic", "net222"),
    ):
        status, out, _ = run(capsys, "list", "--by", by)
        assert status == 0
        assert heading in out.splitlines()
        assert "  002-net222 " in out


def test_show_prints_the_whole_derivation(capsys):
    status, out, _ = run(capsys, "show", "002-net222")
    assert status == 0
    assert "0.13343" in out and "Forward" in out


def test_a_given_may_be_set(capsys):
    _, before, _ = run(capsys, "show", "002-net222", "--step", "z_h1")
    _, after, _ = run(capsys, "show", "002-net222", "--step", "z_h1", "--set", "w1=0.2")
    assert before.rstrip().endswith("= 0.41") and after.rstrip().endswith("= 0.42")


def test_digits_places_latex_and_rounding_by_hand(capsys):
    _, out, _ = run(capsys, "show", "002-net222", "--step", "h1", "--digits", "12")
    assert "0.601087878848" in out
    _, out, _ = run(capsys, "show", "002-net222", "--step", "h1", "--places", "2")
    assert out.rstrip().endswith("≈ 0.60")
    _, out, _ = run(capsys, "show", "002-net222", "--step", "h1", "--latex")
    assert r"\sigma" in out
    _, out, _ = run(capsys, "show", "002-net222", "--step", "h2", "--by-hand", "2", "--chop")
    assert out.rstrip().endswith("0.61")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "002-net22"], "did you mean '002-net222'"),
        (["show", "002-net222", "--set", "w11=1"], "did you mean 'w1'"),
        (["show", "002-net222", "--set", "o1=1"], "is a step, not a given"),
        (["show", "002-net222", "--set", "w1=abc"], "w1 is 'abc'"),
        (["show", "002-net222", "--set", "w1=[1, 2]"], "w1 has shape (2,); wanted ()"),
        (["show", "002-net222", "--step", "dE/dw9"], "no step is called 'dE/dw9'"),
        (["verify", "009"], "no example or document is called '009'"),
    ],
)
def test_what_cannot_be_used_gets_one_clear_error(capsys, arguments, message):
    status, out, err = run(capsys, *arguments)
    assert status == 2 and out == ""
    assert err.startswith("dlhand: ") and message in err and err.count("\n") == 1


@pytest.mark.parametrize("option", [["--digits", "0"], ["--places", "-1"], ["--set", "w1"]])
def test_options_that_are_none_stop_with_usage(capsys, option):
    with pytest.raises(SystemExit):
        main(["show", "002-net222", *option])
    assert "usage:" in capsys.readouterr().err


def test_verify_judges_all_and_gives_json(capsys):
    status, out, _ = run(capsys, "verify", "002-net222", "--format", "json")
    assert status == 0
    found = json.loads(out)
    assert set(found[0]) == {
        "document", "example", "step", "role", "entry", "printed", "reading", "value", "verdict",
        "explanation", "line", "into",
    }  # fmt: skip
    assert {f["example"] for f in found} >= {"002-net222", "002-net222-paths"}


def test_verify_notices_a_verdict_that_changed(capsys, monkeypatch, tmp_path):
    from dlhand.verdicts import audit

    record = json.loads(audit.RECORD.read_text(encoding="utf-8"))
    record["002-or"]["y_7"] = ["exact"]
    changed = tmp_path / "verdicts.json"
    changed.write_text(json.dumps(record), encoding="utf-8")
    monkeypatch.setattr(audit, "RECORD", changed)
    status, _, err = run(capsys, "verify", "002-or")
    assert status == 1
    assert "002-or y_7: exact was recorded, now unexplained" in err


def test_every_verdict_is_the_recorded_one(capsys):
    status, out, err = run(capsys, "verify")
    assert status == 0, err
    results, given, put_in, _ = out.splitlines()[-4:]
    assert "printed numbers: " in results and "unexplained" in results
    assert "more are given" in given and "more are put in: " in put_in


def test_verify_lists_the_wrong_formulas_with_numbers_that_differ(capsys):
    _, out, _ = run(capsys, "verify", "--formulas", "--format", "json")
    rows = json.loads(out)
    fields = {"document", "example", "printed", "right", "printed_value", "right_value"}
    assert all(set(row) >= fields and row["reason"] for row in rows)
    formulas = [row for row in rows if row["example"]]
    assert formulas and all(row["printed_value"] != row["right_value"] for row in formulas)
    doubtful = {(row["document"], row["line"]) for row in rows if row["contestable"]}
    assert doubtful == {("001", 41), ("004", 95), ("004", 115), ("004", 116), ("004", 139)}
    adam = next(row for row in formulas if row["line"] == 228)
    assert (adam["printed_value"], adam["right_value"]) == (
        "0.002",
        "0.004",
    )  # (1 - 0.999) · 2 or 2²
    code = [row for row in rows if row["example"] is None]
    assert {row["document"] for row in code} == {"002", "004"}


# What a terminal can take


def in_process(*arguments, encoding=None, columns=None, **variables):
    """The command as a process of its own, its output as bytes."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    environment.pop("COLUMNS", None)
    if encoding:
        environment["PYTHONIOENCODING"] = encoding
    if columns:
        environment["COLUMNS"] = str(columns)
    return subprocess.run(
        [sys.executable, "-m", "dlhand", *arguments], capture_output=True, env=environment, cwd=ROOT
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437", "utf-8"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["show", "002-net222"],
        ["show", "003-lstm", "--latex"],
        ["verify", "002-net222"],
        ["verify", "002-net222", "--format", "json"],
        ["verify", "--formulas"],
        ["progress"],
        ["show", "no-such-σ"],
    ],
    ids=" ".join,
)
def test_every_command_writes_what_an_encoding_can_carry(arguments, encoding, tmp_path):
    done = in_process(*arguments, encoding=encoding, DLHAND_JOURNAL=str(tmp_path / "j"))
    assert done.returncode == (2 if "no-such-σ" in arguments else 0)
    assert b"Traceback" not in done.stderr and len(done.stdout + done.stderr) > 40
    done.stdout.decode(encoding)
    if "json" in arguments:
        assert json.loads(done.stdout.decode(encoding))[0]["example"] == "002-net222"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
def test_no_character_of_any_example_is_lost(encoding):
    """Every character of every page has a spelling, so that none becomes a question mark."""
    for name in names():
        d = load(name)
        for page in (d.text(), d.latex()):
            written = page.encode(encoding, HANDLER).decode(encoding)
            assert written.count("?") == page.count("?"), name


def test_mathematics_is_spelled_in_ascii():
    done = in_process("show", "002-net222", "--step", "dE/dw5", encoding="ascii")
    assert done.stdout.decode("ascii").startswith("dE/dw5 = dE/dz_o1 * h1 = ")
    assert " ~= " in done.stdout.decode("ascii")


def test_a_page_is_as_wide_as_the_terminal():
    for columns in (60, 140):
        out = in_process("show", "002-net222", columns=columns, encoding="utf-8").stdout.decode()
        assert 0.7 * columns < max(map(len, out.splitlines())) <= columns
    assert max(map(len, in_process("show", "002-net222").stdout.decode().splitlines())) <= 100


# What goes wrong


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a system without a full disk")
@pytest.mark.parametrize("arguments", [["list"], ["show", "002-net222"], ["verify", "004"]])
def test_a_full_disk_is_one_line_and_a_status_of_its_own(arguments):
    command = f"{sys.executable} -m dlhand {' '.join(arguments)} > /dev/full"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 3
    assert done.stderr == "dlhand: the output cannot be written (No space left on device)\n"


def test_a_reader_that_has_had_enough_is_no_error():
    command = f"{sys.executable} -m dlhand verify | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == "" and done.stdout.count("\n") == 1


def test_ctrl_c_ends_quietly(capsys, monkeypatch):
    def interrupted(options):
        raise KeyboardInterrupt

    monkeypatch.setattr("dlhand.cli.listing._list", interrupted)
    status, _, err = run(capsys, "list")
    assert status == 130 and "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals")
def test_ctrl_c_in_the_middle_of_the_work_leaves_no_traceback():
    code = (
        "import os, signal, sys; from dlhand import cli; from dlhand.verdicts import audit;"
        "signal.signal(signal.SIGINT, signal.default_int_handler);"  # a job may have it ignored
        "audit.judge = lambda names: os.kill(os.getpid(), signal.SIGINT) or iter(());"
        "sys.exit(cli.main(['verify']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 130 and "Traceback" not in done.stderr


def test_formulas_of_an_unknown_name_are_refused_and_of_one_without_any_said(capsys):
    status, _, err = run(capsys, "verify", "--formulas", "nope")
    assert status == 2 and "no example or document is called 'nope'" in err
    status, out, err = run(capsys, "verify", "--formulas", "003-xor-relu")
    assert status == 0 and out == "" and "no wrong formula is known in 003-xor-relu" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--chop"], "--chop cuts off what --by-hand N rounds"),
        (["--set", "w1=z=3"], "is no GIVEN=VALUE"),
        (["--set", "w1=≈3"], "is no GIVEN=VALUE"),
        (["--digits", "9" * 5000], "is no whole number"),
        (["--places", "1001"], "is no whole number from 0 to 1000"),
    ],
)
def test_options_that_say_nothing_are_refused(capsys, arguments, message):
    with pytest.raises(SystemExit) as stop:
        main(["show", "002-net222", *arguments])
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(("term", "replaced"), [("xterm", True), ("dumb", False), ("", False)])
def test_a_dumb_terminal_gets_no_escape_codes(capsys, monkeypatch, term, replaced):
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    main(["verify", "004"])
    assert ("\x1b" in capsys.readouterr().err) == replaced


def test_the_wrong_formulas_of_one_document_or_example_are_picked(capsys):
    _, out, _ = run(capsys, "verify", "--formulas", "--format", "json")
    rows = json.loads(out)
    for wanted in ("003", "004", "002-optim-adam"):
        _, out, _ = run(capsys, "verify", wanted, "--formulas", "--format", "json")
        found = json.loads(out)
        assert found and found == [
            row for row in rows if wanted in (row["document"], row["example"])
        ]  # fmt: skip


def test_a_wrong_formula_stands_above_the_right_one_with_their_values(capsys):
    _, out, _ = run(capsys, "verify", "002-optim-adam", "--formulas")
    first, printed, right, *_ = out.splitlines()
    assert first.startswith("002-optim-adam, line 228: The square of the gradient is missing")
    assert printed == "  printed  β₂ · v₀ + (1 − β₂) · ∂J₀/∂Q₀  =  0.002"
    assert right == "  right    β₂ · v₀ + (1 − β₂) · (∂J₀/∂Q₀)²  =  0.004"
    _, out, _ = run(capsys, "verify", "003-playing", "--formulas")
    assert "  right    a₂₁ · v₁ + a₂₂ · v₂  =  [0.336, 0.6044, 0.1432, 0.5328]" in out.splitlines()


def test_list_has_a_map_of_the_documents(capsys):
    assert main(["list", "--map"]) == 0
    shown = capsys.readouterr().out
    assert shown == f"{course_map()}\n"
    assert "Document 004" in shown and "002-net222-paths" in shown
