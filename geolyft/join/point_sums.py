"""Columns of points are summed by area: read once, and nothing kept but the sums."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial, reduce
from operator import add
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import CRS

from geolyft.frames import RESIDUAL, check_areas
from geolyft.join.area_lookup import AreaGrid, grid_of, processors
from geolyft.join.engine import EngineName, open_engine
from geolyft.join.placed import (
    Places,
    PointAudit,
    check_placed,
    look_at,
    no_places,
    warn_of_defaults,
    with_positions,
)
from geolyft.join.points import check_crs, check_share
from geolyft.read import NumberFile, open_numbers
from geolyft.shown import Shown

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from geolyft.frames import Floats


@dataclass(frozen=True, kw_only=True, repr=False)
class PointSums(Shown):
    """Sums of points by area; the last row, ``residual``, is of the points in no area.

    Parameters
    ----------
    points
        How many points, by area.
    sums
        The sum of each column, by area; missing where no value of the area is known.
    known
        How many of the values are known.
    audit
        Where the points went.
    """

    points: pd.Series[int]
    sums: pd.DataFrame
    known: pd.DataFrame
    audit: PointAudit


def sum_points(
    path: str | os.PathLike[str],
    areas: gpd.GeoDataFrame,
    columns: Sequence[str] = (),
    *,
    x: str = "x",
    y: str = "y",
    crs: CRS | int | str,
    max_outside: float = 0.05,
    threads: int | None = None,
    engine: EngineName = "local",
    scheduler: str | None = None,
) -> PointSums:
    """Sum columns of a Parquet file of points by the area each point lies in.

    The file may be larger than memory: row groups are read, placed and summed side by side, and
    only their sums are kept. These are added in the file's order, so that the number of threads
    changes no bit of them. Points on borders are as in `geolyft.assign_points`.

    Parameters
    ----------
    path
        A Parquet file with columns of coordinates.
    areas
        Polygons that do not overlap, see `geolyft.frames.check_areas`.
    columns
        Columns of numbers to sum; NaN and null are unknown and not counted.
    x, y, crs
        The columns of coordinates, and their CRS, which has to be the areas'.
    max_outside
        The share of points with coordinates that may lie outside every area.
    threads
        By default as many as there are processors for this program, at most eight.
    engine, scheduler
        Who sums the row groups, see `geolyft.join.engine.open_engine`.

    Raises
    ------
    ConfigError
        ``engine-package`` or ``engine-scheduler``.
    JoinError
        As `geolyft.assign_points`.
    ReadError
        As `geolyft.read.open_numbers`.

    Examples
    --------
    >>> import tempfile, pathlib, geopandas, shapely
    >>> areas = geopandas.GeoDataFrame(
    ...     {"name": ["Väst", "Öst"]}, index=pd.Index(["1", "2"], name="area"),
    ...     geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=3008)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "points.parquet")
    ...     pd.DataFrame({"x": [0.5, 1.5, 1.6], "y": 0.5, "n": [2, 3, 4]}).to_parquet(file)
    ...     sum_points(file, areas, ["n"], crs=3008).sums["n"].tolist()
    [2.0, 7.0, nan]
    """
    check_areas(areas)
    columns = tuple(dict.fromkeys(columns))
    numbers = open_numbers(path, (x, y, *columns))
    check_share(max_outside, where=numbers.file.name)
    check_crs(CRS.from_user_input(crs), areas, where=numbers.file.name)
    shapes = tuple(shapely.to_wkb(areas.geometry.to_numpy()))
    plan = _Plan(numbers=numbers, shapes=shapes, place=(x, y), columns=columns)
    sums = _sum_all(plan, engine, scheduler, threads or processors())
    check_placed(sums.places, max_outside=max_outside, where=numbers.file.name)
    warn_of_defaults(sums.places, _placed_again(plan), where=numbers.file.name)
    return sums.by_area(pd.Index([*areas.index, RESIDUAL], name="area"), columns)


@dataclass(frozen=True, kw_only=True)
class _Sums:
    """Sums of a part of a file, by area (the last row: none) and column; they add up."""

    places: Places
    points: NDArray[np.int64]
    known: NDArray[np.int64]
    sums: Floats

    def __add__(self, other: _Sums) -> _Sums:
        return _Sums(
            places=self.places + other.places,
            points=self.points + other.points,
            known=self.known + other.known,
            sums=self.sums + other.sums,
        )

    def by_area(self, index: pd.Index[str], columns: Sequence[str]) -> PointSums:
        known = pd.DataFrame(self.known, index=index, columns=list(columns))
        sums = pd.DataFrame(self.sums, index=index, columns=list(columns))
        return PointSums(
            points=pd.Series(self.points, index=index, name="points"),
            sums=sums.where(known > 0),
            known=known,
            audit=self.places.audit(),
        )


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What a worker needs to sum a part; of grids, each process builds one."""

    numbers: NumberFile
    shapes: tuple[bytes, ...]
    place: tuple[str, str]
    columns: tuple[str, ...]

    def grid(self) -> AreaGrid:
        return grid_of(self.shapes, max(self.numbers.rows, 1))

    def nothing(self) -> _Sums:
        shape = (len(self.shapes) + 1, len(self.columns))
        return _Sums(
            places=no_places(),
            points=np.zeros(shape[0], dtype=np.int64),
            known=np.zeros(shape, dtype=np.int64),
            sums=np.zeros(shape),
        )


