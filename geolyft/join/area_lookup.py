"""Points are looked up in a grid, and only those near a border are tested against polygons.

The areas are burnt into a grid of square cells once. A cell that no edge touches lies in one area
or in none: its points need no geometry. A cell that an edge touches keeps the areas that could
hold its points, and for these points shapely's exact predicate decides. Cells are marked with a
margin a thousand times wider than rounding, so that an answer never depends on the grid: it is
the first area, in order, that the point intersects, also where areas overlap.
"""

from __future__ import annotations

import functools
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from geolyft.frames import Floats

    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

NOWHERE: Final = -1
_MOST_CELLS: Final = 1 << 20
"""A table of so many cells stays in the processor's cache; 14 GeSO get cells of 17 m."""
_MARGIN: Final = 1 / 1024
_STEADY: Final = 2.0**24
"""A cell is at least this many times what rounding changes in a coordinate."""
_MOST_THREADS: Final = 8
_BLOCK: Final = 1 << 20
_CHUNK: Final = 1 << 17
"""Scratch arrays of a chunk stay in the cache, and between two numpy calls threads seldom wait for
each other; a block is long enough for the exact test."""
# Nanoseconds, measured: what the grid costs to build, and what it saves.
_GRID_BASE: Final = 1_000_000
_GRID_AREA: Final = 75_000
_GRID_EDGE: Final = 500
_SAVED_AREA: Final = 1
_SAVED_POINT: Final = 130


@dataclass(frozen=True)
class _Frame:
    """Where the cells are: the one place where a coordinate becomes a row or a column."""

    west: float
    south: float
    size: float
    columns: int
    rows: int

    def column(self, x: Floats) -> Ints:
        return _cell(x, self.west, 1 / self.size, self.columns, np.empty_like(x)).astype(np.int64)

    def row(self, y: Floats) -> Ints:
        return _cell(y, self.south, 1 / self.size, self.rows, np.empty_like(y)).astype(np.int64)


def _cell(at: Floats, origin: float, per_metre: float, count: int, out: Floats) -> Floats:
    """Return in which cell a coordinate lies; outside and unknown ones are in the empty rim.

    Every step keeps order, so that what lies between two coordinates lies between their cells.
    """
    # Multiplied for points and edges alike. A division rounds otherwise, and could put a point
    # into another cell than the edge beside it.
    np.subtract(at, origin, out=out)
    np.multiply(out, per_metre, out=out)
    # fmax, not maximum: what is unknown becomes 0, and column 0 is the rim, where no area is.
    np.fmax(out, 0.0, out=out)
    return np.fmin(out, count - 1.0, out=out)


