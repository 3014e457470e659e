"""Square or oblong cells, north up: where they lie, and which of them a border touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_STEP: Final = 0.5
"""Cells between the places at which a border is looked at."""

_SLACK: Final = 1e-6
"""Cells; more than what rounding moves a coordinate."""


class Window(NamedTuple):
    """Rows and columns of a grid, as many as `rows` and `columns` from `row` and `column`."""

    row: int
    column: int
    rows: int
    columns: int

    def strips(self, most: int) -> Iterator[Window]:
        """Yield the window in strips of whole rows, each of about `most` cells or one row.

        Examples
        --------
        >>> [strip.rows for strip in Window(0, 0, 5, 10).strips(20)]
        [2, 2, 1]
        """
        high = max(1, most // max(1, self.columns))
        for row in range(self.row, self.row + self.rows, high):
            rows = min(high, self.row + self.rows - row)
            yield Window(row, self.column, rows, self.columns)


@dataclass(frozen=True, kw_only=True)
class CellGrid:
    """Where cells lie.

    Parameters
    ----------
    west, north
        The outer corner of the first cell.
    dx, dy
        Metres, both positive; rows go south.
    """

    west: float
    north: float
    dx: float
    dy: float
    rows: int
    columns: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north."""
        east, south = self.west + self.columns * self.dx, self.north - self.rows * self.dy
        return self.west, south, east, self.north

    @property
    def cell_area(self) -> float:
        """Square metres of a cell."""
        return self.dx * self.dy

    def transform(self, window: Window) -> tuple[float, float, float, float, float, float]:
        """Return a window's place as an affine transform from columns and rows to metres."""
        west, north = self.west + window.column * self.dx, self.north - window.row * self.dy
        return self.dx, 0.0, west, 0.0, -self.dy, north

    def window(self, bounds: tuple[float, float, float, float]) -> Window:
        """Return the cells that the bounds touch; none where they lie outside.

        Examples
        --------
        >>> grid = CellGrid(west=0, north=100, dx=10, dy=10, rows=10, columns=10)
        >>> grid.window((15, 75, 35, 300))
        Window(row=0, column=1, rows=3, columns=3)
        """
        west, south, east, north = bounds
        first, last = self._columns(np.array([west, east]))
        top, bottom = self._rows(np.array([north, south]))
        first, top = max(0, int(first)), max(0, int(top))
        last, bottom = min(self.columns - 1, int(last)), min(self.rows - 1, int(bottom))
        return Window(top, first, max(0, bottom - top + 1), max(0, last - first + 1))

    def holding(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the row and the column of the cell that holds each point, -1 beside the grid.

        A cell holds its west and north edges; a point without coordinates lies in none.

        Examples
        --------
        >>> grid = CellGrid(west=0, north=40, dx=10, dy=10, rows=4, columns=4)
        >>> [each.tolist() for each in grid.holding(np.array([10.0, 40]), np.array([30.0, 5]))]
        [[1, -1], [1, -1]]
        """
        west, south, east, north = self.bounds
        inside = (x >= west) & (x < east) & (y > south) & (y <= north)
        rows = self._rows(np.where(inside, y, north))
        columns = self._columns(np.where(inside, x, west))
        # What rounding moves over an edge lies in the last cell.
        rows, columns = np.minimum(rows, self.rows - 1), np.minimum(columns, self.columns - 1)
        return np.where(inside, rows, -1), np.where(inside, columns, -1)

    def touched(self, shape: shapely.Geometry) -> NDArray[np.int64]:
        """Return every cell that a polygon's border touches, as row · columns + column, ascending.

        The border is looked at every half cell, so each of its points is within a quarter of a cell
        of such a place, and in a cell that has a corner of the square around it. Some cells that
        are only close are in, none that is touched is left out.

        Examples
        --------
        >>> grid = CellGrid(west=0, north=40, dx=10, dy=10, rows=4, columns=4)
        >>> grid.touched(shapely.box(15, 15, 25, 25)).tolist()
        [5, 6, 9, 10]
        """
        step = _STEP * min(self.dx, self.dy)
        places = shapely.get_coordinates(shapely.segmentize(shapely.boundary(shape), step))
        reach = step / 2 + _SLACK * min(self.dx, self.dy)
        cells = []
        for x, y in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
            columns, rows = (
                self._columns(places[:, 0] + x * reach),
                self._rows(places[:, 1] + y * reach),
            )
            inside = (rows >= 0) & (rows < self.rows) & (columns >= 0) & (columns < self.columns)
            cells.append(np.unique(rows[inside] * self.columns + columns[inside]))
        return np.unique(np.concatenate(cells))

    def finer_times(self, coarse: CellGrid) -> tuple[int, int] | None:
        """Return how often a cell of this grid goes in one of the other, down and across.

        Nothing where it is no whole number of times, or where the lines of the two do not meet.

        Examples
        --------
        >>> fine = CellGrid(west=0, north=100, dx=10, dy=10, rows=10, columns=10)
        >>> fine.finer_times(CellGrid(west=-50, north=100, dx=50, dy=50, rows=3, columns=3))
        (5, 5)
        >>> fine.finer_times(CellGrid(west=5, north=100, dx=50, dy=50, rows=3, columns=3)) is None
        True
        """
        down, across = round(coarse.dy / self.dy), round(coarse.dx / self.dx)
        apart = (coarse.west - self.west) / self.dx, (coarse.north - self.north) / self.dy
        whole = max(abs(each - round(each)) for each in apart) < _STEP / 100
        drift = max(
            abs(coarse.dy / self.dy - down) * coarse.rows,
            abs(coarse.dx / self.dx - across) * coarse.columns,
        )
        return (down, across) if whole and down > 0 and across > 0 and drift < _STEP / 100 else None

    def _columns(self, x: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.floor((x - self.west) / self.dx).astype(np.int64)

    def _rows(self, y: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.floor((self.north - y) / self.dy).astype(np.int64)
