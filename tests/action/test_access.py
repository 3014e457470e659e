"""Who lives how far from what: known answers, laws, and networks against brute force."""

from __future__ import annotations

import heapq
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString

from geolyft import access
from geolyft.action.access.catchment import two_step
from geolyft.action.access.lines import network_of
from geolyft.action.access.measured import by_area
from geolyft.action.access.network import along
from geolyft.action.access.reached import Reached, straight
from geolyft.action.access.settings import AccessSettings
from geolyft.errors import JoinError

SHARED = {
    "befolkning": {"A": 100, "B": 50, "C": 200},
    "kapacitet": {"p": 10, "q": 5},
    "avstånd": {"A-p": 500, "A-q": 2000, "B-p": 800, "B-q": 900, "C-p": 3000, "C-q": 400},
}
"""The worked example of the two-step floating catchment."""


def reached_within(limit: float) -> Reached:
    """Return the worked example at a limit: distances there are no plane's."""
    users, places = list(SHARED["befolkning"]), list(SHARED["kapacitet"])
    far = np.array([[SHARED["avstånd"][f"{u}-{p}"] for p in places] for u in users], dtype=float)
    user, place = np.nonzero(far <= limit)
    return Reached(nearest=far.min(axis=1), user=user, place=place, users=3, places=2)


@pytest.mark.parametrize("limit", [1000, 900])
def test_two_steps_give_the_worked_fractions_and_the_limit_counts_itself(limit: float) -> None:
    people, capacity = np.array([100.0, 50, 200]), np.array([10.0, 5])
    shared = two_step(reached_within(limit), people, capacity)
    answer = [float(Fraction(each)) for each in ("1/15", "13/150", "1/50")]
    assert shared.per_user == pytest.approx(answer, abs=1e-12)
    assert shared.per_user @ people == pytest.approx(15, abs=1e-9)
    assert shared.unused == 0


def test_where_nobody_reaches_anything_the_capacity_is_unused_and_nothing_is_divided() -> None:
    shared = two_step(reached_within(300), np.array([100.0, 50, 200]), np.array([10.0, 5]))
    assert shared.per_user.tolist() == [0, 0, 0]
    assert shared.unused == 15


coordinates = st.tuples(st.integers(0, 5000), st.integers(0, 5000))


