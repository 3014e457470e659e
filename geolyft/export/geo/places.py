"""A folder of places: the page, the layer, and the polygons that were published before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyogrio

from geolyft.export.delivery import new_delivery, write_manifest, writing
from geolyft.export.geo.dated import same_date

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

FILE: Final = "platser.gpkg"
LAYER: Final = "platser"
KNOWN: Final = "kanda_platser"
"""Every polygon of which figures were published: what later ones are held against."""


def write_places(
    out: Path,
    *,
    page: str,
    pdf: bytes | None,
    layer: gpd.GeoDataFrame,
    known: gpd.GeoDataFrame,
    memory: Path | None,
    manifest: Mapping[str, Any],
) -> None:
    """Write the folder, whole or not at all.

    Parameters
    ----------
    known
        The polygons that are published with this, and those before.
    memory
        The file beside the run's ledger of releases that has `known` as well; it is written first,
        so that nothing is published that nobody remembers.

    Raises
    ------
    OutputError
        See `geolyft.export.delivery.new_delivery`.
    """
    with new_delivery(out) as folder:
        (folder / "plats.html").write_text(page, encoding="utf-8", newline="\n")
        if pdf is not None:
            (folder / "plats.pdf").write_bytes(pdf)
        _write(folder / FILE, {LAYER: layer, KNOWN: known})
        write_manifest(folder, manifest)
        if memory is not None:
            with writing(memory.name):
                memory.parent.mkdir(parents=True, exist_ok=True)
                aside = memory.with_name(f".{memory.name}")
                aside.unlink(missing_ok=True)
                _write(aside, {KNOWN: known})
                aside.replace(memory)


def joined(before: gpd.GeoDataFrame, now: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the polygons of both, each once, in the CRS of the later."""
    both: gpd.GeoDataFrame = pd.concat([before.to_crs(now.crs), now], ignore_index=True)
    return both[~both.geometry.normalize().to_wkb().duplicated()].reset_index(drop=True)


def _write(path: Path, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    with same_date():
        for name, frame in layers.items():
            pyogrio.write_dataframe(
                frame,
                path,
                layer=name,
                driver="GPKG",
                geometry_type="MultiPolygon",
                promote_to_multi=True,
                dataset_options=None if path.exists() else {"VERSION": "1.3"},
                append=path.exists(),
            )
