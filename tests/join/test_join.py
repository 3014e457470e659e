"""Every point has one area, and every total survives."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from geolyft.divisions.crosswalks import Crosswalk, identity_crosswalk
from geolyft.errors import GeolyftWarning, JoinError
from geolyft.frames import RESIDUAL
from geolyft.join.points import assign_points, audit_points
from geolyft.join.small_areas import move_totals

if TYPE_CHECKING:
    from collections.abc import Callable

# Whole metres put most points on a border or a corner.
coordinate = st.integers(-2, 22).map(float)
place = st.one_of(coordinate, st.floats(-5, 25))
points = st.lists(st.tuples(place, place), min_size=1, max_size=60)


def naive(x: float, y: float, areas: gpd.GeoDataFrame) -> str | None:
    """Return the first area that shapely's own exact predicate holds for."""
    holds = areas.index[shapely.intersects(areas.geometry.to_numpy(), shapely.Point(x, y))]
    return holds[0] if len(holds) else None


# Points at 0, 0 are a warning, and the squares start there.
at_zero = pytest.mark.filterwarnings("ignore::geolyft.errors.GeolyftWarning")


@at_zero
@given(points=points)
def test_a_point_gets_the_first_area_it_touches(
    points: list[tuple[float, float]], squares: gpd.GeoDataFrame
) -> None:
    x, y = map(np.array, zip(*points, strict=True))
    codes = assign_points(x, squares, y=y, crs=3008, max_outside=1)
    expected = [naive(*point, squares) for point in points]
    assert [None if pd.isna(code) else code for code in codes] == expected


@at_zero
@given(points=points)
def test_placed_outside_and_unplaced_add_up(
    points: list[tuple[float, float]], squares: gpd.GeoDataFrame
) -> None:
    x = np.array([p[0] for p in points] + [np.nan])
    y = np.array([p[1] for p in points] + [5.0])
    codes = assign_points(x, squares, y=y, crs=3008, max_outside=1)
    audit = audit_points(codes, ~np.isnan(x))
    assert audit.placed + audit.outside + audit.unplaced == audit.total == len(points) + 1
    assert audit.unplaced == 1


@at_zero
@given(points=points, seed=st.integers(0, 9))
def test_the_order_of_points_does_not_matter(
    points: list[tuple[float, float]], seed: int, squares: gpd.GeoDataFrame
) -> None:
    x, y = map(np.array, zip(*points, strict=True))
    order = np.random.default_rng(seed).permutation(len(x))
    straight = assign_points(x, squares, y=y, crs=3008, max_outside=1)
    mixed = assign_points(x[order], squares, y=y[order], crs=3008, max_outside=1)
    assert straight.iloc[order].fillna("").tolist() == mixed.fillna("").tolist()


def test_geometry_and_coordinates_give_the_same_codes(squares: gpd.GeoDataFrame) -> None:
    series = gpd.GeoSeries.from_xy([1, 10, 15], [1, 10, 15], index=list("abc"), crs=3008)
    series["d"] = None
    codes = assign_points(series, squares)
    assert codes[["a", "b", "c"]].tolist() == ["1", "1", "4"]
    assert pd.isna(codes["d"])


def test_holes_and_parts_are_respected() -> None:
    ring = shapely.box(0, 0, 30, 30).difference(shapely.box(10, 10, 20, 20))
    islands = shapely.MultiPolygon([shapely.box(10, 10, 20, 20), shapely.box(40, 0, 50, 10)])
    areas = gpd.GeoDataFrame(
        {"name": ["ring", "öar"]}, index=pd.Index(["r", "ö"], name="area"),
        geometry=[ring, islands], crs=3008,
    )  # fmt: skip
    codes = assign_points([5.0, 15.0, 45.0, 10.0], areas, y=[5.0, 15.0, 5.0, 12.0], crs=3008)
    assert codes.tolist() == ["r", "ö", "ö", "r"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"crs": 3006}, "join-crs"),
        ({"crs": None}, "join-crs"),
        ({"y": [np.inf, 5.0]}, "join-coordinates"),
        ({"y": [500.0, 5.0]}, "join-outside"),
        ({"y": [np.nan, np.nan]}, "join-unplaced"),
        ({"y": [500.0, 5.0], "max_outside": np.nan}, "join-share"),
        ({"max_outside": -0.1}, "join-share"),
        ({"max_outside": 1.1}, "join-share"),
    ],
)
def test_points_that_cannot_be_placed_are_refused(
    change: dict[str, object], code: str, squares: gpd.GeoDataFrame
) -> None:
    with pytest.raises(JoinError) as refusal:
        assign_points([5.0, 5.0], squares, **{"y": [5.0, 5.0], "crs": 3008, **change})
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("crowd", "others", "warned"), [(101, 1899, True), (100, 1000, False), (101, 1920, False)]
)
def test_a_crowd_at_one_place_is_a_warning_without_the_place(
    crowd: int, others: int, *, warned: bool, squares: gpd.GeoDataFrame
) -> None:
    x = np.concatenate([np.full(crowd, 7.25), np.linspace(1, 19, others), [np.nan]])
    said = pytest.warns(GeolyftWarning, match=f"{crowd} of {crowd + others} points share one place")
    with said if warned else contextlib.nullcontext() as caught:
        assign_points(x, squares, y=np.full(x.size, 5.5), crs=3008)
    assert not warned or "7.25" not in str(caught[0].message)


