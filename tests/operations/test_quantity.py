"""Formulas: how they are built, what is interned, what is refused."""

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import dlhand
from dlhand import (
    Derivation,
    DlhandError,
    FormulaError,
    GivenError,
    ShapeError,
    exp,
    largest,
    leaky_relu,
    log,
    log_sum_exp,
    maximum,
    mean,
    relu,
    sigmoid,
    softmax,
    total,
    variance,
)  # fmt: skip
from dlhand.operations.quantity import CONSTANT, MAX_DEPTH, Quantity, constant


@pytest.fixture
def leaves() -> tuple[Any, ...]:
    return Derivation("Formulas").givens(x=2, y="0.5", v=[1, 2, 3], A=[[1, 2, 3], [4, 5, 6]])


def written(q: Quantity) -> str:
    """A formula in prefix form, with the names of its leaves."""
    names = iter([leaf.name for leaf in q.leaves])  # type: ignore[attr-defined]

    def of(form: Any) -> str:
        if form.op is CONSTANT:
            return str(form.params[0])
        if not form.args:
            return next(names)
        return f"{form.op.name}({', '.join(of(arg) for arg in form.args)})"

    return of(q.form)


def test_equal_structures_are_one_form_whatever_the_names(leaves: Any) -> None:
    x, y, v, _ = leaves
    assert (x * y + 1).form is (y * x + 1).form
    assert (x * y + 1).leaves == (x, y)
    assert (x * y + 1).form is not (x * y + 2).form
    assert (x * x).leaves == (x, x)
    assert (v * 2).form is not (x * 2).form
    assert sigmoid(x + y).form is sigmoid(y + y).form
    assert leaky_relu(x, "0.1").form is not leaky_relu(x, "0.2").form


def test_sums_and_products_are_one_operation_of_many_operands(leaves: Any) -> None:
    x, y, _, _ = leaves
    assert written(x + y + x) == "add(x, y, x)"
    assert written(x + (y + x)) == "add(x, y, x)"
    assert written((x + y) + (x + y)) == "add(x, y, x, y)"
    assert written(x * y * (x * 2)) == "mul(x, y, x, 2)"
    assert written(x - y - x) == "sub(sub(x, y), x)"
    assert written(x - (y - x)) == "sub(x, sub(y, x))"
    assert written(x / y / x) == "div(div(x, y), x)"
    assert written(-x + y * 3) == "add(neg(x), mul(y, 3))"


@pytest.mark.parametrize(
    "number", [2, "2", 2.0, Fraction(2), Decimal(2), np.float64(2), np.int32(2), np.array(2)]
)
def test_numbers_in_a_formula_are_exact_constants_on_either_side(leaves: Any, number: Any) -> None:
    x, _, v, _ = leaves
    for q in (x, v):
        for formula, form in (
            (q + number, "add({}, 2)"), (number + q, "add(2, {})"), (q - number, "sub({}, 2)"),
            (number - q, "sub(2, {})"), (q * number, "mul({}, 2)"), (number * q, "mul(2, {})"),
            (q / number, "div({}, 2)"), (number / q, "div(2, {})"),
        ):  # fmt: skip
            assert isinstance(formula, Quantity)
            assert written(formula) == form.format(q.name)
            assert formula.shape == q.shape


def test_a_tenth_is_a_tenth() -> None:
    d = Derivation("Exact")
    x = d.given("x", 3)
    assert d.value(d.step("y", 0.1 * x)).exact == Fraction(3, 10)
    assert d.value(d.step("z", "1/3" * x)).exact == 1


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda x, v: x - [1, 2], "a bare array in it; name it with given"),
        (lambda x, v: (1, 2) * v, "a bare array in it; name it with given"),
        (lambda x, v: v * np.array([1, 2, 3]), "a bare array in it; name it with given"),
        (lambda x, v: np.array([1, 2, 3]) * v, "a bare array in it; name it with given"),
        (lambda x, v: v @ [1, 2, 3], "a bare array in it; name it with given"),
        (lambda x, v: maximum(v, [1, 2, 3]), "a bare array in it; name it with given"),
        (lambda x, v: exp([1, 2]), "a bare array in it; name it with given"),
        (lambda x, v: x**v, "the exponent is no number"),
        (lambda x, v: x ** [2], "the exponent is no number"),
    ],
)  # fmt: skip
def test_what_is_no_formula_is_refused(leaves: Any, build: Any, message: str) -> None:
    x, _, v, _ = leaves
    with pytest.raises(FormulaError, match=message):
        build(x, v)


