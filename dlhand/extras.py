"""Packages that come with an extra: where one is missing, it is said how to install it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from dlhand.errors import MissingPackage

__all__ = ["LAB", "module", "needed", "want"]

LAB = ("jupyterlab", "ipywidgets", "anywidget", "traitlets", "numpy", "matplotlib")
"""The modules that the notebooks import or are shown by: the extra "lab"."""


def want(*names: str) -> None:
    """Raise `MissingPackage` unless all these modules of the extra "lab" are installed.

    >>> want("nothing_of_that_name")
    Traceback (most recent call last):
    dlhand.errors.MissingPackage: not installed: nothing_of_that_name; pip install 'dlhand[lab]'
    """
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise MissingPackage(f"not installed: {', '.join(missing)}; pip install 'dlhand[lab]'")


@contextmanager
def needed() -> Iterator[None]:
    """Around imports of modules of the extra "lab": raises `MissingPackage` where one is missing.

    >>> with needed():
    ...     import anywidget
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name in LAB:
            want(error.name)
        raise


def module(name: str, extra: str) -> Any:
    """A module of an extra. Raises `MissingPackage` where its package is missing.

    >>> module("nothing_of_that_name", "class")
    Traceback (most recent call last):
    dlhand.errors.MissingPackage: not installed: nothing_of_that_name; pip install 'dlhand[class]'
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.partition(".")[0]:
            raise
        raise MissingPackage(
            f"not installed: {error.name}; pip install 'dlhand[{extra}]'"
        ) from None
