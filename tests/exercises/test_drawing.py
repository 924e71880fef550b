"""Fresh numbers keep what practice promises of them, seen from exact values, in every example."""

import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from dlhand import Derivation, DrawError, UndefinedValue, load, names, relu, softmax
from dlhand.derivation.entries import Entry
from dlhand.examples import catalogue
from dlhand.exercises.drawing import Drawing
from dlhand.exercises.problems import Problems, problems
from dlhand.numbers.digits import Digits
from dlhand.numbers.exact import read_array
from dlhand.operations.activations import RELU
from dlhand.operations.reduction import SOFTMAX

SEEDS = range(50 if os.environ.get("DLHAND_ALL") else 2)
"""All 50 in `make test-all`."""


def flat(d: Derivation, entry: Entry) -> list[Any]:
    return list(d.evaluation.reals(entry.index))


def given(d: Derivation, name: str) -> tuple[Fraction, ...]:
    return read_array(d.given_value(name), name)[0]


def results(d: Derivation, op: Any) -> list[float]:
    return [float(x) for s in d.steps if s.rule and s.rule.op is op for x in flat(d, s)]


def drawn(name: str) -> Iterator[tuple[Derivation, Derivation]]:
    declared = load(name)
    for seed in SEEDS:
        yield declared, problems(name).draw(seed)


@pytest.mark.parametrize("name", names())
def test_every_promise_is_kept(name: str) -> None:
    for declared, d in drawn(name):
        for step in d.steps:
            flat(d, step)  # has a value
        for of, wrong in d.required:
            assert wrong(d.value(of)) == ""
        for entry in d.given_entries:
            same_kind(given(declared, entry.name), given(d, entry.name), name)
        alive = [{x > 0 for x in results(one, RELU)} for one in (declared, d)]
        assert alive[0] == alive[1], "units alive and dead as declared"
        if max(results(declared, SOFTMAX), default=0) < 0.95:
            assert max(results(d, SOFTMAX), default=0) < 0.983, "not saturated"
        assert not list(accidents(name, d))


def test_what_floating_point_leaves_of_0_is_no_unit_alive() -> None:
    """The rows of a layer norm sum to 0: with seed 18 all units were dead by that."""
    assert max(results(problems("004-attention-encoder").draw(18), RELU)) > 0


def same_kind(declared: tuple[Fraction, ...], fresh: tuple[Fraction, ...], name: str) -> None:
    """No more digits than declared (or three), the zeros as many, whole stays whole."""
    if {*declared} <= {0, 1} or name.startswith("003-universal"):
        assert {*fresh} <= {*declared, 0, 1} or len(declared) == 1 or name.startswith("003-uni")
    places = max(decimals(x) for x in declared)
    assert max(decimals(x) for x in fresh) <= max(places, 1 if name == "000-fruit-tie" else 0) or (
        name.startswith("003-universal")
    )
    if len(declared) > 1 and name not in ("000-fruit-tie", "003-conv-size-coverage",
                                          "003-conv-size-coverage-padded"):  # fmt: skip
        assert fresh.count(Fraction(0)) == declared.count(Fraction(0))
        assert sum(x < 0 for x in fresh) == sum(x < 0 for x in declared)


def decimals(number: Fraction) -> int:
    return next((p for p in range(30) if (number * 10**p).denominator == 1), 30)


def accidents(name: str, d: Derivation) -> Iterator[str]:
    """Results that are shown as 0 or 1, and are not when the numbers that vary move a little."""
    rng = Random(name)
    moved: dict[str, Any] = {}
    for given_ in problems(name).varies:
        numbers = given(d, given_)
        if (
            ({*numbers} <= {0, 1} and len(numbers) > 1)
            or sum_of_shares(numbers, d[given_].shape)
            or given_ in catalogue()[name].vary.among
        ):
            continue
        values = [float(x) * (1 + 1e-3 * rng.random()) for x in numbers]
        moved[given_] = nest(values, d[given_].shape)
    try:
        after = d.replay().run(moved)  # type: ignore[attr-defined]
    except UndefinedValue:
        after = {}
    for step in d.steps:
        if getattr(step.rule.op, "moves", False) or step.name not in after:  # type: ignore[union-attr]
            continue
        others = [float(x) for x in flatten(after[step.name])]
        for real, other in zip(flat(d, step), others, strict=True):
            text = real.shown(Digits(5)).text
            if Fraction(text) in (0, 1) and abs(other - float(text)) > 1e-9:
                yield f"{step.name} is {text}"


def sum_of_shares(numbers: tuple[Fraction, ...], shape: tuple[int, ...]) -> bool:
    width = shape[-1] if shape else 1
    rows = [numbers[k : k + width] for k in range(0, len(numbers), width)]
    columns = [numbers[k::width] for k in range(width)]
    whole = len(numbers) > 1 and min(numbers) >= 0
    return whole and any(all(sum(line) == 1 for line in lines) for lines in (rows, columns))


