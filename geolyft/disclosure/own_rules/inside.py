"""Counts on small areas that lie in others: shown as if both were, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np

from geolyft.disclosure.own_rules.held import of_areas, too_close
from geolyft.disclosure.protect import check_protection, protect_counts
from geolyft.disclosure.raw import Raw, opened

if TYPE_CHECKING:
    import pandas as pd

    from geolyft.disclosure.protect import Protection


def publish_inside(
    counted: Raw[pd.Series],
    small: gpd.GeoDataFrame,
    around: gpd.GeoDataFrame,
    protection: Protection,
    *,
    protected_by: str = "",
) -> pd.Series[float]:
    """Return counts of small areas that may be published beside those of the areas around them.

    Parameters
    ----------
    counted
        Counts by small area; one that is not there has none.
    small, around
        Polygons in one CRS; those around with columns ``numerator`` and ``denominator``, missing
        where hidden.
    protected_by
        Who has already protected the counts; without it geolyft does.

    Returns
    -------
    pandas.Series
        By small area, missing where few, or where what is shown would tell how few others are.

    Raises
    ------
    DisclosureError
        ``protect-threshold``, ``audit-unsafe`` or ``audit-infeasible``.

    Examples
    --------
    >>> import pandas as pd
    >>> import shapely
    >>> halves = [shapely.box(n, 0, n + 1, 1) for n in range(2)]
    >>> small = gpd.GeoDataFrame(index=["a", "b"], geometry=halves, crs=3008)
    >>> whole = {"numerator": [45.0], "denominator": [45.0]}
    >>> around = gpd.GeoDataFrame(whole, geometry=[shapely.box(0, 0, 2, 1)], crs=3008)
    >>> raw = Raw(pd.Series({"a": 38, "b": 7}))
    >>> from geolyft.disclosure.protect import Protection
    >>> publish_inside(raw, small, around, Protection(width=9)).to_dict()
    {'a': nan, 'b': nan}
    """
    check_protection(protection, open_sources=0 if protected_by else 1)
    counts = opened(counted).reindex(small.index, fill_value=0).astype("float64")
    if protected_by:
        return counts
    shown: pd.Series[float] = protect_counts(counts, protection, exempt=False)
    beside = gpd.GeoDataFrame(
        {"numerator": shown, "denominator": shown}, geometry=small.geometry, crs=small.crs
    )
    close = too_close(of_areas(beside), [of_areas(around)], protection, people=True)
    return shown.mask(np.asarray(close))
