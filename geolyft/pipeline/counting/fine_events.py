"""Events on cells and small areas: counted, and held against those of the run's own areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geolyft.action.events.density import density_of
from geolyft.disclosure.own_rules.events import EVENT_KEY
from geolyft.disclosure.own_rules.held import of_grid
from geolyft.disclosure.own_rules.inside import within
from geolyft.disclosure.own_rules.on_grid import count_on_grid, only
from geolyft.disclosure.raw import Raw
from geolyft.divisions.areas import load_areas
from geolyft.errors import DisclosureError
from geolyft.frames import RESIDUAL
from geolyft.join.area_lookup import first_positions

if TYPE_CHECKING:
    from geolyft.disclosure.own_rules.inside import Within
    from geolyft.disclosure.own_rules.on_grid import GridFigures
    from geolyft.disclosure.protect import Protection
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
        ``EVENT_KEY, x, y`` of each event of the period, also of those without a place.
    counts
        See `geolyft.disclosure.own_rules.events.publish_events`.
    """
    counted = Raw(rows.groupby(EVENT_KEY, as_index=False).size().rename(columns={"size": "count"}))
    published = counts[counts["period"] == counts["period"].max()]
    held = None
    if not protected_by:
        held = within(counted, published, areas.geometry, config.protection)
    inside, level = rows[(rows["area"] != RESIDUAL) & rows["x"].notna()], fine_level(config)
    small = pd.Series(dtype="float64")
    if level:
        division = load_areas(level, to_crs=areas.crs.to_epsg())
        small, held = _on_small(config, inside, division, held)
    density = _density(config, inside, areas, held, protected_by)
    return Fine(density=density, level=level, counts=small)


def _on_small(
    config: Config, inside: pd.DataFrame, division: gpd.GeoDataFrame, held: Within | None
) -> tuple[pd.Series[float], Within | None]:
    """Return how many events each small area has; none of them where they cannot be shown."""
    xs, ys = (inside[axis].to_numpy(dtype="float64").copy() for axis in ("x", "y"))
    at = first_positions(division.geometry.to_numpy(), xs, ys)
    found = pd.Series(division.index[at[at >= 0]]).value_counts()
    if held is None:
        return found.reindex(division.index, fill_value=0).astype("float64"), None
    try:
        more = held.with_places(Raw(found), division.geometry, config.protection)
    except DisclosureError as refusal:
        if refusal.code not in _TOO_FEW:
            raise
        return pd.Series(float("nan"), index=division.index), held
    return more.shown(), more


def _density(
    config: Config,
    inside: pd.DataFrame,
    areas: gpd.GeoDataFrame,
    held: Within | None,
    protected_by: str,
) -> GridFigures | None:
    """Return the surface of cells that may be shown beside the counts of areas."""
    try:
        figures = count_on_grid(
            inside["x"].to_numpy(), y=inside["y"].to_numpy(), crs=areas.crs,
            cell=config.lagesbild.cell, indicator="handelser", protection=config.protection,
            protected_by=protected_by,
        )  # fmt: skip
        if held is not None:
            figures = _held(figures, areas, held, config.protection)
    except DisclosureError as refusal:
        if refusal.code not in _TOO_FEW:
            raise
        return None
    return density_of(figures, bandwidth=config.lagesbild.bandwidth)


def _held(
    figures: GridFigures, areas: gpd.GeoDataFrame, held: Within, rule: Protection
) -> GridFigures:
    """Return the cells that may be shown beside all else; those that are not have few or none."""
    ends = np.array([figures.grid.bounds, areas.total_bounds])
    bounds = (*ends[:, :2].min(axis=0), *ends[:, 2:].max(axis=0))
    cells = of_grid(figures.grid, figures.counts, bounds)
    counts = pd.Series(cells.numerator).fillna(0)
    more = held.with_places(Raw(counts), gpd.GeoSeries(cells.shapes, crs=areas.crs), rule)
    # The cells of a grid stand in the order of its rows, as those that are shown do.
    return only(figures, more.shown()[counts > 0].notna().to_numpy(), rule)
