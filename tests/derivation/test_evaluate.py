"""Evaluation: exact where it can be, proven where not, and shown so that it agrees with itself."""

from fractions import Fraction
from typing import Any

import pytest

from dlhand import (
    Derivation,
    UndefinedValue,
    cos,
    exp,
    log,
    mean,
    relu,
    sigmoid,
    sin,
    softmax,
    sqrt,
    tanh,
)
from dlhand.derivation.evaluate import ByHand, Evaluation
from dlhand.numbers.digits import Digits
from dlhand.numbers.intervals import Intervals


def agrees(d: Derivation, entry: Any, digits: int | None, places: int | None = None) -> bool:
    return d.evaluation.page(Digits(digits, places)).agrees(entry)


def test_a_step_that_stays_rational_is_exact() -> None:
    d = Derivation("Exact")
    x, v = d.givens(x="1/3", v=["0.1", "0.2"])
    assert d.value(d.step("a", x * 3 - 1)).exact == 0
    assert d.value(d.step("b", sqrt(x * 12))).exact == 2
    assert d.value(d.step("c", mean(v) / x)).exact == Fraction(45, 100)
    assert d.value(d.step("e", exp(x - x))).exact == 1
    assert d.value(d.step("f", exp(x))).exact is None


def test_arrays_are_exact_entry_by_entry() -> None:
    d = Derivation("Partly")
    v = d.given("v", [0, 1])
    e = d.step("e", exp(v))
    assert [real.exact for real in d.value(e)] == [1, None]
    total = d.step("s", e[0] + e[0])
    assert d.value(total).exact == 2
    assert [real.shown().text for real in d.value(e)] == ["1", "2.7183"]


def test_nothing_times_zero_is_zero_and_zero_by_something_too() -> None:
    d = Derivation("Zero")
    z, x = d.givens(z=0, x=1)
    assert d.value(d.step("a", z * exp(x))).exact == 0
    assert d.value(d.step("b", z / exp(x))).exact == 0
    assert d.value(d.step("c", relu(-exp(x)))).exact == 0


def test_zero_by_what_may_be_zero_is_not_called_zero() -> None:
    """sin² + cos² − 1 is 0, but nothing here says so; 0 / 0 must not be given a value."""
    d = Derivation("Hidden")
    z, x = d.givens(z=0, x=2)
    d.step("y", z / (sin(x) ** 2 + cos(x) ** 2 - 1))
    with pytest.raises(UndefinedValue, match="step y has no value that can be decided"):
        d.value("y").shown()


@pytest.mark.parametrize(
    ("formula", "cause"),
    [
        (lambda x, v: 1 / (x - x), "division by zero"),
        (lambda x, v: (x - x) ** -1, "division by zero"),
        (lambda x, v: 1 / (v - v), "division by zero"),
        (lambda x, v: log(x - x), "the logarithm of 0, which is not positive"),
        (lambda x, v: log(-x), "the logarithm of -2, which is not positive"),
        (lambda x, v: log(v - 5), "the logarithm of -4, which is not positive"),
        (lambda x, v: sqrt(-x), "the square root of -2, which is negative"),
        (lambda x, v: (-x) ** "1/2", "a fractional power of the negative number -2"),
        (lambda x, v: (-x) ** "1/3", "a fractional power of the negative number -2"),
        (lambda x, v: log(sigmoid(x) - 1), "the logarithm of a number that is not positive"),
        (lambda x, v: sqrt(-exp(x)), "the square root of a negative number"),
    ],
)  # fmt: skip
def test_a_step_without_a_value_is_named_once(formula: Any, cause: str) -> None:
    for way in (lambda d: d, lambda d: d.by_hand(3), lambda d: d.by_hand(3, chopped=True)):
        d = Derivation("Undefined")
        x, v = d.givens(x=2, v=[1, 2])
        y = d.step("y_1", formula(x, v))
        last = d.step("z", y * 1)
        with pytest.raises(UndefinedValue) as raised:
            list(map(str, way(d).evaluation.reals(last.index)))
        assert str(raised.value).startswith("step y_1 has no value: ")
        assert str(raised.value).count("has no value") == 1
        assert cause in str(raised.value)


def test_a_value_beyond_all_writing_is_named() -> None:
    d = Derivation("Beyond")
    y = d.step("y_1", exp(d.given("x", 10**6)))
    with pytest.raises(UndefinedValue, match=r"^step y_1 has no value: a value too large to be"):
        d.value(y).shown()
    # nothing is lost where it is not to be written
    assert d.value(d.step("z", 1 / (1 + 1 / y))).shown(Digits(5)).text == "1.0000"


def test_a_step_after_one_without_a_value_still_names_that_one() -> None:
    d = Derivation("Chain")
    x = d.given("x", 0)
    y = d.step("y", 1 / x)
    d.step("z", y + 1)
    for name in ("y", "z"):
        with pytest.raises(UndefinedValue, match="step y has no value: division by zero"):
            d.value(name)
    assert d.value("x").exact == 0
    assert d.what_if(x=2).value("z").exact == Fraction(3, 2)


def test_what_is_shown_is_remembered_and_consistent() -> None:
    d = Derivation("Shown")
    x = d.given("x", ["1/3", "2", "0.7"])
    y = d.step("y", tanh(x))
    evaluation = d.evaluation
    shown = evaluation.shown(y.index)
    assert shown is evaluation.shown(y.index)
    assert [s.text for s in shown] == [real.shown().text for real in d.value(y)]
    assert [s.text for s in evaluation.shown(y.index, Digits(3))] == ["0.322", "0.964", "0.604"]
    assert [s.text for s in evaluation.shown(y.index, Digits(places=2))] == ["0.32", "0.96", "0.60"]


