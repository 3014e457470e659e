"""The value of a raster where each point stands, and points from a raster of counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geolyft.errors import ReadError
from geolyft.rasters.statistics import check_place
from geolyft.read import check_undeclared, open_raster
from geolyft.read.cell_grid import Window
from geolyft.read.raster import MOST_CELLS

if TYPE_CHECKING:
    import geopandas as gpd

    from geolyft.frames import Floats
    from geolyft.read import Raster, RasterFile


def sampled(file: RasterFile, xy: Floats, areas: gpd.GeoDataFrame, *, over: float) -> Floats:
    """Return 1 where each point stands in a cell above the limit, else 0; missing without a value.

    Parameters
    ----------
    xy
        Coordinates in the areas' CRS, a row each; missing for a point without any.
    areas
        What the raster has to lie over, in a metric CRS.
    over
        The limit in the raster's unit. It is compared in the raster's own type: a cell that holds
        the limit is not above it.

    Returns
    -------
    numpy.ndarray
        Missing where the cell holds no data, beside the raster, and without coordinates.

    Raises
    ------
    ReadError
        As `geolyft.read.open_raster`; ``raster-crs`` when the CRS is not the areas',
        ``raster-overlap``, ``raster-nodata``.
    """
    with open_raster(file) as raster:
        check_place(raster, areas)
        values = _at(raster, xy)
        above = (values > raster.as_held(over)).astype(np.float64)
    return np.where(np.isnan(values), np.nan, above)


def _at(raster: Raster, xy: Floats) -> Floats:
    """Return the value of the cell that holds each point: only cells around points are read."""
    row, column = raster.grid.holding(*xy.T)
    values = np.full(len(xy), np.nan)
    on = np.flatnonzero(row >= 0)
    if not on.size:
        return values
    on = on[np.argsort(row[on], kind="stable")]
    first, last = int(column[on].min()), int(column[on].max())
    top = int(row[on[0]])
    window = Window(top, first, int(row[on[-1]]) - top + 1, last - first + 1)
    for strip in window.strips(MOST_CELLS):
        begin, end = np.searchsorted(row[on], [strip.row, strip.row + strip.rows])
        if end > begin:
            here = on[begin:end]
            read, data = raster.read(strip)
            at = row[here] - strip.row, column[here] - strip.column
            values[here] = np.where(data[at], read[at], np.nan)
    return values


def counted_in_cells(file: RasterFile, areas: gpd.GeoDataFrame) -> tuple[Floats, Floats]:
    """Return the middle of each cell that counts somebody, and how many it counts.

    Parameters
    ----------
    areas
        What the raster has to lie over, in a metric CRS. Cells beyond them are returned too.

    Raises
    ------
    ReadError
        As `sampled`; ``raster-weights`` when a count is negative.
    """
    with open_raster(file) as raster:
        check_place(raster, areas)
        grid = raster.grid
        whole = Window(0, 0, grid.rows, grid.columns)
        check_undeclared(raster, whole)
        found = [_counts(raster, strip) for strip in whole.strips(MOST_CELLS)]
    every = np.concatenate(found)
    return every[:, :2], every[:, 2]


def _counts(raster: Raster, strip: Window) -> Floats:
    """Return x, y and the count of each cell of a strip that counts somebody."""
    counts, data = raster.read(strip)
    if wrong := int((counts[data] < 0).sum()):
        what = f"{wrong} cells of the weights are negative"
        remedy = "give counts, such as residents per cell, and declare nodata"
        raise ReadError("raster-weights", what, remedy=remedy, where=raster.name)
    row, column = np.nonzero(data & (counts > 0))
    west, north = raster.grid.west, raster.grid.north
    x = west + (strip.column + column + 0.5) * raster.grid.dx
    y = north - (strip.row + row + 0.5) * raster.grid.dy
    return np.column_stack([x, y, counts[row, column]])