def _sum_all(plan: _Plan, engine: EngineName, scheduler: str | None, threads: int) -> _Sums:
    with open_engine(engine, scheduler) as opened:
        if engine == "dask":
            return reduce(add, opened.map(_sum_part, plan, plan.numbers.parts), plan.nothing())
        plan.grid()  # once, before several threads ask for it
        with ThreadPoolExecutor(threads) as pool:
            return reduce(
                add, pool.map(partial(_sum_part, plan), plan.numbers.parts), plan.nothing()
            )


def _sum_part(plan: _Plan, part: range) -> _Sums:
    parts = (_sum_table(plan, table) for table in plan.numbers.tables(part))
    return reduce(add, parts, plan.nothing())


def _sum_table(plan: _Plan, table: Any) -> _Sums:  # noqa: ANN401 - pyarrow is not typed
    xs, ys = _coordinates(table, plan.place)
    places = look_at(xs, ys, where=plan.numbers.file.name)
    position = plan.grid().positions(xs, ys, threads=1)
    points, known, sums = _grouped(table, position, plan.columns, len(plan.shapes))
    return _Sums(places=with_positions(places, position), points=points, known=known, sums=sums)


def _coordinates(table: Any, place: tuple[str, str]) -> tuple[Floats, Floats]:  # noqa: ANN401
    xs, ys = (table.column(name).to_numpy() for name in place)
    # A point with half a coordinate has no place.
    half = np.isnan(xs) != np.isnan(ys)
    return (np.where(half, np.nan, xs), np.where(half, np.nan, ys)) if half.any() else (xs, ys)


def _grouped(
    table: Any,  # noqa: ANN401
    position: NDArray[np.int32],
    columns: tuple[str, ...],
    size: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """Return points, known values and sums by area, of which the last row is for no area."""
    points = np.bincount(position + 1, minlength=size + 1)
    points = np.append(points[1:], points[0])
    if not columns:
        return points, np.zeros((size + 1, 0), dtype=np.int64), np.zeros((size + 1, 0))
    area, values = pa.array(position), [table.column(name) for name in columns]
    known, sums = _sum_by(area, values, size)
    # Arrow takes no NaN for unknown. It is rare in a file, and shows in the sums.
    odd = np.flatnonzero(np.isnan(sums).any(axis=0))
    if odd.size:
        known[:, odd], sums[:, odd] = _sum_by(area, [_without_nan(values[n]) for n in odd], size)
    return points, known, sums


def _sum_by(
    area: Any,  # noqa: ANN401
    values: Sequence[Any],
    size: int,
) -> tuple[NDArray[np.int64], Floats]:
    """Return how many values are known and their sums, by area and column."""
    shape = (size + 1, len(values))
    known, sums = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    named = {f"v{n}": each for n, each in enumerate(values)}
    grouped = pa.table({"area": area, **named}).group_by("area", use_threads=False)
    groups = grouped.aggregate([(name, each) for name in named for each in ("sum", "count")])
    at = groups.column("area").to_numpy()  # -1 is the last row
    for n, name in enumerate(named):
        known[at, n] = groups.column(f"{name}_count").to_numpy()
        sums[at, n] = pc.fill_null(groups.column(f"{name}_sum"), 0.0).to_numpy()
    return known, sums


def _without_nan(values: Any) -> Any:  # noqa: ANN401
    return pc.if_else(pc.is_nan(values), pa.scalar(None, pa.float64()), values)


def _placed_again(plan: _Plan) -> Iterator[tuple[Floats, Floats, NDArray[np.int32]]]:
    for part in plan.numbers.parts:
        for table in plan.numbers.tables(part, plan.place):
            xs, ys = _coordinates(table, plan.place)
            yield xs, ys, plan.grid().positions(xs, ys)
