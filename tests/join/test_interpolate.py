"""Crosswalks computed: shares are exact, totals survive, and nothing outside is lost."""

from __future__ import annotations

import json
import warnings
from itertools import pairwise, product
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box
from small_run import write_small_run

import geolyft
from geolyft.errors import AreaError, GeolyftWarning, JoinError, ReadError
from geolyft.frames import RESIDUAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from geolyft.divisions.crosswalks import Crosswalk


def areas_of(
    shapes: Sequence[shapely.Geometry], prefix: str = "", crs: int = 3008
) -> gpd.GeoDataFrame:
    codes = pd.Index([f"{prefix}{n}" for n in range(1, len(shapes) + 1)], name="area", dtype="str")
    return gpd.GeoDataFrame({"name": codes}, index=codes, geometry=list(shapes), crs=crs)


def weights(walk: Crosswalk) -> dict[tuple[str, str], float]:
    table = walk.table
    return dict(
        zip(zip(table["source"], table["target"], strict=True), table["weight"], strict=True)
    )


def tiles(edges: Sequence[float], height: float = 10.0) -> list[shapely.Geometry]:
    return [box(west, 0, east, height) for west, east in pairwise(edges)]


cuts = st.lists(st.floats(-50, 150), min_size=2, max_size=6, unique=True).map(sorted)
wide = cuts.filter(lambda edges: min(np.diff(edges)) > 0.01)


# ---- by area --------------------------------------------------------------------------------


def test_shares_are_those_of_the_ground_and_what_is_outside_is_said() -> None:
    walk = geolyft.crosswalk_by_area(areas_of([box(0, 0, 10, 10)], "s"), areas_of(tiles([0, 6, 8])))
    assert weights(walk) == pytest.approx(
        {("s1", "1"): 0.6, ("s1", "2"): 0.2, ("s1", RESIDUAL): 0.2}
    )


def test_a_source_in_no_target_goes_whole_to_the_residual() -> None:
    sources = areas_of([box(0, 0, 1, 1), box(100, 0, 101, 1)], "s")
    walk = geolyft.crosswalk_by_area(sources, areas_of([box(0, 0, 5, 5)]))
    assert weights(walk) == {("s1", "1"): 1.0, ("s2", RESIDUAL): 1.0}
    moved = geolyft.move_totals(pd.DataFrame({"n": [3.0, 4.0]}, index=["s1", "s2"]), walk)
    assert moved.totals["n"].to_dict() == {"1": 3.0, RESIDUAL: 4.0}


@given(wide, wide)
def test_shares_of_intervals_are_their_overlaps_and_close(
    inner: list[float], outer: list[float]
) -> None:
    sources, targets = areas_of(tiles(inner), "s"), areas_of(tiles(outer))
    found = weights(geolyft.crosswalk_by_area(sources, targets))
    for (s, left, right), (t, low, high) in product(
        zip(sources.index, inner[:-1], inner[1:], strict=True),
        zip(targets.index, outer[:-1], outer[1:], strict=True),
    ):
        shared = max(0.0, min(right, high) - max(left, low)) / (right - left)
        assert found.get((s, t), 0.0) == pytest.approx(shared, abs=2e-6)
    for s in sources.index:
        assert sum(w for (source, _), w in found.items() if source == s) == pytest.approx(
            1, abs=1e-12
        )


@given(wide, wide, st.integers(0, 2**32 - 1))
def test_a_hundred_columns_keep_their_totals_to_a_billionth(
    inner: list[float], outer: list[float], seed: int
) -> None:
    sources = areas_of(tiles(inner), "s")
    walk = geolyft.crosswalk_by_area(sources, areas_of(tiles(outer)))
    given_ = pd.DataFrame(
        np.random.default_rng(seed).uniform(0, 1e6, (len(sources), 100)), index=sources.index
    )
    moved = geolyft.move_totals(given_, walk).totals
    np.testing.assert_allclose(moved.sum(), given_.sum(), rtol=1e-9)


def test_area_shares_are_toblers_where_both_are_defined() -> None:
    """tobler's rule, area of intersection over area of source, with geopandas' own overlay."""
    sources, targets = geolyft.load_areas("deso2025"), geolyft.load_areas("geso")
    pieces = gpd.overlay(
        sources.geometry.rename_axis("source").reset_index(),
        targets.geometry.rename_axis("target").reset_index(),
        keep_geom_type=True,
    )
    share = pieces.area / pieces["source"].map(sources.area)
    expected = share.groupby([pieces["source"], pieces["target"]]).sum()
    walk = geolyft.crosswalk_by_area(sources, targets)
    inside = walk.table[walk.table["target"] != RESIDUAL].set_index(["source", "target"])["weight"]
    both = pd.concat([expected, inside], axis=1).fillna(0.0)
    assert (both.iloc[:, 0] - both.iloc[:, 1]).abs().max() < 1e-6
    assert walk.table.groupby("source")["weight"].sum().sub(1).abs().max() < 1e-12


