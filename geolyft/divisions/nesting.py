"""How two divisions lie in each other: whole areas in whole areas, or across one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

NEGLIGIBLE: Final = 0.02
"""Metres: what is narrower is what rounding of coordinates leaves, and nobody lives there."""


def nested(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return which areas lie whole in an area of another division, and what lies across.

    Parameters
    ----------
    one, other
        Areas in the same CRS.

    Returns
    -------
    tuple[pandas.DataFrame, list[str]]
        ``one, other``: pairs of areas of which one is the other, or a part of it that areas of its
        division fill. And the areas of the first division that overlap one of the other's in
        another way: two publications of them differ by a piece that neither shows.

    Examples
    --------
    >>> import geopandas as gpd
    >>> whole = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 4, 4)], index=["w"])
    >>> halves = [shapely.box(0, 0, 2, 4), shapely.box(2, 0, 4, 4)]
    >>> parts = gpd.GeoDataFrame(geometry=halves, index=["a", "b"])
    >>> nested(parts, whole)[0].values.tolist(), nested(parts.loc[["a"]], whole)[1]
    ([['a', 'w'], ['b', 'w']], ['a'])
    """
    left, right = one.geometry.to_numpy(), other.geometry.to_numpy()
    at, to = shapely.STRtree(right).query(left, predicate="intersects")
    meet = ~_nothing(shapely.intersection(left[at], right[to]))
    at, to = at[meet], to[meet]
    inside = _nothing(shapely.difference(left[at], right[to]))
    around = _nothing(shapely.difference(right[to], left[at]))
    fine = (inside & around) | (inside & _filled(right, left, to, at, inside)[to])
    fine |= around & _filled(left, right, at, to, around)[at]
    pairs = pd.DataFrame({"one": one.index[at[fine]], "other": other.index[to[fine]]})
    return pairs, sorted(set(one.index[at[~fine]]))


def _filled(
    large: np.ndarray, small: np.ndarray, of: np.ndarray, at: np.ndarray, inside: np.ndarray
) -> np.ndarray:
    """Say of each large area whether the small ones that lie whole in it are all of it."""
    full = np.zeros(len(large), dtype=bool)
    for area in np.unique(of[inside]):
        parts = small[at[inside & (of == area)]]
        full[area] = bool(_nothing(shapely.difference(large[area], shapely.union_all(parts))))
    return full


def _nothing(shapes: np.ndarray) -> np.ndarray:
    """Say which shapes are no wider than what rounding leaves."""
    empty: np.ndarray = shapely.is_empty(shapely.buffer(shapes, -NEGLIGIBLE / 2))
    return empty
