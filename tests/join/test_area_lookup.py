"""The grid answers as shapely's exact predicate does, for every point there is."""

from __future__ import annotations

import warnings
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geolyft.divisions.areas import DIVISIONS, load_areas
from geolyft.errors import JoinError
from geolyft.join import area_lookup as grid_module
from geolyft.join.area_lookup import AreaGrid, first_positions
from geolyft.join.points import assign_points, audit_points

if TYPE_CHECKING:
    import geopandas as gpd

Shapes = np.ndarray[Any, np.dtype[np.object_]]
Floats = np.ndarray[Any, np.dtype[np.float64]]


def exact(polygons: Shapes, x: Floats, y: Floats) -> Floats:
    """Ask shapely for every pair, with geometry that nothing has prepared."""
    found = np.full(x.size, -1)
    points = shapely.points(x, y)
    known = ~np.isnan(x) & ~np.isnan(y)
    for number in reversed(range(len(polygons))):
        fresh = shapely.from_wkb(shapely.to_wkb(polygons[number]))
        found[known & shapely.intersects(fresh, points)] = number
    return found


def differences(polygons: Shapes, x: Floats, y: Floats, *, points: int) -> int:
    grid = AreaGrid(polygons, points=points)
    return int((grid.positions(x, y) != exact(polygons, x, y)).sum())


def neighbours(places: Floats) -> Floats:
    """Return places and the eight next to each that floating point can tell apart."""
    around = [
        [np.nextafter(places[:, axis], towards) for towards in (-np.inf, np.inf)]
        + [places[:, axis]]
        for axis in (0, 1)
    ]
    return np.concatenate([np.column_stack([x, y]) for x, y in product(*around)])


def hard_places(polygons: Shapes, grid: AreaGrid) -> Floats:
    """Return corners, places along edges, nodes of the grid, and all their neighbours."""
    corners = shapely.get_coordinates(polygons)
    begin, step = corners[:-1], corners[1:] - corners[:-1]
    frame = grid._frame  # noqa: SLF001 - the nodes are the grid's secret, and the places to try
    rng = np.random.default_rng(0)
    columns, rows = rng.integers(0, frame.columns, 500), rng.integers(0, frame.rows, 500)
    origin = np.array([frame.west, frame.south])
    nodes = origin + np.column_stack([columns, rows]) * frame.size
    along = [begin + step * share for share in (0.5, 1 / 3)]
    # Where an edge crosses a line of the grid, it passes from one cell to another.
    for axis in (0, 1):
        middle = begin[:, axis] + step[:, axis] * rng.random(len(step))
        line = origin[axis] + np.round((middle - origin[axis]) / frame.size) * frame.size
        rise = np.where(step[:, axis] == 0, 1, step[:, axis])
        crossing = begin + step * ((line - begin[:, axis]) / rise)[:, None]
        crossing[:, axis] = line
        along.append(crossing)
    return neighbours(np.concatenate([corners, *along, nodes]))


RING = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
HARD = {
    "nested in holes": [
        RING,
        shapely.box(10, 10, 20, 20).difference(shapely.box(12, 12, 18, 18)),
        shapely.box(12, 12, 18, 18),
    ],
    "parts with holes": [
        shapely.union_all([RING, shapely.box(40, 0, 50, 10) - shapely.box(44, 4, 46, 6)]),
        shapely.MultiPolygon([shapely.box(44, 4, 46, 6), shapely.box(10, 10, 20, 20)]),
    ],
    "slivers": [
        shapely.Polygon([(0, 0), (1000, 0), (1000, 1e-9)]),
        shapely.Polygon([(0, 0), (1000, 1e-9), (1000, 500)]),
        shapely.Polygon([(0, -1e-7), (1000, 0), (0, 0)]),
    ],
    # The lower area reaches a line of the grid but for less than can be told from the line itself,
    # so that the row of a point and the row that the grid draws there are not the same.
    "an edge between two lines that the grid cannot tell apart": [
        shapely.Polygon([(0, -1e-17), (1024, -1e-20), (1024, 512), (0, 512)]),
        shapely.Polygon([(0, -512), (1024, -512), (1024, -1e-20), (0, -1e-17)]),
    ],
    "triangles that meet in one corner": [
        shapely.Polygon([(0.1, 0.1), *(7 * np.column_stack([np.cos(at), np.sin(at)]))])
        for at in np.lib.stride_tricks.sliding_window_view(np.linspace(0, 6, 10), 2)
    ],
    "overlapping": [shapely.box(0, 0, 10, 10), shapely.box(5, 5, 15, 15), shapely.box(2, 2, 8, 8)],
    "flat and wide": [shapely.box(0, 0, 1e6, 1e-3), shapely.box(0, 1e-3, 1e6, 2e-3)],
    "one small and one large": [shapely.box(0, 0, 1e-3, 1e-3), shapely.box(1e3, 1e3, 1e5, 1e5)],
}  # fmt: skip


