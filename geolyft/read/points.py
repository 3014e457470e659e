"""Rows with a place, from tables with two coordinate columns and from point layers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from geolyft.errors import ReadError, count
from geolyft.read.formats.typed import geometry_columns, open_parquet, typed_table
from geolyft.read.formats.vector import frame_to_arrow, read_layer
from geolyft.read.postgis.rows import has_shapes, read_rows
from geolyft.read.postgis.table import DatabaseTable
from geolyft.read.tables import table_of
from geolyft.read.understand.files import VECTOR, kind_of, local_file
from geolyft.read.understand.grid import TextGrid, reasons
from geolyft.read.understand.model import Points, Table, TextOptions
from geolyft.read.values.crs import crs_name, known_crs, settle_crs
from geolyft.read.values.places import check_places

if TYPE_CHECKING:
    import os
    from collections.abc import Collection
    from pathlib import Path

    import pyproj

    from geolyft.read.understand.model import Layer

_PLACE: Final = ("x", "y")


def read_points(
    path: str | os.PathLike[str] | DatabaseTable,
    *,
    x: str | None = None,
    y: str | None = None,
    crs: int | str | None = None,
    numbers: Collection[str] = (),
    columns: Collection[str] | None = None,
    layer: str | None = None,
    options: TextOptions | None = None,
) -> Points:
    r"""Read rows with a place.

    Parameters
    ----------
    path
        A table (CSV, Excel, Parquet, of a database) with coordinate columns, or a layer of points.
    x, y
        The columns with east and north, for a table; never guessed.
    crs
        The CRS of ``x`` and ``y``; for a layer, only where the file says none.
    numbers
        The columns that have to be numbers.
    columns
        The columns to read, coordinates apart; all of them by default.
    layer
        Which layer, or sheet of an Excel file, where there are several.
    options
        How to read a table; found out by default.

    Returns
    -------
    Points
        The asked columns and ``x``, ``y``: both NaN where either is not known.

    Raises
    ------
    ReadError
        Also when most places cannot be in the CRS: swapped axes, degrees taken for metres. Places
        at 0, 0 are handed on as they are.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "residents.csv"
    ...     _ = file.write_text("id;east;north\n0180;118000,5;6163000\n", encoding="utf-8")
    ...     points = read_points(file, x="east", y="north", crs=3008, columns=["id"])
    >>> points.frame
         id         x          y
    0  0180  118000.5  6163000.0
    """
    options = options or TextOptions()
    file = path if isinstance(path, DatabaseTable) else local_file(path)
    kind = "postgis" if isinstance(file, DatabaseTable) else kind_of(file)
    settled_crs = settled_columns(file, kind, x=x, y=y, crs=crs)
    if settled_crs is not None and x is not None and y is not None:
        asked = None if columns is None else [*dict.fromkeys([*columns, *numbers, x, y])]
        table = table_of(
            file, numbers=[*numbers, x, y], columns=asked, options=options, sheet=layer
        )
        points = _checked(from_columns(table, (x, y), settled_crs, keep=columns))
        return replace(points, written=pa.Table.from_pandas(table.frame, preserve_index=False))
    asked = None if columns is None else [*dict.fromkeys([*columns, *numbers])]
    if isinstance(file, DatabaseTable):
        return _checked(_from_database(file, numbers, asked, crs, options))
    features = read_layer(file, layer=layer, crs=crs, columns=asked)
    return _checked(_from_layer(features, numbers, options))


def settled_columns(
    file: Path | DatabaseTable, kind: str, *, x: str | None, y: str | None, crs: int | str | None
) -> pyproj.CRS | None:
    """Return the CRS of two coordinate columns, or nothing where the file has shapes."""
    if (x is None) != (y is None) or (x is not None and x == y):
        raise _unnamed(file.name, "x and y have to be two columns")
    if x is None or y is None:
        if kind not in VECTOR and not _has_geometry(file, kind):
            raise _unnamed(file.name, "the columns with the coordinates are not named")
        return None
    if crs is None:
        what = f"the columns {x} and {y} say no CRS"
        remedy = "give crs, such as crs = 3008 for SWEREF 99 13 30"
        raise ReadError("read-crs-missing", what, remedy=remedy, where=file.name)
    return known_crs(crs, where=file.name)


def _checked(points: Points) -> Points:
    east, north = (points.frame[axis].to_numpy() for axis in _PLACE)
    check_places(east, north, points.crs, where=points.understood.path)
    return points


def _has_geometry(file: Path | DatabaseTable, kind: str) -> bool:
    if isinstance(file, DatabaseTable):
        return has_shapes(file)
    return kind == "parquet" and bool(geometry_columns(open_parquet(file).schema_arrow))


def _unnamed(where: str, what: str) -> ReadError:
    return ReadError("read-points-columns", what, remedy="give x (east) and y (north)", where=where)


def from_columns(
    table: Table, place: tuple[str, str], crs: pyproj.CRS, keep: Collection[str] | None
) -> Points:
    """Return a table's rows with their places, which nobody has checked yet."""
    east, north = (table.frame[name] for name in place)
    drop = [name for name in place if keep is None or name not in keep]
    return _points(table, east, north, crs, marks_of=place, drop=drop)


