"""Areas and observations built in code, small enough to check by hand."""

from __future__ import annotations

from itertools import count, product
from typing import TYPE_CHECKING

import geopandas as gpd
import needs
import numpy as np
import pandas as pd
import postgis_server
import pytest
from hypothesis import settings
from shapely import box

from geolyft.divisions.crosswalks import Crosswalk
from geolyft.frames import OBSERVATION_COLUMNS
from geolyft.indicators.catalogue import Catalogue, load_catalogue

# The laws are about frames, and a frame takes milliseconds: few examples by default, many when
# asked with --hypothesis-profile=thorough. No deadlines: a busy machine is no failed law.
settings.register_profile("quick", max_examples=15, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
# What judges a change: the same examples each time, so that a failure is the change's own.
settings.register_profile("steady", settings.get_profile("quick"), derandomize=True)
settings.load_profile("quick")

# Before a test is collected, for modules import at their top.
needs.hide()

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import ArrayLike


@pytest.hookimpl(tryfirst=True)  # before -m needs chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if needs.needs_of(item):
            item.add_marker("needs")


def pytest_runtest_setup(item: pytest.Item) -> None:
    needs.require(needs.needs_of(item))


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def squares() -> gpd.GeoDataFrame:
    """Four squares of 10 m, two by two: borders, and one corner that all four share."""
    corners = list(product((0, 10), (0, 10)))
    return gpd.GeoDataFrame(
        {"name": ["Sydväst", "Nordväst", "Sydost", "Nordost"]},
        geometry=[box(x, y, x + 10, y + 10) for x, y in corners],
        index=pd.Index(["1", "2", "3", "4"], name="area", dtype="str"),
        crs=3008,
    )


@pytest.fixture(scope="session")
def crosswalk_of() -> Callable[..., Crosswalk]:
    def make(*rows: tuple[str, str, float]) -> Crosswalk:
        table = pd.DataFrame(rows, columns=["source", "target", "weight"])
        return Crosswalk(name="test", source="small", target="large", table=table)

    return make


@pytest.fixture(scope="session")
def seen() -> Callable[..., pd.DataFrame]:
    """Make observations from (area, period, indicator, value)."""

    def make(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
        table = pd.DataFrame(rows, columns=["area", "period", "indicator", "value"])
        table = table.assign(
            sex="alla",
            reference=table["period"],
            status="ok",
            source="register",
            numerator=table["value"] * 10,
            denominator=1000.0,
            low=table["value"],
            high=table["value"],
        )
        return table[OBSERVATION_COLUMNS]

    return make


@pytest.fixture(scope="session")
def qgis() -> str:
    """The Python that has QGIS."""
    return needs.QGIS_PYTHON


@pytest.fixture(scope="session")
def database() -> Iterator[postgis_server.Server]:
    """A PostgreSQL server with PostGIS, and the service by which programs know it."""
    with postgis_server.running() as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGSERVICEFILE", server.service_file)
        yield server


@pytest.fixture
def raster_of(tmp_path: Path) -> Callable[..., Path]:
    """Write a GeoTIFF with its lower left corner at 0, 0 unless `north` says where it begins."""
    import rasterio  # noqa: PLC0415 - optional

    numbers = count(1)

    def make(
        values: ArrayLike,
        *,
        cell: float = 1.0,
        north: float | None = None,
        west: float = 0.0,
        crs: int | None = 3008,
        **profile: object,
    ) -> Path:
        band = np.asarray(values)
        path = tmp_path / f"raster{next(numbers)}.tif"
        north = band.shape[0] * cell if north is None else north
        where = rasterio.Affine(cell, 0, west, 0, -cell, north)
        said = {"transform": where, "dtype": band.dtype, "crs": crs, "count": 1, **profile}
        rows, columns = band.shape
        with rasterio.open(path, "w", driver="GTiff", width=columns, height=rows, **said) as out:
            for n in range(1, out.count + 1):
                out.write(band, n)
        return path

    return make
