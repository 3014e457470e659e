"""FlatGeobuf: one file per layer with a spatial index, for large maps read a piece at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyogrio
import shapely
from pyproj import CRS

from geolyft.export.formats.cells import arrow_table, metadata_of
from geolyft.export.layer import GEOMETRY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication

_FOLDER: Final = "flatgeobuf"


def write_flatgeobuf(layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
    """Write ``flatgeobuf/<layer>.fgb`` for every layer with geometry.

    The rows stand in the order of the spatial index, not in the layer's.

    Parameters
    ----------
    folder
        The delivery's; ``flatgeobuf`` is made in it.
    """
    (folder / _FOLDER).mkdir()
    for layer in layers:
        if layer.is_spatial:
            _write(layer, folder / _FOLDER / f"{layer.name}.fgb", publication)


def _write(layer: Layer, path: Path, publication: Publication) -> None:
    metadata = metadata_of(layer, publication)
    shapes = pa.array(shapely.to_wkb(layer.frame.geometry.to_numpy()), type=pa.binary())
    pyogrio.write_arrow(
        arrow_table(layer).append_column(GEOMETRY, shapes),
        path,
        layer=layer.name,
        driver="FlatGeobuf",
        geometry_name=GEOMETRY,
        geometry_type=layer.geometry_type,
        crs=CRS(layer.frame.crs).to_wkt(),
        layer_options={
            "SPATIAL_INDEX": "YES",
            "TITLE": str(metadata["title"]),
            "DESCRIPTION": str(metadata["abstract"]),
        },
    )
