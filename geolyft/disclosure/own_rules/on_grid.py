"""People on a grid of square cells: how many, or which share of them; small cells are empty."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geolyft.disclosure.own_rules.held import of_areas, of_grid, too_close
from geolyft.disclosure.protect import Protection, check_protection, protect, protect_counts
from geolyft.errors import DisclosureError, JoinError
from geolyft.frames import EVERYONE, OBSERVATION_COLUMNS
from geolyft.read.cell_grid import CellGrid
from geolyft.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from geolyft.frames import Floats


MOST_CELLS: Final = 100_000_000
"""More than all of Sweden at 100 m; a single wrong coordinate makes a grid larger."""


@dataclass(frozen=True, kw_only=True, repr=False)
class GridFigures(Shown):
    """Figures on a grid that may be published.

    Parameters
    ----------
    values
        Rows from north to south, no wider than what is shown; NaN where nobody is, or too few
        to be shown: which of the two is not told apart.
    unit
        ``antal`` or ``procent``.
    protection
        How small numbers were hidden, or who had protected them.
    shown, unplaced
        Cells with a figure, and people without coordinates.
    counts
        ``row, column, numerator, denominator`` of the cells with a figure, as rounded: what their
        shares are made of, and what others are held against.
    rule
        What small numbers were hidden by; none where somebody had protected them.
    """

    grid: CellGrid
    crs: CRS
    values: Floats
    indicator: str
    unit: str
    protection: str
    shown: int
    unplaced: int
    counts: pd.DataFrame = field(default_factory=pd.DataFrame)
    rule: Protection | None = None


def count_on_grid(
    points: gpd.GeoSeries | gpd.GeoDataFrame | ArrayLike,
    *,
    y: ArrayLike | None = None,
    crs: CRS | int | str | None = None,
    cell: float = 250.0,
    counted: ArrayLike | None = None,
    indicator: str = "befolkning",
    protection: Protection | None = None,
    protected_by: str = "",
    beside: Sequence[GridFigures | gpd.GeoDataFrame] = (),
) -> GridFigures:
    """Count people in square cells, or the share of them that is counted; small cells are empty.

    Cells begin at whole multiples of `cell`, and have their west and south borders. A count below
    the threshold is empty and the others are rounded; a share is hidden and rounded as
    `geolyft.protect` does it. Two sizes of cells can be subtracted, and areas and cells too: say
    what else is published of the same people, and more cells are left empty where that gives a few.

    Parameters
    ----------
    points, y, crs
        As `geolyft.assign_points`.
    counted
        For a share: who has the thing (1), who has not (0) and who is not asked (missing).
    protection
        By default threshold 10 and base 5.
    protected_by
        Who has already protected the counts; without it geolyft does.
    beside
        What is published of the same people and the same thing: other grids, and areas with the
        columns ``numerator`` and ``denominator``, missing where hidden. Needs ``geolyft[audit]``.

    Raises
    ------
    JoinError
        ``join-crs``, ``join-coordinates``, ``join-unplaced`` or ``join-share``.
    DisclosureError
        ``protect-threshold``; ``protect-empty`` when no cell may be shown; ``audit-unsafe``
        or ``audit-infeasible`` when it is held against others.

    Examples
    --------
    >>> figures = count_on_grid([5.0] * 12 + [15.0] * 3, y=[5.0] * 15, crs=3008, cell=10)
    >>> figures.values.tolist(), figures.shown
    ([[10.0]], 1)
    """
    rule = protection or Protection()
    check_protection(rule, open_sources=0 if protected_by else 1)
    xs, ys, metric = _places(points, y, crs)
    located = ~(np.isnan(xs) | np.isnan(ys))
    grid, at = _grid_of(xs[located], ys[located], cell)
    held = np.ones(xs.size) if counted is None else _truths(counted, xs.size)
    counts = _count(at, held[located], grid)
    of = _people if counted is None else _share
    published = of(counts, rule, protected_by).dropna()
    grid, published = _trimmed(grid, published, rule)
    if beside and not protected_by:
        people = counted is None
        kept = ~_hidden_beside(grid, metric, published, beside, rule, people=people)
        grid, published = _trimmed(grid, published[kept], rule)
    protected = protected_by or f"threshold {rule.threshold}, base {rule.base}"
    return GridFigures(
        grid=grid,
        crs=metric,
        values=_laid(grid, published),
        indicator=indicator,
        unit="antal" if counted is None else "procent",
        protection=protected,
        shown=len(published),
        unplaced=int((~located).sum()),
        counts=published[["row", "column", "numerator", "denominator"]].reset_index(drop=True),
        rule=None if protected_by else rule,
    )


def only(figures: GridFigures, kept: NDArray[np.bool_], rule: Protection) -> GridFigures:
    """Return a grid with some of the cells that it shows, in the order of its counts.

    Raises
    ------
    DisclosureError
        ``protect-empty`` when none is left.
    """
    at = figures.counts["row"], figures.counts["column"]
    value = np.asarray(figures.values)[at]
    grid, published = _trimmed(figures.grid, figures.counts.assign(value=value)[kept], rule)
    counts = published.drop(columns="value").reset_index(drop=True)
    values = _laid(grid, published)
    return replace(figures, grid=grid, values=values, shown=len(published), counts=counts)


def _trimmed(
    grid: CellGrid, published: pd.DataFrame, rule: Protection
) -> tuple[CellGrid, pd.DataFrame]:
    """Return the grid of what is shown only: a wider one would say where the outermost live."""
    if published.empty:
        what = f"every cell of {grid.dx:g} m has fewer than {rule.threshold}"
        raise DisclosureError("protect-empty", what, remedy="take larger cells")
    top, left = int(published["row"].min()), int(published["column"].min())
    high, wide = (int(np.ptp(published[name])) + 1 for name in ("row", "column"))
    west, north = grid.west + left * grid.dx, grid.north - top * grid.dy
    kept = replace(grid, west=west, north=north, rows=high, columns=wide)
    moved = published.assign(row=published["row"] - top, column=published["column"] - left)
    return kept, moved


def _laid(grid: CellGrid, published: pd.DataFrame) -> Floats:
    values = np.full((grid.rows, grid.columns), np.nan)
    values[published["row"], published["column"]] = published["value"]
    return values


def _hidden_beside(
    grid: CellGrid,
    crs: CRS,
    published: pd.DataFrame,
    beside: Sequence[GridFigures | gpd.GeoDataFrame],
    rule: Protection,
    *,
    people: bool,
) -> NDArray[np.bool_]:
    """Say which cells would give away what they or others hide."""
    areas = [each.to_crs(crs) for each in beside if isinstance(each, gpd.GeoDataFrame)]
    grids = [each for each in beside if isinstance(each, GridFigures)]
    if any(each.crs != crs for each in grids):
        what = "a grid beside this one has another CRS"
        raise JoinError("join-crs", what, remedy="make both in one CRS")
    ends = np.array(
        [grid.bounds, *(each.grid.bounds for each in grids), *(each.total_bounds for each in areas)]
    )
    bounds = (*ends[:, :2].min(axis=0), *ends[:, 2:].max(axis=0))
    new = of_grid(grid, published, bounds)
    others = [of_grid(each.grid, each.counts, bounds) for each in grids]
    close = too_close(new, [*others, *map(of_areas, areas)], rule, people=people)
    shown = np.flatnonzero(~np.isnan(new.numerator))
    # The cells of a grid stand in the order of its rows, as those that are shown do.
    return close[shown]


def _places(
    points: gpd.GeoSeries | gpd.GeoDataFrame | ArrayLike,
    y: ArrayLike | None,
    crs: CRS | int | str | None,
) -> tuple[Floats, Floats, CRS]:
    x: ArrayLike = points
    if isinstance(points, gpd.GeoSeries | gpd.GeoDataFrame):
        x, y, crs = points.geometry.x, points.geometry.y, points.crs
    xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    metric = None if crs is None else CRS.from_user_input(crs)
    if metric is None or not metric.is_projected or metric.axis_info[0].unit_name != "metre":
        what = f"the points' CRS is {metric.to_string() if metric else 'missing'}"
        raise JoinError("join-crs", what, remedy="give points in a metric CRS such as EPSG:3008")
    infinite = int((np.isinf(xs) | np.isinf(ys)).sum())
    if infinite:
        what = f"{infinite} of {xs.size} points are infinite"
        remedy = "leave coordinates that are not known empty"
        raise JoinError("join-coordinates", what, remedy=remedy)
    return xs, ys, metric


def _grid_of(xs: Floats, ys: Floats, cell: float) -> tuple[CellGrid, NDArray[np.int64]]:
    """Return the grid the points span, and each point's cell in it."""
    if not xs.size or not cell > 0:
        what = f"no point has coordinates, or cells of {cell:g} m are none"
        remedy = "check the coordinate columns and the size of the cells"
        raise JoinError("join-unplaced", what, remedy=remedy)
    columns, rows = (np.floor(each / cell).astype(np.int64) for each in (xs, ys))
    wide, high = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
    if wide * high > MOST_CELLS:
        what = f"the points span {wide} times {high} cells of {cell:g} m"
        remedy = "look for coordinates far off, or take larger cells"
        raise JoinError("join-coordinates", what, remedy=remedy)
    west, top = int(columns.min()), int(rows.max())
    grid = CellGrid(
        west=west * cell, north=(top + 1) * cell, dx=cell, dy=cell, rows=high, columns=wide
    )
    return grid, (top - rows) * wide + (columns - west)


