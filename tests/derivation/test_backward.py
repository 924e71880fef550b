"""The backward pass: the forms a person writes, sums where paths meet, and the right numbers."""

from fractions import Fraction
from typing import Any

import pytest
from mpmath import mp

from dlhand import (
    Derivation,
    DuplicateName,
    NoDependence,
    exp,
    log,
    mean,
    relu,
    sigmoid,
    softmax,
    tanh,
    total,
)
from dlhand.derivation.entries import Entry, Gradient, Local, Step
from dlhand.operations.quantity import CONSTANT, Quantity

WEIGHTS = {
    "w1": "0.1",
    "w2": "0.2",
    "w3": "0.3",
    "w4": "0.4",
    "w5": "0.5",
    "w6": "0.6",
    "w7": "0.7",
    "w8": "0.8",
}
OTHERS = {"x1": "0.1", "x2": "0.5", "b1": "0.25", "b2": "0.35", "t1": "0.05", "t2": "0.95"}


def written(q: Quantity) -> str:
    """A formula as text, with the names of its leaves."""
    names = iter([leaf.name for leaf in q.leaves])  # type: ignore[attr-defined]

    def of(form: Any) -> str:
        if form.op is CONSTANT:
            return str(form.params[0])
        if not form.args:
            return next(names)
        return f"{form.op.name}({', '.join(of(arg) for arg in form.args)})"

    return of(q.form)


def formula(d: Any, name: str) -> str:
    found = d[name].formula
    assert found is not None
    return written(found)


def scalars() -> tuple[Derivation, Any]:
    d = Derivation("Two inputs, two hidden, two outputs")
    x1, x2, b1, b2, t1, t2 = d.givens(**OTHERS)
    w1, w2, w3, w4, w5, w6, w7, w8 = d.givens(**WEIGHTS)
    z_h1 = d.step("z_h1", w1 * x1 + w3 * x2 + b1)
    z_h2 = d.step("z_h2", w2 * x1 + w4 * x2 + b1)
    h1, h2 = d.step("h1", sigmoid(z_h1)), d.step("h2", sigmoid(z_h2))
    z_o1 = d.step("z_o1", w5 * h1 + w6 * h2 + b2)
    z_o2 = d.step("z_o2", w7 * h1 + w8 * h2 + b2)
    o1, o2 = d.step("o1", sigmoid(z_o1)), d.step("o2", sigmoid(z_o2))
    E1, E2 = d.step("E1", (o1 - t1) ** 2 / 2), d.step("E2", (o2 - t2) ** 2 / 2)
    E = d.step("E", E1 + E2)
    return d, d.backward(E, [w1, w2, w3, w4, w5, w6, w7, w8, b1, b2])


def vectors() -> tuple[Derivation, Any]:
    d = Derivation("The same in vectors")
    x, t = d.givens(x=["0.1", "0.5"], t=["0.05", "0.95"])
    W1, W2 = d.givens(W1=[["0.1", "0.3"], ["0.2", "0.4"]], W2=[["0.5", "0.6"], ["0.7", "0.8"]])
    b1, b2 = d.givens(b1="0.25", b2=["0.35", "0.35"])
    h = d.step("h", sigmoid(d.step("z_h", W1 @ x + b1)))
    o = d.step("o", sigmoid(d.step("z_o", W2 @ h + b2)))
    E = d.step("E", total((o - t) ** 2) / 2)
    return d, d.backward(E, [W1, W2, b1, b2])


def digits(d: Derivation, q: Any) -> list[str]:
    return [real.digits(30) for real in d.evaluation.reals(d[q].index)]


def test_the_network_in_numbers_and_in_vectors_has_the_same_gradients() -> None:
    d, _ = scalars()
    e, _ = vectors()
    assert digits(d, "E") == digits(e, "E")
    by_hand = {name: digits(d, f"dE/d{name}")[0] for name in [*WEIGHTS, "b1", "b2"]}
    assert digits(e, "dE/dW1") == [by_hand[k] for k in ("w1", "w3", "w2", "w4")]
    assert digits(e, "dE/dW2") == [by_hand[k] for k in ("w5", "w6", "w7", "w8")]
    assert digits(e, "dE/db1") == [by_hand["b1"]]
    assert digits(e, "dE/dz_o") == digits(d, "dE/dz_o1") + digits(d, "dE/dz_o2")
    assert e.value(e.step("s", total(e["dE/db2"]))).digits(30) == by_hand["b2"]


