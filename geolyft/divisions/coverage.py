"""Areas that should meet do: slivers of rounding between them are closed, and it is said."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import shapely

from geolyft.errors import AreaError, GeolyftWarning, brief
from geolyft.frames import check_areas

if TYPE_CHECKING:
    import geopandas as gpd

TOLERANCE: Final = 0.02
"""Metres. What is narrower is what rounding leaves: 3 mm of jitter on both sides give up to 9 mm,
and no land is measured to less than this. What is wider is refused where areas overlap, and is a
gap of the division, such as water, where they do not meet."""

MENDED: Final = "mended"
"""The entry of the areas' ``attrs`` that says what was closed."""


def mend(areas: gpd.GeoDataFrame, *, where: str) -> gpd.GeoDataFrame:
    """Return the areas without the overlaps and gaps between them that rounding has left.

    Areas that meet exactly are handed on as they are. Neighbours that do not share a border have
    none: a difference of millimetres would take it from the map.

    Raises
    ------
    AreaError
        ``areas-overlap`` when areas overlap by more than `TOLERANCE`; ``areas-geometry`` when one
        of them is narrower than that.

    Examples
    --------
    >>> import geopandas as gpd
    >>> areas = gpd.GeoDataFrame(
    ...     {"name": ["a", "b"]}, index=pd.Index(["a", "b"], name="area"), crs=3008,
    ...     geometry=[shapely.box(0, 0, 10, 10), shapely.box(10.005, 0, 20, 10)])
    >>> with warnings.catch_warnings(action="ignore"):
    ...     mend(areas, where="areas.gpkg").attrs["mended"]
    {'overlaps': 0, 'gaps': 1, 'square_metres': 0.05}
    """
    overlaps = _overlaps(areas)
    _refuse_wide(overlaps, where)
    shapes = areas.geometry.to_numpy()
    if shapely.coverage_is_valid(shapes, gap_width=TOLERANCE):
        return areas
    clean = as_multi(
        shapely.coverage_clean(shapes, gap_width=TOLERANCE, snapping_distance=TOLERANCE)
    )
    gaps = _gaps(shapes, clean)
    if not len(overlaps) and not gaps:
        return areas
    moved = float(shapely.area(shapely.symmetric_difference(shapes, clean)).sum())
    warnings.warn(
        f"{where}: {len(overlaps)} overlaps and {gaps} gaps between areas are narrower than "
        f"{100 * TOLERANCE:.0f} cm and were closed, which moved {moved:.3f} m²",
        GeolyftWarning,
        stacklevel=3,
    )
    mended = check_areas(areas.set_geometry(clean, crs=areas.crs), where=where)
    mended.attrs[MENDED] = {
        "overlaps": len(overlaps),
        "gaps": gaps,
        "square_metres": round(moved, 3),
    }
    return mended


def as_multi(shapes: Any) -> Any:  # noqa: ANN401 - an array of shapes has no narrower type
    """Return shapes with each polygon as a multipolygon of one."""
    several = np.array(shapes, dtype=object)
    alone = shapely.get_type_id(several) == shapely.GeometryType.POLYGON
    several[alone] = [shapely.MultiPolygon([shape]) for shape in several[alone]]
    return several


def check_apart(areas: gpd.GeoDataFrame, *, where: str = "areas") -> None:
    """Refuse areas that overlap: what lies in two of them would be counted twice.

    Raises
    ------
    AreaError
        ``areas-overlap`` when areas overlap by more than `TOLERANCE`.
    """
    if not shapely.coverage_is_valid(areas.geometry.to_numpy()):
        _refuse_wide(_overlaps(areas), where)


def _refuse_wide(overlaps: pd.DataFrame, where: str) -> None:
    wide = overlaps[overlaps["width"] > TOLERANCE]
    if not len(wide):
        return
    pairs = wide.groupby(["one", "other"])[["size"]].sum().reset_index()
    worst = pairs.loc[int(pairs["size"].argmax())]
    raise AreaError(
        "areas-overlap",
        f"{len(pairs)} pairs of areas overlap by {pairs['size'].sum():.0f} m² together, most "
        f"{brief(worst['one'])} and {brief(worst['other'])} by {worst['size']:.0f} m²",
        remedy="mend the borders, or give areas of one division only",
        where=where,
    )


def _overlaps(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    shapes = areas.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    shared, pair = shapely.get_parts(
        shapely.intersection(shapes[left], shapes[right]), return_index=True
    )
    size = shapely.area(shared)
    real = size > 0  # the borders areas share are lines
    # A strip's area over half its outline is its width; of a compact overlap, about its radius.
    width = 2 * size[real] / shapely.length(shared[real])
    one, other = areas.index[left[pair[real]]], areas.index[right[pair[real]]]
    return pd.DataFrame({"one": one, "other": other, "size": size[real], "width": width})


def _gaps(shapes: Any, clean: Any) -> int:  # noqa: ANN401 - arrays of shapes have no narrower type
    """Count the pieces of new ground that lie between two areas."""
    new = shapely.get_parts(shapely.difference(shapely.union_all(clean), shapely.union_all(shapes)))
    new = new[shapely.area(new) > 0]
    piece, _ = shapely.STRtree(shapes).query(new, predicate="dwithin", distance=TOLERANCE)
    return int((np.bincount(piece, minlength=1) > 1).sum())
