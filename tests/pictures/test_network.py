"""The layered network: weights found in the formulas, values, moments."""

import pytest

import dlhand
from dlhand import Derivation, FormulaError, ShapeError, dot, sigmoid
from dlhand.calculators.network import Layer, mlp
from dlhand.pictures.canvas import BACKWARD, FORWARD
from dlhand.pictures.network import network
from tests.pictures.gallery import NET222, dense
from tests.pictures.sheet import lit, outside, overlaps, shown, texts, view, wires

WIRED = {
    "x1": {"h1": "w1", "h2": "w2"}, "x2": {"h1": "w3", "h2": "w4"},
    "h1": {"o1": "w5", "o2": "w7"}, "h2": {"o1": "w6", "o2": "w8"},
}  # fmt: skip


def test_the_weights_follow_from_the_formulas() -> None:
    d = dlhand.load("002-net222")
    picture = network(d, NET222)
    assert {(w.source, w.step) for w in wires(picture)} == {
        (source, unit) for source, units in WIRED.items() for unit in units
    }
    for source, units in WIRED.items():
        for unit, weight in units.items():
            words = f"from {_low(source)} to {_low(unit)} {d.text(weight)}"
            assert words in picture.alternative


def _low(name: str) -> str:
    return name.translate(str.maketrans("12345678", "₁₂₃₄₅₆₇₈"))


def test_each_weight_stands_on_its_own_line() -> None:
    picture = network(dlhand.load("002-net222"), NET222)
    ways = {(wire.source, wire.step): wire.points for wire in wires(picture)}
    for source, units in WIRED.items():
        for unit, weight in units.items():
            [text] = [t for t in texts(picture) if t.step == weight]
            x, y = (text.left + text.right) / 2, (text.top + text.bottom) / 2
            near = {
                pair: min(abs(x - a) + abs(y - b) for a, b in way) for pair, way in ways.items()
            }
            assert min(near, key=lambda pair: near[pair]) == (source, unit)


def test_units_have_their_values_and_biases() -> None:
    d = dlhand.load("002-net222")
    picture = network(d, NET222)
    assert shown(picture, "h1") == ["h1", "0.60109"]
    assert shown(picture, "x2") == ["x2", "0.5"]
    assert shown(picture, "b1") == ["+ b1 = 0.25"] * 2
    assert f"{d.text('o1').split()[-1]}, bias b₂ = 0.35" in picture.alternative
    assert shown(network(d, NET222, digits=3), "h1") == ["h1", "0.601"]


def test_a_network_of_vectors_has_a_row_of_the_matrix_for_each_unit() -> None:
    picture = network(dense(), ["x", "a1", "a2"])
    assert "from x₃ to a_1,2 W_1,23 = 0.3" in picture.alternative
    assert "from a_1,4 to a_2,1 W_2,14 = −1.25" in picture.alternative
    assert picture.svg == network(dense(), ["x", "a1", "a2"], ["W1", "W2"]).svg
    assert len(wires(picture)) == 3 * 4 + 4 * 2


def test_a_matrix_behind_the_vector_or_transposed_is_read_by_columns() -> None:
    d = Derivation("Three ways to write a layer")
    x, w, v = d.givens(x=[1, 2], W=[[1, 2], [3, 4], [5, 6]], v=[7, 8])
    u = d.given("U", [[1, 3, 5], [2, 4, 6]])
    d.step("y", w @ x)
    d.step("y'", x @ u)
    d.step("y''", u.T @ x)
    d.step("s", sigmoid(dot(v, x)))
    assert "from x₂ to y₃ W₃₂ = 6" in network(d, ["x", "y"]).alternative
    assert "from x₂ to y₃′ U₂₃ = 6" in network(d, ["x", "y'"]).alternative
    assert "from x₂ to y₃′′ U₂₃ = 6" in network(d, ["x", "y''"]).alternative
    assert "from x₂ to s v₂ = 8" in network(d, ["x", ["s"]]).alternative


def test_weights_can_be_named() -> None:
    d = Derivation("By name")
    d.givens(a=1, b=2, y=3, p=4, q=5, M=[[6, 7]])
    named = network(d, [["a", "b"], ["y"]], {("a", "y"): "p", ("b", "y"): "q"})
    assert "from a to y p = 4, from b to y q = 5" in named.alternative
    matrix = network(d, [["a", "b"], ["y"]], ["M"])
    assert "from b to y M₁₂ = 7" in matrix.alternative


@pytest.mark.parametrize(("n", "m"), [(1, 1), (1, 6), (6, 1), (5, 4), (4, 5), (16, 2), (7, 7)])
def test_no_labels_overlap_whatever_the_widths(n: int, m: int) -> None:
    d = mlp(
        [k for k in range(n)],
        [Layer([["-0.12345"] * n] * m, ["0.5"] * m), Layer([["0.25"] * m] * 2, [0, 0])],
    )
    picture = network(d, ["x", "a1", "a2"])
    assert overlaps(picture) == []
    assert outside(picture) == []


def test_a_step_lights_its_unit_and_a_gradient_its_weight() -> None:
    d = dlhand.load("002-net222")
    for name in ("z_h1", "h1"):
        picture = network(d, NET222, current=name)
        assert lit(picture) == ["h1"]
        assert {w.source for w in wires(picture) if w.colour == FORWARD} == {"x1", "x2"}
    back = network(d, NET222, current="dE/dz_h1")
    assert {(w.source, w.step) for w in wires(back) if w.colour == BACKWARD} == {
        ("h1", "o1"),
        ("h1", "o2"),
    }
    weight = network(d, NET222, current="dE/dw7")
    assert [(w.source, w.step) for w in wires(weight) if w.colour == BACKWARD] == [("h1", "o2")]
    assert lit(weight) == ["w7"]


def test_each_value_is_there_from_its_own_moment_on() -> None:
    d = dlhand.load("002-net222")
    named = [moment.name for moment in network(d, NET222).moments]
    assert named[:4] == ["z_h1", "z_h2", "h1", "h2"]
    assert "dE/dw1" in named
    pictures = [network(d, NET222, current=name, so_far=True) for name in named]
    assert len({view(picture) for picture in pictures}) == 1
    assert shown(pictures[0], "h1") == ["h1"]
    assert "h₁ still to come" in pictures[0].alternative
    assert shown(pictures[-1], "o2") == ["o2", "0.77955"]


def test_what_is_no_network_is_refused() -> None:
    d = Derivation("No network")
    x, M, _ = d.givens(x=[1, 2], M=[[1, 2]], T=[[[1]]])
    d.step("y", M @ x)
    d.step("z", 2 * x)
    with pytest.raises(FormulaError, match="between layer 1 and layer 2"):
        network(d, ["x", "z"])
    with pytest.raises(ShapeError, match="M has shape"):
        network(d, ["x", "M"])
    with pytest.raises(ShapeError, match="x has shape"):
        network(d, [["x"], "y"])
    with pytest.raises(ShapeError, match="at least two"):
        network(d, ["x"])
    with pytest.raises(ShapeError, match="wanted 1, one for"):
        network(d, ["x", "y"], ["M", "M"])
    with pytest.raises(ShapeError, match=r"M has shape \(1, 2\); wanted \(1, 1\)"):
        network(d, ["y", "y"], ["M"])
    wide = mlp(list(range(17)), [Layer([[1] * 17])])
    with pytest.raises(ShapeError, match="17 units"):
        network(wide, ["x", "a1"])
