"""Perceptrons as logical gates: OR, AND, XOR (documents 002 and 003).

A row of the truth table is written into the formulas as on the page: y = w1·0 + w2·1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dlhand import Derivation, at_least, heaviside, relu
from dlhand.derivation.entries import Step
from dlhand.examples import Vary, erratum, example
from dlhand.operations.quantity import Quantity

ROWS = ("00", "01", "10", "11")
Net = Callable[[int, int], Quantity]
Activation = Callable[[Quantity], Quantity]


def _rows(
    d: Derivation,
    net: Net,
    fire: Activation,
    z: str,
    a: str,
    rows: Iterable[str] = ROWS,
    mark: str = "",
) -> list[Quantity]:
    """Present rows of the truth table: for each, what the unit receives and what it puts out."""
    outputs: list[Quantity] = []
    for row in rows:
        received = d.step(
            f"{z}_{row}{mark}",
            net(int(row[0]), int(row[1])),
            say=f"the weighted sum for x1 = {row[0]}, x2 = {row[1]}",
        )
        outputs.append(d.step(f"{a}_{row}{mark}", fire(received), say="what the unit puts out"))
    return outputs  # fmt: skip


# each trial: the row presented, and the weight mended before it with its new value
TRIALS = [
    ("00", "", 0), ("00", "w0", -1), ("01", "", 0), ("01", "w2", 2), ("10", "", 0),
    ("10", "w1", 2), ("11", "", 0),
]  # fmt: skip


@example("002-or", "01_perceptron", Vary(keeps="o_1 o_2 o_3 o_4 o_5 o_6 o_7"))
def or_by_trial() -> Derivation:
    """The OR gate, its weights found by trial and error."""
    d = Derivation(
        "OR by trial and error",
        about="Which weights make a unit with a step compute OR? We start with ones and mend one "
        "weight whenever a row comes out wrong.",
    )
    d.section("Given")
    now = {w.name: w for w in d.givens(w0=1, w1=1, w2=1)}
    for k, (row, mended, better) in enumerate(TRIALS, 1):
        x1, x2 = int(row[0]), int(row[1])
        d.section(f"Trial {k}: row {x1}, {x2}" + (f" with a new {mended}" if mended else ""))
        if mended:
            now[mended] = d.given(f"{mended}'", better)
        say = f"the weighted sum for x1 = {x1}, x2 = {x2}"
        y = d.step(f"y_{k}", now["w0"] + now["w1"] * x1 + now["w2"] * x2, say=say)
        d.step(f"o_{k}", heaviside(y), say=f"1 if it is above 0; OR wants {x1 | x2}")
    return d


@example("002-or-rule", "01_perceptron", Vary(keeps="o_00 o_00' o_01' o_10' o_11'"))
def or_by_rule() -> Derivation:
    """The OR gate by the perceptron rule: one correction is enough."""
    d = Derivation(
        "OR by the perceptron rule",
        about="Must one guess? The perceptron rule says by how much to change each weight: the "
        "learning rate times the error times the input.",
    )
    w0, w1, w2, alpha, t = d.givens(w0=1, w1=1, w2=1, alpha=1, t_00=0)
    d.section("The first row is wrong")
    (o,) = _rows(d, lambda a, b: w0 + w1 * a + w2 * b, heaviside, "y", "o", rows=["00"])
    d.section("Correct every weight")
    v0 = d.step("w0'", w0 + alpha * (t - o) * 1, say="the bias's input is always 1")
    v1 = d.step("w1'", w1 + alpha * (t - o) * 0, say="its input was 0: no change")
    v2 = d.step("w2'", w2 + alpha * (t - o) * 0, say="its input was 0: no change")
    d.section("All rows with the new weights")
    _rows(d, lambda a, b: v0 + v1 * a + v2 * b, heaviside, "y", "o", mark="'")
    return d


def _train(d: Derivation, unit: str, rows: list[str], wrong: tuple[int, int],
           alpha: Quantity, fire: Activation) -> list[Quantity]:  # fmt: skip
    """Present rows until one is wrong, correct both weights, present all rows again."""
    w1, w2 = d.given(f"w1{unit}", 1), d.given(f"w2{unit}", 1)
    d.section(f"z{unit}, first weights")
    o = _rows(d, lambda a, b: w1 * a + w2 * b, fire, f"y{unit}", f"z{unit}", rows)[-1]
    d.section(f"z{unit}, correction: 1 came out where 0 is wanted")
    say = "weight + learning rate · (target − output) · input"
    v1 = d.step(f"w1{unit}'", w1 + alpha * (0 - o) * wrong[0], say=say)
    v2 = d.step(f"w2{unit}'", w2 + alpha * (0 - o) * wrong[1], say=say)
    d.section(f"z{unit}, all rows with the new weights")
    return _rows(d, lambda a, b: v1 * a + v2 * b, fire, f"y{unit}", f"z{unit}", mark="'")


FIRED = (
    "z1_00 z1_01 z1_00' z1_01' z1_10' z1_11' z2_00 z2_01 z2_10 z2_00' z2_01' z2_10' z2_11' "
    "o_00 o_01 o_10 o_11"
)
"""The steps of XOR that say which unit fires for which row."""


@example("002-xor", "01_perceptron", Vary(keeps=FIRED))
def xor_by_rule() -> Derivation:
    """The XOR gate from two trained units and an OR."""
    d = Derivation(
        "XOR from two trained units",
        about="XOR is (x1 and not x2) or (not x1 and x2). We train one unit for each half by the "
        "perceptron rule and join them with an OR.",
    )
    d.section("Given")
    alpha, theta, v1, v2 = d.givens(alpha="1.5", theta=1, v1=1, v2=1)

    def fire(y: Quantity) -> Quantity:
        return at_least(y, theta)

    first = _train(d, "1", ["00", "01"], (0, 1), alpha, fire)
    second = _train(d, "2", ["00", "01", "10"], (1, 0), alpha, fire)
    d.section("XOR: z1 OR z2")
    for row, z1, z2 in zip(ROWS, first, second, strict=True):
        y = d.step(f"y_{row}", v1 * z1 + v2 * z2, say=f"the weighted sum for row {row}")
        d.step(f"o_{row}", fire(y), say="XOR of the row")
    return d


def _gate(title: str, about: str, bias: int, fire: Activation) -> Derivation:
    """A unit with weights 1, 1 and a bias on all four rows."""
    d = Derivation(title, about=about)
    d.section("Given")
    w1, w2, b = d.givens(w1=1, w2=1, b=bias)
    d.section("All rows of the truth table")
    _rows(d, lambda x1, x2: w1 * x1 + w2 * x2 + b, fire, "z", "a")
    return d


@example("003-and-gate", "01_perceptron", Vary(keeps="a_00 a_01 a_10"))
def and_gate() -> Derivation:
    """AND with weights 1, 1 and bias -1."""
    about = "Does a unit with weights 1 and 1 and bias -1 compute AND?"
    d = _gate("AND with one unit", about, -1, relu)
    return d


@example("003-or-gate", "01_perceptron")
def or_gate() -> Derivation:
    """OR by changing only the bias, to 0."""
    about = "What does the same unit compute with bias 0, when it fires above 0?"
    d = _gate("OR with one unit", about, 0, heaviside)
    return d


@example("003-xor-fail", "01_perceptron")
def xor_fails() -> Derivation:
    """One unit cannot do XOR."""
    about = "Can the same unit compute XOR? Row 1, 1 must give 0."
    d = _gate("XOR with one unit fails", about, 0, relu)
    return d


@example("003-xor-relu", "01_perceptron", Vary(keeps="a3_00 a3_11 a2_01 a2_10"))
def xor_relu() -> Derivation:
    """XOR with a hidden layer of two ReLU units."""
    d = Derivation(
        "XOR with a hidden layer",
        about="One unit cannot compute XOR. Two hidden units and an output unit can.",
    )
    d.section("Given")
    c1, c2, v1, v2, b = d.givens(c1=0, c2=-1, v1=1, v2=-2, b=0)
    w11, w12, w21, w22 = d.givens(w11=1, w12=1, w21=1, w22=1)
    for row in ROWS:
        x1, x2 = int(row[0]), int(row[1])
        d.section(f"Row {x1}, {x2}")
        z1 = d.step(f"z1_{row}", w11 * x1 + w12 * x2 + c1, say="the first hidden unit receives")
        z2 = d.step(f"z2_{row}", w21 * x1 + w22 * x2 + c2, say="the second hidden unit receives")
        a1 = d.step(f"a1_{row}", relu(z1), say="and puts out")
        a2 = d.step(f"a2_{row}", relu(z2), say="and puts out")
        z3 = d.step(f"z3_{row}", v1 * a1 + v2 * a2 + b, say="the output unit receives")
        d.step(f"a3_{row}", relu(z3), say="and puts out")
    return d


@erratum("002-xor-limit", example="002-xor", line=115)
def limit_of_zero() -> tuple[Derivation, Step, Step]:
    """A unit that fires from 0 on fires for all rows ticked with 0 or 0.5, which are to give 0."""
    d = Derivation("From which sum on does a unit of XOR fire?")
    y, theta = d.givens(y=[0, "0.5", 1], theta=1)
    wrong = d.step("z_printed", at_least(y, 0), say="as printed: from 0 on")
    return d, wrong, d.step("z", at_least(y, theta), say="from 1 on; any limit above 0.5 will do")
