"""The command line, as it is called."""

import json

import pytest

from dlhand.cli import main


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
        "document", "example", "step", "entry", "printed", "reading", "value", "verdict",
        "explanation",
    }  # fmt: skip
    assert {f["example"] for f in found} >= {"002-net222", "002-net222-paths"}


def test_verify_notices_a_verdict_that_changed(capsys, monkeypatch, tmp_path):
    from dlhand import audit

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
    assert "unexplained" in out.splitlines()[-1]


def test_verify_lists_the_wrong_formulas_with_numbers_that_differ(capsys):
    _, out, _ = run(capsys, "verify", "--formulas", "--format", "json")
    rows = json.loads(out)
    fields = {"document", "example", "printed", "right", "printed_value", "right_value"}
    assert all(set(row) >= fields and row["reason"] for row in rows)
    formulas = [row for row in rows if row["example"]]
    assert formulas and all(row["printed_value"] != row["right_value"] for row in formulas)
    adam = next(row for row in formulas if row["line"] == 228)
    assert (adam["printed_value"], adam["right_value"]) == (
        "0.002",
        "0.004",
    )  # (1 - 0.999) · 2 or 2²
    code = [row for row in rows if row["example"] is None]
    assert {row["document"] for row in code} == {"004"}


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
