"""Vector files: only formats whose first bytes were recognised ever reach GDAL."""

from __future__ import annotations

import contextlib
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pyarrow as pa
import pyogrio
import shapely

from geolyft.alone import remarks
from geolyft.errors import GeolyftWarning, ReadError, brief, nearest
from geolyft.read.formats.jsonstat import parse_json
from geolyft.read.formats.typed import (
    damaged,
    geometry_columns,
    geometry_of,
    open_parquet,
    plain_frame,
    typed_table,
)
from geolyft.read.geopackage import check_views
from geolyft.read.postgis.rows import read_rows
from geolyft.read.postgis.table import DatabaseTable
from geolyft.read.understand.files import VECTOR, kind_of, local_file, one_state, sha256_of
from geolyft.read.understand.grid import TextGrid
from geolyft.read.understand.model import Layer, Understood
from geolyft.read.understand.rows import choose, clean_header
from geolyft.read.understand.text import is_garbled
from geolyft.read.values.crs import crs_name, settle_crs
from geolyft.read.values.places import check_places

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterator
    from pathlib import Path

    import pandas as pd
    import pyproj

    from geolyft.read.understand.model import Table, TextOptions

_GDAL_KEYS: Final = {"", "fid", "ogc_fid"}
_GDAL_RAISES: Final = (
    RuntimeError, ValueError, OSError, pa.ArrowException, shapely.errors.ShapelyError,
    # What geopandas trips over where GeoParquet says nonsense of its geometry.
    AttributeError, LookupError, TypeError,
)  # fmt: skip
_LOCKED: Final = "database is locked"  # SQLite's own words, which GDAL hands on


def read_layer(
    path: str | os.PathLike[str] | DatabaseTable,
    *,
    layer: str | None = None,
    crs: int | str | None = None,
    columns: Collection[str] | None = None,
) -> Layer:
    """Read one layer of a vector file.

    Parameters
    ----------
    path
        A GeoPackage, Shapefile, GeoJSON, FlatGeobuf or GeoParquet file, or a table of a database.
    layer
        Which layer, where there are several.
    crs
        The CRS of a file that says none. It never reprojects, and contradicting a file that does
        say one is an error.
    columns
        The attributes to read; all of them by default.

    Returns
    -------
    Layer
        The features with geometry column ``geometry`` and a CRS.

    Raises
    ------
    ReadError
        When the file is not what it says, its layer or CRS is unclear, or its coordinates cannot
        be in its CRS.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> places = gpd.GeoDataFrame({"code": ["0180"]}, geometry=[Point(118000, 6163000)], crs=3008)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     places.to_file(Path(folder) / "places.gpkg")
    ...     read_layer(Path(folder) / "places.gpkg").understood.sentence()
    "places.gpkg: geopackage with 1 rows and 1 columns; layer 'places'; crs EPSG:3008"
    """
    if isinstance(path, DatabaseTable):
        return _read_database(path, crs, columns)
    file = local_file(path)
    with one_state(file):
        return _layer_in(file, layer=layer, crs=crs, columns=columns)


def _layer_in(
    file: Path, *, layer: str | None, crs: int | str | None, columns: Collection[str] | None
) -> Layer:
    kind = kind_of(file)
    if kind == "parquet" and geometry_columns(open_parquet(file).schema_arrow):
        kind, frame = "geoparquet", _read_geoparquet(file, columns)
    elif kind in VECTOR:
        layer, frame = _read_ogr(file, kind, layer, columns)
    else:
        what = f"is {kind} and has no geometry"
        remedy = "give a vector file; a table with coordinates is read as points"
        raise ReadError("read-format", what, remedy=remedy, where=file.name)
    in_file = None if is_crs_only_assumed(file, kind, crs) else frame.crs
    settled = settle_crs(in_file, crs, where=file.name)
    key = key_of(file, layer) if kind in VECTOR and layer else None
    read = _layer(frame, settled, name=file.name, kind=kind, sha256=sha256_of(file, kind))
    return replace(read, understood=replace(read.understood, layer=layer), key=key)


