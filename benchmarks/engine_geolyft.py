"""Points to areas with geolyft's public functions: the one place to change when they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

import geolyft

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

BATCH = 1 << 20


def run(points: Path, areas: gpd.GeoDataFrame, values: list[str]) -> pd.DataFrame:
    """Assign and sum, batch by batch, so that memory does not grow with the points."""
    size = len(areas) + 1
    counts = np.zeros(size)
    sums, known = np.zeros((2, len(values), size))
    for batch in pq.ParquetFile(points).iter_batches(BATCH, columns=["x", "y", *values]):
        place = _place(batch.column("x").to_numpy(), batch.column("y").to_numpy(), areas)
        counts += np.bincount(place, minlength=size)
        for n, name in enumerate(values):
            value = batch.column(name).to_numpy(zero_copy_only=False)
            there = ~np.isnan(value)
            sums[n] += np.bincount(place, np.where(there, value, 0.0), size)
            known[n] += np.bincount(place, there, size)
    columns = {"n": counts, **dict(zip((f"sum_{v}" for v in values), sums, strict=True))}
    columns |= dict(zip((f"count_{v}" for v in values), known, strict=True))
    return pd.DataFrame(columns).iloc[:-1].set_axis(areas.index)


def _place(x: np.ndarray, y: np.ndarray, areas: gpd.GeoDataFrame) -> np.ndarray:
    """Return the position of each point's area, and the last position for none."""
    codes = geolyft.assign_points(x, areas, y=y, crs=areas.crs, max_outside=1.0)
    position = pd.Categorical(codes, categories=areas.index).codes
    return np.where(position < 0, len(areas), position).astype(np.intp)
