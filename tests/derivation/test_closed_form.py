from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from dlhand.derivation.closed_form import closed_form, symbols
from dlhand.derivation.model import Derivation
from dlhand.errors import UndefinedValue, UnknownName
from dlhand.operations.activations import sigmoid
from dlhand.operations.elementary import log
from dlhand.operations.pooling import max_pool
from dlhand.operations.quantity import Quantity
from dlhand.operations.reduction import total
from tests.derivation.cases import EXAMPLES, network, network_of_arrays

WEIGHTS = [f"w{k}" for k in range(1, 9)]


def flat(value):
    return [x for item in value for x in flat(item)] if isinstance(value, list) else [value]


def entries(form):
    """The entries of a closed form, row after row."""
    return list(sympy.flatten(form)) if hasattr(form, "shape") else [form]


def exact_givens(d):
    """What to put in for each symbol."""
    found = {}
    for name, symbol in symbols(d).items():
        values = flat(d.given_value(name))
        for one, value in zip(flat(symbol), values, strict=True):
            found[one] = sympy.Rational(value.numerator, value.denominator)
    return found


@pytest.mark.parametrize("make", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_a_closed_form_at_the_givens_has_the_proven_value(make):
    d = make()
    put_in = exact_givens(d)
    for entry in d.entries:
        found = entries(closed_form(d, entry))
        reals = flat(d.value(entry))
        for form, real in zip(found, reals, strict=True):
            low, high = real.enclosure(Fraction(1, 10**50))
            number = sympy.N(sympy.sympify(form).xreplace(put_in), 45)
            slack = Fraction(1, 10**40) * (1 + abs(high))
            assert low - slack <= Fraction(str(number)) <= high + slack, entry


def assert_equal_to_40_digits(ours, theirs, put_in):
    one, other = (sympy.N(form.xreplace(put_in), 60) for form in (ours, theirs))
    assert abs(one - other) <= sympy.Float("1e-40", 60) * max(1, abs(one))


rationals = st.fractions(-2, 2, max_denominator=50)


@settings(deadline=None, max_examples=5)
@given(st.lists(rationals, min_size=14, max_size=14))
def test_the_backward_pass_is_the_derivative_of_the_closed_form(point):
    d = network()
    names = symbols(d)
    put_in = {
        symbol: sympy.Rational(value.numerator, value.denominator)
        for symbol, value in zip(names.values(), point, strict=True)
    }
    loss = closed_form(d, "E")
    for name in [*WEIGHTS, "b1", "b2"]:
        derivative = sympy.diff(loss, names[name])
        assert_equal_to_40_digits(closed_form(d, f"dE/d{name}"), derivative, put_in)


def test_the_gradient_of_every_step_between_is_the_derivative_by_that_step():
    d = network()
    put_in = exact_givens(d)
    between = [e for e in d.steps if f"dE/d{e.name}" in d]
    assert len(between) == 8
    for held in between:
        free = sympy.Symbol("free", real=True)
        derivative = sympy.diff(loss_by_step(d, held, free), free)
        at_its_value = derivative.subs(free, closed_form(d, held))
        assert_equal_to_40_digits(closed_form(d, f"dE/d{held.name}"), at_its_value, put_in)


def loss_by_step(d, held, free):
    """The loss with one step held: that of a derivation in which this step is a given."""
    again = Derivation("Held")
    known = {}
    for entry in d.entries[: d["E"].index + 1]:
        if entry.formula is None or entry is held:
            value = 0 if entry is held else d.given_value(entry)
            known[entry] = again.given(entry.name, value)
        else:
            leaves = tuple(known[leaf] for leaf in entry.formula.leaves)
            known[entry] = again.step(entry.name, Quantity(entry.formula.form, leaves))
    return closed_form(again, "E").subs(symbols(again)[held.name], free)


def test_gradients_of_arrays_are_the_derivatives_of_the_closed_form():
    d = network_of_arrays()
    names, put_in = symbols(d), exact_givens(d)
    loss = closed_form(d, "E")
    for name in ["W1", "b1", "W2", "b2"]:
        found = entries(closed_form(d, f"dE/d{name}"))
        for ours, symbol in zip(found, flat(names[name]), strict=True):
            assert_equal_to_40_digits(ours, sympy.diff(loss, symbol), put_in)


@pytest.mark.parametrize("name", ["w5", "w8", "b2"])
def test_some_gradients_equal_the_derivative_as_expressions(name):
    d = network()
    difference = closed_form(d, f"dE/d{name}") - sympy.diff(closed_form(d, "E"), symbols(d)[name])
    assert sympy.simplify(difference) == 0


def test_arrays_are_matrices_and_what_has_more_axes_an_array_of_sympy():
    d = Derivation("Shapes")
    v, A, T = d.givens(v=[1, 2, 3], A=[[1, 2, 3], [4, 5, 6]], T=[[[1, 2]], [[3, 4]]])
    kinds = [closed_form(d, d.step(f"s{k}", q * 2)) for k, q in enumerate((v, A, T))]
    assert [form.shape for form in kinds] == [(3, 1), (2, 3), (2, 1, 2)]
    assert [isinstance(form, sympy.ImmutableMatrix) for form in kinds] == [True, True, False]
    assert isinstance(kinds[2], sympy.ImmutableDenseNDimArray)


def test_a_closed_form_is_written_in_the_givens():
    d = Derivation("A neuron")
    x, w, b = d.givens(x="0.5", w="2", b="1/3")
    a = d.step("a", sigmoid(d.step("z", w * x + b)))
    d.step("E", (a - 1) ** 2 * "0.5")
    X, W, B = (symbols(d)[name] for name in "xwb")
    assert closed_form(d, "x") == X
    assert closed_form(d, a) == 1 / (1 + sympy.exp(-(W * X + B)))
    assert closed_form(d, "E") == (1 / (1 + sympy.exp(-(W * X + B))) - 1) ** 2 / 2


def test_arrays_have_the_shape_of_the_step():
    d = network_of_arrays()
    assert symbols(d)["W1"][0][1].name == "W1_0_1"
    assert closed_form(d, "W1").shape == (2, 2)
    assert closed_form(d, "h").shape == (2, 1)
    images = Derivation("Two channels")
    image = [["1", "0.5", "-2"], ["0", "2", "0.25"], ["4", "-1", "1"]]
    x = images.given("x", [image, image])
    images.step("p", max_pool(x, 2, 1))
    found = closed_form(images, "p")
    assert found.shape == (2, 2, 2)
    assert found[1, 0, 1].free_symbols == {
        symbols(images)["x"][1][i][j] for i in (0, 1) for j in (1, 2)
    }


def test_symbols_are_never_shared():
    d = Derivation("Names")
    x, x_0, x__1, x_ = d.givens(x=[1, 2], x_0=3, x__1=4, x_=[5, 6])
    d.step("s", total(x) + x_0 + x__1 + total(x_))
    assert len(closed_form(d, "s").free_symbols) == 6


def test_what_a_step_is_replaced_by_is_a_number():
    d = network().with_steps({"h1": "0.6", "h2": "0.5"})
    form = closed_form(d, "z_o1")
    assert {str(s) for s in form.free_symbols} == {"w5", "w6", "b2"}
    assert form.coeff(symbols(d)["w5"]) == sympy.Rational(3, 5)
    arrays = network_of_arrays().with_steps({"h": ["0.5", "0.25"]})
    assert list(closed_form(arrays, "h")) == [sympy.Rational(1, 2), sympy.Rational(1, 4)]


def test_a_long_chain_has_a_closed_form():
    d = Derivation("A long chain")
    x = d.given("x", "0.5")
    last = d.step("y0", x + 1)
    for k in range(1, 400):
        last = d.step(f"y{k}", last + x)
    assert closed_form(d, last) == 400 * symbols(d)["x"] + 1


def test_what_has_no_closed_form_is_named():
    d = Derivation("Undefined")
    x = d.given("x", 1)
    d.step("a", 1 / (x - x))
    d.step("b", log(x - x))
    d.step("c", (x - x) ** -1)
    for name, cause in [("a", "division by zero"), ("b", "logarithm"), ("c", "negative power")]:
        with pytest.raises(UndefinedValue, match=f"step {name} has no value: .*{cause}"):
            closed_form(d, name)
    with pytest.raises(UnknownName, match="no step is called 'q'"):
        closed_form(d, "q")
