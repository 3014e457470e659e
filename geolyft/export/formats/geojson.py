"""GeoJSON as RFC 7946 has it: longitude and latitude, for web maps and scripts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import shapely

from geolyft.export.formats.cells import Cell, metadata_of, plain_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from geolyft.export.layer import Field, Layer
    from geolyft.export.publication import Publication

FOLDER: Final = "geojson"
"""Where the files are, inside the delivery."""
CRS_NAME: Final = "EPSG:4326"
"""The only CRS of GeoJSON; longitude comes first."""
_COORDINATE_DECIMALS: Final = 7  # about a centimetre


def write_geojson(layers: Sequence[Layer], folder: Path, publication: Publication) -> None:
    """Write ``geojson/<layer>.geojson`` for every layer with geometry.

    Numbers have the decimals they are shown with: a web map shows what the file says, and a
    class then follows from the number that is seen. Exact numbers are in the other formats.

    Parameters
    ----------
    folder
        The delivery's; ``geojson`` is made in it.
    """
    (folder / FOLDER).mkdir()
    for layer in layers:
        if layer.is_spatial:
            text = _collection(layer, publication)
            (folder / FOLDER / f"{layer.name}.geojson").write_bytes(text.encode("utf-8"))


def _collection(layer: Layer, publication: Publication) -> str:
    """Return the file's text, a feature on each line so that two runs can be compared."""
    shapes = _shapes(layer)
    metadata = metadata_of(layer, publication)
    top = {"type": "FeatureCollection", "name": layer.name, "title": metadata.pop("title")}
    top["description"] = metadata.pop("abstract")
    if len(shapes):
        top["bbox"] = [round(side, _COORDINATE_DECIMALS) for side in shapely.total_bounds(shapes)]
    columns = [_shown(plain_cells(layer, field), field) for field in layer.fields]
    names = [field.name for field in layer.fields]
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(names, cells, strict=True)),
            "geometry": shapely.geometry.mapping(shape),
        }
        for *cells, shape in zip(*columns, shapes, strict=True)
    ]
    head = _json(top | {"geolyft": metadata}).removesuffix("}")
    return f'{head},"features":[\n' + ",\n".join(map(_json, features)) + "\n]}\n"


def _shapes(layer: Layer) -> list[shapely.Geometry]:
    """Return the geometries in degrees, exterior rings counterclockwise."""
    geometry = gpd.GeoSeries(layer.frame.geometry).to_crs(CRS_NAME).to_numpy()
    rounded = shapely.transform(geometry, lambda points: points.round(_COORDINATE_DECIMALS))
    return list(shapely.orient_polygons(rounded))


def _shown(cells: Iterable[Cell], field: Field) -> list[Cell]:
    if field.kind != "number":
        return list(cells)
    # Adding zero makes the −0.0 that rounding leaves a plain zero.
    return [None if cell is None else round(float(cell), field.decimals) + 0.0 for cell in cells]


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
