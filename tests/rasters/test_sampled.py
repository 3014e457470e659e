"""A point has the value of its own cell, or none; a raster of counts keeps all that it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import box

from geolyft.errors import ReadError
from geolyft.rasters.sampled import counted_in_cells, sampled
from geolyft.read import RasterFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.needs("raster")
AREAS = gpd.GeoDataFrame({"name": ["a"]}, index=["1"], geometry=[box(0, 0, 40, 40)], crs=3008)
NODATA = -9999.0


def plain(raster_of: Callable[..., Path], cells: np.ndarray, **said: object) -> RasterFile:
    made = {"west": 0.0, "north": 40.0, "cell": 40 / len(cells), "nodata": NODATA, **said}
    return RasterFile(path=raster_of(cells, **made))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_every_point_has_the_value_of_the_cell_that_holds_it(
    raster_of: Callable[..., Path], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    cells = rng.integers(40, 70, (8, 8)).astype("float32")
    cells[rng.random((8, 8)) < 0.2] = NODATA
    xy = np.vstack([rng.uniform(-10, 50, (60, 2)), 5.0 * rng.integers(0, 9, (40, 2))])
    found = sampled(plain(raster_of, cells), xy, AREAS, over=55)
    for (x, y), above in zip(xy, found, strict=True):
        on = 0 <= x < 40 and 0 < y <= 40
        value = cells[int((40 - y) // 5), int(x // 5)] if on else NODATA
        assert np.isnan(above) if value == NODATA else above == (value > 55)


def test_a_point_without_coordinates_has_no_value_and_a_cell_at_the_limit_is_not_above(
    raster_of: Callable[..., Path],
) -> None:
    cells = np.full((4, 4), 55.1, dtype="float32")
    xy = np.array([[5.0, 5], [np.nan, np.nan]])
    found = sampled(plain(raster_of, cells), xy, AREAS, over=55.1)
    assert found[0] == 0
    assert np.isnan(found[1])


def test_a_raster_in_another_crs_or_beside_the_areas_is_refused(
    raster_of: Callable[..., Path],
) -> None:
    cells = np.full((4, 4), 60, dtype="float32")
    for said, code in (({"crs": 3006}, "raster-crs"), ({"west": 900.0}, "raster-overlap")):
        with pytest.raises(ReadError) as refusal:
            sampled(plain(raster_of, cells, **said), np.array([[5.0, 5]]), AREAS, over=55)
        assert refusal.value.code == code


def test_a_raster_of_counts_keeps_all_that_it_counts_at_the_middle_of_its_cells(
    raster_of: Callable[..., Path],
) -> None:
    cells = np.array([[0, 3], [NODATA, 2.5]], dtype="float32")
    middles, counts = counted_in_cells(plain(raster_of, cells), AREAS)
    assert middles.tolist() == [[30, 30], [30, 10]]
    assert counts.tolist() == [3, 2.5]


def test_a_negative_count_is_refused(raster_of: Callable[..., Path]) -> None:
    with pytest.raises(ReadError) as refusal:
        counted_in_cells(plain(raster_of, np.array([[1, -2], [0, 0]], dtype="float32")), AREAS)
    assert refusal.value.code == "raster-weights"
