"""The GeoPackage: every layer and table, each with what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyogrio

from geolyft.export.geo.annotations import annotate
from geolyft.export.geo.dated import GDAL_DATE, same_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication


_UNINDEXED: Final = 1_000
"""So many shapes are read faster than a program opens a layer whose file has an index for each."""


def write_geopackage(
    layers: Sequence[Layer], themes: Sequence[Theme], path: Path, publication: Publication
) -> None:
    """Write layers and tables, with styles, titles of fields and metadata.

    Parameters
    ----------
    layers
        See `geolyft.export.layers.build.all_layers`.
    themes
        See `geolyft.export.figures.themes.all_themes`.
    path
        A file that does not exist yet.
    """
    with same_date():
        for layer in layers:
            _write(layer, path)
    annotate(path, layers, themes, publication, date=GDAL_DATE)


def _write(layer: Layer, path: Path) -> None:
    options = {"IDENTIFIER": layer.title, "DESCRIPTION": layer.abstract}
    if layer.is_spatial:
        options["GEOMETRY_NAME"] = "geom"
        options["SPATIAL_INDEX"] = "YES" if len(layer.frame) > _UNINDEXED else "NO"
    pyogrio.write_dataframe(
        layer.frame,
        path,
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.geometry_type,
        # Counts of rows kept by triggers of every table take longer to open than to count.
        dataset_options={"VERSION": "1.3", "ADD_GPKG_OGR_CONTENTS": "NO"}
        if not path.exists()
        else None,
        layer_options=options,
        append=path.exists(),
    )
