"""GeoParquet 1.1.0: the layers for analysis in Python, R, DuckDB and newer QGIS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from geolyft.export.formats.cells import arrow_table, metadata_of
from geolyft.export.layer import GEOMETRY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

_FOLDER: Final = "geoparquet"
_VERSION: Final = "1.1.0"
_BOX: Final = "bbox"
_CORNERS: Final = ("xmin", "ymin", "xmax", "ymax")


def write_geoparquet(layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
    """Write ``geoparquet/<layer>.parquet`` for every layer with geometry.

    Titles, and the title and comment of every field, stand as JSON under the key ``geolyft`` of
    the file's metadata. Each row's box has a column of its own, so that a reader can leave out
    what lies elsewhere.

    Parameters
    ----------
    folder
        The delivery's; ``geoparquet`` is made in it.
    """
    (folder / _FOLDER).mkdir()
    for layer in layers:
        if layer.is_spatial:
            table = _table(layer, publication)
            pq.write_table(table, folder / _FOLDER / f"{layer.name}.parquet", compression="zstd")


def _table(layer: Layer, publication: Publication) -> pa.Table:
    geometry = layer.frame.geometry
    shapes = pa.array(shapely.to_wkb(geometry.to_numpy(), byte_order=1), type=pa.binary())
    table = arrow_table(layer).append_column(GEOMETRY, shapes)
    table = table.append_column(_BOX, _boxes(geometry))
    metadata = {"geo": _geo(layer, geometry), "geolyft": metadata_of(layer, publication)}
    return table.replace_schema_metadata(
        {
            key: json.dumps(value, ensure_ascii=False, allow_nan=False)
            for key, value in metadata.items()
        }
    )


def _boxes(geometry: gpd.GeoSeries) -> pa.StructArray:
    bounds = np.asarray(geometry.bounds, dtype="float64").reshape(-1, len(_CORNERS))
    return pa.StructArray.from_arrays([pa.array(side) for side in bounds.T], names=_CORNERS)


def _geo(layer: Layer, geometry: gpd.GeoSeries) -> dict[str, object]:
    """Return the metadata that make a Parquet file a GeoParquet file."""
    column: dict[str, object] = {
        "encoding": "WKB",
        "geometry_types": [layer.geometry_type],
        "crs": _projjson(CRS(layer.frame.crs)),
        "edges": "planar",
        "covering": {"bbox": {corner: [_BOX, corner] for corner in _CORNERS}},
    }
    if len(geometry):
        column["bbox"] = [float(side) for side in geometry.total_bounds]
    return {"version": _VERSION, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


def _projjson(crs: CRS) -> dict[str, Any]:
    definition: dict[str, Any] = crs.to_json_dict()
    # Members of a datum ensemble may have no id before PROJJSON 0.7, and readers are older.
    for member in definition.get("datum_ensemble", {}).get("members", []):
        member.pop("id", None)
    return definition
