"""Points move onto the areas: each has one, or is counted as having none."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, overload

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geolyft.errors import JoinError
from geolyft.frames import check_areas
from geolyft.join.area_lookup import first_positions
from geolyft.join.placed import (
    PointAudit,
    check_placed,
    codes_at,
    look_at,
    warn_of_defaults,
    with_positions,
)
from geolyft.read import seen_in
from geolyft.read.values.crs import crs_name, crs_number, same_crs, transform_between
from geolyft.read.values.places import check_votes

__all__ = ["PointAudit", "assign_points", "audit_points"]

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from geolyft.frames import Floats
    from geolyft.read import PointFile


@overload
def assign_points(
    points: gpd.GeoSeries | gpd.GeoDataFrame,
    areas: gpd.GeoDataFrame,
    *,
    max_outside: float = ...,
    where: str = ...,
) -> pd.Series[str]: ...
@overload
def assign_points(
    points: ArrayLike,
    areas: gpd.GeoDataFrame,
    *,
    y: ArrayLike,
    crs: CRS | int | str,
    max_outside: float = ...,
    where: str = ...,
) -> pd.Series[str]: ...
def assign_points(
    points: gpd.GeoSeries | gpd.GeoDataFrame | ArrayLike,
    areas: gpd.GeoDataFrame,
    *,
    y: ArrayLike | None = None,
    crs: CRS | int | str | None = None,
    max_outside: float = 0.05,
    where: str = "points",
) -> pd.Series[str]:
    """Return the code of the area each point lies in, on the points' own index.

    A point on a border shared by several areas belongs to the one that comes first in ``areas``.
    A point on the outer border belongs to its area. A point outside every area, or without
    coordinates, has no code (missing). Places that look like defaults (0, 0, or one place with
    more than 100 and 5 % of the placed points) are a warning.

    Parameters
    ----------
    points
        Points with a CRS, or their x coordinates in metres with `y` and `crs` given.
    areas
        Polygons that do not overlap, see `geolyft.frames.check_areas`.
    y, crs
        The y coordinates, and the CRS of x and y.
    max_outside
        The share of points with coordinates that may lie outside every area.
    where
        What to call the points in a refusal.

    Raises
    ------
    JoinError
        ``join-crs`` without a CRS or in another than the areas'; ``join-geometry`` for geometry
        that is no point; ``join-coordinates`` for coordinates that are infinite, no numbers, or not
        as many x as y; ``join-outside`` when more
        than `max_outside` lie outside; ``join-share`` when `max_outside` is no share;
        ``join-unplaced`` when no point has coordinates.

    Examples
    --------
    >>> from shapely import box
    >>> areas = gpd.GeoDataFrame(
    ...     {"name": ["Väst", "Öst"]}, index=pd.Index(["1", "2"], name="area"),
    ...     geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=3008)
    >>> assign_points([0.5, 1.0, 1.5], areas, y=[0.5, 0.5, 0.5], crs=3008).tolist()
    ['1', '1', '2']
    """
    check_areas(areas)
    check_share(max_outside, where=where)
    xs, ys, index, points_crs = _coordinates(points, y, crs, where)
    check_crs(points_crs, areas, where=where)
    seen = look_at(xs, ys, where=where)
    position = first_positions(areas.geometry.to_numpy(), xs, ys)
    seen = with_positions(seen, position)
    check_placed(seen, max_outside=max_outside, where=where)
    warn_of_defaults(seen, [(xs, ys, position)], where=where)
    return codes_at(position, areas.index, index)


def audit_points(codes: pd.Series[str], has_place: ArrayLike) -> PointAudit:
    """Count where the points went.

    Parameters
    ----------
    codes
        What `assign_points` returned.
    has_place
        For each point, whether it has coordinates.

    Examples
    --------
    >>> audit_points(pd.Series(["1", None, None], dtype="str"), [True, True, False])
    PointAudit(total=3, placed=1, outside=1, unplaced=1)
    """
    located = np.asarray(has_place, dtype=bool)
    placed = codes.notna().to_numpy()
    return PointAudit(
        total=len(codes),
        placed=int(placed.sum()),
        outside=int((located & ~placed).sum()),
        unplaced=int((~located).sum()),
    )


def _coordinates(
    points: gpd.GeoSeries | gpd.GeoDataFrame | ArrayLike,
    y: ArrayLike | None,
    crs: CRS | int | str | None,
    where: str,
) -> tuple[Floats, Floats, pd.Index[int], CRS | None]:
    if isinstance(points, gpd.GeoSeries | gpd.GeoDataFrame):
        geometry = points.geometry
        present = ~(geometry.is_empty | geometry.isna())
        if not (geometry[present].geom_type == "Point").all():
            what = f"{int((geometry[present].geom_type != 'Point').sum())} geometries are no points"
            remedy = "give points, such as geometry.representative_point()"
            raise JoinError("join-geometry", what, remedy=remedy, where=where)
        x, y, index, crs = geometry.x, geometry.y, points.index, geometry.crs
    else:
        x = points
        index = points.index if isinstance(points, pd.Series) else pd.RangeIndex(np.size(points))
    xs, ys = (_numbers(each, name, where) for name, each in (("x", x), ("y", y)))
    if xs.shape != ys.shape or xs.ndim != 1:
        what = f"x has the shape {xs.shape} and y {ys.shape}"
        remedy = "give a row of x and as many y"
        raise JoinError("join-coordinates", what, remedy=remedy, where=where)
    return xs, ys, index, None if crs is None else CRS.from_user_input(crs)


def _numbers(given: ArrayLike | None, name: str, where: str) -> Floats:
    try:
        # numpy takes None for one unknown number.
        return np.asarray("" if given is None else given, dtype=np.float64)
    except (TypeError, ValueError):
        what = f"{name} is missing, or no numbers"
        remedy = "give x and y as numbers in metres (geolyft.read_points reads them)"
        raise JoinError("join-coordinates", what, remedy=remedy, where=where) from None


def check_crs(points: CRS | None, areas: gpd.GeoDataFrame, *, where: str) -> None:
    """Refuse points whose CRS is unknown or not the areas'.

    Raises
    ------
    JoinError
        ``join-crs``.
    """
    if not same_crs(points, areas.crs):
        remedy = "declare the points' CRS, or reproject one of them (GeoSeries.to_crs)"
        raise _other_crs(points, areas, remedy, where)


def lead_onto(file: PointFile, areas: gpd.GeoDataFrame) -> PointFile:
    """Return the file with the way to the areas' CRS, if somebody has said which its own is.

    What only the file says is not enough to move its points: files often say a wrong CRS.

    Raises
    ------
    JoinError
        ``join-crs``.
    ReadError
        ``read-places-…`` when the places cannot be in the CRS that nobody has declared.
    """
    where = file.file.name
    if same_crs(file.crs, areas.crs):
        return file
    if not file.told:
        for batch in islice(file.batches(), 1):
            check_votes(seen_in(batch).votes, file.crs, where=where)
        number = crs_number(file.crs)
        remedy = (
            f"give crs = {number} if that is right, to have the points transformed"
            if number
            else "save the points in the areas' CRS"
        )
        raise _other_crs(file.crs, areas, remedy, where)
    onto = transform_between(file.crs, areas.crs, tuple(areas.total_bounds))
    if onto is None:
        raise _other_crs(file.crs, areas, "save the points in the areas' CRS", where)
    return replace(file, onto=onto)


def _other_crs(points: CRS | None, areas: gpd.GeoDataFrame, remedy: str, where: str) -> JoinError:
    given = crs_name(points) if points else "missing"
    what = f"the points' CRS is {given}, the areas' is {crs_name(areas.crs)}"
    return JoinError("join-crs", what, remedy=remedy, where=where)


def check_share(max_outside: float, *, where: str) -> None:
    """Refuse a share of points that is none.

    Raises
    ------
    JoinError
        ``join-share``.
    """
    if not 0 <= max_outside <= 1:
        what = f"max_outside is {max_outside}, which is no share"
        raise JoinError("join-share", what, remedy="give a number from 0 to 1", where=where)
