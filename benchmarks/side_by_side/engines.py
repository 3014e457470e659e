"""The engines that points are counted with: each reads the same file and returns the same table.

The table has the areas' codes, ``n``, and for each value ``sum_…`` and ``count_…``. Packages are
imported when an engine is made, outside the time that is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

READ: Final = "floor: read only"
FLOOR: Final = "floor: read and bincount"
FLOORS: Final = {READ, FLOOR}
"""They place no point; their results are held against nothing."""
Engine = Callable[[Path, gpd.GeoDataFrame, list[str]], pd.DataFrame]


def _geolyft() -> Engine:
    return import_module("engine_geolyft").run


def _summed(placed: pd.DataFrame, values: list[str]) -> pd.DataFrame:
    grouped = placed.groupby("area")
    sums = grouped[values].sum().add_prefix("sum_")
    counts = grouped[values].count().add_prefix("count_")
    return pd.concat([grouped.size().rename("n"), sums, counts], axis=1)


def _sjoin() -> Engine:
    def run(points: Path, areas: gpd.GeoDataFrame, values: list[str]) -> pd.DataFrame:
        frame = pd.read_parquet(points, columns=["x", "y", *values])
        shapes = gpd.points_from_xy(frame.pop("x"), frame.pop("y"), crs=areas.crs)
        located = gpd.GeoDataFrame(frame, geometry=shapes)
        placed = gpd.sjoin(located, areas[["geometry"]], predicate="within")
        return _summed(placed.drop(columns="geometry"), values)

    return run


def _sql(areas: str, points: str, inside: str, values: list[str]) -> str:
    parts = ["count(*) AS n"]
    parts += [f"sum({v}) AS sum_{v}, count({v}) AS count_{v}" for v in values]
    columns = ", ".join(parts)
    return f"SELECT a.area, {columns} FROM {points} p JOIN {areas} a ON {inside} GROUP BY a.area"  # noqa: S608 - our own names


def _duckdb() -> Engine:
    duckdb = import_module("duckdb")
    package = Path(import_module("duckdb_extension_spatial").__file__ or "").parent
    (extension,) = package.rglob("spatial.duckdb_extension")

    def run(points: Path, areas: gpd.GeoDataFrame, values: list[str]) -> pd.DataFrame:
        with duckdb.connect() as db:
            db.execute(f"LOAD '{extension}'")
            known = pd.DataFrame({"area": areas.index, "wkb": areas.geometry.to_wkb()})
            db.register("known", known)
            db.execute("CREATE TABLE a AS SELECT area, ST_GeomFromWKB(wkb) AS g FROM known")
            inside = "ST_Within(ST_Point(p.x, p.y), a.g)"
            return db.execute(_sql("a", f"read_parquet('{points}')", inside, values)).df()

    return run


def _sedona() -> Engine:
    sedona = import_module("sedonadb").connect()
    import_module("geoarrow.pyarrow")

    def run(points: Path, areas: gpd.GeoDataFrame, values: list[str]) -> pd.DataFrame:
        known = areas[["geometry"]].reset_index().set_crs(None, allow_override=True)
        sedona.create_data_frame(known).to_view("a", overwrite=True)
        sedona.read_parquet(str(points)).to_view("p", overwrite=True)
        inside = "ST_Within(ST_Point(p.x, p.y), a.geometry)"
        return sedona.sql(_sql("a", "p", inside, values)).to_pandas()

    return run


def _dask() -> Engine:
    dask, frames, geo = map(import_module, ("dask", "dask.dataframe", "dask_geopandas"))

    def run(points: Path, areas: gpd.GeoDataFrame, values: list[str]) -> pd.DataFrame:
        frame = frames.read_parquet(points, columns=["x", "y", *values], split_row_groups=8)
        shapes = geo.points_from_xy(frame, "x", "y", crs=areas.crs.to_string())
        located = geo.from_dask_dataframe(frame[values or ["x"]], geometry=shapes)
        placed = located.sjoin(areas[["geometry"]], predicate="within").drop(columns="geometry")
        with dask.config.set(scheduler="threads", num_workers=2):
            parts = placed.map_partitions(_summed, values).compute()
        return parts.groupby(level=0).sum()

    return run


def _floor() -> Engine:
    def run(points: Path, areas: gpd.GeoDataFrame, values: list[str]) -> pd.DataFrame:
        """Read the columns and count them as if the areas were known: stripes of x."""
        size, bins = len(areas), np.zeros(len(areas))
        west, _, east, _ = areas.total_bounds
        for batch in pq.ParquetFile(points).iter_batches(1 << 20, columns=["x", "y", *values]):
            x = batch.column("x").to_numpy()
            place = ((x - west) * (size / (east - west))).astype(np.intp).clip(0, size - 1)
            bins += np.bincount(place, minlength=size)
            for name in values:
                value = batch.column(name).to_numpy(zero_copy_only=False)
                np.bincount(place, np.nan_to_num(value), size)
        return pd.DataFrame({"n": bins}, index=areas.index)

    return run


def _read() -> Engine:
    def run(points: Path, areas: gpd.GeoDataFrame, values: list[str]) -> pd.DataFrame:
        """Read the columns, row groups side by side, and do nothing with them."""
        table = pq.read_table(points, columns=["x", "y", *values], memory_map=True)
        return pd.DataFrame({"n": [table.num_rows] * len(areas)}, index=areas.index)

    return run


ENGINES: Final[dict[str, Callable[[], Engine]]] = {
    "geolyft": _geolyft,
    "geopandas.sjoin within": _sjoin,
    "DuckDB spatial": _duckdb,
    "SedonaDB": _sedona,
    "dask-geopandas": _dask,
    READ: _read,
    FLOOR: _floor,
}
"""Makers of engines by name; one that raises ImportError is absent."""

SLOW: Final = {"geopandas.sjoin within", "DuckDB spatial", "dask-geopandas"}
"""Run once from ten million points."""