@pytest.mark.parametrize("name", [*WEIGHTS, "b1", "b2"])
def test_the_gradients_of_the_network_are_differences(name: str) -> None:
    d, gradients = scalars()
    h = Fraction(1, 10**12)
    base = Fraction(d.given_value(name))
    ends = [
        d.with_values({name: base + s * h}).value("E").enclosure(Fraction(1, 10**60))[0]
        for s in (1, -1)
    ]
    slope = (ends[0] - ends[1]) / (2 * h)
    low, high = d.value(gradients[d[name]]).enclosure()
    assert low - Fraction(1, 10**20) <= slope <= high + Fraction(1, 10**20)


def test_each_step_has_the_form_that_a_person_writes() -> None:
    d, gradients = scalars()
    assert {
        name: formula(d, name) for name in (e.name for e in d.entries) if name.startswith("dE/")
    } == {
        "dE/do1": "sub(o1, t1)",
        "dE/do2": "sub(o2, t2)",
        "dE/dz_o1": "mul(dE/do1, o1, sub(1, o1))",
        "dE/dz_o2": "mul(dE/do2, o2, sub(1, o2))",
        "dE/dw5": "mul(dE/dz_o1, h1)",
        "dE/dw6": "mul(dE/dz_o1, h2)",
        "dE/dw7": "mul(dE/dz_o2, h1)",
        "dE/dw8": "mul(dE/dz_o2, h2)",
        "dE/db2": "add(dE/dz_o1, dE/dz_o2)",
        "dE/dh1": "add(mul(dE/dz_o1, w5), mul(dE/dz_o2, w7))",
        "dE/dh2": "add(mul(dE/dz_o1, w6), mul(dE/dz_o2, w8))",
        "dE/dz_h1": "mul(dE/dh1, h1, sub(1, h1))",
        "dE/dz_h2": "mul(dE/dh2, h2, sub(1, h2))",
        "dE/dw1": "mul(dE/dz_h1, x1)",
        "dE/dw2": "mul(dE/dz_h2, x1)",
        "dE/dw3": "mul(dE/dz_h1, x2)",
        "dE/dw4": "mul(dE/dz_h2, x2)",
        "dE/db1": "add(dE/dz_h1, dE/dz_h2)",
    }
    assert gradients[d["w5"]] is d["dE/dw5"]
    assert [q.name for q in gradients][:1] == ["E"]


def test_vectors_have_the_forms_of_the_chapter_too() -> None:
    d, _ = vectors()
    assert formula(d, "dE/do") == "sub(o, t)"
    assert formula(d, "dE/dz_o") == "mul(dE/do, o, sub(1, o))"
    assert formula(d, "dE/dW2") == "outer(dE/dz_o, h)"
    assert formula(d, "dE/db2") == "dE/dz_o"
    assert formula(d, "dE/dh") == "matvec(transpose(W2), dE/dz_o)"
    assert formula(d, "dE/db1") == "sum(dE/dz_h)"


@pytest.mark.parametrize(
    ("build", "slope"),
    [
        (lambda x, y: (x - y) ** 2 / 2, "sub(x, y)"),  # no 2 · 1/2
        (lambda x, y: (x - y) ** 2 * "0.5", "sub(x, y)"),
        (lambda x, y: "1/3" * x**3, "power(x)"),
        (lambda x, y: (x - y) ** 2, "mul(2, sub(x, y))"),
        (lambda x, y: (y - x) ** 2 / 2, "neg(sub(y, x))"),
        (lambda x, y: -(-x * y), "y"),
        (lambda x, y: -(x * -y), "y"),
        (lambda x, y: y - x * 2, "neg(2)"),
        (lambda x, y: x * y * 2, "mul(2, y)"),
        (lambda x, y: x / y, "div(1, y)"),
        (lambda x, y: x / 4, "1/4"),
        (lambda x, y: exp(x), "E"),
        (lambda x, y: log(x), "div(1, x)"),
        (lambda x, y: sigmoid(x), "mul(E, sub(1, E))"),
        (lambda x, y: tanh(x), "sub(1, power(E))"),
        (lambda x, y: relu(x), "heaviside(x)"),
        (lambda x, y: x + y * 3, "1"),
    ],
)  # fmt: skip
def test_trivial_factors_vanish_and_nothing_else(build: Any, slope: str) -> None:
    d = Derivation("Forms")
    x, y = d.givens(x="0.7", y="0.4")
    found = d.backward(d.step("E", build(x, y)), [x])[x]
    assert (written(found.formula) if isinstance(found, Step) else written(found)) == slope