def test_slivers_of_rounding_are_no_pieces() -> None:
    nudged = areas_of([box(0, 0, 10 + 1e-9, 10), box(10 + 1e-9, 0, 20, 10)])
    walk = geolyft.crosswalk_by_area(areas_of(tiles([0, 10, 20]), "s"), nudged)
    assert weights(walk) == {("s1", "1"): 1.0, ("s2", "2"): 1.0}
    assert set(walk.table["method"]) == {"nested"}


def test_parts_and_holes_are_cut_exactly() -> None:
    ring = box(0, 0, 10, 10).difference(box(2, 2, 8, 8))
    pair = shapely.multipolygons([box(0, 0, 5, 10), box(20, 0, 25, 10)])
    walk = geolyft.crosswalk_by_area(areas_of([ring], "s"), areas_of([pair]))
    assert weights(walk) == pytest.approx({("s1", "1"): 0.5, ("s1", RESIDUAL): 0.5})


def test_targets_that_overlap_are_refused() -> None:
    targets = areas_of([box(0, 0, 6, 10), box(4, 0, 10, 10)])
    with pytest.raises(AreaError) as refused:
        geolyft.crosswalk_by_area(areas_of([box(0, 0, 10, 10)], "s"), targets)
    assert refused.value.code == "areas-overlap"


def test_another_crs_is_refused_before_work_starts() -> None:
    with pytest.raises(AreaError) as refused:
        geolyft.crosswalk_by_area(
            areas_of([box(0, 0, 1, 1)], "s", crs=3006), areas_of([box(0, 0, 1, 1)])
        )
    assert refused.value.code == "crosswalk-crs"


def test_a_computed_crosswalk_is_read_back_from_a_table(tmp_path: Path) -> None:
    walk = geolyft.crosswalk_by_area(
        areas_of([box(0, 0, 10, 10)], "s"), areas_of(tiles([0, 1, 3, 7]))
    )
    path = tmp_path / "own.csv"
    walk.table.to_csv(path, index=False)
    assert weights(geolyft.load_crosswalk(path)) == weights(walk)


# ---- by residents ---------------------------------------------------------------------------


@given(st.lists(st.floats(0.5, 99.5), min_size=1, max_size=60), st.integers(1, 98))
def test_residents_are_shared_as_they_are_counted(places: list[float], cut: int) -> None:
    source, targets = areas_of([box(0, 0, 100, 10)], "s"), areas_of(tiles([0, cut, 100]))
    walk = geolyft.crosswalk_by_residents(source, targets, places, y=[5.0] * len(places), crs=3008)
    counted = geolyft.assign_points(places, targets, y=[5.0] * len(places), crs=3008).value_counts()
    expected = {("s1", code): n / len(places) for code, n in counted.items()}
    assert weights(walk) == pytest.approx(expected, abs=1e-12)


def test_people_outside_every_target_are_the_residual() -> None:
    points = gpd.GeoSeries.from_xy([1, 1, 1, 9], [5, 5, 5, 5], crs=3008)
    source, targets = areas_of([box(0, 0, 10, 10)], "s"), areas_of([box(0, 0, 5, 10)])
    walk = geolyft.crosswalk_by_residents(source, targets, points)
    assert weights(walk) == {("s1", "1"): 0.75, ("s1", RESIDUAL): 0.25}


def test_a_point_can_stand_for_many() -> None:
    source, targets = areas_of([box(0, 0, 10, 10)], "s"), areas_of(tiles([0, 5, 10]))
    walk = geolyft.crosswalk_by_residents(
        source, targets, [1, 9], y=[5, 5], crs=3008, counts=[30, 10]
    )
    assert weights(walk) == {("s1", "1"): 0.75, ("s1", "2"): 0.25}
    with pytest.raises(AreaError) as refused:
        geolyft.crosswalk_by_residents(source, targets, [1, 9], y=[5, 5], crs=3008, counts=[30, -1])
    assert refused.value.code == "crosswalk-weight"


@given(st.lists(st.floats(0, 5).filter(lambda n: n == 0 or n > 1e-3), min_size=2, max_size=2))
def test_a_point_can_stand_for_a_part_of_a_person_or_for_nobody(counts: list[float]) -> None:
    source, targets = areas_of([box(0, 0, 10, 10)], "s"), areas_of(tiles([0, 5, 10]))
    with warnings.catch_warnings(action="ignore", category=GeolyftWarning):
        walk = geolyft.crosswalk_by_residents(
            source, targets, [1, 9], y=[5, 5], crs=3008, counts=counts
        )
    halves = counts if sum(counts) else [1.0, 1.0]
    expected = {("s1", str(n)): held / sum(halves) for n, held in enumerate(halves, 1) if held}
    assert weights(walk) == pytest.approx(expected)


def test_a_piece_where_nobody_lives_gets_nobody_and_is_known() -> None:
    sources, targets = areas_of([box(0, 0, 10, 10)], "s"), areas_of(tiles([0, 5, 10]))
    walk = geolyft.crosswalk_by_residents(sources, targets, [1.0], y=[1.0], crs=3008)
    weight = walk.table.set_index("target")["weight"]
    assert weight.get("2", 0.0) == 0.0
    assert weight["1"] == 1.0
    moved = geolyft.move_totals(pd.DataFrame({"n": [8.0]}, index=["s1"]), walk)
    assert moved.totals["n"].fillna(-1).to_dict() == {"1": 8.0, "residual": 0.0}


