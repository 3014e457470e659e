"""The GeoPackage: every layer and table, each with what it says of itself."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyogrio

from geolyft.export.delivery import GDAL_DATE
from geolyft.export.geo.annotations import annotate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from geolyft.export.figures.themes import Theme
    from geolyft.export.layer import Layer
    from geolyft.export.publication import Publication


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
    # No layer waits for the disk: what is annotated last brings the whole file there.
    with undated(OGR_SQLITE_SYNCHRONOUS="OFF"):
        for layer in layers:
            _write(layer, path)
    annotate(path, layers, themes, publication, date=GDAL_DATE)


@contextmanager
def undated(**options: str) -> Iterator[None]:
    """Let GDAL write the same bytes at any time, with other options of its own besides."""
    options = {"OGR_CURRENT_DATE": GDAL_DATE, **options}
    before = {name: pyogrio.get_gdal_config_option(name) for name in options}
    pyogrio.set_gdal_config_options(options)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _write(layer: Layer, path: Path) -> None:
    options = {"IDENTIFIER": layer.title, "DESCRIPTION": layer.abstract}
    if layer.is_spatial:
        options["GEOMETRY_NAME"] = "geom"
    pyogrio.write_dataframe(
        layer.frame,
        path,
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.geometry_type,
        dataset_options={"VERSION": "1.3"} if not path.exists() else None,
        layer_options=options,
        append=path.exists(),
    )