@given(
    st.lists(coordinates, min_size=1, max_size=20),
    st.lists(coordinates, min_size=1, max_size=6),
    st.integers(1, 4000),
    st.integers(0, 100),
)
def test_the_capacity_that_is_reached_is_shared_to_the_last_part(
    users: list[tuple[int, int]], places: list[tuple[int, int]], limit: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    weights, capacity = rng.uniform(0.1, 9, len(users)), rng.uniform(0, 50, len(places))
    xy, at = np.array(users, dtype=float), np.array(places, dtype=float)
    reached = straight(xy, at, limit=limit)
    apart = np.hypot(*(xy[:, None] - at[None]).transpose(2, 0, 1))
    assert reached.nearest == pytest.approx(apart.min(axis=1))
    assert reached.within.tolist() == (apart <= limit).sum(axis=1).tolist()
    shared = two_step(reached, weights, capacity)
    assert shared.per_user @ weights + shared.unused == pytest.approx(capacity.sum(), abs=1e-9)
    # In metres, too, nothing is 0 for whom a place with room is near.
    near = (apart <= limit) & (capacity > 0)
    assert ((shared.per_user > 0) == near.any(axis=1)).all()


USER, PLACE = (-1.0, -1.0), (-2.0, -2.0)


def brute(lines: list[LineString], user: tuple[float, float], place: tuple[float, float]) -> float:
    """Return the way between two points by lines that meet in vertices alone."""
    graph: dict[tuple[float, float], list[tuple[tuple[float, float], float]]] = {}

    def join(one: tuple[float, float], other: tuple[float, float], metres: float) -> None:
        graph.setdefault(one, []).append((other, metres))
        graph.setdefault(other, []).append((one, metres))

    edges = [
        (a, b) for line in lines for a, b in zip(line.coords[:-1], line.coords[1:], strict=True)
    ]
    for a, b in edges:
        join(a, b, LineString([a, b]).length)
    off, on = [], []
    for name, at in ((USER, user), (PLACE, place)):
        point = shapely.Point(at)
        edge = min(range(len(edges)), key=lambda n: LineString(edges[n]).distance(point))
        line = LineString(edges[edge])
        along_edge = line.project(point)
        join(name, edges[edge][0], along_edge)
        join(name, edges[edge][1], line.length - along_edge)
        off.append(line.distance(point))
        on.append((edge, along_edge))
    if on[0][0] == on[1][0]:
        join(USER, PLACE, abs(on[0][1] - on[1][1]))
    far, heap = {USER: 0.0}, [(0.0, USER)]
    while heap:
        metres, node = heapq.heappop(heap)
        for other, step in graph.get(node, ()):
            if metres + step < far.get(other, np.inf):
                far[other] = metres + step
                heapq.heappush(heap, (metres + step, other))
    return far.get(PLACE, np.inf) + sum(off)


@pytest.mark.parametrize("seed", range(200))
def test_ways_along_a_network_are_those_of_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    nodes = [tuple(each) for each in rng.uniform(0, 1000, (9, 2)).round(1).tolist()]
    ends = {tuple(sorted(rng.choice(9, 2, replace=False).tolist())) for _ in range(11)}
    lines = [LineString([nodes[a], nodes[b]]) for a, b in sorted(ends)]
    # No end lies by chance on another line, which would join them.
    lines = [each for each in lines if _is_apart(each, nodes)]
    users, places = rng.uniform(0, 1000, (6, 2)), rng.uniform(0, 1000, (3, 2))
    reached = along(network_of(lines), users, places, limit=600, snap=1e6)
    ways = np.array([[brute(lines, tuple(u), tuple(p)) for p in places] for u in users])
    assert reached.nearest == pytest.approx(ways.min(axis=1), abs=1e-6)
    assert reached.within.tolist() == (ways <= 600).sum(axis=1).tolist()


def _is_apart(line: LineString, nodes: list[tuple[float, float]]) -> bool:
    others = (shapely.Point(each) for each in nodes if each not in line.coords)
    return all(line.distance(each) > 1 for each in others)


def test_a_way_that_leads_one_way_is_not_gone_back() -> None:
    square = [LineString([(0, 0), (100, 0)]), LineString([(100, 0), (100, 100), (0, 0)])]
    network = network_of(square, one_way=np.array([True, True]))
    users, place = np.array([[60.0, 0], [40.0, 0]]), np.array([[50.0, 0]])
    around = 100 + 100 + np.hypot(100, 100)
    ways = along(network, users, place, limit=10).nearest
    assert ways == pytest.approx([around - 10, 10])


def test_ends_that_nearly_meet_are_joined_and_bridges_are_not() -> None:
    street, side = LineString([(0, 0), (100, 0)]), LineString([(50, 0.4), (50, 80)])
    bridge = LineString([(20, -50), (20, 50)])
    network = network_of([street, side, bridge])
    assert [round(part) for part in network.parts()] == [180, 100]
    users = np.array([[20.0, 50], [50.0, 80], [0.0, 300], [np.nan, np.nan]])
    ways = along(network, users, np.array([[100.0, 0]]), limit=200).nearest
    assert ways[[0, 2]].tolist() == [np.inf, np.inf]
    assert ways[1] == pytest.approx(50 + 79.6, abs=0.5)
    assert np.isnan(ways[3])


def test_nobody_is_lost_between_areas_and_city() -> None:
    rng = np.random.default_rng(1)
    users, places = rng.uniform(0, 900, (300, 2)), rng.uniform(0, 900, (4, 2))
    users[:5] = np.nan
    weights, position = rng.uniform(0, 3, 300), rng.integers(-1, 3, 300).astype(np.int32)
    reached = straight(users, places, limit=250)
    shared = two_step(reached, weights, np.ones(4)).per_user
    table = by_area(reached, weights, shared, position, 3)
    assert table["users"].sum() == pytest.approx(weights.sum())
    assert table["within"].sum() == pytest.approx(weights[reached.within > 0].sum())
    assert table["unreached"].sum() == pytest.approx(weights[:5].sum())
    for area in range(3):
        mine = position == area
        known = np.where(np.isfinite(reached.nearest[mine]), reached.nearest[mine], np.inf)
        order = np.argsort(known)
        sums = np.cumsum(weights[mine][order])
        assert table["median"][area] == known[order][np.searchsorted(sums, sums[-1] / 2)]


def test_what_a_script_asks_is_what_is_counted() -> None:
    users = gpd.GeoSeries.from_xy([0, 300, 900], [0, 0, 0], index=["a", "b", "c"], crs=3008)
    places = gpd.GeoSeries.from_xy([300, 5000], [400, 0], crs=3008)
    told = access(users, places, within=500, capacity=pd.Series([30.0, 5.0]))
    assert told.index.tolist() == ["a", "b", "c"]
    assert told["shared"].tolist() == [15, 15, 0]
    street = gpd.GeoSeries([LineString([(0, 0), (300, 0), (300, 400)])], crs=3008)
    assert access(users, places[:1], within=500, lines=street)["nearest"].tolist()[:2] == [700, 400]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"places": gpd.GeoSeries([], crs=3008)}, "access-places"),
        ({"places": gpd.GeoSeries([None, shapely.Point(1, 1)], crs=3008)}, "access-places"),
        ({"capacity": pd.Series([-1.0, 2])}, "access-weights"),
        ({"weights": pd.Series([np.nan])}, "access-weights"),
        ({"lines": gpd.GeoSeries([shapely.Point(1, 1)], crs=3008)}, "access-network"),
        ({"lines": gpd.GeoSeries([], crs=3006)}, "join-crs"),
    ],
)
def test_what_cannot_be_answered_is_refused(change: dict[str, object], code: str) -> None:
    users = gpd.GeoSeries.from_xy([0], [0], crs=3008)
    asked = {"places": gpd.GeoSeries.from_xy([0, 9], [0, 9], crs=3008), "within": 500, **change}
    with pytest.raises(JoinError) as refusal:
        access(users, **asked)
    assert refusal.value.code == code


def test_persons_are_never_everyone_by_default() -> None:
    places, users = {"file": "p.csv"}, {"file": "u.csv", "who": "barn"}
    said = {"code": "skola", "name": "Skola", "within": 500, "places": places}
    with pytest.raises(ValueError, match="whose places they are"):
        AccessSettings(**said, users=users)
    assert AccessSettings(**said, users={**users, "everyone": True}).is_open
