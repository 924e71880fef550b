"""Packages that only a class needs: where one is missing, one error says how to install it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from dlhand.errors import MissingPackage

__all__ = ["needed"]


def needed(name: str) -> Any:
    """A module of the extra ``class``. Raises `MissingPackage` where it is not installed.

    >>> needed("no_such_package")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    dlhand.errors.MissingPackage: no_such_package is not installed; pip install ...
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.partition(".")[0]:
            raise
        raise MissingPackage(
            f"{error.name} is not installed; pip install 'dlhand[class]' installs all that sheets "
            "for a class need"
        ) from None