def test_a_gradient_of_one_needs_no_line() -> None:
    d = Derivation("One")
    x, y = d.givens(x=2, y=3)
    E = d.step("E", x + y)
    found = d.backward(E, [x, y, E])
    assert [e.name for e in d.entries] == ["x", "y", "E"]
    assert all(written(found[q]) == "1" for q in (x, y, E))


def test_weights_shared_by_several_steps_add_up() -> None:
    d = Derivation("A recurrent net")
    w, u, h0 = d.givens(w="0.5", u="-0.3", h0="0.1")
    h: Any = h0
    for k, x in enumerate(["1", "0.2", "-0.7"], 1):
        h = d.step(f"h{k}", tanh(w * d.given(f"x{k}", x) + u * h))
    E = d.step("E", h * h)
    found = d.backward(E, [w, u, h0])
    assert formula(d, "dE/dw").startswith("add(")
    assert formula(d, "dE/dw").count("mul(") >= 3
    for name in ("w", "u", "h0"):
        ends = [
            d.with_values({name: Fraction(d.given_value(name)) + s})
            .value("E")
            .enclosure(Fraction(1, 10**60))[0]
            for s in (Fraction(1, 10**12), -Fraction(1, 10**12))
        ]
        slope = (ends[0] - ends[1]) * 10**12 / 2
        low, high = d.value(found[d[name]]).enclosure()
        assert low - Fraction(1, 10**20) <= slope <= high + Fraction(1, 10**20)


def test_gradients_with_respect_to_steps() -> None:
    d = Derivation("Inner")
    x, w = d.givens(x=2, w=3)
    z = d.step("z", w * x)
    y = d.step("y", z * z)
    E = d.step("E", y + z)
    found = d.backward(E, [z])
    assert d.value(found[z]).exact == 13
    assert [e.name for e in d.steps] == ["z", "y", "E", "dE/dz"]
    both = d.backward(E, [z, w])
    assert d.value(both[w]).exact == 26
    assert both[z] is found[z]


def test_only_what_leads_to_the_wanted_gets_a_line() -> None:
    d = Derivation("Sparse")
    x, w, b = d.givens(x=2, w=3, b=1)
    z = d.step("z", w * x)
    side = d.step("side", b * 2)
    E = d.step("E", z * side)
    after = d.step("after", E + z)
    d.backward(E, [w])
    assert [e.name for e in d.steps] == ["z", "side", "E", "after", "dE/dz", "dE/dw"]
    assert after.name in d


def test_local_derivatives_get_lines_of_their_own() -> None:
    d = Derivation("A graph")
    x, y, z = d.givens(x=-2, y=5, z=-4)
    q = d.step("q", x + y)
    f = d.step("f", q * z)
    found = d.backward(f, [x, y, z], local=True)
    kinds = {e.name: type(e) for e in d.steps}
    assert kinds["dq/dx"] is Local
    assert d.value("dq/dx").exact == 1
    assert d.value("df/dq").exact == -4
    assert [d.value(found[leaf]).exact for leaf in (x, y, z)] == [-4, -4, 3]
    assert {name for name in kinds if name.startswith("dq/")} == {"dq/dx", "dq/dy"}


def one_path(local: bool) -> tuple[Derivation, Any]:
    """The way through the network over one hidden and one output neuron."""
    d = Derivation("One path")
    x1, x2, b1, b2, t1, _ = d.givens(**OTHERS)
    w1, w3, w5 = d.givens(w1="0.1", w3="0.3", w5="0.5")
    h = d.step("h", sigmoid(d.step("z", w1 * x1 + w3 * x2 + b1)))
    o = d.step("o", sigmoid(d.step("y", w5 * h + b2)))
    E = d.step("E", (o - t1) ** 2 / 2)
    return d, d.backward(E, [w1, w3, w5, b1, b2], local=local)


