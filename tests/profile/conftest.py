"""What whole runs publish, made once for all that is said of them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from small_run import write_small_run

from geolyft import load_config, pipeline
from geolyft.divisions.areas import demo_folder

if TYPE_CHECKING:
    import geopandas as gpd

    from geolyft.export.publication import Publication


def published_of(path: object) -> Publication:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pipeline.publish(load_config(path))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame) -> Publication:
    """Two editions of four areas, made by a whole run."""
    return published_of(write_small_run(tmp_path_factory.mktemp("run"), squares))


@pytest.fixture(scope="session")
def demo() -> Publication:
    return published_of(demo_folder() / "run.toml")
