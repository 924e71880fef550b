"""Counting recurrent layers, against the arrays of a network and its products one by one."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from dlhand import (
    Conv,
    Dense,
    Derivation,
    DlhandError,
    GivenError,
    Pool,
    Recurrent,
    ShapeError,
    UnknownName,
    correlate,
    count,
    gru,
    image,
    lstm,
    rnn,
    sequence,
)

SUMS = {"rnn": ["h"], "lstm": list("aifo"), "gru": list("rzh")}


def arrays(cell: str, features: int, units: int, biases: int) -> list[np.ndarray]:
    """All weights of a recurrent layer."""
    found = []
    for _ in SUMS[cell]:
        found += [np.ones((units, features)), np.ones((units, units))]
        found += [np.ones(units)] * biases
    return found


@pytest.mark.parametrize("cell", SUMS)
@pytest.mark.parametrize(("features", "units", "biases"), [*product((1, 3), (1, 4), (0, 1, 2))])
def test_a_recurrent_layer_of_any_size(cell: Any, features: int, units: int, biases: int) -> None:
    for whole in (False, True):
        d = Derivation("A layer")
        layer = Recurrent("a", units, cell, biases, whole)
        (found,) = count(d, sequence(d, 5, features), [layer])
        weights = arrays(cell, features, units, biases)
        products = sum(5 * w.size for w in weights if w.ndim == 2)
        assert d.value("P_a").exact == sum(w.size for w in weights)
        assert d.value("M_a").exact == products == d.value(found.multiplications).exact
        assert d.value(found.activations).exact == units * (5 if whole else 1)


def test_the_parameters_are_those_of_the_calculators() -> None:
    for calculator, kind in ((rnn, "rnn"), (lstm, "lstm"), (gru, "gru")):
        names = ["xh", "hh"] if kind == "rnn" else SUMS[kind]
        weights: dict[str, Any] = {f"b_{k}": [0] * 4 for k in SUMS[kind]}
        if kind == "rnn":
            weights |= {
                f"W_{name}": np.zeros((4, n)) for name, n in zip(names, (3, 4), strict=True)
            }
        else:
            weights |= {f"W_{k}": np.zeros((4, 3)) for k in names}
            weights |= {f"U_{k}": np.zeros((4, 4)) for k in names}
        e = calculator([[1, 2, 3]], weights)
        declared = sum(int(np.prod(q.shape)) for q in e.given_entries if q.name in weights)
        d = Derivation("A layer")
        count(d, sequence(d, 1, 3), [Recurrent("a", 4, kind)])  # type: ignore[arg-type]
        assert d.value("P_a").exact == declared


def test_layers_behind_one_another() -> None:
    d = Derivation("A tagger, and a classifier")
    layers = [
        Recurrent("low", 5, "gru"), Dense("tag", 2), Recurrent("high", 3, "lstm", whole=False),
        Dense("class", 4),
    ]  # fmt: skip
    low, tag, high, last = count(d, sequence(d, 7, 6), layers)
    assert d.value("P_low").exact == sum(w.size for w in arrays("gru", 6, 5, 1))
    # at each of the 7 time steps a matrix of 2 by 5, with its biases
    assert d.value("P_tag").exact == 2 * 5 + 2
    assert d.value(tag.activations).exact == 7 * 2 and d.value("M_tag").exact == 7 * 2 * 5
    assert d.value("P_high").exact == sum(w.size for w in arrays("lstm", 2, 3, 1))
    assert high.steps is None and d.value("P_class").exact == 4 * 3 + 4
    assert d.value(last.multiplications).exact == 12
    assert low.steps is not None and d.value(low.steps).exact == 7
    longer = d.what_if(T=100)
    assert longer.value("P_high").exact == d.value("P_high").exact
    assert longer.value("M_tag").exact == 100 * 2 * 5


def test_two_sequences_in_one_derivation() -> None:
    d = Derivation("Two")
    first, second = sequence(d, 2, 3, "in"), sequence(d, 4, 5, "out")
    assert [d.value(v.activations).exact for v in (first, second)] == [6, 20]
    assert "T_in" in d and "d_out" in d


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        ([Recurrent("a", 0)], GivenError, "units of a is 0; wanted a whole number from 1 on"),
        ([Recurrent("a", 1, biases=-1)], GivenError, "biases of a is -1; wanted a whole number"),
        ([Recurrent("a", 1, biases=None)], GivenError,  # type: ignore[arg-type]
         "biases of a is None; wanted a whole number"),
        ([Conv("a", 1, 1, None)], GivenError, "stride of a is None"),  # type: ignore[arg-type]
        (None, ShapeError, "layers is None; wanted a list of layers"),
        (Recurrent("a", 1), ShapeError, "layers is Recurrent.*; wanted a list of layers"),
        ([Recurrent("a", 1, biases=3)], GivenError, "biases of a is 3; .* from 0 to 2"),
        ([Recurrent("a", 1, "elman")], UnknownName,  # type: ignore[arg-type]
         "cell of a is 'elman'; wanted one of rnn, lstm, gru"),
        ([Recurrent("a", 1, [])], UnknownName, r"cell of a is \[\]"),  # type: ignore[arg-type]
        ([Recurrent("a", 1, whole=False), Recurrent("b", 1)], ShapeError,
         "b stands behind no sequence; wanted one"),
        ([Conv("a", 1, 1)], ShapeError, "a stands behind a sequence; wanted one that has sides"),
        ([Recurrent("a", 1), Conv("b", 1, 1)], ShapeError, "b stands behind a sequence"),
    ],
)  # fmt: skip
def test_what_is_refused(layers: Any, error: type[DlhandError], message: str) -> None:
    d = Derivation("A network")
    with pytest.raises(error, match=message):
        count(d, sequence(d, 3, 2), layers)


def test_impossible_sequences_are_refused() -> None:
    d = Derivation("A network")
    with pytest.raises(GivenError, match="length is 0; wanted a whole number from 1 on"):
        sequence(d, 0, 1)
    with pytest.raises(GivenError, match=r"features is 1\.5; wanted a whole number"):
        sequence(d, 1, 1.5)  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="a stands behind no sequence"):
        count(d, image(d, 2, 1), [Recurrent("a", 1)])


@pytest.mark.parametrize(("n", "f", "s"), [(7, 3, 2), (8, 3, 2), (5, 2, 1), (4, 5, 3)])
def test_the_same_padding_gives_the_side_that_a_convolution_has(n: int, f: int, s: int) -> None:
    d = Derivation("Same")
    layers = [Conv("a", 1, f, s, "same", bias=False)]
    (volume,) = count(d, image(d, n, 1), layers)
    x, k = d.givens(x=[[1] * n] * n, k=[[1] * f] * f)
    assert d.value(volume.sides[0]).exact == correlate(x, k, s, "same").shape[0]
    (pooled,) = count(d, image(d, n, 1), [Pool("b", f, s, "same")])
    assert d.value(pooled.sides[0]).exact == -(-n // s)


def test_layers_of_one_name_and_two_inputs_are_named_apart() -> None:
    d = Derivation("Twice")
    first = count(d, image(d, 6, 3), [Conv("conv", 5, 3), Conv("conv", 2, 3)])
    second = count(d, image(d, 6, 3), [Conv("conv", 5, 3)])
    assert [v.name for v in (*first, *second)] == ["conv", "conv_2", "conv_3"]
    assert d.value(first[0].parameters).exact == d.value(second[0].parameters).exact == 140


@pytest.mark.parametrize(
    ("change", "message"),
    [({"f_conv": 9}, "the side of conv is -2; wanted at least 1"),
     ({"u_out": "2.5"}, "u_out is 2.5; wanted a whole number from 1 on"),
     ({"p_conv": -1}, "p_conv is -1; wanted a whole number from 0 on")],
)  # fmt: skip
def test_a_what_if_refuses_what_the_layers_refuse(change: Any, message: str) -> None:
    d = Derivation("What if")
    count(d, image(d, 6, 3), [Conv("conv", 5, 3), Dense("out", 10)])
    assert d.with_values({"f_conv": 5}).value("n_conv").exact == 2
    with pytest.raises(GivenError, match=message):
        d.with_values(change)
