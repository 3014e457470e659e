"""How much more than usual a file may hold, for all limits together."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
