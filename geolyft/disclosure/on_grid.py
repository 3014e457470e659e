"""People on a grid of square cells: how many, or which share of them; small cells are empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from geolyft.disclosure.protect import Protection, check_protection, protect, protect_counts
from geolyft.errors import DisclosureError, JoinError
from geolyft.frames import EVERYONE, OBSERVATION_COLUMNS
from geolyft.read.cell_grid import CellGrid
from geolyft.shown import Shown

if TYPE_CHECKING:
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
    """

    grid: CellGrid
    crs: CRS
    values: Floats
    indicator: str
    unit: str
    protection: str
    shown: int
    unplaced: int


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
) -> GridFigures:
    """Count people in square cells, or the share of them that is counted; small cells are empty.

    Cells begin at whole multiples of `cell`, and have their west and south borders. A count below
    the threshold is empty and the others are rounded; a share is hidden and rounded as
    `geolyft.protect` does it. Publish one size of cells only: two can be subtracted.

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

    Raises
    ------
    JoinError
        ``join-crs``, ``join-coordinates``, ``join-unplaced`` or ``join-share``.
    DisclosureError
        ``protect-threshold``; ``protect-empty`` when no cell may be shown.

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
    counts = _count(at, held[located])
    figure = _people(counts, rule, protected_by) if counted is None else None
    figure = _share(counts, rule, protected_by) if figure is None else figure
    shown = figure.dropna()
    grid, values = _trimmed(grid, shown, rule)
    protected = protected_by or f"threshold {rule.threshold}, base {rule.base}"
    return GridFigures(
        grid=grid,
        crs=metric,
        values=values,
        indicator=indicator,
        unit="antal" if counted is None else "procent",
        protection=protected,
        shown=len(shown),
        unplaced=int((~located).sum()),
    )


def _trimmed(grid: CellGrid, shown: pd.Series[float], rule: Protection) -> tuple[CellGrid, Floats]:
    """Return the grid of what is shown only: a wider one would say where the outermost live."""
    if shown.empty:
        what = f"every cell of {grid.dx:g} m has fewer than {rule.threshold}"
        raise DisclosureError("protect-empty", what, remedy="take larger cells")
    rows, columns = np.divmod(shown.index.to_numpy(), grid.columns)
    top, left = int(rows.min()), int(columns.min())
    values = np.full((int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1), np.nan)
    values[rows - top, columns - left] = shown
    west, north = grid.west + left * grid.dx, grid.north - top * grid.dy
    high, wide = values.shape
    kept = CellGrid(west=west, north=north, dx=grid.dx, dy=grid.dy, rows=high, columns=wide)
    return kept, values


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


def _count(at: NDArray[np.int64], held: Floats) -> pd.DataFrame:
    asked = ~np.isnan(held)
    cells, index = np.unique(at[asked], return_inverse=True)
    parts = {
        "numerator": np.bincount(index, held[asked], cells.size),
        "denominator": np.bincount(index, minlength=cells.size).astype(np.float64),
    }
    return pd.DataFrame(parts, index=cells)


def _people(counts: pd.DataFrame, rule: Protection, protected_by: str) -> pd.Series[float]:
    return protect_counts(counts["denominator"], rule, exempt=bool(protected_by))


def _share(counts: pd.DataFrame, rule: Protection, protected_by: str) -> pd.Series[float]:
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
    return seen["value"].set_axis(counts.index)