def _read_database(
    table: DatabaseTable, crs: int | str | None, columns: Collection[str] | None
) -> Layer:
    asked = None if columns is None else [name for name in columns if name != "geometry"]
    rows = read_rows(table, columns=asked, shapes=True)
    if not rows.table.num_rows:
        remedy = "give a table with features"
        raise ReadError("read-header-only", "has no features", remedy=remedy, where=table.name)
    frame = gpd.GeoDataFrame(plain_frame(rows.table), geometry=rows.shapes)
    settled = settle_crs(rows.crs, crs, where=table.name)
    return _layer(frame, settled, name=table.name, kind="postgis", sha256=rows.grid.sha256)


def _layer(frame: gpd.GeoDataFrame, crs: pyproj.CRS, *, name: str, kind: str, sha256: str) -> Layer:
    frame = frame.set_crs(crs, allow_override=True)
    _check_coordinates(frame, name)
    understood = Understood(
        path=name,
        kind=kind,
        rows=len(frame),
        columns=tuple(each for each in frame.columns if each != "geometry"),
        sha256=sha256,
        crs=crs_name(crs),
    )
    return Layer(frame=frame, understood=understood)


def read_attributes(
    file: Path,
    kind: str,
    *,
    numbers: Collection[str],
    columns: Collection[str] | None,
    options: TextOptions,
    layer: str | None = None,
) -> Table:
    """Read a vector file's attributes as a table, without its geometry."""
    layer = layer_of(file, layer, spatial=False)
    names = attributes_of(file, layer)
    wanted = choose(names, numbers=numbers, columns=columns, where=file.name)
    with gdal(file.name):
        _, table = pyogrio.read_arrow(
            file, layer=layer, **asked_of_gdal(file, layer, wanted), read_geometry=False
        )
    grid = TextGrid(
        name=file.name, kind=kind, sha256=sha256_of(file, kind), columns={}, rows=(), layer=layer
    )
    return typed_table(table.select(wanted), grid, numbers=numbers, options=options)


def frame_to_arrow(frame: gpd.GeoDataFrame) -> Any:  # noqa: ANN401 - pyarrow is not typed
    """Return a layer's attributes with their types."""
    return pa.Table.from_pandas(frame.drop(columns="geometry"), preserve_index=False)


def _read_geoparquet(file: Path, columns: Collection[str] | None) -> gpd.GeoDataFrame:
    schema = open_parquet(file).schema_arrow
    geometries = geometry_columns(schema)
    names = [name for name in schema.names if name not in geometries]
    wanted = _wanted(clean_header(names, where=file.name), columns, file.name)
    with gdal(file.name):
        frame = gpd.read_parquet(file, columns=[*wanted, geometries[0]])
    return frame.rename_geometry("geometry") if geometries[0] != "geometry" else frame


def _read_ogr(
    file: Path, kind: str, layer: str | None, columns: Collection[str] | None
) -> tuple[str, gpd.GeoDataFrame]:
    if kind == "shapefile":
        check_parts(file)
    name = layer_of(file, layer, spatial=True)
    wanted = _wanted(attributes_of(file, name), columns, file.name)
    key = key_of(file, name)
    with gdal(file.name):
        frame = pyogrio.read_dataframe(
            file, layer=name, columns=_but(key, wanted), fid_as_index=key in wanted
        )
    if key is not None and key in wanted:
        frame = frame.reset_index(names=key)
    if kind == "shapefile":
        check_letters(frame, file.name)
    if not len(frame):
        remedy = "give a layer with features"
        raise ReadError("read-header-only", "has no features", remedy=remedy, where=file.name)
    return name, frame[[*wanted, "geometry"]]


def _wanted(names: list[str], columns: Collection[str] | None, where: str) -> list[str]:
    asked = None if columns is None else [name for name in columns if name != "geometry"]
    return choose(names, numbers=(), columns=asked, where=where)


