"""What whole runs publish, made once for all that is said of them."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from held import held
from small_run import write_small_run
from web_findings import with_findings
from web_levels import publication as with_levels

from geolyft import load_config, pipeline
from geolyft.divisions.areas import demo_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd

    from geolyft.export.publication import Publication


def published_of(path: object) -> Publication:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pipeline.publish(load_config(path))


@pytest.fixture(scope="session")
def levels() -> Iterator[Publication]:
    """Sexes, small areas with pockets, a change, and an indicator where low is good."""
    yield from held(with_findings(with_levels(small=2)))


@pytest.fixture(scope="session")
def small(
    tmp_path_factory: pytest.TempPathFactory, squares: gpd.GeoDataFrame
) -> Iterator[Publication]:
    """Two editions of four areas, made by a whole run."""
    yield from held(published_of(write_small_run(tmp_path_factory.mktemp("run"), squares)))


@pytest.fixture(scope="session")
def demo() -> Iterator[Publication]:
    yield from held(published_of(demo_folder() / "run.toml"))
