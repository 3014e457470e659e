"""Which areas have a place of each part of life: there is one, there is none, or nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from geolyft.action.access.settings import Part
from geolyft.action.stages.fullstandighet import CHAPTER, CODE
from geolyft.join.area_lookup import first_positions

if TYPE_CHECKING:
    import geopandas as gpd

    from geolyft.pipeline.access.counted import Counted
    from geolyft.run_file.config import Config


def completeness(
    config: Config, counted: Counted, areas: gpd.GeoDataFrame
) -> dict[str, pd.DataFrame]:
    """Return the table of what there is in each area, where the run says what places are a part of.

    A part of life that no kind of place belongs to is not known, which is not that there is none.
    """
    if not any(ways.said.part for ways in counted.ways):
        return {}
    kinds = {ways.said.code: _inside(ways.places.xy, areas) for ways in counted.ways}
    table = pd.DataFrame({"period": config.run.periods[-1]}, index=areas.index)
    for part in get_args(Part):
        codes = [ways.said.code for ways in counted.ways if ways.said.part == part]
        there = sum((kinds[code] for code in codes), np.zeros(len(areas), dtype=np.int64))
        known = np.where(there > 0, "finns", "finns inte")
        table[part] = known if codes else "uppgift saknas"
    of_life = [ways.said for ways in counted.ways if ways.said.part]
    table["vilka"] = [
        "; ".join(f"{said.name}: {kinds[said.code][n]}" for said in of_life)
        for n in range(len(areas))
    ]
    if config.run.lang != "sv":
        english = CHAPTER.columns.english(CODE, {})
        table = table.replace({name: dict(words) for name, words in english.items()})
    return {CODE: table.rename_axis("area").reset_index()}


def _inside(xy: np.ndarray, areas: gpd.GeoDataFrame) -> np.ndarray:
    """Return how many of the places lie in each area."""
    x, y = xy.T
    position = first_positions(areas.geometry.to_numpy(), x.copy(), y.copy())
    return np.bincount(position[position >= 0], minlength=len(areas))
