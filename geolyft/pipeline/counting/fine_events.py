"""Events on cells and small areas: counted, and held against those of the run's own areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd

from geolyft.action.events.around import latest_counts
from geolyft.action.events.density import density_of
from geolyft.disclosure.own_rules.inside import publish_inside
from geolyft.disclosure.own_rules.on_grid import count_on_grid
from geolyft.disclosure.raw import Raw
from geolyft.divisions.areas import load_areas
from geolyft.errors import DisclosureError
from geolyft.frames import RESIDUAL
from geolyft.join.area_lookup import first_positions

if TYPE_CHECKING:
    from geolyft.disclosure.own_rules.on_grid import GridFigures
    from geolyft.run_file.config import Config

_TOO_FEW: Final = ("protect-empty", "audit-unsafe")


@dataclass(frozen=True, kw_only=True)
class Fine:
    """What is known of events inside the areas, in the latest period.

    Parameters
    ----------
    density
        Events per square kilometre; none where all cells hold few.
    level
        The division of the small areas; empty where the run looks into none.
    counts
        By small area, missing where few: what classes are made of, and not written itself.
    """

    density: GridFigures | None
    level: str
    counts: pd.Series[float]


def nothing_finer() -> Fine:
    """Return that nothing may be said of events inside the areas."""
    return Fine(density=None, level="", counts=pd.Series(dtype="float64"))


def fine_level(config: Config) -> str:
    """Return the first division that a run looks inside its areas with, unless it is merged."""
    return next((each.division for each in config.inside if not each.group), "")


def count_finely(
    config: Config,
    rows: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    counts: pd.DataFrame,
    protected_by: str,
) -> Fine:
    """Count the latest period's events on small areas and cells, beside all that is published.

    Parameters
    ----------
    rows
        ``area, x, y`` of each event with a place.
    counts
        See `geolyft.disclosure.own_rules.events.publish_events`.
    """
    inside, level = rows[rows["area"] != RESIDUAL], fine_level(config)
    whole = _beside(latest_counts(counts).reindex(areas.index), areas)
    held, small = [whole], pd.Series(dtype="float64")
    if level:
        division = load_areas(level, to_crs=areas.crs.to_epsg())
        small = _on_small(config, inside, division, whole, protected_by)
        held.append(_beside(small, division))
    density = _density(config, inside, held, protected_by)
    return Fine(density=density, level=level, counts=small)


def _beside(shown: pd.Series[float], areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return counts as the figures that others are held against."""
    sides = {"numerator": shown, "denominator": shown}
    return gpd.GeoDataFrame(sides, geometry=areas.geometry, crs=areas.crs)


def _on_small(
    config: Config,
    inside: pd.DataFrame,
    division: gpd.GeoDataFrame,
    whole: gpd.GeoDataFrame,
    protected_by: str,
) -> pd.Series[float]:
    """Return how many events each small area has; none of them where they cannot be shown."""
    xs, ys = (inside[axis].to_numpy(dtype="float64").copy() for axis in ("x", "y"))
    at = first_positions(division.geometry.to_numpy(), xs, ys)
    found = pd.Series(division.index[at[at >= 0]]).value_counts()
    try:
        return publish_inside(
            Raw(found), division, whole, config.protection, protected_by=protected_by
        )
    except DisclosureError as refusal:
        if refusal.code not in _TOO_FEW:
            raise
        return pd.Series(float("nan"), index=division.index)


def _density(
    config: Config, inside: pd.DataFrame, beside: list[gpd.GeoDataFrame], protected_by: str
) -> GridFigures | None:
    """Return the surface of cells that may be shown beside the counts of areas."""
    try:
        figures = count_on_grid(
            inside["x"].to_numpy(), y=inside["y"].to_numpy(), crs=beside[0].crs,
            cell=config.lagesbild.cell, indicator="handelser", protection=config.protection,
            protected_by=protected_by, beside=beside,
        )  # fmt: skip
    except DisclosureError as refusal:
        if refusal.code not in _TOO_FEW:
            raise
        return None
    return density_of(figures, bandwidth=config.lagesbild.bandwidth)
