"""Polygons that somebody drew: what they have to be, and which areas they lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geolyft.errors import AreaError

if TYPE_CHECKING:
    import geopandas as gpd

MOST: Final = 100
_INSIDE: Final = 0.5
"""The share of a place that has to lie in the run's areas."""
_SAME: Final = 1e-3
"""The share by which a place that is an area may differ from it: two files round differently."""
_METRES: Final = 1.0


def check_places(polygons: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, *, where: str) -> None:
    """Refuse what is no set of places of the run.

    Parameters
    ----------
    polygons, areas
        In one CRS in metres.

    Raises
    ------
    AreaError
        ``place-many``, ``place-shape`` or ``place-outside``.
    """
    shapes = polygons.geometry.to_numpy()
    if not 0 < len(shapes) <= MOST:
        what, remedy = f"has {len(shapes)} places", f"give 1 to {MOST} at a time"
        raise AreaError("place-many", what, remedy=remedy, where=where)
    is_polygon = np.isin(shapely.get_type_id(shapes), [3, 6]) & ~shapely.is_empty(shapes)
    wrong = np.flatnonzero(~is_polygon | ~shapely.is_valid(shapes))
    if len(wrong):
        n = int(wrong[0])
        why = shapely.is_valid_reason(shapes[n]) if is_polygon[n] else "no polygon"
        remedy = "mend them in QGIS (Fix geometries), or draw them again"
        what = f"{len(wrong)} of {len(shapes)} places are no valid polygons, first {n + 1}: {why}"
        raise AreaError("place-shape", what, remedy=remedy, where=where)
    whole = shapely.union_all(areas.geometry.to_numpy())
    inside = shapely.area(shapely.intersection(shapes, whole)) / shapely.area(shapes)
    if (inside < _INSIDE).any():
        n = int(np.argmin(inside))
        what = f"place {n + 1} lies {100 * (1 - inside[n]):.0f} % outside the run's areas"
        remedy = "check its CRS, or draw it where the run has areas"
        raise AreaError("place-outside", what, remedy=remedy, where=where)


def lying(polygons: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return how places and areas lie in each other.

    Returns
    -------
    pandas.DataFrame
        ``place, area``; ``of_place`` and ``of_area``, the shares of each that the other holds; and
        ``is_same``, where they are one. Only pairs that share ground.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> areas = gpd.GeoDataFrame(geometry=[box(0, 0, 4, 4), box(4, 0, 8, 4)], index=["a", "b"])
    >>> places = gpd.GeoDataFrame(geometry=[box(3, 0, 5, 4)], index=["p"])
    >>> lying(places, areas)[["area", "of_place", "of_area"]].values.tolist()
    [['a', 0.5, 0.25], ['b', 0.5, 0.25]]
    """
    drawn, known = polygons.geometry.to_numpy(), areas.geometry.to_numpy()
    place, area = shapely.STRtree(known).query(drawn, predicate="intersects")
    shared = shapely.area(shapely.intersection(drawn[place], known[area]))
    table = pd.DataFrame(
        {
            "place": polygons.index[place],
            "area": areas.index[area],
            "of_place": shared / shapely.area(drawn[place]),
            "of_area": shared / shapely.area(known[area]),
        }
    )
    table["is_same"] = table[["of_place", "of_area"]].min(axis=1) >= 1 - _SAME
    kept: pd.DataFrame = table[shared > _METRES]
    return kept.sort_values(["place", "area"], ignore_index=True)