class AreaGrid:
    """Areas burnt into a grid: built once, asked any number of times and from any thread.

    Parameters
    ----------
    polygons
        Valid polygons. Where they share a border, or overlap, the first has the point.
    points
        About how many points will be asked for: more are worth smaller cells.

    Examples
    --------
    >>> from shapely import box
    >>> grid = AreaGrid([box(0, 0, 10, 10), box(10, 0, 20, 10)])
    >>> grid.positions([5.0, 10.0, 20.0, 20.1], [5.0, 5.0, 5.0, 5.0]).tolist()
    [0, 0, 1, -1]
    """

    def __init__(self, polygons: ArrayLike, *, points: int = 10_000_000) -> None:
        self._polygons: Shapes = np.array(polygons, dtype=object)
        cells = min(max(points // 4, 1 << 12), _MOST_CELLS)
        self._frame = _frame(self._polygons, cells)
        prepared = _prepared(self._polygons)
        owner, cell = _touched(prepared, self._frame)
        cover = _covered(prepared, owner, cell, self._frame)
        self._table, self._borders = _burn(owner, cell, cover)

    @property
    def size(self) -> int:
        """How many areas there are."""
        return self._polygons.size

    def positions(
        self, x: ArrayLike, y: ArrayLike, *, threads: int | None = None
    ) -> NDArray[np.int32]:
        """Return the position of each point's polygon, -1 for none or without coordinates.

        Parameters
        ----------
        x, y
            Coordinates in the polygons' CRS; NaN where there are none.
        threads
            How many to use; by default as many as there are processors for this program, at
            most eight. They change nothing but the time.
        """
        xs, ys = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
        answer = np.empty(xs.size, dtype=np.int32)
        workers = max(1, min(threads or processors(), -(-xs.size // (2 * _CHUNK))))
        # As long as they may be, and one for each worker.
        length = max(1, min(_BLOCK, -(-xs.size // workers)))
        blocks = [slice(start, start + length) for start in range(0, xs.size, length)]
        if workers == 1:
            self._answer(xs, ys, answer, blocks)
            return answer
        with ThreadPoolExecutor(workers) as pool:
            parts = [blocks[worker::workers] for worker in range(workers)]
            list(pool.map(lambda part: self._answer(xs, ys, answer, part), parts))
        return answer

    def _answer(
        self, xs: Floats, ys: Floats, answer: NDArray[np.int32], blocks: Sequence[slice]
    ) -> None:
        # GEOS prepares a polygon while it is asked: no two threads may share one.
        prepared = _prepared(self._polygons)
        scratch = _Scratch()
        for block in blocks:
            self._look_up(xs[block], ys[block], answer[block], scratch)
            self._test(xs[block], ys[block], answer[block], prepared)

    def _look_up(
        self, xs: Floats, ys: Floats, answer: NDArray[np.int32], scratch: _Scratch
    ) -> None:
        frame, per_metre = self._frame, 1 / self._frame.size
        with np.errstate(over="ignore"):  # so far away is in the rim, too
            for start in range(0, xs.size, _CHUNK):
                x, y = xs[start : start + _CHUNK], ys[start : start + _CHUNK]
                at, column, row = (each[: x.size] for each in scratch.arrays)
                # Whole numbers are cut towards 0, which is down: nothing is below 0 any more.
                column[:] = _cell(x, frame.west, per_metre, frame.columns, at)
                row[:] = _cell(y, frame.south, per_metre, frame.rows, at)
                row *= frame.columns
                row += column
                # Every cell is in the table, and where numpy may raise it copies `out` first.
                self._table.take(row, out=answer[start : start + _CHUNK], mode="clip")

    def _test(self, xs: Floats, ys: Floats, answer: NDArray[np.int32], prepared: Shapes) -> None:
        """Ask, for the points in border cells, one candidate after the other."""
        borders = self._borders
        at = np.flatnonzero(answer < NOWHERE)
        cell = NOWHERE - 1 - answer[at]
        x, y, turn = xs[at], ys[at], borders.start[cell]
        # Set first: a point that no candidate takes keeps it.
        answer[at] = borders.cover[cell]
        stop = borders.start[cell + 1]
        while at.size:
            candidate = borders.candidates[turn]
            inside = shapely.intersects_xy(prepared[candidate], x, y)
            answer[at[inside]] = candidate[inside]
            turn += 1
            left = np.flatnonzero(~inside & (turn < stop))
            at, x, y, turn, stop = at[left], x[left], y[left], turn[left], stop[left]


class _Scratch:
    """Arrays that a thread uses again for every chunk: fresh memory costs more than the sums."""

    def __init__(self) -> None:
        self.arrays: tuple[Any, Any, Any] = (
            np.empty(_CHUNK),
            np.empty(_CHUNK, dtype=np.int32),
            np.empty(_CHUNK, dtype=np.int32),
        )


@dataclass(frozen=True)
class _Borders:
    """Of each border cell: the areas to test in order, and the one it lies in if none holds.

    Cell ``n`` has ``candidates[start[n] : start[n + 1]]`` and then ``cover[n]``.
    """

    start: Ints
    candidates: NDArray[np.int32]
    cover: NDArray[np.int32]


@functools.lru_cache(maxsize=8)
def grid_of(shapes: tuple[bytes, ...], points: int) -> AreaGrid:
    """Return the grid of polygons that came as WKB; a process builds it once.

    Examples
    --------
    >>> grid_of((shapely.to_wkb(shapely.box(0, 0, 1, 1)),), 10).size
    1
    """
    return AreaGrid(shapely.from_wkb(np.array(shapes, dtype=object)), points=points)


def first_positions(polygons: ArrayLike, x: Floats, y: Floats) -> NDArray[np.int32]:
    """Return what `AreaGrid.positions` does, with a grid only where it pays to build one.

    Examples
    --------
    >>> from shapely import box
    >>> first_positions([box(0, 0, 1, 1)], np.array([1.0, 2.0]), np.array([1.0, 1.0])).tolist()
    [0, -1]
    """
    shapes: Shapes = np.array(polygons, dtype=object)
    edges = int(shapely.get_num_coordinates(shapes).sum())
    saved = x.size * (_SAVED_AREA * shapes.size + _SAVED_POINT)
    if saved > _GRID_BASE + _GRID_AREA * shapes.size + _GRID_EDGE * edges:
        return AreaGrid(shapes, points=x.size).positions(x, y)
    return _one_by_one(_prepared(shapes), x, y)


def _one_by_one(prepared: Shapes, x: Floats, y: Floats) -> NDArray[np.int32]:
    answer = np.full(x.size, NOWHERE, dtype=np.int32)
    for number, (west, south, east, north) in enumerate(shapely.bounds(prepared)):
        # Who has an area is asked no more: the first has the point, as in the grid.
        near = (x >= west) & (x <= east) & (y >= south) & (y <= north) & (answer < 0)
        candidates = np.flatnonzero(near)
        inside = shapely.intersects_xy(prepared[number], x[candidates], y[candidates])
        answer[candidates[inside]] = number
    return answer


def _prepared(polygons: Shapes) -> Shapes:
    """Return prepared copies that nobody else has."""
    prepared: Shapes = np.array(shapely.from_wkb(shapely.to_wkb(polygons)), dtype=object)
    shapely.prepare(prepared)
    return prepared


def processors() -> int:
    """Return how many threads are worth starting."""
    affinity = getattr(os, "sched_getaffinity", None)
    count = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(count, _MOST_THREADS)


def _frame(polygons: Shapes, cells: int) -> _Frame:
    """Lay a grid of about so many cells around the areas, with an empty rim."""
    west, south, east, north = map(float, shapely.total_bounds(polygons))
    width, height = east - west, north - south
    finest = _STEADY * float(np.spacing(max(map(abs, (west, south, east, north)))))
    # Roots first: the product of sides as long as floats can be would overflow.
    even = width**0.5 * height**0.5 / cells**0.5
    # The sides, too: areas that are all but a line would else be cut in cells without end.
    size = max(even, width / cells, height / cells, finest)
    return _Frame(
        west=west - size,
        south=south - size,
        size=size,
        # A rim on both sides, and the cell that the end lies in.
        columns=int(width // size) + 3,
        rows=int(height // size) + 3,
    )


def _touched(polygons: Shapes, frame: _Frame) -> tuple[Ints, Ints]:
    """Return pairs of polygon and cell, where an edge of the polygon may touch the cell."""
    owner, x1, y1, x2, y2 = _edges(polygons)
    margin = frame.size * _MARGIN
    low, high = np.minimum(y1, y2), np.maximum(y1, y2)
    edge, row = _ranges(frame.row(low - margin), frame.row(high + margin))
    south = frame.south + row * frame.size - margin
    # Where the edge itself is: drawn out to the row's sides, it would touch cells far away.
    ends = [
        _x_at(np.clip(y, low[edge], high[edge]), x1[edge], y1[edge], x2[edge], y2[edge], margin)
        for y in (south, south + frame.size + 2 * margin)
    ]
    # An edge that hardly rises has no place at a height: it is taken from end to end.
    flat = np.abs(y2 - y1)[edge] <= margin
    left = np.where(flat, np.minimum(x1, x2)[edge], np.minimum(*ends)) - margin
    right = np.where(flat, np.maximum(x1, x2)[edge], np.maximum(*ends)) + margin
    part, column = _ranges(frame.column(left), frame.column(right))
    cell = row[part] * frame.columns + column
    # One number a pair, as numpy sorts numbers, not rows.
    pairs = np.unique(owner[edge[part]] * (frame.columns * frame.rows) + cell)
    return np.divmod(pairs, frame.columns * frame.rows)


def _edges(polygons: Shapes) -> tuple[Ints, Floats, Floats, Floats, Floats]:
    parts, of_part = shapely.get_parts(polygons, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    corners, of_corner = shapely.get_coordinates(rings, return_index=True)
    begin = np.flatnonzero(of_corner[1:] == of_corner[:-1])
    (x1, y1), (x2, y2) = corners[begin].T, corners[begin + 1].T
    return of_part[of_ring[of_corner[begin]]], x1, y1, x2, y2


def _x_at(y: Floats, x1: Floats, y1: Floats, x2: Floats, y2: Floats, margin: float) -> Floats:
    """Return where an edge is at a height; of an edge that is flat, anything."""
    rise = np.where(np.abs(y2 - y1) <= margin, 1.0, y2 - y1)
    return x1 + (y - y1) * ((x2 - x1) / rise)


def _ranges(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """Return each number from first to last, and before it which of the ranges it is in."""
    length = last - first + 1
    which = np.repeat(np.arange(length.size), length)
    begun = np.cumsum(length) - length
    return which, np.arange(which.size) - begun[which] + first[which]


def _covered(prepared: Shapes, owner: Ints, cell: Ints, frame: _Frame) -> NDArray[np.int32]:
    """Return for each cell the first area that holds all of it, -1 for none."""
    cover = np.full(frame.columns * frame.rows, NOWHERE, dtype=np.int32)
    limits = np.searchsorted(owner, np.arange(prepared.size + 1))
    for number, polygon in enumerate(prepared):
        inside = _inside(polygon, cell[limits[number] : limits[number + 1]], frame)
        cover[inside[cover[inside] == NOWHERE]] = number
    return cover


def _inside(polygon: Any, touched: Ints, frame: _Frame) -> Ints:  # noqa: ANN401 - shapely is not typed
    """Return the cells within a polygon: one exact test for each run of cells without an edge."""
    row, column = np.divmod(touched, frame.columns)
    top, left = row.min(), column.min()
    clear = np.ones((row.max() - top + 1, column.max() - left + 1), dtype=bool)
    clear[row - top, column - left] = False
    begins, ends = clear.copy(), clear.copy()
    begins[:, 1:] &= ~clear[:, :-1]
    ends[:, :-1] &= ~clear[:, 1:]
    (row, first), (_, last) = np.nonzero(begins), np.nonzero(ends)
    # No edge is between the cells of a run: what holds for the middle of its first holds for all.
    x = frame.west + (first + left + 0.5) * frame.size
    y = frame.south + (row + top + 0.5) * frame.size
    holds = shapely.intersects_xy(polygon, x, y)
    run, at = _ranges(first[holds], last[holds])
    inside: Ints = (row[holds][run] + top) * frame.columns + at + left
    return inside


def _burn(owner: Ints, cell: Ints, cover: NDArray[np.int32]) -> tuple[NDArray[np.int32], _Borders]:
    """Write area, nothing or the number of a border cell into each cell of the table."""
    # An area that comes after one that holds the whole cell can have none of its points.
    open_ = (cover[cell] == NOWHERE) | (owner < cover[cell])
    owner, cell = owner[open_], cell[open_]
    order = np.lexsort((owner, cell))
    cells, start = np.unique(cell[order], return_index=True)
    borders = _Borders(
        start=np.append(start, cell.size).astype(np.int64),
        candidates=owner[order].astype(np.int32),
        cover=cover[cells],
    )
    table = cover.copy()
    table[cells] = NOWHERE - 1 - np.arange(cells.size)
    return table, borders
