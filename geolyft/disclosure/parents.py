"""Which small areas lie in which larger ones, of every level that a delivery publishes.

A larger area less its other small areas gives a small one back, to within what rounding blurs. One
larger level is not enough: two DeSO that are hidden in one GeSO, but lie in a RegSO each, are each
alone where RegSO are published. `geolyft.disclosure.families` hides others beside them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.disclosure.families import OWN, Nesting
from geolyft.divisions.crosswalks import CROSSWALKS, load_crosswalk, main_target

if TYPE_CHECKING:
    from collections.abc import Collection

    from geolyft.divisions.crosswalks import Crosswalk


def nestings_of(crosswalk: Crosswalk, levels: Collection[str]) -> list[Nesting]:
    """Return how small areas lie in the areas of each larger level that is published.

    Parameters
    ----------
    crosswalk
        From the small areas to the run's own areas.
    levels
        Every division that the run looks inside its areas with, the small areas' among them.

    Examples
    --------
    >>> crosswalk = load_crosswalk("deso2025_geso")
    >>> [len(set(each.parents.values())) for each in nestings_of(crosswalk, ["regso2025"])]
    [91, 14]
    """
    # A shipped crosswalk is the only thing that says how two levels of a run lie in each other.
    between = {
        target: load_crosswalk(name)
        for name, (source, target) in CROSSWALKS.items()
        if source == crosswalk.source and target in levels
    }
    # Of a small area that is split, its greater part: what subtraction finds of a lesser one is
    # blurred by all that was rounded, and then by as much more as the part is smaller.
    return [
        Nesting(level=crosswalk.source, larger=larger, parents=main_target(each))
        for larger, each in {**between, OWN: crosswalk}.items()
    ]
