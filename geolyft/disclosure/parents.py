"""Who hides beside whom: the larger areas whose published figures could give a small area's back.

A small area hidden alone is not hidden. The larger area that it lies in is published too, and less
its other small areas' counts it leaves the hidden one, to within what rounding blurs. So
`geolyft.disclosure.protect.hide_second` hides another beside it, and asks here what "beside" is:
in the same larger area, of every division that the delivery publishes. One is not enough. Two DeSO
that are hidden in one GeSO, but lie in a RegSO each, are each alone where RegSO are published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geolyft.divisions.crosswalks import CROSSWALKS, load_crosswalk, main_target

if TYPE_CHECKING:
    from collections.abc import Collection

    from geolyft.divisions.crosswalks import Crosswalk


def published_parents(crosswalk: Crosswalk, levels: Collection[str]) -> list[dict[str, str]]:
    """Return, for each larger division that is published, which of its areas a small area lies in.

    Parameters
    ----------
    crosswalk
        From the small areas to the run's own areas.
    levels
        Every division that the run looks inside its areas with, the small areas' among them.

    Examples
    --------
    >>> crosswalk = load_crosswalk("deso2025_geso")
    >>> [len(set(each.values())) for each in published_parents(crosswalk, ["regso2025"])]
    [14, 91]
    """
    # A shipped crosswalk is the only thing that says how two levels of a run lie in each other.
    between = (
        load_crosswalk(name)
        for name, (source, target) in CROSSWALKS.items()
        if source == crosswalk.source and target in levels
    )
    # Of a small area that is split, its greater part: what subtraction finds of a lesser one is
    # blurred by all that was rounded, and then by as much more as the part is smaller.
    return [main_target(each) for each in (crosswalk, *between)]
