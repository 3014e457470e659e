"""Areas and observations built in code, small enough to check by hand."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import settings
from shapely import box

from geolyft.crosswalks import Crosswalk
from geolyft.frames import OBSERVATION_COLUMNS
from geolyft.indicators import Catalogue, load_catalogue

# The laws are about frames, and a frame takes milliseconds: few examples by default, many when
# asked with --hypothesis-profile=thorough. No deadlines: a busy machine is no failed law.
settings.register_profile("quick", max_examples=15, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("quick")

if TYPE_CHECKING:
    from collections.abc import Callable


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