def _from_database(
    table: DatabaseTable,
    numbers: Collection[str],
    columns: Collection[str] | None,
    crs: int | str | None,
    options: TextOptions,
) -> Points:
    rows = read_rows(table, numbers=numbers, columns=columns, shapes=True)
    read = typed_table(rows.table, rows.grid, numbers=numbers, options=options)
    return from_shapes(read, rows.shapes, settle_crs(rows.crs, crs, where=table.name))


def _from_layer(features: Layer, numbers: Collection[str], options: TextOptions) -> Points:
    origin = features.understood
    frame = features.frame
    grid = TextGrid(
        name=origin.path,
        kind=origin.kind,
        sha256=origin.sha256,
        columns={},
        rows=(),
        layer=origin.layer,
    )
    table = typed_table(frame_to_arrow(frame), grid, numbers=numbers, options=options)
    return from_shapes(table, frame.geometry.to_numpy(), frame.crs)


def from_shapes(table: Table, shapes: Any, crs: pyproj.CRS) -> Points:  # noqa: ANN401 - an array of shapes has no narrower type
    """Return a layer's rows with their places, which nobody has checked yet."""
    single = _single_points(shapes, table.understood.path)
    east = pd.Series(shapely.get_x(single), index=table.frame.index)
    north = pd.Series(shapely.get_y(single), index=table.frame.index)
    return _points(table, east, north, crs, marks_of=None, drop=[])


def _single_points(shapes: Any, where: str) -> Any:  # noqa: ANN401 - an array of shapes has no narrower type
    """Return a point or None per feature; QGIS likes to save single points as multipoints."""
    kinds = shapely.get_type_id(shapes)
    lone = (kinds == shapely.GeometryType.MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    shapes = np.where(lone, shapely.get_geometry(shapes, 0), shapes)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    other = ~empty & (shapely.get_type_id(shapes) != shapely.GeometryType.POINT)
    if other.any():
        what = f"{count(other.sum())} of {count(len(shapes))} features are no single points"
        remedy = "split multipoints, and give polygons as areas"
        raise ReadError("read-points-geometry", what, remedy=remedy, where=where)
    return np.where(empty, None, shapes)


def _points(
    table: Table,
    east: pd.Series[float],
    north: pd.Series[float],
    crs: pyproj.CRS,
    *,
    marks_of: tuple[str, str] | None,
    drop: list[str],
) -> Points:
    name = table.understood.path
    frame, marks = table.frame.drop(columns=drop), table.marks.drop(columns=drop)
    taken = [
        each for each in _PLACE if each in frame and (marks_of is None or each not in marks_of)
    ]
    if taken:
        raise _unnamed(name, f"another column is named {taken[0]}, which the coordinates need")
    unplaced = east.isna() | north.isna()
    for axis, values, at in zip(_PLACE, (east, north), (0, 1), strict=True):
        frame[axis] = values.mask(unplaced) if unplaced.any() else values
        marks[axis] = (
            table.marks[marks_of[at]] if marks_of else reasons(unplaced.to_numpy(), "missing")
        )
    understood = replace(
        table.understood, columns=tuple(frame.columns), crs=crs_name(crs), rows=len(frame)
    )
    return Points(frame=frame, marks=marks, crs=crs, understood=understood, last=table.last)