def layer_of(file: Path, layer: str | None, *, spatial: bool) -> str:
    """Return the layer to read: the one asked for, or the only one."""
    if kind_of(file) == "geopackage":
        check_views(file)
    with gdal(file.name):
        listed = [(str(name), form) for name, form in pyogrio.list_layers(file)]
    if not listed:
        what, remedy = "holds no layer that can be read", "get the file again"
        raise ReadError("read-damaged", what, remedy=remedy, where=file.name)
    # Attribute tables, such as the styles QGIS saves beside the layers, have no geometry type.
    names = [name for name, form in listed if form is not None]
    every = [name for name, _ in listed]
    if layer in every and not spatial:
        return str(layer)
    names = names if spatial or names else every
    if layer is None and len(names) == 1:
        layer = names[0]
    if layer in names and layer is not None:
        return layer
    what = (
        f"there is no layer {brief(layer)}{nearest(layer, names)}" if layer else "no layer is named"
    )
    raise ReadError(
        "read-layer",
        f"{what}; there are {', '.join(map(brief, names)) or 'none with shapes'}",
        remedy="give layer = one of them",
        where=file.name,
    )


def attributes_of(file: Path, layer: str) -> list[str]:
    """Return the names of a layer's columns, or refuse names that are not each its own."""
    with gdal(file.name):
        fields = [str(name) for name in pyogrio.read_info(file, layer=layer)["fields"]]
    key = key_of(file, layer)
    fields = fields if key is None else [key, *fields]
    clean_header(fields, where=file.name)
    return fields


def key_of(file: Path, layer: str) -> str | None:
    """Return the column that is a layer's primary key, if it is the sender's and not GDAL's own."""
    with gdal(file.name):
        name = str(pyogrio.read_info(file, layer=layer)["fid_column"])
    return None if name.casefold() in _GDAL_KEYS else name


def asked_of_gdal(file: Path, layer: str, wanted: list[str]) -> dict[str, Any]:
    """Return what to ask pyogrio's Arrow reader for, which has the primary key apart."""
    key = key_of(file, layer)
    return {"columns": _but(key, wanted), "return_fids": key in wanted}


def _but(key: str | None, names: list[str]) -> list[str]:
    return [name for name in names if name != key]


@contextlib.contextmanager
def gdal(where: str) -> Iterator[None]:
    """Turn what GDAL raises into a refusal, and what it remarks on into one warning."""
    with remarks() as said:
        try:
            yield
        except _GDAL_RAISES as problem:
            raise _held(where) if _LOCKED in str(problem) else damaged(where) from None
    if said:
        # Remarks can quote attribute values, so they are counted and not repeated.
        message = f"{where}: the reading library made {len(said)} remarks; check the features"
        warnings.warn(message, GeolyftWarning, stacklevel=4)


def _held(where: str) -> ReadError:
    what = "is being written to by another program"
    remedy = "save there what is to be kept, close it, and start again"
    return ReadError("read-open", what, remedy=remedy, where=where)


def check_parts(file: Path) -> None:
    """Refuse a shapefile without all of its parts."""
    present = {each.suffix.lower() for each in file.parent.glob(f"{file.stem}.*")}
    lacking = [part for part in (".dbf", ".shx") if part not in present]
    if lacking:
        what = f"the shapefile's {' and '.join(lacking)} is missing"
        remedy = "copy all parts of it together, or use a GeoPackage"
        raise ReadError("read-shapefile-parts", what, remedy=remedy, where=file.name)


def check_letters(frame: pd.DataFrame, where: str) -> None:
    """Refuse texts that show the wrong encoding, which a shapefile does not say."""
    for name in map(str, frame.select_dtypes("str").columns):
        if any(is_garbled(str(text)) for text in frame[name].dropna().unique()):
            what = "the letters are garbled, as when å becomes Ã¥"
            remedy = "write a text file with the one word UTF-8 beside it, ending in .cpg"
            raise ReadError("read-mojibake", what, remedy=remedy, where=f"{where}, column {name}")


def is_crs_only_assumed(file: Path, kind: str, declared: int | str | None) -> bool:
    """Say whether a GeoJSON or GeoParquet file's degrees are the standard's word, not its own."""
    if declared is None:
        return False
    if kind == "geoparquet":
        return "crs" not in geometry_of(open_parquet(file).schema_arrow)
    if kind != "geojson":
        return False
    return "crs" not in parse_json(file.read_text(encoding="utf-8-sig"), file.name)


def _check_coordinates(frame: gpd.GeoDataFrame, where: str) -> None:
    corners = frame.geometry.bounds.to_numpy()
    check_places(
        (corners[:, 0] + corners[:, 2]) / 2,
        (corners[:, 1] + corners[:, 3]) / 2,
        frame.crs,
        where=where,
    )
