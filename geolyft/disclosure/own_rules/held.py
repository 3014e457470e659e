"""A grid is held against what else is published of the same people: other grids, and areas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely

from geolyft.disclosure.auditor.auditing import audit
from geolyft.disclosure.auditor.knowledge.known import Lying, Meaning
from geolyft.disclosure.together.families import CELL
from geolyft.frames import EVERYONE, POPULATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geolyft.disclosure.protect import Protection
    from geolyft.frames import Floats
    from geolyft.read.cell_grid import CellGrid

_SLIVER: Final = 1e-6
"""Of a place's own area; less than that of it lies nowhere else."""
_ELSEWHERE: Final = ""


@dataclass(frozen=True, kw_only=True)
class Places:
    """Counts that are published of some places, and that of the others there are none.

    Parameters
    ----------
    shapes
        Every place, also those that are hidden.
    numerator, denominator
        By place, missing where hidden.
    """

    shapes: NDArray[np.object_]
    numerator: Floats
    denominator: Floats


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where the places of a level lie, by code."""

    level: str
    codes: NDArray[np.str_]
    shapes: NDArray[np.object_]


def of_areas(areas: gpd.GeoDataFrame) -> Places:
    """Return areas with columns ``numerator`` and ``denominator``, missing where hidden."""
    sides = [areas[name].to_numpy(dtype="float64") for name in ("numerator", "denominator")]
    return Places(shapes=areas.geometry.to_numpy(), numerator=sides[0], denominator=sides[1])


def of_grid(grid: CellGrid, counts: pd.DataFrame, bounds: tuple[float, ...]) -> Places:
    """Return every cell of a grid's lines within some bounds.

    Parameters
    ----------
    counts
        ``row, column, numerator, denominator`` of the grid's cells that are shown.
    bounds
        West, south, east, north; at least those of the grid.
    """
    columns = _steps(grid.west, grid.dx, bounds[0], bounds[2])
    rows = _steps(-grid.north, grid.dy, -bounds[3], -bounds[1])
    across, down = np.meshgrid(columns, rows)
    west, north = grid.west + across.ravel() * grid.dx, grid.north - down.ravel() * grid.dy
    shapes = shapely.box(west, north - grid.dy, west + grid.dx, north)
    at = (counts["row"] - rows[0]) * len(columns) + (counts["column"] - columns[0])
    sides = [np.full(len(shapes), np.nan) for _ in range(2)]
    for side, name in zip(sides, ("numerator", "denominator"), strict=True):
        side[at.to_numpy(dtype="int64")] = counts[name]
    return Places(shapes=shapes, numerator=sides[0], denominator=sides[1])


def _steps(start: float, step: float, low: float, high: float) -> NDArray[np.int64]:
    first, last = np.floor((low - start) / step), np.ceil((high - start) / step)
    return np.arange(int(first), int(last))


def too_close(
    new: Places, others: Sequence[Places], rule: Protection, *, people: bool
) -> NDArray[np.bool_]:
    """Say which places have to be hidden too, given that the others are published.

    Parameters
    ----------
    people
        Whether the counts are of people as such, and not of a share of them.

    Raises
    ------
    DisclosureError
        ``audit-unsafe`` where that does not help, ``audit-infeasible`` where the figures contradict
        one another.
    """
    every = [new, *others]
    cells = pd.concat([_cells(n, each, people=people) for n, each in enumerate(every)])
    placed = [_placed(n, each) for n, each in enumerate(every)]
    within = [lying(*pair, exact=True) for pair in combinations(placed, 2)]
    found = audit(
        cells.reset_index(drop=True),
        rule,
        Meaning(lying=within),
        width=rule.asked_width,
        standing=[_level(n + 1) for n in range(len(others))],
    )
    hidden = np.zeros(len(new.shapes), dtype=bool)
    hidden[found.further["area"].astype("int64")] = True
    return hidden


def _level(n: int) -> str:
    return f"places {n}"


def _cells(n: int, places: Places, *, people: bool) -> pd.DataFrame:
    """Return the places as the auditor has them; residents have no base."""
    what = POPULATION if people else "share"
    key = {"level": _level(n), "period": "", "sex": EVERYONE, "indicator": what}
    table = pd.DataFrame(
        {
            "area": np.arange(len(places.shapes)).astype(str),
            "numerator": places.numerator,
            "denominator": places.denominator,
            "hidden": np.isnan(places.numerator),
        }
    ).assign(**key, group_by="", group="", source="")
    return table[[*CELL, "source", "numerator", "denominator", "hidden"]]


def _placed(n: int, places: Places) -> Placed:
    codes = np.arange(len(places.shapes)).astype(str)
    return Placed(level=_level(n), codes=codes, shapes=places.shapes)


def lying(one: Placed, other: Placed, *, exact: bool) -> Lying:
    """Return which part of the smaller places lies in which of the larger ones, and elsewhere.

    Parameters
    ----------
    exact
        Whether who is counted in one is surely counted in the other.
    """
    small, large = sorted((one, other), key=_size)
    inner, outer = shapely.STRtree(large.shapes).query(small.shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(small.shapes[inner], large.shapes[outer]))
    own = shapely.area(small.shapes)
    real = shared > _SLIVER * own[inner]
    inner, outer = inner[real], outer[real]
    within = np.bincount(inner, shared[real], len(own))
    beyond = np.flatnonzero(own - within > _SLIVER * own)
    pairs = pd.DataFrame(
        {
            "small": np.concatenate([small.codes[inner], small.codes[beyond]]),
            "large": [*large.codes[outer], *[_ELSEWHERE] * len(beyond)],
        }
    )
    return Lying(level=small.level, larger=large.level, pairs=pairs, exact=exact)


def _size(places: Placed) -> float:
    return float(np.mean(shapely.area(places.shapes)))