@pytest.mark.parametrize("points", [1, 100_000])
@pytest.mark.parametrize("shift", [0.0, 6_164_000.1, -1e9])
@pytest.mark.parametrize("name", HARD)
def test_hard_polygons_are_answered_as_shapely_does(name: str, shift: float, points: int) -> None:
    moved = np.array([shapely.transform(each, lambda at: at + shift) for each in HARD[name]])
    # Far away, a sliver has no room: what rounding leaves of it is no polygon.
    moved = moved[shapely.is_valid(moved) & (shapely.area(moved) > 0)]
    x, y = hard_places(moved, AreaGrid(moved, points=points)).T
    assert differences(moved, x, y, points=points) == 0


@pytest.mark.parametrize("division", DIVISIONS)
def test_the_shipped_areas_are_answered_as_shapely_does(division: str) -> None:
    polygons = load_areas(division).geometry.to_numpy()
    west, south, east, north = shapely.total_bounds(polygons)
    rng = np.random.default_rng(3)
    size = 20_000
    spread = np.column_stack([rng.uniform(west, east, size), rng.uniform(south, north, size)])
    for points in (20_000, 10_000_000):
        hard = hard_places(polygons, AreaGrid(polygons, points=points))
        x, y = np.concatenate([spread, hard]).T
        assert differences(polygons, x, y, points=points) == 0


corner = st.tuples(st.integers(0, 12), st.integers(0, 12))
triangles = st.lists(
    st.lists(corner, min_size=3, max_size=3, unique=True).map(shapely.Polygon), min_size=1,
    max_size=6,
).map(lambda drawn: np.array([each for each in drawn if each.area]))  # fmt: skip
anywhere = st.one_of(
    st.integers(-1, 13).map(float),
    st.floats(-1, 13),
    st.sampled_from([np.nan, 1e308, -1e308, -0.0, 5e-324]),
)


@given(
    polygons=triangles.filter(len),
    places=st.lists(st.tuples(anywhere, anywhere), min_size=1, max_size=80),
    points=st.sampled_from([1, 10_000, 1_000_000]),
)
def test_any_triangles_overlapping_or_not_are_answered_as_shapely_does(
    polygons: Shapes, places: list[tuple[float, float]], points: int
) -> None:
    x, y = np.array(places).T
    assert differences(polygons, x, y, points=points) == 0
    assert (first_positions(polygons, x, y) == exact(polygons, x, y)).all()


def test_a_border_is_the_first_areas_also_where_few_points_are_asked_one_by_one() -> None:
    # A column beside its neighbour, and one below: each has its whole border, and no more.
    polygons = np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(0, 1, 1, 2)])
    x, y = np.array([1.0, 0.5, 1.0, 0.5, 1.5]), np.array([0.5, 1.0, 1.5, 1.5, 1.0])
    for order in (polygons, polygons[::-1]):
        assert (first_positions(order, x, y) == exact(order, x, y)).all()


@pytest.fixture(scope="module")
def city() -> tuple[gpd.GeoDataFrame, Floats, Floats]:
    areas = load_areas("geso")
    west, south, east, north = areas.total_bounds
    rng = np.random.default_rng(5)
    x, y = rng.uniform(west, east, 40_000), rng.uniform(south, north, 40_000)
    corners = areas.geometry.get_coordinates().to_numpy()
    x[: len(corners)], y[: len(corners)] = corners.T
    x[-100:] = np.nan
    return areas, x, y


@pytest.mark.parametrize(("block", "chunk"), [(1000, 7), (4096, 4096), (40_000, 333)])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_neither_blocks_nor_threads_change_an_answer(
    city: tuple[gpd.GeoDataFrame, Floats, Floats],
    monkeypatch: pytest.MonkeyPatch,
    block: int,
    chunk: int,
    threads: int,
) -> None:
    areas, x, y = city
    grid = AreaGrid(areas.geometry, points=x.size)
    expected = grid.positions(x, y, threads=1)
    monkeypatch.setattr(grid_module, "_BLOCK", block)
    monkeypatch.setattr(grid_module, "_CHUNK", chunk)
    assert (grid.positions(x, y, threads=threads) == expected).all()
    assert (expected >= 0).any()


