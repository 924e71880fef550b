"""What of ours stands for a function of NumPy that was given a quantity, as the error says."""

from __future__ import annotations

from dlhand.errors import FormulaError
from dlhand.operations import (
    activations,
    comparison,
    convolution,
    elementary,
    matrix,
    pooling,
    reduction,
    structure,
)
from dlhand.operations.quantity import operators

_OURS = {
    "sum": "total", "max": "largest", "amax": "largest", "var": "variance", "array": "stack",
    "fabs": "absolute", "where": "dlhand.greater(a, b), which is 1 or 0, as a factor",
    "square": "x**2", "reciprocal": "1 / x", "negative": "-x",
    "vecmat": "x @ A", "matvec": "A @ x", "logaddexp": "log_sum_exp", "float_power": "x**2",
}  # fmt: skip
"""Functions of NumPy whose counterparts have another name, or are written with signs."""

_ROOMS = (
    activations, comparison, convolution, elementary, matrix, pooling, reduction, structure,
)  # fmt: skip


def refused(came: str, name: str) -> FormulaError:
    """The error for a function of NumPy on a quantity; it names ours, where there is one."""
    ours = _OURS.get(name, name)
    homes = {getattr(getattr(room, ours, None), "__module__", "") for room in _ROOMS}
    if homes & {room.__name__ for room in _ROOMS}:
        wanted = f"dlhand.{ours}"
    else:
        wanted = ours if name in _OURS else "a function of dlhand"
    return FormulaError(f"{came} got a quantity, which is a formula; wanted {wanted}")


operators.refused = refused
