"""Who rests on too little: the one rule of the page, QGIS, SLD, web maps and pictures.

Dots stand where they tell areas apart. What is true of all of them is said in words instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Among: TypeAlias = Literal["none", "some", "all"]
"""How many of the areas that have a figure."""


def is_partial(status: object) -> bool:
    """Say whether a figure with this status rests on too little."""
    return "partial" in str(status).split("+")


def partial_among(statuses: Iterable[object]) -> Among:
    """Say how many rest on too little, of the areas that have a figure.

    Examples
    --------
    >>> partial_among(["ok", "stale+partial"]), partial_among(["partial"]), partial_among([])
    ('some', 'all', 'none')
    """
    found = set(map(is_partial, statuses))
    if True not in found:
        return "none"
    return "some" if False in found else "all"
