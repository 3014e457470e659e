"""Areas that nearly meet: slivers of rounding are closed and said; wider ones are not."""

from __future__ import annotations

import warnings
from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geolyft.divisions.areas import DIVISIONS, load_areas, shipped
from geolyft.divisions.coverage import MENDED, TOLERANCE, mend
from geolyft.errors import AreaError, GeolyftWarning
from geolyft.export.figures.borders import border_lines
from geolyft.read import read_layer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import Geometry

EAST, NORTH = 118_000, 6_163_000


def division(*shapes: Geometry) -> gpd.GeoDataFrame:
    codes = [str(n) for n in range(1, len(shapes) + 1)]
    moved = shapely.transform(np.array(shapes), lambda xy: xy + np.array([EAST, NORTH]))
    index = pd.Index(codes, name="area", dtype="str")
    return gpd.GeoDataFrame({"name": codes}, index=index, geometry=moved, crs=3008)


def lengths(areas: gpd.GeoDataFrame) -> dict[tuple[str, str | None], float]:
    lines = border_lines(areas)
    second = lines["kod_2"].astype("object").where(lines["kod_2"].notna(), None)
    return dict(zip(zip(lines["kod_1"], second, strict=True), lines.length, strict=True))


def mended(*shapes: Geometry) -> gpd.GeoDataFrame:
    with pytest.warns(GeolyftWarning, match="were closed"):
        return mend(division(*shapes), where="areas.gpkg")


def wall(offsets: Sequence[float]) -> list[tuple[float, float]]:
    """Return a border of 1 000 m at 1 000 m east, with a vertex for each offset."""
    return list(zip(1000 + np.array(offsets), np.linspace(0, 1000, len(offsets)), strict=True))


MILLIMETRES = st.integers(min_value=-3, max_value=3).map(lambda n: n / 1000)


@given(
    st.lists(MILLIMETRES, min_size=2, max_size=30), st.lists(MILLIMETRES, min_size=2, max_size=30)
)
def test_a_border_with_jitter_on_both_sides_is_one_border(
    west: list[float], east: list[float]
) -> None:
    left = shapely.Polygon([(0, 0), *wall(west), (0, 1000)])
    right = shapely.Polygon([(2000, 0), *wall(east), (2000, 1000)])
    with warnings.catch_warnings(action="ignore"):
        areas = mend(division(left, right), where="areas.gpkg")
    assert shapely.coverage_is_valid(areas.geometry.to_numpy(), gap_width=TOLERANCE) or (
        areas.geometry.geom_equals_exact(division(left, right).geometry, 0).all()
    )
    found = lengths(areas)
    assert found["1", "2"] == pytest.approx(1000, abs=0.05)
    assert found["1", None] == pytest.approx(3000, abs=0.05)
    assert found["2", None] == pytest.approx(3000, abs=0.05)
    assert areas.area.sum() == pytest.approx(2e6, abs=2 * 1000 * 0.003)


@pytest.mark.parametrize(
    ("east", "closed"),
    [
        (1000.005, {"overlaps": 0, "gaps": 1, "square_metres": 5.0}),
        (999.995, {"overlaps": 1, "gaps": 0, "square_metres": 5.0}),
    ],
)
def test_what_was_closed_is_counted_in_square_metres(east: float, closed: dict[str, float]) -> None:
    areas = mended(shapely.box(0, 0, 1000, 1000), shapely.box(east, 0, 2000, 1000))
    assert areas.attrs[MENDED] == closed
    assert lengths(areas) == pytest.approx({("1", "2"): 1000, ("1", None): 3000, ("2", None): 3000})


def test_a_gap_inside_the_division_is_closed() -> None:
    slit = shapely.Polygon([(1000, 200), (1000.004, 500), (1000, 800)])
    west = shapely.box(0, 0, 1000, 1000)
    east = shapely.box(1000, 0, 2000, 1000).difference(slit)
    areas = mended(west, east)
    assert areas.attrs[MENDED]["gaps"] == 1
    assert shapely.area(shapely.union_all(areas.geometry.to_numpy())) == pytest.approx(2e6)
    assert lengths(areas)["1", "2"] == pytest.approx(1000)


@pytest.mark.parametrize("gap", [0.0, 0.03, 0.5, 40.0])
def test_areas_that_meet_and_gaps_that_are_real_are_handed_on_untouched(gap: float) -> None:
    areas = division(shapely.box(0, 0, 1000, 1000), shapely.box(1000 + gap, 0, 2000, 1000))
    assert mend(areas, where="areas.gpkg") is areas


def test_an_overlap_that_no_rounding_leaves_is_refused() -> None:
    areas = division(shapely.box(0, 0, 1000, 1000), shapely.box(999.97, 0, 2000, 1000))
    with pytest.raises(AreaError) as refusal:
        mend(areas, where="areas.gpkg")
    assert refusal.value.code == "areas-overlap"


def test_no_area_moves_further_than_the_tolerance() -> None:
    rng = np.random.default_rng(3)
    edges = [wall(rng.normal(0, 0.002, 40)) for _ in range(2)]
    shapes = (
        shapely.Polygon([(0, 0), *edges[0], (0, 1000)]),
        shapely.Polygon([(2000, 0), *edges[1], (2000, 1000)]),
    )
    before, after = division(*shapes), mended(*shapes)
    for one, other in zip(before.boundary, after.boundary, strict=True):
        assert shapely.hausdorff_distance(one, other, densify=0.01) <= TOLERANCE


@pytest.mark.parametrize("code", DIVISIONS)
def test_a_shipped_division_is_as_its_file_has_it(code: str) -> None:
    known = DIVISIONS[code]
    stored = read_layer(shipped(known.file), layer=known.layer).frame
    as_stored = stored.set_index(known.code_column).geometry.loc[load_areas(code).index]
    for one, other in pairwise([as_stored.to_numpy(), load_areas(code).geometry.to_numpy()]):
        assert (shapely.to_wkb(one) == shapely.to_wkb(other)).all()
