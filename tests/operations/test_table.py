"""The rows of the table: each stands once, computes over any numbers, and can be written down."""

import string
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

import dlhand
from dlhand import Derivation
from dlhand.errors import ShapeError
from dlhand.numbers.exact import Fractions
from dlhand.numbers.floats import Floats
from dlhand.operations.notation import Argument, Box, Call, Infix, Pattern, Prefix
from dlhand.operations.quantity import Quantity, apply, operators
from dlhand.operations.table import (
    TABLE,
    Operation,
    broadcast,
    broadcast_indices,
    size,
    spread,
)
from tests.laws.reference import CASES


def test_a_name_has_one_row() -> None:
    assert all(row.name == name for name, row in TABLE.items())
    before = dict(TABLE)
    with pytest.raises(ValueError, match="operation 'add' has two rows"):
        Operation(
            "add",
            value=lambda ar, params, a: a,
            gradient=lambda g, args, out, params: (g,),
            notation=Prefix("", "", ""),
        )
    assert before == TABLE


def test_every_operator_of_python_has_its_row() -> None:
    rows = [operators.add, operators.sub, operators.mul, operators.div, operators.neg]
    assert [row.name for row in rows] == ["add", "sub", "mul", "div", "neg"]
    assert operators.power.name == "power"
    assert {ranks: row.name for ranks, row in operators.products.items()} == {
        (1, 1): "dot",
        (2, 1): "matvec",
        (1, 2): "vecmat",
        (2, 2): "matmul",
    }


@pytest.mark.parametrize("name", CASES)
def test_every_row_can_be_written_in_three_ways(name: str) -> None:
    notation = TABLE[name].notation
    if isinstance(notation, (Infix, Prefix, Call)):
        for spelling in (notation.latex, notation.text, notation.python):
            assert spelling
    if isinstance(notation, Pattern):
        fields = [f for _, f, _, _ in string.Formatter().parse(notation.python) if f is not None]
        assert set(fields) <= {"0", "1", "p"}
        drawn = sorted(place.position for place in arguments(notation.box))
        assert list(map(str, drawn)) == sorted(f for f in fields if f != "p")


def arguments(box: Box) -> Iterator[Argument]:
    """The places of operands in a pattern."""
    if isinstance(box, Argument):
        yield box
    elif isinstance(box, tuple):
        for part in box:
            yield from arguments(part)


SINGLE = [
    "exp",
    "log",
    "sqrt",
    "sin",
    "cos",
    "sigmoid",
    "tanh",
    "relu",
    "heaviside",
    "floor",
    "neg",
]


@pytest.mark.parametrize("name", SINGLE)
def test_a_row_of_one_number_is_the_same_on_arrays(name: str) -> None:
    d = Derivation("One and many")
    x, v = d.givens(x="0.25", v=["0.25", "4", "0.25"])
    one, many = apply(TABLE[name], x), apply(TABLE[name], v)
    (value,) = [one.form.run(Floats(), [0.25])]
    assert many.form.run(Floats(), [(0.25, 4.0, 0.25)])[::2] == (value, value)
    exact = one.form.run(Fractions(), [Fraction(1, 4)])
    assert many.form.run(Fractions(), [(Fraction(1, 4),) * 3]) == (exact,) * 3


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (lambda a, b: a + b, 5),
        (lambda a, b: a - b, -1),
        (lambda a, b: a * b, 6),
        (lambda a, b: a / b, Fraction(2, 3)),
        (lambda a, b: -a, -2),
        (lambda a, b: a**b_exponent, 8),
        (lambda a, b: dlhand.maximum(a, b), 3),
        (lambda a, b: dlhand.minimum(a, b), 2),
        (lambda a, b: dlhand.greater(a, b), 0),
        (lambda a, b: dlhand.greater(b, a), 1),
        (lambda a, b: dlhand.greater(a, a * 1), 0),
        (lambda a, b: dlhand.at_least(a, a * 1), 1),
        (lambda a, b: dlhand.at_least(a, b), 0),
        (lambda a, b: dlhand.floor(b / a), 1),
        (lambda a, b: dlhand.floor(-b / a), -2),
        (lambda a, b: dlhand.relu(a - b), 0),
        (lambda a, b: dlhand.relu(b), 3),
        (lambda a, b: dlhand.heaviside(a - b), 0),
        (lambda a, b: dlhand.heaviside(a - a), 0),
        (lambda a, b: dlhand.leaky_relu(a - b, "0.1"), Fraction(-1, 10)),
        (lambda a, b: dlhand.exp(a - a), 1),
        (lambda a, b: dlhand.log(b - a), 0),
        (lambda a, b: dlhand.sqrt(a * a + b * b + b), 4),
        (lambda a, b: dlhand.sigmoid(a - 2), Fraction(1, 2)),
    ],
)
def test_values_that_a_person_can_check(formula: Any, value: Any) -> None:
    d = Derivation("By head")
    a, b = d.givens(a=2, b=3)
    assert d.value(d.step("y", formula(a, b))).exact == value


