"""Small areas that stand together: what groups are called, and how they lie in larger areas."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geolyft.divisions.crosswalks import Crosswalk


def group_codes(groups: Mapping[str, str]) -> dict[str, str]:
    """Return the code of each group by its first member's: that of several is no small area's own.

    Examples
    --------
    >>> group_codes({"a": "a", "b": "a", "c": "c"})
    {'a': 'a+1', 'c': 'c'}
    """
    sizes = Counter(groups.values())
    return {code: f"{code}+{n - 1}" if n > 1 else code for code, n in sorted(sizes.items())}


def merged_crosswalk(
    crosswalk: Crosswalk,
    *,
    source: Mapping[str, str] | None = None,
    target: Mapping[str, str] | None = None,
) -> Crosswalk:
    """Return how groups lie in areas, or areas in groups: each group lies whole in one.

    Parameters
    ----------
    source, target
        Small area to its group, on either side; what is in none stays as it is.
    """
    table = crosswalk.table
    for column, codes in (("source", source), ("target", target)):
        if codes:
            table = table.assign(**{column: [codes.get(each, each) for each in table[column]]})
    kept = table.drop_duplicates(["source", "target"], ignore_index=True)
    if target:
        weights = table.groupby(["source", "target"], sort=False)["weight"].sum()
        kept = kept.assign(weight=weights.to_numpy())
    return replace(crosswalk, table=kept)


def coded(groups: Mapping[str, str]) -> dict[str, str]:
    """Return each small area to the code of its group."""
    codes = group_codes(groups)
    return {code: codes[first] for code, first in groups.items()}
