"""People on a grid: every cell is right or empty, and the file is what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from needs import module

import geolyft
from geolyft.disclosure.protect import Protection
from geolyft.errors import DisclosureError, GeolyftError, JoinError, OutputError

if TYPE_CHECKING:
    from pathlib import Path

rasterio = module("rasterio")
pytestmark = pytest.mark.needs("raster")


def crowd(seed: int, size: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(118_000, 400, size), rng.normal(6_164_000, 400, size)


@given(seed=st.integers(0, 2**32 - 1), cell=st.sampled_from([100.0, 250.0, 37.5]))
def test_a_cell_holds_its_rounded_count_or_nothing(seed: int, cell: float) -> None:
    x, y = crowd(seed, 20_000)
    made = geolyft.count_on_grid(x, y=y, crs=3008, cell=cell)
    grid = made.grid
    columns = np.floor((x - grid.west) / cell).astype(int)
    rows = np.ceil((grid.north - y) / cell).astype(int) - 1
    inside = (columns >= 0) & (columns < grid.columns) & (rows >= 0) & (rows < grid.rows)
    counts = np.zeros(made.values.shape)
    np.add.at(counts, (rows[inside], columns[inside]), 1)
    assert (np.isnan(made.values) == (counts < 10)).all()
    shown = ~np.isnan(made.values)
    assert (made.values[shown] == np.floor(counts / 5 + 0.5)[shown] * 5).all()
    outside = np.unique(np.c_[rows, columns][~inside], axis=0, return_counts=True)[1]
    assert outside.max(initial=0) < 10


def test_a_share_is_hidden_where_either_side_is_small() -> None:
    x = np.repeat([5.0, 15.0, 25.0, 35.0], [100, 100, 100, 12])
    counted = np.r_[np.repeat([1, 0], [60, 40]), np.repeat([1, 0], [97, 3]), np.ones(112) * 0.0]
    counted[200:230] = 1
    made = geolyft.count_on_grid(x, y=np.full(312, 5.0), crs=3008, cell=10, counted=counted)
    np.testing.assert_allclose(made.values, [[60.0, np.nan, 30.0]])
    assert made.unit == "procent"


def test_without_more_said_people_are_counted_in_cells_of_250_metres() -> None:
    made = geolyft.count_on_grid([5.0] * 12, y=[5.0] * 12, crs=3008)
    assert (made.grid.dx, made.indicator, made.unit) == (250.0, "befolkning", "antal")
    assert made.grid.bounds == (0.0, 0.0, 250.0, 250.0)


def test_who_is_not_asked_is_in_no_base() -> None:
    counted = np.repeat([1.0, 0.0, np.nan], [50, 50, 100])
    made = geolyft.count_on_grid([5.0] * 200, y=[5.0] * 200, crs=3008, cell=10, counted=counted)
    assert made.values.tolist() == [[50.0]]


def test_the_grid_reaches_no_further_than_what_is_shown() -> None:
    made = geolyft.count_on_grid([5.0] * 12 + [905.0], y=[5.0] * 12 + [905.0], crs=3008, cell=10)
    assert made.grid.bounds == (0.0, 0.0, 10.0, 10.0)
    with pytest.raises(DisclosureError) as refused:
        geolyft.count_on_grid([5.0] * 9, y=[5.0] * 9, crs=3008, cell=10)
    assert refused.value.code == "protect-empty"


def test_too_little_protection_is_refused_unless_somebody_has_protected_the_counts() -> None:
    open_ = Protection(threshold=0, base=1)
    with pytest.raises(DisclosureError):
        geolyft.count_on_grid([5.0], y=[5.0], crs=3008, protection=open_)
    made = geolyft.count_on_grid([5.0], y=[5.0], crs=3008, protection=open_, protected_by="SCB")
    assert made.values.tolist() == [[1.0]]


@pytest.mark.parametrize(
    ("x", "said", "code"),
    [
        ([1.0] * 20, {"crs": None}, "join-crs"),
        ([1.0] * 20, {"crs": 4326}, "join-crs"),
        ([np.inf] * 20, {}, "join-coordinates"),
        ([np.nan] * 20, {}, "join-unplaced"),
        ([0.0, 1e9] * 10, {"cell": 1e-3}, "join-coordinates"),
        ([1.0] * 20, {"counted": [2.0] * 20}, "join-share"),
    ],
)
def test_points_that_make_no_grid_are_refused(
    x: list[float], said: dict[str, object], code: str
) -> None:
    with pytest.raises(JoinError) as refused:
        geolyft.count_on_grid(x, y=[1.0] * 20, **{"crs": 3008, **said})  # type: ignore[arg-type]
    assert refused.value.code == code


def test_the_file_is_cloud_optimized_and_holds_the_figures(tmp_path: Path) -> None:
    x, y = crowd(1, 50_000)
    points = gpd.GeoSeries.from_xy(x, y, crs=3008)
    made = geolyft.count_on_grid(points, cell=12.5, protection=Protection(threshold=3))
    path = geolyft.write_geotiff(made, tmp_path / "people.tif")
    with rasterio.open(path) as written:
        assert written.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert written.overviews(1)
        assert written.crs.to_epsg() == 3008
        assert tuple(written.bounds) == made.grid.bounds
        values = written.read(1, masked=True)
        smaller = written.read(1, masked=True, out_shape=tuple(n // 2 for n in written.shape))
    np.testing.assert_array_equal(values.filled(np.nan), made.values.astype("float32"))
    assert set(smaller.compressed()) <= set(values.compressed()), "no figure that was not shown"
    again = geolyft.write_geotiff(made, tmp_path / "again.tif")
    assert again.read_bytes() == path.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["again.tif", "people.tif"]


def test_what_is_written_is_read_again_as_a_raster_of_residents(tmp_path: Path) -> None:
    x, y = crowd(2)
    made = geolyft.count_on_grid(x, y=y, crs=3008, cell=100)
    path = geolyft.write_geotiff(made, tmp_path / "people.tif")
    areas = geolyft.load_areas("geso")
    total = geolyft.zonal_statistics(path, areas, indicator="n", period="2025", statistic="sum")
    city = total.observations.set_index("area").loc["city", "value"]
    assert 0 < city <= np.nansum(made.values) * (1 + 1e-6)


def test_a_place_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = geolyft.count_on_grid([5.0] * 20, y=[5.0] * 20, crs=3008)
    for name, code in (("people.png", "output-format"), ("folder.tif", "output-occupied")):
        (tmp_path / "folder.tif").mkdir(exist_ok=True)
        with pytest.raises(OutputError) as refused:
            geolyft.write_geotiff(made, tmp_path / name)
        assert refused.value.code == code
    monkeypatch.setitem(__import__("sys").modules, "rasterio", None)
    with pytest.raises(GeolyftError) as without:
        geolyft.write_geotiff(made, tmp_path / "people.tif")
    assert without.value.code == "format-extra"
