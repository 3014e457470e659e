"""Which small areas lie in which larger ones, of every level that a delivery publishes.

A larger area less its other small areas gives a small one back, to within what rounding blurs. One
larger level is not enough: two DeSO that are hidden in one GeSO, but lie in a RegSO each, are each
alone where RegSO are published. `geolyft.disclosure.together.families` hides others beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.disclosure.together.families import Nesting
from geolyft.divisions.crosswalks import main_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.divisions.crosswalks import Crosswalk


def nestings_of(level: str, larger: Mapping[str, Crosswalk]) -> list[Nesting]:
    """Return how small areas lie in the areas of each larger level that is published.

    Parameters
    ----------
    level
        The small areas' division.
    larger
        By name of the larger division, ``OWN`` for the run's own areas: how they lie in it.

    Examples
    --------
    >>> from geolyft.disclosure.together.families import OWN
    >>> from geolyft.divisions.crosswalks import load_crosswalk
    >>> (own,) = nestings_of("deso2025", {OWN: load_crosswalk("deso2025_geso")})
    >>> len(set(own.parents.values()))
    14
    """
    # Of a small area that is split, its greater part: what subtraction finds of a lesser one is
    # blurred by all that was rounded, and then by as much more as the part is smaller.
    return [
        Nesting(level=level, larger=name, parents=main_target(crosswalk))
        for name, crosswalk in larger.items()
    ]
