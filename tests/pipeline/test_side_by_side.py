"""Runs side by side in one process give the bytes that each gives alone."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pandas as pd
import pyogrio
import pytest
from small_run import write_small_run

import geolyft
from geolyft.alone import remarks
from geolyft.errors import GeolyftWarning
from geolyft.read import read_layer
from geolyft.read.delivery import Delivery

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

SETTINGS = ("OGR_CURRENT_DATE", "OGR_SQLITE_SYNCHRONOUS")


def of_the_process() -> list[object]:
    said: list[object] = [pyogrio.get_gdal_config_option(name) for name in SETTINGS]
    return [*said, pd.get_option("mode.string_storage")]


@pytest.mark.filterwarnings("ignore")
def test_threads_write_the_same_bytes_and_leave_the_process_as_it_was(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    run_file, before = write_small_run(tmp_path / "in", squares), of_the_process()
    points, polygons = tmp_path / "in" / "people_2023.csv", tmp_path / "in" / "areas.gpkg"

    def run(n: int) -> str:
        geolyft.run(run_file, out=tmp_path / str(n))
        return Delivery(tmp_path / str(n)).digest

    def assign(n: int) -> bytes:
        out = tmp_path / f"{n}.gpkg"
        geolyft.assign_file(points, areas=str(polygons), code="kod", name="namn", x="x", y="y",
                            crs=3008, out=out)  # fmt: skip
        return out.read_bytes()

    alone = run(0), assign(0)
    with ThreadPoolExecutor(4) as threads:
        for _ in range(3):
            runs = [threads.submit(run, n) for n in (1, 2)]
            others = [threads.submit(assign, n) for n in (1, 2)]
            assert [each.result() for each in runs] == [alone[0]] * 2
            assert [each.result() for each in others] == [alone[1]] * 2
    assert of_the_process() == before


def test_what_one_thread_warns_of_is_not_lost_in_what_another_reads(
    tmp_path: Path, squares: gpd.GeoDataFrame
) -> None:
    write_small_run(tmp_path, squares)
    with warnings.catch_warnings(record=True, action="always") as told, remarks() as said:
        warnings.warn("ours", GeolyftWarning, stacklevel=1)
        warnings.warn("theirs", UserWarning, stacklevel=1)
    assert ([str(each.message) for each in told], said) == (["ours"], ["theirs"])
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(read_layer, [tmp_path / "areas.gpkg"] * 40))
    assert {len(each.frame) for each in read} == {4}
