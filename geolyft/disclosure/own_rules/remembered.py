"""Grids that were released before, and what a run publishes of the same people on areas.

A grid cuts areas, and is public already. So what is new on the areas is looked at together with it,
by the auditor, and nothing of the grid can be hidden any more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geolyft.disclosure.auditor.auditing import unsafe_already
from geolyft.disclosure.auditor.knowledge.family import MOST
from geolyft.disclosure.own_rules.held import Placed, lying
from geolyft.disclosure.together.families import CELL
from geolyft.frames import EVERYONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geolyft.disclosure.auditor.knowledge.known import Lying
    from geolyft.disclosure.auditor.look import Asked
    from geolyft.disclosure.releases import Memory, ReleasedGrid

_WHAT: Final = ["period", "indicator", "source"]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Cells of grids that were released, in the form of the auditor, and how they lie.

    Parameters
    ----------
    cells
        ``CELL, source, numerator, denominator, hidden``.
    """

    cells: pd.DataFrame = field(default_factory=pd.DataFrame)
    lying: Sequence[Lying] = ()

    @property
    def levels(self) -> list[str]:
        """What cannot be hidden any more."""
        return [] if self.cells.empty else sorted(self.cells["level"].unique())


def standing(memory: Memory, areas: Mapping[str, gpd.GeoDataFrame], own: pd.DataFrame) -> Standing:
    """Return the released grids that a run's cells have to be held against.

    There are none where the run shows nothing that was not shown before: whoever has the grids and
    the earlier releases learns nothing from that.

    Parameters
    ----------
    areas
        By level, those of which some of a grid's people can be counted.
    own
        The run's cells, see `geolyft.disclosure.auditor.knowledge.known.cells_of`.
    """
    if not memory.grids or not areas or _is_in(own, memory.shown)[~own["hidden"]].all():
        return Standing()
    squares = [_squares(grid, areas) for grid in memory.grids]
    crs = squares[0].crs
    both = zip(memory.grids, squares, strict=True)
    placed = [_placed(grid.level, of.to_crs(crs)) for grid, of in both]
    within = [_placed(name, of.geometry.to_crs(crs)) for name, of in areas.items()]
    pairs = [*combinations(placed, 2), *((each, of) for each in placed for of in within)]
    # What lies in no area of the run may be counted in none.
    return Standing(
        cells=pd.concat([_cells(*each) for each in zip(memory.grids, squares, strict=True)]),
        lying=[lying(*pair, exact=False) for pair in pairs],
    )


def known_already(memory: Memory, asked: Asked, *, width: int) -> pd.DataFrame:
    """Return what is public as the auditor takes it, with what could be told before the run.

    A hidden number that earlier releases and grids give away together is no secret that the run
    could keep: what would be new in the run is looked at without it.

    Parameters
    ----------
    asked
        The run's cells and those of the grids.
    """
    cells, known = asked.cells, memory.known()
    grids = cells["level"].isin([grid.level for grid in memory.grids])
    shown = _is_in(cells, memory.shown) | (grids & ~cells["hidden"])
    there = grids | _is_in(cells, memory.counts)
    before = cells.assign(hidden=~shown)[there].reset_index(drop=True)
    told = unsafe_already(before, asked, known, width=width)
    return pd.concat([known, told.assign(side="numerator", low=0, high=MOST)], ignore_index=True)


def _is_in(cells: pd.DataFrame, counts: pd.DataFrame) -> pd.Series[bool]:
    """Say which cells are among some counts."""
    found = pd.MultiIndex.from_frame(cells[CELL]).isin(pd.MultiIndex.from_frame(counts[CELL]))
    return pd.Series(found, index=cells.index)


def _placed(level: str, shapes: gpd.GeoSeries) -> Placed:
    return Placed(level=level, codes=shapes.index.to_numpy(dtype=str), shapes=shapes.to_numpy())


def _squares(grid: ReleasedGrid, areas: Mapping[str, gpd.GeoDataFrame]) -> gpd.GeoSeries:
    """Return every cell within the areas' bounds, and those shown beyond, by code."""
    at = grid.places
    ends = [of.to_crs(grid.crs).total_bounds / grid.cell for of in areas.values()]
    west, south = np.floor(np.min([*(each[:2] for each in ends), at.min(axis=0)], axis=0))
    east, north = np.ceil(np.max([*(each[2:] for each in ends), at.max(axis=0) + 1], axis=0))
    across, up = np.meshgrid(np.arange(west, east), np.arange(south, north))
    places = np.column_stack([across.ravel(), up.ravel()]).astype("int64")
    x, y = (places * grid.cell).T
    codes = [f"{column}:{row}" for column, row in places.tolist()]
    return gpd.GeoSeries(shapely.box(x, y, x + grid.cell, y + grid.cell), codes, crs=grid.crs)


def _cells(grid: ReleasedGrid, squares: gpd.GeoSeries) -> pd.DataFrame:
    """Return every cell of all that a grid was released of; what it does not show it hides."""
    what = grid.counts[_WHAT].drop_duplicates()
    every = what.merge(pd.DataFrame({"area": squares.index}), how="cross")
    shown = grid.counts[["area", *_WHAT, "numerator", "denominator"]]
    every = every.merge(shown, on=["area", *_WHAT], how="left")
    # Of residents a ledger has the base alone.
    over = every["numerator"].fillna(every["denominator"])
    every = every.assign(level=grid.level, sex=EVERYONE, group_by="", group="", numerator=over)
    every["hidden"] = every["denominator"].isna()
    return every[[*CELL, "source", "numerator", "denominator", "hidden"]]