b_exponent = 3


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        (lambda A, v: A @ v, [5, 11, 17]),
        (lambda A, v: v @ A.T, [5, 11, 17]),
        (lambda A, v: A.T @ A, [[35, 44], [44, 56]]),
        (lambda A, v: v @ v, 5),
        (lambda A, v: dlhand.dot(v, v), 5),
        (lambda A, v: dlhand.outer(v, v), [[1, 2], [2, 4]]),
        (lambda A, v: A.T, [[1, 3, 5], [2, 4, 6]]),
        (lambda A, v: A * v, [[1, 4], [3, 8], [5, 12]]),
        (lambda A, v: dlhand.total(A), 21),
        (lambda A, v: dlhand.total(A, axis=0), [9, 12]),
        (lambda A, v: dlhand.total(A, axis=-1), [3, 7, 11]),
        (lambda A, v: dlhand.mean(A, axis=1), [Fraction(3, 2), Fraction(7, 2), Fraction(11, 2)]),
        (lambda A, v: dlhand.variance(v), Fraction(1, 4)),
        (lambda A, v: dlhand.largest(A, axis=0), [5, 6]),
        (lambda A, v: dlhand.is_largest(A, axis=1), [[0, 1], [0, 1], [0, 1]]),
        (lambda A, v: dlhand.softmax(v - v), [Fraction(1, 2), Fraction(1, 2)]),
        (lambda A, v: A[1], [3, 4]),
        (lambda A, v: A[1, 0], 3),
        (lambda A, v: A[:, 1], [2, 4, 6]),
        (lambda A, v: A[-1, ::-1], [6, 5]),
        (lambda A, v: A[1:], [[3, 4], [5, 6]]),
        (lambda A, v: dlhand.concatenate(v, v, A[0]), [1, 2, 1, 2, 1, 2]),
        (lambda A, v: dlhand.concatenate(A, A, axis=1)[0], [1, 2, 1, 2]),
        (lambda A, v: dlhand.concatenate(A, A, axis=-1)[0], [1, 2, 1, 2]),
        (lambda A, v: dlhand.stack(v, v), [[1, 2], [1, 2]]),
        (lambda A, v: dlhand.stack(v[0], v[1]), [1, 2]),
        (lambda A, v: dlhand.reshape(A, (2, 3)), [[1, 2, 3], [4, 5, 6]]),
        (lambda A, v: dlhand.correlate(A, A[:2]), [[30], [50]]),
        (
            lambda A, v: dlhand.correlate(A, A[:1, :1], stride=2, padding=1),
            [[0, 0], [0, 4], [0, 0]],
        ),
        (lambda A, v: dlhand.max_pool(A, 2, 1), [[4], [6]]),
        (lambda A, v: dlhand.max_pool(A), [[4]]),
        (lambda A, v: dlhand.average_pool(A, 2, 1), [[Fraction(5, 2)], [Fraction(9, 2)]]),
        (lambda A, v: dlhand.masked_softmax(v, v - 1), [0, 1]),
        (lambda A, v: dlhand.pad(A[:1], 1), [[0, 0, 0, 0], [0, 1, 2, 0], [0, 0, 0, 0]]),
        (lambda A, v: dlhand.pad(A, 0)[0], [1, 2]),
    ],
)
def test_values_of_arrays_that_a_person_can_check(formula: Any, value: Any) -> None:
    d = Derivation("By head")
    A, v = d.givens(A=[[1, 2], [3, 4], [5, 6]], v=[1, 2])
    y = d.step("y", formula(A, v))

    def exact(found: Any) -> Any:
        return [exact(item) for item in found] if isinstance(found, list) else found.exact

    assert exact(d.value(y)) == value


def test_a_mask_that_leaves_nothing_is_an_error() -> None:
    d = Derivation("Masked")
    v = d.given("v", [1, 2])
    d.step("y", dlhand.masked_softmax(v, v - v))
    with pytest.raises(
        dlhand.UndefinedValue, match="step y has no value: a softmax of which every"
    ):
        d.value("y")


def test_broadcasting_is_that_of_numpy() -> None:
    import numpy as np

    shapes: list[tuple[int, ...]] = [(), (1,), (3,), (2, 3), (2, 1), (1, 3), (4, 2, 3), (4, 1, 1)]
    for a in shapes:
        for b in shapes:
            wanted = np.broadcast_shapes(a, b)
            assert broadcast("add", [a, b]) == wanted
            values = list(range(size(a)))
            flat = list(np.broadcast_to(np.array(values).reshape(a), wanted).ravel())
            assert list(broadcast_indices(a, wanted)) == flat
            if wanted:
                assert list(spread(values if a else 0, a, wanted)) == flat
    for a, b in [((2,), (3,)), ((2, 3), (2,)), ((2, 3), (3, 3))]:
        with pytest.raises(ShapeError, match=r"^mul got shapes .* wanted shapes that match"):
            broadcast("mul", [a, b])


def test_a_row_shows_its_name() -> None:
    assert repr(TABLE["sigmoid"]) == "<operation sigmoid>"
    assert isinstance(dlhand.exp(1), Quantity)