def test_local_derivatives_change_the_lines_and_not_the_numbers() -> None:
    (d, with_local), (e, without) = one_path(True), one_path(False)
    for name in ("w1", "w3", "w5", "b1", "b2", "z", "h", "y", "o"):
        assert digits(d, with_local[d[name]]) == digits(e, without[e[name]])
    assert formula(d, "dE/dw5") == "mul(dE/dy, dy/dw5)"
    assert formula(d, "dz/dw1") == "x1"
    assert formula(d, "do/dy") == "mul(o, sub(1, o))"
    assert formula(e, "dE/dw5") == "mul(dE/dy, h)"


def test_local_for_some_steps_only() -> None:
    d = Derivation("Some")
    x, w = d.givens(x=2, w="0.5")
    z = d.step("z", w * x)
    a = d.step("a", sigmoid(z))
    E = d.step("E", a**2)
    d.backward(E, [w], local={"a"})
    assert [e.name for e in d.steps if isinstance(e, Local)] == ["da/dz"]
    assert formula(d, "dE/dz") == "mul(dE/da, da/dz)"


def two_rows(by_section: bool) -> tuple[Derivation, dict[Any, Any]]:
    """Two layers over two time steps: a2 and b1 are equally far from the loss."""
    d = Derivation("Two rows")
    x, w = d.givens(x="0.3", w="0.5")
    d.section("first")
    a1 = d.step("a1", tanh(w * x))
    b1 = d.step("b1", tanh(w * a1))
    d.section("second")
    a2 = d.step("a2", tanh(w * a1 + x))
    b2 = d.step("b2", tanh(w * a2 + b1))
    d.section("loss")
    E = d.step("E", b2**2)
    return d, d.backward(E, [x, w], last=[w], by_section=by_section)


def test_the_pass_goes_layer_by_layer_or_section_by_section() -> None:
    (d, layers), (e, sections) = two_rows(False), two_rows(True)
    names = [[q.name for q in found.steps if isinstance(q, Gradient)] for found in (d, e)]
    assert names[0] == [f"dE/d{q}" for q in ("b2", "b1", "a2", "a1", "x", "w")]
    assert names[1] == [f"dE/d{q}" for q in ("b2", "a2", "b1", "a1", "x", "w")]
    for name in ("x", "w"):
        assert digits(d, layers[d[name]]) == digits(e, sections[e[name]])


def test_names_of_the_chapter_can_be_given() -> None:
    d = Derivation("Deltas")
    x, w = d.givens(x=2, w="0.5")
    z = d.step("z", w * x)
    E = d.step("E", sigmoid(z) ** 2)
    found = d.backward(E, [w], names={"z": "delta", "w": "Delta_w"})
    assert found[w].name == "Delta_w"  # type: ignore[attr-defined]
    assert formula(d, "Delta_w") == "mul(delta, x)"
    assert isinstance(d["delta"], Gradient)
    assert "dE/dz" not in d


def test_one_name_for_two_gradients_is_refused_and_none_is_mixed_up() -> None:
    d = Derivation("Two losses")
    z, x = d.givens(z=1, x=2)
    first, second = d.step("E1", z * z), d.step("E2", z * z * z * x)
    assert d.value(d.backward(first, [z], names={"z": "delta"})[z]).exact == 2
    with pytest.raises(DuplicateName, match="the gradient of z would be called 'delta'"):
        d.backward(second, [z], names={"z": "delta"})
    with pytest.raises(DuplicateName, match=r"the gradient of [xz] would be called 'g'"):
        d.backward(second, [z, x], names={"z": "g", "x": "g"})
    found = d.backward(second, [z], names={"z": "delta_2"})
    assert d.value(found[z]).exact == 6


def test_two_losses_have_gradients_of_their_own() -> None:
    d = Derivation("Two losses")
    w = d.given("w", 3)
    a, b = d.step("A", w * w), d.step("B", w * 5)
    assert d.value(d.backward(a, [w])[w]).exact == 6
    assert d.value(d.backward(b, [w])[w]).exact == 5
    assert {"dA/dw", "dB/dw"} <= {e.name for e in d.entries}


