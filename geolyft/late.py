"""scipy, imported when it is needed: that takes half a second, which few commands have to wait."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def scipy(module: str) -> Any:  # noqa: ANN401 - scipy has no types
    """Import a module of scipy.

    Examples
    --------
    >>> scipy("spatial").cKDTree([[0, 0]]).n
    1
    """
    return import_module(f"scipy.{module}")
