"""A file of points, or columns of coordinates, gets the codes of its areas."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from geolyft.boundaries import is_shipped, load_areas
from geolyft.errors import ReadError, brief
from geolyft.export.points import check_file, own_columns, write_points
from geolyft.join import PointAudit, assign_points, audit_points
from geolyft.read import read_points

if TYPE_CHECKING:
    import geopandas as gpd


def assign_file(
    points: str | Path,
    *,
    areas: str,
    out: str | Path,
    layer: str | None = None,
    points_layer: str | None = None,
    code: str | None = None,
    name: str | None = None,
    x: str | None = None,
    y: str | None = None,
    crs: int | None = None,
    max_outside: float = 0.05,
) -> PointAudit:
    """Write a file of points again with the column ``area``: the code of the area each lies in.

    What is written has the points' own columns, and is as sensitive as they are.

    Parameters
    ----------
    points
        CSV, Excel, Parquet, GeoParquet or any vector file.
    areas
        A shipped division, or a file of polygons in the points' CRS.
    out
        ``.parquet``, ``.csv`` or ``.gpkg``.
    points_layer
        The layer of the points' file, or the sheet of a workbook.
    layer, code, name
        Of the areas' file: its layer, and the columns of codes and names.
    x, y, crs
        Of points without geometry: the columns of coordinates, and their EPSG code.
    max_outside
        See `geolyft.join.assign_points`.

    Raises
    ------
    GeolyftError
        Whatever the readers, the join and the writer refuse; ``assign-column`` when the points
        have a column whose name the output needs: ``area``, in GeoPackage also ``fid`` and the
        geometry's.
    """
    points, out = Path(points), Path(out)
    check_file(out, inputs=[points] if is_shipped(areas) else [points, Path(areas)])
    polygons = _areas(areas, layer=layer, code=code, name=name)
    read = read_points(points, x=x, y=y, crs=crs, layer=points_layer)
    frame = read.frame
    _check_columns([*frame, "area"], out, where=points.name)
    frame["area"] = assign_points(
        frame["x"],
        polygons,
        y=frame["y"],
        crs=read.crs,
        max_outside=max_outside,
        where=points.name,
    )
    write_points(frame, out, crs=read.crs)
    return audit_points(frame["area"], frame[["x", "y"]].notna().all(axis=1))


def _check_columns(names: list[str], out: Path, *, where: str) -> None:
    """Refuse a column that the output would replace; most programs do not tell case apart."""
    times = Counter(name.casefold() for name in names)
    taken = [n for n in names if times[n.casefold()] > 1 or n.casefold() in own_columns(out)]
    if taken:
        raise ReadError(
            "assign-column",
            f"has a column called {brief(taken[0])}, which the output needs for itself",
            remedy="rename it",
            where=where,
        )


def _areas(
    areas: str, *, layer: str | None, code: str | None, name: str | None
) -> gpd.GeoDataFrame:
    if is_shipped(areas):
        return load_areas(areas)
    return load_areas(Path(areas), code=code, name=name, layer=layer)