@pytest.mark.parametrize("slope", [2, "-0.1"])
def test_a_slope_outside_0_to_1_is_refused(leaves: Any, slope: Any) -> None:
    with pytest.raises(GivenError, match=f"slope is {slope}; wanted a number from 0 to 1"):
        leaky_relu(leaves[0], slope)


@pytest.mark.parametrize("value", ["abc", "", None, float("nan"), float("inf"), True, "1/0", 1j])
def test_what_is_no_number_is_refused_in_a_formula(leaves: Any, value: Any) -> None:
    x = leaves[0]
    for build in (lambda: x + value, lambda: value * x, lambda: maximum(x, value)):
        with pytest.raises(GivenError, match="a number in a formula is "):
            build()


@pytest.mark.parametrize("exponent", ["abc", None, float("nan"), True, "1/0"])
def test_what_is_no_number_is_refused_as_an_exponent(leaves: Any, exponent: Any) -> None:
    x = leaves[0]
    assert (x**1).form.params == 1  # what is remembered of 1 must not let True in
    with pytest.raises(GivenError, match=r"^exponent is "):
        x**exponent


@pytest.mark.parametrize("exponent", [2, "2", 2.0, Fraction(2), "4/2", np.int64(2), np.float64(2)])
def test_exponents_are_exact_numbers(leaves: Any, exponent: Any) -> None:
    x = leaves[0]
    assert (x**exponent).form is (x**2).form
    assert (x ** "0.5").form.params == Fraction(1, 2)


@pytest.mark.parametrize("q", ["x", "v"])
def test_a_formula_has_no_order_and_no_truth(leaves: Any, q: str) -> None:
    quantity = leaves[0] if q == "x" else leaves[2]
    with pytest.raises(FormulaError, match=r"wanted dlhand\.maximum"):
        assert quantity > 0
    with pytest.raises(FormulaError, match="neither true nor false"):
        assert quantity
    with pytest.raises(FormulaError, match="neither true nor false"):
        assert not quantity


def test_a_formula_may_be_nested_a_hundred_deep_and_no_deeper(leaves: Any) -> None:
    x = leaves[0]
    q = x
    while q.form.depth < MAX_DEPTH:
        q = sigmoid(q)
    with pytest.raises(
        FormulaError, match=r"nested 101 deep; wanted at most 100: give its parts names"
    ):
        sigmoid(q)
    flat = x
    for _ in range(3 * MAX_DEPTH):  # a long sum is not deep
        flat = flat + x
    assert flat.form.depth == 2
    assert len(flat.leaves) == 3 * MAX_DEPTH + 1


def test_a_formula_as_deep_as_allowed_has_a_value_and_a_gradient(leaves: Any) -> None:
    d = Derivation("Deep")
    x = d.given("x", "0.3")
    q: Any = x
    while q.form.depth < MAX_DEPTH - 5:
        q = relu(q)
    E = d.step("E", q * 2)
    assert d.value(E).exact == Fraction(6, 10)
    assert d.value(d.backward(E, [x])[x]).exact == 2