def test_a_second_call_takes_up_the_steps_of_the_first() -> None:
    d, first = scalars()
    count = len(d.entries)
    again = d.backward(d["E"], [d["w1"], d["b2"]])
    assert len(d.entries) == count
    assert again[d["w1"]] is first[d["w1"]]
    more = d.backward(d["E"], [d["x1"]])
    assert [e.name for e in d.entries[count:]] == ["dE/dx1"]
    assert formula(d, "dE/dx1") == "add(mul(dE/dz_h1, w1), mul(dE/dz_h2, w2))"
    assert more[d["x1"]] is d["dE/dx1"]


def test_gradients_belong_to_the_section_in_which_they_are_asked_for() -> None:
    d = Derivation("Sections")
    w = d.given("w", 3)
    d.section("Forward")
    E = d.step("E", w * w)
    d.section("Backward")
    d.backward(E, [w])
    assert d["dE/dw"].section == "Backward"


def test_a_gradient_can_be_used_and_differentiated_again() -> None:
    d = Derivation("Twice")
    x = d.given("x", 2)
    y = d.step("y", x**3)
    g = d.backward(y, [x])[x]
    assert d.value(d.step("x'", x - "0.1" * g)).exact == Fraction(8, 10)
    second = d.backward(g, [x])
    assert d.value(second[x]).exact == 12


@pytest.mark.parametrize("name", ["softmax", "mean", "matrix"])
def test_one_step_of_descent_makes_the_loss_smaller(name: str) -> None:
    d = Derivation("Descent")
    W, x, t = d.givens(W=[["0.3", "-0.2"], ["0.5", "0.1"]], x=["1", "0.5"], t=["1", "0"])
    z = d.step("z", W @ x)
    y = {"softmax": lambda: softmax(z), "mean": lambda: z - mean(z), "matrix": lambda: tanh(z)}[
        name
    ]()
    E = d.step("E", total((d.step("y", y) - t) ** 2))
    g = d.backward(E, [W])[W]
    new = d.step("W'", W - "0.1" * g)
    after = d.with_values({"W": [[real.enclosure()[0] for real in row] for row in d.value(new)]})
    assert float(after.value("E")) < float(d.value("E"))


# Long chains


def chain(length: int) -> tuple[Derivation, Any, Any]:
    d = Derivation("A chain")
    h: Any = d.given("h", "0.5")
    first = h
    for k in range(length):
        h = d.step(f"h{k}", tanh(h) + "0.1")
    return d, first, h


def test_a_chain_of_2000_steps_has_a_gradient_at_the_ordinary_recursion_limit() -> None:
    d, first, last = chain(2000)
    found = d.backward(last, [first])
    assert len(d.entries) == 1 + 2 * 2000
    with mp.workdps(40):  # far below every float, and so no difference of floats tells it from 0
        h, slope = mp.mpf("0.5"), mp.mpf(1)
        for _ in range(2000):
            slope *= 1 - mp.tanh(h) ** 2
            h = mp.tanh(h) + mp.mpf("0.1")
        assert d.value(found[first]).digits(10) == f"{mp.nstr(slope, 10)}"
    assert d.value(last).digits(10) == mp.nstr(h, 10)


def work_of(length: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many entries and formulas are made or gone through, counted without a clock."""
    d, first, last = chain(length)
    count = 0
    made, named = Quantity.__init__, Entry.__init__

    def counted(self: Any, form: Any, leaves: Any) -> None:
        nonlocal count
        count += 1 + len(leaves)
        made(self, form, leaves)

    def counted_entry(self: Any, *args: Any) -> None:
        nonlocal count
        named(self, *args)
        count += 1 + len(self.uses)

    with monkeypatch.context() as patch:
        patch.setattr(Quantity, "__init__", counted)
        patch.setattr(Entry, "__init__", counted_entry)
        d.backward(last, [first])
    return count


def test_the_backward_pass_grows_with_the_length_and_no_faster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work_of(10, monkeypatch)  # what is done once for a form is done now
    short, long = work_of(500, monkeypatch), work_of(2000, monkeypatch)
    assert short >= 500
    assert long <= 4.1 * short


def test_a_flat_path_beside_a_sloped_one_is_left_out() -> None:
    d = Derivation("Beside")
    x = d.given("x", 2)
    gate = d.step("gate", relu(x) * 0 + x**0)
    E = d.step("E", gate * x)
    found = d.backward(E, [x])
    assert d.value(found[x]).exact == 1
    with pytest.raises(NoDependence):
        d.backward(d.step("F", x**0 + 1), [x])
