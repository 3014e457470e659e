"""What a file may be and hold: one that ends, and how much more than usual."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable
    from io import BufferedReader

_TIMES: ContextVar[float] = ContextVar("times", default=1.0)


@contextmanager
def limits(times: float) -> Iterator[None]:
    """Raise every limit on what a file may hold, for files that are what they should be.

    Parameters
    ----------
    times
        How many times as much as usual.

    Examples
    --------
    >>> with limits(10):
    ...     float(allowed(20))
    200.0
    >>> float(allowed(20))
    20.0
    """
    token = _TIMES.set(times)
    try:
        yield
    finally:
        _TIMES.reset(token)


def allowed(most: float) -> float:
    """Return a limit as it is raised now."""
    return most * _TIMES.get()


def open_file(path: Path | Traversable) -> BufferedReader:
    """Open a file to read its bytes; a pipe or a device may have no end, or nobody who writes.

    Raises
    ------
    OSError
        As the system says, and for what is no file.
    """
    check_ends(path)
    return cast("BufferedReader", path.open("rb"))


def check_ends(path: Path | Traversable) -> None:
    """Refuse a pipe or a device; what does not exist, and a folder, the system has words for.

    Raises
    ------
    OSError
    """
    if isinstance(path, Path) and path.exists() and not path.is_file() and not path.is_dir():
        raise OSError(errno.EINVAL, "is no file but a device or a pipe")