def nest(values: list[float], shape: tuple[int, ...]) -> Any:
    if not shape:
        return values[0]
    each = len(values) // shape[0]
    return [nest(values[k : k + each], shape[1:]) for k in range(0, len(values), each)]


def flatten(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for one in value:
            yield from flatten(one)
    else:
        yield value


@pytest.mark.parametrize("name", names())
def test_the_next_problem_has_other_numbers(name: str) -> None:
    made = problems(name)
    shown = [str([made.draw(1, n).given_value(one) for one in made.varies]) for n in (1, 2)]
    assert shown[0] != shown[1]


def test_however_far_one_has_come_each_problem_is_sought_once(monkeypatch) -> None:
    sought = []
    numbers = Drawing.numbers
    monkeypatch.setattr(
        Drawing, "numbers", lambda self, seed: sought.append(seed) or numbers(self, seed)
    )
    made = Problems("000-neuron")
    for number in (1, 400, 401):
        made.draw("a", number)
    assert [seed for seed in sought if seed.endswith("/0")] == [
        f"000-neuron/a/{number}/0" for number in range(1, 402)
    ]


def test_boxes_keep_their_corners_in_order() -> None:
    for seed in range(50):
        d = problems("002-yolo-iou").draw(seed)
        for box in "AB":
            x1, y1, x2, y2 = given(d, box)
            assert x1 < x2 and y1 < y2
        assert float(flat(d, d["IoU"])[0]) > 0


def test_a_mask_is_0_or_1_and_lets_some_through() -> None:
    for seed in range(50):
        rows = problems("000-attn-mask").draw(seed).given_value("M")
        assert {x for row in rows for x in row} == {0, 1}
        assert [sum(row) for row in rows] == [1, 2, 3, 4]


def test_one_hot_stays_one_hot_and_targets_stay_valid() -> None:
    for seed in range(50):
        assert sorted(given(problems("002-embedding").draw(seed), "o")) == [0, 0, 0, 1]
        assert sorted(given(problems("000-ex4").draw(seed), "t")) == [0, 0, 1]
        for share in given(problems("001-loss-bce").draw(seed), "f"):
            assert 0 < share < 1


def test_counts_stay_whole_through_a_cascade_of_layers() -> None:
    for seed in range(50):
        d = problems("002-cnn").draw(seed)
        counts = [x.exact for s in d.steps if not s.shape and s.name != "r" for x in flat(d, s)]
        assert all(count is not None and count.denominator == 1 and count >= 0 for count in counts)


@pytest.mark.parametrize(
    ("name", "steps"), [("003-or-gate", "a_00 a_01 a_10 a_11"), ("002-xor", "o_00 o_01 o_10 o_11")]
)
def test_a_gate_stays_that_gate(name: str, steps: str) -> None:
    declared = load(name)
    for seed in range(20):
        d = problems(name).draw(seed)
        for step in steps.split():
            assert flat(d, d[step])[0].exact == flat(declared, declared[step])[0].exact


def test_nothing_that_the_document_says_of_its_own_numbers_is_left() -> None:
    d = problems("000-neuron").draw(1)
    assert d.about == "" and not any(d.prints(step) for step in d.steps)
    assert load("000-neuron").about


def test_the_numbers_do_not_depend_on_the_process() -> None:
    program = (
        "from dlhand.exercises.problems import problems\n"
        "for name in ('002-net222', '003-conv', '002-cnn'):\n"
        "    d = problems(name).draw(7, 2)\n"
        "    print([str(d.given_value(g)) for g in d.given_entries])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(outputs) == 1


def test_where_no_numbers_keep_the_promises_one_error_says_so() -> None:
    d = Derivation("Nothing to vary")
    (x,) = d.givens(x=0)
    d.step("y", x + 1)
    with pytest.raises(DrawError, match="'Nothing to vary' has no number that may vary"):
        Drawing(d).draw("1")
    d = Derivation("One by accident, whatever is drawn")
    (x,) = d.givens(x=2)
    d.step("y", x - x + 1 + (x - x) * x)
    assert Drawing(d).draw("1").value("y") is not None  # it stays when x moves: no accident


def test_a_derivation_of_ones_own_is_drawn_too() -> None:
    d = Derivation("Mine")
    W, x = d.givens(W=[[1, -2], [3, -1]], x=["0.5", "-0.2"])
    a = d.step("a", relu(W @ x))
    d.step("p", softmax(a))
    fresh = Drawing(d).draw("1")
    assert fresh.given_value("W") != d.given_value("W")
