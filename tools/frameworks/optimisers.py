"""Optimisers of PyTorch and Keras, some steps each on the gradients of J = (2u - w)² + u⁴ + u w."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import keras
import torch

START = {"u": 0.5, "w": -0.8}
STEPS = 5
HYPER: dict[str, dict[str, float]] = {
    "sgd": {"alpha": 0.05},
    "momentum": {"alpha": 0.02, "beta": 0.7},
    "nesterov": {"alpha": 0.02, "beta": 0.7},
    "keras_momentum": {"alpha": 0.02, "beta": 0.7},
    "keras_nesterov": {"alpha": 0.02, "beta": 0.7},
    "adagrad": {"alpha": 0.3, "epsilon": 0.01},
    "rmsprop": {"alpha": 0.05, "rho": 0.8, "epsilon": 0.01},
    "rmsprop_momentum": {"alpha": 0.05, "rho": 0.8, "epsilon": 0.01, "beta": 0.6},
    "adadelta": {"alpha": 1.5, "rho": 0.9, "epsilon": 0.01},
    "adam": {"alpha": 0.2, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01},
    "adamw": {"alpha": 0.2, "beta1": 0.8, "beta2": 0.95, "epsilon": 0.01, "decay": 0.3},
    "adamax": {"alpha": 0.2, "beta1": 0.8, "beta2": 0.6, "epsilon": 0.01},
}
"""An ε as large as this shows in the values where it stands."""

Parameters = Any


def _betas(h: dict[str, float]) -> dict[str, Any]:
    return {"lr": h["alpha"], "betas": (h["beta1"], h["beta2"]), "eps": h["epsilon"]}


PYTORCH: dict[str, Callable[[Parameters, dict[str, float]], torch.optim.Optimizer]] = {
    "sgd": lambda q, h: torch.optim.SGD(q, lr=h["alpha"]),
    "momentum": lambda q, h: torch.optim.SGD(q, lr=h["alpha"], momentum=h["beta"]),
    "nesterov": lambda q, h: torch.optim.SGD(q, lr=h["alpha"], momentum=h["beta"], nesterov=True),
    "adagrad": lambda q, h: torch.optim.Adagrad(q, lr=h["alpha"], eps=h["epsilon"]),
    "rmsprop": lambda q, h: torch.optim.RMSprop(q, lr=h["alpha"], alpha=h["rho"], eps=h["epsilon"]),
    "rmsprop_momentum": lambda q, h: torch.optim.RMSprop(
        q, lr=h["alpha"], alpha=h["rho"], eps=h["epsilon"], momentum=h["beta"]
    ),
    "adadelta": lambda q, h: torch.optim.Adadelta(q, lr=h["alpha"], rho=h["rho"], eps=h["epsilon"]),
    "adam": lambda q, h: torch.optim.Adam(q, **_betas(h)),
    "adamw": lambda q, h: torch.optim.AdamW(q, **_betas(h), weight_decay=h["decay"]),
    "adamax": lambda q, h: torch.optim.Adamax(q, **_betas(h)),
}


def _keras_betas(h: dict[str, float]) -> dict[str, float]:
    return {
        "learning_rate": h["alpha"],
        "beta_1": h["beta1"],
        "beta_2": h["beta2"],
        "epsilon": h["epsilon"],
    }


KERAS: dict[str, Callable[[dict[str, float]], Any]] = {
    "sgd": lambda h: keras.optimizers.SGD(h["alpha"]),
    "keras_momentum": lambda h: keras.optimizers.SGD(h["alpha"], momentum=h["beta"]),
    "keras_nesterov": lambda h: keras.optimizers.SGD(h["alpha"], momentum=h["beta"], nesterov=True),
    "adagrad": lambda h: keras.optimizers.Adagrad(
        h["alpha"], initial_accumulator_value=0.1, epsilon=h["epsilon"]
    ),
    "rmsprop": lambda h: keras.optimizers.RMSprop(h["alpha"], rho=h["rho"], epsilon=h["epsilon"]),
    "rmsprop_momentum": lambda h: keras.optimizers.RMSprop(
        h["alpha"], rho=h["rho"], epsilon=h["epsilon"], momentum=h["beta"]
    ),
    "adadelta": lambda h: keras.optimizers.Adadelta(h["alpha"], rho=h["rho"], epsilon=h["epsilon"]),
    "adam": lambda h: keras.optimizers.Adam(**_keras_betas(h)),
    "adamw": lambda h: keras.optimizers.AdamW(**_keras_betas(h), weight_decay=h["decay"]),
    "adamax": lambda h: keras.optimizers.Adamax(**_keras_betas(h)),
}


def loss(u: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    return (2 * u - w) ** 2 + u**4 + u * w


def gradients(u: float, w: float) -> list[torch.Tensor]:
    """What PyTorch's autograd finds at u and w."""
    q = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (u, w)]
    return list(torch.autograd.grad(loss(*q), q))


def pytorch(rule: str) -> list[list[float]]:
    """What u and w are after each step."""
    q = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START.values()]
    optimiser = PYTORCH[rule](q, HYPER[rule])
    run = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss(*q).backward()
        optimiser.step()
        run.append([x.item() for x in q])
    return run


def in_keras(rule: str) -> list[list[float]]:
    """What u and w are after each step."""
    keras.config.set_floatx("float64")
    q = [keras.Variable(x, dtype="float64") for x in START.values()]
    optimiser = KERAS[rule](HYPER[rule])
    optimiser.build(q)
    run = []
    for _ in range(STEPS):
        optimiser.apply(gradients(*(x.value.detach().item() for x in q)))
        run.append([x.value.detach().item() for x in q])
    return run


def _cases(
    framework: str, rules: Iterable[str], run: Callable[[str], list[list[float]]]
) -> dict[str, Any]:
    return {
        f"{framework}-{rule}": {
            "framework": framework,
            "rule": rule,
            "start": START,
            "hyperparameters": HYPER[rule],
            "after": run(rule),
        }
        for rule in rules
    }


def cases() -> dict[str, Any]:
    """Each rule of each framework: the start, the hyperparameters, u and w after each step."""
    return _cases("pytorch", PYTORCH, pytorch) | _cases("keras", KERAS, in_keras)