def test_points_at_zero_are_a_warning(squares: gpd.GeoDataFrame) -> None:
    elsewhere = squares.set_geometry(squares.translate(100, 100))
    with pytest.warns(GeolyftWarning, match="1 of 3 points lie at 0, 0"):
        assign_points(
            [0.0, 105, 105], elsewhere, y=[0.0, 105, 106], crs=3008, max_outside=0.5, where="p.csv"
        )


@pytest.mark.parametrize("codes", [["19121212-1212"], ["a", "a"], ["a@b.se", "a@b.se"]])
def test_a_refusal_shows_no_code_that_could_be_a_person(
    codes: list[str], crosswalk_of: Callable[..., Crosswalk]
) -> None:
    with pytest.raises(JoinError) as refusal:
        move_totals(pd.DataFrame({"n": 1.0}, index=codes), crosswalk_of(("b", "1", 1)))
    assert not any(part in str(refusal.value) for part in ("1212-", "-1212", "b.se"))


def test_points_keep_their_index_and_latitude_before_longitude_makes_no_other_crs(
    squares: gpd.GeoDataFrame,
) -> None:
    index = pd.Index(["p", "q"])
    x = pd.Series([5.0, 15.0], index=index)
    codes = assign_points(x, squares, y=[5.0, 15.0], crs=3008)
    assert codes.to_dict() == {"p": "1", "q": "4"}
    turned = CRS.from_epsg(3008).to_json_dict()
    del turned["id"], turned["base_crs"]["id"]
    turned["base_crs"]["coordinate_system"]["axis"].reverse()
    other = CRS.from_json_dict(turned)
    assert other != squares.crs
    assert assign_points(x, squares, y=[5.0, 15.0], crs=other).to_dict() == codes.to_dict()


def test_lines_are_no_points(squares: gpd.GeoDataFrame) -> None:
    with pytest.raises(JoinError, match="no points"):
        assign_points(gpd.GeoSeries([shapely.box(0, 0, 1, 1)], crs=3008), squares)


sources = st.lists(
    st.tuples(st.integers(1, 4), st.floats(0, 1e6), st.lists(st.floats(0.01, 1), min_size=4)),
    min_size=1,
    max_size=12,
)


@given(drawn=sources)
def test_a_total_is_neither_lost_nor_invented(
    drawn: list[tuple[int, float, list[float]]], crosswalk_of: Callable[..., Crosswalk]
) -> None:
    rows, values = [], {}
    for number, (targets, value, raw) in enumerate(drawn):
        weights = np.array(raw[:targets]) / sum(raw[:targets])
        rows += [(f"s{number}", str(t), float(w)) for t, w in enumerate(weights)]
        values[f"s{number}"] = value
    totals = pd.DataFrame({"n": values})
    totals.loc["rest"] = 17.0
    moved = move_totals(totals, crosswalk_of(*rows), residual=["rest"])
    assert moved.totals["n"].sum() == pytest.approx(totals["n"].sum(), rel=1e-12)
    assert moved.totals.loc[RESIDUAL, "n"] == 17.0


@given(values=st.lists(st.floats(0, 1e9), min_size=4, max_size=4))
def test_the_identity_crosswalk_returns_its_input(
    values: list[float], squares: gpd.GeoDataFrame
) -> None:
    totals = pd.DataFrame({"n": values}, index=squares.index)
    moved = move_totals(totals, identity_crosswalk(squares))
    assert moved.totals["n"].drop(RESIDUAL).tolist() == values
    assert not moved.split.to_numpy().any()