@pytest.mark.parametrize(
    ("a", "b", "digits", "whether"),
    [
        ("0.5", "0.25", None, True),  # nothing is rounded
        ("1.1111111", "1.1111111", 3, True),  # 1.11 · 1.11 = 1.2321, shown 1.23
        ("3.4449001", "2.4449001", 3, False),  # 3.44 · 2.44 = 8.39, shown 8.42
        ("1/3", "1/3", 3, True),  # a fraction is shown whole
    ],
)
def test_whether_the_shown_numbers_give_the_shown_result(
    a: str, b: str, digits: int | None, whether: bool
) -> None:
    d = Derivation("Agrees")
    x, y = d.givens(x=a, y=b)
    # rounded as every step is; a given of few digits would be shown whole
    u, v = d.step("u", x * exp(x - x)), d.step("v", y * 1)
    z = d.step("z", u * v)
    assert agrees(d, z, digits) is whether


def test_agreement_of_arrays_and_of_irrational_steps() -> None:
    d = Derivation("Agrees")
    v = d.given("v", ["0.3", "0.6"])
    a = d.step("a", sigmoid(v))
    b = d.step("b", a * a)
    again = [Fraction(s.text) ** 2 for s in d.evaluation.shown(a.index)]
    same = all(
        Fraction(s.text) == round(square, 5)
        for s, square in zip(d.evaluation.shown(b.index), again, strict=True)
    )
    assert agrees(d, b, None) is same
    difference = d.step("c", a[0] - a[1] * "0.889")  # 0.574 - 0.646 · 0.889 is below zero
    assert agrees(d, difference, 3) is False


def test_shown_numbers_that_cannot_be_put_in_do_not_agree() -> None:
    d = Derivation("Divides")
    x = d.given("x", "1e-9")
    small = d.step("s", exp(x) - 1)
    y = d.step("y", 1 / small)
    assert d.evaluation.shown(small.index, Digits(places=5)).text == "0.00000"
    assert agrees(d, y, None, 5) is False


def test_fixed_values_replace_formulas() -> None:
    d = Derivation("Fixed")
    x = d.given("x", 2)
    y = d.step("y", x * x)
    z = d.step("z", y + 1)
    evaluation = Evaluation(d.entries, {x.index: Fraction(2), y.index: Fraction(10)})
    assert evaluation.exact(z.index) == 11
    assert d.value(z).exact == 5


def test_by_hand_keeps_what_a_person_would_have_written() -> None:
    d = Derivation("By hand")
    x = d.given("x", ["0.1", "0.2"])
    s = d.step("s", softmax(x))
    t = d.step("t", s[0] * s[1])
    hand = ByHand(d.entries, {0: d.evaluation.exact(0)}, 3, False)
    assert hand.exact(s.index) == (Fraction("0.475"), Fraction("0.525"))
    assert hand.exact(t.index) == Fraction("0.249")  # 0.249375


class Counted(dict[int, Any]):
    """Counts how often a value is looked up, so that work can be measured without a clock."""

    looked_up = 0

    def get(self, key: int, default: Any = None) -> Any:
        self.looked_up += 1
        return super().get(key, default)


def chain(length: int) -> tuple[Derivation, Any]:
    d = Derivation("A chain")
    x, w = d.givens(x="0.5", w="0.9")
    h: Any = x
    for k in range(length):
        h = d.step(f"h{k}", tanh(h * w if k == 0 else h + "0.001"))
    return d, h


def test_a_chain_of_2000_steps_is_evaluated_step_by_step() -> None:
    """No recursion over the length, each step once, and the last digits proven."""
    d, last = chain(2000)
    looked_up = Counted({k: d.evaluation.exact(k) for k in range(2)})
    evaluation = Evaluation(d.entries, looked_up)
    (real,) = evaluation.reals(last.index)
    text = real.digits(5)
    assert looked_up.looked_up == len(d.entries)
    assert real.digits(40).startswith(text[:4])
    low, high = real.enclosure(Fraction(1, 10**60))
    assert 0 < high - low <= Fraction(1, 10**60)
    by_hand = d.by_hand(4)
    assert by_hand.value(last).exact is not None


@pytest.mark.parametrize("kind", ["evaluated", "by hand", "in intervals"])
def test_the_work_grows_with_the_length_and_no_faster(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in look-ups and rules applied: twice the chain is at most a little over twice."""
    work = []
    for length in (200, 400):
        d, last = chain(length)
        count = 0
        rule = Intervals.tanh

        def counted(self: Any, a: Any, rule: Any = rule) -> Any:
            nonlocal count
            count += 1
            return rule(self, a)

        with monkeypatch.context() as patch:
            patch.setattr(Intervals, "tanh", counted)
            fixed = Counted({k: d.evaluation.exact(k) for k in range(2)})
            evaluation = Evaluation(d.entries, fixed)
            if kind == "by hand":
                evaluation = ByHand(d.entries, fixed, 30, False)
            (real,) = evaluation.reals(last.index)
            if kind == "in intervals":
                real.enclosure(Fraction(1, 10**20))
        work.append(fixed.looked_up + count)
    assert work[0] >= 200
    assert work[1] <= 2.1 * work[0]
