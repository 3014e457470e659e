"""What every engine is given: areas as GeoParquet, points as Parquet, rasters as GeoTIFF."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import rasterio
import shapely

import geolyft

ORIGINALS: Final = Path(__file__).parents[3] / "shared" / "data" / "delomraden.gpkg"
VALUES: Final = [f"v{n:02d}" for n in range(1, 13)]
MISSING: Final = 0.02
ROWS: Final = 1 << 17


def levels() -> dict[str, gpd.GeoDataFrame]:
    """Return GeSO and delområden at full resolution, or what is shipped where those are not."""
    if not ORIGINALS.exists():
        return {name: geolyft.load_areas(name) for name in ("geso", "deso2025")}
    small = gpd.read_file(ORIGINALS)
    large = small.dissolve("geso_kod").reset_index()
    return {
        "geso": _areas(large, "geso_kod"),
        "delomraden": _areas(small, "delomr_kod"),
    }


def _areas(frame: gpd.GeoDataFrame, code: str) -> gpd.GeoDataFrame:
    index = pd.Index(frame[code].astype("str"), name="area")
    areas = gpd.GeoDataFrame({"name": index}, geometry=frame.geometry.to_numpy(), index=index)
    return areas.set_crs(frame.crs)


def write_points(path: Path, size: int, bounds: tuple[float, float, float, float]) -> None:
    """Write points uniform over the bounds, with twelve values of which 2 % are missing."""
    rng = np.random.default_rng(size)
    west, south, east, north = bounds
    names = ["x", "y", *VALUES]
    schema = pa.schema([(name, pa.float64()) for name in names])
    with pq.ParquetWriter(path, schema) as writer:
        for first in range(0, size, ROWS):
            rows = min(ROWS, size - first)
            columns = [rng.uniform(west, east, rows), rng.uniform(south, north, rows)]
            for _ in VALUES:
                value, absent = rng.gamma(2.0, 100.0, rows), rng.random(rows) < MISSING
                columns.append(pa.array(value, mask=absent))
            writer.write_table(pa.table(columns, schema=schema))


def write_raster(path: Path, cell: float, bounds: tuple[float, float, float, float]) -> None:
    """Write a smooth field with noise on it over the bounds, tiled, block by block."""
    west, south, east, north = bounds
    columns, rows = int((east - west) / cell) + 40, int((north - south) / cell) + 40
    rng = np.random.default_rng(1)
    place = rasterio.Affine(cell, 0, west - 20 * cell, 0, -cell, north + 20 * cell)
    said = {"width": columns, "height": rows, "count": 1, "dtype": "float32", "crs": 3008}
    with rasterio.open(
        path, "w", driver="GTiff", tiled=True, transform=place, nodata=-9999, **said
    ) as out:
        x = np.arange(columns)[None] * cell
        for first in range(0, rows, 512):
            high = min(512, rows - first)
            y = (first + np.arange(high))[:, None] * cell
            field = 55 + 15 * np.sin(x / 900) * np.cos(y / 700) + rng.normal(0, 2, (high, columns))
            out.write(field.astype("float32"), 1, window=((first, first + high), (0, columns)))


def nation() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return 6 160 small zones of 613 vertices and 290 large ones that most of them nest in.

    One in twenty large zones lies a little aside, as where a division has changed.
    """
    small = _mosaic(77, 80, 612, every=1)
    of = (np.arange(6160) // 77) // 8 * 29 + (np.arange(6160) % 77) * 29 // 77
    large = small.assign(of=of).dissolve("of").reset_index(drop=True)
    moved = shapely.transform(
        large.geometry.to_numpy()[::20], lambda c: c + np.array([150.0, 90.0])
    )
    shapes = large.geometry.to_numpy().copy()
    shapes[::20] = moved
    taken = shapely.union_all(moved)
    rest = np.setdiff1d(np.arange(len(shapes)), np.arange(0, len(shapes), 20))
    shapes[rest] = shapely.difference(shapes[rest], taken)
    return small, _named(shapely.make_valid(shapes), "l")


def _mosaic(nx: int, ny: int, vertices: int, *, every: int) -> gpd.GeoDataFrame:
    """Return nx · ny tiles whose shared borders wiggle alike on both sides."""
    size, side = 5000.0, vertices // 4
    t = np.linspace(0, 1, side + 1)
    shapes = []
    rng = np.random.default_rng(every)
    phase = rng.random((2, nx + 1, ny + 1)) * 6
    for j in range(ny):
        for i in range(nx):
            here, right, up = np.array([i, j]), np.array([i + 1, j]), np.array([i, j + 1])
            south = here + _edge(t, phase[0, i, j], fixed=j == 0)
            north = up + _edge(t, phase[0, i, j + 1], fixed=j + 1 == ny)
            west = here + _edge(t, phase[1, i, j], fixed=i == 0)[:, ::-1]
            east = right + _edge(t, phase[1, i + 1, j], fixed=i + 1 == nx)[:, ::-1]
            ring = np.concatenate([south[:-1], east[:-1], north[:0:-1], west[:0:-1]])
            shapes.append(shapely.polygons(ring * size))
    return _named(np.array(shapes), "s")


def _edge(t: np.ndarray, phase: float, *, fixed: bool) -> np.ndarray:
    wiggle = 0.0 if fixed else 0.04
    off = wiggle * np.sin(np.pi * t) * np.sin(20 * t + phase)
    return np.c_[t, off + (0 if fixed else 0.004) * np.sin(np.pi * t) * np.sin(130 * t)]


def _named(shapes: np.ndarray, prefix: str) -> gpd.GeoDataFrame:
    index = pd.Index([f"{prefix}{n:04d}" for n in range(len(shapes))], name="area")
    return gpd.GeoDataFrame({"name": index}, geometry=shapes, index=index, crs=3006)