@pytest.mark.parametrize("size", [0, 1, 6, 7, 100, 4096, 39_999])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_every_point_is_one_threads_and_is_looked_up_once(
    city: tuple[gpd.GeoDataFrame, Floats, Floats],
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    threads: int,
) -> None:
    areas, _, y = city
    monkeypatch.setattr(grid_module, "_BLOCK", 1000)
    monkeypatch.setattr(grid_module, "_CHUNK", 3)
    grid, looked = AreaGrid(areas.geometry, points=size), np.zeros(size, dtype=int)
    number = np.arange(size, dtype=float)

    def look_up(xs: Floats, _ys: Floats, found: Any, _scratch: object) -> None:  # noqa: ANN401
        looked[xs.astype(int)] += 1
        found[:] = 0

    monkeypatch.setattr(grid, "_look_up", look_up)
    grid.positions(number, y[:size], threads=threads)
    assert (looked == 1).all()


def test_neither_order_nor_batches_change_an_answer(
    city: tuple[gpd.GeoDataFrame, Floats, Floats],
) -> None:
    areas, x, y = city
    grid = AreaGrid(areas.geometry)
    expected = grid.positions(x, y)
    order = np.random.default_rng(1).permutation(x.size)
    assert (grid.positions(x[order], y[order]) == expected[order]).all()
    parts = [grid.positions(x[at], y[at]) for at in np.array_split(np.arange(x.size), 17)]
    assert (np.concatenate(parts) == expected).all()


def test_few_and_many_points_are_placed_alike(
    city: tuple[gpd.GeoDataFrame, Floats, Floats], monkeypatch: pytest.MonkeyPatch
) -> None:
    areas, x, y = city
    with_grid = assign_points(x, areas, y=y, crs=3008, max_outside=1)
    monkeypatch.setattr(grid_module, "_GRID_BASE", 1 << 60)
    without = assign_points(x, areas, y=y, crs=3008, max_outside=1)
    pd.testing.assert_series_equal(with_grid, without)
    assert audit_points(with_grid, ~np.isnan(x)).unplaced == 100


def test_views_and_other_types_of_numbers_are_taken(
    city: tuple[gpd.GeoDataFrame, Floats, Floats],
) -> None:
    areas, x, y = city
    grid = AreaGrid(areas.geometry)
    both = np.column_stack([x, y])
    assert (grid.positions(both[:, 0], both[:, 1]) == grid.positions(x, y)).all()
    whole = np.nan_to_num(x[:50]).astype(np.int64)
    assert (grid.positions(whole, y[:50]) == grid.positions(whole.astype(float), y[:50])).all()
    assert grid.positions([], []).size == 0


def test_the_callers_polygons_are_left_as_they_were() -> None:
    polygon = shapely.box(0, 0, 10, 10)
    AreaGrid([polygon]).positions([5.0], [5.0])
    assert not shapely.is_prepared(polygon)


def test_a_wrong_crs_is_refused_before_the_points_are_looked_at(squares: gpd.GeoDataFrame) -> None:
    with pytest.raises(JoinError) as refusal:
        assign_points([np.inf], squares, y=[5.0], crs=3006)
    assert refusal.value.code == "join-crs"


@given(
    xs=st.lists(st.sampled_from([-0.0, 0.0, 1.0, 2.5, 3.0, np.nan]), min_size=200, max_size=600),
    seed=st.integers(0, 5),
)
def test_the_crowd_that_is_warned_of_is_counted_exactly(
    xs: list[float], seed: int, squares: gpd.GeoDataFrame
) -> None:
    x = np.array([*xs, 5.0])
    y = np.random.default_rng(seed).choice([1.0, 7.0], x.size)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assign_points(x, squares, y=y, crs=3008)
    placed = pd.DataFrame({"x": x + 0.0, "y": y})[~np.isnan(x)]
    most = int(placed.value_counts().max())
    said = [str(each.message) for each in caught if "share one place" in str(each.message)]
    crowded = most > max(100, 0.05 * len(placed))
    expected = f"points: {most} of {len(placed)} points share one place: a default coordinate?"
    assert said == ([expected] if crowded else [])
