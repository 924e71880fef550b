"""The operations: value, derivative and notation of each, in one row each, and nowhere else."""

from dlhand.operations import (
    convolution,
    matrix,
    nonlinear,
    numpy_names,
    reduction,
    scalar,
    structure,
)

__all__ = [
    "convolution", "matrix", "nonlinear", "numpy_names", "reduction", "scalar", "structure",
]  # fmt: skip
