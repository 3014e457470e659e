"""What distances are computed with, asked for when it is needed."""

from __future__ import annotations

from typing import Any

from geolyft.errors import JoinError
from geolyft.optional import optional


def scipy(module: str) -> Any:  # noqa: ANN401 - scipy has no types
    """Import a module of scipy, or say how to install it.

    Raises
    ------
    JoinError
        ``access-package``.

    Examples
    --------
    >>> scipy("spatial").cKDTree([[0, 0]]).n
    1
    """
    return optional(
        f"scipy.{module}",
        "action",
        error=JoinError,
        code="access-package",
        what="access and siting need the optional package scipy",
    )
