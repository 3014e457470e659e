"""Points to areas with geolyft's public functions: the one place to change when they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geolyft

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd


def run(points: Path, areas: gpd.GeoDataFrame, values: list[str]) -> pd.DataFrame:
    """Assign and sum, row group by row group."""
    made = geolyft.sum_points(points, areas, values, crs=areas.crs, max_outside=1.0)
    sums, known = made.sums.fillna(0.0).add_prefix("sum_"), made.known.add_prefix("count_")
    return sums.join(known).assign(n=made.points).drop(index="residual")
