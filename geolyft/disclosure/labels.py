"""Names of groups: one that only a few in the city have is not published, not even as a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from geolyft.frames import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.disclosure.protect import Protection

OTHERS: Final = "övriga"
"""What those are called together whose group is too small to be named."""
_NAME: Final = ["source", "group_by", "group"]
_ROW: Final = ["area", "period", "indicator"]


def common_groups(
    counts: pd.DataFrame,
    protection: Protection,
    *,
    known: Mapping[tuple[str, str], Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Return counts with small groups merged, and all groups in every area and period.

    A group is named when in some period and for some indicator as many in the city are of it as
    the threshold says. The others are ``OTHERS`` together, or left out where these are too few.

    Parameters
    ----------
    counts
        ``area, period, indicator, group_by, group, numerator, denominator, status, source``, the
        residual among the areas.
    known
        By source and name the groupings whose groups are all named, and which they are in any case:
        bands, and what a publisher has protected.

    Examples
    --------
    >>> from geolyft.disclosure.protect import Protection
    >>> counts = pd.DataFrame({"area": "1", "period": "2025", "indicator": "E1", "status": "ok",
    ...     "source": "s", "group_by": "land", "group": ["Eritrea", "Nauru", "Tuvalu"],
    ...     "numerator": [20.0, 1.0, 3.0], "denominator": [40.0, 4.0, 7.0]})
    >>> common_groups(counts, Protection())[["group", "denominator"]].values.tolist()
    [['Eritrea', 40.0], ['övriga', 11.0]]
    """
    free = ~pd.MultiIndex.from_frame(counts[["source", "group_by"]]).isin(list(known or {}))
    free &= (counts["group"] != EVERYONE).to_numpy()
    merged = counts.assign(group=counts["group"].mask(free & ~_common(counts, protection), OTHERS))
    small = free & (merged["group"] == OTHERS) & ~_common(merged, protection)
    return _complete(merged[~small], known or {})


def _common(counts: pd.DataFrame, protection: Protection) -> pd.Series[bool]:
    """Say for each row whether its group is large somewhere."""
    in_city = counts.groupby([*_NAME, "period", "indicator"])["denominator"].sum()
    largest = in_city.groupby(_NAME).max()
    names = pd.MultiIndex.from_frame(counts[_NAME])
    common = largest.reindex(names).to_numpy() >= protection.threshold
    return pd.Series(common, index=counts.index)


def _complete(counts: pd.DataFrame, known: Mapping[tuple[str, str], Sequence[str]]) -> pd.DataFrame:
    """Sum rows of one name, and add a count of nobody where a period has none of a group."""
    grouping = ["source", "group_by"]
    rows = counts[[*grouping, *_ROW]].drop_duplicates()
    said = [(*grouping, name) for grouping, names in known.items() for name in names]
    names = pd.concat([counts[_NAME], pd.DataFrame(said, columns=_NAME)]).drop_duplicates()
    every = rows.merge(names, on=grouping)
    summed = counts.groupby([*_NAME, *_ROW], as_index=False)[["numerator", "denominator"]].sum()
    table = every.merge(summed, on=[*_NAME, *_ROW], how="left").fillna(
        {"numerator": 0.0, "denominator": 0.0}
    )
    ordered: pd.DataFrame = table.sort_values([*_NAME, "period", "indicator"], ignore_index=True)
    return ordered.assign(status="ok")