def test_a_split_source_without_people_goes_by_area_and_says_so() -> None:
    sources, targets = areas_of(tiles([0, 10, 20]), "s"), areas_of(tiles([0, 15, 20]))
    with pytest.warns(GeolyftWarning, match="1 of 2 sources"):
        walk = geolyft.crosswalk_by_residents(sources, targets, [1.0], y=[1.0], crs=3008)
    assert walk.table.set_index(["source", "target"])["method"].to_dict() == {
        ("s1", "1"): "nested",
        ("s2", "1"): "area",
        ("s2", "2"): "area",
    }


def test_points_outside_every_source_are_refused_beyond_the_share_that_is_allowed() -> None:
    source, targets = areas_of([box(0, 0, 10, 10)], "s"), areas_of(tiles([0, 5, 10]))
    with pytest.raises(JoinError) as refused:
        geolyft.crosswalk_by_residents(source, targets, [1, 99], y=[5, 5], crs=3008)
    assert refused.value.code == "join-outside"


# ---- by a raster of residents ---------------------------------------------------------------


def test_a_population_raster_shares_by_the_cells_each_piece_covers(
    raster_of: Callable[..., Path],
) -> None:
    people = raster_of([[10.0, 30.0], [0.0, 0.0]], cell=10)
    source, targets = areas_of([box(0, 0, 20, 20)], "s"), areas_of(tiles([0, 15, 18], 20))
    walk = geolyft.crosswalk_by_raster(source, targets, people)
    # 10 + half of 30; three tenths of 30; the last two tenths lie in no target.
    expected = {("s1", "1"): 25 / 40, ("s1", "2"): 9 / 40, ("s1", RESIDUAL): 6 / 40}
    assert weights(walk) == pytest.approx(expected, abs=1e-7)


def test_an_even_raster_gives_the_shares_of_the_ground(raster_of: Callable[..., Path]) -> None:
    even = raster_of(np.ones((40, 40)), cell=5)
    rng = np.random.default_rng(7)
    around = np.linspace(0, 2 * np.pi, 41)[:-1]
    reach = rng.uniform(30, 60, 40)
    star = shapely.polygons(np.c_[100 + reach * np.cos(around), 100 + reach * np.sin(around)])
    source, targets = areas_of([star], "s"), areas_of(tiles([0, 90, 110, 130], 200))
    by_raster = weights(geolyft.crosswalk_by_raster(source, targets, even))
    assert by_raster == pytest.approx(weights(geolyft.crosswalk_by_area(source, targets)), abs=1e-6)


def test_where_the_raster_has_nobody_the_ground_decides_and_says_so(
    raster_of: Callable[..., Path],
) -> None:
    nobody = raster_of(np.zeros((2, 2)), cell=10)
    source, targets = areas_of([box(0, 0, 20, 20)], "s"), areas_of(tiles([0, 5, 20], 20))
    with pytest.warns(GeolyftWarning, match="split by area"):
        walk = geolyft.crosswalk_by_raster(source, targets, nobody)
    assert weights(walk) == {("s1", "1"): 0.25, ("s1", "2"): 0.75}


def test_negative_people_are_refused(raster_of: Callable[..., Path]) -> None:
    wrong = raster_of([[1.0, -2.0], [0.0, 0.0]], cell=10)
    source, targets = areas_of([box(0, 0, 20, 20)], "s"), areas_of(tiles([0, 5, 20], 20))
    with pytest.raises(ReadError) as refused:
        geolyft.crosswalk_by_raster(source, targets, wrong)
    assert refused.value.code == "raster-weights"


# ---- in a run -------------------------------------------------------------------------------


def test_a_run_takes_a_computed_crosswalk_and_books_what_lies_outside(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    run_file = write_small_run(tmp_path, squares)
    parts = areas_of([box(-5, 0, 5, 20), box(5, 0, 20, 20)], "v")
    walk = geolyft.crosswalk_by_area(parts, squares)
    assert weights(walk)["v1", RESIDUAL] == pytest.approx(0.5)
    walk.table.to_csv(tmp_path / "own.csv", index=False)
    votes = pd.DataFrame({"kod": parts.index, "röstande": [80, 120], "röstberättigade": [100, 200]})
    votes.to_csv(tmp_path / "votes.csv", index=False)
    said = run_file.read_text(encoding="utf-8")
    said = said.replace('file = "votes.csv"', 'file = "votes.csv"\ncrosswalk = "own.csv"')
    run_file.write_text(said, encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GeolyftWarning)
        geolyft.run(run_file, out=tmp_path / "out")
    ledger = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["ledger"]
    booked = [line for line in ledger if line["source"] == "Val" and line["count"] == "denominator"]
    assert [(line["areas"], line["residual"], line["city"]) for line in booked] == [
        (250, 50, 300)
    ] * 2
