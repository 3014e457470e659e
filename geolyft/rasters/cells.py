"""Cells of a raster, and what each weighs: the input of every zonal statistic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from geolyft.errors import ReadError
from geolyft.read.cell_grid import CellGrid, Window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geolyft.read import Raster


class Block(NamedTuple):
    """The cells of a window: value · weight, value, weight, and whether there is a value.

    All are 0 where there is none. Where every value weighs the same, product is the values
    themselves and weights is valid itself, so that nothing need be summed twice.
    """

    product: NDArray[np.float64]
    values: NDArray[np.float64]
    weights: NDArray[np.float64] | NDArray[np.bool_]
    valid: NDArray[np.bool_]


@dataclass(kw_only=True)
class Cells:
    """A raster's values, or whether they are over a limit, with the weight of each cell.

    Both are read on the finer of their two grids. A weight is a count, such as residents, and is
    spread evenly in a coarser cell; a value is the same everywhere in its cell.

    Parameters
    ----------
    weights
        A raster of counts; without it every cell weighs 1.
    over
        Turn values into 1 where they are above this, else 0. The limit is the number that the
        raster's own type has for it: a cell that holds the limit is not over it.

    Raises
    ------
    ReadError
        ``raster-grid`` when the cells of one do not lie whole in those of the other.
    """

    raster: Raster
    weights: Raster | None = None
    over: float | None = None
    grid: CellGrid = field(init=False)
    _last: tuple[Window, Block] | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        """Find the finer grid, and the limit in the raster's own type."""
        if self.over is not None:
            self.over = self.raster.as_held(self.over)
        mine = self.raster.grid
        self.grid = mine
        if self.weights is None or mine.finer_times(self.weights.grid):
            return
        if not self.weights.grid.finer_times(mine):
            raise ReadError(
                "raster-grid",
                f"cells of {mine.dx:g} m and of {self.weights.grid.dx:g} m do not fit in each "
                "other",
                remedy="warp one to the lines of the other (gdalwarp -tap -tr)",
                where=self.weights.name,
            )
        self.grid = self.weights.grid

    def read(self, window: Window) -> Block:
        """Return a window of the grid; the last one is kept, for it is often asked for again."""
        if self._last is None or self._last[0] != window:
            self._last = window, self._read(window)
        return self._last[1]

    def _read(self, window: Window) -> Block:
        values, valid = read_finer(self.raster, self.grid, window)
        if self.over is not None:
            values = np.where(valid, values > self.over, 0.0).astype(np.float64)
        if self.weights is None:
            return Block(values, values, valid, valid)
        counts, known = read_finer(self.weights, self.grid, window)
        if (counts < 0).any():
            what = f"{int((counts < 0).sum())} cells of the weights are negative"
            remedy = "give counts, such as residents per cell, and declare nodata"
            raise ReadError("raster-weights", what, remedy=remedy, where=self.weights.name)
        counts = counts * (self.grid.cell_area / self.weights.grid.cell_area)
        weights = np.where(valid & known, counts, 0.0)
        return Block(values * weights, values, weights, valid)


def read_finer(
    raster: Raster, grid: CellGrid, window: Window
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read a raster on the window of a grid that is as fine or finer; beyond it nothing is data."""
    times = grid.finer_times(raster.grid)
    assert times is not None  # noqa: S101 - the caller has chosen the finer grid
    down, across = times
    first_row = window.row + round((raster.grid.north - grid.north) / grid.dy)
    first_column = window.column + round((grid.west - raster.grid.west) / grid.dx)
    rows = (first_row + np.arange(window.rows)) // down
    columns = (first_column + np.arange(window.columns)) // across
    values = np.zeros((window.rows, window.columns))
    valid = np.zeros(values.shape, dtype=bool)
    in_rows = np.flatnonzero((rows >= 0) & (rows < raster.grid.rows))
    in_columns = np.flatnonzero((columns >= 0) & (columns < raster.grid.columns))
    if not in_rows.size or not in_columns.size:
        return values, valid
    rows, columns = rows[in_rows], columns[in_columns]
    coarse = Window(int(rows[0]), int(columns[0]), int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1)
    read, data = raster.read(coarse)
    if times == (1, 1):
        if read.shape == values.shape:
            return read, data
        taken = np.ix_(in_rows, in_columns)
        values[taken], valid[taken] = read, data
        return values, valid
    wanted = np.ix_(rows - rows[0], columns - columns[0])
    taken = np.ix_(in_rows, in_columns)
    values[taken], valid[taken] = read[wanted], data[wanted]
    return values, valid
