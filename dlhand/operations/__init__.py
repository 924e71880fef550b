"""The operations: value, derivative and notation of each, in one row each, and nowhere else."""

from dlhand.operations import (
    activations,
    comparison,
    convolution,
    elementary,
    matrix,
    numpy_names,
    pooling,
    reduction,
    scalar,
    structure,
)

__all__ = [
    "activations", "comparison", "convolution", "elementary", "matrix", "numpy_names", "pooling",
    "reduction", "scalar", "structure",
]  # fmt: skip
