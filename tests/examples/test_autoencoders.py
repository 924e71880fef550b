"""The autoencoder examples, against NumPy."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from dlhand import load
from dlhand.examples import errata
from tests.examples.vision import assert_completes, assert_slopes, assert_values, value

X = np.array([2.0, 0.0])
ENCODER, DECODER = np.array([[0.5, -1.0]]), np.array([[1.0], [0.5]])


def loss(decoder: Any, encoder: Any, x: Any = X, clean: Any = X) -> float:
    return float(np.sum((decoder @ encoder @ x - clean) ** 2) / 2)


def test_linear_autoencoder() -> None:
    d = load("003-autoencoder")
    assert_values(d, {"h": ENCODER @ X, "x_hat": DECODER @ ENCODER @ X, "L": 0.625})
    assert_values(d, {"e": [-1, 0.5], "S": 1.25})
    assert_completes(d, {"dL/dW_d": [[-1], [0.5]], "dL/dh": [-0.75], "dL/dW_e": [[-1.5, 0]]})
    assert_slopes(d, loss, ["W_d", "W_e"])


def test_one_step_of_descent() -> None:
    d = load("003-autoencoder-step")
    decoder = DECODER - 0.1 * np.array([[-1], [0.5]])
    encoder = ENCODER - 0.1 * np.array([[-1.5, 0]])
    assert_values(d, {"L'": loss(decoder, encoder), "G": 0.625 - loss(decoder, encoder)})
    assert value(d, "G") > 0


def test_denoising_compares_with_the_clean_input() -> None:
    d = load("003-deep-denoising")
    clean, noise = value(d, "x"), value(d, "n")
    noisy = clean + noise

    def denoised(decoder: Any, encoder: Any) -> float:
        return loss(decoder, encoder, noisy, clean)

    assert_slopes(d, denoised, ["W_d", "W_e"])
    assert_values(d, {"L_n": loss(value(d, "W_d"), value(d, "W_e"), noisy, noisy)})
    assert_values(d, {"L'": denoised(value(d, "W_d'"), value(d, "W_e'"))})
    assert value(d, "L'") < value(d, "L")


def test_deep_stack() -> None:
    d = load("003-deep-denoising-stack")
    widths = [64, 32, 16, 4, 16, 32, 64]
    assert_values(d, {"P": sum((a + 1) * b for a, b in pairwise(widths)), "r": 4 / 64})


def test_the_printed_formulas_differ_from_the_right_ones() -> None:
    found = {e.name: e for e in errata()}
    d, printed, right = found["003-autoencoder-root"].build()
    np.testing.assert_allclose(value(d, printed), np.linalg.norm([-1, 0.5]) / 2)
    assert value(d, right) == loss(DECODER, ENCODER)
    d, printed, right = found["003-autoencoder-plus"].build()
    assert value(d, printed).tolist() == [2, 1.5]
    assert value(d, right).tolist() == [1, 0.5]
