"""Totals of areas in a file of their own, for the one who already has the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import pyogrio

from geolyft.errors import OutputError
from geolyft.export.delivery import check_gdal_takes, check_let_go, check_place, new_file
from geolyft.export.geo.dated import same_date
from geolyft.export.layers.tables import write_csv

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

ENDINGS: Final = (".csv", ".gpkg")
_LAYER: Final = "totaler"


def check_totals_file(path: Path, inputs: Collection[Path] = ()) -> None:
    """Refuse a file that cannot be written, or that would replace what must stay.

    Raises
    ------
    OutputError
        ``output-format``, ``output-write``, ``output-open`` or ``output-occupied``.
    """
    if path.suffix.lower() not in ENDINGS:
        what, remedy = f"ending {path.suffix or 'missing'} is not written", "use .csv or .gpkg"
        raise OutputError("output-format", what, remedy=remedy, where=path.name)
    check_place(path)
    if path.suffix.lower() == ".gpkg":
        check_gdal_takes(path, where=path.name)
        check_let_go(path, where=path.name)
    if path.is_dir() or path.resolve() in {each.resolve() for each in inputs}:
        what = "is a folder" if path.is_dir() else "is the file that is read"
        raise OutputError("output-occupied", what, remedy="choose another --out", where=path.name)


def write_totals(totals: pd.DataFrame, path: Path) -> None:
    """Write a row per area, by the path's ending; the file is whole or not there.

    Parameters
    ----------
    totals
        A GeoDataFrame makes a layer of polygons, in a GeoPackage.

    Raises
    ------
    OutputError
        As `check_totals_file`.
    """
    check_totals_file(path)
    with new_file(path) as draft:
        if path.suffix.lower() == ".csv":
            write_csv(pd.DataFrame(totals).drop(columns="geometry", errors="ignore"), draft)
        else:
            _write_layer(totals, draft)


def _write_layer(totals: pd.DataFrame, path: Path) -> None:
    spatial = isinstance(totals, gpd.GeoDataFrame)
    with same_date():
        pyogrio.write_dataframe(
            totals,
            path,
            layer=_LAYER,
            driver="GPKG",
            geometry_type="MultiPolygon" if spatial else None,
            dataset_options={"VERSION": "1.3"},
            layer_options={"GEOMETRY_NAME": "geom"} if spatial else None,
        )
