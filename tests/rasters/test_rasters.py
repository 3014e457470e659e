"""Zonal statistics: exact by coverage, bounded by blocks, and nothing computed from what is odd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from needs import module
from shapely import box

import geolyft
from geolyft.errors import AreaError, GeolyftError, ReadError
from geolyft.frames import OBSERVATION_COLUMNS
from geolyft.rasters import sums as zonal
from geolyft.rasters.statistics import zonal_statistics
from geolyft.read.cell_grid import CellGrid, Window

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geolyft.rasters.statistics import Zonal

rasterio = module("rasterio")
pytestmark = pytest.mark.needs("raster")
files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def areas_of(*shapes: shapely.Geometry, crs: int = 3008) -> gpd.GeoDataFrame:
    codes = pd.Index([str(n) for n in range(1, len(shapes) + 1)], name="area", dtype="str")
    return gpd.GeoDataFrame({"name": codes}, index=codes, geometry=list(shapes), crs=crs)


def star(rng: np.random.Generator, middle: tuple[float, float], least: float, most: float):  # noqa: ANN201
    around = np.linspace(0, 2 * np.pi, 24)[:-1]
    reach = rng.uniform(least, most, around.size)
    return shapely.polygons(
        np.c_[middle[0] + reach * np.cos(around), middle[1] + reach * np.sin(around)]
    )


def figures(made: Zonal, column: str = "value") -> dict[str, float]:
    return made.observations.set_index("area")[column].to_dict()


def stats(raster: Path, areas: gpd.GeoDataFrame, **said: object) -> Zonal:
    return zonal_statistics(raster, areas, indicator="X1", period="2025", **said)


# ---- known answers --------------------------------------------------------------------------


def test_a_cell_counts_by_the_share_of_it_that_lies_in_the_area(
    raster_of: Callable[..., Path],
) -> None:
    noise = raster_of([[50.0, 60.0], [70.0, 80.0]], cell=10)
    areas = areas_of(box(0, 0, 15, 20), box(15, 0, 20, 20))
    mean = stats(noise, areas)
    # 1 · (50 + 70) + ½ · (60 + 80) over three cells, and the rest.
    assert figures(mean) == pytest.approx({"1": 190 / 3, "2": 70.0, "city": 65.0})
    assert figures(mean, "denominator") == pytest.approx({"1": 300.0, "2": 100.0, "city": 400.0})
    over = stats(noise, areas, statistic="share_over", limit=55)
    assert figures(over) == pytest.approx({"1": 200 / 3, "2": 100.0, "city": 75.0})
    total = stats(noise, areas, statistic="sum")
    assert figures(total) == pytest.approx({"1": 190.0, "2": 70.0, "city": 260.0})


def test_a_limit_is_passed_only_by_what_is_above_it(raster_of: Callable[..., Path]) -> None:
    noise = raster_of([[55.0, 55.1]], cell=10)
    made = stats(noise, areas_of(box(0, 0, 20, 10)), statistic="share_over", limit=55)
    assert figures(made)["1"] == pytest.approx(50)


@files
@given(limit=st.floats(-1e6, 1e6), kind=st.sampled_from(["float32", "float64"]))
@pytest.mark.parametrize("method", ["exact", "blocks"])
def test_a_cell_that_holds_the_limit_is_not_over_it_whatever_the_type(
    raster_of: Callable[..., Path], method: str, limit: float, kind: str
) -> None:
    held = np.asarray(limit, dtype=kind)
    cells = [np.nextafter(held, -np.inf), held, np.nextafter(held, np.inf), held]
    noise = raster_of(np.array([cells], dtype=kind), cell=10, nodata=-9e6)
    area = areas_of(box(0, 0, 40, 10))
    made = stats(noise, area, statistic="share_over", limit=limit, method=method)
    assert figures(made)["1"] == pytest.approx(25)


@pytest.mark.parametrize(("limit", "over"), [(54, 50), (54.5, 50), (55, 0), (1e300, 0), (-1, 100)])
@pytest.mark.parametrize("kind", ["uint8", "int16", "float32"])
def test_whole_numbers_are_held_against_the_limit_as_it_is(
    raster_of: Callable[..., Path], kind: str, limit: float, over: float
) -> None:
    noise = raster_of(np.array([[54, 55]], dtype=kind), cell=10)
    made = stats(noise, areas_of(box(0, 0, 20, 10)), statistic="share_over", limit=limit)
    assert figures(made)["1"] == pytest.approx(over)


@pytest.mark.parametrize("method", ["exact", "blocks"])
def test_areas_that_share_ground_are_refused(raster_of: Callable[..., Path], method: str) -> None:
    noise = raster_of(np.ones((3, 3)), cell=10)
    areas = areas_of(box(0, 0, 20, 30), box(10, 0, 30, 30))
    with pytest.raises(AreaError) as refusal:
        stats(noise, areas, method=method)
    assert refusal.value.code == "areas-overlap"


def test_heights_in_the_crs_are_no_other_place(raster_of: Callable[..., Path]) -> None:
    noise = raster_of([[50.0, 60.0]], cell=10, crs=5847)
    assert figures(stats(noise, areas_of(box(0, 0, 20, 10))))["1"] == pytest.approx(55)


@pytest.mark.parametrize("method", ["exact", "blocks"])
def test_weights_say_how_many_live_where_the_value_is(
    raster_of: Callable[..., Path], method: str
) -> None:
    noise = raster_of([[50.0, 60.0], [70.0, 80.0]], cell=10)
    people = raster_of([[1.0, 3.0], [0.0, 4.0]], cell=10)
    area = areas_of(box(0, 0, 20, 20))
    mean = stats(noise, area, weights=people, method=method)
    assert figures(mean)["1"] == pytest.approx((50 + 180 + 320) / 8)
    over = stats(noise, area, weights=people, statistic="share_over", limit=55, method=method)
    assert figures(over)["1"] == pytest.approx(7 / 8 * 100)
    assert figures(over, "numerator")["1"] == pytest.approx(7)


@pytest.mark.parametrize("method", ["exact", "blocks"])
@pytest.mark.parametrize("finer", ["values", "people"])
def test_grids_of_other_cells_fit_in_each_other_and_people_are_kept(
    raster_of: Callable[..., Path], method: str, finer: str
) -> None:
    fine, coarse = np.arange(16.0).reshape(4, 4), np.array([[10.0, 20.0], [30.0, 40.0]])
    area = areas_of(box(0, 0, 40, 40))
    values, people = (fine, coarse) if finer == "values" else (coarse, fine)
    cells = {4: 10.0, 2: 20.0}
    value_file = raster_of(values, cell=cells[len(values)])
    people_file = raster_of(people, cell=cells[len(people)])
    made = stats(value_file, area, weights=people_file, method=method)
    each = np.kron(values, np.ones((4 // len(values),) * 2))
    held = np.kron(people, np.ones((4 // len(people),) * 2)) / (4 // len(people)) ** 2
    assert figures(made)["1"] == pytest.approx((each * held).sum() / held.sum())
    assert figures(made, "denominator")["1"] == pytest.approx(people.sum())


def test_people_beyond_the_weights_raster_weigh_nothing(raster_of: Callable[..., Path]) -> None:
    noise = raster_of([[50.0, 60.0], [70.0, 80.0]], cell=10)
    people = raster_of([[5.0]], cell=10, west=10, north=20)
    for method in ("exact", "blocks"):
        made = stats(noise, areas_of(box(0, 0, 20, 20)), weights=people, method=method)
        assert figures(made)["1"] == pytest.approx(60)


# ---- nodata and coverage --------------------------------------------------------------------


@pytest.mark.parametrize("method", ["exact", "blocks"])
@pytest.mark.parametrize(
    ("nothing", "kind"), [(-9999.0, "f4"), (float("nan"), "f4"), (-3.4028234663852886e38, "f4")]
)
def test_cells_without_data_are_left_out_and_audited(
    raster_of: Callable[..., Path], method: str, nothing: float, kind: str
) -> None:
    green = raster_of(np.array([[1, nothing], [3, nothing]], kind), cell=10, nodata=nothing)
    areas = areas_of(box(0, 0, 20, 20), box(10, 20, 20, 30), box(0, 20, 10, 30))
    made = stats(green, areas.iloc[:2], method=method)
    assert figures(made)["1"] == pytest.approx(2)
    audit = made.audit.set_index("area")
    assert audit.loc["1", ["coverage", "nodata", "outside"]].tolist() == pytest.approx(
        [0.5, 0.5, 0]
    )
    assert audit.loc["2", ["coverage", "nodata", "outside"]].tolist() == pytest.approx([0, 0, 1])
    status = made.observations.set_index("area")["status"]
    assert status["1"] == ("partial" if method == "exact" else "approximate+partial")
    assert status["2"] == "missing"
    assert np.isnan(figures(made)["2"])
    assert np.isnan(figures(made, "low")["2"])


@pytest.mark.parametrize("method", ["exact", "blocks"])
def test_a_sum_without_a_single_cell_is_missing_and_not_zero(
    raster_of: Callable[..., Path], method: str
) -> None:
    people = raster_of([[1.0]], cell=10)
    areas = areas_of(box(0, 0, 10, 10), box(10, 0, 20, 10))
    made = stats(people, areas, statistic="sum", method=method)
    assert figures(made)["1"] == pytest.approx(1)
    assert np.isnan(figures(made)["2"])


def test_results_are_observations_like_any_other(raster_of: Callable[..., Path]) -> None:
    made = stats(raster_of(np.ones((4, 4))), areas_of(box(0, 0, 4, 4)), source="Buller 2022")
    assert list(made.observations) == OBSERVATION_COLUMNS
    assert made.observations["area"].tolist() == ["1", "city"]
    assert set(made.observations["source"]) == {"Buller 2022"}
    assert set(made.observations["status"]) == {"ok"}


# ---- the bound ------------------------------------------------------------------------------


@files
@given(seed=st.integers(0, 2**32 - 1), cell=st.sampled_from([3.0, 7.0, 20.0]))
@pytest.mark.parametrize("statistic", ["mean", "sum", "share_over"])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_exact_figure_lies_within_the_bound_of_the_blocks(
    raster_of: Callable[..., Path], statistic: str, seed: int, cell: float, *, weighted: bool
) -> None:
    if weighted and statistic == "sum":
        return
    rng = np.random.default_rng(seed)
    size = int(200 / cell)
    values = rng.normal(0, 50, (size, size)).astype("f4")
    values[rng.random(values.shape) < 0.05] = -9999
    raster = raster_of(values, cell=cell, nodata=-9999)
    one = star(rng, (100, 100), 20, 90)
    line = shapely.LineString([(0, rng.uniform(0, 200)), (200, rng.uniform(0, 200))])
    areas = areas_of(*shapely.ops.split(one, line).geoms)
    said: dict[str, object] = {"statistic": statistic}
    if statistic == "share_over":
        said["limit"] = 10.0
    if weighted:
        said["weights"] = raster_of(rng.poisson(2, values.shape).astype("f4"), cell=cell)
    exact, blocks = (stats(raster, areas, method=each, **said) for each in ("exact", "blocks"))
    true = exact.observations["value"].to_numpy()
    slack = 1e-5 * (1 + np.abs(true))
    low, high = blocks.observations["low"].to_numpy(), blocks.observations["high"].to_numpy()
    said_so = ~np.isnan(low) & ~np.isnan(true)
    assert (low - slack <= true)[said_so].all()
    assert (true <= high + slack)[said_so].all()
    assert (low <= blocks.observations["value"] + slack)[said_so].all()


def test_the_bound_of_a_mean_is_reached_and_no_wider() -> None:
    """Two whole cells sum to 10; a third of 8 may be in the area or not, one of 2 likewise."""
    border = zonal.Border(
        product=10, weight=2, touched=np.array([8.0, 2.0]), weights=np.array([1.0, 1.0])
    )
    every = [(10 + 8 * a + 2 * b) / (2 + a + b) for a in (0, 0.5, 1) for b in (0, 0.5, 1)]
    assert border.mean_bounds() == (min(every), max(every))


def test_whole_cells_give_the_exact_figure_and_strips_change_nothing(
    raster_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    raster = raster_of(rng.normal(size=(30, 40)), cell=5)
    areas = areas_of(star(rng, (90, 80), 30, 60), box(150, 0, 200, 150))
    once = stats(raster, areas, method="blocks")
    monkeypatch.setattr(zonal, "MOST_CELLS", 90)
    strips = stats(raster, areas, method="blocks")
    pd.testing.assert_frame_equal(once.observations, strips.observations, rtol=1e-12)
    assert figures(once)["2"] == pytest.approx(figures(stats(raster, areas))["2"])


@given(
    seed=st.integers(0, 2**32 - 1),
    dx=st.sampled_from([1.0, 2.5, 10.0]),
    dy=st.sampled_from([1.0, 2.5, 10.0]),
)
def test_every_cell_a_border_touches_is_found(seed: int, dx: float, dy: float) -> None:
    rng = np.random.default_rng(seed)
    grid = CellGrid(west=-5, north=45, dx=dx, dy=dy, rows=int(50 / dy), columns=int(50 / dx))
    shape = star(rng, (20, 20), 3, 22) if seed % 3 else box(0, 0, 20, 15)
    rows, columns = np.divmod(np.arange(grid.rows * grid.columns), grid.columns)
    west, north = grid.west + columns * dx, grid.north - rows * dy
    cells = shapely.box(west, north - dy, west + dx, north)
    touched = set(np.flatnonzero(shapely.intersects(cells, shapely.boundary(shape))))
    found = set(grid.touched(shape).tolist())
    assert touched <= found
    near = set(np.flatnonzero(shapely.dwithin(cells, shapely.boundary(shape), 0.6 * min(dx, dy))))
    assert found <= near


def test_a_window_lies_in_the_grid() -> None:
    grid = CellGrid(west=0, north=100, dx=10, dy=10, rows=10, columns=10)
    assert grid.window((-50, -50, 500, 500)) == Window(0, 0, 10, 10)
    assert grid.window((200, 200, 300, 300)).columns == 0


# ---- refused before anything is computed ----------------------------------------------------


def code_of(raster: object, areas: gpd.GeoDataFrame | None = None, **said: object) -> str:
    areas = areas_of(box(0, 0, 10, 10)) if areas is None else areas
    with pytest.raises(GeolyftError) as refused:
        stats(raster, areas, **said)  # type: ignore[arg-type]
    return refused.value.code


def test_a_raster_of_an_unsure_place_is_refused(raster_of: Callable[..., Path]) -> None:
    ones = np.ones((10, 10))
    assert code_of(raster_of(ones, crs=None)) == "raster-crs"
    assert code_of(raster_of(ones, crs=4326)) == "raster-crs"
    assert code_of(raster_of(ones, crs=3006)) == "raster-crs"
    assert code_of(raster_of(ones, west=500)) == "raster-overlap"


def test_a_rotated_or_mirrored_raster_is_refused(raster_of: Callable[..., Path]) -> None:
    for transform in (
        rasterio.Affine(2, 0.1, 0, 0.1, -2, 20),
        rasterio.Affine(2, 0, 0, 0, 2, 0),
        rasterio.Affine(-2, 0, 20, 0, -2, 20),
    ):
        assert code_of(raster_of(np.ones((10, 10)), transform=transform)) == "raster-grid"


def test_a_raster_without_a_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.tif"
    said = {"driver": "GTiff", "width": 4, "height": 4, "count": 1, "dtype": "uint8", "crs": 3008}
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning), rasterio.open(path, "w", **said):
        pass
    assert code_of(path) == "raster-grid"


@pytest.mark.parametrize(
    ("value", "kind"),
    [(-9999, "f4"), (-3.4028234663852886e38, "f4"), (255, "u1"), (-32768, "i2"), (65535, "u2")],
)
@pytest.mark.parametrize("method", ["exact", "blocks"])
def test_a_sign_for_no_data_that_nobody_declared_is_refused_until_somebody_does(
    raster_of: Callable[..., Path], value: float, kind: str, method: str
) -> None:
    cells = np.full((10, 10), 7, dtype=kind)
    cells[9, 9] = value
    path = raster_of(cells)
    assert code_of(path, method=method) == "raster-nodata"
    areas = areas_of(box(0, 0, 10, 10))
    declared = geolyft.RasterFile(path=path, nodata=value)
    assert figures(stats(declared, areas, method=method))["1"] == pytest.approx(7)
    data = geolyft.RasterFile(path=path, nodata=None)
    assert figures(stats(data, areas, method=method))["1"] == pytest.approx(
        cells.astype("f8").mean()
    )


def test_nodata_said_in_two_ways_is_refused(raster_of: Callable[..., Path]) -> None:
    path = raster_of(np.ones((10, 10)), nodata=-1.0)
    assert code_of(geolyft.RasterFile(path=path, nodata=0)) == "raster-nodata"
    assert code_of(geolyft.RasterFile(path=path, nodata=None)) == "raster-nodata"


def test_a_band_has_to_be_named_where_there_are_several(raster_of: Callable[..., Path]) -> None:
    path = raster_of(np.ones((10, 10)), count=3)
    assert code_of(path) == "raster-band"
    assert code_of(geolyft.RasterFile(path=path, band=4)) == "raster-band"
    assert code_of(raster_of(np.ones((10, 10), dtype="c8"))) == "raster-band"
    second = stats(geolyft.RasterFile(path=path, band=2), areas_of(box(0, 0, 10, 10)))
    assert figures(second)["1"] == pytest.approx(1)


def test_what_is_no_geotiff_is_refused(tmp_path: Path, raster_of: Callable[..., Path]) -> None:
    vrt = tmp_path / "other.tif"
    vrt.write_text("<VRTDataset rasterXSize='1' rasterYSize='1'/>", encoding="utf-8")
    assert code_of(vrt) == "raster-format"
    whole = raster_of(np.random.default_rng(1).normal(size=(200, 200)), compress="deflate")
    broken = tmp_path / "broken.tif"
    broken.write_bytes(whole.read_bytes()[:9000])
    assert code_of(broken, areas_of(box(0, 0, 200, 200))) == "raster-format"
    assert code_of("/vsicurl/https://example.org/a.tif") == "read-remote"
    assert code_of(tmp_path / "none.tif") == "read-missing-file"


def test_a_statistic_that_means_nothing_is_refused(raster_of: Callable[..., Path]) -> None:
    ones = raster_of(np.ones((10, 10)))
    assert code_of(ones, statistic="share_over") == "raster-statistic"
    assert code_of(ones, limit=3) == "raster-statistic"
    assert code_of(ones, statistic="sum", weights=ones) == "raster-statistic"
    assert code_of(ones, statistic="median") == "raster-statistic"
    assert code_of(ones, method="fast") == "raster-statistic"


@pytest.mark.parametrize("method", ["exact", "blocks"])
def test_weights_that_cannot_weigh_are_refused(raster_of: Callable[..., Path], method: str) -> None:
    ones = raster_of(np.ones((10, 10)))
    assert code_of(ones, weights=raster_of(-np.ones((10, 10))), method=method) == "raster-weights"
    odd = raster_of(np.ones((4, 4)), cell=2.5)
    assert code_of(ones, weights=odd, method=method) == "raster-grid"


def test_areas_are_checked_too(raster_of: Callable[..., Path]) -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    with pytest.raises(AreaError):
        stats(raster_of(np.ones((10, 10))), areas_of(bow))


def test_without_the_optional_packages_the_refusal_says_what_to_install(
    raster_of: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = raster_of(np.ones((10, 10)))
    monkeypatch.setitem(__import__("sys").modules, "rasterio", None)
    with pytest.raises(ReadError, match=r"geolyft\[raster\]") as refused:
        stats(path, areas_of(box(0, 0, 10, 10)))
    assert refused.value.code == "read-needs-package"