def test_vectors_and_matrices_can_be_taken_apart(leaves: Any) -> None:
    x, _, v, A = leaves
    assert [q.shape for q in v] == [(), (), ()]
    assert len(v) == 3
    assert len(A) == 2
    assert [row.shape for row in A] == [(3,), (3,)]
    first, _, last = v
    assert written(first + last) == "add(index(v), index(v))"
    for use in (lambda: len(x), lambda: iter(x).__next__(), lambda: list(x)):
        with pytest.raises(ShapeError, match="a single number has no"):
            use()


def test_constants_remember_how_they_were_written() -> None:
    assert constant(Fraction(1, 2)).form is not constant("0.5").form
    assert constant("1/2").form is constant(Fraction(1, 2)).form
    assert constant("0.5").form is constant(0.5).form
    assert constant(3).shape == ()


def test_a_quantity_shows_what_it_is(leaves: Any) -> None:
    x, _, v, A = leaves
    assert repr(x * 2) == "<mul of shape ()>"
    assert repr(A @ v) == "<matvec of shape (2,)>"
    assert repr(log(v)) == "<log of shape (3,)>"


# What Python and NumPy have of their own


def a_vector():
    d = Derivation("Own")
    return d, d.given("x", ["0.5", -2, 3])


@pytest.mark.parametrize(
    ("act", "wanted"),
    [
        (np.exp, "dlhand.exp"), (np.tanh, "dlhand.tanh"), (np.sqrt, "dlhand.sqrt"),
        (lambda x: np.maximum(x, 0), "dlhand.maximum"), (np.sum, "dlhand.total"),
        (np.mean, "dlhand.mean"), (np.max, "dlhand.largest"), (np.abs, "dlhand.absolute"),
        (lambda x: np.concatenate([x, x]), "dlhand.concatenate"), (np.sign, "dlhand.sign"),
        (lambda x: max(x[0], 0), "dlhand.relu"), (lambda x: min(x[0], 0), "dlhand.minimum"),
        (lambda x: x[0] < 1, "dlhand.greater"), (lambda x: sorted(x), "dlhand.largest"),
        (lambda x: math.exp(x[0]), "dlhand.exp"), (lambda x: float(x[0]), "d.value"),
        (lambda x: x * [x[0], x[1], x[2]], "stack"),
        (lambda x: np.float64(1) < x[0], "a function of"),
        (np.add.reduce, "dlhand.total"), (np.cumsum, "a function of dlhand"),
        (lambda x: np.where(x, 1, 0), "dlhand.greater"), (np.square, "x**2"),
        (lambda x: np.add(x, 1, out=np.zeros(3)), "the operands alone"),
        (lambda x: np.array([x[0]]), "dlhand.stack"), (np.asarray, "dlhand.stack"),
        (lambda x: round(x[0]), "dlhand.floor"), (lambda x: int(x[0]), "d.value"),
        (lambda x: x[0] % 2, "dlhand.floor"), (lambda x: 7 // x[0], "dlhand.floor"),
    ],
)  # fmt: skip
def test_functions_of_others_point_to_ours(act, wanted):
    with pytest.raises(FormulaError, match=r"a quantity|list of quantities") as refusal:
        act(a_vector()[1])
    assert wanted in str(refusal.value)


def test_what_an_error_wants_exists():
    """Every function of NumPy on a quantity: what the error names of ours can be imported."""
    _, x = a_vector()
    asked = 0
    for name in dir(np):
        function = getattr(np, name)
        if not callable(function) or isinstance(function, type):
            continue
        try:
            function(x)
        except FormulaError as error:
            asked += 1
            for wanted in re.findall(r"dlhand\.(\w+)", str(error)):
                assert hasattr(dlhand, wanted), (name, wanted)
        except (TypeError, ValueError, LookupError, AttributeError, DlhandError, Warning):
            continue
    assert asked > 60


def test_formulas_where_numbers_are_wanted_are_told_apart():
    d, x = a_vector()
    for given in (x, [x], [[1, x[0]]]):
        with pytest.raises(GivenError, match=r"a formula in it; wanted numbers: .* stack"):
            d.given("g", given)
    with pytest.raises(FormulaError, match="wanted a formula over givens and steps; stack"):
        d.step("k", [x[0]])
    with pytest.raises(ShapeError, match="total"):
        sum(x[0])


def test_numbers_of_numpy_stand_on_either_side():
    d, x = a_vector()
    two = np.float64(2)
    for formula, value in (
        (two * x, [1, -4, 6]), (x * two, [1, -4, 6]), (two + x, [2.5, 0, 5]),
        (x - two, [-1.5, -4, 1]), (two - x, [1.5, 4, -1]), (two / x, [4, -1, 2 / 3]),
        (x**two, [0.25, 4, 9]),
    ):  # fmt: skip
        assert [float(v) for v in d.value(formula)] == pytest.approx(value)
    assert (x == two) is False and (x != two) is True
    with pytest.raises(FormulaError, match="bare array"):
        np.array([1, 2, 3]) * x


@pytest.mark.parametrize("base", [2, "0.5", np.float64(3), "1/3"])
def test_a_number_to_the_power_of_a_quantity(base):
    d, x = a_vector()
    y = d.step("y", base**x)
    g = d.backward(d.step("E", total(y)), [x])[x]
    b, at = float(Fraction(base)), np.array([0.5, -2, 3])
    assert [float(v) for v in d.value(y)] == pytest.approx(b**at)
    assert [float(v) for v in d.value(g)] == pytest.approx(np.log(b) * b**at)
    assert d.value(y)[2].equals(Fraction(base) ** 3)  # a whole power is exact
    with pytest.raises(FormulaError, match="base is -2; wanted a number above 0"):
        (-2) ** x


def test_the_size_of_a_quantity():
    d, x = a_vector()
    g = d.backward(d.step("E", total(abs(x))), [x])[x]
    assert [float(v) for v in d.value(abs(x))] == [0.5, 2, 3]
    assert [float(v) for v in d.value(g)] == [1, -1, 1]


@pytest.mark.parametrize("axes", [(0, 1), (1, 2), (0, 2), (-1, 0), (0, 1, 2), (1,)])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(total, np.sum), (mean, np.mean), (variance, np.var), (largest, np.max),
     (log_sum_exp, lambda a, axis: np.log(np.exp(a).sum(axis))),
     (softmax, lambda a, axis: np.exp(a) / np.exp(a).sum(axis, keepdims=True))],
)  # fmt: skip
def test_several_axes_are_one_reduction(ours, theirs, axes):
    rng = np.random.default_rng(len(axes))
    a = rng.permutation(np.arange(-50, 50, 8))[:12].reshape(2, 3, 2) / 64
    d = Derivation("Axes")
    x = d.given("x", a.tolist())
    y = d.step("y", ours(x, axes))
    assert np.allclose(np.array(d.value(y), dtype=object).astype(float), theirs(a, axes))
    weights = rng.integers(1, 9, y.shape).tolist() if y.shape else 3
    r = d.given("r", weights)
    g = d.backward(d.step("E", total(r * y) if y.shape else r * y), [x])[x]
    found, h = np.array(d.value(g), dtype=object).astype(float), 1e-6
    for place in np.ndindex(a.shape):
        up, down = a.copy(), a.copy()
        up[place] += h
        down[place] -= h
        slope = (weights * (theirs(up, axes) - theirs(down, axes))).sum() / (2 * h)
        assert found[place] == pytest.approx(slope, abs=1e-5)
    scope = {}
    exec(d.to_python(), scope)
    assert np.allclose(scope["y"], theirs(a, axes)) and np.allclose(scope["dE_dx"], found)


@pytest.mark.parametrize("axis", [(0, 0), (0, -2), (), 2, (0, 5), 1.0, "0", True])
def test_what_is_no_axis(axis):
    d = Derivation("Axes")
    x = d.given("x", [[1, 2], [3, 4]])
    with pytest.raises(ShapeError, match=r"axis is .*; wanted"):
        total(x, axis)
