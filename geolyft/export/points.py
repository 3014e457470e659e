"""Points with the code of their area, for the one who already has the points."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pyogrio

from geolyft.errors import OutputError
from geolyft.export.delivery import check_place, writing
from geolyft.export.tables import write_csv

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd
    from pyproj import CRS

ENDINGS: Final = (".parquet", ".csv", ".gpkg")
_GEOPACKAGE_OWN: Final = frozenset({"fid", "geom", "geometry"})


def check_file(path: Path, inputs: Collection[Path] = ()) -> None:
    """Refuse a file that cannot be written, or that would replace what must stay.

    Parameters
    ----------
    inputs
        Files that are read; the output may be none of them.

    Raises
    ------
    OutputError
        ``output-format`` for an ending that names no format, ``output-write`` as
        `geolyft.export.delivery.check_place`, ``output-occupied`` for a folder or an input.
    """
    if path.suffix.lower() not in ENDINGS:
        raise OutputError(
            "output-format",
            f"ending {path.suffix or 'missing'} is not written",
            remedy=f"use {', '.join(ENDINGS)}",
            where=path.name,
        )
    check_place(path)
    if path.is_dir() or path.resolve() in {each.resolve() for each in inputs}:
        raise OutputError(
            "output-occupied",
            "is a folder" if path.is_dir() else "is one of the files that are read",
            remedy="choose another --out",
            where=path.name,
        )


def own_columns(path: Path) -> frozenset[str]:
    """Return the column names, in small letters, that the file's format needs for itself."""
    return _GEOPACKAGE_OWN if path.suffix.lower() == ".gpkg" else frozenset()


def write_points(points: pd.DataFrame, path: Path, *, crs: CRS) -> None:
    """Write points with their area, by the path's ending; the file is whole or not there.

    Parameters
    ----------
    points
        Columns ``x`` and ``y`` in `crs`, ``area`` and whatever else is to be kept.

    Raises
    ------
    OutputError
        As `check_file`.
    """
    check_file(path)
    with writing(path.name):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as aside:
            draft = Path(aside) / path.name
            _write(points, draft, crs)
            os.replace(draft, path)  # noqa: PTH105 - the one call that replaces at once everywhere


def _write(points: pd.DataFrame, path: Path, crs: CRS) -> None:
    ending = path.suffix.lower()
    if ending == ".parquet":
        points.to_parquet(path, index=False)
    elif ending == ".csv":
        write_csv(points, path)
    else:
        shapes = gpd.points_from_xy(points["x"], points["y"], crs=crs)
        layer = gpd.GeoDataFrame(points.drop(columns=["x", "y"]), geometry=shapes)
        # An empty point, not one at NaN, is what other programs take for "no place".
        layer.loc[points["x"].isna(), "geometry"] = None
        pyogrio.write_dataframe(
            layer,
            path,
            layer="punkter",
            driver="GPKG",
            geometry_type="Point",
            dataset_options={"VERSION": "1.3"},
            layer_options={"GEOMETRY_NAME": "geom"},
        )