def _truths(counted: ArrayLike, size: int) -> Floats:
    held = np.asarray(counted, dtype=np.float64)
    if held.shape != (size,) or not np.isin(held[~np.isnan(held)], (0, 1)).all():
        what = f"counted has {held.size} values for {size} points, or others than 0 and 1"
        raise JoinError("join-share", what, remedy="give 1, 0 or missing for each point")
    return held


def _count(at: NDArray[np.int64], held: Floats, grid: CellGrid) -> pd.DataFrame:
    asked = ~np.isnan(held)
    cells, index = np.unique(at[asked], return_inverse=True)
    rows, columns = np.divmod(cells, grid.columns)
    parts = {
        "row": rows,
        "column": columns,
        "numerator": np.bincount(index, held[asked], cells.size),
        "denominator": np.bincount(index, minlength=cells.size).astype(np.float64),
    }
    return pd.DataFrame(parts)


def _people(counts: pd.DataFrame, rule: Protection, protected_by: str) -> pd.DataFrame:
    shown = protect_counts(counts["denominator"], rule, exempt=bool(protected_by))
    return counts.assign(value=shown, numerator=shown, denominator=shown)


def _share(counts: pd.DataFrame, rule: Protection, protected_by: str) -> pd.DataFrame:
    """Hide and round as the published figures of areas are, with a cell for an area."""
    cells = counts.assign(
        area=counts.index.astype("str"),
        period="",
        reference="",
        sex=EVERYONE,
        indicator="",
        value=100 * counts["numerator"] / counts["denominator"],
        low=np.nan,
        high=np.nan,
        status="ok",
        source="grid",
    )
    seen = protect(cells[OBSERVATION_COLUMNS], rule, exempt=["grid"] if protected_by else [])
    sides = ["value", "numerator", "denominator"]
    return counts.assign(**{name: seen[name].to_numpy() for name in sides})
