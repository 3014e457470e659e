"""Points with the code of their area, for the one who already has the points."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pyogrio

from geolyft.errors import OutputError
from geolyft.export.tables import write_csv

if TYPE_CHECKING:
    import pandas as pd
    from pyproj import CRS

ENDINGS: Final = (".parquet", ".csv", ".gpkg")


def check_ending(path: Path) -> None:
    """Refuse a file whose ending names no format that is written.

    Raises
    ------
    OutputError
        ``output-format``.
    """
    if path.suffix.lower() not in ENDINGS:
        raise OutputError(
            "output-format",
            f"ending {path.suffix or 'missing'} is not written",
            remedy=f"use {', '.join(ENDINGS)}",
            where=path.name,
        )


def write_points(points: pd.DataFrame, path: Path, *, crs: CRS) -> None:
    """Write points with their area, by the path's ending; the file is whole or not there.

    Parameters
    ----------
    points
        Columns ``x`` and ``y`` in `crs`, ``area`` and whatever else is to be kept.

    Raises
    ------
    OutputError
        ``output-format`` or ``output-write``.
    """
    check_ending(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as aside:
            draft = Path(aside) / path.name
            _write(points, draft, crs)
            os.replace(draft, path)  # noqa: PTH105 - the one call that replaces at once everywhere
    except OSError as problem:
        raise OutputError(
            "output-write",
            f"cannot be written ({problem.strerror or type(problem).__name__})",
            remedy="check free space, rights and whether another program has it open",
            where=path.name,
        ) from problem


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
