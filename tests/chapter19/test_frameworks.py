"""Chapter 19: what can be known of it without the frameworks, and what only with them."""

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

import dlhand
from dlhand.errors import Disagreement, MissingFramework, UnknownName
from dlhand.examples.code_errors import CODE_ERRORS
from dlhand.frameworks import FRAMEWORKS, beside, listing, needs, trials
from dlhand.frameworks.beside import _checked
from dlhand.frameworks.bugs import TRIALS
from dlhand.frameworks.listing import Listing
from dlhand.frameworks.trials import errors_of, outcome

ROOT = Path(__file__).parents[2]
LISTINGS = sorted((ROOT / "dlhand" / "frameworks" / "listings").glob("*.txt"))
EXAMPLES = sorted({path.name.split(".")[0] for path in LISTINGS})
INSTALLED = find_spec("keras") is not None and find_spec("torch") is not None
with_frameworks = pytest.mark.skipif(not INSTALLED, reason="Keras and PyTorch are an extra")
without_frameworks = pytest.mark.skipif(INSTALLED, reason="Keras and PyTorch are installed")


def test_every_error_of_the_code_is_run_once() -> None:
    seen = [error for trial in TRIALS for error in errors_of(trial)]
    wanted = [error for error in CODE_ERRORS if error.document == "004"]
    assert sorted(seen) == sorted(wanted)


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: str(trial.about[0]))
def test_what_is_right_is_another_program(trial) -> None:
    assert ast.parse(trial.right).body and trial.right != trial.printed


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_has_a_listing_in_both_frameworks(example: str) -> None:
    assert example in dlhand.names()
    for framework in FRAMEWORKS:
        assert ast.parse(listing(example, framework).text)


def test_an_unknown_listing_is_named() -> None:
    with pytest.raises(UnknownName, match=r"no listing is called '004-dens\.keras'"):
        listing("004-dens", "keras")


def test_a_line_without_an_error_is_named() -> None:
    with pytest.raises(UnknownName, match="no error in lines 1 to 9"):
        trials(1, 9)


@pytest.mark.parametrize(
    ("number", "is_same"),
    [(0.268941421, True), (0.2689449, True), (0.268946, False), (-0.268941, False)],
)
def test_a_number_agrees_when_it_rounds_to_the_same_digits(number: float, is_same: bool) -> None:
    d = dlhand.load("004-dense")
    reals = d.evaluation.reals(d["output"].index)[:1]
    if is_same:
        assert list(_checked("it", reals, [number], 5)) == ["0.26894"]
    else:
        with pytest.raises(Disagreement, match=r"came; by hand it is 0\.26894"):
            list(_checked("it", reals, [number], 5))


def test_numbers_that_are_too_few_do_not_agree() -> None:
    d = dlhand.load("004-dense")
    with pytest.raises(Disagreement, match="1 numbers came; wanted: 6"):
        list(_checked("it", d.evaluation.reals(d["output"].index), [0.2689], 5))


@without_frameworks
def test_without_the_frameworks_it_is_said_what_to_install() -> None:
    assert "pip install -r requirements-frameworks.txt" in needs()
    for call in (lambda: beside("004-dense", "output"), lambda: trials(57)):
        with pytest.raises(MissingFramework, match=r"Missing: .*requirements-frameworks\.txt"):
            call()


@with_frameworks
@pytest.mark.parametrize("example", EXAMPLES)
def test_a_listing_with_another_number_is_noticed(example: str, monkeypatch) -> None:
    run = Listing.run
    monkeypatch.setattr(
        Listing, "run", lambda self, g: {k: v * 1.001 + 1e-3 for k, v in run(self, g).items()}
    )
    with pytest.raises(Disagreement):
        beside(example, next(iter(_found(example, run))))


@with_frameworks
@pytest.mark.parametrize("example", EXAMPLES)
def test_all_that_a_listing_finds_agrees_to_four_digits(example: str) -> None:
    assert beside(example, *_found(example, Listing.run), digits=4).verdict.startswith("The same")


@with_frameworks
@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: str(trial.about[0]))
def test_what_is_put_right_does_not_stop(trial) -> None:
    assert "Error" not in outcome(trial.right)


def _found(example: str, run) -> dict:
    from dlhand.frameworks.listing import givens_of

    return run(listing(example, "keras"), givens_of(dlhand.load(example)))
