"""Files written whole or not at all: what was there stays as it is where something goes wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile, mkdtemp

__all__ = ["new_folder", "save"]


def save(path: str | os.PathLike[str], content: str | bytes) -> Path:
    """Write a file, by way of one beside it. Raises `OSError` where it cannot be written."""
    path = Path(path)
    data = content.encode("utf-8") if isinstance(content, str) else content
    with NamedTemporaryFile(
        "wb", dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as half:  # fmt: skip
        try:
            half.write(data)
            half.close()
            os.chmod(half.name, 0o666 & ~_umask())
            os.replace(half.name, path)
        except BaseException:
            with suppress(OSError):
                half.close()
            os.unlink(half.name)
            raise
    return path


@contextmanager
def new_folder(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A folder to be filled, which gets its name when that is done; else nothing is left of it.

    Raises `FileExistsError` where there is a file or a folder of that name already, `OSError` where
    none can be made.
    """
    path = Path(path)
    if path.exists():
        raise FileExistsError(17, "there is one of this name already", str(path))
    half = Path(mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    try:
        yield half
        os.chmod(half, 0o777 & ~_umask())
        os.rename(half, path)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


def _umask() -> int:
    """What the user takes away from the rights of new files; it can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
