"""What everything is tried with, a small run, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import pandas as pd
from shapely import box
from small_run import write_small_run

if TYPE_CHECKING:
    from pathlib import Path


class Figure(NamedTuple):
    """A line of what was tried, and whether all of it held."""

    words: str
    holds: bool


def small_run(folder: Path) -> Path:
    """Write the run that most is tried with, and return its file."""
    return write_small_run(folder / "in", four_squares())


def four_squares() -> gpd.GeoDataFrame:
    """Return the areas of a city of four squares."""
    corners = [(x, y) for x in (0, 10) for y in (0, 10)]
    return gpd.GeoDataFrame(
        {"name": ["Sydväst", "Nordväst", "Sydost", "Nordost"]},
        geometry=[box(x, y, x + 10, y + 10) for x, y in corners],
        index=pd.Index(["1", "2", "3", "4"], name="area", dtype="str"),
        crs=3008,
    )