@given(cut=st.floats(0.05, 0.95), seed=st.integers(0, 9))
def test_splitting_a_source_changes_nothing(
    cut: float, seed: int, crosswalk_of: Callable[..., Crosswalk]
) -> None:
    whole = move_totals(
        pd.DataFrame({"n": {"a": 100.0, "b": 50.0}}),
        crosswalk_of(("a", "1", 0.25), ("a", "2", 0.75), ("b", "2", 1.0)),
    )
    parts = pd.DataFrame({"n": {"a1": 100 * cut, "a2": 100 * (1 - cut), "b": 50.0}})
    parts = parts.sample(frac=1, random_state=seed)
    split = move_totals(
        parts,
        crosswalk_of(
            ("a1", "1", 0.25), ("a1", "2", 0.75), ("a2", "1", 0.25), ("a2", "2", 0.75),
            ("b", "2", 1.0),
        ),
    )  # fmt: skip
    assert split.totals["n"].tolist() == pytest.approx(whole.totals["n"].tolist(), rel=1e-12)


def test_rates_move_as_counts_and_weights_matter(crosswalk_of: Callable[..., Crosswalk]) -> None:
    # method.md section 6: A has area 9, 100 persons and 40 %; B area 1, 900 persons and 10 %.
    counts = pd.DataFrame({"hit": {"A": 40.0, "B": 90.0}, "all": {"A": 100.0, "B": 900.0}})
    moved = move_totals(counts, crosswalk_of(("A", "1", 1.0), ("B", "1", 1.0))).totals.loc["1"]
    assert moved["hit"] / moved["all"] == pytest.approx(0.13)


def test_an_area_with_a_missing_part_is_incomplete_and_one_without_any_is_missing(
    crosswalk_of: Callable[..., Crosswalk],
) -> None:
    totals = pd.DataFrame({"n": {"a": 5.0, "b": np.nan, "c": np.nan}})
    moved = move_totals(totals, crosswalk_of(("a", "1", 1), ("b", "1", 1), ("c", "2", 1)))
    assert moved.totals.loc["1", "n"] == 5
    assert moved.incomplete.loc["1", "n"]
    assert np.isnan(moved.totals.loc["2", "n"])


def test_the_share_from_split_sources_is_known(crosswalk_of: Callable[..., Crosswalk]) -> None:
    totals = pd.DataFrame({"n": {"a": 40.0, "b": 80.0}})
    moved = move_totals(totals, crosswalk_of(("a", "1", 0.5), ("a", "2", 0.5), ("b", "2", 1.0)))
    assert moved.split["n"].loc[["1", "2"]].tolist() == [1.0, 0.2]
    assert (moved.audit.sources, moved.audit.split) == (2, 1)


def test_an_audit_counts_sources_and_where_they_went(
    crosswalk_of: Callable[..., Crosswalk],
) -> None:
    walk = crosswalk_of(
        ("a", "1", 0.5), ("a", "2", 0.5), ("a", "3", 0), ("b", "2", 1),
        ("c", "3", 1), ("d", "3", 1),
        ("e", "3", 1),
    )  # fmt: skip
    totals = pd.DataFrame({"n": 1.0}, index=["a", "b", "x", "y"])
    moved = move_totals(totals, walk, residual=["x", "y", "z"], allow_absent=True)
    audit = moved.audit
    assert (audit.sources, audit.split) == (4, 1)
    assert (audit.residual_sources, audit.absent_sources) == (2, 3)
    # A row of weight 0 says that nothing goes there, and lacks nothing.
    assert not moved.incomplete.loc["2", "n"]
    assert moved.incomplete.loc["3", "n"]


@pytest.mark.parametrize(
    ("codes", "code"),
    [(["a", "x"], "join-unknown"), (["a"], "join-absent"), (["a", "a", "b"], "join-duplicate")],
)
def test_totals_that_do_not_fit_the_crosswalk_are_refused(
    codes: list[str], code: str, crosswalk_of: Callable[..., Crosswalk]
) -> None:
    with pytest.raises(JoinError) as refusal:
        move_totals(
            pd.DataFrame({"n": 1.0}, index=codes), crosswalk_of(("a", "1", 1), ("b", "1", 1))
        )
    assert refusal.value.code == code
