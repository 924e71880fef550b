"""Whether the frameworks are installed, and what to install where they are not."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from dlhand.errors import MissingFramework

__all__ = ["missing", "needs", "packages", "quiet"]

_PACKAGES = ("keras", "torch", "numpy")
_INSTALL = (
    "Install them with: pip install -r requirements-frameworks.txt. PyTorch for the CPU is enough. "
    "No other chapter needs them."
)


def missing() -> list[str]:
    """The names of the modules that are not installed."""
    return [name for name in _PACKAGES if find_spec(name) is None]


def needs() -> str:
    """A sentence: the frameworks are here, or which are missing and how to install them.

    >>> needs().startswith(("Keras 3 and PyTorch are installed", "Missing: "))
    True
    """
    if names := missing():
        return f"Missing: {', '.join(names)}. {_INSTALL}"
    return "Keras 3 and PyTorch are installed."


def packages() -> dict[str, Any]:
    """The modules of the frameworks by the names that listings give them, in 64 bits.

    Keras computes with PyTorch unless KERAS_BACKEND says otherwise. Raises `MissingFramework` where
    one is not installed or Keras has another backend.
    """
    if missing():
        raise MissingFramework(needs())
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras, torch, numpy = map(import_module, _PACKAGES)
    if keras.config.backend() != "torch":
        raise MissingFramework(
            f"Keras runs on {keras.config.backend()}; wanted: on torch. Set the environment "
            "variable KERAS_BACKEND to torch and start the kernel anew"
        )
    keras.config.set_floatx("float64")
    torch.set_default_dtype(torch.float64)
    return {"keras": keras, "torch": torch, "np": numpy}


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings of the frameworks, which name places on the machine."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
